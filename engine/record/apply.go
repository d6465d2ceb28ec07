package record

import (
	"fmt"
	"sort"
	"strings"

	"tenon/engine/access"
	"tenon/engine/query"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Op is one change asked for.
type Op struct {
	Kind   string // create update upsert delete restore purge
	Entity string // key or id
	ID     string
	Rev    int64                  // the revision it was seen at; 0: any
	Match  []string               // upsert: fields to find the record by
	Values map[string]any         // decoded JSON by field key or id
	Set    map[string]value.Value // typed values by field id, over Values
	Path   string                 // prefix of fault paths, e.g. "ops/3"
	// Historic creation facts of imports and sample data; zero: now and the actor.
	CreatedAt value.Value
	CreatedBy string
}

// Outcome is what an operation did.
type Outcome struct {
	ID     string
	Rev    int64
	Op     string // what it became; "" when nothing changed
	Change *Change
}

// MaxBatch bounds one call.
const MaxBatch = 2000

type work struct {
	op     Op
	entity *schema.EntityModel
	set    map[*schema.FieldModel]value.Value
	rows   map[*schema.FieldModel][]rowInput
	before *Record
	change *Change
}

// Apply carries operations through the write path, all or none.
func (s *Session) Apply(ops ...Op) ([]Outcome, error) {
	if len(ops) > MaxBatch {
		return nil, ErrBatch.With("max", MaxBatch)
	}
	ws := make([]*work, len(ops))
	var faults fault.List
	for i := range ops {
		w := &work{op: ops[i]}
		ws[i] = w
		if w.entity = s.Snap.Entity(w.op.Entity); w.entity == nil || w.entity.Parent != nil {
			faults.AddUnder(w.op.Path, schema.ErrNoEntity.With("ref", w.op.Entity))
			continue
		}
		faults.AddUnder(w.op.Path, s.decode(w))
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	if err := s.resolveUpserts(ws); err != nil {
		return nil, err
	}
	if err := s.loadExisting(ws); err != nil {
		return nil, err
	}
	for _, w := range ws {
		if err := s.prepare(w); err != nil {
			faults.AddUnder(w.op.Path, err)
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	if err := s.lockTargets(ws); err != nil {
		return nil, err
	}
	if err := s.serials(ws); err != nil {
		return nil, err
	}
	for _, w := range ws {
		if w.change == nil {
			continue
		}
		if err := s.finish(w); err != nil {
			faults.AddUnder(w.op.Path, err)
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	if err := s.checkRefs(ws); err != nil {
		return nil, err
	}
	var changes []*Change
	out := make([]Outcome, len(ws))
	for i, w := range ws {
		if w.change != nil && w.change.Op != "" {
			changes = append(changes, w.change)
			out[i] = Outcome{ID: w.change.ID(), Rev: w.change.After.Rev(), Op: w.change.Op, Change: w.change}
		} else if w.before != nil {
			out[i] = Outcome{ID: w.before.ID(), Rev: w.before.Rev()}
		}
	}
	if err := s.commit(changes); err != nil {
		return nil, err
	}
	return out, nil
}

// resolveUpserts turns upserts into updates or creations. Equal matches wait
// for each other, so two of them never both create.
func (s *Session) resolveUpserts(ws []*work) error {
	var faults fault.List
	seen := map[string]*work{}
	for _, w := range ws {
		if w.op.Kind != "upsert" {
			continue
		}
		var fs []*schema.FieldModel
		var vs []value.Value
		key := w.entity.ID()
		for _, m := range w.op.Match {
			f := w.entity.Field(m)
			if f == nil || f.Storage != field.Column || f.System && f.Key() != "id" {
				faults.AddUnder(w.op.Path, ErrMatch.With("name", m))
				continue
			}
			v, ok := w.set[f]
			if !ok || v.IsNull() {
				faults.AddUnder(w.op.Path, ErrRequired.At(f.Key()).With("field", f.Def.Name.In(s.Actor.Locale)))
				continue
			}
			fs, vs = append(fs, f), append(vs, v)
			key += "\x1f" + f.ID() + "=" + v.String()
		}
		if len(fs) == 0 && len(faults) == 0 {
			faults.AddUnder(w.op.Path, ErrMatch.With("name", "-"))
		}
		if len(faults) > 0 {
			continue
		}
		if first := seen[key]; first != nil {
			// The same key twice in a batch: the later one updates what the first makes.
			w.op.Kind, w.op.ID = "update", first.op.ID
			continue
		}
		r, err := s.Do(store.LockKey(key), query.MatchStmt(w.entity, fs, vs))
		if err != nil {
			return err
		}
		switch rows := r[1].Rows; len(rows) {
		case 0:
			w.op.Kind, w.op.ID = "create", s.cfg.NewID()
		case 1:
			w.op.Kind, w.op.ID = "update", string(rows[0][0])
		default:
			faults.AddUnder(w.op.Path, ErrMatchMany.With("count", len(rows)))
		}
		seen[key] = w
	}
	return faults.Err()
}

// loadExisting reads and locks, in (table, id) order, what the operations change.
func (s *Session) loadExisting(ws []*work) error {
	ids := map[*schema.EntityModel]map[string]bool{}
	var order []*schema.EntityModel
	for _, w := range ws {
		if w.op.Kind == "create" {
			continue
		}
		if !uuidLike(w.op.ID) {
			return under(w.op.Path, access.ErrNotFound.New())
		}
		if ids[w.entity] == nil {
			ids[w.entity] = map[string]bool{}
			order = append(order, w.entity)
		}
		ids[w.entity][w.op.ID] = true
	}
	sort.Slice(order, func(i, j int) bool { return order[i].Table < order[j].Table })
	stmts := s.parentsFirst(ws)
	lead := len(stmts)
	for _, e := range order {
		l := make([]string, 0, len(ids[e]))
		for id := range ids[e] {
			l = append(l, id)
		}
		sort.Strings(l)
		stmts = append(stmts, query.LoadStmt(s.Snap.Model, e, l, "FOR NO KEY UPDATE"))
	}
	if len(stmts) > 0 {
		res, err := s.Do(stmts...)
		if err != nil {
			return err
		}
		for i, e := range order {
			s.read(e, res[lead+i])
		}
	}
	return nil
}

// parentsFirst locks the records whose rollups the operations will feed before
// the records that are changed: whoever changes such a parent goes from it to
// its children, so going the other way would deadlock.
func (s *Session) parentsFirst(ws []*work) []store.Stmt {
	type need struct {
		link *schema.FieldModel
		old  map[string]bool // records whose present link counts
		now  map[string]bool // targets given
	}
	needs := map[*schema.FieldModel]*need{}
	var order []*need
	for _, w := range ws {
		if w.op.Kind == "create" {
			continue
		}
		for _, edge := range w.entity.Affects {
			if edge.Via == nil || edge.Via.Target == nil || w.op.Kind == "update" && !w.feeds(edge) {
				continue
			}
			n := needs[edge.Via]
			if n == nil {
				n = &need{edge.Via, map[string]bool{}, map[string]bool{}}
				needs[edge.Via] = n
				order = append(order, n)
			}
			n.old[w.op.ID] = true
			if v, ok := w.set[edge.Via]; ok {
				for _, x := range listOf(v) {
					n.now[x.Text()] = true
				}
			}
		}
	}
	sort.Slice(order, func(i, j int) bool { return order[i].link.Target.Table < order[j].link.Target.Table })
	var out []store.Stmt
	for _, n := range order {
		out = append(out, query.LockTargetsStmt(n.link, keysOf(n.old), keysOf(n.now)))
	}
	return out
}

// feeds reports whether an update may change what an edge reads.
func (w *work) feeds(edge *schema.Edge) bool {
	touched := w.touched()
	if touched[edge.Via] {
		return true
	}
	var reaches func(f *schema.FieldModel, depth int) bool
	reaches = func(f *schema.FieldModel, depth int) bool {
		if touched[f] || depth > 8 {
			return true
		}
		if f.Lookup != nil {
			return f.LinkField != nil && touched[f.LinkField]
		}
		hit := f.Rollup != nil && f.Via == nil && touched[f.Rel.ParentBy]
		if f.Formula != nil {
			f.Formula.Reads(func(root string, path []*expr.Field) {
				if len(path) == 0 || root == "elem" {
					return
				}
				if g := w.entity.Field(path[0].ID); g != nil && !g.System {
					hit = hit || reaches(g, depth+1)
				}
			})
		}
		return hit
	}
	for _, f := range edge.Reads {
		if f.System || reaches(f, 0) {
			return true
		}
	}
	return false
}

func under(path string, err error) error {
	var l fault.List
	l.AddUnder(path, err)
	return l.Err()
}

// prepare authorises an operation and makes the record after it, without
// computed values.
func (s *Session) prepare(w *work) error {
	e := w.entity
	r := s.Rights.On(e)
	if w.op.Kind == "create" {
		if !s.Opts.Trusted {
			if err := r.Need("create"); err != nil {
				return err
			}
		}
		return s.prepareCreate(w)
	}
	w.before = s.cache[e.ID()][w.op.ID]
	if w.before == nil {
		return access.ErrNotFound.New()
	}
	// An earlier operation of this batch may have changed it already.
	gone := w.before.Deleted()
	if (w.op.Kind == "restore" || w.op.Kind == "purge") != gone && w.op.Kind != "purge" {
		if w.op.Kind == "restore" {
			return ErrNotBin.New()
		}
		return access.ErrNotFound.New()
	}
	verb := map[string]string{"update": "update", "delete": "delete", "restore": "delete", "purge": "delete"}[w.op.Kind]
	if verb == "" {
		return ErrOpKind.With("op", w.op.Kind)
	}
	if !s.Opts.Trusted && !r.Full {
		env := s.envOf(w.before, w.before)
		ok, err := r.RowAllowed("read", env)
		if err != nil {
			return err
		}
		if !ok {
			return access.ErrNotFound.New()
		}
		if ok, err = r.RowAllowed(verb, env); err != nil {
			return err
		}
		if !ok {
			return access.Forbidden(verb, e)
		}
	} else if !s.Opts.Trusted && !r.Can(verb) {
		return r.Need(verb)
	}
	if w.op.Rev != 0 && w.op.Rev != w.before.Rev() {
		return ErrRev.With("rev", w.before.Rev())
	}
	after := w.before.clone()
	after.vals[1] = value.OfInt(w.before.Rev() + 1)
	after.vals[4] = value.OfTime(s.Now)
	after.vals[5] = refOrNull(s.Actor.ID)
	w.change = &Change{Op: w.op.Kind, Before: w.before, After: after}
	switch w.op.Kind {
	case "delete":
		after.vals[7] = value.OfTime(s.Now)
		return nil
	case "restore":
		after.vals[7] = value.Value{}
		return nil
	case "purge":
		return nil
	}
	for f, v := range w.set {
		after.set(f, v)
	}
	for f, rows := range w.rows {
		v, err := s.mergeRows(f, w.before.Get(f).Rows(), rows)
		if err != nil {
			return err
		}
		after.set(f, v)
	}
	if !s.Opts.Trusted && !r.Full {
		env := s.envOf(w.before, w.before)
		var l fault.List
		for f := range w.touched() {
			if value.Equal(w.before.Get(f), after.Get(f)) {
				continue
			}
			ok, err := r.Writable("update", f, env)
			if err != nil {
				return err
			}
			if !ok {
				l = append(l, access.ErrField.At(f.Key()).With("field", f.Def.Name.In(s.Actor.Locale)))
			}
		}
		if err := l.Err(); err != nil {
			return err
		}
	}
	return s.err()
}

func (w *work) touched() map[*schema.FieldModel]bool {
	out := map[*schema.FieldModel]bool{}
	for f := range w.set {
		out[f] = true
	}
	for f := range w.rows {
		out[f] = true
	}
	return out
}

func refOrNull(id string) value.Value {
	if id == "" {
		return value.Value{}
	}
	return value.OfRef(id)
}

func (s *Session) prepareCreate(w *work) error {
	e := w.entity
	after := New(e)
	id := w.op.ID
	if id == "" {
		id = s.cfg.NewID()
	}
	w.op.ID = id
	at, by := value.OfTime(s.Now), refOrNull(s.Actor.ID)
	if !w.op.CreatedAt.IsNull() {
		at = w.op.CreatedAt
	}
	if w.op.CreatedBy != "" {
		by = value.OfRef(w.op.CreatedBy)
	}
	for i, v := range []value.Value{value.OfRef(id), value.OfInt(1), at, by, at, by} {
		after.vals[i] = v
	}
	for f, v := range w.set {
		after.set(f, v)
	}
	for f, rows := range w.rows {
		v, err := s.mergeRows(f, nil, rows)
		if err != nil {
			return err
		}
		after.set(f, v)
	}
	w.change = &Change{Op: "create", After: after}
	if r := s.Rights.On(e); !s.Opts.Trusted && !r.Full {
		var l fault.List
		env := s.envOf(after, nil)
		grants := r.With("create")
		for f := range w.touched() {
			if after.Get(f).IsEmpty() {
				continue
			}
			// The row filter does not limit creation; field rules do.
			ok := false
			for _, g := range grants {
				_, ruled, when, free := access.Of(g, f)
				switch {
				case g.Rules[f.ID()] == nil:
					ok = ok || ruled == access.Shown
				case when == nil:
					ok = ok || free && ruled == access.Shown
				default:
					hold, err := when.True(env)
					if err != nil {
						return err
					}
					ok = ok || !hold
				}
			}
			if !ok {
				l = append(l, access.ErrField.At(f.Key()).With("field", f.Def.Name.In(s.Actor.Locale)))
			}
		}
		if err := l.Err(); err != nil {
			return err
		}
	}
	return s.defaults(w)
}

// defaults fills what a new record starts with: fields that were not given.
func (s *Session) defaults(w *work) error {
	after := w.change.After
	given := w.touched()
	var l fault.List
	for _, f := range w.entity.Fields {
		d := f.Def.Default
		if d == nil && f.People != nil && f.People.DefaultMe {
			d = &schema.Default{Current: "member"}
		}
		if d == nil || given[f] || f.Traits.Computed || f.Traits.Generated || !after.Get(f).IsNull() {
			continue
		}
		v, err := s.defaultOf(f, d, after)
		if err != nil {
			l.AddUnder(f.Key(), err)
			continue
		}
		after.set(f, v)
	}
	return l.Err()
}

func (s *Session) defaultOf(f *schema.FieldModel, d *schema.Default, after *Record) (value.Value, error) {
	switch {
	case f.DefaultExpr != nil:
		v, err := f.DefaultExpr.Eval(s.envOf(after, nil))
		if err != nil {
			return value.Value{}, err
		}
		return s.fit(f, v)
	case len(d.Value) > 0:
		raw, err := schema.DecodeJSON(d.Value)
		if err != nil {
			return value.Value{}, err
		}
		return f.Parse(raw, s.FieldEnv())
	case d.Current != "":
		var v value.Value
		switch d.Current {
		case "member":
			v = refOrNull(s.Actor.Member)
		case "department":
			if len(s.Actor.Departments) > 0 {
				v = value.OfRef(s.Actor.Departments[0])
			}
		case "time":
			v = value.OfTime(s.Now)
		case "date":
			t := s.Now.In(s.Snap.Zone)
			v = value.OfDate(t.Year(), t.Month(), t.Day())
		}
		return s.fit(f, v)
	}
	return value.Value{}, nil
}

// fit makes a computed value what the field's column holds: the kind, the
// scale, a list where several are meant.
func (s *Session) fit(f *schema.FieldModel, v value.Value) (value.Value, error) {
	if v.IsNull() {
		return v, nil
	}
	switch f.Kind {
	case value.Number:
		if v.Kind() == value.Number && f.Scale >= 0 {
			return value.OfNumber(v.Number().Round(f.Scale)), nil
		}
	case value.Text:
		if v.Kind() != value.Text {
			return value.OfText(v.String()), nil
		}
	case value.Date:
		if v.Kind() == value.Time {
			t := v.Time().In(s.Snap.Zone)
			return value.OfDate(t.Year(), t.Month(), t.Day()), nil
		}
	case value.Time:
		if v.Kind() == value.Date {
			t := v.Time()
			return value.OfTime(dayStart(t, s.Snap.Zone)), nil
		}
	case value.Ref:
		if v.Kind() == value.Text {
			if !uuidLike(v.Text()) {
				return value.Value{}, nil
			}
			return value.OfRef(v.Text()), nil
		}
	case value.List:
		if v.Kind() != value.List {
			x, err := elem(f, v)
			return value.OfList([]value.Value{x}), err
		}
		l := make([]value.Value, 0, len(v.List()))
		for _, y := range v.List() {
			if y.IsNull() {
				continue
			}
			x, err := elem(f, y)
			if err != nil {
				return value.Value{}, err
			}
			l = append(l, x)
		}
		return value.OfList(l), nil
	}
	if v.Kind() != f.Kind {
		return value.Value{}, errKind.At(f.Key()).With("field", f.Def.Name.In(s.Actor.Locale)).With("want", f.Kind.String()).With("got", v.Kind().String())
	}
	return v, nil
}

var errKind = fault.Define(fault.Invalid, "record.kind", "“{field}”需要 {want} 类型的值，得到 {got}", "\"{field}\" needs a {want}, got a {got}")

func elem(f *schema.FieldModel, v value.Value) (value.Value, error) {
	if f.Elem == value.Ref && v.Kind() == value.Text && uuidLike(v.Text()) {
		return value.OfRef(v.Text()), nil
	}
	if f.Elem == value.Text && v.Kind() != value.Text {
		return value.OfText(v.String()), nil
	}
	if v.Kind() != f.Elem {
		return value.Value{}, errKind.At(f.Key()).With("field", f.Def.Name).With("want", f.Elem.String()).With("got", v.Kind().String())
	}
	return v, nil
}

// Fit is fit for callers that set typed values, such as rule steps.
func (s *Session) Fit(f *schema.FieldModel, v value.Value) (value.Value, error) { return s.fit(f, v) }

// finish computes, checks and matches one prepared change.
func (s *Session) finish(w *work) error {
	c := w.change
	if c.Op == "delete" || c.Op == "restore" || c.Op == "purge" {
		c.Fields = map[string]bool{"deleted_at": true}
		if c.Op != "purge" {
			return s.validateRules(w)
		}
		return nil
	}
	if err := s.compute(c.After); err != nil {
		return err
	}
	if err := s.validateRules(w); err != nil {
		return err
	}
	s.diffOf(c)
	if c.Op == "update" && len(c.Fields) == 0 {
		c.Op = ""
		return nil
	}
	if err := s.check(w); err != nil {
		return err
	}
	return s.err()
}

func (s *Session) diffOf(c *Change) {
	c.Fields = diff(c.Before, c.After)
	c.Rows = map[string]bool{}
	for _, f := range c.After.Entity.Fields {
		if f.Sub != nil && c.Fields[f.ID()] {
			c.Rows[f.ID()] = true
		}
	}
}

// validateRules runs the entity's validate rules: they may refuse or set fields.
func (s *Session) validateRules(w *work) error {
	if s.Opts.NoRules || s.cfg.Hooks == nil || s.cfg.Hooks.Validate == nil {
		return nil
	}
	c := w.change
	for _, r := range w.entity.Rules {
		if r.Def.Mode != "validate" || s.Snap.RuleOff[r.Def.ID] {
			continue
		}
		s.diffOf(c)
		ok, err := s.matches(r, c)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		set, err := s.cfg.Hooks.Validate(s.Ctx, s, r, c)
		if err != nil {
			return err
		}
		for id, v := range set {
			f := w.entity.Field(id)
			if f == nil || f.Traits.Computed {
				continue
			}
			v, err := s.fit(f, v)
			if err != nil {
				return err
			}
			c.After.set(f, v)
		}
		if len(set) > 0 {
			if err := s.compute(c.After); err != nil {
				return err
			}
		}
	}
	return nil
}

// check holds the record against its definition: required fields, field rules,
// row counts, submit checks.
func (s *Session) check(w *work) error {
	c, loc := w.change, s.Actor.Locale
	var l fault.List
	name := func(f *schema.FieldModel) string { return f.Def.Name.In(loc) }
	env := s.envOf(c.After, c.Before)
	if c.Before == nil {
		env = s.envOf(c.After, New(w.entity))
	}
	for _, f := range w.entity.Fields {
		if f.Traits.Computed || f.Traits.Generated {
			continue
		}
		v := c.After.Get(f)
		changed := c.Fields[f.ID()]
		if v.IsEmpty() {
			required := f.Def.Required && (c.Op == "create" || changed)
			if !required && f.RequiredWhen != nil {
				hold, err := f.RequiredWhen.True(env)
				if err != nil {
					return err
				}
				required = hold
			}
			if required {
				l = append(l, ErrRequired.At(f.Key()).With("field", name(f)))
			}
		}
		if !changed {
			continue
		}
		if !v.IsNull() {
			l.AddUnder(f.Key(), f.Check(v))
			old := value.Value{}
			if c.Before != nil {
				old = c.Before.Get(f)
			}
			// Rules and imports of old data may still say what was said.
			if !s.Opts.Trusted {
				l.AddUnder(f.Key(), f.CheckRetired(old, v))
			}
		}
		if f.Sub != nil {
			for i, row := range v.Rows() {
				p := fmt.Sprintf("%s/%d", f.Key(), i)
				renv := s.rowEnv(f.Sub, row, c.After)
				for _, col := range f.Sub.Fields {
					x := row.Values[col.Key()]
					required := col.Def.Required
					if !required && col.RequiredWhen != nil {
						hold, err := col.RequiredWhen.True(renv)
						if err != nil {
							return err
						}
						required = hold
					}
					if required && x.IsEmpty() && !col.Traits.Computed {
						l = append(l, ErrRequired.At(p+"/"+col.Key()).With("field", name(col)))
					}
					if !x.IsNull() && !col.Traits.Computed {
						l.AddUnder(p+"/"+col.Key(), col.Check(x))
					}
				}
			}
		}
	}
	for _, ck := range w.entity.Checks {
		hold, err := ck.When.True(env)
		if err != nil {
			return err
		}
		if !hold {
			continue
		}
		msg := ck.Def.Message.In(loc)
		if len(ck.Def.Fields) == 0 {
			l = append(l, ErrCheck.With("message", msg))
		}
		for _, id := range ck.Def.Fields {
			if f := w.entity.Field(id); f != nil {
				l = append(l, ErrCheck.At(f.Key()).With("message", msg))
			}
		}
	}
	return l.Err()
}

// translate turns database errors that users can act upon into faults.
func (s *Session) translate(err error) error {
	code, constraint, detail := store.PgError(err)
	switch code {
	case "23505":
		col, val := keyOf(detail)
		if f := s.Snap.Constraint(constraint); f != nil {
			return store.ErrUnique.At(f.Key()).With("value", val).With("field", f.Def.Name.In(s.Actor.Locale)).Because(err)
		}
		return store.ErrUnique.With("value", val).With("field", col).Because(err)
	case "23503":
		return ErrInUse.New().Because(err)
	case "57014":
		return store.ErrBusy.New().Because(err)
	}
	return err
}

// keyOf reads column and value from "Key (col)=(val) already exists."
func keyOf(detail string) (col, val string) {
	i := strings.Index(detail, "Key (")
	j := strings.Index(detail, ")=(")
	k := strings.LastIndex(detail, ") already")
	if i < 0 || j < 0 || k < j {
		return "", ""
	}
	return strings.Trim(detail[i+5:j], `"`), detail[j+3 : k]
}

package transfer

import (
	"hash/maphash"
	"slices"
	"strconv"
	"strings"

	"tenon/engine/query"
	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// addition is a linked record that is made because a row names it.
type addition struct {
	t    *target
	text string
	id   string
	err  fault.List
}

// maxCached bounds how many texts of one link are remembered.
const maxCached = 50_000

// find looks up what the links of a chunk name, and gives rows their ids.
func (x *importer) find(rows []*row) (map[string]*addition, error) {
	add := map[string]*addition{}
	for _, t := range x.p.targets {
		if t.f.Target == nil {
			continue
		}
		many, err := x.lookup(t, rows)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			for _, w := range r.wants {
				if w.t == t {
					x.point(r, w, many, add)
				}
			}
		}
	}
	return add, nil
}

// lookup fills the cache with the texts of a link that occur in the chunk, and
// returns those that are not clear.
func (x *importer) lookup(t *target, rows []*row) (map[string]int, error) {
	known := x.cache[t]
	if known == nil || len(known) > maxCached {
		known = map[string]string{}
		x.cache[t] = known
	}
	open := map[string]bool{}
	for _, r := range rows {
		for _, w := range r.wants {
			if w.t != t {
				continue
			}
			for _, text := range w.texts {
				if known[text] == "" {
					open[text] = true
				}
			}
		}
	}
	many := map[string]int{}
	for text := range open {
		if v, err := field.ParseRef(text); err == nil && !v.IsNull() {
			known[text] = v.Text()
			delete(open, text)
		}
	}
	for _, by := range t.find {
		texts, of := []string{}, map[string][]string{}
		for text := range open {
			if c, ok := canonical(by, text, x.p.env); ok {
				texts = append(texts, c)
				of[c] = append(of[c], text)
			}
		}
		if len(texts) == 0 {
			continue
		}
		slices.Sort(texts)
		found, err := find(x.s, t.f.Target, []*schema.FieldModel{by}, [][]string{texts})
		if err != nil {
			return nil, err
		}
		for c, ids := range found {
			for _, text := range of[c] {
				if len(ids) == 1 {
					known[text] = ids[0]
				} else {
					many[text] = len(ids)
				}
				delete(open, text)
			}
		}
	}
	return many, nil
}

// canonical is a text as a field would hold it.
func canonical(f *schema.FieldModel, text string, env field.Env) (string, bool) {
	if f.Parse == nil {
		v, err := field.ParseRef(text)
		return v.Text(), err == nil && !v.IsNull()
	}
	v, err := field.ParseImportText(f.Bound, text, env)
	if err != nil || v.IsNull() {
		return "", false
	}
	return keyText(v), true
}

// point sets a row's link.
func (x *importer) point(r *row, w want, many map[string]int, add map[string]*addition) {
	var ids []string
	var later []string
	for _, text := range w.texts {
		id := x.cache[w.t][text]
		switch {
		case id != "":
			ids = append(ids, id)
		case many[text] > 0:
			r.faults = append(r.faults, ErrAmbiguous.At(w.t.f.Key()).With("text", text).With("count", many[text]))
		case x.brings(w.t, text):
			later = append(later, text)
		case w.t.Create:
			k := w.t.f.ID() + "\x00" + text
			if add[k] == nil {
				add[k] = &addition{t: w.t, text: text, id: x.e.NewID()}
			}
			ids = append(ids, add[k].id)
		default:
			r.faults = append(r.faults, ErrNotFound.At(w.t.f.Key()).With("text", text))
		}
	}
	if len(later) == 0 {
		r.set[w.t.f.ID()] = refs(w.t.f, ids)
		return
	}
	if w.t.f.Kind == value.List && len(ids) > 0 {
		r.set[w.t.f.ID()] = refs(w.t.f, ids)
	}
	r.later = append(r.later, pending{t: w.t, texts: w.texts})
}

// brings reports whether some row of the table will be called by the text.
func (x *importer) brings(t *target, text string) bool {
	own := x.own[t]
	if own == nil {
		return false
	}
	for _, by := range t.find {
		if c, ok := canonical(by, text, x.p.env); ok && own[maphash.String(x.seed, c)] {
			return true
		}
	}
	return false
}

// write carries rows through the write path. What a row does not survive is
// its own fault: the row is refused and the others go on without it.
func (x *importer) write(rows []*row, add map[string]*addition) error {
	for len(rows) > 0 {
		var out []record.Outcome
		var added []*addition
		var runs map[*schema.RuleModel]int
		err := x.session(func(s *record.Session) error {
			var err error
			if added, err = x.add(s, rows, add); err != nil {
				return err
			}
			ops := make([]record.Op, len(rows))
			for i, r := range rows {
				ops[i] = r.op
			}
			if out, err = s.Apply(ops...); err == nil {
				runs = count(s, out)
			}
			return err
		})
		if err == nil {
			x.done(rows, out, added)
			for r, n := range runs {
				x.runs[r.Def.ID] += n
			}
			return nil
		}
		if !mendable(err) || x.ctx.Err() != nil {
			return err
		}
		bad := x.blame(rows, add, err)
		if bad == 0 {
			// The database or a rule in the transaction refuses, and does not say whom.
			if len(rows) == 1 {
				rows[0].faults = fault.Of(err)
				return x.refuse(rows[0])
			}
			half := len(rows) / 2
			if err := x.write(rows[:half], add); err != nil {
				return err
			}
			rows = rows[half:]
			continue
		}
		good := make([]*row, 0, len(rows))
		for _, r := range rows {
			if len(r.faults) == 0 {
				good = append(good, r)
			} else if err := x.refuse(r); err != nil {
				return err
			}
		}
		rows = good
	}
	return nil
}

// mendable reports whether an error is about the rows rather than the system.
func mendable(err error) bool {
	for _, f := range fault.Of(err) {
		switch f.Kind {
		case fault.Invalid, fault.Conflict, fault.Forbidden, fault.NotFound:
		default:
			return false
		}
	}
	return true
}

func (x *importer) session(f func(s *record.Session) error) error {
	o := record.Options{Operation: x.o.Operation, Kind: x.o.kind, Label: x.label, NoRules: !x.p.m.Rules}
	if x.dry {
		return x.e.Rehearse(x.ctx, x.app, x.actor, o, f)
	}
	return x.e.Run(x.ctx, x.app, x.actor, o, f)
}

// add makes the linked records that rows need and that nobody has made yet.
func (x *importer) add(s *record.Session, rows []*row, add map[string]*addition) ([]*addition, error) {
	if len(add) == 0 {
		return nil, nil
	}
	used := map[string]bool{}
	for _, r := range rows {
		for _, w := range r.wants {
			for _, text := range w.texts {
				used[w.t.f.ID()+"\x00"+text] = true
			}
		}
	}
	var out []*addition
	var ops []record.Op
	for k, a := range add {
		if used[k] && x.cache[a.t][a.text] == "" && len(a.err) == 0 {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b *addition) int { return strings.Compare(a.id, b.id) })
	for i, a := range out {
		op := record.Op{Kind: "create", Entity: a.t.f.Target.ID(), ID: a.id, Values: map[string]any{}, Path: "add/" + itoa(i)}
		for _, by := range a.t.find {
			op.Values[by.ID()] = a.text
		}
		ops = append(ops, op)
	}
	if len(ops) == 0 {
		return nil, nil
	}
	_, err := s.Apply(ops...)
	if err == nil {
		return out, nil
	}
	for _, f := range fault.Of(err) {
		rest, ok := strings.CutPrefix(f.Path, "add/")
		n, path, _ := strings.Cut(rest, "/")
		if i, nerr := strconv.Atoi(n); ok && nerr == nil && i < len(out) {
			out[i].err = append(out[i].err, f.At(path))
		}
	}
	return nil, err
}

// blame hands the faults of a failed write to the rows they are about and
// says how many rows that concerns.
func (x *importer) blame(rows []*row, add map[string]*addition, err error) int {
	byRow := map[string]*row{}
	for _, r := range rows {
		byRow[itoa(r.n)] = r
	}
	for _, f := range fault.Of(err) {
		rest, ok := strings.CutPrefix(f.Path, "row/")
		n, path, _ := strings.Cut(rest, "/")
		if r := byRow[n]; ok && r != nil {
			r.faults = append(r.faults, f.At(path))
			continue
		}
		if f.Code == store.ErrUnique.Code && f.Path != "" {
			// Somebody else was faster: the value tells which row it was.
			m := x.p.ent.Field(f.Path)
			for _, r := range rows {
				if m != nil && keyText(r.set[m.ID()]) == f.Params["value"] {
					r.faults = append(r.faults, f)
				}
			}
		}
	}
	for _, r := range rows {
		for _, w := range r.wants {
			for _, text := range w.texts {
				if a := add[w.t.f.ID()+"\x00"+text]; a != nil && len(a.err) > 0 {
					r.faults = append(r.faults, a.err[0].At(w.t.f.Key()))
				}
			}
		}
	}
	n := 0
	for _, r := range rows {
		if len(r.faults) > 0 {
			n++
		}
	}
	return n
}

// done counts what has been written.
func (x *importer) done(rows []*row, out []record.Outcome, added []*addition) {
	for i, o := range out {
		switch {
		case o.Op == "create" && !rows[i].known:
			x.res.Created++
		case o.Op == "":
			x.res.Unchanged++
		default:
			x.res.Updated++
		}
		for _, p := range rows[i].later {
			p.n, p.id = rows[i].n, o.ID
			if !x.dry {
				x.later = append(x.later, p)
			}
		}
	}
	x.acquaint()
	for _, a := range added {
		key := a.t.f.Target.Key()
		if x.made[key] == nil {
			x.made[key] = map[string]bool{}
		}
		x.made[key][a.text] = true
		if !x.dry {
			x.cache[a.t][a.text] = a.id
		}
	}
}

// acquaint lets the database look at the table when it has grown a lot: the
// statements of the next chunks are planned by what it has seen. That it cannot
// do so is no reason to stop.
func (x *importer) acquaint() {
	if x.dry || x.res.Created < x.look {
		return
	}
	x.look = max(5*x.look, 5*chunk)
	_, _ = x.e.DB.Read(x.ctx, store.Analyse(x.p.ent.Schema, x.p.ent.Table))
}

// count finds the automations that fit what was written.
func count(s *record.Session, out []record.Outcome) map[*schema.RuleModel]int {
	runs := map[*schema.RuleModel]int{}
	for _, o := range out {
		c := o.Change
		if c == nil {
			continue
		}
		for _, r := range c.Entity().Rules {
			if !s.Snap.RuleOff[r.Def.ID] && record.TriggerFits(r, c) && fits(s, r, c) {
				runs[r]++
			}
		}
	}
	return runs
}

// fits reports whether a rule's condition holds for a change, as far as that
// can be told without asking other records.
func fits(s *record.Session, r *schema.RuleModel, c *record.Change) bool {
	if r.Pure == nil {
		return true
	}
	old := c.Before
	if old == nil {
		old = record.New(c.Entity())
	}
	ok, err := r.Pure.True(s.Env(c.After, old))
	if err != nil || !ok {
		return err != nil
	}
	if r.Def.Trigger.Enter && c.Before != nil {
		was, err := r.Pure.True(s.Env(c.Before, c.Before))
		return err != nil || !was
	}
	return true
}

// links sets the links to records that later rows have brought.
func (x *importer) links() error {
	for i := 0; i < len(x.later); i += chunk {
		part := x.later[i:min(i+chunk, len(x.later))]
		rows := make([]*row, 0, len(part))
		for _, p := range part {
			rows = append(rows, &row{n: p.n, cells: make([]string, len(x.p.src.Columns)), set: map[string]value.Value{}, wants: []want{{p.t, p.texts}},
				op: record.Op{Kind: "update", Entity: x.p.ent.ID(), ID: p.id, Path: "row/" + itoa(p.n)}})
		}
		x.own = map[*target]map[uint64]bool{} // what is not there now will not come any more
		if _, err := x.find(rows); err != nil {
			return err
		}
		for len(rows) > 0 {
			segment := oncePerRecord(rows)
			good := segment[:0:0]
			for _, r := range segment {
				if len(r.faults) > 0 {
					if err := x.refuse(r); err != nil {
						return err
					}
					continue
				}
				r.op.Set = r.set
				good = append(good, r)
			}
			created, updated, unchanged := x.res.Created, x.res.Updated, x.res.Unchanged
			if err := x.write(good, nil); err != nil {
				return err
			}
			// These rows have been counted.
			x.res.Created, x.res.Updated, x.res.Unchanged = created, updated, unchanged
			rows = rows[len(segment):]
		}
	}
	return nil
}

// oncePerRecord gives the first rows that change different records.
func oncePerRecord(rows []*row) []*row {
	seen := map[string]bool{}
	for i, r := range rows {
		if seen[r.op.ID] {
			return rows[:i]
		}
		seen[r.op.ID] = true
	}
	return rows
}

// findAny is find by one field among all records, readable or not.
func findAny(s *record.Session, ent *schema.EntityModel, f *schema.FieldModel, texts []string) (map[string][]string, error) {
	res, err := s.Do(store.FindAmong(ent.Schema, ent.Table, "t.deleted_at IS NULL", nil, []store.Among{{Column: f.Column, SQL: f.DB.SQL, Texts: texts}}))
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, row := range res[0].Rows {
		k := keyText(query.ReadWire(f, row[1]))
		out[k] = append(out[k], string(row[0]))
	}
	return out, nil
}

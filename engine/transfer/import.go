package transfer

import (
	"context"
	"hash/maphash"
	"io"
	"sort"
	"strconv"
	"strings"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/record"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

func itoa(i int) string { return strconv.Itoa(i) }

// chunk is how many rows are written in one transaction.
const chunk = 500

// Progress is told how many rows are done. It stops the work by returning
// true; what has come in by then stays, and can be undone.
type Progress func(done, total int) (stop bool, err error)

// Options say how an import reports.
type Options struct {
	Operation string // id of the bulk operation; blank makes one
	Total     int    // rows of the table, where they were counted; for Progress
	Progress  Progress
	Report    io.Writer // gets every refused row as CSV

	kind string // of the operation; blank: import
}

// Faults of rows.
var (
	ErrNoRecord  = fault.Define(fault.Invalid, "import.no_record", "没有匹配的记录可更新", "there is no record to update")
	ErrManyFound = fault.Define(fault.Invalid, "import.many_records", "有 {count} 条记录匹配，无法确定更新哪一条", "{count} records match; which one to update is not clear")
	ErrKeyBlank  = fault.Define(fault.Invalid, "import.blank_key", "匹配字段不能为空", "the fields that recognize a record cannot be blank")
	ErrNotFound  = fault.Define(fault.Invalid, "import.not_found", "找不到“{text}”", "\"{text}\" was not found")
	ErrAmbiguous = fault.Define(fault.Invalid, "import.ambiguous", "“{text}”对应 {count} 条记录", "{count} records are called \"{text}\"")
	ErrRepeated  = fault.Define(fault.Conflict, "import.repeated", "“{value}”与第 {row} 行重复", "\"{value}\" is in row {row} already")
	ErrExists    = fault.Define(fault.Conflict, "import.exists", "“{value}”已存在", "\"{value}\" exists already")
)

// Run imports a table. Rows that cannot come in are left out and reported; the
// others come in, in their order, as one operation that engine.Undo takes back.
func Run(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string, src *Source, m Mapping, o Options) (*Result, error) {
	if o.Operation == "" {
		o.Operation = e.NewID()
	}
	return work(ctx, e, actor, appID, src, m, o, false)
}

// DryRun does what Run would do with every row and takes it back: its result
// tells which rows would be refused, and how often automations would run.
func DryRun(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string, src *Source, m Mapping, o Options) (*Result, error) {
	o.Operation = ""
	return work(ctx, e, actor, appID, src, m, o, true)
}

// importer carries one table into an entity.
type importer struct {
	ctx    context.Context
	e      *engine.Engine
	actor  *access.Actor
	app    string
	o      Options
	dry    bool
	s      *record.Session // for reading
	p      *plan
	res    *Result
	report *report
	people *directory
	seed   maphash.Seed
	cache  map[*target]map[string]string        // texts of links → ids
	own    map[*target]map[uint64]bool          // links to the entity itself: what the table will bring
	uniq   map[*schema.FieldModel]map[uint64]at // unique values that the table has brought
	keys   map[uint64]bool                      // dry run: records that earlier rows stand for
	later  []pending
	made   map[string]map[string]bool // entity → texts for which records were added
	runs   map[string]int             // rule id → how often it fits
	label  schema.Text
	look   int // created records after which the database looks at the table
}

// at is where a unique value was met.
type at struct {
	row int
	id  string
}

// pending is a link to a record that a later row brings.
type pending struct {
	n     int
	id    string
	t     *target
	texts []string
}

// row is one row on its way in.
type row struct {
	n      int
	cells  []string
	set    map[string]value.Value
	blank  []*schema.FieldModel // cells without a text
	wants  []want
	later  []pending
	key    string
	faults fault.List
	op     record.Op
	known  bool // dry run: an earlier row stands for the same record
}

// want is a link whose texts are to be found.
type want struct {
	t     *target
	texts []string
}

func work(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string, src *Source, m Mapping, o Options, dry bool) (*Result, error) {
	x := &importer{ctx: ctx, e: e, actor: actor, app: appID, o: o, dry: dry, seed: maphash.MakeSeed(),
		res:   &Result{Operation: o.Operation, Refused: []Refused{}, Related: map[string]int{}, Rules: []RuleRuns{}},
		cache: map[*target]map[string]string{}, own: map[*target]map[uint64]bool{}, uniq: map[*schema.FieldModel]map[uint64]at{},
		keys: map[uint64]bool{}, made: map[string]map[string]bool{}, runs: map[string]int{}, look: chunk / 2}
	var err error
	if x.s, err = e.Reader(ctx, actor, appID); err != nil {
		return nil, err
	}
	if x.p, err = prepare(x.s, src, m); err != nil {
		return nil, err
	}
	for _, t := range x.p.targets {
		if t.Create && t.f.Traits.HoldsUser && !x.s.Rights.Full() {
			return nil, ErrAddPerson.At(t.f.Key())
		}
		if f := t.f; f.Def.Unique && findable(f) {
			x.uniq[f] = map[uint64]at{}
		}
	}
	if x.people, err = openDirectory(ctx, e, x.s.Snap.WorkspaceID, o.Operation, dry); err != nil {
		return nil, err
	}
	if x.report, err = newReport(o.Report, src, actor.Locale); err != nil {
		return nil, err
	}
	if x.o.kind == "" {
		x.o.kind = "import"
	}
	name := x.p.ent.Def.Name
	x.label = schema.Text{ZH: "导入" + name.In("zh-CN") + "：" + src.Name, EN: "Import " + name.In("en-US") + ": " + src.Name}
	if err := x.ahead(); err != nil {
		return nil, err
	}
	err = x.table()
	if err == nil && !x.dry && len(x.later) > 0 {
		err = x.links()
	}
	x.res.Members = len(x.people.added)
	for k, v := range x.made {
		x.res.Related[k] = len(v)
	}
	x.rules()
	if ferr := x.report.flush(); err == nil {
		err = ferr
	}
	return x.res, err
}

// ahead reads the table once where its records link to each other, so that a
// link to a record of a later row is not taken for a mistake.
func (x *importer) ahead() error {
	var sources []*target // fill the fields by which own records are found
	var self []*target
	for _, t := range x.p.targets {
		if t.f.Target != x.p.ent {
			continue
		}
		self = append(self, t)
		x.own[t] = map[uint64]bool{}
	}
	if len(self) == 0 {
		return nil
	}
	fills := func(t *target, by *schema.FieldModel) bool { return t.f == by }
	for _, t := range x.p.targets {
		for _, link := range self {
			for _, by := range link.find {
				if fills(t, by) {
					sources = append(sources, t)
				}
			}
		}
	}
	env := x.s.Env(nil, nil)
	return x.p.src.Each(x.ctx, func(_ int, cells []string) error {
		if ok, err := x.p.wanted(cells, env); err != nil || !ok {
			return nil
		}
		for _, src := range sources {
			v, err := src.value(src.text(cells), x.p.env)
			if err != nil || v.IsNull() {
				continue
			}
			h := maphash.String(x.seed, keyText(v))
			for _, link := range self {
				for _, by := range link.find {
					if by == src.f {
						x.own[link][h] = true
					}
				}
			}
		}
		return nil
	})
}

// table reads the rows and writes them chunk by chunk.
func (x *importer) table() error {
	part := make([]*row, 0, chunk)
	env := x.s.Env(nil, nil)
	flush := func() error {
		if len(part) == 0 {
			return nil
		}
		err := x.chunk(part)
		part = part[:0]
		if err == nil && x.o.Progress != nil {
			x.res.Stopped, err = x.o.Progress(x.res.Rows, max(x.o.Total, x.res.Rows))
		}
		if err == nil && x.res.Stopped {
			err = errEnough
		}
		return err
	}
	err := x.p.src.Each(x.ctx, func(n int, cells []string) error {
		x.res.Rows++
		r := x.read(n, cells, env)
		if r == nil {
			x.res.Skipped++
			return nil
		}
		if part = append(part, r); len(part) < chunk {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if x.res.Stopped {
		return nil
	}
	return err
}

// read turns a row's texts into values; nil when the row is not wanted.
func (x *importer) read(n int, cells []string, env *expr.Env) *row {
	ok, err := x.p.wanted(cells, env)
	if err == nil && !ok {
		return nil
	}
	r := &row{n: n, set: make(map[string]value.Value, len(x.p.targets)+1)}
	if err != nil {
		r.faults.Add(err)
	}
	for _, t := range x.p.targets {
		text := t.text(cells)
		if text == "" {
			switch t.OnBlank {
			case BlankSkip:
				return nil
			case BlankClear:
				r.set[t.f.ID()] = value.Value{}
			case "":
				r.blank = append(r.blank, t.f)
			}
			continue
		}
		switch {
		case t.f.Target != nil:
			w := want{t, []string{text}}
			if t.f.Kind == value.List {
				w.texts = several(text)
			}
			r.wants = append(r.wants, w)
		case t.f.Traits.HoldsUser || t.f.Traits.HoldsDept:
			ids, err := x.people.find(t, text)
			if err != nil {
				r.faults.AddUnder(t.f.Key(), err)
				continue
			}
			r.set[t.f.ID()] = refs(t.f, ids)
		default:
			v, err := t.value(text, x.p.env)
			if err == nil && t.f.Check != nil && !v.IsNull() {
				err = t.f.Check(v)
			}
			if err != nil {
				r.faults.AddUnder(t.f.Key(), err)
				continue
			}
			r.set[t.f.ID()] = v
		}
	}
	x.history(r, cells)
	r.cells = make([]string, len(cells))
	for i, c := range cells {
		r.cells[i] = strings.Clone(c)
	}
	return r
}

// history reads when and by whom a record was made, where the table says so.
func (x *importer) history(r *row, cells []string) {
	if t := x.p.created; t != nil {
		if text := t.text(cells); text != "" {
			v, err := timeText(text, x.p.env)
			r.faults.AddUnder(t.f.Key(), err)
			r.op.CreatedAt = v
		}
	}
	if t := x.p.creator; t != nil {
		if text := t.text(cells); text != "" {
			id, err := x.people.one(t, text)
			r.faults.AddUnder(t.f.Key(), err)
			r.op.CreatedBy = id
		}
	}
}

// timeText reads an instant as the field type for instants does.
func timeText(text string, env field.Env) (value.Value, error) {
	b, err := field.Bind("datetime", nil)
	if err != nil {
		return value.Value{}, err
	}
	return field.ParseImportText(b, text, env)
}

func refs(f *schema.FieldModel, ids []string) value.Value {
	if f.Kind != value.List {
		if len(ids) == 0 {
			return value.Value{}
		}
		return value.OfRef(ids[0])
	}
	l := make([]value.Value, 0, len(ids))
	seen := map[string]bool{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			l = append(l, value.OfRef(id))
		}
	}
	return value.OfList(l)
}

// chunk brings one chunk of rows in.
func (x *importer) chunk(rows []*row) error {
	add, err := x.find(rows)
	if err != nil {
		return err
	}
	for len(rows) > 0 {
		part := x.unrepeated(rows)
		if err := x.recognise(part); err != nil {
			return err
		}
		if err := x.unique(part); err != nil {
			return err
		}
		good := part[:0:0]
		for _, r := range part {
			if len(r.faults) > 0 {
				if err := x.refuse(r); err != nil {
					return err
				}
			} else {
				good = append(good, r)
			}
		}
		if err := x.write(good, add); err != nil {
			return err
		}
		rows = rows[len(part):]
	}
	return nil
}

// refuse lists a row that cannot come in.
func (x *importer) refuse(r *row) error {
	x.res.Bad++
	out := Refused{Row: r.n, Errors: x.p.cellErrors(r.faults, x.actor.Locale)}
	if len(x.res.Refused) < MaxRefused {
		if x.dry {
			out.Cells = x.p.cells(r.cells)
		}
		x.res.Refused = append(x.res.Refused, out)
	}
	return x.report.row(&out, r.cells)
}

// unrepeated gives the first rows of which no two stand for the same record:
// the second must find what the first has made.
func (x *importer) unrepeated(rows []*row) []*row {
	if len(x.p.match) == 0 {
		return rows
	}
	seen := map[string]bool{}
	for i, r := range rows {
		r.key = ""
		for j, f := range x.p.match {
			v := r.set[f.ID()]
			if v.IsNull() {
				if len(r.faults) == 0 {
					r.faults = append(r.faults, ErrKeyBlank.At(f.Key()))
				}
				break
			}
			r.key = joinKey(r.key, keyText(v), j)
		}
		if len(r.faults) > 0 {
			continue
		}
		if seen[r.key] {
			return rows[:i]
		}
		seen[r.key] = true
	}
	return rows
}

// recognise finds the records that rows stand for and says what is done to them.
func (x *importer) recognise(rows []*row) error {
	var found map[string][]string
	if len(x.p.match) > 0 {
		texts := make([][]string, len(x.p.match))
		for i, f := range x.p.match {
			seen := map[string]bool{}
			for _, r := range rows {
				if t := keyText(r.set[f.ID()]); len(r.faults) == 0 && !seen[t] {
					seen[t] = true
					texts[i] = append(texts[i], t)
				}
			}
		}
		if len(texts[0]) > 0 {
			var err error
			if found, err = find(x.s, x.p.ent, x.p.match, texts); err != nil {
				return err
			}
		}
	}
	for _, r := range rows {
		if len(r.faults) > 0 {
			continue
		}
		r.op.Entity, r.op.Path, r.op.Set, r.op.Kind = x.p.ent.ID(), "row/"+itoa(r.n), r.set, "create"
		switch ids := found[r.key]; {
		case len(x.p.match) == 0 || len(ids) == 0 && x.p.m.Mode == ModeUpsert:
			r.op.ID = x.e.NewID()
		case len(ids) == 1:
			r.op.Kind, r.op.ID = "update", ids[0]
		case len(ids) == 0:
			r.faults = append(r.faults, ErrNoRecord.At(x.p.match[0].Key()))
		default:
			r.faults = append(r.faults, ErrManyFound.At(x.p.match[0].Key()).With("count", len(ids)))
		}
		delete(r.set, "id")
		if x.dry && len(x.p.match) > 0 {
			h := maphash.String(x.seed, r.key)
			r.known = x.keys[h]
			x.keys[h] = true
		}
		for _, f := range r.blank {
			if r.op.Kind == "create" && !f.Traits.Generated && !(f.Def.Required && f.Def.Default != nil) {
				r.set[f.ID()] = value.Value{}
			}
		}
		if x.dry && r.op.Kind == "create" {
			// Numbers are not used up by a rehearsal.
			for _, f := range x.p.ent.Fields {
				if _, given := r.set[f.ID()]; f.Serial != nil && !given {
					r.set[f.ID()] = value.OfText("~" + itoa(r.n))
				}
			}
		}
	}
	return nil
}

// unique finds values that another record or an earlier row has already.
func (x *importer) unique(rows []*row) error {
	for f, brought := range x.uniq {
		var texts []string
		for _, r := range rows {
			if v, ok := r.set[f.ID()]; ok && !v.IsNull() && len(r.faults) == 0 {
				texts = append(texts, keyText(v))
			}
		}
		if len(texts) == 0 {
			continue
		}
		found, err := findAny(x.s, x.p.ent, f, texts)
		if err != nil {
			return err
		}
		for _, r := range rows {
			v, ok := r.set[f.ID()]
			if !ok || v.IsNull() || len(r.faults) > 0 || r.known {
				continue
			}
			text := keyText(v)
			h := maphash.String(x.seed, text)
			was, repeated := brought[h]
			switch {
			case repeated && was.id != r.op.ID:
				r.faults = append(r.faults, ErrRepeated.At(f.Key()).With("value", text).With("row", was.row))
				continue
			case len(found[text]) > 0 && found[text][0] != r.op.ID:
				r.faults = append(r.faults, ErrExists.At(f.Key()).With("value", text))
				continue
			}
			if !repeated {
				brought[h] = at{r.n, r.op.ID}
			}
		}
	}
	return nil
}

// rules says how often automations fit.
func (x *importer) rules() {
	for id, n := range x.runs {
		r := x.s.Snap.Rule(id)
		if r == nil {
			continue // made while the import ran
		}
		mode := r.Def.Mode
		if mode == "" {
			mode = "async"
		}
		x.res.Rules = append(x.res.Rules, RuleRuns{ID: id, Key: r.Def.Key, Name: r.Def.Name, Mode: mode, Runs: n})
	}
	sort.Slice(x.res.Rules, func(i, j int) bool {
		a, b := x.res.Rules[i], x.res.Rules[j]
		return a.Runs > b.Runs || a.Runs == b.Runs && a.Key < b.Key
	})
}

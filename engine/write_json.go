package engine

import (
	"maps"
	"slices"
	"sort"

	"tenon/engine/access"
	"tenon/engine/query"
	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/field"
	"tenon/schema/value"
)

// writer turns result rows into record JSON straight from the wire values.
type writer struct {
	e      *Engine
	s      *record.Session
	ent    *schema.EntityModel
	sel    *query.Select
	keys   [][]byte // `"key":` per column
	names  map[string]string
	expand map[string]map[string][]byte // field id → target id → object
	env    field.Env
	shown  wireRow   // the row that titled looks at
	titled *expr.Env // made with the first title
}

func (e *Engine) writer(s *record.Session, ent *schema.EntityModel, sel *query.Select, rows [][][]byte, expand []string) (*writer, error) {
	w := &writer{e: e, s: s, ent: ent, sel: sel, expand: map[string]map[string][]byte{}}
	n := newNamer(e, s)
	wanted := map[string]bool{}
	for _, x := range expand {
		if f := ent.Field(x); f != nil && f.Target != nil {
			wanted[f.ID()] = true
		}
	}
	targets := map[*schema.FieldModel]map[string]bool{}
	for _, c := range sel.Columns {
		w.keys = append(w.keys, append(value.AppendJSONString(nil, c.Field.Key()), ':'))
		if c.Field.Traits.HoldsUser || c.Field.Traits.HoldsDept || c.Field.Target != nil || c.Field.Sub != nil {
			for _, row := range rows {
				raw, level := c.Shown(row)
				if raw == nil || level != access.Shown {
					continue
				}
				if !wanted[c.Field.ID()] {
					n.wantRaw(c.Field, raw)
					continue
				}
				if targets[c.Field] == nil {
					targets[c.Field] = map[string]bool{}
				}
				for _, id := range idsOf(c.Field, raw) {
					targets[c.Field][id] = true
				}
			}
		}
	}
	titles := map[string]string{}
	for f, ids := range targets {
		m, err := e.expand(s, f.Target, ids, titles)
		if err != nil {
			return nil, err
		}
		w.expand[f.ID()] = m
	}
	var err error
	if w.names, err = n.resolve(); err != nil {
		return nil, err
	}
	maps.Copy(w.names, titles)
	w.env = fieldEnv(s, w.names)
	return w, nil
}

func idsOf(f *schema.FieldModel, raw []byte) []string {
	if f.Kind == value.List {
		return store.ParseArray(raw)
	}
	return []string{string(raw)}
}

// expand reads linked records as objects, under their own entity's rights, and
// adds what they are called to titles.
func (e *Engine) expand(s *record.Session, target *schema.EntityModel, ids map[string]bool, titles map[string]string) (map[string][]byte, error) {
	out := map[string][]byte{}
	if !s.Rights.On(target).Can("read") {
		return out, nil
	}
	list := keys(ids)
	for i := 0; i < len(list); i += query.MaxLimit {
		sel, err := query.List(s.Snap.Model, s.Env(nil, nil), s.Rights, target, query.Request{IDs: list[i:min(i+query.MaxLimit, len(list))], Limit: query.MaxLimit})
		if err != nil {
			return nil, err
		}
		res, err := s.Do(sel.Stmt)
		if err != nil {
			return nil, err
		}
		w, err := e.writer(s, target, sel, res[0].Rows, nil)
		if err != nil {
			return nil, err
		}
		for _, row := range res[0].Rows {
			id, title := string(row[sel.ID]), w.title(row)
			out[id], titles[id] = w.called(nil, row, title, nil), title
		}
	}
	return out, nil
}

func keys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// room is about what the rows take as JSON: their values, quotes and keys.
func (w *writer) room(rows [][][]byte) int {
	each := 128
	for _, k := range w.keys {
		each += len(k) + 4
	}
	n := 256 + each*len(rows)
	for _, row := range rows {
		for _, cell := range row {
			n += len(cell)
		}
	}
	return n
}

// record appends one row as a flat JSON object; names are added when given.
func (w *writer) record(dst []byte, row [][]byte, names map[string]string) []byte {
	return w.called(dst, row, w.title(row), names)
}

// called is record for a row whose title is known.
func (w *writer) called(dst []byte, row [][]byte, title string, names map[string]string) []byte {
	dst = append(append(append(dst, `{"id":"`...), row[w.sel.ID]...), `","rev":`...)
	dst = append(dst, row[w.sel.Rev]...)
	for i, c := range w.sel.Columns {
		raw, level := c.Shown(row)
		if level == access.Hidden {
			continue
		}
		dst = append(dst, ',')
		dst = append(dst, w.keys[i]...)
		switch {
		case level == access.Partial && raw != nil:
			dst = value.AppendJSONString(dst, field.MaskPartial(c.Field.Mask, string(raw)))
		case w.expand[c.Field.ID()] != nil && raw != nil:
			dst = w.objects(dst, c.Field, raw)
		default:
			dst = query.AppendWire(dst, c.Field, raw)
		}
	}
	dst = append(dst, `,"_title":`...)
	dst = value.AppendJSONString(dst, title)
	if names != nil {
		dst = append(dst, `,"_names":`...)
		dst = appendNames(dst, names)
	}
	return append(dst, '}')
}

func (w *writer) objects(dst []byte, f *schema.FieldModel, raw []byte) []byte {
	m := w.expand[f.ID()]
	one := func(id string) {
		if o := m[id]; o != nil {
			dst = append(dst, o...)
			return
		}
		// An unreadable target keeps its id and says nothing else.
		dst = append(append(append(dst, `{"id":"`...), id...), `","_denied":true}`...)
	}
	if f.Kind != value.List {
		one(string(raw))
		return dst
	}
	dst = append(dst, '[')
	for i, id := range store.ParseArray(raw) {
		if i > 0 {
			dst = append(dst, ',')
		}
		one(id)
	}
	return append(dst, ']')
}

// wireRow shows a result row to the title's expressions, as the caller sees it.
type wireRow struct {
	w   *writer
	row [][]byte
}

func (r *wireRow) Get(id string) value.Value {
	if id == "id" {
		return value.OfRef(string(r.row[r.w.sel.ID]))
	}
	for _, c := range r.w.sel.Columns {
		if c.Field.ID() == id {
			raw, level := c.Shown(r.row)
			switch {
			case raw == nil || level == access.Hidden:
				return value.Value{}
			case level == access.Partial:
				return value.OfText(field.MaskPartial(c.Field.Mask, string(raw)))
			}
			return query.ReadWire(c.Field, raw)
		}
	}
	return value.Value{}
}

func (r *wireRow) Follow(string) expr.Row { return nil }
func (r *wireRow) Rows(string) []expr.Row { return nil }

func (w *writer) title(row [][]byte) string {
	if w.ent.Title == nil {
		return ""
	}
	if w.titled == nil {
		w.titled = w.s.Env(nil, nil)
		w.titled.Roots["record"] = &w.shown
	}
	w.shown = wireRow{w, row}
	t, err := w.ent.Title.Render(w.titled, func(n *expr.Node, v value.Value) string { return formatNode(w.ent, n, v, w.env) })
	if err != nil {
		return ""
	}
	return t
}

// formatNode gives a template value its field's text: labels, names, units.
func formatNode(ent *schema.EntityModel, n *expr.Node, v value.Value, env field.Env) string {
	if v.IsNull() {
		return ""
	}
	if n.Op == expr.OpField && len(n.Path) > 0 {
		f := ent.Field(n.Path[0].ID)
		for _, h := range n.Path[1:] {
			if f == nil || f.Target == nil {
				f = nil
				break
			}
			f = f.Target.Field(h.ID)
		}
		if f != nil && f.Kind == v.Kind() && f.Format != nil {
			return f.Format(v, env)
		}
	}
	if v.Kind() == value.Time {
		return v.Time().In(env.Location()).Format("2006-01-02 15:04")
	}
	return v.String()
}

// FormatNode formats a template value for messages of rules.
func FormatNode(ent *schema.EntityModel, n *expr.Node, v value.Value, env field.Env) string {
	return formatNode(ent, n, v, env)
}

func appendNames(dst []byte, names map[string]string) []byte {
	dst = append(dst, '{')
	ids := make([]string, 0, len(names))
	for id := range names {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for i, id := range ids {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = value.AppendJSONString(dst, id)
		dst = append(dst, ':')
		dst = value.AppendJSONString(dst, names[id])
	}
	return append(dst, '}')
}

// namer resolves ids to display names: members, departments and linked
// records, each in one statement, linked ones under their entity's rights.
type namer struct {
	e       *Engine
	s       *record.Session
	people  map[string]bool
	records map[*schema.EntityModel]map[string]bool
	depth   int
}

func newNamer(e *Engine, s *record.Session) *namer {
	return &namer{e: e, s: s, people: map[string]bool{}, records: map[*schema.EntityModel]map[string]bool{}}
}

func (n *namer) want(f *schema.FieldModel, ids ...string) {
	for _, id := range ids {
		if id == "" {
			continue
		}
		if f.Target != nil && !f.Traits.HoldsUser {
			if n.records[f.Target] == nil {
				n.records[f.Target] = map[string]bool{}
			}
			n.records[f.Target][id] = true
		} else {
			n.people[id] = true
		}
	}
}

func (n *namer) wantRaw(f *schema.FieldModel, raw []byte) {
	if f.Sub != nil {
		for _, r := range query.ReadWire(f, raw).Rows() {
			for _, c := range f.Sub.Fields {
				if !c.Traits.HoldsUser && !c.Traits.HoldsDept && c.Target == nil {
					continue
				}
				v := r.Values[c.Key()]
				n.want(c, v.Text())
				for _, x := range v.List() {
					n.want(c, x.Text())
				}
			}
		}
		return
	}
	if f.Traits.HoldsUser || f.Traits.HoldsDept || f.Target != nil {
		n.want(f, idsOf(f, raw)...)
	}
}

// resolve looks everything up in one round trip, and another one where titles
// are made of names.
func (n *namer) resolve() (map[string]string, error) {
	out := map[string]string{}
	stmts, keep := n.askPeople(out)
	titled, err := n.titled()
	if err != nil {
		return nil, err
	}
	for _, w := range titled {
		stmts = append(stmts, w.sel.Stmt)
	}
	if len(stmts) == 0 {
		return out, nil
	}
	res, err := n.s.Do(stmts...)
	if err != nil {
		return nil, err
	}
	if keep != nil {
		keep(res[0])
		res = res[1:]
	}
	inner := newNamer(n.e, n.s)
	inner.depth = n.depth + 1
	for i, w := range titled {
		for _, c := range w.sel.Columns {
			for _, row := range res[i].Rows {
				if raw, l := c.Shown(row); raw != nil && l == access.Shown {
					inner.wantRaw(c.Field, raw)
				}
			}
		}
	}
	names, err := inner.resolve()
	if err != nil {
		return nil, err
	}
	env := fieldEnv(n.s, names)
	for i, w := range titled {
		w.env = env
		for _, row := range res[i].Rows {
			out[string(row[w.sel.ID])] = w.title(row)
		}
	}
	return out, nil
}

// titled gives a writer for each page of records whose titles are wanted.
func (n *namer) titled() ([]*writer, error) {
	var out []*writer
	if n.depth > 1 {
		return nil, nil // titles of titles of titles
	}
	for ent, ids := range n.records {
		if !n.s.Rights.On(ent).Can("read") {
			continue
		}
		fields := append(titleFields(ent), "id")
		for page := range slices.Chunk(keys(ids), query.MaxLimit) {
			sel, err := query.List(n.s.Snap.Model, n.s.Env(nil, nil), n.s.Rights, ent, query.Request{IDs: page, Fields: fields, Limit: query.MaxLimit})
			if err != nil {
				return nil, err
			}
			out = append(out, &writer{e: n.e, s: n.s, ent: ent, sel: sel})
		}
	}
	return out, nil
}

// Title gives a record's title as the session's actor sees it.
func (e *Engine) Title(s *record.Session, r *record.Record) string {
	if r == nil || r.Entity.Title == nil {
		return ""
	}
	n := newNamer(e, s)
	for _, id := range titleFields(r.Entity) {
		f := r.Entity.Field(id)
		if f == nil {
			continue
		}
		v := r.Get(f)
		if f.Traits.HoldsUser || f.Traits.HoldsDept || f.Target != nil {
			n.want(f, v.Text())
			for _, x := range v.List() {
				n.want(f, x.Text())
			}
		}
	}
	names, err := n.resolve()
	if err != nil {
		names = nil
	}
	env := fieldEnv(s, names)
	t, err := r.Entity.Title.Render(s.Env(r, nil), func(n *expr.Node, v value.Value) string { return formatNode(r.Entity, n, v, env) })
	if err != nil {
		return ""
	}
	return t
}

// NamesOf resolves ids of people, departments and records that an entity's
// links point to, those in its sub-forms included.
func (e *Engine) NamesOf(s *record.Session, ent *schema.EntityModel, ids []string) map[string]string {
	n := newNamer(e, s)
	for _, id := range ids {
		n.people[id] = true
	}
	if ent != nil {
		for _, f := range ent.Fields {
			columns := []*schema.FieldModel{f}
			if f.Sub != nil {
				columns = f.Sub.Fields
			}
			for _, c := range columns {
				if c.Target != nil {
					n.want(c, ids...)
				}
			}
		}
	}
	out, err := n.resolve()
	if err != nil {
		return map[string]string{}
	}
	return out
}

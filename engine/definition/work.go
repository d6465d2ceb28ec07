package definition

import (
	"fmt"
	"sort"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/field"
)

// work is what takes the database from one version of an app to the next. It
// follows from the two models and the naming, so that a publish which was
// interrupted finds the same work again.
type work struct {
	row           *store.AppRow
	before, after *schema.Model
	old           map[string]*schema.FieldModel // fields of before by id
	have          places                        // of the app, retired ones included
	naming        naming
	was, mid, end *layout
	fills         []fill
	fresh         map[string][]string // computed fields with a new column, by entity
	again         map[string][]string // computed fields whose values change in place, by entity
}

// fill carries values over to a new place of the same field.
type fill struct {
	field    *schema.FieldModel
	old      *schema.FieldModel // nil when the field comes back from retirement
	from, to store.Place
	kept     string // column with the values before the conversion that this one takes back
	target   string // links: the table that the new values point to
}

// mode says how a fill works.
func (f fill) mode() string {
	a, b := f.from.Column != "", f.to.Column != ""
	switch {
	case a && b && f.from.Table == f.to.Table && !retargeted(f.old, f.field):
		return "values"
	case f.old == nil || f.old.Link == nil || f.field.Link == nil || f.field.Entity.Parent != nil || retargeted(f.old, f.field):
		return ""
	case a && f.field.Storage == field.Links:
		return "to_links"
	case b && f.old.Storage == field.Links:
		return "to_column"
	}
	return ""
}

func (f fill) conversion() store.Conversion {
	return store.Conversion{Schema: f.to.Schema, Table: f.to.Table, From: store.Column{Name: f.from.Column, Type: f.from.Type},
		To: store.Column{Name: f.to.Column, Type: f.to.Type}, Kept: f.kept}
}

// retargeted reports whether a link points to another entity than before.
func retargeted(old, f *schema.FieldModel) bool {
	return old != nil && f.Link != nil && old.Link != nil && f.Link.Entity != old.Link.Entity
}

// unusable reports whether a field's place holds values of another kind than
// the field has now.
func unusable(old, f *schema.FieldModel) bool {
	switch {
	case old == nil:
		return false
	case computed(old) && computed(f):
		return old.DB.SQL != f.DB.SQL
	}
	return old.Def.Type != f.Def.Type || retargeted(old, f)
}

// fieldsOf lists the fields of a model, those of sub-forms included, by id.
func fieldsOf(m *schema.Model) map[string]*schema.FieldModel {
	out := map[string]*schema.FieldModel{}
	for _, e := range m.Entities {
		for _, f := range e.Fields {
			out[f.ID()] = f
			if f.Sub != nil {
				for _, c := range f.Sub.Fields {
					out[c.ID()] = c
				}
			}
		}
	}
	return out
}

// newWork completes the work of a naming.
func newWork(row *store.AppRow, before, after *schema.Model, have places, n naming, order string) *work {
	w := &work{row: row, before: before, after: after, old: fieldsOf(before), have: have, naming: n}
	w.was, w.mid, w.end = describe(before, row.Schema, have, order), describe(after, row.Schema, n.Stage, order), describe(after, row.Schema, n.Final, order)
	fields := fieldsOf(after)
	for _, r := range n.Retire {
		f := fields[r.From.DefID]
		if f == nil || r.To.DefID == r.From.DefID || computed(f) {
			continue
		}
		x := fill{field: f, old: w.old[f.ID()], from: r.From, to: n.Stage[f.ID()]}
		if !r.From.Retired.IsZero() {
			x.old = nil
		}
		if x.mode() == "values" {
			x.kept = w.keptOf(x)
		}
		if x.mode() != "" {
			if f.Target != nil {
				x.target = n.Stage[f.Target.ID()].Table
			}
			w.fills = append(w.fills, x)
		}
	}
	sort.Slice(w.fills, func(i, j int) bool { return w.fills[i].field.ID() < w.fills[j].field.ID() })
	w.computed()
	return w
}

// keptOf finds the column that kept the field's values when it was last
// converted away from the type it now takes again.
func (w *work) keptOf(x fill) string {
	best, column := 0, ""
	for _, p := range w.have {
		var n int
		if _, err := fmt.Sscanf(p.DefID, x.field.ID()+keptMark+"%d", &n); err == nil && n > best && p.Table == x.from.Table && p.Type == x.to.Type {
			best, column = n, p.Column
		}
	}
	return column
}

// computed finds the stored computed fields whose values must be worked out for
// records that exist: those with a new column, those whose definition changed,
// and those that depend on values that change.
func (w *work) computed() {
	w.fresh, w.again = map[string][]string{}, map[string][]string{}
	moved := map[string]bool{}
	for _, x := range w.fills {
		moved[x.field.ID()] = true
	}
	all := map[string][]*schema.FieldModel{} // by entity, of those that may have records
	for _, t := range w.mid.tables {
		if t.Kind == store.RecordTable && !w.isNew(t) {
			all[t.def] = append(t.entity.Computed[:len(t.entity.Computed):len(t.entity.Computed)], subComputed(t.entity)...)
		}
	}
	// Entities come in any order; values may depend on values of others, so
	// this repeats until nothing is added.
	for more := true; more; {
		more = false
		for _, e := range w.after.Entities {
			for _, f := range all[e.ID()] {
				if moved[f.ID()] || !stored(f) {
					continue
				}
				old := w.old[f.ID()]
				if old == nil || !stored(old) || w.naming.Stage[f.ID()].Column != w.have[f.ID()].Column || !sameComputation(old, f) || dependsOn(f, moved) {
					moved[f.ID()], more = true, true
				}
			}
		}
	}
	for _, e := range w.after.Entities {
		for _, f := range all[e.ID()] {
			switch {
			case !moved[f.ID()]:
			case w.naming.Stage[f.ID()] != w.have[f.ID()]:
				w.fresh[e.ID()] = append(w.fresh[e.ID()], f.ID())
			default:
				w.again[e.ID()] = append(w.again[e.ID()], f.ID())
			}
		}
	}
}

// subComputed lists the computed columns of an entity's sub-forms.
func subComputed(e *schema.EntityModel) []*schema.FieldModel {
	var out []*schema.FieldModel
	for _, f := range e.Fields {
		if f.Sub != nil {
			out = append(out, f.Sub.Computed...)
		}
	}
	return out
}

// sameComputation reports whether two versions of a computed field give the
// same values from the same records.
func sameComputation(a, b *schema.FieldModel) bool {
	switch {
	case (a.Lookup == nil) != (b.Lookup == nil) || (a.Rollup == nil) != (b.Rollup == nil) || a.DB.SQL != b.DB.SQL || a.Scale != b.Scale:
		return false
	case a.Lookup != nil:
		return *a.Lookup == *b.Lookup
	case a.Rollup != nil:
		x, y := *a.Rollup, *b.Rollup
		x.Filter, y.Filter = "", ""
		return x == y && schema.SameExpression(a.RollupFilter, b.RollupFilter)
	}
	return schema.SameExpression(a.Formula, b.Formula)
}

// dependsOn reports whether a computed field reads one of the fields.
func dependsOn(f *schema.FieldModel, moved map[string]bool) bool {
	hit := false
	reads := func(p *expr.Program) {
		if p != nil {
			p.Reads(func(_ string, path []*expr.Field) {
				for _, h := range path {
					hit = hit || moved[h.ID]
				}
			})
		}
	}
	for _, x := range []*schema.FieldModel{f.LinkField, f.Source, f.Via} {
		hit = hit || x != nil && moved[x.ID()]
	}
	reads(f.Formula)
	reads(f.RollupFilter)
	return hit
}

// isNew reports whether a table of the next version has to be made.
func (w *work) isNew(t *table) bool {
	p, ok := w.have[t.def]
	return !ok || p.Table != t.Name
}

// newColumns lists the columns that a table of the next version lacks.
func (w *work) newColumns(t *table) []store.Column {
	var out []store.Column
	for _, c := range t.columns {
		if p, ok := w.have[c.field.ID()]; !ok || p.Table != t.Name || p.Column != c.Name {
			out = append(out, c.Column)
		}
	}
	return out
}

// pair is a rename.
type pair struct{ from, to string }

// renames puts renames into an order in which no name is taken when it is
// given: what stands in the way moves aside first.
func renames(ps []pair) []pair {
	from := map[string]bool{}
	for _, p := range ps {
		if p.from != p.to {
			from[p.from] = true
		}
	}
	var first, then, last []pair
	for i, p := range ps {
		switch {
		case p.from == p.to:
		case from[p.to]:
			// The target is a name that another one is about to leave.
			aside := store.FitName(fmt.Sprintf("zz_move_%d_", i)+p.from, "")
			first = append(first, pair{p.from, aside})
			last = append(last, pair{aside, p.to})
		default:
			then = append(then, p)
		}
	}
	return append(append(first, then...), last...)
}

// switching is what the switch does to the database: all of it in one
// transaction, none of it proportional to the data.
type switching struct {
	locks []string
	stmts []store.Stmt
}

// switching works out the renames and removals of the switch.
func (w *work) switching() switching {
	sc := w.row.Schema
	locked := map[string]bool{}
	var drops, columnMoves, tableMoves, indexMoves, keyMoves []store.Stmt
	columns := map[string][]pair{}
	var tables, indexes []pair
	gone := map[string]bool{} // definitions whose place ends
	for _, r := range w.naming.Retire {
		gone[r.From.DefID] = true
		switch {
		case !r.From.Retired.IsZero():
		case r.From.Column == "":
			tables = append(tables, pair{r.From.Table, r.To.Table})
			locked[r.From.Table] = true
		case r.From.Column != r.To.Column:
			columns[r.From.Table] = append(columns[r.From.Table], pair{r.From.Column, r.To.Column})
			locked[r.From.Table] = true
		}
	}
	for i, t := range w.mid.tables {
		u := w.end.tables[i]
		if t.Name != u.Name {
			tables = append(tables, pair{t.Name, u.Name})
			locked[t.Name] = true
		}
		for j, c := range t.columns {
			if c.Name != u.columns[j].Name {
				columns[t.Name] = append(columns[t.Name], pair{c.Name, u.columns[j].Name})
				locked[t.Name] = true
			}
		}
		for j, ix := range t.indexes {
			if ix.Name != u.indexes[j].Name {
				indexes = append(indexes, pair{ix.Name, u.indexes[j].Name})
			}
		}
	}
	// Foreign keys: those of what is retired go, those with another rule change.
	rules := map[string]store.Foreign{}
	for _, t := range w.mid.tables {
		for _, f := range t.foreigns {
			rules[foreignDef(t, f)] = f
		}
	}
	for _, t := range w.was.tables {
		for _, f := range t.foreigns {
			def := foreignDef(t, f)
			now, still := rules[def]
			if gone[def] || !still || now.OnDelete != f.OnDelete {
				drops = append(drops, store.DropForeign(sc, t.Name, f.Name))
				locked[t.Name], locked[f.Target] = true, true
				if !gone[def] && still {
					drops = append(drops, store.AddForeign(now))
				}
			}
		}
	}
	for i, t := range w.mid.tables {
		var keys []pair
		for j, f := range t.foreigns {
			keys = append(keys, pair{f.Name, w.end.tables[i].foreigns[j].Name})
		}
		for _, p := range renames(keys) {
			keyMoves = append(keyMoves, store.RenameForeign(sc, w.end.tables[i].Name, p.from, p.to))
		}
	}
	// Indexes that nobody asks for any more: at once where the table is locked
	// anyway (their names may be wanted) or the index refuses values, later
	// elsewhere. Retired tables lose all: they are built again if one returns.
	wanted := map[string]bool{}
	for _, t := range w.mid.tables {
		for _, ix := range t.indexes {
			wanted[ix.Name] = true
		}
	}
	for _, t := range w.was.tables {
		for _, ix := range t.indexes {
			if !wanted[ix.Name] && (ix.Unique || locked[t.Name]) {
				locked[t.Name] = true
				drops = append(drops, store.RemoveIndex(sc, ix.Name))
			}
		}
	}
	var names []string
	for t := range columns {
		names = append(names, t)
	}
	sort.Strings(names)
	for _, t := range names {
		for _, p := range renames(columns[t]) {
			columnMoves = append(columnMoves, store.RenameColumn(sc, t, p.from, p.to))
		}
	}
	for _, p := range renames(tables) {
		tableMoves = append(tableMoves, store.RenameTable(sc, p.from, p.to), store.MovePlaces(sc, p.from, p.to))
	}
	for _, p := range renames(indexes) {
		indexMoves = append(indexMoves, store.RenameIndex(sc, p.from, p.to))
	}
	s := switching{}
	for t := range locked {
		s.locks = append(s.locks, t)
	}
	sort.Strings(s.locks)
	for _, l := range [][]store.Stmt{drops, columnMoves, tableMoves, indexMoves, keyMoves} {
		s.stmts = append(s.stmts, l...)
	}
	return s
}

// foreignDef is the definition behind a foreign key: a field.
func foreignDef(t *table, f store.Foreign) string {
	for _, c := range t.columns {
		if c.Name == f.Column {
			return c.field.ID()
		}
	}
	return t.def
}

package definition

import (
	"strings"

	"tenon/engine/store"
	"tenon/schema/fault"
)

// Limits of a table. Postgres allows 1,600 columns over a table's whole life,
// dropped ones included, and 8,160 bytes a row, of which a long text takes a
// pointer.
const (
	maxAttributes = 1200
	maxRowBytes   = 8000
)

// Faults of tables that grow too large, and of values that are in the way.
var (
	ErrWide = fault.Define(fault.Invalid, "publish.too_wide", "“{entity}”的数据表将有 {count} 列（含已删除的），超过 {max} 列的上限；可先整理数据表", "the table of \"{entity}\" would have {count} columns, removed ones included, and {max} is the limit; rebuild the table first")
	ErrRow  = fault.Define(fault.Invalid, "publish.row_too_wide", "“{entity}”的字段太多，一行放不下", "\"{entity}\" has too many fields for one row")
	ErrTwin = fault.Define(fault.Invalid, "publish.duplicates", "“{field}”不能设为不允许重复：有 {count} 个值重复，例如 {examples}", "\"{field}\" cannot be made unique: {count} values occur more than once, such as {examples}")
)

// limits refuses what Postgres could not hold.
func (w *work) limits(facts *store.Facts) fault.List {
	var out fault.List
	for _, t := range w.mid.tables {
		if t.entity == nil {
			continue
		}
		e := t.entity
		for e.Parent != nil {
			e = e.Parent
		}
		at := e.ID() + "/fields"
		count := len(store.OwnColumns(t.Kind)) + len(t.columns)
		if !w.isNew(t) {
			count = facts.Attributes[t.Name] + len(w.newColumns(t))
		}
		if count > maxAttributes {
			out.Add(ErrWide.At(at).With("entity", e.Def.Name.In(w.row.Locale)).With("count", count).With("max", maxAttributes))
		}
		bytes := 24 + count/8 + 80 // header, null bits, own columns
		for _, c := range t.columns {
			bytes += width(c.Type)
		}
		if bytes > maxRowBytes {
			out.Add(ErrRow.At(at).With("entity", e.Def.Name.In(w.row.Locale)))
		}
	}
	return out
}

// width is what a value takes in a row at least when it is not null.
func width(sql string) int {
	base, _, _ := strings.Cut(sql, "(")
	switch base {
	case "boolean":
		return 1
	case "date":
		return 4
	case "uuid":
		return 16
	default:
		return 8
	}
}

// actions lists what happens to the database, as SQL to be read.
func (w *work) actions(facts *store.Facts) []string {
	var out []string
	for _, t := range w.mid.tables {
		if w.isNew(t) {
			out = append(out, store.CreateTable(t.Table).SQL)
		} else if cols := w.newColumns(t); len(cols) > 0 {
			out = append(out, store.AddColumns(t.Schema, t.Name, cols...).SQL)
		}
	}
	for _, f := range w.fills {
		if f.mode() == "values" {
			out = append(out, f.conversion().Show())
		} else {
			for _, st := range f.stmts() {
				out = append(out, st.SQL)
			}
		}
	}
	for _, t := range w.mid.tables {
		for _, ix := range t.indexes {
			if !facts.Indexes[ix.Name].Valid {
				out = append(out, store.ShowIndex(ix))
			}
		}
		for _, f := range t.foreigns {
			if _, ok := facts.Foreigns[t.Name][f.Name]; !ok {
				out = append(out, store.AddForeign(f).SQL)
			}
		}
	}
	for _, st := range w.switching().stmts {
		if len(st.Args) == 0 { // the registry's own rows are of no interest
			out = append(out, st.SQL)
		}
	}
	return out
}

package definition

import (
	"strings"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/field"
	"tenon/schema/value"
)

// places says by definition id where entities and fields live.
type places map[string]store.Place

// layout is what the database holds for a model whose definitions have places.
// Two layouts of one model have the same tables, columns, indexes and keys in
// the same order, whatever the places.
type layout struct {
	schema string
	order  string // the collation in which people read lists, empty where there is none
	places places
	tables []*table
}

// table is a physical table with the indexes and foreign keys that the
// definitions ask for.
type table struct {
	def    string
	entity *schema.EntityModel // nil for link tables
	store.Table
	columns  []column
	indexes  []store.Index
	foreigns []store.Foreign
}

// column is the column of a field.
type column struct {
	field *schema.FieldModel
	store.Column
}

// describe lays a model out in its places.
func describe(m *schema.Model, schemaName string, at places, order string) *layout {
	l := &layout{schema: schemaName, places: at, order: order}
	for _, e := range m.Entities {
		t := l.table(e.ID(), e, store.RecordTable, "")
		for _, refs := range e.Def.Indexes {
			if cols := l.covered(e, refs); cols != nil {
				t.index(store.Index{Columns: cols, Live: true}, strings.Join(cols, "+"), "idx")
			}
		}
	}
	for _, e := range m.Entities {
		for _, f := range e.Fields {
			switch {
			case f.Storage == field.Links && f.Target != nil:
				t := l.table(f.ID(), nil, store.LinkTable, at[e.ID()].Table)
				rule := f.Link.OnDelete
				if rule == "null" {
					rule = "cascade" // clearing a link means that its row goes
				}
				t.foreigns = append(t.foreigns, store.Foreign{Schema: schemaName, Table: t.Name, Name: store.ForeignName("dst"), Column: "dst",
					Target: at[f.Target.ID()].Table, OnDelete: rule})
			case f.Storage == field.Child:
				l.table(f.ID(), f.Sub, store.ChildTable, at[e.ID()].Table)
			}
		}
	}
	return l
}

// table adds a table with its columns and what belongs to single columns.
func (l *layout) table(def string, e *schema.EntityModel, kind store.TableKind, owner string) *table {
	t := &table{def: def, entity: e, Table: store.Table{Schema: l.schema, Name: l.places[def].Table, Kind: kind, Owner: owner}}
	t.indexes = store.BaseIndexes(l.schema, t.Name, kind)
	l.tables = append(l.tables, t)
	if e == nil {
		return t
	}
	for _, f := range e.Fields {
		if !stored(f) {
			continue
		}
		c := store.Column{Name: l.places[f.ID()].Column, Type: f.DB.SQL}
		t.columns = append(t.columns, column{f, c})
		t.Columns = append(t.Columns, c)
		if isLink(f) {
			t.foreigns = append(t.foreigns, store.Foreign{Schema: t.Schema, Table: t.Name, Name: store.ForeignName(c.Name), Column: c.Name,
				Target: l.places[f.Target.ID()].Table, OnDelete: f.Link.OnDelete})
		}
		if isUnique(f) {
			t.index(store.Index{Unique: true, Live: true, Columns: []string{c.Name}}, c.Name, "key")
		}
		switch {
		case f.Kind == value.List:
			if f.Traits.Filterable && strings.HasSuffix(f.DB.SQL, "[]") {
				t.index(store.Index{Gin: true, Columns: []string{c.Name}}, c.Name, "gin")
			}
		// A foreign key needs an index over all rows. Others hold live records
		// only, so that counts and totals of them are read off the index alone;
		// filters are served by a unique index as well.
		case isLink(f):
			t.index(store.Index{Columns: []string{c.Name}}, c.Name, "idx")
		case !isUnique(f) && sortable(f) && (f.Def.Indexed || len(f.Choices) > 0 && f.Traits.Groupable):
			t.index(store.Index{Live: kind == store.RecordTable, Columns: []string{c.Name}}, c.Name, "idx")
		}
		// The other index of a text compares by code point: people sort otherwise.
		if f.Def.Indexed && f.Kind == value.Text && len(f.Choices) == 0 && sortable(f) && kind == store.RecordTable && l.order != "" {
			t.index(store.Index{Live: true, Collation: l.order, Columns: []string{c.Name, "id"}}, c.Name, "sort")
		}
	}
	return t
}

// covered gives the columns of an index over several fields; nil when one of
// them has none.
func (l *layout) covered(e *schema.EntityModel, refs []string) []string {
	var cols []string
	for _, ref := range refs {
		f := e.Field(ref)
		switch {
		case f == nil:
			return nil
		case f.System:
			cols = append(cols, f.Column)
		case stored(f) && sortable(f):
			cols = append(cols, l.places[f.ID()].Column)
		default:
			return nil
		}
	}
	return cols
}

func (t *table) index(ix store.Index, on, kind string) {
	ix.Schema, ix.Table, ix.Name = t.Schema, t.Name, store.IndexName(t.Name, on, kind)
	for _, x := range t.indexes {
		if x.Name == ix.Name {
			return
		}
	}
	t.indexes = append(t.indexes, ix)
}

// stored reports whether a field has a column of its entity's table.
func stored(f *schema.FieldModel) bool {
	return f.Storage == field.Column && (f.Stored || !computed(f))
}

// computed reports whether the engine works the field's value out.
func computed(f *schema.FieldModel) bool {
	return f.Bound.Formula != nil || f.Lookup != nil || f.Rollup != nil
}

// isLink reports whether the field's column points to records.
func isLink(f *schema.FieldModel) bool {
	return f.Link != nil && f.Target != nil && f.Kind == value.Ref && f.Storage == field.Column
}

// isUnique reports whether two living records may not share the field's value.
// Rows of a sub-form are not compared.
func isUnique(f *schema.FieldModel) bool {
	return f.Def.Unique && f.Entity.Parent == nil && stored(f) && sortable(f)
}

// sortable reports whether a btree can hold the field's values.
func sortable(f *schema.FieldModel) bool { return f.DB.SQL != "jsonb" && f.Kind != value.List }

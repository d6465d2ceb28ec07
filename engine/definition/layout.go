package definition

import (
	"strconv"
	"strings"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/field"
	"tenon/schema/value"
)

// layout is where the definitions of one version live.
type layout struct {
	schema string
	places map[string]store.Place // by definition id
	tables []*table
}

// table is a physical table with the indexes and foreign keys that the
// definitions ask for.
type table struct {
	def    string
	entity *schema.EntityModel // nil for link tables
	rows   int64
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

// describe lays a model out under the names given.
func describe(m *schema.Model, schemaName string, places map[string]store.Place) *layout {
	l := &layout{schema: schemaName, places: places}
	for _, e := range m.Entities {
		l.tables = append(l.tables, l.records(e))
	}
	for _, e := range m.Entities {
		for _, f := range e.Fields {
			switch f.Storage {
			case field.Links:
				if f.Target != nil {
					l.tables = append(l.tables, &table{def: f.ID(), Table: store.Table{Schema: schemaName, Name: places[f.ID()].Table, Kind: store.LinkTable,
						Owner: places[e.ID()].Table, Target: places[f.Target.ID()].Table, OnDelete: f.Link.OnDelete}})
				}
			case field.Child:
				t := &table{def: f.ID(), entity: f.Sub, Table: store.Table{Schema: schemaName, Name: places[f.ID()].Table, Kind: store.ChildTable, Owner: places[e.ID()].Table}}
				l.fill(t)
				l.tables = append(l.tables, t)
			}
		}
	}
	return l
}

func (l *layout) records(e *schema.EntityModel) *table {
	t := &table{def: e.ID(), entity: e, Table: store.Table{Schema: l.schema, Name: l.places[e.ID()].Table, Kind: store.RecordTable}}
	l.fill(t)
	for _, refs := range e.Def.Indexes {
		var cols []string
		for _, ref := range refs {
			f := e.Field(ref)
			if f == nil || !f.System && !stored(f) || f.Storage != field.Column {
				cols = nil
				break
			}
			cols = append(cols, l.columnOf(f))
		}
		if len(cols) > 0 {
			t.index(store.Index{Columns: cols}, strings.Join(cols, "+"), "idx")
		}
	}
	return t
}

// columnOf gives the column of a user or system field.
func (l *layout) columnOf(f *schema.FieldModel) string {
	if f.System {
		return f.Column
	}
	return l.places[f.ID()].Column
}

// fill adds the columns of the fields, and what belongs to single columns.
func (l *layout) fill(t *table) {
	for _, f := range t.entity.Fields {
		if !stored(f) {
			continue
		}
		c := l.places[f.ID()].Column
		t.columns = append(t.columns, column{f, store.Column{Name: c, Type: f.DB.SQL}})
		t.Columns = append(t.Columns, store.Column{Name: c, Type: f.DB.SQL})
		link := f.Link != nil && f.Target != nil && f.Kind == value.Ref
		if link {
			t.foreigns = append(t.foreigns, store.Foreign{Schema: t.Schema, Table: t.Name, Name: store.ForeignName(c), Column: c,
				Target: l.places[f.Target.ID()].Table, OnDelete: f.Link.OnDelete})
		}
		unique := f.Def.Unique && t.Kind == store.RecordTable && indexable(f)
		if unique {
			t.index(store.Index{Unique: true, Live: true, Columns: []string{c}}, c, "key")
		}
		switch {
		case f.Kind == value.List:
			if f.Traits.Filterable && strings.HasSuffix(f.DB.SQL, "[]") {
				t.index(store.Index{Gin: true, Columns: []string{c}}, c, "gin")
			}
		// A foreign key needs an index over all rows; other filters are
		// served by a unique index as well.
		case link, !unique && indexable(f) && (f.Def.Indexed || len(f.Choices) > 0 && f.Traits.Groupable):
			t.index(store.Index{Columns: []string{c}}, c, "idx")
		}
	}
}

// indexable reports whether a btree can hold the field's values.
func indexable(f *schema.FieldModel) bool {
	return f.DB.SQL != "jsonb" && f.Kind != value.List
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

// namer allocates physical names. A name once given stays with its definition
// until the key changes.
type namer struct {
	schema  string
	tables  map[string]bool
	columns map[string]map[string]bool // by table
}

// newNamer knows every name taken in a schema.
func newNamer(schemaName string, taken []store.Place) *namer {
	n := &namer{schema: schemaName, tables: map[string]bool{"history": true}, columns: map[string]map[string]bool{}}
	for _, p := range taken {
		n.take(p)
	}
	return n
}

func (n *namer) take(p store.Place) {
	if p.Column == "" {
		n.tables[p.Table] = true
		return
	}
	n.ofTable(p.Table)[p.Column] = true
}

func (n *namer) ofTable(t string) map[string]bool {
	if n.columns[t] == nil {
		n.columns[t] = map[string]bool{}
	}
	return n.columns[t]
}

// free finds a free name near base.
func free(taken map[string]bool, base string) string {
	name := store.FitName(base, "")
	for i := 2; taken[name] || strings.HasPrefix(name, "history_"); i++ {
		name = store.FitName(base, "_"+strconv.Itoa(i))
	}
	taken[name] = true
	return name
}

// allocate gives every definition of the model a place, keeping those it has.
func (n *namer) allocate(m *schema.Model, have map[string]store.Place) map[string]store.Place {
	out := map[string]store.Place{}
	tableOf := func(def, base string) string {
		p, ok := have[def]
		if !ok {
			p = store.Place{DefID: def, Schema: n.schema, Table: free(n.tables, base)}
		}
		out[def] = p
		return p.Table
	}
	columns := func(e *schema.EntityModel, t string) {
		for _, f := range e.Fields {
			if !stored(f) {
				continue
			}
			p, ok := have[f.ID()]
			if !ok || p.Table != t {
				p = store.Place{DefID: f.ID(), Schema: n.schema, Table: t, Column: free(n.ofTable(t), f.Key()), Type: f.DB.SQL}
			}
			out[f.ID()] = p
		}
	}
	for _, e := range m.Entities {
		t := tableOf(e.ID(), m.App.Info.Key+"_"+e.Key())
		columns(e, t)
		for _, f := range e.Fields {
			switch f.Storage {
			case field.Links:
				tableOf(f.ID(), t+"__"+f.Key())
			case field.Child:
				columns(f.Sub, tableOf(f.ID(), t+"__"+f.Key()))
			}
		}
	}
	return out
}

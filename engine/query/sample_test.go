package query_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tenon/engine/definition"
	"tenon/engine/enginetest"
	"tenon/engine/query"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/expr/exprtest"
	"tenon/schema/field"
	"tenon/schema/value"
)

// sample is exprtest's entity as a published app with records in its tables.
type sample struct {
	*enginetest.Kit
	*definition.Snapshot
	entity  *schema.EntityModel
	records []*exprtest.Record
	members map[string]string // exprtest's short ids of members and departments
	short   *strings.Replacer // short ids in expressions
}

// typeOf maps the kinds of exprtest's fields to field types.
func typeOf(f *expr.Field) (name, options string) {
	switch {
	case f.Select:
		return "select", `{"choices":[{"key":"open","label":"进行"},{"key":"won","label":"赢单"},{"key":"lost","label":"输单"}]}`
	case f.Kind == value.Ref && f.Ref == "member":
		return "member", ""
	case f.Kind == value.Ref && f.Ref == "department":
		return "department", ""
	case f.Kind == value.Ref:
		return "link", `{"entity":"` + f.Ref + `"}`
	case f.Kind == value.List && f.Elem == value.Text:
		return "tags", ""
	case f.Kind == value.List && f.Ref == "member":
		return "members", ""
	case f.Kind == value.List:
		return "links", `{"entity":"` + f.Ref + `"}`
	}
	return map[value.Kind]string{value.Number: "number", value.Text: "text", value.Bool: "boolean", value.Date: "date", value.Time: "datetime", value.Object: "location", value.Rows: "subform"}[f.Kind], ""
}

// keyOf is the key under which the app has a field: "parent" is a word of the
// expression language there.
func keyOf(key string) string {
	if key == "parent" {
		return "superior"
	}
	return key
}

func fieldsOf(e *expr.Entity) []*schema.Field {
	var out []*schema.Field
	for key, f := range e.Fields {
		if key == "id" || key == "owner" {
			continue
		}
		name, options := typeOf(f)
		d := &schema.Field{Key: keyOf(key), Name: schema.Text{ZH: key, EN: key}, Type: name, Options: json.RawMessage(options)}
		if f.Rows != nil {
			d.Fields = fieldsOf(f.Rows)
		}
		out = append(out, d)
	}
	return out
}

// newSample publishes the app and fills it with n records.
func newSample(t *testing.T, r *rand.Rand, n int) *sample {
	t.Helper()
	ctx := context.Background()
	s := &sample{Kit: enginetest.New(t), members: map[string]string{}}
	name := schema.Text{ZH: "样本", EN: "Sample"}
	app := &schema.App{Info: schema.Info{Key: "fuzz", Name: name, Params: []*schema.Param{
		{Key: "limit", Name: name, Type: "number", Value: json.RawMessage("100.5")}, {Key: "sign", Name: name, Type: "text", Value: json.RawMessage(`"` + exprtest.Sign + `"`)}}},
		Entities: []*schema.Entity{{Key: "customer", Name: name, Title: "{name}", Fields: fieldsOf(exprtest.Customer)}, {Key: "sample", Name: name, Title: "{t1}", Fields: fieldsOf(exprtest.Sample)}}}
	id := s.Publish(app)
	snap, err := s.Defs.At(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	s.Snapshot, s.entity = snap, snap.Entity("sample")
	s.people(t, id)
	for _, c := range exprtest.Generate(r, 8*n) {
		if len(s.records) == 0 || s.records[len(s.records)-1] != c.Record {
			s.records = append(s.records, c.Record)
		}
	}
	for _, rec := range s.records {
		s.adopt(rec)
		err := s.DB.InTx(ctx, func(tx *store.Tx) error {
			_, err := tx.Do(ctx, s.inserts(s.entity, rec)...)
			return err
		})
		if err != nil {
			t.Fatalf("%v: %s", err, rec.AppendJSON(nil))
		}
	}
	return s
}

// people makes the members and departments that exprtest names.
func (s *sample) people(t *testing.T, app string) {
	t.Helper()
	var pairs []string
	for _, m := range []string{"m1", "m2", "m3"} {
		s.members[m] = s.Member(m).ID
	}
	for _, d := range []string{"sales", "east"} {
		s.members[d] = enginetest.NewID()
		s.exec(t, `INSERT INTO tenon.department (id, workspace_id, name) VALUES ($1, $2, $3)`, store.UUID(s.members[d]), store.UUID(s.Kit.Workspace), store.Text(d))
	}
	s.exec(t, `INSERT INTO tenon.member_department (member_id, department_id) VALUES ($1, $2)`, store.UUID(s.members["m1"]), store.UUID(s.members["sales"]))
	s.exec(t, `INSERT INTO tenon.member_role (app_id, member_id, role_id) VALUES ($1, $2, 'manager')`, store.UUID(app), store.UUID(s.members["m1"]))
	for k, id := range s.members {
		pairs = append(pairs, `"`+k+`"`, `"`+id+`"`)
	}
	s.short = strings.NewReplacer(append(pairs, "customer.parent", "customer.superior")...)
}

func (s *sample) exec(t *testing.T, sql string, args ...store.Arg) {
	t.Helper()
	if _, err := s.DB.Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// adopt gives a generated record and all below it ids that a database takes.
func (s *sample) adopt(r *exprtest.Record) {
	r.ID = enginetest.NewID()
	for k, v := range r.Values {
		r.Values[k] = s.own(v)
	}
	for _, l := range r.Links {
		s.adopt(l)
	}
	for _, rows := range r.Many {
		for _, x := range rows {
			s.adopt(x)
		}
	}
}

func (s *sample) own(v value.Value) value.Value {
	id, known := s.members[v.Text()]
	switch {
	case v.Kind() == value.Text && known:
		return value.OfText(id)
	case v.Kind() == value.Ref:
		return value.OfRef(id)
	case v.Kind() == value.List:
		l := make([]value.Value, len(v.List()))
		for i, x := range v.List() {
			l[i] = s.own(x)
		}
		return value.OfList(l)
	}
	return v
}

// inserts writes a record, what it links to first.
func (s *sample) inserts(e *schema.EntityModel, r *exprtest.Record) []store.Stmt {
	var before, after []store.Stmt
	now := value.OfTime(s.Clock.Now())
	cols := []query.ColumnValue{{Field: e.Field("id"), Value: value.OfRef(r.ID)}, {Field: e.Field("created_at"), Value: now}, {Field: e.Field("updated_at"), Value: now}, {Field: e.Field("owner"), Value: r.Values["owner"]}}
	for key := range exprtest.Fields {
		f := e.Field(keyOf(key))
		if f == nil || f.System {
			continue
		}
		switch {
		case f.Storage == field.Child:
			rows := make([]value.Row, len(r.Many[key]))
			for i, x := range r.Many[key] {
				rows[i] = value.Row{ID: x.ID, Values: map[string]value.Value{}}
				for _, c := range f.Sub.Fields {
					if l := x.Links[c.Key()]; l != nil {
						before = append(before, s.inserts(c.Target, l)...)
					}
					rows[i].Values[c.Key()] = x.Get(c.Key())
				}
			}
			after = append(after, query.RowStmts(f, r.ID, nil, rows)...)
		case f.Storage == field.Links:
			for _, x := range r.Many[key] {
				before = append(before, s.inserts(f.Target, x)...)
			}
			after = append(after, query.LinkStmts(f, r.ID, nil, r.Get(key).List())...)
		default:
			if l := r.Links[key]; l != nil {
				before = append(before, s.inserts(f.Target, l)...)
			}
			cols = append(cols, query.ColumnValue{Field: f, Value: r.Get(key)})
		}
	}
	return append(append(before, query.InsertStmt(e, cols, nil, "")), after...)
}

// env is the surroundings of a case, without a record.
func (s *sample) env(t *testing.T, c exprtest.Case) *expr.Env {
	t.Helper()
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		t.Fatal(err)
	}
	e := &expr.Env{Now: c.Now, Zone: zone, Me: s.members[exprtest.Me], Roles: exprtest.Roles, Settings: exprtest.Settings(),
		Member: func(m, g string) bool { return m == s.members["m1"] && (g == s.members["sales"] || g == "manager") }}
	for _, d := range exprtest.Departments {
		e.Departments = append(e.Departments, s.members[d])
	}
	return e
}

// row shows a generated record to programs of the published app.
type row struct {
	r *exprtest.Record
	e *schema.EntityModel
}

func (x row) key(id string) string {
	if f := x.e.Field(id); f != nil && f.Key() != "superior" {
		return f.Key()
	}
	return "parent"
}

// Get implements expr.Row.
func (x row) Get(id string) value.Value { return x.r.Get(x.key(id)) }

// Follow implements expr.Row.
func (x row) Follow(id string) expr.Row {
	if l := x.r.Links[x.key(id)]; l != nil {
		return row{l, x.e.Field(id).Target}
	}
	return nil
}

// Rows implements expr.Row.
func (x row) Rows(id string) []expr.Row {
	f := x.e.Field(id)
	e := f.Target
	if f.Sub != nil {
		e = f.Sub
	}
	var out []expr.Row
	for _, r := range x.r.Many[x.key(id)] {
		out = append(out, row{r, e})
	}
	return out
}

package exprtest

import (
	"bytes"
	"sort"
	"time"

	"tenon/schema/expr"
	"tenon/schema/value"
)

// Case is one expression over one record.
type Case struct {
	Expr   string
	Record *Record
	Zone   string // IANA name of the workspace's zone
	Now    time.Time
}

// Record is a row of the sample entity, of a linked entity or of a sub-form.
// Links and rows stand under their field key and are not in Values.
type Record struct {
	ID     string
	Values map[string]value.Value
	Links  map[string]*Record
	Many   map[string][]*Record // many links and sub-forms
}

// Get implements expr.Row.
func (r *Record) Get(key string) value.Value {
	if key == "id" {
		return value.OfRef(r.ID)
	}
	if l := r.Links[key]; l != nil {
		return value.OfRef(l.ID)
	}
	many, ok := r.Many[key]
	if !ok {
		return r.Values[key]
	}
	if Fields[key].Kind == value.Rows {
		rows := make([]value.Row, len(many))
		for i, m := range many {
			rows[i] = value.Row{ID: m.ID, Values: m.Values}
		}
		return value.OfRows(rows)
	}
	ids := make([]value.Value, len(many))
	for i, m := range many {
		ids[i] = value.OfRef(m.ID)
	}
	return value.OfList(ids)
}

// Follow implements expr.Row.
func (r *Record) Follow(key string) expr.Row {
	if l := r.Links[key]; l != nil {
		return l
	}
	return nil
}

// Rows implements expr.Row.
func (r *Record) Rows(key string) []expr.Row {
	out := make([]expr.Row, len(r.Many[key]))
	for i, m := range r.Many[key] {
		out[i] = m
	}
	return out
}

// AppendJSON appends the record as the API sends it with its links expanded.
func (r *Record) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"id":`...)
	dst = value.AppendJSONString(dst, r.ID)
	key := func(k string) { dst = append(value.AppendJSONString(append(dst, ','), k), ':') }
	for _, k := range sorted(r.Values) {
		key(k)
		dst = r.Values[k].AppendJSON(dst)
	}
	for _, k := range sorted(r.Links) {
		key(k)
		dst = r.Links[k].AppendJSON(dst)
	}
	for _, k := range sorted(r.Many) {
		key(k)
		dst = append(dst, '[')
		for _, m := range r.Many[k] {
			dst = append(m.AppendJSON(dst), ',')
		}
		dst = append(bytes.TrimSuffix(dst, []byte{','}), ']')
	}
	return append(dst, '}')
}

func sorted[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func field(key string, k value.Kind) *expr.Field { return &expr.Field{ID: key, Key: key, Kind: k} }

func list(key string, elem value.Kind, ref string) *expr.Field {
	return &expr.Field{ID: key, Key: key, Kind: value.List, Elem: elem, Ref: ref}
}

func ref(key, to string) *expr.Field {
	return &expr.Field{ID: key, Key: key, Kind: value.Ref, Ref: to}
}

func entity(key string, fields ...*expr.Field) *expr.Entity {
	e := &expr.Entity{ID: key, Key: key, Fields: map[string]*expr.Field{"id": ref("id", key)}}
	for _, f := range fields {
		e.Fields[f.Key] = f
	}
	return e
}

func rows(key string, e *expr.Entity) *expr.Field {
	return &expr.Field{ID: key, Key: key, Kind: value.Rows, Rows: e}
}

// The entities. Customer has a link to itself and a sub-form, so that paths of
// several steps, one and many, exist.
var (
	Notes    = entity("notes", field("n", value.Number), field("body", value.Text))
	Customer = entity("customer", field("name", value.Text), field("amount", value.Number), field("since", value.Date), ref("owner", "member"), ref("parent", "customer"), rows("notes", Notes))
	Items    = entity("items", field("qty", value.Number), field("price", value.Number), field("label", value.Text), field("day", value.Date), field("done", value.Bool), ref("product", "customer"))
	Sample   = entity("sample", field("n1", value.Number), field("n2", value.Number), field("n3", value.Number), field("t1", value.Text), field("t2", value.Text), field("b1", value.Bool), field("b2", value.Bool),
		field("d1", value.Date), field("d2", value.Date), field("s1", value.Time), field("s2", value.Time), &expr.Field{ID: "status", Key: "status", Kind: value.Text, Select: true},
		list("tags", value.Text, ""), ref("owner", "member"), list("members", value.Ref, "member"), ref("team", "department"), ref("customer", "customer"), list("partners", value.Ref, "customer"),
		field("place1", value.Object), field("place2", value.Object), rows("items", Items))
)

// Fields are the fields of all entities by key; a key means the same kind
// everywhere.
var Fields = func() map[string]*expr.Field {
	all := map[string]*expr.Field{}
	for _, e := range []*expr.Entity{Notes, Customer, Items, Sample} {
		for k, f := range e.Fields {
			all[k] = f
		}
	}
	return all
}()

// Scope is what the expressions may name.
func Scope() *expr.Scope {
	all := map[string]*expr.Entity{"sample": Sample, "customer": Customer}
	return &expr.Scope{Entity: func(s string) *expr.Entity { return all[s] }, Roots: map[string]*expr.Entity{"record": Sample},
		Settings: map[string]expr.Type{"limit": expr.T(value.Number), "sign": expr.T(value.Text)}}
}

// The surroundings that all cases share.
const (
	Me   = "m1"
	Sign = "榫卯"
)

// Departments and Roles of the acting member.
var (
	Departments = []string{"sales", "east"}
	Roles       = []string{"manager", "经理"}
)

// Settings are the app's parameters.
func Settings() map[string]value.Value {
	return map[string]value.Value{"limit": number("100.5"), "sign": value.OfText(Sign)}
}

// Env is what evaluating the case in Go needs.
func (c Case) Env() *expr.Env {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		panic("exprtest: " + err.Error()) // the zones are constants of this package
	}
	return &expr.Env{Roots: map[string]expr.Row{"record": c.Record}, Now: c.Now, Zone: zone, Me: Me, Departments: Departments, Roles: Roles, Settings: Settings(),
		Member: func(m, g string) bool { return m == Me && (g == "sales" || g == "manager") }}
}

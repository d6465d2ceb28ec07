package query_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tenon/engine/query"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/expr/exprtest"
	"tenon/schema/value"
)

// TestFunctions_sqlOrReason: each function can be rendered or says why not.
func TestFunctions_sqlOrReason(t *testing.T) {
	t.Parallel()
	for _, f := range expr.All() {
		switch has := query.HasSQL(f); {
		case !has && f.NoSQL == "":
			t.Errorf("%s is neither in the tables of engine/query nor has a NoSQL reason", f.Name)
		case has && f.NoSQL != "":
			t.Errorf("%s has SQL and a reason why not: %s", f.Name, f.NoSQL)
		}
	}
	for _, name := range query.SQLNames() {
		if f, ok := expr.Lookup(name); !ok || f.Name != name {
			t.Errorf("engine/query renders a function %s that there is not", name)
		}
	}
}

// TestFunctions_nested: the SQL of nested calls grows with their number, not
// with its power: no function renders an argument more than once.
func TestFunctions_nested(t *testing.T) {
	t.Parallel()
	name := schema.Text{ZH: "样本", EN: "Sample"}
	app := &schema.App{Info: schema.Info{Key: "fuzz", Name: name, Params: []*schema.Param{
		{Key: "limit", Name: name, Type: "number", Value: json.RawMessage("100.5")}, {Key: "sign", Name: name, Type: "text", Value: json.RawMessage(`"x"`)}}},
		Entities: []*schema.Entity{{Key: "customer", Name: name, Title: "{name}", Fields: fieldsOf(exprtest.Customer)}, {Key: "sample", Name: name, Title: "{t1}", Fields: fieldsOf(exprtest.Sample)}}}
	schema.Normalize(app)
	m, faults := schema.Compile(app)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	e := m.Entity("sample")
	length := func(src string) int {
		p, err := expr.Compile(strings.ReplaceAll(src, "customer.parent", "customer.superior"), m.Scope(e))
		if err != nil {
			return 0 // too long for the parser
		}
		s, err := query.New(m, &expr.Env{Zone: time.UTC, Settings: exprtest.Settings()}, nil, e).Value(p.Root)
		if err != nil {
			return 0
		}
		return len(s)
	}
	places := map[value.Kind][]string{value.Number: {"{n}", "{n!}"}, value.Text: {"{t}", "{t!}"}, value.Bool: {"{b}"}, value.Date: {"{d}", "{d!}", "{w}"}, value.Time: {"{i}", "{i!}", "{w}"}}
	leaf := map[value.Kind]string{value.Number: "n1", value.Text: "t1", value.Bool: "b1", value.Date: "d1", value.Time: "s1"}
	nested := 0
	for _, tpl := range exprtest.Templates() {
		p, err := expr.Compile(strings.ReplaceAll(exprtest.Template(rand.New(rand.NewPCG(7, 7)), tpl), "customer.parent", "customer.superior"), m.Scope(e))
		if err != nil {
			t.Fatalf("%s: %v", tpl, err)
		}
		for _, place := range places[p.Type().Kind] {
			if !strings.Contains(tpl, place) {
				continue
			}
			s, first := leaf[p.Type().Kind], 0
			const levels = 7
			for level := range levels {
				s = exprtest.Template(rand.New(rand.NewPCG(7, 7)), strings.Replace(tpl, place, s, 1))
				n := length(s)
				if level == 0 {
					first = n
				}
				if n > 3*levels*(first+200) {
					t.Errorf("%s nested %d times has %d bytes of SQL, once %d", tpl, level+1, n, first)
					break
				}
				if level == levels-1 && n > 0 {
					nested++
				}
			}
		}
	}
	if nested < 60 {
		t.Errorf("only %d templates could be nested", nested)
	}
}

package expr_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/value"
)

type row map[string]any

func (r row) Get(id string) value.Value {
	if v, ok := r[id].(value.Value); ok {
		return v
	}
	return value.Value{}
}
func (r row) Follow(id string) expr.Row {
	if v, ok := r[id].(row); ok {
		return v
	}
	return nil
}
func (r row) Rows(id string) []expr.Row {
	var out []expr.Row
	if l, ok := r[id].([]row); ok {
		for _, x := range l {
			out = append(out, x)
		}
	}
	return out
}

func field(key string, k value.Kind) *expr.Field { return &expr.Field{ID: key, Key: key, Kind: k} }

func testScope() *expr.Scope {
	items := &expr.Entity{ID: "items", Key: "items", Fields: map[string]*expr.Field{"qty": field("qty", value.Number), "price": field("price", value.Number)}}
	customer := &expr.Entity{ID: "customer", Key: "customer", Fields: map[string]*expr.Field{"id": field("id", value.Ref), "name": field("name", value.Text)}}
	deal := &expr.Entity{ID: "deal", Key: "deal", Fields: map[string]*expr.Field{
		"id": field("id", value.Ref), "amount": field("amount", value.Number), "name": field("name", value.Text), "due": field("due", value.Date), "at": field("at", value.Time),
		"ok": field("ok", value.Bool), "status": {ID: "status", Key: "status", Kind: value.Text, Select: true},
		"tags": {ID: "tags", Key: "tags", Kind: value.List, Elem: value.Text}, "owner": {ID: "owner", Key: "owner", Kind: value.Ref, Ref: "member"},
		"customer": {ID: "customer", Key: "customer", Kind: value.Ref, Ref: "customer"}, "items": {ID: "items", Key: "items", Kind: value.Rows, Rows: items}}}
	all := map[string]*expr.Entity{"deal": deal, "customer": customer}
	return &expr.Scope{Entity: func(s string) *expr.Entity { return all[s] }, Roots: map[string]*expr.Entity{"record": deal, "old": deal},
		Settings: map[string]expr.Type{"limit": expr.T(value.Number)}}
}

func num(s string) value.Value {
	p, err := expr.Compile(s, testScope())
	if err != nil {
		panic(err)
	}
	v, _ := p.Eval(&expr.Env{})
	return v
}

func testEnv() *expr.Env {
	rec := row{"id": value.OfRef("r1"), "amount": num("100.10"), "name": value.OfText("中文 deal"), "due": value.OfDate(2026, 11, 25), "status": value.OfText("won"),
		"tags": value.OfList([]value.Value{value.OfText("vip"), value.OfText("new")}), "owner": value.OfRef("m1"),
		"customer": row{"id": value.OfRef("c1"), "name": value.OfText("云图")},
		"items":    []row{{"qty": num("2"), "price": num("1.5")}, {"qty": num("3"), "price": num("0.1")}, {}}}
	old := row{"amount": num("50"), "status": value.OfText("open")}
	return &expr.Env{Roots: map[string]expr.Row{"record": rec, "old": old}, Now: time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC),
		Zone: time.FixedZone("CST", 8*3600), Me: "m1", Settings: map[string]value.Value{"limit": num("100")},
		Query: func(q *expr.Query, _ *expr.Env) (value.Value, error) { return value.OfInt(7), nil }}
}

func TestEval(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, out string }{
		{"0.1 + 0.2 == 0.3", "true"}, {"amount > 100", "true"}, {"record.amount * 2", "200.2"}, {"1/3", `"0.333333333333333333"`}, {"2/0", "null"},
		{"-7 % 3", "-1"}, {"ok == nil", "true"}, {"ok", "null"}, {"not ok", "true"}, {"amount > nil", "false"}, {"nil == nil", "true"}, {"amount + nil", "null"},
		{`status == "won" and changed_to("status", "won")`, "true"}, {`changed("amount")`, "true"}, {`changed_from("status", "open")`, "true"},
		{`customer.name + "!"`, `"云图!"`}, {"record.customer.name", `"云图"`}, {"sum(items, .qty * .price)", "3.3"}, {"SUM(items.qty)", "5"},
		{"any(items, .qty > 2)", "true"}, {"all(items, .qty > 2)", "false"}, {"count(items, .qty == nil)", "1"}, {"len(items)", "3"},
		{`"vip" in tags`, "true"}, {`tags contains "x"`, "false"}, {`status in ["won", "lost"]`, "true"}, {"amount in 100..101", "true"},
		{"due - today()", "2"}, {"days_until(due)", "2"}, {`due > "2026-11-24"`, "true"}, {"due + 3", `"2026-11-28"`}, {"now() > due", "false"},
		{"owner == me()", "true"}, {`setting("limit") + 1`, "101"}, {`count_records("deal", "it.amount > record.amount")`, "7"},
		{`IF(amount > 100, "big", "small")`, `"big"`}, {`ok ?? true`, "true"}, {`status == "won" ? 1 : 2`, "1"}, {"2 ** 10", "1024"}, {"12345678901234567890 + 1", `"12345678901234567891"`},
		{"map(items, .qty)", "[2,3,null]"}, {"not (status in ['lost'])", "true"}, {`status not in ['lost']`, "true"},
	} {
		p, err := expr.Compile(c.in, testScope())
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		v, err := p.Eval(testEnv())
		if got := string(v.AppendJSON(nil)); err != nil || got != c.out {
			t.Errorf("%s = %s, %v; want %s", c.in, got, err, c.out)
		}
		if _, err := p.Eval(&expr.Env{}); err != nil && fault.CodeOf(err) != "expr.no_query" {
			t.Errorf("%s on an empty record: %v", c.in, err)
		}
	}
}

func TestCompile_faultsHavePositions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, code string
		from     int
	}{
		{"amout > 1", "expr.unknown_name", 0}, {"1 + nope(2)", "expr.unknown_function", 4}, {"amount > 'x'", "expr.compare", 7}, {"amount >", "expr.unended", 7}, {"1 + (", "expr.unended", 4}, {"amount ) + 1", "expr.token", 7}, {"amount ＞ 1", "expr.symbol", 7}, {"name == \"x", "expr.quotes", 10},
		{"name * 2", "expr.type", 0}, {`name matches "a"`, "expr.refused", 5}, {"ROUND()", "expr.arguments", 0}, {"customer.nme", "expr.unknown_name", 9},
		{"let x = 1; x", "expr.refused", 4}, {`count_records("deal", "it.amout > 1")`, "expr.unknown_name", 26}, {`due > "tomorrow"`, "expr.literal", 6}, {"now.Format", "expr.unknown_name", 0},
	} {
		_, err := expr.Compile(c.in, testScope())
		var f *fault.Fault
		var l fault.List
		if errors.As(err, &l) {
			f = l[0]
		} else {
			errors.As(err, &f)
		}
		if f == nil || f.Code != c.code {
			t.Errorf("%s: %v, want %s", c.in, err, c.code)
			continue
		}
		if got := f.Params["from"]; got != c.from {
			t.Errorf("%s: position %v, want %d", c.in, got, c.from)
		}
	}
}

func TestCompile_budgets(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("(", 500000)
	for _, src := range []string{deep, "1" + string(make([]byte, 9000)), "\x00"} {
		if _, err := expr.Compile(src, testScope()); err == nil {
			t.Errorf("accepted %d bytes", len(src))
		}
	}
	s := testScope()
	p, err := expr.Compile(`CONCATENATE(name,name,name,name)`, s)
	if err != nil {
		t.Fatal(err)
	}
	big := make([]byte, 30000)
	for i := range big {
		big[i] = 'x'
	}
	if _, err := p.Eval(&expr.Env{Roots: map[string]expr.Row{"record": row{"name": value.OfText(string(big))}}}); fault.CodeOf(err) != "expr.text_too_long" {
		t.Errorf("long text: %v", err)
	}
}

func TestFunctions_examples(t *testing.T) {
	t.Parallel()
	for _, f := range expr.All() {
		if f.Group == "operator" {
			continue
		}
		if f.Label.ZH == "" || f.Label.EN == "" || f.Help.ZH == "" || f.Help.EN == "" {
			t.Errorf("%s lacks help in a language", f.Name)
		}
		for _, x := range f.Examples {
			p, err := expr.Compile(x.In, testScope())
			if err != nil {
				t.Errorf("%s: %v", x.In, err)
				continue
			}
			v, err := p.Eval(&expr.Env{})
			if got := string(v.AppendJSON(nil)); err != nil || got != x.Out {
				t.Errorf("%s = %s, %v; want %s", x.In, got, err, x.Out)
			}
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	p, err := expr.Compile(`amount > 100 and status == "won"`, testScope())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, s := range p.Explain(testEnv()) {
		seen[s.Text] = string(s.Value.AppendJSON(nil))
	}
	want := map[string]string{"amount": "100.1", "amount > 100": "true", "status": `"won"`}
	for k, v := range want {
		if seen[k] != v {
			b, _ := json.Marshal(seen)
			t.Fatalf("%s = %q, want %q in %s", k, seen[k], v, b)
		}
	}
}

func TestExplain_TellsWholeParts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		want []string
	}{
		{`customer.name == "云图" or owner == me()`, []string{`customer.name == "云图" or owner == me()`, `customer.name == "云图"`, "customer.name", "owner == me()", "owner", "me()"}},
		{`(amount > 1 or ok) and record.customer.name == "("`, []string{`(amount > 1 or ok) and record.customer.name == "("`, "amount > 1 or ok", "amount > 1", "amount", "ok", `record.customer.name == "("`, "record.customer.name"}},
		{`owner == me() and owner != me()`, []string{"owner == me() and owner != me()", "owner == me()", "owner", "me()", "owner != me()"}},
		{`status in ["won", "lost"]`, []string{`status in ["won", "lost"]`, "status"}},
		{`days_until(due) < 3`, []string{"days_until(due) < 3", "days_until(due)", "due"}},
		{`old.amount > sum(items, .qty * .price)`, []string{"old.amount > sum(items, .qty * .price)", "old.amount", "sum(items, .qty * .price)", "items"}},
	} {
		p, err := expr.Compile(c.in, testScope())
		if err != nil {
			t.Fatal(c.in, err)
		}
		var got []string
		for _, s := range p.Explain(testEnv()) {
			got = append(got, s.Text)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

package expr_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tenon/schema/catalog"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/value"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got, one element a line, with a file of testdata, or writes
// it with -update.
func golden[T any](t *testing.T, name string, got []T) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("[\n")
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i, x := range got {
		if i > 0 {
			b.Truncate(b.Len() - 1)
			b.WriteString(",\n")
		}
		if err := enc.Encode(x); err != nil {
			t.Fatal(err)
		}
	}
	b.WriteString("]\n")
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(want, b.Bytes()) {
		t.Errorf("%s is stale: run go test ./schema/expr -update (%v)", file, err)
	}
}

type argDoc struct {
	Name     string   `json:"name"`
	Kinds    []string `json:"kinds,omitempty"`
	Optional bool     `json:"optional,omitempty"`
	Variadic bool     `json:"variadic,omitempty"`
}

type exampleDoc struct {
	In  string          `json:"in"`
	Out json.RawMessage `json:"out"`
}

type funcDoc struct {
	Name     string        `json:"name"`
	Aliases  []string      `json:"aliases,omitempty"`
	Group    string        `json:"group"`
	Label    catalog.Label `json:"label"`
	Help     catalog.Label `json:"help"`
	Args     []argDoc      `json:"args,omitempty"`
	Volatile bool          `json:"volatile,omitempty"`
	NoSQL    string        `json:"no_sql,omitempty"`
	NoClient string        `json:"no_client,omitempty"`
	Examples []exampleDoc  `json:"examples"`
}

func TestFunctions_golden(t *testing.T) {
	t.Parallel()
	var docs []funcDoc
	for _, f := range expr.All() {
		if f.Group == "operator" {
			continue
		}
		d := funcDoc{Name: f.Name, Aliases: f.Aliases, Group: f.Group, Label: f.Label, Help: f.Help, Volatile: f.Volatile, NoSQL: f.NoSQL, NoClient: f.NoClient}
		for _, a := range f.Args {
			x := argDoc{Name: a.Name, Optional: a.Optional, Variadic: a.Variadic}
			for _, k := range a.Kinds {
				x.Kinds = append(x.Kinds, k.String())
			}
			d.Args = append(d.Args, x)
		}
		for _, e := range f.Examples {
			d.Examples = append(d.Examples, exampleDoc{e.In, json.RawMessage(e.Out)})
		}
		docs = append(docs, d)
	}
	golden(t, "functions.golden.json", docs)
}

var spans = regexp.MustCompile(`,"s":\[\d+,\d+\]`)

// TestExamples_golden keeps the trees of all examples for the browser's tests.
func TestExamples_golden(t *testing.T) {
	t.Parallel()
	type example struct {
		In   string          `json:"in"`
		Tree json.RawMessage `json:"tree"`
		Out  json.RawMessage `json:"out"`
	}
	var out []example
	for _, f := range expr.All() {
		for _, e := range f.Examples {
			p, err := expr.Compile(e.In, testScope())
			if err != nil {
				t.Fatalf("%s: %v", e.In, err)
			}
			tree, err := json.Marshal(p.Root)
			if err != nil {
				t.Fatal(err)
			}
			// Spans are for explanations; without them an edit of a text is no change here.
			out = append(out, example{e.In, spans.ReplaceAll(tree, nil), json.RawMessage(e.Out)})
		}
	}
	golden(t, "examples.golden.json", out)
}

func TestFunctions_documented(t *testing.T) {
	t.Parallel()
	for _, f := range expr.All() {
		if f.Group == "operator" {
			continue
		}
		null := len(f.Args) == 0
		for _, e := range f.Examples {
			null = null || strings.Contains(e.In, "nil") || e.Out == "null"
		}
		if len(f.Examples) < 3 || !null {
			t.Errorf("%s has %d examples, with null: %t", f.Name, len(f.Examples), null)
		}
		for _, a := range f.Args {
			if a.Name == "" || strings.ToLower(a.Name) != a.Name {
				t.Errorf("%s: argument name %q", f.Name, a.Name)
			}
		}
	}
}

func eval(t *testing.T, src string, env *expr.Env) (string, error) {
	t.Helper()
	p, err := expr.Compile(src, testScope())
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	v, err := p.Eval(env)
	return string(v.AppendJSON(nil)), err
}

func TestEval_rows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, out string }{
		{"sum(filter(items, .qty > 2), .price)", "0.1"}, {"sum(filter(filter(items, .qty > 1), .qty > 2), .qty)", "3"}, {"count(filter(items, .qty == nil))", "1"},
		{"items.qty", "[2,3,null]"}, {"SUMPRODUCT(items.qty, items.price)", "3.3"}, {"SUMIF(items.price, \">1\", items.qty)", "2"}, {"COUNT(items.qty)", "2"}, {"LEN(items.qty)", "3"}, {"COUNT(items)", "3"},
		{"sum(1, 2)", "3"}, {"count(1, 2)", "2"}, {"AND(map(items, .qty > 1))", "false"}, {"OR(map(items, .qty > 2))", "true"}, {"CONTAINS(name, \"中\")", "true"}, {"MAX(due, DATE(2027, 1, 1))", `"2027-01-01"`},
		{"amount in 2..99999999999999999999999", "true"}, {"[123456789012345678901]", `["123456789012345678901"]`}, {"0.333333333333333333", `"0.333333333333333333"`},
		{`["m1"] == [owner]`, "true"},
	} {
		if got, err := eval(t, c.in, testEnv()); err != nil || got != c.out {
			t.Errorf("%s = %s, %v; want %s", c.in, got, err, c.out)
		}
	}
}

// TestEval_clocks: civil times that a zone skips or shows twice follow Postgres.
func TestEval_clocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, in, out string }{
		{"America/New_York", "DATE(2026, 3, 8, 2, 30, 0)", `"2026-03-08T07:30:00Z"`},                              // skipped: offset before
		{"America/New_York", "DATE(2026, 11, 1, 1, 30, 0)", `"2026-11-01T06:30:00Z"`},                             // twice: the second
		{"America/New_York", `add_days("2026-03-07T07:30:00Z", 1)`, `"2026-03-08T07:30:00Z"`},                     // 02:30 the day before
		{"America/Sao_Paulo", `DATE(2018, 11, 4) >= FROM_TIMESTAMP(1541300400000)`, "true"},                       // midnight is skipped
		{"Asia/Shanghai", `DATE(2026, 11, 22, 0, 0, 0)`, `"2026-11-21T16:00:00Z"`},                                //
		{"Asia/Shanghai", `TEXT(FROM_TIMESTAMP(577043999999), "yyyy-MM-dd HH:mm:ss")`, `"1988-04-15 01:59:59"`},   //
		{"Asia/Shanghai", `days_between("2026-11-21T15:59:59Z", "2026-11-21T16:00:00Z")`, "1"},                    //
		{"Asia/Shanghai", `is_birthday("1990-11-22", "2026-11-21T16:00:00Z")`, "true"},                            //
		{"UTC", `days_between("0001-01-01", "9999-12-31")`, "3652058"},                                            // longer than a time.Duration
		{"UTC", `hours_between("0001-01-01", "9999-12-31")`, "87649392"},                                          //
		{"UTC", `add_hours("0001-01-01", 87649392)`, `"9999-12-31T00:00:00Z"`},                                    //
		{"UTC", `add_days("9999-12-31", 1)`, "null"},                                                              //
		{"UTC", `add_days("2026-01-01", 99999999999999999999)`, "null"},                                           //
		{"UTC", `add_workdays("2026-09-30", 3, "2026-10-01", "2026-10-02", "2026-10-05")`, `"2026-10-08"`},        //
		{"UTC", `add_workdays("2026-10-08", -3, ["2026-10-01", "2026-10-02"])`, `"2026-10-05"`},                   //
		{"UTC", `NETWORKDAYS("2026-10-01", "2026-10-31", ["2026-10-01", "2026-10-01", "2026-10-03", "x"])`, "21"}, //
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := eval(t, c.in, &expr.Env{Zone: zone}); err != nil || got != c.out {
			t.Errorf("%s in %s = %s, %v; want %s", c.in, c.zone, got, err, c.out)
		}
	}
}

// TestEval_bombs: small sources must not take much time or memory.
func TestEval_bombs(t *testing.T) {
	t.Parallel()
	nest := func(n int, before, mid, after string) string {
		return strings.Repeat(before, n) + mid + strings.Repeat(after, n)
	}
	for _, c := range []struct{ in, code string }{
		{`JOIN(SPLIT(REPT(",", 60000), ","), REPT("x", 60000))`, "expr.text_too_long"},
		{`SUBSTITUTE(REPT("a", 60000), "a", REPT("b", 60000))`, "expr.text_too_long"},
		{`REPT("ab", 99999999999999999999)`, "expr.text_too_long"},
		{`CONCATENATE(map(SPLIT(REPT(",", 60000), ","), REPT("x", 60000)))`, "expr.budget"},
		{`map(SPLIT(REPT(",", 60000), ","), SPLIT(REPT(",", 60000), ","))`, "expr.budget"},
		{`map(SPLIT(REPT(",", 60000), ","), REPT("x", 60000))`, "expr.budget"},
		{`POWER(99999999999999999999, 100)`, "expr.overflow"},
		{nest(28, "filter(", "items", ", true)"), ""},
		{nest(28, "IF(", "amount", " in 1..2, 1, 2)"), ""},
	} {
		start := time.Now()
		if _, err := eval(t, c.in, testEnv()); fault.CodeOf(err) != c.code {
			t.Errorf("%.60s: %v, want %q", c.in, err, c.code)
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%.60s took %v", c.in, d)
		}
	}
	for _, c := range []string{"1e-5000000", "0e-5000000 + 1", "1e-300", "1e-19", "100000000000000000000000000000000000000"} {
		if _, err := expr.Compile(c, testScope()); err == nil {
			t.Errorf("%s was accepted", c)
		}
	}
}

func TestDistance_symmetric(t *testing.T) {
	t.Parallel()
	env := testEnv()
	for _, c := range []struct{ in, out string }{
		{`DISTANCE("0,0", "0,180")`, "20015114"}, {`DISTANCE("90,0", "-90,0")`, "20015114"}, {`DISTANCE("0,0", "0,1")`, "111195"}, {`DISTANCE("51.5,-0.12", "51.5,-0.12")`, "0"},
		{`DISTANCE("31.2304,121.4737", "39.9042,116.4074") == DISTANCE("39.9042,116.4074", "31.2304,121.4737")`, "true"},
	} {
		if got, err := eval(t, c.in, env); err != nil || got != c.out {
			t.Errorf("%s = %s, %v; want %s", c.in, got, err, c.out)
		}
	}
}

func TestCompile_functionTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		kind value.Kind
	}{
		{"DATE(2026, 1, 1)", value.Date}, {"DATE(2026, 1, 1, 0, 0, 0)", value.Time}, {"MAX(items.qty)", value.Number}, {"MAX(due, at)", value.Time}, {"FIRST(tags)", value.Text}, {"UNION(tags, [name])", value.List},
		{`SWITCH(status, "won", due, at)`, value.Null}, {`SWITCH(status, "won", at, due)`, value.Time}, {"MAX(due, 1)", value.Null}, {"SUMPRODUCT(tags)", value.Null}, {`SUMIFS(items.qty, items.qty)`, value.Null}, {"UNION(tags, items.qty)", value.Null},
	} {
		p, err := expr.Compile(c.in, testScope())
		if c.kind == value.Null {
			if err == nil {
				t.Errorf("%s was accepted", c.in)
			}
		} else if err != nil || p.Type().Kind != c.kind {
			t.Errorf("%s: %v, want %s", c.in, err, c.kind)
		}
	}
}

package query_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"

	"tenon/engine/query"
	"tenon/engine/store"
	"tenon/schema/expr"
	"tenon/schema/expr/exprtest"
	"tenon/schema/fault"
	"tenon/schema/value"
)

var seed = flag.Uint64("query.seed", 20261122, "seed of the random expressions")

// fuzzRecords is how many records each expression is compared on.
const fuzzRecords = 12

// TestFuzz_goAndSQL compares the evaluation in memory with SQL on random
// expressions over records in tables: the value, and for conditions also the
// rows that WHERE keeps. 3,000 cases, or 100,000 with TENON_TEST_FULL=1.
//
// An evaluation that ends in a fault (a number of more than 38 digits, a text
// of more than 64 KB, the budget) is not compared: SQL may answer anything for
// that row, or refuse the whole statement when the fault lies in constants.
func TestFuzz_goAndSQL(t *testing.T) {
	t.Parallel()
	rounds, n := 1, 3_000
	if os.Getenv("TENON_TEST_FULL") != "" {
		rounds, n = 10, 10_000
	}
	for round := range rounds {
		// Records anew for each round: few of them see many expressions.
		r := rand.New(rand.NewPCG(*seed, uint64(round)))
		f := &fuzz{sample: newSample(t, r, fuzzRecords), without: map[string]int{}}
		cases := exprtest.Generate(r, n)
		for i, tpl := range exprtest.Templates() {
			cases[i*7%n].Expr = exprtest.Template(r, tpl)
		}
		f.run(t, cases)
		t.Logf("seed %d, round %d: %d values of %d expressions compared, %d faults, without SQL: %v", *seed, round, f.compared, f.done, f.faults, f.without)
		if f.done < n*3/4 || f.compared < f.done*fuzzRecords*3/4 {
			t.Errorf("only %d values of %d expressions could be compared", f.compared, f.done)
		}
	}
}

func (f *fuzz) run(t *testing.T, cases []exprtest.Case) {
	var wg sync.WaitGroup
	const workers = 4
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(cases) && f.failed() < 40; i += workers {
				f.compare(t, cases[i])
			}
		})
	}
	wg.Wait()
}

type fuzz struct {
	*sample
	mu                            sync.Mutex
	done, compared, faults, wrong int
	without                       map[string]int
}

func (f *fuzz) failed() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.wrong
}

func (f *fuzz) fail(t *testing.T, format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wrong++
	t.Errorf(format, args...)
}

// compare checks one expression on all records.
func (f *fuzz) compare(t *testing.T, c exprtest.Case) {
	src := f.short.Replace(c.Expr)
	p, err := expr.Compile(src, f.Scope(f.entity))
	if err != nil {
		f.fail(t, "%s: %v", src, err)
		return
	}
	env := f.env(t, c)
	want, faults := f.inGo(p, *env)
	stmts, err := f.statements(p, env)
	if err != nil {
		f.refused(t, src, err, faults)
		return
	}
	got, err := f.DB.Read(context.Background(), stmts...)
	if err != nil {
		if faults == 0 {
			f.fail(t, "%s in %s: %v\n%s", src, c.Zone, err, stmts[0].SQL)
		}
		return
	}
	compared := 0
	for _, row := range got[0].Rows {
		w := want[string(row[0])]
		if w.err != nil {
			continue
		}
		compared++
		if s := shown(p.Type(), row[1]); s != w.text {
			f.fail(t, "%s in %s at %s\n go: %s\nsql: %s\nrecord: %s\n%s %s", src, c.Zone, c.Now, w.text, s, w.record.AppendJSON(nil), stmts[0].SQL, argsText(stmts[0].Args))
			return
		}
	}
	if len(got) > 1 {
		kept := map[string]bool{}
		for _, row := range got[1].Rows {
			kept[string(row[0])] = true
		}
		for id, w := range want {
			if w.err == nil && kept[id] != (w.text == "true") {
				f.fail(t, "WHERE %s in %s: go %s, kept: %t\nrecord: %s\n%s %s", src, c.Zone, w.text, kept[id], w.record.AppendJSON(nil), stmts[1].SQL, argsText(stmts[1].Args))
				return
			}
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done++
	f.compared += compared
	f.faults += faults
}

type answer struct {
	record *exprtest.Record
	text   string
	err    error
}

func (f *fuzz) inGo(p *expr.Program, env expr.Env) (out map[string]answer, faults int) {
	out = map[string]answer{}
	for _, r := range f.records {
		env.Roots = map[string]expr.Row{"record": row{r, f.entity}}
		v, err := p.Eval(&env)
		if err != nil {
			faults++
		}
		out[r.ID] = answer{r, canonical(v), err}
	}
	return out, faults
}

// statements are the SQL of an expression as a value and as a condition.
func (f *fuzz) statements(p *expr.Program, env *expr.Env) ([]store.Stmt, error) {
	g := query.New(f.Model, env, nil, f.entity)
	s, err := g.Value(p.Root)
	if err != nil {
		return nil, err
	}
	if p.Type().Kind == value.Time {
		s = "(extract(epoch FROM " + s + ") * 1000000)::bigint"
	}
	from := " FROM " + query.Table(f.entity) + " t"
	out := []store.Stmt{{SQL: "SELECT t.id, " + s + from, Args: g.Args}}
	if p.Type().Kind == value.Bool {
		g := query.New(f.Model, env, nil, f.entity)
		s, err := g.Cond(p.Root)
		if err != nil {
			return nil, err
		}
		out = append(out, store.Stmt{SQL: "SELECT t.id" + from + " WHERE " + s, Args: g.Args})
	}
	return out, nil
}

// refused counts an expression that has no SQL. A fault of constants is one of
// every evaluation that reaches them.
func (f *fuzz) refused(t *testing.T, src string, err error, faults int) {
	name := fault.CodeOf(err)
	var ft *fault.Fault
	switch {
	case errors.Is(err, query.ErrNoSQL.New()) && errors.As(err, &ft):
		name = fmt.Sprint(ft.Params["name"])
		if fn, ok := expr.Lookup(name); !ok || fn.NoSQL == "" && ft.Params["reason"] == "-" {
			f.fail(t, "%s: %v", src, err)
		}
	case name == "expr.overflow" || name == "expr.budget" || name == "expr.text_too_long":
	default:
		f.fail(t, "%s: %v", src, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.without[name]++
}

// canonical is one text per value.
func canonical(v value.Value) string {
	switch v.Kind() {
	case value.Null:
		return "null"
	case value.Time:
		return fmt.Sprint(v.Time().UnixMicro())
	case value.List:
		parts := make([]string, len(v.List()))
		for i, x := range v.List() {
			parts[i] = canonical(x)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case value.Text, value.Ref:
		return fmt.Sprintf("%q", v.Text())
	}
	return v.String()
}

// shown is the text of a value as Postgres sent it.
func shown(t expr.Type, raw []byte) string {
	if raw == nil {
		return "null"
	}
	switch t.Kind {
	case value.Bool:
		return map[string]string{"t": "true", "f": "false"}[string(raw)]
	case value.Number:
		d, err := decimal.NewFromString(string(raw))
		if err != nil {
			return string(raw)
		}
		return d.String()
	case value.Text, value.Ref:
		return fmt.Sprintf("%q", raw)
	case value.List:
		return shownArray(t, string(raw))
	}
	return string(raw)
}

// shownArray reads the text form of an array, nulls too.
func shownArray(t expr.Type, s string) string {
	var parts []string
	elem := expr.T(t.Elem)
	if elem.Kind == value.Null {
		elem.Kind = value.Text
	}
	for s = strings.TrimSuffix(strings.TrimPrefix(s, "{"), "}"); s != ""; s = strings.TrimPrefix(s, ",") {
		if s[0] != '"' {
			x, rest, more := strings.Cut(s, ",")
			if s = rest; more {
				s = "," + rest
			}
			if x == "NULL" {
				parts = append(parts, "null")
			} else {
				parts = append(parts, shown(elem, []byte(x)))
			}
			continue
		}
		b := []byte{}
		for s = s[1:]; s[0] != '"'; s = s[1:] {
			if s[0] == '\\' {
				s = s[1:]
			}
			b = append(b, s[0])
		}
		s = s[1:]
		parts = append(parts, shown(elem, b))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func argsText(args []store.Arg) string {
	var b strings.Builder
	for i, a := range args {
		if a.Val == nil {
			fmt.Fprintf(&b, " $%d=NULL", i+1)
		} else {
			fmt.Fprintf(&b, " $%d=%q", i+1, a.Val)
		}
	}
	return b.String()
}

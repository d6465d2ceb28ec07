package expr_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"tenon/schema/expr"
	"tenon/schema/expr/exprtest"
	"tenon/schema/fault"
	"tenon/schema/value"
)

var seed = flag.Uint64("expr.seed", 20261122, "seed of the differential cases")

// outcome is what one evaluator says about a case.
type outcome struct {
	Expr   string          `json:"expr"`
	Tree   *expr.Node      `json:"tree"`
	Record json.RawMessage `json:"record"`
	Zone   string          `json:"zone"`
	Now    string          `json:"now"`
	Env    map[string]any  `json:"env"`
	Kind   string          `json:"kind,omitempty"`
	Want   value.Value     `json:"want"`
	Fault  string          `json:"fault,omitempty"`
}

func kindName(k value.Kind) string {
	if k == value.Ref {
		return "text" // the browser holds ids as texts
	}
	return k.String()
}

var surroundings = map[string]any{"me": exprtest.Me, "departments": exprtest.Departments, "roles": exprtest.Roles, "settings": exprtest.Settings()}

func outcomeOf(t testing.TB, c exprtest.Case) (outcome, bool) {
	p, err := expr.Compile(c.Expr, exprtest.Scope())
	if err != nil {
		t.Errorf("%s: %v", c.Expr, err)
		return outcome{}, false
	}
	o := outcome{Expr: c.Expr, Tree: p.Root, Record: c.Record.AppendJSON(nil), Zone: c.Zone, Now: c.Now.Format("2006-01-02T15:04:05.999999Z07:00"), Env: surroundings}
	v, err := p.Eval(c.Env())
	if err != nil {
		if o.Fault = fault.CodeOf(err); o.Fault == "internal" {
			t.Errorf("%s: %v", c.Expr, err)
			return o, false
		}
		return o, true
	}
	o.Kind, o.Want = kindName(v.Kind()), v
	return o, true
}

// bundle makes one JavaScript file of the browser's evaluator.
func bundle(t *testing.T) (node, file string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not on PATH: the browser's evaluator cannot be compared with Go's")
	}
	out, err := exec.Command(node, "--version").Output()
	if major, _, _ := strings.Cut(strings.TrimPrefix(string(out), "v"), "."); err != nil || len(major) < 2 || major < "20" {
		t.Skipf("node %s is older than 20", strings.TrimSpace(string(out)))
	}
	front, err := filepath.Abs("../../frontend")
	if err != nil {
		t.Fatal(err)
	}
	cli := filepath.Join(front, "node_modules", "rolldown", "bin", "cli.mjs")
	if _, err := os.Stat(cli); err != nil {
		t.Skip("frontend/node_modules is missing: run npm ci in frontend to compare the evaluators")
	}
	// Read what node will read, so that go test does not answer from its cache
	// after a change of these files.
	sources, _ := filepath.Glob(filepath.Join(front, "src", "expr", "*.ts"))
	for _, f := range append(sources, filepath.Join("testdata", "compare.mjs")) {
		if _, err := os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	file = filepath.Join(t.TempDir(), "expr.mjs")
	cmd := exec.Command(node, cli, "src/expr/testing.ts", "--format", "esm", "--file", file)
	cmd.Dir = front
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("bundle the evaluator: %v\n%s", err, out)
	}
	return node, file
}

// computed runs all cases on two goroutines and writes them to a file.
func computed(t *testing.T, cases []exprtest.Case) string {
	t.Helper()
	lines := make([][]byte, len(cases))
	var wg sync.WaitGroup
	const workers = 2
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(cases); i += workers {
				o, ok := outcomeOf(t, cases[i])
				if !ok {
					continue
				}
				b, err := json.Marshal(o)
				if err != nil {
					t.Errorf("%s: %v", cases[i].Expr, err)
				}
				lines[i] = b
			}
		})
	}
	wg.Wait()
	file := filepath.Join(t.TempDir(), "cases.jsonl")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	for _, l := range lines {
		if l != nil {
			_, _ = w.Write(append(l, '\n')) // the first error is kept for Flush
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestDifferential_browser compares the two evaluators on random expressions:
// 20,000 cases, or 100,000 with TENON_FULL=1.
func TestDifferential_browser(t *testing.T) {
	node, js := bundle(t)
	n := 20_000
	if os.Getenv("TENON_FULL") != "" {
		n = 100_000
	}
	r := rand.New(rand.NewPCG(*seed, 1))
	cases := exprtest.Generate(r, n)
	// Every template at least a few times, however the dice fall.
	for _, tpl := range exprtest.Templates() {
		for i, c := range exprtest.Generate(r, 3) {
			c.Expr = exprtest.Template(r, tpl)
			cases[len(cases)-1-i] = c
		}
		cases = slices.Concat(cases[len(cases)-3:], cases[:len(cases)-3])
	}
	out, err := exec.Command(node, filepath.Join("testdata", "compare.mjs"), js, computed(t, cases)).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	var sum struct {
		Count, Failed int
		Unsupported   map[string]int
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &sum); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, l := range lines[:len(lines)-1] {
		t.Errorf("seed %d: %s", *seed, l)
	}
	for what := range sum.Unsupported {
		if f, ok := expr.Lookup(what); !ok || f.NoClient == "" {
			t.Errorf("the browser refuses %q without a reason", what)
		}
	}
	if sum.Count != n || sum.Failed > 0 {
		t.Errorf("%d of %d cases differ, %d cases sent", sum.Failed, sum.Count, n)
	}
}

// TestDifferential_everyFunction: each function is in the browser's table or
// says why not, and the generator has a template for it.
func TestDifferential_everyFunction(t *testing.T) {
	templates := strings.ToLower(strings.Join(exprtest.Templates(), "\n"))
	// Names of other records' values and of the change are not random cases.
	notRandom := []string{"changed", "changed_to", "changed_from"}
	for _, f := range expr.All() {
		if f.Group == "operator" || slices.Contains(notRandom, f.Name) {
			continue
		}
		used := false
		for _, n := range append([]string{f.Name}, f.Aliases...) {
			used = used || regexp.MustCompile(`\b`+strings.ToLower(n)+`\(`).MatchString(templates)
		}
		if !used {
			t.Errorf("exprtest has no template for %s", f.Name)
		}
	}
	node, js := bundle(t)
	out, err := exec.Command(node, filepath.Join("testdata", "compare.mjs"), js).Output()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	if err := json.Unmarshal(out, &names); err != nil {
		t.Fatal(err)
	}
	for _, f := range expr.All() {
		if f.Go != nil && f.NoClient == "" && !slices.Contains(names, f.Name) {
			t.Errorf("%s is neither in frontend/src/expr/functions.ts nor has a NoClient reason", f.Name)
		}
	}
	for _, n := range names {
		if f, ok := expr.Lookup(n); !ok || f.Name != n {
			t.Errorf("the browser has a function %s that Go has not", n)
		}
	}
}

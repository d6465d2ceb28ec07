package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

// goTest runs the Go tests and shows every package as it ends.
func (r *testRun) goTest(ctx context.Context) (tally, error) {
	flags := []string{"-timeout", "20m"}
	env := slices.Clone(r.env)
	switch {
	case r.short:
		flags = append(flags, "-short")
	case r.full:
		flags = []string{"-timeout", "150m"}
		env = append(env, fullVariable+"=1")
	}
	return r.streamGoTest(ctx, env, flags, r.pkgs)
}

// racePackages are those with goroutines of their own.
var racePackages = []string{"./engine/...", "./workflow/...", "./api/..."}

func (r *testRun) goTestRace(ctx context.Context) (tally, error) {
	var pkgs []string
	for _, pattern := range racePackages {
		if r.p.has(strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/...")) {
			pkgs = append(pkgs, pattern)
		}
	}
	return r.streamGoTest(ctx, r.env, []string{"-race", "-short", "-timeout", "60m"}, pkgs)
}

func (r *testRun) streamGoTest(ctx context.Context, env, flags, pkgs []string) (tally, error) {
	pipe, out := io.Pipe()
	shown := &goTestOutput{started: map[string]time.Time{}, output: map[string]*bytes.Buffer{}, print: func(s string) { fmt.Print(s) }}
	beat, quiet := context.WithCancel(ctx)
	go shown.heartbeat(beat, time.Minute)
	read := make(chan error, 1)
	go func() { read <- shown.read(pipe) }()
	err := r.p.job(ctx, job{env: env, out: out, name: "go", args: slices.Concat([]string{"test", "-json"}, flags, pkgs)})
	out.Close()
	err = errors.Join(err, <-read)
	quiet()
	// What the race detector finds once is there, whether it shows again or not.
	again := shown.again()
	if shown.failed > 0 && again != nil && ctx.Err() == nil && !slices.Contains(flags, "-race") {
		if err = r.secondChance(ctx, env, flags, again, &shown.tally); err == nil {
			return shown.tally, nil
		}
	}
	if shown.failed > 0 {
		err = fmt.Errorf("%d tests failed", shown.failed)
	}
	if err == nil && shown.passed == 0 {
		err = errors.New("no test ran")
	}
	return shown.tally, err
}

// mostAgain is how many tests may fail and be run again: a busy machine trips
// up one or two, a fault in the product many.
const mostAgain = 3

// secondChance runs tests that failed once more, each by itself. One that
// passes then is named as flaky, for somebody to look into, and fails nothing.
func (r *testRun) secondChance(ctx context.Context, env, flags []string, tests []failedTest, t *tally) error {
	for _, x := range tests {
		args := slices.Concat([]string{"test", "-count=1"}, flags, []string{"-run", "^" + x.name + "$", x.pkg})
		if err := r.p.job(ctx, job{env: env, name: "go", args: args}); err != nil {
			return err
		}
		fmt.Printf("flaky %s %s: failed, and passed when run again\n", x.pkg, x.name)
		t.failed -= x.count
		t.passed += x.count
	}
	return nil
}

// failedTest is a test on the top level with how many tests it failed, its parts included.
type failedTest struct {
	pkg, name string
	count     int
}

// goTestOutput turns the events of `go test -json` into lines for people:
// nothing of what passes, everything of what fails.
type goTestOutput struct {
	mu sync.Mutex
	tally
	started map[string]time.Time     // packages at work
	output  map[string]*bytes.Buffer // by package and test
	tests   map[string]int           // finished tests by package
	broken  map[string]bool          // packages with a failed test
	fails   []failedTest
	whole   bool // something failed that is no test: a build, a package
	print   func(string)
}

// again gives the tests that are worth another try; nil when what failed are
// not just a few tests.
func (g *goTestOutput) again() []failedTest {
	if g.whole || len(g.fails) > mostAgain {
		return nil
	}
	return g.fails
}

type goTestEvent struct {
	Action, Package, Test, Output, ImportPath string
	Elapsed                                   float64
}

func (g *goTestOutput) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e goTestEvent
			if line[0] == '{' && json.Unmarshal(line, &e) == nil {
				g.event(e)
			} else {
				g.print(string(line)) // what the compiler or a crash says
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (g *goTestOutput) event(e goTestEvent) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.tests == nil {
		g.tests, g.broken = map[string]int{}, map[string]bool{}
	}
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		g.print(e.Output)
	case "start":
		g.started[e.Package] = time.Now()
	case "output":
		if g.output[key] == nil {
			g.output[key] = &bytes.Buffer{}
		}
		g.output[key].WriteString(e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			g.endPackage(e, key)
			return
		}
		g.endTest(e, key)
	}
}

func (g *goTestOutput) endTest(e goTestEvent, key string) {
	g.tests[e.Package]++
	switch e.Action {
	case "pass":
		g.passed++
	case "skip":
		g.skipped++
		if b := g.output[key]; b != nil {
			g.print("skip  " + e.Package + " " + e.Test + ": " + reason(b.String()) + "\n")
		}
	case "fail":
		g.failed++
		g.broken[e.Package] = true
		g.note(e)
		if b := g.output[key]; b != nil {
			g.print("FAIL  " + e.Package + " " + e.Test + "\n" + withoutMarks(b.String()))
		}
	}
	delete(g.output, key)
}

// note keeps a failed test under its name on the top level.
func (g *goTestOutput) note(e goTestEvent) {
	root, _, _ := strings.Cut(e.Test, "/")
	for i, x := range g.fails {
		if x.pkg == e.Package && x.name == root {
			g.fails[i].count++
			return
		}
	}
	g.fails = append(g.fails, failedTest{e.Package, root, 1})
}

func (g *goTestOutput) endPackage(e goTestEvent, key string) {
	delete(g.started, e.Package)
	b := g.output[key]
	delete(g.output, key)
	switch {
	case e.Action == "fail":
		if !g.broken[e.Package] {
			g.failed++ // it did not build, or ended outside a test
			g.whole = true
		}
		if b != nil {
			g.print(b.String())
		}
		g.print(fmt.Sprintf("FAIL  %-44s %6.1f s  %d tests\n", e.Package, e.Elapsed, g.tests[e.Package]))
	case g.tests[e.Package] > 0:
		cached := ""
		if b != nil && strings.Contains(b.String(), "(cached)") {
			cached = ", cached"
		}
		g.print(fmt.Sprintf("ok    %-44s %6.1f s  %d tests%s\n", e.Package, e.Elapsed, g.tests[e.Package], cached))
	}
}

// withoutMarks drops the lines by which go test says that it runs, pauses and
// goes on with a test.
func withoutMarks(output string) string {
	var kept strings.Builder
	for line := range strings.Lines(output) {
		if !strings.HasPrefix(line, "=== ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// reason finds what a skipped test said.
func reason(output string) string {
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "===") && !strings.HasPrefix(line, "---") {
			return line
		}
	}
	return "no reason given"
}

// heartbeat says what is still at work, so that a long package is no silence.
func (g *goTestOutput) heartbeat(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			g.mu.Lock()
			var busy []string
			for name, since := range g.started {
				if d := time.Since(since); d > every/2 {
					busy = append(busy, fmt.Sprintf("%s (%.0f s)", strings.TrimPrefix(name, "tenon/"), d.Seconds()))
				}
			}
			g.mu.Unlock()
			sort.Strings(busy)
			if len(busy) > 0 {
				g.print("…     still at work: " + strings.Join(busy, ", ") + "\n")
			}
		}
	}
}

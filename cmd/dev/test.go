package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

var testCommand = command{
	name: "test", usage: "[--full] [--short pkg…]",
	summary: "run every test, installing what is missing",
	run:     runTests,
}

// fullVariable tells tests that the long ones are wanted.
const fullVariable = "TENON_TEST_FULL"

// tally counts tests.
type tally struct{ passed, failed, skipped int }

func (t *tally) add(o tally) {
	t.passed, t.failed, t.skipped = t.passed+o.passed, t.failed+o.failed, t.skipped+o.skipped
}

// stage is one step of a test run. A stage whose needs failed is not run.
type stage struct {
	name  string
	about string
	needs []string
	run   func(ctx context.Context) (tally, error)
}

// outcome is what became of a stage.
type outcome struct {
	tally
	took    time.Duration
	err     error
	skipped string // why it was not run
}

// testRun is what the stages of one run share.
type testRun struct {
	p     *project
	full  bool
	short bool
	pkgs  []string
	// env is added to what go test and the journeys see: the databases.
	env []string
	// scratch is removed at the end.
	scratch string
}

func runTests(ctx context.Context, p *project, set *flag.FlagSet, args []string) (err error) {
	full := set.Bool("full", false, "also run the long tests: kills, fuzz, soak, the race detector")
	short := set.Bool("short", false, "run only the short Go tests of the packages named")
	if err := set.Parse(args); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go whenParentEnds(ctx, stop)
	// What we start with a parent-death signal lives as long as this thread.
	runtime.LockOSThread()

	scratch, err := os.MkdirTemp("", "tenon-dev-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	r := &testRun{p: p, full: *full, short: *short, pkgs: set.Args(), scratch: scratch}
	if len(r.pkgs) == 0 {
		r.pkgs = []string{"./..."}
	}
	databases := &databases{run: r}
	defer func() { err = errors.Join(err, databases.stop()) }()
	return report(ctx, os.Stdout, r.stages(databases))
}

// stages is the plan of the run.
func (r *testRun) stages(db *databases) []stage {
	plain := func(f func(context.Context) error) func(context.Context) (tally, error) {
		return func(ctx context.Context) (tally, error) { return tally{}, f(ctx) }
	}
	all := []stage{
		{name: "tools", about: "PostgreSQL, Redis, Chromium, a Chinese font; installed if missing", run: plain(r.p.installTools)},
		{name: "databases", about: "a private Postgres and Redis for the tests", needs: []string{"tools"}, run: plain(db.start)},
	}
	goTests := stage{name: "go test", about: strings.Join(r.pkgs, " "), needs: []string{"databases"}, run: r.goTest}
	if r.short {
		return append(all, goTests)
	}
	all = append(all, stage{name: "check", about: "formatting, vet, staticcheck, laws, generated files", run: plain(r.p.check)})
	if r.p.has("frontend", "package.json") {
		all = append(all, stage{name: "node", about: "Node.js and the UI's dependencies", run: plain(r.prepareNode)})
		for _, s := range []struct{ script, about string }{
			{"check", "types of the UI (tsc)"},
			{"lint", "form of the UI's sources"},
		} {
			if r.hasScript(s.script) {
				all = append(all, stage{name: "ui " + s.script, about: s.about, needs: []string{"node"}, run: plain(r.npm(s.script))})
			}
		}
		if r.hasScript("test") {
			all = append(all, stage{name: "ui test", about: "the UI's own tests (vitest)", needs: []string{"node"}, run: r.vitest})
		}
		all = append(all, stage{name: "ui build", about: "the UI as the binary carries it", needs: []string{"node"}, run: plain(r.p.buildUI)})
	}
	all = append(all, goTests)
	if r.full {
		all = append(all, stage{name: "go test -race", about: "the concurrent packages under the race detector", needs: []string{"databases"}, run: r.goTestRace})
	}
	if r.hasScript("e2e") {
		all = append(all, stage{name: "ui screens", about: "a browser against single screens on fixture data (npm run e2e)", needs: []string{"tools", "ui build"}, run: r.screens})
	}
	if r.hasScript("journeys") && r.p.has("cmd", "tenon") {
		all = append(all, stage{name: "journeys", about: "a browser against the product (npm run journeys)", needs: []string{"tools", "ui build"}, run: r.journeys})
	}
	return all
}

// report prints the plan, runs it, and prints what became of every stage. The
// last line is one that test runners read.
func report(ctx context.Context, out io.Writer, plan []stage) error {
	fmt.Fprintln(out, "plan:")
	for i, s := range plan {
		fmt.Fprintf(out, "%3d. %-14s %s\n", i+1, s.name, s.about)
	}
	outcomes := map[string]*outcome{}
	var total tally
	for _, s := range plan {
		o := &outcome{}
		outcomes[s.name] = o
		for _, need := range s.needs {
			if n := outcomes[need]; n != nil && (n.err != nil || n.skipped != "") {
				o.skipped = need + " failed"
			}
		}
		if ctx.Err() != nil {
			o.skipped = "interrupted"
		}
		if o.skipped != "" {
			continue
		}
		fmt.Fprintf(out, "\n== %s\n", s.name)
		began := time.Now()
		o.tally, o.err = s.run(ctx)
		o.took = time.Since(began)
		if o.err != nil {
			fmt.Fprintf(out, "-- %s failed: %v\n", s.name, o.err)
			// A failure without a failed test, such as one of the build.
			if o.failed == 0 {
				o.failed = 1
			}
		}
		total.add(o.tally)
	}
	fmt.Fprintln(out, "\nsummary:")
	bad := false
	for _, s := range plan {
		o := outcomes[s.name]
		verdict, counts := "ok", ""
		switch {
		case o.skipped != "":
			verdict, counts, bad = "not run", "("+o.skipped+")", true
		case o.err != nil:
			verdict, bad = "FAILED", true
		}
		if o.passed+o.failed > 0 {
			counts = fmt.Sprintf("%d passed, %d failed, %d skipped", o.passed, o.failed, o.tally.skipped)
		}
		fmt.Fprintf(out, "  %-14s %-8s %8s  %s\n", s.name, verdict, o.took.Round(100*time.Millisecond), counts)
	}
	fmt.Fprintf(out, "\n%d passed, %d failed, %d skipped\n", total.passed, total.failed, total.skipped)
	if bad {
		return errFailed
	}
	return nil
}

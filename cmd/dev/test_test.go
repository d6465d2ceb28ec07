package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestGoTestOutput_countsAndShowsFailures(t *testing.T) {
	t.Parallel()
	var shown strings.Builder
	g := &goTestOutput{started: map[string]time.Time{}, output: map[string]*bytes.Buffer{}, print: func(s string) { shown.WriteString(s) }}
	events := `{"Action":"start","Package":"tenon/a"}
{"Action":"run","Package":"tenon/a","Test":"TestGood"}
{"Action":"output","Package":"tenon/a","Test":"TestGood","Output":"quiet please\n"}
{"Action":"pass","Package":"tenon/a","Test":"TestGood","Elapsed":0.1}
{"Action":"output","Package":"tenon/a","Test":"TestBad","Output":"a_test.go:3: wrong\n"}
{"Action":"fail","Package":"tenon/a","Test":"TestBad","Elapsed":0.1}
{"Action":"output","Package":"tenon/a","Test":"TestLater","Output":"=== RUN   TestLater\n"}
{"Action":"output","Package":"tenon/a","Test":"TestLater","Output":"    a_test.go:9: no network\n"}
{"Action":"skip","Package":"tenon/a","Test":"TestLater"}
{"Action":"fail","Package":"tenon/a","Elapsed":1.5}
{"Action":"start","Package":"tenon/b"}
{"ImportPath":"tenon/b","Action":"build-output","Output":"b.go:1: undefined: x\n"}
{"Action":"fail","Package":"tenon/b","Elapsed":0}
{"Action":"start","Package":"tenon/c"}
{"Action":"skip","Package":"tenon/c","Elapsed":0}
panic: something of the tool itself
`
	if err := g.read(strings.NewReader(events)); err != nil {
		t.Fatal(err)
	}
	if want := (tally{passed: 1, failed: 2, skipped: 1}); g.tally != want {
		t.Errorf("counted %+v, want %+v", g.tally, want)
	}
	for _, want := range []string{"a_test.go:3: wrong", "b.go:1: undefined: x", "no network", "panic: something", "FAIL  tenon/a"} {
		if !strings.Contains(shown.String(), want) {
			t.Errorf("not shown: %s", want)
		}
	}
	for _, never := range []string{"quiet please", "tenon/c", "ok  "} {
		if strings.Contains(shown.String(), never) {
			t.Errorf("shown: %s", never)
		}
	}
}

func TestGoTestOutput_namesWhatIsTriedAgain(t *testing.T) {
	fails := func(events ...goTestEvent) []failedTest {
		g := &goTestOutput{started: map[string]time.Time{}, output: map[string]*bytes.Buffer{}, print: func(string) {}}
		for _, e := range events {
			e.Action = "fail"
			g.event(e)
		}
		return g.again()
	}
	got := fails(goTestEvent{Package: "p", Test: "TestA/x"}, goTestEvent{Package: "p", Test: "TestA"}, goTestEvent{Package: "q", Test: "TestB"}, goTestEvent{Package: "p"}, goTestEvent{Package: "q"})
	if want := []failedTest{{"p", "TestA", 2}, {"q", "TestB", 1}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := fails(goTestEvent{Package: "p"}); got != nil {
		t.Errorf("a package that does not build is tried again: %v", got)
	}
	var many []goTestEvent
	for _, name := range []string{"TestA", "TestB", "TestC", "TestD"} {
		many = append(many, goTestEvent{Package: "p", Test: name})
	}
	if got := fails(many...); got != nil {
		t.Errorf("many failures are tried again: %v", got)
	}
}

func TestReport_runsEveryStageWhoseNeedsHold(t *testing.T) {
	t.Parallel()
	var ran []string
	var shown strings.Builder
	step := func(name string, n tally, err error, needs ...string) stage {
		return stage{name: name, needs: needs, run: func(context.Context) (tally, error) {
			ran = append(ran, name)
			return n, err
		}}
	}
	err := report(t.Context(), &shown, []stage{
		step("tools", tally{}, nil),
		step("node", tally{}, errors.New("no Node.js")),
		step("ui test", tally{}, nil, "node"),
		step("journeys", tally{}, nil, "ui test"),
		step("go test", tally{passed: 3}, nil, "tools"),
	})
	if !errors.Is(err, errFailed) {
		t.Errorf("got %v", err)
	}
	if got := strings.Join(ran, " "); got != "tools node go test" {
		t.Errorf("ran %s", got)
	}
	if !strings.HasSuffix(shown.String(), "\n3 passed, 1 failed, 0 skipped\n") {
		t.Errorf("the last line does not count: %s", shown.String())
	}
	if err := report(t.Context(), io.Discard, []stage{step("go test", tally{passed: 1}, nil)}); err != nil {
		t.Errorf("all passed, yet %v", err)
	}
}

func TestRecentNode(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{"v20.19.0": true, "v20.20.2": true, "v22.0.0": true, "v20.18.3": false, "v18.20.4": false, "": false} {
		if got := recentNode(version); got != want {
			t.Errorf("%s: %v", version, got)
		}
	}
}

// sample is a project of a few files.
func sample(t *testing.T, files map[string]string) *project {
	t.Helper()
	p := &project{root: t.TempDir()}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(p.path(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p.path(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func TestUIStamp_followsTheSourcesOnly(t *testing.T) {
	t.Parallel()
	p := sample(t, map[string]string{"frontend/src/a.ts": "1", "frontend/embed.go": "package frontend", "frontend/dist/x.js": "1", "frontend/node_modules/m/i.js": "1"})
	stamp := func() string {
		s, err := p.uiStamp(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	change := func(name string) {
		if err := os.WriteFile(p.path(name), []byte("2"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	first := stamp()
	for _, name := range []string{"frontend/embed.go", "frontend/dist/x.js", "frontend/node_modules/m/i.js"} {
		change(name)
	}
	if stamp() != first {
		t.Error("something that is no source of the UI made it stale")
	}
	change("frontend/src/a.ts")
	second := stamp()
	if second == first {
		t.Error("a changed source did not make it stale")
	}
	if err := os.Rename(p.path("frontend/src/a.ts"), p.path("frontend/src/b.ts")); err != nil {
		t.Fatal(err)
	}
	if stamp() == second {
		t.Error("a renamed source did not make it stale")
	}
}

func TestNodeModulesFresh(t *testing.T) {
	t.Parallel()
	const lock = `{"packages":{"":{"version":"0"},"node_modules/a":{"version":"1","integrity":"x"},"node_modules/mac":{"version":"1","integrity":"y","optional":true}}}`
	for _, c := range []struct {
		name, have string
		want       bool
	}{
		{"nothing installed", "", false},
		{"all that this machine needs", `{"packages":{"node_modules/a":{"version":"1","integrity":"x"}}}`, true},
		{"another version", `{"packages":{"node_modules/a":{"version":"2","integrity":"z"}}}`, false},
		{"one missing", `{"packages":{}}`, false},
		{"one too many", `{"packages":{"node_modules/a":{"version":"1","integrity":"x"},"node_modules/b":{"version":"1"}}}`, false},
	} {
		files := map[string]string{"frontend/package-lock.json": lock}
		if c.have != "" {
			files["frontend/node_modules/.package-lock.json"] = c.have
		}
		if got := sample(t, files).nodeModulesFresh(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestListenAddress(t *testing.T) {
	t.Parallel()
	taken, err := listenAddress("", false)
	if err != nil || !strings.HasPrefix(taken, "127.0.0.1:80") && !strings.HasPrefix(taken, "127.0.0.1:81") {
		t.Errorf("the default is %s, %v", taken, err)
	}
	if open, err := listenAddress("", true); err != nil || !strings.HasPrefix(open, "0.0.0.0:") {
		t.Errorf("on the local network: %s, %v", open, err)
	}
	if own, err := listenAddress(":0", false); err != nil || own != "127.0.0.1:0" {
		t.Errorf("a bare port listens on %s, %v", own, err)
	}
	if _, err := listenAddress("203.0.113.1:80", false); err == nil {
		t.Error("listens on an address that is not ours")
	}
}

func TestQRText_isSquare(t *testing.T) {
	t.Parallel()
	code, err := qrText("http://192.168.1.20:8080")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(code, "\n"), "\n")
	width := len([]rune(strings.TrimSuffix(strings.TrimPrefix(lines[0], "\x1b[30;47m"), "\x1b[0m")))
	if len(lines) != (width+1)/2 {
		t.Errorf("%d columns on %d lines", width, len(lines))
	}
}

// TestScaffold_works makes one part of every kind and tries its examples inside
// the package it is for, without touching the tree.
func TestScaffold_works(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles packages")
	}
	t.Parallel()
	p, err := openProject()
	if err != nil {
		t.Fatal(err)
	}
	kinds := partKinds()
	if len(kinds) == 0 {
		t.Fatal("no kind of part can be made")
	}
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			files, err := scaffold(kind, "star_sign", "星座")
			if err != nil {
				t.Fatal(err)
			}
			overlay := struct{ Replace map[string]string }{map[string]string{}}
			pkgs := map[string]bool{}
			for name, text := range files {
				if filepath.Ext(name) != ".go" {
					continue
				}
				at := filepath.Join(t.TempDir(), filepath.Base(name))
				if err := os.WriteFile(at, text, 0o644); err != nil {
					t.Fatal(err)
				}
				overlay.Replace[p.path(name)] = at
				pkgs["./"+filepath.Dir(name)] = true
			}
			text, err := json.Marshal(overlay)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "overlay.json")
			if err := os.WriteFile(file, text, 0o644); err != nil {
				t.Fatal(err)
			}
			for pkg := range pkgs {
				// Its examples hold from the start; tests that list the parts do not
				// know it yet, and rightly say so.
				if out, err := p.output(t.Context(), "go", "test", "-overlay", file, "-run", "(?i)example", pkg); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			}
		})
	}
	for _, bad := range []string{"", "Star", "star-sign", "../x", "1st"} {
		if _, err := scaffold(kinds[0], bad, "星座"); err == nil {
			t.Errorf("the name %q was taken", bad)
		}
	}
}

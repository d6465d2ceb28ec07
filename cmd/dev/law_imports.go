package main

import (
	"strings"
)

// module is the prefix of our own import paths.
const module = "tenon/"

// layers are the top-level folders from the bottom up. Tests follow only this
// order; other code also follows directions.
var layers = map[string]int{"schema": 0, "engine": 1, "workflow": 2, "templates": 1, "frontend": 2, "api": 3, "cmd": 4}

// directions says, for each package, which of ours it may import. A pattern
// ending in /... covers everything under it; the first that fits a package
// counts. A package that fits none must be added here, with a thought.
var directions = []struct {
	pkg string
	may []string
}{
	{"schema/fault", nil},
	{"schema/value", []string{"schema/fault"}},
	{"schema/catalog", []string{"schema/fault"}},
	{"schema/panel", []string{"schema/catalog"}},
	{"schema/field/...", []string{"schema/fault", "schema/value", "schema/catalog", "schema/panel", "schema/field/..."}},
	{"schema/expr", []string{"schema/fault", "schema/value", "schema/catalog"}},
	{"schema/view", []string{"schema/fault", "schema/value", "schema/catalog", "schema/panel", "schema/field"}},
	{"schema/chart", []string{"schema/fault", "schema/value", "schema/catalog", "schema/panel", "schema/field"}},
	{"schema/meta", []string{"schema", "schema/fault", "schema/catalog"}},
	{"schema/expr/exprtest", []string{"schema/expr", "schema/value"}},
	{"schema", []string{"schema/..."}},

	{"engine/cluster", []string{"schema/fault"}},
	{"engine/cluster/clustertest", []string{"engine/cluster"}},
	{"engine/event", []string{"schema/..."}},
	{"engine/store", []string{"schema/...", "engine/event"}},
	{"engine/access", []string{"schema/...", "engine/event"}},
	{"engine/query", []string{"schema/...", "engine/event", "engine/access", "engine/store"}},
	{"engine/compute", []string{"schema/...", "engine/event"}},
	{"engine/rule", []string{"schema/...", "engine/event"}},
	{"engine/identity", []string{"schema/...", "engine/event", "engine/store", "engine/access"}},
	{"engine/desk", []string{"schema/...", "engine/store", "engine/identity", "engine/access"}},
	{"engine/definition", []string{"schema/...", "engine/event", "engine/store", "engine/query", "engine/compute", "engine/access", "engine/rule"}},
	{"engine/record", []string{"schema/...", "engine/event", "engine/store", "engine/query", "engine/compute", "engine/access", "engine/rule", "engine/definition"}},
	{"engine/transfer", []string{"schema/...", "engine", "engine/event", "engine/identity", "engine/store", "engine/query", "engine/access", "engine/definition", "engine/record"}},
	// Installing an app and moving data stand above the facade and use it.
	{"engine/install", []string{"schema/...", "engine", "engine/access", "engine/definition", "engine/record", "engine/store", "templates/sample"}},
	{"engine", []string{"schema/...", "engine/..."}},

	{"workflow/queue", []string{"schema/fault"}},
	// The engine lends its session (engine/record) and its statements
	// (engine/store) to the workflow: an effect and its checkpoint are one commit.
	{"workflow/store", []string{"schema/...", "engine/store"}},
	{"workflow/action", []string{"schema/...", "engine", "engine/record", "workflow/store"}},
	{"workflow/relay", []string{"schema/...", "engine", "engine/definition", "engine/query", "engine/store", "workflow/..."}},
	{"workflow/...", []string{"schema/...", "engine", "engine/access", "engine/definition", "engine/record", "engine/store", "workflow/..."}},

	{"templates/...", []string{"schema/...", "templates/..."}},
	{"frontend", nil},
	// Law: api imports no store; what it needs of Postgres the engine's packages do.
	{"api", []string{"schema/...", "engine", "engine/access", "engine/definition", "engine/desk", "engine/identity", "engine/install", "engine/query", "engine/record", "engine/transfer", "workflow/...", "templates/..."}},
	{"cmd/dev", []string{"engine/cluster", "engine/cluster/clustertest", "cmd/dev/bench"}},
	{"cmd/dev/bench", []string{"engine/cluster", "engine/query"}},
	{"cmd/tenon", []string{"schema/...", "engine/...", "workflow/...", "api", "templates/...", "frontend"}},
}

// directionOf finds what a package may import.
func directionOf(pkg string) (may []string, known bool) {
	for _, d := range directions {
		if within(pkg, d.pkg) {
			return d.may, true
		}
	}
	return nil, false
}

func checkImports(t *tree) (out []finding) {
	unknown := map[string]bool{}
	for _, f := range t.files {
		may, known := directionOf(f.pkg)
		if !known && kit(f.pkg) {
			known = true
		}
		if !known && !unknown[f.pkg] {
			unknown[f.pkg] = true
			out = append(out, finding{f.pkg, "unknown package; add it to directions in cmd/dev/law_imports.go"})
		}
		if !known {
			continue
		}
		for _, i := range t.importsOf(f) {
			target, ours := strings.CutPrefix(i.path, module)
			if !ours || target == f.pkg {
				continue
			}
			if why := refuses(f, target, may); why != "" {
				out = append(out, finding{i.at, f.pkg + " must not import " + target + ": " + why})
			}
		}
	}
	return out
}

// refuses says why a file must not import one of our packages, "" if it may.
func refuses(f *goFile, target string, may []string) string {
	top := func(pkg string) int { first, _, _ := strings.Cut(pkg, "/"); return layers[first] }
	if f.test || kit(f.pkg) {
		// A template's tests install it; they reach up for the product. Tests of
		// definitions try them on the templates.
		if top(target) > top(f.pkg) && !strings.HasPrefix(f.pkg, "templates") && !strings.HasPrefix(target, "templates") {
			return "it lies above"
		}
		return ""
	}
	if kit(target) && f.pkg != "cmd/dev" {
		return "it is for tests only"
	}
	if !withinAny(target, may) {
		return "the directions in cmd/dev/law_imports.go do not allow it"
	}
	return ""
}

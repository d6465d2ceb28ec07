package main

import (
	"go/ast"
	"strings"
)

// clockExempt may ask the machine for the time: they deal with processes and
// sockets, not with business instants.
var clockExempt = []string{"engine/cluster/...", "cmd/...", "frontend", "workflow/queue"}

// jitterExempt may use randomness that no result depends on, to spread retries,
// or a seeded generator whose results are the same every time (sample data).
var jitterExempt = []string{"templates/crm_lifecycle", "engine/store", "workflow/queue", "workflow/relay"}

// checkClock: instants and random ids come from outside, so that a test can
// move months in a millisecond and repeat itself.
func checkClock(t *tree) (out []finding) {
	for _, f := range t.files {
		if f.test || kit(f.pkg) || withinAny(f.pkg, clockExempt) {
			continue
		}
		for _, i := range t.importsOf(f) {
			if strings.HasPrefix(i.path, "math/rand") && !withinAny(f.pkg, jitterExempt) {
				out = append(out, finding{i.at, "randomness is injected, or is crypto/rand where it guards something"})
			}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" && (sel.Sel.Name == "Now" || sel.Sel.Name == "Since" || sel.Sel.Name == "Until") {
				out = append(out, finding{t.at(n), "time." + sel.Sel.Name + " is read in cmd only; take the instant from the injected clock"})
			}
			return true
		})
	}
	return out
}

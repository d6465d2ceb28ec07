package main

import (
	"bytes"
	"go/format"
	"path"
	"slices"
	"strings"
)

// topLevel is everything that may lie in the root.
var topLevel = []string{
	"cmd", "engine", "schema", "workflow", "api", "frontend", "templates",
	"go.mod", "go.sum", "docker-compose.yml", "README.md",
	".ci", ".gitignore", ".gitattributes", "LICENSE",
}

// vagueNames say nothing of what a package is for.
var vagueNames = []string{"util", "utils", "common", "helper", "helpers", "base", "types", "misc", "shared"}

func checkTopLevel(t *tree) (out []finding) {
	seen := map[string]bool{}
	for _, name := range t.names {
		top, _, _ := strings.Cut(name, "/")
		if !slices.Contains(topLevel, top) && !seen[top] {
			seen[top] = true
			out = append(out, finding{top, "the top level is closed; move it, or give it a reason in topLevel"})
		}
	}
	for _, f := range t.files {
		if slices.Contains(vagueNames, path.Base(f.pkg)) && !seen[f.pkg] {
			seen[f.pkg] = true
			out = append(out, finding{f.pkg, "name the package after what it does"})
		}
	}
	return out
}

func checkFormatting(t *tree) (out []finding) {
	for _, f := range t.files {
		if want, err := format.Source(f.text); err != nil || !bytes.Equal(want, f.text) {
			out = append(out, finding{f.name, "not formatted; run gofmt -w " + f.name})
		}
	}
	return out
}

// checkPackageDocs wants a package comment that says more than the name, in
// every package.
func checkPackageDocs(t *tree) (out []finding) {
	docs, names, order := map[string]string{}, map[string]string{}, []string{}
	for _, f := range t.files {
		if f.test {
			continue
		}
		if _, ok := docs[f.pkg]; !ok {
			docs[f.pkg] = ""
			order = append(order, f.pkg)
			names[f.pkg] = f.ast.Name.Name
		}
		if doc := f.ast.Doc.Text(); len(doc) > len(docs[f.pkg]) {
			docs[f.pkg] = doc
		}
	}
	for _, pkg := range order {
		doc := docs[pkg]
		start := "Package " + names[pkg] + " "
		if names[pkg] == "main" {
			start = "Command " + path.Base(pkg) + " "
		}
		if !strings.HasPrefix(doc, start) {
			out = append(out, finding{pkg, "no package comment that starts with \"" + start + "…\""})
		}
	}
	return out
}

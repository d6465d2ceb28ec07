package main

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"strconv"
	"strings"
)

// law is something that holds for the whole code base. Each is also a test of
// this package.
type law struct {
	name  string
	check func(t *tree) []finding
}

// finding is one breach: where, and what to do about it.
type finding struct{ at, text string }

// laws are all of them; each has a file of its own.
var laws = []law{
	{"formatting", checkFormatting},
	{"top level", checkTopLevel},
	{"package documentation", checkPackageDocs},
	{"import direction", checkImports},
	{"library home", checkLibraries},
	{"part names", checkPartNames},
	{"injected clock", checkClock},
	{"SQL homes", checkSQLHomes},
	{"database clock", checkDatabaseClock},
	{"old Postgres", checkOldPostgres},
}

// tree is the source of the project, read once.
type tree struct {
	fset  *token.FileSet
	names []string // every source file of any language, by its path from the root
	files []*goFile
	sql   []textFile // embedded SQL
	has   func(names ...string) bool
}

// goFile is one parsed Go file.
type goFile struct {
	name string // path from the root
	pkg  string // folder from the root
	test bool
	text []byte
	ast  *ast.File
}

type textFile struct{ name, text string }

// tree reads the project's sources.
func (p *project) tree(ctx context.Context) (*tree, error) {
	names, err := p.sources(ctx, ".")
	if err != nil {
		return nil, err
	}
	t := &tree{fset: token.NewFileSet(), has: p.has}
	for _, name := range names {
		if strings.Contains("/"+name, "/testdata/") {
			t.names = append(t.names, name)
			continue
		}
		text, err := os.ReadFile(p.path(name))
		if os.IsNotExist(err) {
			continue // deleted, not yet committed
		}
		if err != nil {
			return nil, err
		}
		t.names = append(t.names, name)
		switch path.Ext(name) {
		case ".go":
			if err := t.addGo(name, text); err != nil {
				return nil, err
			}
		case ".sql":
			t.sql = append(t.sql, textFile{name, string(text)})
		}
	}
	return t, nil
}

func (t *tree) addGo(name string, text []byte) error {
	file, err := parser.ParseFile(t.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	t.files = append(t.files, &goFile{
		name: name, pkg: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), text: text, ast: file})
	return nil
}

// at is the place of a node, as an editor understands it.
func (t *tree) at(n ast.Node) string {
	pos := t.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", pos.Filename, pos.Line)
}

// kit reports whether a package exists for tests only.
func kit(pkg string) bool {
	base := path.Base(pkg)
	return strings.HasSuffix(base, "test") && base != "test"
}

// within reports whether a folder matches a pattern: itself, or with "/..."
// also everything under it.
func within(pkg, pattern string) bool {
	if under, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == under || strings.HasPrefix(pkg, under+"/")
	}
	return pkg == pattern
}

func withinAny(pkg string, patterns []string) bool {
	for _, p := range patterns {
		if within(pkg, p) {
			return true
		}
	}
	return false
}

// literal is the text of a string literal, or "", false.
func literal(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// importsOf lists a file's imports with their places.
func (t *tree) importsOf(f *goFile) (out []struct{ at, path string }) {
	for _, spec := range f.ast.Imports {
		name, ok := literal(spec.Path)
		if ok {
			out = append(out, struct{ at, path string }{t.at(spec), name})
		}
	}
	return out
}

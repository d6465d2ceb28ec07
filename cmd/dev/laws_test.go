package main

import (
	"go/token"
	"strings"
	"testing"
)

// TestLaws holds every law against the project itself.
func TestLaws(t *testing.T) {
	t.Parallel()
	p, err := openProject()
	if err != nil {
		t.Fatal(err)
	}
	tr, err := p.tree(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range laws {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			for _, f := range l.check(tr) {
				t.Errorf("%s: %s", f.at, f.text)
			}
		})
	}
}

// TestLaws_catch plants a breach of every law, and code beside it that keeps it.
func TestLaws_catch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		law, name string
		files     map[string]string
		want      []string // the places, in order; none: the code keeps the law
	}{
		{"formatting", "crooked", map[string]string{"schema/a.go": "package schema\nvar  x int\n"}, []string{"schema/a.go"}},
		{"top level", "a new folder", map[string]string{"scripts/x.sh": "", "cmd/dev/x.go": "package main\n"}, []string{"scripts"}},
		{"top level", "a vague name", map[string]string{"engine/util/x.go": "package util\n"}, []string{"engine/util"}},
		{"package documentation", "none", map[string]string{"engine/a.go": "package engine\n"}, []string{"engine"}},
		{"package documentation", "in one file of two", map[string]string{"engine/a.go": "package engine\n", "engine/b.go": "// Package engine runs.\npackage engine\n"}, nil},
		{"import direction", "upwards", map[string]string{"schema/value/a.go": "package value\n\nimport _ \"tenon/engine\"\n"}, []string{"schema/value/a.go:3"}},
		{"import direction", "downwards", map[string]string{"engine/record/a.go": "package record\n\nimport _ \"tenon/engine/store\"\n"}, nil},
		{"import direction", "a test upwards", map[string]string{"engine/a_test.go": "package engine\n\nimport _ \"tenon/api\"\n"}, []string{"engine/a_test.go:3"}},
		{"import direction", "a test beside", map[string]string{"engine/query/a_test.go": "package query\n\nimport _ \"tenon/engine/record\"\n"}, nil},
		{"import direction", "a test kit in the product", map[string]string{"engine/store/a.go": "package store\n\nimport _ \"tenon/engine/enginetest\"\n"}, []string{"engine/store/a.go:3"}},
		{"import direction", "an unknown package", map[string]string{"engine/magic/a.go": "package magic\n"}, []string{"engine/magic"}},
		{"library home", "elsewhere", map[string]string{"engine/a.go": "package engine\n\nimport _ \"github.com/gin-gonic/gin\"\n"}, []string{"engine/a.go:3"}},
		{"library home", "at home", map[string]string{"api/a.go": "package api\n\nimport _ \"github.com/gin-gonic/gin/binding\"\n"}, nil},
		{"library home", "homeless", map[string]string{"api/a.go": "package api\n\nimport _ \"example.com/x\"\n"}, []string{"api/a.go:3"}},
		{"library home", "a neighbour by name only", map[string]string{"schema/expr/a.go": "package expr\n\nimport _ \"github.com/expr-lang/exprtools\"\n"}, []string{"schema/expr/a.go:3"}},
		{"part names", "a distinct one", map[string]string{
			"schema/field/stars.go": "package field\n\nvar _ = Define(Spec[o]{Name: \"stars\"})\n",
			"engine/a.go":           "package engine\n\nfunc f(x string) bool {\n\treturn x == \"stars\"\n}\n"}, []string{"engine/a.go:4"}},
		{"part names", "an ordinary word as a type", map[string]string{
			"schema/field/text.go": "package field\n\nvar _ = Define(Spec[o]{Name: \"text\"})\n",
			"engine/a.go":          "package engine\n\nfunc f(x, y T) {\n\tswitch x.Type {\n\tcase \"text\":\n\t}\n\t_ = y.Format == \"text\"\n}\n"}, []string{"engine/a.go:5"}},
		{"part names", "in its own file", map[string]string{
			"workflow/action/send.go": "package action\n\nvar _ = All.Register(&Action{Entry: catalog.Entry{Name: \"send\"}})\n\nfunc f(x string) bool { return x == \"send\" }\n"}, nil},
		{"injected clock", "read", map[string]string{"engine/a.go": "package engine\n\nimport \"time\"\n\nvar x = time.Now()\n"}, []string{"engine/a.go:5"}},
		{"injected clock", "random", map[string]string{"workflow/run/a.go": "package run\n\nimport _ \"math/rand/v2\"\n"}, []string{"workflow/run/a.go:3"}},
		{"SQL homes", "elsewhere", map[string]string{"api/a.go": "package api\n\nvar x = `\n\tselect id\n\t  from member` + where\n"}, []string{"api/a.go:3"}},
		{"SQL homes", "prose", map[string]string{"api/a.go": "package api\n\nvar x = \"Select a member from the list\"\n\nvar y = \"update the record\"\n"}, nil},
		{"database clock", "in a query", map[string]string{"workflow/store/run.go": "package store\n\nvar x = \"update run set at = now()\"\n"}, []string{"workflow/store/run.go:3"}},
		{"database clock", "in a migration", map[string]string{"engine/store/migrations/1.sql": "create table x (\n  at timestamptz default now() -- now()\n);"}, []string{"engine/store/migrations/1.sql"}},
		{"database clock", "in a lease", map[string]string{"workflow/store/lease.go": "package store\n\nvar x = \"update run set lease = now()\"\n"}, nil},
		{"database clock", "the expression function", map[string]string{"engine/query/a.go": "package query\n\nvar x = \"now()\"\n"}, nil},
		{"old Postgres", "merge", map[string]string{"engine/query/a.go": "package query\n\nvar x = \"MERGE INTO t USING s\"\n"}, []string{"engine/query/a.go:3"}},
	} {
		t.Run(c.law+": "+c.name, func(t *testing.T) {
			t.Parallel()
			tr := planted(t, c.files)
			var got []string
			for _, l := range laws {
				if l.name != c.law {
					continue
				}
				for _, f := range l.check(tr) {
					got = append(got, f.at)
				}
			}
			if strings.Join(got, " ") != strings.Join(c.want, " ") {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

func planted(t *testing.T, files map[string]string) *tree {
	t.Helper()
	tr := &tree{fset: token.NewFileSet()}
	for name, text := range files {
		tr.names = append(tr.names, name)
		if strings.HasSuffix(name, ".sql") {
			tr.sql = append(tr.sql, textFile{name, text})
		} else if strings.HasSuffix(name, ".go") {
			if err := tr.addGo(name, []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return tr
}

func TestLaws_arePlantedEach(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, l := range laws {
		if seen[l.name] {
			t.Errorf("two laws are named %s", l.name)
		}
		seen[l.name] = true
	}
}

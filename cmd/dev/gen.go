package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
)

var genCommand = command{
	name: "gen", usage: "",
	summary: "write the generated files (go generate)",
	run: func(ctx context.Context, p *project, set *flag.FlagSet, args []string) error {
		if err := set.Parse(args); err != nil {
			return err
		}
		pkgs, err := p.generating(ctx)
		if err != nil {
			return err
		}
		if len(pkgs) == 0 {
			fmt.Println("no package has a go:generate directive")
			return nil
		}
		return p.do(ctx, "go", append([]string{"generate", "-x"}, pkgs...)...)
	},
}

var generateDirective = regexp.MustCompile(`(?m)^//go:generate `)

// generating lists the packages that generate something: a directive stands
// beside what it makes, and this tool needs to know no more of it.
func (p *project) generating(ctx context.Context) ([]string, error) {
	names, err := p.sources(ctx, ".")
	if err != nil {
		return nil, err
	}
	var pkgs []string
	for _, name := range names {
		if path.Ext(name) != ".go" {
			continue
		}
		text, err := os.ReadFile(p.path(name))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if pkg := "./" + path.Dir(name); generateDirective.Match(text) && !slices.Contains(pkgs, pkg) {
			pkgs = append(pkgs, pkg)
		}
	}
	return pkgs, nil
}

// checkGenerated generates in a copy of the sources and compares, so that
// checking changes nothing.
func (p *project) checkGenerated(ctx context.Context) error {
	pkgs, err := p.generating(ctx)
	if err != nil || len(pkgs) == 0 {
		return err
	}
	dir, err := os.MkdirTemp("", "tenon-gen-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	copied := &project{root: dir}
	if err := p.copyTo(ctx, copied); err != nil {
		return err
	}
	if out, err := copied.output(ctx, "go", append([]string{"generate"}, pkgs...)...); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	stale, err := p.differing(copied)
	if err != nil {
		return err
	}
	if len(stale) > 0 {
		return fmt.Errorf("stale, run go run ./cmd/dev gen: %s", strings.Join(stale, ", "))
	}
	return nil
}

// copyTo copies the sources; what npm installed is linked, for generators that
// run in Node.js.
func (p *project) copyTo(ctx context.Context, to *project) error {
	names, err := p.sources(ctx, ".")
	if err != nil {
		return err
	}
	for _, name := range names {
		info, err := os.Lstat(p.path(name))
		if os.IsNotExist(err) || err == nil && !info.Mode().IsRegular() {
			continue
		}
		if err != nil {
			return err
		}
		text, err := os.ReadFile(p.path(name))
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(to.path(name)), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to.path(name), text, info.Mode().Perm()); err != nil {
			return err
		}
	}
	if p.has("frontend", "node_modules") {
		return os.Symlink(p.path("frontend", "node_modules"), to.path("frontend", "node_modules"))
	}
	return nil
}

// differing lists the files that a generator changed or made in the copy.
func (p *project) differing(generated *project) ([]string, error) {
	var stale []string
	err := filepath.WalkDir(generated.root, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !entry.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(generated.root, at)
		if err != nil {
			return err
		}
		want, err := os.ReadFile(at)
		if err != nil {
			return err
		}
		have, err := os.ReadFile(p.path(name))
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		if err != nil || !bytes.Equal(have, want) {
			stale = append(stale, filepath.ToSlash(name))
		}
		return nil
	})
	sort.Strings(stale)
	return stale, err
}

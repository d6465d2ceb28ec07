package main

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"text/template"
	"unicode"
)

var newCommand = command{
	name: "new", usage: "<kind> <name> <中文名>",
	summary: "start a new part: its Go file, its UI folder, its test",
	run: func(_ context.Context, p *project, set *flag.FlagSet, args []string) error {
		if err := set.Parse(args); err != nil {
			return err
		}
		if set.NArg() != 3 {
			return fmt.Errorf("usage: new <kind> <name> <中文名>, where kind is one of %s", strings.Join(partKinds(), ", "))
		}
		files, err := scaffold(set.Arg(0), set.Arg(1), set.Arg(2))
		if err != nil {
			return err
		}
		if err := p.write(files); err != nil {
			return err
		}
		fmt.Println("next: what it does, its texts, its icon; the tests of its package say what is missing")
		return nil
	},
}

// scaffolds holds one folder per kind of part; under it lie the files to make,
// by their path from the root with the part's name for "part" and .tmpl at the
// end.
//
//go:embed all:scaffold
var scaffolds embed.FS

// partKinds lists what can be made.
func partKinds() []string {
	entries, err := scaffolds.ReadDir("scaffold")
	if err != nil {
		return nil
	}
	var kinds []string
	for _, e := range entries {
		kinds = append(kinds, e.Name())
	}
	sort.Strings(kinds)
	return kinds
}

var newName = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// partWords are what a scaffold may say about the part.
type partWords struct {
	Name  string // star_sign
	Camel string // starSign
	Title string // StarSign
	Words string // Star sign

	Chinese string // 星座
}

func wordsOf(name, chinese string) partWords {
	parts := strings.Split(name, "_")
	w := partWords{Name: name, Chinese: chinese, Words: strings.ToUpper(name[:1]) + strings.ReplaceAll(name[1:], "_", " ")}
	for i, part := range parts {
		upper := strings.ToUpper(part[:1]) + part[1:]
		w.Title += upper
		if i > 0 {
			part = upper
		}
		w.Camel += part
	}
	return w
}

// scaffold makes the files of a new part, by their path from the root.
func scaffold(kind, name, chinese string) (map[string][]byte, error) {
	if !newName.MatchString(name) {
		return nil, fmt.Errorf("%q is no name: lower-case words joined by _", name)
	}
	if !strings.ContainsFunc(chinese, func(r rune) bool { return unicode.Is(unicode.Han, r) }) || strings.ContainsAny(chinese, `"\`) {
		return nil, fmt.Errorf("%q is no Chinese name", chinese)
	}
	root := "scaffold/" + kind
	if _, err := fs.Stat(scaffolds, root); err != nil {
		return nil, fmt.Errorf("no kind %q; kinds are %s", kind, strings.Join(partKinds(), ", "))
	}
	files := map[string][]byte{}
	err := fs.WalkDir(scaffolds, root, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := scaffolds.ReadFile(at)
		if err != nil {
			return err
		}
		tmpl, err := template.New(at).Delims("«", "»").Parse(string(text))
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := tmpl.Execute(&out, wordsOf(name, chinese)); err != nil {
			return err
		}
		target := strings.TrimSuffix(strings.TrimPrefix(at, root+"/"), ".tmpl")
		parts := strings.Split(target, "/")
		for i := range parts {
			parts[i] = strings.Replace(parts[i], "part", name, 1)
		}
		target = path.Join(parts...)
		made := out.Bytes()
		if path.Ext(target) == ".go" {
			if made, err = format.Source(made); err != nil {
				return fmt.Errorf("%s: %w", at, err)
			}
		}
		files[target] = made
		return nil
	})
	return files, err
}

// write puts new files into the tree; an existing one is never touched.
func (p *project) write(files map[string][]byte) error {
	var names []string
	for name := range files {
		if p.has(name) {
			return errors.New(name + " exists already")
		}
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if err := os.MkdirAll(filepath.Dir(p.path(name)), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(p.path(name), files[name], 0o644); err != nil {
			return err
		}
		fmt.Println("made", name)
	}
	return nil
}

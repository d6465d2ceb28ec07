package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

var genCommand = command{
	name: "gen", usage: "",
	summary: "write the generated files",
	run: func(ctx context.Context, p *project, set *flag.FlagSet, args []string) error {
		if err := set.Parse(args); err != nil {
			return err
		}
		for _, g := range generators {
			if !g.applies(p) {
				continue
			}
			text, err := g.make(ctx, p)
			if err != nil {
				return fmt.Errorf("%s: %w", g.file, err)
			}
			if err := os.WriteFile(p.path(g.file), text, 0o644); err != nil {
				return err
			}
			fmt.Println("wrote", g.file)
		}
		return nil
	},
}

// generator makes one file of the tree from other sources of the tree. Its
// output depends on nothing else, so a fresh file is a fixed point.
type generator struct {
	file    string
	applies func(p *project) bool
	make    func(ctx context.Context, p *project) ([]byte, error)
}

// generators are all of them, in an order in which later ones may read what
// earlier ones wrote.
var generators = []generator{}

// checkGenerated compares every generated file with what its generator makes.
func (p *project) checkGenerated(ctx context.Context) error {
	var errs []error
	for _, g := range generators {
		if !g.applies(p) {
			continue
		}
		want, err := g.make(ctx, p)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", g.file, err))
			continue
		}
		have, err := os.ReadFile(p.path(g.file))
		if err != nil || !bytes.Equal(have, want) {
			errs = append(errs, errors.New(strings.Join([]string{g.file, "is stale; run go run ./cmd/dev gen"}, " ")))
		}
	}
	return errors.Join(errs...)
}

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"sync"
	"time"
)

var checkCommand = command{
	name: "check", usage: "",
	summary: "formatting, vet, staticcheck, the laws, generated files",
	run: func(ctx context.Context, p *project, set *flag.FlagSet, args []string) error {
		if err := set.Parse(args); err != nil {
			return err
		}
		if err := p.check(ctx); err != nil {
			return err
		}
		fmt.Println("all laws hold")
		return nil
	},
}

// check runs everything and reports all that is wrong, not the first thing.
func (p *project) check(ctx context.Context) error {
	steps := []struct {
		name string
		run  func(context.Context) error
	}{
		{"laws", p.checkLaws},
		{"vet", func(ctx context.Context) error { return p.do(ctx, "go", "vet", "./...") }},
		{"staticcheck", func(ctx context.Context) error {
			return p.do(ctx, "go", "run", "honnef.co/go/tools/cmd/staticcheck", "./...")
		}},
		{"generated", p.checkGenerated},
	}
	errs := make([]error, len(steps))
	var wait sync.WaitGroup
	var mu sync.Mutex
	for i, s := range steps {
		wait.Go(func() {
			began := time.Now()
			errs[i] = s.run(ctx)
			mu.Lock()
			defer mu.Unlock()
			verdict := "ok"
			if errs[i] != nil {
				verdict = "FAILED"
				errs[i] = fmt.Errorf("%s: %w", s.name, errs[i])
			}
			fmt.Printf("%-12s %-7s %5.1f s\n", s.name, verdict, time.Since(began).Seconds())
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// checkLaws prints every breach of a law.
func (p *project) checkLaws(ctx context.Context) error {
	t, err := p.tree(ctx)
	if err != nil {
		return err
	}
	n := 0
	for _, l := range laws {
		for _, f := range l.check(t) {
			fmt.Printf("%s: %s (%s)\n", f.at, f.text, l.name)
			n++
		}
	}
	if n > 0 {
		return fmt.Errorf("%d breaches of a law", n)
	}
	return nil
}

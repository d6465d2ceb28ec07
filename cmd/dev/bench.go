package main

import (
	"context"
	"flag"
	"os"
	"time"

	"tenon/cmd/dev/bench"
)

var benchCommand = command{
	name: "bench", usage: "[--rows n] [--time d] [--rounds n]",
	summary: "speed as ratios to raw Postgres, memory, start, automations",
	run:     runBench,
}

// bareCommand serves the bench's bare handler; only bench starts it.
var bareCommand = command{name: "bare", hidden: true, run: func(ctx context.Context, _ *project, set *flag.FlagSet, args []string) error {
	if err := set.Parse(args); err != nil {
		return err
	}
	return bench.Bare(ctx, set.Arg(0))
}}

func runBench(ctx context.Context, p *project, set *flag.FlagSet, args []string) error {
	rows := set.Int("rows", 100_000, "records before anything is measured")
	each := set.Duration("time", 3*time.Second, "how long each operation runs on each target")
	rounds := set.Int("rounds", 3, "how often; medians are shown")
	if err := set.Parse(args); err != nil {
		return err
	}
	if err := fetchPostgres(ctx, p.path(".tenon")); err != nil {
		return err
	}
	binary, err := p.buildProduct(ctx)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "tenon-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return bench.Run(ctx, bench.Options{Binary: binary, Self: []string{self, bareCommand.name}, Folder: scratch, Rows: *rows, Time: *each, Rounds: *rounds, Out: os.Stdout})
}

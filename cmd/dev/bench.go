package main

import (
	"context"
	"flag"
	"os"
	"strings"
	"time"

	"tenon/cmd/dev/bench"
)

var benchCommand = command{
	name: "bench", usage: "[--browser] [--rows n] [--time d] [--rounds n] [--only a,b]",
	summary: "speed as ratios to raw Postgres, memory, start, automations; or of the pages in a browser",
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
	browser := set.Bool("browser", false, "Lighthouse and the frames of a long list instead")
	rows := set.Int("rows", 100_000, "records before anything is measured")
	each := set.Duration("time", 3*time.Second, "how long each operation runs on each target")
	rounds := set.Int("rounds", 3, "how often; medians are shown")
	only := set.String("only", "", "measure these operations alone, as the report names them: get,list 50")
	if err := set.Parse(args); err != nil {
		return err
	}
	if err := fetchPostgres(ctx, p.path(".tenon")); err != nil {
		return err
	}
	if *browser {
		if err := p.prepareBrowser(ctx); err != nil {
			return err
		}
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
	options := bench.Options{Binary: binary, Self: []string{self, bareCommand.name}, Folder: scratch, Rows: *rows, Time: *each, Rounds: *rounds, Out: os.Stdout}
	if *only != "" {
		options.Only = strings.Split(*only, ",")
	}
	if *browser {
		return bench.Browse(ctx, options, func(env []string) error {
			if at := chromium(); at != "" {
				env = append(env, "CHROME_PATH="+at)
			}
			return p.job(ctx, job{dir: "frontend", env: env, name: "node", args: []string{"e2e/bench/measure.mjs"}})
		})
	}
	return bench.Run(ctx, options)
}

// prepareBrowser builds the UI and installs Lighthouse, which stands apart from
// the UI's own dependencies: it is large, and only the bench uses it.
func (p *project) prepareBrowser(ctx context.Context) error {
	if err := p.buildUI(ctx); err != nil {
		return err
	}
	if err := p.installNode(ctx); err != nil {
		return err
	}
	if p.has("frontend", "tools", "lighthouse", "node_modules", "lighthouse") {
		return nil
	}
	return p.job(ctx, job{dir: "frontend/tools/lighthouse", name: "npm", args: []string{"ci", "--no-audit", "--no-fund", "--loglevel=error"}})
}

// Command dev is the project's own tool: it runs the product from source, runs
// every test, holds the laws of the code base, and makes new parts.
//
//	go run ./cmd/dev run      build what changed and serve the product
//	go run ./cmd/dev test     run every test, installing what is missing
//	go run ./cmd/dev check    formatting, vet, staticcheck and the laws
//	go run ./cmd/dev bench    speed, memory and start, as ratios to raw Postgres
//	go run ./cmd/dev gen      write the generated files
//	go run ./cmd/dev new      start a new field type, action, …
//
// Nothing imports it and the product never needs it. It imports no package of
// the product but engine/cluster, so that it compiles while they do not.
//
// To add a command, write its file with a command value and list it in commands.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// command is one word of the tool.
type command struct {
	name    string
	hidden  bool   // started by the tool itself
	usage   string // its arguments
	summary string // one line of help
	// run gets its flag set empty, to declare its flags on and parse args with.
	run func(ctx context.Context, p *project, set *flag.FlagSet, args []string) error
}

var commands = []command{runCommand, testCommand, checkCommand, benchCommand, bareCommand, genCommand, typesCommand, newCommand}

// errFailed ends the tool with status 1 after everything was already said.
var errFailed = errors.New("failed")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := dispatch(ctx, os.Args[1:])
	stop()
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return
	}
	if !errors.Is(err, errFailed) {
		fmt.Fprintln(os.Stderr, "dev:", err)
	}
	os.Exit(1)
}

func dispatch(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] == "help" || strings.HasPrefix(args[0], "-") {
		help(os.Stdout)
		return nil
	}
	for _, c := range commands {
		if c.name != args[0] {
			continue
		}
		p, err := openProject()
		if err != nil {
			return err
		}
		return c.run(ctx, p, c.flags(), args[1:])
	}
	help(os.Stderr)
	return fmt.Errorf("no command %q", args[0])
}

func help(w io.Writer) {
	fmt.Fprintln(w, "usage: go run ./cmd/dev <command>")
	for _, c := range commands {
		if c.hidden {
			continue
		}
		fmt.Fprintf(w, "  %-7s %-46s %s\n", c.name, c.usage, c.summary)
	}
}

// flags makes the flag set of a command, with its help.
func (c command) flags() *flag.FlagSet {
	set := flag.NewFlagSet(c.name, flag.ContinueOnError)
	set.Usage = func() {
		fmt.Fprintf(set.Output(), "usage: go run ./cmd/dev %s %s\n%s\n", c.name, c.usage, c.summary)
		set.PrintDefaults()
	}
	return set
}

// project is the source tree that the tool works on.
type project struct {
	root string
}

// openProject finds the tree: the current folder or one above it.
func openProject() (*project, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for at := dir; ; at = filepath.Dir(at) {
		text, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), "module tenon\n") {
			return &project{root: at}, nil
		}
		if at == filepath.Dir(at) {
			return nil, fmt.Errorf("%s is not inside the source tree of Tenon", dir)
		}
	}
}

// path joins names to the root.
func (p *project) path(names ...string) string {
	return filepath.Join(append([]string{p.root}, names...)...)
}

// has reports whether the tree has a file or folder of that name.
func (p *project) has(names ...string) bool {
	_, err := os.Stat(p.path(names...))
	return err == nil
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// job is a program to run, by default in the root and to our own output.
type job struct {
	dir  string
	env  []string // added to ours
	out  io.Writer
	name string
	args []string
}

// do runs a program in the root with its output shown.
func (p *project) do(ctx context.Context, name string, args ...string) error {
	return p.job(ctx, job{name: name, args: args})
}

// job runs a program to its end. A cancelled context asks it, with everything
// it started, to end, and insists ten seconds later.
func (p *project) job(ctx context.Context, j job) error {
	cmd := p.command(ctx, j)
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s: %w", strings.Join(append([]string{j.name}, j.args...), " "), err)
	}
	return nil
}

func (p *project) command(ctx context.Context, j job) *exec.Cmd {
	cmd := exec.CommandContext(ctx, j.name, j.args...)
	cmd.Dir = p.root
	if j.dir != "" {
		cmd.Dir = p.path(j.dir)
	}
	cmd.Env = append(os.Environ(), j.env...)
	cmd.Stdout, cmd.Stderr = j.out, j.out
	if j.out == nil {
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	}
	ownGroup(cmd)
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// output runs a program in the root and returns what it prints.
func (p *project) output(ctx context.Context, name string, args ...string) (string, error) {
	var out bytes.Buffer
	err := p.job(ctx, job{name: name, args: args, out: &out})
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out.String())
	}
	return out.String(), nil
}

// whenParentEnds calls stop when the process that started us is gone: `go run`
// does not pass a SIGTERM on to what it runs.
func whenParentEnds(ctx context.Context, stop func()) {
	parent := os.Getppid()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if os.Getppid() != parent {
				stop()
				return
			}
		}
	}
}

// notifyInterrupt sends further interrupts to c.
func notifyInterrupt(c chan<- os.Signal) { signal.Notify(c, os.Interrupt) }

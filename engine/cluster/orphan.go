//go:build unix

package cluster

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// stopOrphan ends a server that outlived its owner and clears the pid file it
// left. The caller holds the folder's lock, so no living owner minds. Postgres
// itself refuses to start while any process of the same user has the recorded
// pid; we look closer, because pids come back soon in containers.
func stopOrphan(ctx context.Context, pg string, log func(string, ...any)) error {
	pid := serverPid(pg)
	if pid == 0 {
		return nil
	}
	if isServerOf(pid, pg) {
		log("stopping a database server left over from an earlier run (pid %d)", pid)
		gone := func() bool { return !isServerOf(pid, pg) }
		for _, step := range stopSteps {
			if err := syscall.Kill(pid, step.signal); err != nil {
				break
			}
			if err := waitUntil(ctx, step.patience, gone); err != nil {
				return err
			}
			if gone() {
				break
			}
		}
	}
	if serverPid(pg) != pid {
		return nil
	}
	err := os.Remove(filepath.Join(pg, "postmaster.pid"))
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

// stopSteps: fast shutdown, immediate shutdown (recovers at the next start),
// and the end of a server that answers neither.
var stopSteps = []struct {
	signal   syscall.Signal
	patience time.Duration
}{
	{syscall.SIGINT, 5 * time.Second},
	{syscall.SIGQUIT, 5 * time.Second},
	{syscall.SIGKILL, 2 * time.Second},
}

// serverPid reads the pid that a server wrote into its data folder, 0 if none.
func serverPid(pg string) int {
	lines := pidFile(pg)
	if len(lines) == 0 {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 1 {
		return 0
	}
	return pid
}

// serverReady reports whether the server has written that it takes connections.
func serverReady(pg string) bool {
	const statusLine = 7
	lines := pidFile(pg)
	return len(lines) > statusLine && strings.TrimSpace(lines[statusLine]) == "ready"
}

func pidFile(pg string) []string {
	b, err := os.ReadFile(filepath.Join(pg, "postmaster.pid"))
	if err != nil {
		return nil
	}
	return strings.Split(string(b), "\n")
}

// waitUntil polls done for at most d; only a cancelled context is an error.
func waitUntil(ctx context.Context, d time.Duration, done func() bool) error {
	limit := time.NewTimer(d)
	defer limit.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-limit.C:
			return nil
		case <-tick.C:
		}
	}
	return nil
}

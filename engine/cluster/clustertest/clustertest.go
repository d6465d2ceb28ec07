// Package clustertest gives tests a Postgres to talk to.
//
// `go run ./cmd/dev test` serves one cluster to every package and names it in
// TENON_TEST_DATABASE_URL. A plain `go test` has none, so the test process
// starts a private one in a temporary folder on first use and takes it down at
// its end. Durability is off in both: never point them at data.
//
// A package that uses it writes
//
//	func TestMain(m *testing.M) { os.Exit(clustertest.Run(m)) }
//
// Without that the server still ends with the process, but its folder stays
// until the next run sweeps it.
package clustertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tenon/engine/cluster"
)

// Variable names the cluster that whoever started the tests provides.
const Variable = "TENON_TEST_DATABASE_URL"

// Settings of a cluster for tests: many connections, little memory.
func Settings(dataDir string) cluster.Config {
	return cluster.Config{
		DataDir:        dataDir,
		Volatile:       true,
		SharedBuffers:  "128MB",
		MaxConnections: 200,
		Settings:       map[string]string{"max_wal_size": "512MB", "autovacuum_naptime": "5min"},
	}
}

const folders = "tenon-test-"

var own struct {
	sync.Mutex
	started bool
	server  *cluster.Cluster
	dir     string
	err     error
}

// URL is the address of a database on the test cluster. The database itself is
// shared: make your own in it, or drop what you make.
func URL(t testing.TB) string {
	t.Helper()
	url, err := Start()
	if err != nil {
		t.Fatalf("no Postgres for the test: %v", err)
	}
	return url
}

// Start is URL for a TestMain, which has no testing.TB.
func Start() (string, error) {
	if url := os.Getenv(Variable); url != "" {
		return url, nil
	}
	own.Lock()
	defer own.Unlock()
	if !own.started {
		own.started = true
		own.err = start()
	}
	if own.err != nil {
		return "", own.err
	}
	return own.server.URL(), nil
}

func start() error {
	sweep()
	dir, err := os.MkdirTemp("", folders)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	c, err := cluster.Start(ctx, Settings(dir))
	if err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	own.server, own.dir = c, dir
	return nil
}

// Run runs the tests of a package and then takes down the cluster that they
// started, if they did.
func Run(m *testing.M) int {
	code := m.Run()
	own.Lock()
	defer own.Unlock()
	if own.server == nil {
		return code
	}
	err := errors.Join(own.server.Stop(), os.RemoveAll(own.dir))
	own.server = nil
	if err != nil {
		fmt.Fprintln(os.Stderr, "clustertest:", err)
		return max(code, 1)
	}
	return code
}

// sweep removes the folders of test processes that ended without Run. A folder
// that can be locked has no living owner; a young one may not be locked yet.
func sweep() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), folders+"*"))
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < 10*time.Minute {
			continue
		}
		lock, err := cluster.LockDir(dir)
		if err != nil {
			continue
		}
		_ = os.RemoveAll(dir)
		_ = lock.Unlock()
	}
}

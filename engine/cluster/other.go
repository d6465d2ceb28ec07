//go:build !unix

package cluster

import (
	"context"

	"tenon/schema/fault"
)

var errPlatform = fault.Define(fault.Unsupported, "cluster.platform",
	"此操作系统不支持内置数据库，请设置 DATABASE_URL。",
	"the private database is not available on this operating system; set DATABASE_URL")

// Lock is the exclusive use of a data folder; here it guards nothing.
type Lock struct{}

// LockDir is not available on this system.
func LockDir(string) (*Lock, error) { return nil, errPlatform.New() }

// Unlock gives the folder up.
func (*Lock) Unlock() error { return nil }

// Binaries is a folder with the programs of one Postgres version.
type Binaries struct {
	Dir     string
	Version string
	Major   int
}

// FindBinaries finds none on this system.
func FindBinaries(Config) ([]Binaries, error) { return nil, errPlatform.New() }

// DefaultCacheDir names no folder on this system.
func DefaultCacheDir() string { return "" }

// FetchNPM is not available on this system.
func FetchNPM(context.Context, string, int, func(string, ...any)) (string, error) {
	return "", errPlatform.New()
}

// FetchMaven is not available on this system.
func FetchMaven(context.Context, string, int, func(string, ...any)) (string, error) {
	return "", errPlatform.New()
}

// Cluster is a running private Postgres; there is none on this system.
type Cluster struct{}

// Start fails: a database must be named in DATABASE_URL.
func Start(context.Context, Config) (*Cluster, error) { return nil, errPlatform.New() }

// URL is empty.
func (*Cluster) URL() string { return "" }

// DatabaseURL is empty.
func (*Cluster) DatabaseURL(string) string { return "" }

// Version is empty.
func (*Cluster) Version() string { return "" }

// BinDir is empty.
func (*Cluster) BinDir() string { return "" }

// Pid is 0.
func (*Cluster) Pid() int { return 0 }

// Stop does nothing.
func (*Cluster) Stop() error { return nil }

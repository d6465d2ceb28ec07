// Package storetest gives every test a database of its own.
//
// The first call in a process migrates a template on the test cluster; each
// test then gets a clone of it, which is dropped at the test's end.
package storetest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tenon/engine/cluster/clustertest"
	"tenon/engine/store"
)

var template struct {
	sync.Once
	name string
	err  error
}

var serial atomic.Int64

// New opens a migrated, empty database that nobody else uses.
func New(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), URL(t), store.Options{MaxConns: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// URL is the address of a migrated, empty database that nobody else uses.
func URL(t testing.TB) string {
	t.Helper()
	base := clustertest.URL(t)
	template.Do(func() { template.err = makeTemplate(base) })
	if template.err != nil {
		t.Fatal(template.err)
	}
	name := fmt.Sprintf("t%d_%d_%d", os.Getpid(), time.Now().UnixNano()%1e9, serial.Add(1))
	if err := command(base, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, template.name)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := command(base, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Log(err)
		}
	})
	return with(base, name)
}

func makeTemplate(base string) error {
	template.name = fmt.Sprintf("template_%d_%d", os.Getpid(), time.Now().UnixNano()%1e9)
	if err := command(base, "CREATE DATABASE "+template.name); err != nil {
		return err
	}
	ctx := context.Background()
	db, err := store.Open(ctx, with(base, template.name), store.Options{MaxConns: 2})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Migrate(ctx)
}

// with is the address of another database of the same cluster.
func with(base, name string) string {
	u, err := url.Parse(base)
	if err != nil {
		panic(err) // clustertest made it
	}
	u.Path = "/" + name
	return u.String()
}

func command(base, sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, base)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	_, err = c.Exec(ctx, sql)
	return err
}

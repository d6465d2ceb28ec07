package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"tenon/engine"
	"tenon/engine/cluster"
	"tenon/engine/desk"
	"tenon/engine/identity"
	"tenon/engine/store"
	"tenon/schema/fault"
	"tenon/workflow/run"
)

// product is the installation opened: database, people, engine.
type product struct {
	config
	db      *store.DB
	engine  *engine.Engine
	people  *identity.Service
	desk    *desk.Service
	box     *identity.Box
	log     *slog.Logger
	closers []func()
}

func newID() string {
	id, err := uuid.NewV7()
	if err != nil {
		panic(err) // no source of randomness: nothing may go on
	}
	return id.String()
}

// addressFile tells the other commands where the private Postgres of a running
// server is.
const addressFile = "database.url"

// open connects to the database, or starts the private one, and migrates. A
// command that finds the private one taken by a running server joins it there.
func open(ctx context.Context) (*product, error) { return openAs(ctx, false) }

func openAs(ctx context.Context, server bool) (*product, error) {
	c, err := readConfig()
	if err != nil {
		return nil, err
	}
	p := &product{config: c, log: newLog(c.logFormat)}
	slog.SetDefault(p.log)
	url := c.database
	if url == "" {
		if url, err = p.private(ctx, server); err != nil {
			return nil, err
		}
	}
	if err := p.connect(ctx, url); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func newLog(format string) *slog.Logger {
	o := &slog.HandlerOptions{Level: slog.LevelInfo}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}

// private starts the private Postgres, or finds the one that a server runs.
func (p *product) private(ctx context.Context, server bool) (string, error) {
	at := filepath.Join(p.data, addressFile)
	pg, err := cluster.Start(ctx, cluster.Config{DataDir: p.data, Log: func(f string, a ...any) { fmt.Fprintf(os.Stderr, f+"\n", a...) }})
	if fault.KindOf(err) == fault.Conflict && err != nil && !server {
		if b, rerr := os.ReadFile(at); rerr == nil {
			return strings.TrimSpace(string(b)), nil
		}
	}
	if err != nil {
		return "", err
	}
	p.closers = append(p.closers, func() {
		_ = os.Remove(at)
		if err := pg.Stop(); err != nil {
			p.log.Warn("stopping Postgres", "error", err)
		}
	})
	return pg.URL(), os.WriteFile(at, []byte(pg.URL()+"\n"), 0o600)
}

func (p *product) connect(ctx context.Context, url string) error {
	var err error
	if p.db, err = store.Open(ctx, url, store.Options{}); err != nil {
		return err
	}
	p.closers = append(p.closers, p.db.Close)
	if err := p.db.Migrate(ctx); err != nil {
		return err
	}
	if p.box, err = identity.NewBox(p.secret); err != nil {
		return err
	}
	p.engine = engine.New(p.db, engine.Options{Now: time.Now, NewID: newID, Check: run.Check, Hints: run.Circles})
	if p.people, err = identity.New(identity.Options{DB: p.db, Now: time.Now, NewID: newID, Prepare: p.engine.Defs.EnsureWorkspaceSchema, Box: p.box,
		Idle: p.idle}); err != nil {
		return err
	}
	p.people.OnChange(p.engine.ForgetNames)
	blobs, err := p.blobs(ctx)
	if err != nil {
		return err
	}
	p.desk = desk.New(desk.Options{DB: p.db, Now: time.Now, NewID: newID, Box: p.box, Blobs: blobs})
	return p.engine.Defs.Resume(ctx)
}

// blobs keep files in a bucket when one is named, else in the data folder.
func (p *product) blobs(ctx context.Context) (desk.Blobs, error) {
	if p.s3.Bucket != "" {
		return desk.NewS3(ctx, p.s3)
	}
	return desk.NewDisk(filepath.Join(p.data, "files"))
}

func (p *product) close() {
	for i := len(p.closers) - 1; i >= 0; i-- {
		p.closers[i]()
	}
}

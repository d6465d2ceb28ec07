package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"tenon/engine"
	"tenon/engine/cluster"
	"tenon/engine/desk"
	"tenon/engine/identity"
	"tenon/engine/store"
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

// open connects to the database, or starts the private one, and migrates.
func open(ctx context.Context) (*product, error) {
	c, err := readConfig()
	if err != nil {
		return nil, err
	}
	p := &product{config: c, log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))}
	slog.SetDefault(p.log)
	url := c.database
	if url == "" {
		pg, err := cluster.Start(ctx, cluster.Config{DataDir: c.data, Log: func(f string, a ...any) { fmt.Fprintf(os.Stderr, f+"\n", a...) }})
		if err != nil {
			return nil, err
		}
		p.closers = append(p.closers, func() {
			if err := pg.Stop(); err != nil {
				p.log.Warn("stopping Postgres", "error", err)
			}
		})
		url = pg.URL()
	}
	if err := p.connect(ctx, url); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
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
	p.engine = engine.New(p.db, engine.Options{Now: time.Now, NewID: newID})
	if p.people, err = identity.New(identity.Options{DB: p.db, Now: time.Now, NewID: newID, Prepare: p.engine.Defs.EnsureWorkspaceSchema, Box: p.box}); err != nil {
		return err
	}
	blobs, err := desk.NewDisk(filepath.Join(p.data, "files"))
	if err != nil {
		return err
	}
	p.desk = desk.New(desk.Options{DB: p.db, Now: time.Now, NewID: newID, Box: p.box, Blobs: blobs})
	return p.engine.Defs.Resume(ctx)
}

func (p *product) close() {
	for i := len(p.closers) - 1; i >= 0; i-- {
		p.closers[i]()
	}
}

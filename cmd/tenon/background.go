package main

import (
	"context"
	"sync"
	"time"

	"tenon/api"
	"tenon/engine/definition"
	"tenon/engine/desk"
	"tenon/engine/record"
	"tenon/workflow/run"
)

// background runs what goes on beside requests until ctx ends: listening to
// other nodes, keeping definitions, jobs, sweeping.
func (p *product) background(ctx context.Context, work *sync.WaitGroup, has roles, s *api.Server, x *run.Executor, o api.Options) {
	work.Go(func() { p.engine.Defs.Listen(ctx) })
	work.Go(func() { p.people.Run(ctx) })
	news := &feed{schemas: map[string]bool{}, wake: make(chan struct{}, 1)}
	x.Changed = func(snap *definition.Snapshot, _ []*record.Change) {
		s.Changed(snap.Schema)
		news.add(snap.Schema)
	}
	work.Go(func() { p.announce(ctx, news) })
	if has.web {
		work.Go(func() { s.Run(ctx) })
	}
	if has.worker {
		work.Go(func() { p.desk.RunJobs(ctx, p.log, api.Works(o)) })
	}
	if has.scheduler {
		work.Go(func() { p.engine.Defs.Keep(ctx) })
		work.Go(func() { p.sweep(ctx) })
	}
}

// feed collects which workspaces have news for other nodes.
type feed struct {
	mu      sync.Mutex
	schemas map[string]bool
	wake    chan struct{}
}

func (f *feed) add(schema string) {
	f.mu.Lock()
	f.schemas[schema] = true
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *feed) take() map[string]bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := f.schemas
	f.schemas = map[string]bool{}
	return out
}

// announcePause is how often at most one workspace's changes are announced:
// listeners read what happened from the history, so one word is enough.
const announcePause = 150 * time.Millisecond

func (p *product) announce(ctx context.Context, f *feed) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.wake:
		}
		for schema := range f.take() {
			// A lost word costs listeners some seconds: they look by themselves too.
			_ = p.db.Notify(ctx, desk.FeedChannel, schema)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(announcePause):
		}
	}
}

// sweepEvery is how often what has outlived its use is removed.
const sweepEvery = 30 * time.Minute

func (p *product) sweep(ctx context.Context) {
	for {
		for name, f := range map[string]func(context.Context) error{"files": p.desk.SweepFiles, "answers": p.desk.SweepIdempotency} {
			if err := f(ctx); err != nil && ctx.Err() == nil {
				p.log.Warn("sweeping "+name, "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(sweepEvery):
		}
	}
}

package definition

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tenon/engine/store"
)

// Resume finishes publishes that a crash has interrupted, or takes them back
// when they cannot be finished. Call it at start; a publish that a living
// process is at is left to it.
func (s *Store) Resume(ctx context.Context) error {
	r, err := s.db.Read(ctx, store.ReadPublications())
	if err != nil {
		return err
	}
	for _, p := range store.PublicationsOf(r[0]) {
		e := s.alone(ctx, p.AppID, func() error { return s.resume(ctx, p.AppID) })
		if !errors.Is(e, ErrPublishing.New()) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// Keep looks after the definitions until ctx ends: every half minute it
// finishes publishes whose process has died, every day it makes the history's
// next partitions and removes what has been kept long enough.
func (s *Store) Keep(ctx context.Context) {
	day := ""
	for {
		if err := s.Resume(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "finishing a publish", "error", err)
		}
		if today := s.o.Now().UTC().Format(time.DateOnly); today != day {
			if err := s.daily(ctx); err == nil {
				day = today
			} else if ctx.Err() == nil {
				slog.ErrorContext(ctx, "daily care of the tables", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(30 * time.Second):
		}
	}
}

func (s *Store) daily(ctx context.Context) error {
	r, err := s.db.Read(ctx, store.ReadWorkspaceSchemas())
	if err != nil {
		return err
	}
	for _, v := range r[0].Rows {
		if err := s.EnsureWorkspaceSchema(ctx, string(v[0])); err != nil {
			return err
		}
	}
	_, err = s.Sweep(ctx)
	return err
}

package definition

import (
	"context"
	"time"

	"tenon/engine/store"
)

// EnsureWorkspaceSchema makes the Postgres schema of a workspace and its
// history, with partitions for the months around now. Repeating it is cheap.
func (s *Store) EnsureWorkspaceSchema(ctx context.Context, schemaName string) error {
	err := s.db.ChangeAlone(ctx, creation(schemaName), "", schemaName, nil, func(tx *store.Tx) error {
		_, err := tx.Do(ctx, store.CreateWorkspaceSchema(schemaName)...)
		return err
	})
	if err != nil {
		return err
	}
	now := s.o.Now().UTC()
	return s.EnsurePartitions(ctx, schemaName, time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, time.UTC), 5)
}

// EnsurePartitions makes the history's partitions for months from the month of
// from on. Call it daily for the months ahead: a write finds no partition to
// go to otherwise.
func (s *Store) EnsurePartitions(ctx context.Context, schemaName string, from time.Time, months int) error {
	return s.db.EnsurePartitions(ctx, creation(schemaName), schemaName, from, months)
}

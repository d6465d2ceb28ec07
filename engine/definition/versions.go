package definition

import (
	"context"
	"encoding/json"
	"time"

	"tenon/engine/store"
	"tenon/schema"
)

// Version is one entry of an app's list of versions.
type Version struct {
	Version   int              `json:"version"`
	Note      string           `json:"note"`
	At        time.Time        `json:"published_at"`
	By        string           `json:"published_by,omitempty"`
	Published bool             `json:"published"` // it is the live one
	Changes   []*schema.Change `json:"changes"`
}

// Versions lists the versions of an app, newest first.
func (s *Store) Versions(ctx context.Context, appID string) ([]Version, error) {
	if !isUUID(appID) {
		return nil, ErrNoApp.New()
	}
	r, err := s.db.Read(ctx, store.ReadApp(appID), store.ReadVersions(appID))
	if err != nil {
		return nil, err
	}
	if r[0].One() == nil {
		return nil, ErrNoApp.New()
	}
	out := []Version{}
	for _, v := range store.VersionsOf(r[1]) {
		x := Version{Version: v.Version, Note: v.Note, At: v.At, By: v.By, Published: v.Published}
		if err := json.Unmarshal(v.Plan, &x.Changes); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// RestoreVersion makes the draft equal to a version. Nothing is published: what
// the way back would do to the records is seen in its plan.
func (s *Store) RestoreVersion(ctx context.Context, appID, actor string, version int) error {
	return s.db.InTx(ctx, func(tx *store.Tx) error {
		w, err := s.open(ctx, tx, appID)
		if err != nil {
			return err
		}
		r, err := tx.Do(ctx, store.ReadVersion(appID, version))
		if err != nil {
			return err
		}
		rows := store.DocsOf(r[0])
		if len(rows) == 0 {
			return ErrNoVersion.With("version", version)
		}
		return s.replace(ctx, tx, w, actor, rows)
	})
}

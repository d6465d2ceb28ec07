package definition

import (
	"context"
	"encoding/json"

	"tenon/engine/store"
	"tenon/schema"
)

// entryOf is one document of a version's manifest.
type entryOf struct {
	Kind string `json:"kind"`
	Hash string `json:"hash"`
	N    int    `json:"n"`
}

// Publish makes documents of the draft the next version of the app and returns
// its number. hash names the plan that was looked at; a draft that has moved on
// since is refused. With an empty hash whatever the plan is now is carried out.
func (s *Store) Publish(ctx context.Context, appID, actor string, docs []string, hash, note string) (version int, err error) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	held, err := s.db.Holding(ctx, publisher(appID), func() error {
		version, err = s.publish(ctx, appID, actor, docs, hash, note)
		return err
	})
	s.Refresh(appID)
	if err == nil && !held {
		err = ErrPublishing.New()
	}
	return version, err
}

func (s *Store) publish(ctx context.Context, appID, actor string, docs []string, hash, note string) (int, error) {
	p, err := s.Plan(ctx, appID, docs)
	if err != nil {
		return 0, err
	}
	if err := p.Faults.Err(); err != nil {
		return 0, err
	}
	if hash != "" && hash != p.Hash {
		return 0, ErrPlanMoved.New()
	}
	if err := s.EnsureWorkspaceSchema(ctx, p.row.Schema); err != nil {
		return 0, err
	}
	if err := s.expand(ctx, p); err != nil {
		return 0, err
	}
	return s.switchTo(ctx, p, actor, note)
}

// expand adds what the next version needs; the old version does not see it.
func (s *Store) expand(ctx context.Context, p *Plan) error {
	made := map[string]bool{}
	var create, columns []action
	touched := map[string]bool{}
	for _, a := range p.todo {
		switch a.Do {
		case doCreate:
			made[a.Table.Name] = true
			create = append(create, a)
		case doColumns:
			columns = append(columns, a)
		}
	}
	// New tables at once, with their indexes and the keys that point from them.
	for _, a := range p.todo {
		switch {
		case a.Do == doCreate && a.Table.Kind == store.ChildTable && !made[a.Table.Owner]:
			touched[a.Table.Owner] = true
		case a.Do == doCreate && a.Table.Kind == store.LinkTable:
			for _, t := range []string{a.Table.Owner, a.Table.Target} {
				if !made[t] {
					touched[t] = true
				}
			}
		case a.Do == doForeign && made[a.Foreign.Table]:
			create = append(create, a)
			if !made[a.Foreign.Target] {
				touched[a.Foreign.Target] = true
			}
		case a.Do == doIndex && made[a.Index.Table]:
			create = append(create, a)
		}
	}
	if len(create) > 0 {
		var locks []string
		for t := range touched {
			locks = append(locks, t)
		}
		err := s.db.Change(ctx, "SHARE ROW EXCLUSIVE", p.row.Schema, locks, func(tx *store.Tx) error {
			for _, a := range create {
				if _, err := tx.Do(ctx, a.stmts()...); err != nil {
					return err
				}
			}
			return s.register(ctx, tx, p, made)
		})
		if err != nil {
			return err
		}
	}
	for _, a := range columns {
		err := s.db.Change(ctx, "ACCESS EXCLUSIVE", p.row.Schema, []string{a.Table.Name}, func(tx *store.Tx) error {
			if _, err := tx.Do(ctx, a.stmts()...); err != nil {
				return err
			}
			return s.register(ctx, tx, p, map[string]bool{a.Table.Name: true})
		})
		if err != nil {
			return err
		}
	}
	for _, a := range p.todo {
		switch {
		case a.Do == doForeign:
			if !made[a.Foreign.Table] {
				err := s.db.Change(ctx, "SHARE ROW EXCLUSIVE", p.row.Schema, []string{a.Foreign.Table, a.Foreign.Target}, func(tx *store.Tx) error {
					_, err := tx.Do(ctx, a.stmts()...)
					return err
				})
				if err != nil {
					return err
				}
			}
			err := s.db.Change(ctx, "SHARE UPDATE EXCLUSIVE", p.row.Schema, []string{a.Foreign.Table}, func(tx *store.Tx) error {
				_, err := tx.Do(ctx, store.ValidateForeign(*a.Foreign))
				return err
			})
			if err != nil {
				return err
			}
		case a.Do == doIndex && !made[a.Index.Table]:
			if err := s.db.BuildIndex(ctx, *a.Index); err != nil {
				return err
			}
		}
	}
	return nil
}

// register writes down the names in the tables.
func (s *Store) register(ctx context.Context, tx *store.Tx, p *Plan, tables map[string]bool) error {
	var stmts []store.Stmt
	for _, x := range p.next.places {
		if tables[x.Table] {
			stmts = append(stmts, store.WritePlace(p.row.ID, x))
		}
	}
	_, err := tx.Do(ctx, stmts...)
	return err
}

// switchTo makes the version live in one transaction.
func (s *Store) switchTo(ctx context.Context, p *Plan, actor, note string) (int, error) {
	version := 0
	err := s.db.Change(ctx, "", p.row.Schema, nil, func(tx *store.Tx) error {
		r, err := tx.Do(ctx, store.LockAlone(fence(p.row.ID)), store.ReadLastVersion(p.row.ID))
		if err != nil {
			return err
		}
		version = int(r[1].Int(0)) + 1
		manifest := map[string]entryOf{}
		var stmts []store.Stmt
		for _, d := range p.rows {
			manifest[d.ID] = entryOf{d.Kind, d.Hash, d.Position}
			stmts = append(stmts, store.WriteDocument(d.Hash, d.Body))
		}
		m, err := json.Marshal(manifest)
		if err != nil {
			return err
		}
		changes, err := json.Marshal(p.Changes)
		if err != nil {
			return err
		}
		info := p.target.App.Info
		name, err := json.Marshal(info.Name)
		if err != nil {
			return err
		}
		stmts = append(stmts, store.WriteVersion(p.row.ID, version, m, changes, note, actor, s.o.Now()),
			store.NotifyOnCommit(Channel, p.row.ID),
			store.SwitchVersion(p.row.ID, p.Base, version, name, info.Icon, info.Hue))
		if r, err = tx.Do(ctx, stmts...); err != nil {
			return err
		}
		if r[len(r)-1].Affected != 1 {
			return ErrPlanMoved.New()
		}
		return nil
	})
	return version, err
}

// Version is one entry of an app's history of versions.
type Version struct {
	Version   int              `json:"version"`
	Note      string           `json:"note"`
	At        string           `json:"published_at"`
	By        string           `json:"published_by,omitempty"`
	Published bool             `json:"published"`
	Changes   []*schema.Change `json:"changes"`
}

// Versions lists the versions of an app, newest first.
func (s *Store) Versions(ctx context.Context, appID string) ([]Version, error) {
	if !isUUID(appID) {
		return nil, ErrNoApp.New()
	}
	r, err := s.db.Read(ctx, store.ReadVersions(appID))
	if err != nil {
		return nil, err
	}
	out := []Version{}
	for _, v := range store.VersionsOf(r[0]) {
		x := Version{Version: v.Version, Note: v.Note, At: v.At.Format("2006-01-02T15:04:05.000Z07:00"), By: v.By, Published: v.Published}
		if err := json.Unmarshal(v.Plan, &x.Changes); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// RestoreVersion makes the draft equal to a version. Nothing is published.
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

package definition

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Snapshot is one version of an app with everything that running it needs.
// It never changes: hold on to it for the length of a request.
type Snapshot struct {
	*schema.Model
	AppID, AppKey             string
	WorkspaceID, WorkspaceKey string
	Schema                    string // the workspace's Postgres schema
	Zone                      *time.Location
	Locale                    string
	Settings                  map[string]value.Value // parameters by key, what setting("key") reads
	RuleOff                   map[string]bool        // rules switched off, by id
	Light                     bool

	unique map[string]*schema.FieldModel
}

// Constraint tells which unique field an index belongs to that Postgres names
// in an error; nil if none.
func (s *Snapshot) Constraint(index string) *schema.FieldModel { return s.unique[index] }

type entry struct {
	mu   sync.Mutex // one load at a time
	gen  atomic.Int64
	snap atomic.Pointer[Snapshot]
}

// At returns the published version of an app, from memory when nothing has
// changed. An app that was never published is empty: version 0 without entities.
func (s *Store) At(ctx context.Context, appID string) (*Snapshot, error) {
	if v, ok := s.apps.Load(appID); ok {
		if snap := v.(*entry).snap.Load(); snap != nil {
			return snap, nil
		}
	}
	if !isUUID(appID) {
		return nil, ErrNoApp.New()
	}
	v, _ := s.apps.LoadOrStore(appID, &entry{})
	e := v.(*entry)
	e.mu.Lock()
	defer e.mu.Unlock()
	for {
		if snap := e.snap.Load(); snap != nil {
			return snap, nil
		}
		gen := e.gen.Load()
		snap, err := s.load(ctx, appID, live)
		if err != nil {
			if errors.Is(err, ErrNoApp.New()) {
				s.apps.Delete(appID)
			}
			return nil, err
		}
		// What was read while a change came in may be old already.
		if e.gen.Load() == gen {
			e.snap.Store(snap)
			if e.gen.Load() == gen {
				return snap, nil
			}
			e.snap.Store(nil)
		}
	}
}

// AtVersion returns a version that a run is pinned to. Physical names are
// today's: what has been renamed since is found, what has been removed or has
// another type now has no column.
func (s *Store) AtVersion(ctx context.Context, appID string, version int) (*Snapshot, error) {
	snap, err := s.At(ctx, appID)
	if err != nil || snap.Version == version {
		return snap, err
	}
	if p := s.pins.get(appID, version, snap); p != nil {
		return p, nil
	}
	p, err := s.load(ctx, appID, version)
	if err != nil {
		return nil, err
	}
	s.pins.put(appID, version, snap, p)
	return p, nil
}

// Refresh forgets what is kept of an app; the next At reads it anew.
func (s *Store) Refresh(appID string) {
	if v, ok := s.apps.Load(appID); ok {
		e := v.(*entry)
		e.gen.Add(1)
		e.snap.Store(nil)
	}
}

// Listen hears of changes made by other nodes, until ctx ends.
func (s *Store) Listen(ctx context.Context) {
	s.db.Listen(ctx, Channel, func() {
		s.apps.Range(func(k, _ any) bool { s.Refresh(k.(string)); return true })
	}, s.Refresh)
}

// Fence makes the transaction hold the version of the snapshot: no publish can
// switch before it ends. It returns ErrStale when one already has; refresh the
// snapshot and start again. Take the fence before anything else.
func (s *Store) Fence(ctx context.Context, tx *store.Tx, snap *Snapshot) error {
	r, err := tx.Do(ctx, s.FenceStmts(snap)...)
	if err != nil {
		return err
	}
	return s.CheckFence(snap, r)
}

// FenceStmts are the statements of Fence, to be sent ahead of others in the
// same round trip. CheckFence judges their results.
func (s *Store) FenceStmts(snap *Snapshot) []store.Stmt {
	return []store.Stmt{store.LockShared(fence(snap.AppID)), store.ReadLiveVersion(snap.AppID)}
}

// CheckFence judges the results of FenceStmts, which come first in results. On
// ErrStale the snapshot has been refreshed already.
func (s *Store) CheckFence(snap *Snapshot, results []store.Result) error {
	if len(results) < 2 || results[1].One() == nil {
		s.Refresh(snap.AppID)
		return ErrNoApp.New()
	}
	if int(results[1].Int(0)) != snap.Version {
		s.Refresh(snap.AppID)
		return ErrStale.New()
	}
	return nil
}

// FailUnless is the fence for transactions that send everything at once: it
// fails, as Stale knows, unless the snapshot is of the live version.
func (s *Store) FailUnless(snap *Snapshot) []store.Stmt {
	return []store.Stmt{store.LockShared(fence(snap.AppID)), store.FailUnlessLive(snap.AppID, snap.Version)}
}

// Stale reports whether err may come from a snapshot that a publish has
// overtaken: a fence that did not hold, or a statement whose table, column or
// type has changed since it was made. The caller gets a new snapshot (this one
// is refreshed here) and starts again, once.
func (s *Store) Stale(snap *Snapshot, err error) bool {
	if errors.Is(err, ErrStale.New()) {
		return true
	}
	switch code, _, _ := store.PgError(err); code {
	case store.NotLive, "42703", "42P01", "42704", "42804", "42883", "0A000":
		s.Refresh(snap.AppID)
		return true
	}
	return false
}

const live = -1

// load reads one version of an app, or the live one.
func (s *Store) load(ctx context.Context, appID string, version int) (*Snapshot, error) {
	docs := store.ReadLive(appID)
	if version != live {
		docs = store.ReadVersion(appID, version)
	}
	var r []store.Result
	err := s.db.InSnapshot(ctx, func(tx *store.Tx) (err error) {
		r, err = tx.Do(ctx, store.ReadApp(appID), docs, store.ReadPlaces(appID), store.ReadParams(appID), store.ReadSwitches(appID))
		return err
	})
	if err != nil {
		return nil, err
	}
	row := store.AppOf(r[0])
	if row == nil {
		return nil, ErrNoApp.New()
	}
	rows := store.DocsOf(r[1])
	app := &schema.App{}
	switch {
	case len(rows) > 0:
		if app, err = assemble(rows); err != nil {
			return nil, err
		}
	case version == live || version == 0:
		app.Info = schema.Info{ID: "app_" + row.Key, Key: row.Key, Icon: row.Icon, Hue: row.Hue}
		if err := json.Unmarshal(row.Name, &app.Info.Name); err != nil {
			return nil, err
		}
	default:
		return nil, ErrNoVersion.With("version", version)
	}
	model, faults := schema.Compile(app)
	if len(faults) > 0 {
		return nil, faults
	}
	if model.Version = row.Version; version != live {
		model.Version = version
	}
	snap := s.snapshot(row, model, store.PlacesOf(r[2]))
	snap.Settings = settings(app.Info.Params, r[3])
	for _, rule := range app.Rules {
		if rule.Off {
			snap.RuleOff[rule.ID] = true
		}
	}
	for _, v := range r[4].Rows {
		if id := string(v[0]); string(v[1]) == "t" {
			delete(snap.RuleOff, id)
		} else {
			snap.RuleOff[id] = true
		}
	}
	return snap, nil
}

// snapshot gives a model its physical names.
func (s *Store) snapshot(row *store.AppRow, m *schema.Model, places []store.Place) *Snapshot {
	snap := &Snapshot{Model: m, AppID: row.ID, AppKey: row.Key, WorkspaceID: row.Workspace, WorkspaceKey: row.WorkspaceKey, Schema: row.Schema,
		Locale: row.Locale, Light: row.Light, Zone: zone(row), Settings: map[string]value.Value{}, RuleOff: map[string]bool{}, unique: map[string]*schema.FieldModel{}}
	at := map[string]store.Place{}
	for _, p := range places {
		if p.Retired.IsZero() {
			at[p.DefID] = p
		}
	}
	bind(m, row.Schema, at)
	for _, e := range m.Entities {
		for _, f := range e.Fields {
			if isUnique(f) && f.Column != "" {
				snap.unique[store.IndexName(e.Table, f.Column, "key")] = f
			}
		}
	}
	return snap
}

// zone is the workspace's time zone.
func zone(row *store.AppRow) *time.Location {
	if z, err := time.LoadLocation(row.Zone); err == nil {
		return z
	}
	return time.UTC
}

// bind writes physical names into a model.
func bind(m *schema.Model, name string, at map[string]store.Place) {
	var fields func(e *schema.EntityModel)
	fields = func(e *schema.EntityModel) {
		for _, f := range e.Fields {
			p, ok := at[f.ID()]
			switch {
			case !ok:
			case f.Storage == field.Links:
				f.Column = p.Table
			case f.Storage == field.Child:
				f.Column, f.Sub.Schema, f.Sub.Table = p.Table, name, p.Table
				fields(f.Sub)
			case stored(f) && p.Type == f.DB.SQL && p.Table == e.Table:
				f.Column = p.Column
			}
		}
	}
	for _, e := range m.Entities {
		e.Schema = name
		e.Table = at[e.ID()].Table
		fields(e)
	}
}

// pins keeps the versions that runs were last seen pinned to.
type pins struct {
	mu   sync.Mutex
	list []pin // latest first
}

type pin struct {
	app     string
	version int
	under   *Snapshot // the live snapshot when it was read: names and settings are of then
	snap    *Snapshot
}

const maxPins = 32

func (p *pins) get(app string, version int, under *Snapshot) *Snapshot {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, x := range p.list {
		if x.app == app && x.version == version && x.under == under {
			copy(p.list[1:i+1], p.list[:i])
			p.list[0] = x
			return x.snap
		}
	}
	return nil
}

func (p *pins) put(app string, version int, under, snap *Snapshot) {
	p.mu.Lock()
	defer p.mu.Unlock()
	keep := []pin{{app, version, under, snap}}
	for _, x := range p.list {
		if len(keep) < maxPins && (x.app != app || x.version != version && x.under == under) {
			keep = append(keep, x)
		}
	}
	p.list = keep
}

package definition

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
)

// Retention is how long the content of removed fields and entities, and the
// values from before a conversion, are kept.
const Retention = 30 * 24 * time.Hour

// ErrNotKept is returned for what is not, or no longer, to be restored.
var ErrNotKept = fault.Define(fault.NotFound, "app.not_kept", "这个字段没有可恢复的内容", "nothing is kept of this field")

// Retired is a removed field or entity whose content is still kept.
type Retired struct {
	ID       string        `json:"id"`
	Entity   string        `json:"entity"`          // id of the entity
	Field    *schema.Field `json:"field,omitempty"` // nil when the entity itself was removed
	Name     schema.Text   `json:"name"`
	Version  int           `json:"version"` // the last version that had it
	At       time.Time     `json:"removed_at"`
	Until    time.Time     `json:"kept_until"`
	document *schema.Entity
	parent   string // sub-form that the field is a column of
}

// Retired lists what was removed from an app and can be restored, the latest
// first. The fields of a removed entity come with it and are not listed.
func (s *Store) Retired(ctx context.Context, appID string) ([]Retired, error) {
	if !isUUID(appID) {
		return nil, ErrNoApp.New()
	}
	r, err := s.db.Read(ctx, store.ReadPlaces(appID))
	if err != nil {
		return nil, err
	}
	gone := map[string]bool{} // retired tables
	rows := store.PlacesOf(r[0])
	for _, p := range rows {
		if p.Column == "" && !p.Retired.IsZero() {
			gone[p.Table] = true
		}
	}
	out := []Retired{}
	for _, p := range rows {
		if p.Retired.IsZero() || strings.Contains(p.DefID, keptMark) || p.Column != "" && gone[p.Table] {
			continue
		}
		x, err := s.retired(ctx, appID, p)
		if err != nil {
			return nil, err
		}
		if x != nil {
			out = append(out, *x)
		}
	}
	// A field with a table of its own goes with its entity as well.
	entities := map[string]bool{}
	for _, x := range out {
		if x.Field == nil {
			entities[x.ID] = true
		}
	}
	out = slices.DeleteFunc(out, func(x Retired) bool { return x.Field != nil && entities[x.Entity] })
	slices.SortStableFunc(out, func(a, b Retired) int { return b.At.Compare(a.At) })
	return out, nil
}

// retired finds the last version that had a definition; nil if there is none.
func (s *Store) retired(ctx context.Context, appID string, p store.Place) (*Retired, error) {
	r, err := s.db.Read(ctx, store.ReadLastDefinition(appID, p.DefID))
	if err != nil || r[0].One() == nil {
		return nil, err
	}
	doc, err := decode(string(schema.DocEntity), r[0].One()[1], false)
	if err != nil {
		return nil, err
	}
	e := doc.(*schema.Entity)
	x := &Retired{ID: p.DefID, Entity: e.ID, Name: e.Name, Version: int(r[0].Int(0)), At: p.Retired, Until: p.Retired.Add(Retention), document: e}
	for _, f := range e.Fields {
		if f.ID == p.DefID {
			x.Field, x.Name = f, f.Name
		}
		for _, c := range f.Fields {
			if c.ID == p.DefID {
				x.Field, x.Name, x.parent = c, c.Name, f.ID
			}
		}
	}
	if x.Field == nil && e.ID != p.DefID {
		return nil, nil
	}
	return x, nil
}

// RestoreField puts a removed field, or a removed entity, back into the draft
// as it was. Its content is there again once the draft is published. The id of
// the document that changed is returned, with the faults of the draft.
func (s *Store) RestoreField(ctx context.Context, appID, actor, id string) (doc string, faults fault.List, err error) {
	if !isUUID(appID) {
		return "", nil, ErrNoApp.New()
	}
	r, err := s.db.Read(ctx, store.ReadPlaces(appID))
	if err != nil {
		return "", nil, err
	}
	var x *Retired
	for _, p := range store.PlacesOf(r[0]) {
		if p.DefID == id && !p.Retired.IsZero() {
			if x, err = s.retired(ctx, appID, p); err != nil {
				return "", nil, err
			}
		}
	}
	if x == nil {
		return "", nil, ErrNotKept.New()
	}
	err = s.db.InTx(ctx, func(tx *store.Tx) error {
		w, err := s.open(ctx, tx, appID)
		if err != nil {
			return err
		}
		next := x.document
		have, ok := w.docs[x.Entity]
		alive := ok && !have.Deleted
		switch {
		case x.Field == nil && alive:
			return ErrNotKept.New()
		case x.Field != nil && !alive:
			return schema.ErrNoEntity.With("ref", x.document.Name.In(w.row.Locale))
		case x.Field != nil:
			d, err := decode(have.Kind, have.Body, false)
			if err != nil {
				return err
			}
			next = d.(*schema.Entity)
			if !putBack(next, x) {
				return ErrNotKept.New()
			}
		}
		row, err := rowOf(next)
		if err != nil {
			return err
		}
		if row.Position = have.Position; !ok {
			row.Position = w.next(row.Kind)
		}
		doc = next.ID
		w.docs[doc] = row
		app, err := w.app()
		if err != nil {
			return err
		}
		faults = s.check(app)
		_, err = tx.Do(ctx, store.WriteDraft(appID, actor, row, s.o.Now()))
		return err
	})
	return doc, faults, err
}

// putBack appends a field to the list it was in, under a free key; false when
// it is there already or its sub-form is gone.
func putBack(e *schema.Entity, x *Retired) bool {
	list := &e.Fields
	if x.parent != "" {
		list = nil
		for _, f := range e.Fields {
			if f.ID == x.parent {
				list = &f.Fields
			}
		}
	}
	if list == nil {
		return false
	}
	taken := map[string]bool{}
	for _, f := range *list {
		if f.ID == x.ID {
			return false
		}
		taken[f.Key] = true
	}
	f := *x.Field
	for i := 2; taken[f.Key]; i++ {
		f.Key = fmt.Sprintf("%.36s_%d", x.Field.Key, i)
	}
	*list = append(*list, &f)
	return true
}

// Sweep removes for good what has been kept long enough, and returns how many
// fields and tables it removed. Call it daily.
func (s *Store) Sweep(ctx context.Context) (int, error) {
	r, err := s.db.Read(ctx, store.ReadExpired(s.o.Now().Add(-Retention)))
	if err != nil {
		return 0, err
	}
	apps := map[string]bool{}
	n := 0
	for _, v := range r[0].Rows {
		apps[string(v[0])] = true
	}
	for app := range apps {
		err := s.alone(ctx, app, func() error {
			k, err := s.sweep(ctx, app)
			n += k
			return err
		})
		if err != nil && fault.CodeOf(err) != ErrPublishing.Code {
			return n, err
		}
	}
	return n, nil
}

// sweep removes what one app has kept long enough.
func (s *Store) sweep(ctx context.Context, appID string) (int, error) {
	if err := s.resume(ctx, appID); err != nil {
		return 0, err
	}
	r, err := s.db.Read(ctx, store.ReadPlaces(appID))
	if err != nil {
		return 0, err
	}
	limit := s.o.Now().Add(-Retention)
	n := 0
	rows := store.PlacesOf(r[0])
	for _, tables := range []bool{true, false} {
		for _, p := range rows {
			if p.Retired.IsZero() || p.Retired.After(limit) || (p.Column == "") != tables {
				continue
			}
			drop := []store.Stmt{store.DropColumn(p.Schema, p.Table, p.Column), store.DeletePlace(appID, p.DefID)}
			lock := []string{p.Table}
			if tables {
				drop, lock = []store.Stmt{store.DropTableCascade(p.Schema, p.Table), store.DeleteTablePlaces(p.Schema, p.Table)}, nil
			} else if slices.ContainsFunc(rows, func(t store.Place) bool {
				return t.Column == "" && t.Table == p.Table && !t.Retired.IsZero() && !t.Retired.After(limit)
			}) {
				continue // it went with its table
			}
			err := s.db.Change(ctx, "ACCESS EXCLUSIVE", p.Schema, lock, func(tx *store.Tx) error {
				_, err := tx.Do(ctx, drop...)
				return err
			})
			if err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// Rebuild copies an entity's table into a new one, so that columns dropped long
// ago no longer count against the limits of Postgres. Writers of the app wait
// meanwhile; readers do not, but for the last moment.
func (s *Store) Rebuild(ctx context.Context, appID, entityID string) error {
	return s.alone(ctx, appID, func() error {
		if err := s.resume(ctx, appID); err != nil {
			return err
		}
		s.Refresh(appID)
		snap, err := s.At(ctx, appID)
		if err != nil {
			return err
		}
		e := snap.Entity(entityID)
		if e == nil {
			return schema.ErrNoEntity.With("ref", entityID)
		}
		if err := s.db.RebuildTable(ctx, fence(appID), e.Schema, e.Table); err != nil {
			return err
		}
		return s.reconcile(ctx, snap)
	})
}

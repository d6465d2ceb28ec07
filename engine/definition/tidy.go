package definition

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"sort"

	"tenon/engine/store"
)

// tidying is what is left to remember once the version is live.
func (x *publishing) tidying() state {
	all := map[string][]string{}
	for _, m := range []map[string][]string{x.st.Fresh, x.st.Again} {
		for e, ids := range m {
			all[e] = append(all[e], ids...)
		}
	}
	return state{Base: x.st.Base, Again: all}
}

// tidy removes what only the old version needed and works out what writers of
// the old version did not. It follows from the catalogue, so it can be repeated.
func (x *publishing) tidy(ctx context.Context) error {
	x.s.Refresh(x.pub.AppID)
	snap, err := x.s.At(ctx, x.pub.AppID)
	if err != nil {
		return err
	}
	if err := x.compute(ctx, snap, x.st.Again); err != nil {
		return err
	}
	if err := x.s.reconcile(ctx, snap); err != nil {
		return err
	}
	_, err = x.s.db.Read(ctx, store.EndPublication(x.pub.AppID))
	return err
}

// reconcile drops indexes of ours that nobody asks for and checks foreign keys
// that are not checked yet.
func (s *Store) reconcile(ctx context.Context, snap *Snapshot) error {
	l, facts, err := s.actual(ctx, snap)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, t := range l.tables {
		for _, ix := range t.indexes {
			wanted[ix.Name] = true
		}
	}
	var drop []string
	for name := range facts.Indexes {
		if !wanted[name] && ours.MatchString(name) {
			drop = append(drop, name)
		}
	}
	sort.Strings(drop)
	for _, name := range drop {
		if err := s.db.DropIndex(ctx, l.schema, name, false); err != nil {
			return err
		}
	}
	for _, t := range l.tables {
		for name, checked := range facts.Foreigns[t.Name] {
			if checked {
				continue
			}
			err := s.db.Change(ctx, "SHARE UPDATE EXCLUSIVE", l.schema, []string{t.Name}, func(tx *store.Tx) error {
				_, err := tx.Do(ctx, store.ValidateForeign(store.Foreign{Schema: l.schema, Table: t.Name, Name: name}))
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// ours tells the names that store.IndexName makes from those that people give.
var ours = regexp.MustCompile(`(\..*|_[0-9a-f]{8})_(key|idx|gin|sort)$`)

// actual lays the live version out and reads what is really there.
func (s *Store) actual(ctx context.Context, snap *Snapshot) (*layout, *store.Facts, error) {
	r, err := s.db.Read(ctx, store.ReadPlaces(snap.AppID))
	if err != nil {
		return nil, nil, err
	}
	at := places{}
	for _, p := range store.PlacesOf(r[0]) {
		at[p.DefID] = p
	}
	l := describe(snap.Model, snap.Schema, at, s.db.Collation())
	var tables []string
	for _, t := range l.tables {
		tables = append(tables, t.Name)
	}
	if r, err = s.db.Read(ctx, store.ReadFacts(snap.Schema, tables)...); err != nil {
		return nil, nil, err
	}
	return l, store.FactsOf(r), nil
}

// errLive is what rollback finds when the switch has happened after all: its
// commit was under way when the process that sent it died.
var errLive = errors.New("the version is live")

// rollback takes an unfinished publish back. The live version has not seen any
// of it.
func (x *publishing) rollback(ctx context.Context) error {
	w, sc, id := x.work, x.work.row.Schema, x.pub.AppID
	var stmts, rows []store.Stmt
	lock, made := map[string]bool{}, map[string]bool{}
	for _, t := range w.mid.tables {
		if w.isNew(t) {
			made[t.Name] = true
			stmts = append(stmts, store.DropTableCascade(sc, t.Name))
			rows = append(rows, store.DeletePlace(id, t.def+pendingMark))
			lock[t.Owner] = t.Owner != ""
			for _, f := range t.foreigns {
				lock[f.Target] = true
			}
			continue
		}
		for _, c := range w.newColumns(t) {
			stmts = append(stmts, store.DropColumn(sc, t.Name, c.Name))
			lock[t.Name] = true
		}
		for _, f := range t.foreigns {
			if p, ok := w.have[foreignDef(t, f)]; ok && !p.Retired.IsZero() {
				stmts = append(stmts, store.DropForeign(sc, t.Name, f.Name))
				lock[t.Name] = true
			}
			lock[f.Target] = lock[f.Target] || lock[t.Name]
		}
	}
	var tables []string
	for t, yes := range lock {
		if yes && !made[t] {
			tables = append(tables, t)
		}
	}
	// Tables go last to first: columns, keys and rows that belong to others
	// come after what they belong to.
	slices.Reverse(stmts)
	err := x.s.db.ChangeAlone(ctx, fence(id), "ACCESS EXCLUSIVE", sc, tables, func(tx *store.Tx) error {
		r, err := tx.Do(ctx, store.ReadPublication(id))
		if err != nil {
			return err
		}
		if now := store.PublicationsOf(r[0]); len(now) != 1 || now[0].Phase == phaseClean {
			return errLive
		}
		_, err = tx.Do(ctx, append(stmts, rows...)...)
		return err
	})
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, t := range w.was.tables {
		for _, ix := range t.indexes {
			wanted[ix.Name] = true
		}
	}
	for _, t := range w.mid.tables {
		if w.isNew(t) {
			continue
		}
		for _, ix := range t.indexes {
			if !wanted[ix.Name] {
				if err := x.s.db.DropIndex(ctx, sc, ix.Name, false); err != nil {
					return err
				}
			}
		}
	}
	_, err = x.s.db.Read(ctx, store.EndPublication(id))
	return err
}

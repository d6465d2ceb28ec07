package definition

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/field"
)

// entryOf is one document of a version's manifest.
type entryOf struct {
	Kind string `json:"kind"`
	Hash string `json:"hash"`
	N    int    `json:"n"`
}

// The phases of a publish, in order. Everything up to the switch can be taken
// back; everything after it only tidies up. Each phase can be repeated.
const (
	phaseExpand = "expand" // new tables and columns, which the old version does not see
	phaseFill   = "fill"   // values for new columns, while writers go on
	phaseIndex  = "index"  // indexes and keys
	phaseSwitch = "switch" // one transaction: version, names, the last changed rows
	phaseClean  = "clean"  // what the old version needed
)

// state is what a publish remembers between its phases, and beyond a crash.
type state struct {
	Base     int                 `json:"base"`
	Note     string              `json:"note"`
	Manifest map[string]entryOf  `json:"manifest"`
	Changes  []*schema.Change    `json:"changes"`
	Naming   naming              `json:"naming"`
	Made     []string            `json:"made,omitempty"` // tables that the publish makes
	Marks    map[string]*mark    `json:"marks,omitempty"`
	Fresh    map[string][]string `json:"fresh,omitempty"`
	Again    map[string][]string `json:"again,omitempty"`
}

// mark is how far a conversion has come: the transactions that wrote converted
// values, see store.Conversion.
type mark struct {
	Xids []string `json:"xids"`
}

// publishing is a publish on its way.
type publishing struct {
	s    *Store
	pub  store.Publication
	st   state
	work *work
	env  *field.Env
}

const (
	batchRows    = 5000 // rows converted in one transaction
	catchUpRows  = 500  // so few changed rows may wait for the switch
	catchUpTries = 8
)

// errDied is what a failpoint returns to play a process that dies.
var errDied = errors.New("failpoint")

// Publish makes documents of the draft the next version of the app and returns
// its number. hash names the plan that was looked at; a draft that has moved on
// since is refused. With an empty hash whatever the plan is now is carried out.
// Readers and writers go on meanwhile. It returns once the version is live and
// tidied up; on an error the app is as it was.
func (s *Store) Publish(ctx context.Context, appID, actor string, docs []string, hash, note string) (version int, err error) {
	err = s.alone(ctx, appID, func() error {
		// What a crash has left behind goes first.
		if err := s.resume(ctx, appID); err != nil {
			return err
		}
		p, err := s.prepare(ctx, appID, docs)
		if err != nil {
			return err
		}
		if hash != "" && hash != p.Hash {
			return ErrPlanMoved.New()
		}
		if p.work != nil {
			if err := s.previewUnique(ctx, p); err != nil {
				return err
			}
		}
		if err := p.Faults.Err(); err != nil {
			return err
		}
		x, err := s.start(ctx, p, actor, note)
		if err != nil {
			return err
		}
		version = x.pub.Version
		err = x.run(ctx)
		if err != nil && x.pub.Phase == phaseClean && !errors.Is(err, errDied) {
			// The version is live; the next publish or start tidies up.
			slog.ErrorContext(ctx, "tidying up after a publish", "app", appID, "version", version, "error", err)
			err = nil
		}
		return err
	})
	return version, err
}

// patience is how often alone tries again: one who has just died may still
// hold the lock until Postgres notices.
const patience = 10

// alone runs f as the only publisher of the app in all processes.
func (s *Store) alone(ctx context.Context, appID string, f func() error) error {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for try := 0; ; try++ {
		held, err := s.db.Holding(ctx, publisher(appID), f)
		if held || err != nil {
			s.Refresh(appID)
			return err
		}
		if try == patience {
			return ErrPublishing.New()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// resume finishes the publish of one app that was interrupted, if there is one.
// One that cannot be finished has been taken back, which is no error here.
func (s *Store) resume(ctx context.Context, appID string) error {
	r, err := s.db.Read(ctx, store.ReadPublication(appID))
	if err != nil {
		return err
	}
	pubs := store.PublicationsOf(r[0])
	if len(pubs) == 0 {
		return nil
	}
	x := &publishing{s: s, pub: pubs[0]}
	if err := json.Unmarshal(x.pub.State, &x.st); err != nil {
		return err
	}
	if x.pub.Phase == phaseClean {
		return x.run(ctx)
	}
	if err := x.recall(ctx); err != nil {
		return err
	}
	err = x.run(ctx)
	if err != nil && ctx.Err() == nil && !errors.Is(err, errDied) {
		if r, rerr := s.db.Read(ctx, store.ReadPublication(appID)); rerr == nil && r[0].One() == nil {
			return nil
		}
	}
	return err
}

// recall works out again what an interrupted publish has to do.
func (x *publishing) recall(ctx context.Context) error {
	return x.s.db.InTx(ctx, func(tx *store.Tx) error {
		r, err := tx.Do(ctx, store.ReadApp(x.pub.AppID), store.ReadVersion(x.pub.AppID, x.st.Base), store.ReadDocuments(x.pub.AppID))
		if err != nil {
			return err
		}
		row := store.AppOf(r[0])
		if row == nil {
			return ErrNoApp.New()
		}
		before, err := assemble(store.DocsOf(r[1]))
		if err != nil {
			return err
		}
		after, err := assemble(store.DocsOf(r[2]))
		if err != nil {
			return err
		}
		from, err := published(before)
		if err != nil {
			return err
		}
		to, faults := schema.Compile(after)
		if err := faults.Err(); err != nil {
			return err
		}
		have, _, _, err := x.s.registered(ctx, tx, row)
		if err != nil {
			return err
		}
		x.work = newWork(row, from, to, have, x.st.Naming, x.s.db.Collation())
		return nil
	})
}

// start writes down that a publish begins and reserves its names.
func (s *Store) start(ctx context.Context, p *Plan, actor, note string) (*publishing, error) {
	if err := s.EnsureWorkspaceSchema(ctx, p.row.Schema); err != nil {
		return nil, err
	}
	x := &publishing{s: s}
	err := s.db.InTx(ctx, func(tx *store.Tx) error {
		// Names are given under a lock of the schema, which apps share.
		r, err := tx.Do(ctx, store.LockAlone(names(p.row.Schema)), store.ReadLiveVersion(p.row.ID), store.ReadLastVersion(p.row.ID))
		if err != nil {
			return err
		}
		if int(r[1].Int(0)) != p.Base {
			return ErrPlanMoved.New()
		}
		p.Faults = nil
		if err := s.lay(ctx, tx, p); err != nil {
			return err
		}
		if err := p.Faults.Err(); err != nil {
			return err
		}
		x.work = p.work
		x.st = state{Base: p.Base, Note: note, Manifest: map[string]entryOf{}, Changes: p.Changes, Naming: p.work.naming, Marks: map[string]*mark{},
			Fresh: p.work.fresh, Again: p.work.again}
		var stmts []store.Stmt
		for _, d := range p.rows {
			x.st.Manifest[d.ID] = entryOf{d.Kind, d.Hash, d.Position}
			stmts = append(stmts, store.WriteDocument(d.Hash, d.Body))
		}
		for _, t := range p.work.mid.tables {
			if p.work.isNew(t) {
				x.st.Made = append(x.st.Made, t.Name)
				stmts = append(stmts, store.WritePlace(p.row.ID, store.Place{DefID: t.def + pendingMark, Schema: t.Schema, Table: t.Name}))
			}
		}
		x.pub = store.Publication{AppID: p.row.ID, Version: int(r[2].Int(0)) + 1, Phase: phaseExpand, Actor: actor}
		if x.pub.State, err = json.Marshal(x.st); err != nil {
			return err
		}
		_, err = tx.Do(ctx, append(stmts, store.StartPublication(x.pub, s.o.Now()))...)
		return err
	})
	return x, err
}

// run takes the publish through the phases that are left. A failure ahead of
// the switch takes everything back.
func (x *publishing) run(ctx context.Context) error {
	before := x.pub.Phase != phaseClean
	err := x.advance(ctx)
	if err == nil || errors.Is(err, errDied) || !before || x.pub.Phase == phaseClean {
		return err
	}
	undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Minute)
	defer cancel()
	uerr := x.rollback(undo)
	if errors.Is(uerr, errLive) {
		x.pub.Phase, x.st = phaseClean, x.tidying()
		return x.tidy(ctx)
	}
	if uerr != nil {
		return errors.Join(err, uerr)
	}
	return err
}

func (x *publishing) advance(ctx context.Context) error {
	for {
		if err := x.s.fail(x.pub.Phase); err != nil {
			return err
		}
		var err error
		next := ""
		switch x.pub.Phase {
		case phaseExpand:
			err, next = x.expand(ctx), phaseFill
		case phaseFill:
			err, next = x.fill(ctx), phaseIndex
		case phaseIndex:
			err, next = x.index(ctx), phaseSwitch
		case phaseSwitch:
			err, next = x.change(ctx), phaseClean
		case phaseClean:
			return x.tidy(ctx)
		default:
			return fault.ErrInternal.New()
		}
		if err != nil {
			return err
		}
		if x.pub.Phase = next; next == phaseClean {
			x.st = x.tidying() // the switch has written it down itself
			continue
		}
		err = x.s.db.InTx(ctx, func(tx *store.Tx) error { return x.save(ctx, tx) })
		if err != nil {
			return err
		}
	}
}

// fail is where tests let a publish die.
func (s *Store) fail(point string) error {
	if s.o.Failpoint != nil && s.o.Failpoint(point) {
		return errDied
	}
	return nil
}

// save writes down how far the publish has come.
func (x *publishing) save(ctx context.Context, tx *store.Tx) error {
	raw, err := json.Marshal(x.st)
	if err != nil {
		return err
	}
	x.pub.State = raw
	r, err := tx.Do(ctx, store.MovePublication(x.pub))
	if err == nil && r[0].Affected != 1 {
		return errLive
	}
	return err
}

// expand adds tables and columns.
func (x *publishing) expand(ctx context.Context) error {
	w, sc := x.work, x.work.row.Schema
	made := map[string]bool{}
	touched := map[string]bool{}
	var create []store.Stmt
	for _, t := range w.mid.tables {
		if !w.isNew(t) {
			continue
		}
		made[t.Name] = true
		create = append(create, store.CreateTable(t.Table))
		for _, ix := range t.indexes {
			create = append(create, store.CreateIndex(ix))
		}
		if t.Owner != "" && !made[t.Owner] {
			touched[t.Owner] = true
		}
	}
	if len(create) > 0 {
		err := x.s.db.Change(ctx, "SHARE ROW EXCLUSIVE", sc, keys(touched), func(tx *store.Tx) error {
			_, err := tx.Do(ctx, create...)
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, t := range w.mid.tables {
		if w.isNew(t) {
			continue
		}
		cols := w.newColumns(t)
		if len(cols) == 0 {
			continue
		}
		err := x.s.db.Change(ctx, "ACCESS EXCLUSIVE", sc, []string{t.Name}, func(tx *store.Tx) error {
			_, err := tx.Do(ctx, store.AddColumns(sc, t.Name, cols...))
			return err
		})
		if err != nil {
			return err
		}
		if err := x.s.fail("column"); err != nil {
			return err
		}
	}
	return nil
}

func keys(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

// fill gives new columns their values, while writers of the old version go on.
func (x *publishing) fill(ctx context.Context) error {
	for _, f := range x.work.fills {
		if err := x.fillOne(ctx, f); err != nil {
			return err
		}
		if err := x.s.fail("filled"); err != nil {
			return err
		}
	}
	snap, err := x.interim(ctx)
	if err != nil {
		return err
	}
	return x.compute(ctx, snap, x.st.Fresh)
}

// interim is the next version under the names that it has before the switch.
// It carries the old version's number, for which fences hold.
func (x *publishing) interim(ctx context.Context) (*Snapshot, error) {
	r, err := x.s.db.Read(ctx, store.ReadParams(x.pub.AppID))
	if err != nil {
		return nil, err
	}
	var at []store.Place
	for _, p := range x.st.Naming.Stage {
		at = append(at, p)
	}
	m := x.work.after
	m.Version = x.st.Base
	snap := x.s.snapshot(x.work.row, m, at)
	snap.Settings = settings(m.App.Info.Params, r[0])
	return snap, nil
}

// compute has computed fields worked out for the records that exist.
func (x *publishing) compute(ctx context.Context, snap *Snapshot, fields map[string][]string) error {
	if x.s.o.Backfill == nil {
		return nil
	}
	for _, e := range snap.Entities {
		if ids := fields[e.ID()]; len(ids) > 0 {
			if err := x.s.o.Backfill(ctx, snap, e.ID(), ids); err != nil {
				return err
			}
		}
	}
	return nil
}

// index makes the indexes and foreign keys of the next version.
func (x *publishing) index(ctx context.Context) error {
	w, sc := x.work, x.work.row.Schema
	var tables []string
	for _, t := range w.mid.tables {
		tables = append(tables, t.Name)
	}
	r, err := x.s.db.Read(ctx, store.ReadFacts(sc, tables)...)
	if err != nil {
		return err
	}
	facts := store.FactsOf(r)
	filled := map[string]bool{}
	for _, f := range w.fills {
		filled[f.field.ID()] = true
	}
	for _, t := range w.mid.tables {
		for _, ix := range t.indexes {
			if facts.Indexes[ix.Name].Valid {
				continue
			}
			if err := x.s.db.BuildIndex(ctx, ix); err != nil {
				return x.twins(ctx, t, ix, err)
			}
			if err := x.s.fail("indexed"); err != nil {
				return err
			}
		}
	}
	for _, t := range w.mid.tables {
		for _, f := range t.foreigns {
			checked, there := facts.Foreigns[t.Name][f.Name]
			if !there {
				err := x.s.db.Change(ctx, "SHARE ROW EXCLUSIVE", sc, []string{t.Name, f.Target}, func(tx *store.Tx) error {
					var stmts []store.Stmt
					def := foreignDef(t, f)
					// Values that come back or were converted may point nowhere.
					if old, ok := w.have[def]; filled[def] || ok && !old.Retired.IsZero() {
						stmts = append(stmts, clearDangling(t, f))
					}
					_, err := tx.Do(ctx, append(stmts, store.AddForeign(f))...)
					return err
				})
				if err != nil {
					return err
				}
			}
			if !checked {
				err := x.s.db.Change(ctx, "SHARE UPDATE EXCLUSIVE", sc, []string{t.Name}, func(tx *store.Tx) error {
					_, err := tx.Do(ctx, store.ValidateForeign(f))
					return err
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func clearDangling(t *table, f store.Foreign) store.Stmt {
	if t.Kind == store.LinkTable {
		return store.DeleteDangling(f.Schema, f.Table, f.Target)
	}
	return store.ClearDangling(f.Schema, f.Table, f.Column, f.Target)
}

// twins words the failure of a unique index.
func (x *publishing) twins(ctx context.Context, t *table, ix store.Index, err error) error {
	if code, _, _ := store.PgError(err); code != "23505" || !ix.Unique {
		return err
	}
	for _, c := range t.columns {
		if c.Name == ix.Columns[0] {
			r, rerr := x.s.db.Duplicates(ctx, t.Schema, t.Name, c.Name, previewExamples)
			if rerr != nil {
				return errors.Join(err, rerr)
			}
			return twinFault(c.field, r, x.work.row.Locale).Because(err)
		}
	}
	return err
}

// change is the switch: one transaction, for which writers wait. It converts
// the rows that changed since they were converted, renames what is renamed, and
// makes the version live.
func (x *publishing) change(ctx context.Context) error {
	for range catchUpTries {
		left := int64(0)
		for _, f := range x.work.fills {
			if f.mode() != "values" {
				continue
			}
			n, err := x.s.db.Left(ctx, f.conversion(), x.mark(f).Xids)
			if err != nil {
				return err
			}
			if n > catchUpRows {
				if err := x.fillOne(ctx, f); err != nil {
					return err
				}
			}
			left = max(left, n)
		}
		if left <= catchUpRows {
			break
		}
	}
	env, err := x.formats(ctx)
	if err != nil {
		return err
	}
	w, sw := x.work, x.work.switching()
	return x.s.db.ChangeAlone(ctx, fence(w.row.ID), "ACCESS EXCLUSIVE", w.row.Schema, sw.locks, func(tx *store.Tx) error {
		r, err := tx.Do(ctx, store.ReadLiveVersion(w.row.ID), store.ReadPublication(w.row.ID))
		if err != nil {
			return err
		}
		if int(r[0].Int(0)) != x.st.Base || r[1].One() == nil {
			return ErrPlanMoved.New()
		}
		for _, f := range w.fills {
			if err := f.finish(ctx, tx, x.mark(f).Xids, env); err != nil {
				return err
			}
		}
		if err := x.s.fail("switching"); err != nil {
			return err
		}
		if _, err := tx.Do(ctx, sw.stmts...); err != nil {
			return err
		}
		return x.register(ctx, tx)
	})
}

// register writes the new names and the new version. The transaction may have
// to be repeated, so nothing is remembered here.
func (x *publishing) register(ctx context.Context, tx *store.Tx) error {
	w, id := x.work, x.work.row.ID
	now := x.s.o.Now()
	var drop, write []store.Stmt
	for _, t := range w.mid.tables {
		if w.isNew(t) {
			drop = append(drop, store.DeletePlace(id, t.def+pendingMark))
		}
	}
	retired := map[string]bool{}
	for _, r := range x.st.Naming.Retire {
		retired[r.From.DefID] = true
		drop = append(drop, store.DeletePlace(id, r.From.DefID))
		to := r.To
		if to.Retired.IsZero() {
			to.Retired = now
		}
		write = append(write, store.WritePlace(id, to))
	}
	for def, p := range x.st.Naming.Final {
		if p == w.have[def] && !retired[def] {
			continue
		}
		drop = append(drop, store.DeletePlace(id, def))
		write = append(write, store.WritePlace(id, p))
	}
	manifest, err := json.Marshal(x.st.Manifest)
	if err != nil {
		return err
	}
	changes, err := json.Marshal(x.st.Changes)
	if err != nil {
		return err
	}
	info := w.after.App.Info
	name, err := json.Marshal(info.Name)
	if err != nil {
		return err
	}
	done := x.pub
	done.Phase = phaseClean
	if done.State, err = json.Marshal(x.tidying()); err != nil {
		return err
	}
	stmts := append(append(drop, write...), store.MovePublication(done),
		store.WriteVersion(id, x.pub.Version, manifest, changes, x.st.Note, x.pub.Actor, now),
		store.NotifyOnCommit(Channel, id),
		store.SwitchVersion(id, x.st.Base, x.pub.Version, name, info.Icon, info.Hue))
	r, err := tx.Do(ctx, stmts...)
	if err != nil {
		return err
	}
	if r[len(r)-1].Affected != 1 {
		return ErrPlanMoved.New()
	}
	return nil
}

// Package engine is the record runtime and the only writer of records.
//
// Engine is the facade: definitions, reading under the caller's rights,
// writing through the one write path, history, undo, and the compiled runtime
// of an app for its users. It imports no workflow: what happens because of a
// change is told through record.Hooks.
//
// To add a kind of read: render it in engine/query, where rights are part of
// every statement, and serialise it here.
package engine

import (
	"context"
	"time"

	"tenon/engine/access"
	"tenon/engine/definition"
	"tenon/engine/query"
	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Options are what the engine needs from outside.
type Options struct {
	Now   func() time.Time
	NewID func() string
	// Check finds faults of definitions that only those above can see: the
	// steps of rules.
	Check func(m *schema.Model) fault.List
	// Hints finds what deserves a thought before a publish and prevents nothing.
	Hints func(m *schema.Model) []*schema.Change
}

// Engine ties the record runtime together.
type Engine struct {
	DB    *store.DB
	Defs  *definition.Store
	Hooks *record.Hooks

	o     Options
	cfg   *record.Config
	names names
}

// New assembles an engine. Hooks may be filled in until the first write.
func New(db *store.DB, o Options) *Engine {
	e := &Engine{DB: db, Hooks: &record.Hooks{}, o: o}
	e.Defs = definition.New(db, definition.Options{Now: o.Now, NewID: o.NewID, Backfill: e.backfill, Check: o.Check, Hints: o.Hints})
	e.cfg = &record.Config{DB: db, Defs: e.Defs, Now: o.Now, NewID: o.NewID, Hooks: e.Hooks}
	return e
}

// Now is the engine's clock.
func (e *Engine) Now() time.Time { return e.o.Now() }

// NewID makes a record id.
func (e *Engine) NewID() string { return e.o.NewID() }

// Run opens a write session on an app; see record.Run.
func (e *Engine) Run(ctx context.Context, appID string, actor *access.Actor, o record.Options, f func(s *record.Session) error) error {
	return record.Run(ctx, e.cfg, appID, actor, o, f)
}

// Rehearse runs a write session that is always rolled back.
func (e *Engine) Rehearse(ctx context.Context, appID string, actor *access.Actor, o record.Options, f func(s *record.Session) error) error {
	return record.Rehearse(ctx, e.cfg, appID, actor, o, f)
}

// Write applies operations in one transaction and returns what they did.
func (e *Engine) Write(ctx context.Context, actor *access.Actor, appID string, ops []record.Op, o record.Options) ([]record.Outcome, error) {
	var out []record.Outcome
	err := e.Run(ctx, appID, actor, o, func(s *record.Session) error {
		var err error
		out, err = s.Apply(ops...)
		return err
	})
	return out, err
}

// Last is a record as it stands when a write commits.
type Last struct {
	e    *Engine
	s    *record.Session
	ent  *schema.EntityModel
	sel  *query.Select
	rows [][][]byte
}

// Last has a record read together with the commit of a write session. It
// returns nil when the session's actor may not read such records.
func (e *Engine) Last(s *record.Session, ref, id string) (*Last, error) {
	ent := s.Snap.Entity(ref)
	if ent == nil {
		return nil, ErrNoEntity.With("ref", ref)
	}
	if s.Rights.On(ent).Need("read") != nil {
		return nil, nil
	}
	sel, err := query.List(s.Snap.Model, s.Env(nil, nil), s.Rights, ent, query.Request{IDs: []string{id}, All: true, Limit: 1})
	if err != nil {
		return nil, err
	}
	l := &Last{e: e, s: s, ent: ent, sel: sel}
	s.Lastly(sel.Stmt, func(r store.Result) { l.rows = r.Rows })
	return l, nil
}

// JSON returns the record as Get does, once its session has committed; nothing
// where the actor does not see it.
func (l *Last) JSON() (body []byte, rev int64, err error) {
	if l == nil || len(l.rows) == 0 {
		return nil, 0, nil
	}
	return l.e.single(record.Reader(l.s.Ctx, l.e.cfg, l.s.Snap, l.s.Actor), l.ent, l.sel, l.rows, nil)
}

// reader opens an app for reading as the actor.
func (e *Engine) reader(ctx context.Context, actor *access.Actor, appID string) (*record.Session, error) {
	snap, err := e.Defs.At(ctx, appID)
	if err != nil {
		return nil, err
	}
	return record.Reader(ctx, e.cfg, snap, actor), nil
}

// fresh reads with f, once more on the new version when a publish overtook it.
func (e *Engine) fresh(ctx context.Context, actor *access.Actor, appID string, f func(s *record.Session) error) error {
	for try := 0; ; try++ {
		s, err := e.reader(ctx, actor, appID)
		if err != nil {
			return err
		}
		if err = f(s); try > 0 || fault.CodeOf(err) != definition.ErrStale.Code {
			return err
		}
		e.Defs.Refresh(appID)
	}
}

// Reader opens an app for reading: expressions, titles and names as the actor
// may see them.
func (e *Engine) Reader(ctx context.Context, actor *access.Actor, appID string) (*record.Session, error) {
	return e.reader(ctx, actor, appID)
}

// entity finds an entity of the app and requires an operation on it.
func entity(s *record.Session, ref, op string) (*schema.EntityModel, error) {
	x := s.Snap.Entity(ref)
	if x == nil {
		return nil, ErrNoEntity.With("ref", ref)
	}
	if err := s.Rights.On(x).Need(op); err != nil {
		return nil, err
	}
	return x, nil
}

// ErrNoEntity says that an app has no such entity.
var ErrNoEntity = fault.Define(fault.NotFound, "entity.unknown", "应用里没有表单“{ref}”", "the app has no entity \"{ref}\"")

// ListRequest asks for records; Expand names link fields whose targets come as objects.
type ListRequest struct {
	query.Request
	Expand []string
}

// List returns a page of records as JSON: records, _names, next_cursor, count.
func (e *Engine) List(ctx context.Context, actor *access.Actor, appID, ref string, r ListRequest) ([]byte, error) {
	r.Collation = e.DB.Collation()
	var out []byte
	err := e.fresh(ctx, actor, appID, func(s *record.Session) error {
		ent, err := entity(s, ref, "read")
		if err != nil {
			return err
		}
		out, err = e.page(s, ent, r)
		return err
	})
	return out, err
}

func (e *Engine) page(s *record.Session, ent *schema.EntityModel, r ListRequest) ([]byte, error) {
	if r.Fields != nil {
		r.Fields = append(append([]string{}, r.Fields...), titleFields(ent)...)
	}
	sel, err := query.List(s.Snap.Model, s.Env(nil, nil), s.Rights, ent, r.Request)
	if err != nil {
		return nil, err
	}
	stmts := []store.Stmt{sel.Stmt}
	if sel.Count != nil {
		stmts = append(stmts, *sel.Count)
	}
	res, err := s.Do(stmts...)
	if err != nil {
		return nil, err
	}
	rows := res[0].Rows
	next := ""
	if len(rows) > sel.Limit {
		rows = rows[:sel.Limit]
		next = sel.Cursor(rows[len(rows)-1])
	}
	w, err := e.writer(s, ent, sel, rows, r.Expand)
	if err != nil {
		return nil, err
	}
	dst := append(make([]byte, 0, w.room(rows)), `{"records":[`...)
	for i, row := range rows {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = w.record(dst, row, nil)
	}
	dst = append(dst, `],"_names":`...)
	dst = appendNames(dst, w.names)
	if next != "" {
		dst = append(append(append(dst, `,"next_cursor":"`...), next...), '"')
	}
	if sel.Count != nil {
		dst = append(append(dst, `,"count":`...), res[1].Str(0)...)
	}
	return append(dst, '}'), nil
}

// Get returns one record as JSON with _title and _names, and its revision.
func (e *Engine) Get(ctx context.Context, actor *access.Actor, appID, ref, id string, fields, expand []string) ([]byte, int64, error) {
	var out []byte
	var rev int64
	err := e.fresh(ctx, actor, appID, func(s *record.Session) error {
		ent, err := entity(s, ref, "read")
		if err != nil {
			return err
		}
		out, rev, err = e.one(s, ent, id, fields, expand, false)
		return err
	})
	return out, rev, err
}

func (e *Engine) one(s *record.Session, ent *schema.EntityModel, id string, fields, expand []string, deleted bool) ([]byte, int64, error) {
	r := query.Request{IDs: []string{id}, Fields: fields, All: true, Limit: 1, Deleted: deleted}
	if fields != nil {
		r.Fields = append(append([]string{}, fields...), titleFields(ent)...)
	}
	sel, err := query.List(s.Snap.Model, s.Env(nil, nil), s.Rights, ent, r)
	if err != nil {
		return nil, 0, err
	}
	res, err := s.Do(sel.Stmt)
	if err != nil {
		return nil, 0, err
	}
	if len(res[0].Rows) == 0 {
		return nil, 0, access.ErrNotFound.New()
	}
	return e.single(s, ent, sel, res[0].Rows, expand)
}

// single is the JSON of the one record that was read, and its revision.
func (e *Engine) single(s *record.Session, ent *schema.EntityModel, sel *query.Select, rows [][][]byte, expand []string) ([]byte, int64, error) {
	w, err := e.writer(s, ent, sel, rows, expand)
	if err != nil {
		return nil, 0, err
	}
	row := rows[0]
	rev := query.ReadKind(value.Number, value.Null, row[sel.Rev]).Int()
	return w.record(nil, row, w.names), rev, nil
}

// titleFields are the fields that a title and subtitle need.
func titleFields(ent *schema.EntityModel) []string {
	var out []string
	if ent.Title != nil {
		for _, p := range ent.Title.Programs() {
			p.Reads(func(root string, path []*expr.Field) {
				if len(path) > 0 && root == "record" {
					out = append(out, path[0].ID)
				}
			})
		}
	}
	return append(out, ent.Def.Subtitle...)
}

// Aggregate returns grouped measures as JSON: rows and _names.
func (e *Engine) Aggregate(ctx context.Context, actor *access.Actor, appID, ref string, r query.AggregateRequest) ([]byte, error) {
	var out []byte
	err := e.fresh(ctx, actor, appID, func(s *record.Session) error {
		var err error
		out, err = e.aggregate(s, ref, r)
		return err
	})
	return out, err
}

func (e *Engine) aggregate(s *record.Session, ref string, r query.AggregateRequest) ([]byte, error) {
	ent, err := entity(s, ref, "read")
	if err != nil {
		return nil, err
	}
	st, cols, err := query.Aggregate(s.Snap.Model, s.Env(nil, nil), s.Rights, ent, r)
	if err != nil {
		return nil, err
	}
	res, err := s.Do(st)
	if err != nil {
		return nil, err
	}
	n := newNamer(e, s)
	for _, row := range res[0].Rows {
		for i, c := range cols {
			if c.Group && c.Field != nil && row[i] != nil {
				n.wantRaw(c.Field, row[i])
			}
		}
	}
	names, err := n.resolve()
	if err != nil {
		return nil, err
	}
	dst := []byte(`{"rows":[`)
	for i, row := range res[0].Rows {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '{')
		for j, c := range cols {
			if j > 0 {
				dst = append(dst, ',')
			}
			dst = value.AppendJSONString(dst, c.Name)
			dst = append(dst, ':')
			dst = query.AppendAgg(dst, c, row[j])
		}
		dst = append(dst, '}')
	}
	dst = append(dst, `],"_names":`...)
	return append(appendNames(dst, names), '}'), nil
}

// backfill fills computed fields of existing records after a publish.
func (e *Engine) backfill(ctx context.Context, snap *definition.Snapshot, entityID string, fieldIDs []string) error {
	after := ""
	ent := snap.Entity(entityID)
	if ent == nil {
		return nil
	}
	for {
		n := 0
		err := record.RunOn(ctx, e.cfg, snap, access.System(snap.WorkspaceID), record.Options{NoRules: true, Trusted: true}, func(s *record.Session) error {
			ids, err := s.Find(ent, nil, s.Env(nil, nil), after, 500)
			if err != nil {
				return err
			}
			if n = len(ids); n == 0 {
				return nil
			}
			after = ids[n-1]
			return s.Backfill(ent, ids, fieldIDs)
		})
		if err != nil || n < 500 {
			return err
		}
	}
}

// FieldEnv is what formatting knows for an actor in an app.
func fieldEnv(s *record.Session, names map[string]string) field.Env {
	env := s.FieldEnv()
	env.Name = func(_, id string) string { return names[id] }
	return env
}

package engine

import (
	"context"
	"encoding/json"
	"sort"
	"strconv"
	"time"

	"tenon/engine/access"
	"tenon/engine/query"
	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Entry is one line of a record's history as a reader may see it.
type Entry struct {
	ID        int64         `json:"id"`
	At        time.Time     `json:"at"`
	Rev       int64         `json:"rev"`
	Op        string        `json:"op"`
	Actor     string        `json:"actor,omitempty"`
	ActorName string        `json:"actor_name,omitempty"`
	Cause     string        `json:"cause,omitempty"`
	Operation string        `json:"operation,omitempty"`
	Changes   []FieldChange `json:"changes,omitempty"`
}

// FieldChange is a field before and after one change.
type FieldChange struct {
	Field  string      `json:"field"` // key
	Name   schema.Text `json:"name"`
	Before value.Value `json:"before"`
	After  value.Value `json:"after"`
	// Text forms in the reader's language.
	BeforeText string `json:"before_text"`
	AfterText  string `json:"after_text"`
}

// History returns a record's changes, newest first, limited to the fields the
// actor may see. before is a line id to go on from; 0 starts at the newest.
func (e *Engine) History(ctx context.Context, actor *access.Actor, appID, ref, id string, before int64, limit int) ([]Entry, error) {
	s, err := e.reader(ctx, actor, appID)
	if err != nil {
		return nil, err
	}
	ent, err := entity(s, ref, "read")
	if err != nil {
		return nil, err
	}
	if _, _, err := e.one(s, ent, id, []string{"id"}, nil, false); err != nil {
		if _, _, err2 := e.one(s, ent, id, []string{"id"}, nil, true); err2 != nil {
			return nil, err
		}
	}
	recs, err := s.Load(ent, []string{id}, "")
	if err != nil {
		return nil, err
	}
	if len(recs) == 0 {
		return nil, access.ErrNotFound.New()
	}
	levels, err := s.Levels(recs[0])
	if err != nil {
		return nil, err
	}
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	// Reverse deltas: the value after a change is the value before the next
	// one, so reading starts at the newest line.
	res, err := s.Do(store.HistoryOf(s.Snap.Schema, ent.ID(), id, 0, 2000))
	if err != nil {
		return nil, err
	}
	now := map[string]value.Value{}
	for _, f := range append(append([]*schema.FieldModel{}, ent.Fields...), ent.Field("owner")) {
		now[f.ID()] = recs[0].Get(f)
	}
	var out []Entry
	n := newNamer(e, s)
	for _, row := range rowsOf(res[0]) {
		en := Entry{ID: row.int(0), At: store.ParseTime(row.raw(1)), Rev: row.int(2), Op: row.str(3), Actor: row.str(4), Cause: row.str(5), Operation: row.str(6)}
		if en.Actor != "" {
			n.people[en.Actor] = true
		}
		for fid, was := range decodeBefore(ent, row.raw(7)) {
			f := ent.Field(fid)
			after := now[fid]
			now[fid] = was
			level := levels[fid]
			if f.System {
				level = access.Shown
			}
			if level == access.Hidden {
				continue
			}
			was, after := s.ShownAs(f, was, level), s.ShownAs(f, after, level)
			if f.Traits.HoldsUser || f.Traits.HoldsDept || f.Target != nil {
				for _, v := range []value.Value{was, after} {
					n.want(f, v.Text())
					for _, x := range v.List() {
						n.want(f, x.Text())
					}
				}
			}
			en.Changes = append(en.Changes, FieldChange{Field: f.Key(), Name: f.Def.Name, Before: was, After: after})
		}
		if before > 0 && en.ID >= before || len(out) >= limit {
			continue
		}
		sortChanges(ent, en.Changes)
		out = append(out, en)
	}
	names, err := n.resolve()
	if err != nil {
		return nil, err
	}
	env := fieldEnv(s, names)
	for i := range out {
		out[i].ActorName = names[out[i].Actor]
		for j := range out[i].Changes {
			c := &out[i].Changes[j]
			f := ent.Field(c.Field)
			c.BeforeText, c.AfterText = wording(f, c.Before, env), wording(f, c.After, env)
		}
	}
	return out, nil
}

// wording is a value's text; one that is masked is its own.
func wording(f *schema.FieldModel, v value.Value, env field.Env) string {
	if v.Kind() == value.Text && f.Kind != value.Text {
		return v.Text()
	}
	return f.Format(v, env)
}

// SawBefore reports whether the session's actor could read the record under one
// of the versions it has had since a moment: whoever looks at a list meanwhile
// may still have it before their eyes.
func (e *Engine) SawBefore(s *record.Session, rec *record.Record, since time.Time) (bool, error) {
	ent := rec.Entity
	res, err := s.Do(store.HistoryOf(s.Snap.Schema, ent.ID(), rec.ID(), 0, 200))
	if err != nil {
		return false, err
	}
	for _, row := range rowsOf(res[0]) {
		if store.ParseTime(row.raw(1)).Before(since) || row.str(3) == "create" {
			break
		}
		rec = rec.With(decodeBefore(ent, row.raw(7)))
		if ok, err := s.Rights.On(ent).RowAllowed("read", s.Env(rec, rec)); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

func sortChanges(ent *schema.EntityModel, l []FieldChange) {
	at := func(k string) int { return ent.Field(k).Ord }
	for i := 1; i < len(l); i++ {
		for j := i; j > 0 && at(l[j].Field) < at(l[j-1].Field); j-- {
			l[j], l[j-1] = l[j-1], l[j]
		}
	}
}

// decodeBefore reads a history delta: field id → value before.
func decodeBefore(ent *schema.EntityModel, raw []byte) map[string]value.Value {
	out := map[string]value.Value{}
	x, err := schema.DecodeJSON(raw)
	m, ok := x.(map[string]any)
	if err != nil || !ok {
		return out
	}
	for fid, v := range m {
		f := ent.Field(fid)
		if f == nil {
			continue
		}
		if f.Sub != nil {
			b, err := json.Marshal(v)
			if err == nil {
				out[f.ID()] = query.ReadWire(f, b)
			}
			continue
		}
		out[f.ID()] = query.ValueOfJSON(f.Kind, f.Elem, v)
	}
	return out
}

// Kept is a record that an undo left as it is, and why.
type Kept struct {
	Entity string `json:"entity"`
	ID     string `json:"id"`
	Reason string `json:"reason" enum:"changed gone denied"` // changed, gone, denied
}

// UndoResult says what an undo did.
type UndoResult struct {
	Operation string `json:"operation"`
	Reverted  int    `json:"reverted"`
	Kept      []Kept `json:"kept"`
	// Members were made by the operation, without an account, and are gone;
	// undoing an undo counts those that are back. MembersKept are the names of
	// those whom something else refers to.
	Members     int      `json:"members"`
	MembersKept []string `json:"members_kept"`
}

// Faults of undo.
var (
	ErrNoOperation = fault.Define(fault.NotFound, "operation.unknown", "找不到这次操作", "there is no such operation")
	ErrUndone      = fault.Define(fault.Conflict, "operation.undone", "这次操作已经撤销过了", "this operation has been undone already")
	ErrNotYours    = fault.Define(fault.Forbidden, "operation.owner", "只有操作者本人或管理员可以撤销", "only whoever did it or an administrator can undo it")
)

// operation finds one that was not undone yet and says who did it and its kind.
func (e *Engine) operation(ctx context.Context, appID, id string) (by, kind string, err error) {
	op, err := e.DB.Read(ctx, store.OperationRow(appID, id))
	if code, _, _ := store.PgError(err); code == "22P02" || err == nil && len(op[0].Rows) == 0 {
		return "", "", ErrNoOperation.New()
	}
	if err != nil {
		return "", "", err
	}
	if op[0].Str(1) != "" {
		return "", "", ErrUndone.New()
	}
	return op[0].Str(0), op[0].Str(2), nil
}

// MayContinue refuses to add to an operation that is not the actor's own or
// was undone.
func (e *Engine) MayContinue(ctx context.Context, actor *access.Actor, appID, operation string) error {
	by, _, err := e.operation(ctx, appID, operation)
	if err == nil && by != actor.ID {
		return ErrNotYours.New()
	}
	return err
}

// Undo reverts an operation as a new write: records that still are, or are
// again, as the operation left them go back, the others are listed and kept.
// Effects of rules stay. Undoing an undo does the change again.
func (e *Engine) Undo(ctx context.Context, actor *access.Actor, appID, operation string) (*UndoResult, error) {
	snap, err := e.Defs.At(ctx, appID)
	if err != nil {
		return nil, err
	}
	by, kind, err := e.operation(ctx, appID, operation)
	if err != nil {
		return nil, err
	}
	if by != actor.ID && !access.For(actor, snap.Model).Full() {
		return nil, ErrNotYours.New()
	}
	out := &UndoResult{Operation: e.NewID(), Kept: []Kept{}, MembersKept: []string{}}
	var lines []undoLine
	for after := int64(0); ; {
		r, err := e.DB.Read(ctx, store.OperationHistory(snap.Schema, operation, after, 5000))
		if err != nil {
			return nil, err
		}
		for _, row := range rowsOf(r[0]) {
			after = row.int(0)
			lines = append(lines, undoLine{row.str(1), row.str(2), row.int(3), row.str(4), row.raw(5)})
		}
		if len(r[0].Rows) < 5000 {
			break
		}
	}
	last := map[string]int64{}
	for _, l := range lines {
		last[l.entity+l.id] = l.rev
	}
	// Newest first, so that several changes of one record unwind in turn; a
	// batch holds each record once.
	u := &undoing{e: e, appID: appID, actor: actor, out: out, last: last, options: record.Options{Operation: out.Operation, Kind: "undo", Label: schema.Text{ZH: "撤销", EN: "Undo"}, NoRules: true, Trusted: true}}
	if kind == "undo" {
		u.options.Kind, u.options.Label = "redo", schema.Text{ZH: "重做", EN: "Redo"}
	}
	for i := len(lines); i > 0; {
		var part []undoLine
		seen := map[string]bool{}
		for i > 0 && len(part) < undoBatch && !seen[lines[i-1].entity+lines[i-1].id] {
			i--
			seen[lines[i].entity+lines[i].id] = true
			part = append(part, lines[i])
		}
		if err := u.batch(ctx, part); err != nil {
			return out, err
		}
	}
	if err := e.undoPeople(ctx, snap.WorkspaceID, operation, out.Operation, out); err != nil {
		return out, err
	}
	_, err = e.DB.Read(ctx, store.MarkUndone(operation, actor.ID, e.Now()))
	return out, err
}

// undoBatch is how many records go back in one transaction.
const undoBatch = 500

// undoing is an undo on its way.
type undoing struct {
	e     *Engine
	appID string
	actor *access.Actor
	out   *UndoResult
	last  map[string]int64 // the revision that the operation, or this undo, left

	options record.Options
}

// batch takes changes of different records back. What cannot go back with the
// others is tried alone, and kept if it still cannot.
func (u *undoing) batch(ctx context.Context, part []undoLine) error {
	var kept []Kept
	var done []record.Outcome
	var of []undoLine
	err := u.e.Run(ctx, u.appID, u.actor, u.options, func(s *record.Session) error {
		kept, of = nil, nil
		var ops []record.Op
		recs, err := loadAll(s, part)
		if err != nil {
			return err
		}
		again, err := u.again(s, part, recs)
		if err != nil {
			return err
		}
		for _, l := range part {
			ent, r := s.Snap.Entity(l.entity), recs[l.entity+l.id]
			switch {
			case ent == nil:
				kept = append(kept, Kept{l.entity, l.id, "gone"})
			case r == nil:
				kept = append(kept, Kept{ent.Key(), l.id, "gone"})
			case r.Rev() != u.last[l.entity+l.id] && !again[l.entity+l.id]:
				kept = append(kept, Kept{ent.Key(), l.id, "changed"})
			default:
				ops, of = append(ops, l.inverse(ent)), append(of, l)
			}
		}
		done, err = s.Apply(ops...)
		return err
	})
	switch code, _, _ := store.PgError(err); {
	case err == nil:
	case ctx.Err() != nil || code == "" && fault.KindOf(err) != fault.Conflict && fault.KindOf(err) != fault.Invalid && fault.CodeOf(err) != access.ErrNotFound.Code:
		return err
	case len(part) > 1:
		for _, l := range part {
			if err := u.batch(ctx, []undoLine{l}); err != nil {
				return err
			}
		}
		return nil
	default:
		key := part[0].entity
		if snap, err := u.e.Defs.At(ctx, u.appID); err == nil && snap.Entity(key) != nil {
			key = snap.Entity(key).Key()
		}
		u.out.Kept = append(u.out.Kept, Kept{key, part[0].id, "denied"})
		return nil
	}
	for i, l := range of {
		u.last[l.entity+l.id] = done[i].Rev
	}
	u.out.Reverted += len(of)
	u.out.Kept = append(u.out.Kept, kept...)
	return nil
}

// again finds the records that were changed since and are, after other undos,
// what the operation left.
func (u *undoing) again(s *record.Session, part []undoLine, recs map[string]*record.Record) (map[string]bool, error) {
	ids, revs := map[string][]string{}, map[string][]string{}
	for _, l := range part {
		if r, last := recs[l.entity+l.id], u.last[l.entity+l.id]; r != nil && r.Rev() != last {
			ids[l.entity] = append(ids[l.entity], l.id)
			revs[l.entity] = append(revs[l.entity], strconv.FormatInt(last, 10))
		}
	}
	out := map[string]bool{}
	for entity := range ids {
		res, err := s.Do(store.TakenBack(s.Snap.Schema, entity, ids[entity], revs[entity]))
		if err != nil {
			return nil, err
		}
		for _, row := range rowsOf(res[0]) {
			out[entity+row.str(0)] = true
		}
	}
	return out, nil
}

// loadAll reads and locks the records that lines are about, in the order in
// which every writer does: by table, then by id.
func loadAll(s *record.Session, part []undoLine) (map[string]*record.Record, error) {
	ids := map[*schema.EntityModel][]string{}
	var ents []*schema.EntityModel
	for _, l := range part {
		if ent := s.Snap.Entity(l.entity); ent != nil {
			if ids[ent] == nil {
				ents = append(ents, ent)
			}
			ids[ent] = append(ids[ent], l.id)
		}
	}
	sort.Slice(ents, func(i, j int) bool { return ents[i].Table < ents[j].Table })
	out := map[string]*record.Record{}
	for _, ent := range ents {
		sort.Strings(ids[ent])
		recs, err := s.Load(ent, ids[ent], "FOR NO KEY UPDATE")
		if err != nil {
			return nil, err
		}
		for _, r := range recs {
			out[ent.ID()+r.ID()] = r
		}
	}
	return out, nil
}

// inverse is the operation that takes a change back.
func (l undoLine) inverse(ent *schema.EntityModel) record.Op {
	o := record.Op{Entity: ent.ID(), ID: l.id}
	switch l.op {
	case "create", "restore":
		o.Kind = "delete"
	case "delete":
		o.Kind = "restore"
	default:
		o.Kind = "update"
		o.Set = map[string]value.Value{}
		for fid, v := range decodeBefore(ent, l.before) {
			if f := ent.Field(fid); f != nil && !f.Traits.Computed {
				o.Set[fid] = v
			}
		}
	}
	return o
}

type undoLine struct {
	entity, id string
	rev        int64
	op         string
	before     []byte
}

// resultRow reads columns of a result by type.
type resultRow [][]byte

func rowsOf(r store.Result) []resultRow {
	out := make([]resultRow, len(r.Rows))
	for i, row := range r.Rows {
		out[i] = row
	}
	return out
}

func (r resultRow) raw(i int) []byte { return r[i] }
func (r resultRow) str(i int) string { return string(r[i]) }
func (r resultRow) int(i int) int64  { return query.ReadKind(value.Number, value.Null, r[i]).Int() }

// WithBefore rebuilds a record as it was before a change, from the values that
// history keeps of it.
func WithBefore(r *record.Record, before json.RawMessage) *record.Record {
	return r.With(decodeBefore(r.Entity, before))
}

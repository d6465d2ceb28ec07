package install

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/definition"
	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/field"
	"tenon/schema/value"
	"tenon/templates/sample"
)

// Loaded says what came in.
type Loaded struct {
	Departments int  `json:"departments"`
	Members     int  `json:"members"`
	Records     int  `json:"records"`
	Tasks       int  `json:"tasks"`
	Stopped     bool `json:"stopped"` // not all of it
}

// Day is a moment on the clock of an app's workspace: sample data are made of
// its working days.
func Day(ctx context.Context, e *engine.Engine, appID string, now time.Time) (time.Time, error) {
	snap, err := e.Defs.At(ctx, appID)
	if err != nil {
		return time.Time{}, err
	}
	return now.In(snap.Zone), nil
}

// LoadSample loads sample data into an app: people without accounts, records
// with the owners and times that the data say, to-dos. All of it is noted, so
// that RemoveSample finds it. Links may lead to records that Install loaded. A
// load that was stopped goes on where it was when it is called again.
func LoadSample(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string, data *sample.Data, progress Progress) (*Loaded, error) {
	return load(ctx, e, actor, appID, data, true, progress)
}

// chunk is how many records are written in one transaction.
const chunk = 500

// loader carries one set of data into an app.
type loader struct {
	ctx      context.Context
	e        *engine.Engine
	actor    *access.Actor
	app      store.App
	snap     *definition.Snapshot
	sample   bool
	progress Progress

	rows  []*row
	named map[string]*row // by entity key and local id
	seeds map[string]bool // ids of records that Install loaded, while they are there
	done  int
	since map[*schema.EntityModel]int // records written; the database looks at a table as it grows
	out   Loaded
}

// row is one record on its way in.
type row struct {
	entity *schema.EntityModel
	local  string
	id     string
	values map[string]any // patches merged
	chunk  int            // which transaction makes it; -1: none yet
	there  bool           // an earlier load made it
	later  map[string]any // values that point to records made after it
}

func load(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string, data *sample.Data, isSample bool, progress Progress) (*Loaded, error) {
	l := &loader{ctx: ctx, e: e, actor: actor, sample: isSample, progress: progress, named: map[string]*row{}, seeds: map[string]bool{}, since: map[*schema.EntityModel]int{}}
	app, ok, err := store.First[store.App](e.DB.Cold(ctx), store.Match{"id": appID, "deleted_at": nil})
	if err == nil && !ok {
		err = ErrNoApp.New()
	}
	if err != nil {
		return nil, err
	}
	l.app = app
	if l.snap, err = e.Defs.At(ctx, appID); err != nil {
		return nil, err
	}
	for _, step := range []func(*sample.Data) error{l.collect, l.people, l.find, l.write, l.patch, l.tasks} {
		if err := step(data); err != nil {
			return nil, err
		}
		if l.out.Stopped {
			break
		}
	}
	return &l.out, nil
}

// collect lays the records out and gives them ids.
func (l *loader) collect(data *sample.Data) error {
	for _, b := range data.Batches {
		ent := l.snap.Entity(b.Entity)
		if ent == nil {
			return schema.ErrNoEntity.With("ref", b.Entity)
		}
		for _, r := range b.Records {
			name := ent.Key() + "/" + r.ID
			if b.Patch {
				have := l.named[name]
				if have == nil {
					return ErrNoRecord.With("entity", ent.Key()).With("id", r.ID)
				}
				for k, v := range r.Values {
					have.values[k] = v
				}
				continue
			}
			x := &row{entity: ent, local: r.ID, id: l.id(ent.Key(), r.ID, r.Values), values: map[string]any{}, later: map[string]any{}, chunk: -1}
			for k, v := range r.Values {
				x.values[k] = v
			}
			l.rows, l.named[name] = append(l.rows, x), x
		}
	}
	return nil
}

func (l *loader) id(entity, local string, values map[string]any) string {
	at := l.app.CreatedAt
	if t, ok := values["created_at"].(time.Time); ok {
		at = t
	}
	return derivedID(at, l.app.ID, entity, local)
}

func (l *loader) member(local sample.Member) string {
	return derivedID(l.app.CreatedAt, l.app.ID, store.SampleMember, string(local))
}

func (l *loader) department(local sample.Department) string {
	return derivedID(l.app.CreatedAt, l.app.ID, store.SampleDepartment, string(local))
}

// people adds departments and members without accounts.
func (l *loader) people(data *sample.Data) error {
	l.out.Departments, l.out.Members = len(data.Departments), len(data.Members)
	if len(data.Departments)+len(data.Members) == 0 {
		return nil
	}
	return l.e.DB.Cold(l.ctx).InTx(func(c store.Cold) error {
		for i, u := range data.Departments {
			d := store.Department{ID: l.department(sample.Department(u.ID)), WorkspaceID: l.app.WorkspaceID, Name: u.Name, Sample: l.sample, Position: i}
			if err := store.InsertNew(c, d); err != nil {
				return err
			}
			if err := l.note(c, store.SampleDepartment, d.ID); err != nil {
				return err
			}
		}
		for _, p := range data.Members {
			if err := l.person(c, p); err != nil {
				return err
			}
		}
		for _, u := range data.Departments {
			set := store.Set{}
			if u.Parent != "" {
				set["parent_id"] = l.department(sample.Department(u.Parent))
			}
			if u.Head != "" {
				set["head_id"] = l.member(sample.Member(u.Head))
			}
			if len(set) == 0 {
				continue
			}
			if _, err := store.Change[store.Department](c, store.Match{"id": l.department(sample.Department(u.ID))}, set); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *loader) person(c store.Cold, p sample.Person) error {
	id := l.member(sample.Member(p.ID))
	if err := store.InsertNew(c, store.Actor{ID: id, WorkspaceID: store.ID(l.app.WorkspaceID), Kind: "member", Name: p.Name}); err != nil {
		return err
	}
	m := store.Member{ID: id, WorkspaceID: l.app.WorkspaceID, Name: p.Name, Status: "placeholder", Available: true, Sample: l.sample, Aliases: store.Strings{}, CreatedAt: l.e.Now()}
	if err := store.InsertNew(c, m); err != nil {
		return err
	}
	for _, d := range p.Departments {
		if err := store.InsertNew(c, store.MemberDepartment{MemberID: id, DepartmentID: l.department(sample.Department(d))}); err != nil {
			return err
		}
	}
	for _, key := range p.Roles {
		for _, r := range l.snap.Roles {
			if r.Def.Key != key {
				continue
			}
			if err := store.InsertNew(c, store.MemberRole{AppID: l.app.ID, MemberID: id, RoleID: r.Def.ID}); err != nil {
				return err
			}
		}
	}
	return l.note(c, store.SampleMember, id)
}

func (l *loader) note(c store.Cold, name, id string) error {
	if !l.sample {
		return nil
	}
	return store.InsertNew(c, store.SampleRow{AppID: l.app.ID, EntityID: name, RecordID: id})
}

// find looks which records an earlier load has made, and which records of the
// installation the data may link to.
func (l *loader) find(*sample.Data) error {
	asked := map[*schema.EntityModel]map[string]bool{}
	ask := func(e *schema.EntityModel, id string) {
		if asked[e] == nil {
			asked[e] = map[string]bool{}
		}
		asked[e][id] = true
	}
	for _, r := range l.rows {
		ask(r.entity, r.id)
		eachRef(r.entity, r.values, func(f *schema.FieldModel, local sample.Ref) {
			if f.Target != nil && l.named[f.Target.Key()+"/"+string(local)] == nil {
				ask(f.Target, l.id(f.Target.Key(), string(local), nil))
			}
		})
	}
	for ent, set := range asked {
		ids := make([]string, 0, len(set))
		for id := range set {
			ids = append(ids, id)
		}
		res, err := l.e.DB.Read(l.ctx, store.SomeRows(ent.Schema, ent.Table, ids))
		if err != nil {
			return err
		}
		for _, v := range res[0].Rows {
			l.seeds[string(v[0])] = true
		}
	}
	for _, r := range l.rows {
		if r.there = l.seeds[r.id]; r.there {
			l.done++
		}
	}
	return nil
}

// eachRef visits the links among a record's values, those of sub-form rows too.
func eachRef(e *schema.EntityModel, values map[string]any, visit func(f *schema.FieldModel, local sample.Ref)) {
	for k, v := range values {
		f := e.Field(k)
		if f == nil {
			continue
		}
		switch v := v.(type) {
		case sample.Ref:
			visit(f, v)
		case []sample.Ref:
			for _, x := range v {
				visit(f, x)
			}
		case []sample.Row:
			for _, x := range v {
				if f.Sub != nil {
					eachRef(f.Sub, x, visit)
				}
			}
		}
	}
}

// write makes the records, chunk by chunk. A link to a record that is not made
// yet waits for patch; where it is required, the record waits for it instead.
func (l *loader) write(*sample.Data) error {
	var part []*row
	n := 0
	flush := func() error {
		err := l.apply(part, n)
		part, n = nil, n+1
		return err
	}
	for _, r := range l.rows {
		if r.there {
			// What it points to may have been missing when the load was stopped.
			l.postpone(r, n)
			r.chunk = n
			continue
		}
		if len(part) > 0 && (part[0].entity != r.entity || len(part) == chunk || l.needs(r, n)) {
			if err := flush(); err != nil || l.out.Stopped {
				return err
			}
		}
		l.postpone(r, n)
		r.chunk = n
		part = append(part, r)
	}
	return flush()
}

// ahead reports whether a field points to a record that no earlier chunk makes.
func (l *loader) ahead(r *row, key string, n int) bool {
	ahead := false
	eachRef(r.entity, map[string]any{key: r.values[key]}, func(f *schema.FieldModel, local sample.Ref) {
		if f.Target == nil {
			return
		}
		if t := l.named[f.Target.Key()+"/"+string(local)]; t != nil && (t.chunk < 0 || t.chunk >= n) {
			ahead = true
		}
	})
	return ahead
}

// needs reports whether a record must wait for what the current chunk makes.
func (l *loader) needs(r *row, n int) bool {
	for k := range r.values {
		if f := r.entity.Field(k); f != nil && f.Def.Required && l.ahead(r, k, n) {
			return true
		}
	}
	return false
}

func (l *loader) postpone(r *row, n int) {
	for k, v := range r.values {
		if f := r.entity.Field(k); f != nil && !f.Def.Required && l.ahead(r, k, n) {
			r.later[k] = v
			delete(r.values, k)
		}
	}
}

// apply writes one chunk and notes it.
func (l *loader) apply(part []*row, n int) error {
	if len(part) == 0 {
		return nil
	}
	ops := make([]record.Op, len(part))
	ids := make([]string, len(part))
	for i, r := range part {
		op := record.Op{Kind: "create", Entity: r.entity.ID(), ID: r.id, Path: r.entity.Key() + "/" + r.local}
		if t, ok := r.values["created_at"].(time.Time); ok {
			op.CreatedAt = value.OfTime(t)
		}
		if m, ok := r.values["created_by"].(sample.Member); ok {
			op.CreatedBy = l.member(m)
		}
		var err error
		if op.Values, err = l.values(r.entity, r.values); err != nil {
			return err
		}
		ops[i], ids[i] = op, r.id
	}
	ent := part[0].entity
	err := l.session(len(part), func(s *record.Session) error {
		if _, err := s.Apply(ops...); err != nil || !l.sample {
			return err
		}
		_, err := s.Do(store.NoteSample(l.app.ID, ent.ID(), ids))
		return err
	})
	if err != nil {
		return err
	}
	// What follows is planned by what the database has seen of the table.
	was := l.since[ent]
	l.since[ent] += len(part)
	if was == 0 || was/2000 != l.since[ent]/2000 {
		_, err = l.e.DB.Read(l.ctx, store.Analyse(ent.Schema, ent.Table))
	}
	return err
}

func (l *loader) session(n int, f func(s *record.Session) error) error {
	if err := l.e.Run(l.ctx, l.app.ID, l.actor, record.Options{NoRules: true, Trusted: true}, f); err != nil {
		return err
	}
	l.done += n
	l.out.Records += n
	if l.progress == nil {
		return nil
	}
	stop, err := l.progress(l.done, len(l.rows))
	l.out.Stopped = stop
	return err
}

// patch adds the links that had to wait.
func (l *loader) patch(*sample.Data) error {
	var ops []record.Op
	flush := func() error {
		if len(ops) == 0 {
			return nil
		}
		part := ops
		ops = nil
		return l.session(0, func(s *record.Session) error {
			_, err := s.Apply(part...)
			return err
		})
	}
	for _, r := range l.rows {
		if len(r.later) == 0 {
			continue
		}
		values, err := l.values(r.entity, r.later)
		if err != nil {
			return err
		}
		ops = append(ops, record.Op{Kind: "update", Entity: r.entity.ID(), ID: r.id, Values: values, Path: r.entity.Key() + "/" + r.local})
		if len(ops) == chunk {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// values writes a record's values as JSON would decode them.
func (l *loader) values(e *schema.EntityModel, in map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(in))
	for k, v := range in {
		f := e.Field(k)
		if f == nil {
			return nil, record.ErrUnknown.At(k).With("name", k).With("hint", "")
		}
		x, err := l.plain(f, v)
		if err != nil {
			return nil, err
		}
		out[k] = x
	}
	return out, nil
}

func (l *loader) plain(f *schema.FieldModel, v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, string:
		return v, nil
	case int:
		return json.Number(strconv.Itoa(v)), nil
	case int64:
		return json.Number(strconv.FormatInt(v, 10)), nil
	case float64:
		return json.Number(strconv.FormatFloat(v, 'f', -1, 64)), nil
	case time.Time:
		return v.UTC().Format(time.RFC3339), nil
	case sample.Ref:
		return l.ref(f, v)
	case sample.Member:
		return l.member(v), nil
	case sample.Department:
		return l.department(v), nil
	case []string:
		return list(v, func(x string) (any, error) { return x, nil })
	case []sample.Ref:
		out, err := list(v, func(x sample.Ref) (any, error) { return l.ref(f, x) })
		return slices.DeleteFunc(out, func(x any) bool { return x == nil }), err
	case []sample.Member:
		return list(v, func(x sample.Member) (any, error) { return l.member(x), nil })
	case []sample.Department:
		return list(v, func(x sample.Department) (any, error) { return l.department(x), nil })
	case []sample.Row:
		if f.Sub == nil {
			return nil, field.ErrShape.At(f.Key())
		}
		return list(v, func(x sample.Row) (any, error) { return l.values(f.Sub, x) })
	}
	// Objects of other shapes, such as an address.
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var x any
	err = d.Decode(&x)
	return x, err
}

func list[T any](in []T, f func(T) (any, error)) ([]any, error) {
	out := make([]any, 0, len(in))
	for _, x := range in {
		y, err := f(x)
		if err != nil {
			return nil, err
		}
		out = append(out, y)
	}
	return out, nil
}

// ref is the id of a linked record; nil where a record of the installation has
// been deleted since.
func (l *loader) ref(f *schema.FieldModel, local sample.Ref) (any, error) {
	if f.Target == nil {
		return nil, field.ErrShape.At(f.Key())
	}
	if t := l.named[f.Target.Key()+"/"+string(local)]; t != nil {
		return t.id, nil
	}
	id := l.id(f.Target.Key(), string(local), nil)
	if !l.seeds[id] {
		return nil, nil
	}
	return id, nil
}

// tasks adds the to-dos, with the outcomes that the app's rules offer for
// to-dos of the kind.
func (l *loader) tasks(data *sample.Data) error {
	l.out.Tasks = len(data.Tasks)
	if len(data.Tasks) == 0 {
		return nil
	}
	offers := outcomes(l.snap.App)
	now := l.e.Now()
	return l.e.DB.Cold(l.ctx).InTx(func(c store.Cold) error {
		for i, t := range data.Tasks {
			r := l.named[t.Entity+"/"+t.Record]
			if r == nil {
				return ErrNoRecord.With("entity", t.Entity).With("id", t.Record)
			}
			x := store.Task{ID: derivedID(l.app.CreatedAt, l.app.ID, "task", strconv.Itoa(i)), WorkspaceID: l.app.WorkspaceID, AppID: store.ID(l.app.ID), EntityID: r.entity.ID(), RecordID: store.ID(r.id),
				Kind: t.Kind, Title: t.Title, Priority: "normal", Outcomes: store.DocOf([]any{}), DueAt: store.At(t.Due), State: "open", CreatedBy: store.ID(l.actor.ID), CreatedAt: now, Sample: l.sample}
			if o := cmp.Or(offers[offer{r.entity.Def.ID, t.Kind}], offers[offer{r.entity.Def.Key, t.Kind}]); o != "" {
				x.Outcomes = store.Doc(o)
			}
			who := l.member(sample.Member(t.Assignee))
			if !t.Done.IsZero() {
				x.State, x.Outcome, x.CompletedBy, x.CompletedAt = "done", t.Outcome, store.ID(who), store.At(t.Done)
			}
			if err := store.InsertNew(c, x); err != nil {
				return err
			}
			if err := store.InsertNew(c, store.TaskAssignee{TaskID: x.ID, MemberID: who}); err != nil {
				return err
			}
		}
		return nil
	})
}

// offer is a kind of to-do about records of an entity, by id or key.
type offer struct{ entity, kind string }

// outcomes finds what the rules of an app offer for each kind of to-do.
func outcomes(app *schema.App) map[offer]string {
	out := map[offer]string{}
	var visit func(entity string, steps []*schema.Step)
	visit = func(entity string, steps []*schema.Step) {
		for _, s := range steps {
			var o struct {
				Kind     string
				Outcomes json.RawMessage
			}
			if json.Unmarshal(s.Options, &o) == nil && o.Kind != "" && len(o.Outcomes) > 0 && out[offer{entity, o.Kind}] == "" {
				out[offer{entity, o.Kind}] = string(o.Outcomes)
			}
			visit(entity, s.Steps)
			visit(entity, s.Else)
		}
	}
	for _, r := range app.Rules {
		visit(r.Entity, r.Steps)
	}
	return out
}

package install

import (
	"context"
	"encoding/json"
	"sort"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/definition"
	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/field"
)

// Removed says what RemoveSample took out, and what it left and why.
type Removed struct {
	Records     int    `json:"records"`
	Members     int    `json:"members"`
	Departments int    `json:"departments"`
	Kept        []Kept `json:"kept"`
}

// Kept is a sample that something real refers to, or that a kept sample needs.
type Kept struct {
	Entity string    `json:"entity"` // key; member or department for people
	ID     string    `json:"id"`
	Title  string    `json:"title"`
	By     *Referrer `json:"by,omitempty"` // one of the records that refer to it
}

// Referrer is a record that keeps a sample.
type Referrer struct {
	App    string `json:"app,omitempty"` // id, for people that another app needs
	Entity string `json:"entity"`
	ID     string `json:"id"`
	Title  string `json:"title,omitempty"`
}

// RemoveSample takes the sample data of an app out, for good. Samples that
// real records refer to stay and are listed, with what they cannot do without;
// they can go with a later call, once nothing refers to them any more. People
// who came with the samples go unless a record or somebody still needs them.
func RemoveSample(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string) (*Removed, error) {
	out := &Removed{Kept: []Kept{}}
	err := e.Run(ctx, appID, actor, record.Options{NoRules: true, Trusted: true}, func(s *record.Session) error {
		*out = Removed{Kept: []Kept{}}
		r := &removal{e: e, s: s, out: out}
		return r.run()
	})
	if err != nil {
		return nil, err
	}
	return out, removePeople(ctx, e, appID, out)
}

// removal is the work of one transaction. Rows go by statements on whole
// tables: what depends on them outside of the samples is computed anew, and
// history notes each of them as purged.
type removal struct {
	e    *engine.Engine
	s    *record.Session
	out  *Removed
	gone map[*schema.EntityModel]map[string]int64 // samples to remove, with their revisions
	kept map[*schema.EntityModel]map[string]*pair // samples that stay, and one reason each
}

// pair is a record that points to a sample.
type pair struct {
	by   *schema.EntityModel
	id   string // of the record that points
	to   *schema.EntityModel
	at   string // the sample
	need bool   // the pointing record would not survive without it
}

func (r *removal) run() error {
	if err := r.lock(); err != nil {
		return err
	}
	pairs, err := r.pairs()
	if err != nil {
		return err
	}
	r.keep(pairs)
	again, err := r.dependents(pairs)
	if err != nil {
		return err
	}
	if err := r.remove(); err != nil {
		return err
	}
	for _, ent := range r.s.Snap.Entities {
		ids := sorted(again[ent])
		for i := 0; i < len(ids); i += chunk {
			if err := r.s.Recompute(ent, ids[i:min(i+chunk, len(ids))]); err != nil {
				return err
			}
		}
	}
	return r.list()
}

// lock finds the samples that are still there and keeps new references to them out.
func (r *removal) lock() error {
	res, err := r.s.Do(store.SampleRows(r.s.Snap.AppID))
	if err != nil {
		return err
	}
	noted := map[string][]string{}
	for _, row := range res[0].Rows {
		noted[string(row[0])] = append(noted[string(row[0])], string(row[1]))
	}
	ents := append([]*schema.EntityModel{}, r.s.Snap.Entities...)
	sort.Slice(ents, func(i, j int) bool { return ents[i].Table < ents[j].Table })
	r.gone, r.kept = map[*schema.EntityModel]map[string]int64{}, map[*schema.EntityModel]map[string]*pair{}
	var lost []store.Stmt // notes about records that are not there any more
	for _, ent := range ents {
		ids := noted[ent.ID()]
		if len(ids) == 0 {
			continue
		}
		res, err := r.s.Do(store.LockRows(ent.Schema, ent.Table, ids))
		if err != nil {
			return err
		}
		r.gone[ent], r.kept[ent] = map[string]int64{}, map[string]*pair{}
		for i, row := range res[0].Rows {
			r.gone[ent][string(row[0])] = store.Result{Rows: res[0].Rows[i:]}.Int(1)
		}
		there := map[string]bool{}
		for id := range r.gone[ent] {
			there[id] = true
		}
		lost = append(lost, store.ForgetSample(r.s.Snap.AppID, ent.ID(), without(ids, there)))
	}
	_, err = r.s.Do(lost...)
	return err
}

// link is a way in which records point to records.
type link struct {
	store.Pointers
	from, to *schema.EntityModel
	field    *schema.FieldModel
	need     bool
}

// links lists the ways of an app.
func links(snap *definition.Snapshot) []link {
	var out []link
	for _, ent := range snap.Entities {
		add := func(f *schema.FieldModel, record string) {
			if f.Link == nil || f.Target == nil || f.Column == "" {
				return
			}
			l := link{from: ent, to: f.Target, field: f, need: f.Link.OnDelete != "null"}
			switch f.Storage {
			case field.Column:
				l.Pointers = store.Pointers{Schema: f.Entity.Schema, Table: f.Entity.Table, Record: record, Column: f.Column}
			case field.Links:
				l.Pointers = store.Pointers{Schema: ent.Schema, Table: f.Column, Record: "src", Column: "dst"}
			default:
				return
			}
			out = append(out, l)
		}
		for _, f := range ent.Fields {
			add(f, "id")
			if f.Sub != nil {
				for _, c := range f.Sub.Fields {
					add(c, "parent_id")
				}
			}
		}
	}
	return out
}

// pairs reads who points to the samples.
func (r *removal) pairs() ([]pair, error) {
	var ways []link
	var stmts []store.Stmt
	for _, l := range links(r.s.Snap) {
		if len(r.gone[l.to]) > 0 {
			ways = append(ways, l)
			stmts = append(stmts, store.PointersTo(l.Pointers, sorted(r.gone[l.to])))
		}
	}
	if len(stmts) == 0 {
		return nil, nil
	}
	res, err := r.s.Do(stmts...)
	if err != nil {
		return nil, err
	}
	var out []pair
	for i, l := range ways {
		for _, row := range res[i].Rows {
			out = append(out, pair{by: l.from, id: string(row[0]), to: l.to, at: string(row[1]), need: l.need})
		}
	}
	return out, nil
}

// keep moves what real records refer to from gone to kept, and what kept
// samples cannot do without after it.
func (r *removal) keep(pairs []pair) {
	for again := true; again; {
		again = false
		for i := range pairs {
			p := &pairs[i]
			if _, sample := r.gone[p.by][p.id]; sample || r.kept[p.by][p.id] != nil && !p.need {
				continue
			}
			if _, there := r.gone[p.to][p.at]; there {
				delete(r.gone[p.to], p.at)
				r.kept[p.to][p.at] = p
				again = true
			}
		}
	}
}

// dependents are the records that stay and whose computed values depend on
// what goes.
func (r *removal) dependents(pairs []pair) (map[*schema.EntityModel]map[string]bool, error) {
	out := map[*schema.EntityModel]map[string]bool{}
	add := func(e *schema.EntityModel, id string) {
		if _, goes := r.gone[e][id]; goes {
			return
		}
		if out[e] == nil {
			out[e] = map[string]bool{}
		}
		out[e][id] = true
	}
	for _, p := range pairs {
		if _, goes := r.gone[p.to][p.at]; goes {
			add(p.by, p.id)
		}
	}
	var ways []link
	var stmts []store.Stmt
	for _, l := range links(r.s.Snap) {
		feeds := false
		for _, edge := range l.from.Affects {
			feeds = feeds || edge.Via == l.field
		}
		if feeds && len(r.gone[l.from]) > 0 {
			ways = append(ways, l)
			stmts = append(stmts, store.PointersFrom(l.Pointers, sorted(r.gone[l.from])))
		}
	}
	if len(stmts) == 0 {
		return out, nil
	}
	res, err := r.s.Do(stmts...)
	if err != nil {
		return nil, err
	}
	for i, l := range ways {
		for _, row := range res[i].Rows {
			add(l.to, string(row[1]))
		}
	}
	return out, nil
}

// remove deletes the rows and what lies beside them.
func (r *removal) remove() error {
	app := r.s.Snap.AppID
	var rows []store.Rows
	stmts := []store.Stmt{store.DropSampleTasks(app)}
	var lines []store.HistoryEntry
	for _, ent := range r.s.Snap.Entities {
		ids := sorted(r.gone[ent])
		if len(ids) == 0 {
			continue
		}
		r.out.Records += len(ids)
		rows = append(rows, store.Rows{Schema: ent.Schema, Table: ent.Table, Column: "id", IDs: ids})
		for _, f := range ent.Fields {
			// A key that restricts does not wait for what another one cascades.
			switch {
			case f.Column == "":
			case f.Storage == field.Links:
				rows = append(rows, store.Rows{Schema: ent.Schema, Table: f.Column, Column: "src", IDs: ids})
			case f.Storage == field.Child:
				rows = append(rows, store.Rows{Schema: ent.Schema, Table: f.Column, Column: "parent_id", IDs: ids})
			}
		}
		stmts = append(stmts, store.DropCompanions(app, ent.ID(), ids)...)
		stmts = append(stmts, store.ForgetSample(app, ent.ID(), ids))
		for _, id := range ids {
			lines = append(lines, store.HistoryEntry{At: r.s.Now, App: app, Entity: ent.ID(), Record: id, Rev: r.gone[ent][id] + 1, Op: "purge",
				Actor: r.s.Actor.ID, Version: r.s.Snap.Version, Before: json.RawMessage("{}")})
		}
	}
	if len(rows) > 0 {
		stmts = append(stmts, store.DeleteTogether(rows))
	}
	for i := 0; i < len(lines); i += chunk {
		stmts = append(stmts, store.AppendHistory(r.s.Snap.Schema, lines[i:min(i+chunk, len(lines))]))
	}
	_, err := r.s.Do(stmts...)
	return err
}

// list names what stays.
func (r *removal) list() error {
	for _, ent := range r.s.Snap.Entities {
		ids := sorted(r.kept[ent])
		recs, err := r.s.Load(ent, ids, "")
		if err != nil {
			return err
		}
		for _, rec := range recs {
			k := Kept{Entity: ent.Key(), ID: rec.ID(), Title: r.e.Title(r.s, rec)}
			p := r.kept[ent][rec.ID()]
			k.By = &Referrer{Entity: p.by.Key(), ID: p.id}
			by, err := r.s.Current(p.by, p.id)
			if err != nil {
				return err
			}
			k.By.Title = r.e.Title(r.s, by)
			r.out.Kept = append(r.out.Kept, k)
		}
	}
	return nil
}

func sorted[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// removePeople takes out the members and departments that came with an app's
// samples and that nobody needs.
func removePeople(ctx context.Context, e *engine.Engine, appID string, out *Removed) error {
	cold := e.DB.Cold(ctx)
	app, ok, err := store.First[store.App](cold, store.Match{"id": appID})
	if err != nil || !ok {
		return err
	}
	members, departments, err := samplePeople(ctx, e, appID)
	if err != nil {
		return err
	}
	kept, err := dropPeople(ctx, e, app.ID, app.WorkspaceID, members, departments)
	if err != nil {
		return err
	}
	out.Members, out.Departments = len(members), len(departments)
	for _, k := range kept {
		if k.Entity == store.SampleMember {
			out.Members--
		} else {
			out.Departments--
		}
	}
	out.Kept = append(out.Kept, kept...)
	return nil
}

func samplePeople(ctx context.Context, e *engine.Engine, appID string) (members, departments []string, err error) {
	res, err := e.DB.Read(ctx, store.SampleRows(appID))
	if err != nil {
		return nil, nil, err
	}
	for _, row := range res[0].Rows {
		switch string(row[0]) {
		case store.SampleMember:
			members = append(members, string(row[1]))
		case store.SampleDepartment:
			departments = append(departments, string(row[1]))
		}
	}
	return members, departments, nil
}

// dropPeople removes people unless they are needed, and says who stays.
func dropPeople(ctx context.Context, e *engine.Engine, appID, workspaceID string, members, departments []string) ([]Kept, error) {
	if len(members)+len(departments) == 0 {
		return nil, nil
	}
	why, err := peopleInRecords(ctx, e, workspaceID, append(append([]string{}, members...), departments...))
	if err != nil {
		return nil, err
	}
	var kept []Kept
	err = e.DB.InTx(ctx, func(tx *store.Tx) error {
		kept = nil
		stays := map[string]bool{}
		for id := range why {
			stays[id] = true
		}
		res, err := tx.Do(ctx, store.MemberUses(workspaceID, members, departments))
		if err != nil {
			return err
		}
		for _, row := range res[0].Rows {
			stays[string(row[0])] = true
		}
		gone := without(members, stays)
		goneToo := without(departments, stays)
		for { // a department that stays keeps the one above it
			if res, err = tx.Do(ctx, store.DepartmentUses(appID, workspaceID, goneToo, gone)); err != nil {
				return err
			}
			if len(res[0].Rows) == 0 {
				break
			}
			for _, row := range res[0].Rows {
				stays[string(row[0])] = true
			}
			goneToo = without(departments, stays)
		}
		if res, err = tx.Do(ctx, store.Names(workspaceID, append(append([]string{}, members...), departments...))); err != nil {
			return err
		}
		names := map[string]string{}
		for _, row := range res[0].Rows {
			names[string(row[0])] = string(row[1])
		}
		for entity, ids := range map[string][]string{store.SampleMember: members, store.SampleDepartment: departments} {
			for _, id := range ids {
				if stays[id] && names[id] != "" {
					kept = append(kept, Kept{Entity: entity, ID: id, Title: names[id], By: why[id]})
				}
			}
		}
		sort.Slice(kept, func(i, j int) bool { return kept[i].Entity+kept[i].ID < kept[j].Entity+kept[j].ID })
		stmts := append(store.DropPeople(gone, goneToo), store.ForgetSample(appID, store.SampleMember, gone), store.ForgetSample(appID, store.SampleDepartment, goneToo))
		_, err = tx.Do(ctx, stmts...)
		return err
	})
	return kept, err
}

func without(ids []string, stays map[string]bool) []string {
	out := []string{}
	for _, id := range ids {
		if !stays[id] {
			out = append(out, id)
		}
	}
	return out
}

// peopleInRecords finds which people records of any app of the workspace name,
// and one such record each.
func peopleInRecords(ctx context.Context, e *engine.Engine, workspaceID string, ids []string) (map[string]*Referrer, error) {
	out := map[string]*Referrer{}
	apps, err := store.Find[store.App](e.DB.Cold(ctx), store.Match{"workspace_id": workspaceID, "deleted_at": nil}, "id")
	if err != nil {
		return nil, err
	}
	for _, app := range apps {
		snap, err := e.Defs.At(ctx, app.ID)
		if err != nil {
			return nil, err
		}
		var stmts []store.Stmt
		var of []*schema.EntityModel
		for _, ent := range snap.Entities {
			for _, p := range engine.PeopleIn(ent) {
				stmts, of = append(stmts, store.PointersTo(p, ids)), append(of, ent)
			}
		}
		if len(stmts) == 0 {
			continue
		}
		res, err := e.DB.Read(ctx, stmts...)
		if err != nil {
			return nil, err
		}
		for i, r := range res {
			for _, row := range r.Rows {
				if id := string(row[1]); out[id] == nil {
					out[id] = &Referrer{App: app.ID, Entity: of[i].Key(), ID: string(row[0])}
				}
			}
		}
	}
	return out, nil
}

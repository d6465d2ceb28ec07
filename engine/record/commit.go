package record

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tenon/engine/access"
	"tenon/engine/query"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// commit writes finished changes in one pipelined batch: rows, sub-rows,
// links, file uses, history, runs; then brings dependents up to date and runs
// sync rules. The transaction itself is committed by Run.
func (s *Session) commit(changes []*Change) error {
	if len(changes) == 0 {
		return nil
	}
	var stmts []store.Stmt
	var hist []store.HistoryEntry
	var matches []Match
	var syncs []Match
	for _, c := range changes {
		stmts = append(stmts, s.writeStmts(c)...)
		hist = append(hist, store.HistoryEntry{At: s.Now, App: s.Snap.AppID, Entity: c.Entity().ID(), Record: c.ID(), Rev: c.After.Rev(), Op: c.Op,
			Actor: s.Actor.ID, Cause: s.Opts.Cause, Operation: s.Opts.Operation, Depth: s.Opts.Depth, Version: s.Snap.Version, Before: EncodeBefore(c)})
		m, y, err := s.match(c)
		if err != nil {
			return err
		}
		matches, syncs = append(matches, m...), append(syncs, y...)
		if c.Op == "purge" {
			s.remember(c.Entity(), c.ID(), nil)
		} else {
			s.remember(c.Entity(), c.ID(), c.After)
		}
	}
	for i := 0; i < len(hist); i += 500 {
		stmts = append(stmts, store.AppendHistory(s.Snap.Schema, hist[i:min(i+500, len(hist))]))
	}
	if s.Opts.Operation != "" {
		label, err := json.Marshal(s.Opts.Label)
		if err != nil {
			return err
		}
		n := 0
		for _, c := range changes {
			if c.Op != "computed" {
				n++
			}
		}
		if n > 0 {
			stmts = append(stmts, store.AddOperation(s.Opts.Operation, s.Snap.AppID, s.Opts.Kind, label, s.Actor.ID, s.Now, n))
		}
	}
	if s.cfg.Hooks != nil && s.cfg.Hooks.Runs != nil {
		more, err := s.cfg.Hooks.Runs(s.Ctx, s, matches, changes)
		if err != nil {
			return err
		}
		stmts = append(stmts, more...)
	}
	s.Later(stmts...)
	s.changes = append(s.changes, changes...)
	if err := s.propagate(changes); err != nil {
		return err
	}
	for _, m := range syncs {
		if s.Opts.Depth >= MaxDepth || s.ran[m.Rule.Def.ID+m.Change.ID()] >= 3 {
			return ErrDepth.With("max", MaxDepth)
		}
		s.ran[m.Rule.Def.ID+m.Change.ID()]++
		s.Opts.Depth++
		err := s.cfg.Hooks.Sync(s.Ctx, s, m.Rule, m.Change)
		s.Opts.Depth--
		if err != nil {
			return err
		}
	}
	return nil
}

// writeStmts renders the statements of one change.
func (s *Session) writeStmts(c *Change) []store.Stmt {
	e, id := c.Entity(), c.ID()
	if c.Op == "purge" {
		return []store.Stmt{query.PurgeStmt(e, id)}
	}
	var cols []query.ColumnValue
	var more []store.Stmt
	search := false
	var texts []string
	for _, f := range e.Fields {
		now := c.After.Get(f)
		if query.Searchable(f) && !now.IsNull() {
			texts = append(texts, query.SearchText(now))
		}
		if c.Op != "create" && !c.Fields[f.ID()] {
			continue
		}
		if query.Searchable(f) {
			search = true
		}
		switch f.Storage {
		case field.Column:
			if c.Op == "create" && now.IsNull() {
				continue
			}
			cols = append(cols, query.ColumnValue{Field: f, Value: now})
		case field.Links:
			more = append(more, query.LinkStmts(f, id, c.Before.Get(f).List(), now.List())...)
		case field.Child:
			more = append(more, query.RowStmts(f, id, c.Before.Get(f).Rows(), now.Rows())...)
		}
		if holdsFiles(f) {
			if ids := fileIDs(f, now); len(ids) > 0 || len(fileIDs(f, c.Before.Get(f))) > 0 {
				more = append(more, store.UseFiles(s.Snap.AppID, e.ID(), id, f.ID(), ids)...)
			}
		}
	}
	sys := func(keys ...string) {
		for _, k := range keys {
			f := e.Field(k)
			cols = append(cols, query.ColumnValue{Field: f, Value: c.After.Get(f)})
		}
	}
	if c.Op == "create" {
		sys("id", "rev", "created_at", "created_by", "updated_at", "updated_by", "owner")
		return append([]store.Stmt{query.InsertStmt(e, cols, query.Grams(texts...), s.Opts.Operation)}, more...)
	}
	var grams []string
	if search {
		grams = query.Grams(texts...)
	}
	op := s.Opts.Operation
	if c.Op == "computed" {
		op = ""
	} else {
		sys("rev", "updated_at", "updated_by")
		if c.Fields["owner"] {
			sys("owner")
		}
		if c.Fields["deleted_at"] {
			sys("deleted_at")
		}
	}
	if len(cols) > 0 || grams != nil {
		more = append([]store.Stmt{query.UpdateStmt(e, id, cols, grams, op)}, more...)
	}
	return more
}

func (s *Session) match(c *Change) (async, sync []Match, err error) {
	if s.Opts.NoRules || c.Op == "purge" {
		return nil, nil, nil
	}
	for _, r := range c.Entity().Rules {
		if r.Def.Mode == "validate" || s.Snap.RuleOff[r.Def.ID] {
			continue
		}
		ok, err := s.matches(r, c)
		if err != nil {
			// A condition that cannot be computed must not stop people from saving:
			// a run of its own fails visibly instead.
			async = append(async, Match{r, c, true})
			continue
		}
		if !ok {
			continue
		}
		if r.Def.Mode == "sync" {
			sync = append(sync, Match{Rule: r, Change: c})
		} else {
			async = append(async, Match{Rule: r, Change: c})
		}
	}
	return async, sync, s.err()
}

// matches reports whether trigger and condition of a rule fit a change.
func (s *Session) matches(r *schema.RuleModel, c *Change) (bool, error) {
	if !TriggerFits(r, c) {
		return false, nil
	}
	if r.Pure == nil {
		return true, nil
	}
	now, old := c.After, c.Before
	if old == nil {
		old = New(c.Entity())
	}
	ok, err := r.Pure.True(s.envOf(now, old))
	if err != nil || !ok {
		return false, err
	}
	if r.Def.Trigger.Enter && c.Before != nil {
		was, err := r.Pure.True(s.envOf(c.Before, c.Before))
		return !was, err
	}
	return true, nil
}

// TriggerFits reports whether a change is of the sort that a rule looks at.
func TriggerFits(r *schema.RuleModel, c *Change) bool {
	switch r.Def.Trigger.Type {
	case "created":
		return c.Op == "create"
	case "updated":
		return c.Op == "update" && touches(r, c)
	case "created_or_updated":
		return c.Op == "create" || c.Op == "update" && touches(r, c)
	case "deleted":
		return c.Op == "delete"
	case "restored":
		return c.Op == "restore"
	case "computed":
		return (c.Op == "computed" || c.Op == "update" || c.Op == "create") && touches(r, c)
	}
	return false
}

func touches(r *schema.RuleModel, c *Change) bool {
	if len(r.Fields) == 0 {
		return true
	}
	for id := range r.Fields {
		if c.Fields[id] {
			return true
		}
	}
	return false
}

// checkRefs makes sure that what changed fields point to exists and may be
// pointed to: linked records (and their picker filters), members,
// departments, files.
func (s *Session) checkRefs(ws []*work) error {
	var l fault.List
	members, departments := map[string]bool{}, map[string]bool{}
	type use struct {
		path string
		f    *schema.FieldModel
		id   string
	}
	var uses []use
	limits := map[*schema.FieldModel][]string{}
	for _, w := range ws {
		c := w.change
		if c == nil || c.Op != "create" && c.Op != "update" {
			continue
		}
		visit := func(path string, f *schema.FieldModel, v value.Value, row *value.Row) {
			switch {
			case f.Link != nil && f.Target != nil:
				for _, id := range listOf(v) {
					if err := s.checkLink(w, f, id.Text(), row); err != nil {
						l.AddUnder(w.op.Path, under(path, err))
					}
				}
			case f.Traits.HoldsUser || f.Traits.HoldsDept:
				for _, id := range listOf(v) {
					if f.Traits.HoldsDept {
						departments[id.Text()] = true
					} else {
						members[id.Text()] = true
						if p := f.People; p != nil && len(p.Departments)+len(p.Roles) > 0 {
							limits[f] = append(limits[f], id.Text())
						}
					}
					uses = append(uses, use{join(w.op.Path, path), f, id.Text()})
				}
			}
		}
		for _, f := range append(append([]*schema.FieldModel{}, w.entity.Fields...), w.entity.Field("owner")) {
			if !c.Fields[f.ID()] || f.Traits.Computed {
				continue
			}
			if f.Sub != nil {
				for i, row := range c.After.Get(f).Rows() {
					for _, col := range f.Sub.Fields {
						if !col.Traits.Computed {
							visit(f.Key()+"/"+itoa(i)+"/"+col.Key(), col, row.Values[col.Key()], &row)
						}
					}
				}
				continue
			}
			visit(f.Key(), f, c.After.Get(f), nil)
		}
	}
	if !s.Opts.Trusted {
		faults, err := s.checkFiles(ws)
		if err != nil {
			return err
		}
		l = append(l, faults...)
	}
	if len(uses) > 0 && !s.Opts.Trusted {
		r, err := s.Do(store.Directory(s.Snap.WorkspaceID, keysOf(members), keysOf(departments)))
		if err != nil {
			return err
		}
		known := map[string]bool{}
		for _, row := range r[0].Rows {
			known[string(row[0])] = true
		}
		for _, u := range uses {
			if !known[u.id] {
				l = append(l, ErrMemberRef.At(u.path).With("field", u.f.Def.Name.In(s.Actor.Locale)))
			}
		}
	}
	if !s.Opts.Trusted {
		for f, ids := range limits {
			r, err := s.Do(store.OutsideOf(s.Snap.AppID, ids, f.People.Departments, s.roleIDs(f.People.Roles)))
			if err != nil {
				return err
			}
			outside := map[string]bool{}
			for _, row := range r[0].Rows {
				outside[string(row[0])] = true
			}
			for _, u := range uses {
				if u.f == f && outside[u.id] {
					l = append(l, ErrMemberLimit.At(u.path).With("field", f.Def.Name.In(s.Actor.Locale)))
				}
			}
		}
	}
	l.Add(s.err())
	return l.Err()
}

// roleIDs turns references to roles, by key or id, into ids.
func (s *Session) roleIDs(refs []string) []string {
	out := append([]string{}, refs...)
	for _, r := range s.Snap.Roles {
		if slices.Contains(refs, r.Def.Key) {
			out = append(out, r.Def.ID)
		}
	}
	return out
}

func (s *Session) checkLink(w *work, f *schema.FieldModel, id string, row *value.Row) error {
	name := f.Def.Name.In(s.Actor.Locale)
	t := s.linked(f.Target, id)
	if t == nil || t.Deleted() {
		return ErrLinkGone.With("field", name)
	}
	r := s.Rights.On(f.Target)
	if !s.Opts.Trusted && !r.Full && s.Actor.Kind != "share" {
		ok, err := r.RowAllowed("read", s.envOf(t, t))
		if err != nil {
			return err
		}
		if !ok {
			return ErrLinkGone.With("field", name)
		}
	}
	if f.PickFilter != nil && !s.Opts.Trusted {
		env := s.envOf(w.change.After, nil)
		if row != nil {
			env = s.rowEnv(f.Entity, *row, w.change.After)
		}
		env.Roots["it"] = view{t, s}
		ok, err := f.PickFilter.True(env)
		if err != nil {
			return err
		}
		if !ok {
			return ErrPick.With("field", name)
		}
	}
	return nil
}

func join(a, b string) string { return strings.Trim(a+"/"+b, "/") }

// Levels returns how much of each field of a record shows to the session's
// actor, by field id. With several states of the record a field shows as much
// as it does in all of them: an edit that is only proposed reveals nothing.
func (s *Session) Levels(states ...*Record) (map[string]access.Level, error) {
	out := map[string]access.Level{}
	for _, r := range states {
		ent := s.Rights.On(r.Entity)
		env := s.envOf(r, r)
		for _, f := range append(append([]*schema.FieldModel{}, r.Entity.System...), r.Entity.Fields...) {
			l := access.Shown
			if !ent.Full {
				var err error
				if l, err = ent.LevelOf(f, env); err != nil {
					return nil, err
				}
			}
			if had, ok := out[f.ID()]; ok {
				l = min(l, had)
			}
			out[f.ID()] = l
		}
	}
	return out, s.err()
}

// ShownAs returns what of a value shows at a level: partly masked, or rows
// without the columns that do not show.
func (s *Session) ShownAs(f *schema.FieldModel, v value.Value, l access.Level) value.Value {
	switch {
	case l == access.Hidden:
		return value.Value{}
	case l == access.Partial && !v.IsNull():
		return value.OfText(field.MaskPartial(f.Mask, v.String()))
	case f.Sub == nil:
		return v
	}
	rights := s.Rights.On(f.Entity)
	var hidden []string
	for _, c := range f.Sub.Fields {
		if !rights.ColumnShown(c) {
			hidden = append(hidden, c.Key())
		}
	}
	if len(hidden) == 0 {
		return v
	}
	rows := make([]value.Row, 0, len(v.Rows()))
	for _, r := range v.Rows() {
		values := maps.Clone(r.Values)
		for _, k := range hidden {
			delete(values, k)
		}
		rows = append(rows, value.Row{ID: r.ID, Values: values})
	}
	return value.OfRows(rows)
}

// Masked returns a record's values as the session's actor may see them, by
// field key: hidden fields are left out, masked ones are masked. An edit that
// is only proposed is given with the record it is of.
func (s *Session) Masked(r *Record, of ...*Record) (map[string]value.Value, error) {
	levels, err := s.Levels(append(of, r)...)
	if err != nil {
		return nil, err
	}
	out := map[string]value.Value{}
	for _, f := range append(append([]*schema.FieldModel{}, r.Entity.System...), r.Entity.Fields...) {
		l := levels[f.ID()]
		if f.System {
			l = access.Shown
		}
		if l != access.Hidden {
			out[f.Key()] = s.ShownAs(f, view{r, s}.Get(f.ID()), l)
		}
	}
	return out, s.err()
}

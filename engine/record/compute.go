package record

import (
	"sort"
	"time"

	"github.com/shopspring/decimal"

	"tenon/engine/query"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/value"
)

func dayStart(t time.Time, zone *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
}

// compute brings the record's own computed fields up to date: sub-form rows
// first, then lookups, formulas and sub-form rollups in dependency order.
// Rollups over other records keep their value; propagate maintains them.
func (s *Session) compute(r *Record) error {
	var l fault.List
	for _, f := range r.Entity.Fields {
		if f.Sub == nil || len(f.Sub.Computed) == 0 {
			continue
		}
		rows := r.Get(f).Rows()
		out := make([]value.Row, len(rows))
		for i, row := range rows {
			x := value.Row{ID: row.ID, Values: make(map[string]value.Value, len(row.Values))}
			for k, v := range row.Values {
				x.Values[k] = v
			}
			for _, c := range f.Sub.Computed {
				v, err := s.computeColumn(c, x, r)
				if err != nil {
					l.AddUnder(f.Key(), err)
					continue
				}
				x.Values[c.Key()] = v
			}
			out[i] = x
		}
		r.set(f, value.OfRows(out))
	}
	for _, f := range r.Entity.Computed {
		if !f.Stored {
			continue
		}
		switch {
		case f.Formula != nil:
			v, err := f.Formula.Eval(s.envOf(r, nil))
			if err == nil {
				v, err = s.fit(f, v)
			}
			if err != nil {
				l.AddUnder(f.Key(), err)
				continue
			}
			r.set(f, v)
		case f.Lookup != nil:
			r.set(f, s.lookup(f, r.Get(f.LinkField)))
		case f.Rollup != nil && f.Via == nil:
			v, err := s.rollRows(f, r)
			if err != nil {
				l.AddUnder(f.Key(), err)
				continue
			}
			r.set(f, v)
		case f.Rollup != nil && r.Get(f).IsNull() && (f.Rollup.Fn == "count" || f.Rollup.Fn == "sum"):
			r.set(f, value.OfInt(0))
		}
	}
	l.Add(s.err())
	return l.Err()
}

func (s *Session) computeColumn(c *schema.FieldModel, row value.Row, parent *Record) (value.Value, error) {
	switch {
	case c.Formula != nil:
		v, err := c.Formula.Eval(s.rowEnv(c.Entity, row, parent))
		if err != nil {
			return v, err
		}
		return s.fit(c, v)
	case c.Lookup != nil:
		return s.lookup(c, row.Values[c.LinkField.Key()]), nil
	}
	return value.Value{}, nil
}

// lookup reads the source field of the linked record or records.
func (s *Session) lookup(f *schema.FieldModel, link value.Value) value.Value {
	if f.LinkField.Kind == value.List {
		var out []value.Value
		for _, id := range link.List() {
			if t := s.linked(f.LinkField.Target, id.Text()); t != nil {
				v := s.sourceValue(t, f.Source)
				if v.Kind() == value.List {
					out = append(out, v.List()...)
				} else if !v.IsNull() {
					out = append(out, v)
				}
			}
		}
		return value.OfList(out)
	}
	t := s.linked(f.LinkField.Target, link.Text())
	if t == nil {
		return value.Value{}
	}
	return s.sourceValue(t, f.Source)
}

func (s *Session) sourceValue(t *Record, src *schema.FieldModel) value.Value {
	v := view{t, s}.Get(src.ID())
	if v.Kind() == value.Rows {
		return value.OfObject(v.AppendJSON(nil))
	}
	return v
}

// rollRows aggregates the record's own sub-form rows as RollupStmt would.
func (s *Session) rollRows(f *schema.FieldModel, r *Record) (value.Value, error) {
	var vals []value.Value
	n := int64(0)
	for _, row := range r.Get(f.Rel.ParentBy).Rows() {
		if f.RollupFilter != nil {
			ok, err := f.RollupFilter.True(s.envRoots(map[string]expr.Row{"it": subView{f.Rel, row, s}}))
			if err != nil {
				return value.Value{}, err
			}
			if !ok {
				continue
			}
		}
		n++
		if f.Source != nil {
			if v := row.Values[f.Source.Key()]; !v.IsNull() {
				vals = append(vals, v)
			}
		}
	}
	switch f.Rollup.Fn {
	case "count":
		return value.OfInt(n), nil
	case "sum", "avg":
		sum := decimal.Zero
		for _, v := range vals {
			sum = sum.Add(v.Number())
		}
		if f.Rollup.Fn == "sum" {
			return value.OfNumber(sum), nil
		}
		if len(vals) == 0 {
			return value.Value{}, nil
		}
		return value.OfNumber(expr.Quotient(sum, decimal.NewFromInt(int64(len(vals))))), nil
	}
	if len(vals) == 0 {
		return value.Value{}, nil
	}
	best := vals[0]
	switch f.Rollup.Fn {
	case "last":
		best = vals[len(vals)-1]
	case "min", "max":
		for _, v := range vals[1:] {
			c, ok := value.Compare(v, best)
			if ok && (f.Rollup.Fn == "min" && c < 0 || f.Rollup.Fn == "max" && c > 0) {
				best = v
			}
		}
	}
	return best, nil
}

// lockTargets reads the records that new or changed links point to, locked so
// that a change of theirs and this one see each other: a target whose rollups
// this write will update is locked for that, others are shared.
func (s *Session) lockTargets(ws []*work) error {
	type need struct {
		e    *schema.EntityModel
		lock string
	}
	ids := map[need]map[string]bool{}
	add := func(f *schema.FieldModel, v value.Value, strong bool) {
		k := need{f.Target, "FOR SHARE"}
		if strong {
			k.lock = "FOR NO KEY UPDATE"
		}
		for _, x := range listOf(v) {
			if x.Text() == "" {
				continue
			}
			if ids[k] == nil {
				ids[k] = map[string]bool{}
			}
			ids[k][x.Text()] = true
		}
	}
	for _, w := range ws {
		if w.change == nil || w.change.Op == "purge" {
			continue
		}
		for _, f := range w.entity.Fields {
			if f.Sub != nil {
				for _, row := range w.change.After.Get(f).Rows() {
					for _, c := range f.Sub.Fields {
						if c.Target != nil && c.Link != nil {
							add(c, row.Values[c.Key()], false)
						}
					}
				}
				continue
			}
			if f.Target == nil || f.Link == nil {
				continue
			}
			now, was := w.change.After.Get(f), w.change.Before.Get(f)
			feeds := false
			for _, edge := range w.entity.Affects {
				feeds = feeds || edge.Via == f
			}
			if feeds {
				add(f, now, true)
				if w.change.Before != nil {
					add(f, was, true)
				}
			} else if !value.Equal(now, was) {
				add(f, now, false)
			}
		}
	}
	keys := make([]need, 0, len(ids))
	for k := range ids {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if keys[i].e.Table != keys[j].e.Table {
			return keys[i].e.Table < keys[j].e.Table
		}
		return keys[i].lock < keys[j].lock
	})
	var stmts []store.Stmt
	for _, k := range keys {
		l := make([]string, 0, len(ids[k]))
		for id := range ids[k] {
			l = append(l, id)
		}
		sort.Strings(l)
		stmts = append(stmts, query.LoadStmt(s.Snap.Model, k.e, l, k.lock))
	}
	if len(stmts) == 0 {
		return nil
	}
	res, err := s.Do(stmts...)
	if err != nil {
		return err
	}
	for i, k := range keys {
		found := map[string]bool{}
		for _, r := range s.read(k.e, res[i]) {
			found[r.ID()] = true
		}
		for id := range ids[k] {
			if !found[id] {
				s.remember(k.e, id, nil)
			}
		}
	}
	return nil
}

func listOf(v value.Value) []value.Value {
	switch v.Kind() {
	case value.Null:
		return nil
	case value.List:
		return v.List()
	}
	return []value.Value{v}
}

// propagate brings computed values of other records up to date after changes,
// in the same transaction, and goes on with what that changes.
func (s *Session) propagate(changes []*Change) error {
	type target struct {
		on      *schema.EntityModel
		rollups map[*schema.FieldModel]map[string]bool // field → ids on `on`
		links   map[*schema.FieldModel]map[string]bool // link field on `on` → ids here
	}
	byEntity := map[*schema.EntityModel]*target{}
	var order []*schema.EntityModel
	get := func(on *schema.EntityModel) *target {
		t := byEntity[on]
		if t == nil {
			t = &target{on, map[*schema.FieldModel]map[string]bool{}, map[*schema.FieldModel]map[string]bool{}}
			byEntity[on] = t
			order = append(order, on)
		}
		return t
	}
	for _, c := range changes {
		life := c.Op == "create" || c.Op == "delete" || c.Op == "restore" || c.Op == "purge"
		for _, edge := range c.Entity().Affects {
			reads := life
			for _, f := range edge.Reads {
				reads = reads || c.Fields[f.ID()]
			}
			if edge.Via != nil {
				if !reads && !c.Fields[edge.Via.ID()] {
					continue
				}
				t := get(edge.On)
				if t.rollups[edge.Field] == nil {
					t.rollups[edge.Field] = map[string]bool{}
				}
				for _, r := range []*Record{c.Before, c.After} {
					if r != nil {
						for _, id := range listOf(r.Get(edge.Via)) {
							t.rollups[edge.Field][id.Text()] = true
						}
					}
				}
				continue
			}
			// A record that was just created has nothing pointing to it.
			if c.Op == "create" || !reads || c.Op == "delete" || c.Op == "restore" {
				continue
			}
			on := edge.On
			t := get(on)
			if t.links[edge.Link] == nil {
				t.links[edge.Link] = map[string]bool{}
			}
			t.links[edge.Link][c.ID()] = true
		}
	}
	if len(order) == 0 {
		return nil
	}
	if s.depth++; s.depth > 20 {
		return ErrDepth.With("max", 20)
	}
	defer func() { s.depth-- }()
	sort.Slice(order, func(i, j int) bool { return order[i].Table < order[j].Table })
	for _, on := range order {
		t := byEntity[on]
		if on.Parent != nil {
			if err := s.propagateRows(on, t.links); err != nil {
				return err
			}
			continue
		}
		if err := s.recompute(on, t.rollups, t.links); err != nil {
			return err
		}
	}
	return nil
}

// chunk bounds how many dependents are read at a time.
const chunk = 500

// recompute redoes the named rollups and everything computed of the records
// concerned, writes what differs, and propagates further.
func (s *Session) recompute(on *schema.EntityModel, rollups, links map[*schema.FieldModel]map[string]bool) error {
	ids := map[string]bool{}
	for _, set := range rollups {
		for id := range set {
			ids[id] = true
		}
	}
	var stmts []store.Stmt
	var linkFields []*schema.FieldModel
	for f, set := range links {
		if f.Entity != on {
			continue
		}
		l := make([]string, 0, len(set))
		for id := range set {
			l = append(l, id)
		}
		sort.Strings(l)
		stmts = append(stmts, query.LoadWhereStmt(s.Snap.Model, on, f, l, "FOR NO KEY UPDATE"))
		linkFields = append(linkFields, f)
	}
	recs := map[string]*Record{}
	if len(stmts) > 0 {
		res, err := s.Do(stmts...)
		if err != nil {
			return err
		}
		for i := range linkFields {
			for _, r := range s.read(on, res[i]) {
				recs[r.ID()] = r
			}
		}
	}
	missing := make([]string, 0, len(ids))
	for id := range ids {
		if recs[id] == nil {
			missing = append(missing, id)
		}
	}
	sort.Strings(missing)
	for i := 0; i < len(missing); i += chunk {
		l, err := s.Load(on, missing[i:min(i+chunk, len(missing))], "FOR NO KEY UPDATE")
		if err != nil {
			return err
		}
		for _, r := range l {
			recs[r.ID()] = r
		}
	}
	if len(recs) == 0 {
		return nil
	}
	fresh := map[string]map[*schema.FieldModel]value.Value{}
	if len(rollups) > 0 {
		fields := make([]*schema.FieldModel, 0, len(rollups))
		for f := range rollups {
			fields = append(fields, f)
		}
		sort.Slice(fields, func(i, j int) bool { return fields[i].Ord < fields[j].Ord })
		all := make([]string, 0, len(ids))
		for id := range ids {
			all = append(all, id)
		}
		sort.Strings(all)
		// The parents are locked by now, so this later statement sees every
		// committed child, and no other writer changes them meanwhile.
		st, err := query.RollupStmt(s.Snap.Model, s.envRoots(nil), on, fields, all)
		if err != nil {
			return err
		}
		res, err := s.Do(st)
		if err != nil {
			return err
		}
		for _, row := range res[0].Rows {
			m := map[*schema.FieldModel]value.Value{}
			for i, f := range fields {
				m[f] = query.ReadWire(f, row[i+1])
			}
			fresh[string(row[0])] = m
		}
	}
	keys := make([]string, 0, len(recs))
	for id := range recs {
		keys = append(keys, id)
	}
	sort.Strings(keys)
	var changes []*Change
	for _, id := range keys {
		before := recs[id]
		after := before.clone()
		for f, v := range fresh[id] {
			v, err := s.fit(f, v)
			if err != nil {
				return err
			}
			after.set(f, v)
		}
		if err := s.compute(after); err != nil {
			return err
		}
		s.keepOthers(before, after)
		c := &Change{Op: "computed", Before: before, After: after}
		s.diffOf(c)
		if len(c.Fields) > 0 {
			changes = append(changes, c)
		}
	}
	return s.commit(changes)
}

// propagateRows redoes lookups inside sub-form rows whose link points to a
// changed record, through the records that hold the rows.
func (s *Session) propagateRows(sub *schema.EntityModel, links map[*schema.FieldModel]map[string]bool) error {
	parents := map[string]bool{}
	for f, set := range links {
		l := make([]string, 0, len(set))
		for id := range set {
			l = append(l, id)
		}
		r, err := s.Do(query.ParentsStmt(f, l))
		if err != nil {
			return err
		}
		for _, row := range r[0].Rows {
			parents[string(row[0])] = true
		}
	}
	if len(parents) == 0 {
		return nil
	}
	return s.recomputeIDs(sub.Parent, parents)
}

// recomputeIDs redoes everything computed from a record's own values.
func (s *Session) recomputeIDs(e *schema.EntityModel, ids map[string]bool) error {
	return s.recompute(e, map[*schema.FieldModel]map[string]bool{}, map[*schema.FieldModel]map[string]bool{idField(e): ids})
}

// idField stands for "the records themselves" among the links of recompute.
func idField(e *schema.EntityModel) *schema.FieldModel { return e.Field("id") }

// keepOthers undoes what a back-fill was not asked for: other computed fields
// may have a new meaning that is not published yet.
func (s *Session) keepOthers(before, after *Record) {
	if s.only == nil {
		return
	}
	for _, f := range after.Entity.Fields {
		switch {
		case f.Sub != nil:
			mine := false
			for _, c := range f.Sub.Fields {
				mine = mine || s.only[c.ID()]
			}
			if !mine {
				after.set(f, before.Get(f))
				continue
			}
			old := map[string]value.Row{}
			for _, r := range before.Get(f).Rows() {
				old[r.ID] = r
			}
			rows := after.Get(f).Rows()
			for i := range rows {
				for _, c := range f.Sub.Fields {
					if c.Traits.Computed && !s.only[c.ID()] {
						rows[i].Values[c.Key()] = old[rows[i].ID].Values[c.Key()]
					}
				}
			}
		case f.Traits.Computed && !s.only[f.ID()]:
			after.set(f, before.Get(f))
		}
	}
}

// Backfill fills some computed fields of records and nothing else.
func (s *Session) Backfill(e *schema.EntityModel, ids, fieldIDs []string) error {
	s.only = map[string]bool{}
	for _, id := range fieldIDs {
		s.only[id] = true
	}
	defer func() { s.only = nil }()
	return s.Recompute(e, ids)
}

// Recompute redoes every stored computed field of the records: the back-fill
// after a publish, and the repair of drift.
func (s *Session) Recompute(e *schema.EntityModel, ids []string) error {
	set := map[string]bool{}
	for _, id := range ids {
		set[id] = true
	}
	rollups := map[*schema.FieldModel]map[string]bool{}
	for _, f := range e.Computed {
		if f.Rollup != nil && f.Via != nil {
			rollups[f] = set
		}
	}
	if len(rollups) == 0 {
		return s.recomputeIDs(e, set)
	}
	return s.recompute(e, rollups, map[*schema.FieldModel]map[string]bool{})
}

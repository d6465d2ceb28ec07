// Package record carries changes of records through the one write path:
// decode, defaults, computed fields, checks, authorisation, rule matching, and
// one commit of row, sub-rows, history and runs.
//
// A Session is a transaction in which changes are applied. Everything that
// writes records, from any side, goes through Session.Apply. Computed values
// of other records that depend on a change (lookups, rollups, formulas over a
// link) are brought up to date in the same transaction.
//
// The package knows no HTTP and runs no rule itself: matched rules become run
// rows, and rules of mode validate and sync are handed to Hooks.
package record

import (
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/value"
)

// Record is one record at one moment. It is not changed once a Change holds it.
type Record struct {
	Entity *schema.EntityModel
	vals   []value.Value // system fields, then user fields by ordinal
}

func slot(f *schema.FieldModel) int {
	if !f.System {
		return 8 + f.Ord
	}
	switch f.Key() {
	case "id":
		return 0
	case "rev":
		return 1
	case "created_at":
		return 2
	case "created_by":
		return 3
	case "updated_at":
		return 4
	case "updated_by":
		return 5
	case "owner":
		return 6
	}
	return 7 // deleted_at
}

// New makes an empty record.
func New(e *schema.EntityModel) *Record {
	return &Record{Entity: e, vals: make([]value.Value, 8+len(e.Fields))}
}

// Get returns a field's value.
func (r *Record) Get(f *schema.FieldModel) value.Value {
	if r == nil {
		return value.Value{}
	}
	return r.vals[slot(f)]
}

// ByRef returns the value of a field by id or key; null when there is none.
func (r *Record) ByRef(ref string) value.Value {
	if r == nil {
		return value.Value{}
	}
	f := r.Entity.Field(ref)
	if f == nil {
		return value.Value{}
	}
	return r.vals[slot(f)]
}

// ID returns the record's id.
func (r *Record) ID() string { return r.vals[0].Text() }

// Rev returns the record's revision.
func (r *Record) Rev() int64 { return r.vals[1].Int() }

// Deleted reports whether the record is in the recycle bin.
func (r *Record) Deleted() bool { return !r.vals[7].IsNull() }

func (r *Record) set(f *schema.FieldModel, v value.Value) { r.vals[slot(f)] = v }

// With returns a copy with some fields' values replaced, by field id.
func (r *Record) With(vals map[string]value.Value) *Record {
	c := r.clone()
	for id, v := range vals {
		if f := r.Entity.Field(id); f != nil {
			c.set(f, v)
		}
	}
	return c
}

func (r *Record) clone() *Record {
	return &Record{Entity: r.Entity, vals: append([]value.Value(nil), r.vals...)}
}

// Change is one record before and after. Before is nil for a creation; After is
// marked deleted for a deletion.
type Change struct {
	Op     string // create update delete restore computed
	Before *Record
	After  *Record
	Fields map[string]bool // ids of fields whose values differ
	Rows   map[string]bool // sub-form fields whose rows differ
}

// ID returns the id of the changed record.
func (c *Change) ID() string { return c.After.ID() }

// Entity returns the entity of the changed record.
func (c *Change) Entity() *schema.EntityModel { return c.After.Entity }

// diff lists the user fields (and owner, and deleted_at) whose values differ.
func diff(a, b *Record) map[string]bool {
	out := map[string]bool{}
	for _, f := range b.Entity.Fields {
		if f.Stored || !f.Traits.Computed {
			if !value.Equal(a.Get(f), b.Get(f)) {
				out[f.ID()] = true
			}
		}
	}
	owner := b.Entity.Field("owner")
	if !value.Equal(a.Get(owner), b.Get(owner)) {
		out["owner"] = true
	}
	if b.Deleted() != (a != nil && a.Deleted()) {
		out["deleted_at"] = true
	}
	return out
}

// view shows a record to expressions; links are followed through the session.
type view struct {
	r *Record
	s *Session
}

func (v view) Get(id string) value.Value {
	f := v.r.Entity.Field(id)
	if f == nil {
		return value.Value{}
	}
	if f.Formula != nil && !f.Stored {
		x, err := f.Formula.Eval(v.s.envOf(v.r, nil))
		if err != nil {
			return value.Value{}
		}
		return x
	}
	return v.r.vals[slot(f)]
}

func (v view) Follow(id string) expr.Row {
	f := v.r.Entity.Field(id)
	if f == nil || f.Target == nil {
		return nil
	}
	t := v.s.linked(f.Target, v.r.Get(f).Text())
	if t == nil {
		return nil
	}
	return view{t, v.s}
}

func (v view) Rows(id string) []expr.Row {
	f := v.r.Entity.Field(id)
	if f == nil {
		return nil
	}
	if f.Sub != nil {
		rows := v.r.Get(f).Rows()
		out := make([]expr.Row, len(rows))
		for i := range rows {
			out[i] = subView{f.Sub, rows[i], v.s}
		}
		return out
	}
	if f.Target != nil {
		var out []expr.Row
		for _, x := range v.r.Get(f).List() {
			if t := v.s.linked(f.Target, x.Text()); t != nil {
				out = append(out, view{t, v.s})
			}
		}
		return out
	}
	return nil
}

// subView shows a sub-form row to expressions.
type subView struct {
	e *schema.EntityModel
	r value.Row
	s *Session
}

func (v subView) Get(id string) value.Value {
	if id == "id" {
		return value.OfRef(v.r.ID)
	}
	f := v.e.Field(id)
	if f == nil {
		return value.Value{}
	}
	if f.Formula != nil && !f.Stored {
		x, err := f.Formula.Eval(v.s.envRoots(map[string]expr.Row{"record": v}))
		if err != nil {
			return value.Value{}
		}
		return x
	}
	return v.r.Values[f.Key()]
}

func (v subView) Follow(id string) expr.Row {
	f := v.e.Field(id)
	if f == nil || f.Target == nil {
		return nil
	}
	t := v.s.linked(f.Target, v.r.Values[f.Key()].Text())
	if t == nil {
		return nil
	}
	return view{t, v.s}
}

func (v subView) Rows(string) []expr.Row { return nil }

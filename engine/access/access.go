// Package access decides who may do what with which records and fields.
//
// Roles unite per row: a field shows if and only if one role grants both the
// row and the field. The package holds compiled programs only; engine/query
// renders them into every read, and the write path evaluates them on the
// record before and after a change. There is no second path.
//
// It does no I/O and never looks at a request.
package access

import (
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
)

// Actor is whoever acts: a member, an API key, a rule, a share link, the system.
type Actor struct {
	ID          string // actor id, recorded as created_by
	Kind        string // member, api_key, rule, share, system
	Name        string
	WorkspaceID string
	Member      string   // member id that me() answers; "" for none
	Departments []string // with those below
	Roles       []string // role ids held in the app at hand
	Admin       bool     // everything in the workspace
	Locale      string
	// Scopes limit an API key further: app id ("*" for all) → operations; nil: no limit.
	Scopes map[string]map[string]bool
	// Cause and Depth carry what led here, for loop protection.
	Cause string
	Chain string
	Depth int
}

// System returns the platform itself, which may do everything in a workspace.
func System(workspaceID string) *Actor {
	return &Actor{Kind: "system", Name: "system", WorkspaceID: workspaceID, Admin: true}
}

// Rights are what one actor may do in one app version.
type Rights struct {
	Actor *Actor
	full  bool
	byEnt map[string]*Entity
	model *schema.Model
}

// Entity are the rights on one entity: all of it, or the grants of the roles held.
type Entity struct {
	Full   bool
	Def    *schema.EntityModel
	Grants []*schema.GrantModel
	scope  map[string]bool // operations an API key is limited to; nil: no limit
}

// Faults of access. Absent and invisible records look alike.
var (
	ErrForbidden = fault.Define(fault.Forbidden, "access.forbidden", "没有{op}“{entity}”的权限", "you may not {op} records of \"{entity}\"")
	ErrField     = fault.Define(fault.Forbidden, "access.field", "没有修改“{field}”的权限", "you may not change \"{field}\"")
	ErrHidden    = fault.Define(fault.Forbidden, "access.hidden_field", "没有查看“{field}”的权限，不能按它筛选、排序或汇总", "you may not see \"{field}\", so it cannot be filtered, sorted or grouped by")
	ErrAdmin     = fault.Define(fault.Forbidden, "access.admin", "需要管理员权限", "this needs an administrator")
	ErrNotFound  = fault.Define(fault.NotFound, "record.not_found", "记录不存在，或没有查看权限", "no such record, or you may not see it")
)

// Forbidden is the refusal of an operation on records of an entity.
func Forbidden(op string, e *schema.EntityModel) error {
	return ErrForbidden.With("op", schema.OpName(op)).With("entity", e.Def.Name)
}

// For compiles an actor's rights.
func For(a *Actor, m *schema.Model) *Rights {
	r := &Rights{Actor: a, model: m, full: a.Admin, byEnt: map[string]*Entity{}}
	held := map[string]bool{}
	for _, id := range a.Roles {
		held[id] = true
	}
	var roles []*schema.RoleModel
	for _, x := range m.Roles {
		if held[x.Def.ID] || held[x.Def.Key] {
			roles = append(roles, x)
			r.full = r.full || x.Def.Admin
		}
	}
	for _, e := range m.Entities {
		ent := &Entity{Full: r.full, Def: e}
		if !r.full {
			for _, x := range roles {
				if g := x.Grants[e.ID()]; g != nil {
					ent.Grants = append(ent.Grants, g)
				}
			}
		}
		r.byEnt[e.ID()] = ent
	}
	return r
}

// Limit narrows the rights to the operations of an API key's scope.
func (r *Rights) Limit(ops map[string]bool) {
	for _, e := range r.byEnt {
		e.scope = ops
	}
}

// Full reports whether the actor may do everything in the app.
func (r *Rights) Full() bool { return r.full }

// On returns the rights on an entity.
func (r *Rights) On(e *schema.EntityModel) *Entity {
	for e.Parent != nil {
		e = e.Parent
	}
	if x := r.byEnt[e.ID()]; x != nil {
		return x
	}
	return &Entity{Def: e}
}

// Can reports whether the operation is granted on some record at least.
func (e *Entity) Can(op string) bool {
	if e.scope != nil && !e.scope[op] && !e.scope["*"] {
		return false
	}
	if e.Full {
		return true
	}
	for _, g := range e.Grants {
		if g.Ops[op] {
			return true
		}
	}
	return false
}

// Need is Can as an error.
func (e *Entity) Need(op string) error {
	if e.Can(op) {
		return nil
	}
	return Forbidden(op, e.Def)
}

// With returns the grants that include the operation; a change or deletion
// needs its own grant for the row.
func (e *Entity) With(op string) []*schema.GrantModel {
	var out []*schema.GrantModel
	for _, g := range e.Grants {
		if g.Ops[op] {
			out = append(out, g)
		}
	}
	return out
}

// Level says how much of a field shows.
type Level int

// The levels.
const (
	Hidden Level = iota
	Partial
	Shown
)

// Of returns what a grant says about a field while no condition is considered:
// the level when the rule's condition does not hold, the level when it does,
// and the condition (nil: the rule always applies).
func Of(g *schema.GrantModel, f *schema.FieldModel) (otherwise, ruled Level, when *expr.Program, writable bool) {
	base := Shown
	if g.Def.Hide && !f.System {
		base = Hidden
	}
	r := g.Rules[f.ID()]
	if r == nil {
		return base, base, nil, base == Shown
	}
	otherwise = Shown
	switch r.Def.Rule {
	case "hidden":
		ruled = Hidden
	case "partial":
		ruled = Partial
	default: // visible, read_only
		ruled = Shown
		otherwise = base
		if r.Def.Rule == "read_only" {
			otherwise = Shown
		}
	}
	return otherwise, ruled, r.When, r.Def.Rule == "visible" || r.When != nil
}

// Limit is one bound on how much of a field shows under a grant: Ruled while
// When holds (nil: always), else Otherwise.
type Limit struct {
	Otherwise, Ruled Level
	When             *expr.Program
}

// Least is the level that the limit leaves on every row.
func (l Limit) Least() Level {
	if l.When == nil {
		return l.Ruled
	}
	return min(l.Otherwise, l.Ruled)
}

// Most is the level that the limit leaves on some row at best.
func (l Limit) Most() Level {
	if l.When == nil {
		return l.Ruled
	}
	return max(l.Otherwise, l.Ruled)
}

// Limits are the bounds that a grant puts on a field; the field shows as much
// as the strictest lets it. A computed field inherits what the same role says
// of the fields that its value comes from, unless the role names the computed
// field itself visible. A condition on a field of another record is taken at
// its strictest, since that record is not the one shown; a value worked out of
// a partly masked one is hidden, except a lookup, which is masked alike.
func Limits(g *schema.GrantModel, f *schema.FieldModel) []Limit {
	o, r, when, _ := Of(g, f)
	out := []Limit{{o, r, when}}
	if own := g.Rules[f.ID()]; len(f.Origins) == 0 || own != nil && own.Def.Rule == "visible" {
		return out
	}
	inherited := func(l Level) Level {
		if l == Partial && f.Lookup == nil {
			return Hidden
		}
		return l
	}
	for _, x := range f.Origins {
		if x.Entity.Parent != nil {
			continue // a column shows with its sub-form, which is an origin too
		}
		from := g.Role.Grants[x.Entity.ID()]
		if from == nil {
			continue
		}
		o, r, when, _ := Of(from, x)
		l := Limit{inherited(o), inherited(r), when}
		if l.Least() == Shown {
			continue
		}
		if x.Entity != f.Entity {
			l = Limit{Ruled: l.Least()}
		}
		out = append(out, l)
	}
	return out
}

// Always returns the level a field has on every readable row, and whether it
// is the same on all of them.
func (e *Entity) Always(f *schema.FieldModel) (Level, bool) {
	if e.Full {
		return Shown, true
	}
	first, have := Hidden, false
	for _, g := range e.With("read") {
		least, most := Shown, Shown
		for _, l := range Limits(g, f) {
			least, most = min(least, l.Least()), min(most, l.Most())
		}
		if least != most || have && least != first {
			return Hidden, false
		}
		first, have = least, true
	}
	return first, true
}

// Readable reports whether a field may show on some row.
func (e *Entity) Readable(f *schema.FieldModel) bool {
	if e.Full {
		return true
	}
	for _, g := range e.With("read") {
		most := Shown
		for _, l := range Limits(g, f) {
			most = min(most, l.Most())
		}
		if most != Hidden {
			return true
		}
	}
	return false
}

// ColumnShown reports whether a column of a sub-form shows with its rows. Only
// a computed one may not: it inherits masks of fields elsewhere, and since rows
// have no rights of their own, at their strictest.
func (e *Entity) ColumnShown(c *schema.FieldModel) bool {
	if e.Full || len(c.Origins) == 0 {
		return true
	}
	for _, g := range e.With("read") {
		for _, l := range Limits(g, c) {
			if l.Least() != Shown {
				return false
			}
		}
	}
	return true
}

// RowAllowed reports whether some grant with the operation covers the record in env.
func (e *Entity) RowAllowed(op string, env *expr.Env) (bool, error) {
	if !e.Can(op) {
		return false, nil
	}
	if e.Full {
		return true, nil
	}
	for _, g := range e.With(op) {
		if g.Filter == nil {
			return true, nil
		}
		ok, err := g.Filter.True(env)
		if err != nil {
			return false, err
		}
		if ok {
			return true, nil
		}
	}
	return false, nil
}

// Writable reports whether the field may be written with the operation
// (create or update) on the record in env.
func (e *Entity) Writable(op string, f *schema.FieldModel, env *expr.Env) (bool, error) {
	if e.Full {
		return true, nil
	}
	for _, g := range e.With(op) {
		if g.Filter != nil {
			ok, err := g.Filter.True(env)
			if err != nil {
				return false, err
			}
			if !ok {
				continue
			}
		}
		otherwise, ruled, when, free := Of(g, f)
		if r := g.Rules[f.ID()]; r == nil {
			if ruled == Shown {
				return true, nil
			}
			continue
		}
		if when == nil {
			if free && ruled == Shown {
				return true, nil
			}
			continue
		}
		hold, err := when.True(env)
		if err != nil {
			return false, err
		}
		// What a rule makes visible only at times is at other times as the rest is.
		if hold && g.Rules[f.ID()].Def.Rule == "visible" || !hold && otherwise == Shown {
			return true, nil
		}
	}
	return false, nil
}

// LevelOf returns how much of the field shows on the record in env.
func (e *Entity) LevelOf(f *schema.FieldModel, env *expr.Env) (Level, error) {
	if e.Full {
		return Shown, nil
	}
	best := Hidden
	for _, g := range e.With("read") {
		if g.Filter != nil {
			ok, err := g.Filter.True(env)
			if err != nil {
				return Hidden, err
			}
			if !ok {
				continue
			}
		}
		l := Shown
		for _, x := range Limits(g, f) {
			level := x.Ruled
			if x.When != nil {
				hold, err := x.When.True(env)
				if err != nil {
					return Hidden, err
				}
				if !hold {
					level = x.Otherwise
				}
			}
			l = min(l, level)
		}
		best = max(best, l)
	}
	return best, nil
}

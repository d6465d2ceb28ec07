package schema

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"

	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Model is a compiled app: every field bound, every expression typed, every
// reference resolved. It is immutable once the engine has given it its
// physical names, and shared by all requests of one app version.
type Model struct {
	App      *App
	Version  int
	Entities []*EntityModel
	Rules    []*RuleModel
	Roles    []*RoleModel

	byRef map[string]*EntityModel
	rules map[string]*RuleModel
}

// Entity returns an entity by id or key, nil if there is none.
func (m *Model) Entity(ref string) *EntityModel { return m.byRef[ref] }

// Rule returns a rule by id or key, nil if there is none.
func (m *Model) Rule(ref string) *RuleModel { return m.rules[ref] }

// EntityModel is a compiled entity, or the compiled columns of a sub-form.
type EntityModel struct {
	Def    *Entity
	App    *Model
	Fields []*FieldModel // user fields in order
	System []*FieldModel
	Expr   *expr.Entity
	Title  *Template
	Checks []*CheckModel
	Rules  []*RuleModel // record rules of this entity, in order

	Parent   *EntityModel // sub-form: the entity it belongs to
	ParentBy *FieldModel  // sub-form: the field that holds it

	Schema, Table string // physical names, set by the engine

	// Computed lists the fields computed from the record's own values (and one
	// hop of links), in dependency order.
	Computed []*FieldModel
	// Affects lists the computed fields of other entities that read this one.
	Affects []*Edge

	byRef map[string]*FieldModel
}

// Edge says that a stored computed field elsewhere depends on this entity.
type Edge struct {
	Field *FieldModel   // the dependent field
	On    *EntityModel  // its entity
	Link  *FieldModel   // lookup, formula: the link field on On that points here
	Via   *FieldModel   // rollup: the link field here that points to On
	Reads []*FieldModel // fields here that matter; empty: existence alone
}

// Field returns a field (user or system) by id or key, nil if there is none.
func (e *EntityModel) Field(ref string) *FieldModel { return e.byRef[ref] }

// ID returns the entity's id.
func (e *EntityModel) ID() string { return e.Def.ID }

// Key returns the entity's key.
func (e *EntityModel) Key() string { return e.Def.Key }

// FieldModel is a compiled field.
type FieldModel struct {
	Def    *Field
	Entity *EntityModel
	Ord    int // position among the entity's user fields; -1 for system fields
	System bool
	*field.Bound

	Column string // physical column; for Links and Child storage the table
	Expr   *expr.Field

	Target *EntityModel // link: the linked entity
	Sub    *EntityModel // sub-form: its columns

	Formula      *expr.Program // formula
	Stored       bool          // computed and kept in a column; false for volatile formulas
	LinkField    *FieldModel   // lookup
	Source       *FieldModel   // lookup, rollup: the field read
	Rel          *EntityModel  // rollup: the related entity, or the own sub-form
	Via          *FieldModel   // rollup: the link on Rel that points here
	RollupFilter *expr.Program // rollup: condition over `it`
	// Origins are the fields, not computed themselves, that a computed field's
	// value comes from, in whatever entity: it inherits their masks.
	Origins []*FieldModel

	DefaultExpr  *expr.Program
	RequiredWhen *expr.Program
	PickFilter   *expr.Program // link: which targets may be picked
}

// ID returns the field's id (system fields: their key).
func (f *FieldModel) ID() string { return f.Def.ID }

// Key returns the field's key.
func (f *FieldModel) Key() string { return f.Def.Key }

// CheckModel is a compiled submit check.
type CheckModel struct {
	Def  *Check
	When *expr.Program
}

// RuleModel is a compiled rule. Step options are compiled by the actions.
type RuleModel struct {
	Def    *Rule
	Entity *EntityModel
	Fields map[string]bool // trigger fields by id; empty: any
	// Pure decides in memory whether a run is created; Guard is the part that
	// looks at other records and is checked as the run's first step.
	Pure, Guard *expr.Program
	Each        *expr.Program // schedule: filter whose records each get a run
	Scope       *expr.Scope
	Inputs      []*FieldModel
}

// RoleModel is a compiled role.
type RoleModel struct {
	Def    *Role
	Grants map[string]*GrantModel // by entity id
}

// GrantModel is a compiled grant.
type GrantModel struct {
	Def    *Grant
	Role   *RoleModel
	Ops    map[string]bool
	Filter *expr.Program // nil: all records
	Rules  map[string]*FieldRuleModel
}

// FieldRuleModel is a compiled field rule.
type FieldRuleModel struct {
	Def  *FieldRule
	When *expr.Program // nil: always
}

// SystemKeys are the reserved keys of every record.
var SystemKeys = []string{"id", "rev", "created_at", "created_by", "updated_at", "updated_by", "owner", "deleted_at"}

func systemField(e *EntityModel, key string, k value.Kind, ref string, zh, en string) *FieldModel {
	db := field.DBFor(k, value.Null)
	if key == "rev" {
		db = field.DB{SQL: "bigint", OID: field.OIDInt8}
	}
	def := &Field{ID: key, Key: key, Name: Text{zh, en}}
	b := &field.Bound{Type: "system", Kind: k, DB: db, Scale: -1,
		Traits: field.Traits{Generated: true, Sortable: true, Filterable: true, HoldsUser: ref == "member", Groupable: ref == "member" || k == value.Time},
		Check:  func(value.Value) error { return nil }, Format: func(v value.Value, env field.Env) string {
			switch {
			case ref == "member" && env.Name != nil && !v.IsNull():
				return env.Name("member", v.Text())
			case v.Kind() == value.Time:
				return v.Time().In(env.Location()).Format("2006-01-02 15:04")
			}
			return v.String()
		}}
	return &FieldModel{Def: def, Entity: e, Ord: -1, System: true, Bound: b, Column: key,
		Expr: &expr.Field{ID: key, Key: key, Kind: k, Ref: ref}}
}

// Faults of definitions. Paths are "<document id>/<JSON pointer>".
var (
	ErrKey       = fault.Define(fault.Invalid, "definition.key", "标识“{key}”不可用：以小写字母开头，只含小写字母、数字和下划线，最长 40 个字符，且不是保留字", "the key \"{key}\" cannot be used: start with a lower-case letter, then lower-case letters, digits and underscores, 40 at most, and not a reserved word")
	ErrDupKey    = fault.Define(fault.Invalid, "definition.duplicate_key", "标识“{key}”重复", "the key \"{key}\" is used twice")
	ErrNoName    = fault.Define(fault.Invalid, "definition.name", "缺少名称", "a name is missing")
	ErrNoEntity  = fault.Define(fault.Invalid, "definition.entity", "找不到表单“{ref}”", "there is no entity \"{ref}\"")
	ErrNoField   = fault.Define(fault.Invalid, "definition.field", "找不到字段“{ref}”", "there is no field \"{ref}\"")
	ErrNotLink   = fault.Define(fault.Invalid, "definition.not_link", "字段“{ref}”不是关联字段", "the field \"{ref}\" is not a link")
	ErrRelated   = fault.Define(fault.Invalid, "definition.related", "关联列表还没选择列出哪个表单的记录", "choose which form's records the related list shows")
	ErrCycle     = fault.Define(fault.Invalid, "definition.cycle", "计算字段循环依赖：{path}", "computed fields depend on each other in a circle: {path}")
	ErrHops      = fault.Define(fault.Invalid, "definition.hops", "公式最多经过一个关联字段；更远的值请先用引用字段取回", "a stored formula may follow one link; bring farther values near with a lookup field")
	ErrNested    = fault.Define(fault.Invalid, "definition.nested", "子表单里不能再放子表单或多选关联", "a sub-form cannot hold another sub-form or a many link")
	ErrTrigger   = fault.Define(fault.Invalid, "definition.trigger", "不认识的触发方式“{ref}”", "unknown trigger \"{ref}\"")
	ErrMode      = fault.Define(fault.Invalid, "definition.mode", "不认识的执行方式“{ref}”", "unknown mode \"{ref}\"")
	ErrOp        = fault.Define(fault.Invalid, "definition.operation", "不认识的操作“{ref}”", "unknown operation \"{ref}\"")
	ErrTooMany   = fault.Define(fault.Invalid, "definition.too_many", "字段太多：最多 {max} 个", "too many fields: {max} at most")
	ErrViewType  = fault.Define(fault.Invalid, "definition.part", "不认识的类型“{ref}”", "unknown type \"{ref}\"")
	ErrFormulaIn = fault.Define(fault.Invalid, "definition.formula_query", "公式字段不能查询其他记录；请用汇总字段", "a formula field cannot query other records; use a rollup field")
)

// reserved words: expression keywords and names with a meaning of their own.
var reserved = map[string]bool{"record": true, "old": true, "it": true, "item": true, "vars": true, "inputs": true, "trigger": true, "webhook": true,
	"true": true, "false": true, "nil": true, "null": true, "and": true, "or": true, "not": true, "in": true, "contains": true, "matches": true,
	"let": true, "if": true, "else": true, "parent": true, "settings": true, "operation": true}

func init() {
	for _, k := range SystemKeys {
		reserved[k] = true
	}
}

// ReservedKeys lists the keys that fields cannot have, for publication.
func ReservedKeys() []string {
	out := make([]string, 0, len(reserved))
	for k := range reserved {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// ValidKey reports whether a key may name a field, entity or app.
func ValidKey(k string) bool {
	if len(k) == 0 || len(k) > 40 || reserved[k] || len(k) > 2 && k[:3] == "zz_" {
		return false
	}
	for i := 0; i < len(k); i++ {
		c := k[i]
		if !(c >= 'a' && c <= 'z' || i > 0 && (c >= '0' && c <= '9' || c == '_')) {
			return false
		}
	}
	return true
}

// Compile checks an app and compiles it. The model is usable only when the
// fault list is empty; the faults are complete.
func Compile(app *App) (*Model, fault.List) {
	c := &modeler{m: &Model{App: app, byRef: map[string]*EntityModel{}, rules: map[string]*RuleModel{}}}
	c.entities()
	c.links()
	c.resolve()
	c.expressions()
	c.order()
	c.rules()
	c.roles()
	c.references()
	return c.m, c.faults
}

type modeler struct {
	m      *Model
	faults fault.List
}

func (c *modeler) fail(doc, path string, err error) {
	for _, f := range fault.Of(err) {
		p := f.Path
		if p != "" && p[0] != '/' {
			p = "/" + p
		}
		c.faults = append(c.faults, f.At(doc+path+p))
	}
}

func (c *modeler) entities() {
	app := c.m.App
	if !ValidKey(app.Info.Key) {
		c.fail(app.Info.ID, "/key", ErrKey.With("key", app.Info.Key))
	}
	for _, d := range app.Entities {
		e := &EntityModel{Def: d, App: c.m}
		if !ValidKey(d.Key) {
			c.fail(d.ID, "/key", ErrKey.With("key", d.Key))
		}
		if c.m.byRef[d.Key] != nil {
			c.fail(d.ID, "/key", ErrDupKey.With("key", d.Key))
		}
		if d.Name.Empty() {
			c.fail(d.ID, "/name", ErrNoName.New())
		}
		if len(d.Fields) > 1000 {
			c.fail(d.ID, "/fields", ErrTooMany.With("max", 1000))
		}
		e.System = []*FieldModel{
			systemField(e, "id", value.Ref, d.ID, "编号", "Id"),
			systemField(e, "rev", value.Number, "", "版本", "Revision"),
			systemField(e, "created_at", value.Time, "", "创建时间", "Created at"),
			systemField(e, "created_by", value.Ref, "member", "创建人", "Created by"),
			systemField(e, "updated_at", value.Time, "", "更新时间", "Updated at"),
			systemField(e, "updated_by", value.Ref, "member", "更新人", "Updated by"),
			systemField(e, "owner", value.Ref, "member", "负责人", "Owner"),
			systemField(e, "deleted_at", value.Time, "", "删除时间", "Deleted at"),
		}
		owner := e.System[6]
		owner.Traits.Generated = false
		owner.Parse = func(raw any, _ field.Env) (value.Value, error) { return field.ParseRef(raw) }
		if !d.OwnerName.Empty() {
			owner.Def.Name = d.OwnerName
		}
		c.fields(e, d.ID, "/fields", d.Fields)
		c.m.Entities = append(c.m.Entities, e)
		c.m.byRef[d.ID], c.m.byRef[d.Key] = e, e
	}
}

func (c *modeler) fields(e *EntityModel, doc, path string, defs []*Field) {
	e.byRef = map[string]*FieldModel{}
	for _, s := range e.System {
		e.byRef[s.Key()] = s
	}
	for i, d := range defs {
		p := fmt.Sprintf("%s/%d", path, i)
		if !ValidKey(d.Key) {
			c.fail(doc, p+"/key", ErrKey.With("key", d.Key))
		}
		if e.byRef[d.Key] != nil {
			c.fail(doc, p+"/key", ErrDupKey.With("key", d.Key))
		}
		if d.Name.Empty() {
			c.fail(doc, p+"/name", ErrNoName.New())
		}
		b, err := field.Bind(d.Type, d.Options)
		if err != nil {
			c.fail(doc, p+"/options", err)
			b = &field.Bound{Type: d.Type, Kind: value.Text, DB: field.DBText, Scale: -1,
				Parse: func(any, field.Env) (value.Value, error) { return value.Value{}, nil }, Check: func(value.Value) error { return nil },
				Format: func(v value.Value, _ field.Env) string { return v.String() }}
		}
		f := &FieldModel{Def: d, Entity: e, Ord: i, Bound: b}
		if b.Storage == field.Child {
			if e.Parent != nil {
				c.fail(doc, p+"/type", ErrNested.New())
			}
			f.Sub = &EntityModel{Def: &Entity{ID: d.ID, Key: d.Key, Name: d.Name, Fields: d.Fields}, App: c.m, Parent: e, ParentBy: f}
			f.Sub.System = []*FieldModel{systemField(f.Sub, "id", value.Ref, d.ID, "行号", "Row id")}
			c.fields(f.Sub, doc, p+"/fields", d.Fields)
		}
		if b.Storage == field.Links && e.Parent != nil {
			c.fail(doc, p+"/type", ErrNested.New())
		}
		e.Fields = append(e.Fields, f)
		e.byRef[d.ID], e.byRef[d.Key] = f, f
	}
}

// each calls f for every entity and every sub-form.
func (c *modeler) each(f func(e *EntityModel, doc, path string)) {
	for _, e := range c.m.Entities {
		f(e, e.Def.ID, "/fields")
		for i, x := range e.Fields {
			if x.Sub != nil {
				f(x.Sub, e.Def.ID, fmt.Sprintf("/fields/%d/fields", i))
			}
		}
	}
}

func (c *modeler) links() {
	c.each(func(e *EntityModel, doc, path string) {
		for i, f := range e.Fields {
			if f.Link == nil {
				continue
			}
			if f.Target = c.m.byRef[f.Link.Entity]; f.Target == nil {
				c.fail(doc, fmt.Sprintf("%s/%d/options/entity", path, i), ErrNoEntity.With("ref", f.Link.Entity))
			}
		}
	})
}

// resolve finds what lookups and rollups read and with it their kinds. A
// lookup may read another lookup, so it recurses; circles are faults.
func (c *modeler) resolve() {
	state := map[*FieldModel]int{}
	var visit func(f *FieldModel, doc, path string) bool
	visit = func(f *FieldModel, doc, path string) bool {
		switch state[f] {
		case 1:
			c.fail(doc, path, ErrCycle.With("path", f.Key()))
			return false
		case 2:
			return true
		}
		state[f] = 1
		defer func() { state[f] = 2 }()
		switch {
		case f.Lookup != nil:
			f.Stored = true
			if f.LinkField = f.Entity.Field(f.Lookup.Link); f.LinkField == nil || f.LinkField.Target == nil {
				c.fail(doc, path+"/options/link", ErrNotLink.With("ref", f.Lookup.Link))
				return false
			}
			if f.Source = f.LinkField.Target.Field(f.Lookup.Field); f.Source == nil {
				c.fail(doc, path+"/options/field", ErrNoField.With("ref", f.Lookup.Field))
				return false
			}
			if !visit(f.Source, doc, path) {
				return false
			}
			f.adopt(f.Source, f.LinkField.Link.Many)
		case f.Rollup != nil:
			f.Stored = true
			r := f.Rollup
			if r.Rows != "" {
				own := f.Entity.Field(r.Rows)
				if own == nil || own.Sub == nil {
					c.fail(doc, path+"/options/rows", ErrNoField.With("ref", r.Rows))
					return false
				}
				f.Rel = own.Sub
			} else {
				if f.Rel = c.m.byRef[r.Entity]; f.Rel == nil {
					c.fail(doc, path+"/options/entity", ErrNoEntity.With("ref", r.Entity))
					return false
				}
				if f.Via = f.Rel.Field(r.Via); f.Via == nil || f.Via.Target != f.Entity {
					c.fail(doc, path+"/options/via", ErrNotLink.With("ref", r.Via))
					return false
				}
			}
			if r.Field != "" {
				if f.Source = f.Rel.Field(r.Field); f.Source == nil {
					c.fail(doc, path+"/options/field", ErrNoField.With("ref", r.Field))
					return false
				}
				if !visit(f.Source, doc, path) {
					return false
				}
			}
			switch {
			case r.Fn == "count":
				f.Kind, f.DB = value.Number, field.DBNumber
			case f.Source == nil:
				c.fail(doc, path+"/options/field", ErrNoField.With("ref", ""))
				return false
			case r.Fn == "sum" || r.Fn == "avg":
				if f.Source.Kind != value.Number {
					c.fail(doc, path+"/options/field", expr.ErrType.With("name", r.Fn).With("want", "number").With("got", f.Source.Kind.String()))
					return false
				}
				f.Kind, f.DB = value.Number, field.DBNumber
				f.Format = f.Source.Format
			default:
				f.adopt(f.Source, false)
			}
		case f.Bound.Formula != nil:
			f.Stored = true
		}
		return true
	}
	c.each(func(e *EntityModel, doc, path string) {
		for i, f := range e.Fields {
			visit(f, doc, fmt.Sprintf("%s/%d", path, i))
		}
	})
}

// adopt makes f hold what src holds; through a many link it is a list.
func (f *FieldModel) adopt(src *FieldModel, many bool) {
	f.Choices, f.Scale = src.Choices, src.Scale
	f.Format = src.Format
	t := src.Traits
	t.Computed, t.Generated, t.Uniquable = true, false, false
	f.Traits = t
	f.Kind, f.Elem = src.Kind, src.Elem
	if src.Kind == value.Rows {
		f.Kind, f.Elem = value.Object, value.Null
	}
	if many && f.Kind != value.List {
		f.Elem, f.Kind = f.Kind, value.List
		one := src.Format
		f.Format = func(v value.Value, env field.Env) string {
			s := ""
			for i, x := range v.List() {
				if i > 0 {
					s += "、"
				}
				s += one(x, env)
			}
			return s
		}
	}
	f.DB = field.DBFor(f.Kind, f.Elem)
	f.Target = src.Target
	if f.Target == nil && src.Link != nil {
		f.Target = src.Target
	}
}

// exprField describes a field to the expression compiler.
func exprField(f *FieldModel) *expr.Field {
	x := &expr.Field{ID: f.ID(), Key: f.Key(), Kind: f.Kind, Elem: f.Elem, Select: len(f.Choices) > 0, Scale: f.Scale}
	switch {
	case f.Target != nil:
		x.Ref = f.Target.ID()
	case f.Traits.HoldsUser:
		x.Ref = "member"
	case f.Traits.HoldsDept:
		x.Ref = "department"
	}
	return x
}

func (c *modeler) expressions() {
	c.each(func(e *EntityModel, _, _ string) {
		e.Expr = &expr.Entity{ID: e.ID(), Key: e.Key(), Fields: map[string]*expr.Field{}}
		for _, s := range e.System {
			e.Expr.Fields[s.Key()] = s.Expr
		}
		for _, f := range e.Fields {
			if fm := f.Bound.Formula; fm != nil {
				f.Kind = fm.Result
				f.DB = field.DBFor(f.Kind, value.Null)
			}
			f.Expr = exprField(f)
			e.Expr.Fields[f.Key()] = f.Expr
		}
	})
	c.each(func(e *EntityModel, _, _ string) {
		for _, f := range e.Fields {
			if f.Sub != nil {
				f.Expr.Rows = f.Sub.Expr
			}
		}
	})
	c.each(func(e *EntityModel, doc, path string) {
		scope := c.m.Scope(e)
		for i, f := range e.Fields {
			p := fmt.Sprintf("%s/%d", path, i)
			if fm := f.Bound.Formula; fm != nil {
				prog, err := expr.CompileAs(fm.Expr, scope, expr.T(fm.Result))
				if err != nil {
					c.fail(doc, p+"/options/expr", err)
				} else if prog.Queries() {
					c.fail(doc, p+"/options/expr", ErrFormulaIn.New())
				} else {
					f.Formula = prog
				}
			}
			if f.Rollup != nil && f.Rollup.Filter != "" && f.Rel != nil {
				s := &expr.Scope{Entity: scope.Entity, Roots: map[string]*expr.Entity{"it": f.Rel.Expr}, Settings: scope.Settings}
				prog, err := expr.CompileAs(f.Rollup.Filter, s, expr.T(value.Bool))
				if err != nil {
					c.fail(doc, p+"/options/filter", err)
				}
				f.RollupFilter = prog
			}
			if f.Link != nil && f.Link.Filter != "" && f.Target != nil {
				s := *scope
				s.Roots = map[string]*expr.Entity{"record": e.Expr, "it": f.Target.Expr}
				if e.Parent != nil {
					s.Roots["parent"] = e.Parent.Expr
				}
				prog, err := expr.CompileAs(f.Link.Filter, &s, expr.T(value.Bool))
				if err != nil {
					c.fail(doc, p+"/options/filter", err)
				}
				f.PickFilter = prog
			}
			if f.Def.RequiredWhen != "" {
				prog, err := expr.CompileAs(f.Def.RequiredWhen, scope, expr.T(value.Bool))
				if err != nil {
					c.fail(doc, p+"/required_when", err)
				}
				f.RequiredWhen = prog
			}
			if d := f.Def.Default; d != nil {
				switch {
				case d.Formula != "":
					prog, err := expr.Compile(d.Formula, scope)
					if err != nil {
						c.fail(doc, p+"/default/formula", err)
					}
					f.DefaultExpr = prog
				case len(d.Value) > 0:
					var raw any
					if json.Unmarshal(d.Value, &raw) == nil {
						if raw, err := decodeNumber(d.Value); err == nil {
							if _, err := f.Parse(raw, field.Env{}); err != nil {
								c.fail(doc, p+"/default/value", err)
							}
						}
					}
				}
			}
		}
		if e.Parent != nil {
			return
		}
		title := e.Def.Title
		if title == "" && len(e.Fields) > 0 {
			title = "{" + e.Fields[0].Key() + "}"
		}
		t, err := CompileTemplate(title, scope)
		if err != nil {
			c.fail(doc, "/title", err)
		}
		e.Title = t
		for i, ck := range e.Def.Checks {
			prog, err := expr.CompileAs(ck.When, c.m.RuleScope(e), expr.T(value.Bool))
			if err != nil {
				c.fail(doc, fmt.Sprintf("/checks/%d/when", i), err)
				continue
			}
			e.Checks = append(e.Checks, &CheckModel{ck, prog})
		}
	})
	// Volatility spreads: a formula over a volatile formula is volatile too.
	for changed := true; changed; {
		changed = false
		c.each(func(e *EntityModel, _, _ string) {
			for _, f := range e.Fields {
				if f.Formula != nil && f.Stored && f.Formula.Volatile() {
					f.Stored, f.Expr.Volatile, changed = false, true, true
					f.Storage = field.Virtual
				}
			}
		})
	}
}

func decodeNumber(raw []byte) (any, error) {
	return DecodeJSON(raw)
}

// Scope is what expressions over an entity may name.
func (m *Model) Scope(e *EntityModel) *expr.Scope {
	s := &expr.Scope{
		Entity: func(ref string) *expr.Entity {
			if x := m.byRef[ref]; x != nil {
				return x.Expr
			}
			return nil
		},
		Roots:    map[string]*expr.Entity{},
		Settings: m.SettingTypes(),
	}
	if e != nil {
		s.Roots["record"] = e.Expr
		if e.Parent != nil {
			s.Roots["parent"] = e.Parent.Expr
		}
	}
	return s
}

// RuleScope is Scope with the old record beside the new one.
func (m *Model) RuleScope(e *EntityModel) *expr.Scope {
	s := m.Scope(e)
	if e != nil {
		s.Roots["old"] = e.Expr
	}
	return s
}

// SettingTypes gives the types of the app's parameters.
func (m *Model) SettingTypes() map[string]expr.Type {
	out := map[string]expr.Type{}
	for _, p := range m.App.Info.Params {
		switch p.Type {
		case "number":
			out[p.Key] = expr.T(value.Number)
		case "boolean":
			out[p.Key] = expr.T(value.Bool)
		case "list":
			k := value.Text
			if v, err := DecodeJSON(p.Value); err == nil {
				if l, ok := v.([]any); ok && len(l) > 0 {
					if _, isNum := l[0].(json.Number); isNum {
						k = value.Number
					}
				}
			}
			out[p.Key] = expr.ListOf(k)
		default:
			out[p.Key] = expr.T(value.Text)
		}
	}
	return out
}

// order sorts the computed fields of each entity by dependency and collects
// the edges between entities. A circle across entities is a fault as well.
func (c *modeler) order() {
	deps := map[*FieldModel][]*FieldModel{}
	c.each(func(e *EntityModel, doc, path string) {
		for i, f := range e.Fields {
			p := fmt.Sprintf("%s/%d", path, i)
			switch {
			case f.Formula != nil:
				byLink := map[*FieldModel][]*FieldModel{}
				f.Formula.Reads(func(root string, hops []*expr.Field) {
					if len(hops) == 0 || root == "elem" {
						if root == "elem" && len(hops) > 0 {
							deps[f] = append(deps[f], c.byID(hops[0].ID)...)
						}
						return
					}
					on := e
					if root == "parent" {
						on = e.Parent
					}
					first := on.Field(hops[0].ID)
					deps[f] = append(deps[f], first)
					if len(hops) == 1 || first == nil {
						return
					}
					if first.Sub != nil {
						deps[f] = append(deps[f], first.Sub.Field(hops[1].ID))
						return
					}
					if len(hops) > 2 || root == "parent" || first.Link == nil || first.Target == nil {
						if f.Stored {
							c.fail(doc, p+"/options/expr", ErrHops.New())
						}
						return
					}
					src := first.Target.Field(hops[1].ID)
					deps[f] = append(deps[f], src)
					byLink[first] = append(byLink[first], src)
				})
				if f.Stored {
					for link, reads := range byLink {
						link.Target.Affects = append(link.Target.Affects, &Edge{Field: f, On: e, Link: link, Reads: reads})
					}
				}
			case f.Lookup != nil && f.Source != nil:
				deps[f] = append(deps[f], f.LinkField, f.Source)
				f.LinkField.Target.Affects = append(f.LinkField.Target.Affects, &Edge{Field: f, On: e, Link: f.LinkField, Reads: []*FieldModel{f.Source}})
			case f.Rollup != nil && f.Rel != nil:
				var reads []*FieldModel
				if f.Source != nil {
					reads = append(reads, f.Source)
				}
				if f.RollupFilter != nil {
					f.RollupFilter.Reads(func(_ string, hops []*expr.Field) {
						if len(hops) > 0 {
							if r := f.Rel.Field(hops[0].ID); r != nil {
								reads = append(reads, r)
							}
						}
					})
				}
				deps[f] = append(deps[f], reads...)
				if f.Via != nil {
					f.Rel.Affects = append(f.Rel.Affects, &Edge{Field: f, On: e, Via: f.Via, Reads: reads})
				}
			}
		}
	})
	state := map[*FieldModel]int{}
	var stack []string
	var visit func(f *FieldModel) bool
	visit = func(f *FieldModel) bool {
		if f == nil || state[f] == 2 {
			return true
		}
		if state[f] == 1 {
			c.fail(f.docID(), "", ErrCycle.With("path", join(append(stack, f.Key()))))
			return false
		}
		state[f] = 1
		stack = append(stack, f.Key())
		for _, d := range deps[f] {
			if !visit(d) {
				break
			}
		}
		stack = stack[:len(stack)-1]
		state[f] = 2
		if f.Entity != nil && (f.Formula != nil || f.Lookup != nil || f.Rollup != nil) {
			f.Entity.Computed = append(f.Entity.Computed, f)
		}
		return true
	}
	c.each(func(e *EntityModel, _, _ string) {
		for _, f := range e.Fields {
			visit(f)
		}
	})
	for f := range deps {
		f.Origins = origins(f, deps)
	}
}

// origins follows dependencies down to fields that are not computed.
func origins(f *FieldModel, deps map[*FieldModel][]*FieldModel) []*FieldModel {
	var out []*FieldModel
	seen := map[*FieldModel]bool{f: true}
	var follow func(l []*FieldModel)
	follow = func(l []*FieldModel) {
		for _, d := range l {
			if d == nil || seen[d] {
				continue
			}
			seen[d] = true
			if below, computed := deps[d]; computed {
				follow(below)
			} else {
				out = append(out, d)
			}
		}
	}
	follow(deps[f])
	return out
}

func (f *FieldModel) docID() string {
	e := f.Entity
	for e.Parent != nil {
		e = e.Parent
	}
	return e.ID()
}

func (c *modeler) byID(id string) []*FieldModel {
	var out []*FieldModel
	c.each(func(e *EntityModel, _, _ string) {
		if f := e.Field(id); f != nil && !f.System {
			out = append(out, f)
		}
	})
	return out
}

func join(s []string) string {
	out := ""
	for i, x := range s {
		if i > 0 {
			out += " → "
		}
		out += x
	}
	return out
}

var triggerTypes = map[string]bool{"created": true, "updated": true, "created_or_updated": true, "deleted": true, "restored": true, "computed": true,
	"schedule": true, "date": true, "button": true, "webhook": true, "task_finished": true}

func (c *modeler) rules() {
	for _, d := range c.m.App.Rules {
		r := &RuleModel{Def: d, Fields: map[string]bool{}}
		if !triggerTypes[d.Trigger.Type] {
			c.fail(d.ID, "/trigger/type", ErrTrigger.With("ref", d.Trigger.Type))
			continue
		}
		if d.Mode != "" && d.Mode != "async" && d.Mode != "sync" && d.Mode != "validate" {
			c.fail(d.ID, "/mode", ErrMode.With("ref", d.Mode))
		}
		if d.Entity != "" || d.Trigger.Type != "schedule" && d.Trigger.Type != "webhook" {
			if r.Entity = c.m.byRef[d.Entity]; r.Entity == nil {
				c.fail(d.ID, "/entity", ErrNoEntity.With("ref", d.Entity))
				continue
			}
		}
		for i, ref := range d.Trigger.Fields {
			f := r.Entity.Field(ref)
			if f == nil {
				c.fail(d.ID, fmt.Sprintf("/trigger/fields/%d", i), ErrNoField.With("ref", ref))
				continue
			}
			r.Fields[f.ID()] = true
		}
		r.Scope = c.m.RuleScope(r.Entity)
		r.Scope.Vars = map[string]map[string]expr.Type{"trigger": {"outcome": expr.T(value.Text), "comment": expr.T(value.Text), "kind": expr.T(value.Text), "title": expr.T(value.Text),
			"completed_by": {Kind: value.Ref, Ref: "member"}}, "inputs": {}, "vars": {}, "webhook": {"body": expr.T(value.Object)}}
		if d.Trigger.Type == "webhook" {
			r.Scope.Vars["webhook"]["text"] = expr.T(value.Text)
		}
		if len(d.Trigger.Inputs) > 0 {
			in := &EntityModel{Def: &Entity{ID: d.ID, Key: d.Key, Fields: d.Trigger.Inputs}, App: c.m}
			c.fields(in, d.ID, "/trigger/inputs", d.Trigger.Inputs)
			for _, f := range in.Fields {
				if f.Link != nil {
					f.Target = c.m.byRef[f.Link.Entity]
				}
				x := exprField(f)
				r.Scope.Vars["inputs"][f.Key()] = x.TypeOf()
			}
			r.Inputs = in.Fields
		}
		if d.Condition != "" {
			prog, err := expr.CompileAs(d.Condition, r.Scope, expr.T(value.Bool))
			if err != nil {
				c.fail(d.ID, "/condition", err)
			} else {
				r.Pure, r.Guard = split(prog)
			}
		}
		if d.Trigger.Each != "" && r.Entity != nil {
			prog, err := expr.CompileAs(d.Trigger.Each, c.m.Scope(r.Entity), expr.T(value.Bool))
			if err != nil {
				c.fail(d.ID, "/trigger/each", err)
			}
			r.Each = prog
		}
		if d.Trigger.Type == "date" && r.Entity.Field(d.Trigger.Field) == nil {
			c.fail(d.ID, "/trigger/field", ErrNoField.With("ref", d.Trigger.Field))
		}
		c.m.Rules = append(c.m.Rules, r)
		c.m.rules[d.ID], c.m.rules[d.Key] = r, r
		if r.Entity != nil {
			r.Entity.Rules = append(r.Entity.Rules, r)
		}
	}
}

// split separates a condition into the conjuncts that need no query and those
// that do (decision 22). The whole is kept for explanations by the pure half.
func split(p *expr.Program) (pure, guard *expr.Program) {
	if !p.Queries() {
		return p, nil
	}
	return p.Split()
}

// grantOps are the operations of grants, in the order of the matrix of rights.
var grantOps = []string{"create", "read", "update", "delete", "import", "export"}

var opWords = map[string]Text{
	"create": {ZH: "新增", EN: "create"}, "read": {ZH: "查看", EN: "see"}, "update": {ZH: "修改", EN: "change"},
	"delete": {ZH: "删除", EN: "delete"}, "import": {ZH: "导入", EN: "import"}, "export": {ZH: "导出", EN: "export"},
}

// OpName is an operation as sentences name it; one that grants do not know is
// named by its key.
func OpName(op string) Text {
	if t, ok := opWords[op]; ok {
		return t
	}
	return plainText(op)
}

func (c *modeler) roles() {
	for _, d := range c.m.App.Roles {
		r := &RoleModel{Def: d, Grants: map[string]*GrantModel{}}
		for i, g := range d.Grants {
			p := fmt.Sprintf("/grants/%d", i)
			e := c.m.byRef[g.Entity]
			if e == nil {
				c.fail(d.ID, p+"/entity", ErrNoEntity.With("ref", g.Entity))
				continue
			}
			gm := &GrantModel{Def: g, Ops: map[string]bool{}, Rules: map[string]*FieldRuleModel{}}
			for _, op := range g.Ops {
				if !slices.Contains(grantOps, op) {
					c.fail(d.ID, p+"/ops", ErrOp.With("ref", op))
				}
				gm.Ops[op] = true
			}
			if g.Filter != "" {
				prog, err := expr.CompileAs(g.Filter, c.m.Scope(e), expr.T(value.Bool))
				if err != nil {
					c.fail(d.ID, p+"/filter", err)
				}
				gm.Filter = prog
			}
			for j, fr := range g.Fields {
				f := e.Field(fr.Field)
				if f == nil {
					c.fail(d.ID, fmt.Sprintf("%s/fields/%d", p, j), ErrNoField.With("ref", fr.Field))
					continue
				}
				m := &FieldRuleModel{Def: fr}
				if fr.When != "" {
					prog, err := expr.CompileAs(fr.When, c.m.Scope(e), expr.T(value.Bool))
					if err != nil {
						c.fail(d.ID, fmt.Sprintf("%s/fields/%d/when", p, j), err)
					}
					m.When = prog
				}
				gm.Rules[f.ID()] = m
			}
			gm.Role = r
			r.Grants[e.ID()] = gm
		}
		c.m.Roles = append(c.m.Roles, r)
	}
}

// references checks that forms, views, dashboards and the menu name existing things.
func (c *modeler) references() {
	app := c.m.App
	need := func(doc, path string, e *EntityModel, ref string) {
		if ref != "" && e != nil && e.Field(ref) == nil {
			c.fail(doc, path, ErrNoField.With("ref", ref))
		}
	}
	for _, f := range app.Forms {
		e := c.m.byRef[f.Entity]
		if e == nil {
			c.fail(f.ID, "/entity", ErrNoEntity.With("ref", f.Entity))
			continue
		}
		var walk func(path string, nodes []*Node)
		walk = func(path string, nodes []*Node) {
			for i, n := range nodes {
				p := fmt.Sprintf("%s/%d", path, i)
				need(f.ID, p+"/field", e, n.Field)
				walk(p+"/items", n.Items)
				for j, t := range n.Tabs {
					walk(fmt.Sprintf("%s/tabs/%d/items", p, j), t.Items)
				}
			}
		}
		walk("/layout", f.Layout)
		for i, r := range f.Rules {
			if _, err := expr.CompileAs(r.When, c.m.Scope(e), expr.T(value.Bool)); err != nil {
				c.fail(f.ID, fmt.Sprintf("/rules/%d/when", i), err)
			}
		}
	}
	for _, v := range app.Views {
		e := c.m.byRef[v.Entity]
		if e == nil {
			c.fail(v.ID, "/entity", ErrNoEntity.With("ref", v.Entity))
			continue
		}
		if v.Config.Filter != "" {
			if _, err := expr.CompileAs(v.Config.Filter, c.m.Scope(e), expr.T(value.Bool)); err != nil {
				c.fail(v.ID, "/config/filter", err)
			}
		}
		for i, x := range v.Config.Columns {
			need(v.ID, fmt.Sprintf("/config/columns/%d/field", i), e, x.Field)
		}
		for i, x := range v.Config.Sort {
			need(v.ID, fmt.Sprintf("/config/sort/%d/field", i), e, x.Field)
		}
		for _, ref := range []string{v.Config.GroupBy, v.Config.Start, v.Config.End, v.Config.Sum, v.Config.ColorBy} {
			need(v.ID, "/config", e, ref)
		}
	}
	var menu func(path string, items []*MenuItem)
	menu = func(path string, items []*MenuItem) {
		for i, m := range items {
			p := fmt.Sprintf("%s/%d", path, i)
			if m.Entity != "" && c.m.byRef[m.Entity] == nil {
				c.fail(app.Info.ID, p+"/entity", ErrNoEntity.With("ref", m.Entity))
			}
			menu(p+"/items", m.Items)
		}
	}
	menu("/menu", app.Info.Menu)
}

// Unfinished finds what no longer may be published though it runs: related lists
// that lead nowhere, which show nothing. Compile leaves them alone, so that a
// version which was published with one still loads.
func (m *Model) Unfinished() fault.List {
	c := &modeler{m: m}
	for _, f := range m.App.Forms {
		e := m.byRef[f.Entity]
		if e == nil {
			continue
		}
		var walk func(path string, nodes []*Node)
		walk = func(path string, nodes []*Node) {
			for i, n := range nodes {
				p := fmt.Sprintf("%s/%d", path, i)
				if n.Type == "related" {
					c.related(f.ID, p, e, n)
				}
				walk(p+"/items", n.Items)
				for j, t := range n.Tabs {
					walk(fmt.Sprintf("%s/tabs/%d/items", p, j), t.Items)
				}
			}
		}
		walk("/layout", f.Layout)
	}
	return c.faults
}

// related checks that a related list names records that link to e.
func (c *modeler) related(doc, path string, e *EntityModel, n *Node) {
	if n.Entity == "" || n.Via == "" {
		c.fail(doc, path+"/entity", ErrRelated.New())
		return
	}
	rel := c.m.byRef[n.Entity]
	if rel == nil {
		c.fail(doc, path+"/entity", ErrNoEntity.With("ref", n.Entity))
		return
	}
	switch via := rel.Field(n.Via); {
	case via == nil:
		c.fail(doc, path+"/via", ErrNoField.With("ref", n.Via))
	case via.Target != e:
		c.fail(doc, path+"/via", ErrNotLink.With("ref", n.Via))
	}
}

// Nearest returns the key of the entity that is closest to a misspelt one, ""
// when none is close.
func Nearest(key string, e *EntityModel) string { return expr.Nearest(key, e.Expr) }

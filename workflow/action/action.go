// Package action holds what automations can do: one part per file.
//
// An action is declared with its options' JSON Schema (the rule editor draws
// its panel from it) and bound once per rule version: expressions are compiled
// and typed then, so a broken step is a publish fault and not a surprise at
// night. Running an action changes records only through the session it is
// given, so its effect and the run's checkpoint commit together. Effects
// outside (HTTP, robots) belong to actions marked External, which run between
// transactions with an idempotency key.
//
// The package starts nothing by itself and never looks at run rows.
//
// To add an action: x.go with `var _ = Define(Spec[xOptions]{…})`; labels and
// help in both languages, options schema, examples.
package action

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tenon/engine"
	"tenon/engine/record"
	"tenon/schema"
	"tenon/schema/catalog"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Spec declares an action whose options decode into O.
type Spec[O any] struct {
	Name, Group, Icon string
	Label, Help       catalog.Label
	Options           json.RawMessage // JSON Schema
	External          bool            // has effects outside the database
	Control           bool            // interpreted by the run itself: branch, loop, wait, stop
	Validate          bool            // may be used in rules of mode validate
	Bind              func(b *Binder, o O) (Runner, error)
}

// Skipped is the output of an action that found nothing to do: the log names
// the step as skipped, with the reason.
type Skipped struct {
	Reason string `json:"reason"` // nobody, no_record
}

// Runner is a bound action.
type Runner interface {
	// Run does it. The output is logged; a fault of kind Transient is retried,
	// any other ends the run.
	Run(c *Ctx) (output any, err error)
}

// RunnerFunc makes a function a Runner.
type RunnerFunc func(c *Ctx) (any, error)

// Run calls f.
func (f RunnerFunc) Run(c *Ctx) (any, error) { return f(c) }

// Write says what a step does to records of an entity, for what has to know it
// before anything runs.
type Write struct {
	Entity *schema.EntityModel
	Op     string // create, update, delete
	Own    bool   // of the record that set the rule off
	Values []Assign
	// Once: done again with the same values it changes nothing more.
	Once bool
}

// Writer is a runner that writes records.
type Writer interface {
	Runner
	Writes() []Write
}

type writing struct {
	RunnerFunc
	writes []Write
}

func (w writing) Writes() []Write { return w.writes }

// Type is a registered action.
type Type interface {
	catalog.Part
	Bind(b *Binder, options json.RawMessage) (Runner, error)
	Facts() Facts
}

// Facts are what the interpreter asks of an action.
type Facts struct{ External, Control, Validate bool }

// Types is the registry of actions.
var Types = catalog.New[Type]("action")

type typ[O any] struct{ s Spec[O] }

// Define registers an action.
func Define[O any](s Spec[O]) Type { return Types.Register(&typ[O]{s}) }

func (t *typ[O]) Entry() catalog.Entry {
	return catalog.Entry{Name: t.s.Name, Group: t.s.Group, Icon: t.s.Icon, Label: t.s.Label, Help: t.s.Help, Options: t.s.Options, Version: 1,
		Extra: map[string]any{"external": t.s.External, "control": t.s.Control, "validate": t.s.Validate}}
}

func (t *typ[O]) Facts() Facts { return Facts{t.s.External, t.s.Control, t.s.Validate} }

func (t *typ[O]) Bind(b *Binder, options json.RawMessage) (Runner, error) {
	if len(options) == 0 {
		options = json.RawMessage("{}")
	}
	if err := Types.CheckOptions(t.s.Name, options); err != nil {
		return nil, err
	}
	var o O
	if err := json.Unmarshal(options, &o); err != nil {
		return nil, catalog.ErrNotJSON.New().Because(err)
	}
	return t.s.Bind(b, o)
}

// Ctx is what a running action has at hand.
type Ctx struct {
	Ctx    context.Context
	Engine *engine.Engine
	S      *record.Session // nil for external actions
	App    string
	Space  string // workspace
	Rule   *schema.RuleModel
	Run    string // run id; "" in rehearsals without one
	Path   string // path of the step, with loop items: the effect key's tail
	Record *record.Record
	Old    *record.Record
	Env    *expr.Env
	Names  func(ids []string) map[string]string
	// Set collects field values in validate mode, where nothing is saved yet.
	Set map[string]value.Value
	// Say collects what a button answers and what a rehearsal would send.
	Say func(m Message)
	// Remember names a record for later steps.
	Remember func(as string, r *record.Record)
	// Tried notes what the step works with, for the log should it fail.
	Tried    func(what string, v any)
	Rehearse bool
	Deliver  *Delivery
}

// Message is something shown to or sent to people.
type Message struct {
	Channel string   `json:"channel"` // answer, notify, email, robot, http, task
	To      []string `json:"to,omitempty"`
	Title   string   `json:"title,omitempty"`
	Text    string   `json:"text,omitempty"`
	Open    string   `json:"open,omitempty"` // record id to open after a button
	Entity  string   `json:"entity,omitempty"`
}

// EffectKey identifies an effect of this step: the same key never takes effect twice.
func (c *Ctx) EffectKey(part string) string {
	k := c.Run + "." + c.Path
	if part != "" {
		k += "." + part
	}
	return k
}

// Delivery reaches the world outside; see deliver.go.
type Delivery struct {
	Do  func(ctx context.Context, r *Request) (*Response, error)
	Now func() time.Time
	// Secret opens a secret that a workspace keeps; see Send.
	Secret func(ctx context.Context, workspace, name string) (string, error)
}

// Request is an outgoing HTTP call.
type Request struct {
	Method, URL    string
	Header         map[string]string
	Body           []byte
	IdempotencyKey string
	Timeout        time.Duration
}

// Response is what came back.
type Response struct {
	Status int               `json:"status"`
	Header map[string]string `json:"header,omitempty"`
	Body   string            `json:"body,omitempty"`
}

// Binder compiles a step's options against the rule's version.
type Binder struct {
	Model *schema.Model
	Rule  *schema.RuleModel
	Scope *expr.Scope
}

// Entity finds an entity by id or key.
func (b *Binder) Entity(path, ref string) (*schema.EntityModel, error) {
	e := b.Model.Entity(ref)
	if e == nil {
		return nil, schema.ErrNoEntity.At(path).With("ref", ref)
	}
	return e, nil
}

// With returns a binder whose scope has another root, such as `it`.
func (b *Binder) With(root string, e *schema.EntityModel) *Binder {
	c := *b
	s := *b.Scope
	s.Roots = map[string]*expr.Entity{root: e.Expr}
	for k, v := range b.Scope.Roots {
		if k != root {
			s.Roots[k] = v
		}
	}
	c.Scope = &s
	return &c
}

// Var declares a record variable that later steps may name.
func (b *Binder) Var(name string, e *schema.EntityModel) {
	vars := map[string]expr.Type{}
	for k, v := range b.Scope.Vars["vars"] {
		vars[k] = v
	}
	vars[name] = expr.Type{Kind: value.Ref, Ref: e.ID(), Entity: e.Expr, Row: true}
	s := *b.Scope
	s.Vars = map[string]map[string]expr.Type{}
	for k, v := range b.Scope.Vars {
		s.Vars[k] = v
	}
	s.Vars["vars"] = vars
	b.Scope = &s
}

// Expr compiles an expression; blank gives nil.
func (b *Binder) Expr(path, src string) (*expr.Program, error) {
	if src == "" {
		return nil, nil
	}
	p, err := expr.Compile(src, b.Scope)
	return p, at(path, err)
}

// Cond compiles a condition; blank gives nil.
func (b *Binder) Cond(path, src string) (*expr.Program, error) {
	if src == "" {
		return nil, nil
	}
	p, err := expr.CompileAs(src, b.Scope, expr.T(value.Bool))
	return p, at(path, err)
}

// Template compiles a text with {expressions}.
func (b *Binder) Template(path, src string) (*schema.Template, error) {
	t, err := schema.CompileTemplate(src, b.Scope)
	return t, at(path, err)
}

func at(path string, err error) error {
	if err == nil {
		return nil
	}
	var l fault.List
	l.AddUnder(path, err)
	return l.Err()
}

// Assign is one field with the expression that gives its value.
type Assign struct {
	Field *schema.FieldModel
	Value *expr.Program
}

// Set compiles {field: expression} for an entity, in field order.
func (b *Binder) Set(path string, e *schema.EntityModel, set map[string]string) ([]Assign, error) {
	var l fault.List
	var out []Assign
	for ref, src := range set {
		f := e.Field(ref)
		if f == nil {
			l = append(l, schema.ErrNoField.At(path+"/"+ref).With("ref", ref))
			continue
		}
		if f.Traits.Computed || f.System && f.Key() != "owner" {
			l = append(l, record.ErrComputed.At(path+"/"+ref).With("field", f.Def.Name))
			continue
		}
		p, err := expr.Compile(src, b.Scope)
		if err != nil {
			l.AddUnder(path+"/"+ref, err)
			continue
		}
		out = append(out, Assign{f, p})
	}
	for i := 1; i < len(out); i++ {
		for j := i; j > 0 && out[j].Field.Ord < out[j-1].Field.Ord; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out, l.Err()
}

// Values computes assignments in an environment, by field id. A field that the
// current version no longer has fails the run visibly.
func Values(c *Ctx, set []Assign, env *expr.Env) (map[string]value.Value, error) {
	out, shown := map[string]value.Value{}, map[string]value.Value{}
	var l fault.List
	var seen []expr.Seen
	for _, a := range set {
		v, err := a.Value.Eval(env)
		if err != nil {
			l.AddUnder(a.Field.Key(), err)
			seen = append(seen, a.Value.Explain(env)...)
			continue
		}
		shown[a.Field.Key()] = v
		if v, err = c.S.Fit(a.Field, v); err != nil {
			l.Add(err)
			continue
		}
		out[a.Field.ID()] = v
	}
	c.Tried("values", shown)
	if len(seen) > 0 {
		c.Tried("condition", seen)
	}
	return out, l.Err()
}

func (c *Ctx) workspaceLocale() string {
	if c.S == nil || c.S.Snap.Locale == "" {
		return "zh-CN"
	}
	return c.S.Snap.Locale
}

// Text renders a template for people, in the language of the workspace.
func (c *Ctx) Text(t *schema.Template) (string, error) { return c.text(t, c.workspaceLocale()) }

// text renders a template for people: labels, names, local times.
func (c *Ctx) text(t *schema.Template, locale string) (string, error) {
	if t == nil {
		return "", nil
	}
	return t.Render(c.Env, func(n *expr.Node, v value.Value) string {
		fe := field.Env{Zone: c.Env.Zone, Locale: locale, Name: func(_, id string) string { return id }}
		if c.S != nil {
			fe = c.S.FieldEnv()
			fe.Locale = locale
			fe.Name = func(_, id string) string {
				if c.Names == nil {
					return id
				}
				return c.Names([]string{id})[id]
			}
		}
		if e := c.entityOf(n); e != nil {
			return engine.FormatNode(e, n, v, fe)
		}
		if (v.Kind() == value.Ref || v.Kind() == value.List && n.Type.Elem == value.Ref) && c.Names != nil {
			ids := []string{v.Text()}
			if v.Kind() == value.List {
				ids = ids[:0]
				for _, x := range v.List() {
					ids = append(ids, x.Text())
				}
			}
			names := c.Names(ids)
			s := ""
			for i, id := range ids {
				if i > 0 {
					s += schema.Text{ZH: "、", EN: ", "}.In(locale)
				}
				s += names[id]
			}
			return s
		}
		switch v.Kind() {
		case value.Time:
			return v.Time().In(fe.Location()).Format("2006-01-02 15:04")
		case value.Bool:
			if v.Bool() {
				return schema.Text{ZH: "是", EN: "yes"}.In(locale)
			}
			return schema.Text{ZH: "否", EN: "no"}.In(locale)
		}
		return v.String()
	})
}

// entityOf finds the entity whose fields a template node names.
func (c *Ctx) entityOf(n *expr.Node) *schema.EntityModel {
	if n.Op != expr.OpField || len(n.Path) == 0 {
		return nil
	}
	switch n.Root {
	case "record", "old":
		return c.Rule.Entity
	}
	return nil
}

// Members evaluates an expression to ids of people, departments or roles and
// expands them to active members.
func (c *Ctx) Members(p *expr.Program) ([]string, error) {
	if p == nil {
		return nil, nil
	}
	v, err := p.Eval(c.Env)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, x := range listOf(v) {
		if s := x.Text(); s != "" {
			ids = append(ids, s)
		}
	}
	return c.Expand(ids)
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

// Faults of actions.
var (
	ErrNoRecord  = fault.Define(fault.Invalid, "action.no_record", "步骤需要一条记录，但没有找到", "the step needs a record and found none")
	ErrNoMembers = fault.Define(fault.Invalid, "action.no_members", "没有可以分配的成员", "there is no member to assign to")
	ErrRefused   = fault.Define(fault.Invalid, "action.refused", "{message}", "{message}")
	ErrDeclined  = fault.Define(fault.Conflict, "action.declined", "{message}", "{message}")
	ErrDuration  = fault.Define(fault.Invalid, "action.duration", "时长“{text}”无效：用 30m、2h、3d、1w", "the duration \"{text}\" is not valid: use 30m, 2h, 3d, 1w")
)

// ParseDuration reads 30m, 2h, 3d, 1w with an optional sign.
func ParseDuration(s string) (time.Duration, error) {
	var n int
	var unit string
	if _, err := fmt.Sscanf(s, "%d%s", &n, &unit); err != nil || n > 100000 || n < -100000 {
		return 0, ErrDuration.With("text", s)
	}
	u, ok := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}[unit]
	if !ok {
		return 0, ErrDuration.With("text", s)
	}
	return time.Duration(n) * u, nil
}

func label(zh, en string) catalog.Label { return catalog.Label{ZH: zh, EN: en} }

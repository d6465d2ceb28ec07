package engine

import (
	"context"
	"encoding/json"
	"slices"

	"tenon/engine/access"
	"tenon/engine/record"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Runtime is a published app as one actor may use it: what the runtime UI
// draws itself from.
type Runtime struct {
	App        schema.Info            `json:"app"`
	AppID      string                 `json:"app_id"`
	Version    int                    `json:"version"`
	Light      bool                   `json:"light"`
	Me         RuntimeMe              `json:"me"`
	Entities   []RuntimeEntity        `json:"entities"`
	Forms      []*schema.Form         `json:"forms"`
	Views      []*schema.View         `json:"views"`
	Dashboards []*schema.Dashboard    `json:"dashboards"`
	Buttons    []RuntimeButton        `json:"buttons"`
	Params     map[string]value.Value `json:"params"`
	Trees      map[string]*expr.Node  `json:"trees"`
	TimeZone   string                 `json:"time_zone"`
}

// RuntimeMe is the caller within the app.
type RuntimeMe struct {
	MemberID    string   `json:"member_id"`
	Admin       bool     `json:"admin"`
	Roles       []string `json:"roles"`
	Departments []string `json:"departments"`
}

// RuntimeEntity is an entity with what the caller may do.
type RuntimeEntity struct {
	ID        string          `json:"id"`
	Key       string          `json:"key"`
	Name      schema.Text     `json:"name"`
	Icon      string          `json:"icon,omitempty"`
	Hue       string          `json:"hue,omitempty" enum:"gray red orange amber lime green jade cyan blue indigo violet pink"`
	Title     string          `json:"title"`
	Subtitle  []string        `json:"subtitle,omitempty"`
	OwnerName schema.Text     `json:"owner_name,omitzero"`
	Help      schema.Text     `json:"help,omitzero"`
	Ops       []string        `json:"ops" enum:"create read update delete import export"`
	Fields    []RuntimeField  `json:"fields"`
	Checks    []*schema.Check `json:"checks,omitempty"`
	Comments  *bool           `json:"comments,omitempty"`
}

// RuntimeField is a field with its kind and what the caller may do with it.
type RuntimeField struct {
	*schema.Field
	Fields   []RuntimeField `json:"fields,omitempty"`
	Kind     string         `json:"kind"`
	Elem     string         `json:"elem,omitempty"`
	Traits   field.Traits   `json:"traits"`
	Readable bool           `json:"readable"`
	Writable bool           `json:"writable"`
	Masked   bool           `json:"masked,omitempty"`
	Link     *RuntimeLink   `json:"link,omitempty"`
	Choices  []field.Choice `json:"choices,omitempty"`
}

// RuntimeLink says what a field points to.
type RuntimeLink struct {
	Entity string `json:"entity"`
	Many   bool   `json:"many"`
}

// RuntimeButton is a button rule without its steps.
type RuntimeButton struct {
	ID      string         `json:"id"`
	Key     string         `json:"key"`
	Name    schema.Text    `json:"name"`
	Entity  string         `json:"entity"`
	Trigger schema.Trigger `json:"trigger"`
	When    string         `json:"condition,omitempty"`
}

var entityOps = []string{"create", "read", "update", "delete", "import", "export"}

// Runtime returns the app as the actor may use it. Definitions that would tell
// of what the actor may not see are left out.
func (e *Engine) Runtime(ctx context.Context, actor *access.Actor, appID string) (*Runtime, error) {
	s, err := e.reader(ctx, actor, appID)
	if err != nil {
		return nil, err
	}
	snap := s.Snap
	out := &Runtime{App: snap.App.Info, AppID: appID, Version: snap.Version, Light: snap.Light, Params: map[string]value.Value{}, Trees: map[string]*expr.Node{}, TimeZone: snap.Zone.String(),
		Me:       RuntimeMe{MemberID: actor.Member, Admin: s.Rights.Full(), Roles: append([]string{}, actor.Roles...), Departments: append([]string{}, actor.Departments...)},
		Entities: []RuntimeEntity{}, Forms: []*schema.Form{}, Views: []*schema.View{}, Dashboards: snap.App.Dashboards, Buttons: []RuntimeButton{}}
	for k, v := range snap.Settings {
		out.Params[k] = v
	}
	visible := map[string]bool{}
	for _, ent := range snap.Entities {
		r := s.Rights.On(ent)
		x := RuntimeEntity{ID: ent.ID(), Key: ent.Key(), Name: ent.Def.Name, Icon: ent.Def.Icon, Hue: ent.Def.Hue, Title: ent.Def.Title, Subtitle: ent.Def.Subtitle, OwnerName: ent.Def.OwnerName,
			Help: ent.Def.Help, Checks: ent.Def.Checks, Comments: ent.Def.Comments, Ops: []string{}}
		for _, op := range entityOps {
			if r.Can(op) || op == "import" && r.Full || op == "export" && r.Full {
				x.Ops = append(x.Ops, op)
			}
		}
		if len(x.Ops) == 0 {
			continue
		}
		visible[ent.ID()] = true
		for _, f := range ent.Fields {
			y := e.runtimeField(r, f)
			if !y.Readable && !y.Writable {
				continue
			}
			x.Fields = append(x.Fields, y)
		}
		out.Entities = append(out.Entities, x)
		e.trees(out, r, ent)
	}
	for _, f := range snap.App.Forms {
		if visible[f.Entity] {
			out.Forms = append(out.Forms, f)
			ent := snap.Entity(f.Entity)
			for _, dr := range f.Rules {
				e.tree(out, s.Rights.On(ent), ent, "rule:"+dr.ID, dr.When, snap.Model.Scope(ent))
			}
		}
	}
	for _, v := range snap.App.Views {
		if visible[v.Entity] {
			out.Views = append(out.Views, v)
		}
	}
	for _, rule := range snap.Rules {
		if rule.Def.Trigger.Type != "button" || rule.Entity == nil || !visible[rule.Entity.ID()] || snap.RuleOff[rule.Def.ID] || !mayPress(actor, s, rule) {
			continue
		}
		out.Buttons = append(out.Buttons, RuntimeButton{ID: rule.Def.ID, Key: rule.Def.Key, Name: rule.Def.Name, Entity: rule.Entity.ID(), Trigger: rule.Def.Trigger, When: rule.Def.Condition})
		e.tree(out, s.Rights.On(rule.Entity), rule.Entity, "button:"+rule.Def.ID, rule.Def.Condition, rule.Scope)
	}
	place := map[string]int{"first": -1, "last": 1}
	slices.SortStableFunc(out.Buttons, func(a, b RuntimeButton) int { return place[a.Trigger.Place] - place[b.Trigger.Place] })
	return out, nil
}

func mayPress(a *access.Actor, s *record.Session, r *schema.RuleModel) bool {
	if s.Rights.Full() || len(r.Def.Trigger.Roles) == 0 {
		return true
	}
	for _, want := range r.Def.Trigger.Roles {
		for _, have := range a.Roles {
			if want == have {
				return true
			}
		}
	}
	return false
}

func (e *Engine) runtimeField(r *access.Entity, f *schema.FieldModel) RuntimeField {
	y := RuntimeField{Field: f.Def, Kind: f.Kind.String(), Traits: f.Traits, Readable: r.Readable(f), Choices: f.Choices}
	if f.Kind == value.List {
		y.Elem = f.Elem.String()
	}
	if f.Target != nil {
		y.Link = &RuntimeLink{Entity: f.Target.ID(), Many: f.Kind == value.List}
	}
	level, same := r.Always(f)
	y.Masked = !same || level == access.Partial
	y.Writable = !f.Traits.Computed && !f.Traits.Generated && mayWrite(r, f)
	if f.Sub != nil {
		for _, c := range f.Sub.Fields {
			z := RuntimeField{Field: c.Def, Kind: c.Kind.String(), Traits: c.Traits, Readable: y.Readable, Writable: y.Writable && !c.Traits.Computed, Choices: c.Choices}
			if c.Kind == value.List {
				z.Elem = c.Elem.String()
			}
			if c.Target != nil {
				z.Link = &RuntimeLink{Entity: c.Target.ID(), Many: c.Kind == value.List}
			}
			y.Fields = append(y.Fields, z)
		}
	}
	return y
}

// mayWrite reports whether the field may be written on some record.
func mayWrite(r *access.Entity, f *schema.FieldModel) bool {
	if r.Full {
		return true
	}
	for _, op := range []string{"create", "update"} {
		for _, g := range r.With(op) {
			_, ruled, when, free := access.Of(g, f)
			if g.Rules[f.ID()] == nil && ruled == access.Shown || when != nil || free && ruled == access.Shown {
				return true
			}
		}
	}
	return false
}

// trees adds the expressions of an entity that the browser may evaluate.
func (e *Engine) trees(out *Runtime, r *access.Entity, ent *schema.EntityModel) {
	add := func(key string, p *expr.Program) {
		if p != nil && clientSafe(r, ent, p) {
			out.Trees[key] = p.Root
		}
	}
	each := func(fields []*schema.FieldModel) {
		for _, f := range fields {
			add("formula:"+f.ID(), f.Formula)
			add("required:"+f.ID(), f.RequiredWhen)
			add("default:"+f.ID(), f.DefaultExpr)
			add("filter:"+f.ID(), f.PickFilter)
		}
	}
	each(ent.Fields)
	for _, f := range ent.Fields {
		if f.Sub != nil {
			each(f.Sub.Fields)
		}
	}
	for _, c := range ent.Checks {
		add("check:"+c.Def.ID, c.When)
	}
}

func (e *Engine) tree(out *Runtime, r *access.Entity, ent *schema.EntityModel, key, src string, scope *expr.Scope) {
	if src == "" {
		return
	}
	p, err := expr.Compile(src, scope)
	if err == nil && clientSafe(r, ent, p) {
		out.Trees[key] = p.Root
	}
}

// clientSafe reports whether the browser may evaluate an expression: every
// input is visible to the caller on every row, and every function is known there.
func clientSafe(r *access.Entity, ent *schema.EntityModel, p *expr.Program) bool {
	if p.Queries() {
		return false
	}
	ok := true
	p.Root.Walk(func(n *expr.Node) {
		if n.Fn != nil && n.Fn.NoClient != "" {
			ok = false
		}
		if n.Op == expr.OpField && (n.Root == "record" || n.Root == "old") && len(n.Path) > 0 {
			f := ent.Field(n.Path[0].ID)
			if f == nil {
				return
			}
			if l, same := r.Always(f); !f.System && (!same || l != access.Shown) {
				ok = false
			}
			// What lies behind a link is another entity's to show.
			if len(n.Path) > 1 && f.Target != nil {
				ok = false
			}
		}
	})
	return ok
}

// EvaluateRequest asks for the computed values of a record being filled in.
type EvaluateRequest struct {
	ID     string // the record being edited; "" for a new one
	Values map[string]any
}

// Evaluate computes what saving the values would, without saving: defaults,
// formulas, lookups, and the faults that a save would have.
func (e *Engine) Evaluate(ctx context.Context, actor *access.Actor, appID, ref string, r EvaluateRequest) (map[string]value.Value, error, error) {
	var out map[string]value.Value
	var faults error
	err := e.Rehearse(ctx, appID, actor, record.Options{NoRules: true}, func(s *record.Session) error {
		ent := s.Snap.Entity(ref)
		if ent == nil {
			return ErrNoEntity.With("ref", ref)
		}
		op := "create"
		if r.ID != "" {
			op = "update"
		}
		if err := s.Rights.On(ent).Need(op); err != nil {
			return err
		}
		var was []*record.Record
		if r.ID != "" {
			var err error
			if was, err = s.Load(ent, []string{r.ID}, ""); err != nil {
				return err
			}
		}
		rec, ferr, err := s.Preview(record.Op{Kind: op, Entity: ent.ID(), ID: r.ID, Values: r.Values})
		if err != nil {
			return err
		}
		faults = ferr
		if rec != nil {
			out, err = s.Masked(rec, was...)
		}
		return err
	})
	return out, faults, err
}

// BulkRequest names records and what to do with them.
type BulkRequest struct {
	IDs    []string
	Filter string
	Search string
	Except []string
	Set    map[string]any
	Delete bool
}

// BulkResult says what a bulk operation did.
type BulkResult struct {
	Operation string `json:"operation"`
	Count     int    `json:"count"`
}

// Bulk changes or deletes many records as one operation that can be undone, in
// chunks of 200, each in a transaction of its own.
func (e *Engine) Bulk(ctx context.Context, actor *access.Actor, appID, ref string, r BulkRequest, label schema.Text) (*BulkResult, error) {
	out := &BulkResult{Operation: e.NewID()}
	after := ""
	for {
		n := 0
		err := e.Run(ctx, appID, actor, record.Options{Operation: out.Operation, Kind: "bulk", Label: label}, func(s *record.Session) error {
			ent := s.Snap.Entity(ref)
			if ent == nil {
				return ErrNoEntity.With("ref", ref)
			}
			verb := "update"
			if r.Delete {
				verb = "delete"
			}
			if err := s.Rights.On(ent).Need(verb); err != nil {
				return err
			}
			ids, err := s.Select(ent, r.IDs, r.Filter, r.Search, r.Except, after, 200)
			if err != nil {
				return err
			}
			if n = len(ids); n == 0 {
				return nil
			}
			ops := make([]record.Op, n)
			for i, id := range ids {
				ops[i] = record.Op{Kind: verb, Entity: ent.ID(), ID: id, Values: r.Set}
			}
			if _, err := s.Apply(ops...); err != nil {
				return err
			}
			after = ids[n-1]
			return nil
		})
		if err != nil {
			return out, err
		}
		out.Count += n
		if n < 200 {
			return out, nil
		}
	}
}

// MarshalJSON keeps the field's own members beside the runtime's.
func (f RuntimeField) MarshalJSON() ([]byte, error) {
	type alias RuntimeField
	base, err := json.Marshal(f.Field)
	if err != nil {
		return nil, err
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(base, &m); err != nil {
		return nil, err
	}
	delete(m, "fields")
	a := alias(f)
	a.Field = nil
	more, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	var x map[string]json.RawMessage
	if err := json.Unmarshal(more, &x); err != nil {
		return nil, err
	}
	for k, v := range x {
		m[k] = v
	}
	return json.Marshal(m)
}

package api

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"tenon/engine"
	"tenon/engine/record"
	"tenon/schema"
	"tenon/schema/catalog"
	"tenon/schema/chart"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/field/geo"
	"tenon/schema/value"
	"tenon/schema/view"
)

type checkIn struct {
	inApp
	Entity string `json:"entity"`
	Column string `json:"column" doc:"a sub-form of the entity: the expression is about one of its rows"`
	Expr   string `json:"expr" need:"1"`
	Expect string `json:"expect" doc:"kind the result must have: bool number text date time"`
	Scope  string `json:"scope" doc:"record (default), rule, filter or role"`
	Rule   string `json:"rule" doc:"with scope rule: the draft rule whose inputs may be named"`
}

type exprFault struct {
	From    int    `json:"from"`
	To      int    `json:"to"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

type checkBody struct {
	Kind   string      `json:"kind"`
	Faults []exprFault `json:"faults"`
	Tree   any         `json:"tree,omitempty"`
}

type tryIn struct {
	inApp
	Entity   string         `json:"entity" need:"1"`
	Expr     string         `json:"expr" need:"1"`
	RecordID string         `json:"record_id"`
	Values   map[string]any `json:"values"`
}

type seenBody struct {
	Text  string      `json:"text"`
	Value value.Value `json:"value"`
}

type tryBody struct {
	Value value.Value `json:"value"`
	Steps []seenBody  `json:"steps"`
}

// expressionRoutes help people write expressions.
func (s *Server) expressionRoutes() {
	const tag = "expressions"
	Handle(s, "POST", "/api/v1/apps/{app}/expr/check", Doc{Who: InApp, Tag: tag, Summary: "Check an expression against the draft (builders) or the published app"}, s.checkExpr)
	Handle(s, "POST", "/api/v1/apps/{app}/expr/try", Doc{Who: Builder, Tag: tag, Summary: "The value of an expression, and of every part of it, on a record"}, s.tryExpr)
}

// drafts keeps the compiled draft of each app, for checking on every key press.
type drafts struct {
	mu   sync.Mutex
	apps map[string]draftModel
}

type draftModel struct {
	key   string
	model *schema.Model
}

// draftOf compiles an app's draft; a draft with faults still has a model that
// expressions can be checked against.
func (s *Server) draftOf(ctx context.Context, appID string) (*schema.Model, error) {
	app, docs, err := s.Engine.Defs.Draft(ctx, appID)
	if err != nil {
		return nil, err
	}
	var key strings.Builder
	for _, d := range docs {
		key.WriteString(d.ID + ":" + itoa(d.Rev) + ";")
	}
	s.drafts.mu.Lock()
	defer s.drafts.mu.Unlock()
	if m, ok := s.drafts.apps[appID]; ok && m.key == key.String() {
		return m.model, nil
	}
	model, _ := schema.Compile(app)
	if s.drafts.apps == nil || len(s.drafts.apps) > 50 {
		s.drafts.apps = map[string]draftModel{}
	}
	s.drafts.apps[appID] = draftModel{key.String(), model}
	return model, nil
}

func (s *Server) modelFor(ctx context.Context, c *Call) (*schema.Model, error) {
	builder := s.builds(ctx, c) == nil
	if builder {
		return s.draftOf(ctx, c.App.ID)
	}
	snap, err := s.Engine.Defs.At(ctx, c.App.ID)
	if err != nil {
		return nil, err
	}
	return snap.Model, nil
}

// kinds that an expression may be asked to have.
var expectKinds = map[string]expr.Type{"bool": expr.T(value.Bool), "number": expr.T(value.Number), "text": expr.T(value.Text), "date": expr.T(value.Date), "time": expr.T(value.Time)}

func (s *Server) checkExpr(ctx context.Context, c *Call, in checkIn) (checkBody, error) {
	m, err := s.modelFor(ctx, c)
	if err != nil {
		return checkBody{}, err
	}
	var ent *schema.EntityModel
	if in.Entity != "" {
		if ent = m.Entity(in.Entity); ent == nil {
			return checkBody{}, engine.ErrNoEntity.At("entity").With("ref", in.Entity)
		}
	}
	if in.Column != "" {
		sub := (*schema.FieldModel)(nil)
		if ent != nil {
			sub = ent.Field(in.Column)
		}
		if sub == nil || sub.Sub == nil {
			return checkBody{}, schema.ErrNoField.At("column").With("ref", in.Column)
		}
		ent = sub.Sub
	}
	scope := m.Scope(ent)
	if in.Scope == "rule" {
		scope = m.RuleScope(ent)
		if r := m.Rule(in.Rule); r != nil {
			scope = r.Scope
		}
	}
	out := checkBody{Faults: []exprFault{}}
	prog, err := expr.Compile(in.Expr, scope)
	if err == nil && in.Expect != "" {
		want, ok := expectKinds[in.Expect]
		if !ok {
			return checkBody{}, errPropType.At("expect").With("want", strings.Join(sortedKeys(expectKinds), ", "))
		}
		prog, err = expr.CompileAs(in.Expr, scope, want)
	}
	if err != nil {
		for _, f := range fault.Of(err) {
			if f.Kind == fault.Internal {
				return checkBody{}, err
			}
			f = localised(f, c.Locale)
			from, _ := f.Params["from"].(int)
			to, _ := f.Params["to"].(int)
			out.Faults = append(out.Faults, exprFault{from, to, f.Code, f.Text(c.Locale)})
		}
		return out, nil
	}
	out.Kind = prog.Type().Name()
	out.Tree = prog.Root
	return out, nil
}

// tryExpr evaluates on a record, or on the values of one that is not saved, in
// a transaction that leaves nothing behind.
func (s *Server) tryExpr(ctx context.Context, c *Call, in tryIn) (tryBody, error) {
	var out tryBody
	err := s.Engine.Rehearse(ctx, c.App.ID, c.Actor, record.Options{NoRules: true}, func(ses *record.Session) error {
		ent := ses.Snap.Entity(in.Entity)
		if ent == nil {
			return engine.ErrNoEntity.At("entity").With("ref", in.Entity)
		}
		prog, err := expr.Compile(in.Expr, ses.Snap.RuleScope(ent))
		if err != nil {
			return err
		}
		rec := record.New(ent)
		id := in.RecordID
		if in.Values != nil {
			op := record.Op{Kind: "create", Entity: ent.ID(), Values: in.Values}
			if id != "" {
				op.Kind, op.ID = "update", id
			}
			res, err := ses.Apply(op)
			if err != nil {
				return err
			}
			id = res[0].ID
		}
		if id != "" {
			recs, err := ses.Load(ent, []string{id}, "")
			if err != nil {
				return err
			}
			if len(recs) == 0 {
				return errNoRecord.At("record_id")
			}
			rec = recs[0]
		}
		env := ses.Env(rec, rec)
		if out.Value, err = prog.Eval(env); err != nil {
			return err
		}
		out.Steps = []seenBody{}
		for _, x := range prog.Explain(env) {
			out.Steps = append(out.Steps, seenBody{x.Text, x.Value})
		}
		return nil
	})
	return out, err
}

var errNoRecord = fault.Define(fault.NotFound, "expr.record", "记录不存在", "there is no such record")

// catalogRoutes publish what the product is made of.
func (s *Server) catalogRoutes() {
	body := sync.OnceValues(func() ([]byte, error) { return json.Marshal(s.catalog()) })
	Handle(s, "GET", "/api/v1/catalog", Doc{Who: Anyone, Tag: "catalog", Summary: "Every part: field, view and widget types, functions, actions", Returns: "application/json"},
		func(_ context.Context, c *Call, _ struct{}) (Raw, error) {
			b, err := body()
			c.Header("ETag", `"`+digestOf(b)+`"`)
			return Raw{Body: b}, err
		})
	places := `"` + digestOf(geo.JSON()) + `"`
	Handle(s, "GET", "/api/v1/geo/regions", Doc{Who: Anyone, Tag: "catalog", Summary: "Provinces, cities and districts that address fields know", Returns: "application/json"},
		func(_ context.Context, c *Call, _ struct{}) (Raw, error) {
			c.Header("ETag", places)
			return Raw{Body: geo.JSON()}, nil
		})
}

// catalog lists the parts of all registries.
func (s *Server) catalog() map[string][]catalog.Entry {
	out := map[string][]catalog.Entry{
		"fields": entries(field.Types.All()), "views": entries(view.Types.All()), "widgets": entries(chart.Types.All()), "functions": functions(),
	}
	for name, l := range s.Parts {
		out[name] = l
	}
	return out
}

func entries[T catalog.Part](parts []T) []catalog.Entry {
	out := make([]catalog.Entry, len(parts))
	for i, p := range parts {
		out[i] = p.Entry()
	}
	return out
}

func functions() []catalog.Entry {
	var out []catalog.Entry
	for _, f := range expr.All() {
		if f.Group == "operator" {
			continue
		}
		args := make([]map[string]any, len(f.Args))
		for i, a := range f.Args {
			kinds := make([]string, len(a.Kinds))
			for j, k := range a.Kinds {
				kinds[j] = k.String()
			}
			args[i] = map[string]any{"name": a.Name, "kinds": kinds, "optional": a.Optional, "variadic": a.Variadic}
		}
		out = append(out, catalog.Entry{Name: f.Name, Group: f.Group, Icon: "formula", Label: f.Label, Help: f.Help, Version: 1,
			Extra: map[string]any{"aliases": f.Aliases, "args": args, "examples": f.Examples, "volatile": f.Volatile}})
	}
	slices.SortFunc(out, func(a, b catalog.Entry) int {
		if c := strings.Compare(a.Group, b.Group); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}

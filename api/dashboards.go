package api

import (
	"context"
	"encoding/json"
	"time"

	"tenon/engine"
	"tenon/engine/query"
	"tenon/engine/record"
	"tenon/schema"
	"tenon/schema/chart"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/value"
)

var errWidget = fault.Define(fault.NotFound, "widget.unknown", "找不到这个组件", "there is no such widget")

type widgetIn struct {
	inApp
	Dashboard string         `path:"dashboard" doc:"id or key"`
	Widget    string         `path:"widget"`
	Filters   map[string]any `json:"filters" doc:"by id of the dashboard's filters: a value, a list, a period such as this_month, or {\"from\":…,\"to\":…}"`
	Cursor    string         `json:"cursor"`
}

// widgetColumn says what a column of the rows is.
type widgetColumn struct {
	As     string          `json:"as"`
	Field  string          `json:"field,omitempty"`
	Bucket string          `json:"bucket,omitempty"`
	Fn     string          `json:"fn,omitempty"`
	Label  json.RawMessage `json:"label,omitempty"`
}

type widgetQuery struct {
	Entity   string          `json:"entity"`
	Groups   []widgetColumn  `json:"groups,omitempty"`
	Measures []widgetColumn  `json:"measures,omitempty"`
	Rows     json.RawMessage `json:"rows,omitempty"`
	Records  json.RawMessage `json:"records,omitempty"`
	Next     string          `json:"next_cursor,omitempty"`
	Names    json.RawMessage `json:"_names,omitempty"`
}

type widgetBody struct {
	Source  string                 `json:"source"`
	Rows    json.RawMessage        `json:"rows"`
	Names   json.RawMessage        `json:"_names"`
	Queries map[string]widgetQuery `json:"queries"`
	Goal    *value.Value           `json:"goal,omitempty"`
	Tasks   []taskBody             `json:"tasks,omitempty"`
	Actions []string               `json:"actions,omitempty"`
	Order   []string               `json:"order,omitempty"`
	Text    json.RawMessage        `json:"text,omitempty"`
}

// dashboardRoutes give the data of widgets.
func (s *Server) dashboardRoutes() {
	Handle(s, "POST", "/api/v1/apps/{app}/dashboards/{dashboard}/widgets/{widget}/data",
		Doc{Who: InApp, Tag: "dashboards", Summary: "The data of one widget under the dashboard's filters"}, s.widgetData)
}

func (s *Server) widgetData(ctx context.Context, c *Call, in widgetIn) (widgetBody, error) {
	snap, err := s.Engine.Defs.At(ctx, c.App.ID)
	if err != nil {
		return widgetBody{}, err
	}
	board, w := findWidget(snap.App, in.Dashboard, in.Widget)
	if w == nil {
		return widgetBody{}, errWidget.New()
	}
	plan, err := chart.Bind(w.Type, w.Config)
	if err != nil {
		return widgetBody{}, err
	}
	out := widgetBody{Source: string(plan.Source), Rows: json.RawMessage("[]"), Names: json.RawMessage("{}"), Queries: map[string]widgetQuery{},
		Actions: plan.Actions, Order: plan.Order, Text: plan.Text}
	ses, err := s.Engine.Reader(ctx, c.Actor, c.App.ID)
	if err != nil {
		return out, err
	}
	queries := plan.Queries
	if plan.Source != chart.Aggregate && plan.Source != chart.Records {
		queries = nil
	}
	for _, q := range queries {
		ent := snap.Entity(q.Entity)
		if ent == nil {
			return out, engine.ErrNoEntity.With("ref", q.Entity)
		}
		filter, err := widgetFilter(board, ent, q, in.Filters, ses.Now.In(snap.Zone))
		if err != nil {
			return out, err
		}
		ans, err := s.widgetQuery(ctx, c, plan, ent, q, filter, in.Cursor)
		if err != nil {
			return out, err
		}
		out.Queries[q.Name] = ans
		if q.Name == "main" {
			if ans.Rows != nil {
				out.Rows, out.Names = ans.Rows, ans.Names
			} else if ans.Records != nil {
				out.Rows, out.Names = ans.Records, ans.Names
			}
		}
	}
	if plan.Goal != "" {
		v, err := appValue(ses, plan.Goal)
		if err != nil {
			return out, err
		}
		out.Goal = &v
	}
	if plan.Source == chart.Tasks {
		tab := "todo"
		if plan.Scope == "created" {
			tab = "created"
		}
		l, err := s.Desk.Tasks(ctx, []string{c.Actor.ID}, tab, 50)
		if err != nil {
			return out, err
		}
		tasks, err := s.taskList(ctx, c, l)
		if err != nil {
			return out, err
		}
		out.Tasks = tasks.Items
	}
	return out, nil
}

func findWidget(app *schema.App, board, id string) (*schema.Dashboard, *schema.Widget) {
	for _, d := range app.Dashboards {
		if d.ID != board && d.Key != board {
			continue
		}
		for _, w := range d.Widgets {
			if w.ID == id {
				return d, w
			}
		}
	}
	return nil, nil
}

// appValue evaluates an expression that is about no record.
func appValue(ses *record.Session, source string) (value.Value, error) {
	p, err := expr.Compile(source, ses.Snap.Scope(nil))
	if err != nil {
		return value.Value{}, err
	}
	return p.Eval(ses.Env(nil, nil))
}

// widgetFilter joins the widget's own condition, its period and the
// dashboard's filters.
func widgetFilter(board *schema.Dashboard, ent *schema.EntityModel, q chart.Query, given map[string]any, now time.Time) (string, error) {
	filter := q.Filter
	and := func(tree any) error {
		t, err := query.FilterText(tree, ent)
		filter = both(filter, t)
		return err
	}
	if q.Period != "" {
		field := q.DateField
		if field == "" {
			field = "created_at"
		}
		f := ent.Field(field)
		from, to, ok := chart.Range(q.Period, q.Previous, now)
		if f != nil && ok {
			if err := and(within(f, from, to)); err != nil {
				return "", err
			}
		}
	}
	for _, bf := range board.Filters {
		v, ok := given[bf.ID]
		if !ok || v == nil || v == "" {
			continue
		}
		f := ent.Field(bf.Fields[ent.ID()])
		if f == nil {
			continue // the filter is not about this entity
		}
		if err := and(boardCondition(f, v, now)); err != nil {
			return "", err
		}
	}
	return filter, nil
}

// within is a half-open span of days on a date or an instant.
func within(f *schema.FieldModel, from, to time.Time) any {
	text := func(t time.Time) any {
		if f.Kind == value.Date {
			return t.Format(time.DateOnly)
		}
		return t.UTC().Format(time.RFC3339)
	}
	return map[string]any{"and": []any{
		map[string]any{"field": f.Key(), "op": "gte", "value": text(from)},
		map[string]any{"field": f.Key(), "op": "lt", "value": text(to)}}}
}

// boardCondition is what a value of a dashboard's filter asks of a field.
func boardCondition(f *schema.FieldModel, v any, now time.Time) any {
	leaf := func(op string, v any) any { return map[string]any{"field": f.Key(), "op": op, "value": v} }
	dated := f.Kind == value.Date || f.Kind == value.Time
	switch v := v.(type) {
	case []any:
		if dated && len(v) == 2 {
			return leaf("between", v)
		}
		return leaf("in", v)
	case map[string]any:
		return leaf("between", []any{v["from"], v["to"]})
	case string:
		if from, to, ok := chart.Range(v, false, now); dated && ok {
			return within(f, from, to)
		}
		if v == "me" && f.Traits.HoldsUser {
			return leaf("me", nil)
		}
	}
	if f.Kind == value.List {
		return leaf("in", []any{v})
	}
	return leaf("eq", v)
}

func (s *Server) widgetQuery(ctx context.Context, c *Call, plan *chart.Plan, ent *schema.EntityModel, q chart.Query, filter, cursor string) (widgetQuery, error) {
	out := widgetQuery{Entity: ent.Key()}
	if plan.Source == chart.Records {
		r := engine.ListRequest{}
		r.Filter, r.Fields, r.Limit, r.Cursor = filter, q.Fields, q.Limit, cursor
		for _, o := range q.Sort {
			r.Sort = append(r.Sort, query.Sort{Field: o.Field, Desc: o.Desc})
		}
		b, err := s.Engine.List(ctx, c.Actor, c.App.ID, ent.ID(), r)
		if err != nil {
			return out, err
		}
		var page struct {
			Records json.RawMessage `json:"records"`
			Names   json.RawMessage `json:"_names"`
			Next    string          `json:"next_cursor"`
		}
		err = json.Unmarshal(b, &page)
		out.Records, out.Names, out.Next = page.Records, page.Names, page.Next
		return out, err
	}
	r := query.AggregateRequest{Filter: filter, Limit: q.Limit}
	for i, g := range q.GroupBy {
		as := "g" + itoa(int64(i))
		r.GroupBy = append(r.GroupBy, query.Group{Field: g.Field, Bucket: g.Bucket, As: as})
		out.Groups = append(out.Groups, widgetColumn{As: as, Field: fieldKey(ent, g.Field), Bucket: g.Bucket})
	}
	for i, m := range q.Measures {
		as := "m" + itoa(int64(i))
		r.Measures = append(r.Measures, query.Measure{Fn: m.Fn, Field: m.Field, As: as})
		out.Measures = append(out.Measures, widgetColumn{As: as, Field: fieldKey(ent, m.Field), Fn: m.Fn, Label: m.Label})
	}
	switch {
	case len(r.GroupBy) == 0:
	case q.Order == "value" || q.Order == "-value":
		r.Order = []query.Sort{{Field: "m0", Desc: q.Order[0] == '-'}}
	case q.Order == "label" || q.Order == "-label":
		r.Order = []query.Sort{{Field: "g0", Desc: q.Order[0] == '-'}}
	}
	b, err := s.Engine.Aggregate(ctx, c.Actor, c.App.ID, ent.ID(), r)
	if err != nil {
		return out, err
	}
	var page struct {
		Rows  json.RawMessage `json:"rows"`
		Names json.RawMessage `json:"_names"`
	}
	err = json.Unmarshal(b, &page)
	out.Rows, out.Names = page.Rows, page.Names
	return out, err
}

func fieldKey(ent *schema.EntityModel, ref string) string {
	if f := ent.Field(ref); f != nil {
		return f.Key()
	}
	return ref
}

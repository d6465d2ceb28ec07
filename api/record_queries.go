package api

import (
	"context"
	"encoding/json"
	"time"

	"tenon/engine"
	"tenon/engine/query"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/value"
)

// filterBody is a filter: an expression text or a JSON tree.
type filterBody = json.RawMessage

type queryIn struct {
	inEntity
	Filter  filterBody      `json:"filter" doc:"an expression text, or a tree: {\"and\":[{\"field\":\"amount\",\"op\":\"gt\",\"value\":1}]}"`
	Sort    json.RawMessage `json:"sort" doc:"\"-amount,name\" or [{\"field\":…,\"desc\":true}]"`
	Limit   int             `json:"limit"`
	Cursor  string          `json:"cursor"`
	Offset  int             `json:"offset"`
	Fields  []string        `json:"fields"`
	Expand  []string        `json:"expand"`
	Count   string          `json:"count"`
	Search  string          `json:"search"`
	View    string          `json:"view" doc:"a view of the app whose filter and order apply too"`
	IDs     []string        `json:"ids"`
	Deleted bool            `json:"deleted"`
}

type sortItem struct {
	Field string `json:"field" need:"1"`
	Desc  bool   `json:"desc"`
}

type groupItem struct {
	Field  string `json:"field" need:"1"`
	Bucket string `json:"bucket" doc:"day week month quarter year"`
	As     string `json:"as"`
}

type measureItem struct {
	Fn    string `json:"fn" need:"1" doc:"count sum avg min max distinct"`
	Field string `json:"field"`
	As    string `json:"as"`
}

type aggregateIn struct {
	inEntity
	GroupBy  []groupItem     `json:"group_by"`
	Measures []measureItem   `json:"measures"`
	Filter   filterBody      `json:"filter"`
	Search   string          `json:"search"`
	Order    json.RawMessage `json:"order" doc:"\"-amount\" or [{\"field\":…,\"desc\":true}], by output names"`
	Limit    int             `json:"limit"`
}

// recordQueryRoutes are reads whose question is too long for an address.
func (s *Server) recordQueryRoutes() {
	const tag = "records"
	Handle(s, "POST", recordsPath+"/query", Doc{Who: InApp, Tag: tag, Summary: "A page of records, asked with a JSON body", Returns: "application/json"}, s.queryRecords)
	Handle(s, "POST", recordsPath+"/evaluate", Doc{Who: InApp, Tag: tag, Summary: "What saving values would compute and refuse, without saving"},
		func(ctx context.Context, c *Call, in struct {
			inEntity
			ID     string         `json:"id" doc:"of the record that is edited"`
			Values map[string]any `json:"values"`
		}) (evaluateBody, error) {
			values, faults, err := s.Engine.Evaluate(ctx, c.Actor, c.App.ID, in.Entity, engine.EvaluateRequest{ID: in.ID, Values: in.Values})
			if err != nil {
				return evaluateBody{}, err
			}
			if values == nil {
				values = map[string]value.Value{}
			}
			return evaluateBody{values, items(fault.Of(faults), c.Locale)}, nil
		})
	Handle(s, "POST", recordsPath+"/bulk", Doc{Who: InApp, Tag: tag, Summary: "Change or delete every record of a selection, as one operation that can be undone", Timeout: 10 * time.Minute}, s.bulk)
	Handle(s, "POST", recordsPath+"/aggregate", Doc{Who: InApp, Tag: tag, Summary: "Groups and measures over records", Returns: "application/json"}, s.aggregate)
}

type evaluateBody struct {
	Values map[string]value.Value `json:"values"`
	Faults []problemItem          `json:"faults"`
}

type bulkIn struct {
	inEntity
	Select struct {
		IDs   []string `json:"ids"`
		Query *struct {
			Filter filterBody `json:"filter"`
			Search string     `json:"search"`
		} `json:"query"`
		Except []string `json:"except"`
	} `json:"select" need:"1"`
	Set    map[string]any `json:"set"`
	Delete bool           `json:"delete"`
}

type bulkBody struct {
	Operation string `json:"operation"`
	Count     int    `json:"count"`
}

var errBulk = fault.Define(fault.Invalid, "records.bulk", "请给出 select.ids 或 select.query，以及 set 或 delete 之一", "give select.ids or select.query, and one of set and delete")

func (s *Server) bulk(ctx context.Context, c *Call, in bulkIn) (bulkBody, error) {
	if (in.Select.IDs == nil) == (in.Select.Query == nil) || in.Delete == (in.Set != nil) {
		return bulkBody{}, errBulk.New()
	}
	r := engine.BulkRequest{IDs: in.Select.IDs, Except: in.Select.Except, Set: in.Set, Delete: in.Delete}
	ent, err := s.entity(ctx, c.App.ID, in.Entity)
	if err != nil {
		return bulkBody{}, err
	}
	label := aboutRecords(ent, "update")
	if in.Delete {
		label = aboutRecords(ent, "delete")
	}
	if q := in.Select.Query; q != nil {
		var err error
		if r.Filter, err = s.filterText(ctx, c.App.ID, in.Entity, q.Filter); err != nil {
			return bulkBody{}, err
		}
		r.Search = q.Search
	}
	out, err := s.Engine.Bulk(ctx, c.Actor, c.App.ID, in.Entity, r, label)
	if err != nil {
		return bulkBody{}, err
	}
	return bulkBody(*out), nil
}

// filterText gives the expression that a filter means.
func (s *Server) filterText(ctx context.Context, appID, entity string, raw filterBody) (string, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return "", nil
	}
	x, err := schema.DecodeJSON(raw)
	if err != nil {
		return "", err
	}
	if t, ok := x.(string); ok {
		return t, nil
	}
	ent, err := s.entity(ctx, appID, entity)
	if err != nil {
		return "", err
	}
	if n := nodes(x); n > maxFilterNodes {
		return "", errFields.At("filter").With("max", maxFilterNodes).With("what", label("个筛选条件", "conditions in a filter"))
	}
	return query.FilterText(x, ent)
}

// maxFilterNodes bounds a filter tree.
const maxFilterNodes = 200

func nodes(x any) int {
	switch x := x.(type) {
	case map[string]any:
		n := 1
		for k, v := range x {
			if k != "value" {
				n += nodes(v)
			}
		}
		return n
	case []any:
		n := 0
		for _, v := range x {
			n += nodes(v)
		}
		return n
	}
	return 0
}

func (s *Server) entity(ctx context.Context, appID, ref string) (*schema.EntityModel, error) {
	snap, err := s.Engine.Defs.At(ctx, appID)
	if err != nil {
		return nil, err
	}
	if ent := snap.Entity(ref); ent != nil {
		return ent, nil
	}
	return nil, engine.ErrNoEntity.With("ref", ref)
}

// sorts reads both spellings of an order.
func sorts(path string, raw json.RawMessage) ([]query.Sort, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var t string
	if json.Unmarshal(raw, &t) == nil {
		return sortOf(t)
	}
	var l []sortItem
	if err := json.Unmarshal(raw, &l); err != nil {
		return nil, errPropType.At(path).With("want", label("文本或数组", "a text or an array"))
	}
	if len(l) > maxSort {
		return nil, errFields.At(path).With("max", maxSort).With("what", label("个排序字段", "fields to sort by"))
	}
	out := make([]query.Sort, len(l))
	for i, x := range l {
		out[i] = query.Sort(x)
	}
	return out, nil
}

func (s *Server) queryRecords(ctx context.Context, c *Call, in queryIn) (Raw, error) {
	r := engine.ListRequest{Expand: in.Expand}
	r.Request = query.Request{Limit: in.Limit, Cursor: in.Cursor, Offset: in.Offset, Fields: in.Fields, Search: in.Search, IDs: in.IDs, Deleted: in.Deleted}
	var err error
	if r.Filter, err = s.filterText(ctx, c.App.ID, in.Entity, in.Filter); err != nil {
		return Raw{}, err
	}
	if r.Sort, err = sorts("sort", in.Sort); err != nil {
		return Raw{}, err
	}
	if r.Count, err = countOf(in.Count); err != nil {
		return Raw{}, err
	}
	if len(in.IDs) > maxIDs {
		return Raw{}, errFields.At("ids").With("max", maxIDs).With("what", label("个编号", "ids"))
	}
	if in.View != "" {
		if err := s.throughView(ctx, c.App.ID, in.Entity, in.View, &r.Request); err != nil {
			return Raw{}, err
		}
	}
	return s.page(ctx, c, in.Entity, r)
}

// throughView narrows a request by a view of the app.
func (s *Server) throughView(ctx context.Context, appID, entity, ref string, r *query.Request) error {
	snap, err := s.Engine.Defs.At(ctx, appID)
	if err != nil {
		return err
	}
	ent := snap.Entity(entity)
	for _, v := range snap.App.Views {
		if v.ID != ref && v.Key != ref || ent == nil || snap.Entity(v.Entity) != ent {
			continue
		}
		r.Filter = both(v.Config.Filter, r.Filter)
		if r.Sort == nil {
			for _, o := range v.Config.Sort {
				r.Sort = append(r.Sort, query.Sort{Field: o.Field, Desc: o.Desc})
			}
		}
		return nil
	}
	return errNoView.At("view").With("ref", ref)
}

// both joins two conditions.
func both(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return "(" + a + ") and (" + b + ")"
}

func (s *Server) aggregate(ctx context.Context, c *Call, in aggregateIn) (Raw, error) {
	r := query.AggregateRequest{Search: in.Search, Limit: in.Limit}
	for _, g := range in.GroupBy {
		r.GroupBy = append(r.GroupBy, query.Group(g))
	}
	for _, m := range in.Measures {
		r.Measures = append(r.Measures, query.Measure(m))
	}
	if len(r.GroupBy) > maxGroups {
		return Raw{}, errFields.At("group_by").With("max", maxGroups).With("what", label("个分组字段", "fields to group by"))
	}
	var err error
	if r.Filter, err = s.filterText(ctx, c.App.ID, in.Entity, in.Filter); err != nil {
		return Raw{}, err
	}
	if r.Order, err = sorts("order", in.Order); err != nil {
		return Raw{}, err
	}
	b, err := s.Engine.Aggregate(ctx, c.Actor, c.App.ID, in.Entity, r)
	return Raw{Body: b}, err
}

// maxGroups bounds the axes of an aggregate.
const maxGroups = 3

package query

import (
	"strconv"
	"strings"

	"tenon/engine/access"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/value"
)

// Group is one axis of an aggregate.
type Group struct {
	Field  string `json:"field"`
	Bucket string `json:"bucket,omitempty"` // day week month quarter year
	As     string `json:"as,omitempty"`
}

// Measure is one number of an aggregate.
type Measure struct {
	Fn    string `json:"fn"` // count sum avg min max distinct
	Field string `json:"field,omitempty"`
	As    string `json:"as,omitempty"`
}

// AggregateRequest asks for grouped measures.
type AggregateRequest struct {
	GroupBy  []Group
	Measures []Measure
	Filter   string
	Search   string
	Order    []Sort // by output name
	Limit    int
}

// AggColumn describes one output column.
type AggColumn struct {
	Name  string
	Kind  value.Kind
	Field *schema.FieldModel // nil for counts
	Group bool
}

// Faults of aggregates.
var (
	ErrMeasure = fault.Define(fault.Invalid, "aggregate.measure", "不能对“{field}”做 {fn}", "cannot take the {fn} of \"{field}\"")
	ErrBucket  = fault.Define(fault.Invalid, "aggregate.bucket", "不认识的时间粒度“{bucket}”", "unknown bucket \"{bucket}\"")
	ErrOutput  = fault.Define(fault.Invalid, "aggregate.order", "排序项“{name}”不在结果里", "\"{name}\" is not among the results")
)

var buckets = map[string]bool{"day": true, "week": true, "month": true, "quarter": true, "year": true}

// Aggregate renders a grouped aggregate under the actor's rights.
func Aggregate(m *schema.Model, env *expr.Env, rights *access.Rights, e *schema.EntityModel, r AggregateRequest) (store.Stmt, []AggColumn, error) {
	g := New(m, env, rights, e)
	where, err := g.where(e, Request{Filter: r.Filter, Search: r.Search})
	if err != nil {
		return store.Stmt{}, nil, err
	}
	var cols []AggColumn
	var sel, group []string
	from := Table(e) + " t"
	for i, gr := range r.GroupBy {
		f := e.Field(gr.Field)
		if f == nil {
			return store.Stmt{}, nil, schema.ErrNoField.At("group_by/"+strconv.Itoa(i)).With("ref", gr.Field)
		}
		c, err := g.Column("t", f)
		if err != nil {
			return store.Stmt{}, nil, err
		}
		out := AggColumn{Name: gr.As, Kind: f.Kind, Field: f, Group: true}
		if out.Name == "" {
			out.Name = f.Key()
		}
		switch {
		case gr.Bucket != "":
			if !buckets[gr.Bucket] || f.Kind != value.Date && f.Kind != value.Time {
				return store.Stmt{}, nil, ErrBucket.At("group_by/"+strconv.Itoa(i)).With("bucket", gr.Bucket)
			}
			c = "date_trunc('" + gr.Bucket + "', " + g.civil(c, f.Expr.TypeOf()) + ")::date"
			out.Kind = value.Date
		case f.Kind == value.Time:
			c = "(" + c + " AT TIME ZONE " + g.zone() + ")::date"
			out.Kind = value.Date
		case f.Kind == value.List:
			a := g.newAlias()
			from += " LEFT JOIN LATERAL unnest(" + c + ") AS " + a + "(v) ON true"
			c = a + ".v"
			out.Kind = f.Elem
		case f.Kind == value.Object || f.Kind == value.Rows:
			return store.Stmt{}, nil, ErrMeasure.At("group_by/"+strconv.Itoa(i)).With("fn", "group").With("field", gr.Field)
		}
		sel = append(sel, c)
		group = append(group, strconv.Itoa(len(sel)))
		cols = append(cols, out)
	}
	if len(r.Measures) == 0 {
		r.Measures = []Measure{{Fn: "count", As: "count"}}
	}
	for i, ms := range r.Measures {
		out := AggColumn{Name: ms.As, Kind: value.Number}
		if out.Name == "" {
			out.Name = ms.Fn
			if ms.Field != "" {
				out.Name += "_" + ms.Field
			}
		}
		if ms.Fn == "count" && ms.Field == "" {
			sel = append(sel, "count(*)")
			cols = append(cols, out)
			continue
		}
		f := e.Field(ms.Field)
		if f == nil {
			return store.Stmt{}, nil, schema.ErrNoField.At("measures/"+strconv.Itoa(i)).With("ref", ms.Field)
		}
		c, err := g.Column("t", f)
		if err != nil {
			return store.Stmt{}, nil, err
		}
		out.Field = f
		bad := ErrMeasure.At("measures/"+strconv.Itoa(i)).With("fn", ms.Fn).With("field", f.Def.Name)
		switch ms.Fn {
		case "count", "filled":
			sel = append(sel, "count("+c+")")
		case "distinct":
			sel = append(sel, "count(DISTINCT "+c+")")
		case "sum", "avg":
			if f.Kind != value.Number {
				return store.Stmt{}, nil, bad
			}
			if ms.Fn == "sum" {
				sel = append(sel, "COALESCE(sum("+c+"), 0)")
			} else {
				sel = append(sel, "round(avg("+c+"), 6)")
			}
		case "min", "max":
			if f.Kind != value.Number && f.Kind != value.Date && f.Kind != value.Time && f.Kind != value.Text {
				return store.Stmt{}, nil, bad
			}
			out.Kind = f.Kind
			sel = append(sel, ms.Fn+"("+c+")")
		default:
			return store.Stmt{}, nil, bad
		}
		cols = append(cols, out)
	}
	sql := "SELECT " + strings.Join(sel, ", ") + " FROM " + from + " WHERE " + where
	if len(group) > 0 {
		sql += " GROUP BY " + strings.Join(group, ", ")
		var order []string
		for _, o := range r.Order {
			at := -1
			for i, c := range cols {
				if c.Name == o.Field {
					at = i
				}
			}
			if at < 0 {
				return store.Stmt{}, nil, ErrOutput.At("order").With("name", o.Field)
			}
			s := strconv.Itoa(at + 1)
			if o.Desc {
				s += " DESC NULLS LAST"
			}
			order = append(order, s)
		}
		if len(order) == 0 {
			order = group
		}
		sql += " ORDER BY " + strings.Join(order, ", ")
		if r.Limit <= 0 || r.Limit > 10000 {
			r.Limit = 1000
		}
		sql += " LIMIT " + strconv.Itoa(r.Limit)
	}
	return store.Stmt{SQL: sql, Args: g.Args}, cols, nil
}

// AppendAgg appends a result column as JSON.
func AppendAgg(dst []byte, c AggColumn, raw []byte) []byte {
	return appendKind(dst, c.Kind, value.Null, false, raw)
}

// BulkIDs renders the ids a bulk operation covers, locked in id order.
func BulkIDs(m *schema.Model, env *expr.Env, rights *access.Rights, e *schema.EntityModel, r Request, after string, limit int) (store.Stmt, error) {
	g := New(m, env, rights, e)
	w, err := g.where(e, r)
	if err != nil {
		return store.Stmt{}, err
	}
	if after != "" {
		w += " AND t.id > " + g.Arg(store.UUID(after))
	}
	return store.Stmt{SQL: "SELECT t.id FROM " + Table(e) + " t WHERE " + w + " ORDER BY t.id LIMIT " + strconv.Itoa(limit), Args: g.Args}, nil
}

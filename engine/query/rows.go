package query

import (
	"fmt"
	"strconv"
	"strings"

	"tenon/engine/access"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/field"
	"tenon/schema/value"
)

// rows is a FROM clause that walks to rows or elements.
type rows struct {
	from  string
	where []string
	order []string
	last  source // whose fields a body may read
}

// sql is the clause with its conditions.
func (r *rows) sql() string {
	s := " FROM " + r.from
	if len(r.where) > 0 {
		s += " WHERE " + strings.Join(r.where, " AND ")
	}
	return s
}

func (r *rows) ordered() string {
	if len(r.order) == 0 {
		return ""
	}
	return " ORDER BY " + strings.Join(r.order, ", ")
}

// join adds a table; the first one stands alone and its condition among the others.
func (r *rows) join(table, on string) {
	if r.from == "" {
		r.from, r.where = table, append(r.where, on)
	} else {
		r.from += " JOIN " + table + " ON " + on
	}
}

// path renders a field path. Hops through links become correlated subqueries
// that carry the linked entity's rights.
func (g *Gen) path(s source, path []*expr.Field) (string, error) {
	if len(path) == 0 {
		return s.alias + ".id", nil
	}
	return g.hop(s, path, false)
}

// many reports whether a hop leads to several rows.
func many(f *expr.Field) bool { return f.Kind == value.Rows || f.Kind == value.List }

// listed reports whether reading a path gives a list.
func listed(path []*expr.Field) bool {
	for _, f := range path[:len(path)-1] {
		if many(f) {
			return true
		}
	}
	return path[len(path)-1].Kind == value.List
}

// elemType is the array type of the values at a path's end.
func elemType(path []*expr.Field) string {
	f := path[len(path)-1]
	if f.Kind == value.List {
		return sqlType(expr.ListOf(f.Elem))
	}
	return sqlType(expr.ListOf(f.Kind))
}

// hop renders the value at a path's end. A path that ends early gives null, or
// an empty list where one is expected; within a list it gives a null element,
// so that columns of one sub-form keep step with each other.
func (g *Gen) hop(s source, path []*expr.Field, within bool) (string, error) {
	f := s.entity.Field(path[0].ID)
	if f == nil {
		return "", schema.ErrNoField.With("ref", path[0].Key)
	}
	if len(path) == 1 {
		return g.Column(s.alias, f)
	}
	if many(path[0]) {
		r := &rows{last: s}
		if err := g.step(r, path[0]); err != nil {
			return "", err
		}
		v, err := g.hop(r.last, path[1:], true)
		if err != nil {
			return "", err
		}
		if !listed(path[1:]) {
			return "ARRAY(SELECT " + v + r.sql() + r.ordered() + ")", nil
		}
		u := g.newAlias()
		r.from += " CROSS JOIN LATERAL unnest(COALESCE(" + v + ", ARRAY[NULL]::" + elemType(path) + ")) WITH ORDINALITY " + u + "(v, o)"
		r.order = append(r.order, u+".o")
		return "ARRAY(SELECT " + u + ".v" + r.sql() + r.ordered() + ")", nil
	}
	r := &rows{last: s}
	if !within && listed(path[1:]) {
		// One row even when there is no target, for the empty list.
		link, err := g.Column(s.alias, f)
		if err != nil {
			return "", err
		}
		u := g.newAlias()
		r.from = "(SELECT " + link + " AS v) " + u
		a, on, err := g.target(f, u+".v")
		if err != nil {
			return "", err
		}
		r.from += " LEFT JOIN " + Table(f.Target) + " " + a.alias + " ON " + on
		v, err := g.hop(a, path[1:], within)
		return "(SELECT CASE WHEN " + a.alias + ".id IS NULL THEN '{}'::" + elemType(path) + " ELSE " + v + " END" + r.sql() + ")", err
	}
	if err := g.step(r, path[0]); err != nil {
		return "", err
	}
	v, err := g.hop(r.last, path[1:], within)
	return "(SELECT " + v + r.sql() + ")", err
}

// target names the table behind a link: its source and the condition under
// which its rows are the link's, with the rights of the linked entity.
func (g *Gen) target(f *schema.FieldModel, id string) (source, string, error) {
	if f.Target == nil {
		return source{}, "", schema.ErrNotLink.With("ref", f.Key())
	}
	a := g.newAlias()
	guard, err := g.RowGuard(f.Target, a)
	return source{alias: a, entity: f.Target}, a + ".id = " + id + guard, err
}

// step walks one hop further: to the rows of a sub-form, or along a link.
func (g *Gen) step(r *rows, to *expr.Field) error {
	f := r.last.entity.Field(to.ID)
	if f == nil {
		return schema.ErrNoField.With("ref", to.Key)
	}
	if f.Sub != nil {
		full, _, err := g.FieldLevels(f.Entity, f, r.last.alias)
		if err != nil {
			return err
		}
		a := g.newAlias()
		on := a + ".parent_id = " + r.last.alias + ".id"
		switch full {
		case "true":
		case "false":
			return access.ErrHidden.With("field", f.Def.Name)
		default: // where it does not show, there are no rows
			on += " AND " + full
		}
		r.join(Table(f.Sub)+" "+a, on)
		r.order, r.last = append(r.order, a+".pos"), source{alias: a, entity: f.Sub}
		return nil
	}
	if f.Target == nil {
		return schema.ErrNotLink.With("ref", f.Key())
	}
	link, err := g.Column(r.last.alias, f)
	if err != nil {
		return err
	}
	if f.Kind == value.List {
		u := g.newAlias()
		if full, _, err := g.FieldLevels(f.Entity, f, r.last.alias); f.Storage == field.Links && err == nil && full == "true" {
			r.join(store.Ident(f.Entity.Schema, f.Column)+" "+u, u+".src = "+r.last.alias+".id")
			r.order, link = append(r.order, u+".pos"), u+".dst"
		} else {
			each := "unnest(" + link + ") WITH ORDINALITY " + u + "(v, o)"
			if r.from == "" {
				r.from = each
			} else {
				r.from += " CROSS JOIN LATERAL " + each
			}
			r.order, link = append(r.order, u+".o"), u+".v"
		}
	}
	a, on, err := g.target(f, link)
	r.join(Table(f.Target)+" "+a.alias, on)
	r.last = a
	return err
}

// source renders what an each runs over: the rows of a sub-form or of a many
// link, those that a filter keeps, or the elements of a list.
func (g *Gen) source(l *expr.Node) (*rows, error) {
	switch {
	case l.Op == expr.OpEach && l.Name == "filter" && len(l.Args) == 2:
		r, err := g.source(l.Args[0])
		if err != nil {
			return nil, err
		}
		c, err := g.within(r.last, func() (string, error) { return g.cond(l.Args[1], true) })
		r.where = append(r.where, c)
		return r, err
	case l.Op == expr.OpField && len(l.Path) > 0 && l.Path[len(l.Path)-1].Rows != nil || isLinks(l):
		at, sql := g.roots[l.Root]
		if l.Root == "elem" {
			at, sql = g.elems[len(g.elems)-1], true
		}
		if !sql {
			return nil, ErrNoSQL.With("name", l.Path[0].Key).With("reason", "rows of a record that is not read here")
		}
		r := &rows{last: at}
		for _, f := range l.Path {
			if err := g.step(r, f); err != nil {
				return nil, err
			}
		}
		return r, nil
	case l.Type.Kind == value.Rows:
		return nil, ErrNoSQL.With("name", string(l.Op)).With("reason", "rows")
	}
	v, err := g.valueAs(l, expr.ListOf(l.Type.Elem))
	u := g.newAlias()
	return &rows{from: "unnest(" + v + ") WITH ORDINALITY " + u + "(v, o)", order: []string{u + ".o"}, last: source{alias: u, scalar: u + ".v", kind: l.Type.Elem}}, err
}

// isLinks reports whether a node reads a many link to records, whose elements
// are rows.
func isLinks(l *expr.Node) bool {
	if l.Op != expr.OpField || len(l.Path) == 0 {
		return false
	}
	f := l.Path[len(l.Path)-1]
	return f.Kind == value.List && f.Ref != "" && f.Ref != "member" && f.Ref != "department"
}

// within renders a body over the elements of a source.
func (g *Gen) within(s source, body func() (string, error)) (string, error) {
	g.elems = append(g.elems, s)
	defer func() { g.elems = g.elems[:len(g.elems)-1] }()
	return body()
}

// each renders an aggregate over sub-form rows, linked records or a list.
func (g *Gen) each(n *expr.Node) (string, error) {
	r, err := g.source(n.Args[0])
	if err != nil {
		return "", err
	}
	var body *expr.Node
	if len(n.Args) > 1 {
		body = n.Args[1]
	}
	if n.Name == "sum" || n.Name == "map" {
		return g.eachValue(n, r, body)
	}
	keep := func(cond string) { r.where = append(r.where, cond) }
	scalar := r.last.scalar
	switch {
	case body != nil:
		c, err := g.within(r.last, func() (string, error) { return g.cond(body, n.Name != "all") })
		if err != nil {
			return "", err
		}
		if n.Name == "all" {
			c = "NOT " + c
		}
		keep(c)
	case scalar == "": // rows alone count
		if n.Name == "all" {
			return "true", nil
		}
	case n.Name == "count":
		keep(scalar + " IS NOT NULL")
	case r.last.kind != value.Bool:
		keep(boolText(n.Name == "all")) // no element is true
	case n.Name == "all":
		keep("NOT COALESCE(" + scalar + ", false)")
	default:
		keep(scalar)
	}
	switch n.Name {
	case "any":
		return "EXISTS (SELECT 1" + r.sql() + ")", nil
	case "none", "all":
		return "(NOT EXISTS (SELECT 1" + r.sql() + "))", nil
	case "one":
		return "((SELECT count(*)" + r.sql() + ") = 1)", nil
	case "count":
		return "(SELECT count(*)::numeric" + r.sql() + ")", nil
	case "filter":
		v := scalar
		if v == "" {
			v = r.last.alias + ".id"
		}
		return "ARRAY(SELECT " + v + r.sql() + r.ordered() + ")", nil
	}
	return "", ErrNoSQL.With("name", n.Name).With("reason", "-")
}

// eachValue renders sum and map.
func (g *Gen) eachValue(n *expr.Node, r *rows, body *expr.Node) (string, error) {
	v := r.last.scalar
	switch {
	case body != nil:
		t := n.Type
		if n.Name == "map" {
			t = expr.T(n.Type.Elem)
		}
		var err error
		if v, err = g.within(r.last, func() (string, error) { return g.valueAs(body, t) }); err != nil {
			return "", err
		}
		if v == "NULL" {
			v = "NULL::text"
		}
	case r.last.kind != value.Number:
		return "0::numeric", nil
	}
	if n.Name == "map" {
		return "ARRAY(SELECT " + v + r.sql() + r.ordered() + ")", nil
	}
	// The sum is taken one level up: of columns of an outer query alone it
	// would be that query's aggregate.
	return "(SELECT COALESCE(sum(s.v), 0) FROM (SELECT " + v + " AS v" + r.sql() + ") s)", nil
}

// query renders a cross-record aggregate as a correlated subquery.
func (g *Gen) query(n *expr.Node) (string, error) {
	e := g.Model.Entity(n.Query.Entity.ID)
	if e == nil {
		return "", expr.ErrEntity.With("name", n.Query.Entity.Key)
	}
	return g.QueryOver(n.Query, e, g.newAlias())
}

// QueryOver renders a cross-record aggregate over the entity's table under an alias.
func (g *Gen) QueryOver(q *expr.Query, e *schema.EntityModel, a string) (string, error) {
	roots := g.roots
	g.roots = map[string]source{}
	for k, v := range roots {
		g.roots[k] = v
	}
	g.roots["it"] = source{alias: a, entity: e}
	defer func() { g.roots = roots }()
	where := a + ".deleted_at IS NULL"
	if q.Cond != nil {
		c, err := g.cond(q.Cond, true)
		if err != nil {
			return "", err
		}
		where += " AND " + c
	}
	guard, err := g.RowGuard(e, a)
	if err != nil {
		return "", err
	}
	from := " FROM " + Table(e) + " " + a + " WHERE " + where + guard
	var v string
	if q.Field != nil {
		f := e.Field(q.Field.ID)
		if f == nil {
			return "", schema.ErrNoField.With("ref", q.Field.Key)
		}
		if v, err = g.Column(a, f); err != nil {
			return "", err
		}
	}
	switch q.Fn {
	case "exists":
		return "EXISTS (SELECT 1" + from + ")", nil
	case "count":
		return "(SELECT count(*)::numeric" + from + ")", nil
	case "sum":
		return "(SELECT COALESCE(sum(" + v + "), 0)" + from + ")", nil
	case "avg":
		return "(SELECT " + quotient("sum("+v+")", "NULLIF(count("+v+"), 0)") + from + ")", nil
	case "min", "max":
		least, err := leastOf(q, v)
		return "(SELECT " + least + from + ")", err
	case "first":
		return "(SELECT " + a + ".id" + from + " ORDER BY " + a + ".created_at, " + a + ".id LIMIT 1)", nil
	case "last":
		if many(q.Field) {
			break
		}
		return fmt.Sprintf("ARRAY(SELECT l.v FROM (SELECT %s AS v, %s.created_at AS c, %s.id AS i%s AND %s IS NOT NULL ORDER BY %s.created_at DESC, %s.id DESC LIMIT %s) l ORDER BY l.c, l.i)", v, a, a, from, v, a, a, strconv.Itoa(q.N)), nil
	}
	return "", ErrNoSQL.With("name", q.Fn).With("reason", q.Field.Kind.String())
}

// leastOf is min or max in the order of expressions, of kinds that have one.
func leastOf(q *expr.Query, v string) (string, error) {
	switch q.Field.Kind {
	case value.Number, value.Date, value.Time:
		return q.Fn + "(" + v + ")", nil
	case value.Text:
		return q.Fn + "(" + v + ` COLLATE "C")`, nil
	case value.Ref:
		return q.Fn + "(" + v + `::text COLLATE "C")::uuid`, nil
	case value.Bool:
		return map[string]string{"min": "bool_and", "max": "bool_or"}[q.Fn] + "(" + v + ")", nil
	}
	return "", ErrNoSQL.With("name", q.Fn+"_records").With("reason", q.Field.Kind.String())
}

// Package query turns typed expressions, filters and record requests into
// Postgres SQL: text plus parameters, never values inside the text.
//
// Access is part of every statement: the actor's row filter is added to every
// read, fields that only show on some rows become CASE, and a filter through a
// link carries the linked entity's own rights. The package does no I/O.
//
// To add a function's SQL: one entry in functions.go. A function without one
// must carry a NoSQL reason in schema/expr.
package query

import (
	"fmt"
	"strconv"
	"strings"

	"tenon/engine/access"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Gen renders one statement. Its parameters are collected in Args.
type Gen struct {
	Model *schema.Model
	Env   *expr.Env // clock, actor, settings and constant roots
	// Rights narrows what expressions may read; nil: the definer's rights.
	Rights *access.Rights
	Args   []store.Arg

	roots  map[string]source
	elems  []source
	alias  int
	depth  int
	consts map[string]string
}

// source is where a root's fields come from: a table alias.
type source struct {
	alias  string
	entity *schema.EntityModel
	scalar string     // element of an unnested list
	kind   value.Kind // of the scalar
}

// Faults of rendering.
var (
	ErrNoSQL = fault.Define(fault.Unsupported, "query.function", "{name} 不能用于筛选或汇总：{reason}", "{name} cannot be used in filters or aggregates: {reason}")
	ErrDeep  = fault.Define(fault.Invalid, "query.too_deep", "筛选条件太复杂", "the filter is too complex")
)

// New makes a generator with record bound to the alias "t" of an entity.
func New(m *schema.Model, env *expr.Env, rights *access.Rights, e *schema.EntityModel) *Gen {
	return &Gen{Model: m, Env: env, Rights: rights, roots: map[string]source{"record": {alias: "t", entity: e}}, consts: map[string]string{}}
}

// NewFor makes a generator with another root name for the table ("it").
func NewFor(m *schema.Model, env *expr.Env, rights *access.Rights, root string, e *schema.EntityModel) *Gen {
	g := New(m, env, rights, e)
	g.roots = map[string]source{root: {alias: "t", entity: e}}
	return g
}

// Arg adds a parameter and returns its placeholder. Equal parameters share one.
func (g *Gen) Arg(a store.Arg) string {
	k := ""
	if a.Val != nil {
		k = strconv.Itoa(int(a.OID)) + ":" + string(a.Val)
		if p, ok := g.consts[k]; ok {
			return p
		}
	}
	g.Args = append(g.Args, a)
	p := "$" + strconv.Itoa(len(g.Args))
	if k != "" {
		g.consts[k] = p
	}
	return p
}

func (g *Gen) newAlias() string {
	g.alias++
	return "x" + strconv.Itoa(g.alias)
}

// Table names an entity's (or sub-form's) table.
func Table(e *schema.EntityModel) string { return store.Ident(e.Schema, e.Table) }

func col(alias, c string) string { return alias + "." + store.Ident(c) }

// oidOf is the parameter type of a kind.
func oidOf(k, elem value.Kind) uint32 { return field.DBFor(k, elem).OID }

// bind adds a constant as a parameter. Texts compared with ids stay text.
func (g *Gen) bind(v value.Value, t expr.Type) string {
	if v.IsNull() {
		if t.Kind == value.Null {
			return "NULL"
		}
		return g.Arg(store.Null(oidOf(t.Kind, t.Elem)))
	}
	if v.Kind() == value.List {
		elem := t.Elem
		if elem == value.Null && len(v.List()) > 0 {
			elem = v.List()[0].Kind()
		}
		switch elem {
		case value.Number:
			return g.Arg(store.Of(v, 1231)) // numeric[]
		case value.Date:
			return g.Arg(store.Of(v, 1182)) // date[]
		case value.Time:
			return g.Arg(store.Of(v, 1185)) // timestamptz[]
		case value.Bool:
			return g.Arg(store.Of(v, 1000)) // boolean[]
		case value.Ref:
			return g.Arg(store.Of(v, field.OIDUUIDArray))
		}
		return g.Arg(store.Of(v, field.OIDTextArray))
	}
	return g.Arg(store.Of(v, oidOf(v.Kind(), value.Null)))
}

// constant reports whether a subtree reads no column.
func (g *Gen) constant(n *expr.Node) bool {
	ok := true
	n.Walk(func(x *expr.Node) {
		switch x.Op {
		case expr.OpField:
			if _, sql := g.roots[x.Root]; sql || x.Root == "elem" {
				ok = false
			}
		case expr.OpElem, expr.OpQuery:
			ok = false
		}
	})
	return ok
}

// Cond renders a condition for a WHERE clause: rows for which it is true.
func (g *Gen) Cond(n *expr.Node) (string, error) { return g.cond(n, true) }

// cond renders a truth value. In a positive position null may stand for false,
// which keeps comparisons plain and indexes usable.
func (g *Gen) cond(n *expr.Node, positive bool) (string, error) {
	if g.depth++; g.depth > 200 {
		return "", ErrDeep.New()
	}
	defer func() { g.depth-- }()
	if n.Op != expr.OpLit && g.constant(n) {
		v, err := expr.EvalNode(n, g.Env)
		if err != nil {
			return "", err
		}
		return boolText(v.Bool()), nil
	}
	switch n.Op {
	case expr.OpLit:
		return boolText(n.Lit.Bool()), nil
	case expr.OpAnd, expr.OpOr:
		a, err := g.cond(n.Args[0], positive)
		if err != nil {
			return "", err
		}
		b, err := g.cond(n.Args[1], positive)
		if err != nil {
			return "", err
		}
		op := " AND "
		if n.Op == expr.OpOr {
			op = " OR "
		}
		return "(" + a + op + b + ")", nil
	case expr.OpNot:
		a, err := g.cond(n.Args[0], false)
		if err != nil {
			return "", err
		}
		return "(NOT " + a + ")", nil
	case expr.OpIf:
		c, err := g.cond(n.Args[0], true)
		if err != nil {
			return "", err
		}
		a, err := g.cond(n.Args[1], positive)
		if err != nil {
			return "", err
		}
		b, err := g.cond(n.Args[2], positive)
		if err != nil {
			return "", err
		}
		return "(CASE WHEN " + c + " THEN " + a + " ELSE " + b + " END)", nil
	case expr.OpCall:
		if s, ok, err := g.compare(n, positive); ok || err != nil {
			return s, err
		}
	}
	s, err := g.Value(n)
	if err != nil {
		return "", err
	}
	if n.Type.Kind == value.Null {
		return "false", nil
	}
	if positive || n.Op == expr.OpEach || n.Op == expr.OpQuery {
		return s, nil
	}
	return "COALESCE(" + s + ", false)", nil
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

var compareSQL = map[string]string{"lt": "<", "le": "<=", "gt": ">", "ge": ">="}

// compare renders the comparison operators, whose null rules and index use
// deserve care. ok is false for any other function.
func (g *Gen) compare(n *expr.Node, positive bool) (string, bool, error) {
	name := n.Fn.Name
	switch name {
	case "eq", "ne":
		s, err := g.equal(n, name == "ne", positive)
		return s, true, err
	case "lt", "le", "gt", "ge":
		a, b, err := g.pair(n.Args[0], n.Args[1])
		if err != nil {
			return "", true, err
		}
		c := ""
		if isText(n.Args[0]) || isText(n.Args[1]) {
			c = ` COLLATE "C"`
		}
		s := "(" + a + c + " " + compareSQL[name] + " " + b + ")"
		if !positive {
			s = "COALESCE(" + s + ", false)"
		}
		return s, true, nil
	case "between":
		var p [3]string
		for i, a := range n.Args {
			s, err := g.Value(a)
			if err != nil {
				return "", true, err
			}
			p[i] = s
		}
		s := "(" + p[0] + " BETWEEN " + p[1] + " AND " + p[2] + ")"
		if !positive {
			s = "COALESCE(" + s + ", false)"
		}
		return s, true, nil
	case "in":
		s, err := g.in(n)
		return s, true, err
	case "contains", "starts_with", "ends_with":
		a, err := g.text(n.Args[0])
		if err != nil {
			return "", true, err
		}
		var s string
		if g.constant(n.Args[1]) {
			v, err := expr.EvalNode(n.Args[1], g.Env)
			if err != nil {
				return "", true, err
			}
			if v.IsNull() {
				return "false", true, nil
			}
			p := likeEscape(v.Text())
			switch name {
			case "contains":
				p = "%" + p + "%"
			case "starts_with":
				p += "%"
			default:
				p = "%" + p
			}
			s = "(" + a + " LIKE " + g.Arg(store.Text(p)) + ")"
		} else {
			b, err := g.text(n.Args[1])
			if err != nil {
				return "", true, err
			}
			switch name {
			case "contains":
				s = "(strpos(" + a + ", " + b + ") > 0)"
			case "starts_with":
				s = "(left(" + a + ", length(" + b + ")) = " + b + ")"
			default:
				s = "(right(" + a + ", length(" + b + ")) = " + b + " )"
			}
		}
		if !positive {
			s = "COALESCE(" + s + ", false)"
		}
		return s, true, nil
	}
	return "", false, nil
}

func likeEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

func isText(n *expr.Node) bool { return n.Type.Kind == value.Text }

// pair renders two operands so that Postgres compares like with like: an id
// beside a text becomes text unless the text is a constant id.
func (g *Gen) pair(a, b *expr.Node) (string, string, error) {
	if a.Type.Kind == value.Ref && b.Type.Kind == value.Text || a.Type.Kind == value.Text && b.Type.Kind == value.Ref {
		if a.Type.Kind == value.Ref && g.constant(b) {
			y, err := g.refConst(b)
			if err != nil {
				return "", "", err
			}
			x, err := g.Value(a)
			return x, y, err
		}
		if b.Type.Kind == value.Ref && g.constant(a) {
			x, err := g.refConst(a)
			if err != nil {
				return "", "", err
			}
			y, err := g.Value(b)
			return x, y, err
		}
		x, err := g.text(a)
		if err != nil {
			return "", "", err
		}
		y, err := g.text(b)
		return x, y, err
	}
	x, err := g.Value(a)
	if err != nil {
		return "", "", err
	}
	y, err := g.Value(b)
	return x, y, err
}

// refConst binds a constant text as an id; a text that is no id matches nothing.
func (g *Gen) refConst(n *expr.Node) (string, error) {
	v, err := expr.EvalNode(n, g.Env)
	if err != nil {
		return "", err
	}
	if !isUUID(v.Text()) {
		return g.Arg(store.UUID("00000000-0000-0000-0000-000000000000")), nil
	}
	return g.Arg(store.UUID(strings.ToLower(v.Text()))), nil
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := 0; i < 36; i++ {
		c := s[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
				return false
			}
		}
	}
	return true
}

func (g *Gen) equal(n *expr.Node, not, positive bool) (string, error) {
	a, b := n.Args[0], n.Args[1]
	if isNull(b) || isNull(a) {
		if isNull(a) {
			a = b
		}
		if isNull(a) {
			return boolText(!not), nil
		}
		x, err := g.Value(a)
		if err != nil {
			return "", err
		}
		if not {
			return "(" + x + " IS NOT NULL)", nil
		}
		return "(" + x + " IS NULL)", nil
	}
	x, y, err := g.pair(a, b)
	if err != nil {
		return "", err
	}
	if a.Type.Kind == value.Object || b.Type.Kind == value.Object {
		x, y = x+"::jsonb", y+"::jsonb"
	}
	// With a constant on one side that is not null, plain equality serves and
	// uses indexes: a null column is simply not equal.
	if !not && positive && (g.notNullConst(a) || g.notNullConst(b)) {
		return "(" + x + " = " + y + ")", nil
	}
	if not {
		return "(" + x + " IS DISTINCT FROM " + y + ")", nil
	}
	return "(" + x + " IS NOT DISTINCT FROM " + y + ")", nil
}

func isNull(n *expr.Node) bool { return n.Op == expr.OpLit && n.Lit.IsNull() }

func (g *Gen) notNullConst(n *expr.Node) bool {
	if !g.constant(n) {
		return false
	}
	v, err := expr.EvalNode(n, g.Env)
	return err == nil && !v.IsNull()
}

func (g *Gen) in(n *expr.Node) (string, error) {
	x, l := n.Args[0], n.Args[1]
	if g.constant(l) {
		lv, err := expr.EvalNode(l, g.Env)
		if err != nil {
			return "", err
		}
		xs, err := g.Value(x)
		if err != nil {
			return "", err
		}
		var keep []value.Value
		hasNull := false
		for _, v := range lv.List() {
			switch {
			case v.IsNull():
				hasNull = true
			case x.Type.Kind == value.Ref:
				if isUUID(v.Text()) {
					keep = append(keep, value.OfRef(v.Text()))
				}
			default:
				keep = append(keep, v)
			}
		}
		k := x.Type.Kind
		s := "(COALESCE(" + xs + " = ANY(" + g.bind(value.OfList(keep), expr.ListOf(k)) + "), false))"
		if len(keep) == 0 {
			s = "false"
		}
		if hasNull {
			s = "(" + s + " OR " + xs + " IS NULL)"
		}
		return s, nil
	}
	xs, err := g.Value(x)
	if err != nil {
		return "", err
	}
	ls, err := g.Value(l)
	if err != nil {
		return "", err
	}
	if g.constant(x) && l.Op == expr.OpField {
		v, err := expr.EvalNode(x, g.Env)
		if err != nil {
			return "", err
		}
		if v.IsNull() {
			return "COALESCE(array_position(" + ls + ", NULL) IS NOT NULL, false)", nil
		}
		if l.Type.Elem == value.Ref {
			if !isUUID(v.Text()) {
				return "false", nil
			}
			v = value.OfRef(v.Text())
		}
		return "(COALESCE(" + ls + " @> " + g.bind(value.OfList([]value.Value{v}), l.Type) + ", false))", nil
	}
	if l.Type.Elem == value.Ref && x.Type.Kind == value.Text {
		ls += "::text[]"
	} else if l.Type.Elem == value.Text && x.Type.Kind == value.Ref {
		xs += "::text"
	}
	return "COALESCE(array_position(" + ls + ", " + xs + ") IS NOT NULL, false)", nil
}

// text renders a value as text.
func (g *Gen) text(n *expr.Node) (string, error) {
	s, err := g.Value(n)
	if err != nil {
		return "", err
	}
	return textOf(s, n.Type), nil
}

// textOf converts a rendered value to the text that value.String gives.
func textOf(s string, t expr.Type) string {
	switch t.Kind {
	case value.Text:
		return s
	case value.Number:
		return "trim_scale(" + s + ")::text"
	case value.Bool, value.Ref:
		return "(" + s + ")::text"
	case value.Date:
		return "to_char(" + s + ", 'YYYY-MM-DD')"
	case value.Time:
		return "to_char(" + s + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
	case value.List:
		return "array_to_string(" + s + ", ', ')"
	}
	return "(" + s + ")::text"
}

// Value renders an expression as a SQL value of its kind's column type.
func (g *Gen) Value(n *expr.Node) (string, error) {
	if g.depth++; g.depth > 200 {
		return "", ErrDeep.New()
	}
	defer func() { g.depth-- }()
	if n.Op == expr.OpLit {
		return g.bind(n.Lit, n.Type), nil
	}
	if g.constant(n) {
		v, err := expr.EvalNode(n, g.Env)
		if err != nil {
			return "", err
		}
		return g.bind(v, n.Type), nil
	}
	switch n.Op {
	case expr.OpField:
		if n.Root == "elem" {
			return g.path(g.elems[len(g.elems)-1], n)
		}
		return g.path(g.roots[n.Root], n)
	case expr.OpElem:
		s := g.elems[len(g.elems)-1]
		if s.scalar != "" {
			return s.scalar, nil
		}
		return s.alias + ".id", nil
	case expr.OpAnd, expr.OpOr, expr.OpNot:
		return g.cond(n, false)
	case expr.OpIf:
		c, err := g.cond(n.Args[0], true)
		if err != nil {
			return "", err
		}
		a, err := g.Value(n.Args[1])
		if err != nil {
			return "", err
		}
		b, err := g.Value(n.Args[2])
		if err != nil {
			return "", err
		}
		return "(CASE WHEN " + c + " THEN " + a + " ELSE " + b + " END)", nil
	case expr.OpList:
		parts := make([]string, len(n.Args))
		for i, a := range n.Args {
			s, err := g.Value(a)
			if err != nil {
				return "", err
			}
			parts[i] = s
		}
		return "ARRAY[" + strings.Join(parts, ", ") + "]::" + field.DBFor(n.Type.Elem, value.Null).SQL + "[]", nil
	case expr.OpCall:
		if s, ok, err := g.compare(n, false); ok || err != nil {
			return s, err
		}
		return g.call(n)
	case expr.OpEach:
		return g.each(n)
	case expr.OpQuery:
		return g.query(n)
	}
	return "", ErrNoSQL.With("name", string(n.Op)).With("reason", "-")
}

// path renders a field path. Hops through links become correlated subqueries
// that carry the linked entity's rights.
func (g *Gen) path(s source, n *expr.Node) (string, error) {
	if len(n.Path) == 0 {
		return s.alias + ".id", nil
	}
	return g.hop(s, n.Path)
}

func (g *Gen) hop(s source, path []*expr.Field) (string, error) {
	f := s.entity.Field(path[0].ID)
	if f == nil {
		return "", schema.ErrNoField.With("ref", path[0].Key)
	}
	if len(path) == 1 {
		return g.Column(s.alias, f)
	}
	link, err := g.Column(s.alias, f)
	if err != nil {
		return "", err
	}
	a := g.newAlias()
	switch {
	case f.Sub != nil:
		inner, err := g.hop(source{alias: a, entity: f.Sub}, path[1:])
		if err != nil {
			return "", err
		}
		return "(SELECT COALESCE(array_agg(" + inner + " ORDER BY " + a + ".pos), '{}') FROM " + Table(f.Sub) + " " + a + " WHERE " + a + ".parent_id = " + s.alias + ".id)", nil
	case f.Target != nil:
		inner, err := g.hop(source{alias: a, entity: f.Target}, path[1:])
		if err != nil {
			return "", err
		}
		guard, err := g.RowGuard(f.Target, a)
		if err != nil {
			return "", err
		}
		if f.Kind == value.List {
			return "(SELECT COALESCE(array_agg(" + inner + "), '{}') FROM " + Table(f.Target) + " " + a + " WHERE " + a + ".id = ANY(" + link + ")" + guard + ")", nil
		}
		return "(SELECT " + inner + " FROM " + Table(f.Target) + " " + a + " WHERE " + a + ".id = " + link + guard + ")", nil
	}
	return "", schema.ErrNotLink.With("ref", f.Key())
}

// RowGuard renders the actor's row filter on an aliased table as " AND …",
// empty when nothing limits it.
func (g *Gen) RowGuard(e *schema.EntityModel, alias string) (string, error) {
	if g.Rights == nil {
		return "", nil
	}
	c, err := g.RowFilter("read", e, alias)
	if err != nil || c == "" {
		return "", err
	}
	return " AND " + c, nil
}

// RowFilter renders which rows of an aliased table the operation is granted
// on; empty means all. Role filters run with the definer's rights.
func (g *Gen) RowFilter(op string, e *schema.EntityModel, alias string) (string, error) {
	if g.Rights == nil {
		return "", nil
	}
	ent := g.Rights.On(e)
	if !ent.Can(op) {
		return "false", nil
	}
	if ent.Full {
		return "", nil
	}
	var parts []string
	for _, gr := range ent.With(op) {
		if gr.Filter == nil {
			return "", nil
		}
		c, err := g.definer(gr.Filter.Root, e, alias, true)
		if err != nil {
			return "", err
		}
		parts = append(parts, c)
	}
	return "(" + strings.Join(parts, " OR ") + ")", nil
}

// definer renders a role's program over an aliased table with the definer's rights.
func (g *Gen) definer(n *expr.Node, e *schema.EntityModel, alias string, positive bool) (string, error) {
	rights, roots := g.Rights, g.roots
	g.Rights, g.roots = nil, map[string]source{"record": {alias: alias, entity: e}}
	defer func() { g.Rights, g.roots = rights, roots }()
	return g.cond(n, positive)
}

// FieldLevels renders the conditions under which a field shows in full and at
// least in part. "true" and "false" are the plain cases.
func (g *Gen) FieldLevels(e *schema.EntityModel, f *schema.FieldModel, alias string) (full, part string, err error) {
	if g.Rights == nil {
		return "true", "true", nil
	}
	ent := g.Rights.On(e)
	if l, same := ent.Always(f); same {
		return boolText(l == access.Shown), boolText(l >= access.Partial), nil
	}
	var fulls, parts []string
	grants := ent.With("read")
	for _, gr := range grants {
		row := "true"
		if gr.Filter != nil && len(grants) > 1 {
			if row, err = g.definer(gr.Filter.Root, e, alias, false); err != nil {
				return "", "", err
			}
		}
		o, r, when, _ := access.Of(gr, f)
		add := func(l access.Level, c string) {
			if l == access.Shown {
				fulls = append(fulls, c)
			}
			if l >= access.Partial {
				parts = append(parts, c)
			}
		}
		if when == nil {
			add(r, row)
			continue
		}
		w, err := g.definer(when.Root, e, alias, false)
		if err != nil {
			return "", "", err
		}
		add(r, "("+row+" AND "+w+")")
		add(o, "("+row+" AND NOT "+w+")")
	}
	return orOf(fulls), orOf(parts), nil
}

func orOf(c []string) string {
	if len(c) == 0 {
		return "false"
	}
	for _, x := range c {
		if x == "true" {
			return "true"
		}
	}
	return "(" + strings.Join(c, " OR ") + ")"
}

// Column renders a field of an aliased table as the caller may use it in
// filters and sorts: null on rows where it does not show in full.
func (g *Gen) Column(alias string, f *schema.FieldModel) (string, error) {
	raw, err := g.Raw(alias, f)
	if err != nil || g.Rights == nil || f.Entity.Parent != nil {
		return raw, err
	}
	full, _, err := g.FieldLevels(f.Entity, f, alias)
	if err != nil {
		return "", err
	}
	switch full {
	case "true":
		return raw, nil
	case "false":
		return "", access.ErrHidden.With("field", f.Def.Name.In("zh-CN"))
	}
	return "(CASE WHEN " + full + " THEN " + raw + " END)", nil
}

// Raw renders a field of an aliased table as it is stored or computed.
func (g *Gen) Raw(alias string, f *schema.FieldModel) (string, error) {
	switch f.Storage {
	case field.Links:
		a := g.newAlias()
		return "(SELECT COALESCE(array_agg(" + a + ".dst ORDER BY " + a + ".pos), '{}') FROM " + store.Ident(f.Entity.Schema, f.Column) + " " + a + " WHERE " + a + ".src = " + alias + ".id)", nil
	case field.Child:
		return g.childJSON(alias, f)
	case field.Virtual:
		if f.Formula == nil {
			return "NULL", nil
		}
		return g.formula(alias, f)
	}
	return col(alias, f.Column), nil
}

// formula inlines a volatile formula, with the rights that storing it would have had.
func (g *Gen) formula(alias string, f *schema.FieldModel) (string, error) {
	rights, roots := g.Rights, g.roots
	g.Rights = nil
	g.roots = map[string]source{"record": {alias: alias, entity: f.Entity}}
	defer func() { g.Rights, g.roots = rights, roots }()
	s, err := g.Value(f.Formula.Root)
	if err != nil {
		return "", err
	}
	want := field.DBFor(f.Kind, f.Elem).SQL
	return "(" + s + ")::" + want, nil
}

// childJSON renders the rows of a sub-form as a JSON array, exact numbers kept.
func (g *Gen) childJSON(alias string, f *schema.FieldModel) (string, error) {
	a := g.newAlias()
	parts := []string{"'id', " + a + ".id"}
	for _, c := range f.Sub.Fields {
		v, err := g.Raw(a, c)
		if err != nil {
			return "", err
		}
		switch {
		case c.Kind == value.Number && c.Precision > 15:
			v = "trim_scale(" + v + ")::text"
		case c.Kind == value.Number:
			v = "trim_scale(" + v + ")"
		case c.Kind == value.Time:
			v = "to_char(" + v + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
		}
		parts = append(parts, g.Arg(store.Text(c.Key()))+"::text, "+v)
	}
	return "(SELECT COALESCE(jsonb_agg(jsonb_build_object(" + strings.Join(parts, ", ") + ") ORDER BY " + a + ".pos), '[]') FROM " + Table(f.Sub) + " " + a + " WHERE " + a + ".parent_id = " + alias + ".id)", nil
}

// each renders an aggregate over sub-form rows, linked records or a list.
func (g *Gen) each(n *expr.Node) (string, error) {
	from, where, src, err := g.eachSource(n.Args[0])
	if err != nil {
		return "", err
	}
	g.elems = append(g.elems, src)
	defer func() { g.elems = g.elems[:len(g.elems)-1] }()
	var body *expr.Node
	if len(n.Args) > 1 {
		body = n.Args[1]
	}
	cond := "true"
	if body != nil && n.Name != "sum" && n.Name != "map" {
		if cond, err = g.cond(body, n.Name != "all"); err != nil {
			return "", err
		}
	} else if body == nil && n.Name != "sum" {
		switch {
		case src.scalar != "" && n.Name == "count":
			cond = src.scalar + " IS NOT NULL"
		case src.scalar != "" && src.kind == value.Bool:
			cond = "COALESCE(" + src.scalar + ", false)"
		}
	}
	switch n.Name {
	case "any":
		return "EXISTS (SELECT 1 FROM " + from + " WHERE " + where + " AND " + cond + ")", nil
	case "none":
		return "NOT EXISTS (SELECT 1 FROM " + from + " WHERE " + where + " AND " + cond + ")", nil
	case "all":
		return "NOT EXISTS (SELECT 1 FROM " + from + " WHERE " + where + " AND NOT " + cond + ")", nil
	case "one":
		return "((SELECT count(*) FROM " + from + " WHERE " + where + " AND " + cond + ") = 1)", nil
	case "count":
		return "(SELECT count(*)::numeric FROM " + from + " WHERE " + where + " AND " + cond + ")", nil
	case "sum":
		v := src.scalar
		if body != nil {
			if v, err = g.Value(body); err != nil {
				return "", err
			}
		}
		return "(SELECT COALESCE(sum(" + v + "), 0) FROM " + from + " WHERE " + where + ")", nil
	case "map":
		v, err := g.Value(body)
		if err != nil {
			return "", err
		}
		return "(SELECT COALESCE(array_agg(" + v + g.order(src) + "), '{}') FROM " + from + " WHERE " + where + ")", nil
	case "filter":
		v := src.scalar
		if v == "" {
			v = src.alias + ".id"
		}
		return "(SELECT COALESCE(array_agg(" + v + g.order(src) + "), '{}') FROM " + from + " WHERE " + where + " AND " + cond + ")", nil
	}
	return "", ErrNoSQL.With("name", n.Name).With("reason", "-")
}

func (g *Gen) order(s source) string {
	if s.entity != nil && s.entity.Parent != nil {
		return " ORDER BY " + s.alias + ".pos"
	}
	if s.scalar != "" {
		return " ORDER BY " + s.alias + ".o"
	}
	return ""
}

func (g *Gen) eachSource(l *expr.Node) (from, where string, src source, err error) {
	a := g.newAlias()
	if l.Op == expr.OpField && len(l.Path) == 1 && l.Root != "elem" {
		s, ok := g.roots[l.Root]
		if ok {
			f := s.entity.Field(l.Path[0].ID)
			if f != nil && f.Sub != nil {
				return Table(f.Sub) + " " + a, a + ".parent_id = " + s.alias + ".id", source{alias: a, entity: f.Sub}, nil
			}
			if f != nil && f.Target != nil && f.Kind == value.List {
				link, err := g.Column(s.alias, f)
				if err != nil {
					return "", "", source{}, err
				}
				guard, err := g.RowGuard(f.Target, a)
				return Table(f.Target) + " " + a, a + ".id = ANY(" + link + ")" + guard, source{alias: a, entity: f.Target}, err
			}
		}
	}
	v, err := g.Value(l)
	if err != nil {
		return "", "", source{}, err
	}
	return "unnest(" + v + ") WITH ORDINALITY AS " + a + "(v, o)", "true", source{alias: a, scalar: a + ".v", kind: l.Type.Elem}, nil
}

// query renders a cross-record aggregate as a correlated subquery.
func (g *Gen) query(n *expr.Node) (string, error) {
	e := g.Model.Entity(n.Query.Entity.ID)
	if e == nil {
		return "", expr.ErrEntity.With("name", n.Query.Entity.Key)
	}
	a := g.newAlias()
	return g.QueryOver(n.Query, e, a)
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
	where += guard
	from := Table(e) + " " + a
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
		return "EXISTS (SELECT 1 FROM " + from + " WHERE " + where + ")", nil
	case "count":
		return "(SELECT count(*)::numeric FROM " + from + " WHERE " + where + ")", nil
	case "sum":
		return "(SELECT COALESCE(sum(" + v + "), 0) FROM " + from + " WHERE " + where + ")", nil
	case "avg":
		return "(SELECT round(avg(" + v + "), 18) FROM " + from + " WHERE " + where + ")", nil
	case "min", "max":
		return "(SELECT " + q.Fn + "(" + v + ") FROM " + from + " WHERE " + where + ")", nil
	case "first":
		return "(SELECT " + a + ".id FROM " + from + " WHERE " + where + " ORDER BY " + a + ".created_at, " + a + ".id LIMIT 1)", nil
	case "last":
		return fmt.Sprintf("(SELECT COALESCE(array_agg(l.v ORDER BY l.c, l.i), '{}') FROM (SELECT %s AS v, %s.created_at AS c, %s.id AS i FROM %s WHERE %s AND %s IS NOT NULL ORDER BY %s.created_at DESC, %s.id DESC LIMIT %d) l)", v, a, a, from, where, v, a, a, q.N), nil
	}
	return "", ErrNoSQL.With("name", q.Fn).With("reason", "-")
}

// Package query turns typed expressions, filters and record requests into
// Postgres SQL: text plus parameters, never values inside the text.
//
// Access is part of every statement: the actor's row filter is added to every
// read, fields that only show on some rows become CASE, and a filter through a
// link carries the linked entity's own rights. The package does no I/O.
//
// One expression has one answer: the SQL of a condition or value gives what
// Program.Eval gives, compared case by case in fuzz_test.go. The exceptions are
// evaluations that end in a fault. A fault in a part that reads no column (a
// literal too large, a budget) refuses the statement; where a row's own values
// would overflow, the statement does not fail for that row's sake and its
// answer for that row is not defined.
//
// To add a function's SQL: one entry in functions_<group>.go. A function without
// one must carry a NoSQL reason in schema/expr.
package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

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

	notNull map[*schema.FieldModel]bool // fields that have a value on every row of the request
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

// sqlType is the type in which values of a type are rendered.
func sqlType(t expr.Type) string {
	if t.Kind == value.List {
		return field.DBFor(t.Elem, value.Null).SQL + "[]"
	}
	return field.DBFor(t.Kind, value.Null).SQL
}

// arrayOIDs are the parameter types of constant lists.
var arrayOIDs = map[value.Kind]uint32{value.Bool: 1000, value.Number: 1231, value.Date: 1182, value.Time: 1185, value.Ref: field.OIDUUIDArray, value.Object: 3807}

// bind adds a constant as a parameter. Texts compared with ids stay text.
func (g *Gen) bind(v value.Value, t expr.Type) string {
	switch v.Kind() {
	case value.Null:
		if t.Kind == value.Null {
			return "NULL"
		}
		return "NULL::" + sqlType(t)
	case value.Time:
		return g.Arg(store.Arg{OID: field.OIDTimestamptz, Val: timeText(v.Time())})
	case value.List:
		oid, known := arrayOIDs[elemOf(v, t)]
		if !known {
			oid = field.OIDTextArray
		}
		return g.Arg(store.Arg{OID: oid, Val: arrayText(v.List())})
	}
	return g.Arg(store.Of(v, field.DBFor(v.Kind(), value.Null).OID))
}

// elemOf is the kind of a constant list's elements.
func elemOf(v value.Value, t expr.Type) value.Kind {
	if t.Elem != value.Null {
		return t.Elem
	}
	for _, x := range v.List() {
		if !x.IsNull() {
			return x.Kind()
		}
	}
	return value.Null
}

// arrayText is the text form of an array, nulls kept.
func arrayText(l []value.Value) []byte {
	out := []byte{'{'}
	for i, v := range l {
		if i > 0 {
			out = append(out, ',')
		}
		switch v.Kind() {
		case value.Null:
			out = append(out, "NULL"...)
			continue
		case value.Time:
			out = append(append(append(out, '"'), timeText(v.Time())...), '"')
			continue
		}
		out = append(out, '"')
		for _, c := range []byte(v.String()) {
			if c == '"' || c == '\\' {
				out = append(out, '\\')
			}
			out = append(out, c)
		}
		out = append(out, '"')
	}
	return append(out, '}')
}

// timeText is the text form of an instant. The start of the first day of year
// 1 lies in the year before, in zones east of Greenwich.
func timeText(t time.Time) []byte {
	t = t.UTC()
	if y := t.Year(); y < 1 {
		return append(t.AppendFormat(fmt.Appendf(nil, "%04d", 1-y), "-01-02 15:04:05.999999Z07:00"), " BC"...)
	}
	return t.AppendFormat(nil, "2006-01-02 15:04:05.999999Z07:00")
}

// constant reports whether a subtree reads no column.
func (g *Gen) constant(n *expr.Node) bool { return g.constantIn(n, 0) }

// constantIn is constant inside loops each bodies of the subtree itself.
func (g *Gen) constantIn(n *expr.Node, loops int) bool {
	switch n.Op {
	case expr.OpField:
		if n.Root == "elem" {
			return loops > 0
		}
		if _, sql := g.roots[n.Root]; sql {
			return false
		}
	case expr.OpElem:
		return loops > 0
	case expr.OpQuery:
		return false
	}
	for i, a := range n.Args {
		if n.Op == expr.OpEach && i == 1 {
			loops++
		}
		if !g.constantIn(a, loops) {
			return false
		}
	}
	return true
}

// known is the value of a subtree that reads no column.
func (g *Gen) known(n *expr.Node) (v value.Value, ok bool, err error) {
	if n.Op == expr.OpLit {
		return n.Lit, true, nil
	}
	if g.constant(n) {
		v, err = expr.EvalNode(n, g.Env)
		return v, true, err
	}
	return value.Value{}, n.Type.Kind == value.Null, nil
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
	if v, ok, err := g.known(n); ok || err != nil {
		return boolText(v.Bool()), err
	}
	switch n.Op {
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
		if positive {
			if s, ok, err := g.through(n); ok || err != nil {
				return s, err
			}
		}
		if s, ok, err := g.compare(n, positive); ok || err != nil {
			return s, err
		}
	}
	s, err := g.Value(n)
	if err != nil {
		return "", err
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

// Value renders an expression as a SQL value of its kind's column type.
func (g *Gen) Value(n *expr.Node) (string, error) {
	if g.depth++; g.depth > 200 {
		return "", ErrDeep.New()
	}
	defer func() { g.depth-- }()
	if v, ok, err := g.known(n); ok || err != nil {
		return g.bind(v, n.Type), err
	}
	if n.Type.Kind == value.List && (n.Type.Elem == value.List || n.Type.Elem == value.Rows) {
		return "", ErrNoSQL.With("name", "[[…]]").With("reason", "a list of lists")
	}
	switch n.Op {
	case expr.OpField:
		if n.Root == "elem" {
			return g.path(g.elems[len(g.elems)-1], n.Path)
		}
		return g.path(g.roots[n.Root], n.Path)
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
		a, err := g.valueAs(n.Args[1], n.Type)
		if err != nil {
			return "", err
		}
		b, err := g.valueAs(n.Args[2], n.Type)
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
		return "ARRAY[" + strings.Join(parts, ", ") + "]::" + sqlType(n.Type), nil
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

// valueAs renders a value where one of a known type belongs: what is only known
// to be null, or a list of nulls, gets the type.
func (g *Gen) valueAs(n *expr.Node, t expr.Type) (string, error) {
	if n.Type.Kind == value.Null && t.Kind != value.Null {
		return "NULL::" + sqlType(t), nil
	}
	s, err := g.Value(n)
	if t.Kind == value.List && n.Type.Kind == value.List && n.Type.Elem == value.Null && t.Elem != value.Null {
		s += "::" + sqlType(t)
	}
	return s, err
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
		full, part := []string{row}, []string{row}
		for _, l := range access.Limits(gr, f) {
			w := ""
			if l.When != nil {
				if w, err = g.definer(l.When.Root, e, alias, false); err != nil {
					return "", "", err
				}
			}
			full = append(full, reaches(l, access.Shown, w))
			part = append(part, reaches(l, access.Partial, w))
		}
		fulls, parts = append(fulls, andOf(full)), append(parts, andOf(part))
	}
	return orOf(fulls), orOf(parts), nil
}

// reaches renders where a limit leaves at least a level; w is its condition.
func reaches(l access.Limit, level access.Level, w string) string {
	switch {
	case l.Least() >= level:
		return "true"
	case l.Most() < level:
		return "false"
	case l.Ruled >= level:
		return w
	}
	return "NOT " + w
}

func orOf(c []string) string { return joined(c, " OR ", "true", "false") }

func andOf(c []string) string { return joined(c, " AND ", "false", "true") }

// joined joins conditions; one of them alone decides, and one does nothing.
func joined(c []string, by, decides, nothing string) string {
	var parts []string
	for _, x := range c {
		switch {
		case x == decides:
			return decides
		case x != nothing && !slices.Contains(parts, x):
			parts = append(parts, x)
		}
	}
	switch len(parts) {
	case 0:
		return nothing
	case 1:
		return parts[0]
	}
	return "(" + strings.Join(parts, by) + ")"
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
		return "", access.ErrHidden.With("field", f.Def.Name)
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
	rights, roots, elems := g.Rights, g.roots, g.elems
	g.Rights, g.elems = nil, nil
	g.roots = map[string]source{"record": {alias: alias, entity: f.Entity}}
	above := ""
	if f.Entity.Parent != nil {
		above = g.newAlias()
		g.roots["parent"] = source{alias: above, entity: f.Entity.Parent}
	}
	defer func() { g.Rights, g.roots, g.elems = rights, roots, elems }()
	s, err := g.valueAs(f.Formula.Root, f.Expr.TypeOf())
	if err != nil {
		return "", err
	}
	if strings.Contains(s, above+".") && above != "" {
		s = "SELECT " + s + " FROM " + Table(f.Entity.Parent) + " " + above + " WHERE " + above + ".id = " + alias + ".parent_id"
	}
	want := field.DBFor(f.Kind, f.Elem).SQL
	return "(" + s + ")::" + want, nil
}

// childJSON renders the rows of a sub-form as a JSON array, exact numbers kept.
func (g *Gen) childJSON(alias string, f *schema.FieldModel) (string, error) {
	a := g.newAlias()
	parts := []string{"'id', " + a + ".id"}
	for _, c := range f.Sub.Fields {
		if g.Rights != nil && !g.Rights.On(f.Entity).ColumnShown(c) {
			continue
		}
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

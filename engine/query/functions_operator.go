package query

import (
	"slices"
	"strings"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/field"
	"tenon/schema/value"
)

// The operators. Comparisons are rendered apart from other calls, because their
// null rules depend on where they stand and because indexes serve them.

// comparisons names the operators that compare renders.
var comparisons = map[string]bool{"eq": true, "ne": true, "lt": true, "le": true, "gt": true, "ge": true, "between": true, "in": true, "overlaps": true,
	"contains": true, "starts_with": true, "ends_with": true}

var compareSQL = map[string]string{"lt": "<", "le": "<=", "gt": ">", "ge": ">="}

// compare renders a comparison. ok is false for any other function.
func (g *Gen) compare(n *expr.Node, positive bool) (s string, ok bool, err error) {
	if !comparisons[n.Fn.Name] {
		return "", false, nil
	}
	switch n.Fn.Name {
	case "eq", "ne":
		s, err = g.equal(n.Args[0], n.Args[1], n.Fn.Name == "ne", positive)
		return s, true, err
	case "in":
		s, err = g.in(n.Args[0], n.Args[1], positive)
		return s, true, err
	case "overlaps":
		s, err = g.overlaps(n.Args[0], n.Args[1], positive)
		return s, true, err
	}
	for _, a := range n.Args {
		if v, ok, err := g.known(a); err != nil || ok && v.IsNull() {
			return "false", true, err
		}
	}
	switch n.Fn.Name {
	case "between":
		s, err = g.between(n)
	case "lt", "le", "gt", "ge":
		s, err = g.ordered(n.Args[0], n.Args[1], compareSQL[n.Fn.Name])
	default:
		s, err = g.textual(n)
	}
	if err == nil && !positive {
		s = "COALESCE(" + s + ", false)"
	}
	return s, true, err
}

// through renders a condition on a field behind a link as a search for the
// linked record, which Postgres can plan from either side; the field's value
// alone would be looked up row by row. It serves only where null may stand for
// false and null in the field cannot make the condition true.
func (g *Gen) through(n *expr.Node) (s string, ok bool, err error) {
	at := -1
	for i, a := range n.Args {
		if a.Op == expr.OpField && len(a.Path) > 1 && a.Path[0].Kind == value.Ref && !g.constant(a) {
			at = i
		}
	}
	if at < 0 || !g.rejectsNull(n) {
		return "", false, nil
	}
	a := n.Args[at]
	r := &rows{last: g.roots[a.Root]}
	if a.Root == "elem" {
		r.last = g.elems[len(g.elems)-1]
	}
	if err := g.step(r, a.Path[0]); err != nil {
		return "", true, err
	}
	there := "\x00" + r.last.alias // a name that no expression has
	field, cond := a.Copy(), n.Copy()
	field.Root, field.Path = there, a.Path[1:]
	cond.Args = slices.Clone(n.Args)
	cond.Args[at] = field
	g.roots[there] = r.last
	defer delete(g.roots, there)
	c, err := g.cond(cond, true)
	r.where = append(r.where, c)
	return "EXISTS (SELECT 1" + r.sql() + ")", true, err
}

// rejectsNull reports whether a comparison is never true while an operand that
// reads columns is null, or is the empty list.
func (g *Gen) rejectsNull(n *expr.Node) bool {
	name := n.Fn.Name
	if !comparisons[name] || name == "ne" {
		return false
	}
	if name != "eq" && name != "in" && name != "overlaps" {
		return true
	}
	for _, a := range n.Args {
		v, ok, err := g.known(a)
		if err != nil || !ok {
			continue
		}
		if v.IsNull() || v.Kind() == value.List && name == "eq" {
			return false
		}
		_, hasNull := alike(v.List(), value.Null)
		return !hasNull
	}
	return false
}

func (g *Gen) between(n *expr.Node) (string, error) {
	var p [3]string
	for i, a := range n.Args {
		s, err := g.Value(a)
		if err != nil {
			return "", err
		}
		p[i] = s
	}
	return "(" + p[0] + " BETWEEN " + p[1] + " AND " + p[2] + ")", nil
}

// ordered renders < <= > >=. Ids compare as their texts do.
func (g *Gen) ordered(a, b *expr.Node, op string) (string, error) {
	render, collate := g.Value, ""
	if a.Type.Kind == value.Text || b.Type.Kind == value.Text {
		render, collate = g.text, ` COLLATE "C"`
	}
	x, err := render(a)
	if err != nil {
		return "", err
	}
	y, err := render(b)
	return "(" + x + collate + " " + op + " " + y + ")", err
}

// textual renders contains, startsWith and endsWith.
func (g *Gen) textual(n *expr.Node) (string, error) {
	a, err := g.text(n.Args[0])
	if err != nil {
		return "", err
	}
	v, ok, err := g.known(n.Args[1])
	if err != nil {
		return "", err
	}
	if ok {
		p := likeEscape(v.Text())
		switch n.Fn.Name {
		case "contains":
			p = "%" + p + "%"
		case "starts_with":
			p += "%"
		default:
			p = "%" + p
		}
		return "(" + a + " LIKE " + g.Arg(store.Text(p)) + ")", nil
	}
	b, err := g.text(n.Args[1])
	if err != nil {
		return "", err
	}
	switch n.Fn.Name {
	case "contains":
		return "(strpos(" + a + ", " + b + ") > 0)", nil
	case "starts_with":
		return "starts_with(" + a + ", " + b + ")", nil
	}
	return "starts_with(reverse(" + a + "), reverse(" + b + "))", nil
}

func likeEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// isUUID accepts ids as they are stored and compared: in lower case.
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
			if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
				return false
			}
		}
	}
	return true
}

// equal renders == and !=, which are total. With a constant or an id on one
// side plain equality serves where null may stand for false, and uses indexes: a
// null column is simply not equal. Indexes do not serve IS NOT DISTINCT FROM.
func (g *Gen) equal(a, b *expr.Node, not, positive bool) (string, error) {
	u, fixedA, err := g.known(a)
	if err != nil {
		return "", err
	}
	v, fixedB, err := g.known(b)
	if err != nil {
		return "", err
	}
	if fixedA && u.IsNull() {
		a, b, v, fixedB = b, a, u, true
		fixedA = b.Type.Kind == value.Null
	}
	if fixedB && v.IsNull() {
		x, err := g.Value(a)
		if err != nil {
			return "", err
		}
		if not {
			return "(" + x + " IS NOT NULL)", nil
		}
		return "(" + x + " IS NULL)", nil
	}
	x, y, never, err := g.pair(a, b)
	if err != nil {
		return "", err
	}
	switch {
	case never:
		return boolText(not), nil
	case not:
		return "(" + x + " IS DISTINCT FROM " + y + ")", nil
	case positive && (fixedA || fixedB || g.isID(a) || g.isID(b)):
		return "(" + x + " = " + y + ")", nil
	case positive && simple(x) && simple(y):
		return "(" + x + " = " + y + " OR " + x + " IS NULL AND " + y + " IS NULL)", nil
	}
	return "(" + x + " IS NOT DISTINCT FROM " + y + ")", nil
}

// isID reports whether a node is the id of a row that is read, never null.
func (g *Gen) isID(n *expr.Node) bool {
	_, sql := g.roots[n.Root]
	return n.Op == expr.OpField && (sql || n.Root == "elem") && (len(n.Path) == 0 || len(n.Path) == 1 && n.Path[0].ID == "id")
}

// pair renders two operands of an equality so that Postgres compares like with
// like: an id beside a text becomes text unless the text is a constant id.
// never means that they cannot be equal, nor both null.
func (g *Gen) pair(a, b *expr.Node) (x, y string, never bool, err error) {
	ta, tb := a.Type, b.Type
	if ta.Kind == value.Text && tb.Kind == value.Ref {
		y, x, never, err = g.pair(b, a)
		return x, y, never, err
	}
	if ta.Kind == value.Ref && tb.Kind == value.Text {
		if v, ok, err := g.known(b); ok || err != nil {
			if err != nil || !isUUID(v.Text()) {
				return "", "", true, err
			}
			x, err = g.Value(a)
			return x, g.Arg(store.UUID(v.Text())), false, err
		}
		if x, err = g.text(a); err != nil {
			return "", "", false, err
		}
		y, err = g.Value(b)
		return x, y, false, err
	}
	if x, err = g.valueAs(a, tb); err != nil {
		return "", "", false, err
	}
	if y, err = g.valueAs(b, ta); err != nil {
		return "", "", false, err
	}
	if ta.Kind == value.List && tb.Kind == value.List && ta.Elem != tb.Elem && ta.Elem != value.Null && tb.Elem != value.Null {
		if !isTextual(ta.Elem) || !isTextual(tb.Elem) {
			return "", "", false, ErrNoSQL.With("name", "==").With("reason", "lists of "+ta.Elem.String()+" and "+tb.Elem.String())
		}
		x, y = x+"::text[]", y+"::text[]"
	}
	return x, y, false, nil
}

func isTextual(k value.Kind) bool { return k == value.Text || k == value.Ref }

// in renders membership in a list, in which null is a value like any other.
func (g *Gen) in(x, l *expr.Node, positive bool) (string, error) {
	list, fixed, err := g.known(l)
	if err != nil {
		return "", err
	}
	if fixed {
		return g.inConstant(x, list.List(), positive)
	}
	v, fixed, err := g.known(x)
	if err != nil {
		return "", err
	}
	if fixed && !v.IsNull() {
		keep, _ := alike([]value.Value{v}, l.Type.Elem)
		if len(keep) == 0 {
			return "false", nil
		}
		return g.holds(l, keep, "@>", positive)
	}
	ls, err := g.valueAs(l, expr.ListOf(x.Type.Kind))
	if err != nil {
		return "", err
	}
	xs, err := g.valueAs(x, expr.T(l.Type.Elem))
	if err != nil {
		return "", err
	}
	if l.Type.Elem == value.Ref && x.Type.Kind == value.Text {
		ls += "::text[]"
	} else if l.Type.Elem == value.Text && x.Type.Kind == value.Ref {
		xs += "::text"
	}
	return "(array_position(" + ls + ", " + xs + ") IS NOT NULL)", nil
}

// inConstant renders membership in a constant list.
func (g *Gen) inConstant(x *expr.Node, list []value.Value, positive bool) (string, error) {
	keep, hasNull := alike(list, x.Type.Kind)
	if v, ok, err := g.known(x); ok || err != nil {
		return boolText(v.IsNull() && hasNull), err
	}
	if len(keep) == 0 && !hasNull {
		return "false", nil
	}
	xs, err := g.Value(x)
	if err != nil {
		return "", err
	}
	s := ""
	switch len(keep) {
	case 0:
		return "(" + xs + " IS NULL)", nil
	case 1:
		s = " = " + g.bind(keep[0], x.Type)
	default:
		s = " = ANY(" + g.bind(value.OfList(keep), expr.ListOf(x.Type.Kind)) + ")"
	}
	if hasNull {
		return g.let([]string{xs}, func(p []string) string { return "(" + p[0] + s + " OR " + p[0] + " IS NULL)" }), nil
	}
	if s = "(" + xs + s + ")"; positive {
		return s, nil
	}
	return "COALESCE(" + s + ", false)", nil
}

// holds renders that a list holds one (&&) or all (@>) of the constants, none
// of them null. Links are looked up in their table, other lists in an index on
// the column.
func (g *Gen) holds(l *expr.Node, vs []value.Value, op string, positive bool) (string, error) {
	if f, alias, ok := g.linkField(l); ok && (op == "&&" || len(vs) == 1) {
		a := g.newAlias()
		return "EXISTS (SELECT 1 FROM " + store.Ident(f.Entity.Schema, f.Column) + " " + a + " WHERE " + a + ".src = " + alias + ".id AND " + a + ".dst = ANY(" + g.bind(value.OfList(vs), l.Type) + "))", nil
	}
	s, err := g.Value(l)
	if err != nil {
		return "", err
	}
	s = "(" + s + " " + op + " " + g.bind(value.OfList(vs), l.Type) + ")"
	if !positive {
		s = "COALESCE(" + s + ", false)"
	}
	return s, nil
}

// linkField is the many link that a node reads from a record, when it shows on
// every row.
func (g *Gen) linkField(n *expr.Node) (f *schema.FieldModel, alias string, ok bool) {
	if n.Op != expr.OpField || len(n.Path) != 1 || n.Root == "elem" {
		return nil, "", false
	}
	s := g.roots[n.Root]
	if f = s.entity.Field(n.Path[0].ID); f == nil || f.Storage != field.Links {
		return nil, "", false
	}
	full, _, err := g.FieldLevels(f.Entity, f, s.alias)
	return f, s.alias, err == nil && full == "true"
}

// overlaps renders that two lists have a value in common; null is one.
func (g *Gen) overlaps(a, b *expr.Node, positive bool) (string, error) {
	for _, pair := range [][2]*expr.Node{{a, b}, {b, a}} {
		v, ok, err := g.known(pair[1])
		if err != nil {
			return "", err
		}
		if !ok {
			continue
		}
		keep, hasNull := alike(v.List(), pair[0].Type.Elem)
		switch {
		case hasNull:
		case len(keep) == 0:
			return "false", nil
		default:
			return g.holds(pair[0], keep, "&&", positive)
		}
	}
	x, y, _, err := g.pair(a, b)
	if err != nil {
		return "", err
	}
	s := g.let([]string{x, y}, func(p []string) string {
		return "(" + p[0] + " && " + p[1] + " OR array_position(" + p[0] + ", NULL) IS NOT NULL AND array_position(" + p[1] + ", NULL) IS NOT NULL)"
	})
	return "COALESCE(" + s + ", false)", nil
}

// alike keeps those constants that can equal a value of a kind.
func alike(l []value.Value, k value.Kind) (keep []value.Value, hasNull bool) {
	for _, v := range l {
		switch {
		case v.IsNull():
			hasNull = true
		case k == value.Ref && isTextual(v.Kind()):
			if isUUID(v.Text()) {
				keep = append(keep, value.OfRef(v.Text()))
			}
		case k == value.Text && isTextual(v.Kind()):
			keep = append(keep, value.OfText(v.Text()))
		case k == v.Kind():
			keep = append(keep, v)
		}
	}
	return keep, hasNull
}

// operatorSQL are the operators that compute.
var operatorSQL = map[string]sqlFunc{
	"add": plain("($1 + $2)"),
	"sub": plain("($1 - $2)"),
	"mul": plain("round($1 * $2, 18)"),
	"div": func(c *call) (string, error) { return quotient(c.args[0], "NULLIF("+c.args[1]+", 0)"), nil },
	"rem": plain("($1 % NULLIF($2, 0))"),
	"neg": plain("(- $1)"),
	"coalesce": func(c *call) (string, error) {
		return "COALESCE(" + c.as(0, c.n.Type) + ", " + c.as(1, c.n.Type) + ")", nil
	},
	"text_add": func(c *call) (string, error) { return "(" + c.text(0) + " || " + c.text(1) + ")", nil },
	"to_time":  func(c *call) (string, error) { return c.moment(0), nil },
}

// quotient divides, rounding half away from zero at 18 decimals. With 80 digits
// behind the point the first rounding, by Postgres, cannot make a half of what
// is none: a quotient of two numbers is at least 5e-75 away from one.
func quotient(a, b string) string { return "round((" + a + ")::numeric(1000, 80) / " + b + ", 18)" }

package query

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"tenon/schema/expr"
	"tenon/schema/value"
)

// call is a function call on its way to SQL.
type call struct {
	*Gen
	n    *expr.Node
	args []string // rendered, in the column types of their kinds; "NULL" where only null is known
}

// sqlFunc renders a call. The null rule of a strict function is its own task
// only where Postgres would answer something else: bound takes it over.
type sqlFunc func(c *call) (string, error)

// functionSQL is the SQL of the functions by name.
var functionSQL map[string]sqlFunc

// The table is filled here because its functions render their arguments, which
// are calls again.
func init() {
	functionSQL = map[string]sqlFunc{}
	for _, group := range []map[string]sqlFunc{operatorSQL, logicSQL, mathSQL, textSQL, formatSQL, listSQL, dateSQL, calendarSQL, memberSQL} {
		maps.Copy(functionSQL, group)
	}
}

// HasSQL reports whether calls of a function can be rendered. Functions
// without arguments are constants of the statement; some others become nodes of
// the tree that always can.
func HasSQL(f *expr.Func) bool {
	return functionSQL[f.Name] != nil || comparisons[f.Name] || f.Go == nil || len(f.Args) == 0 && f.Group != "operator"
}

// call renders a function call.
func (g *Gen) call(n *expr.Node) (string, error) {
	f := functionSQL[n.Fn.Name]
	if f == nil {
		return "", noSQL(n, n.Fn.NoSQL)
	}
	c := &call{Gen: g, n: n, args: make([]string, len(n.Args))}
	for i, a := range n.Args {
		v, ok, err := g.known(a)
		if err != nil {
			return "", err
		}
		if ok && v.IsNull() && !n.Fn.NullOK {
			return "NULL::" + sqlType(n.Type), nil
		}
		if a.Type.Kind == value.Rows {
			continue // rendered as a source of rows by the few that take them
		}
		if c.args[i], err = g.Value(a); err != nil {
			return "", err
		}
	}
	return f(c)
}

func noSQL(n *expr.Node, reason string) error {
	if reason == "" {
		reason = "-"
	}
	return ErrNoSQL.With("name", n.Fn.Name).With("reason", reason)
}

// plain is a function that is as strict as its SQL and uses each argument
// once: $1 is the first.
func plain(format string) sqlFunc {
	return func(c *call) (string, error) {
		s := format
		for i := len(c.args) - 1; i >= 0; i-- {
			s = strings.ReplaceAll(s, "$"+strconv.Itoa(i+1), "\x00"+strconv.Itoa(i)+"\x00")
		}
		for i, a := range c.args {
			s = strings.ReplaceAll(s, "\x00"+strconv.Itoa(i)+"\x00", a)
		}
		return s, nil
	}
}

// bound is a strict function whose SQL uses arguments several times or is not
// strict itself: they are computed once, and null gives null.
func bound(f func(c *call) string) sqlFunc {
	return func(c *call) (string, error) {
		return c.strict(f), nil
	}
}

func (c *call) strict(f func(c *call) string) string {
	return c.let(c.args, func(p []string) string {
		var some []string
		for i, a := range c.n.Args {
			if _, fixed, _ := c.known(a); !fixed {
				some = append(some, p[i]+" IS NOT NULL")
			}
		}
		s := f(&call{c.Gen, c.n, p})
		if len(some) == 0 {
			return s
		}
		return "(CASE WHEN " + strings.Join(some, " AND ") + " THEN " + s + " END)"
	})
}

// simple reports whether rendered SQL may be repeated without repeating work.
func simple(sql string) bool { return !strings.ContainsAny(sql, " (") }

// let computes SQL values once and gives body names for them. Nested calls
// that repeated their arguments would double them at every level.
func (g *Gen) let(values []string, body func(p []string) string) string {
	p, cols, x := make([]string, len(values)), []string(nil), ""
	for i, v := range values {
		if p[i] = v; simple(v) {
			continue
		}
		if x == "" {
			x = g.newAlias()
		}
		name := "a" + strconv.Itoa(i+1)
		p[i], cols = x+"."+name, append(cols, v+" AS "+name)
	}
	if x == "" {
		return body(p)
	}
	// OFFSET keeps the planner from putting the values back in their places.
	return "(SELECT " + body(p) + " FROM (SELECT " + strings.Join(cols, ", ") + " OFFSET 0) " + x + ")"
}

func (g *Gen) once(sql string, body func(p string) string) string {
	return g.let([]string{sql}, func(p []string) string { return body(p[0]) })
}

// kind is the static kind of an argument.
func (c *call) kind(i int) value.Kind { return c.n.Args[i].Type.Kind }

// as is an argument where a value of a known type belongs.
func (c *call) as(i int, t expr.Type) string {
	switch {
	case c.args[i] == "NULL":
		return "NULL::" + sqlType(t)
	case t.Kind == value.List && c.kind(i) == value.List && c.n.Args[i].Type.Elem == value.Null && t.Elem != value.Null:
		return c.args[i] + "::" + sqlType(t)
	}
	return c.args[i]
}

// text is an argument as text.
func (c *call) text(i int) string { return c.textOf(c.args[i], c.n.Args[i].Type) }

// fixed is a constant whole number, written out: of a parameter that is too
// large, the cast would fail while planning.
func (c *call) fixed(i int, lo, hi int64, cut func(decimal.Decimal) decimal.Decimal) (string, bool) {
	v, ok, err := c.known(c.n.Args[i])
	if !ok || err != nil {
		return "", false
	}
	d, n := cut(v.Number()), int64(0)
	switch {
	case d.LessThanOrEqual(decimal.NewFromInt(lo)):
		n = lo
	case d.GreaterThanOrEqual(decimal.NewFromInt(hi)):
		n = hi
	default:
		n = d.IntPart()
	}
	s := strconv.FormatInt(n, 10)
	if n < 0 {
		s = "'" + s + "'::int"
	}
	return s, true
}

// whole is a number argument cut to a whole one between lo and hi, null if null.
func (c *call) whole(i int, lo, hi int64) string {
	return c.integer(i, lo, hi, "trunc", func(d decimal.Decimal) decimal.Decimal { return d.Truncate(0) })
}

// floor is whole, rounded down.
func (c *call) floor(i int, lo, hi int64) string {
	return c.integer(i, lo, hi, "floor", decimal.Decimal.Floor)
}

func (c *call) integer(i int, lo, hi int64, sql string, cut func(decimal.Decimal) decimal.Decimal) string {
	if s, ok := c.fixed(i, lo, hi, cut); ok {
		return s
	}
	return c.once(c.args[i], func(p string) string {
		return fmt.Sprintf("(CASE WHEN %s <= %d THEN %d WHEN %s >= %d THEN %d ELSE %s(%s) END)::int", p, lo, lo, p, hi, hi, sql, p)
	})
}

package query

import (
	"strconv"
	"strings"

	"tenon/schema/expr"
	"tenon/schema/value"
)

// listSQL are the functions of lists.
var listSQL = map[string]sqlFunc{
	"COUNT": func(c *call) (string, error) {
		var parts, scalars []string
		for i, a := range c.args {
			switch c.kind(i) {
			case value.List:
				parts = append(parts, "COALESCE(cardinality(array_remove("+a+", NULL)), 0)")
			case value.Rows:
				r, err := c.source(c.n.Args[i])
				if err != nil {
					return "", err
				}
				parts = append(parts, "(SELECT count(*)"+r.sql()+")")
			case value.Null:
			default:
				scalars = append(scalars, a)
			}
		}
		if len(scalars) > 0 {
			parts = append(parts, "num_nonnulls("+strings.Join(scalars, ", ")+")")
		}
		if len(parts) == 0 {
			return "0::numeric", nil
		}
		return "(" + strings.Join(parts, " + ") + ")::numeric", nil
	},
	"SUMPRODUCT": func(c *call) (string, error) {
		lists := make([]string, len(c.args))
		for i := range c.args {
			lists[i] = "COALESCE(" + c.as(i, expr.ListOf(value.Number)) + ", '{}')"
		}
		return c.let(lists, func(p []string) string {
			product, names, same := "COALESCE(u.v1, 0)", []string{"v1"}, []string{"true"}
			for i := 1; i < len(p); i++ {
				name := "v" + strconv.Itoa(i+1)
				names = append(names, name)
				product = "round(" + product + " * COALESCE(u." + name + ", 0), 18)"
				same = append(same, "cardinality("+p[i]+") = cardinality("+p[0]+")")
			}
			return "(CASE WHEN " + strings.Join(same, " AND ") + " THEN (SELECT COALESCE(sum(" + product + "), 0) FROM unnest(" + strings.Join(p, ", ") + ") u(" + strings.Join(names, ", ") + ")) END)"
		}), nil
	},
	"MEDIAN": func(c *call) (string, error) {
		half := quotient("m.s[m.n / 2] + m.s[m.n / 2 + 1]", "2")
		return "(SELECT CASE WHEN m.n % 2 = 1 THEN m.s[m.n / 2 + 1] ELSE " + half + " END FROM (SELECT array_agg(f.v ORDER BY f.v) AS s, count(*)::int AS n FROM unnest(" + c.flat(value.Number) + ") f(v) WHERE f.v IS NOT NULL) m)", nil
	},
	"LARGE": rank(true),
	"SMALL": rank(false),
	"INDEX": func(c *call) (string, error) {
		at := c.whole(1, -maxIndex, maxIndex)
		if at[0] >= '0' && at[0] <= '9' {
			return "(" + c.args[0] + ")[" + at + "]", nil
		}
		return c.let([]string{c.args[0], at}, func(p []string) string {
			return "(" + p[0] + ")[CASE WHEN " + p[1] + " < 0 THEN cardinality(" + p[0] + ") + 1 + " + p[1] + " ELSE " + p[1] + " END]"
		}), nil
	},
	"FIRST": func(c *call) (string, error) { return "(" + c.args[0] + ")[1]", nil },
	"LAST": func(c *call) (string, error) {
		return c.once(c.args[0], func(p string) string { return "(" + p + ")[cardinality(" + p + ")]" }), nil
	},
	"UNIQUE": bound(func(c *call) string { return distinct(c.args[0]) }),
	"UNION": func(c *call) (string, error) {
		parts := make([]string, len(c.args))
		for i, a := range c.n.Args {
			if a.Type.Kind == value.List && a.Type.Elem != value.Null && a.Type.Elem != c.n.Type.Elem {
				return "", noSQL(c.n, "lists of "+c.n.Type.Elem.String()+" and "+a.Type.Elem.String())
			}
			parts[i] = c.as(i, c.n.Type)
		}
		return distinct(strings.Join(parts, " || ")), nil
	},
	"SORT": func(c *call) (string, error) {
		elem := c.n.Args[0].Type.Elem
		if len(c.args) == 1 {
			return c.strict(func(c *call) string { return sorted(c.args[0], elem, false) }), nil
		}
		if v, ok, err := c.known(c.n.Args[1]); ok || err != nil {
			return c.strict(func(c *call) string { return sorted(c.args[0], elem, v.Bool()) }), err
		}
		return c.strict(func(c *call) string {
			return "(CASE WHEN " + c.args[1] + " THEN " + sorted(c.args[0], elem, true) + " ELSE " + sorted(c.args[0], elem, false) + " END)"
		}), nil
	},
}

// maxIndex bounds positions in lists.
const maxIndex = 1 << 20

// order is the ORDER BY of an element.
func order(v string, elem value.Kind, descending bool) string {
	if elem == value.Text {
		v += ` COLLATE "C"`
	}
	if descending {
		v += " DESC"
	}
	return v
}

func sorted(list string, elem value.Kind, descending bool) string {
	return "ARRAY(SELECT u.v FROM unnest(" + list + ") u(v) WHERE u.v IS NOT NULL ORDER BY " + order("u.v", elem, descending) + ")"
}

// distinct leaves out nulls and repetitions, in order of first appearance.
func distinct(list string) string {
	return "ARRAY(SELECT d.v FROM (SELECT u.v, min(u.o) AS o FROM unnest(" + list + ") WITH ORDINALITY u(v, o) WHERE u.v IS NOT NULL GROUP BY u.v) d ORDER BY d.o)"
}

// rank is LARGE or SMALL.
func rank(descending bool) sqlFunc {
	return func(c *call) (string, error) {
		return "(" + sorted(c.args[0], c.n.Args[0].Type.Elem, descending) + ")[" + c.whole(1, 0, maxIndex) + "]", nil
	}
}

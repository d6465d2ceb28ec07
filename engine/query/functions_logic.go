package query

import (
	"strings"

	"tenon/schema/expr"
	"tenon/schema/value"
)

// logicSQL are the functions of truth values and of choosing.
var logicSQL = map[string]sqlFunc{
	"XOR": func(c *call) (string, error) {
		parts := make([]string, len(c.args))
		for i := range c.args {
			if c.kind(i) == value.List {
				parts[i] = "(SELECT count(*) FROM unnest(" + c.as(i, expr.ListOf(value.Bool)) + ") u(v) WHERE u.v)"
			} else {
				parts[i] = "COALESCE(" + c.args[i] + ", false)::int"
			}
		}
		return "((" + strings.Join(parts, " + ") + ") % 2 = 1)", nil
	},
	"SWITCH": func(c *call) (string, error) {
		types := make([]expr.Type, len(c.args))
		for i, a := range c.n.Args {
			types[i] = a.Type
		}
		var faults error
		s := c.once(c.args[0], func(x string) string {
			var b strings.Builder
			b.WriteString("(CASE")
			i := 1
			for ; i+1 < len(c.args); i += 2 {
				l, r, err := c.like(x, types[0], c.args[i], types[i])
				if err != nil {
					faults = err
				}
				b.WriteString(" WHEN " + l + " IS NOT DISTINCT FROM " + r + " THEN " + c.as(i+1, c.n.Type))
			}
			if i < len(c.args) {
				b.WriteString(" ELSE " + c.as(i, c.n.Type))
			}
			return b.String() + " END)"
		})
		return s, faults
	},
	"ISEMPTY": func(c *call) (string, error) {
		a := c.args[0]
		switch c.kind(0) {
		case value.Text:
			return "COALESCE(" + a + " = '', true)", nil
		case value.List:
			return "COALESCE(cardinality(" + a + ") = 0, true)", nil
		case value.Object:
			return "COALESCE(" + a + " IN ('null', '{}', '[]'), true)", nil
		case value.Rows:
			r, err := c.source(c.n.Args[0])
			return "(NOT EXISTS (SELECT 1" + r.sql() + "))", err
		}
		return "(" + a + " IS NULL)", nil
	},
}

// like makes two rendered values comparable.
func (c *call) like(x string, tx expr.Type, y string, ty expr.Type) (string, string, error) {
	switch {
	case tx.Kind == value.Null || ty.Kind == value.Null:
	case tx.Kind == value.List && tx.Elem != ty.Elem:
		switch {
		case tx.Elem == value.Null:
			x += "::" + sqlType(ty)
		case ty.Elem == value.Null:
			y += "::" + sqlType(tx)
		case isTextual(tx.Elem) && isTextual(ty.Elem):
			x, y = x+"::text[]", y+"::text[]"
		default:
			return "", "", noSQL(c.n, "lists of "+tx.Elem.String()+" and "+ty.Elem.String())
		}
	case tx.Kind == value.Ref && ty.Kind == value.Text:
		x += "::text"
	case tx.Kind == value.Text && ty.Kind == value.Ref:
		y += "::text"
	}
	return x, y, nil
}

package query

import (
	"strings"

	"tenon/schema/expr"
	"tenon/schema/value"
)

// mathSQL are the functions of numbers. Numbers are exact; what must be rounded
// is, half away from zero.
var mathSQL = map[string]sqlFunc{
	"SUM": func(c *call) (string, error) {
		if !c.hasList() {
			parts := make([]string, len(c.args))
			for i, a := range c.args {
				parts[i] = "COALESCE(" + a + ", 0)"
			}
			return "(" + strings.Join(parts, " + ") + ")", nil
		}
		return "(SELECT COALESCE(sum(f.v), 0) FROM unnest(" + c.flat(value.Number) + ") f(v))", nil
	},
	"AVERAGE": func(c *call) (string, error) {
		return "(SELECT " + quotient("sum(f.v)", "NULLIF(count(f.v), 0)") + " FROM unnest(" + c.flat(value.Number) + ") f(v))", nil
	},
	"MAX":   extreme("greatest", "max"),
	"MIN":   extreme("least", "min"),
	"ABS":   plain("abs($1)"),
	"SIGN":  plain("sign($1)"),
	"INT":   plain("floor($1)"),
	"ROUND": func(c *call) (string, error) { return "round(" + c.args[0] + ", " + c.places(1) + ")", nil },
	"ROUNDUP": bound(func(c *call) string {
		unit := c.once(c.places(1), func(p string) string { return "('1e' || (0 - " + p + "))::numeric" })
		cut := "trunc(" + c.args[0] + ", " + c.places(1) + ")"
		return "(" + cut + " + (CASE WHEN " + cut + " = " + c.args[0] + " THEN 0 ELSE sign(" + c.args[0] + ") * " + unit + " END))"
	}),
	"ROUNDDOWN": func(c *call) (string, error) { return "trunc(" + c.args[0] + ", " + c.places(1) + ")", nil },
	// The remainder takes the divisor's sign.
	"MOD": bound(func(c *call) string {
		return c.once("("+c.args[0]+" % NULLIF("+c.args[1]+", 0))", func(m string) string {
			return "(CASE WHEN sign(" + m + ") = - sign(" + c.args[1] + ") THEN " + m + " + " + c.args[1] + " ELSE " + m + " END)"
		})
	}),
	"CEILING": multiple("ceil", func(n, step, r string) string {
		return "WHEN " + r + " > 0 THEN " + n + " - " + r + " + abs(" + step + ") WHEN " + r + " < 0 AND " + step + " < 0 THEN " + n + " - " + r + " + " + step
	}),
	"FLOOR": multiple("floor", func(n, step, r string) string {
		return "WHEN " + r + " < 0 AND " + step + " > 0 THEN " + n + " - " + r + " - " + step
	}),
	"SQRT": bound(func(c *call) string {
		// As for quotients, 80 digits are more than a root can lie near a half.
		return "(CASE WHEN " + c.args[0] + " >= 0 THEN round(sqrt(" + c.args[0] + "::numeric(1000, 80)), 18) END)"
	}),
	"CLAMP": bound(func(c *call) string {
		return "least(greatest(" + c.args[0] + ", " + c.args[1] + "), " + c.args[2] + ")"
	}),
	"PERCENT": func(c *call) (string, error) { return c.ratio(c.args[0], "NULLIF("+c.args[1]+", 0)"), nil },
	"GROWTH": bound(func(c *call) string {
		return c.ratio("("+c.args[0]+" - "+c.args[1]+")", "abs(NULLIF("+c.args[1]+", 0))")
	}),
}

// places is the digits argument of rounding.
func (c *call) places(i int) string {
	if len(c.args) <= i {
		return "0"
	}
	return c.whole(i, -38, 18)
}

// ratio divides, rounded to the decimals of a per cent.
func (c *call) ratio(part, whole string) string {
	digits := "4"
	if len(c.args) > 2 {
		digits = c.whole(2, -38, 16) + " + 2"
	}
	return "round(" + quotient(part, whole) + ", " + digits + ")"
}

func (c *call) hasList() bool {
	for i := range c.args {
		if c.kind(i) == value.List {
			return true
		}
	}
	return false
}

// flat renders variadic arguments as one array, lists spread.
func (c *call) flat(elem value.Kind) string {
	var parts, scalars []string
	for i := range c.args {
		if c.kind(i) == value.List {
			parts = append(parts, c.as(i, expr.ListOf(elem)))
		} else {
			scalars = append(scalars, c.args[i])
		}
	}
	if len(scalars) > 0 {
		parts = append(parts, "ARRAY["+strings.Join(scalars, ", ")+"]::"+sqlType(expr.ListOf(elem)))
	}
	return strings.Join(parts, " || ")
}

// extreme is MAX or MIN of numbers, dates or instants.
func extreme(scalars, rows string) sqlFunc {
	return func(c *call) (string, error) {
		if c.hasList() {
			return "(SELECT " + rows + "(f.v) FROM unnest(" + c.flat(c.n.Type.Kind) + ") f(v))", nil
		}
		parts := make([]string, len(c.args))
		for i := range c.args {
			parts[i] = c.as(i, c.n.Type)
		}
		return scalars + "(" + strings.Join(parts, ", ") + ")", nil
	}
}

// multiple is CEILING or FLOOR: n without its remainder r, and a step further
// in the cases that further names.
func multiple(unit string, further func(n, step, r string) string) sqlFunc {
	return func(c *call) (string, error) {
		if len(c.args) == 1 {
			return unit + "(" + c.args[0] + ")", nil
		}
		return c.strict(func(c *call) string {
			n, step := c.args[0], c.args[1]
			return c.once("("+n+" % NULLIF("+step+", 0))", func(r string) string {
				return "(CASE " + further(n, step, r) + " ELSE " + n + " - " + r + " END)"
			})
		}), nil
	}
}

package query

import (
	"strings"

	"tenon/schema/expr"
	"tenon/schema/value"
)

// textSQL are the functions of texts. Nothing depends on a locale: only ASCII
// letters have a case.
var textSQL = map[string]sqlFunc{
	"CONCATENATE": func(c *call) (string, error) {
		parts := make([]string, len(c.args))
		for i, a := range c.args {
			switch {
			case c.kind(i) == value.List:
				parts[i] = "array_to_string(" + c.texts(a, c.n.Args[i].Type.Elem) + ", '')"
			default:
				parts[i] = c.text(i)
			}
			parts[i] = "COALESCE(" + parts[i] + ", '')"
		}
		return "(" + strings.Join(parts, " || ") + ")", nil
	},
	"LEN": func(c *call) (string, error) {
		if c.kind(0) == value.List {
			return "COALESCE(cardinality(" + c.args[0] + "), 0)::numeric", nil
		}
		return "COALESCE(length(" + c.text(0) + "), 0)::numeric", nil
	},
	"LEFT":  func(c *call) (string, error) { return "left(" + c.text(0) + ", " + c.count(1, "1") + ")", nil },
	"RIGHT": func(c *call) (string, error) { return "right(" + c.text(0) + ", " + c.count(1, "1") + ")", nil },
	"MID": func(c *call) (string, error) {
		return "substring(" + c.text(0) + " FROM " + c.whole(1, 1, maxText+1) + " FOR " + c.count(2, "0") + ")", nil
	},
	"UPPER": func(c *call) (string, error) { return "upper(" + c.text(0) + ` COLLATE "C")`, nil },
	"LOWER": func(c *call) (string, error) { return "lower(" + c.text(0) + ` COLLATE "C")`, nil },
	"TRIM": func(c *call) (string, error) {
		return "btrim(regexp_replace(" + c.text(0) + ", '[ \\t\\n\\r\u3000]+', ' ', 'g'), ' ')", nil
	},
	"VALUE": func(c *call) (string, error) {
		return c.once("btrim("+c.text(0)+", E' \\t\\n\\r\u3000')", func(s string) string {
			return `(CASE WHEN ` + s + ` ~ '^[+-]?(?=.{1,60}$)([0-9]+\.?[0-9]*|\.[0-9]+)$' THEN CASE WHEN abs(round(` + s + `::numeric, 18)) < 1e38 THEN round(` + s + `::numeric, 18) END END)`
		}), nil
	},
	"JOIN": func(c *call) (string, error) {
		sep := "','"
		if len(c.args) > 1 {
			sep = c.text(1)
		}
		return "array_to_string(" + c.texts(c.args[0], c.n.Args[0].Type.Elem) + ", " + sep + ")", nil
	},
	"SEARCH": find(func(s string) string { return "lower(" + s + ` COLLATE "C")` }),
	"FIND":   find(func(s string) string { return s }),
	"REPLACE": func(c *call) (string, error) {
		return "overlay(" + c.text(0) + " PLACING " + c.text(3) + " FROM " + c.whole(1, 1, maxText+1) + " FOR " + c.count(2, "0") + ")", nil
	},
	"SUBSTITUTE": func(c *call) (string, error) {
		return c.let([]string{c.text(0), c.text(1), c.text(2)}, func(p []string) string {
			found := "(octet_length(" + p[0] + ") - octet_length(replace(" + p[0] + ", " + p[1] + ", ''))) / NULLIF(octet_length(" + p[1] + "), 0)"
			size := "octet_length(" + p[0] + ") + COALESCE(" + found + ", 0) * (octet_length(" + p[2] + ") - octet_length(" + p[1] + "))"
			return "(CASE WHEN " + size + " <= " + maxTextSQL + " THEN replace(" + strings.Join(p, ", ") + ") END)"
		}), nil
	},
	"REPT": func(c *call) (string, error) {
		return c.let([]string{c.text(0), c.whole(1, 0, maxText+1)}, func(p []string) string {
			return "(CASE WHEN octet_length(" + p[0] + ")::bigint * " + p[1] + " <= " + maxTextSQL + " THEN repeat(" + p[0] + ", " + p[1] + ") END)"
		}), nil
	},
	"SPLIT": func(c *call) (string, error) {
		return c.let([]string{c.text(0), c.text(1)}, func(p []string) string {
			return "(CASE WHEN " + p[1] + " IS NOT NULL THEN string_to_array(" + p[0] + ", " + p[1] + ") END)"
		}), nil
	},
	"CHAR": func(c *call) (string, error) {
		return c.once(c.whole(0, 0, 0x110000), func(p string) string {
			return "(CASE WHEN " + p + " IN (9, 10, 13) OR " + p + " BETWEEN 32 AND 126 OR " + p + " BETWEEN 160 AND 55295 OR " + p + " BETWEEN 57344 AND 1114111 THEN chr(" + p + ") END)"
		}), nil
	},
}

// maxText bounds positions and the bytes of a text, as expr.MaxText.
const (
	maxText    = expr.MaxText
	maxTextSQL = "65536"
)

// count is a number of characters, at least 0.
func (c *call) count(i int, otherwise string) string {
	if len(c.args) <= i {
		return otherwise
	}
	return c.whole(i, 0, maxText)
}

// find gives the position of a text in another from a character on, 0 if absent.
func find(fold func(string) string) sqlFunc {
	return func(c *call) (string, error) {
		sub, s := fold(c.text(0)), fold(c.text(1))
		if len(c.args) < 3 {
			return "strpos(" + s + ", " + sub + ")::numeric", nil
		}
		return c.let([]string{sub, s, c.whole(2, 1, maxText+1)}, func(p []string) string {
			found := "strpos(substr(" + p[1] + ", " + p[2] + "), " + p[0] + ")"
			return "(CASE WHEN " + p[2] + " - 1 > length(" + p[1] + ") AND " + p[0] + " IS NOT NULL THEN 0 WHEN " + found + " = 0 THEN 0 ELSE " + found + " + " + p[2] + " - 1 END)::numeric"
		}), nil
	}
}

// text renders a value as text.
func (g *Gen) text(n *expr.Node) (string, error) {
	s, err := g.Value(n)
	return g.textOf(s, n.Type), err
}

const isoTime = `-MM-DD"T"HH24:MI:SS"Z"`

// textOf converts a rendered value to the text that value.String gives.
func (g *Gen) textOf(s string, t expr.Type) string {
	switch t.Kind {
	case value.Text, value.Null:
		return s
	case value.Number:
		return "trim_scale(" + s + ")::text"
	case value.Date:
		return "to_char(" + s + ", 'YYYY-MM-DD')"
	case value.Time:
		return g.once(s, func(p string) string {
			// Postgres has no year 0, in which the first day of year 1 starts in zones east of Greenwich.
			year := "CASE WHEN " + p + " < " + eraStart + " THEN '0000' ELSE to_char(" + p + " AT TIME ZONE 'UTC', 'YYYY') END"
			return "(" + year + " || to_char(" + p + " AT TIME ZONE 'UTC', '" + isoTime + "'))"
		})
	case value.List:
		return "array_to_string(" + g.texts(s, t.Elem) + ", ', ', '')"
	}
	return "(" + s + ")::text"
}

// texts converts a rendered list to a list of texts, nulls kept.
func (g *Gen) texts(s string, elem value.Kind) string {
	switch elem {
	case value.Text:
		return s
	case value.Ref, value.Null:
		return s + "::text[]"
	}
	return g.once(s, func(p string) string {
		return "(CASE WHEN " + p + " IS NOT NULL THEN ARRAY(SELECT " + g.textOf("u.v", expr.T(elem)) + " FROM unnest(" + p + ") WITH ORDINALITY u(v, o) ORDER BY u.o) END)"
	})
}

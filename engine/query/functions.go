package query

import (
	"strings"

	"tenon/engine/store"
	"tenon/schema/expr"
	"tenon/schema/field"
	"tenon/schema/value"
)

// sqlFunc renders a call. Arguments come rendered, in the column types of
// their kinds.
type sqlFunc func(g *Gen, n *expr.Node, a []string) (string, error)

func plain(format string) sqlFunc {
	return func(_ *Gen, _ *expr.Node, a []string) (string, error) {
		s := format
		for i := len(a) - 1; i >= 0; i-- {
			s = strings.ReplaceAll(s, "$"+string(rune('1'+i)), a[i])
		}
		return s, nil
	}
}

// civil renders a date or instant as a timestamp in the workspace's zone.
func (g *Gen) civil(s string, t expr.Type) string {
	if t.Kind == value.Date {
		return s + "::timestamp"
	}
	return "(" + s + " AT TIME ZONE " + g.zone() + ")"
}

func (g *Gen) civilDate(s string, t expr.Type) string {
	if t.Kind == value.Date {
		return s
	}
	return "(" + s + " AT TIME ZONE " + g.zone() + ")::date"
}

func (g *Gen) zone() string { return g.Arg(store.Text(g.Env.Location().String())) }

func part(name string) sqlFunc {
	return func(g *Gen, n *expr.Node, a []string) (string, error) {
		return "extract(" + name + " FROM " + g.civil(a[0], n.Args[0].Type) + ")::numeric", nil
	}
}

// flat renders variadic numbers as rows of one column v, lists spread.
func flat(n *expr.Node, a []string) string {
	parts := make([]string, len(a))
	for i, s := range a {
		if n.Args[i].Type.Kind == value.List {
			parts[i] = "SELECT unnest(" + s + ") AS v"
		} else {
			parts[i] = "SELECT (" + s + ")::numeric AS v"
		}
	}
	return "(" + strings.Join(parts, " UNION ALL ") + ") f"
}

func over(agg string) sqlFunc {
	return func(_ *Gen, n *expr.Node, a []string) (string, error) {
		return "(SELECT " + agg + " FROM " + flat(n, a) + ")", nil
	}
}

// shifted guards a number of days or months against leaving the calendar.
const dayLimit = "3652059"

var functionSQL = map[string]sqlFunc{
	"add":      plain("($1 + $2)"),
	"sub":      plain("($1 - $2)"),
	"mul":      plain("round($1 * $2, 18)"),
	"div":      plain("round(($1)::numeric(76,18) / NULLIF($2, 0), 18)"),
	"rem":      plain("($1 % NULLIF($2, 0))"),
	"neg":      plain("(- $1)"),
	"coalesce": plain("COALESCE($1, $2)"),
	"overlaps": func(_ *Gen, n *expr.Node, a []string) (string, error) {
		if n.Args[0].Type.Elem != n.Args[1].Type.Elem {
			return "COALESCE(" + a[0] + "::text[] && " + a[1] + "::text[], false)", nil
		}
		return "COALESCE(" + a[0] + " && " + a[1] + ", false)", nil
	},
	"text_add": func(_ *Gen, n *expr.Node, a []string) (string, error) {
		return "(" + textOf(a[0], n.Args[0].Type) + " || " + textOf(a[1], n.Args[1].Type) + ")", nil
	},
	"to_time": func(g *Gen, n *expr.Node, a []string) (string, error) {
		if n.Args[0].Type.Kind != value.Date {
			return a[0], nil
		}
		return "(" + a[0] + "::timestamp AT TIME ZONE " + g.zone() + ")", nil
	},
	"ISEMPTY": func(_ *Gen, n *expr.Node, a []string) (string, error) {
		switch n.Args[0].Type.Kind {
		case value.Text:
			return "COALESCE(" + a[0] + " = '', true)", nil
		case value.List:
			return "COALESCE(cardinality(" + a[0] + ") = 0, true)", nil
		case value.Object, value.Rows:
			return "COALESCE(" + a[0] + "::jsonb IN ('null', '{}', '[]'), true)", nil
		}
		return "(" + a[0] + " IS NULL)", nil
	},
	"XOR": func(_ *Gen, _ *expr.Node, a []string) (string, error) {
		parts := make([]string, len(a))
		for i, s := range a {
			parts[i] = "COALESCE(" + s + ", false)::int"
		}
		return "((" + strings.Join(parts, " + ") + ") % 2 = 1)", nil
	},
	"SUM":     over("COALESCE(sum(f.v), 0)"),
	"AVERAGE": over("round(sum(f.v)::numeric(76,18) / NULLIF(count(f.v), 0), 18)"),
	"MAX":     over("max(f.v)"),
	"MIN":     over("min(f.v)"),
	"ABS":     plain("abs($1)"),
	"INT":     plain("floor($1)"),
	"ROUND": func(_ *Gen, _ *expr.Node, a []string) (string, error) {
		if len(a) == 1 {
			return "round(" + a[0] + ", 0)", nil
		}
		return "round(" + a[0] + ", greatest(least(trunc(" + a[1] + ")::int, 18), -18))", nil
	},
	"MOD": func(_ *Gen, _ *expr.Node, a []string) (string, error) {
		m := "(" + a[0] + " % NULLIF(" + a[1] + ", 0))"
		return "(CASE WHEN " + m + " <> 0 AND sign(" + m + ") <> sign(" + a[1] + ") THEN " + m + " + " + a[1] + " ELSE " + m + " END)", nil
	},
	"CONCATENATE": func(_ *Gen, n *expr.Node, a []string) (string, error) {
		parts := make([]string, len(a))
		for i, s := range a {
			if n.Args[i].Type.Kind == value.List {
				parts[i] = "COALESCE(array_to_string(" + s + ", ''), '')"
			} else {
				parts[i] = "COALESCE(" + textOf(s, n.Args[i].Type) + ", '')"
			}
		}
		return "(" + strings.Join(parts, " || ") + ")", nil
	},
	"LEN": func(_ *Gen, n *expr.Node, a []string) (string, error) {
		if n.Args[0].Type.Kind == value.List {
			return "COALESCE(cardinality(" + a[0] + "), 0)::numeric", nil
		}
		return "COALESCE(length(" + textOf(a[0], n.Args[0].Type) + "), 0)::numeric", nil
	},
	"LEFT": func(_ *Gen, n *expr.Node, a []string) (string, error) {
		return "left(" + textOf(a[0], n.Args[0].Type) + ", " + counted(a, 1, "1") + ")", nil
	},
	"RIGHT": func(_ *Gen, n *expr.Node, a []string) (string, error) {
		return "right(" + textOf(a[0], n.Args[0].Type) + ", " + counted(a, 1, "1") + ")", nil
	},
	"MID": func(_ *Gen, n *expr.Node, a []string) (string, error) {
		return "substring(" + textOf(a[0], n.Args[0].Type) + " FROM greatest(least(trunc(" + a[1] + "), 65536), 1)::int FOR " + counted(a, 2, "0") + ")", nil
	},
	"UPPER": plain(`upper($1 COLLATE "C")`),
	"LOWER": plain(`lower($1 COLLATE "C")`),
	"TRIM":  plain(`btrim(regexp_replace($1, '[ \t\n\r　]+', ' ', 'g'), ' ')`),
	"VALUE": plain(`(CASE WHEN length(btrim($1)) <= 60 AND btrim($1, E' \t\n\r') ~ '^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$' AND abs(btrim($1, E' \t\n\r')::numeric) < 1e38 THEN btrim($1, E' \t\n\r')::numeric END)`),
	"JOIN": func(_ *Gen, _ *expr.Node, a []string) (string, error) {
		sep := "','"
		if len(a) > 1 {
			sep = a[1]
		}
		return "array_to_string(" + a[0] + ", " + sep + ")", nil
	},
	"YEAR": part("year"), "MONTH": part("month"), "DAY": part("day"), "HOUR": part("hour"), "MINUTE": part("minute"), "WEEKDAY": part("isodow"),
	"DATE": func(g *Gen, n *expr.Node, a []string) (string, error) {
		if n.Args[0].Type.Kind != value.Number {
			return g.civilDate(a[0], n.Args[0].Type), nil
		}
		if len(a) < 3 {
			return "NULL::date", nil
		}
		y, m, d := "trunc("+a[0]+")", "trunc("+a[1]+")", "trunc("+a[2]+")"
		return "(CASE WHEN " + y + " BETWEEN 1 AND 9999 AND " + m + " BETWEEN 1 AND 12 AND " + d + " BETWEEN 1 AND 31 AND " +
			d + " <= extract(day FROM (make_date(" + y + "::int, " + m + "::int, 1) + interval '1 month - 1 day')) THEN make_date(" + y + "::int, " + m + "::int, " + d + "::int) END)", nil
	},
	"add_days":   shift("days"),
	"add_months": shift("months"),
	"add_hours": func(g *Gen, n *expr.Node, a []string) (string, error) {
		t := a[0]
		if n.Args[0].Type.Kind == value.Date {
			t = "(" + t + "::timestamp AT TIME ZONE " + g.zone() + ")"
		}
		return "(CASE WHEN abs(" + a[1] + ") <= " + dayLimit + " * 24 THEN " + t + " + make_interval(secs => round(" + a[1] + " * 3600)::double precision) END)", nil
	},
	"days_between": func(g *Gen, n *expr.Node, a []string) (string, error) {
		return "(" + g.civilDate(a[1], n.Args[1].Type) + " - " + g.civilDate(a[0], n.Args[0].Type) + ")::numeric", nil
	},
	"hours_between": func(g *Gen, n *expr.Node, a []string) (string, error) {
		t := func(i int) string {
			if n.Args[i].Type.Kind == value.Date {
				return "(" + a[i] + "::timestamp AT TIME ZONE " + g.zone() + ")"
			}
			return a[i]
		}
		return "round(extract(epoch FROM (" + t(1) + " - " + t(0) + "))::numeric / 3600, 2)", nil
	},
	"is_member_of": func(_ *Gen, n *expr.Node, a []string) (string, error) {
		m, gr := textOf(a[0], n.Args[0].Type), textOf(a[1], n.Args[1].Type)
		return "COALESCE(EXISTS (SELECT 1 FROM tenon.member_department md WHERE md.member_id::text = " + m + " AND md.department_id::text = " + gr + ") OR EXISTS (SELECT 1 FROM tenon.member_role mr WHERE mr.member_id::text = " + m + " AND mr.role_id = " + gr + "), false)", nil
	},
}

func counted(a []string, i int, otherwise string) string {
	if len(a) <= i {
		return otherwise
	}
	return "greatest(least(trunc(" + a[i] + "), 65536), 0)::int"
}

// shift moves a date or instant by whole days or months of civil time.
func shift(unit string) sqlFunc {
	return func(g *Gen, n *expr.Node, a []string) (string, error) {
		moved := "(" + g.civil(a[0], n.Args[0].Type) + " + make_interval(" + unit + " => floor(" + a[1] + ")::int))"
		ok := "abs(floor(" + a[1] + ")) <= " + dayLimit
		if unit == "months" {
			ok = "abs(floor(" + a[1] + ")) <= 120000"
		}
		out := moved + "::date"
		if n.Args[0].Type.Kind == value.Time {
			out = "(" + moved + " AT TIME ZONE " + g.zone() + ")"
		}
		return "(CASE WHEN " + ok + " AND extract(year FROM " + moved + ") BETWEEN 1 AND 9999 THEN " + out + " END)", nil
	}
}

// call renders a function call. Strict functions are null-safe in SQL by
// themselves; the null rules of the others are in their entries.
func (g *Gen) call(n *expr.Node) (string, error) {
	f := functionSQL[n.Fn.Name]
	if f == nil {
		reason := n.Fn.NoSQL
		if reason == "" {
			reason = "not available in SQL"
		}
		return "", ErrNoSQL.With("name", n.Fn.Name).With("reason", reason)
	}
	args := make([]string, len(n.Args))
	for i, a := range n.Args {
		s, err := g.Value(a)
		if err != nil {
			return "", err
		}
		if s == "NULL" {
			t := n.Type
			if t.Kind == value.Null || len(n.Fn.Args) > i && len(n.Fn.Args[i].Kinds) > 0 {
				t = expr.T(value.Text)
				if len(n.Fn.Args) > i && len(n.Fn.Args[i].Kinds) > 0 {
					t = expr.T(n.Fn.Args[i].Kinds[0])
				}
			}
			s = "NULL::" + field.DBFor(t.Kind, t.Elem).SQL
		}
		args[i] = s
	}
	return f(g, n, args)
}

// HasSQL reports whether a function can be rendered, for the catalog.
func HasSQL(name string) bool { return functionSQL[name] != nil }

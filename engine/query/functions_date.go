package query

import (
	"strings"

	"tenon/engine/store"
	"tenon/schema/expr"
	"tenon/schema/value"
)

// Civil time is a timestamp without zone: what the clocks of the workspace's
// zone show. AT TIME ZONE goes there and back by Postgres's rules for times
// that clocks skip or show twice, which schema/expr follows.

// The years that all evaluators have.
const (
	eraStart = "timestamptz '0001-01-01 00:00:00+00'"
	eraEnd   = "timestamptz '10000-01-01 00:00:00+00'"
	firstDay = "date '0001-01-01'"
	lastDay  = "date '9999-12-31'"
)

func (g *Gen) zone() string { return g.Arg(store.Text(g.Env.Location().String())) }

// civil renders a date or instant as a timestamp in the workspace's zone.
func (g *Gen) civil(s string, t expr.Type) string {
	if t.Kind == value.Date {
		return s + "::timestamp"
	}
	return "(" + s + " AT TIME ZONE " + g.zone() + ")"
}

// civilDate renders the civil date of a date or instant.
func (g *Gen) civilDate(s string, t expr.Type) string {
	if t.Kind == value.Date {
		return s
	}
	return "(" + s + " AT TIME ZONE " + g.zone() + ")::date"
}

// day is an argument as a civil date.
func (c *call) day(i int) string { return c.civilDate(c.as(i, expr.T(value.Date)), c.dateType(i)) }

// clock is an argument as a civil timestamp.
func (c *call) clock(i int) string { return c.civil(c.args[i], c.n.Args[i].Type) }

func (c *call) dateType(i int) expr.Type {
	if c.kind(i) == value.Time {
		return c.n.Args[i].Type
	}
	return expr.T(value.Date)
}

// moment is an argument as an instant; a date is the start of its day.
func (c *call) moment(i int) string {
	if c.kind(i) == value.Date {
		return "(" + c.args[i] + "::timestamp AT TIME ZONE " + c.zone() + ")"
	}
	return c.args[i]
}

// inEra is an instant, null outside the years that all evaluators have.
func (g *Gen) inEra(s string) string {
	return g.once(s, func(p string) string {
		return "(CASE WHEN " + p + " >= " + eraStart + " AND " + p + " < " + eraEnd + " THEN " + p + " END)"
	})
}

// inCalendar is a date computed of argument i, null outside the years that all
// evaluators have: the first and last instants lie beyond them in some zones.
func (c *call) inCalendar(i int, s string) string {
	if c.kind(i) != value.Time {
		return s
	}
	return c.once(s, func(p string) string {
		return "(CASE WHEN " + p + " BETWEEN " + firstDay + " AND " + lastDay + " THEN " + p + " END)"
	})
}

func extract(field, from string) string { return "extract(" + field + " FROM " + from + ")" }

// part is a civil field of a date or instant.
func part(field string) sqlFunc {
	return func(c *call) (string, error) { return extract(field, c.clock(0)), nil }
}

// moved shifts argument i by whole days of civil time, null when it leaves the calendar.
func (c *call) moved(i int, days string) string {
	if c.kind(i) != value.Time {
		return c.let([]string{c.args[i], days}, func(p []string) string {
			return "(CASE WHEN " + p[1] + " BETWEEN " + firstDay + " - " + p[0] + " AND " + lastDay + " - " + p[0] + " THEN " + p[0] + " + " + p[1] + " END)"
		})
	}
	return c.let([]string{c.clock(i), days}, func(p []string) string {
		to := c.inEra("((" + p[0] + " + make_interval(days => " + p[1] + ")) AT TIME ZONE " + c.zone() + ")")
		return "(CASE WHEN " + p[1] + " BETWEEN " + firstDay + " - " + p[0] + "::date AND " + lastDay + " - " + p[0] + "::date THEN " + to + " END)"
	})
}

// movedMonths shifts argument i by months, kept within the month's end.
func (c *call) movedMonths(i int, months string) string {
	return c.let([]string{c.clock(i), months}, func(p []string) string {
		to := "(" + p[0] + " + make_interval(months => " + p[1] + "))"
		if c.kind(i) == value.Time {
			to = c.inEra("(" + to + " AT TIME ZONE " + c.zone() + ")")
		} else {
			to += "::date"
		}
		return "(CASE WHEN " + c.monthsInEra(i, p[0], p[1]) + " THEN " + to + " END)"
	})
}

// year is the civil year of what was computed of some arguments. Postgres has
// no year 0, in which the first instants lie in zones west of Greenwich.
func (c *call) year(s string, args ...int) string {
	for _, i := range args {
		if c.kind(i) == value.Time {
			return "(" + extract("year", s) + " + (" + s + " < " + firstDay + ")::int)"
		}
	}
	return extract("year", s)
}

// monthsInEra tells whether argument i, moved by months, stays in the calendar.
func (c *call) monthsInEra(i int, from, months string) string {
	return c.year(from, i) + " * 12 + " + extract("month", from) + " - 1 + " + months + " BETWEEN 12 AND 119999"
}

// shiftLimit is beyond the most days and months that a date can move.
const shiftLimit = 4_000_000

// movedSeconds shifts argument 0 by exact time.
func (c *call) movedSeconds(perUnit string) string {
	return c.let([]string{c.moment(0), "round(" + c.args[1] + " * " + perUnit + ")"}, func(p []string) string {
		to := extract("epoch", p[0]) + " + " + p[1]
		return "(CASE WHEN abs(" + p[1] + ") <= 315537897600 AND " + to + " >= -62135596800 AND " + to + " < 253402300800 THEN " + p[0] + " + make_interval(secs => " + p[1] + "::double precision) END)"
	})
}

// dateOf is the date of whole numbers for year, month and day, null when there is none.
func (g *Gen) dateOf(y, m, d string) string {
	return g.let([]string{y, m, d}, func(p []string) string {
		day := "make_date(" + p[0] + ", " + p[1] + ", 1) + (" + p[2] + " - 1)"
		// Beyond the month's end the day lies in another month.
		there := "CASE WHEN " + extract("month", "("+day+")") + " = " + p[1] + " THEN " + day + " END"
		return "(CASE WHEN " + p[0] + " BETWEEN 1 AND 9999 AND " + p[1] + " BETWEEN 1 AND 12 AND " + p[2] + " BETWEEN 1 AND 31 THEN " + there + " END)"
	})
}

// dateOfText reads a text such as 2026-11-22.
func (g *Gen) dateOfText(s string) string {
	return g.once(s, func(p string) string {
		day := g.dateOf("substr("+p+", 1, 4)::int", "substr("+p+", 6, 2)::int", "substr("+p+", 9, 2)::int")
		return "(CASE WHEN " + p + " ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN " + day + " END)"
	})
}

// dateSQL are the functions of dates and clocks.
var dateSQL = map[string]sqlFunc{
	"YEAR": func(c *call) (string, error) {
		return c.once(c.clock(0), func(p string) string { return c.year(p, 0) }), nil
	},
	"MONTH": part("month"), "DAY": part("day"), "HOUR": part("hour"), "MINUTE": part("minute"),
	"WEEKDAY": part("isodow"), "QUARTER": part("quarter"), "ISOWEEKNUM": part("week"),
	"SECOND": func(c *call) (string, error) { return "trunc(" + extract("second", c.clock(0)) + ")", nil },
	"DATE": func(c *call) (string, error) {
		if c.kind(0) != value.Number {
			return c.inCalendar(0, c.day(0)), nil
		}
		if len(c.args) != 3 && len(c.args) != 6 {
			return "NULL::" + sqlType(c.n.Type), nil
		}
		parts := make([]string, len(c.args))
		for i := range parts {
			parts[i] = c.whole(i, -1, 10_000)
		}
		day := c.dateOf(parts[0], parts[1], parts[2])
		if len(parts) == 3 {
			return day, nil
		}
		return c.let(append([]string{day}, parts[3:]...), func(p []string) string {
			at := c.inEra("((" + p[0] + " + make_interval(hours => " + p[1] + ", mins => " + p[2] + ", secs => " + p[3] + ")) AT TIME ZONE " + c.zone() + ")")
			return "(CASE WHEN " + p[1] + " BETWEEN 0 AND 23 AND " + p[2] + " BETWEEN 0 AND 59 AND " + p[3] + " BETWEEN 0 AND 59 THEN " + at + " END)"
		}), nil
	},
	"DATEVALUE": func(c *call) (string, error) { return c.dateOfText(c.text(0)), nil },
	"TIMESTAMP": func(c *call) (string, error) { return "floor(" + extract("epoch", c.moment(0)) + " * 1000)", nil },
	"FROM_TIMESTAMP": func(c *call) (string, error) {
		return c.once("floor("+c.args[0]+")", func(p string) string {
			// Days and the rest apart: a double has no place for all of the microseconds.
			days := "floor(" + p + " / 86400000)"
			at := "((timestamp '1970-01-01' + make_interval(days => " + days + "::int, secs => ((" + p + " - " + days + " * 86400000) / 1000)::double precision)) AT TIME ZONE 'UTC')"
			return "(CASE WHEN " + p + " BETWEEN -62135596800000 AND 253402300799999 THEN " + at + " END)"
		}), nil
	},
	"add_days":   func(c *call) (string, error) { return c.moved(0, c.floor(1, -shiftLimit, shiftLimit)), nil },
	"add_months": func(c *call) (string, error) { return c.movedMonths(0, c.floor(1, -shiftLimit, shiftLimit)), nil },
	"add_years": func(c *call) (string, error) {
		return c.movedMonths(0, c.floor(1, -shiftLimit, shiftLimit)+" * 12"), nil
	},
	"add_hours":   func(c *call) (string, error) { return c.movedSeconds("3600"), nil },
	"add_minutes": func(c *call) (string, error) { return c.movedSeconds("60"), nil },
	"days_between": func(c *call) (string, error) {
		return "(" + c.day(1) + " - " + c.day(0) + ")::numeric", nil
	},
	"hours_between": func(c *call) (string, error) {
		return "round((" + extract("epoch", c.moment(1)) + " - " + extract("epoch", c.moment(0)) + ")::numeric(60, 30) / 3600, 2)", nil
	},
	"DATEDIF": func(c *call) (string, error) {
		if len(c.args) < 3 {
			return "(" + c.day(1) + " - " + c.day(0) + ")::numeric", nil
		}
		v, ok, err := c.known(c.n.Args[2])
		if err != nil {
			return "", err
		}
		return c.let([]string{c.args[0], c.args[1], c.text(2)}, func(p []string) string {
			c := &call{c.Gen, c.n, p}
			if ok {
				return c.dateDif([]string{v.Text()}, func(results []string) string { return results[0] })
			}
			return c.dateDif(difUnits, func(results []string) string {
				var b strings.Builder
				for i, r := range results {
					b.WriteString(" WHEN '" + difUnits[i] + "' THEN " + r)
				}
				return "(CASE " + p[2] + b.String() + " END)"
			})
		}), nil
	},
}

var difUnits = []string{"y", "Y", "M", "d", "D", "h", "H", "m", "s", "S", "YM", "ym", "MD", "md", "YD", "yd"}

// dateDif renders DATEDIF for units and lets choose pick among them.
func (c *call) dateDif(units []string, choose func(results []string) string) string {
	elapsed := func(seconds string) string {
		return "div(" + extract("epoch", c.moment(1)) + " - " + extract("epoch", c.moment(0)) + ", " + seconds + ")"
	}
	return c.let([]string{c.day(0), c.day(1)}, func(d []string) string {
		return c.let([]string{"least(" + d[0] + ", " + d[1] + ")", "greatest(" + d[0] + ", " + d[1] + ")"}, func(p []string) string {
			lo, hi := p[0], p[1]
			months := "((" + c.year(hi, 0, 1) + " - " + c.year(lo, 0, 1) + ") * 12 + " + extract("month", hi) + " - " + extract("month", lo) +
				" - (" + extract("day", hi) + " < " + extract("day", lo) + ")::int)::int"
			return c.once(months, func(m string) string {
				results := make([]string, len(units))
				for i, unit := range units {
					n := ""
					switch unit {
					case "h", "H":
						results[i] = elapsed("3600")
						continue
					case "m":
						results[i] = elapsed("60")
						continue
					case "s", "S":
						results[i] = elapsed("1")
						continue
					case "y", "Y":
						n = m + " / 12"
					case "M":
						n = m
					case "d", "D":
						n = hi + " - " + lo
					case "YM", "ym":
						n = m + " % 12"
					case "MD", "md":
						n = hi + " - (" + lo + " + make_interval(months => " + m + "))::date"
					case "YD", "yd":
						n = hi + " - (" + lo + " + make_interval(months => " + m + " / 12 * 12))::date"
					default:
						results[i] = "NULL::numeric"
						continue
					}
					results[i] = "((" + n + ") * (CASE WHEN " + d[1] + " < " + d[0] + " THEN -1 ELSE 1 END))::numeric"
				}
				// least and greatest skip nulls; the other units are strict anyway.
				return "(CASE WHEN " + d[0] + " IS NOT NULL AND " + d[1] + " IS NOT NULL THEN " + choose(results) + " END)"
			})
		})
	})
}

package query

import (
	"strings"
	"time"

	"tenon/schema/expr"
	"tenon/schema/value"
)

// start is the first day of the civil date's period.
func start(period string) sqlFunc {
	return func(c *call) (string, error) {
		return c.inCalendar(0, "date_trunc('"+period+"', "+c.clock(0)+")::date"), nil
	}
}

// end is the last day of the civil date's period, as long after its first.
func end(period, long string) sqlFunc {
	return func(c *call) (string, error) {
		last := "(date_trunc('" + period + "', " + c.clock(0) + ") + interval '" + long + "')::date"
		if period != "week" {
			return c.inCalendar(0, last), nil
		}
		// The last week of the calendar ends outside it.
		return c.once(last, func(p string) string {
			return "(CASE WHEN " + p + " BETWEEN " + firstDay + " AND " + lastDay + " THEN " + p + " END)"
		}), nil
	}
}

// calendarSQL are the functions of weeks, months and working days.
var calendarSQL = map[string]sqlFunc{
	"start_of_week": start("week"), "start_of_month": start("month"), "start_of_quarter": start("quarter"), "start_of_year": start("year"),
	"end_of_week": end("week", "6 days"), "end_of_month": end("month", "1 month -1 day"), "end_of_quarter": end("quarter", "3 months -1 day"), "end_of_year": end("year", "1 year -1 day"),
	"EOMONTH": func(c *call) (string, error) {
		return c.let([]string{c.clock(0), c.floor(1, -shiftLimit, shiftLimit)}, func(p []string) string {
			last := "(date_trunc('month', " + p[0] + ") + make_interval(months => " + p[1] + ") + interval '1 month -1 day')::date"
			return "(CASE WHEN " + c.monthsInEra(0, p[0], p[1]) + " THEN " + last + " END)"
		}), nil
	},
	"WEEKNUM": func(c *call) (string, error) {
		// Weeks begin with the day of the week that counts 0.
		week := func(day, weekday string) string {
			return "(div(" + extract("doy", day) + " - 1 + " + weekday + ", 7) + 1)"
		}
		sunday := func(day string) string { return week(day, extract("dow", "date_trunc('year', "+day+")")) }
		monday := func(day string) string { return week(day, extract("isodow", "date_trunc('year', "+day+")")+" - 1") }
		if len(c.args) < 2 {
			return c.once(c.clock(0), sunday), nil
		}
		return c.let([]string{c.clock(0), c.whole(1, 0, 3)}, func(p []string) string {
			return "(CASE " + p[1] + " WHEN 1 THEN " + sunday(p[0]) + " WHEN 2 THEN " + monday(p[0]) + " END)"
		}), nil
	},
	"DAYS360": func(c *call) (string, error) {
		euro := "false"
		if len(c.args) > 2 {
			euro = c.args[2]
		}
		return c.let([]string{c.day(0), c.day(1), euro}, func(p []string) string {
			x, y, euro := p[0], p[1], p[2]
			monthEnd := extract("month", x) + " = 2 AND " + extract("month", "("+x+" + 1)") + " = 3"
			first := "(CASE WHEN " + extract("day", x) + " = 31 OR NOT " + euro + " AND " + monthEnd + " THEN 30 ELSE " + extract("day", x) + " END)"
			return c.once(first, func(d string) string {
				last := "CASE WHEN " + extract("day", y) + " = 31 AND (" + euro + " OR " + d + " = 30) THEN 30 ELSE " + extract("day", y) + " END"
				days := "(" + c.year(y, 1) + " - " + c.year(x, 0) + ") * 360 + (" + extract("month", y) + " - " + extract("month", x) + ") * 30 + (" + last + ") - " + d
				return "(CASE WHEN " + euro + " IS NOT NULL THEN " + days + " END)"
			})
		}), nil
	},
	"is_birthday": func(c *call) (string, error) {
		return c.let([]string{c.day(0), c.day(1)}, func(p []string) string {
			b, t := p[0], p[1]
			leap := extract("month", b) + " = 2 AND " + extract("day", b) + " = 29 AND " + extract("day", t) + " = 28 AND " + extract("month", "("+t+" + 1)") + " = 3"
			return "COALESCE(" + extract("month", b) + " = " + extract("month", t) + " AND (" + extract("day", b) + " = " + extract("day", t) + " OR " + leap + "), false)"
		}), nil
	},
	"next_birthday": func(c *call) (string, error) {
		return c.inCalendar(1, c.let([]string{c.day(0), c.day(1)}, func(p []string) string {
			in := func(years string) string {
				return "(" + p[0] + " + make_interval(years => (" + c.year(p[1], 1) + " - " + c.year(p[0], 0) + ")::int" + years + "))::date"
			}
			return "(CASE WHEN " + in("") + " >= " + p[1] + " THEN " + in("") + " WHEN " + c.year(p[1], 1) + " < 9999 THEN " + in(" + 1") + " END)"
		})), nil
	},
	"is_workday": func(c *call) (string, error) {
		free := c.holidays(1)
		return c.once(c.day(0), func(p string) string {
			s := extract("isodow", p) + " < 6"
			if free != "" {
				s += " AND array_position(" + free + ", " + p + ") IS NULL"
			}
			return "COALESCE(" + s + ", false)"
		}), nil
	},
	"NETWORKDAYS": func(c *call) (string, error) {
		free := c.holidays(2)
		return c.let([]string{c.day(0), c.day(1)}, func(d []string) string {
			return c.let([]string{"least(" + d[0] + ", " + d[1] + ")", "greatest(" + d[0] + ", " + d[1] + ")"}, func(p []string) string {
				days := c.once("("+p[0]+" - "+firstDay+")", workdaysBefore)
				until := c.once("("+p[1]+" - "+firstDay+" + 1)", workdaysBefore)
				n := until + " - " + days
				if free != "" {
					n += " - (SELECT count(*) FROM unnest(" + free + ") h(v) WHERE h.v BETWEEN " + p[0] + " AND " + p[1] + ")"
				}
				return "(CASE WHEN " + d[1] + " < " + d[0] + " THEN - (" + n + ") WHEN " + d[1] + " >= " + d[0] + " THEN " + n + " END)::numeric"
			})
		}), nil
	},
	"add_workdays": func(c *call) (string, error) {
		if c.args[0] == "NULL" || c.args[1] == "NULL" {
			return "NULL::" + sqlType(c.n.Type), nil
		}
		free := c.holidays(2)
		return c.once(c.args[0], func(from string) string {
			c := &call{c.Gen, c.n, append([]string{from}, c.args[1:]...)}
			return c.moved(0, c.workdays(free))
		}), nil
	},
}

// workdays is the number of days from argument 0 to the working day that lies
// argument 1 working days further.
func (c *call) workdays(free string) string {
	values := []string{"(" + c.day(0) + " - " + firstDay + ")", c.floor(1, -shiftLimit, shiftLimit)}
	if free != "" {
		values = append(values, free)
	}
	return c.let(values, func(p []string) string {
		day, n := p[0], p[1]
		// Working days are numbered from the first day of the calendar, a Monday.
		number := "(CASE WHEN " + n + " > 0 THEN " + workdaysBefore("("+day+" + 1)") + " + " + n + " - 1 ELSE " + workdaysBefore(day) + " + " + n + " END)"
		to := c.once(number, func(k string) string {
			if free == "" {
				return "(CASE WHEN " + k + " >= 0 THEN " + workday(k) + " END)"
			}
			// Each holiday on the way puts the end off by one working day: the first
			// end that lies as many further as there are holidays up to it.
			ends := "SELECT s.s, " + workday("("+k+" + sign("+n+")::int * s.s)") + " AS d FROM generate_series(0, cardinality(" + p[2] + ")) s(s) WHERE " + k + " + sign(" + n + ")::int * s.s >= 0"
			h := "h.v - " + firstDay
			passed := "CASE WHEN " + n + " > 0 THEN " + h + " > " + day + " AND " + h + " <= e.d ELSE " + h + " < " + day + " AND " + h + " >= e.d END"
			return "(SELECT e.d FROM (" + ends + ") e WHERE (SELECT count(*) FROM unnest(" + p[2] + ") h(v) WHERE " + passed + ") = e.s ORDER BY e.s LIMIT 1)"
		})
		return "(CASE WHEN " + n + " = 0 THEN 0 ELSE " + to + " - " + day + " END)"
	})
}

// workdaysBefore counts Monday to Friday among the first n days of the calendar;
// n may be -1, the day on which the first instants lie west of Greenwich.
func workdaysBefore(n string) string {
	return "((" + n + " + 7) / 7 * 5 + least((" + n + " + 7) % 7, 5) - 5)"
}

// workday is the day with the k-th working day of the calendar, both from 0.
func workday(k string) string { return "(" + k + " / 5 * 7 + " + k + " % 5)" }

// holidays gathers the working days among arguments that are dates, texts of
// dates, or lists of them, each once; "" when there are no such arguments.
func (c *call) holidays(from int) string {
	if s, ok := c.fixedHolidays(from); ok {
		return s
	}
	var parts []string
	one := func(s string, k value.Kind) string {
		if k == value.Text {
			return c.dateOfText(s)
		}
		return c.civilDate(s, expr.T(k))
	}
	for i := from; i < len(c.args); i++ {
		switch t := c.n.Args[i].Type; t.Kind {
		case value.Null:
		case value.List:
			switch t.Elem {
			case value.Null:
			case value.Date:
				parts = append(parts, c.args[i])
			default:
				parts = append(parts, "ARRAY(SELECT "+one("u.v", t.Elem)+" FROM unnest("+c.args[i]+") u(v))")
			}
		default:
			parts = append(parts, "ARRAY["+one(c.args[i], t.Kind)+"]")
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "ARRAY(SELECT DISTINCT u.v FROM unnest(" + strings.Join(parts, " || ") + ") u(v) WHERE " + extract("isodow", "u.v") + " < 6)"
}

// fixedHolidays is holidays where all of the arguments are constants.
func (c *call) fixedHolidays(from int) (string, bool) {
	var days []value.Value
	seen := map[string]bool{}
	var add func(v value.Value)
	add = func(v value.Value) {
		t := v.Time()
		switch v.Kind() {
		case value.List:
			for _, x := range v.List() {
				add(x)
			}
			return
		case value.Text:
			var err error
			if t, err = time.Parse(time.DateOnly, v.Text()); err != nil || t.Year() < 1 {
				return
			}
		case value.Time:
			t = t.In(c.Env.Location())
		case value.Date:
		default:
			return
		}
		d := value.OfDate(t.Year(), t.Month(), t.Day())
		if wd := d.Time().Weekday(); wd != time.Saturday && wd != time.Sunday && !seen[d.Text()] {
			seen[d.Text()] = true
			days = append(days, d)
		}
	}
	for i := from; i < len(c.args); i++ {
		v, ok, err := c.known(c.n.Args[i])
		if !ok || err != nil {
			return "", false
		}
		add(v)
	}
	if len(days) == 0 {
		return "", true
	}
	return c.bind(value.OfList(days), expr.ListOf(value.Date)), true
}

package expr

import (
	"sort"
	"time"

	"github.com/shopspring/decimal"

	"tenon/schema/value"
)

// Civil time: how dates, clocks and zones behave alike in Go, SQL and the browser.

// instant finds the moment at which the clocks of the workspace's zone show t
// (civil fields held in UTC). A time that clocks skip is read with the offset
// before the change, one that they show twice is the second: Postgres's rule,
// which time.Date does not follow.
func (e *Env) instant(t time.Time) time.Time {
	offset := func(u int64) int64 {
		_, o := time.Unix(u, 0).In(e.Location()).Zone()
		return int64(o)
	}
	u, ns := t.Unix(), int64(t.Nanosecond())
	before, after := offset(u-86400), offset(u+86400)
	if offset(u-after) == after {
		return time.Unix(u-after, ns)
	}
	return time.Unix(u-before, ns)
}

// civil returns what the clocks of the workspace's zone show, as fields in UTC.
func civil(e *Env, v value.Value) time.Time {
	if v.Kind() == value.Date {
		return v.Time()
	}
	t := v.Time().In(e.Location())
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// civilDate returns the civil date as midnight UTC, for day arithmetic.
func civilDate(e *Env, v value.Value) time.Time { return civil(e, v).Truncate(24 * time.Hour) }

func startOfDay(e *Env, v value.Value) value.Value {
	if v.Kind() != value.Date {
		return v
	}
	return value.OfTime(e.instant(v.Time()))
}

// dateOf is the date of t, null outside the years that all evaluators have.
func dateOf(t time.Time) value.Value {
	if t.Year() < 1 || t.Year() > 9999 {
		return value.Value{}
	}
	return value.OfDate(t.Year(), t.Month(), t.Day())
}

func timeOf(t time.Time) value.Value {
	if t = t.UTC(); t.Year() < 1 || t.Year() > 9999 {
		return value.Value{}
	}
	return value.OfTime(t)
}

// dayCount is the number of civil days from a to b, both at midnight UTC.
func dayCount(a, b time.Time) int64 { return (b.Unix() - a.Unix()) / 86400 }

// elapsed is the number of microseconds from a to b; dates count from midnight.
func elapsed(e *Env, a, b value.Value) int64 {
	return startOfDay(e, b).Time().UnixMicro() - startOfDay(e, a).Time().UnixMicro()
}

// maxShift bounds how far a date may move, so that no evaluator overflows.
const maxShift = 3_652_059 // days, ten thousand years

// shift reads a number of days or months, rounded down.
func shift(v value.Value) (int64, bool) {
	n := v.Number().Floor()
	if n.Abs().GreaterThan(decimal.NewFromInt(maxShift)) {
		return 0, false
	}
	return n.IntPart(), true
}

// clamped truncates a number to a whole one between lo and hi.
func clamped(d decimal.Decimal, lo, hi int64) int64 {
	switch {
	case d.LessThanOrEqual(decimal.NewFromInt(lo)):
		return lo
	case d.GreaterThanOrEqual(decimal.NewFromInt(hi)):
		return hi
	}
	return d.IntPart()
}

// moved adds days and months to a date or instant, keeping the civil time of
// day; the day of the month is kept within the month's end.
func moved(e *Env, v value.Value, days, months int64) value.Value {
	t := addMonths(civil(e, v), months).AddDate(0, 0, int(days))
	if v.Kind() == value.Date {
		return dateOf(t)
	}
	if t.Year() < 1 || t.Year() > 9999 {
		return value.Value{}
	}
	return timeOf(e.instant(t))
}

func addMonths(t time.Time, months int64) time.Time {
	if months == 0 {
		return t
	}
	total := int64(t.Year())*12 + int64(t.Month()) - 1 + months
	if total < 12 || total >= 120_000 {
		return time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC) // out of range, made null by the caller
	}
	y, m := int(total/12), time.Month(total%12+1)
	return time.Date(y, m, min(t.Day(), daysIn(y, m)), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

func daysIn(y int, m time.Month) int { return time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day() }

// weekday is 0 for Monday to 6 for Sunday.
func weekday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

func parseDate(s string) (value.Value, bool) {
	if len(s) != 10 {
		return value.Value{}, false
	}
	t, err := time.Parse("2006-01-02", s)
	if err != nil || t.Year() < 1 {
		return value.Value{}, false
	}
	return value.OfDate(t.Year(), t.Month(), t.Day()), true
}

// parseTime reads RFC 3339 strictly: time.Parse also takes "T5:" and a comma.
func parseTime(s string) (value.Value, bool) {
	if len(s) < 20 || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return value.Value{}, false
	}
	for _, c := range s {
		if c == ',' {
			return value.Value{}, false
		}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return value.Value{}, false
	}
	v := timeOf(t)
	return v, !v.IsNull()
}

// holidays gathers the working days (Monday to Friday) among arguments that
// are dates, texts of dates, or lists of them: unique and in order.
func holidays(e *Env, a []value.Value) []time.Time {
	seen := map[time.Time]bool{}
	var out []time.Time
	var add func(v value.Value)
	add = func(v value.Value) {
		switch v.Kind() {
		case value.List:
			for _, x := range v.List() {
				add(x)
			}
		case value.Text:
			if d, ok := parseDate(v.Text()); ok {
				add(d)
			}
		case value.Date, value.Time:
			if t := civilDate(e, v); weekday(t) < 5 && !seen[t] {
				seen[t] = true
				out = append(out, t)
			}
		}
	}
	for _, v := range a {
		add(v)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Before(out[j]) })
	return out
}

// workdays counts Monday to Friday from a to b, both included, without the
// holidays; negative when b is before a.
func workdays(a, b time.Time, free []time.Time) int64 {
	if b.Before(a) {
		return -workdays(b, a, free)
	}
	days := dayCount(a, b) + 1
	n := days / 7 * 5
	for i, wd := int64(0), weekday(a); i < days%7; i++ {
		if (wd+int(i))%7 < 5 {
			n++
		}
	}
	for _, h := range free {
		if !h.Before(a) && !h.After(b) {
			n--
		}
	}
	return n
}

// addWorkdays is the n-th working day after a (before it when n is negative).
func addWorkdays(a time.Time, n int64, free []time.Time) time.Time {
	if n == 0 {
		return a
	}
	wd, from, dir := int64(weekday(a)), a, 1
	if n < 0 {
		dir = -1
	}
	if wd > 4 { // start from the Friday before or the Monday after
		if n > 0 {
			from, wd = a.AddDate(0, 0, int(4-wd)), 4
		} else {
			from, wd = a.AddDate(0, 0, int(7-wd)), 0
		}
	}
	p := wd + n
	week, rest := p/5, p%5
	if rest < 0 {
		week, rest = week-1, rest+5
	}
	t := from.AddDate(0, 0, int(week*7+rest-wd))
	for i := range free {
		h := free[i]
		if n < 0 {
			h = free[len(free)-1-i]
		}
		if n > 0 && h.After(a) && !h.After(t) || n < 0 && h.Before(a) && !h.Before(t) {
			for t = t.AddDate(0, 0, dir); weekday(t) > 4; {
				t = t.AddDate(0, 0, dir)
			}
		}
	}
	return t
}

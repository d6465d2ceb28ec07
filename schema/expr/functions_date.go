package expr

import (
	"time"

	"github.com/shopspring/decimal"

	"tenon/schema/value"
)

func sameDate(args []Type) Type {
	if len(args) > 0 && args[0].Kind == value.Time {
		return T(value.Time)
	}
	return T(value.Date)
}

var oneDate = []Arg{{Name: "date", Kinds: dates}}

func part(f func(t time.Time) int) func(*Env, []value.Value) (value.Value, error) {
	return func(e *Env, a []value.Value) (value.Value, error) { return value.OfInt(int64(f(civil(e, a[0])))), nil }
}

// dayCount is the number of civil days from a to b.
func dayCount(a, b time.Time) int64 { return int64(b.Sub(a).Hours() / 24) }

// maxShift bounds how far a date may move, so that no evaluator overflows.
const maxShift = 3_652_059 // days, ten thousand years

func bounded(n int64) (int64, bool) { return n, n >= -maxShift && n <= maxShift }

// moved adds days to a date or instant, keeping the civil time of day.
func moved(e *Env, v value.Value, days, months int64) value.Value {
	shift := func(t time.Time) time.Time {
		y, m, d := t.Date()
		if months != 0 {
			total := int64(y)*12 + int64(m) - 1 + months
			y, m = int(total/12), time.Month(total%12+1)
			d = min(d, daysIn(y, m))
		}
		return time.Date(y, m, d+int(days), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
	}
	t := shift(civil(e, v))
	if t.Year() < 1 || t.Year() > 9999 {
		return value.Value{}
	}
	if v.Kind() == value.Date {
		return value.OfDate(t.Year(), t.Month(), t.Day())
	}
	return value.OfTime(t)
}

func daysIn(y int, m time.Month) int { return time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day() }

func shiftFn(days, months int64) func(*Env, []value.Value) (value.Value, error) {
	return func(e *Env, a []value.Value) (value.Value, error) {
		n, ok := bounded(a[1].Number().Floor().IntPart())
		if !ok {
			return value.Value{}, nil
		}
		return moved(e, a[0], n*days, n*months), nil
	}
}

var dateAndNumber = []Arg{{Name: "date", Kinds: dates}, {Name: "count", Kinds: num}}

var (
	_ = define(Func{Name: "TODAY", Group: "date", Label: label("今天", "Today"), Help: label("工作区时区的今天", "Today in the workspace's time zone"), Result: returns(value.Date), Volatile: true,
		Go: func(e *Env, _ []value.Value) (value.Value, error) { return e.Today(), nil }})
	_ = define(Func{Name: "NOW", Aliases: []string{"SYSTIME"}, Group: "date", Label: label("现在", "Now"), Help: label("当前时刻", "The present moment"), Result: returns(value.Time), Volatile: true,
		Go: func(e *Env, _ []value.Value) (value.Value, error) { return value.OfTime(e.Now), nil }})
	_ = define(Func{Name: "YEAR", Group: "date", Label: label("年", "Year"), Help: label("日期的年份", "The year of a date"), Args: oneDate, Result: returns(value.Number), Go: part(time.Time.Year),
		Examples: []FuncExample{{`YEAR("2026-11-22")`, "2026"}, {`YEAR("2024-02-29")`, "2024"}, {`YEAR(nil)`, "null"}}})
	_ = define(Func{Name: "MONTH", Group: "date", Label: label("月", "Month"), Help: label("日期的月份，1 到 12", "The month of a date, 1 to 12"), Args: oneDate, Result: returns(value.Number), Go: part(func(t time.Time) int { return int(t.Month()) }),
		Examples: []FuncExample{{`MONTH("2026-11-22")`, "11"}, {`MONTH("2024-02-29")`, "2"}, {`MONTH(nil)`, "null"}}})
	_ = define(Func{Name: "DAY", Group: "date", Label: label("日", "Day"), Help: label("日期是当月第几天", "The day of the month"), Args: oneDate, Result: returns(value.Number), Go: part(time.Time.Day),
		Examples: []FuncExample{{`DAY("2026-11-22")`, "22"}, {`DAY("2024-02-29")`, "29"}, {`DAY(nil)`, "null"}}})
	_ = define(Func{Name: "HOUR", Group: "date", Label: label("时", "Hour"), Help: label("时刻的小时，0 到 23", "The hour, 0 to 23"), Args: oneDate, Result: returns(value.Number), Go: part(time.Time.Hour),
		Examples: []FuncExample{{`HOUR("2026-11-22")`, "0"}, {`HOUR("2026-11-22T05:06:07Z")`, "5"}, {`HOUR(nil)`, "null"}}})
	_ = define(Func{Name: "MINUTE", Group: "date", Label: label("分", "Minute"), Help: label("时刻的分钟，0 到 59", "The minute, 0 to 59"), Args: oneDate, Result: returns(value.Number), Go: part(time.Time.Minute),
		Examples: []FuncExample{{`MINUTE("2026-11-22")`, "0"}, {`MINUTE("2026-11-22T05:06:07Z")`, "6"}, {`MINUTE(nil)`, "null"}}})
	_ = define(Func{Name: "WEEKDAY", Group: "date", Label: label("星期几", "Day of the week"), Help: label("星期一为 1，星期日为 7", "Monday is 1, Sunday is 7"), Args: oneDate, Result: returns(value.Number),
		Go:       part(func(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }),
		Examples: []FuncExample{{`WEEKDAY("2026-11-22")`, "7"}, {`WEEKDAY("2026-11-23")`, "1"}, {`WEEKDAY(nil)`, "null"}}})
	_ = define(Func{Name: "DATE", Group: "date", Label: label("日期", "Date"), Help: label("由年、月、日组成日期，或取时刻的日期", "A date of year, month and day, or the date of a moment"),
		Args: []Arg{{Name: "year_or_time", Kinds: []value.Kind{value.Number, value.Date, value.Time}}, {Name: "month", Kinds: num, Optional: true}, {Name: "day", Kinds: num, Optional: true}}, Result: returns(value.Date),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			if a[0].Kind() != value.Number {
				t := civil(e, a[0])
				return value.OfDate(t.Year(), t.Month(), t.Day()), nil
			}
			if len(a) < 3 {
				return value.Value{}, nil
			}
			y, m, d := a[0].Int(), a[1].Int(), a[2].Int()
			if y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > int64(daysIn(int(y), time.Month(m))) {
				return value.Value{}, nil
			}
			return value.OfDate(int(y), time.Month(m), int(d)), nil
		},
		Examples: []FuncExample{{`DATE(2026, 2, 28)`, `"2026-02-28"`}, {`DATE(2026, 2, 30)`, "null"}, {`DATE(nil, 1, 1)`, "null"}}})
	_ = define(Func{Name: "add_days", Aliases: []string{"DATEDELTA"}, Group: "date", Label: label("加天数", "Add days"), Help: label("日期加若干天，负数为减", "A date moved by days; negative goes back"), Args: dateAndNumber, Result: sameDate, Go: shiftFn(1, 0),
		Examples: []FuncExample{{`add_days("2026-11-22", 10)`, `"2026-12-02"`}, {`add_days("2024-03-01", -1)`, `"2024-02-29"`}, {`add_days(nil, 1)`, "null"}}})
	_ = define(Func{Name: "add_months", Aliases: []string{"EDATE"}, Group: "date", Label: label("加月数", "Add months"), Help: label("日期加若干月，月末不溢出", "A date moved by months, kept within the month's end"), Args: dateAndNumber, Result: sameDate, Go: shiftFn(0, 1),
		Examples: []FuncExample{{`add_months("2026-01-31", 1)`, `"2026-02-28"`}, {`add_months("2026-11-22", -12)`, `"2025-11-22"`}, {`add_months(nil, 1)`, "null"}}})
	_ = define(Func{Name: "add_hours", Group: "date", Label: label("加小时", "Add hours"), Help: label("时刻加若干小时，可为小数", "A moment moved by hours, fractions allowed"), Args: dateAndNumber, Result: returns(value.Time),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			secs := a[1].Number().Mul(decimal.NewFromInt(3600)).Round(0)
			if _, ok := bounded(secs.Div(decimal.NewFromInt(86400)).IntPart()); !ok {
				return value.Value{}, nil
			}
			return value.OfTime(startOfDay(e, a[0]).Time().Add(time.Duration(secs.IntPart()) * time.Second)), nil
		},
		Examples: []FuncExample{{`add_hours("2026-11-22T05:00:00Z", 1.5)`, `"2026-11-22T06:30:00Z"`}, {`add_hours("2026-11-22T05:00:00Z", -6)`, `"2026-11-21T23:00:00Z"`}, {`add_hours(nil, 1)`, "null"}}})
	_ = define(Func{Name: "days_between", Group: "date", Label: label("相差天数", "Days between"), Help: label("从第一个日期到第二个日期的天数", "Civil days from the first date to the second"),
		Args: []Arg{{Name: "from", Kinds: dates}, {Name: "to", Kinds: dates}}, Result: returns(value.Number),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			return value.OfInt(dayCount(civilDate(e, a[0]), civilDate(e, a[1]))), nil
		},
		Examples: []FuncExample{{`days_between("2026-11-20", "2026-11-22")`, "2"}, {`days_between("2026-11-22", "2026-11-20")`, "-2"}, {`days_between(nil, "2026-11-20")`, "null"}}})
	_ = define(Func{Name: "DAYS", Group: "date", Label: label("天数差", "Days"), Help: label("结束日期减开始日期的天数", "End date minus start date in days"),
		Args: []Arg{{Name: "end", Kinds: dates}, {Name: "start", Kinds: dates}}, Result: returns(value.Number),
		Rewrite:  func(c *compiler, n *Node) *Node { return c.op(n, "days_between", n.Args[1], n.Args[0]) },
		Examples: []FuncExample{{`DAYS("2026-11-22", "2026-11-20")`, "2"}, {`DAYS("2026-11-20", "2026-11-22")`, "-2"}, {`DAYS("2026-11-20", nil)`, "null"}}})
	_ = define(Func{Name: "days_since", Group: "date", Label: label("距今天数", "Days since"), Help: label("从该日期到今天的天数", "Civil days from the date to today"), Args: oneDate, Result: returns(value.Number), Volatile: true,
		Rewrite: func(c *compiler, n *Node) *Node { return c.op(n, "days_between", n.Args[0], c.op(n, "today")) }})
	_ = define(Func{Name: "days_until", Group: "date", Label: label("还有天数", "Days until"), Help: label("从今天到该日期的天数", "Civil days from today to the date"), Args: oneDate, Result: returns(value.Number), Volatile: true,
		Rewrite: func(c *compiler, n *Node) *Node { return c.op(n, "days_between", c.op(n, "today"), n.Args[0]) }})
	_ = define(Func{Name: "hours_between", Group: "date", Label: label("相差小时", "Hours between"), Help: label("两个时刻相差的小时数，保留两位小数", "Hours from the first moment to the second, two decimals"),
		Args: []Arg{{Name: "from", Kinds: dates}, {Name: "to", Kinds: dates}}, Result: returns(value.Number),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			d := startOfDay(e, a[1]).Time().Sub(startOfDay(e, a[0]).Time())
			return value.OfNumber(decimal.NewFromInt(d.Microseconds()).DivRound(decimal.NewFromInt(3_600_000_000), 2)), nil
		},
		Examples: []FuncExample{{`hours_between("2026-11-22T05:00:00Z", "2026-11-22T06:30:00Z")`, "1.5"}, {`hours_between("2026-11-22T06:00:00Z", "2026-11-22T05:00:00Z")`, "-1"}, {`hours_between(nil, "2026-11-22T05:00:00Z")`, "null"}}})
)

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

func shiftFn(days, months int64) func(*Env, []value.Value) (value.Value, error) {
	return func(e *Env, a []value.Value) (value.Value, error) {
		n, ok := shift(a[1])
		if !ok {
			return value.Value{}, nil
		}
		return moved(e, a[0], n*days, n*months), nil
	}
}

// addSeconds moves a moment by exact time, rounded to whole seconds.
func addSeconds(e *Env, v value.Value, seconds decimal.Decimal) value.Value {
	seconds = seconds.Round(0)
	if seconds.Abs().GreaterThan(decimal.NewFromInt(maxShift * 86400)) {
		return value.Value{}
	}
	t := startOfDay(e, v).Time()
	return timeOf(time.Unix(t.Unix()+seconds.IntPart(), int64(t.Nanosecond())))
}

func dateFn(e *Env, a []value.Value) (value.Value, error) {
	if a[0].Kind() != value.Number {
		return dateOf(civil(e, a[0])), nil
	}
	if len(a) != 3 && len(a) != 6 {
		return value.Value{}, nil
	}
	var n [6]int
	for i := range a {
		n[i] = int(clamped(a[i].Number(), -1, 10_000))
	}
	y, m, d := n[0], time.Month(n[1]), n[2]
	if y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) || n[3] < 0 || n[3] > 23 || n[4] < 0 || n[4] > 59 || n[5] < 0 || n[5] > 59 {
		return value.Value{}, nil
	}
	if len(a) == 3 {
		return value.OfDate(y, m, d), nil
	}
	return timeOf(e.instant(time.Date(y, m, d, n[3], n[4], n[5], 0, time.UTC))), nil
}

var dateAndNumber = []Arg{{Name: "date", Kinds: dates}, {Name: "count", Kinds: num}}

var (
	_ = define(Func{Name: "TODAY", Group: "date", Label: label("今天", "Today"), Help: label("工作区时区的今天", "Today in the workspace's time zone"), Result: returns(value.Date), Volatile: true,
		Go:       func(e *Env, _ []value.Value) (value.Value, error) { return e.Today(), nil },
		Examples: []FuncExample{{`TODAY() == DATE(NOW())`, "true"}, {`days_between(TODAY(), TODAY() + 1)`, "1"}, {`TODAY() > nil`, "false"}}})
	_ = define(Func{Name: "NOW", Aliases: []string{"SYSTIME"}, Group: "date", Label: label("现在", "Now"), Help: label("当前时刻", "The present moment"), Result: returns(value.Time), Volatile: true,
		Go:       func(e *Env, _ []value.Value) (value.Value, error) { return value.OfTime(e.Now), nil },
		Examples: []FuncExample{{`NOW() >= TODAY()`, "true"}, {`hours_between(NOW(), add_hours(NOW(), 1))`, "1"}, {`NOW() > nil`, "false"}}})
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
		Go:       part(func(t time.Time) int { return weekday(t) + 1 }),
		Examples: []FuncExample{{`WEEKDAY("2026-11-22")`, "7"}, {`WEEKDAY("2026-11-23")`, "1"}, {`WEEKDAY(nil)`, "null"}}})
	_ = define(Func{Name: "SECOND", Group: "date", Label: label("秒", "Second"), Help: label("时刻的秒，0 到 59", "The second, 0 to 59"), Args: oneDate, Result: returns(value.Number), Go: part(time.Time.Second),
		Examples: []FuncExample{{`SECOND("2026-11-22")`, "0"}, {`SECOND("2026-11-22T05:06:07Z")`, "7"}, {`SECOND(nil)`, "null"}}})
	_ = define(Func{Name: "DATE", Group: "date", Label: label("日期", "Date"), Help: label("由年、月、日组成日期，加上时、分、秒则为时刻，或取时刻的日期；不存在的日期为空", "A date of year, month and day, a moment with hour, minute and second, or the date of a moment; blank when there is no such date"),
		Args: []Arg{{Name: "year_or_time", Kinds: []value.Kind{value.Number, value.Date, value.Time}}, {Name: "month", Kinds: num, Optional: true}, {Name: "day", Kinds: num, Optional: true},
			{Name: "hour", Kinds: num, Optional: true}, {Name: "minute", Kinds: num, Optional: true}, {Name: "second", Kinds: num, Optional: true}},
		Result: func(args []Type) Type {
			if len(args) > 3 && args[0].Kind == value.Number {
				return T(value.Time)
			}
			return T(value.Date)
		},
		Go:       dateFn,
		Examples: []FuncExample{{`DATE(2026, 2, 28)`, `"2026-02-28"`}, {`DATE(2026, 2, 30)`, "null"}, {`DATE(2026, 2, 28, 8, 30, 0)`, `"2026-02-28T08:30:00Z"`}, {`DATE("2026-02-28T08:30:00Z")`, `"2026-02-28"`}, {`DATE(nil, 1, 1)`, "null"}}})
	_ = define(Func{Name: "DATEVALUE", Aliases: []string{"to_date"}, Group: "date", Label: label("文本转日期", "Text to date"), Help: label("把“2026-11-22”这样的文本读作日期；读不出时为空", "Reads a text such as 2026-11-22 as a date; blank when it is none"), Args: anyText, Result: returns(value.Date),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			v, _ := parseDate(a[0].Text())
			return v, nil
		},
		Examples: []FuncExample{{`DATEVALUE("2026-11-22")`, `"2026-11-22"`}, {`DATEVALUE("2026-02-30")`, "null"}, {`DATEVALUE(nil)`, "null"}}})
	_ = define(Func{Name: "TIMESTAMP", Group: "date", Label: label("时间戳", "Timestamp"), Help: label("从 1970 年起的毫秒数", "Milliseconds since 1970"), Args: oneDate, Result: returns(value.Number),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			return value.OfInt(startOfDay(e, a[0]).Time().UnixMilli()), nil
		},
		Examples: []FuncExample{{`TIMESTAMP("2026-11-22T05:06:07Z")`, "1795323967000"}, {`TIMESTAMP("1970-01-02")`, "86400000"}, {`TIMESTAMP(nil)`, "null"}}})
	_ = define(Func{Name: "FROM_TIMESTAMP", Group: "date", Label: label("时间戳转时刻", "Time of a timestamp"), Help: label("毫秒时间戳对应的时刻", "The moment of a timestamp in milliseconds"), Args: []Arg{{Name: "milliseconds", Kinds: num}}, Result: returns(value.Time),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			ms := a[0].Number().Floor()
			if ms.Abs().GreaterThan(decimal.NewFromInt(1e15)) {
				return value.Value{}, nil
			}
			return timeOf(time.UnixMilli(ms.IntPart())), nil
		},
		Examples: []FuncExample{{`FROM_TIMESTAMP(1795323967000)`, `"2026-11-22T05:06:07Z"`}, {`FROM_TIMESTAMP(-1)`, `"1969-12-31T23:59:59.999Z"`}, {`FROM_TIMESTAMP(nil)`, "null"}}})
	_ = define(Func{Name: "add_days", Aliases: []string{"DATEDELTA"}, Group: "date", Label: label("加天数", "Add days"), Help: label("日期加若干天，负数为减", "A date moved by days; negative goes back"), Args: dateAndNumber, Result: sameDate, Go: shiftFn(1, 0),
		Examples: []FuncExample{{`add_days("2026-11-22", 10)`, `"2026-12-02"`}, {`add_days("2024-03-01", -1)`, `"2024-02-29"`}, {`add_days(nil, 1)`, "null"}}})
	_ = define(Func{Name: "add_months", Aliases: []string{"EDATE"}, Group: "date", Label: label("加月数", "Add months"), Help: label("日期加若干月，月末不溢出", "A date moved by months, kept within the month's end"), Args: dateAndNumber, Result: sameDate, Go: shiftFn(0, 1),
		Examples: []FuncExample{{`add_months("2026-01-31", 1)`, `"2026-02-28"`}, {`add_months("2026-11-22", -12)`, `"2025-11-22"`}, {`add_months(nil, 1)`, "null"}}})
	_ = define(Func{Name: "add_hours", Group: "date", Label: label("加小时", "Add hours"), Help: label("时刻加若干小时，可为小数", "A moment moved by hours, fractions allowed"), Args: dateAndNumber, Result: returns(value.Time),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			return addSeconds(e, a[0], a[1].Number().Mul(decimal.NewFromInt(3600))), nil
		},
		Examples: []FuncExample{{`add_hours("2026-11-22T05:00:00Z", 1.5)`, `"2026-11-22T06:30:00Z"`}, {`add_hours("2026-11-22T05:00:00Z", -6)`, `"2026-11-21T23:00:00Z"`}, {`add_hours(nil, 1)`, "null"}}})
	_ = define(Func{Name: "add_minutes", Group: "date", Label: label("加分钟", "Add minutes"), Help: label("时刻加若干分钟，可为小数", "A moment moved by minutes, fractions allowed"), Args: dateAndNumber, Result: returns(value.Time),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			return addSeconds(e, a[0], a[1].Number().Mul(decimal.NewFromInt(60))), nil
		},
		Examples: []FuncExample{{`add_minutes("2026-11-22T05:00:00Z", 90)`, `"2026-11-22T06:30:00Z"`}, {`add_minutes("2026-11-22T05:00:00Z", -0.5)`, `"2026-11-22T04:59:30Z"`}, {`add_minutes(nil, 1)`, "null"}}})
	_ = define(Func{Name: "add_years", Group: "date", Label: label("加年数", "Add years"), Help: label("日期加若干年，2 月 29 日在平年为 2 月 28 日", "A date moved by years; 29 February becomes 28 February in common years"), Args: dateAndNumber, Result: sameDate, Go: shiftFn(0, 12),
		Examples: []FuncExample{{`add_years("2024-02-29", 1)`, `"2025-02-28"`}, {`add_years("2026-11-22", -26)`, `"2000-11-22"`}, {`add_years(nil, 1)`, "null"}}})
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
		Rewrite:  func(c *compiler, n *Node) *Node { return c.op(n, "days_between", n.Args[0], c.op(n, "today")) },
		Examples: []FuncExample{{`days_since(today())`, "0"}, {`days_since(today() + 3)`, "-3"}, {`days_since(nil)`, "null"}}})
	_ = define(Func{Name: "days_until", Group: "date", Label: label("还有天数", "Days until"), Help: label("从今天到该日期的天数", "Civil days from today to the date"), Args: oneDate, Result: returns(value.Number), Volatile: true,
		Rewrite:  func(c *compiler, n *Node) *Node { return c.op(n, "days_between", c.op(n, "today"), n.Args[0]) },
		Examples: []FuncExample{{`days_until(today())`, "0"}, {`days_until(today() + 3)`, "3"}, {`days_until(nil)`, "null"}}})
	_ = define(Func{Name: "hours_between", Group: "date", Label: label("相差小时", "Hours between"), Help: label("两个时刻相差的小时数，保留两位小数", "Hours from the first moment to the second, two decimals"),
		Args: []Arg{{Name: "from", Kinds: dates}, {Name: "to", Kinds: dates}}, Result: returns(value.Number),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			return value.OfNumber(decimal.NewFromInt(elapsed(e, a[0], a[1])).DivRound(decimal.NewFromInt(3_600_000_000), 2)), nil
		},
		Examples: []FuncExample{{`hours_between("2026-11-22T05:00:00Z", "2026-11-22T06:30:00Z")`, "1.5"}, {`hours_between("2026-11-22T06:00:00Z", "2026-11-22T05:00:00Z")`, "-1"}, {`hours_between(nil, "2026-11-22T05:00:00Z")`, "null"}}})
)

package expr

import (
	"time"

	"github.com/shopspring/decimal"

	"tenon/schema/value"
)

// calendar declares a function from a civil date to another date.
func calendar(name, zh, en, helpZH, helpEN string, f func(y int, m time.Month, d, wd int) time.Time, examples ...FuncExample) *Func {
	return define(Func{Name: name, Group: "date", Label: label(zh, en), Help: label(helpZH, helpEN), Args: oneDate, Result: returns(value.Date),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			t := civilDate(e, a[0])
			return dateOf(f(t.Year(), t.Month(), t.Day(), weekday(t))), nil
		}, Examples: examples})
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

var (
	_ = calendar("start_of_week", "本周一", "Start of the week", "该日期所在周的星期一", "The Monday of the date's week", func(y int, m time.Month, d, wd int) time.Time { return day(y, m, d-wd) },
		FuncExample{`start_of_week("2026-11-22")`, `"2026-11-16"`}, FuncExample{`start_of_week("2026-11-23")`, `"2026-11-23"`}, FuncExample{`start_of_week(nil)`, "null"})
	_ = calendar("end_of_week", "本周日", "End of the week", "该日期所在周的星期日", "The Sunday of the date's week", func(y int, m time.Month, d, wd int) time.Time { return day(y, m, d-wd+6) },
		FuncExample{`end_of_week("2026-11-22")`, `"2026-11-22"`}, FuncExample{`end_of_week("2026-11-23")`, `"2026-11-29"`}, FuncExample{`end_of_week(nil)`, "null"})
	_ = calendar("start_of_month", "月初", "Start of the month", "该日期所在月的第一天", "The first day of the date's month", func(y int, m time.Month, _, _ int) time.Time { return day(y, m, 1) },
		FuncExample{`start_of_month("2026-11-22")`, `"2026-11-01"`}, FuncExample{`start_of_month("2026-11-01")`, `"2026-11-01"`}, FuncExample{`start_of_month(nil)`, "null"})
	_ = calendar("end_of_month", "月末", "End of the month", "该日期所在月的最后一天", "The last day of the date's month", func(y int, m time.Month, _, _ int) time.Time { return day(y, m+1, 0) },
		FuncExample{`end_of_month("2026-11-22")`, `"2026-11-30"`}, FuncExample{`end_of_month("2024-02-01")`, `"2024-02-29"`}, FuncExample{`end_of_month(nil)`, "null"})
	_ = calendar("start_of_quarter", "季初", "Start of the quarter", "该日期所在季度的第一天", "The first day of the date's quarter", func(y int, m time.Month, _, _ int) time.Time { return day(y, m-(m-1)%3, 1) },
		FuncExample{`start_of_quarter("2026-11-22")`, `"2026-10-01"`}, FuncExample{`start_of_quarter("2026-01-01")`, `"2026-01-01"`}, FuncExample{`start_of_quarter(nil)`, "null"})
	_ = calendar("end_of_quarter", "季末", "End of the quarter", "该日期所在季度的最后一天", "The last day of the date's quarter", func(y int, m time.Month, _, _ int) time.Time { return day(y, m-(m-1)%3+3, 0) },
		FuncExample{`end_of_quarter("2026-11-22")`, `"2026-12-31"`}, FuncExample{`end_of_quarter("2026-02-01")`, `"2026-03-31"`}, FuncExample{`end_of_quarter(nil)`, "null"})
	_ = calendar("start_of_year", "年初", "Start of the year", "该日期所在年的第一天", "The first day of the date's year", func(y int, _ time.Month, _, _ int) time.Time { return day(y, 1, 1) },
		FuncExample{`start_of_year("2026-11-22")`, `"2026-01-01"`}, FuncExample{`start_of_year("2026-01-01")`, `"2026-01-01"`}, FuncExample{`start_of_year(nil)`, "null"})
	_ = calendar("end_of_year", "年末", "End of the year", "该日期所在年的最后一天", "The last day of the date's year", func(y int, _ time.Month, _, _ int) time.Time { return day(y, 12, 31) },
		FuncExample{`end_of_year("2026-11-22")`, `"2026-12-31"`}, FuncExample{`end_of_year("2026-12-31")`, `"2026-12-31"`}, FuncExample{`end_of_year(nil)`, "null"})
	_ = define(Func{Name: "EOMONTH", Group: "date", Label: label("若干月后的月末", "End of a month"), Help: label("若干个月之后那个月的最后一天", "The last day of the month that lies the given number of months later"), Args: dateAndNumber, Result: returns(value.Date),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			n, ok := shift(a[1])
			t := addMonths(civilDate(e, a[0]), n)
			if !ok || dateOf(t).IsNull() {
				return value.Value{}, nil
			}
			return dateOf(day(t.Year(), t.Month()+1, 0)), nil
		},
		Examples: []FuncExample{{`EOMONTH("2026-01-31", 1)`, `"2026-02-28"`}, {`EOMONTH("2026-01-15", 0)`, `"2026-01-31"`}, {`EOMONTH(nil, 1)`, "null"}}})

	_ = define(Func{Name: "QUARTER", Group: "date", Label: label("季度", "Quarter"), Help: label("日期的季度，1 到 4", "The quarter of a date, 1 to 4"), Args: oneDate, Result: returns(value.Number), Go: part(func(t time.Time) int { return (int(t.Month()) + 2) / 3 }),
		Examples: []FuncExample{{`QUARTER("2026-11-22")`, "4"}, {`QUARTER("2026-03-31")`, "1"}, {`QUARTER(nil)`, "null"}}})
	_ = define(Func{Name: "WEEKNUM", Aliases: []string{"week_number"}, Group: "date", Label: label("第几周", "Week number"), Help: label("1 月 1 日所在周为第 1 周；第二个参数为 1 时一周从星期日开始（默认），为 2 时从星期一开始", "The week of 1 January is week 1; weeks start on Sunday (1, the default) or Monday (2)"),
		Args: []Arg{{Name: "date", Kinds: dates}, {Name: "start", Kinds: num, Optional: true}}, Result: returns(value.Number),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			t, start := civilDate(e, a[0]), int64(1)
			if len(a) > 1 {
				start = clamped(a[1].Number(), 0, 3)
			}
			lead := weekday(day(t.Year(), 1, 1)) // days of week 1 before 1 January
			switch start {
			case 1:
				lead = (lead + 1) % 7
			case 2:
			default:
				return value.Value{}, nil
			}
			return value.OfInt(int64((t.YearDay()-1+lead)/7 + 1)), nil
		},
		Examples: []FuncExample{{`WEEKNUM("2026-01-03")`, "1"}, {`WEEKNUM("2026-01-04")`, "2"}, {`WEEKNUM("2026-01-04", 2)`, "1"}, {`WEEKNUM(nil)`, "null"}}})
	_ = define(Func{Name: "ISOWEEKNUM", Aliases: []string{"iso_week"}, Group: "date", Label: label("ISO 周数", "ISO week number"), Help: label("ISO 8601 周数：含当年第一个星期四的周为第 1 周", "The ISO 8601 week: week 1 holds the year's first Thursday"), Args: oneDate, Result: returns(value.Number),
		Go: part(func(t time.Time) int {
			_, w := t.ISOWeek()
			return w
		}),
		Examples: []FuncExample{{`ISOWEEKNUM("2026-01-01")`, "1"}, {`ISOWEEKNUM("2027-01-01")`, "53"}, {`ISOWEEKNUM(nil)`, "null"}}})

	_ = define(Func{Name: "DATEDIF", Aliases: []string{"date_diff"}, Group: "date", Label: label("日期间隔", "Difference of dates"),
		Help: label(`两个日期之间完整的年（"y"）、月（"M"）、天（"d"，默认）、时（"h"）、分（"m"）、秒（"s"）数；"YM" 为不足一年的月数，"MD" 为不足一月的天数，"YD" 为不足一年的天数`, `Whole years ("y"), months ("M"), days ("d", the default), hours ("h"), minutes ("m") or seconds ("s") between two dates; "YM" months beyond the years, "MD" days beyond the months, "YD" days beyond the years`),
		Args: []Arg{{Name: "start", Kinds: dates}, {Name: "end", Kinds: dates}, {Name: "unit", Kinds: txt, Optional: true}}, Result: returns(value.Number),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			unit := "d"
			if len(a) > 2 {
				unit = a[2].Text()
			}
			return dateDif(e, a[0], a[1], unit), nil
		},
		Examples: []FuncExample{{`DATEDIF("2024-02-29", "2026-11-22", "y")`, "2"}, {`DATEDIF("2026-01-31", "2026-03-01", "M")`, "1"}, {`DATEDIF("2026-11-20", "2026-11-22")`, "2"}, {`DATEDIF("2026-11-22T05:00:00Z", "2026-11-22T06:59:00Z", "h")`, "1"}, {`DATEDIF(nil, "2026-11-22", "d")`, "null"}}})
	_ = define(Func{Name: "DAYS360", Group: "date", Label: label("360 天制天数", "Days of a 360-day year"), Help: label("按每月 30 天计算两个日期相差的天数；第三个参数为真时用欧洲算法", "Days between two dates with months of 30 days; the European method when the third argument is true"),
		Args: []Arg{{Name: "start", Kinds: dates}, {Name: "end", Kinds: dates}, {Name: "european", Kinds: bools, Optional: true}}, Result: returns(value.Number),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			x, y := civilDate(e, a[0]), civilDate(e, a[1])
			d1, d2, euro := x.Day(), y.Day(), len(a) > 2 && a[2].Bool()
			if d1 == 31 || !euro && x.Month() == time.February && d1 == daysIn(x.Year(), x.Month()) {
				d1 = 30
			}
			if d2 == 31 && (euro || d1 == 30) {
				d2 = 30
			}
			return value.OfInt(int64((y.Year()-x.Year())*360 + (int(y.Month())-int(x.Month()))*30 + d2 - d1)), nil
		},
		Examples: []FuncExample{{`DAYS360("2026-01-30", "2026-03-31")`, "60"}, {`DAYS360("2026-02-28", "2026-03-31")`, "30"}, {`DAYS360("2026-02-28", "2026-03-31", true)`, "32"}, {`DAYS360(nil, "2026-03-31")`, "null"}}})

	_ = define(Func{Name: "is_birthday", Group: "date", Label: label("是生日", "Is a birthday"), Help: label("今天（或第二个参数的日期）是该日期的周年时为真；2 月 29 日在平年算 2 月 28 日", "True when today (or the second date) is an anniversary of the date; 29 February falls on 28 February in common years"),
		Args: []Arg{{Name: "date", Kinds: dates}, {Name: "on", Kinds: dates, Optional: true}}, Result: returns(value.Bool), NullOK: true, Rewrite: withToday,
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			if a[0].IsNull() || a[1].IsNull() {
				return value.OfBool(false), nil
			}
			b, t := civilDate(e, a[0]), civilDate(e, a[1])
			return value.OfBool(birthdayIn(b, t.Year()).Equal(t)), nil
		},
		Examples: []FuncExample{{`is_birthday("1990-11-22", "2026-11-22")`, "true"}, {`is_birthday("2000-02-29", "2026-02-28")`, "true"}, {`is_birthday("2000-02-29", "2024-02-28")`, "false"}, {`is_birthday(nil)`, "false"}}})
	_ = define(Func{Name: "next_birthday", Group: "date", Label: label("下一个生日", "Next birthday"), Help: label("从今天（或第二个参数的日期）起的下一个周年日，当天也算", "The next anniversary from today (or the second date) on, that day included"),
		Args: []Arg{{Name: "date", Kinds: dates}, {Name: "from", Kinds: dates, Optional: true}}, Rewrite: withToday, Result: returns(value.Date),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			b, t := civilDate(e, a[0]), civilDate(e, a[1])
			next := birthdayIn(b, t.Year())
			if next.Before(t) {
				next = birthdayIn(b, t.Year()+1)
			}
			return dateOf(next), nil
		},
		Examples: []FuncExample{{`next_birthday("1990-11-22", "2026-11-22")`, `"2026-11-22"`}, {`next_birthday("2000-02-29", "2026-03-01")`, `"2027-02-28"`}, {`next_birthday(nil)`, "null"}}})

	_ = define(Func{Name: "is_workday", Group: "date", Label: label("是工作日", "Is a working day"), Help: label("星期一到星期五且不在假日列表中时为真", "True from Monday to Friday unless the date is among the holidays"),
		Args: []Arg{{Name: "date", Kinds: dates}, holidayArg}, Result: returns(value.Bool), NullOK: true,
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			if a[0].IsNull() {
				return value.OfBool(false), nil
			}
			t := civilDate(e, a[0])
			return value.OfBool(workdays(t, t, holidays(e, a[1:])) == 1), nil
		},
		Examples: []FuncExample{{`is_workday("2026-11-20")`, "true"}, {`is_workday("2026-11-22")`, "false"}, {`is_workday("2026-10-01", "2026-10-01")`, "false"}, {`is_workday(nil)`, "false"}}})
	_ = define(Func{Name: "NETWORKDAYS", Aliases: []string{"workdays_between"}, Group: "date", Label: label("工作日天数", "Working days"), Help: label("两个日期之间星期一到星期五的天数，首尾都算，减去假日；结束早于开始时为负", "Days from Monday to Friday between two dates, both included, less the holidays; negative when the end is before the start"),
		Args: []Arg{{Name: "start", Kinds: dates}, {Name: "end", Kinds: dates}, holidayArg}, Result: returns(value.Number), NullOK: true,
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			if a[0].IsNull() || a[1].IsNull() {
				return value.Value{}, nil
			}
			return value.OfInt(workdays(civilDate(e, a[0]), civilDate(e, a[1]), holidays(e, a[2:]))), nil
		},
		Examples: []FuncExample{{`NETWORKDAYS("2026-11-16", "2026-11-22")`, "5"}, {`NETWORKDAYS("2026-10-01", "2026-10-08", "2026-10-01", "2026-10-02")`, "4"}, {`NETWORKDAYS("2026-11-22", "2026-11-16")`, "-5"}, {`NETWORKDAYS(nil, "2026-11-22")`, "null"}}})
	_ = define(Func{Name: "add_workdays", Aliases: []string{"WORKDAY"}, Group: "date", Label: label("加工作日", "Add working days"), Help: label("向后（负数为向前）第若干个工作日，跳过周末和假日；0 天即原日期", "The date that lies the given number of working days later (earlier if negative), past weekends and holidays; 0 gives the date itself"),
		Args: []Arg{{Name: "date", Kinds: dates}, {Name: "count", Kinds: num}, holidayArg}, Result: sameDate, NullOK: true,
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			if a[0].IsNull() || a[1].IsNull() {
				return value.Value{}, nil
			}
			n, ok := shift(a[1])
			if !ok {
				return value.Value{}, nil
			}
			t := civilDate(e, a[0])
			return moved(e, a[0], dayCount(t, addWorkdays(t, n, holidays(e, a[2:]))), 0), nil
		},
		Examples: []FuncExample{{`add_workdays("2026-11-20", 1)`, `"2026-11-23"`}, {`add_workdays("2026-11-22", -1)`, `"2026-11-20"`}, {`add_workdays("2026-09-30", 1, ["2026-10-01", "2026-10-02"])`, `"2026-10-05"`}, {`add_workdays(nil, 1)`, "null"}}})
)

var holidayArg = Arg{Name: "holidays", Kinds: []value.Kind{value.Date, value.Time, value.Text}, Variadic: true, Optional: true}

// withToday adds today as the second argument where it was left out.
func withToday(c *compiler, n *Node) *Node {
	if len(n.Args) < 2 {
		n.Args = append(n.Args, c.op(n, "today"))
	}
	n.Type = n.Fn.Result(nil)
	return n
}

func birthdayIn(b time.Time, y int) time.Time {
	return day(y, b.Month(), min(b.Day(), daysIn(y, b.Month())))
}

func dateDif(e *Env, a, b value.Value, unit string) value.Value {
	switch unit {
	case "h", "H":
		return value.OfInt(elapsed(e, a, b) / 3_600_000_000)
	case "m":
		return value.OfInt(elapsed(e, a, b) / 60_000_000)
	case "s", "S":
		return value.OfInt(elapsed(e, a, b) / 1_000_000)
	}
	x, y, sign := civilDate(e, a), civilDate(e, b), int64(1)
	if y.Before(x) {
		x, y, sign = y, x, -1
	}
	months := int64(y.Year()-x.Year())*12 + int64(y.Month()) - int64(x.Month())
	if y.Day() < x.Day() {
		months--
	}
	n := int64(0)
	switch unit {
	case "y", "Y":
		n = months / 12
	case "M":
		n = months
	case "d", "D":
		n = dayCount(x, y)
	case "YM", "ym":
		n = months % 12
	case "MD", "md":
		n = dayCount(addMonths(x, months), y)
	case "YD", "yd":
		n = dayCount(addMonths(x, months/12*12), y)
	default:
		return value.Value{}
	}
	return value.OfNumber(decimal.NewFromInt(sign * n))
}

package chart

import (
	"time"

	"tenon/schema/panel"
)

// span is a period relative to now: from its first day on, for a number of
// days or of months.
type span struct {
	name, zh, en string
	start        func(today time.Time) time.Time
	days, months int
}

func startOfDay(offset int) func(time.Time) time.Time {
	return func(t time.Time) time.Time { return t.AddDate(0, 0, offset) }
}

// startOfWeek is a Monday.
func startOfWeek(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }

// startOfMonths is the first day of the n-month block of the year that t is in.
func startOfMonths(n int) func(time.Time) time.Time {
	return func(t time.Time) time.Time {
		m := (int(t.Month()) - 1) / n * n
		return time.Date(t.Year(), time.Month(m+1), 1, 0, 0, 0, 0, t.Location())
	}
}

func before(f func(time.Time) time.Time, days, months int) func(time.Time) time.Time {
	return func(t time.Time) time.Time { return f(t).AddDate(0, -months, -days) }
}

// periods in the order of the select. Those that count days back end with today.
var periods = []span{
	{"today", "今天", "Today", startOfDay(0), 1, 0},
	{"yesterday", "昨天", "Yesterday", startOfDay(-1), 1, 0},
	{"this_week", "本周", "This week", startOfWeek, 7, 0},
	{"last_week", "上周", "Last week", before(startOfWeek, 7, 0), 7, 0},
	{"this_month", "本月", "This month", startOfMonths(1), 0, 1},
	{"last_month", "上月", "Last month", before(startOfMonths(1), 0, 1), 0, 1},
	{"this_quarter", "本季度", "This quarter", startOfMonths(3), 0, 3},
	{"last_quarter", "上季度", "Last quarter", before(startOfMonths(3), 0, 3), 0, 3},
	{"this_year", "今年", "This year", startOfMonths(12), 0, 12},
	{"last_year", "去年", "Last year", before(startOfMonths(12), 0, 12), 0, 12},
	{"last_7_days", "最近 7 天", "Last 7 days", startOfDay(-6), 7, 0},
	{"last_30_days", "最近 30 天", "Last 30 days", startOfDay(-29), 30, 0},
	{"last_90_days", "最近 90 天", "Last 90 days", startOfDay(-89), 90, 0},
	{"last_365_days", "最近 365 天", "Last 365 days", startOfDay(-364), 365, 0},
}

// Range returns the days of a period as midnights in now's zone, the last one
// excluded; previous gives the equally long period before it. ok is false for
// a blank or unknown period, which is no limit.
func Range(period string, previous bool, now time.Time) (from, to time.Time, ok bool) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	for _, s := range periods {
		if s.name != period {
			continue
		}
		from = s.start(today)
		if previous {
			from = from.AddDate(0, -s.months, -s.days)
		}
		return from, from.AddDate(0, s.months, s.days), true
	}
	return time.Time{}, time.Time{}, false
}

func periodProp() panel.Prop {
	all := make([]panel.Choice, len(periods))
	for i, s := range periods {
		all[i] = panel.Choice{Value: s.name, ZH: s.zh, EN: s.en}
	}
	return panel.Select("period", "时间范围", "Period", all...).Help("不填则不限", "Left blank, all of them")
}

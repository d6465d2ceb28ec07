package field

import (
	"tenon/schema/fault"
	"tenon/schema/panel"
	"tenon/schema/value"
)

type dateOptions struct {
	Min   string `json:"min"`
	Max   string `json:"max"`
	Picks string `json:"picks"` // for the browser
}

// dayPicks are buttons below a control that fill in a day near today.
var dayPicks = panel.Select("picks", "快捷日期", "Quick picks",
	panel.Choice{Value: "ahead", ZH: "明天、后天、下周一、一周后", EN: "Tomorrow, in 2 days, next Monday, in a week"},
	panel.Choice{Value: "back", ZH: "今天、昨天", EN: "Today, yesterday"}).
	Help("输入框下方的按钮，一点就填好", "Buttons below the input, each fills it in one tap")

var (
	errEarly = fault.Define(fault.Invalid, "field.date.min", "不能早于 {min}", "must not be before {min}")
	errLate  = fault.Define(fault.Invalid, "field.date.max", "不能晚于 {max}", "must not be after {max}")
)

var _ = Define(Spec[dateOptions]{
	Name: "date", Group: "time", Icon: "calendar",
	Label: Label{ZH: "日期", EN: "Date"},
	Help:  Label{ZH: "年月日，不随时区变化", EN: "Year, month and day, the same in every time zone"},
	Options: panel.Object(
		panel.Date("min", "最早", "Earliest"),
		panel.Date("max", "最晚", "Latest"),
		dayPicks,
	),
	Kind:   value.Date,
	Traits: Traits{Groupable: true, Sortable: true, Filterable: true, Uniquable: true},
	Bind: func(o dateOptions, b *Bound) error {
		for path, s := range map[string]string{"/min": o.Min, "/max": o.Max} {
			if _, ok := readCivil(s); s != "" && !ok {
				return option(path, "不是日期", "not a date")
			}
		}
		if o.Min != "" && o.Max != "" && o.Min > o.Max {
			return option("/min", "最早日期晚于最晚日期", "the earliest date is after the latest")
		}
		b.DB = DBDate
		b.Parse = func(raw any, env Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			s, ok := raw.(string)
			if !ok {
				return value.Value{}, ErrDate.With("value", shown(raw))
			}
			return dateOf(s, env)
		}
		b.Check = func(v value.Value) error {
			switch {
			case v.Kind() != value.Date:
			case o.Min != "" && v.Text() < o.Min:
				return errEarly.With("min", o.Min)
			case o.Max != "" && v.Text() > o.Max:
				return errLate.With("max", o.Max)
			}
			return nil
		}
		b.Format = func(v value.Value, _ Env) string { return v.Text() }
		return nil
	},
	Examples: []Example{
		{In: `"2026-11-22"`, Out: `"2026-11-22"`, Text: "2026-11-22"},
		{In: `"2026/1/2"`, Out: `"2026-01-02"`},
		{In: `"2026年11月22日"`, Out: `"2026-11-22"`},
		{In: `"20261122"`, Out: `"2026-11-22"`},
		{In: `"2026-11-22T18:00:00Z"`, Out: `"2026-11-23"`},
		{In: `null`, Out: `null`},
		{In: `"2026-02-30"`, Err: "field.date"},
		{In: `"11/22/2026"`, Err: "field.date"},
		{In: `46348`, Err: "field.date"},
		{In: `"明天"`, Err: "field.date"},
		{Options: `{"min":"2026-01-01"}`, In: `"2025-12-31"`, Err: "field.date.min"},
		{Options: `{"max":"2026-12-31"}`, In: `"2027-01-01"`, Err: "field.date.max"},
	},
})

// dateOf reads a date; of an instant it takes the date in the workspace's zone.
func dateOf(s string, env Env) (value.Value, error) {
	if c, ok := readCivil(s); ok {
		if v, ok := c.date(env.Location()); ok {
			return v, nil
		}
	}
	return value.Value{}, ErrDate.With("value", clip(s))
}

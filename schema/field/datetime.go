package field

import (
	"time"

	"tenon/schema/panel"
	"tenon/schema/value"
)

type datetimeOptions struct {
	Precision string `json:"precision"`
	Picks     string `json:"picks"` // for the browser
}

var _ = Define(Spec[datetimeOptions]{
	Name: "datetime", Group: "time", Icon: "clock",
	Label: Label{ZH: "日期时间", EN: "Date & time"},
	Help:  Label{ZH: "一个时刻，按工作区的时区输入和显示", EN: "A moment, entered and shown in the workspace's time zone"},
	Options: panel.Object(
		panel.Select("precision", "精确到", "Precise to",
			panel.Choice{Value: "minute", ZH: "分钟", EN: "Minute"}, panel.Choice{Value: "second", ZH: "秒", EN: "Second"}).
			Help("更细的部分会舍去；不填则保留到秒、显示到分钟", "Anything finer is cut off; left blank, seconds are kept and minutes shown"),
		dayPicks,
	),
	Kind:   value.Time,
	Traits: Traits{Groupable: true, Sortable: true, Filterable: true},
	Bind: func(o datetimeOptions, b *Bound) error {
		keep, layout := time.Second, minuteLayout
		switch o.Precision {
		case "minute":
			keep = time.Minute
		case "second":
			layout = secondLayout
		}
		b.DB = DBTime
		b.Parse = func(raw any, env Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			s, ok := raw.(string)
			if !ok {
				return value.Value{}, ErrTime.With("value", shown(raw))
			}
			t, err := instant(s, env)
			if err != nil {
				return value.Value{}, err
			}
			return value.OfTime(t.Truncate(keep)), nil
		}
		b.Format = func(v value.Value, env Env) string { return timeText(v, layout, env) }
		return nil
	},
	Examples: []Example{
		{In: `"2026-11-22T09:30:15+08:00"`, Out: `"2026-11-22T01:30:15Z"`, Text: "2026-11-22 09:30"},
		{In: `"2026-11-22 09:30"`, Out: `"2026-11-22T01:30:00Z"`, Text: "2026-11-22 09:30"},
		{Options: `{"precision":"second"}`, In: `"2026-11-22 09:30:15.75"`, Out: `"2026-11-22T01:30:15Z"`, Text: "2026-11-22 09:30:15"},
		{Options: `{"precision":"minute"}`, In: `"2026-11-22T09:30:15Z"`, Out: `"2026-11-22T09:30:00Z"`},
		{In: `"2026年11月22日 下午3点05分"`, Out: `"2026-11-22T07:05:00Z"`},
		{In: `"2026-11-22"`, Out: `"2026-11-21T16:00:00Z"`},
		{In: `null`, Out: `null`},
		{In: `"2026-11-22 25:00"`, Err: "field.datetime"},
		{In: `1732233600`, Err: "field.datetime"},
		{In: `"刚才"`, Err: "field.datetime"},
	},
})

const (
	minuteLayout = "2006-01-02 15:04"
	secondLayout = "2006-01-02 15:04:05"
)

// instant reads a moment; without an offset it is in the workspace's zone.
func instant(s string, env Env) (time.Time, error) {
	c, ok := readCivil(s)
	if ok {
		t := c.at(env.Location())
		if y := t.UTC().Year(); y >= 1 && y <= 9999 {
			return t, nil
		}
	}
	return time.Time{}, ErrTime.With("value", clip(s))
}

func timeText(v value.Value, layout string, env Env) string {
	if v.Kind() != value.Time {
		return ""
	}
	return v.Time().In(env.Location()).Format(layout)
}

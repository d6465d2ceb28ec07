package view

import "tenon/schema/panel"

var _ = Define(Spec{
	Name: "calendar", Group: "time", Icon: "calendar",
	Label: Label{ZH: "日历", EN: "Calendar"},
	Help:  Label{ZH: "按日期排在月、周、日历上，拖动即改期", EN: "Records on a month, week or day calendar; dragging one changes its date"},
	Options: panel.Object(
		panel.Field("start", dated, "开始日期", "Start").Required(),
		panel.Field("end", dated, "结束日期", "End").
			Help("不填则只占一天", "Left blank, a record takes one day"),
		cardsProp(),
		colourProp(),
		filterProp(),
	),
	Needs: []Need{{Option: "start", Accept: dated}},
	Examples: []Example{
		{Config: `{"start":"date","color_by":"select"}`},
		{Config: `{"start":"datetime","end":"datetime","cards":["member"],"filter":"owner == me()"}`},
		{Config: `{}`, Err: "schema.missing"},
		{Config: `{"start":"text"}`, Err: "field.ref.unfit"},
		{Config: `{"start":"date","columns":[]}`, Err: "schema.unknown_key"},
	},
})

package view

import "tenon/schema/panel"

var _ = Define(Spec{
	Name: "kanban", Group: "board", Icon: "board",
	Label: Label{ZH: "看板", EN: "Kanban"},
	Help:  Label{ZH: "按状态、成员等分列的卡片，拖动卡片即修改该字段", EN: "Cards in columns by status, member and the like; dragging a card changes the field"},
	Options: panel.Object(
		panel.Field("group_by", single, "按哪个字段分列", "Columns by").Required(),
		cardsProp(),
		panel.Field("sum", numbers, "列头合计", "Column total").
			Help("每列顶部显示该数字字段的合计", "The sum of this field is shown on top of each column"),
		filterProp(),
		sortProp(),
		colourProp(),
	),
	Needs: []Need{{Option: "group_by", Accept: single}},
	Examples: []Example{
		{Config: `{"group_by":"select","cards":["member","money"],"sum":"money","sort":[{"field":"datetime"}]}`},
		{Config: `{"group_by":"member"}`},
		{Config: `{}`, Err: "schema.missing"},
		{Config: `{"group_by":"multi_select"}`, Err: "field.ref.unfit"},
		{Config: `{"group_by":"text"}`, Err: "field.ref.unfit"},
		{Config: `{"group_by":"select","sum":"text"}`, Err: "field.ref.unfit"},
	},
})

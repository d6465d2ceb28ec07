package view

import "tenon/schema/panel"

var _ = Define(Spec{
	Name: "grid", Group: "list", Icon: "table",
	Label: Label{ZH: "表格", EN: "Grid"},
	Help:  Label{ZH: "像电子表格一样查看和编辑，可分组、冻结列、合计", EN: "View and edit like a spreadsheet, with groups, frozen columns and totals"},
	Options: panel.Object(
		panel.List("columns", 0, 200, "列", "Columns",
			panel.Field("field", panel.Accept{}, "字段", "Field").Required(),
			panel.Whole("width", 40, 1200, "列宽", "Width"),
			panel.Select("footer", "合计", "Footer",
				panel.Choice{Value: "sum", ZH: "求和", EN: "Sum"},
				panel.Choice{Value: "avg", ZH: "平均", EN: "Average"},
				panel.Choice{Value: "min", ZH: "最小", EN: "Lowest"},
				panel.Choice{Value: "max", ZH: "最大", EN: "Highest"},
				panel.Choice{Value: "count", ZH: "计数", EN: "Count"},
				panel.Choice{Value: "filled", ZH: "已填写数", EN: "Filled in"}),
		).Help("不填则显示所有字段", "Left empty, every field is shown"),
		filterProp(),
		sortProp(),
		panel.Field("group", panel.Accept{Traits: []string{"groupable"}}, "分组", "Group by").Many(3),
		panel.Whole("frozen", 0, 10, "冻结列数", "Frozen columns").Default(0),
		panel.Select("row_height", "行高", "Row height",
			panel.Choice{Value: "compact", ZH: "紧凑", EN: "Compact"},
			panel.Choice{Value: "default", ZH: "标准", EN: "Standard"},
			panel.Choice{Value: "tall", ZH: "宽松", EN: "Tall"}).Default("default"),
		colourProp(),
	),
	Examples: []Example{
		{Config: `{}`},
		{Config: `{"columns":[{"field":"text","width":200},{"field":"money","footer":"sum"}],"sort":[{"field":"date","desc":true}],"group":["select"],"frozen":1,"filter":"money > 0"}`},
		{Config: `{"columns":[{"field":"missing"}]}`, Err: "field.ref.unknown"},
		{Config: `{"sort":[{"field":"attachment"}]}`, Err: "field.ref.unfit"},
		{Config: `{"start":"date"}`, Err: "schema.unknown_key"},
	},
})

package chart

var _ = Define(Spec[seriesConfig]{
	Name: "donut", Group: "chart", Icon: "chart",
	Label:   Label{ZH: "环形图", EN: "Donut chart"},
	Help:    Label{ZH: "看各部分占整体的比例，中间显示合计", EN: "Shows the parts of a whole with the total in the middle"},
	Options: seriesOptions(false, 1),
	Source:  Aggregate,
	Arity:   Arity{Dimensions: 1, Measures: 1},
	Plan:    planSeries,
	Examples: []Example{
		{Config: `{"entity":"deal","group_by":{"field":"select"},"measures":[{"fn":"count"}]}`, Queries: "main"},
		{Config: `{"entity":"deal","group_by":{"field":"boolean"},"measures":[{"fn":"sum","field":"money"}]}`, Queries: "main"},
		{Config: `{"entity":"deal","group_by":{"field":"select"},"measures":[{"fn":"count"},{"fn":"count"}]}`, Err: "schema.mismatch"},
	},
})

package chart

var _ = Define(Spec[seriesConfig]{
	Name: "line", Group: "chart", Icon: "chart",
	Label:   Label{ZH: "折线图", EN: "Line chart"},
	Help:    Label{ZH: "看数值随时间的变化", EN: "Shows how numbers change over time"},
	Options: seriesOptions(true, 5),
	Source:  Aggregate,
	Arity:   Arity{Dimensions: 2, Measures: -1},
	Plan:    planSeries,
	Examples: []Example{
		{Config: `{"entity":"deal","group_by":{"field":"datetime","bucket":"week"},"measures":[{"fn":"count"},{"fn":"avg","field":"number"}]}`, Queries: "main"},
		{Config: `{"entity":"deal","group_by":{"field":"date","bucket":"month"},"split_by":{"field":"select"},"measures":[{"fn":"sum","field":"money"}]}`, Queries: "main"},
		{Config: `{"entity":"deal","group_by":{"field":"date","bucket":"fortnight"},"measures":[{"fn":"count"}]}`, Err: "schema.mismatch"},
		{Config: `{"entity":"deal","group_by":{"field":"date"},"measures":[{"fn":"max"}]}`, Err: "chart.measure"},
	},
})

package chart

var _ = Define(Spec[seriesConfig]{
	Name: "bar", Group: "chart", Icon: "chart",
	Label:   Label{ZH: "柱状图", EN: "Bar chart"},
	Help:    Label{ZH: "比较各组的数值，可再拆分成堆叠", EN: "Compares groups, stacked when split"},
	Options: seriesOptions(true, 5),
	Source:  Aggregate,
	Arity:   Arity{Dimensions: 2, Measures: -1},
	Plan:    planSeries,
	Examples: []Example{
		{Config: `{"entity":"deal","group_by":{"field":"select"},"measures":[{"fn":"count"}]}`, Queries: "main"},
		{Config: `{"entity":"deal","group_by":{"field":"date","bucket":"month"},"split_by":{"field":"member"},"measures":[{"fn":"sum","field":"money","label":{"zh-CN":"金额","en-US":"Amount"}}],"sort":"-value","limit":12}`, Queries: "main"},
		{Config: `{"entity":"deal","group_by":{"field":"select"},"measures":[]}`, Err: "schema.mismatch"},
		{Config: `{"entity":"deal","group_by":{"field":"attachment"},"measures":[{"fn":"count"}]}`, Err: "field.ref.unfit"},
		{Config: `{"entity":"deal","group_by":{"field":"select"},"split_by":{"field":"select"},"measures":[{"fn":"count"}]}`, Err: "chart.split"},
		{Config: `{"entity":"deal","group_by":{"field":"select"},"split_by":{"field":"member"},"measures":[{"fn":"count"},{"fn":"sum","field":"money"}]}`, Err: "chart.split_many"},
	},
})

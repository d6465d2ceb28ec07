package chart

var _ = Define(Spec[seriesConfig]{
	Name: "pie", Group: "chart", Icon: "chart",
	Label:   Label{ZH: "饼图", EN: "Pie chart"},
	Help:    Label{ZH: "看各部分占整体的比例", EN: "Shows the parts of a whole"},
	Options: seriesOptions(false, 1),
	Source:  Aggregate,
	Arity:   Arity{Dimensions: 1, Measures: 1},
	Plan:    planSeries,
	Examples: []Example{
		{Config: `{"entity":"deal","group_by":{"field":"select"},"measures":[{"fn":"count"}]}`, Queries: "main"},
		{Config: `{"entity":"deal","group_by":{"field":"member"},"measures":[{"fn":"sum","field":"money"}],"sort":"-value","limit":6}`, Queries: "main"},
		{Config: `{"entity":"deal","group_by":{"field":"select"},"split_by":{"field":"member"},"measures":[{"fn":"count"}]}`, Err: "schema.unknown_key"},
		{Config: `{"entity":"deal","group_by":{"field":"missing"},"measures":[{"fn":"count"}]}`, Err: "field.ref.unknown"},
	},
})

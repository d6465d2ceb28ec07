package chart

import "tenon/schema/panel"

type funnelConfig struct {
	Entity  string   `json:"entity"`
	Filter  string   `json:"filter"`
	GroupBy Group    `json:"group_by"`
	Measure *Measure `json:"measure"`
	Order   []string `json:"order"`
}

var _ = Define(Spec[funnelConfig]{
	Name: "funnel", Group: "chart", Icon: "funnel",
	Label: Label{ZH: "漏斗图", EN: "Funnel"},
	Help:  Label{ZH: "看各阶段的数量和转化率", EN: "Shows the numbers of each stage and how many go on"},
	Options: panel.Object(
		entityProp(),
		filterProp(),
		panel.Group("group_by", "阶段", "Stage",
			panel.Field("field", panel.Accept{Traits: []string{"choices"}, Single: true}, "字段", "Field").Of("entity").Required()).Required(),
		measureProp().Help("不填则计数", "Left blank, records are counted"),
		panel.Text("order", 64, "阶段顺序", "Order of stages").Many(50).
			Help("选项的键，从先到后；不填则按选项顺序", "Option keys from first to last; left blank, the order of the options"),
	),
	Source: Aggregate,
	Arity:  Arity{Dimensions: 1, Measures: 1},
	Plan: func(c funnelConfig, p *Plan) error {
		m := Measure{Fn: "count"}
		if c.Measure != nil {
			m = *c.Measure
		}
		if err := measured("/measure", &m); err != nil {
			return err
		}
		p.Order = c.Order
		p.Queries = []Query{{Name: "main", Entity: c.Entity, Filter: c.Filter, GroupBy: []Group{c.GroupBy}, Measures: []Measure{m}, Limit: 100}}
		return nil
	},
	Examples: []Example{
		{Config: `{"entity":"deal","group_by":{"field":"select"},"order":["new","won"]}`, Queries: "main"},
		{Config: `{"entity":"deal","group_by":{"field":"select"},"measure":{"fn":"sum","field":"money"}}`, Queries: "main"},
		{Config: `{"entity":"deal","group_by":{"field":"text"}}`, Err: "field.ref.unfit"},
		{Config: `{"entity":"deal"}`, Err: "schema.missing"},
	},
})

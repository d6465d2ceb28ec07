package chart

import "tenon/schema/panel"

type rankingConfig struct {
	Entity  string   `json:"entity"`
	Filter  string   `json:"filter"`
	GroupBy Group    `json:"group_by"`
	Measure *Measure `json:"measure"`
	Limit   int      `json:"limit"`
}

var _ = Define(Spec[rankingConfig]{
	Name: "ranking", Group: "chart", Icon: "trophy",
	Label: Label{ZH: "排行榜", EN: "Ranking"},
	Help:  Label{ZH: "从高到低排名，例如销售业绩榜", EN: "Names from highest to lowest, such as a sales ranking"},
	Options: panel.Object(
		entityProp(),
		filterProp(),
		panel.Group("group_by", "给谁排名", "Who is ranked", groupProps(false)...).Required(),
		measureProp().Help("不填则计数", "Left blank, records are counted"),
		limitProp(100, 10),
	),
	Source: Aggregate,
	Arity:  Arity{Dimensions: 1, Measures: 1},
	Plan: func(c rankingConfig, p *Plan) error {
		m := Measure{Fn: "count"}
		if c.Measure != nil {
			m = *c.Measure
		}
		if err := measured("/measure", &m); err != nil {
			return err
		}
		if c.Limit == 0 {
			c.Limit = 10
		}
		p.Queries = []Query{{Name: "main", Entity: c.Entity, Filter: c.Filter, GroupBy: []Group{c.GroupBy}, Measures: []Measure{m}, Order: "-value", Limit: c.Limit}}
		return nil
	},
	Examples: []Example{
		{Config: `{"entity":"deal","group_by":{"field":"member"},"measure":{"fn":"sum","field":"money"}}`, Queries: "main"},
		{Config: `{"entity":"deal","group_by":{"field":"link"},"limit":5}`, Queries: "main"},
		{Config: `{"entity":"deal","group_by":{"field":"member"},"limit":0}`, Err: "schema.mismatch"},
		{Config: `{"entity":"deal","group_by":{"field":"member"},"measure":{"fn":"avg"}}`, Err: "chart.measure"},
	},
})

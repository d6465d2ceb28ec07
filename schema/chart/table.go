package chart

import "tenon/schema/panel"

type tableConfig struct {
	Entity   string    `json:"entity"`
	Filter   string    `json:"filter"`
	Rows     []Group   `json:"rows"`
	Measures []Measure `json:"measures"`
	Sort     string    `json:"sort"`
	Limit    int       `json:"limit"`
}

var _ = Define(Spec[tableConfig]{
	Name: "table", Group: "chart", Icon: "table",
	Label: Label{ZH: "统计表", EN: "Summary table"},
	Help:  Label{ZH: "按一到三级分组列出各项统计", EN: "Measures listed by one to three levels of groups"},
	Options: panel.Object(
		entityProp(),
		filterProp(),
		panel.List("rows", 1, 3, "分组", "Groups", groupProps(true)...).Required(),
		measuresProp(10),
		orderProp(),
		limitProp(1000, 200),
	),
	Source: Aggregate,
	Arity:  Arity{Dimensions: 3, Measures: -1},
	Plan: func(c tableConfig, p *Plan) error {
		for i := range c.Measures {
			if err := measured("/measures/"+itoa(i), &c.Measures[i]); err != nil {
				return err
			}
		}
		if c.Limit == 0 {
			c.Limit = 200
		}
		p.Queries = []Query{{Name: "main", Entity: c.Entity, Filter: c.Filter, GroupBy: c.Rows, Measures: c.Measures, Order: c.Sort, Limit: c.Limit}}
		return nil
	},
	Examples: []Example{
		{Config: `{"entity":"deal","rows":[{"field":"member"},{"field":"date","bucket":"quarter"}],"measures":[{"fn":"count"},{"fn":"sum","field":"money"}]}`, Queries: "main"},
		{Config: `{"entity":"deal","rows":[{"field":"select"}],"measures":[{"fn":"avg","field":"rating"}],"sort":"-value"}`, Queries: "main"},
		{Config: `{"entity":"deal","rows":[],"measures":[{"fn":"count"}]}`, Err: "schema.mismatch"},
		{Config: `{"entity":"deal","rows":[{"field":"select"}],"measures":[{"fn":"sum","field":"boolean"}]}`, Err: "field.ref.unfit"},
	},
})

package chart

import "tenon/schema/panel"

type listConfig struct {
	Entity  string   `json:"entity"`
	Filter  string   `json:"filter"`
	Sort    []Sort   `json:"sort"`
	Columns []string `json:"columns"`
	Left    []string `json:"countdown"`
	Limit   int      `json:"limit"`
	Actions []string `json:"actions"`
}

var _ = Define(Spec[listConfig]{
	Name: "list", Group: "list", Icon: "list",
	Label: Label{ZH: "记录列表", EN: "List of records"},
	Help:  Label{ZH: "列出符合条件的记录，可直接点按钮处理", EN: "Records that meet a condition, with buttons to act on them"},
	Options: panel.Object(
		entityProp(),
		filterProp(),
		sortProp(),
		columnsProp(),
		panel.Field("countdown", dated, "显示为倒计时", "Shown as time left").Of("entity").Many(5).
			Help("显示还剩多久、超了多久，而不是日期", "How much is left or how late it is, in place of the date"),
		limitProp(100, 10),
		actionsProp(),
	),
	Source: Records,
	Plan: func(c listConfig, p *Plan) error {
		if c.Limit == 0 {
			c.Limit = 10
		}
		p.Actions = c.Actions
		p.Queries = []Query{{Name: "main", Entity: c.Entity, Filter: c.Filter, Sort: c.Sort, Fields: c.Columns, Limit: c.Limit}}
		return nil
	},
	Examples: []Example{
		{Config: `{"entity":"deal"}`, Queries: "main"},
		{Config: `{"entity":"deal","filter":"owner == me()","sort":[{"field":"date","desc":true}],"columns":["select","money","date"],"countdown":["date"],"limit":20,"actions":["rul_claim"]}`, Queries: "main"},
		{Config: `{"entity":"deal","columns":["missing"]}`, Err: "field.ref.unknown"},
		{Config: `{"columns":["text"]}`, Err: "schema.missing"},
	},
})

// actionsProp picks buttons of the entity, shown on every row.
func actionsProp() panel.Prop {
	return panel.Pick("actions", "button", "行内按钮", "Buttons").Of("entity").Many(5).
		Help("表单的按钮规则，显示在每行末尾", "Button rules of the form, shown at the end of each row")
}

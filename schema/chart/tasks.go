package chart

import "tenon/schema/panel"

type tasksConfig struct {
	Scope string `json:"scope"`
	Limit int    `json:"limit"`
}

var _ = Define(Spec[tasksConfig]{
	Name: "tasks", Group: "list", Icon: "check",
	Label: Label{ZH: "我的待办", EN: "My tasks"},
	Help:  Label{ZH: "等我处理的，或我发起的待办", EN: "Tasks that wait for me, or that I gave out"},
	Options: panel.Object(
		panel.Select("scope", "显示", "Show",
			panel.Choice{Value: "mine", ZH: "等我处理的", EN: "Waiting for me"},
			panel.Choice{Value: "created", ZH: "我发起的", EN: "Given out by me"}).Default("mine"),
		limitProp(100, 10),
	),
	Source: Tasks,
	Plan: func(c tasksConfig, p *Plan) error {
		p.Scope = c.Scope
		if p.Scope == "" {
			p.Scope = "mine"
		}
		if c.Limit == 0 {
			c.Limit = 10
		}
		p.Queries = []Query{{Name: "main", Limit: c.Limit}}
		return nil
	},
	Examples: []Example{
		{Config: `{}`, Queries: "main"},
		{Config: `{"scope":"created"}`, Queries: "main"},
		{Config: `{"scope":"everybody"}`, Err: "schema.mismatch"},
	},
})

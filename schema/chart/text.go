package chart

import (
	"encoding/json"

	"tenon/schema/panel"
)

type textConfig struct {
	Text json.RawMessage `json:"text"`
}

var _ = Define(Spec[textConfig]{
	Name: "text", Group: "static", Icon: "paragraph",
	Label: Label{ZH: "文字", EN: "Text block"},
	Help:  Label{ZH: "仪表盘上的说明文字", EN: "A note on the dashboard"},
	Options: panel.Object(
		panel.Text("text", 5000, "内容", "Content").Localized().Required(),
	),
	Source: Static,
	Plan: func(c textConfig, p *Plan) error {
		p.Text = c.Text
		return nil
	},
	Examples: []Example{
		{Config: `{"text":"本月目标：100 万"}`},
		{Config: `{"text":{"zh-CN":"早会看板","en-US":"Morning board"}}`},
		{Config: `{"text":5}`, Err: "schema.mismatch"},
		{Config: `{}`, Err: "schema.missing"},
	},
})

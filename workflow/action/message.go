package action

import (
	"encoding/json"

	"tenon/schema"
	"tenon/schema/panel"
)

type messageOptions struct {
	Text schema.Text `json:"text"`
	Open string      `json:"open"`
}

var _ = Define(Spec[messageOptions]{
	Name: "message", Group: "message", Icon: "message",
	Label:   label("按钮提示", "Answer"),
	Help:    label("点击按钮后显示的提示，可打开一条记录", "What a click on a button answers; may open a record"),
	Options: json.RawMessage(panel.Object(panel.Text("text", 500, "提示", "Text").Localized().Required(), panel.Expr("open", "rule", "ref", "打开记录", "Open a record"))),
	Bind: func(b *Binder, o messageOptions) (Runner, error) {
		text, err := b.Bilingual("text", o.Text)
		if err != nil {
			return nil, err
		}
		open, err := b.Expr("open", o.Open)
		if err != nil {
			return nil, err
		}
		var target *schema.EntityModel
		if open != nil {
			if target, err = recordEntity(b, "open", open); err != nil {
				return nil, err
			}
		}
		return RunnerFunc(func(c *Ctx) (any, error) {
			s, err := text.Answer(c)
			if err != nil {
				return nil, err
			}
			m := Message{Channel: "answer", Text: s}
			if open != nil {
				v, err := open.Eval(c.Env)
				if err != nil {
					return nil, err
				}
				m.Open, m.Entity = v.Text(), target.Key()
			}
			c.Say(m)
			return m, nil
		}), nil
	},
})

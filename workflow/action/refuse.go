package action

import (
	"encoding/json"

	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/panel"
)

type refuseOptions struct {
	Message schema.Text `json:"message"`
	Fields  []string    `json:"fields"`
}

var _ = Define(Spec[refuseOptions]{
	Name: "refuse", Group: "control", Icon: "alert", Validate: true,
	Label:   label("拒绝保存", "Refuse"),
	Help:    label("不让保存，并告诉操作的人原因", "Stops the save and says why"),
	Options: json.RawMessage(panel.Object(panel.Text("message", 500, "提示", "Message").Localized().Required(), panel.Field("fields", panel.Accept{}, "显示在字段旁", "Shown beside").Many(20))),
	Bind: func(b *Binder, o refuseOptions) (Runner, error) {
		msg, err := b.Bilingual("message", o.Message)
		if err != nil {
			return nil, err
		}
		var keys []string
		for _, id := range o.Fields {
			if b.Rule.Def.Trigger.Type == "button" {
				for _, f := range b.Rule.Inputs {
					if f.ID() == id || f.Key() == id {
						keys = append(keys, "inputs/"+f.Key())
					}
				}
			} else if f := b.Rule.Entity.Field(id); f != nil {
				keys = append(keys, f.Key())
			}
		}
		return RunnerFunc(func(c *Ctx) (any, error) {
			text, err := msg.Answer(c)
			if err != nil {
				return nil, err
			}
			if len(keys) == 0 {
				if b.Rule.Def.Trigger.Type == "button" {
					// Nothing that was filled in is wrong: the record's state stands in the way.
					return nil, ErrDeclined.With("message", text)
				}
				return nil, ErrRefused.With("message", text)
			}
			var l fault.List
			for _, k := range keys {
				l = append(l, ErrRefused.At(k).With("message", text))
			}
			return nil, l
		}), nil
	},
})

package action

import (
	"encoding/json"

	"tenon/engine/record"
	"tenon/schema/panel"
)

type createRecordOptions struct {
	Entity string            `json:"entity"`
	Set    map[string]string `json:"set"`
	As     string            `json:"as"`
}

func asProp() panel.Prop {
	return panel.Text("as", 40, "命名为", "Name it").Help("后面的步骤可用 vars.名称 引用这条记录", "Later steps can name the record as vars.name")
}

var _ = Define(Spec[createRecordOptions]{
	Name: "create_record", Group: "record", Icon: "box",
	Label:   label("新建记录", "Create record"),
	Help:    label("在任意表单中新建一条记录", "Adds a record to any form"),
	Options: json.RawMessage(panel.Object(panel.Entity("entity", "表单", "Form").Required(), setProp("字段与值", "Fields and values").Of("entity"), asProp())),
	Bind: func(b *Binder, o createRecordOptions) (Runner, error) {
		e, err := b.Entity("entity", o.Entity)
		if err != nil {
			return nil, err
		}
		set, err := b.Set("set", e, o.Set)
		if err != nil {
			return nil, err
		}
		if o.As != "" {
			b.Var(o.As, e)
		}
		return writing{RunnerFunc(func(c *Ctx) (any, error) {
			vals, err := Values(c, set, c.Env)
			if err != nil {
				return nil, err
			}
			out, err := c.S.Apply(record.Op{Kind: "create", Entity: e.ID(), Set: vals})
			if err != nil {
				return nil, err
			}
			if o.As != "" {
				c.Remember(o.As, out[0].Change.After)
			}
			m := done(out[0])
			m["entity"] = e.Key()
			return m, nil
		}), []Write{{Entity: e, Op: "create", Values: set}}}, nil
	},
})

package action

import (
	"encoding/json"

	"tenon/engine/record"
	"tenon/schema/panel"
)

type setFieldsOptions struct {
	Set map[string]string `json:"set"`
}

func setProp(zh, en string) panel.Prop {
	return panel.Custom("set", "set", zh, en, map[string]any{"type": "object", "minProperties": 1, "maxProperties": 200,
		"additionalProperties": map[string]any{"type": "string", "maxLength": 8192}}).Required()
}

var _ = Define(Spec[setFieldsOptions]{
	Name: "set_fields", Group: "record", Icon: "pen", Validate: true,
	Label:   label("修改本记录", "Set fields"),
	Help:    label("修改触发规则的这条记录", "Changes the record that set the rule off"),
	Options: json.RawMessage(panel.Object(setProp("字段与值", "Fields and values"))),
	Bind: func(b *Binder, o setFieldsOptions) (Runner, error) {
		if b.Rule.Entity == nil {
			return nil, ErrNoRecord.New()
		}
		set, err := b.Set("set", b.Rule.Entity, o.Set)
		if err != nil {
			return nil, err
		}
		return writing{RunnerFunc(func(c *Ctx) (any, error) {
			if c.Record == nil {
				return nil, ErrNoRecord.New()
			}
			vals, err := Values(c, set, c.Env)
			if err != nil {
				return nil, err
			}
			if c.Set != nil {
				for k, v := range vals {
					c.Set[k] = v
				}
				return vals, nil
			}
			out, err := c.S.Apply(record.Op{Kind: "update", Entity: c.Rule.Entity.ID(), ID: c.Record.ID(), Set: vals})
			if err != nil {
				return nil, err
			}
			return done(out[0]), nil
		}), []Write{{Entity: b.Rule.Entity, Op: "update", Own: true, Values: set}}}, nil
	},
})

// done is what the log says of a record effect.
func done(o record.Outcome) map[string]any {
	m := map[string]any{"id": o.ID, "op": o.Op}
	if o.Op == "" {
		m["op"] = "unchanged"
	}
	return m
}

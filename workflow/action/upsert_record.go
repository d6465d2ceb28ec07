package action

import (
	"encoding/json"

	"tenon/engine/record"
	"tenon/schema/panel"
)

type upsertRecordOptions struct {
	Entity string            `json:"entity"`
	Match  map[string]string `json:"match"`
	Set    map[string]string `json:"set"`
	As     string            `json:"as"`
}

var _ = Define(Spec[upsertRecordOptions]{
	Name: "upsert_record", Group: "record", Icon: "refresh",
	Label: label("有则修改，无则新建", "Update or create"),
	Help:  label("按匹配字段找到记录就修改，找不到就新建", "Changes the record found by the match fields, or creates it"),
	Options: json.RawMessage(panel.Object(panel.Entity("entity", "表单", "Form").Required(),
		panel.Custom("match", "set", "匹配字段", "Match fields", map[string]any{"type": "object", "minProperties": 1, "maxProperties": 5, "additionalProperties": map[string]any{"type": "string", "maxLength": 8192}}).Of("entity").Required(),
		panel.Custom("set", "set", "字段与值", "Fields and values", map[string]any{"type": "object", "maxProperties": 200, "additionalProperties": map[string]any{"type": "string", "maxLength": 8192}}).Of("entity"), asProp())),
	Bind: func(b *Binder, o upsertRecordOptions) (Runner, error) {
		e, err := b.Entity("entity", o.Entity)
		if err != nil {
			return nil, err
		}
		match, err := b.Set("match", e, o.Match)
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
			vals, err := Values(c, append(append([]Assign{}, set...), match...), c.Env)
			if err != nil {
				return nil, err
			}
			var by []string
			for _, a := range match {
				by = append(by, a.Field.ID())
			}
			out, err := c.S.Apply(record.Op{Kind: "upsert", Entity: e.ID(), Match: by, Set: vals})
			if err != nil {
				return nil, err
			}
			if o.As != "" {
				recs, err := c.S.Load(e, []string{out[0].ID}, "")
				if err != nil {
					return nil, err
				}
				if len(recs) > 0 {
					c.Remember(o.As, recs[0])
				}
			}
			m := done(out[0])
			m["entity"] = e.Key()
			return m, nil
		}), []Write{{Entity: e, Op: "update", Values: set}, {Entity: e, Op: "create", Values: append(append([]Assign{}, set...), match...), Once: true}}}, nil
	},
})

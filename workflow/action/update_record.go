package action

import (
	"encoding/json"
	"strings"

	"tenon/engine/record"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/panel"
	"tenon/schema/value"
)

type updateRecordOptions struct {
	Record string            `json:"record"`
	Set    map[string]string `json:"set"`
}

var _ = Define(Spec[updateRecordOptions]{
	Name: "update_record", Group: "record", Icon: "pen",
	Label:   label("修改一条记录", "Update a record"),
	Help:    label("修改关联的记录，或前面步骤得到的记录；为空时跳过", "Changes a linked record or one of an earlier step; skipped when there is none"),
	Options: json.RawMessage(panel.Object(panel.Expr("record", "rule", "ref", "哪条记录", "Which record").Required(), setProp("字段与值", "Fields and values").Of("record"))),
	Bind: func(b *Binder, o updateRecordOptions) (Runner, error) {
		p, err := b.Expr("record", o.Record)
		if err != nil {
			return nil, err
		}
		e, err := recordEntity(b, "record", p)
		if err != nil {
			return nil, err
		}
		inner := b.With("it", e)
		set, err := inner.Set("set", e, o.Set)
		if err != nil {
			return nil, err
		}
		return writing{RunnerFunc(func(c *Ctx) (any, error) {
			v, err := p.Eval(c.Env)
			if err != nil {
				return nil, err
			}
			if v.IsNull() {
				return Skipped{"no_record"}, nil
			}
			recs, err := c.S.Load(e, []string{v.Text()}, "FOR NO KEY UPDATE")
			if err != nil {
				return nil, err
			}
			if len(recs) == 0 || recs[0].Deleted() {
				return Skipped{"no_record"}, nil
			}
			vals, err := Values(c, set, withIt(c, recs[0]))
			if err != nil {
				return nil, err
			}
			out, err := c.S.Apply(record.Op{Kind: "update", Entity: e.ID(), ID: v.Text(), Set: vals})
			if err != nil {
				return nil, err
			}
			m := done(out[0])
			m["entity"] = e.Key()
			return m, nil
		}), []Write{{Entity: e, Op: "update", Own: isRecord(o.Record), Values: set}}}, nil
	},
})

// isRecord reports whether an expression is the record that set the rule off.
func isRecord(src string) bool {
	src = strings.TrimSpace(src)
	return src == "record" || src == "record.id"
}

// recordEntity finds the entity of the record that an expression names.
func recordEntity(b *Binder, path string, p *expr.Program) (*schema.EntityModel, error) {
	t := p.Type()
	if t.Kind != value.Ref || t.Ref == "" || t.Ref == "member" || t.Ref == "department" {
		return nil, expr.ErrType.At(path).With("name", path).With("want", "record").With("got", t.Name())
	}
	return b.Entity(path, t.Ref)
}

// withIt is the step's environment with another record as `it`.
func withIt(c *Ctx, r *record.Record) *expr.Env {
	env := *c.Env
	env.Roots = map[string]expr.Row{}
	for k, v := range c.Env.Roots {
		env.Roots[k] = v
	}
	env.Roots["it"] = c.S.Row(r)
	return &env
}

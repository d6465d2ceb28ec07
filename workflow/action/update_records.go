package action

import (
	"encoding/json"

	"tenon/engine/record"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/panel"
)

type updateRecordsOptions struct {
	Entity string            `json:"entity"`
	Where  string            `json:"where"`
	Set    map[string]string `json:"set"`
}

func whereProp() panel.Prop {
	return panel.Expr("where", "related", "bool", "满足条件的记录", "Records for which").Of("entity").
		Help("it 是被查找的记录，例如 it.customer == record.id", "`it` is the record looked at, for example it.customer == record.id")
}

// batch is how many records one statement round reads and locks.
const batch = 200

var _ = Define(Spec[updateRecordsOptions]{
	Name: "update_records", Group: "record", Icon: "layers",
	Label:   label("批量修改记录", "Update records"),
	Help:    label("修改满足条件的所有记录", "Changes every record for which a condition holds"),
	Options: json.RawMessage(panel.Object(panel.Entity("entity", "表单", "Form").Required(), whereProp().Required(), setProp("字段与值", "Fields and values").Of("entity"))),
	Bind: func(b *Binder, o updateRecordsOptions) (Runner, error) {
		e, where, inner, err := bindWhere(b, o.Entity, o.Where)
		if err != nil {
			return nil, err
		}
		set, err := inner.Set("set", e, o.Set)
		if err != nil {
			return nil, err
		}
		return writing{RunnerFunc(func(c *Ctx) (any, error) {
			n, err := forEach(c, e, where, func(r *record.Record) (*record.Op, error) {
				vals, err := Values(c, set, withIt(c, r))
				if err != nil {
					return nil, err
				}
				return &record.Op{Kind: "update", Entity: e.ID(), ID: r.ID(), Set: vals}, nil
			})
			return map[string]any{"entity": e.Key(), "count": n}, err
		}), []Write{{Entity: e, Op: "update", Values: set}}}, nil
	},
})

func bindWhere(b *Binder, entity, where string) (*schema.EntityModel, *expr.Program, *Binder, error) {
	e, err := b.Entity("entity", entity)
	if err != nil {
		return nil, nil, nil, err
	}
	inner := b.With("it", e)
	p, err := inner.Cond("where", where)
	return e, p, inner, err
}

// forEach runs an operation on every record for which the condition holds, in
// id order, all in the session's transaction.
func forEach(c *Ctx, e *schema.EntityModel, where *expr.Program, f func(r *record.Record) (*record.Op, error)) (int, error) {
	n, after := 0, ""
	for {
		ids, err := c.S.Find(e, where, c.Env, after, batch)
		if err != nil || len(ids) == 0 {
			return n, err
		}
		after = ids[len(ids)-1]
		recs, err := c.S.Load(e, ids, "FOR NO KEY UPDATE")
		if err != nil {
			return n, err
		}
		var ops []record.Op
		for _, r := range recs {
			op, err := f(r)
			if err != nil {
				return n, err
			}
			ops = append(ops, *op)
		}
		if _, err := c.S.Apply(ops...); err != nil {
			return n, err
		}
		n += len(ops)
		if len(ids) < batch {
			return n, nil
		}
	}
}

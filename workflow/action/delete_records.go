package action

import (
	"encoding/json"

	"tenon/engine/record"
	"tenon/schema/panel"
)

type deleteRecordsOptions struct {
	Entity string `json:"entity"`
	Where  string `json:"where"`
}

var _ = Define(Spec[deleteRecordsOptions]{
	Name: "delete_records", Group: "record", Icon: "box",
	Label:   label("删除记录", "Delete records"),
	Help:    label("把满足条件的记录移到回收站", "Moves every record for which a condition holds to the recycle bin"),
	Options: json.RawMessage(panel.Object(panel.Entity("entity", "表单", "Form").Required(), whereProp().Required())),
	Bind: func(b *Binder, o deleteRecordsOptions) (Runner, error) {
		e, where, _, err := bindWhere(b, o.Entity, o.Where)
		if err != nil {
			return nil, err
		}
		return writing{RunnerFunc(func(c *Ctx) (any, error) {
			n, err := forEach(c, e, where, func(r *record.Record) (*record.Op, error) {
				return &record.Op{Kind: "delete", Entity: e.ID(), ID: r.ID()}, nil
			})
			return map[string]any{"entity": e.Key(), "count": n}, err
		}), []Write{{Entity: e, Op: "delete"}}}, nil
	},
})

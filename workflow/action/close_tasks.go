package action

import (
	"encoding/json"

	"tenon/schema/panel"
	wfstore "tenon/workflow/store"
)

type closeTasksOptions struct {
	Kind    string `json:"kind"`
	Outcome string `json:"outcome"`
	Record  string `json:"record"`
}

var _ = Define(Spec[closeTasksOptions]{
	Name: "close_tasks", Group: "people", Icon: "check",
	Label: label("结束待办", "Close tasks"),
	Help:  label("结束这条记录上未完成的待办", "Ends the open tasks of the record"),
	Options: json.RawMessage(panel.Object(panel.Text("kind", 40, "类别标识", "Kind").Help("不填则全部结束", "Left blank: all of them"), panel.Text("outcome", 40, "记为结果", "Outcome").Help("不填则记为取消", "Left blank: cancelled"),
		panel.Expr("record", "rule", "ref", "关联记录", "Record"))),
	Bind: func(b *Binder, o closeTasksOptions) (Runner, error) {
		rec, err := b.Expr("record", o.Record)
		if err != nil {
			return nil, err
		}
		return RunnerFunc(func(c *Ctx) (any, error) {
			id := ""
			if c.Record != nil {
				id = c.Record.ID()
			}
			if rec != nil {
				v, err := rec.Eval(c.Env)
				if err != nil {
					return nil, err
				}
				id = v.Text()
			}
			if id == "" {
				return nil, ErrNoRecord.New()
			}
			r, err := c.S.Do(wfstore.CloseTasks(c.App, id, o.Kind, o.Outcome, c.S.Actor.ID, c.S.Now))
			if err != nil {
				return nil, err
			}
			return map[string]any{"count": r[0].Affected}, nil
		}), nil
	},
})

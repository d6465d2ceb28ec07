package action

import (
	"encoding/json"
	"strings"
	"time"

	"tenon/schema"
	"tenon/schema/panel"
	"tenon/schema/value"
	wfstore "tenon/workflow/store"
)

// Outcome is one way to finish a task.
type Outcome struct {
	Key          string      `json:"key"`
	Label        schema.Text `json:"label"`
	NeedsComment bool        `json:"needs_comment,omitempty"`
}

type createTaskOptions struct {
	Kind      string      `json:"kind"`
	Title     schema.Text `json:"title"`
	Text      schema.Text `json:"text"`
	Assignees string      `json:"assignees"`
	Due       string      `json:"due"`
	Priority  string      `json:"priority"`
	Record    string      `json:"record"`
	Outcomes  []Outcome   `json:"outcomes"`
}

var _ = Define(Spec[createTaskOptions]{
	Name: "create_task", Group: "people", Icon: "check",
	Label: label("创建待办", "Create task"),
	Help:  label("给成员一个待办，可带 同意、驳回 等结果", "Gives members a to-do, with outcomes such as approve and reject"),
	Options: json.RawMessage(panel.Object(
		panel.Text("title", 500, "标题", "Title").Localized().Required(),
		panel.Text("text", 5000, "说明", "Details").Localized(),
		panel.Expr("assignees", "rule", "", "给谁", "For whom").People(false).Required(),
		panel.Expr("due", "rule", "time", "截止时间", "Due"),
		panel.Select("priority", "优先级", "Priority", panel.Choice{Value: "low", ZH: "低", EN: "Low"}, panel.Choice{Value: "normal", ZH: "普通", EN: "Normal"}, panel.Choice{Value: "high", ZH: "高", EN: "High"}, panel.Choice{Value: "urgent", ZH: "紧急", EN: "Urgent"}),
		panel.Text("kind", 40, "类别标识", "Kind").Help("规则可在某一类待办完成时触发", "Rules can start when a task of this kind is finished"),
		panel.Expr("record", "rule", "ref", "关联记录", "Record").Help("不填则是触发规则的记录", "Left blank: the record that set the rule off"),
		panel.List("outcomes", 0, 8, "结果选项", "Outcomes", panel.Text("key", 40, "标识", "Key").Required(), panel.Text("label", 40, "名称", "Label").Localized().Required(), panel.Switch("needs_comment", "必须填写意见", "Needs a comment")))),
	Bind: func(b *Binder, o createTaskOptions) (Runner, error) {
		title, err := b.Bilingual("title", o.Title)
		if err != nil {
			return nil, err
		}
		text, err := b.Bilingual("text", o.Text)
		if err != nil {
			return nil, err
		}
		who, err := b.Expr("assignees", o.Assignees)
		if err != nil {
			return nil, err
		}
		due, err := b.Expr("due", o.Due)
		if err != nil {
			return nil, err
		}
		rec, err := b.Expr("record", o.Record)
		if err != nil {
			return nil, err
		}
		var target *schema.EntityModel
		if rec != nil {
			if target, err = recordEntity(b, "record", rec); err != nil {
				return nil, err
			}
		}
		outcomes, err := json.Marshal(o.Outcomes)
		if err != nil {
			return nil, err
		}
		if o.Outcomes == nil {
			outcomes = json.RawMessage("[]")
		}
		return RunnerFunc(func(c *Ctx) (any, error) {
			t := &wfstore.Task{ID: c.Engine.NewID(), Workspace: c.S.Snap.WorkspaceID, App: c.App, Run: c.Run, Kind: o.Kind, Priority: o.Priority, Outcomes: outcomes,
				CreatedBy: c.S.Actor.ID, At: c.S.Now, EffectKey: c.EffectKey("task")}
			if c.Run == "" {
				t.EffectKey = ""
			}
			if t.Priority == "" {
				t.Priority = "normal"
			}
			if c.Rule.Entity != nil && c.Record != nil {
				t.Entity, t.Record = c.Rule.Entity.ID(), c.Record.ID()
			}
			if rec != nil {
				v, err := rec.Eval(c.Env)
				if err != nil {
					return nil, err
				}
				t.Entity, t.Record = target.ID(), v.Text()
			}
			var err error
			if t.Wording, t.Words, err = c.wording(title, text); err != nil {
				return nil, err
			}
			if due != nil {
				v, err := due.Eval(c.Env)
				if err != nil {
					return nil, err
				}
				switch v.Kind() {
				case value.Time:
					t.Due = v.Time()
				case value.Date:
					d := v.Time()
					t.Due = time.Date(d.Year(), d.Month(), d.Day(), 18, 0, 0, 0, c.Env.Location())
				}
			}
			if t.Assignees, err = c.Members(who); err != nil {
				return nil, err
			}
			stmts := wfstore.InsertTask(t)
			for _, m := range t.Assignees {
				stmts = append(stmts, wfstore.Notify(&wfstore.Notification{ID: c.Engine.NewID(), Workspace: t.Workspace, Member: m, Kind: "task", Wording: t.Wording, Words: t.Words,
					App: c.App, Entity: t.Entity, Record: t.Record, EffectKey: strings.TrimSuffix(t.EffectKey+"."+m, "."), At: c.S.Now}))
			}
			if t.EffectKey == "" {
				stmts = stmts[:2]
			}
			if _, err := c.S.Do(stmts...); err != nil {
				return nil, err
			}
			w := c.shown(t.Wording, t.Words)
			c.Say(Message{Channel: "task", To: t.Assignees, Title: w.Title, Text: w.Text})
			return map[string]any{"task": t.ID, "title": t.Title, "assignees": t.Assignees}, nil
		}), nil
	},
})

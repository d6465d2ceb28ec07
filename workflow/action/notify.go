package action

import (
	"encoding/json"

	"tenon/schema"
	"tenon/schema/panel"
	wfstore "tenon/workflow/store"
)

type notifyOptions struct {
	To         string      `json:"to"`
	Title      schema.Text `json:"title"`
	Text       schema.Text `json:"text"`
	LinkRecord string      `json:"link_record"`
}

var _ = Define(Spec[notifyOptions]{
	Name: "notify", Group: "message", Icon: "bell",
	Label: label("站内通知", "Notify"),
	Help:  label("给成员、部门或角色发站内通知", "Sends members, departments or roles a notification"),
	Options: json.RawMessage(panel.Object(panel.Expr("to", "rule", "", "给谁", "To").People(false).Required(), panel.Text("title", 500, "标题", "Title").Localized().Required(),
		panel.Text("text", 5000, "内容", "Text").Localized(), panel.Expr("link_record", "rule", "ref", "点击打开", "Opens").Help("不填则打开触发规则的记录", "Left blank: the record that set the rule off"))),
	Bind: func(b *Binder, o notifyOptions) (Runner, error) {
		to, err := b.Expr("to", o.To)
		if err != nil {
			return nil, err
		}
		title, err := b.Bilingual("title", o.Title)
		if err != nil {
			return nil, err
		}
		text, err := b.Bilingual("text", o.Text)
		if err != nil {
			return nil, err
		}
		rec, err := b.Expr("link_record", o.LinkRecord)
		if err != nil {
			return nil, err
		}
		var target *schema.EntityModel
		if rec != nil {
			if target, err = recordEntity(b, "link_record", rec); err != nil {
				return nil, err
			}
		}
		return RunnerFunc(func(c *Ctx) (any, error) {
			n := wfstore.Notification{Workspace: c.S.Snap.WorkspaceID, Kind: "rule", App: c.App, At: c.S.Now}
			if c.Rule.Entity != nil && c.Record != nil {
				n.Entity, n.Record = c.Rule.Entity.ID(), c.Record.ID()
			}
			if rec != nil {
				v, err := rec.Eval(c.Env)
				if err != nil {
					return nil, err
				}
				n.Entity, n.Record = target.ID(), v.Text()
			}
			var err error
			if n.Wording, n.Words, err = c.wording(title, text); err != nil {
				return nil, err
			}
			members, err := c.Members(to)
			if err != nil {
				return nil, err
			}
			for _, m := range members {
				x := n
				x.ID, x.Member = c.Engine.NewID(), m
				if c.Run != "" {
					x.EffectKey = c.EffectKey(m)
				}
				if _, err := c.S.Do(wfstore.Notify(&x)); err != nil {
					return nil, err
				}
			}
			w := c.shown(n.Wording, n.Words)
			c.Say(Message{Channel: "notify", To: members, Title: w.Title, Text: w.Text})
			return map[string]any{"to": members, "title": n.Title}, nil
		}), nil
	},
})

package action

import (
	"encoding/json"
	"strings"

	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/panel"
	wfstore "tenon/workflow/store"
)

type emailOptions struct {
	To      string      `json:"to"`
	Subject schema.Text `json:"subject"`
	Body    schema.Text `json:"body"`
}

var _ = Define(Spec[emailOptions]{
	Name: "send_email", Group: "message", Icon: "mail",
	Label: label("发送邮件", "Send e-mail"),
	Help:  label("发给邮箱地址或成员；没有设置邮件服务器时进入发件箱", "To addresses or members; without a mail server it waits in the outbox"),
	Options: json.RawMessage(panel.Object(panel.Expr("to", "rule", "", "收件人", "To").People(true).Required().Help("成员、邮箱字段，或直接输入邮箱地址", "Members, e-mail fields, or addresses typed here"),
		panel.Text("subject", 500, "主题", "Subject").Localized().Required(), panel.Text("body", 20000, "正文", "Body").Localized().Required())),
	Bind: func(b *Binder, o emailOptions) (Runner, error) {
		to, err := b.Expr("to", o.To)
		if err != nil {
			return nil, err
		}
		subject, err := b.Bilingual("subject", o.Subject)
		if err != nil {
			return nil, err
		}
		body, err := b.Bilingual("body", o.Body)
		if err != nil {
			return nil, err
		}
		return RunnerFunc(func(c *Ctx) (any, error) {
			addresses, err := mailAddresses(c, to)
			if err != nil {
				return nil, err
			}
			own, all, err := c.wording(subject, body)
			if err != nil {
				return nil, err
			}
			to := make([]string, len(addresses))
			for i, a := range addresses {
				w, ok := all[a.locale]
				if !ok {
					w = own
				}
				key := ""
				if c.Run != "" {
					key = c.EffectKey(a.mail)
				}
				if _, err := c.S.Do(wfstore.Mail(c.Engine.NewID(), c.S.Snap.WorkspaceID, a.mail, oneLine.Replace(w.Title), w.Text, key, c.S.Now)); err != nil {
					return nil, err
				}
				to[i] = a.mail
			}
			w := c.shown(own, all)
			c.Say(Message{Channel: "email", To: to, Title: oneLine.Replace(w.Title), Text: w.Text})
			return map[string]any{"to": to, "subject": oneLine.Replace(own.Title)}, nil
		}), nil
	},
})

// oneLine keeps a subject from adding lines to a mail's head.
var oneLine = strings.NewReplacer("\r", " ", "\n", " ")

// address is where a mail goes, and the language read there if it is a member's.
type address struct{ mail, locale string }

// mailAddresses turns texts with an @ and members into addresses.
func mailAddresses(c *Ctx, to *expr.Program) ([]address, error) {
	v, err := to.Eval(c.Env)
	if err != nil {
		return nil, err
	}
	var out []address
	var ids []string
	for _, x := range listOf(v) {
		s := strings.TrimSpace(x.Text())
		switch {
		case strings.Contains(s, "@"):
			out = append(out, address{mail: s})
		case s != "":
			ids = append(ids, s)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	members, err := c.Expand(ids)
	if err != nil {
		return nil, err
	}
	res, err := c.S.Do(wfstore.MemberMails(c.S.Snap.WorkspaceID, members))
	if err != nil {
		return nil, err
	}
	for _, row := range res[0].Rows {
		if a := string(row[1]); a != "" {
			out = append(out, address{a, string(row[2])})
		}
	}
	return out, nil
}

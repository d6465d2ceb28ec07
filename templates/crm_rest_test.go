package templates_test

import (
	"context"
	"testing"

	"tenon/engine/access"
	"tenon/engine/record"
)

// finish completes a to-do about a record with an outcome, as its assignee does.
func (c *crm) finish(who *access.Actor, kind, id, outcome, comment string) {
	c.T.Helper()
	ctx := context.Background()
	r, err := c.DB.One(ctx, `UPDATE tenon.task SET state = 'done', outcome = '`+outcome+`', completed_by = '`+who.ID+`' WHERE kind = '`+kind+`' AND record_id = '`+id+`' AND state = 'open' RETURNING entity_id, title`)
	if err != nil || len(r.Rows) != 1 {
		c.T.Fatalf("%d to-dos %s (%v)", len(r.Rows), kind, err)
	}
	err = c.Run(ctx, c.app, who, record.Options{}, func(s *record.Session) error {
		stmts, err := c.X.TaskFinished(s, string(r.Rows[0][0]), id, kind, outcome, comment, string(r.Rows[0][1]), who.ID)
		if err == nil && len(stmts) > 0 {
			_, err = s.Do(stmts...)
		}
		return err
	})
	if err != nil {
		c.T.Fatal(err)
	}
	c.Drain()
}

// TestCRM_smallRules proves the buttons and outcomes that hold the parts together.
func TestCRM_smallRules(t *testing.T) {
	t.Parallel()
	c := newTeam(t)
	cash := c.Grant(c.app, c.Member("财务"), "finance")
	exec := c.Grant(c.app, c.Member("总经理"), "executive")
	customer := func(c *crm, name string) string {
		return c.make("customer", `{"name":"%s","owner":"%s","service_owner":"%s"}`, name, c.li.ID, c.anna.ID)
	}

	t.Run("alerts are worked on, and end", func(t *testing.T) {
		c := c.on(t)
		alert := func(name string) (string, string) {
			id := customer(c, name)
			return id, c.make("churn_alert", `{"customer":"%s","rule":"manual","level":"medium","owner":"%s"}`, id, c.li.ID)
		}
		id, a := alert("挽回")
		c.bought(id, 0, 600000)
		c.want("customer", id, map[string]string{"clm_status": `"at_risk"`})
		c.press(c.li, "churn_alert", a, "a48_alert_start", `{"cause":"price","plan":"给优惠"}`)
		c.want("churn_alert", a, map[string]string{"status": `"processing"`, "cause": `"price"`, "actions": `["discount"]`})
		c.told(1, exec, a, "大客户挽回需要高管出面：挽回")
		c.press(c.li, "churn_alert", a, "alert_recovered", `{"amount":5000}`)
		c.want("churn_alert", a, map[string]string{"status": `"recovered"`, "recovered_amount": "5000"})
		c.todo(0, c.li, "winback", a)
		c.want("customer", id, map[string]string{"clm_status": `"new"`})
		_, wrong := alert("误报")
		c.press(c.li, "churn_alert", wrong, "alert_false", `{}`)
		c.want("churn_alert", wrong, map[string]string{"status": `"false_alarm"`})
		gone, lost := alert("流失")
		c.press(c.li, "churn_alert", lost, "alert_lost", `{"cause":"competitor"}`)
		c.want("customer", gone, map[string]string{"clm_status": `"lost"`, "lost_reason": `"competitor"`})
		_, called := alert("已联系")
		c.finish(c.li, "winback", called, "contacted", "")
		c.want("churn_alert", called, map[string]string{"status": `"processing"`, "closed_at": "null"})
		_, back := alert("回来了")
		c.finish(c.li, "winback", back, "recovered", "")
		c.want("churn_alert", back, map[string]string{"status": `"recovered"`})
		_, low := alert("轻微")
		c.sees(1, "ticket", `churn_alert = '%s'`, low)
		mild := c.make("churn_alert", `{"customer":"%s","rule":"manual","level":"low"}`, gone)
		c.sees(0, "ticket", `churn_alert = '%s'`, mild)
	})

	t.Run("customers and leads change hands", func(t *testing.T) {
		c := c.on(t)
		id := customer(c, "转手")
		c.press(c.boss, "customer", id, "customer_transfer", `{"to":"`+c.wang.ID+`"}`)
		c.want("customer", id, map[string]string{"owner": `"` + c.wang.ID + `"`, "prev_owner": `"` + c.li.ID + `"`})
		c.told(1, c.wang, id, "转来客户：转手")
		c.sees(1, "ownership_log", `customer = '%s' AND action = 'transfer'`, id)
		ben := c.Grant(c.app, c.Member("本客服"), "service")
		c.press(c.boss, "customer", id, "customer_set_service", `{"to":"`+ben.ID+`"}`)
		c.want("customer", id, map[string]string{"service_owner": `"` + ben.ID + `"`})
		_, err := c.X.Button(context.Background(), c.wang, c.app, "customer", id, "customer_transfer", []byte(`{"to":"`+c.li.ID+`"}`))
		c.refused(err, "没有使用")
		lead := c.make("lead", `{"name":"退回","owner":"%s"}`, c.li.ID)
		c.press(c.li, "lead", lead, "lead_reschedule", `{"next_follow_at":"`+c.rfc(3600e9)+`"}`)
		c.todo(1, c.li, "follow", lead)
		c.press(c.li, "lead", lead, "lead_return", `{"note":"不是我的行业"}`)
		c.want("lead", lead, map[string]string{"status": `"pooled"`, "owner": "null", "next_follow_at": "null"})
		c.sees(0, "task", `record_id = '%s' AND state = 'open'`, lead)
		c.sees(1, "ownership_log", `lead = '%s' AND action = 'return' AND note = '不是我的行业'`, lead)
	})

	t.Run("money and papers", func(t *testing.T) {
		c := c.on(t)
		id := customer(c, "付款方")
		pay := c.makeAs(c.li, "payment", `{"customer":"%s","amount":100}`, id)
		c.want("payment", pay, map[string]string{"owner": `"` + c.li.ID + `"`, "status": `"pending"`})
		c.press(cash, "payment", pay, "payment_reject", `{"note":"没到账"}`)
		c.want("payment", pay, map[string]string{"status": `"rejected"`, "remark": `"没到账"`})
		c.sees(1, "notification", `member_id = '%s' AND record_id = '%s' AND title LIKE '回款被驳回%%' AND text = '没到账'`, c.li.ID, pay)
		order := c.make("sales_order", `{"customer":"%s","total_amount":1}`, id)
		c.want("sales_order", order, map[string]string{"owner": `"` + c.li.ID + `"`})
		contract := c.make("contract", `{"name":"要终止","customer":"%s","amount":1,"status":"active","end_date":"%s","owner":"%s"}`, id, c.day(100), c.li.ID)
		c.press(c.boss, "contract", contract, "contract_terminate", `{"reason":"对方停业"}`)
		c.want("contract", contract, map[string]string{"status": `"terminated"`, "terminate_reason": `"对方停业"`})
		plan := c.make("payment_plan", `{"name":"随合同","contract":"%s","amount":1,"due_date":"%s"}`, contract, c.day(50))
		c.want("payment_plan", plan, map[string]string{"customer": `"` + id + `"`, "owner": `"` + c.li.ID + `"`})
		target := c.make("sales_target", `{"name":"本月","member":"%s","target":600401,"start_on":"%s","end_on":"%s"}`, c.li.ID, c.day(-10), c.day(10))
		c.bought(id, 1, 400)
		c.days(1)
		c.want("sales_target", target, map[string]string{"actual": "600401", "rate": "1"})
	})

	t.Run("rewards are decided, messages are sent by hand", func(t *testing.T) {
		c := c.on(t)
		id := customer(c, "受奖者")
		reward := func() string {
			return c.make("reward", `{"customer":"%s","reason":"compensation","kind":"cash","value":3000,"status":"pending"}`, id)
		}
		yes, no := reward(), reward()
		c.finish(c.boss, "approve_reward", yes, "approve", "")
		c.want("reward", yes, map[string]string{"status": `"approved"`})
		c.finish(c.boss, "approve_reward", no, "reject", "不合规定")
		c.want("reward", no, map[string]string{"status": `"rejected"`, "remark": `"不合规定"`})
		touch := func() string {
			return c.make("touch", `{"customer":"%s","scene":"content","channel":"wechat","subject":"近况","owner":"%s"}`, id, c.li.ID)
		}
		sent, dropped := touch(), touch()
		c.finish(c.li, "touch_send", sent, "sent", "")
		c.want("touch", sent, map[string]string{"status": `"sent"`})
		c.finish(c.li, "touch_send", dropped, "dropped", "")
		c.want("touch", dropped, map[string]string{"status": `"skipped"`, "skip_reason": `"task_dropped"`})
		referral := c.make("referral", `{"referrer":"%s","referee_name":"某人","referee_mobile":"13100000001"}`, id)
		c.press(c.li, "referral", referral, "referral_contacted", `{}`)
		c.want("referral", referral, map[string]string{"status": `"contacted"`})
	})
	c.noFailures()
}

// TestCRM_collaboration: who helps with a customer sees it and its contacts,
// who is in the team of a deal sees the deal; other salespeople do not.
func TestCRM_collaboration(t *testing.T) {
	t.Parallel()
	c := newTeam(t)
	visible := func(entity, id string) bool {
		_, _, err := c.Get(context.Background(), c.wang, c.app, entity, id, nil, nil)
		return err == nil
	}
	parent := c.make("customer", `{"name":"集团","owner":"%s"}`, c.li.ID)
	child := c.make("customer", `{"name":"子公司","owner":"%s","parent_customer":"%s"}`, c.li.ID, parent)
	contact := c.make("contact", `{"name":"采购经理","customer":"%s","role":"decision"}`, child)
	deal := c.make("opportunity", `{"name":"试点","customer":"%s","owner":"%s"}`, child, c.li.ID)
	for entity, id := range map[string]string{"customer": child, "contact": contact, "opportunity": deal} {
		if visible(entity, id) {
			t.Errorf("another salesperson sees the %s", entity)
		}
	}
	help := func(entity, id, values string) {
		if err := c.Update(c.Admin, c.app, entity, id, values); err != nil {
			t.Fatal(err)
		}
	}
	help("customer", child, `{"collaborators":["`+c.wang.ID+`"]}`)
	if !visible("customer", child) || !visible("contact", contact) {
		t.Error("a collaborator does not see the customer or its contact")
	}
	if visible("opportunity", deal) {
		t.Error("a collaborator sees the deal without being in its team")
	}
	help("opportunity", deal, `{"team":["`+c.wang.ID+`"]}`)
	if !visible("opportunity", deal) {
		t.Error("a member of the team does not see the deal")
	}
	if visible("customer", parent) {
		t.Error("a collaborator of a subsidiary sees the group")
	}
}

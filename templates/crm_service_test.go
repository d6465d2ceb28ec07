package templates_test

import (
	"strings"
	"testing"
	"time"

	"tenon/engine/access"
)

// TestCRM_serviceRules proves the rules of tickets, surveys and churn alerts:
// A29, A40–A45, A47, and the survey after an order that opens a ticket when low.
func TestCRM_serviceRules(t *testing.T) {
	t.Parallel()
	c := newTeam(t)
	exec := c.Grant(c.app, c.Member("总经理"), "executive")
	customer := func(c *crm, name string) string {
		return c.make("customer", `{"name":"%s","email":"%s@example.com","owner":"%s","service_owner":"%s"}`, name, name, c.li.ID, c.anna.ID)
	}

	t.Run("A40 tickets go to the least loaded with deadlines by priority", func(t *testing.T) {
		c := c.on(t)
		ben := c.Grant(c.app, c.Member("本客服"), "service")
		a := c.make("ticket", `{"subject":"问题一","priority":"p3"}`)
		b := c.make("ticket", `{"subject":"问题二","priority":"p2"}`)
		owners := map[any]bool{c.get("ticket", a)["owner"]: true, c.get("ticket", b)["owner"]: true}
		if !owners[c.anna.ID] || !owners[ben.ID] {
			t.Errorf("two tickets, two agents: %v", owners)
		}
		c.want("ticket", a, map[string]string{"status": `"assigned"`, "first_response_due": `"` + c.rfc(8*time.Hour) + `"`, "resolve_due": `"` + c.rfc(72*time.Hour) + `"`})
		c.want("ticket", b, map[string]string{"first_response_due": `"` + c.rfc(2*time.Hour) + `"`, "resolve_due": `"` + c.rfc(24*time.Hour) + `"`})
		c.sees(1, "task", `kind = 'ticket' AND record_id = '%s' AND state = 'open' AND title = '新工单：问题一'`, a)
		vip := c.make("customer", `{"name":"贵客","owner":"%s","service_owner":"%s","tier":"vip","tier_locked":true}`, c.li.ID, ben.ID)
		v := c.make("ticket", `{"subject":"贵客的问题","customer":"%s","priority":"p3"}`, vip)
		c.want("ticket", v, map[string]string{"priority": `"p2"`, "owner": `"` + ben.ID + `"`, "first_response_due": `"` + c.rfc(2*time.Hour) + `"`})
		c.todo(1, ben, "ticket", v)
		given := c.make("ticket", `{"subject":"指定的","owner":"%s"}`, c.boss.ID)
		c.want("ticket", given, map[string]string{"owner": `"` + c.boss.ID + `"`})

		// A41: late responses and solutions are marked and reported.
		c.press(ben, "ticket", v, "ticket_start", `{}`)
		c.Advance(3*time.Hour, 30*time.Minute)
		c.want("ticket", b, map[string]string{"sla_status": `"response_breached"`})
		c.want("ticket", v, map[string]string{"sla_status": `"ok"`, "status": `"processing"`})
		c.press(ben, "ticket", v, "ticket_resolve", `{"solution":"换新"}`)
		c.want("ticket", v, map[string]string{"sla_status": `"met"`, "status": `"resolved"`})
		c.todo(0, ben, "ticket", v)
		c.Advance(24*time.Hour, time.Hour)
		c.want("ticket", b, map[string]string{"sla_status": `"resolve_breached"`})
		c.sees(1, "notification", `record_id = '%s' AND title = '工单解决超时：问题二'`, b)
		c.want("ticket", v, map[string]string{"sla_status": `"met"`})
		c.days(8)
		c.want("ticket", v, map[string]string{"status": `"closed"`})
		c.want("ticket", a, map[string]string{"status": `"assigned"`})
	})

	t.Run("A42 A44 complaints are answered, repeated ones alarm", func(t *testing.T) {
		c := c.on(t)
		id := customer(c, "tousu")
		one := c.make("ticket", `{"subject":"第一次投诉","customer":"%s","type":"complaint"}`, id)
		for _, who := range []*access.Actor{c.li, c.boss} {
			c.told(1, who, one, "客户投诉：tousu")
		}
		c.rang(1, c.anna, one) // of the complaint, or of the ticket if it is given to her
		c.told(0, exec, one, "VIP 投诉")
		c.sees(1, "mail", `recipient = 'tousu@example.com' AND subject = '您的反馈已受理'`)
		c.sees(0, "churn_alert", `customer = '%s'`, id)
		quiet := c.make("ticket", `{"subject":"只是咨询","customer":"%s","type":"consult"}`, id)
		c.sees(0, "notification", `record_id = '%s' AND title LIKE '客户投诉%%'`, quiet)
		c.days(10)
		c.make("ticket", `{"subject":"第二次投诉","customer":"%s","type":"complaint"}`, id)
		c.sees(1, "churn_alert", `customer = '%s' AND rule = 'consecutive_complaint' AND level = 'high' AND status = 'open' AND evidence LIKE '30 天内多次投诉%%'`, id)
		c.sees(1, "ticket", `customer = '%s' AND type = 'churn' AND priority = 'p1' AND owner = '%s' AND subject = '流失预警：tousu'`, id, c.anna.ID)
		c.sees(1, "notification", `member_id = '%s' AND title = '流失预警：tousu' AND text LIKE '风险高%%'`, c.boss.ID)
		c.sees(1, "task", `kind = 'winback' AND state = 'open' AND title = '挽回 tousu'`)
		c.make("ticket", `{"subject":"第三次投诉","customer":"%s","type":"complaint"}`, id)
		c.sees(1, "churn_alert", `customer = '%s'`, id)
		// Two complaints far apart are not repeated ones.
		calm := customer(c, "calm")
		c.make("ticket", `{"subject":"投诉","customer":"%s","type":"complaint"}`, calm)
		c.days(32)
		c.make("ticket", `{"subject":"又投诉","customer":"%s","type":"complaint"}`, calm)
		c.sees(0, "churn_alert", `customer = '%s' AND rule = 'consecutive_complaint'`, calm)
		vip := c.make("customer", `{"name":"贵宾投诉","owner":"%s","tier":"vip","tier_locked":true}`, c.li.ID)
		c.told(1, exec, c.make("ticket", `{"subject":"很不满","customer":"%s","type":"complaint"}`, vip), "VIP 投诉")
	})

	t.Run("A43 thirty silent days alarm, activity calms", func(t *testing.T) {
		c := c.on(t)
		silent, lively := customer(c, "silent"), customer(c, "lively")
		never := customer(c, "never")
		c.bought(silent, 0, 1000)
		c.bought(lively, 0, 1000)
		c.press(c.li, "customer", silent, "customer_log_follow", `{"method":"call","result":"no_answer","summary":"没人接"}`)
		for range 4 {
			c.days(7)
			c.active(lively)
		}
		c.sees(0, "churn_alert", `customer IN ('%s', '%s') AND rule = 'inactive_30d'`, silent, lively)
		c.days(2)
		c.sees(1, "churn_alert", `customer = '%s' AND rule = 'inactive_30d' AND level = 'medium' AND evidence = '已 30 天未活跃' AND owner = '%s'`, silent, c.li.ID)
		c.sees(0, "churn_alert", `customer IN ('%s', '%s') AND rule = 'inactive_30d'`, lively, never)
		c.want("customer", silent, map[string]string{"clm_status": `"at_risk"`, "retention_stage": `"rescue"`})
		c.sees(1, "ticket", `customer = '%s' AND type = 'churn' AND priority = 'p2'`, silent)
		c.sees(1, "task", `kind = 'winback' AND state = 'open' AND title = '挽回 silent'`)
		c.days(2)
		c.sees(1, "churn_alert", `customer = '%s' AND rule = 'inactive_30d'`, silent)
		c.active(silent)
		c.sees(1, "churn_alert", `customer = '%s' AND rule = 'inactive_30d' AND status = 'recovered' AND closed_at IS NOT NULL`, silent)
	})

	t.Run("A45 falling satisfaction alarms", func(t *testing.T) {
		c := c.on(t)
		scores := func(name string, values ...int) string {
			id := customer(c, name)
			for _, v := range values {
				c.make("survey_response", `{"customer":"%s","type":"service","score":%d}`, id, v)
				c.Advance(time.Hour, time.Hour)
			}
			return id
		}
		falling := scores("falling", 92, 88, 84)
		c.sees(1, "churn_alert", `customer = '%s' AND rule = 'satisfaction_drop' AND evidence = '本次 84 分，上次 88 分'`, falling)
		deep := scores("deep", 90, 90, 74)
		c.sees(1, "churn_alert", `customer = '%s' AND rule = 'satisfaction_drop'`, deep)
		steady := scores("steady", 85, 90, 84, 88)
		c.sees(0, "churn_alert", `customer = '%s'`, steady)
		first := scores("first", 40)
		c.sees(0, "churn_alert", `customer = '%s' AND rule = 'satisfaction_drop'`, first)
		again := scores("again", 92, 88, 84, 80)
		c.sees(1, "churn_alert", `customer = '%s' AND rule = 'satisfaction_drop'`, again)
	})

	t.Run("A47 promoters are asked, detractors are called", func(t *testing.T) {
		c := c.on(t)
		c.at(10, 0)
		nps := func(name string, v int) (string, string) {
			id := customer(c, name)
			return id, c.make("survey_response", `{"customer":"%s","type":"nps","nps":%d}`, id, v)
		}
		low, answer := nps("detractor", 6)
		c.todo(1, c.anna, "care", answer)
		c.sees(1, "churn_alert", `customer = '%s' AND rule = 'nps_detractor' AND evidence = 'NPS 6'`, low)
		c.sees(0, "mail", `recipient = 'detractor@example.com'`)
		mid, answer := nps("passive", 8)
		c.todo(0, c.anna, "care", answer)
		c.sees(0, "churn_alert", `customer = '%s'`, mid)
		c.sees(0, "mail", `recipient = 'passive@example.com'`)
		_, answer = nps("promoter", 9)
		c.sees(1, "mail", `recipient = 'promoter@example.com' AND subject = '感谢您的认可'`)
		c.set("survey_response", answer, `{"nps":10}`)
		c.sees(1, "mail", `recipient = 'promoter@example.com'`)
	})

	t.Run("A29 a solved ticket is asked about, and called about when silent", func(t *testing.T) {
		c := c.on(t)
		c.at(10, 0)
		solve := func(name string) (string, string) {
			id := customer(c, name)
			ticket := c.make("ticket", `{"subject":"故障","customer":"%s","type":"fault","owner":"%s"}`, id, c.anna.ID)
			c.press(c.anna, "ticket", ticket, "ticket_resolve", `{"solution":"修好了"}`)
			return id, ticket
		}
		quiet, t1 := solve("quiet")
		told, t2 := solve("told")
		reopened, t3 := solve("reopened")
		c.Advance(20*time.Hour, 4*time.Hour)
		c.sees(0, "survey_response", `customer IN ('%s', '%s', '%s')`, quiet, told, reopened)
		c.press(c.anna, "ticket", t3, "ticket_reopen", `{"note":"又坏了"}`)
		c.Advance(5*time.Hour, time.Hour)
		for name, ticket := range map[string]string{"quiet": t1, "told": t2} {
			c.sees(1, "survey_response", `ticket = '%s' AND type = 'service' AND status = 'sent'`, ticket)
			c.sees(1, "mail", `recipient = '%s@example.com' AND subject = '一分钟，告诉我们您的感受'`, name)
		}
		c.sees(0, "survey_response", `customer = '%s'`, reopened)
		r, err := c.DB.One(t.Context(), `SELECT id FROM ws_main.crm_survey_response WHERE ticket = '`+t2+`'`)
		if err != nil {
			t.Fatal(err)
		}
		c.press(c.anna, "survey_response", r.Str(0), "survey_record", `{"score":95,"nps":8,"comment":"很快"}`)
		c.days(3)
		c.sees(1, "task", `kind = 'survey_call' AND state = 'open' AND title = '电话回访 quiet：故障'`)
		c.sees(0, "task", `kind = 'survey_call' AND title LIKE '%%told%%'`)
	})

	t.Run("an order is asked about, and a low score opens a ticket", func(t *testing.T) {
		c := c.on(t)
		c.at(10, 0)
		id := customer(c, "buyer")
		done := c.bought(id, 0, 5000)
		back := c.bought(id, 0, 100)
		for _, o := range []string{done, back} {
			c.set("sales_order", o, `{"status":"delivering"}`)
			c.press(c.li, "sales_order", o, "order_complete", `{}`)
		}
		c.days(1)
		c.set("sales_order", back, `{"status":"refunding"}`)
		c.days(2)
		c.sees(1, "survey_response", `"order" = '%s' AND type = 'csat' AND status = 'sent'`, done)
		c.sees(0, "survey_response", `"order" = '%s'`, back)
		c.sees(1, "mail", `recipient = 'buyer@example.com' AND subject = '一分钟，告诉我们您的感受'`)
		r, err := c.DB.One(t.Context(), `SELECT id FROM ws_main.crm_survey_response WHERE "order" = '`+done+`'`)
		if err != nil {
			t.Fatal(err)
		}
		answer := r.Str(0)
		c.press(c.anna, "survey_response", answer, "survey_record", `{"score":40,"comment":"慢"}`)
		c.want("survey_response", answer, map[string]string{"status": `"responded"`, "follow_up_needed": "true"})
		c.sees(1, "ticket", `customer = '%s' AND subject = '满意度低：buyer（40 分）' AND priority = 'p2' AND "order" = '%s'`, id, done)
		c.told(1, c.li, answer, "满意度低：buyer")
		c.sees(1, "task", `kind = 'ticket' AND title = '新工单：满意度低：buyer（40 分）' AND EXISTS (SELECT 1 FROM tenon.task_assignee a WHERE a.task_id = task.id AND a.member_id = '%s')`, c.anna.ID)
		good := c.make("survey_response", `{"customer":"%s","type":"csat","score":60}`, id)
		c.told(0, c.li, good, "满意度低")
		if m := c.get("survey_response", good); m["follow_up_needed"] != false {
			t.Errorf("sixty is good enough: %v", m["follow_up_needed"])
		}
	})
	c.noFailures()
	if r, err := c.DB.One(t.Context(), `SELECT string_agg(title || ' ' || text, E'\n') FROM tenon.notification`); err != nil || strings.ContainsAny(r.Str(0), "{}") {
		t.Errorf("notifications with unfilled templates: %v %s", err, r.Str(0))
	}
}

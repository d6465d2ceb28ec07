package templates_test

import (
	"context"
	"testing"
	"time"

	"tenon/engine/access"
	"tenon/engine/enginetest"
)

// TestCRM_leadRules proves the rules of leads: A01–A04, A06, A69, and the pool of leads.
func TestCRM_leadRules(t *testing.T) {
	t.Parallel()
	c := newTeam(t)
	owner := func(c *crm, lead string) *access.Actor {
		if c.get("lead", lead)["owner"] == c.wang.ID {
			return c.wang
		}
		return c.li
	}

	t.Run("A01 duplicates are noted on the first lead", func(t *testing.T) {
		c := c.on(t)
		first := c.make("lead", `{"name":"原线索","mobile":"13600000001","owner":"%s"}`, c.li.ID)
		again := c.make("lead", `{"name":"又来了","mobile":"13600000001"}`)
		c.want("lead", again, map[string]string{"duplicate_of": `"` + first + `"`, "owner": "null", "status": `"new"`})
		c.sees(1, "behavior_event", `lead = '%s' AND type = 'form_submit' AND note = '又来了'`, first)
		c.told(1, c.li, first, "线索再次来访：又来了")
		other := c.make("lead", `{"name":"另一条","mobile":"13600000002"}`)
		c.want("lead", other, map[string]string{"duplicate_of": "null", "status": `"assigned"`})
		byName := c.make("lead", `{"name":"同公司同人","company_name":"甲公司","contact_name":"钱二"}`)
		twin := c.make("lead", `{"name":"再次","company_name":"甲公司","contact_name":"钱二"}`)
		c.want("lead", twin, map[string]string{"duplicate_of": `"` + byName + `"`})
		if got := enginetest.Show(c.get("lead", c.make("lead", `{"name":"甲公司别人","company_name":"甲公司","contact_name":"孙三"}`)), "duplicate_of"); got != "null" {
			t.Errorf("another person of the company: %s", got)
		}
	})

	t.Run("A01 fit gives points", func(t *testing.T) {
		c := c.on(t)
		good := c.make("lead", `{"name":"合适","industry":"saas","company_size":"51_200","country":"中国","budget":100000,"job_title":"技术总监兼经理"}`)
		c.want("lead", good, map[string]string{"fit_points": "50", "score": "50", "grade": `"C"`})
		bad := c.make("lead", `{"name":"不合适","email":"x@qq.com"}`)
		c.want("lead", bad, map[string]string{"fit_points": "0", "score": "0", "grade": `"D"`})
		c.set("lead", bad, `{"industry":"saas"}`)
		c.want("lead", bad, map[string]string{"fit_points": "10"})
	})

	t.Run("A02 new leads are dealt out with a three-day deadline", func(t *testing.T) {
		c := c.on(t)
		before := map[string]int64{c.li.ID: c.rows("lead", `owner = '%s'`, c.li.ID), c.wang.ID: c.rows("lead", `owner = '%s'`, c.wang.ID)}
		var last string
		for range 4 {
			last = c.make("lead", `{"name":"轮流"}`)
		}
		for id, n := range before {
			c.sees(n+2, "lead", `owner = '%s'`, id)
		}
		c.want("lead", last, map[string]string{"status": `"assigned"`, "first_follow_due": `"2026-11-26T02:00:00Z"`, "first_follow_overdue": "false"})
		who := owner(c, last)
		c.todo(1, who, "first_visit", last)
		c.rang(1, who, last)
		c.sees(1, "ownership_log", `lead = '%s' AND action = 'assign' AND to_member = '%s'`, last, who.ID)

		channel := c.make("lead_channel", `{"name":"专线","code":"direct_line","default_owner":"%s"}`, c.boss.ID)
		fixed := c.make("lead", `{"name":"专线来的","source_channel":"%s"}`, channel)
		c.want("lead", fixed, map[string]string{"owner": `"` + c.boss.ID + `"`, "status": `"assigned"`})

		own := c.makeAs(c.wang, "lead", `{"name":"自己录的"}`)
		c.want("lead", own, map[string]string{"owner": `"` + c.wang.ID + `"`, "status": `"assigned"`})
		invalid := c.make("lead", `{"name":"无效","status":"invalid","invalid_reason":"spam"}`)
		c.want("lead", invalid, map[string]string{"owner": "null", "first_follow_due": "null"})
		// Reassigning replaces the to-do and starts a new deadline.
		c.press(c.boss, "lead", own, "lead_assign", `{"to":"`+c.li.ID+`"}`)
		c.todo(0, c.wang, "first_visit", own)
		c.todo(1, c.li, "first_visit", own)
	})

	t.Run("A03 a missed first visit is reminded of, reported, and ends in the pool", func(t *testing.T) {
		c := c.on(t)
		missed := c.make("lead", `{"name":"没人跟","owner":"%s"}`, c.li.ID)
		kept := c.make("lead", `{"name":"有人跟","owner":"%s"}`, c.li.ID)
		late := c.make("lead", `{"name":"晚了才跟","owner":"%s"}`, c.li.ID)
		c.Advance(2*24*time.Hour+time.Hour, time.Hour) // one day before the deadline
		c.told(1, c.li, missed, "首访明天到期")
		c.press(c.li, "lead", kept, "lead_log_follow", `{"method":"call","result":"neutral","summary":"聊过"}`)
		c.todo(0, c.li, "first_visit", kept)
		c.want("lead", kept, map[string]string{"status": `"following"`})
		c.Advance(24*time.Hour, time.Hour)
		c.want("lead", missed, map[string]string{"first_follow_overdue": "true", "status": `"assigned"`})
		c.want("lead", kept, map[string]string{"first_follow_overdue": "false"})
		for _, who := range []*access.Actor{c.li, c.boss} {
			c.told(1, who, missed, "首访超时")
			c.told(0, who, kept, "首访超时")
		}
		c.press(c.li, "lead", late, "lead_log_follow", `{"method":"call","result":"positive","summary":"补上"}`)
		c.Advance(2*24*time.Hour, 6*time.Hour)
		c.want("lead", missed, map[string]string{"status": `"pooled"`, "owner": "null", "prev_owner": `"` + c.li.ID + `"`, "pool_reason": `"first_visit"`})
		c.want("lead", late, map[string]string{"status": `"following"`, "owner": `"` + c.li.ID + `"`})
		c.sees(1, "ownership_log", `lead = '%s' AND action = 'recycle' AND from_member = '%s'`, missed, c.li.ID)
		c.told(1, c.li, missed, "线索已退回公海")
		c.sees(0, "task", `record_id = '%s' AND state = 'open'`, missed)
		// Who let it go has to wait a week; a colleague takes it.
		_, err := c.X.Button(context.Background(), c.li, c.app, "lead", missed, "lead_claim", nil)
		c.refused(err, "7 天")
		c.press(c.wang, "lead", missed, "lead_claim", `{}`)
		c.want("lead", missed, map[string]string{"status": `"assigned"`, "owner": `"` + c.wang.ID + `"`, "first_follow_overdue": "false", "pooled_at": "null"})
		c.todo(1, c.wang, "first_visit", missed)
	})

	t.Run("A04 the introduction goes out once", func(t *testing.T) {
		c := c.on(t)
		lead := c.make("lead", `{"name":"要介绍","contact_name":"周四","email":"intro@example.com"}`)
		c.sees(1, "mail", `recipient = 'intro@example.com' AND subject = '很高兴认识周四'`)
		c.sees(1, "touch", `lead = '%s' AND scene = 'intro' AND status = 'sent'`, lead)
		c.press(c.boss, "lead", lead, "lead_assign", `{"to":"`+c.boss.ID+`"}`)
		c.sees(1, "mail", `recipient = 'intro@example.com'`)
		c.make("lead", `{"name":"不要营销","email":"no@example.com","consent_marketing":false}`)
		c.sees(0, "mail", `recipient = 'no@example.com'`)
		silent := c.make("lead", `{"name":"没邮箱"}`)
		c.sees(0, "touch", `lead = '%s'`, silent)
		// At night it waits for the morning.
		c.at(22, 0)
		night := c.make("lead", `{"name":"夜里来的","email":"night@example.com"}`)
		c.sees(1, "touch", `lead = '%s' AND status = 'queued'`, night)
		c.sees(0, "mail", `recipient = 'night@example.com'`)
		c.at(9, 30)
		c.sees(1, "mail", `recipient = 'night@example.com'`)
		c.at(10, 0)
	})

	t.Run("A06 conversion makes nothing twice and takes the history along", func(t *testing.T) {
		c := c.on(t)
		lead := c.make("lead", `{"name":"云图线索","company_name":"云图科技有限公司","contact_name":"赵一","mobile":"13700000001","email":"zhao@example.com","industry":"saas","budget":120000,"owner":"%s"}`, c.li.ID)
		c.press(c.li, "lead", lead, "lead_log_follow", `{"method":"call","result":"positive","summary":"有兴趣"}`)
		c.make("need_survey", `{"lead":"%s","status":"draft"}`, lead)
		c.press(c.li, "lead", lead, "a06_lead_convert", `{"create_opportunity":true,"expected_close":"`+c.day(30)+`"}`)
		m := c.get("lead", lead)
		customer, opp := m["customer"].(string), m["opportunity"].(string)
		c.want("lead", lead, map[string]string{"status": `"converted"`, "next_follow_at": "null"})
		c.want("customer", customer, map[string]string{"name": `"云图科技有限公司"`, "type": `"company"`, "industry": `"saas"`, "owner": `"` + c.li.ID + `"`, "source_lead": `"` + lead + `"`, "phone": `"13700000001"`})
		c.want("opportunity", opp, map[string]string{"stage": `"need"`, "amount": "120000", "customer": `"` + customer + `"`, "owner": `"` + c.li.ID + `"`})
		for _, x := range []string{"follow_up", "touch", "need_survey", "behavior_event"} {
			c.sees(0, x, `lead = '%s' AND customer IS DISTINCT FROM '%s'`, lead, customer)
			c.sees(1, x, `lead = '%s'`, lead)
		}
		c.sees(1, "contact", `customer = '%s' AND mobile = '13700000001' AND is_primary`, customer)
		c.sees(0, "task", `record_id = '%s' AND state = 'open'`, lead)

		// The same company through another lead: one customer, one contact.
		second := c.make("lead", `{"name":"云图又一条","company_name":"云图科技有限公司","contact_name":"赵一一","mobile":"13700000001","owner":"%s"}`, c.li.ID)
		c.press(c.li, "lead", second, "a06_lead_convert", `{"create_opportunity":false}`)
		c.want("lead", second, map[string]string{"customer": `"` + customer + `"`, "opportunity": "null"})
		c.sees(1, "customer", `name = '云图科技有限公司'`)
		c.sees(1, "contact", `customer = '%s'`, customer)
		c.want("customer", customer, map[string]string{"source_lead": `"` + lead + `"`})

		// Into a chosen customer; a person without a company; not twice; not while in the pool.
		third := c.make("lead", `{"name":"并入","company_name":"写错的公司","contact_name":"李四","owner":"%s"}`, c.li.ID)
		c.press(c.li, "lead", third, "a06_lead_convert", `{"customer":"`+customer+`","create_opportunity":false}`)
		c.sees(0, "customer", `name = '写错的公司'`)
		c.sees(2, "contact", `customer = '%s'`, customer)
		person := c.make("lead", `{"name":"孙个人","mobile":"13700000009","owner":"%s"}`, c.li.ID)
		c.press(c.li, "lead", person, "a06_lead_convert", `{"create_opportunity":false}`)
		c.sees(1, "customer", `name = '孙个人' AND type = 'person'`)
		_, err := c.X.Button(context.Background(), c.li, c.app, "lead", lead, "a06_lead_convert", nil)
		c.refused(err, "现在不能执行")
		c.refused(c.Update(c.li, c.app, "lead", lead, `{"status":"following"}`), "已转化")
		fresh := c.make("lead", `{"name":"手改状态","owner":"%s"}`, c.li.ID)
		c.refused(c.Update(c.li, c.app, "lead", fresh, `{"status":"converted"}`), "转为客户")
	})

	t.Run("A05 managers hear on Mondays how the leads went", func(t *testing.T) {
		c := c.on(t)
		told := func() int64 {
			return c.rows("notification", `member_id = '%s' AND title LIKE '上周新增线索%%'`, c.boss.ID)
		}
		c.days(14) // without anything new
		before := told()
		c.days(7)
		if n := told(); n != before {
			t.Errorf("told %d times of a week without leads", n-before)
		}
		c.make("lead", `{"name":"本周来的"}`)
		c.days(7)
		if n := told(); n != before+1 {
			t.Errorf("told %d times, want once", n-before)
		}
		c.sees(1, "notification", `member_id = '%s' AND title = '上周新增线索 1 条' AND text LIKE '已跟进 0，%%'`, c.boss.ID)
		c.sees(0, "notification", `member_id = '%s' AND title LIKE '上周新增线索%%'`, c.li.ID)
	})

	t.Run("A69 a lead that becomes hot is called within two hours", func(t *testing.T) {
		c := c.on(t)
		lead := c.make("lead", `{"name":"热线索","industry":"saas","company_size":"51_200","country":"中国","budget":1,"job_title":"经理","owner":"%s"}`, c.li.ID)
		c.make("behavior_event", `{"lead":"%s","type":"trial","occurred_at":"%s"}`, lead, c.rfc(0))
		c.todo(0, c.li, "hot_lead", lead)
		c.make("behavior_event", `{"lead":"%s","type":"consult","occurred_at":"%s"}`, lead, c.rfc(0))
		c.want("lead", lead, map[string]string{"score": "85", "grade": `"A"`})
		c.todo(1, c.li, "hot_lead", lead)
		c.sees(1, "notification", `kind = 'task' AND member_id = '%s' AND title = '高意向线索：热线索（85 分）'`, c.li.ID)
		c.make("behavior_event", `{"lead":"%s","type":"download","occurred_at":"%s"}`, lead, c.rfc(0))
		c.todo(1, c.li, "hot_lead", lead) // still hot: no second time
	})

	t.Run("A09 follow-ups of leads are remembered", func(t *testing.T) {
		c := c.on(t)
		lead := c.make("lead", `{"name":"约了明天","owner":"%s"}`, c.li.ID)
		c.press(c.li, "lead", lead, "lead_log_follow", `{"method":"call","result":"positive","summary":"明天再聊","next_follow_at":"`+c.rfc(24*time.Hour)+`"}`)
		c.todo(1, c.li, "follow", lead)
		c.Advance(23*time.Hour, time.Hour)
		c.told(0, c.li, lead, "半小时后")
		c.Advance(45*time.Minute, 15*time.Minute)
		c.told(1, c.li, lead, "半小时后")
		gone := c.make("lead", `{"name":"约了又作废","owner":"%s"}`, c.li.ID)
		c.press(c.li, "lead", gone, "lead_log_follow", `{"method":"call","result":"negative","summary":"没兴趣","next_follow_at":"`+c.rfc(24*time.Hour)+`"}`)
		c.press(c.li, "lead", gone, "lead_invalid", `{"reason":"no_need"}`)
		c.todo(0, c.li, "follow", gone)
		c.Advance(24*time.Hour, time.Hour)
		c.told(0, c.li, gone, "半小时后")
	})
	c.noFailures()
}

package templates_test

import (
	"context"
	"testing"
	"time"

	"tenon/engine/access"
)

// bought gives a customer an order so many days ago.
func (c *crm) bought(customer string, daysAgo int, amount int) string {
	c.T.Helper()
	return c.make("sales_order", `{"customer":"%s","total_amount":%d,"ordered_at":"%s"}`, customer, amount, c.rfc(time.Duration(-daysAgo)*24*time.Hour))
}

// active lets a customer do something now.
func (c *crm) active(customer string) {
	c.T.Helper()
	c.make("behavior_event", `{"customer":"%s","type":"login","occurred_at":"%s"}`, customer, c.rfc(0))
}

// TestCRM_customerRules proves what happens to customers as a salesperson has
// them: A07–A10, A12–A14, A17, A23, A28.
func TestCRM_customerRules(t *testing.T) {
	t.Parallel()
	c := newTeam(t)

	t.Run("A07 a new customer gets sales and service", func(t *testing.T) {
		c := c.on(t)
		id := c.make("customer", `{"name":"新客户"}`)
		m := c.get("customer", id)
		who := c.li
		if m["owner"] == c.wang.ID {
			who = c.wang
		}
		c.want("customer", id, map[string]string{"owner": `"` + who.ID + `"`, "service_owner": `"` + c.anna.ID + `"`, "recycle_at": `"2026-12-23T02:00:00Z"`})
		c.told(1, who, id, "新客户：新客户")
		c.todo(1, c.anna, "new_customer_call", id)
		own := c.makeAs(c.li, "customer", `{"name":"自己的客户"}`)
		c.want("customer", own, map[string]string{"owner": `"` + c.li.ID + `"`})
		pool := c.make("customer", `{"name":"直接进公海","in_pool":true}`)
		c.want("customer", pool, map[string]string{"owner": "null", "service_owner": "null"})
		c.sees(0, "task", `record_id = '%s'`, pool)
	})

	t.Run("A08 a follow-up carries over", func(t *testing.T) {
		c := c.on(t)
		id := c.make("customer", `{"name":"跟进","owner":"%s"}`, c.li.ID)
		c.days(5)
		next := c.rfc(72 * time.Hour)
		c.press(c.li, "customer", id, "customer_log_follow", `{"method":"visit","result":"positive","summary":"演示","next_follow_at":"`+next+`"}`)
		c.want("customer", id, map[string]string{"next_follow_at": `"` + next + `"`, "last_follow_at": `"` + c.rfc(0) + `"`, "recycle_at": `"` + c.rfc(30*24*time.Hour) + `"`, "reply_count": "1", "journey_stage": `"contact"`})
		c.sees(1, "behavior_event", `customer = '%s' AND type = 'consult'`, id)
		c.todo(1, c.li, "follow", id)
		c.press(c.li, "customer", id, "customer_log_follow", `{"method":"call","result":"no_answer","summary":"没接"}`)
		c.sees(1, "behavior_event", `customer = '%s' AND type = 'consult'`, id)
		c.want("customer", id, map[string]string{"reply_count": "1", "follow_count": "2"})
		c.todo(0, c.li, "follow", id)
		c.refused(c.Update(c.li, c.app, "customer", id, `{"journey_stage":"referral"}`), "没有修改")
	})

	t.Run("A09 due, overdue, reported", func(t *testing.T) {
		c := c.on(t)
		missed := c.make("customer", `{"name":"没跟","owner":"%s"}`, c.li.ID)
		done := c.make("customer", `{"name":"跟了","owner":"%s"}`, c.li.ID)
		for _, id := range []string{missed, done} {
			c.press(c.li, "customer", id, "customer_reschedule", `{"next_follow_at":"`+c.rfc(2*time.Hour)+`"}`)
		}
		c.Advance(100*time.Minute, 10*time.Minute)
		c.told(1, c.li, missed, "半小时后跟进")
		c.press(c.li, "customer", done, "customer_log_follow", `{"method":"call","result":"neutral","summary":"聊了"}`)
		c.Advance(25*time.Hour, time.Hour)
		c.told(1, c.li, missed, "跟进已逾期一天")
		c.told(0, c.li, done, "跟进已逾期一天")
		late := c.make("customer", `{"name":"第二天才跟","owner":"%s"}`, c.li.ID)
		c.press(c.li, "customer", late, "customer_reschedule", `{"next_follow_at":"`+c.rfc(time.Hour)+`"}`)
		c.Advance(26*time.Hour, time.Hour)
		c.told(1, c.li, late, "跟进已逾期一天")
		c.press(c.li, "customer", late, "customer_log_follow", `{"method":"call","result":"neutral","summary":"补上"}`)
		c.Advance(48*time.Hour, 6*time.Hour)
		c.told(1, c.boss, missed, "李销售 三天未跟进 没跟")
		c.told(0, c.boss, late, "李销售 三天未跟进")
		c.told(0, c.boss, done, "李销售 三天未跟进")
	})

	t.Run("A10 who is not followed up returns to the pool", func(t *testing.T) {
		c := c.on(t)
		gone := c.make("customer", `{"name":"久未跟进","phone":"13500000001","owner":"%s"}`, c.li.ID)
		locked := c.make("customer", `{"name":"锁定","owner":"%s"}`, c.li.ID)
		c.press(c.boss, "customer", locked, "customer_keep", `{"locked":true}`)
		followed := c.make("customer", `{"name":"常跟","owner":"%s"}`, c.li.ID)
		signed := c.make("customer", `{"name":"有合同","owner":"%s"}`, c.li.ID)
		c.make("contract", `{"name":"执行中","customer":"%s","amount":1,"status":"active","end_date":"%s"}`, signed, c.day(300))
		buyer := c.make("customer", `{"name":"刚买过","owner":"%s"}`, c.li.ID)
		c.bought(buyer, 0, 100)
		c.days(20)
		c.press(c.li, "customer", followed, "customer_log_follow", `{"method":"call","result":"neutral","summary":"保持联系"}`)
		c.days(7)
		c.told(1, c.li, gone, "3 天后回收")
		c.told(0, c.li, followed, "3 天后回收")
		c.days(4)
		c.want("customer", gone, map[string]string{"in_pool": "true", "owner": "null", "prev_owner": `"` + c.li.ID + `"`, "pool_reason": `"no_follow"`, "recycle_at": "null"})
		c.told(1, c.li, gone, "客户已回收到公海")
		c.sees(1, "ownership_log", `customer = '%s' AND action = 'recycle'`, gone)
		for _, id := range []string{locked, followed, signed, buyer} {
			c.want("customer", id, map[string]string{"in_pool": "false", "owner": `"` + c.li.ID + `"`})
		}
		// A11: masked in the pool, whole for who claims it; a cool-down for who lost it.
		if got := c.Record(c.wang, c.app, "customer", gone)["phone"]; got != "135****0001" {
			t.Errorf("phone in the pool: %v", got)
		}
		_, err := c.X.Button(context.Background(), c.li, c.app, "customer", gone, "a11_claim", nil)
		c.refused(err, "7 天后")
		c.press(c.wang, "customer", gone, "a11_claim", `{}`)
		c.want("customer", gone, map[string]string{"in_pool": "false", "owner": `"` + c.wang.ID + `"`, "recycle_at": `"` + c.rfc(30*24*time.Hour) + `"`})
		if got := c.Record(c.wang, c.app, "customer", gone)["phone"]; got != "13500000001" {
			t.Errorf("phone of the owner: %v", got)
		}
		_, err = c.X.Button(context.Background(), c.boss, c.app, "customer", gone, "a11_claim", nil)
		c.refused(err, "已由王销售领取")
		_, err = c.X.Button(context.Background(), c.anna, c.app, "customer", gone, "a11_claim", nil)
		c.refused(err, "没有使用")
	})

	t.Run("A12 a leaver's work goes to the successor", func(t *testing.T) {
		c := c.on(t)
		zhou := c.Grant(c.app, c.Member("周离职"), "sales")
		one := c.make("customer", `{"name":"甲","owner":"%s"}`, zhou.ID)
		two := c.make("customer", `{"name":"乙","owner":"%s"}`, zhou.ID)
		other := c.make("customer", `{"name":"别人的","owner":"%s"}`, c.li.ID)
		lead := c.make("lead", `{"name":"线索","owner":"%s"}`, zhou.ID)
		open := c.make("opportunity", `{"name":"在途","customer":"%s","owner":"%s"}`, one, zhou.ID)
		lost := c.make("opportunity", `{"name":"已输","customer":"%s","owner":"%s","stage":"lost","lost_reason":"price"}`, one, zhou.ID)
		plan := c.make("payment_plan", `{"name":"回款","customer":"%s","amount":1,"due_date":"%s","owner":"%s"}`, one, c.day(90), zhou.ID)
		_, err := c.X.Button(context.Background(), c.Admin, c.app, "customer", one, "a12_handover", []byte(`{"to":"`+zhou.ID+`"}`))
		c.refused(err, "就是当前负责人")
		_, err = c.X.Button(context.Background(), zhou, c.app, "customer", one, "a12_handover", []byte(`{"to":"`+c.wang.ID+`"}`))
		c.refused(err, "没有使用")
		c.press(c.Admin, "customer", one, "a12_handover", `{"to":"`+c.wang.ID+`","note":"离职"}`)
		for entity, id := range map[string]string{"customer": one, "lead": lead, "opportunity": open, "payment_plan": plan} {
			c.want(entity, id, map[string]string{"owner": `"` + c.wang.ID + `"`})
		}
		c.want("customer", two, map[string]string{"owner": `"` + c.wang.ID + `"`, "prev_owner": `"` + zhou.ID + `"`})
		c.want("customer", other, map[string]string{"owner": `"` + c.li.ID + `"`})
		c.want("opportunity", lost, map[string]string{"owner": `"` + zhou.ID + `"`})
		c.sees(3, "ownership_log", `action = 'handover' AND from_member = '%s' AND to_member = '%s'`, zhou.ID, c.wang.ID)
		c.told(1, c.wang, one, "交接完成")
		c.todo(1, c.wang, "first_visit", lead)
	})

	t.Run("A13 A14 half a year without an order", func(t *testing.T) {
		c := c.on(t)
		id := c.make("customer", `{"name":"半年没买","owner":"%s"}`, c.li.ID)
		c.bought(id, 178, 1000)
		c.days(1)
		c.sees(0, "customer", `id = '%s' AND 'watch_reactivate' = ANY(profile_tags)`, id)
		c.days(2)
		c.sees(1, "customer", `id = '%s' AND 'watch_reactivate' = ANY(profile_tags)`, id)
		c.sees(1, "task", `kind = 'winback' AND record_id = '%s' AND state = 'open' AND title = '激活待观察：半年没买'`, id)
		c.days(1)
		c.sees(1, "task", `kind = 'winback' AND record_id = '%s' AND title = '激活待观察：半年没买'`, id)
		c.bought(id, 0, 1000)
		c.sees(0, "customer", `id = '%s' AND 'watch_reactivate' = ANY(profile_tags)`, id)
		c.sees(1, "task", `record_id = '%s' AND title = '激活待观察：半年没买' AND state <> 'open' AND outcome = 'bought'`, id)
		// Other tags come and go with their facts.
		for range 2 {
			c.bought(id, 0, 60000)
		}
		c.days(1)
		c.sees(1, "customer", `id = '%s' AND profile_tags @> '{repeat_buyer,big_spender}' AND NOT profile_tags && '{complainer,promoter}'`, id)
		c.make("ticket", `{"subject":"投诉","customer":"%s","type":"complaint"}`, id)
		c.make("survey_response", `{"customer":"%s","type":"nps","nps":10}`, id)
		c.days(1)
		c.sees(1, "customer", `id = '%s' AND profile_tags @> '{complainer,promoter}'`, id)
		c.make("survey_response", `{"customer":"%s","type":"nps","nps":7}`, id)
		c.days(1)
		c.sees(1, "customer", `id = '%s' AND profile_tags @> '{complainer}' AND NOT profile_tags && '{promoter}'`, id)
	})

	t.Run("A17 tier by turnover, unless fixed by hand", func(t *testing.T) {
		c := c.on(t)
		vip := c.make("customer", `{"name":"大客户","owner":"%s"}`, c.li.ID)
		c.bought(vip, 0, 600000)
		fixed := c.make("customer", `{"name":"手工","owner":"%s"}`, c.li.ID)
		c.bought(fixed, 0, 600000)
		c.press(c.boss, "customer", fixed, "customer_fix_tier", `{"tier":"b","note":"集团关系"}`)
		c.days(1)
		c.want("customer", vip, map[string]string{"tier": `"vip"`})
		c.want("customer", fixed, map[string]string{"tier": `"b"`, "tier_rule": `"locked"`})
		for _, who := range []*access.Actor{c.li, c.boss} {
			c.told(1, who, vip, "大客户 升为 VIP")
			c.told(0, who, fixed, "手工")
		}
		c.press(c.boss, "customer", fixed, "customer_free_tier", `{}`)
		c.days(1)
		c.want("customer", fixed, map[string]string{"tier": `"vip"`})
	})

	t.Run("A23 a deal without a follow-up", func(t *testing.T) {
		c := c.on(t)
		left := c.make("customer", `{"name":"成交后没人管","owner":"%s"}`, c.li.ID)
		seen := c.make("customer", `{"name":"成交后跟了","owner":"%s"}`, c.li.ID)
		c.bought(left, 0, 1000)
		c.bought(seen, 0, 1000)
		c.days(3)
		c.press(c.li, "customer", seen, "customer_log_follow", `{"method":"call","result":"positive","summary":"用得好"}`)
		c.days(10)
		c.todo(0, c.li, "after_deal", left)
		c.days(1)
		c.todo(1, c.li, "after_deal", left)
		c.todo(0, c.li, "after_deal", seen)
		c.days(16)
		c.sees(1, "churn_alert", `customer = '%s' AND rule = 'no_followup_after_deal' AND level = 'medium'`, left)
		c.sees(0, "churn_alert", `customer = '%s' AND rule = 'no_followup_after_deal'`, seen)
	})

	t.Run("A28 regular calls by tier", func(t *testing.T) {
		c := c.on(t)
		ids := map[string]string{}
		for name, tier := range map[string]string{"每月": "a", "两月": "b"} {
			id := c.make("customer", `{"name":"%s","owner":"%s","tier":"%s","tier_locked":true}`, name, c.li.ID, tier)
			c.bought(id, 0, 1000)
			c.press(c.li, "customer", id, "customer_log_follow", `{"method":"call","result":"positive","summary":"回访"}`)
			ids[tier] = id
		}
		for range 4 {
			c.days(7)
			c.active(ids["a"])
			c.active(ids["b"])
		}
		c.todo(0, c.li, "regular_call", ids["a"])
		c.days(2)
		c.todo(1, c.li, "regular_call", ids["a"])
		c.todo(0, c.li, "regular_call", ids["b"])
		for range 4 {
			c.days(7)
			c.active(ids["b"])
		}
		c.days(2)
		c.todo(1, c.li, "regular_call", ids["b"])
	})
	c.noFailures()
}

// TestCRM_careRules proves what reaches customers without anybody writing it:
// A18, A19, A22, A26, and the outlet they share.
func TestCRM_careRules(t *testing.T) {
	t.Parallel()
	c := newTeam(t)

	t.Run("A18 A19 the dormant are woken until they buy", func(t *testing.T) {
		c := c.on(t)
		ids := map[string]string{}
		for _, name := range []string{"sleeps", "buys"} {
			ids[name] = c.make("customer", `{"name":"%s","email":"%s@example.com","owner":"%s"}`, name, name, c.li.ID)
			c.bought(ids[name], 89, 1000)
		}
		c.days(1) // ninety days: the coupon
		for name, id := range ids {
			c.sees(1, "reward", `customer = '%s' AND reason = 'winback' AND kind = 'coupon' AND value = 200 AND status = 'granted'`, id)
			c.sees(1, "churn_alert", `customer = '%s' AND rule = 'no_order_90d' AND level = 'low' AND evidence LIKE '最近下单 20%%'`, id)
			c.sees(1, "mail", `recipient = '%s@example.com'`, name)
		}
		c.days(1) // ninety-one: dormant
		for name, id := range ids {
			c.want("customer", id, map[string]string{"clm_status": `"dormant"`, "retention_stage": `"rescue"`})
			c.sees(2, "mail", `recipient = '%s@example.com' AND subject = '%s，好久不见'`, name, name)
		}
		c.days(4)
		c.bought(ids["buys"], 0, 500)
		c.want("customer", ids["buys"], map[string]string{"clm_status": `"active"`, "retention_stage": `"growth"`})
		c.sees(1, "run", `record_id = '%s' AND state = 'cancelled'`, ids["buys"])
		c.sees(0, "churn_alert", `customer = '%s' AND rule = 'no_order_90d' AND status = 'open'`, ids["buys"])
		c.days(3)
		c.sees(1, "touch", `customer = '%s' AND channel = 'sms' AND rule = 'A18'`, ids["sleeps"])
		c.sees(1, "task", `kind = 'touch_send' AND state = 'open' AND title LIKE '发送%%' AND record_id IN (SELECT id FROM ws_main.crm_touch WHERE customer = '%s')`, ids["sleeps"])
		c.sees(0, "touch", `customer = '%s' AND channel = 'sms'`, ids["buys"])
		c.days(14)
		c.todo(1, c.li, "winback", ids["sleeps"])
		c.sees(0, "task", `kind = 'winback' AND record_id = '%s'`, ids["buys"])
		c.days(30) // no second coupon within ninety days
		c.sees(1, "reward", `customer = '%s' AND reason = 'winback'`, ids["sleeps"])
		never := c.make("customer", `{"name":"从未下单","email":"never@example.com","owner":"%s"}`, c.li.ID)
		c.days(2)
		c.sees(0, "reward", `customer = '%s'`, never)
		c.sees(0, "mail", `recipient = 'never@example.com'`)
	})

	t.Run("A22 a new customer is guided in for a month", func(t *testing.T) {
		c := c.on(t)
		id := c.make("customer", `{"name":"新手","email":"new@example.com","owner":"%s"}`, c.li.ID)
		lost := c.make("customer", `{"name":"退了","email":"lost@example.com","owner":"%s"}`, c.li.ID)
		c.bought(id, 0, 100)
		c.bought(lost, 0, 100)
		c.want("customer", id, map[string]string{"clm_status": `"new"`, "lifecycle_stage": `"first_deal"`, "journey_stage": `"repurchase"`})
		for _, subject := range []string{"欢迎加入，新手", "三步上手"} {
			c.sees(1, "mail", `recipient = 'new@example.com' AND subject = '%s'`, subject)
		}
		c.days(1)
		c.press(c.li, "customer", lost, "customer_lost", `{"reason":"price"}`)
		c.want("customer", lost, map[string]string{"clm_status": `"lost"`})
		c.days(2)
		c.sees(1, "mail", `recipient = 'new@example.com' AND subject = '邀请您参加新客户培训'`)
		c.sees(0, "mail", `recipient = 'lost@example.com' AND subject = '邀请您参加新客户培训'`)
		c.days(4)
		c.todo(1, c.anna, "onboarding", id)
		c.todo(0, c.anna, "onboarding", lost)
		c.days(7)
		c.sees(1, "survey_response", `customer = '%s' AND type = 'onboarding' AND status = 'sent'`, id)
		c.sees(1, "mail", `recipient = 'new@example.com' AND subject = '一分钟，告诉我们您的感受'`)
		c.days(11)
		c.todo(1, c.li, "first_month", id)
		c.sees(0, "survey_response", `customer = '%s'`, lost)
		// A second order is not a second beginning.
		c.bought(id, 0, 100)
		c.sees(1, "touch", `customer = '%s' AND scene = 'welcome'`, id)
	})

	t.Run("A26 birthdays", func(t *testing.T) {
		c := c.on(t)
		company := c.make("customer", `{"name":"某公司","owner":"%s","tier":"vip","tier_locked":true,"birthday":"2010-11-30","preferences":"喝茶"}`, c.li.ID)
		plain := c.make("customer", `{"name":"普通公司","owner":"%s"}`, c.li.ID)
		day := c.day(2)[5:]
		vip := c.make("contact", `{"customer":"%s","name":"老总","email":"vip@example.com","birthday":"1970-%s"}`, company, day)
		usual := c.make("contact", `{"customer":"%s","name":"采购","email":"usual@example.com","birthday":"1990-%s"}`, plain, day)
		c.make("contact", `{"customer":"%s","name":"农历","email":"lunar@example.com","birthday":"1980-%s","lunar_birthday":true}`, plain, day)
		c.make("contact", `{"customer":"%s","name":"离职","email":"left@example.com","birthday":"1980-%s","enabled":false}`, plain, day)
		person := c.make("customer", `{"name":"周女士","type":"person","email":"person@example.com","birthday":"1985-%s","owner":"%s"}`, day, c.li.ID)
		c.days(1)
		c.sees(0, "mail", `subject LIKE '%%生日快乐'`)
		c.days(1)
		for who, name := range map[string]string{"vip": "老总", "usual": "采购", "person": "周女士"} {
			c.sees(1, "mail", `recipient = '%s@example.com' AND subject = '%s，生日快乐'`, who, name)
		}
		c.sees(0, "mail", `recipient IN ('lunar@example.com', 'left@example.com')`)
		c.sees(1, "reward", `customer = '%s' AND reason = 'birthday' AND kind = 'gift' AND value = 300`, company)
		c.sees(0, "reward", `customer IN ('%s', '%s')`, plain, person)
		c.todo(1, c.li, "gift", vip)
		c.todo(0, c.li, "gift", usual)
		c.days(7)
		c.sees(3, "mail", `subject LIKE '%%生日快乐'`)
	})

	t.Run("the outlet respects wishes", func(t *testing.T) {
		c := c.on(t)
		id := c.make("customer", `{"name":"退订","email":"out@example.com","opt_out":["email"],"owner":"%s"}`, c.li.ID)
		touch := c.make("touch", `{"customer":"%s","scene":"content","channel":"email","subject":"行业内容"}`, id)
		c.want("touch", touch, map[string]string{"status": `"skipped"`, "skip_reason": `"opt_out"`})
		many := c.make("customer", `{"name":"太多","email":"many@example.com","owner":"%s"}`, c.li.ID)
		for range 4 {
			touch = c.make("touch", `{"customer":"%s","scene":"content","channel":"email","subject":"行业内容"}`, many)
		}
		c.want("touch", touch, map[string]string{"status": `"skipped"`, "skip_reason": `"freq_cap"`})
		c.sees(3, "mail", `recipient = 'many@example.com'`)
		serious := c.make("touch", `{"customer":"%s","scene":"contract","channel":"email","subject":"合同"}`, many)
		c.want("touch", serious, map[string]string{"status": `"sent"`})
		nowhere := c.make("customer", `{"name":"没有邮箱","owner":"%s"}`, c.li.ID)
		touch = c.make("touch", `{"customer":"%s","scene":"content","channel":"email","subject":"行业内容"}`, nowhere)
		c.want("touch", touch, map[string]string{"status": `"skipped"`, "skip_reason": `"no_address"`})
	})
	c.noFailures()
}

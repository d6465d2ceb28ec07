package templates_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tenon/engine/access"
)

// deal makes a customer of 李销售's with a deal that has a survey and a quotation.
func (c *crm) deal(name string, amount int) (customer, opp, quotation string) {
	c.T.Helper()
	customer = c.make("customer", `{"name":"%s","email":"%x@example.com","owner":"%s","service_owner":"%s"}`, name, name, c.li.ID, c.anna.ID)
	opp = c.makeAs(c.li, "opportunity", `{"name":"%s的商机","customer":"%s"}`, name, customer)
	c.makeAs(c.li, "need_survey", `{"customer":"%s","opportunity":"%s","status":"submitted"}`, customer, opp)
	quotation = c.makeAs(c.li, "quotation", `{"customer":"%s","opportunity":"%s","lines":[{"product":"%s","qty":1,"price":%d}]}`, customer, opp, c.product(), amount)
	return customer, opp, quotation
}

// product is something to sell.
func (c *crm) product() string {
	c.T.Helper()
	if c.rows("product", "true") == 0 {
		return c.make("product", `{"code":"P1","name":"标准版","list_price":10000,"tax_rate":0}`)
	}
	return c.one("product", "true")
}

// won carries a deal to its contract.
func (c *crm) won(name string, amount int) (customer, opp, contract string) {
	c.T.Helper()
	customer, opp, quotation := c.deal(name, amount)
	c.press(c.li, "quotation", quotation, "quotation_send", `{}`)
	c.press(c.li, "quotation", quotation, "quotation_accept", `{}`)
	if err := c.Update(c.li, c.app, "opportunity", opp, `{"stage":"won"}`); err != nil {
		c.T.Fatal(err)
	}
	c.Drain()
	contract, _ = c.get("opportunity", opp)["contract"].(string)
	if contract == "" {
		c.T.Fatal("no contract")
	}
	return customer, opp, contract
}

// one finds the id of the only row.
func (c *crm) one(entity, where string, args ...any) string {
	c.T.Helper()
	r, err := c.DB.One(context.Background(), `SELECT id FROM `+table(entity)+` WHERE `+fmt.Sprintf(where, args...))
	if err != nil || len(r.Rows) != 1 {
		c.T.Fatalf("%d × %s with %s (%v)", len(r.Rows), entity, fmt.Sprintf(where, args...), err)
	}
	return r.Str(0)
}

// TestCRM_dealRules proves the rules from need survey to payment: A33–A39, A66–A68.
func TestCRM_dealRules(t *testing.T) {
	t.Parallel()
	c := newTeam(t)
	cash := c.Grant(c.app, c.Member("财务"), "finance")

	t.Run("A67 A68 stages have gates", func(t *testing.T) {
		c := c.on(t)
		customer := c.make("customer", `{"name":"关卡","owner":"%s"}`, c.li.ID)
		opp := c.makeAs(c.li, "opportunity", `{"name":"关卡商机","customer":"%s"}`, customer)
		c.want("opportunity", opp, map[string]string{"owner": `"` + c.li.ID + `"`, "probability": "0.05"})
		move := func(values string) error { return c.Update(c.li, c.app, "opportunity", opp, values) }
		c.refused(move(`{"stage":"proposal","amount":1000}`), "先完成需求调研")
		survey := c.makeAs(c.li, "need_survey", `{"customer":"%s","opportunity":"%s","budget":50000,"need_strength":5,"price_sensitivity":2}`, customer, opp)
		c.want("opportunity", opp, map[string]string{"stage": `"discovery"`})
		c.set("need_survey", survey, `{"status":"submitted"}`)
		c.want("opportunity", opp, map[string]string{"stage": `"need"`, "need_survey": `"` + survey + `"`, "amount": "50000", "probability": "0.1"})
		c.sees(1, "customer", `id = '%s' AND profile_tags @> '{strong_need}' AND NOT profile_tags && '{price_sensitive}'`, customer)
		c.told(1, c.li, survey, "需求调研已提交：关卡")
		if err := move(`{"stage":"proposal"}`); err != nil {
			t.Error(err)
		}
		c.Drain()
		c.want("customer", customer, map[string]string{"journey_stage": `"proposal"`})
		c.refused(move(`{"stage":"negotiation"}`), "至少要有一份报价")
		quotation := c.makeAs(c.li, "quotation", `{"customer":"%s","opportunity":"%s","lines":[{"product":"%s","qty":2,"price":30000}]}`, customer, opp, c.product())
		if err := move(`{"stage":"negotiation"}`); err != nil {
			t.Error(err)
		}
		c.refused(move(`{"stage":"won"}`), "客户已接受的报价")
		c.refused(move(`{"stage":"lost"}`), "输单原因")
		c.press(c.li, "quotation", quotation, "quotation_accept", `{}`)
		c.want("opportunity", opp, map[string]string{"amount": "60000"})
		if err := move(`{"stage":"won"}`); err != nil {
			t.Error(err)
		}
		c.Drain()
		c.refused(move(`{"stage":"contact"}`), "先终止合同")
		c.want("opportunity", opp, map[string]string{"closed_on": `"` + c.day(0) + `"`, "probability": "1"})
		c.sees(5, "stage_log", `opportunity = '%s'`, opp)
		c.sees(1, "stage_log", `opportunity = '%s' AND left_at IS NULL AND to_stage = 'won'`, opp)
		other := c.makeAs(c.li, "opportunity", `{"name":"会输","customer":"%s","stage":"contact"}`, customer)
		if err := c.Update(c.li, c.app, "opportunity", other, `{"stage":"lost","lost_reason":"price"}`); err != nil {
			t.Error(err)
		}
		c.Drain()
		c.want("opportunity", other, map[string]string{"lost_stage": `"contact"`, "probability": "0", "contract": "null"})
	})

	t.Run("A33 an expired quotation comes back", func(t *testing.T) {
		c := c.on(t)
		customer, opp, old := c.deal("过期", 1000)
		taken := c.makeAs(c.li, "quotation", `{"customer":"%s","opportunity":"%s","valid_until":"%s","lines":[{"product":"%s","qty":1,"price":1}]}`, customer, opp, c.day(3), c.product())
		c.press(c.li, "quotation", taken, "quotation_accept", `{}`)
		c.set("quotation", old, `{"valid_until":"%s"}`, c.day(3))
		c.days(3)
		c.want("quotation", old, map[string]string{"status": `"draft"`})
		c.days(1)
		c.want("quotation", old, map[string]string{"status": `"expired"`})
		c.want("quotation", taken, map[string]string{"status": `"accepted"`})
		c.todo(1, c.li, "requote", old)
	})

	t.Run("A34 A35 a won deal has its contract within two hours", func(t *testing.T) {
		c := c.on(t)
		c.at(10, 0)
		customer, opp, contract := c.won("赢家", 80000)
		c.want("contract", contract, map[string]string{"status": `"draft"`, "amount": "80000", "customer": `"` + customer + `"`, "send_due": `"` + c.rfc(2*time.Hour) + `"`, "owner": `"` + c.li.ID + `"`})
		c.todo(1, c.li, "contract", contract)
		c.told(1, c.boss, contract, "赢单：赢家的商机")
		c.told(0, c.li, contract, "赢单") // whose to-do says it
		c.sees(1, "contract", `opportunity = '%s'`, opp)
		_, _, sent := c.won("及时", 100)
		c.press(c.li, "contract", sent, "contract_sent", `{}`)
		c.todo(0, c.li, "contract", sent)
		c.want("contract", sent, map[string]string{"status": `"sent"`})
		c.sees(1, "mail", `recipient = '%x@example.com' AND subject = '合同已发送，请查收'`, "及时")
		c.Advance(95*time.Minute, 5*time.Minute)
		c.told(1, c.li, contract, "半小时内发送合同")
		c.told(0, c.li, sent, "半小时内发送合同")
		c.want("contract", contract, map[string]string{"send_overdue": "null"})
		c.Advance(30*time.Minute, 5*time.Minute)
		c.want("contract", contract, map[string]string{"send_overdue": "true"})
		c.want("contract", sent, map[string]string{"send_overdue": "null"})
		c.told(1, c.boss, contract, "合同发送超时")
		c.told(0, c.boss, sent, "合同发送超时")
		c.refused(c.Update(c.li, c.app, "contract", contract, `{"status":"active"}`), "先签署")
	})

	t.Run("A36 signing makes order, payments, project and tasks", func(t *testing.T) {
		c := c.on(t)
		customer, _, contract := c.won("签约", 90000)
		c.press(c.li, "contract", contract, "contract_sign", `{"sign_date":"`+c.day(0)+`"}`)
		c.want("contract", contract, map[string]string{"status": `"active"`, "sign_date": `"` + c.day(0) + `"`})
		order := c.one("sales_order", `contract = '%s'`, contract)
		c.want("sales_order", order, map[string]string{"total_amount": "90000", "status": `"delivering"`, "is_repeat": "false"})
		c.sees(1, "payment_plan", `contract = '%s' AND period = 1 AND amount = 27000 AND due_date = '%s'`, contract, c.day(7))
		c.sees(1, "payment_plan", `contract = '%s' AND period = 2 AND amount = 63000 AND due_date = '%s'`, contract, c.day(60))
		project := c.one("delivery_project", `contract = '%s'`, contract)
		c.want("delivery_project", project, map[string]string{"owner": `"` + c.anna.ID + `"`, "plan_end": `"` + c.day(60) + `"`})
		c.todo(1, c.anna, "delivery", project)
		c.todo(1, cash, "invoice", contract)
		for _, who := range []*access.Actor{c.li, c.boss} {
			c.told(1, who, contract, "合同已签署")
		}
		c.told(0, c.anna, contract, "合同已签署") // who starts the delivery
		c.want("customer", customer, map[string]string{"journey_stage": `"delivery"`, "order_count": "1", "clm_status": `"new"`})
		// A62: who buys is to be known; a record that says enough asks for nothing.
		c.todo(1, c.li, "data_fix", customer)
		c.set("customer", customer, `{"company_size":"51_200","country":"中国"}`)
		c.todo(1, c.li, "data_fix", customer)
		c.set("customer", customer, `{"industry":"saas","phone":"13800138055","email":"data@example.com"}`)
		c.todo(0, c.li, "data_fix", customer)
		known := c.make("customer", `{"name":"资料齐","owner":"%s","industry":"saas","company_size":"51_200","country":"中国","phone":"13800138056","email":"known@example.com"}`, c.li.ID)
		c.make("sales_order", `{"customer":"%s","total_amount":10,"status":"completed","ordered_at":"%s","owner":"%s"}`, known, c.rfc(0), c.li.ID)
		c.want("customer", known, map[string]string{"order_count": "1"})
		c.todo(0, c.li, "data_fix", known)
		c.refused(c.Update(c.Admin, c.app, "contract", contract, `{"status":"draft"}`), "不能退回草稿")
		nda := c.make("contract", `{"name":"保密协议","customer":"%s","amount":0,"type":"nda"}`, customer)
		c.press(c.li, "contract", nda, "contract_sign", `{"sign_date":"`+c.day(0)+`"}`)
		c.sees(0, "sales_order", `contract = '%s'`, nda)
		later := c.make("contract", `{"name":"下月开始","customer":"%s","amount":10,"start_date":"%s","deposit_rate":1}`, customer, c.day(20))
		c.press(c.li, "contract", later, "contract_sign", `{"sign_date":"`+c.day(0)+`"}`)
		c.want("contract", later, map[string]string{"status": `"signed"`})
		c.sees(1, "payment_plan", `contract = '%s' AND amount = 10`, later)
		c.days(20)
		c.want("contract", later, map[string]string{"status": `"active"`})

		// A30, A31: late delivery is reported, acceptance asks and completes the order.
		c.press(c.anna, "delivery_project", project, "project_start", `{}`)
		c.days(41)
		c.told(1, c.anna, project, "交付延期")
		c.press(c.anna, "delivery_project", project, "project_accept", `{"actual_end":"`+c.day(0)+`"}`)
		c.want("sales_order", order, map[string]string{"status": `"completed"`})
		c.sees(1, "survey_response", `project = '%s' AND type = 'delivery' AND status = 'sent'`, project)
		c.todo(1, c.anna, "delivery_call", project)
		c.want("customer", customer, map[string]string{"journey_stage": `"delivery"`}) // two more are running
	})

	t.Run("A38 A39 payments are reminded of until they come", func(t *testing.T) {
		c := c.on(t)
		c.at(10, 0)
		customer := c.make("customer", `{"name":"欠款","email":"debt@example.com","owner":"%s"}`, c.li.ID)
		plan := c.make("payment_plan", `{"name":"尾款","customer":"%s","amount":1000,"due_date":"%s"}`, customer, c.day(8))
		c.want("payment_plan", plan, map[string]string{"owner": `"` + c.Admin.ID + `"`})
		c.set("payment_plan", plan, `{"owner":"%s"}`, c.li.ID)
		paid := c.make("payment_plan", `{"name":"已付","customer":"%s","amount":500,"due_date":"%s","owner":"%s"}`, customer, c.day(8), c.li.ID)
		pay := c.makeAs(c.li, "payment", `{"customer":"%s","plan":"%s","amount":500}`, customer, paid)
		c.want("payment_plan", paid, map[string]string{"status": `"pending"`})
		c.press(cash, "payment", pay, "payment_confirm", `{}`)
		c.want("payment_plan", paid, map[string]string{"status": `"paid"`, "unpaid_amount": "0"})
		c.told(1, c.li, paid, "已回款：已付")
		c.days(1) // seven days before
		c.told(1, c.li, plan, "回款 尾款：应收")
		c.sees(1, "mail", `recipient = 'debt@example.com' AND subject = '付款日临近提醒'`)
		c.days(4) // three days before
		c.told(2, c.li, plan, "回款 尾款：应收")
		c.days(3) // the day
		c.told(3, c.li, plan, "回款 尾款：应收")
		c.sees(2, "mail", `recipient = 'debt@example.com'`)
		c.days(1)
		c.want("payment_plan", plan, map[string]string{"status": `"overdue"`, "overdue_days": "1"})
		c.todo(1, c.li, "collect", plan)
		c.told(0, c.boss, plan, "回款逾期")
		half := c.makeAs(c.li, "payment", `{"customer":"%s","plan":"%s","amount":400}`, customer, plan)
		c.press(cash, "payment", half, "payment_confirm", `{}`)
		c.want("payment_plan", plan, map[string]string{"status": `"overdue"`, "unpaid_amount": "600"})
		c.days(6)
		c.told(1, c.boss, plan, "回款逾期 7 天：欠款")
		c.told(0, cash, plan, "回款逾期")
		c.todo(1, c.li, "collect", plan) // one at a time
		c.days(8)
		c.told(1, cash, plan, "回款逾期 15 天：欠款")
		rest := c.makeAs(c.li, "payment", `{"customer":"%s","plan":"%s","amount":600}`, customer, plan)
		c.press(cash, "payment", rest, "payment_confirm", `{}`)
		c.want("payment_plan", plan, map[string]string{"status": `"paid"`})
		c.todo(0, c.li, "collect", plan)
		c.days(15)
		c.told(0, cash, plan, "回款逾期 30 天")
		c.told(0, c.li, paid, "回款 已付")
		_, err := c.X.Button(context.Background(), c.li, c.app, "payment", c.makeAs(c.li, "payment", `{"customer":"%s","amount":1}`, customer), "payment_confirm", nil)
		c.refused(err, "没有使用")
	})

	t.Run("A37 renewals at 90, 60, 30, 15, 7 and 1 days", func(t *testing.T) {
		c := c.on(t)
		c.at(10, 0)
		customer := c.make("customer", `{"name":"续约","email":"renew@example.com","owner":"%s"}`, c.li.ID)
		contract := c.make("contract", `{"name":"年度服务","customer":"%s","amount":5000,"status":"active","start_date":"%s","end_date":"%s","owner":"%s"}`, customer, c.day(-270), c.day(92), c.li.ID)
		done := c.make("contract", `{"name":"已续","customer":"%s","amount":5000,"status":"active","start_date":"%s","end_date":"%s","owner":"%s","renewal_status":"renewed"}`, customer, c.day(-270), c.day(92), c.li.ID)
		left := 92
		for i, at := range []int{90, 60, 30, 15, 7, 1} {
			c.days(left - at - 1)
			c.rang(int64(i), c.li, contract) // nothing between
			c.days(1)
			left = at
			c.rang(int64(i+1), c.li, contract)
			if at > 60 {
				c.told(1, c.li, contract, "90 天后合同到期：年度服务")
				continue
			}
			c.todo(1, c.li, "renewal", contract) // the latest takes the place of the one before
			c.sees(1, "task", `record_id = '%s' AND state = 'open' AND title = '续约 年度服务（还有 %d 天）'`, contract, at)
		}
		opp := c.one("opportunity", `renewal_of = '%s'`, contract)
		c.want("opportunity", opp, map[string]string{"type": `"renewal"`, "amount": "5000", "stage": `"need"`, "owner": `"` + c.li.ID + `"`, "name": `"续约：年度服务"`})
		c.want("contract", contract, map[string]string{"renewal_status": `"pending"`})
		c.sees(5, "task", `kind = 'renewal' AND record_id = '%s'`, contract)
		c.sees(2, "mail", `recipient = 'renew@example.com' AND subject = '合同即将到期，续约方案已备好'`)
		c.told(3, c.boss, contract, "合同即将到期仍未续约")
		c.told(0, c.li, done, "%")
		c.sees(0, "opportunity", `renewal_of = '%s'`, done)
		// Won, the renewal needs no quotation and starts the day after.
		if err := c.Update(c.li, c.app, "opportunity", opp, `{"stage":"won"}`); err != nil {
			t.Fatal(err)
		}
		c.Drain()
		c.want("contract", contract, map[string]string{"renewal_status": `"renewed"`})
		next := c.get("opportunity", opp)["contract"].(string)
		c.want("contract", next, map[string]string{"type": `"renewal"`, "start_date": `"` + c.day(2) + `"`})
		lapsed := c.make("contract", `{"name":"没续","customer":"%s","amount":1,"status":"active","start_date":"%s","end_date":"%s","owner":"%s"}`, customer, c.day(-300), c.day(3), c.li.ID)
		c.days(5)
		c.want("contract", contract, map[string]string{"status": `"expired"`, "renewal_status": `"renewed"`})
		c.want("contract", lapsed, map[string]string{"status": `"expired"`, "renewal_status": `"lost"`})
		c.sees(1, "churn_alert", `customer = '%s' AND rule = 'contract_expiring' AND level = 'high'`, customer)
	})

	t.Run("A66 stalled deals are reminded of weekly", func(t *testing.T) {
		c := c.on(t)
		_, stuck, _ := c.deal("停滞", 1000)
		_, moving, quotation := c.deal("前进", 1000)
		c.days(25)
		c.press(c.li, "quotation", quotation, "quotation_send", `{}`)
		c.days(20)
		if n := c.rows("notification", `member_id = '%s' AND record_id = '%s' AND title LIKE '商机停滞%%'`, c.li.ID, stuck); n < 1 || n > 3 {
			t.Errorf("%d reminders in 45 days", n)
		}
		c.told(0, c.boss, stuck, "商机长期停滞")
		c.told(0, c.li, moving, "商机停滞")
		c.days(24)
		if n := c.rows("notification", `member_id = '%s' AND record_id = '%s' AND title LIKE '商机长期停滞%%'`, c.boss.ID, stuck); n < 1 {
			t.Error("the manager was not told in 69 days")
		}
		c.set("opportunity", stuck, `{"stage":"lost","lost_reason":"timing"}`)
		n := c.rows("notification", `record_id = '%s'`, stuck)
		c.days(15)
		c.sees(n, "notification", `record_id = '%s'`, stuck)
	})
	c.noFailures()
}

// TestCRM_referralRules proves A52 and A53: a referral becomes a lead, and a
// reward once it signs, with approval above a limit.
func TestCRM_referralRules(t *testing.T) {
	t.Parallel()
	c := newTeam(t)
	referrer := c.make("customer", `{"name":"老客户","email":"old@example.com","phone":"13300000000","owner":"%s"}`, c.li.ID)
	refer := func(n int) string {
		return c.makeAs(c.li, "referral", `{"referrer":"%s","referee_name":"朋友%d","referee_company":"新公司%d","referee_mobile":"1330000000%d"}`, referrer, n, n, n)
	}
	for _, bad := range []string{`"referee_name":"我","referee_mobile":"13300000000"`, `"referee_name":"我","referee_company":"老客户","referee_mobile":"13300000009"`} {
		c.refused(c.createErr(c.li, "referral", `{"referrer":"`+referrer+`",`+bad+`}`), "不能推荐自己")
	}
	small := refer(1)
	c.refused(c.createErr(c.li, "referral", `{"referrer":"`+referrer+`","referee_name":"又一次","referee_mobile":"13300000001"}`), "已有有效的转介绍")
	c.sees(1, "mail", `recipient = 'old@example.com' AND subject = '感谢您的认可'`)
	c.want("customer", referrer, map[string]string{"journey_stage": `"referral"`})
	lead := c.get("referral", small)["lead"].(string)
	c.want("lead", lead, map[string]string{"name": `"新公司1 · 老客户"`, "owner": `"` + c.li.ID + `"`, "status": `"assigned"`, "mobile": `"13300000001"`})
	c.sees(1, "lead", `id = '%s' AND source_channel = (SELECT id FROM ws_main.crm_lead_channel WHERE code = 'referral')`, lead)
	c.press(c.li, "lead", lead, "a06_lead_convert", `{"create_opportunity":false}`)
	referee := c.get("lead", lead)["customer"].(string)
	c.want("referral", small, map[string]string{"status": `"qualified"`, "referee_customer": `"` + referee + `"`})
	c.want("customer", referee, map[string]string{"referrer": `"` + referrer + `"`})
	sign := func(customer string, amount int) {
		contract := c.make("contract", `{"name":"首单","customer":"%s","amount":%d,"owner":"%s"}`, customer, amount, c.li.ID)
		c.press(c.li, "contract", contract, "contract_sign", `{"sign_date":"`+c.day(0)+`"}`)
	}
	sign(referee, 50000)
	c.want("referral", small, map[string]string{"status": `"won"`, "won_amount": "50000"})
	reward := c.one("reward", `referral = '%s'`, small)
	c.want("reward", reward, map[string]string{"customer": `"` + referrer + `"`, "kind": `"cash"`, "value": "1000", "status": `"approved"`})
	c.want("customer", referrer, map[string]string{"referral_count": "1"})
	sign(referee, 90000) // once only
	c.sees(1, "reward", `referral = '%s'`, small)
	c.press(c.boss, "reward", reward, "reward_grant", `{}`)
	c.want("referral", small, map[string]string{"status": `"rewarded"`})
	c.told(1, c.li, reward, "已发放奖励：老客户")

	large := refer(2)
	lead = c.get("referral", large)["lead"].(string)
	c.press(c.li, "lead", lead, "a06_lead_convert", `{"create_opportunity":false}`)
	sign(c.get("lead", lead)["customer"].(string), 900000)
	reward = c.one("reward", `referral = '%s'`, large)
	c.want("reward", reward, map[string]string{"value": "5000", "status": `"pending"`})
	c.todo(1, c.boss, "approve_reward", reward)

	invalid := refer(3)
	c.press(c.li, "referral", invalid, "referral_invalid", `{}`)
	lead = c.get("referral", invalid)["lead"].(string)
	c.press(c.li, "lead", lead, "a06_lead_convert", `{"create_opportunity":false}`)
	sign(c.get("lead", lead)["customer"].(string), 10000)
	c.sees(0, "reward", `referral = '%s'`, invalid)
	c.want("referral", invalid, map[string]string{"status": `"invalid"`})
	c.noFailures()
}

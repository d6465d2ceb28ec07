package templates_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"tenon/engine/access"
)

var (
	han = func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	crude = regexp.MustCompile(`[{}]|\bnil\b|\bnull\b|[0-9a-f]{8}-[0-9a-f]{4}-|\[(客户|customer)\]`)
)

// TestCRM_aCustomersYear walks one customer through the eight stages and a year
// beyond the signature, in both languages. Every stage is reached by what
// people do or by a rule; nobody sets one.
func TestCRM_aCustomersYear(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"zh-CN", "en-US"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			aCustomersYear(t, locale)
		})
	}
}

func aCustomersYear(t *testing.T, locale string) {
	c := newTeamOf(t, newCRMIn(t, locale))
	for i, a := range []*access.Actor{c.li, c.wang, c.boss, c.anna} {
		c.exec(`UPDATE tenon.actor SET name = '%s' WHERE id = '%s' RETURNING id`, []string{"Lee", "Wang", "Head", "Anna"}[i], a.ID)
	}
	cash := c.Grant(c.app, c.Member("Cash"), "finance")
	stage := func(want string) {
		t.Helper()
		c.want("customer", c.one("customer", `name = 'Acme'`), map[string]string{"journey_stage": `"` + want + `"`})
	}

	// Discovery: a lead comes in, is dealt out and visited in time.
	lead := c.make("lead", `{"name":"Acme enquiry","company_name":"Acme","contact_name":"Zoe","mobile":"13800138000","email":"zoe@example.com","budget":200000}`)
	owner := c.li
	if c.get("lead", lead)["owner"] == c.wang.ID {
		owner = c.wang
	}
	c.todo(1, owner, "first_visit", lead)
	c.days(1)
	c.press(owner, "lead", lead, "lead_log_follow", `{"method":"visit","result":"no_answer","summary":"Nobody there, left a card"}`)
	c.todo(0, owner, "first_visit", lead)
	c.press(owner, "lead", lead, "a06_lead_convert", `{"create_opportunity":true}`)
	m := c.get("lead", lead)
	customer, opp := m["customer"].(string), m["opportunity"].(string)
	contact := m["contact"].(string)
	c.set("contact", contact, `{"birthday":"1980-%s"}`, c.day(200)[5:])

	// Need.
	c.makeAs(owner, "need_survey", `{"customer":"%s","opportunity":"%s","status":"submitted","need_strength":5}`, customer, opp)
	stage("need")
	c.days(2)
	// First contact.
	c.press(owner, "opportunity", opp, "opportunity_log_follow", `{"method":"call","result":"positive","summary":"Wants an offer","next_follow_at":"`+c.rfc(72*time.Hour)+`"}`)
	stage("contact")
	c.days(3)
	// Proposal.
	quotation := c.makeAs(owner, "quotation", `{"customer":"%s","opportunity":"%s","lines":[{"product":"%s","qty":1,"price":200000}]}`, customer, opp, c.product())
	c.press(owner, "quotation", quotation, "quotation_send", `{}`)
	stage("proposal")
	c.days(4)
	// Signing.
	c.press(owner, "quotation", quotation, "quotation_accept", `{}`)
	if err := c.Update(owner, c.app, "opportunity", opp, `{"stage":"won"}`); err != nil {
		t.Fatal(err)
	}
	c.Drain()
	stage("signing")
	contract := c.get("opportunity", opp)["contract"].(string)
	c.todo(1, owner, "contract", contract)
	c.Advance(time.Hour, time.Hour)
	c.press(owner, "contract", contract, "contract_sent", `{}`)
	c.todo(0, owner, "contract", contract)
	c.days(1)
	// Delivery.
	c.press(owner, "contract", contract, "contract_sign", `{"sign_date":"`+c.day(0)+`"}`)
	stage("delivery")
	ends := c.get("contract", contract)["end_date"].(string)
	order, project := c.one("sales_order", `contract = '%s'`, contract), c.one("delivery_project", `contract = '%s'`, contract)
	c.press(c.anna, "delivery_project", project, "project_start", `{}`)
	pay := func(period int) {
		t.Helper()
		plan := c.one("payment_plan", `contract = '%s' AND period = %d`, contract, period)
		amount := c.get("payment_plan", plan)["unpaid_amount"]
		payment := c.makeAs(owner, "payment", `{"customer":"%s","plan":"%s","amount":%v}`, customer, plan, amount)
		c.press(cash, "payment", payment, "payment_confirm", `{}`)
		c.want("payment_plan", plan, map[string]string{"status": `"paid"`})
	}
	c.days(5)
	pay(1)
	c.days(10)
	// Repurchase.
	c.press(c.anna, "delivery_project", project, "project_accept", `{"actual_end":"`+c.day(0)+`"}`)
	stage("repurchase")
	c.days(3)
	// The survey after the order scores low, and a ticket follows.
	survey := c.one("survey_response", `"order" = '%s'`, order)
	c.press(c.anna, "survey_response", survey, "survey_record", `{"score":40,"nps":5,"comment":"Late"}`)
	ticket := c.one("ticket", `"order" = '%s'`, order)
	c.press(c.anna, "ticket", ticket, "ticket_start", `{}`)
	c.press(c.anna, "ticket", ticket, "ticket_resolve", `{"solution":"Apologised and sent a spare part"}`)
	c.days(2)
	asked := c.one("survey_response", `ticket = '%s'`, ticket)
	c.press(c.anna, "survey_response", asked, "survey_record", `{"score":90,"nps":9}`)
	alert := c.one("churn_alert", `customer = '%s' AND rule = 'nps_detractor'`, customer)
	c.press(owner, "churn_alert", alert, "alert_recovered", `{"amount":0}`)
	c.press(owner, "customer", customer, "customer_log_follow", `{"method":"call","result":"positive","summary":"All well again"}`)
	c.days(28)
	pay(2)
	if locale == "en-US" && os.Getenv("TENON_TEST_FULL") == "" {
		// The rest of the year in English too takes a minute more.
		c.noFailures()
		c.readable(locale, 40)
		return
	}

	// Thirty silent days: the alarm. Ninety-one: dormant, and woken.
	c.days(4)
	c.sees(1, "churn_alert", `customer = '%s' AND rule = 'inactive_30d' AND status = 'open'`, customer)
	c.want("customer", customer, map[string]string{"clm_status": `"at_risk"`})
	for c.get("customer", customer)["clm_status"] != "dormant" {
		c.days(1)
		if c.Clock.Now().Year() > 2027 {
			t.Fatal("never dormant")
		}
	}
	waking := func(state string) {
		t.Helper()
		c.sees(1, "run", `record_id = '%s' AND rule_id = '%s' AND state = '%s'`, customer, c.ruleID("a18_winback"), state)
	}
	waking("waiting")
	c.sees(1, "reward", `customer = '%s' AND reason = 'winback'`, customer)
	c.days(8)
	second := c.makeAs(owner, "sales_order", `{"customer":"%s","total_amount":5000,"ordered_at":"%s"}`, customer, c.rfc(0))
	waking("cancelled")
	c.want("sales_order", second, map[string]string{"is_repeat": "true"})
	c.want("customer", customer, map[string]string{"lifecycle_stage": `"advocate"`, "retention_stage": `"growth"`})
	c.sees(1, "churn_alert", `customer = '%s' AND rule = 'inactive_30d' AND status = 'recovered'`, customer)
	for c.rows("touch", `customer = '%s' AND scene = 'birthday'`, customer) == 0 {
		c.days(1)
		if c.Clock.Now().Year() > 2027 {
			t.Fatal("no birthday")
		}
	}
	c.sees(1, "touch", `contact = '%s' AND scene = 'birthday' AND status = 'sent'`, contact)

	// Referral: the lead that comes of it signs, and the reward is granted once.
	referral := c.makeAs(owner, "referral", `{"referrer":"%s","referee_name":"Yan","referee_company":"Beta","referee_mobile":"13900139000"}`, customer)
	stage("referral")
	referred := c.get("referral", referral)["lead"].(string)
	c.press(owner, "lead", referred, "a06_lead_convert", `{"create_opportunity":false}`)
	beta := c.make("contract", `{"name":"Beta first order","customer":"%s","amount":60000,"owner":"%s"}`, c.get("lead", referred)["customer"], owner.ID)
	c.press(owner, "contract", beta, "contract_sign", `{"sign_date":"`+c.day(0)+`"}`)
	reward := c.one("reward", `referral = '%s'`, referral)
	c.want("reward", reward, map[string]string{"customer": `"` + customer + `"`, "value": "1200", "status": `"approved"`})
	c.press(c.boss, "reward", reward, "reward_grant", `{}`)
	c.want("referral", referral, map[string]string{"status": `"rewarded"`})

	// The year ends with the renewal reminders, and with the renewal.
	for c.day(0) < ends {
		c.days(1)
	}
	for _, left := range []int{90, 60, 30, 15, 7, 1} {
		say := map[string]string{"zh-CN": fmt.Sprintf("（还有 %d 天）", left), "en-US": fmt.Sprintf("(%d days left)", left)}[locale]
		if left > 60 {
			say = map[string]string{"zh-CN": fmt.Sprintf("%d 天后合同到期", left), "en-US": fmt.Sprintf("ends in %d days", left)}[locale]
		}
		c.sees(1, "notification", `member_id = '%s' AND record_id = '%s' AND title LIKE '%%%s%%'`, owner.ID, contract, say)
	}
	renewal := c.one("opportunity", `renewal_of = '%s'`, contract)
	if err := c.Update(owner, c.app, "opportunity", renewal, `{"stage":"won"}`); err != nil {
		t.Fatal(err)
	}
	c.Drain()
	c.press(owner, "contract", c.get("opportunity", renewal)["contract"].(string), "contract_sign", `{"sign_date":"`+c.day(0)+`"}`)
	c.days(2)
	c.want("contract", contract, map[string]string{"status": `"expired"`, "renewal_status": `"renewed"`})
	c.want("customer", customer, map[string]string{"order_count": "3"})

	// All eight stages, in their order, each from the one before.
	r, err := c.DB.One(t.Context(), `SELECT string_agg(to_stage, ' ' ORDER BY entered_at, created_at) FROM ws_main.crm_stage_log WHERE target_type = 'journey' AND customer = '`+customer+`'`)
	if err != nil {
		t.Fatal(err)
	}
	if got := "discovery " + r.Str(0); !strings.HasPrefix(got, "discovery need contact proposal signing delivery repurchase referral") {
		t.Errorf("stages: %s", got)
	}
	c.sees(0, "stage_log", `from_stage IS NULL AND target_type = 'journey' AND customer = '%s'`, customer)
	c.noFailures()
	c.readable(locale, 100)
}

// readable: what rules have written is in the language of the workspace, and
// nothing of a template or of the machine shows through.
func (c *crm) readable(locale string, least int) {
	c.T.Helper()
	r, err := c.DB.One(c.T.Context(), `SELECT what, s FROM (
		SELECT 'to-do' AS what, title AS s FROM tenon.task UNION SELECT 'to-do', text FROM tenon.task
		UNION SELECT 'notification', title FROM tenon.notification UNION SELECT 'notification', text FROM tenon.notification
		UNION SELECT 'mail', subject FROM tenon.mail UNION SELECT 'mail', body FROM tenon.mail
		UNION SELECT 'message', subject FROM ws_main.crm_touch UNION SELECT 'message', body FROM ws_main.crm_touch
		UNION SELECT 'alert', evidence FROM ws_main.crm_churn_alert UNION SELECT 'ticket', subject FROM ws_main.crm_ticket
		UNION SELECT 'deal', name FROM ws_main.crm_opportunity UNION SELECT 'reason', stage_reason FROM ws_main.crm_customer) x WHERE s <> ''`)
	if err != nil {
		c.T.Fatal(err)
	}
	if len(r.Rows) < least {
		c.T.Errorf("only %d texts", len(r.Rows))
	}
	for _, row := range r.Rows {
		what, s := string(row[0]), string(row[1])
		if locale == "en-US" && han(s) {
			c.T.Errorf("Chinese in an English workspace: %s %q", what, s)
		}
		if crude.MatchString(s) {
			c.T.Errorf("not a text for people: %s %q", what, s)
		}
	}
}

// ruleID is the id of a rule.
func (c *crm) ruleID(key string) string {
	c.T.Helper()
	snap, err := c.Defs.At(c.T.Context(), c.app)
	if err != nil {
		c.T.Fatal(err)
	}
	return snap.Rule(key).Def.ID
}

package templates_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"tenon/engine/access"
	"tenon/engine/cluster/clustertest"
	"tenon/engine/enginetest"
	"tenon/engine/install"
	"tenon/schema"
	"tenon/templates"
	"tenon/workflow/run"
	"tenon/workflow/workflowtest"
)

func TestMain(m *testing.M) { os.Exit(clustertest.Run(m)) }

// crm is the CRM installed with its first records, without sample data.
type crm struct {
	*workflowtest.Kit
	app                  string
	li, wang, boss, anna *access.Actor // two sales, their manager, service
}

func newCRM(t *testing.T) *crm {
	t.Helper()
	return newCRMIn(t, "zh-CN")
}

// newCRMIn is newCRM in a workspace of another language.
func newCRMIn(t *testing.T, locale string) *crm {
	t.Helper()
	k := workflowtest.New(t)
	if _, err := k.DB.One(context.Background(), `UPDATE tenon.workspace SET locale = '`+locale+`' RETURNING id`); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	tpl, err := templates.Open("crm_lifecycle")
	if err != nil {
		t.Fatal(err)
	}
	tpl.Speak(locale)
	seed, err := tpl.Seed(locale)
	if err != nil {
		t.Fatal(err)
	}
	app, err := install.Install(ctx, k.Engine, k.Admin, k.Workspace, tpl.App, seed, install.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := &crm{Kit: k, app: app}
	c.li, c.wang = k.Grant(app, k.Member("李销售"), "sales"), k.Grant(app, k.Member("王销售"), "sales")
	c.boss, c.anna = k.Grant(app, k.Member("张经理"), "sales_manager"), k.Grant(app, k.Member("安客服"), "service")
	t.Cleanup(c.ringOnce)
	return c
}

// ringOnce: whatever happened in the test, nobody was rung twice for one event.
// A to-do announces itself, so a rule that gives somebody one must not notify
// the same person of it too, and neither may another rule about the same record
// that the event sets off on the way: their runs share its chain. Two to-dos
// are two pieces of work and ring twice.
func (c *crm) ringOnce() {
	c.T.Helper()
	r, err := c.DB.One(context.Background(), `SELECT m.name, string_agg(n.kind || ' ' || n.title || ' (' || r.rule_id || ')', ' + ' ORDER BY n.kind, n.title)
		FROM tenon.notification n JOIN tenon.run r ON r.id::text = split_part(n.effect_key, '.', 1) JOIN tenon.member m ON m.id = n.member_id
		WHERE n.kind IN ('task', 'rule') GROUP BY GROUPING SETS ((r.id, n.created_at, n.member_id, m.name), (r.chain, n.record_id, n.created_at, n.member_id, m.name)) HAVING count(*) > 1 AND bool_or(n.kind = 'rule') OR max(n.count) > 1`)
	if err != nil {
		c.T.Fatal(err)
	}
	snap, err := c.Defs.At(context.Background(), c.app)
	if err != nil {
		c.T.Fatal(err)
	}
	var ids []string
	for _, rule := range snap.Rules {
		ids = append(ids, rule.Def.ID, rule.Def.Key)
	}
	keys := strings.NewReplacer(ids...)
	for _, row := range r.Rows {
		c.T.Errorf("%s is rung more than once: %s", row[0], keys.Replace(string(row[1])))
	}
}

func (c *crm) get(entity, id string) map[string]any { return c.Record(c.Admin, c.app, entity, id) }

func (c *crm) want(entity, id string, want map[string]string) {
	c.T.Helper()
	m := c.get(entity, id)
	for k, v := range want {
		if got := enginetest.Show(m, k); got != v {
			c.T.Errorf("%s.%s = %s, want %s", entity, k, got, v)
		}
	}
}

func (c *crm) press(who *access.Actor, entity, id, rule, inputs string) {
	c.T.Helper()
	if _, err := c.X.Button(context.Background(), who, c.app, entity, id, rule, json.RawMessage(inputs)); err != nil {
		c.T.Fatalf("%s: %v", rule, err)
	}
	c.Drain()
}

func (c *crm) count(sql string) int64 {
	c.T.Helper()
	r, err := c.DB.One(context.Background(), sql)
	if err != nil {
		c.T.Fatal(err)
	}
	return r.Int(0)
}

// noFailures: whatever happened, no run of a rule may have failed or been blocked.
func (c *crm) noFailures() {
	c.T.Helper()
	r, err := c.DB.One(context.Background(), `SELECT rule_id, state, error::text, count(*) FROM tenon.run WHERE state IN ('failed', 'blocked') GROUP BY 1, 2, 3`)
	if err != nil {
		c.T.Fatal(err)
	}
	snap, err := c.Defs.At(context.Background(), c.app)
	if err != nil {
		c.T.Fatal(err)
	}
	for _, row := range r.Rows {
		name := string(row[0])
		if rule := snap.Rule(name); rule != nil {
			name = rule.Def.Key
		}
		c.T.Errorf("run of %s %s %s× : %s", name, row[1], row[3], row[2])
	}
}

// TestCRM_missedVisitGoesToThePool: reminder, overdue, and the pool.
func TestCRM_missedVisitGoesToThePool(t *testing.T) {
	t.Parallel()
	c := newCRM(t)
	lead := c.Create(c.Admin, c.app, "lead", `{"name":"无人跟进","mobile":"13900139000"}`)
	c.Drain()
	c.Advance(12*24*time.Hour, 6*time.Hour)
	c.noFailures()
	c.want("lead", lead, map[string]string{"first_follow_overdue": "true", "status": `"pooled"`, "owner": "null"})
	seen := c.Record(c.li, c.app, "lead", lead)
	if got := enginetest.Show(seen, "mobile"); got != `"139****9000"` {
		t.Errorf("mobile in the pool: %s", got)
	}
	c.press(c.wang, "lead", lead, "lead_claim", `{}`)
	c.want("lead", lead, map[string]string{"owner": `"` + c.wang.ID + `"`})
	if got := enginetest.Show(c.Record(c.wang, c.app, "lead", lead), "mobile"); got != `"13900139000"` {
		t.Errorf("mobile after claiming: %s", got)
	}
	c.noFailures()
}

// TestCRM_buttonsStandInOrder: what is done every day comes first, what ends
// something last.
func TestCRM_buttonsStandInOrder(t *testing.T) {
	t.Parallel()
	c := newCRM(t)
	rt, err := c.Engine.Runtime(context.Background(), c.Admin, c.app)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, b := range rt.Buttons {
		at[b.Key] = i + 1
	}
	for _, pair := range [][2]string{{"customer_log_follow", "customer_fix_tier"}, {"customer_reschedule", "customer_lost"}, {"customer_transfer", "customer_lost"}, {"customer_transfer", "customer_return"}, {"ticket_start", "ticket_resolve"},
		{"lead_log_follow", "a06_lead_convert"}, {"lead_reschedule", "lead_invalid"}, {"contract_sign", "contract_terminate"}, {"payment_confirm", "payment_reject"}, {"a48_alert_start", "alert_lost"}} {
		if at[pair[0]] == 0 || at[pair[1]] == 0 || at[pair[0]] > at[pair[1]] {
			t.Errorf("%s is button %d, %s is %d", pair[0], at[pair[0]], pair[1], at[pair[1]])
		}
	}
}

// TestCRM_everyStepBinds: the steps of all rules compile against the app.
func TestCRM_everyStepBinds(t *testing.T) {
	t.Parallel()
	tpl, err := templates.Open("crm_lifecycle")
	if err != nil {
		t.Fatal(err)
	}
	schema.Normalize(tpl.App)
	m, faults := schema.Compile(tpl.App)
	for _, f := range append(faults, run.Check(m)...) {
		t.Error(f)
	}
}

package relay_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"tenon/engine/cluster/clustertest"
	"tenon/engine/enginetest"
	"tenon/engine/record"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/workflow/action"
	"tenon/workflow/queue"
	"tenon/workflow/relay"
	"tenon/workflow/workflowtest"
)

func TestMain(m *testing.M) { os.Exit(clustertest.Run(m)) }

const crm = `{
 "app":{"key":"crm","name":"CRM","params":[{"key":"visit_days","name":"首访","type":"number","value":3}]},
 "entities":[
  {"key":"lead","name":"线索","title":"{name}","fields":[
    {"key":"name","name":"名称","type":"text","required":true},
    {"key":"status","name":"状态","type":"select","options":{"choices":[{"key":"new","label":"新建"},{"key":"assigned","label":"已分配"},{"key":"won","label":"成交"},{"key":"dead","label":"作废"}]},"default":{"value":"new"}},
    {"key":"due","name":"首访期限","type":"datetime"},
    {"key":"birthday","name":"生日","type":"date"},
    {"key":"score","name":"评分","type":"number"},
    {"key":"touches","name":"触达","type":"rollup","options":{"entity":"touch","via":"lead","fn":"count"}},
    {"key":"note","name":"备注","type":"text"}]},
  {"key":"touch","name":"触达","title":"{text}","fields":[
    {"key":"lead","name":"线索","type":"link","options":{"entity":"lead"}},
    {"key":"text","name":"内容","type":"text"}]}],
 "roles":[{"key":"sales","name":"销售","grants":[{"entity":"lead","ops":["create","read","update"],"filter":"owner == me()"}]}],
 "rules":[
  {"key":"assign","name":"自动分配","entity":"lead","trigger":{"type":"created"},"condition":"owner == nil and status == \"new\"","steps":[
    {"id":"s1","type":"assign","options":{"strategy":"round_robin","roles":["sales"]}},
    {"id":"s2","type":"set_fields","options":{"set":{"status":"\"assigned\"","due":"add_hours(now(), setting(\"visit_days\") * 24)"}}},
    {"id":"s3","type":"create_task","options":{"kind":"visit","title":"首访 {name}","assignees":"record.owner","due":"record.due","outcomes":[{"key":"done","label":"已联系"},{"key":"bad","label":"无效","needs_comment":true}]}},
    {"id":"s4","type":"notify","options":{"to":"record.owner","title":"新线索：{name}","text":"请在 {due} 前联系"}}]},
  {"key":"wake","name":"跟进序列","entity":"lead","trigger":{"type":"updated","fields":["status"]},"condition":"changed_to(\"status\", \"assigned\")","steps":[
    {"id":"t1","type":"create_record","options":{"entity":"touch","as":"first","set":{"lead":"record.id","text":"\"欢迎 \" + name"}}},
    {"id":"w1","type":"wait","options":{"for":"7d","cancel_when":"status == \"won\""}},
    {"id":"t2","type":"create_record","options":{"entity":"touch","set":{"lead":"record.id","text":"\"再次 \" + vars.first.text"}}}]},
  {"key":"birthday","name":"生日关怀","entity":"lead","trigger":{"type":"date","field":"birthday","yearly":true,"at":"09:00"},"steps":[
    {"id":"b1","type":"create_record","options":{"entity":"touch","set":{"lead":"record.id","text":"\"生日快乐\""}}}]},
  {"key":"overdue","name":"超时","entity":"lead","trigger":{"type":"date","field":"due","offset":"1d"},"condition":"status == \"assigned\"","steps":[
    {"id":"o1","type":"set_fields","options":{"set":{"note":"\"超时\""}}}]},
  {"key":"weekly","name":"每周清理","entity":"lead","trigger":{"type":"schedule","cron":"0 8 * * 1","each":"status == \"dead\""},"steps":[
    {"id":"z1","type":"loop","options":{"entity":"touch","where":"it.lead == record.id","as":"item"},"steps":[{"id":"z2","type":"update_record","options":{"record":"vars.item","set":{"text":"it.text + \"（作废）\""}}}]}]},
  {"key":"guard","name":"评分检查","entity":"lead","mode":"validate","trigger":{"type":"created_or_updated"},"condition":"score > 100","steps":[{"id":"g1","type":"refuse","options":{"message":{"zh-CN":"评分不能超过 100，现在是 {score}","en-US":"Score is at most 100, not {score}"},"fields":["score"]}}]},
  {"key":"win","name":"成交","entity":"lead","trigger":{"type":"button","label":"成交","inputs":[{"key":"why","name":"原因","type":"text","required":true}]},"condition":"status == \"assigned\"","steps":[
    {"id":"x1","type":"set_fields","options":{"set":{"status":"\"won\"","note":"inputs.why"}}},
    {"id":"x2","type":"message","options":{"text":"恭喜，{name} 成交"}}]},
  {"key":"bad_visit","name":"无效线索","entity":"lead","trigger":{"type":"task_finished","task":"visit","outcome":"bad"},"steps":[
    {"id":"v1","type":"set_fields","options":{"set":{"status":"\"dead\"","note":"trigger.comment"}}}]},
  {"key":"echo","name":"自激","entity":"lead","trigger":{"type":"updated","fields":["score"]},"condition":"score < 0","steps":[{"id":"e1","type":"set_fields","options":{"set":{"score":"score - 1"}}}]}]}`

func count(t *testing.T, k *workflowtest.Kit, sql string) int64 {
	t.Helper()
	r, err := k.DB.One(context.Background(), sql)
	if err != nil {
		t.Fatal(err)
	}
	return r.Int(0)
}

// A rule that checks what is saved looks at the change again: that it is a
// deletion must not be lost on the way.
func TestRules_checkedRecordsAreDeletedAndRestored(t *testing.T) {
	t.Parallel()
	k := workflowtest.New(t)
	app := k.App(crm)
	id := k.Create(k.Admin, app, "lead", `{"name":"线索","score":1}`)
	if err := k.Delete(k.Admin, app, "lead", id); err != nil {
		t.Fatal(err)
	}
	if _, _, err := k.Get(context.Background(), k.Admin, app, "lead", id, nil, nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after it was deleted: %v", err)
	}
	if _, err := k.Write(context.Background(), k.Admin, app, []record.Op{{Kind: "restore", Entity: "lead", ID: id}}, record.Options{}); err != nil {
		t.Fatal(err)
	}
	if m := k.Record(k.Admin, app, "lead", id); enginetest.Show(m, "score") != "1" {
		t.Errorf("after it was restored: %v", m)
	}
}

func TestRules_assignTaskNotifyOnceEach(t *testing.T) {
	t.Parallel()
	k := workflowtest.New(t)
	app := k.App(crm)
	a, b := k.Grant(app, k.Member("甲"), "sales"), k.Grant(app, k.Member("乙"), "sales")
	var owners []string
	for i := range 4 {
		id := k.Create(k.Admin, app, "lead", `{"name":"线索`+string(rune('A'+i))+`"}`)
		k.Drain()
		m := k.Record(k.Admin, app, "lead", id)
		if enginetest.Show(m, "status") != `"assigned"` || enginetest.Show(m, "due") != `"2026-11-25T02:00:00Z"` {
			t.Fatalf("lead: %v", m)
		}
		owners = append(owners, m["owner"].(string))
	}
	if owners[0] == owners[1] || owners[0] != owners[2] || owners[1] != owners[3] || owners[0] != a.ID && owners[0] != b.ID {
		t.Errorf("round robin: %v", owners)
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.task WHERE state = 'open' AND title LIKE '首访 线索%'`); n != 4 {
		t.Errorf("%d tasks", n)
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.notification WHERE kind = 'rule' AND count = 1 AND text = '请在 2026-11-25 10:00 前联系'`); n != 4 {
		t.Errorf("%d notifications", n)
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.run WHERE state = 'failed'`); n != 0 {
		t.Errorf("%d failed runs", n)
	}
}

// TestRules_assignSaysWhenNobodyQualifies: the run goes on, and its log names
// the step as skipped.
func TestRules_assignSaysWhenNobodyQualifies(t *testing.T) {
	t.Parallel()
	k := workflowtest.New(t)
	app := k.App(crm)
	id := k.Create(k.Admin, app, "lead", `{"name":"没人接"}`)
	k.Drain()
	if m := k.Record(k.Admin, app, "lead", id); m["owner"] != nil {
		t.Errorf("lead: %v", m)
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.run_step WHERE type = 'assign' AND state = 'skipped' AND output->>'reason' = 'nobody'`); n != 1 {
		t.Errorf("%d steps say that nobody qualifies", n)
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.run_step WHERE type = 'assign' AND state = 'done'`); n != 0 {
		t.Errorf("%d steps assigned nobody", n)
	}
}

func TestRules_waitResumesAndCancels(t *testing.T) {
	t.Parallel()
	k := workflowtest.New(t)
	app := k.App(crm)
	k.Grant(app, k.Member("甲"), "sales")
	keep := k.Create(k.Admin, app, "lead", `{"name":"甲公司"}`)
	won := k.Create(k.Admin, app, "lead", `{"name":"乙公司"}`)
	k.Drain()
	for _, id := range []string{keep, won} {
		if got := enginetest.Show(k.Record(k.Admin, app, "lead", id), "touches"); got != "1" {
			t.Fatalf("touches %s", got)
		}
	}
	if _, err := k.X.Button(context.Background(), k.Admin, app, "lead", won, "win", json.RawMessage(`{}`)); fault.CodeOf(err) != "record.required" {
		t.Errorf("button without input: %v", err)
	}
	ans, err := k.X.Button(context.Background(), k.Admin, app, "lead", won, "win", json.RawMessage(`{"why":"价格合适"}`))
	if err != nil || ans.Message != "恭喜，乙公司 成交" {
		t.Fatalf("button: %+v %v", ans, err)
	}
	if _, err := k.X.Button(context.Background(), k.Admin, app, "lead", won, "win", json.RawMessage(`{"why":"x"}`)); fault.CodeOf(err) != "button.condition" {
		t.Errorf("button twice: %v", err)
	}
	k.Drain()
	if n := count(t, k, `SELECT count(*) FROM tenon.run WHERE state = 'cancelled'`); n != 1 {
		t.Errorf("cancelled at once: %d", n)
	}
	k.Advance(6*24*time.Hour+23*time.Hour, 24*time.Hour)
	if got := enginetest.Show(k.Record(k.Admin, app, "lead", keep), "touches"); got != "1" {
		t.Errorf("early: %s", got)
	}
	k.Advance(2*time.Hour, time.Hour)
	if got := enginetest.Show(k.Record(k.Admin, app, "lead", keep), "touches"); got != "2" {
		t.Errorf("after a week: %s", got)
	}
	if got := enginetest.Show(k.Record(k.Admin, app, "lead", won), "touches"); got != "1" {
		t.Errorf("won: %s", got)
	}
	if n := count(t, k, `SELECT count(*) FROM ws_main.crm_touch WHERE text = '再次 欢迎 甲公司'`); n != 1 {
		t.Errorf("second touch: %d", n)
	}
	if got := enginetest.Show(k.Record(k.Admin, app, "lead", keep), "note"); got != `"超时"` {
		t.Errorf("overdue by date rule: %s", got)
	}
}

func TestRules_datesSchedulesLoops(t *testing.T) {
	t.Parallel()
	k := workflowtest.New(t)
	app := k.App(crm)
	k.Grant(app, k.Member("甲"), "sales")
	leap := k.Create(k.Admin, app, "lead", `{"name":"闰","birthday":"2024-02-29","status":"dead"}`)
	k.Drain()
	k.Advance(400*24*time.Hour, 12*time.Hour)
	if got := enginetest.Show(k.Record(k.Admin, app, "lead", leap), "touches"); got != "1" {
		t.Errorf("birthday in a common year: %s touches", got)
	}
	if n := count(t, k, `SELECT count(*) FROM ws_main.crm_touch WHERE created_at = '2027-02-28 01:00:00+00' OR created_at BETWEEN '2027-02-28 01:00:00+00' AND '2027-02-28 16:00:00+00'`); n != 1 {
		t.Errorf("birthday day")
	}
	if n := count(t, k, `SELECT count(*) FROM ws_main.crm_touch WHERE text LIKE '生日快乐（作废）（作废）%'`); n != 1 {
		t.Errorf("weekly loop did not repeat")
	}
}

func TestRules_validateTaskLoopGuard(t *testing.T) {
	t.Parallel()
	k := workflowtest.New(t)
	app := k.App(crm)
	k.Grant(app, k.Member("甲"), "sales")
	id := k.Create(k.Admin, app, "lead", `{"name":"丙"}`)
	k.Drain()
	err := k.Update(k.Admin, app, "lead", id, `{"score":101}`)
	if l := fault.Of(err); fault.CodeOf(err) != "action.refused" || l[0].Path != "score" || l[0].Text("zh-CN") != "评分不能超过 100，现在是 101" {
		t.Errorf("validate: %v", err)
	}
	if err := k.Update(k.Admin, app, "lead", id, `{"score":-1}`); err != nil {
		t.Fatal(err)
	}
	k.Drain()
	if n := count(t, k, `SELECT count(*) FROM tenon.run WHERE state = 'blocked'`); n != 1 {
		t.Errorf("loop guard: %d blocked", n)
	}
	if got := enginetest.Show(k.Record(k.Admin, app, "lead", id), "score"); got != "-11" {
		t.Errorf("score %s", got)
	}
	var def schema.Rule
	if err := json.Unmarshal([]byte(`{"key":"try","name":"试","entity":"lead","trigger":{"type":"updated"},"condition":"score < 5 and name contains \"丙\"","steps":[{"id":"a","type":"create_record","options":{"entity":"touch","set":{"lead":"record.id","text":"\"试\""}}},{"id":"b","type":"notify","options":{"to":"record.owner","title":"{name} {score}"}}]}`), &def); err != nil {
		t.Fatal(err)
	}
	res, err := k.X.Rehearse(context.Background(), k.Admin, app, &def, id, map[string]any{"score": json.Number("3")})
	if err != nil || !res.Matched || len(res.Steps) != 2 || len(res.Messages) != 1 || res.Messages[0].Title != "丙 3" {
		t.Fatalf("rehearsal: %+v %v", res, err)
	}
	if got := enginetest.Show(k.Record(k.Admin, app, "lead", id), "score"); got != "-11" {
		t.Errorf("rehearsal left a trace: %s", got)
	}
}

func TestRules_bulkIsOneRun(t *testing.T) {
	t.Parallel()
	k := workflowtest.New(t)
	app := k.App(crm)
	for _, n := range []string{"甲", "乙", "丙"} {
		k.Grant(app, k.Member(n), "sales")
	}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var ops []record.Op
			for i := range 75 {
				ops = append(ops, record.Op{Kind: "create", Entity: "lead", Values: map[string]any{"name": string(rune('a'+w)) + string(rune('0'+i%10))}})
			}
			if _, err := k.Write(context.Background(), k.Admin, app, ops, record.Options{}); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	if n := count(t, k, `SELECT count(*) FROM tenon.run`); n != 4 {
		t.Errorf("%d runs", n)
	}
	k.Drain()
	r, err := k.DB.One(context.Background(), `SELECT string_agg(c::text, ',') FROM (SELECT count(*) c FROM ws_main.crm_lead GROUP BY owner) x`)
	if err != nil || r.Str(0) != "100,100,100" {
		t.Errorf("shares: %s %v", r.Str(0), err)
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.task`); n != 300 {
		t.Errorf("%d tasks", n)
	}
}

// What a step writes may go out with what comes after it: the log still says
// which step the database refused.
func TestRules_knowWhichStepWasRefused(t *testing.T) {
	t.Parallel()
	k := workflowtest.New(t)
	const step = `{"id":"%s","type":"create_record","options":{"entity":"code","set":{"code":"%s"}}}`
	rule := func(key, steps string) string {
		return `{"key":"` + key + `","name":"` + key + `","entity":"order","trigger":{"type":"created"},"condition":"kind == \"` + key + `\"","steps":[` + steps + `]}`
	}
	app := k.App(`{"app":{"key":"codes","name":"编号"},
 "entities":[{"key":"order","name":"订单","title":"{kind}","fields":[{"key":"kind","name":"类","type":"text"}]},
  {"key":"code","name":"编号","title":"{code}","fields":[{"key":"code","name":"编号","type":"text","unique":true}]}],
 "rules":[` + rule("last", fmt.Sprintf(step, "one", "kind")+","+fmt.Sprintf(step, "two", "'taken'")) + `,` +
		rule("first", fmt.Sprintf(step, "one", "'taken'")+","+fmt.Sprintf(step, "two", "kind")) + `]}`)
	k.Create(k.Admin, app, "code", `{"code":"taken"}`)
	for kind, want := range map[string]string{"last": "two", "first": "one"} {
		id := k.Create(k.Admin, app, "order", `{"kind":"`+kind+`"}`)
		k.Drain()
		r, err := k.DB.One(context.Background(), `SELECT r.state, s.path, s.error::text FROM tenon.run r JOIN tenon.run_step s ON s.run_id = r.id AND s.state = 'failed' WHERE r.record_id = '`+id+`'`)
		if err != nil || r.Str(0) != "failed" || r.Str(1) != want || !strings.Contains(r.Str(2), "record.unique") {
			t.Errorf("%s: %q at %q, %s %v", kind, r.Str(0), r.Str(1), r.Str(2), err)
		}
	}
	if n := count(t, k, `SELECT count(*) FROM ws_main.codes_code`); n != 1 {
		t.Errorf("%d codes, so a failed run has left something", n)
	}
}

// A transport that has lost all its messages does not keep the relay from
// sending more: what it holds is asked of it.
func TestPump_outlivesItsTransport(t *testing.T) {
	t.Parallel()
	k := workflowtest.New(t)
	app := k.App(crm)
	k.Grant(app, k.Member("甲"), "sales")
	for i := range 2 * relay.Window {
		k.Create(k.Admin, app, "lead", fmt.Sprintf(`{"name":"%d"}`, i))
	}
	ctx := t.Context()
	r := relay.New(k.Engine, nil, k.X, 1)
	for lost := range 2 {
		var err error
		if r.Q, err = queue.Open(ctx, ""); err != nil {
			t.Fatal(err)
		}
		defer r.Q.Close()
		for range 2 {
			if err := r.Pump(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := r.Q.Waiting(ctx); err != nil || n != relay.Window {
			t.Fatalf("transport %d: %d runs wait in it, %v", lost, n, err)
		}
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.run WHERE state = 'queued'`); n != 2*relay.Window {
		t.Errorf("%d runs queued", n)
	}
}

const failing = `{
 "app":{"key":"shop","name":"Shop"},
 "entities":[{"key":"order","name":"订单","title":"{name}","fields":[
    {"key":"name","name":"名称","type":"text"},
    {"key":"state","name":"状态","type":"text"},
    {"key":"total","name":"总额","type":"number"},
    {"key":"price","name":"单价","type":"number","options":{"max":1000}}]}],
 "rules":[
  {"key":"unsure","name":"条件出错","entity":"order","trigger":{"type":"created"},"condition":"state == \"condition\" and POWER(total, 60) > 1","steps":[
    {"id":"s1","type":"set_fields","options":{"set":{"name":"\"ran\""}}}]},
  {"key":"along","name":"随保存出错","mode":"sync","entity":"order","trigger":{"type":"created"},"condition":"state == \"sync\" and POWER(total, 60) > 1","steps":[
    {"id":"s1","type":"set_fields","options":{"set":{"name":"\"ran\""}}}]},
  {"key":"formula","name":"公式出错","entity":"order","trigger":{"type":"created"},"condition":"state == \"formula\"","steps":[
    {"id":"s1","type":"set_fields","options":{"set":{"name":"\"ran\"","price":"POWER(total, 60)"}}}]},
  {"key":"refused","name":"被拒绝","entity":"order","trigger":{"type":"created"},"condition":"state == \"refused\"","steps":[
    {"id":"s1","type":"set_fields","options":{"set":{"price":"total * 2"}}}]},
  {"key":"call","name":"外部","entity":"order","trigger":{"type":"created"},"condition":"state == \"call\"","steps":[
    {"id":"s1","type":"http_request","options":{"method":"POST","url":"https://example.com/in?key=1"}}]}]}`

// A failing run says which step, why, and with which values; a condition that
// cannot be computed does not count as one that holds.
func TestRules_failuresSayStepReasonAndValues(t *testing.T) {
	t.Parallel()
	k := workflowtest.New(t)
	k.Respond = func(*action.Request) (*action.Response, error) {
		return nil, fault.Define(fault.Invalid, "test.call", "不行", "no").New()
	}
	app := k.App(failing)
	for _, x := range []struct{ state, step, code, input string }{
		{"condition", "guard", "expr.overflow", `"text": "total", "value": 123456`},
		{"sync", "guard", "expr.overflow", `"text": "total", "value": 123456`},
		{"formula", "s1", "expr.overflow", `"text": "total", "value": 123456`},
		{"refused", "s1", "field.number.max", `{"values": {"price": 246912}}`},
		{"call", "s1", "test.call", `{"url": "https://example.com/in", "method": "POST"}`},
	} {
		id := k.Create(k.Admin, app, "order", `{"name":"N","state":"`+x.state+`","total":123456}`)
		k.Drain()
		if m := k.Record(k.Admin, app, "order", id); enginetest.Show(m, "name") != `"N"` {
			t.Errorf("%s: the rule ran: %v", x.state, m)
		}
		r, err := k.DB.One(context.Background(), `SELECT s.path, s.error->0->>'code', s.input::text FROM tenon.run r JOIN tenon.run_step s ON s.run_id = r.id AND s.state = 'failed' WHERE r.state = 'failed' AND r.record_id = '`+id+`'`)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Rows) != 1 {
			t.Errorf("%s: %d failed steps", x.state, len(r.Rows))
			continue
		}
		if r.Str(0) != x.step || r.Str(1) != x.code || !strings.Contains(r.Str(2), x.input) {
			t.Errorf("%s: step %s, code %s, input %s", x.state, r.Str(0), r.Str(1), r.Str(2))
		}
	}
}

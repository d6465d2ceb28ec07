package api_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	. "tenon/api/apitest"
	"tenon/engine/desk"
)

func TestTasks_areGivenAndDone(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	k.Join("ed")
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: customers, Body: `{"name":"云图","owner":"{{li}}"}`, Status: 201, Save: map[string]string{"c": "id"}},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/tasks", Body: `{"app":"{{shop}}","entity":"customer","record_id":"{{c}}","title":"审核","kind":"review","assignees":["{{li}}","{{ed}}"],"due":"2026-11-23T00:00:00Z","priority":"high",
			"outcomes":[{"key":"yes","label":"同意"},{"key":"no","label":"驳回","needs_comment":true}]}`, Status: 201, Want: `{"record_title":"云图","assignees":[{},{}]}`, Save: map[string]string{"t": "id"}},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/tasks", Body: `{"app":"{{shop}}","title":"","assignees":["{{li}}"]}`, Status: 422},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/tasks", Body: `{"app":"{{shop}}","title":"x","assignees":["{{c}}"]}`, Status: 422},
		Scenario{As: "li", URL: "/api/v1/bootstrap", Want: `{"tasks":1,"unread":1}`},
		Scenario{As: "li", URL: "/api/v1/tasks?tab=todo", Want: `{"items":[{"id":"{{t}}","title":"审核","record_title":"云图","overdue":false,"outcomes":[{"key":"yes"},{"key":"no","needs_comment":true}]}]}`},
		Scenario{Name: "a record that one may not see shows no title", As: "ed", URL: "/api/v1/tasks", Want: `{"items":[{"id":"{{t}}","record_title":null}]}`},
		Scenario{As: "admin", URL: "/api/v1/tasks?tab=created", Want: `{"items":[{"id":"{{t}}"}]}`},
		Scenario{As: "admin", URL: customers + "/{{c}}/tasks", Want: `{"items":[{"id":"{{t}}"}]}`},
		Scenario{As: "li", URL: "/api/v1/tasks?tab=nope", Status: 422},
		Scenario{Name: "not yours", As: "admin", Method: "POST", URL: "/api/v1/tasks/{{t}}/complete", Body: `{"outcome":"yes"}`, Status: 404},
		Scenario{As: "li", Method: "POST", URL: "/api/v1/tasks/{{t}}/complete", Body: `{"outcome":"perhaps"}`, Status: 422, Code: "task.outcome"},
		Scenario{As: "li", Method: "POST", URL: "/api/v1/tasks/{{t}}/complete", Body: `{"outcome":"no"}`, Status: 422, Code: "task.comment"},
		Scenario{As: "li", Method: "POST", URL: "/api/v1/tasks/{{t}}/complete", Body: `{"outcome":"yes"}`, Want: `{"state":"done","outcome":"yes"}`},
		Scenario{Name: "the first decides", As: "ed", Method: "POST", URL: "/api/v1/tasks/{{t}}/complete", Body: `{"outcome":"yes"}`, Status: 409, Code: "task.closed"},
		Scenario{As: "li", URL: "/api/v1/tasks?tab=done", Want: `{"items":[{"id":"{{t}}","completed_by":{"id":"{{li}}","name":"li"}}]}`},
		Scenario{As: "li", URL: "/api/v1/tasks/{{t}}", Want: `{"state":"done"}`},
	)
	k.Drain()
	k.Run(t,
		Scenario{Name: "a rule went on", As: "admin", URL: customers + "/{{c}}", Want: `{"level":"a"}`},
		Scenario{As: "admin", URL: "/api/v1/apps/{{shop}}/runs?rule=agreed", Want: `{"items":[{"state":"done","rule_name":"同意后升级"}]}`, Save: map[string]string{"run": "items.0.id"}},
		Scenario{As: "admin", URL: "/api/v1/runs/{{run}}", Want: `{"steps":["…"]}`},
		Scenario{As: "li", URL: "/api/v1/runs/{{run}}", Status: 404},
		Scenario{Name: "nothing to retry", As: "admin", Method: "POST", URL: "/api/v1/runs/{{run}}/retry", Status: 409},
		Scenario{Name: "nothing to cancel", As: "admin", Method: "POST", URL: "/api/v1/runs/{{run}}/cancel", Status: 409},
	)
}

func TestRules_arePressedRehearsedAndSwitched(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	k.Key("robot", `[{"app":"`+k.Vars["shop"]+`","ops":["create"]}]`)
	k.Key("reader", `[{"app":"`+k.Vars["shop"]+`","ops":["read"]}]`)
	k.Run(t,
		Scenario{As: "li", Method: "POST", URL: customers, Body: `{"name":"云图","owner":"{{li}}"}`, Status: 201, Save: map[string]string{"c": "id"}},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/rules/dry-run", Body: `{"record_id":"{{c}}","rule":{"id":"rul_x","key":"x","name":"x","entity":"customer","trigger":{"type":"updated"},"condition":"level == \"b\"","steps":[{"id":"s1","type":"set_fields","options":{"set":{"level":"\"a\""}}}]}}`,
			Want: `{"matched":true,"diffs":[{"entity":"customer","after":{"level":"a"}}]}`},
		Scenario{Name: "it says who, not which id", As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/rules/dry-run", Body: `{"record_id":"{{c}}","rule":{"id":"rul_x","key":"x","name":"x","entity":"customer","trigger":{"type":"updated"},"condition":"owner != me()","steps":[{"id":"s1","type":"set_fields","options":{"set":{"owner":"me()"}}}]}}`,
			Want: `{"matched":true,"diffs":[{"after":{"owner":"{{admin}}"}}],"_names":{"{{li}}":"li","{{admin}}":"管理员"}}`},
		Scenario{Name: "nothing happened", As: "li", URL: customers + "/{{c}}", Want: `{"level":"b"}`},
		Scenario{As: "li", Method: "POST", URL: customers + "/{{c}}/buttons/promote", Body: `{"inputs":{}}`, Want: `{"message":"已升级 云图","record":{"level":"a"}}`},
		Scenario{As: "li", Method: "POST", URL: customers + "/{{c}}/buttons/nope", Body: `{}`, Status: 404},
		Scenario{As: "admin", Method: "PATCH", URL: "/api/v1/apps/{{shop}}/rules/promote", Body: `{"enabled":false}`, Status: 204},
		Scenario{Name: "told so", As: "admin", URL: "/api/v1/apps/{{shop}}/rules", Want: `{"items":[{"key":"promote","enabled":false,"runs":1,"failed":0,"last_run":"*"},"…"]}`},
		Scenario{As: "li", URL: "/api/v1/apps/{{shop}}/rules", Status: 403},
		Scenario{Name: "switched off", As: "li", Method: "POST", URL: customers + "/{{c}}/buttons/promote", Body: `{}`, Status: 404},
		Scenario{As: "li", Method: "PATCH", URL: "/api/v1/apps/{{shop}}/rules/promote", Body: `{"enabled":true}`, Status: 403},
		Scenario{Name: "a hook is not open", Method: "POST", URL: "/api/v1/hooks/{{shop}}/came", Body: `{}`, Status: 401},
		Scenario{Name: "a key without the right", As: "reader", Method: "POST", URL: "/api/v1/hooks/{{shop}}/came", Body: `{}`, Status: 403},
		Scenario{As: "robot", Method: "POST", URL: "/api/v1/hooks/{{shop}}/came", Headers: map[string]string{"Webhook-Id": "m1"}, Body: `{"a":1}`, Status: 202, Want: `{"run":"*"}`},
		Scenario{Name: "repeated", As: "robot", Method: "POST", URL: "/api/v1/hooks/{{shop}}/came", Headers: map[string]string{"Webhook-Id": "m1"}, Body: `{"a":1}`, Status: 202},
		Scenario{Method: "POST", As: "admin", URL: "/api/v1/hooks/{{shop}}/promote", Body: `{}`, Status: 404},
		Scenario{As: "admin", Method: "PUT", URL: "/api/v1/workspaces/{{ws}}/secrets/hook", Body: `{"secret":"open sesame"}`, Status: 204},
		Scenario{Name: "with the rule's secret", Method: "POST", URL: "/api/v1/hooks/{{shop}}/came", Headers: map[string]string{"Authorization": "Bearer open sesame"}, Body: `{}`, Status: 202},
	)
	k.Drain()
	k.Do(Scenario{As: "admin", URL: customers + "?filter=name+%3D%3D+%22%E6%8E%A8%E9%80%81%22&count=exact", Want: `{"count":2}`})
}

func TestDashboards_followRights(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	const at = "/api/v1/apps/{{shop}}/dashboards/board/widgets"
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: customers + "/batch", Body: `{"ops":[{"op":"create","values":{"name":"甲","level":"a","owner":"{{li}}"}},{"op":"create","values":{"name":"乙"}},{"op":"create","values":{"name":"丙"}}]}`},
		Scenario{As: "admin", Method: "POST", URL: at + "/w1/data", Body: `{}`, Want: `{"rows":[{"m0":3}],"goal":1000}`},
		Scenario{As: "li", Method: "POST", URL: at + "/w1/data", Body: `{}`, Want: `{"rows":[{"m0":1}]}`},
		Scenario{As: "admin", Method: "POST", URL: at + "/w1/data", Body: `{"filters":{"f1":["b"]}}`, Want: `{"rows":[{"m0":2}]}`},
		Scenario{As: "admin", Method: "POST", URL: at + "/w2/data", Body: `{}`, Want: `{"queries":{"main":{"groups":[{"as":"g0","field":"level"}],"measures":[{"as":"m0","fn":"count"}]}},"rows":[{},{}]}`},
		Scenario{As: "li", Method: "POST", URL: at + "/w3/data", Body: `{}`, Want: `{"source":"records","rows":[{"name":"甲"}]}`},
		Scenario{As: "li", Method: "POST", URL: at + "/w4/data", Body: `{}`, Want: `{"source":"tasks"}`},
		Scenario{As: "li", Method: "POST", URL: at + "/nope/data", Body: `{}`, Status: 404},
	)
}

func TestShares_showAndTakeNoMore(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	const at = "/api/v1/apps/{{shop}}/shares"
	body, kind := upload("a.txt", "hello")
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: customers, Body: `{"name":"云图","code":"SECRET","phone":"13800138000"}`, Status: 201, Save: map[string]string{"c": "id"}},
		Scenario{As: "admin", Method: "POST", URL: at, Body: `{"kind":"form","target":"default","password":"sesame","quota":2}`, Status: 201, Want: `{"password":true,"quota":2,"url":"*"}`, Save: map[string]string{"form": "token", "id": "id"}},
		Scenario{As: "admin", Method: "POST", URL: at, Body: `{"kind":"form","target":"nope"}`, Status: 422},
		Scenario{Name: "the password", URL: "/api/v1/public/{{form}}", Status: 401, Code: "share.password"},
		Scenario{URL: "/api/v1/public/{{form}}", Headers: map[string]string{"X-Share-Password": "sesame"}, Want: `{"kind":"form","workspace":"Acme","entity":{"ops":["create"],"fields":[{"key":"name"},{"key":"phone"},{"key":"paper"}]}}`, Absent: []string{"SECRET", "order_amount", "level"}},
		Scenario{Name: "a field that is not in the form", Method: "POST", URL: "/api/v1/public/{{form}}/records", Headers: map[string]string{"X-Share-Password": "sesame"}, Body: `{"name":"x","level":"a"}`, Status: 422, Code: "request.unknown"},
		Scenario{Name: "nor an owner", Method: "POST", URL: "/api/v1/public/{{form}}/records", Headers: map[string]string{"X-Share-Password": "sesame"}, Body: `{"name":"x","owner":"{{admin}}"}`, Status: 422},
		Scenario{Method: "POST", URL: "/api/v1/public/{{form}}/files", Type: kind, Body: body, Headers: map[string]string{"X-Share-Password": "sesame"}, Status: 201, Save: map[string]string{"f": "id"}},
		Scenario{Method: "POST", URL: "/api/v1/public/{{form}}/records", Headers: map[string]string{"X-Share-Password": "sesame", "Idempotency-Key": "k1"}, Body: `{"name":"访客","paper":[{"id":"{{f}}"}]}`, Status: 201, Want: `{"thanks":{"zh-CN":"谢谢"}}`},
		Scenario{Name: "repeated", Method: "POST", URL: "/api/v1/public/{{form}}/records", Headers: map[string]string{"X-Share-Password": "sesame", "Idempotency-Key": "k1"}, Body: `{"name":"访客","paper":[{"id":"{{f}}"}]}`, Status: 201},
		Scenario{Method: "POST", URL: "/api/v1/public/{{form}}/records", Headers: map[string]string{"X-Share-Password": "sesame"}, Body: `{"name":"访客2"}`, Status: 201},
		Scenario{Name: "used up", Method: "POST", URL: "/api/v1/public/{{form}}/records", Headers: map[string]string{"X-Share-Password": "sesame"}, Body: `{"name":"访客3"}`, Status: 429, Code: "share.used_up"},
		Scenario{As: "admin", URL: customers + "?count=exact&filter=name+startsWith+%22%E8%AE%BF%E5%AE%A2%22", Want: `{"count":2}`},
		Scenario{As: "admin", URL: at, Want: `{"items":[{"used":2}]}`},
		Scenario{As: "admin", Method: "PATCH", URL: at + "/{{id}}", Body: `{"enabled":false,"password":null}`, Want: `{"enabled":false,"password":false}`},
		Scenario{Name: "closed", URL: "/api/v1/public/{{form}}", Status: 404, Code: "share.not_found"},
		Scenario{As: "admin", Method: "DELETE", URL: at + "/{{id}}", Status: 204},

		Scenario{As: "admin", Method: "POST", URL: at, Body: `{"kind":"view","target":"all"}`, Status: 201, Save: map[string]string{"view": "token"}},
		Scenario{URL: "/api/v1/public/{{view}}", Want: `{"kind":"view","records":{"records":["…"]},"entity":{"fields":[{"key":"name"},{"key":"level"}]}}`, Absent: []string{"SECRET", "13800138000"}},
		Scenario{Name: "a view takes nothing", Method: "POST", URL: "/api/v1/public/{{view}}/records", Body: `{"name":"x"}`, Status: 404},
		Scenario{As: "admin", Method: "POST", URL: at, Body: `{"kind":"record","target":"customer","record":"{{c}}"}`, Status: 422},
		Scenario{As: "admin", Method: "POST", URL: at, Body: `{"kind":"record","target":"customer","record":"{{c}}","fields":["name"],"once":true,"until":"2026-11-23T00:00:00Z"}`, Status: 201, Save: map[string]string{"rec": "token"}},
		Scenario{URL: "/api/v1/public/{{rec}}", Want: `{"record":{"name":"云图"}}`, Absent: []string{"SECRET", "13800138000"}},
		Scenario{Name: "once", URL: "/api/v1/public/{{rec}}", Status: 429},
		Scenario{URL: "/api/v1/public/nothing", Status: 404},
	)
}

func TestWebhooks_areAdministered(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	const at = "/api/v1/workspaces/{{ws}}/webhooks"
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: at, Body: `{"app":"{{shop}}","entity":"customer","events":["record.created"],"url":"https://example.com/in"}`, Status: 201, Want: `{"secret":"*","enabled":true}`, Save: map[string]string{"h": "id"}},
		Scenario{As: "admin", Method: "POST", URL: at, Body: `{"app":"{{shop}}","events":["record.flown"],"url":"https://example.com/in"}`, Status: 422},
		Scenario{As: "admin", Method: "POST", URL: at, Body: `{"app":"{{shop}}","url":"ftp://example.com/in"}`, Status: 422},
		Scenario{As: "admin", URL: at, Want: `{"items":[{"id":"{{h}}"}]}`, Absent: []string{"whsec_"}},
		Scenario{As: "admin", Method: "PATCH", URL: at + "/{{h}}", Body: `{"entity":null,"enabled":false}`, Want: `{"entity":null,"enabled":false}`},
		Scenario{As: "admin", URL: at + "/{{h}}/deliveries", Want: `{"items":[]}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/workspaces/{{ws}}/deliveries/{{h}}/resend", Status: 404},
		Scenario{As: "admin", Method: "DELETE", URL: at + "/{{h}}", Status: 204},
	)
}

func TestJobs_areFollowed(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.Join("li")
	j, err := k.Desk.AddJob(t.Context(), k.Vars["ws"], "", "test", k.Vars["admin"], map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	k.Vars["j"] = j.ID
	k.Run(t,
		Scenario{As: "admin", URL: "/api/v1/jobs/{{j}}", Want: `{"state":"queued","progress":0}`},
		Scenario{As: "li", URL: "/api/v1/jobs/{{j}}", Status: 404},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/jobs/{{j}}/cancel", Want: `{"state":"cancelled"}`},
	)
}

func TestEvents_reachThoseWhoMaySee(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go k.Server.Run(ctx)
	k.Do(Scenario{As: "li", URL: "/api/v1/events?app=nope", Status: 404})
	server := httptest.NewServer(k.Server.Handler())
	defer server.Close()
	defer stop()
	lines := make(chan string, 100)
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/api/v1/events?app="+k.Vars["shop"], nil)
	if err != nil {
		t.Fatal(err)
	}
	k.Sign(r, "li")
	res, err := http.DefaultClient.Do(r)
	if err != nil || res.StatusCode != 200 {
		t.Fatal(err, res)
	}
	defer res.Body.Close()
	go func() {
		for s := bufio.NewScanner(res.Body); s.Scan(); {
			lines <- s.Text()
		}
	}()
	expect := func(want string) string {
		t.Helper()
		for limit := time.After(60 * time.Second); ; {
			select {
			case l := <-lines:
				if strings.Contains(l, "别人") || strings.Contains(l, k.Vars["other"]+`"`) && k.Vars["other"] != "" {
					t.Fatalf("told of what is not to be seen: %s", l)
				}
				if strings.Contains(l, want) {
					return l
				}
			case <-limit:
				t.Fatalf("no %s", want)
			}
		}
	}
	expect("retry:")
	k.Do(Scenario{As: "admin", Method: "POST", URL: customers, Body: `{"name":"别人的"}`, Status: 201, Save: map[string]string{"other": "id"}})
	k.Do(Scenario{As: "admin", Method: "POST", URL: customers, Body: `{"name":"李的","owner":"{{li}}"}`, Status: 201, Save: map[string]string{"mine": "id"}})
	if err := k.DB.Notify(t.Context(), desk.FeedChannel, "ws_acme"); err != nil {
		t.Fatal(err)
	}
	expect(k.Vars["mine"])
	k.Do(Scenario{As: "admin", Method: "PATCH", URL: customers + "/{{mine}}", Body: `{"owner":"{{admin}}"}`})
	k.Server.Changed("ws_acme")
	if l := expect(k.Vars["mine"]); !strings.Contains(l, `"gone"`) {
		t.Fatalf("a record that left: %s", l)
	}
	k.Do(Scenario{As: "admin", Method: "POST", URL: "/api/v1/tasks", Body: `{"app":"{{shop}}","title":"看","assignees":["{{li}}"]}`, Status: 201})
	expect("event: task")
	expect("event: notification")
	// What a rule gives is told as well.
	k.Define("shop", strings.Replace(shop, `"rules":[`, `"rules":[{"key":"told","name":"告知","entity":"customer","trigger":{"type":"updated","fields":["level"]},"steps":[
	  {"id":"s1","type":"create_task","options":{"kind":"call","title":"打电话","assignees":"owner"}},{"id":"s2","type":"notify","options":{"to":"owner","title":"级别变了"}}]},`, 1))
	k.Do(Scenario{As: "admin", Method: "PATCH", URL: customers + "/{{mine}}", Body: `{"owner":"{{li}}","level":"a"}`})
	k.Drain()
	expect("event: task")
	expect("event: notification")
}

// TestAPI_aColleagueWasFaster: a button on a record that has just left the
// caller's rows says why; who never saw the record finds none.
func TestAPI_aColleagueWasFaster(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", strings.Replace(shop, `"rules":[`, `"rules":[{"key":"take","name":"领取","entity":"customer","trigger":{"type":"button","label":"领取"},"steps":[
		{"id":"t1","type":"refuse","when":"owner != me()","options":{"message":{"zh-CN":"已由{owner}领取","en-US":"Taken by {owner}"}}},
		{"id":"t2","type":"set_fields","options":{"set":{"level":"\"a\""}}}]},`, 1))
	k.Join("li", "shop:sales")
	k.Join("wang", "shop:sales")
	k.Join("zhao", "shop:sales")
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: customers, Body: `{"name":"云图","owner":"{{li}}"}`, Status: 201, Save: map[string]string{"c": "id"}},
		Scenario{As: "admin", Method: "PATCH", URL: customers + "/{{c}}", Headers: map[string]string{"If-Match": "*"}, Body: `{"owner":"{{wang}}"}`},
		Scenario{Name: "seen until now", As: "li", Method: "POST", URL: customers + "/{{c}}/buttons/take", Body: `{"inputs":{}}`, Status: 409, Code: "action.declined", Want: `{"detail":"Taken by wang"}`},
		Scenario{Name: "which would work", As: "li", Method: "POST", URL: customers + "/{{c}}/buttons/promote", Body: `{"inputs":{}}`, Status: 404},
		Scenario{Name: "never seen", As: "zhao", Method: "POST", URL: customers + "/{{c}}/buttons/take", Body: `{"inputs":{}}`, Status: 404},
		Scenario{Name: "nothing happened", As: "wang", URL: customers + "/{{c}}", Want: `{"level":"b"}`},
		Scenario{Name: "the owner", As: "wang", Method: "POST", URL: customers + "/{{c}}/buttons/take", Body: `{"inputs":{}}`, Want: `{"record":{"level":"a"}}`},
	)
}

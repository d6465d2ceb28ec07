package api_test

import (
	"strings"
	"testing"

	. "tenon/api/apitest"
)

func TestDraft_isEditedAndPublished(t *testing.T) {
	t.Parallel()
	k := New(t)
	const ws = "/api/v1/workspaces/{{ws}}"
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: ws + "/apps", Body: `{"name":{"zh-CN":"客户管理","en-US":"CRM"},"icon":"users","hue":"blue"}`, Status: 201, Want: `{"key":"crm","version":0,"role":{"admin":true}}`, Save: map[string]string{"app": "id"}},
		Scenario{Name: "the key is taken", As: "admin", Method: "POST", URL: ws + "/apps", Body: `{"key":"crm","name":"x"}`, Status: 409},
		Scenario{As: "admin", URL: "/api/v1/apps/{{app}}/draft", Want: `{"docs":[{"kind":"app"}]}`},
		Scenario{As: "admin", Method: "PUT", URL: "/api/v1/apps/{{app}}/draft/ent_a?kind=entity", Headers: map[string]string{"If-Match": "*"},
			Body: `{"key":"customer","name":"客户","title":"{name}","fields":[{"key":"name","name":"名称","type":"text"},{"key":"age","name":"年龄","type":"nope"}]}`, Want: `{"rev":1,"faults":["…"]}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/draft/check", Body: `{}`, Want: `{"faults":[{"path":"*","code":"*","message":"*"}]}`},
		Scenario{Name: "a shape that is refused", As: "admin", Method: "PUT", URL: "/api/v1/apps/{{app}}/draft/ent_a?kind=entity", Headers: map[string]string{"If-Match": "*"}, Body: `{"keyy":"x"}`, Status: 422},
		Scenario{Name: "a stale revision", As: "admin", Method: "PUT", URL: "/api/v1/apps/{{app}}/draft/ent_a?kind=entity", Headers: map[string]string{"If-Match": `"7"`},
			Body: `{"key":"customer","name":"客户","title":"{name}","fields":[]}`, Status: 412, Code: "draft.changed"},
		Scenario{As: "admin", Method: "PUT", URL: "/api/v1/apps/{{app}}/draft/ent_a", Headers: map[string]string{"If-Match": `"1"`},
			Body: `{"key":"customer","name":"客户","title":"{name}","fields":[{"key":"name","name":"名称","type":"text"}]}`, Want: `{"rev":2,"faults":[]}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/publish/plan", Body: `{}`, Want: `{"faults":[],"hash":"*","changes":["…"],"sql_actions":["…"]}`, Save: map[string]string{"hash": "hash"}},
		Scenario{Name: "another plan", As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/publish", Body: `{"hash":"000"}`, Status: 409},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/publish", Body: `{"hash":"{{hash}}","note":"first"}`, Want: `{"version":1}`},
		Scenario{Name: "nothing more", As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/publish", Body: `{}`, Status: 422, Code: "publish.nothing"},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/quick-field", Body: `{"entity":"customer","field":{"key":"level","name":"级别","type":"text"}}`, Want: `{"version":2}`},
		Scenario{Name: "a wrong quick field leaves no trace", As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/quick-field", Body: `{"entity":"customer","field":{"key":"level","name":"again","type":"text"}}`, Status: 422},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/draft/check", Body: `{}`, Want: `{"faults":[]}`},
		Scenario{As: "admin", URL: "/api/v1/apps/{{app}}/versions", Want: `{"items":[{"version":2,"published":true},{"version":1,"note":"first"}]}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/versions/1/restore", Status: 204},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/publish", Body: `{}`, Want: `{"version":3}`},
		Scenario{Name: "what was removed is kept", As: "admin", URL: "/api/v1/apps/{{app}}/retired", Want: `{"items":[{"field":{"key":"level"}}]}`, Save: map[string]string{"gone": "items.0.id"}},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/retired/{{gone}}/restore", Want: `{"doc":"ent_a","faults":[]}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/publish", Body: `{}`, Want: `{"version":4}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/draft/order", Body: `{"kind":"entity","ids":["ent_a"]}`, Status: 204},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{app}}/draft/discard", Body: `{}`, Status: 204},
		Scenario{As: "admin", Method: "DELETE", URL: "/api/v1/apps/{{app}}/draft/ent_a", Status: 204},
		Scenario{As: "admin", URL: ws + "/apps", Want: `{"items":[{"key":"crm","draft_changes":1,"version":4}]}`},
		Scenario{As: "admin", URL: "/api/v1/apps/{{app}}/openapi.json", Want: `{"openapi":"3.1.0","components":{"schemas":{"customer":{"properties":{"name":{"title":"名称"}}}}}}`},
		Scenario{As: "admin", Method: "DELETE", URL: "/api/v1/apps/{{app}}", Status: 204},
		Scenario{Name: "deleted", As: "admin", URL: "/api/v1/apps/{{app}}/runtime", Status: 404},
		Scenario{As: "admin", URL: ws + "/recycle-bin", Want: `{"items":[{"kind":"app","id":"{{app}}","name":"CRM"}]}`},
		Scenario{As: "admin", Method: "POST", URL: ws + "/recycle-bin/apps/{{app}}/restore", Want: `{"key":"crm"}`},
		Scenario{Name: "back", As: "admin", URL: "/api/v1/apps/{{app}}/runtime", Want: `{"version":4,"me":{"roles":[],"departments":[]}}`},
	)
}

func TestQuickField_findsKeysItself(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	const quick = "/api/v1/apps/shop/quick-field"
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: quick, Body: `{"entity":"customer","field":{"id":"fld_shelf","name":"货架 A","type":"select","options":{"choices":[{"key":"c1","label":"上"}]}}}`, Want: `{"version":2}`},
		Scenario{Name: "a choice of it", As: "admin", Method: "POST", URL: quick, Body: `{"entity":"customer","field":{"id":"fld_shelf"},"choice":{"label":"Bottom row","hue":"blue"}}`, Want: `{"version":3}`},
		Scenario{Name: "a choice of nothing", As: "admin", Method: "POST", URL: quick, Body: `{"entity":"customer","field":{"id":"fld_none"},"choice":{"label":"x"}}`, Status: 422, Code: "definition.field"},
		Scenario{Name: "both are there", As: "admin", Method: "POST", URL: "/api/v1/apps/shop/entities/customer/records", Body: `{"name":"甲","huo_jia_a":"bottom_row"}`, Status: 201, Want: `{"huo_jia_a":"bottom_row"}`},
	)
}

func TestApps_areForThoseWithRoles(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	k.Join("bo", "shop:builder")
	k.Join("ed")
	k.Run(t,
		Scenario{As: "ed", URL: "/api/v1/workspaces/{{ws}}/apps", Want: `{"items":[]}`},
		Scenario{As: "li", URL: "/api/v1/workspaces/{{ws}}/apps", Want: `{"items":[{"key":"shop","role":{"admin":false}}]}`},
		Scenario{Name: "users see no draft", As: "li", URL: "/api/v1/apps/{{shop}}/draft", Status: 403},
		Scenario{Name: "an admin role builds", As: "bo", URL: "/api/v1/apps/{{shop}}/draft", Want: `{"docs":["…"]}`},
		Scenario{Name: "but does not administer people", As: "bo", URL: "/api/v1/workspaces/{{ws}}/members", Status: 403},
		Scenario{As: "li", URL: "/api/v1/apps/{{shop}}/runtime", Want: `{"me":{"admin":false},"app":{"key":"shop"},"params":{"big":1000}}`, Absent: []string{`"code"`, `owner == me()`}},
		Scenario{Name: "parameters", As: "bo", Method: "PATCH", URL: "/api/v1/apps/{{shop}}/params", Body: `{"big":500}`, Status: 204},
		Scenario{As: "li", URL: "/api/v1/apps/{{shop}}/runtime", Want: `{"params":{"big":500}}`},
		Scenario{Name: "of the right type", As: "bo", Method: "PATCH", URL: "/api/v1/apps/{{shop}}/params", Body: `{"big":"x","small":1}`, Status: 422},
		Scenario{As: "li", Method: "PATCH", URL: "/api/v1/apps/{{shop}}/params", Body: `{"big":5}`, Status: 403},
		Scenario{Name: "the short menu for everybody", As: "bo", Method: "PATCH", URL: "/api/v1/apps/{{shop}}", Body: `{"light":true}`, Status: 204},
		Scenario{As: "li", URL: "/api/v1/apps/{{shop}}/runtime", Want: `{"light":true}`},
		Scenario{As: "li", Method: "PATCH", URL: "/api/v1/apps/{{shop}}", Body: `{"light":false}`, Status: 403},
		Scenario{As: "li", URL: "/api/v1/apps/shop/openapi.json", Want: `{"paths":{"/entities/customer/records":{}}}`},
	)
	a := k.Do(Scenario{As: "li", URL: "/api/v1/apps/{{shop}}/runtime"})
	if again := k.Send(Scenario{As: "li", URL: "/api/v1/apps/{{shop}}/runtime", Headers: map[string]string{"If-None-Match": a.Header.Get("ETag")}}); again.Status != 304 {
		t.Errorf("an unchanged runtime: %d", again.Status)
	}
}

func TestExpressions_areCheckedAndTried(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	const at = "/api/v1/apps/{{shop}}/expr"
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: at + "/check", Body: `{"entity":"order","expr":"total > 100 and status == \"won\"","expect":"bool"}`, Want: `{"kind":"bool","faults":[],"tree":{}}`},
		Scenario{As: "admin", Method: "POST", URL: at + "/check", Body: `{"entity":"order","expr":"totl > 100"}`, Want: `{"faults":[{"from":0,"to":4,"message":"*"}]}`},
		Scenario{As: "li", Method: "POST", URL: at + "/check", Body: `{"entity":"order","expr":"total","expect":"bool"}`, Want: `{"faults":[{}]}`},
		Scenario{As: "admin", Method: "POST", URL: at + "/check", Body: `{"entity":"nope","expr":"1"}`, Status: 404},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/entities/order/records", Body: `{"items":[{"name":"a","qty":2,"price":10}]}`, Status: 201, Save: map[string]string{"o": "id"}},
		Scenario{As: "admin", Method: "POST", URL: at + "/try", Body: `{"entity":"order","expr":"total > 10 and status == \"open\"","record_id":"{{o}}"}`, Want: `{"value":true,"steps":["…"]}`},
		Scenario{Name: "with values", As: "admin", Method: "POST", URL: at + "/try", Body: `{"entity":"order","expr":"total + 1","values":{"items":[{"name":"a","qty":1,"price":1}]}}`, Want: `{"value":2}`},
		Scenario{Name: "nothing was saved", As: "admin", URL: "/api/v1/apps/{{shop}}/entities/order/records?count=exact", Want: `{"count":1}`},
		Scenario{As: "li", Method: "POST", URL: at + "/try", Body: `{"entity":"order","expr":"1"}`, Status: 403},
	)
}

func TestTemplates_areShown(t *testing.T) {
	t.Parallel()
	k := New(t)
	a := k.Do(Scenario{As: "admin", URL: "/api/v1/templates", Want: `{"items":[{"name":"*","title":{},"entities":"*"},"…"]}`})
	k.Vars["name"] = a.Text("items.0.name")
	k.Run(t,
		Scenario{As: "admin", URL: "/api/v1/templates/{{name}}", Want: `{"readme":"*","app":{"entities":["…"]}}`},
		Scenario{As: "admin", URL: "/api/v1/templates/..%2f", Status: 404},
	)
}

func TestViews_arePersonalOrShared(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	const at = "/api/v1/apps/{{shop}}/views"
	k.Run(t,
		Scenario{As: "li", Method: "POST", URL: at, Body: `{"entity":"customer","name":"我的","type":"grid","config":{"filter":"level == \"a\""}}`, Status: 201, Want: `{"kind":"personal"}`, Save: map[string]string{"v": "id"}},
		Scenario{Name: "sharing is for builders", As: "li", Method: "POST", URL: at, Body: `{"entity":"customer","name":"x","type":"grid","kind":"shared"}`, Status: 403},
		Scenario{As: "admin", Method: "POST", URL: at, Body: `{"entity":"customer","name":"大家的","type":"grid","kind":"shared"}`, Status: 201, Save: map[string]string{"s": "id"}},
		Scenario{As: "li", Method: "POST", URL: at, Body: `{"entity":"customer","name":"x","type":"nope"}`, Status: 422},
		Scenario{As: "li", URL: at, Want: `{"items":[{"id":"{{s}}","kind":"shared"},{"id":"{{v}}"}]}`},
		Scenario{As: "admin", URL: at, Want: `{"items":[{"id":"{{s}}"}]}`},
		Scenario{As: "li", Method: "PATCH", URL: at + "/{{v}}", Body: `{"name":"改名","position":3}`, Want: `{"name":"改名","position":3}`},
		Scenario{Name: "not another's", As: "admin", Method: "PATCH", URL: at + "/{{v}}", Body: `{"name":"x"}`, Status: 404},
		Scenario{Name: "not the shared one", As: "li", Method: "DELETE", URL: at + "/{{s}}", Status: 404},
		Scenario{As: "li", Method: "DELETE", URL: at + "/{{v}}", Status: 204},
	)
}

func TestCatalog_listsEveryPart(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.Do(Scenario{Name: "the places that addresses know", URL: "/api/v1/geo/regions", Want: `{"provinces":["…"]}`})
	a := k.Do(Scenario{URL: "/api/v1/catalog", Want: `{"fields":["…"],"views":["…"],"widgets":["…"],"functions":["…"]}`})
	for _, name := range []string{`"name":"subform"`, `"name":"kanban"`, `"name":"funnel"`, `"name":"DATEDIF"`} {
		if !strings.Contains(string(a.Body), name) {
			t.Errorf("no %s", name)
		}
	}
}

// Rules that set each other off are said before they are published, which they
// are all the same; the run that is stopped knows how it came to be.
func TestRules_thatCircleAreSaid(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("turn", `{"app":{"key":"turn","name":"Turn"},"entities":[{"key":"top","name":"陀螺","title":"{name}","fields":[{"key":"name","name":"名称","type":"text"},{"key":"n","name":"圈数","type":"number"}]}]}`)
	const app, tops = "/api/v1/apps/{{turn}}", "/api/v1/apps/{{turn}}/entities/top/records"
	k.Run(t,
		Scenario{As: "admin", URL: app + "/draft/hints", Want: `{"hints":[]}`},
		Scenario{As: "admin", Method: "PUT", URL: app + "/draft/rul_spin?kind=rule", Headers: map[string]string{"If-Match": "*"},
			Body: `{"key":"spin","name":{"zh-CN":"转","en-US":"Spin"},"entity":"top","trigger":{"type":"updated"},"steps":[{"id":"s1","type":"set_fields","options":{"set":{"n":"n + 1"}}}]}`, Want: `{"faults":[]}`},
		Scenario{As: "admin", URL: app + "/draft/hints", Want: `{"hints":[{"doc":"rul_spin","severity":"warn","kind":"circle","text":{"zh-CN":"规则“转”会反复触发自己：它写入的“圈数”又会触发它，可能停不下来（转 → 转）。系统会在连续 10 次后停止；请让它只在需要的字段变化时触发，或加上条件"}}]}`},
		Scenario{As: "admin", Method: "POST", URL: app + "/publish/plan", Body: `{}`, Want: `{"faults":[],"hints":[{"doc":"rul_spin"}]}`},
		Scenario{As: "admin", Method: "POST", URL: app + "/publish", Body: `{}`, Want: `{"version":2}`},
		Scenario{As: "admin", Method: "POST", URL: tops, Body: `{"name":"A","n":1}`, Status: 201, Save: map[string]string{"top": "id"}},
		Scenario{As: "admin", Method: "PATCH", URL: tops + "/{{top}}", Body: `{"n":2}`},
	)
	k.Drain()
	k.Run(t,
		Scenario{As: "admin", URL: app + "/runs?state=blocked", Want: `{"items":[{"rule":"rul_spin","depth":10}]}`, Save: map[string]string{"run": "items.0.id"}},
		Scenario{As: "admin", URL: "/api/v1/runs/{{run}}", Want: `{"state":"blocked","path":["…"]}`},
		Scenario{As: "admin", URL: "/api/v1/notifications", Want: `{"items":[{"kind":"system","title":"Automations that set each other off were stopped","text":"Spin: rules have set each other off 10 times in a row; its run log shows how"}]}`},
	)
}

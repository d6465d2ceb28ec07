package api_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	. "tenon/api/apitest"
)

func TestWorkspaces_areApart(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.Join("li")
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/workspaces", Body: `{"key":"second","name":"第二个"}`, Status: 201, Want: `{"key":"second","admin":true}`, Save: map[string]string{"ws2": "id"}},
		Scenario{Name: "the key is taken", As: "admin", Method: "POST", URL: "/api/v1/workspaces", Body: `{"key":"second","name":"x"}`, Status: 409, Code: "identity.key_taken"},
		Scenario{Name: "a key is made", As: "admin", Method: "POST", URL: "/api/v1/workspaces", Body: `{"name":"第二个"}`, Status: 201, Want: `{"key":"di_er_ge"}`},
		Scenario{Name: "a member founds none", As: "li", Method: "POST", URL: "/api/v1/workspaces", Body: `{"name":"x"}`, Status: 403},
		Scenario{As: "li", URL: "/api/v1/workspaces", Want: `{"items":[{"key":"acme","admin":false}]}`},
		Scenario{Name: "strangers learn nothing", As: "li", URL: "/api/v1/workspaces/{{ws2}}/directory", Status: 404, Code: "workspace.not_found"},
		Scenario{Name: "nor by key", As: "li", URL: "/api/v1/workspaces/second/directory", Status: 404, Code: "workspace.not_found"},
		Scenario{Name: "members do not administer", As: "li", URL: "/api/v1/workspaces/{{ws}}/members", Status: 403, Code: "access.admin"},
		Scenario{As: "li", URL: "/api/v1/workspaces/acme/directory?search=li", Want: `{"members":[{"name":"li","status":"active"}],"departments":[]}`},
		Scenario{As: "li", URL: "/api/v1/bootstrap", Want: `{"workspaces":[{"key":"acme"}],"unread":0,"tasks":0}`},
	)
	k.Key("robot", "[]")
	k.Key("reader", `[{"ops":["read"]}]`)
	k.Run(t,
		Scenario{As: "robot", URL: "/api/v1/workspaces", Want: `{"items":[{"key":"acme"}]}`},
		Scenario{Name: "a key stays in its workspace", As: "robot", URL: "/api/v1/workspaces/{{ws2}}/members", Status: 404},
		Scenario{Name: "an unlimited key administers", As: "robot", URL: "/api/v1/workspaces/{{ws}}/members", Want: `{"items":[{},{}]}`},
		Scenario{Name: "a limited one does not", As: "reader", URL: "/api/v1/workspaces/{{ws}}/members", Status: 403, Code: "auth.scope"},
		Scenario{Name: "a key is no person", As: "robot", URL: "/api/v1/notifications", Status: 403, Code: "auth.session_only"},
	)
}

func TestMembers_areAdministered(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	const ws = "/api/v1/workspaces/{{ws}}"
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: ws + "/departments", Body: `{"name":"销售"}`, Status: 201, Save: map[string]string{"sales": "id"}},
		Scenario{As: "admin", Method: "POST", URL: ws + "/departments", Body: `{"name":"华东","parent":"{{sales}}"}`, Status: 201, Save: map[string]string{"east": "id"}},
		Scenario{Name: "no circles", As: "admin", Method: "PATCH", URL: ws + "/departments/{{sales}}", Body: `{"parent":"{{east}}"}`, Status: 422, Code: "department.circle"},
		Scenario{Name: "a role for all below", As: "admin", Method: "PATCH", URL: ws + "/departments/{{sales}}", Body: `{"roles":[{"app":"{{shop}}","role":"sales"}],"head":"{{admin}}"}`, Want: `{"head":"{{admin}}"}`},
		Scenario{As: "admin", Method: "POST", URL: ws + "/members", Body: `{"name":"王芳","departments":["{{east}}"]}`, Status: 201, Want: `{"status":"placeholder","departments":["{{east}}"]}`, Save: map[string]string{"wang": "id"}},
		Scenario{Name: "nobody becomes active without an account", As: "admin", Method: "PATCH", URL: ws + "/members/{{wang}}", Body: `{"status":"active"}`, Status: 422},
		Scenario{Name: "an unknown role", As: "admin", Method: "PATCH", URL: ws + "/members/{{wang}}", Body: `{"roles":[{"app":"{{shop}}","role":"boss"}]}`, Status: 422},
		Scenario{As: "admin", Method: "POST", URL: ws + "/invitations", Body: `{"member_id":"{{wang}}","expires_days":3}`, Status: 201, Want: `{"url":"*"}`, Save: map[string]string{"token": "token", "inv": "id"}},
		Scenario{As: "admin", URL: ws + "/invitations", Want: `{"items":[{"id":"{{inv}}","token":"{{token}}"}]}`},
		Scenario{URL: "/api/v1/invitations/{{token}}", Want: `{"workspace":"Acme","name":"王芳"}`},
		Scenario{Name: "a weak password", Method: "POST", URL: "/api/v1/invitations/{{token}}/accept", Body: `{"name":"王芳","email":"wang@example.com","password":"password"}`, Status: 422},
		Scenario{As: "wang", Method: "POST", URL: "/api/v1/invitations/{{token}}/accept", Body: `{"name":"王芳","email":"wang@example.com","password":"correct horse"}`, Want: `{"member_id":"{{wang}}","admin":false}`},
		Scenario{Name: "used up", URL: "/api/v1/invitations/{{token}}", Status: 404},
		Scenario{Name: "the department's role works below it", As: "wang", URL: "/api/v1/apps/{{shop}}/runtime", Want: `{"me":{"member_id":"{{wang}}","admin":false}}`},
		Scenario{As: "wang", URL: ws + "/apps", Want: `{"items":[{"key":"shop","role":{"admin":false}}]}`},
		Scenario{As: "admin", URL: ws + "/members/{{wang}}", Want: `{"status":"active","email":"wang@example.com"}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/entities/customer/records", Body: `{"name":"云图科技","owner":"{{wang}}"}`, Status: 201, Want: `{"_names":{"{{wang}}":"王芳"}}`, Save: map[string]string{"hers": "id"}},
		Scenario{As: "admin", Method: "PATCH", URL: ws + "/members/{{wang}}", Body: `{"name":"王小芳"}`},
		Scenario{Name: "a new name shows at once", As: "admin", URL: "/api/v1/apps/{{shop}}/entities/customer/records/{{hers}}", Want: `{"_names":{"{{wang}}":"王小芳"}}`},
		Scenario{As: "admin", Method: "DELETE", URL: "/api/v1/apps/{{shop}}/entities/customer/records/{{hers}}", Status: 204},
		Scenario{As: "admin", URL: ws + "/departments", Want: `{"items":[{},{}]}`},
		Scenario{Name: "the last administrator stays", As: "admin", Method: "PATCH", URL: ws + "/members/{{admin}}", Body: `{"admin":false}`, Status: 409, Code: "member.last_admin"},
		Scenario{As: "admin", Method: "DELETE", URL: ws + "/members/{{wang}}", Status: 204},
		Scenario{Name: "gone at once", As: "wang", URL: ws + "/apps", Status: 404},
		Scenario{Name: "not empty", As: "admin", Method: "DELETE", URL: ws + "/departments/{{sales}}", Status: 409},
		Scenario{As: "admin", Method: "DELETE", URL: ws + "/departments/{{east}}", Status: 204},
		Scenario{As: "admin", Method: "POST", URL: ws + "/invitations", Body: `{}`, Status: 201, Save: map[string]string{"inv": "id"}},
		Scenario{As: "admin", Method: "DELETE", URL: ws + "/invitations/{{inv}}", Status: 204},
		Scenario{As: "admin", URL: ws + "/audit?limit=3", Want: `{"items":[{"action":"invitation.revoked"},{"action":"invitation.created"},{"action":"department.removed"}],"next_cursor":"*"}`, Save: map[string]string{"cursor": "next_cursor"}},
		Scenario{As: "admin", URL: ws + "/audit?limit=1&cursor={{cursor}}&action=member.", Want: `{"items":[{"action":"member.removed"}]}`},
	)
}

func TestAudit_isFiltered(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.Join("li")
	const ws = "/api/v1/workspaces/{{ws}}"
	noon := k.Now().Add(time.Hour)
	k.Advance(time.Hour)
	k.Run(t, Scenario{As: "admin", Method: "POST", URL: ws + "/departments", Body: `{"name":"销售"}`, Status: 201})
	k.Advance(time.Hour)
	k.SignIn("li", "li@example.com")
	k.Vars["noon"], k.Vars["later"] = noon.Format(time.RFC3339), noon.Add(time.Hour).Format(time.RFC3339)
	k.Vars["local"] = url.QueryEscape(noon.In(time.FixedZone("", 8*3600)).Format(time.RFC3339))
	k.Vars["nobody"] = "019a0000-0000-7000-8000-000000000000"
	k.Run(t,
		Scenario{Name: "by person", As: "admin", URL: ws + "/audit?actor={{li}}&limit=1", Want: `{"items":[{"action":"sign_in","actor":{"id":"{{li}}"}}],"next_cursor":"*"}`},
		Scenario{Name: "the other did other things", As: "admin", URL: ws + "/audit?actor={{admin}}", Absent: []string{"{{li}}"}, Want: `{"items":[{"action":"department.added"},{},{}]}`},
		Scenario{Name: "by person and kind", As: "admin", URL: ws + "/audit?actor={{li}}&action=department.", Want: `{"items":[]}`},
		Scenario{Name: "its first moment is in, its last is not", As: "admin", URL: ws + "/audit?since={{noon}}&until={{later}}", Want: `{"items":[{"action":"department.added"}],"next_cursor":null}`},
		Scenario{Name: "in another zone", As: "admin", URL: ws + "/audit?since={{local}}&until={{later}}", Want: `{"items":[{"action":"department.added"}]}`},
		Scenario{Name: "from then on", As: "admin", URL: ws + "/audit?since={{later}}", Want: `{"items":[{"action":"sign_in"}]}`},
		Scenario{Name: "by person and time", As: "admin", URL: ws + "/audit?actor={{li}}&since={{noon}}", Want: `{"items":[{"action":"sign_in","actor":{"id":"{{li}}"}}]}`},
		Scenario{Name: "nothing in that hour", As: "admin", URL: ws + "/audit?actor={{li}}&since={{noon}}&until={{later}}", Want: `{"items":[]}`},
		Scenario{Name: "by nobody", As: "admin", URL: ws + "/audit?actor=system", Want: `{"items":[{"actor":{"id":"","name":"command line"},"action":"member.added"}]}`},
		Scenario{Name: "somebody who is gone", As: "admin", URL: ws + "/audit?actor={{nobody}}", Want: `{"items":[]}`},
		Scenario{Name: "no id", As: "admin", URL: ws + "/audit?actor=li", Status: 404, Code: "member.not_found"},
		Scenario{Name: "no moment", As: "admin", URL: ws + "/audit?since=yesterday&until=2026-11-22", Status: 422, Code: "request.type"},
		Scenario{Name: "members do not read it", As: "li", URL: ws + "/audit?actor={{li}}", Status: 403},
	)
}

func TestKeys_haveScopes(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.App("other", strings.Replace(shop, `"key":"shop"`, `"key":"other"`, 1))
	const ws = "/api/v1/workspaces/{{ws}}/api-keys"
	k.Key("writer", `[{"app":"`+k.Vars["shop"]+`","ops":["create","read"]}]`)
	k.Key("reports", `[{"app":"`+k.Vars["shop"]+`","ops":["read","export"]}]`)
	k.Run(t,
		Scenario{As: "reports", URL: "/api/v1/apps/shop/entities/customer/export?format=csv"},
		Scenario{Name: "the audit log by key", As: "admin", URL: "/api/v1/workspaces/{{ws}}/audit?actor={{reports}}", Want: `{"items":[{"action":"records.exported","actor":{"name":"reports"}}]}`},
		Scenario{As: "admin", Method: "DELETE", URL: ws + "/{{reports}}", Status: 204},
		Scenario{As: "admin", URL: ws, Want: `{"items":[{"name":"writer","prefix":"*"}]}`, Absent: []string{`"secret"`}},
		Scenario{Name: "an unknown operation", As: "admin", Method: "POST", URL: ws, Body: `{"name":"x","scopes":[{"ops":["fly"]}]}`, Status: 422},
		Scenario{Name: "by key of the app", As: "writer", Method: "POST", URL: "/api/v1/apps/shop/entities/customer/records", Body: `{"name":"云图"}`, Status: 201, Save: map[string]string{"c": "id"}},
		Scenario{Name: "no update", As: "writer", Method: "PATCH", URL: "/api/v1/apps/shop/entities/customer/records/{{c}}", Body: `{"name":"x"}`, Status: 403},
		Scenario{Name: "no other app", As: "writer", URL: "/api/v1/apps/{{other}}/entities/customer/records", Status: 404},
		Scenario{Name: "no definitions", As: "writer", URL: "/api/v1/apps/{{shop}}/draft", Status: 403, Code: "auth.scope"},
		Scenario{As: "writer", URL: "/api/v1/workspaces/{{ws}}/apps", Want: `{"items":[{"key":"shop"}]}`},
		Scenario{As: "admin", Method: "PATCH", URL: ws + "/{{writer}}", Body: `{"name":"reader","scopes":[{"app":"{{shop}}","ops":["read"]}]}`, Want: `{"name":"reader"}`},
		Scenario{Name: "changed at once", As: "writer", Method: "POST", URL: "/api/v1/apps/shop/entities/customer/records", Body: `{"name":"x"}`, Status: 403},
		Scenario{As: "admin", Method: "DELETE", URL: ws + "/{{writer}}", Status: 204},
		Scenario{Name: "revoked at once", As: "writer", URL: "/api/v1/apps/shop/entities/customer/records", Status: 401},
	)
}

func TestSettings_keepSecrets(t *testing.T) {
	t.Parallel()
	k := New(t)
	const ws = "/api/v1/workspaces/{{ws}}"
	k.Run(t,
		Scenario{As: "admin", URL: ws + "/settings", Want: `{"name":"Acme","time_zone":"Asia/Shanghai","smtp":null}`},
		Scenario{Name: "no mail server yet", As: "admin", Method: "POST", URL: ws + "/settings/test-mail", Body: `{"to":"a@example.com"}`, Status: 412},
		Scenario{As: "admin", Method: "PATCH", URL: ws + "/settings", Body: `{"name":"榫卯","time_zone":"Europe/Berlin","smtp":{"host":"mail.example.com","port":587,"user":"u","password":"hush-hush"}}`,
			Want: `{"name":"榫卯","smtp":{"host":"mail.example.com"}}`, Absent: []string{"hush-hush", "s1."}},
		Scenario{As: "admin", Method: "PATCH", URL: ws + "/settings", Body: `{"smtp":{"host":"mail.example.com","port":0}}`, Status: 422},
		Scenario{As: "admin", Method: "PATCH", URL: ws + "/settings", Body: `{"smtp":{"host":"127.0.0.1","port":1,"from":"a@example.com","tls":"none"}}`, Want: `{"smtp":{"port":1}}`},
		Scenario{Name: "what went wrong", As: "admin", Method: "POST", URL: ws + "/settings/test-mail", Body: `{"to":"a@example.com"}`, Status: 422, Code: "mail.unreachable"},
		Scenario{As: "admin", URL: ws + "/outbox", Want: `{"items":[]}`},
		Scenario{As: "admin", Method: "PUT", URL: ws + "/secrets/robot", Body: `{"secret":"hush-hush"}`, Status: 204},
		Scenario{As: "admin", URL: ws + "/secrets", Want: `{"items":["robot"]}`, Absent: []string{"hush"}},
		Scenario{As: "admin", Method: "DELETE", URL: ws + "/secrets/robot", Status: 204},
		Scenario{As: "admin", Method: "DELETE", URL: ws + "/secrets/robot", Status: 404},
		Scenario{As: "admin", Method: "PATCH", URL: ws + "/settings", Body: `{"smtp":null}`, Want: `{"smtp":null}`},
		Scenario{As: "admin", URL: ws + "/audit", Absent: []string{"hush"}},
	)
}

package api_test

import (
	"strings"
	"testing"

	. "tenon/api/apitest"
	"tenon/engine/identity"
	"tenon/engine/store"
)

func TestApps_travelAsFiles(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	k.Do(Scenario{As: "admin", Method: "POST", URL: customers, Body: `{"name":"云图","code":"C1"}`, Status: 201})
	k.Do(Scenario{As: "li", URL: "/api/v1/apps/{{shop}}/export", Status: 403})
	zip := k.Do(Scenario{As: "admin", URL: "/api/v1/apps/{{shop}}/export?data=true"})
	if got := zip.Header.Get("Content-Type"); got != "application/zip" {
		t.Fatal(got)
	}
	body, kind := upload("shop.zip", string(zip.Body))
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/workspaces/{{ws}}/apps/import", Type: kind, Body: body, Status: 201, Want: `{"job":"*"}`, Save: map[string]string{"copy": "app", "job": "job"}},
		Scenario{As: "admin", URL: "/api/v1/apps/{{copy}}/runtime", Want: `{"app":{"key":"shop_2"},"version":1}`},
	)
	if j := k.Work(k.Vars["job"]); j.State != "done" {
		t.Fatalf("the job: %s %s", j.State, j.Result)
	}
	bad, kind := upload("x.zip", "no zip")
	k.Run(t,
		Scenario{As: "admin", URL: "/api/v1/jobs/{{job}}", Want: `{"state":"done","result":{"records":1}}`},
		Scenario{As: "admin", URL: "/api/v1/apps/{{copy}}/entities/customer/records", Want: `{"records":[{"name":"云图","code":"C1"}]}`},
		Scenario{Name: "something else", As: "admin", Method: "POST", URL: "/api/v1/workspaces/{{ws}}/apps/import", Type: kind, Body: bad, Status: 422},
	)
}

func TestTemplates_areInstalled(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("installs the whole CRM")
	}
	k := New(t)
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/workspaces/{{ws}}/templates/crm_lifecycle/install", Body: `{"name":"我的 CRM","light":true}`, Status: 201, Want: `{"job":null}`, Save: map[string]string{"crm": "app"}},
		Scenario{As: "admin", URL: "/api/v1/apps/{{crm}}/runtime", Want: `{"light":true,"app":{"name":"我的 CRM"}}`},
		Scenario{Name: "ready mappings of one form", As: "admin", URL: "/api/v1/apps/{{crm}}/entities/lead/import/mappings", Want: `{"items":[{"key":"x_education_leads","entity":"lead","match":["external_id"]}]}`},
		Scenario{As: "admin", URL: "/api/v1/apps/{{crm}}/entities/contract/import/mappings", Want: `{"items":[]}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{crm}}/sample/remove", Body: `{}`, Want: `{"records":0,"kept":[]}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/workspaces/{{ws}}/templates/nope/install", Body: `{}`, Status: 404},
	)
	if !strings.Contains(k.Log.String(), "templates/{name}/install") {
		t.Error("no line in the log")
	}
}

func TestChecklist_followsWhatWasDone(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	const list, ws = "/api/v1/apps/{{shop}}/checklist", "/api/v1/workspaces/{{ws}}"
	csv, kind := upload("客户.csv", "名称\n甲公司\n")
	k.Run(t,
		Scenario{Name: "at first", As: "admin", URL: list, Want: `{"departments":false,"invitations":false,"roles":false,"import":false,"params":false,"notification":false,"sample_removed":true,"samples":0}`},
		Scenario{As: "admin", Method: "POST", URL: ws + "/departments", Body: `{"name":"销售部"}`, Status: 201},
		Scenario{As: "admin", URL: list, Want: `{"departments":true,"invitations":false}`},
		Scenario{As: "admin", Method: "POST", URL: ws + "/invitations", Body: `{}`, Status: 201},
		Scenario{As: "admin", URL: list, Want: `{"invitations":true,"roles":false}`},
		Scenario{As: "admin", Method: "PATCH", URL: "/api/v1/apps/{{shop}}/params", Body: `{"big":1000}`, Status: 204},
		Scenario{Name: "set to what it was", As: "admin", URL: list, Want: `{"params":false}`},
		Scenario{As: "admin", Method: "PATCH", URL: "/api/v1/apps/{{shop}}/params", Body: `{"big":500}`, Status: 204},
		Scenario{As: "admin", URL: list, Want: `{"params":true,"import":false}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/entities/customer/import/upload", Type: kind, Body: csv, Status: 201, Save: map[string]string{"up": "upload"}},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/entities/customer/import/{{up}}/run", Body: `{"mapping":{"columns":[{"field":"name","column":"名称"}]}}`, Status: 202, Save: map[string]string{"job": "job"}},
	)
	if j := k.Work(k.Vars["job"]); j.State != "done" {
		t.Fatalf("the job: %s %s", j.State, j.Result)
	}
	k.Run(t,
		Scenario{As: "admin", URL: list, Want: `{"import":true}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/operations/{{job}}/undo", Want: `{"reverted":1}`},
		Scenario{Name: "taken back", As: "admin", URL: list, Want: `{"import":false,"notification":false}`},
	)
	if err := k.People.Audit(t.Context(), identity.AuditEntry{Workspace: k.Vars["ws"], Action: store.AuditMailTested}); err != nil {
		t.Fatal(err)
	}
	if _, err := k.DB.Read(t.Context(), store.NoteSample(k.Vars["shop"], "ent_x", []string{k.Vars["job"]})); err != nil {
		t.Fatal(err)
	}
	k.Join("li", "shop:sales")
	k.Run(t,
		Scenario{As: "li", URL: list, Want: `{"roles":true,"notification":true,"sample_removed":false,"samples":1}`},
		Scenario{Name: "signed out", URL: list, Status: 401},
	)
}

// TestImport_fixesAndInterruptions: cells are put right before they come in, a
// table is read by another line of names, and what an import had written when
// its process went away is told with the way to undo it.
func TestImport_fixesAndInterruptions(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	const at = "/api/v1/apps/{{shop}}/entities/customer/import"
	const columns = `"mapping":{"columns":[{"field":"name","column":"名称"},{"field":"level","column":"级别"}]}`
	csv, kind := upload("客户.csv", "名称,级别\n子,甲\n丑,丙\n寅,乙\n")
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: at + "/upload", Type: kind, Body: csv, Status: 201, Save: map[string]string{"up": "upload"}},
		Scenario{Name: "without a line of names", As: "admin", Method: "POST", URL: at + "/{{up}}/read", Body: `{"read":{"header":-1}}`, Want: `{"upload":"{{up}}","rows":4,"columns":[{"name":"A"},{"name":"B"}]}`},
		Scenario{Name: "a sheet that is not there", As: "admin", Method: "POST", URL: at + "/no-such/read", Body: `{}`, Status: 404},
		Scenario{Name: "as it is", As: "admin", Method: "POST", URL: at + "/{{up}}/dry-run", Body: `{` + columns + `}`, Want: `{"ok":2,"bad":1,"rows":[{"row":3,"cells":{"名称":"丑","级别":"丙"},"errors":[{"column":"级别"}]}]}`},
		Scenario{Name: "put right", As: "admin", Method: "POST", URL: at + "/{{up}}/dry-run", Body: `{` + columns + `,"fixes":[{"row":3,"cells":{"级别":"甲"}}]}`, Want: `{"ok":3,"bad":0,"rows":[]}`},
		Scenario{Name: "a column that is not there", As: "admin", Method: "POST", URL: at + "/{{up}}/dry-run", Body: `{` + columns + `,"fixes":[{"row":3,"cells":{"税":"20"}}]}`, Status: 422},
		Scenario{As: "admin", Method: "POST", URL: at + "/{{up}}/run", Body: `{` + columns + `,"fixes":[{"row":3,"cells":{"级别":"甲"}}]}`, Status: 202, Save: map[string]string{"job": "job"}},
	)
	if j := k.Work(k.Vars["job"]); j.State != "done" || j.Total != 3 {
		t.Fatalf("the job: %s of %d %s", j.State, j.Total, j.Result)
	}
	k.Run(t, Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/entities/customer/records/query", Body: `{"filter":"name == \"丑\"","fields":["level"]}`, Want: `{"records":[{"level":"a"}]}`})
	// Begun again, as after its process went away.
	if _, err := k.DB.Exec(t.Context(), `UPDATE tenon.job SET state = 'queued', lease_until = NULL, ended_at = NULL, result = NULL WHERE id = '`+k.Vars["job"]+`'`); err != nil {
		t.Fatal(err)
	}
	if j := k.Work(k.Vars["job"]); j.State != "failed" {
		t.Fatalf("the job: %s %s", j.State, j.Result)
	}
	k.Run(t,
		Scenario{As: "admin", URL: "/api/v1/jobs/{{job}}", Want: `{"state":"failed","result":{"operation":"{{job}}","written":3,"errors":[{"code":"import.interrupted"}]}}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/operations/{{job}}/undo", Want: `{"reverted":3}`},
	)
}

// TestStaff_comeInAndGoAgain: people with departments and managers out of a
// table; a second time changes nothing; an undo leaves nothing but who is in use.
func TestStaff_comeInAndGoAgain(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	const base, people, places = "/api/v1/workspaces/{{ws}}/members/import", "/api/v1/workspaces/{{ws}}/members", "/api/v1/workspaces/{{ws}}/departments"
	const body = `{"staff":{"name":"sales_agent","department":"regional_office","manager":"manager"},"roles":[{"app":"{{shop}}","role":"sales"}]}`
	const table = "sales_agent,manager,regional_office\nMoses Frase,Melvin Marxen,Central\nNiesha Huffines,Melvin Marxen,Central\nJames Ascencio,Summer Sewald,West\n,,\n"
	file, kind := upload("teams.csv", table)
	before, units := string(k.Do(Scenario{As: "admin", URL: people}).Body), string(k.Do(Scenario{As: "admin", URL: places}).Body)
	k.Run(t,
		Scenario{As: "li", Method: "POST", URL: base + "/upload", Type: kind, Body: file, Status: 403},
		Scenario{As: "admin", Method: "POST", URL: base + "/upload", Type: kind, Body: file, Status: 201, Want: `{"rows":3,"columns":["sales_agent","manager","regional_office"],"staff":{"name":"sales_agent","department":"regional_office","manager":"manager"}}`, Save: map[string]string{"up": "upload"}},
		Scenario{As: "li", Method: "POST", URL: base + "/{{up}}/run", Body: body, Status: 403},
		Scenario{Name: "a column that is not there", As: "admin", Method: "POST", URL: base + "/{{up}}/dry-run", Body: `{"staff":{"name":"nobody"}}`, Status: 422},
		Scenario{Name: "tried", As: "admin", Method: "POST", URL: base + "/{{up}}/dry-run", Body: body, Want: `{"rows":3,"added":5,"changed":0,"departments":4,"bad":0,"done":{"members":[]}}`},
	)
	if got := string(k.Do(Scenario{As: "admin", URL: people}).Body); got != before {
		t.Fatalf("a dry run wrote: %s", got)
	}
	first := k.Do(Scenario{As: "admin", Method: "POST", URL: base + "/{{up}}/run", Body: body, Want: `{"rows":3,"added":5,"departments":4}`})
	k.Run(t,
		Scenario{Name: "again", As: "admin", Method: "POST", URL: base + "/{{up}}/run", Body: body, Want: `{"rows":3,"added":0,"changed":0,"unchanged":3,"departments":0}`},
		Scenario{Name: "taken back", As: "admin", Method: "POST", URL: base + "/undo", Body: first.Text("done"), Want: `{"members":5,"departments":4,"kept":[]}`},
	)
	if got := string(k.Do(Scenario{As: "admin", URL: people}).Body); got != before {
		t.Errorf("the members after the undo: %s, before: %s", got, before)
	}
	if got := string(k.Do(Scenario{As: "admin", URL: places}).Body); got != units {
		t.Errorf("the departments after the undo: %s, before: %s", got, units)
	}
	// Who owns a record by then stays, with the department.
	second := k.Do(Scenario{As: "admin", Method: "POST", URL: base + "/{{up}}/run", Body: body, Want: `{"added":5}`})
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: customers, Body: `{"name":"云图","code":"C1","owner":"` + second.Text("done.members.1") + `"}`, Status: 201},
		Scenario{As: "admin", Method: "POST", URL: base + "/undo", Body: second.Text("done"), Want: `{"members":4,"departments":2,"kept":["Moses Frase","Melvin Marxen","Central"]}`},
	)
}

func TestImport_dryThenForReal(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	const at = "/api/v1/apps/{{shop}}/entities/customer/import"
	csv, kind := upload("客户.csv", "名称,代码,级别\n甲公司,1,甲\n乙公司,2,丁\n丙公司,3,乙\n")
	k.Run(t,
		Scenario{Name: "without the right", As: "li", Method: "POST", URL: at + "/upload", Type: kind, Body: csv, Status: 403},
		Scenario{Name: "ready mappings without the right", As: "li", URL: at + "/mappings", Status: 403},
		Scenario{Name: "of an app without a template", As: "admin", URL: at + "/mappings", Want: `{"items":[]}`},
		Scenario{As: "admin", Method: "POST", URL: at + "/upload", Body: `{"text":"名称\t代码\n甲\t1"}`, Status: 201, Want: `{"rows":1}`},
		Scenario{As: "admin", Method: "POST", URL: at + "/upload", Type: kind, Body: csv, Status: 201, Want: `{"rows":3,"columns":[{"name":"名称","guess":{"field":"name"}},{"guess":{"field":"code"}},{"guess":{"field":"level"}}],"mapping":{}}`, Save: map[string]string{"up": "upload"}},
		Scenario{Name: "which rows it takes", As: "admin", Method: "POST", URL: at + "/{{up}}/rows", Body: `{"mapping":{"rows":{"级别":"丁"}}}`, Want: `{"rows":3,"taken":1,"preview":[["乙公司","2","丁"]]}`},
		Scenario{Name: "by a column that is not there", As: "admin", Method: "POST", URL: at + "/{{up}}/rows", Body: `{"mapping":{"rows":{"没有":"a"}}}`, Status: 422},
		Scenario{As: "admin", Method: "POST", URL: at + "/{{up}}/dry-run", Body: `{"mapping":{"columns":[{"field":"name","column":"名称"},{"field":"code","column":"代码"},{"field":"level","column":"级别"}]}}`,
			Want: `{"ok":2,"bad":1,"rows":[{"row":3,"errors":[{"field":"level"}]}]}`},
		Scenario{Name: "nothing came in", As: "admin", URL: customers + "?count=exact", Want: `{"count":0}`},
		Scenario{Name: "another's upload", As: "li", Method: "POST", URL: at + "/{{up}}/run", Body: `{"mapping":{}}`, Status: 403},
		Scenario{As: "admin", Method: "POST", URL: at + "/{{up}}/run", Body: `{"mapping":{"columns":[{"field":"name","column":"名称"},{"field":"code","column":"代码"},{"field":"level","column":"级别"}]}}`, Status: 202, Save: map[string]string{"job": "job"}},
	)
	if j := k.Work(k.Vars["job"]); j.State != "done" {
		t.Fatalf("the job: %s %s", j.State, j.Result)
	}
	k.Run(t,
		Scenario{As: "admin", URL: "/api/v1/jobs/{{job}}", Want: `{"result":{"created":2,"bad":1,"report":"*"}}`, Save: map[string]string{"report": "result.report"}},
		Scenario{As: "admin", URL: "/api/v1/files/{{report}}"},
		Scenario{As: "admin", URL: customers + "?count=exact", Want: `{"count":2}`},
		Scenario{Name: "undone", As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/operations/{{job}}/undo", Want: `{"reverted":2}`},
	)
}

func TestExport_isUnderTheCallersRights(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", strings.Replace(shop, `"ops":["create","read","update"]`, `"ops":["create","read","update","export"]`, 1))
	k.Join("li", "shop:sales")
	const at = "/api/v1/apps/{{shop}}/entities/customer/export"
	k.Do(Scenario{As: "admin", Method: "POST", URL: customers + "/batch", Body: `{"ops":[{"op":"create","values":{"name":"=1+2","code":"SECRET","phone":"13800138000","owner":"{{li}}"}},{"op":"create","values":{"name":"别人的"}}]}`})
	mine := k.Do(Scenario{As: "li", URL: at, Absent: []string{"SECRET", "13800138000", "别人的"}})
	if got := string(mine.Body); !strings.Contains(got, "Customer") && !strings.Contains(got, "名称,电话,级别") || !strings.Contains(got, "'=1+2") || !strings.Contains(got, "138****8000") {
		t.Errorf("csv: %s", got)
	}
	all := k.Do(Scenario{As: "admin", URL: at + "?format=ndjson&filter=level+%3D%3D+%22b%22&sort=name"})
	if n := strings.Count(string(all.Body), "\n"); n != 2 {
		t.Errorf("ndjson: %d lines\n%s", n, all.Body)
	}
	k.Run(t,
		Scenario{As: "admin", URL: at + "?format=docx", Status: 422},
		Scenario{As: "admin", URL: at + "?filter=nope+%3D%3D+1", Status: 422},
		Scenario{Name: "without the right", As: "li", URL: "/api/v1/apps/{{shop}}/entities/order/export", Status: 403},
		Scenario{As: "admin", URL: "/api/v1/workspaces/{{ws}}/audit?action=records.", Want: `{"items":[{"action":"records.exported"},{}]}`},
	)
}

// discreet is an app whose role may not follow a link, and does not see every field.
const discreet = `{
 "app":{"key":"discreet","name":"慎"},
 "entities":[
  {"key":"source","name":{"zh-CN":"来源","en-US":"Source"},"title":"{name}","fields":[{"key":"name","name":"名称","type":"text"}]},
  {"key":"contact","name":{"zh-CN":"联系人","en-US":"Contact"},"title":"{name}","fields":[{"key":"name","name":{"zh-CN":"姓名","en-US":"Full name"},"type":"text"},{"key":"phone","name":"电话","type":"phone"}]},
  {"key":"deal","name":{"zh-CN":"交易","en-US":"Deal"},"title":"{memo}","fields":[
    {"key":"memo","name":"备注","type":"text"},
    {"key":"budget","name":"预算","type":"number"},
    {"key":"source","name":"来源","type":"link","options":{"entity":"source"}},
    {"key":"contact","name":"联系人","type":"link","options":{"entity":"contact"}}]}],
 "roles":[{"key":"clerk","name":"文员","grants":[
    {"entity":"deal","ops":["create","read","update","export"],"hide_others":true,"fields":[
      {"field":"memo","rule":"visible"},{"field":"source","rule":"visible"},{"field":"contact","rule":"visible"},{"field":"budget","rule":"visible","when":"memo == \"open\""}]},
    {"entity":"contact","ops":["read"],"fields":[{"field":"name","rule":"hidden"}]}]}]}`

func TestExport_namesNoRecordsThatAreNotSeen(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("discreet", discreet)
	k.Join("li", "discreet:clerk")
	const entities = "/api/v1/apps/{{discreet}}/entities/"
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: entities + "source/records", Body: `{"name":"SECRET-1"}`, Status: 201, Save: map[string]string{"source": "id"}},
		Scenario{As: "admin", Method: "POST", URL: entities + "contact/records", Body: `{"name":"SECRET-2"}`, Status: 201, Save: map[string]string{"contact": "id"}},
		Scenario{As: "admin", Method: "POST", URL: entities + "deal/records", Body: `{"memo":"一","source":"{{source}}","contact":"{{contact}}"}`, Status: 201},
	)
	got := string(k.Do(Scenario{As: "li", URL: entities + "deal/export?fields=memo,source,contact", Absent: []string{"SECRET", k.Vars["source"], k.Vars["contact"]}}).Body)
	if !strings.Contains(got, "一,无权查看,未命名") && !strings.Contains(got, "一,No access,Untitled") {
		t.Errorf("csv: %s", got)
	}
}

func TestRefusals_areSaidInTheLanguageOfTheReader(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("discreet", discreet)
	k.Join("li", "discreet:clerk")
	const entities = "/api/v1/apps/{{discreet}}/entities/"
	for _, c := range []struct{ method, url, body, zh, en string }{
		{"GET", entities + "source/records", "", "没有查看“来源”的权限", `you may not see records of "Source"`},
		{"POST", entities + "contact/records", `{"name":"x"}`, "没有新增“联系人”的权限", `you may not create records of "Contact"`},
		{"GET", entities + "contact/records?sort=name", "", "没有查看“姓名”的权限", `you may not see "Full name"`},
	} {
		for locale, want := range map[string]string{"zh-CN": c.zh, "en-US": c.en} {
			a := k.Do(Scenario{As: "li", Method: c.method, URL: c.url, Body: c.body, Headers: map[string]string{"Accept-Language": locale}, Status: 403})
			if got := a.Text("detail"); !strings.Contains(got, want) {
				t.Errorf("%s %s in %s: %s", c.method, c.url, locale, got)
			}
		}
	}
}

func TestWhy_saysWhatKeepsFromChanging(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("discreet", discreet)
	k.Join("li", "discreet:clerk")
	const contacts = "/api/v1/apps/{{discreet}}/entities/contact/records"
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: contacts, Body: `{"name":"一"}`, Status: 201, Save: map[string]string{"contact": "id"}},
		Scenario{As: "li", URL: contacts + "/{{contact}}/why", Want: `{"reasons":[{"text":"The role sees all records"}]}`},
		Scenario{As: "li", URL: contacts + "/{{contact}}/why?field=phone", Want: `{"writable":false,"reasons":[{"text":"The role does not change records"}]}`},
	)
}

// A field that a rule shows only at times is at other times like the rest:
// hidden, and so not written either.
func TestFields_hiddenAtTimesAreNotWrittenThen(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("discreet", discreet)
	k.Join("li", "discreet:clerk")
	const deals = "/api/v1/apps/{{discreet}}/entities/deal/records"
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: deals, Body: `{"memo":"open","budget":1}`, Status: 201, Save: map[string]string{"open": "id"}},
		Scenario{As: "admin", Method: "POST", URL: deals, Body: `{"memo":"closed","budget":1}`, Status: 201, Save: map[string]string{"closed": "id"}},
		Scenario{As: "li", Method: "PATCH", URL: deals + "/{{open}}", Body: `{"budget":2}`, Want: `{"budget":2}`},
		Scenario{As: "li", Method: "PATCH", URL: deals + "/{{closed}}", Body: `{"budget":2}`, Status: 403},
		Scenario{As: "admin", URL: deals + "/{{closed}}", Want: `{"budget":1}`},
	)
}

func TestForms_areMadeOfTables(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	const at = "/api/v1/apps/{{shop}}/from-file"
	csv, kind := upload("拜访.csv", "主题,日期\n首次,2026-01-05\n二次,2026-02-05\n")
	k.Run(t,
		Scenario{Name: "without the right", As: "li", Method: "POST", URL: at + "/upload", Type: kind, Body: csv, Status: 403},
		Scenario{As: "admin", Method: "POST", URL: at + "/upload", Type: kind, Body: csv, Status: 201, Want: `{"rows":2,"form":{"name":"拜访","columns":[{"name":"主题","type":"text"},{"type":"date"}]}}`, Save: map[string]string{"up": "upload"}},
		Scenario{As: "admin", Method: "POST", URL: at + "/{{up}}/propose", Body: `{"read":{"header":-1}}`, Want: `{"rows":3}`},
		Scenario{As: "li", Method: "POST", URL: at + "/{{up}}/run", Body: `{"form":{}}`, Status: 403},
		Scenario{As: "admin", Method: "POST", URL: at + "/{{up}}/run", Body: `{"form":{"name":"拜访记录"}}`, Status: 202, Save: map[string]string{"job": "job"}},
	)
	if j := k.Work(k.Vars["job"]); j.State != "done" {
		t.Fatalf("the job: %s %s", j.State, j.Result)
	}
	k.Run(t,
		Scenario{As: "admin", URL: "/api/v1/jobs/{{job}}", Want: `{"result":{"operation":"{{job}}","import":{"created":2}}}`, Save: map[string]string{"made": "result.key"}},
		Scenario{As: "admin", URL: "/api/v1/apps/{{shop}}/entities/{{made}}/records?count=exact", Want: `{"count":2}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/operations/{{job}}/undo", Want: `{"reverted":2,"form":true}`},
		Scenario{As: "admin", URL: "/api/v1/apps/{{shop}}/entities/{{made}}/records", Status: 404},
	)
}

package api_test

import (
	"strings"
	"testing"

	. "tenon/api/apitest"
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
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{crm}}/sample/remove", Body: `{}`, Want: `{"records":0,"kept":[]}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/workspaces/{{ws}}/templates/nope/install", Body: `{}`, Status: 404},
	)
	if !strings.Contains(k.Log.String(), "templates/{name}/install") {
		t.Error("no line in the log")
	}
}

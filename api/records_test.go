package api_test

import (
	"bytes"
	"mime/multipart"
	"strings"
	"sync"
	"testing"

	. "tenon/api/apitest"
)

const (
	customers = "/api/v1/apps/{{shop}}/entities/customer/records"
	orders    = "/api/v1/apps/{{shop}}/entities/order/records"
)

func TestRecords_areWrittenAndRead(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Run(t,
		Scenario{Name: "every fault at once", As: "admin", Method: "POST", URL: customers, Body: `{"phone":"abc","level":"zz","nmae":"x"}`, Status: 422, Want: `{"errors":["…"]}`},
		Scenario{As: "admin", Method: "POST", URL: customers, Body: `{"name":"云图科技","code":"C1","phone":"13800138000"}`, Status: 201, Want: `{"rev":1,"name":"云图科技","level":"b","_title":"云图科技"}`, Save: map[string]string{"c": "id"}},
		Scenario{Name: "a duplicate", As: "admin", Method: "POST", URL: customers, Body: `{"name":"x","code":"C1"}`, Status: 409, Code: "record.unique", Want: `{"errors":[{"path":"code"}]}`},
		Scenario{As: "admin", Method: "POST", URL: orders, Body: `{"customer":"{{c}}","items":[{"name":"榫","qty":3,"price":0.1}]}`, Status: 201, Want: `{"no":"DD0001","total":0.3,"_names":{"{{c}}":"云图科技"}}`, Save: map[string]string{"o": "id"}},
		Scenario{As: "admin", URL: customers + "/{{c}}", Want: `{"order_amount":0.3}`},
		Scenario{As: "admin", URL: orders + "/{{o}}?expand=customer&fields=no,customer", Want: `{"customer":{"id":"{{c}}"}}`, Absent: []string{`"total"`}},
		Scenario{As: "admin", Method: "PATCH", URL: customers + "/{{c}}", Headers: map[string]string{"If-Match": `"1"`}, Body: `{"level":"a"}`, Want: `{"rev":2,"level":"a"}`},
		Scenario{Name: "stale", As: "admin", Method: "PATCH", URL: customers + "/{{c}}", Headers: map[string]string{"If-Match": `"1"`}, Body: `{"level":"b"}`, Status: 409, Code: "record.stale"},
		Scenario{Name: "a computed field is the engine's own", As: "admin", Method: "PATCH", URL: customers + "/{{c}}", Body: `{"order_amount":5,"created_by":"x"}`, Want: `{"order_amount":0.3}`},
		Scenario{As: "admin", URL: customers + "/{{c}}/history", Want: `{"items":[{"op":"update","actor":{"name":"管理员"},"changes":[{"field":"level","before":"b","after":"a","after_text":"甲"}]},"…"]}`},
		Scenario{As: "admin", URL: customers + "/{{c}}/related", Want: `{"items":[{"entity":"order","via":"customer","count":1,"records":[{"id":"{{o}}"}]}]}`},
		Scenario{As: "admin", Method: "DELETE", URL: orders + "/{{o}}", Headers: map[string]string{"If-Match": `"1"`}, Status: 204},
		Scenario{Name: "deleted", As: "admin", URL: orders + "/{{o}}", Status: 404},
		Scenario{Name: "in the bin", As: "admin", URL: "/api/v1/workspaces/{{ws}}/recycle-bin?entity=order", Want: `{"items":[{"kind":"record","id":"{{o}}","name":"DD0001","entity":"order"}]}`},
		Scenario{As: "admin", Method: "POST", URL: orders + "/{{o}}/restore", Want: `{"no":"DD0001"}`},
		Scenario{As: "admin", Method: "DELETE", URL: orders + "/{{o}}", Status: 204},
		Scenario{Name: "a batch does not delete for good", As: "admin", Method: "POST", URL: orders + "/batch", Body: `{"ops":[{"op":"purge","id":"{{o}}"}]}`, Status: 422, Code: "records.batch_op"},
		Scenario{As: "admin", Method: "DELETE", URL: orders + "/{{o}}?purge=true", Status: 204},
		Scenario{Name: "deleting for good leaves a line", As: "admin", URL: "/api/v1/workspaces/{{ws}}/audit?action=records.purged", Want: `{"items":[{"action":"records.purged","target":{"id":"{{o}}","name":"DD0001"},"detail":{"form":"订单"},"actor":{"name":"管理员"}}]}`},
		Scenario{As: "admin", URL: orders + "?deleted=true", Want: `{"records":[]}`},
		Scenario{Name: "no such entity", As: "admin", URL: "/api/v1/apps/{{shop}}/entities/nope/records", Status: 404, Code: "entity.unknown"},
	)
}

func TestRecords_areQueried(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("bo", "shop:builder")
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: customers + "/batch", Headers: map[string]string{"Idempotency-Key": "b1"}, Body: `{"ops":[{"op":"create","values":{"name":"甲公司","code":"1","level":"a"}},{"op":"create","values":{"name":"乙公司","code":"2"}},{"op":"create","values":{"name":"丙公司","code":"3"}}]}`,
			Want: `{"results":[{"op":"create","rev":1},{},{}],"operation":"*"}`, Save: map[string]string{"op": "operation", "c": "results.0.id"}},
		Scenario{Name: "repeated", As: "admin", Method: "POST", URL: customers + "/batch", Headers: map[string]string{"Idempotency-Key": "b1"}, Body: `{"ops":[{"op":"create","values":{"name":"甲公司","code":"1","level":"a"}},{"op":"create","values":{"name":"乙公司","code":"2"}},{"op":"create","values":{"name":"丙公司","code":"3"}}]}`,
			Want: `{"operation":"{{op}}","results":[{"id":"{{c}}"},{},{}]}`},
		Scenario{Name: "the key for something else", As: "admin", Method: "POST", URL: customers + "/batch", Headers: map[string]string{"Idempotency-Key": "b1"}, Body: `{"ops":[]}`, Status: 409, Code: "request.idempotency"},
		Scenario{As: "admin", URL: customers + "?filter=level+%3D%3D+%22b%22&sort=-name&count=exact&fields=name", Want: `{"count":2,"records":[{"name":"乙公司"},{}]}`},
		Scenario{As: "admin", URL: customers + "?limit=2&sort=code", Want: `{"records":[{"code":"1"},{"code":"2"}]}`, Save: map[string]string{"next": "next_cursor"}},
		Scenario{As: "admin", URL: customers + "?limit=2&sort=code&cursor={{next}}", Want: `{"records":[{"code":"3"}]}`},
		Scenario{As: "admin", URL: customers + "?search=%E7%94%B2%E5%85%AC", Want: `{"records":[{"code":"1"}]}`},
		Scenario{As: "admin", Method: "POST", URL: customers + "/query", Body: `{"filter":{"or":[{"field":"code","op":"in","value":["1","3"]}]},"sort":[{"field":"code","desc":true}],"count":"exact"}`, Want: `{"count":2,"records":[{"code":"3"},{"code":"1"}]}`},
		Scenario{As: "admin", Method: "POST", URL: customers + "/query", Body: `{"view":"all","filter":"code != \"3\""}`, Want: `{"records":[{"code":"2"}]}`},
		Scenario{As: "admin", Method: "POST", URL: customers + "/query", Body: `{"view":"nope"}`, Status: 404},
		Scenario{As: "admin", Method: "POST", URL: customers + "/query", Body: `{"filter":"nme == 1"}`, Status: 422, Code: "expr.unknown_name"},
		Scenario{As: "admin", Method: "POST", URL: customers + "/query", Body: `{"filter":{"field":"code","op":"$ne","value":1}}`, Status: 422},
		Scenario{As: "admin", URL: customers + "?limit=501", Status: 422, Code: "query.limit"},
		Scenario{As: "admin", URL: customers + "?sort=a,b,c,d,e,f", Status: 429, Code: "records.limit"},
		Scenario{As: "admin", Method: "POST", URL: customers + "/aggregate", Body: `{"group_by":[{"field":"level"}],"measures":[{"fn":"count","as":"n"}],"order":"-n"}`, Want: `{"rows":[{"level":"b","n":2},{"level":"a","n":1}]}`},
		Scenario{As: "admin", Method: "POST", URL: orders + "/evaluate", Body: `{"values":{"items":[{"name":"a","qty":2,"price":1.5}]}}`, Want: `{"values":{"total":3},"faults":[]}`},
		Scenario{As: "admin", Method: "POST", URL: customers + "/bulk", Body: `{"select":{"query":{"filter":"level == \"b\""},"except":[]},"set":{"level":"a"}}`, Want: `{"count":2}`, Save: map[string]string{"bulk": "operation"}},
		Scenario{As: "admin", Method: "POST", URL: customers + "/bulk", Body: `{"select":{},"delete":true}`, Status: 422},
		Scenario{As: "admin", URL: "/api/v1/apps/{{shop}}/operations", Want: `{"items":[{"id":"{{bulk}}","kind":"bulk","label":{"zh-CN":"修改客户"},"count":2,"undone":false},{"id":"{{op}}","label":{"zh-CN":"新增客户"}}]}`},
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/operations/{{bulk}}/undo", Want: `{"reverted":2,"kept":[]}`},
		Scenario{Name: "undone once", As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/operations/{{bulk}}/undo", Status: 409},
		Scenario{Name: "all or none", As: "admin", Method: "POST", URL: customers + "/batch", Body: `{"ops":[{"op":"create","values":{"name":"丁"}},{"op":"create","values":{"name":"戊","code":"1"}}]}`, Status: 409},
		Scenario{As: "admin", URL: customers + "?count=exact&limit=1", Want: `{"count":3}`},
		Scenario{Name: "each on its own", As: "admin", Method: "POST", URL: customers + "/batch", Body: `{"atomic":false,"ops":[{"op":"create","values":{"name":"丁"}},{"op":"create","values":{"name":"戊","code":"1"}}]}`, Want: `{"results":[{"op":"create","rev":1},{"error":{"status":409}}]}`},
		Scenario{As: "admin", Method: "POST", URL: customers + "/batch", Body: `{"ops":[{"op":"create","values":{"name":"壬"}}]}`, Save: map[string]string{"long": "operation"}},
		Scenario{Name: "an operation goes on", As: "admin", Method: "POST", URL: customers + "/batch", Body: `{"operation":"{{long}}","ops":[{"op":"create","values":{"name":"癸"}}]}`, Want: `{"operation":"{{long}}"}`},
		Scenario{Name: "somebody else's does not", As: "bo", Method: "POST", URL: customers + "/batch", Body: `{"operation":"{{long}}","ops":[{"op":"create","values":{"name":"子"}}]}`, Status: 403, Code: "operation.owner"},
		Scenario{Name: "nor one that never was", As: "admin", Method: "POST", URL: customers + "/batch", Body: `{"operation":"abc","ops":[{"op":"create","values":{"name":"子"}}]}`, Status: 404, Code: "operation.unknown"},
		Scenario{Name: "and is undone as one", As: "admin", Method: "POST", URL: "/api/v1/apps/{{shop}}/operations/{{long}}/undo", Want: `{"reverted":2,"kept":[]}`},
		Scenario{Name: "not after that", As: "admin", Method: "POST", URL: customers + "/batch", Body: `{"operation":"{{long}}","ops":[{"op":"create","values":{"name":"子"}}]}`, Status: 409, Code: "operation.undone"},
		Scenario{Name: "upsert", As: "admin", Method: "POST", URL: customers + "/batch", Body: `{"ops":[{"op":"upsert","match":["code"],"values":{"code":"1","name":"甲改名"}}]}`, Want: `{"results":[{"id":"{{c}}","op":"update"}]}`},
	)
}

func TestRecords_idempotencyUnderConcurrency(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	ids := make([]string, 6)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			a := k.Send(Scenario{As: "admin", Method: "POST", URL: customers, Headers: map[string]string{"Idempotency-Key": "same"}, Body: `{"name":"一次"}`})
			if a.Status == 201 {
				ids[i] = a.Text("id")
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id == "" || id != ids[0] {
			t.Fatalf("made %q", ids)
		}
	}
	k.Do(Scenario{As: "admin", URL: customers + "?count=exact", Want: `{"count":1}`})
}

func TestRecords_followRoles(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	k.Join("ed")
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: customers, Body: `{"name":"李的","code":"SECRET1","phone":"13800138000","owner":"{{li}}"}`, Status: 201, Save: map[string]string{"mine": "id"}},
		Scenario{As: "admin", Method: "POST", URL: customers, Body: `{"name":"别人的","code":"SECRET2"}`, Status: 201, Save: map[string]string{"other": "id"}},
		Scenario{As: "li", URL: customers, Want: `{"records":[{"id":"{{mine}}","phone":"138****8000"}]}`, Absent: []string{"SECRET", "别人的"}},
		Scenario{As: "li", URL: customers + "/{{other}}", Status: 404},
		Scenario{As: "li", URL: customers + "/{{other}}/history", Status: 404},
		Scenario{As: "li", URL: customers + "/{{other}}/comments", Status: 404},
		Scenario{As: "li", URL: customers + "/{{other}}/related", Status: 404},
		Scenario{As: "li", URL: customers + "/{{other}}/tasks", Status: 404},
		Scenario{As: "li", URL: customers + "/{{other}}/why", Status: 404},
		Scenario{As: "li", Method: "POST", URL: customers + "/{{other}}/comments", Body: `{"text":"x"}`, Status: 404},
		Scenario{As: "li", Method: "PATCH", URL: customers + "/{{other}}", Body: `{"name":"x"}`, Status: 404},
		Scenario{As: "li", Method: "DELETE", URL: customers + "/{{mine}}", Status: 403},
		Scenario{As: "li", Method: "DELETE", URL: customers + "/{{mine}}?purge=true", Status: 403},
		Scenario{Name: "no filter over a hidden field", As: "li", URL: customers + "?filter=code+startsWith+%22S%22", Status: 403},
		Scenario{Name: "nor an order", As: "li", URL: customers + "?sort=code", Status: 403},
		Scenario{As: "li", URL: customers + "/{{mine}}/history", Absent: []string{"SECRET"}},
		Scenario{Name: "why: a masked field", As: "li", URL: customers + "/{{mine}}/why?field=phone", Want: `{"visible":true,"field_level":"partial"}`, Absent: []string{"me()"}},
		Scenario{Name: "why: a hidden field is not there", As: "li", URL: customers + "/{{mine}}/why?field=code", Status: 422, Code: "definition.field"},
		Scenario{Name: "why: as a member", As: "admin", URL: customers + "/{{other}}/why?view_as={{li}}", Want: `{"visible":false,"reasons":[{"role":"Sales"}]}`},
		Scenario{Name: "why: with the field", As: "admin", URL: customers + "/{{mine}}/why?field=code&view_as={{li}}", Want: `{"visible":true,"field_level":"hidden","record":{"id":"{{mine}}"}}`},
		Scenario{Name: "view_as is for builders", As: "li", URL: customers + "/{{mine}}/why?view_as={{admin}}", Status: 403},
		Scenario{Name: "who sees a record", As: "admin", URL: customers + "/{{mine}}/readers", Want: `{"items":[{"id":"{{li}}","name":"li","admin":false,"change":true,"roles":[{"en-US":"Sales"}]},{"admin":true,"change":true,"roles":[]}],"asked":3,"of":3}`},
		Scenario{Name: "not those whose roles do not reach it", As: "admin", URL: customers + "/{{other}}/readers", Want: `{"items":[{"admin":true}]}`, Absent: []string{`"{{li}}"`}},
		Scenario{Name: "from there on", As: "admin", URL: customers + "/{{mine}}/readers?from=3", Want: `{"items":[],"asked":3,"of":3}`},
		Scenario{Name: "who sees a record is for builders", As: "li", URL: customers + "/{{mine}}/readers", Status: 403},
		Scenario{Name: "without a role nothing", As: "ed", URL: customers, Status: 403},
		Scenario{As: "li", URL: "/api/v1/workspaces/{{ws}}/recycle-bin", Status: 403},
	)
}

func TestComments_tellThoseWhoMaySee(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	k.Join("ed")
	const at = customers + "/{{c}}/comments"
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: customers, Body: `{"name":"云图","owner":"{{li}}"}`, Status: 201, Save: map[string]string{"c": "id"}},
		Scenario{As: "admin", Method: "POST", URL: at, Body: `{"text":" 看一下 <script> ","mentions":["{{li}}","{{ed}}"]}`, Status: 201, Want: `{"text":"看一下 <script>","created_by":{"name":"管理员"},"not_told":["{{ed}}"]}`, Save: map[string]string{"x": "id"}},
		Scenario{As: "admin", Method: "POST", URL: at, Body: `{"text":"  "}`, Status: 422},
		Scenario{As: "li", URL: at, Want: `{"items":[{"id":"{{x}}"}]}`},
		Scenario{As: "li", URL: "/api/v1/notifications?unread=true", Want: `{"items":[{"kind":"mention","record_id":"{{c}}","read":false}]}`, Save: map[string]string{"n": "items.0.id"}},
		Scenario{Name: "who may not see is not told", As: "ed", URL: "/api/v1/notifications", Want: `{"items":[]}`},
		Scenario{As: "li", URL: "/api/v1/bootstrap", Want: `{"unread":1}`},
		Scenario{As: "ed", Method: "POST", URL: "/api/v1/notifications/read", Body: `{"ids":["{{n}}"]}`, Status: 204},
		Scenario{Name: "only one's own", As: "li", URL: "/api/v1/bootstrap", Want: `{"unread":1}`},
		Scenario{As: "li", Method: "POST", URL: "/api/v1/notifications/read", Body: `{"all":true}`, Status: 204},
		Scenario{As: "li", URL: "/api/v1/bootstrap", Want: `{"unread":0}`},
		Scenario{Name: "not another's", As: "li", Method: "PATCH", URL: at + "/{{x}}", Body: `{"text":"y"}`, Status: 404},
		Scenario{As: "admin", Method: "PATCH", URL: at + "/{{x}}", Body: `{"text":"y"}`, Want: `{"text":"y","edited_at":"*"}`},
		Scenario{As: "li", Method: "DELETE", URL: at + "/{{x}}", Status: 404},
		Scenario{As: "admin", Method: "DELETE", URL: at + "/{{x}}", Status: 204},
		Scenario{As: "li", URL: at, Want: `{"items":[]}`},
	)
}

// upload makes a multipart body with one file.
func upload(name, content string) (body, contentType string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	p, _ := w.CreateFormFile("file", name)
	_, _ = p.Write([]byte(content))
	_ = w.Close()
	return b.String(), w.FormDataContentType()
}

func TestFiles_areForThoseWhoSeeTheRecord(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	body, kind := upload("../../合同 \"v1\".html", "<html><script>alert(1)</script></html>")
	k.Run(t,
		Scenario{As: "admin", Method: "POST", URL: "/api/v1/files?app={{shop}}", Type: kind, Body: body, Status: 201, Want: `{"name":"合同 v1.html","size":38,"type":"text/html"}`, Save: map[string]string{"f": "id"}},
		Scenario{Name: "no file", As: "admin", Method: "POST", URL: "/api/v1/files", Body: `{}`, Status: 415},
		Scenario{Name: "one's own", As: "admin", URL: "/api/v1/files/{{f}}"},
		Scenario{Name: "not another's", As: "li", URL: "/api/v1/files/{{f}}", Status: 404},
		Scenario{Name: "nor in another's record", As: "li", Method: "POST", URL: customers, Body: `{"name":"x","paper":[{"id":"{{f}}"}]}`, Status: 422},
		Scenario{As: "admin", Method: "POST", URL: customers, Body: `{"name":"云图","paper":[{"id":"{{f}}","name":"合同 v1.html","size":38,"type":"text/html"}]}`, Status: 201, Want: `{"paper":[{"id":"{{f}}","name":"合同 v1.html"}]}`, Save: map[string]string{"c": "id"}},
		Scenario{Name: "not through a record one does not see", As: "li", URL: "/api/v1/files/{{f}}?record={{c}}", Status: 404},
		Scenario{As: "admin", Method: "PATCH", URL: customers + "/{{c}}", Body: `{"owner":"{{li}}"}`},
		Scenario{Name: "through one that one sees", As: "li", URL: "/api/v1/files/{{f}}?record={{c}}"},
		Scenario{As: "li", URL: "/api/v1/files/" + strings.Repeat("0", 36), Status: 404},
	)
	a := k.Do(Scenario{As: "admin", URL: "/api/v1/files/{{f}}"})
	if got := a.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment;") || !strings.Contains(got, "filename*=UTF-8''%E5%90%88%E5%90%8C%20v1.html") {
		t.Errorf("disposition %q", got)
	}
	if got := a.Header.Get("Content-Type"); got != "application/octet-stream" {
		t.Errorf("a page is served as %q", got)
	}
}

// What a record says of its files is what was uploaded, in rows of a sub-form
// too, whatever the client says; and files of rows are kept and shown.
func TestFiles_areWhatWasUploaded(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("shop", shop)
	k.Join("li", "shop:sales")
	png := "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 100)
	small, smallKind := upload("小票.png", png)
	large, largeKind := upload("大图.png", png+strings.Repeat("y", 1<<20))
	const orders = "/api/v1/apps/{{shop}}/entities/order/records"
	k.Run(t,
		Scenario{As: "li", Method: "POST", URL: "/api/v1/files?app={{shop}}", Type: smallKind, Body: small, Status: 201, Save: map[string]string{"f": "id"}},
		Scenario{As: "li", Method: "POST", URL: "/api/v1/files?app={{shop}}", Type: largeKind, Body: large, Status: 201, Save: map[string]string{"g": "id"}},
		Scenario{Name: "the name alone", As: "li", Method: "POST", URL: customers, Body: `{"name":"甲","owner":"{{li}}","paper":[{"id":"{{f}}"}]}`, Status: 201, Want: `{"paper":[{"id":"{{f}}","name":"小票.png","size":108,"type":"image/png"}]}`},
		Scenario{Name: "a false name", As: "li", Method: "POST", URL: customers, Body: `{"name":"乙","owner":"{{li}}","paper":[{"id":"{{f}}","name":"工资.pdf","size":1,"type":"application/pdf"}]}`, Status: 201, Want: `{"paper":[{"name":"小票.png","size":108,"type":"image/png"}]}`},
		Scenario{Name: "in a row", As: "li", Method: "POST", URL: orders, Body: `{"items":[{"name":"笔","slip":[{"id":"{{f}}","name":"x.png"}]}]}`, Status: 201, Want: `{"items":[{"slip":[{"name":"小票.png"}]}]}`, Save: map[string]string{"o": "id"}},
		Scenario{Name: "too large, however it is called", As: "li", Method: "POST", URL: orders, Body: `{"items":[{"name":"笔","slip":[{"id":"{{g}}","name":"x.png","size":1,"type":"image/png"}]}]}`, Status: 422, Want: `{"errors":[{"path":"items/0/slip","code":"field.file.size"}]}`},
		Scenario{Name: "another's, in a row", As: "admin", Method: "POST", URL: orders, Body: `{"items":[{"name":"笔","slip":[{"id":"{{f}}"}]}]}`, Status: 422, Want: `{"errors":[{"path":"items/0/slip"}]}`},
		Scenario{Name: "seen through the row", As: "admin", URL: "/api/v1/files/{{f}}?record={{o}}"},
		Scenario{Name: "kept by who did not upload it", As: "admin", Method: "PATCH", URL: orders + "/{{o}}", Body: `{"items":[{"name":"墨","slip":[{"id":"{{f}}"}]}]}`, Want: `{"items":[{"name":"墨","slip":[{"name":"小票.png"}]}]}`},
	)
}

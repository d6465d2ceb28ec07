package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"tenon/engine"
	"tenon/engine/cluster/clustertest"
	"tenon/engine/enginetest"
	"tenon/engine/query"
	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
)

func TestMain(m *testing.M) { os.Exit(clustertest.Run(m)) }

const shop = `{
 "app":{"key":"shop","name":{"zh-CN":"商店","en-US":"Shop"},"params":[{"key":"big","name":"大单","type":"number","value":1000}]},
 "entities":[
  {"key":"customer","name":{"zh-CN":"客户","en-US":"Customer"},"title":"{name}","fields":[
    {"key":"name","name":"名称","type":"text","required":true},
    {"key":"code","name":"代码","type":"text","unique":true},
    {"key":"phone","name":"电话","type":"phone"},
    {"key":"level","name":"级别","type":"select","options":{"choices":[{"key":"a","label":"甲"},{"key":"b","label":"乙"}]},"default":{"value":"b"}},
    {"key":"order_count","name":"订单数","type":"rollup","options":{"entity":"order","via":"customer","fn":"count"}},
    {"key":"order_amount","name":"订单额","type":"rollup","options":{"entity":"order","via":"customer","fn":"sum","field":"total","filter":"it.status != \"void\""}},
    {"key":"is_big","name":"大客户","type":"formula","options":{"expr":"order_amount >= setting(\"big\")","result":"bool"}}]},
  {"key":"order","name":{"zh-CN":"订单","en-US":"Order"},"title":"{no}","fields":[
    {"key":"no","name":"单号","type":"serial","options":{"pattern":"DD{yyyyMMdd}{0000}","reset":"day"}},
    {"key":"customer","name":"客户","type":"link","options":{"entity":"customer"}},
    {"key":"customer_name","name":"客户名","type":"lookup","options":{"link":"customer","field":"name"}},
    {"key":"status","name":"状态","type":"select","options":{"choices":[{"key":"open","label":"进行"},{"key":"void","label":"作废"}]},"default":{"value":"open"}},
    {"key":"date","name":"日期","type":"date","default":{"formula":"today()"}},
    {"key":"items","name":"明细","type":"subform","fields":[
      {"key":"name","name":"品名","type":"text","required":true},
      {"key":"qty","name":"数量","type":"number"},
      {"key":"price","name":"单价","type":"money"},
      {"key":"amount","name":"金额","type":"formula","options":{"expr":"qty * price","result":"number"}}]},
    {"key":"total","name":"合计","type":"formula","options":{"expr":"SUM(items.amount)","result":"number"}}],
   "checks":[{"when":"total > 100000","message":{"zh-CN":"金额过大","en-US":"Too large"}}]}],
 "roles":[
  {"key":"sales","name":"销售","grants":[
    {"entity":"customer","ops":["create","read","update"],"filter":"owner == me()","fields":[{"field":"phone","rule":"partial","when":"level == \"a\""},{"field":"code","rule":"hidden"}]},
    {"entity":"order","ops":["create","read"]}]}]}`

func show(t *testing.T, m map[string]any, want map[string]string) {
	t.Helper()
	for k, v := range want {
		if got := enginetest.Show(m, k); got != v {
			t.Errorf("%s = %s, want %s", k, got, v)
		}
	}
}

func TestEngine_recordsComputeAcrossEntities(t *testing.T) {
	t.Parallel()
	k := enginetest.New(t)
	app := k.App(shop)
	c := k.Create(k.Admin, app, "customer", `{"name":"云图科技","code":"C1","phone":"138 0013 8000"}`)
	show(t, k.Record(k.Admin, app, "customer", c), map[string]string{"level": `"b"`, "phone": `"13800138000"`, "order_count": "0", "order_amount": "0", "is_big": "false", "_title": `"云图科技"`})
	o := k.Create(k.Admin, app, "order", `{"customer":"`+c+`","items":[{"name":"榫","qty":3,"price":0.1},{"name":"卯","qty":1,"price":"999.70"}]}`)
	show(t, k.Record(k.Admin, app, "order", o), map[string]string{"no": `"DD202611220001"`, "customer_name": `"云图科技"`, "total": "1000", "status": `"open"`, "date": `"2026-11-22"`})
	show(t, k.Record(k.Admin, app, "customer", c), map[string]string{"order_count": "1", "order_amount": "1000", "is_big": "true", "rev": "1"})
	if err := k.Update(k.Admin, app, "customer", c, `{"name":"云图"}`); err != nil {
		t.Fatal(err)
	}
	show(t, k.Record(k.Admin, app, "order", o), map[string]string{"customer_name": `"云图"`, "rev": "1"})
	if err := k.Update(k.Admin, app, "order", o, `{"status":"void"}`); err != nil {
		t.Fatal(err)
	}
	show(t, k.Record(k.Admin, app, "customer", c), map[string]string{"order_count": "1", "order_amount": "0", "is_big": "false"})
	if err := k.Delete(k.Admin, app, "order", o); err != nil {
		t.Fatal(err)
	}
	show(t, k.Record(k.Admin, app, "customer", c), map[string]string{"order_count": "0"})
	if _, err := k.Write(context.Background(), k.Admin, app, []record.Op{{Kind: "restore", Entity: "order", ID: o}}, record.Options{}); err != nil {
		t.Fatal(err)
	}
	show(t, k.Record(k.Admin, app, "customer", c), map[string]string{"order_count": "1"})
}

func TestEngine_faultsAreComplete(t *testing.T) {
	t.Parallel()
	k := enginetest.New(t)
	app := k.App(shop)
	_, err := k.Write(context.Background(), k.Admin, app, []record.Op{{Kind: "create", Entity: "customer", Path: "ops/0",
		Values: enginetest.Decode(t, `{"phone":"abc","level":"zz","nmae":"x"}`)}}, record.Options{})
	got := map[string]string{}
	for _, f := range fault.Of(err) {
		got[f.Path] = f.Code
	}
	for _, p := range []string{"ops/0/phone", "ops/0/level", "ops/0/nmae"} {
		if got[p] == "" {
			t.Errorf("no fault at %s in %v", p, got)
		}
	}
	k.Create(k.Admin, app, "customer", `{"name":"甲","code":"X"}`)
	_, err = k.Write(context.Background(), k.Admin, app, []record.Op{{Kind: "create", Entity: "customer", Values: enginetest.Decode(t, `{"name":"乙","code":"X"}`)}}, record.Options{})
	if fault.CodeOf(err) != "record.unique" || fault.Of(err)[0].Path != "code" {
		t.Errorf("unique: %v", err)
	}
	_, err = k.Write(context.Background(), k.Admin, app, []record.Op{{Kind: "create", Entity: "order", Values: enginetest.Decode(t, `{"items":[{"name":"x","qty":1,"price":100001},{"qty":2}]}`)}}, record.Options{})
	codes := map[string]bool{}
	for _, f := range fault.Of(err) {
		codes[f.Path+" "+f.Code] = true
	}
	if !codes["items/1/name record.required"] || !codes[" record.check"] {
		t.Errorf("sub-form: %v", err)
	}
}

func TestEngine_rightsOnEveryPath(t *testing.T) {
	t.Parallel()
	k := enginetest.New(t)
	app := k.App(shop)
	sales := k.Grant(app, k.Member("小李"), "sales")
	mine := k.Create(k.Admin, app, "customer", `{"name":"我的","code":"M1","phone":"13800138000","level":"a","owner":"`+sales.ID+`"}`)
	other := k.Create(k.Admin, app, "customer", `{"name":"别人的","code":"M2"}`)
	show(t, k.Record(sales, app, "customer", mine), map[string]string{"phone": `"138****8000"`, "code": "<absent>", "name": `"我的"`})
	if _, _, err := k.Get(context.Background(), sales, app, "customer", other, nil, nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("other: %v", err)
	}
	if err := k.Update(sales, app, "customer", other, `{"name":"x"}`); fault.KindOf(err) != fault.NotFound {
		t.Errorf("update other: %v", err)
	}
	if err := k.Update(sales, app, "customer", mine, `{"code":"Z"}`); fault.CodeOf(err) != "access.field" {
		t.Errorf("update hidden: %v", err)
	}
	if err := k.Delete(sales, app, "customer", mine); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("delete: %v", err)
	}
	o1 := k.Create(k.Admin, app, "order", `{"customer":"`+mine+`"}`)
	k.Create(k.Admin, app, "order", `{"customer":"`+other+`"}`)
	page, err := k.List(context.Background(), sales, app, "order", engine.ListRequest{Request: query.Request{Filter: `customer.name contains "的"`, Count: true}})
	if err != nil {
		t.Fatal(err)
	}
	if m := enginetest.Decode(t, string(page)); enginetest.Show(m, "count") != "1" || enginetest.Show(m["records"].([]any)[0].(map[string]any), "id") != `"`+o1+`"` {
		t.Errorf("filter through a link leaks: %s", page)
	}
	for _, q := range []query.Request{{Filter: `code == "M1"`}, {Sort: []query.Sort{{Field: "code"}}}} {
		if _, err := k.List(context.Background(), sales, app, "customer", engine.ListRequest{Request: q}); fault.CodeOf(err) != "access.hidden_field" {
			t.Errorf("hidden field usable: %v", err)
		}
	}
	if _, err := k.Aggregate(context.Background(), sales, app, "customer", query.AggregateRequest{GroupBy: []query.Group{{Field: "code"}}}); fault.CodeOf(err) != "access.hidden_field" {
		t.Errorf("group by hidden: %v", err)
	}
	b, err := k.Aggregate(context.Background(), sales, app, "customer", query.AggregateRequest{})
	if err != nil || string(b) != `{"rows":[{"count":1}],"_names":{}}` {
		t.Errorf("aggregate: %s %v", b, err)
	}
}

func TestEngine_searchFilterSortPage(t *testing.T) {
	t.Parallel()
	k := enginetest.New(t)
	app := k.App(shop)
	for _, n := range []string{"上海云图科技有限公司", "北京海云贸易", "广州图云信息", "深圳ABC公司"} {
		k.Create(k.Admin, app, "customer", `{"name":"`+n+`"}`)
	}
	for term, want := range map[string]int{"云图": 1, "云": 3, "abc": 1, "有限公司": 1, "云 海": 2, "ＡＢＣ": 1, "没有": 0} {
		page, err := k.List(context.Background(), k.Admin, app, "customer", engine.ListRequest{Request: query.Request{Search: term}})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(enginetest.Decode(t, string(page))["records"].([]any)); got != want {
			t.Errorf("search %s: %d, want %d", term, got, want)
		}
	}
	var names []string
	cursor := ""
	for {
		page, err := k.List(context.Background(), k.Admin, app, "customer", engine.ListRequest{Request: query.Request{Sort: []query.Sort{{Field: "code"}, {Field: "name"}}, Limit: 1, Cursor: cursor}})
		if err != nil {
			t.Fatal(err)
		}
		m := enginetest.Decode(t, string(page))
		names = append(names, m["records"].([]any)[0].(map[string]any)["name"].(string))
		cursor, _ = m["next_cursor"].(string)
		if cursor == "" {
			break
		}
	}
	if len(names) != 4 {
		t.Errorf("paged %v", names)
	}
	f, err := query.FilterText(enginetest.Decode(t, `{"and":[{"field":"name","op":"contains","value":"云"},{"or":[{"field":"level","op":"in","value":["b"]},{"field":"order_count","op":"gt","value":3}]},{"field":"created_at","op":"today"}]}`), mustEntity(t, k, app, "customer"))
	if err != nil {
		t.Fatal(err)
	}
	page, err := k.List(context.Background(), k.Admin, app, "customer", engine.ListRequest{Request: query.Request{Filter: f}})
	if err != nil || len(enginetest.Decode(t, string(page))["records"].([]any)) != 3 {
		t.Errorf("tree filter %s: %s %v", f, page, err)
	}
}

// A bulk change goes back in batches: what cannot go back stays alone, also
// when it is the database that refuses.
func TestEngine_undoKeepsWhatCannotGoBack(t *testing.T) {
	t.Parallel()
	k := enginetest.New(t)
	app := k.App(shop)
	ctx := context.Background()
	var ops []record.Op
	for i := range 1100 {
		id := enginetest.NewID()
		ops = append(ops, record.Op{Kind: "create", Entity: "customer", ID: id, Values: enginetest.Values{"name": fmt.Sprint("n", i), "code": fmt.Sprint("c", i)}})
	}
	if _, err := k.Write(ctx, k.Admin, app, ops, record.Options{}); err != nil {
		t.Fatal(err)
	}
	op := enginetest.NewID()
	for i := range ops {
		ops[i] = record.Op{Kind: "update", Entity: "customer", ID: ops[i].ID, Values: enginetest.Values{"name": "all"}}
	}
	if _, err := k.Write(ctx, k.Admin, app, ops, record.Options{Operation: op, Kind: "bulk"}); err != nil {
		t.Fatal(err)
	}
	for i := range ops {
		ops[i] = record.Op{Kind: "delete", Entity: "customer", ID: ops[i].ID}
	}
	if _, err := k.Write(ctx, k.Admin, app, ops, record.Options{Operation: op, Kind: "bulk"}); err != nil {
		t.Fatal(err)
	}
	k.Create(k.Admin, app, "customer", `{"name":"faster","code":"c7"}`)
	res, err := k.Undo(ctx, k.Admin, app, op)
	// The one that stays in the bin cannot get its name back either.
	if err != nil || res.Reverted != 2*1099 || len(res.Kept) != 2 || res.Kept[0].ID != ops[7].ID || res.Kept[0].Reason != "denied" {
		t.Fatalf("undo: %d %+v %v", res.Reverted, res.Kept, err)
	}
	show(t, k.Record(k.Admin, app, "customer", ops[8].ID), map[string]string{"name": `"n8"`, "rev": "5"})
}

func TestEngine_undoStepByStep(t *testing.T) {
	t.Parallel()
	k := enginetest.New(t)
	app := k.App(shop)
	ctx := context.Background()
	c := k.Create(k.Admin, app, "customer", `{"name":"一"}`)
	change := func(name string) string {
		t.Helper()
		op := enginetest.NewID()
		if _, err := k.Write(ctx, k.Admin, app, []record.Op{{Kind: "update", Entity: "customer", ID: c, Values: enginetest.Values{"name": name}}}, record.Options{Operation: op, Kind: "batch"}); err != nil {
			t.Fatal(err)
		}
		return op
	}
	undo := func(op string, reverted int, name string) string {
		t.Helper()
		res, err := k.Undo(ctx, k.Admin, app, op)
		if err != nil || res.Reverted != reverted || len(res.Kept) != 1-reverted {
			t.Fatalf("undo: %+v %v", res, err)
		}
		show(t, k.Record(k.Admin, app, "customer", c), map[string]string{"name": name})
		return res.Operation
	}
	two, three, four := change("二"), change("三"), change("四")
	// The last change first; each earlier one finds what it left.
	back := undo(four, 1, `"三"`)
	// Done again and taken back again, it is as if nothing had been.
	undo(undo(back, 1, `"四"`), 1, `"三"`)
	undo(three, 1, `"二"`)
	// Between them somebody else's word: what they see stays.
	if err := k.Update(k.Admin, app, "customer", c, `{"name":"别"}`); err != nil {
		t.Fatal(err)
	}
	undo(two, 0, `"别"`)

	// An operation that was undone in vain does not count as taken back.
	five, six := change("五"), change("六")
	seven := change("七")
	undo(six, 0, `"七"`)
	undo(seven, 1, `"六"`)
	undo(five, 0, `"六"`)
}

func TestEngine_historyAndUndo(t *testing.T) {
	t.Parallel()
	k := enginetest.New(t)
	app := k.App(shop)
	ctx := context.Background()
	c := k.Create(k.Admin, app, "customer", `{"name":"甲"}`)
	d := k.Create(k.Admin, app, "customer", `{"name":"乙"}`)
	op := enginetest.NewID()
	if _, err := k.Write(ctx, k.Admin, app, []record.Op{
		{Kind: "update", Entity: "customer", ID: c, Values: enginetest.Values{"name": "甲2"}}, {Kind: "update", Entity: "customer", ID: d, Values: enginetest.Values{"name": "乙2"}},
		{Kind: "create", Entity: "customer", Values: enginetest.Values{"name": "丙"}}}, record.Options{Operation: op, Kind: "bulk"}); err != nil {
		t.Fatal(err)
	}
	if err := k.Update(k.Admin, app, "customer", d, `{"name":"乙3"}`); err != nil {
		t.Fatal(err)
	}
	h, err := k.History(ctx, k.Admin, app, "customer", d, 0, 0)
	if err != nil || len(h) != 3 || h[0].Changes[0].BeforeText != "乙2" || h[0].Changes[0].AfterText != "乙3" || h[1].Changes[0].AfterText != "乙2" {
		t.Fatalf("history: %+v %v", h, err)
	}
	res, err := k.Undo(ctx, k.Admin, app, op)
	if err != nil || res.Reverted != 2 || len(res.Kept) != 1 || res.Kept[0].ID != d {
		t.Fatalf("undo: %+v %v", res, err)
	}
	show(t, k.Record(k.Admin, app, "customer", c), map[string]string{"name": `"甲"`})
	show(t, k.Record(k.Admin, app, "customer", d), map[string]string{"name": `"乙3"`})
	if _, err := k.Undo(ctx, k.Admin, app, op); fault.CodeOf(err) != "operation.undone" {
		t.Errorf("undo twice: %v", err)
	}
}

// Member fields start with whoever makes the record where they say so, and take
// only the people they offer; retired choices stay, but are not chosen again.
func TestEngine_choicesAreThoseOffered(t *testing.T) {
	k := enginetest.New(t)
	const def = `{"app":{"key":"team","name":"队"},"entities":[{"key":"job","name":"活","title":"{what}","fields":[
	 {"key":"what","name":"什么","type":"text"},
	 {"key":"by","name":"经办","type":"member","options":{"default_me":true}},
	 {"key":"boss","name":"负责","type":"member","options":{"roles":["lead"]}},
	 {"key":"state","name":"状态","type":"select","options":{"choices":[{"key":"on","label":"开"},{"key":"old","label":"旧"%s}]}}]}],
	 "roles":[{"key":"lead","name":"组长","grants":[{"entity":"job","ops":["create","read","update"]}]}]}`
	app := k.App(fmt.Sprintf(def, ""))
	lead := k.Grant(app, k.Member("组长"), "lead")
	other := k.Member("别人")
	id := k.Create(lead, app, "job", `{"what":"a","boss":"`+lead.Member+`","state":"old"}`)
	if got := k.Record(k.Admin, app, "job", id)["by"]; got != lead.Member {
		t.Errorf("by %v, want whoever made it", got)
	}
	if err := k.Update(lead, app, "job", id, `{"boss":"`+other.Member+`"}`); fault.CodeOf(err) != "record.member_limit" {
		t.Errorf("a member who is not offered: %v", err)
	}
	var d schema.App
	if err := json.Unmarshal([]byte(fmt.Sprintf(def, `,"retired":true`)), &d); err != nil {
		t.Fatal(err)
	}
	k.Republish(app, &d)
	if err := k.Update(lead, app, "job", id, `{"what":"b","state":"old"}`); err != nil {
		t.Errorf("a retired choice that is there already: %v", err)
	}
	if err := k.Update(lead, app, "job", id, `{"state":"on"}`); err != nil {
		t.Fatal(err)
	}
	if err := k.Update(lead, app, "job", id, `{"state":"old"}`); fault.CodeOf(err) != "field.choice.retired" {
		t.Errorf("a retired choice was chosen again: %v", err)
	}
}

// A node that has not heard of a publish sends a whole write with the old
// version: the write is refused as one, and done again by the new version.
func TestEngine_writesMeetAPublish(t *testing.T) {
	k := enginetest.New(t)
	const def = `{"app":{"key":"team","name":"队"},"entities":[{"key":"job","name":"活","title":"{what}","fields":[{"key":"what","name":"什么","type":"text"%s}]}]}`
	app := k.App(fmt.Sprintf(def, ""))
	late := engine.New(k.DB, engine.Options{Now: k.Clock.Now, NewID: enginetest.NewID})
	create := func(values map[string]any) (string, error) {
		out, err := late.Write(t.Context(), k.Admin, app, []record.Op{{Kind: "create", Entity: "job", Values: values}}, record.Options{})
		if err != nil {
			return "", err
		}
		return out[0].ID, nil
	}
	version := func(id string) int64 {
		r, err := k.DB.One(t.Context(), "SELECT version FROM ws_main.history WHERE record = $1", store.UUID(id))
		if err != nil {
			t.Fatal(err)
		}
		return r.Int(0)
	}
	for i, required := range []string{"", `,"help":"x"`, `,"required":true`} {
		if i > 0 {
			var d schema.App
			if err := json.Unmarshal([]byte(fmt.Sprintf(def, required)), &d); err != nil {
				t.Fatal(err)
			}
			k.Republish(app, &d)
		}
		id, err := create(map[string]any{})
		if i == 2 {
			if fault.CodeOf(err) != "record.required" {
				t.Errorf("written by an old version: %v", err)
			}
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := version(id); got != int64(i+1) {
			t.Errorf("the write after publish %d is of version %d", i, got)
		}
	}
}

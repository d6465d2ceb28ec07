package api_test

import (
	"encoding/json"
	"testing"

	. "tenon/api/apitest"
)

// letters is an app whose rules write to people: in both languages, in words
// that are the same in both, and with a label that differs.
const letters = `{
 "app":{"key":"letters","name":{"zh-CN":"信","en-US":"Letters"}},
 "entities":[{"key":"memo","name":"便笺","title":"{text}","fields":[{"key":"text","name":"内容","type":"text","required":true}]},
  {"key":"deal","name":{"zh-CN":"单子","en-US":"Deal"},"title":"{name}","fields":[
    {"key":"name","name":"名称","type":"text"},
    {"key":"who","name":"谁","type":"members"},
    {"key":"stage","name":"阶段","type":"select","options":{"choices":[{"key":"won","label":{"zh-CN":"赢单","en-US":"Won"}},{"key":"lost","label":{"zh-CN":"输单","en-US":"Lost"}}]}}]}],
 "rules":[
  {"key":"tell","name":"告诉","entity":"deal","trigger":{"type":"created"},"condition":"stage != \"lost\"","steps":[
    {"id":"s1","type":"notify","options":{"to":"who","title":{"zh-CN":"成交了：{name}","en-US":"Closed: {name}"},"text":"{stage}"}},
    {"id":"s2","type":"create_task","options":{"assignees":"who","kind":"send","title":{"zh-CN":"发合同：{name}","en-US":"Send the contract: {name}"},"text":{"zh-CN":"阶段 {stage}","en-US":"Stage {stage}"}}},
    {"id":"s3","type":"send_email","options":{"to":"who","subject":{"zh-CN":"成交 {name}","en-US":"Closed {name}"},"body":{"zh-CN":"{stage}了","en-US":"It is {stage}"}}},
    {"id":"s4","type":"send_email","options":{"to":"\"out@example.com\"","subject":{"zh-CN":"成交 {name}","en-US":"Closed {name}"},"body":"{name}"}}]},
  {"key":"fails","name":{"zh-CN":"出错的规则","en-US":"The one that fails"},"entity":"deal","trigger":{"type":"created"},"condition":"stage == \"lost\"","steps":[
    {"id":"s1","type":"create_record","options":{"entity":"memo","set":{"text":"nil"}}}]}],
 "roles":[{"key":"all","name":"全","grants":[{"entity":"deal","ops":["create","read","update"]}]}]}`

// TestMessages_areReadInOnesOwnLanguage: what rules write to people is read by
// each in their own language, on the page and in mail.
func TestMessages_areReadInOnesOwnLanguage(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("letters", letters)
	k.Join("li", "letters:all")
	k.Join("ann", "letters:all")
	en, zh := map[string]string{"Accept-Language": "en-US"}, map[string]string{"Accept-Language": "zh-CN"}
	own := map[string]string{"Accept-Language": ""}
	const deals = "/api/v1/apps/{{letters}}/entities/deal/records"
	k.Run(t,
		Scenario{As: "ann", Method: "PATCH", URL: "/api/v1/me", Body: `{"locale":"en-US"}`},
		Scenario{As: "li", Method: "PATCH", URL: "/api/v1/me", Body: `{"locale":"zh-CN"}`},
		Scenario{As: "admin", Method: "POST", URL: deals, Body: `{"name":"云图","stage":"won","who":["{{li}}","{{ann}}"]}`, Status: 201, Save: map[string]string{"d": "id"}},
		Scenario{As: "admin", Method: "POST", URL: deals, Body: `{"name":"X","stage":"lost"}`, Status: 201},
	)
	k.Drain()
	for _, who := range []string{"li", "ann"} { // the page's language, whoever looks
		k.Run(t,
			Scenario{As: who, Headers: en, URL: "/api/v1/tasks", Want: `{"items":[{"title":"Send the contract: 云图","text":"Stage Won"}]}`, Save: map[string]string{"t": "items.0.id"}},
			Scenario{As: who, Headers: zh, URL: "/api/v1/tasks", Want: `{"items":[{"title":"发合同：云图","text":"阶段 赢单"}]}`},
			Scenario{As: who, Headers: en, URL: "/api/v1/tasks/{{t}}", Want: `{"title":"Send the contract: 云图"}`},
			Scenario{As: who, Headers: en, URL: deals + "/{{d}}/tasks", Want: `{"items":[{"title":"Send the contract: 云图"}]}`},
		)
		for locale, want := range map[string]map[string]string{
			"en-US": {"rule": "Closed: 云图 / Won", "task": "Send the contract: 云图 / Stage Won"},
			"zh-CN": {"rule": "成交了：云图 / 赢单", "task": "发合同：云图 / 阶段 赢单"}} {
			var page struct {
				Items []struct{ Kind, Title, Text string }
			}
			read(t, k.Do(Scenario{As: who, Headers: map[string]string{"Accept-Language": locale}, URL: "/api/v1/notifications", Status: 200}), &page)
			if len(page.Items) != 2 {
				t.Fatalf("%s %s: %v", who, locale, page.Items)
			}
			for _, n := range page.Items {
				if got := n.Title + " / " + n.Text; got != want[n.Kind] {
					t.Errorf("%s %s %s: %s", who, locale, n.Kind, got)
				}
			}
		}
	}
	k.Run(t,
		Scenario{Name: "without a wish, one's own language", As: "ann", Headers: own, URL: "/api/v1/tasks", Want: `{"items":[{"title":"Send the contract: 云图"}]}`},
		Scenario{As: "li", Headers: own, URL: "/api/v1/tasks", Want: `{"items":[{"title":"发合同：云图"}]}`},
		Scenario{Name: "an administrator hears of a failure", As: "admin", Headers: en, URL: "/api/v1/notifications", Want: `{"items":[{"kind":"system","title":"An automation failed","text":"The one that fails: \"内容\" is required"}]}`},
		Scenario{As: "admin", Headers: zh, URL: "/api/v1/notifications", Want: `{"items":[{"kind":"system","title":"自动化规则执行失败","text":"出错的规则：请填写“内容”"}]}`},
	)
	var box struct {
		Items []struct {
			To      string `json:"to"`
			Subject string
			Body    string
		}
	}
	read(t, k.Do(Scenario{As: "admin", URL: "/api/v1/workspaces/{{ws}}/outbox", Status: 200}), &box)
	got := map[string]string{}
	for _, m := range box.Items {
		got[m.To] = m.Subject + " / " + m.Body
	}
	for to, want := range map[string]string{"li@example.com": "成交 云图 / 赢单了", "ann@example.com": "Closed 云图 / It is Won", "out@example.com": "成交 云图 / 云图"} {
		if got[to] != want {
			t.Errorf("mail to %s: %q, want %q", to, got[to], want)
		}
	}
}

func read(t *testing.T, a *Answer, v any) {
	t.Helper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		t.Fatal(err)
	}
}

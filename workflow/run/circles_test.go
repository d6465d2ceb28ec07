package run

import (
	"encoding/json"
	"strings"
	"testing"

	"tenon/schema"
)

const circlingApp = `{"app":{"key":"a","name":"A"},
 "entities":[
  {"key":"order","name":"订单","title":"{name}","fields":[
    {"key":"name","name":"名称","type":"text"},{"key":"state","name":"状态","type":"text"},{"key":"n","name":"数量","type":"number"},{"key":"price","name":"单价","type":"number"},
    {"key":"total","name":"总额","type":"number"},{"key":"twice","name":"两倍","type":"formula","options":{"expr":"n * 2","result":"number"}},{"key":"seen","name":"看过","type":"datetime"},
    {"key":"note","name":"便条","type":"link","options":{"entity":"note"}}]},
  {"key":"note","name":"便条","title":"{text}","fields":[{"key":"text","name":"内容","type":"text"},{"key":"count","name":"次数","type":"number"},{"key":"order","name":"订单","type":"link","options":{"entity":"order"}}]}],
 "rules":[RULES]}`

func TestCircles(t *testing.T) {
	t.Parallel()
	rule := func(key, entity, trigger, condition, steps string) string {
		b, _ := json.Marshal(condition)
		return `{"key":"` + key + `","name":"` + key + `","entity":"` + entity + `","trigger":` + trigger + `,"condition":` + string(b) + `,"steps":[` + steps + `]}`
	}
	set := func(field, expr string) string {
		b, _ := json.Marshal(map[string]any{"id": "s" + field, "type": "set_fields", "options": map[string]any{"set": map[string]string{field: expr}}})
		return string(b)
	}
	const updated, created, either = `{"type":"updated"}`, `{"type":"created"}`, `{"type":"created_or_updated"}`
	makeOrder := `{"id":"c","type":"create_record","options":{"entity":"order","set":{"name":"\"x\""}}}`
	makeNote := `{"id":"c","type":"create_record","options":{"entity":"note","set":{"text":"\"x\"","order":"record.id"}}}`
	touchNote := `{"id":"u","type":"update_record","options":{"record":"record.note","set":{"count":"it.count + 1"}}}`
	touchOrder := `{"id":"u","type":"update_record","options":{"record":"record.order","set":{"n":"it.n + 1"}}}`
	for _, x := range []struct {
		name, rules, want string
	}{
		{"a counter on any change", rule("A", "order", updated, "", set("n", "n + 1")), "A → A"},
		{"on the field it counts", rule("A", "order", `{"type":"updated","fields":["n"]}`, "", set("n", "n + 1")), "A → A"},
		{"on what is computed from it", rule("A", "order", `{"type":"updated","fields":["twice"]}`, "", set("n", "twice + 1")), "A → A"},
		{"the clock", rule("A", "order", either, "", set("seen", "now()")), "A → A"},
		{"in a branch", rule("A", "order", updated, "", `{"id":"b","type":"branch","options":{"if":"n > 1"},"steps":[`+set("n", "n + 1")+`]}`), "A → A"},
		{"on another field", rule("A", "order", `{"type":"updated","fields":["state"]}`, "", set("n", "n + 1")), ""},
		{"only when another field has changed", rule("A", "order", updated, `changed("state") and n > 0`, set("n", "n + 1")), ""},
		{"only when either of two others has", rule("A", "order", updated, `changed("state") or changed_to("name", "x")`, set("n", "n + 1")), ""},
		{"only when its own has", rule("A", "order", updated, `changed("n") or changed("state")`, set("n", "n + 1")), "A → A"},
		{"a constant", rule("A", "order", updated, "", set("state", `"done"`)), ""},
		{"computed from others", rule("A", "order", updated, "", set("total", "n * price")), ""},
		{"computed from what it writes", rule("A", "order", updated, "", set("n", "1")+","+set("total", "total + n")), "A → A"},
		{"a condition that ends before it", rule("A", "order", updated, `state == "new"`, set("state", `"done"`)+","+set("seen", "now()")), ""},
		{"a condition that may end before it", rule("A", "order", updated, `state == "new"`, `{"id":"b","type":"branch","options":{"if":"n > 1"},"steps":[`+set("state", `"done"`)+`]},`+set("seen", "now()")), "A → A"},
		{"both in one step", rule("A", "order", updated, `state == "new"`, `{"id":"s","type":"set_fields","options":{"set":{"state":"\"done\"","seen":"now()"}}}`), ""},
		{"blank only", rule("A", "order", updated, `seen == nil`, set("seen", "now()")), ""},
		{"when a condition becomes true", rule("A", "order", `{"type":"updated","enter":true}`, `n > 3`, set("n", "n + 1")), ""},
		{"created makes another", rule("A", "order", created, "", makeOrder), "A → A"},
		{"created makes another that does not fit", rule("A", "order", created, `state == "new"`, makeOrder), ""},
		{"created makes something else", rule("A", "order", created, "", makeNote), ""},
		{"a button", rule("A", "order", `{"type":"button","label":"x"}`, "", set("n", "n + 1")), ""},
		{"before saving", `{"key":"A","name":"A","entity":"order","mode":"validate","trigger":{"type":"updated"},"steps":[` + set("n", "n + 1") + `]}`, ""},
		{"switched off", `{"key":"A","name":"A","off":true,"entity":"order","trigger":{"type":"updated"},"steps":[` + set("n", "n + 1") + `]}`, ""},
		{"two forms", rule("A", "order", updated, "", touchNote) + "," + rule("B", "note", updated, "", touchOrder), "A → B → A; A → B → A"},
		{"two forms, one looks elsewhere", rule("A", "order", `{"type":"updated","fields":["state"]}`, "", touchNote) + "," + rule("B", "note", updated, "", touchOrder), ""},
		{"two constants against each other", rule("A", "order", updated, `state == "a"`, set("state", `"b"`)) + "," + rule("B", "order", updated, `state == "b"`, set("state", `"a"`)), "A → B → A; A → B → A"},
		{"one state after the other", rule("A", "order", updated, `state == "a"`, set("state", `"b"`)) + "," + rule("B", "order", updated, `state == "b"`, set("state", `"c"`)), ""},
		{"different states of one record", rule("A", "order", updated, `state == "a"`, set("n", "n + 1")+","+set("state", `"z"`)) + "," + rule("B", "order", updated, `state == "b"`, set("price", "n")), "A → A"},
		{"a bystander is not in the circle", rule("A", "order", updated, "", set("n", "n + 1")) + "," + rule("B", "order", updated, "", makeNote), "A → A"},
	} {
		var app schema.App
		if err := json.Unmarshal([]byte(strings.Replace(circlingApp, "RULES", x.rules, 1)), &app); err != nil {
			t.Fatal(x.name, err)
		}
		schema.Normalize(&app)
		m, faults := schema.Compile(&app)
		if l := append(faults, Check(m)...); len(l) > 0 {
			t.Errorf("%s: %v", x.name, l)
			continue
		}
		var got []string
		for _, c := range Circles(m) {
			en, zh := c.Text.In("en-US"), c.Text.In("zh-CN")
			path := en[strings.LastIndexAny(en[:strings.Index(en, "→")], `("`)+1 : strings.Index(en, "→")]
			rest := en[strings.Index(en, "→"):]
			path += rest[:strings.IndexAny(rest, `)"`)]
			if !strings.Contains(zh, path) || c.Severity != schema.Warns || c.DocKind != schema.DocRule || m.Rule(c.Doc) == nil {
				t.Errorf("%s: %+v", x.name, c)
			}
			got = append(got, path)
		}
		if strings.Join(got, "; ") != x.want {
			t.Errorf("%s: %q, want %q", x.name, strings.Join(got, "; "), x.want)
		}
	}
}

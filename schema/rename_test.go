package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tenon/schema"
	"tenon/templates"
)

const renameApp = `{"app":{"id":"app_1","key":"shop","name":"Shop","params":[{"key":"status","name":"S","type":"text","value":"x"}]},
"entities":[
 {"id":"ent_c","key":"customer","name":"C","title":"{name} · {status}","fields":[
  {"id":"f_name","key":"name","name":"N","type":"text"},
  {"id":"f_status","key":"status","name":"S","type":"select","options":{"choices":[{"key":"status","label":"status"},{"key":"won","label":"Won"}]},"required_when":"name != \"status\" and status == \"status\""},
  {"id":"f_sum","key":"sum","name":"Sum","type":"rollup","options":{"entity":"ent_o","via":"f_cust","fn":"sum","field":"f_total","filter":"it.status == \"open\" and it.customer.status == \"won\""}},
  {"id":"f_f","key":"f","name":"F","type":"formula","options":{"expr":"IF(status == \"won\", 'status', setting(\"status\"))","result":"text"}}],
  "checks":[{"id":"c1","when":"changed(\"status\") and changed_to('status', \"won\") and exists_record(\"order\", \"it.customer == record.id and it.status == \\\"status\\\" and record.status == 'won'\")","message":"no {status}"}]},
 {"id":"ent_o","key":"order","name":"O","title":"{status}","fields":[
  {"id":"f_ostatus","key":"status","name":"S","type":"text","default":{"formula":"\"status\" + TEXT(1, \"0\")"}},
  {"id":"f_cust","key":"customer","name":"C","type":"link","options":{"entity":"ent_c","filter":"it.status == status"}},
  {"id":"f_items","key":"items","name":"I","type":"subform","fields":[{"id":"f_qty","key":"qty","name":"Q","type":"number"},{"id":"f_istatus","key":"status","name":"S","type":"number"}]},
  {"id":"f_total","key":"total","name":"T","type":"formula","options":{"expr":"sum(items, .qty * .status) + SUM(items.status)","result":"number"}}]}],
"forms":[{"id":"frm","key":"f","entity":"ent_c","name":"F","layout":[],"rules":[{"id":"d","when":"status in [\"won\", \"status\"]","show":["f_name"]}]}],
"views":[{"id":"vew","key":"v","entity":"ent_o","name":"V","type":"grid","config":{"filter":"customer.status == \"won\" and status != nil"}}],
"dashboards":[{"id":"dsh","key":"d","name":"D","widgets":[{"id":"w","type":"kpi","title":"status","x":0,"y":0,"w":1,"h":1,"config":{"entity":"ent_c","filter":"status == \"won\"","measure":{"fn":"count"},"text":"status {status}"}}]}],
"rules":[{"id":"rul","key":"r","name":"R","entity":"ent_c","trigger":{"type":"updated"},"condition":"status == \"won\" and old.status != status and count_records(\"order\", \"it.status == record.status and status == 'x'\") > 0","steps":[
  {"id":"s1","type":"create_record","options":{"entity":"ent_o","as":"made","set":{"f_ostatus":"status","f_cust":"record.id"}}},
  {"id":"s2","type":"set_fields","when":"vars.made.status == \"x\"","options":{"set":{"f_name":"\"status\" + status"}}},
  {"id":"s3","type":"notify","options":{"to":"owner","title":"status","text":"{record.status} of {vars.made.status}: status"}},
  {"id":"s4","type":"loop","options":{"entity":"ent_c","where":"it.status == record.status","sort":"-status,name","as":"item"},"steps":[{"id":"s5","type":"update_record","options":{"entity":"ent_c","record":"vars.item","set":{"f_status":"vars.item.status"}}}]}]}],
"roles":[{"id":"rol","key":"a","name":"A","grants":[{"entity":"ent_c","ops":["read"],"filter":"status == \"won\"","fields":[{"field":"f_name","rule":"hidden","when":"status != \"won\""}]}]}]}`

func app(t *testing.T, text string) *schema.App {
	t.Helper()
	var a schema.App
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		t.Fatal(err)
	}
	if _, faults := schema.Compile(&a); len(faults) > 0 {
		t.Fatal(faults)
	}
	return &a
}

func TestRenameInExpressions_follows_the_field_and_nothing_else(t *testing.T) {
	t.Parallel()
	a := app(t, renameApp)
	docs := schema.RenameInExpressions(a, []schema.Rename{{Entity: "ent_c", Field: "f_status", From: "status", To: "stage"}})
	if got := strings.Join(docs, " "); got != "ent_c ent_o frm vew dsh rul rol" {
		t.Errorf("changed: %s", got)
	}
	if _, faults := schema.Compile(a); len(faults) > 0 {
		t.Error(faults)
	}
	c, o := a.Entities[0], a.Entities[1]
	var f, sum, link struct{ Expr, Filter string }
	for raw, into := range map[*json.RawMessage]any{&c.Fields[3].Options: &f, &c.Fields[2].Options: &sum, &o.Fields[1].Options: &link} {
		if err := json.Unmarshal(*raw, into); err != nil {
			t.Fatal(err)
		}
	}
	steps := a.Rules[0].Steps
	for what, pair := range map[string][2]string{
		"key":       {c.Fields[1].Key, "stage"},
		"other key": {o.Fields[0].Key, "status"},
		"title":     {c.Title, "{name} · {stage}"},
		"required":  {c.Fields[1].RequiredWhen, `name != "status" and stage == "status"`},
		"rollup":    {sum.Filter, `it.status == "open" and it.customer.stage == "won"`},
		"formula":   {f.Expr, `IF(stage == "won", 'status', setting("status"))`},
		"check":     {c.Checks[0].When, `changed("stage") and changed_to('stage', "won") and exists_record("order", "it.customer == record.id and it.status == \"status\" and record.stage == 'won'")`},
		"message":   {c.Checks[0].Message.EN, "no {stage}"},
		"default":   {o.Fields[0].Default.Formula, `"status" + TEXT(1, "0")`},
		"link":      {link.Filter, "it.stage == status"},
		"form":      {a.Forms[0].Rules[0].When, `stage in ["won", "status"]`},
		"view":      {a.Views[0].Config.Filter, `customer.stage == "won" and status != nil`},
		"condition": {a.Rules[0].Condition, `stage == "won" and old.stage != stage and count_records("order", "it.status == record.stage and stage == 'x'") > 0`},
		"when":      {steps[1].When, `vars.made.status == "x"`},
		"grant":     {a.Roles[0].Grants[0].Filter, `stage == "won"`},
		"mask":      {a.Roles[0].Grants[0].Fields[0].When, `stage != "won"`},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s:\n%s, want\n%s", what, pair[0], pair[1])
		}
	}
	for what, pair := range map[string][2]string{
		"widget": {string(a.Dashboards[0].Widgets[0].Config), `{"entity":"ent_c","filter":"stage == \"won\"","measure":{"fn":"count"},"text":"status {stage}"}`},
		"create": {string(steps[0].Options), `{"as":"made","entity":"ent_o","set":{"f_cust":"record.id","f_ostatus":"stage"}}`},
		"set":    {string(steps[1].Options), `{"set":{"f_name":"\"status\" + stage"}}`},
		"notify": {string(steps[2].Options), `{"text":"{record.stage} of {vars.made.status}: status","title":"status","to":"owner"}`},
		"loop":   {string(steps[3].Options), `{"as":"item","entity":"ent_c","sort":"-stage,name","where":"it.stage == record.stage"}`},
		"inner":  {string(steps[3].Steps[0].Options), `{"entity":"ent_c","record":"vars.item","set":{"f_status":"vars.item.stage"}}`},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s:\n%s, want\n%s", what, pair[0], pair[1])
		}
	}
}

func TestRenameInExpressions_exchanges_keys_and_renames_columns_and_entities(t *testing.T) {
	t.Parallel()
	a := app(t, renameApp)
	schema.RenameInExpressions(a, []schema.Rename{
		{Entity: "ent_o", Field: "f_qty", From: "qty", To: "status"}, {Entity: "ent_o", Field: "f_istatus", From: "status", To: "qty"},
		{Entity: "ent_o", From: "order", To: "deal"}, {Entity: "ent_o", Field: "f_items", From: "items", To: "rows"}})
	if _, faults := schema.Compile(a); len(faults) > 0 {
		t.Error(faults)
	}
	var f struct{ Expr string }
	if err := json.Unmarshal(a.Entities[1].Fields[3].Options, &f); err != nil || f.Expr != "sum(rows, .status * .qty) + SUM(rows.qty)" {
		t.Errorf("formula: %s %v", f.Expr, err)
	}
	if got := a.Rules[0].Condition; !strings.Contains(got, `count_records("deal", "it.status == record.status and status == 'x'")`) {
		t.Errorf("condition: %s", got)
	}
	if a.Entities[1].Key != "deal" {
		t.Error("the entity keeps its key")
	}
}

// TestRenameInExpressions_keeps_the_template_sound renames entities of the
// template with all their fields: the app compiles as before.
func TestRenameInExpressions_keeps_the_template_sound(t *testing.T) {
	t.Parallel()
	tpl, err := templates.Open("crm_lifecycle")
	if err != nil {
		t.Fatal(err)
	}
	schema.Normalize(tpl.App)
	raw, err := json.Marshal(tpl.App)
	if err != nil {
		t.Fatal(err)
	}
	_, before := schema.Compile(tpl.App)
	if len(before) > 0 {
		t.Fatal(before)
	}
	n := 0
	for i, e := range tpl.App.Entities {
		if i%4 != 1 && e.Key != "customer" { // it takes a while
			continue
		}
		var a schema.App
		if err := json.Unmarshal(raw, &a); err != nil {
			t.Fatal(err)
		}
		renames := []schema.Rename{{Entity: e.ID, From: e.Key, To: e.Key + "_z"}}
		for _, f := range e.Fields {
			renames = append(renames, schema.Rename{Entity: e.ID, Field: f.ID, From: f.Key, To: f.Key + "_z"})
		}
		n += len(schema.RenameInExpressions(&a, renames))
		if _, faults := schema.Compile(&a); len(faults) > 0 {
			t.Errorf("%s: %v", e.Key, faults[:min(3, len(faults))])
		}
		if a.Entities[i].Key != e.Key+"_z" {
			t.Errorf("%s keeps its key", e.Key)
		}
	}
	if n < 50 {
		t.Errorf("only %d documents changed", n)
	}
}

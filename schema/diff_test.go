package schema_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"tenon/schema"
)

const diffBefore = `{"app":{"id":"app_1","key":"shop","name":"Shop","params":[{"key":"p","name":"P","type":"number","value":1},{"key":"q","name":"Q","type":"text","value":"x"}]},
"entities":[{"id":"e","key":"customer","name":"Customer","title":"{name}","fields":[
  {"id":"f1","key":"name","name":"Name","type":"text"},
  {"id":"f2","key":"amount","name":"Amount","type":"text","required":true},
  {"id":"f3","key":"level","name":"Level","type":"select","options":{"choices":[{"key":"a","label":"A"},{"key":"b","label":"B"},{"key":"c","label":"C"}]}},
  {"id":"f4","key":"f","name":"F","type":"formula","options":{"expr":"1 + 1","result":"number"}},
  {"id":"f5","key":"gone","name":"Gone","type":"text"},
  {"id":"f6","key":"rows","name":"Rows","type":"subform","fields":[{"id":"f7","key":"qty","name":"Qty","type":"number"}]}],
  "checks":[{"id":"c1","when":"name == nil","message":"Name it"}]},
 {"id":"e2","key":"old","name":"Old","title":"","fields":[]}],
"forms":[{"id":"frm","key":"f","entity":"e","name":"Form","layout":[{"type":"field","field":"f1"}]}],
"views":[{"id":"v1","key":"a","entity":"e","name":"A","type":"grid","config":{}},{"id":"v2","key":"b","entity":"e","name":"B","type":"grid","config":{"filter":"name != nil"}}],
"dashboards":[{"id":"d","key":"d","name":"Board","widgets":[{"id":"w1","type":"kpi","title":"W1","x":0,"y":0,"w":1,"h":1,"config":{"a":1,"b":2}},{"id":"w2","type":"kpi","title":"W2","x":0,"y":0,"w":1,"h":1,"config":{}}]}],
"rules":[{"id":"r","key":"r","name":"Rule","entity":"e","trigger":{"type":"created"},"steps":[]},{"id":"r2","key":"r2","name":"Rule two","entity":"e","trigger":{"type":"created"},"steps":[]}],
"roles":[{"id":"o","key":"o","name":"Role","grants":[{"entity":"e","ops":["read"]}]}]}`

func TestDiff_says_what_people_will_notice(t *testing.T) {
	t.Parallel()
	read := func(text string) *schema.App {
		var a schema.App
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			t.Fatal(err)
		}
		return &a
	}
	cases := []struct{ from, to, want string }{
		{`"id":"f5","key":"gone"`, `"id":"f9","key":"new"`, "added /fields/4 info Added field \"Gone\" (Text)\nremoved /fields danger Removed field \"Gone\"; its content is kept for 30 days and can be restored"},
		{`"key":"name","name":"Name"`, `"key":"title","name":"Title"`, "renamed /fields/0/name info Renamed field \"Name\" to \"Title\"\nrenamed /fields/0/key warn The key of field \"Title\" changes from name to title; its name in the API and the tables changes with it"},
		{`"type":"text","required":true`, `"type":"number","unique":true`, "changed /fields/1/type warn Field \"Amount\" changes from Text to Number\nchanged /fields/1/required info Field \"Amount\" is no longer required\nchanged /fields/1/unique warn Field \"Amount\" must now be unique"},
		{`{"key":"a","label":"A"},{"key":"b","label":"B"},{"key":"c","label":"C"}`, `{"key":"a","label":"AA"},{"key":"b","label":"B","retired":true},{"key":"d","label":"D"}`,
			"renamed /fields/2/options/choices/0 info Option of field \"Level\" renamed from \"A\" to \"AA\"\nchanged /fields/2/options/choices/1 info Field \"Level\" retires the option \"B\"; values that have it stay readable\nadded /fields/2/options/choices/2 info Field \"Level\" has a new option \"D\"\nremoved /fields/2/options/choices warn Field \"Level\" loses the option \"C\"; values that have it show the key only: better retire it"},
		{`"1 + 1"`, `"1 + 2"`, "changed /fields/3/options info Changed how field \"F\" is computed; existing records are worked out again"},
		{`"key":"qty"`, `"key":"pieces"`, "renamed /fields/5/fields/0/key warn The key of field \"Qty\" changes from qty to pieces; its name in the API and the tables changes with it"},
		{`"name == nil"`, `"name == \"\""`, "changed /checks/0 warn Changed the condition of submit check \"Name it\""},
		{`,
 {"id":"e2","key":"old","name":"Old","title":"","fields":[]}`, ``, "removed  danger Removed form \"Old\"; its data are kept for 30 days and can be restored"},
		{`{"id":"v1","key":"a","entity":"e","name":"A","type":"grid","config":{}},{"id":"v2"`, `{"id":"v3","key":"c","entity":"e","name":"C","type":"grid","config":{}},{"id":"v2"`, "added  info Added view \"C\"\nremoved  info Removed view \"A\""},
		{`"config":{"filter":"name != nil"}`, `"config":{"filter":"name == nil","sort":[{"field":"f1"}]}`, "changed /config/filter info Changed the filter of view \"B\"\nchanged /config/sort info Changed the order of view \"B\""},
		{`"config":{"filter":"name != nil"}`, `"config":{"filter":"name != nil","frozen":1}`, "changed  info Changed view \"B\""},
		{`{"a":1,"b":2}`, `{"b":2,"a":1}`, ""},
		{`"x":0,"y":0,"w":1,"h":1,"config":{"a":1,"b":2}`, `"x":1,"y":0,"w":1,"h":1,"config":{"b":2,"a":1}`, "moved /widgets info Changed the arrangement of dashboard \"Board\""},
		{`{"type":"created"},"steps":[]},`, `{"type":"updated"},"condition":"name != nil","steps":[],"off":true},`, "changed /trigger warn Changed when rule \"Rule\" starts\nchanged /condition warn Changed the condition of rule \"Rule\"\nchanged /off info Rule \"Rule\" is switched off"},
		{`"grants":[{"entity":"e","ops":["read"]}]`, `"admin":true,"grants":[{"entity":"e","ops":["update","read"],"filter":"owner == me()"}]`, "changed /admin danger Role \"Role\" becomes an administrator of the app and may do everything\nchanged /grants/0/ops warn Role \"Role\" may do with \"Customer\": (see) → (see, change)\nchanged /grants/0/filter warn Changed which records of \"Customer\" role \"Role\" may see"},
		{`"grants":[{"entity":"e","ops":["read"]}]`, `"grants":[]`, "removed /grants warn Role \"Role\" loses form \"Customer\""},
		{`"grants":[{"entity":"e","ops":["read"]}]`, `"grants":[{"entity":"e","ops":["read"],"hide_others":true}]`, "changed /grants/0/fields warn Changed which fields of \"Customer\" role \"Role\" may see and change"},
		{`{"key":"q","name":"Q","type":"text","value":"x"}`, `{"key":"r","name":"R","type":"text","value":"x"}`, "added /params/1 info Added parameter \"R\"\nremoved /params warn Removed parameter \"Q\""},
	}
	for _, c := range cases {
		if !strings.Contains(diffBefore, c.from) {
			t.Fatalf("%s is not in the app", c.from)
		}
		var got []string
		for _, x := range schema.Diff(read(diffBefore), read(strings.Replace(diffBefore, c.from, c.to, 1))) {
			got = append(got, fmt.Sprintf("%s %s %s %s", x.Kind, x.Path, x.Severity, x.Text.EN))
			if x.Text.ZH == "" || x.Text.ZH == x.Text.EN {
				t.Errorf("no Chinese text: %+v", x)
			}
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s → %s:\n%s\nwant:\n%s", c.from, c.to, strings.Join(got, "\n"), c.want)
		}
	}
	// Order alone.
	a, b := read(diffBefore), read(diffBefore)
	b.Views[0], b.Views[1] = b.Views[1], b.Views[0]
	f := b.Entities[0].Fields
	f[0], f[1] = f[1], f[0]
	var got []string
	for _, x := range schema.Diff(a, b) {
		got = append(got, x.Kind+" "+x.Text.EN+" "+x.Text.ZH)
	}
	if strings.Join(got, "|") != `moved Changed the order of the fields of "Customer" 调整“Customer”的字段顺序|moved Changed the order of the views 调整视图的顺序` {
		t.Errorf("order: %v", got)
	}
}

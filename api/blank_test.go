package api_test

import (
	"testing"

	. "tenon/api/apitest"
)

// many is an app with every sort of field that holds several values.
const many = `{
 "app":{"key":"many","name":{"zh-CN":"多值","en-US":"Many"}},
 "entities":[
  {"key":"thing","name":{"zh-CN":"东西","en-US":"Thing"},"title":"{name}","fields":[
    {"key":"name","name":"名称","type":"text"},
    {"key":"labels","name":"标签","type":"tags"},
    {"key":"sorts","name":"类别","type":"multi_select","options":{"choices":[{"key":"a","label":"甲"},{"key":"b","label":"乙"}]}},
    {"key":"people","name":"成员","type":"members"},
    {"key":"units","name":"部门","type":"departments"},
    {"key":"near","name":"相关","type":"links","options":{"entity":"thing"}},
    {"key":"files","name":"附件","type":"attachment"},
    {"key":"lines","name":"明细","type":"subform","fields":[{"key":"n","name":"数","type":"number"}]},
    {"key":"one","name":"一个","type":"link","options":{"entity":"thing"}}]}]}`

// TestBlanks_ofSeveralValuesAreEmptyLists: a field that holds several values
// reads as a list, also when it was never touched or was cleared.
func TestBlanks_ofSeveralValuesAreEmptyLists(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("many", many)
	const things = "/api/v1/apps/{{many}}/entities/thing/records"
	const lists = `"labels":[],"sorts":[],"people":[],"units":[],"near":[],"files":[]`
	const blank = lists + `,"lines":[]`
	k.Run(t,
		Scenario{Name: "never touched", As: "admin", Method: "POST", URL: things, Body: `{"name":"a"}`, Status: 201, Want: `{` + blank + `,"one":null}`, Save: map[string]string{"a": "id"}},
		Scenario{As: "admin", URL: things + "/{{a}}", Want: `{` + blank + `,"one":null}`},
		Scenario{As: "admin", Method: "POST", URL: things, Body: `{"name":"b","labels":["x"],"sorts":["a"],"near":["{{a}}"],"lines":[{"n":1}]}`, Status: 201,
			Want: `{"labels":["x"],"sorts":["a"],"near":["{{a}}"],"lines":[{"n":1}]}`, Save: map[string]string{"b": "id"}},
		Scenario{Name: "cleared with null", As: "admin", Method: "PATCH", URL: things + "/{{b}}", Body: `{"labels":null,"sorts":null,"near":null,"lines":null}`, Want: `{` + blank + `}`},
		Scenario{As: "admin", Method: "PATCH", URL: things + "/{{b}}", Body: `{"labels":["x"]}`, Want: `{"labels":["x"]}`},
		Scenario{Name: "cleared with an empty list", As: "admin", Method: "PATCH", URL: things + "/{{b}}", Body: `{"labels":[]}`, Want: `{` + blank + `}`},
		Scenario{Name: "in lists and expanded", As: "admin", URL: things + "?sort=name&expand=near,people", Want: `{"records":[{"name":"a",` + lists + `},{"name":"b",` + lists + `}]}`},
		Scenario{Name: "one is blank for filters, however it became so", As: "admin", Method: "POST", URL: things + "/query",
			Body: `{"filter":{"field":"labels","op":"empty"},"count":"exact"}`, Want: `{"count":2}`},
	)
}

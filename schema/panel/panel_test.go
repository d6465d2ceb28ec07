package panel_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"tenon/schema/catalog"
	"tenon/schema/panel"
)

func TestObject_is_a_closed_schema_with_hints(t *testing.T) {
	t.Parallel()
	raw := []byte(panel.Object(
		panel.Entity("entity", "表单", "Form").Required(),
		panel.Field("by", panel.Accept{Kinds: []string{"date"}}, "日期", "Date").Of("entity").Many(2),
		panel.Text("unit", 5, "单位", "Unit").Localized(),
		panel.Decimal("min", "最小", "Lowest").Default(0),
		panel.List("parts", 0, 2, "部分", "Parts", panel.Switch("on", "开", "On").Help("打开", "Turns it on")),
	))
	s, err := catalog.CompileSchema(raw)
	if err != nil {
		t.Fatal(err)
	}
	for doc, ok := range map[string]bool{
		`{"entity":"e","by":["a"],"unit":{"zh-CN":"件"},"min":"12345678901234567890.5","parts":[{"on":true}]}`: true,
		`{}`:                            false,
		`{"entity":""}`:                 false,
		`{"entity":"e","x":1}`:          false,
		`{"entity":"e","by":["a","a"]}`: false,
		`{"entity":"e","unit":"六个字太长了"}`:   false,
		`{"entity":"e","min":"one"}`:       false,
		`{"entity":"e","parts":[{"x":1}]}`: false,
	} {
		if err := s.Check([]byte(doc)); (err == nil) != ok {
			t.Errorf("%s: %v", doc, err)
		}
	}
	var m struct {
		Properties map[string]struct {
			Title, Description string
			UI                 struct {
				Control, Entity string
				Many            bool
				Order           int
				Label           catalog.Label
				Accept          panel.Accept
			} `json:"x-ui"`
		}
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	by := m.Properties["by"]
	if ui := by.UI; ui.Control != "field" || ui.Entity != "entity" || !ui.Many || ui.Order != 2 || ui.Label.ZH != "日期" || len(ui.Accept.Kinds) != 1 || by.Title != "Date" {
		t.Errorf("%+v", by)
	}
}

func TestObject_refuses_twins(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	panel.Object(panel.Switch("a", "甲", "A"), panel.Switch("a", "乙", "B"))
}

func TestRefs_finds_what_options_name(t *testing.T) {
	t.Parallel()
	s := []byte(panel.Object(
		panel.Entity("entity", "表单", "Form"),
		panel.Field("link", panel.Accept{}, "关联", "Link").Of("entity"),
		panel.Field("field", panel.Accept{Kinds: []string{"number"}}, "字段", "Field").Through("link"),
		panel.Field("own", panel.Accept{}, "字段", "Field").Many(5),
		panel.Expr("filter", "related", "bool", "筛选", "Filter").Of("entity"),
		panel.Group("ratio", "占比", "Ratio",
			panel.Entity("entity", "表单", "Form"),
			panel.List("by", 0, 5, "分组", "Groups", panel.Field("field", panel.Accept{}, "字段", "Field").Of("entity"))),
	))
	refs := panel.Refs(s, []byte(`{"entity":"a","link":"l","field":"f","own":["x",7,"y"],"filter":"it.n > 1",
		"ratio":{"by":[{"field":"g"},{"field":"h"}]},"stranger":1}`))
	want := []panel.Ref{
		{Path: "/entity", Control: "entity", Value: "a"},
		{Path: "/field", Control: "field", Value: "f", Link: "l", Accept: panel.Accept{Kinds: []string{"number"}}},
		{Path: "/filter", Control: "expr", Value: "it.n > 1", Entity: "a", Scope: "related", Expect: "bool"},
		{Path: "/link", Control: "field", Value: "l", Entity: "a"},
		{Path: "/own/0", Control: "field", Value: "x"},
		{Path: "/own/2", Control: "field", Value: "y"},
		{Path: "/ratio/by/0/field", Control: "field", Value: "g", Entity: "a"},
		{Path: "/ratio/by/1/field", Control: "field", Value: "h", Entity: "a"},
	}
	if !reflect.DeepEqual(refs, want) {
		t.Errorf("got %+v", refs)
	}
	refs = panel.Refs(s, []byte(`{"entity":"a","ratio":{"entity":"b","by":[{"field":"g"}]}}`))
	if refs[1].Entity != "b" && refs[2].Entity != "b" {
		t.Errorf("the nearest entity is not taken: %+v", refs)
	}
	if refs := panel.Refs(s, []byte(`[1]`)); refs != nil {
		t.Errorf("%+v", refs)
	}
}

package main

import (
	"strings"
	"testing"
)

func TestAPITypes_followTheDocument(t *testing.T) {
	t.Parallel()
	got, err := apiTypes([]byte(`{"components":{"schemas":{
		"Task":{"type":"object","required":["id","state"],"properties":{
			"id":{"type":"string"},
			"state":{"type":"string","enum":["open","done"]},
			"due":{"type":["string","null"],"format":"date-time","description":"when it is due"},
			"level":{"type":["string","null"],"enum":["low",null]},
			"who":{"type":"array","items":{"anyOf":[{"$ref":"#/components/schemas/Ref"},{"type":"null"}]}},
			"data":{},
			"free":{"type":"object"},
			"counts":{"type":"object","additionalProperties":{"type":"integer"}},
			"name":{"oneOf":[{"type":"string"},{"type":"object","properties":{"zh-CN":{"type":"string"}}}]}}},
		"Ref":{"type":"object","properties":{}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"export interface Task {", "  id: string;", "  state: 'open' | 'done';",
		"  /** when it is due */\n  due?: string | null;", "  level?: 'low' | null;",
		"  who?: (Ref | null)[];", "  data?: Json;", "  free?: { [key: string]: Json };",
		"  counts?: { [key: string]: number };", "  name?: string | {\n    'zh-CN'?: string;\n  };",
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("%s is missing in\n%s", want, got)
		}
	}
	if _, err := apiTypes([]byte("{")); err == nil {
		t.Error("a broken document makes types")
	}
}

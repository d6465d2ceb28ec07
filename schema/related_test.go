package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tenon/schema"
)

// A related list that names nothing, what is gone or what does not lead here is
// a fault of its form, wherever it stands in the layout.
func TestCompile_related_lists(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]string{
		`{"type":"related"}`:                                    "/entity definition.related",
		`{"type":"related","entity":"ent_o"}`:                   "/entity definition.related",
		`{"type":"related","entity":"ent_x","via":"f_cust"}`:    "/entity definition.entity",
		`{"type":"related","entity":"ent_o","via":"f_gone"}`:    "/via definition.field",
		`{"type":"related","entity":"ent_o","via":"f_ostatus"}`: "/via definition.not_link",
		`{"type":"related","entity":"ent_o","via":"f_cust"}`:    "",
		`{"type":"related","entity":"order","via":"customer"}`:  "",
	} {
		var a schema.App
		text := strings.Replace(renameApp, `"layout":[]`, `"layout":[{"type":"tabs","tabs":[{"title":"T","items":[`+list+`]}]}]`, 1)
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			t.Fatal(err)
		}
		m, faults := schema.Compile(&a)
		if len(faults) > 0 {
			t.Errorf("%s does not compile: what was published with it would not load: %v", list, faults)
		}
		got := ""
		for _, f := range m.Unfinished() {
			got += strings.TrimPrefix(f.Path, "frm/layout/0/tabs/0/items/0") + " " + f.Code
		}
		if got != want {
			t.Errorf("%s: %q, want %q", list, got, want)
		}
	}
}

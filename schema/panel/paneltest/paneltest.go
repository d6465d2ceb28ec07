// Package paneltest checks that a registered part describes itself well enough
// for the builder: texts in both languages, an icon of ours, options that a
// panel can be drawn from. The conformance tests of the registries share it.
package paneltest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"

	"tenon/schema/catalog"
)

var icons = strings.Fields(`app entity lead user users building phone mail link calendar clock money percent hash text
	paragraph list tag check star heart flag bell chart funnel table board form file image pen map pin globe gift truck tool
	ticket headset target trophy key lock gear filter search bolt robot message cart contract briefcase box layers megaphone
	survey pool refresh alert home json formula lookup rollup serial`)

// Entry checks all that a part says about itself; groups are those its
// registry sorts parts into.
func Entry(t *testing.T, e catalog.Entry, groups []string) {
	t.Helper()
	if !slices.Contains(icons, e.Icon) {
		t.Errorf("%s: no icon %q", e.Name, e.Icon)
	}
	if !slices.Contains(groups, e.Group) {
		t.Errorf("%s: no group %q", e.Name, e.Group)
	}
	label(t, e.Name, e.Name, e.Label)
	label(t, e.Name+" help", e.Name, e.Help)
	options(t, e.Name, e.Options)
}

// label demands a real text in both languages, not the key dressed up.
func label(t *testing.T, where, key string, l catalog.Label) {
	t.Helper()
	if !strings.ContainsFunc(l.ZH, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		t.Errorf("%s: Chinese text %q", where, l.ZH)
	}
	if l.EN == "" || l.EN == key || strings.ContainsFunc(l.EN, func(r rune) bool { return r > 0x2fff }) {
		t.Errorf("%s: English text %q", where, l.EN)
	}
}

// options demands that a builder can draw the options from the schema alone.
func options(t *testing.T, name string, raw []byte) {
	t.Helper()
	if _, err := catalog.CompileSchema(raw); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	var walk func(where string, s map[string]any)
	walk = func(where string, s map[string]any) {
		if s["type"] != "object" || s["additionalProperties"] != false {
			t.Errorf("%s: options must be a closed object", where)
		}
		props, _ := s["properties"].(map[string]any)
		orders := map[float64]bool{}
		for k, p := range props {
			p := p.(map[string]any)
			ui, ok := p["x-ui"].(map[string]any)
			if !ok {
				t.Errorf("%s.%s: no x-ui", where, k)
				continue
			}
			for _, text := range []string{"label", "help"} {
				l, _ := ui[text].(map[string]any)
				if text == "help" && l == nil {
					continue
				}
				zh, _ := l["zh-CN"].(string)
				en, _ := l["en-US"].(string)
				label(t, where+"."+k+" "+text, k, catalog.Label{ZH: zh, EN: en})
			}
			order, _ := ui["order"].(float64)
			if order == 0 || orders[order] {
				t.Errorf("%s.%s: order %v", where, k, order)
			}
			orders[order] = true
			if ui["control"] == "" || ui["control"] == nil {
				t.Errorf("%s.%s: no control", where, k)
			}
			if p["title"] == "" || p["description"] == "" {
				t.Errorf("%s.%s: no title or description", where, k)
			}
			switch ui["control"] {
			case "select":
				target := p
				if items, ok := p["items"].(map[string]any); ok {
					target = items
				}
				if len(ui["choices"].([]any)) != len(target["enum"].([]any)) {
					t.Errorf("%s.%s: choices and enum differ", where, k)
				}
			case "group":
				walk(where+"."+k, p)
			case "list":
				walk(where+"."+k, p["items"].(map[string]any))
			}
			// A sibling that a control depends on must exist.
			for _, ref := range []string{"entity", "through"} {
				if other, ok := ui[ref].(string); ok && props[other] == nil && !strings.Contains(where, ".") {
					t.Errorf("%s.%s: %s names no option %q", where, k, ref, other)
				}
			}
		}
	}
	var s map[string]any
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	walk(name, s)
}

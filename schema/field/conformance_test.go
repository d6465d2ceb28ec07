package field_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"tenon/schema/catalog"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

var china = field.Env{Zone: time.FixedZone("CST", 8*3600), Locale: "zh-CN"}

// all is the list of types that definitions may name; it is final.
var all = []string{
	"address", "attachment", "boolean", "date", "datetime", "department", "departments", "email", "formula", "image",
	"json", "link", "links", "location", "long_text", "lookup", "member", "members", "money", "multi_select", "number",
	"percent", "phone", "rating", "rich_text", "rollup", "select", "serial", "signature", "subform", "tags", "text", "url",
}

var icons = strings.Fields(`app entity lead user users building phone mail link calendar clock money percent hash text
	paragraph list tag check star heart flag bell chart funnel table board form file image pen map pin globe gift truck tool
	ticket headset target trophy key lock gear filter search bolt robot message cart contract briefcase box layers megaphone
	survey pool refresh alert home json formula lookup rollup serial`)

var groups = []string{"text", "number", "choice", "time", "people", "link", "file", "computed", "other"}

func TestTypes_are_all_there(t *testing.T) {
	t.Parallel()
	var got []string
	for _, ft := range field.Types.All() {
		got = append(got, ft.Entry().Name)
	}
	if !slices.Equal(got, all) {
		t.Errorf("types are %v", got)
	}
}

func TestTypes_describe_themselves(t *testing.T) {
	t.Parallel()
	for _, ft := range field.Types.All() {
		e := ft.Entry()
		if !slices.Contains(icons, e.Icon) {
			t.Errorf("%s: no icon %q", e.Name, e.Icon)
		}
		if !slices.Contains(groups, e.Group) {
			t.Errorf("%s: no group %q", e.Name, e.Group)
		}
		checkLabel(t, e.Name, e.Name, e.Label)
		checkLabel(t, e.Name+" help", e.Name, e.Help)
		checkPanel(t, e.Name, e.Options)
	}
}

// checkLabel demands a real text in both languages, not the key dressed up.
func checkLabel(t *testing.T, where, key string, l catalog.Label) {
	t.Helper()
	if !strings.ContainsFunc(l.ZH, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		t.Errorf("%s: Chinese text %q", where, l.ZH)
	}
	if l.EN == "" || l.EN == key || strings.ContainsFunc(l.EN, func(r rune) bool { return r > 0x2fff }) {
		t.Errorf("%s: English text %q", where, l.EN)
	}
}

// checkPanel demands that a builder can draw the options from the schema alone.
func checkPanel(t *testing.T, name string, raw []byte) {
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
				checkLabel(t, where+"."+k+" "+text, k, catalog.Label{ZH: zh, EN: en})
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

func decode(t *testing.T, s string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var x any
	if err := d.Decode(&x); err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return x
}

func bind(t *testing.T, name, options string) *field.Bound {
	t.Helper()
	b, err := field.Bind(name, json.RawMessage(options))
	if err != nil {
		t.Fatalf("bind %s %s: %v", name, options, err)
	}
	return b
}

func parse(b *field.Bound, raw any) (value.Value, error) {
	v, err := b.Parse(raw, china)
	if err == nil {
		err = b.Check(v)
	}
	return v, err
}

func TestTypes_examples(t *testing.T) {
	t.Parallel()
	for _, ft := range field.Types.All() {
		name := ft.Entry().Name
		var nulls, bad int
		if len(ft.Examples()) < 3 {
			t.Errorf("%s has %d examples", name, len(ft.Examples()))
		}
		for _, e := range ft.Examples() {
			b := bind(t, name, e.Options)
			v, err := parse(b, decode(t, e.In))
			if e.Err != "" {
				bad++
				if got := fault.CodeOf(err); got != e.Err {
					t.Errorf("%s %s: %v %v, want %s", name, e.In, v, err, e.Err)
				}
				if err != nil {
					for _, f := range fault.Of(err) {
						for _, locale := range []string{"zh-CN", "en-US"} {
							if text := f.Text(locale); strings.ContainsAny(text, "{}") && !strings.ContainsAny(e.In, "{}") {
								t.Errorf("%s %s: unfilled message %q", name, e.In, text)
							}
						}
					}
				}
				continue
			}
			if e.In == "null" {
				nulls++
			}
			if err != nil {
				t.Errorf("%s %s: %v", name, e.In, err)
				continue
			}
			if got := string(v.AppendJSON(nil)); !reflect.DeepEqual(decode(t, got), decode(t, e.Out)) {
				t.Errorf("%s %s = %s, want %s", name, e.In, got, e.Out)
			}
			if got := b.Format(v, china); e.Text != "" && got != e.Text {
				t.Errorf("%s %s shows %q, want %q", name, e.In, got, e.Text)
			}
		}
		if nulls == 0 || bad == 0 {
			t.Errorf("%s: examples show %d nulls and %d refusals", name, nulls, bad)
		}
	}
}

func TestTypes_bind_completely(t *testing.T) {
	t.Parallel()
	for _, ft := range field.Types.All() {
		name := ft.Entry().Name
		for _, e := range ft.Examples() {
			b := bind(t, name, e.Options)
			switch {
			case b.Type != name || b.Parse == nil || b.Format == nil || b.Check == nil:
				t.Errorf("%s is bound incompletely", name)
			case b.Kind == value.Null:
				t.Errorf("%s has no kind", name)
			case b.DB.SQL == "" || b.DB.OID == 0:
				t.Errorf("%s has no column", name)
			case b.Kind == value.List && b.Elem == value.Null:
				t.Errorf("%s has no element kind", name)
			case b.Traits.HoldsUser != (b.People != nil):
				t.Errorf("%s: people spec and trait differ", name)
			case b.Traits.HoldsRef != (b.Link != nil) && !b.Traits.Computed:
				t.Errorf("%s: link spec and trait differ", name)
			case b.Traits.Generated != (b.Serial != nil):
				t.Errorf("%s: serial spec and trait differ", name)
			case b.Traits.Computed != (b.Formula != nil || b.Lookup != nil || b.Rollup != nil):
				t.Errorf("%s: computed spec and trait differ", name)
			}
		}
	}
}

// Law: nothing and blank text are null, for every type.
func TestTypes_read_blank_as_null(t *testing.T) {
	t.Parallel()
	for _, ft := range field.Types.All() {
		name := ft.Entry().Name
		b := bind(t, name, ft.Examples()[0].Options)
		for _, raw := range []any{nil, "", "  ", "\t", "\u3000"} {
			if v, err := parse(b, raw); err != nil || !v.IsNull() {
				t.Errorf("%s: %q is %v, %v", name, raw, v, err)
			}
		}
		for _, locale := range []string{"zh-CN", "en-US"} {
			if s := b.Format(value.Value{}, field.Env{Locale: locale}); s != "" {
				t.Errorf("%s shows null as %q", name, s)
			}
		}
	}
}

// Law: what cannot be understood is refused, never turned into null or a zero value.
func TestTypes_refuse_garbage(t *testing.T) {
	t.Parallel()
	garbage := []any{"垃圾 garbage", "12abc", "0x10", "NaN", "1,2,3", "--1", "1/0", "\x00", true, json.Number("7e77"),
		[]any{map[string]any{"a": nil}}, map[string]any{"zzz": "x"}, struct{}{}, 3.5}
	for _, ft := range field.Types.All() {
		name := ft.Entry().Name
		b := bind(t, name, ft.Examples()[0].Options)
		for _, raw := range garbage {
			v, err := parse(b, raw)
			if err != nil {
				if fault.CodeOf(err) == "" {
					t.Errorf("%s %v: undeclared error %v", name, raw, err)
				}
				continue
			}
			if v.IsEmpty() {
				t.Errorf("%s turned %v into %s", name, raw, v.AppendJSON(nil))
			}
			if v.Kind() == value.Number && v.Number().IsZero() || v.Kind() == value.Date || v.Kind() == value.Time || v.Kind() == value.Ref {
				t.Errorf("%s turned %v into %s", name, raw, v.AppendJSON(nil))
			}
		}
	}
}

// Law: a value survives its JSON, and the text shown for it survives being
// typed again, for types whose text says everything.
func TestTypes_round_trip(t *testing.T) {
	t.Parallel()
	telling := map[value.Kind]bool{value.Bool: true, value.Number: true, value.Date: true, value.Text: true, value.List: true, value.Ref: true}
	for _, ft := range field.Types.All() {
		name := ft.Entry().Name
		for _, e := range ft.Examples() {
			if e.Err != "" {
				continue
			}
			b := bind(t, name, e.Options)
			v, err := parse(b, decode(t, e.In))
			if err != nil || v.IsNull() {
				continue
			}
			again, err := parse(b, decode(t, string(v.AppendJSON(nil))))
			if err != nil || !value.Equal(v, again) {
				t.Errorf("%s: %s read again is %s, %v", name, v.AppendJSON(nil), again.AppendJSON(nil), err)
			}
			if !telling[b.Kind] || name == "rich_text" {
				continue
			}
			for _, locale := range []string{"zh-CN", "en-US"} {
				env := field.Env{Zone: china.Zone, Locale: locale}
				text := b.Format(v, env)
				typed, err := field.ParseImportText(b, text, env)
				if err != nil || b.Format(typed, env) != text {
					t.Errorf("%s: %q typed again is %q, %v", name, text, b.Format(typed, env), err)
				}
			}
		}
	}
}

package field_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/panel/paneltest"
	"tenon/schema/value"
)

var china = field.Env{Zone: time.FixedZone("CST", 8*3600), Locale: "zh-CN"}

// all is the list of types that definitions may name; it is final.
var all = []string{
	"address", "attachment", "boolean", "date", "datetime", "department", "departments", "email", "formula", "image",
	"json", "link", "links", "location", "long_text", "lookup", "member", "members", "money", "multi_select", "number",
	"percent", "phone", "rating", "rich_text", "rollup", "select", "serial", "signature", "subform", "tags", "text", "url",
}

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
		paneltest.Entry(t, ft.Entry(), groups)
	}
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

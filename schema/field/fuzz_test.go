package field_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// FuzzParse throws JSON at every type: no panic, no undeclared error, values of
// the declared kind only, valid JSON out, and what was accepted once is
// accepted again as the same value.
func FuzzParse(f *testing.F) {
	type bound struct {
		name string
		b    *field.Bound
	}
	var types []bound
	for _, ft := range field.Types.All() {
		seen := map[string]bool{}
		for _, e := range ft.Examples() {
			if !seen[e.Options] {
				seen[e.Options] = true
				b, err := ft.Bind(json.RawMessage(e.Options))
				if err != nil {
					f.Fatal(err)
				}
				types = append(types, bound{ft.Entry().Name, b})
			}
			f.Add(e.In)
		}
	}
	for _, s := range []string{`1e400`, `"1e-99"`, `"-0"`, `"0001-01-01T00:00:00+14:00"`, `"9999-12-31 23:59:59"`, `"７/８"`,
		`[[[["a"]]]]`, `{"id":{"id":1}}`, `"<p><<script>x"`, `"北京"`, `"\ud800"`, `"+86 86 1380013 8000"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := json.NewDecoder(strings.NewReader(s))
		d.UseNumber()
		var raw any
		if d.Decode(&raw) != nil {
			raw = s // text that is not JSON is tried as typed text, invalid UTF-8 included
		}
		for _, x := range types {
			v, err := x.b.Parse(raw, china)
			if err != nil {
				if fault.CodeOf(err) == "" {
					t.Fatalf("%s: undeclared error %v", x.name, err)
				}
				continue
			}
			if v.IsNull() {
				continue
			}
			if v.Kind() != x.b.Kind {
				t.Fatalf("%s: kind %v, declared %v", x.name, v.Kind(), x.b.Kind)
			}
			for _, e := range v.List() {
				if e.Kind() != x.b.Elem {
					t.Fatalf("%s: element kind %v, declared %v", x.name, e.Kind(), x.b.Elem)
				}
			}
			out := v.AppendJSON(nil)
			if !json.Valid(out) || !utf8.Valid(out) || strings.ContainsRune(fmt.Sprintf("%s", decode(t, string(out))), 0) {
				t.Fatalf("%s: bad JSON %q", x.name, out)
			}
			_ = x.b.Check(v)
			if text := x.b.Format(v, china); !utf8.ValidString(text) {
				t.Fatalf("%s: bad text %q", x.name, text)
			}
			again, err := x.b.Parse(decode(t, string(out)), china)
			if err != nil || !value.Equal(v, again) {
				t.Fatalf("%s: %s read again is %s, %v", x.name, out, again.AppendJSON(nil), err)
			}
		}
	})
}

// FuzzTypeGuess demands that every guess can be bound and reads every sample.
func FuzzTypeGuess(f *testing.F) {
	f.Add("1,234\n5.5\n")
	f.Add(strings.Repeat("男\n女\n", 20))
	f.Add("2026-11-22\n2026/11/23 10:00")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || len(s) > 4096 {
			return
		}
		samples := strings.Split(s, "\n")
		name, options := field.TypeGuess(samples)
		b, err := field.Bind(name, options)
		if err != nil {
			t.Fatalf("guessed %s %s: %v", name, options, err)
		}
		for _, sample := range samples {
			v, err := field.ParseImportText(b, sample, china)
			if name != "text" && name != "long_text" && (err != nil || v.IsNull() != (strings.TrimSpace(sample) == "")) {
				t.Fatalf("guessed %s %s, but %q is %v, %v", name, options, sample, v, err)
			}
		}
	})
}

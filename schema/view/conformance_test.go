package view_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/panel"
	"tenon/schema/panel/paneltest"
	"tenon/schema/view"
)

// sample is an entity with one field of every type, keyed by the type's name.
func sample(t *testing.T) map[string]*field.Bound {
	t.Helper()
	m := map[string]*field.Bound{}
	for _, ft := range field.Types.All() {
		b, err := ft.Bind(json.RawMessage(ft.Examples()[0].Options))
		if err != nil {
			t.Fatal(err)
		}
		m[ft.Entry().Name] = b
	}
	return m
}

func TestTypes_describe_themselves(t *testing.T) {
	t.Parallel()
	for _, vt := range view.Types.All() {
		paneltest.Entry(t, vt.Entry(), []string{"list", "board", "time"})
		if n := len(vt.Examples()); n < 3 {
			t.Errorf("%s has %d examples", vt.Entry().Name, n)
		}
	}
}

func TestTypes_examples(t *testing.T) {
	t.Parallel()
	fields := sample(t)
	for _, vt := range view.Types.All() {
		name := vt.Entry().Name
		for _, e := range vt.Examples() {
			err := view.Check(name, json.RawMessage(e.Config), func(id string) *field.Bound { return fields[id] })
			if fault.CodeOf(err) != e.Err {
				t.Errorf("%s %s: %v, want %q", name, e.Config, err, e.Err)
			}
			if e.Err != "" {
				continue
			}
			d := json.NewDecoder(strings.NewReader(e.Config))
			d.DisallowUnknownFields()
			if err := d.Decode(&schema.ViewConfig{}); err != nil {
				t.Errorf("%s %s does not fit a view's definition: %v", name, e.Config, err)
			}
		}
	}
	if err := view.Check("hologram", nil, nil); fault.CodeOf(err) != "catalog.unknown" {
		t.Errorf("unknown type: %v", err)
	}
}

// Law: what a type needs is what its schema requires, with the same fields accepted.
func TestTypes_need_what_they_require(t *testing.T) {
	t.Parallel()
	for _, vt := range view.Types.All() {
		e := vt.Entry()
		var s struct{ Required []string }
		if err := json.Unmarshal(e.Options, &s); err != nil {
			t.Fatal(err)
		}
		var needed []string
		for _, n := range vt.Needs() {
			needed = append(needed, n.Option)
			refs := panel.Refs(e.Options, json.RawMessage(`{"`+n.Option+`":"x"}`))
			if len(refs) != 1 || strings.Join(refs[0].Accept.Traits, " ") != strings.Join(n.Accept.Traits, " ") || strings.Join(refs[0].Accept.Kinds, " ") != strings.Join(n.Accept.Kinds, " ") {
				t.Errorf("%s: %s accepts %v, needed %v", e.Name, n.Option, refs, n.Accept)
			}
		}
		if strings.Join(needed, " ") != strings.Join(s.Required, " ") {
			t.Errorf("%s needs %v but requires %v", e.Name, needed, s.Required)
		}
	}
}

func TestType_Suits(t *testing.T) {
	t.Parallel()
	fields := sample(t)
	for _, c := range []struct {
		view, field string
		ok          bool
	}{{"grid", "text", true}, {"kanban", "text", false}, {"kanban", "select", true}, {"kanban", "members", false}, {"calendar", "select", false}, {"calendar", "date", true}} {
		vt, ok := view.Types.Get(c.view)
		if !ok || vt.Suits([]*field.Bound{fields[c.field]}) != c.ok {
			t.Errorf("%s with a %s", c.view, c.field)
		}
	}
}

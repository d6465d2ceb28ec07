// Package view knows every view type: which settings it has and which fields
// an entity needs for it.
//
// A view type is one declarative Spec in one file. Its settings are the members
// of schema.ViewConfig that it uses; the schema refuses the others. Fields are
// named by id. The package never reads records: rows come through engine/query
// by the view's filter, sort and columns, whatever its type.
//
// To add one: write x.go with `var _ = Define(Spec{…})` and the folder
// frontend/src/views/x; the conformance test walks the registry.
package view

import (
	"encoding/json"

	"tenon/schema/catalog"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/panel"
)

// Label is a text in both languages.
type Label = catalog.Label

// Need is a setting that must name a field, and which fields will do. An
// entity without any such field cannot have the view.
type Need struct {
	Option string       `json:"option"`
	Accept panel.Accept `json:"accept"`
}

// Example is a documented configuration: valid, or refused with a fault code.
// The conformance test runs it against an entity that has a field of every
// type, keyed by the type's name.
type Example struct {
	Config string
	Err    string
}

// Spec declares a view type.
type Spec struct {
	Name, Group, Icon string
	Label, Help       Label
	Options           string // JSON Schema of the configuration
	Needs             []Need
	Examples          []Example
}

// Type is a registered view type.
type Type struct{ spec Spec }

// Types is the registry of view types.
var Types = catalog.New[*Type]("view type")

// Define registers a view type.
func Define(s Spec) *Type { return Types.Register(&Type{s}) }

// Entry describes the type for the catalog.
func (t *Type) Entry() catalog.Entry {
	s := t.spec
	return catalog.Entry{Name: s.Name, Group: s.Group, Icon: s.Icon, Label: s.Label, Help: s.Help,
		Options: json.RawMessage(s.Options), Version: 1, Extra: map[string]any{"needs": t.Needs()}}
}

// Needs returns what the type cannot do without.
func (t *Type) Needs() []Need { return append([]Need{}, t.spec.Needs...) }

// Examples returns the documented configurations.
func (t *Type) Examples() []Example { return t.spec.Examples }

// Suits reports whether an entity with these fields can have such a view.
func (t *Type) Suits(fields []*field.Bound) bool {
	for _, n := range t.spec.Needs {
		found := false
		for _, b := range fields {
			found = found || b.Fits(n.Accept)
		}
		if !found {
			return false
		}
	}
	return true
}

// Check finds what is wrong with a view's configuration. find returns the
// field, or system field, of that id; nil if there is none.
func Check(name string, config json.RawMessage, find func(id string) *field.Bound) error {
	if err := Types.CheckOptions(name, config); err != nil {
		return err
	}
	t, _ := Types.Get(name)
	if len(config) == 0 {
		return nil
	}
	var faults fault.List
	faults.Add(field.CheckRefs(panel.Refs(json.RawMessage(t.spec.Options), config), func(r panel.Ref) *field.Bound { return find(r.Value) }))
	return faults.Err()
}

// Settings that several types share.
var (
	single   = panel.Accept{Traits: []string{"choices", "holds_member", "holds_department"}, Kinds: []string{"bool"}, Single: true}
	dated    = panel.Accept{Kinds: []string{"date", "time"}, Single: true}
	numbers  = panel.Accept{Kinds: []string{"number"}, Single: true}
	coloured = panel.Accept{Traits: []string{"choices"}, Single: true}
)

func filterProp() panel.Prop {
	return panel.Expr("filter", "filter", "bool", "筛选", "Filter").
		Help("只显示符合条件的记录", "Only records that meet the condition are shown")
}

func sortProp() panel.Prop {
	return panel.List("sort", 0, 5, "排序", "Sort",
		panel.Field("field", panel.Accept{Traits: []string{"sortable"}}, "字段", "Field").Required(),
		panel.Switch("desc", "降序", "Descending").Default(false))
}

func cardsProp() panel.Prop {
	return panel.Field("cards", panel.Accept{}, "卡片上显示", "Shown on cards").Many(10).
		Help("标题之外再显示的字段", "Fields shown besides the title")
}

func colourProp() panel.Prop {
	return panel.Field("color_by", coloured, "颜色取自", "Color from").
		Help("一个单选字段，用选项的颜色区分", "A choice field whose options’ colors tell records apart")
}

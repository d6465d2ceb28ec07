package field

import (
	"tenon/schema/panel"
	"tenon/schema/value"
)

type lookupOptions struct {
	Link  string `json:"link"`
	Field string `json:"field"`
}

// The kind of a lookup is that of the field it shows, which only the whole app
// knows: until Adopt it is a text.
var _ = Define(Spec[lookupOptions]{
	Name: "lookup", Group: "computed", Icon: "lookup",
	Label: Label{ZH: "引用字段", EN: "Lookup"},
	Help:  Label{ZH: "显示关联记录的一个字段，随对方更新", EN: "Shows a field of the linked record and follows its changes"},
	Options: panel.Object(
		panel.Field("link", panel.Accept{Traits: []string{"holds_ref"}}, "通过哪个关联", "Through which link").Required(),
		panel.Field("field", panel.Accept{}, "显示对方的哪个字段", "Which field to show").Through("link").Required(),
	),
	Kind:   value.Text,
	Traits: Traits{Computed: true, Sortable: true, Filterable: true, Groupable: true},
	Bind: func(o lookupOptions, b *Bound) error {
		b.DB = DBText
		b.Lookup = &LookupSpec{Link: o.Link, Field: o.Field}
		b.Parse, b.Format = refuseComputed, FormatKind
		return nil
	},
	Examples: []Example{
		{Options: `{"link":"customer","field":"phone"}`, In: `null`, Out: `null`},
		{Options: `{"link":"customer","field":"phone"}`, In: `"13800138000"`, Err: "field.computed"},
		{Options: `{"link":"customer","field":"phone"}`, In: `{"a":1}`, Err: "field.computed"},
	},
})

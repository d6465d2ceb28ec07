package field

import (
	"tenon/schema/panel"
	"tenon/schema/value"
)

var _ = Define(Spec[linkOptions]{
	Name: "links", Group: "link", Icon: "layers",
	Label:   Label{ZH: "关联多条", EN: "Links"},
	Help:    Label{ZH: "关联到另一个表单的若干条记录", EN: "Points to several records of another form"},
	Options: panel.Object(linkProps()...),
	Kind:    value.List,
	Traits:  Traits{Multiple: true, Filterable: true, HoldsRef: true},
	Bind: func(o linkOptions, b *Bound) error {
		bindRefs(b, NameRecord)
		b.Storage = Links
		return bindLink(o, b, true)
	},
	Examples: refsExamples(`{"entity":"product"}`),
})

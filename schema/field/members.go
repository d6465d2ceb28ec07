package field

import (
	"tenon/schema/panel"
	"tenon/schema/value"
)

var _ = Define(Spec[peopleOptions]{
	Name: "members", Group: "people", Icon: "users",
	Label:   Label{ZH: "多个成员", EN: "Members"},
	Help:    Label{ZH: "工作区里的几个人", EN: "Several people of the workspace"},
	Options: panel.Object(peopleProps()...),
	Kind:    value.List,
	Traits:  Traits{Multiple: true, Filterable: true, HoldsUser: true},
	Bind: func(o peopleOptions, b *Bound) error {
		bindRefs(b, NameMember)
		b.People = o.spec()
		return nil
	},
	Examples: refsExamples(`{}`),
})

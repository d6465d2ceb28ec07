package field

import (
	"tenon/schema/panel"
	"tenon/schema/value"
)

var _ = Define(Spec[peopleOptions]{
	Name: "member", Group: "people", Icon: "user",
	Label:   Label{ZH: "成员", EN: "Member"},
	Help:    Label{ZH: "工作区里的一个人", EN: "One person of the workspace"},
	Options: panel.Object(peopleProps()...),
	Kind:    value.Ref,
	Traits:  Traits{Groupable: true, Filterable: true, Uniquable: true, HoldsUser: true},
	Bind: func(o peopleOptions, b *Bound) error {
		bindRef(b, NameMember)
		b.People = o.spec()
		return nil
	},
	Examples: refExamples(`{"default_me":true}`),
})

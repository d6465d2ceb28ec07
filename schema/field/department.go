package field

import (
	"tenon/schema/panel"
	"tenon/schema/value"
)

type departmentOptions struct{}

var _ = Define(Spec[departmentOptions]{
	Name: "department", Group: "people", Icon: "building",
	Label:   Label{ZH: "部门", EN: "Department"},
	Help:    Label{ZH: "组织架构里的一个部门", EN: "One department of the organization"},
	Options: panel.Object(),
	Kind:    value.Ref,
	Traits:  Traits{Groupable: true, Filterable: true, Uniquable: true, HoldsDept: true},
	Bind: func(_ departmentOptions, b *Bound) error {
		bindRef(b, NameDepartment)
		return nil
	},
	Examples: refExamples(`{}`),
})

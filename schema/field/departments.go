package field

import (
	"tenon/schema/panel"
	"tenon/schema/value"
)

var _ = Define(Spec[departmentOptions]{
	Name: "departments", Group: "people", Icon: "building",
	Label:   Label{ZH: "多个部门", EN: "Departments"},
	Help:    Label{ZH: "组织架构里的几个部门", EN: "Several departments of the organization"},
	Options: panel.Object(),
	Kind:    value.List,
	Traits:  Traits{Multiple: true, Filterable: true, HoldsDept: true},
	Bind: func(_ departmentOptions, b *Bound) error {
		bindRefs(b, NameDepartment)
		return nil
	},
	Examples: refsExamples(`{}`),
})

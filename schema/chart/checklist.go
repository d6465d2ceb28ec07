package chart

import "tenon/schema/panel"

type checklistConfig struct{}

var _ = Define(Spec[checklistConfig]{
	Name: "checklist", Group: "static", Icon: "check",
	Label:   Label{ZH: "上手清单", EN: "Set-up checklist"},
	Help:    Label{ZH: "应用的设置步骤和完成情况，全部完成后自动收起", EN: "The app's set-up steps and which are done; folds away when all are"},
	Options: panel.Object(),
	Source:  Static,
	Plan:    func(checklistConfig, *Plan) error { return nil },
	Examples: []Example{
		{Config: `{}`},
		{Config: ``},
		{Config: `{"items":[]}`, Err: "schema.unknown_key"},
	},
})

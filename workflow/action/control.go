package action

import (
	"encoding/json"

	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/panel"
)

// The control steps are interpreted by the run (workflow/run); here they only
// compile their options.

// Branch is a bound branch step: If decides between Steps and Else.
type Branch struct{ If *expr.Program }

// Run does nothing: the run looks at the branch itself.
func (*Branch) Run(*Ctx) (any, error) { return nil, nil }

type branchOptions struct {
	If string `json:"if"`
}

var _ = Define(Spec[branchOptions]{
	Name: "branch", Group: "control", Icon: "branch", Control: true, Validate: true,
	Label:   label("条件分支", "Branch"),
	Help:    label("条件成立时执行一组步骤，否则执行另一组", "Runs one set of steps when a condition holds, another when it does not"),
	Options: json.RawMessage(panel.Object(panel.Expr("if", "rule", "bool", "条件", "Condition").Required())),
	Bind: func(b *Binder, o branchOptions) (Runner, error) {
		p, err := b.Cond("if", o.If)
		return &Branch{p}, err
	},
})

// Loop is a bound loop step: its body runs for every record found.
type Loop struct {
	Entity *schema.EntityModel
	Where  *expr.Program
	As     string
}

// Run does nothing: the run walks the loop itself.
func (*Loop) Run(*Ctx) (any, error) { return nil, nil }

type loopOptions struct {
	Entity string `json:"entity"`
	Where  string `json:"where"`
	As     string `json:"as"`
}

var _ = Define(Spec[loopOptions]{
	Name: "loop", Group: "control", Icon: "refresh", Control: true,
	Label:   label("逐条处理", "For each"),
	Help:    label("对满足条件的每条记录执行一组步骤，不限条数", "Runs a set of steps for every record for which a condition holds, however many"),
	Options: json.RawMessage(panel.Object(panel.Entity("entity", "表单", "Form").Required(), whereProp(), panel.Text("as", 40, "命名为", "Name it").Default("item"))),
	Bind: func(b *Binder, o loopOptions) (Runner, error) {
		e, where, _, err := bindWhere(b, o.Entity, o.Where)
		if err != nil {
			return nil, err
		}
		if o.As == "" {
			o.As = "item"
		}
		return &Loop{e, where, o.As}, nil
	},
})

// Wait is a bound wait step.
type Wait struct {
	For    string // duration
	Until  *expr.Program
	Cancel *expr.Program // the run is cancelled once it holds
	Entity *schema.EntityModel
	Where  *expr.Program // over it: the event that ends the wait
	// Timeout limits waiting for an event; blank: for ever.
	Timeout string
}

// Run does nothing: the run waits itself.
func (*Wait) Run(*Ctx) (any, error) { return nil, nil }

type waitOptions struct {
	For    string `json:"for"`
	Until  string `json:"until"`
	Cancel string `json:"cancel_when"`
	Event  *struct {
		Entity string `json:"entity"`
		Op     string `json:"op"`
		Where  string `json:"where"`
	} `json:"event"`
	Timeout string `json:"timeout"`
}

var _ = Define(Spec[waitOptions]{
	Name: "wait", Group: "control", Icon: "clock", Control: true,
	Label: label("等待", "Wait"),
	Help:  label("等一段时间、等到某个时刻，或等某件事发生；条件成立时可以取消后面的步骤", "Waits for a while, until a moment, or for something to happen; can cancel what follows once a condition holds"),
	Options: json.RawMessage(panel.Object(
		panel.Text("for", 10, "等待时长", "For").Help("30m、2h、3d、1w", "30m, 2h, 3d, 1w"),
		panel.Expr("until", "rule", "time", "等到", "Until"),
		panel.Group("event", "等待事件", "Event", panel.Entity("entity", "表单", "Form"), panel.Select("op", "发生", "What", panel.Choice{Value: "created", ZH: "新建", EN: "Created"}, panel.Choice{Value: "updated", ZH: "修改", EN: "Updated"}, panel.Choice{Value: "any", ZH: "新建或修改", EN: "Created or updated"}), whereProp()),
		panel.Text("timeout", 10, "最多等", "At most"),
		panel.Expr("cancel_when", "rule", "bool", "取消条件", "Cancel when"))),
	Bind: func(b *Binder, o waitOptions) (Runner, error) {
		w := &Wait{For: o.For, Timeout: o.Timeout}
		for path, d := range map[string]string{"for": o.For, "timeout": o.Timeout} {
			if d == "" {
				continue
			}
			if _, err := ParseDuration(d); err != nil {
				return nil, at(path, err)
			}
		}
		var err error
		if w.Until, err = b.Expr("until", o.Until); err != nil {
			return nil, err
		}
		if w.Cancel, err = b.Cond("cancel_when", o.Cancel); err != nil {
			return nil, err
		}
		if o.Event != nil {
			if w.Entity, w.Where, _, err = bindWhere(b, o.Event.Entity, o.Event.Where); err != nil {
				return nil, at("event", err)
			}
		}
		return w, nil
	},
})

// Stop is a bound stop step.
type Stop struct{}

// Run does nothing: the run ends itself.
func (*Stop) Run(*Ctx) (any, error) { return nil, nil }

var _ = Define(Spec[struct{}]{
	Name: "stop", Group: "control", Icon: "flag", Control: true, Validate: true,
	Label:   label("结束", "Stop"),
	Help:    label("结束这次执行，后面的步骤不再执行", "Ends the run; what follows is not done"),
	Options: json.RawMessage(panel.Object()),
	Bind:    func(*Binder, struct{}) (Runner, error) { return &Stop{}, nil },
})

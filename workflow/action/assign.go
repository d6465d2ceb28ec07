package action

import (
	"encoding/json"

	"tenon/engine/record"
	"tenon/schema/expr"
	"tenon/schema/panel"
	"tenon/schema/value"
	wfstore "tenon/workflow/store"
)

type assignOptions struct {
	Field       string   `json:"field"`
	Strategy    string   `json:"strategy"`
	Members     []string `json:"members"`
	Roles       []string `json:"roles"`
	Departments []string `json:"departments"`
	Load        *struct {
		Entity string `json:"entity"`
		Where  string `json:"where"`
	} `json:"load"`
}

var _ = Define(Spec[assignOptions]{
	Name: "assign", Group: "people", Icon: "users",
	Label: label("分配负责人", "Assign"),
	Help:  label("轮流，或分给手上最少的人；只分给在职的成员", "In turn, or to whoever has least; only to active members"),
	Options: json.RawMessage(panel.Object(
		panel.Field("field", panel.Accept{Traits: []string{"holds_member"}}, "写入字段", "Field").Default("owner"),
		panel.Select("strategy", "方式", "How", panel.Choice{Value: "round_robin", ZH: "轮流", EN: "In turn"}, panel.Choice{Value: "least_loaded", ZH: "最少者优先", EN: "Least loaded"}, panel.Choice{Value: "fixed", ZH: "固定第一人", EN: "Always the first"}).Required(),
		panel.Pick("members", "member", "成员", "Members").Many(200),
		panel.Pick("roles", "role", "角色", "Roles").Many(50),
		panel.Pick("departments", "department", "部门", "Departments").Many(50),
		panel.Group("load", "工作量", "Load", panel.Entity("entity", "按表单计数", "Count records of"), whereProp()))),
	Bind: func(b *Binder, o assignOptions) (Runner, error) {
		if o.Field == "" {
			o.Field = "owner"
		}
		f := b.Rule.Entity.Field(o.Field)
		if f == nil || !f.Traits.HoldsUser {
			return nil, ErrNoMembers.At("field")
		}
		// Load is counted per candidate with me() standing for the candidate.
		load := "count_records(\"" + b.Rule.Entity.Key() + "\", \"it.owner == me()\")"
		if o.Load != nil {
			e, err := b.Entity("load/entity", o.Load.Entity)
			if err != nil {
				return nil, err
			}
			where := o.Load.Where
			if where == "" {
				where = "true"
			}
			q, err := json.Marshal("it.owner == me() and (" + where + ")")
			if err != nil {
				return nil, err
			}
			load = "count_records(\"" + e.Key() + "\", " + string(q) + ")"
		}
		counted, err := b.Expr("load/where", load)
		if err != nil {
			return nil, err
		}
		roles := roleIDs(b.Model, o.Roles)
		chosen := Assign{Field: f}
		return writing{RunnerFunc(func(c *Ctx) (any, error) { return assign(c, o, f.ID(), roles, counted) }),
			[]Write{{Entity: b.Rule.Entity, Op: "update", Own: true, Values: []Assign{chosen}, Once: o.Strategy == "fixed"}}}, nil
	},
})

// assign chooses under the cursor's row lock, so that concurrent assignments
// take turns and each sees what the one before has given out.
func assign(c *Ctx, o assignOptions, fieldID string, roles []string, load *expr.Program) (any, error) {
	if c.Record == nil {
		return nil, ErrNoRecord.New()
	}
	step := c.Rule.Def.ID + "." + c.Path
	if i := indexBracket(c.Path); i >= 0 {
		step = c.Rule.Def.ID + "." + c.Path[:i]
	}
	res, err := c.S.Do(append(wfstore.LockCursor(c.App, step), wfstore.Candidates(c.App, c.S.Snap.WorkspaceID, o.Members, roles, o.Departments))...)
	if err != nil {
		return nil, err
	}
	last := res[1].Str(0)
	var all []string
	for _, row := range res[2].Rows {
		all = append(all, string(row[0]))
	}
	if len(all) == 0 {
		// A small team may have nobody yet: the field stays as it is and the log says so.
		return Skipped{"nobody"}, nil
	}
	// The one after the last in id order; wrapping round.
	start := 0
	for i, id := range all {
		if id > last {
			start = i
			break
		}
	}
	if last != "" && all[len(all)-1] <= last {
		start = 0
	}
	chosen := all[start]
	switch o.Strategy {
	case "fixed":
		chosen = all[0]
	case "least_loaded":
		best := int64(-1)
		for i := range all {
			id := all[(start+i)%len(all)]
			env := *c.Env
			env.Me = id
			v, err := load.Eval(&env)
			if err != nil {
				return nil, err
			}
			if n := v.Int(); best < 0 || n < best {
				best, chosen = n, id
			}
		}
	}
	if _, err := c.S.Do(wfstore.MoveCursor(c.App, step, chosen)); err != nil {
		return nil, err
	}
	out, err := c.S.Apply(record.Op{Kind: "update", Entity: c.Rule.Entity.ID(), ID: c.Record.ID(), Set: map[string]value.Value{fieldID: value.OfRef(chosen)}})
	if err != nil {
		return nil, err
	}
	m := done(out[0])
	m["member"] = chosen
	return m, nil
}

func indexBracket(s string) int {
	for i := range s {
		if s[i] == '[' {
			return i
		}
	}
	return -1
}

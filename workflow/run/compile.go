// Package run interprets rules: it walks a rule's steps, lets actions take
// effect in the engine's transactions, and checkpoints the run in the same
// ones, so that every effect on records happens exactly once.
//
// A run's memory is its row (store.Data): finished step paths, records named by
// steps, loop cursors, the wait it is in. Executing a run means taking its row,
// walking from the start past everything finished, and going on until it ends,
// waits, needs an effect outside, or has done a chunk of a loop. Killing the
// process anywhere leaves the row as the last commit left it.
//
// The package starts no goroutine; workflow/relay brings it runs to execute.
package run

import (
	"fmt"
	"sync"

	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/workflow/action"
)

// step is a bound step.
type step struct {
	def    *schema.Step
	when   *expr.Program
	runner action.Runner
	facts  action.Facts
	body   []*step
	other  []*step
}

// compiled is a rule with bound steps.
type compiled struct {
	rule  *schema.RuleModel
	steps []*step
	// whole: every step takes effect inside the database, so a bulk run can
	// treat the rule as the body of one loop.
	whole bool
}

// ErrStep says that a rule has a step of an unknown sort, or one that its mode forbids.
var (
	ErrMode = fault.Define(fault.Invalid, "rule.step_mode", "“{step}”不能用在{mode}方式的规则里", "\"{step}\" cannot be used in a rule of mode {mode}")
	ErrRule = fault.Define(fault.NotFound, "run.rule_unknown", "找不到规则，它可能已被删除", "there is no such rule; it may have been removed")
)

// bind compiles a rule's steps, finding every fault.
func bind(m *schema.Model, r *schema.RuleModel) (*compiled, fault.List) {
	var l fault.List
	b := &action.Binder{Model: m, Rule: r, Scope: r.Scope}
	c := &compiled{rule: r, whole: true}
	c.steps = bindSteps(b, c, "/steps", r.Def.Steps, &l)
	return c, l
}

func bindSteps(b *action.Binder, c *compiled, path string, defs []*schema.Step, l *fault.List) []*step {
	var out []*step
	for i, d := range defs {
		p := fmt.Sprintf("%s/%d", path, i)
		t, ok := action.Types.Get(d.Type)
		if !ok {
			*l = append(*l, schema.ErrViewType.At(p+"/type").With("ref", d.Type))
			continue
		}
		s := &step{def: d, facts: t.Facts()}
		if s.facts.External {
			c.whole = false
		}
		mode := b.Rule.Def.Mode
		if mode == "validate" && !s.facts.Validate || mode == "sync" && s.facts.External {
			l.AddUnder(p, ErrMode.At("type").With("step", t.Entry().Label.ZH).With("mode", mode))
		}
		var err error
		if s.when, err = b.Cond("", d.When); err != nil {
			l.AddUnder(p+"/when", err)
		}
		if s.runner, err = t.Bind(b, d.Options); err != nil {
			l.AddUnder(p+"/options", err)
			continue
		}
		inner := b
		switch r := s.runner.(type) {
		case *action.Loop:
			cp := *b
			inner = &cp
			inner.Var(r.As, r.Entity)
		case *action.Wait:
			c.whole = false
			if mode == "validate" || mode == "sync" {
				l.AddUnder(p, ErrMode.At("type").With("step", t.Entry().Label.ZH).With("mode", mode))
			}
		}
		s.body = bindSteps(inner, c, p+"/steps", d.Steps, l)
		s.other = bindSteps(b, c, p+"/else", d.Else, l)
		out = append(out, s)
	}
	return out
}

// Check finds the faults of every rule's steps, for plans and publishes.
func Check(m *schema.Model) fault.List {
	var l fault.List
	for _, r := range m.Rules {
		_, faults := bind(m, r)
		for _, f := range faults {
			p := f.Path
			if p != "" && p[0] != '/' {
				p = "/" + p
			}
			l = append(l, f.At(r.Def.ID+p))
		}
	}
	return l
}

// cache keeps bound rules by app, version and rule.
type cache struct {
	mu sync.Mutex
	m  map[string]*compiled
}

func (c *cache) get(key string, m *schema.Model, r *schema.RuleModel) (*compiled, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if x := c.m[key]; x != nil && x.rule == r {
		return x, nil
	}
	x, l := bind(m, r)
	if err := l.Err(); err != nil {
		return nil, err
	}
	if c.m == nil || len(c.m) > 5000 {
		c.m = map[string]*compiled{}
	}
	c.m[key] = x
	return x, nil
}

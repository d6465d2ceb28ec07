package run

import (
	"context"
	"encoding/json"
	"time"

	"tenon/engine/access"
	"tenon/engine/definition"
	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/value"
	"tenon/workflow/action"
	wfstore "tenon/workflow/store"
)

// Faults of buttons.
var (
	ErrButton      = fault.Define(fault.NotFound, "button.unknown", "找不到这个按钮", "there is no such button")
	ErrButtonRole  = fault.Define(fault.Forbidden, "button.role", "没有使用“{button}”的权限", "you may not use \"{button}\"")
	ErrButtonState = fault.Define(fault.Conflict, "button.condition", "这条记录现在不能执行“{button}”", "\"{button}\" cannot be used on this record now")
)

// decodeInputs parses what was filled into a button's input form.
func decodeInputs(s *record.Session, r *schema.RuleModel, raw json.RawMessage) (map[string]value.Value, error) {
	out := map[string]value.Value{}
	var m map[string]any
	if len(raw) > 0 && string(raw) != "null" {
		x, err := schema.DecodeJSON(raw)
		if err != nil {
			return nil, err
		}
		m, _ = x.(map[string]any)
	}
	var l fault.List
	for _, f := range r.Inputs {
		v, err := f.Parse(m[f.Key()], s.FieldEnv())
		if err == nil && !v.IsNull() {
			err = f.Check(v)
		}
		if err != nil {
			l.AddUnder("inputs/"+f.Key(), err)
			continue
		}
		if v.IsEmpty() && f.Def.Required {
			l = append(l, record.ErrRequired.At("inputs/"+f.Key()).With("field", f.Def.Name.In(s.Actor.Locale)))
			continue
		}
		out[f.Key()] = v
	}
	return out, l.Err()
}

// Answer is what a click on a button gives back.
type Answer struct {
	Run     string `json:"run"`
	Message string `json:"message,omitempty"`
	Open    string `json:"open,omitempty"`
	Entity  string `json:"entity,omitempty"`
}

// lately is how long a record that has left somebody's rows counts as seen by
// them: a list may be open that long.
const lately = 24 * time.Hour

// Button runs a button rule on a record within the click: all of it or nothing.
// On a record that the actor could read lately and no longer can, nothing is
// done, but the rule may say why: a colleague was faster.
func (x *Executor) Button(ctx context.Context, actor *access.Actor, appID, entity, id, rule string, inputs json.RawMessage) (*Answer, error) {
	var out *Answer
	err := x.E.Run(ctx, appID, actor, record.Options{}, func(s *record.Session) error {
		out = nil
		r := s.Snap.Rule(rule)
		if r == nil || r.Def.Trigger.Type != "button" || r.Entity == nil || s.Snap.RuleOff[r.Def.ID] || s.Snap.Entity(entity) != r.Entity {
			return ErrButton.New()
		}
		name := r.Def.Name.In(actor.Locale)
		if !s.Rights.Full() && !x.MayPress(actor, r) {
			return ErrButtonRole.With("button", name)
		}
		// One person's clicks in an app take turns: rules count what they have
		// done already, and must not miss what another tab is doing.
		if _, err := s.Do(store.LockKey("press:" + appID + ":" + actor.ID)); err != nil {
			return err
		}
		recs, err := s.Load(r.Entity, []string{id}, "FOR NO KEY UPDATE")
		if err != nil {
			return err
		}
		if len(recs) == 0 || recs[0].Deleted() {
			return access.ErrNotFound.New()
		}
		visible, err := s.Rights.On(r.Entity).RowAllowed("read", s.Env(recs[0], recs[0]))
		if err != nil {
			return err
		}
		if !visible {
			seen, err := x.E.SawBefore(s, recs[0], s.Now.Add(-lately))
			if err != nil {
				return err
			}
			if !seen {
				return access.ErrNotFound.New()
			}
		}
		in, err := decodeInputs(s, r, inputs)
		if err != nil {
			return err
		}
		b, err := x.bound.get(x.key(appID, s.Snap.Version, r.Def.ID), s.Snap.Model, r)
		if err != nil {
			return err
		}
		run := x.newRun(s, r, nil)
		run.Entity, run.Record, run.Trigger = r.Entity.ID(), id, wfstore.Trigger{Op: "button", Inputs: inputs, By: actor.Member}
		w := &walker{x: x, s: s, c: b, r: run, record: recs[0], old: recs[0], now: s.Now}
		env := w.env()
		w.inputs(env.Vars["inputs"], in)
		for _, p := range []*expr.Program{r.Pure, r.Guard} {
			if p == nil {
				continue
			}
			ok, err := p.True(env)
			if err != nil {
				return err
			}
			if !ok {
				return ErrButtonState.With("button", name)
			}
		}
		err = x.inlineButton(s, w)
		if k := fault.KindOf(err); !visible && (err == nil || k == fault.Invalid || k == fault.Forbidden) {
			err = access.ErrNotFound.New()
		}
		if err != nil {
			return err
		}
		out = &Answer{Run: run.ID}
		for _, m := range w.messages {
			if m.Channel == "answer" {
				out.Message, out.Open, out.Entity = m.Text, m.Open, m.Entity
			}
		}
		return nil
	})
	return out, err
}

// inlineButton walks a button's steps; steps that wait or reach outside go on
// as an async run after the click.
func (x *Executor) inlineButton(s *record.Session, w *walker) error {
	system, err := x.actor(s.Ctx, s.Snap.WorkspaceID)
	if err != nil {
		return err
	}
	return s.As(system, w.r.ID, w.r.Chain, w.r.Depth+1, func() error {
		for {
			h, err := w.walk(w.c.steps, "")
			if err != nil {
				return err
			}
			switch h {
			case chunked:
				w.items = 0
				continue
			case goOn, stopped:
				w.r.State = "done"
			default:
				// The rest is carried on by the queue from where it stands.
				w.r.State = "ready"
				w.r.Data.Waiting = ""
			}
			w.done("guard")
			s.Later(append([]store.Stmt{wfstore.Insert(w.r)}, w.logStmts()...)...)
			return nil
		}
	})
}

// MayPress reports whether a button is offered to an actor's roles.
func (x *Executor) MayPress(a *access.Actor, r *schema.RuleModel) bool {
	if len(r.Def.Trigger.Roles) == 0 || a.Admin {
		return true
	}
	for _, want := range r.Def.Trigger.Roles {
		for _, have := range a.Roles {
			if want == have {
				return true
			}
		}
	}
	return false
}

// TaskFinished starts the rules that wait for a task's outcome, in the
// transaction that finished it.
func (x *Executor) TaskFinished(s *record.Session, entity, recordID, kind, outcome, comment, title, by string) ([]store.Stmt, error) {
	var out []store.Stmt
	for _, r := range s.Snap.Rules {
		t := r.Def.Trigger
		if t.Type != "task_finished" || r.Entity == nil || r.Entity.ID() != entity || s.Snap.RuleOff[r.Def.ID] || t.Task != "" && t.Task != kind || t.Outcome != "" && t.Outcome != outcome {
			continue
		}
		run := x.newRun(s, r, nil)
		run.Entity, run.Record, run.Lane = entity, recordID, entity+":"+recordID
		run.Trigger = wfstore.Trigger{Op: "task", Kind: kind, Outcome: outcome, Comment: comment, Title: title, By: by}
		run.Actor = by
		out = append(out, wfstore.Insert(run))
	}
	return out, nil
}

// Webhook starts a webhook rule with a body; dedupe makes repeats harmless.
func (x *Executor) Webhook(ctx context.Context, snap *definition.Snapshot, r *schema.RuleModel, body json.RawMessage, dedupe string) (string, error) {
	run := &wfstore.Run{ID: x.E.NewID(), Workspace: snap.WorkspaceID, App: snap.AppID, Rule: r.Def.ID, Version: snap.Version, State: "ready", RunAt: x.E.Now(), Trigger: wfstore.Trigger{Op: "webhook", Body: body}}
	run.Chain = run.ID
	if dedupe != "" {
		run.Dedupe = "webhook:" + r.Def.ID + ":" + dedupe
	}
	_, err := x.E.DB.Read(ctx, wfstore.Insert(run))
	x.Signal()
	return run.ID, err
}

// Rehearsal is what a rule would have done.
type Rehearsal struct {
	Matched   bool              `json:"matched"`
	Condition []expr.Seen       `json:"condition"`
	Steps     []wfstore.StepRow `json:"steps"`
	Diffs     []Diff            `json:"diffs"`
	Messages  []action.Message  `json:"messages"`
	Problems  []Problem         `json:"problems,omitempty"`
}

// Diff is a record before and after a rehearsal.
type Diff struct {
	Entity string                 `json:"entity"`
	ID     string                 `json:"id"`
	Op     string                 `json:"op"`
	Before map[string]value.Value `json:"before,omitempty"`
	After  map[string]value.Value `json:"after,omitempty"`
}

// Rehearse runs an unsaved rule on a record and a proposed edit through the
// real pipeline, in a transaction that is rolled back. Nothing is sent.
func (x *Executor) Rehearse(ctx context.Context, actor *access.Actor, appID string, def *schema.Rule, recordID string, changes map[string]any) (*Rehearsal, error) {
	out := &Rehearsal{Steps: []wfstore.StepRow{}, Diffs: []Diff{}, Messages: []action.Message{}, Condition: []expr.Seen{}}
	err := x.E.Rehearse(ctx, appID, actor, record.Options{NoRules: true}, func(s *record.Session) error {
		app := *s.Snap.App
		app.Rules = []*schema.Rule{def}
		schema.Normalize(&app)
		m, faults := schema.Compile(&app)
		for _, f := range faults {
			if len(f.Path) > len(def.ID) && f.Path[:len(def.ID)] == def.ID {
				return faults
			}
		}
		r := m.Rule(def.ID)
		if r == nil {
			return faults
		}
		b, l := bind(m, r)
		if err := l.Err(); err != nil {
			return err
		}
		run := &wfstore.Run{ID: "", Actor: actor.Member, Trigger: wfstore.Trigger{Op: "update"}, Record: recordID}
		w := &walker{x: x, s: s, c: b, r: run, now: s.Now, rehearse: true}
		from := len(s.Changes())
		if r.Entity != nil && recordID != "" {
			e := s.Snap.Entity(r.Entity.ID())
			old, err := s.Current(e, recordID)
			if err != nil {
				return err
			}
			if old == nil {
				return access.ErrNotFound.New()
			}
			if ok, err := s.Rights.On(e).RowAllowed("read", s.Env(old, old)); err != nil || !ok {
				return access.ErrNotFound.New()
			}
			w.old = old
			if len(changes) > 0 {
				if _, err := s.Apply(record.Op{Kind: "update", Entity: e.ID(), ID: recordID, Values: changes}); err != nil {
					return err
				}
			}
			from = len(s.Changes())
		}
		system := access.System(s.Snap.WorkspaceID)
		system.ID = s.Snap.WorkspaceID
		return s.As(system, "", "", 1, func() error {
			if err := w.reload(); err != nil {
				return err
			}
			env := w.env()
			out.Matched = true
			for _, p := range []*expr.Program{r.Pure, r.Guard} {
				if p == nil {
					continue
				}
				out.Condition = append(out.Condition, p.Explain(env)...)
				ok, err := p.True(env)
				if err != nil {
					out.Problems = Faults(err)
				}
				out.Matched = out.Matched && ok
			}
			if out.Matched {
				if r.Def.Mode == "validate" {
					w.validate = map[string]value.Value{}
				}
				_, err := w.walk(b.steps, "")
				if err == nil {
					err = w.settle()
				}
				if err != nil {
					out.Problems = Faults(err)
					w.note(w.failed, "error", "failed", nil, err)
					w.log[len(w.log)-1].Input = w.tried
				}
			}
			out.Steps = append(out.Steps, w.log...)
			out.Messages = append(out.Messages, w.messages...)
			for _, c := range s.Changes()[from:] {
				d := Diff{Entity: c.Entity().Key(), ID: c.ID(), Op: c.Op, After: map[string]value.Value{}}
				if c.Before != nil {
					d.Before = map[string]value.Value{}
				}
				for fid := range c.Fields {
					f := c.Entity().Field(fid)
					d.After[f.Key()] = c.After.Get(f)
					if c.Before != nil {
						d.Before[f.Key()] = c.Before.Get(f)
					}
				}
				out.Diffs = append(out.Diffs, d)
			}
			return nil
		})
	})
	return out, err
}

// Due makes a run of a rule that time has set off; the relay inserts it.
func (x *Executor) Due(snap *definition.Snapshot, r *schema.RuleModel, recordID, dedupe, op string, now time.Time) *wfstore.Run {
	run := &wfstore.Run{ID: x.E.NewID(), Workspace: snap.WorkspaceID, App: snap.AppID, Rule: r.Def.ID, Version: snap.Version, State: "ready", RunAt: now, Trigger: wfstore.Trigger{Op: op}, Dedupe: dedupe, Record: recordID}
	run.Chain = run.ID
	if recordID != "" && r.Entity != nil {
		run.Entity, run.Lane = r.Entity.ID(), r.Entity.ID()+":"+recordID
	}
	return run
}

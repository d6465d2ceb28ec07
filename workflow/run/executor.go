package run

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"sync"
	"time"

	"tenon/engine"
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

// Executor executes runs and is the engine's hook for rules.
type Executor struct {
	E       *engine.Engine
	Deliver *action.Delivery
	// Signal wakes the relay after a commit that made runs; it must not block.
	Signal func()
	// Changed is told of committed changes, for the live stream.
	Changed func(snap *definition.Snapshot, changes []*record.Change)

	bound  cache
	actors sync.Map
}

// New makes an executor and hooks it into the engine.
func New(e *engine.Engine, d *action.Delivery) *Executor {
	x := &Executor{E: e, Deliver: d, Signal: func() {}}
	e.Hooks.Validate = x.validate
	e.Hooks.Sync = x.sync
	e.Hooks.Runs = x.runs
	e.Hooks.Committed = func(snap *definition.Snapshot, changes []*record.Change) {
		x.Signal()
		if x.Changed != nil {
			x.Changed(snap, changes)
		}
	}
	return x
}

// MaxTries is how often a run is tried again after passing faults.
const MaxTries = 8

// bulkFrom is the number of matches of one rule in one batch from which they
// become one run with items.
const bulkFrom = 20

// runs creates the run rows of matched rules in the writing transaction, and
// wakes runs that wait for what has changed.
func (x *Executor) runs(_ context.Context, s *record.Session, matches []record.Match, changes []*record.Change) ([]store.Stmt, error) {
	var out []store.Stmt
	type group struct {
		rule   *schema.RuleModel
		unsure bool
	}
	groups := map[group][]record.Match{}
	var order []group
	for _, m := range matches {
		g := group{m.Rule, m.Unsure}
		if groups[g] == nil {
			order = append(order, g)
		}
		groups[g] = append(groups[g], m)
	}
	for _, g := range order {
		r, ms := g.rule, groups[g]
		bulk := false
		if len(ms) >= bulkFrom {
			c, err := x.bound.get(x.key(s.Snap.AppID, s.Snap.Version, r.Def.ID), s.Snap.Model, r)
			bulk = err == nil && c.whole
		}
		if bulk {
			run := x.newRun(s, r, ms[0].Change)
			run.Record, run.Lane = "", ""
			run.Trigger = wfstore.Trigger{Op: ms[0].Change.Op, Bulk: true, Unsure: g.unsure}
			ids, before := make([]string, len(ms)), make([]json.RawMessage, len(ms))
			for i, m := range ms {
				ids[i], before[i] = m.Change.ID(), record.EncodeBefore(m.Change)
			}
			out = append(out, wfstore.Insert(run), wfstore.InsertItems(run.ID, ids, before))
			continue
		}
		for _, m := range ms {
			run := x.newRun(s, r, m.Change)
			run.Trigger.Unsure = g.unsure
			out = append(out, wfstore.Insert(run))
			if run.State == "blocked" {
				out = append(out, wfstore.TellAdmins(run, s.Now, "rule_blocked:"+run.App+":"+run.Rule+":"+s.Now.Format("2006010215"), circling(r)))
			}
		}
	}
	byEntity := map[string][]string{}
	for _, c := range changes {
		byEntity[c.Entity().ID()] = append(byEntity[c.Entity().ID()], c.ID())
	}
	for e, ids := range byEntity {
		out = append(out, wfstore.Wake(s.Snap.AppID, e, ids, s.Now))
	}
	return out, nil
}

func (x *Executor) newRun(s *record.Session, r *schema.RuleModel, c *record.Change) *wfstore.Run {
	run := &wfstore.Run{ID: x.E.NewID(), Workspace: s.Snap.WorkspaceID, App: s.Snap.AppID, Rule: r.Def.ID, Version: s.Snap.Version, State: "ready",
		Depth: s.Opts.Depth, Chain: s.Opts.Chain, Cause: s.Opts.Cause, Actor: s.Actor.Member, RunAt: s.Now}
	if run.Chain == "" {
		run.Chain = run.ID
	}
	if run.Depth >= record.MaxDepth {
		run.State = "blocked"
	}
	if c != nil {
		run.Entity, run.Record = c.Entity().ID(), c.ID()
		run.Lane = run.Entity + ":" + run.Record
		run.Trigger = wfstore.Trigger{Op: c.Op, Before: record.EncodeBefore(c)}
	}
	return run
}

func (x *Executor) key(app string, version int, rule string) string {
	return app + "/" + strconv.Itoa(version) + "/" + rule
}

// actor is who a run acts as: the system within its workspace.
func (x *Executor) actor(ctx context.Context, workspace string) (*access.Actor, error) {
	if a, ok := x.actors.Load(workspace); ok {
		return a.(*access.Actor), nil
	}
	if _, err := x.E.DB.Read(ctx, store.SystemActor(workspace)); err != nil {
		return nil, err
	}
	a := access.System(workspace)
	a.ID = workspace
	x.actors.Store(workspace, a)
	return a, nil
}

// names resolves ids in messages.
func (x *Executor) names(s *record.Session, r *schema.RuleModel, ids []string) map[string]string {
	return x.E.NamesOf(s, r.Entity, ids)
}

// validate runs a validate rule on a change that is not saved yet.
func (x *Executor) validate(_ context.Context, s *record.Session, r *schema.RuleModel, c *record.Change) (map[string]value.Value, error) {
	b, err := x.bound.get(x.key(s.Snap.AppID, s.Snap.Version, r.Def.ID), s.Snap.Model, r)
	if err != nil {
		return nil, err
	}
	w := &walker{x: x, s: s, c: b, r: &wfstore.Run{Trigger: wfstore.Trigger{Op: c.Op}, Actor: s.Actor.Member}, record: c.After, old: c.Before, now: s.Now, validate: map[string]value.Value{}}
	if w.old == nil {
		w.old = record.New(c.Entity())
	}
	if r.Guard != nil {
		ok, err := r.Guard.True(w.env())
		if err != nil || !ok {
			return nil, err
		}
	}
	if _, err := w.walk(b.steps, ""); err != nil {
		return nil, err
	}
	return w.validate, nil
}

// sync runs a sync rule inside the transaction of the change.
func (x *Executor) sync(_ context.Context, s *record.Session, r *schema.RuleModel, c *record.Change) error {
	b, err := x.bound.get(x.key(s.Snap.AppID, s.Snap.Version, r.Def.ID), s.Snap.Model, r)
	if err != nil {
		return err
	}
	run := x.newRun(s, r, c)
	w := &walker{x: x, s: s, c: b, r: run, old: c.Before, now: s.Now}
	return x.inline(s, w, r)
}

// inline walks a rule whole within the current transaction as the system, and
// logs it as a finished run.
func (x *Executor) inline(s *record.Session, w *walker, r *schema.RuleModel) error {
	system, err := x.actor(s.Ctx, s.Snap.WorkspaceID)
	if err != nil {
		return err
	}
	return s.As(system, w.r.ID, w.r.Chain, w.r.Depth+1, func() error {
		if err := w.reload(); err != nil {
			return err
		}
		if w.old == nil && w.record != nil {
			w.old = record.New(w.record.Entity)
		}
		if r.Guard != nil {
			ok, err := r.Guard.True(w.env())
			if err != nil || !ok {
				return err
			}
		}
		for {
			h, err := w.walk(w.c.steps, "")
			if err != nil {
				return err
			}
			if h == chunked {
				w.items = 0
				continue
			}
			break
		}
		w.r.State = "done"
		s.Later(append([]store.Stmt{wfstore.Insert(w.r)}, w.logStmts()...)...)
		return nil
	})
}

var errGone = fmt.Errorf("run: taken by another attempt")

// Execute carries a delivered run as far as it goes. It returns an error only
// when Postgres could not be reached; every other outcome is in the run's row.
func (x *Executor) Execute(ctx context.Context, id string, attempt int) error {
	for {
		more, err := x.segment(ctx, id, attempt)
		if err == errGone {
			return nil
		}
		if err != nil {
			return err
		}
		if !more {
			return nil
		}
	}
}

// segment executes a run up to the next commit.
func (x *Executor) segment(ctx context.Context, id string, attempt int) (more bool, err error) {
	res, err := x.E.DB.Read(ctx, wfstore.Get(id))
	if err != nil {
		return false, err
	}
	if len(res[0].Rows) == 0 {
		return false, errGone
	}
	r, err := wfstore.Read(res[0].Rows[0])
	if err != nil {
		return false, err
	}
	if r.Attempt != attempt || r.State != "queued" && r.State != "running" {
		return false, errGone
	}
	b, err := x.pinned(ctx, r)
	if err != nil {
		return false, x.fail(ctx, r, "", nil, err)
	}
	system, err := x.actor(ctx, r.Workspace)
	if err != nil {
		return false, err
	}
	var w *walker
	var h halt
	err = x.E.Run(ctx, r.App, system, record.Options{Cause: r.ID, Chain: r.Chain, Depth: r.Depth + 1, Trusted: true}, func(s *record.Session) error {
		got, err := s.Do(wfstore.Take(id, attempt))
		if err != nil {
			return err
		}
		if len(got[0].Rows) == 0 {
			return errGone
		}
		fresh, err := wfstore.Read(got[0].Rows[0])
		if err != nil {
			return err
		}
		w = &walker{x: x, s: s, c: b, r: fresh, now: s.Now}
		h, err = x.advance(w)
		if err != nil {
			return err
		}
		stmts := w.logStmts()
		switch h {
		case goOn:
			stmts = append(stmts, ending(fresh, "done", s.Now)...)
		case stopped:
			stmts = append(stmts, ending(fresh, w.final, s.Now)...)
		case waits:
			until := time.Time{}
			if fresh.Data.Until != nil {
				until = *fresh.Data.Until
			}
			stmts = append(stmts, wfstore.Wait(fresh, x.E.NewID(), until, w.waitsFor(b.steps))...)
		case outside:
			stmts = append(stmts, wfstore.Save(fresh), wfstore.Running(id, attempt))
		case chunked:
			stmts = append(stmts, wfstore.Save(fresh))
		}
		s.Later(stmts...)
		return nil
	})
	switch {
	case err == errGone:
		return false, err
	case err != nil:
		path, tried := "", map[string]any(nil)
		if w != nil {
			if path = w.failed; path == "" {
				path = w.wrote
			}
			tried = w.tried
		}
		return false, x.fail(ctx, r, path, tried, err)
	case h == outside:
		return true, x.outside(ctx, w)
	}
	return h == chunked, nil
}

// ending ends a run, and its waits if it may have had one: whatever waits is
// claimed again.
func ending(r *wfstore.Run, state string, now time.Time) []store.Stmt {
	end := []store.Stmt{wfstore.End(r, state, nil, now)}
	if r.Attempt > 1 {
		end = append(end, wfstore.Unwait(r.ID)...)
	}
	return end
}

// pinned binds the rule of the version that the run belongs to.
func (x *Executor) pinned(ctx context.Context, r *wfstore.Run) (*compiled, error) {
	snap, err := x.E.Defs.At(ctx, r.App)
	if err != nil {
		return nil, err
	}
	if snap.Version != r.Version {
		if snap, err = x.E.Defs.AtVersion(ctx, r.App, r.Version); err != nil {
			return nil, err
		}
	}
	rule := snap.Rule(r.Rule)
	if rule == nil {
		return nil, ErrRule.New()
	}
	return x.bound.get(x.key(r.App, r.Version, r.Rule), snap.Model, rule)
}

// advance walks a run in its session: the guard first, then the steps; a bulk
// run walks them for every item.
func (x *Executor) advance(w *walker) (halt, error) {
	if w.r.Trigger.Bulk {
		return x.bulk(w)
	}
	if err := w.reload(); err != nil {
		return goOn, err
	}
	if w.record == nil && w.r.Record != "" {
		w.note("guard", "condition", "skipped", map[string]any{"reason": "purged"}, nil)
		w.final = "skipped"
		return stopped, nil
	}
	w.old = x.before(w.record, w.r.Trigger)
	if !w.r.Data.Done["guard"] {
		ok, err := x.guard(w)
		if err != nil {
			return goOn, err
		}
		w.done("guard")
		if !ok {
			w.final = "skipped"
			return stopped, nil
		}
	}
	return w.walk(w.c.steps, "")
}

// before rebuilds the record as it was before the triggering change.
func (x *Executor) before(rec *record.Record, t wfstore.Trigger) *record.Record {
	if rec == nil {
		return nil
	}
	if t.Op == "create" {
		return record.New(rec.Entity)
	}
	return engine.WithBefore(rec, t.Before)
}

// guard checks what the write path could not: the querying half of the
// condition, and all of it for triggers that are no change.
func (x *Executor) guard(w *walker) (bool, error) {
	env := w.env()
	r := w.c.rule
	holds := func(p *expr.Program) (bool, error) {
		ok, err := p.True(env)
		seen := map[string]any{"condition": p.Explain(env)}
		if err != nil {
			w.failed, w.tried = "guard", seen
		} else if !ok {
			w.note("guard", "condition", "skipped", seen, nil)
		}
		return ok && err == nil, err
	}
	if (!changeOps[w.r.Trigger.Op] || w.r.Trigger.Unsure) && r.Pure != nil {
		if ok, err := holds(r.Pure); !ok {
			return false, err
		}
	}
	if r.Guard != nil {
		if ok, err := holds(r.Guard); !ok {
			return false, err
		}
		w.note("guard", "condition", "done", map[string]any{"condition": r.Guard.Explain(env)}, nil)
	} else if r.Pure != nil && w.r.Trigger.Op != "" {
		w.note("guard", "condition", "done", map[string]any{"condition": r.Pure.Explain(env)}, nil)
	}
	return true, nil
}

var changeOps = map[string]bool{"create": true, "update": true, "delete": true, "restore": true, "computed": true}

// bulk walks the steps for the items of a bulk run, a chunk per transaction.
func (x *Executor) bulk(w *walker) (halt, error) {
	if w.r.Data.Loops == nil {
		w.r.Data.Loops = map[string]string{}
	}
	if w.r.Data.Counts == nil {
		w.r.Data.Counts = map[string]int{}
	}
	res, err := w.s.Do(wfstore.Items(w.r.ID, w.r.Data.Loops["items"], 4*loopChunk))
	if err != nil {
		return goOn, err
	}
	for _, row := range res[0].Rows {
		id := string(row[0])
		w.r.Record = id
		if err := w.reload(); err != nil {
			return goOn, err
		}
		w.vars, w.r.Data.Vars = nil, nil
		if w.record != nil {
			t := w.r.Trigger
			t.Before = row[1]
			w.old = x.before(w.record, t)
			ok, err := x.guard(w)
			if err != nil {
				return goOn, err
			}
			if ok {
				prefix := "[" + id + "]."
				for {
					h, err := w.walk(w.c.steps, prefix)
					if err != nil {
						return goOn, err
					}
					if h != chunked {
						break
					}
				}
				w.forget(prefix)
			}
		}
		w.r.Data.Loops["items"] = id
		w.r.Data.Counts["items"]++
		w.items++
	}
	w.r.Record = ""
	if len(res[0].Rows) < 4*loopChunk {
		w.log = append(w.log, wfstore.StepRow{Path: "items", Type: "bulk", State: "done", Output: map[string]any{"count": w.r.Data.Counts["items"]}, Started: w.now, Ended: w.now})
		return goOn, nil
	}
	return chunked, nil
}

// outside does an external effect between two transactions, with the lease
// kept alive, and saves the answer for the next one.
func (x *Executor) outside(ctx context.Context, w *walker) error {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		t := time.NewTicker(5 * time.Second)
		defer t.Stop()
		for {
			select {
			case <-stop:
				return
			case <-t.C:
				_, _ = x.E.DB.Read(ctx, wfstore.Beat(w.r.ID, w.r.Attempt))
			}
		}
	}()
	resp, err := x.Deliver.Send(ctx, w.r.Workspace, w.ext.req)
	close(stop)
	wg.Wait()
	if err != nil {
		if ferr := x.fail(ctx, w.r, w.ext.path, w.ext.called(), err); ferr != nil {
			return ferr
		}
		return errGone
	}
	b, err := json.Marshal(resp)
	if err != nil {
		return err
	}
	if w.r.Data.Saved == nil {
		w.r.Data.Saved = map[string]json.RawMessage{}
	}
	w.r.Data.Saved[w.ext.path] = b
	_, err = x.E.DB.Read(ctx, wfstore.Save(w.r))
	return err
}

// failure says in every language which rule has failed, and why.
func (x *Executor) failure(ctx context.Context, r *wfstore.Run, problems []Problem) store.Words {
	var name schema.Text
	var of *schema.EntityModel
	if c, err := x.pinned(ctx, r); err == nil {
		name, of = c.rule.Def.Name, c.rule.Entity
	}
	zh, en := []string{}, []string{}
	for _, p := range problems {
		var f *schema.FieldModel
		if of != nil {
			f = of.Field(p.Path)
		}
		if f != nil && p.Path != "" && !strings.Contains(p.ZH, f.Def.Name.In("zh-CN")) {
			p.ZH, p.EN = "“"+f.Def.Name.In("zh-CN")+"”"+p.ZH, f.Def.Name.In("en-US")+": "+p.EN
		}
		zh, en = append(zh, p.ZH), append(en, p.EN)
	}
	return store.Words{
		"zh-CN": {Title: "自动化规则执行失败", Text: name.In("zh-CN") + "：" + strings.Join(zh, "；")},
		"en-US": {Title: "An automation failed", Text: name.In("en-US") + ": " + strings.Join(en, "; ")},
	}
}

// circling says in every language which rule was stopped because rules went on
// setting each other off.
func circling(r *schema.RuleModel) store.Words {
	deep := strconv.Itoa(record.MaxDepth)
	return store.Words{
		"zh-CN": {Title: "自动化规则循环触发，已停止", Text: r.Def.Name.In("zh-CN") + "：规则已连续互相触发 " + deep + " 次，不再继续；请打开它的运行记录查看经过"},
		"en-US": {Title: "Automations that set each other off were stopped", Text: r.Def.Name.In("en-US") + ": rules have set each other off " + deep + " times in a row; its run log shows how"},
	}
}

// fail records a failure: a passing one is tried again later, any other ends
// the run and tells the administrators once. The log keeps what the step tried.
func (x *Executor) fail(ctx context.Context, r *wfstore.Run, path string, tried map[string]any, cause error) error {
	now := x.E.Now()
	problems := Faults(cause)
	report := map[string]any{"step": path, "problems": problems}
	if fault.KindOf(cause) == fault.Internal {
		report["detail"] = cause.Error()
	}
	if passing(cause) && r.Tries < MaxTries {
		wait := time.Duration(5<<r.Tries) * time.Second
		if wait > time.Hour {
			wait = time.Hour
		}
		wait = wait/2 + spread(r.ID, wait/2)
		_, err := x.E.DB.Read(ctx, wfstore.Retry(r, now.Add(wait), report))
		return err
	}
	return x.E.DB.InTx(ctx, func(tx *store.Tx) error {
		stmts := []store.Stmt{wfstore.End(r, "failed", report, now),
			wfstore.LogStep(r.ID, wfstore.StepRow{Path: orDash(path), Type: "error", State: "failed", Input: tried, Error: problems, Started: now, Ended: now})}
		stmts = append(stmts, wfstore.Unwait(r.ID)...)
		stmts = append(stmts, wfstore.TellAdmins(r, now, "rule_failed:"+r.App+":"+r.Rule+":"+now.Format("2006010215"), x.failure(ctx, r, problems)))
		_, err := tx.Do(ctx, stmts...)
		return err
	})
}

// spread gives each run its own part of a pause, so that runs which failed
// together do not come back together.
func spread(id string, most time.Duration) time.Duration {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id))
	return time.Duration(h.Sum64() % uint64(most+1))
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// passing reports whether a fault may be gone the next time.
func passing(err error) bool {
	code, _, _ := store.PgError(err)
	if len(code) == 5 {
		switch code[:2] {
		case "08", "53", "57", "40", "55":
			return true
		}
		return false
	}
	k := fault.KindOf(err)
	return k == fault.Transient || k == fault.TooMany
}

package run

import (
	"encoding/json"
	"sort"
	"strings"
	"time"

	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/value"
	"tenon/workflow/action"
	wfstore "tenon/workflow/store"
)

// halt says why a walk came to a stop.
type halt int

const (
	goOn    halt = iota
	stopped      // a stop step, or cancelled
	waits        // parked
	outside      // an external step is next
	chunked      // a chunk of a loop is done; commit and come back
)

// loopChunk is how many items of a loop one transaction handles.
const loopChunk = 50

// walker goes through a rule's steps in one session.
type walker struct {
	x    *Executor
	s    *record.Session
	c    *compiled
	r    *wfstore.Run
	vars map[string]map[string]any

	record   *record.Record
	old      *record.Record
	now      time.Time
	rehearse bool
	validate map[string]value.Value
	messages []action.Message
	log      []wfstore.StepRow
	items    int
	ext      *pending
	final    string         // state when stopped
	failed   string         // path of the step that failed
	tried    map[string]any // what the latest step looked at and would have written
	wrote    string         // path of the step whose writes may not have been sent yet
}

// pending is the external effect that the walk has come to.
type pending struct {
	path string
	step *step
	req  *action.Request
}

// called says in a log whom a request was meant for.
func (p *pending) called() map[string]any {
	return map[string]any{"method": p.req.Method, "url": hostOf(p.req.URL)}
}

// External is an action with an effect outside: prepared in a transaction, done
// between two, finished in the next.
type External interface {
	Prepare(c *action.Ctx) (*action.Request, error)
	Finish(c *action.Ctx, resp *action.Response) (any, error)
}

// reload takes the record as it is now in the session.
func (w *walker) reload() error {
	if w.c.rule.Entity == nil || w.r.Record == "" {
		return nil
	}
	e := w.s.Snap.Entity(w.c.rule.Entity.ID())
	if e == nil {
		return action.ErrNoRecord.New()
	}
	r, err := w.s.Current(e, w.r.Record)
	if err != nil {
		return err
	}
	w.record = r
	return nil
}

func (w *walker) env() *expr.Env {
	env := w.s.Env(w.record, w.old)
	if w.old == nil && w.record != nil {
		env.Roots["old"] = w.s.Row(w.record)
	}
	if w.vars == nil {
		w.vars = w.triggerVars()
	}
	env.Vars = w.vars
	if w.r.Actor != "" {
		env.Me = w.r.Actor
	}
	return env
}

// triggerVars gives the names that come with the trigger.
func (w *walker) triggerVars() map[string]map[string]any {
	t := &w.r.Trigger
	text := func(s string) value.Value {
		if s == "" {
			return value.Value{}
		}
		return value.OfText(s)
	}
	vars := map[string]map[string]any{
		"trigger": {"outcome": text(t.Outcome), "comment": text(t.Comment), "kind": text(t.Kind), "title": text(t.Title), "completed_by": refOf(t.By)},
		"inputs":  {}, "vars": {}, "webhook": {"body": value.OfObject(t.Body), "text": text(string(t.Body))},
	}
	if len(t.Inputs) > 0 {
		if in, err := decodeInputs(w.s, w.c.rule, t.Inputs); err == nil {
			w.inputs(vars["inputs"], in)
		}
	}
	for name, v := range w.r.Data.Vars {
		if e := w.s.Snap.Entity(v.Entity); e != nil {
			if r, err := w.s.Current(e, v.ID); err == nil && r != nil {
				vars["vars"][name] = w.s.Row(r)
			}
		}
	}
	return vars
}

// inputs makes what was filled in reachable; a picked record is one that paths
// can lead on from.
func (w *walker) inputs(into map[string]any, in map[string]value.Value) {
	for _, f := range w.c.rule.Inputs {
		v := in[f.Key()]
		into[f.Key()] = v
		if f.Target == nil || v.Kind() != value.Ref {
			continue
		}
		if e := w.s.Snap.Entity(f.Target.ID()); e != nil {
			if r, err := w.s.Current(e, v.Text()); err == nil && r != nil {
				into[f.Key()] = w.s.Row(r)
			}
		}
	}
}

func refOf(id string) value.Value {
	if id == "" {
		return value.Value{}
	}
	return value.OfRef(id)
}

func (w *walker) ctx(path string) *action.Ctx {
	return &action.Ctx{Ctx: w.s.Ctx, Engine: w.x.E, S: w.s, App: w.s.Snap.AppID, Space: w.s.Snap.WorkspaceID, Rule: w.c.rule, Run: w.r.ID, Path: path, Record: w.record, Old: w.old, Env: w.env(),
		Set: w.validate, Rehearse: w.rehearse, Deliver: w.x.Deliver,
		Names: func(ids []string) map[string]string { return w.x.names(w.s, w.c.rule, ids) },
		Say:   func(m action.Message) { w.messages = append(w.messages, m) },
		Tried: func(what string, v any) {
			if w.tried == nil {
				w.tried = map[string]any{}
			}
			w.tried[what] = v
		},
		Remember: func(as string, r *record.Record) {
			w.remember(as, r)
		}}
}

func (w *walker) remember(as string, r *record.Record) {
	if w.r.Data.Vars == nil {
		w.r.Data.Vars = map[string]wfstore.Var{}
	}
	w.r.Data.Vars[as] = wfstore.Var{Entity: r.Entity.ID(), ID: r.ID()}
	w.vars = nil
}

func (w *walker) done(path string) {
	if w.r.Data.Done == nil {
		w.r.Data.Done = map[string]bool{}
	}
	w.r.Data.Done[path] = true
}

func (w *walker) note(path, typ, state string, out any, err error) {
	// The items of a long loop are counted, not listed one by one.
	if strings.Contains(path, "[") && w.items > 20 && err == nil {
		return
	}
	row := wfstore.StepRow{Path: path, Type: typ, State: state, Output: out, Started: w.now, Ended: w.now}
	if err != nil {
		row.Error = Faults(err)
	}
	w.log = append(w.log, row)
}

// walk goes through steps; prefix names the enclosing loop items and branches.
func (w *walker) walk(steps []*step, prefix string) (halt, error) {
	for _, st := range steps {
		path := prefix + st.def.ID
		if w.r.Data.Done[path] {
			continue
		}
		if err := w.settle(); err != nil {
			return goOn, err
		}
		if st.when != nil && w.r.Data.Waiting != path && w.r.Data.Loops[path] == "" {
			env := w.env()
			ok, err := st.when.True(env)
			if err != nil {
				w.failed, w.tried = path, map[string]any{"condition": st.when.Explain(env)}
				return goOn, err
			}
			if !ok {
				w.done(path)
				w.note(path, st.def.Type, "skipped", nil, nil)
				continue
			}
		}
		h, err := w.step(st, path)
		if err != nil {
			if w.failed == "" {
				w.failed = path
			}
			return goOn, err
		}
		if h != goOn {
			return h, nil
		}
		w.done(path)
	}
	return goOn, nil
}

func (w *walker) step(st *step, path string) (halt, error) {
	w.tried = nil
	switch r := st.runner.(type) {
	case *action.Branch:
		return w.branch(st, r, path)
	case *action.Loop:
		return w.loop(st, r, path)
	case *action.Wait:
		return w.wait(r, path)
	case *action.Stop:
		w.note(path, st.def.Type, "done", nil, nil)
		w.done(path)
		w.final = "done"
		return stopped, nil
	}
	c := w.ctx(path)
	if ext, ok := st.runner.(External); ok {
		return w.external(st, ext, c, path)
	}
	out, err := st.runner.Run(c)
	if err != nil {
		return goOn, err
	}
	state := "done"
	if _, ok := out.(action.Skipped); ok {
		state = "skipped"
	}
	w.note(path, st.def.Type, state, out, nil)
	w.wrote = path
	return goOn, w.reload()
}

// settle sends what the last step wrote, so that a failure of that is known as
// this step's. Of the last step of all, the log and the commit go along.
func (w *walker) settle() error {
	if w.wrote == "" {
		return nil
	}
	if err := w.s.Settle(); err != nil {
		w.failed = w.wrote
		return err
	}
	w.wrote = ""
	return nil
}

// branch decides once and remembers, because the steps of a branch may change
// what the condition looks at.
func (w *walker) branch(st *step, b *action.Branch, path string) (halt, error) {
	yes := false
	if saved, ok := w.r.Data.Saved[path]; ok {
		yes = string(saved) == "true"
	} else {
		var err error
		env := w.env()
		if yes, err = b.If.True(env); err != nil {
			w.tried = map[string]any{"condition": b.If.Explain(env)}
			return goOn, err
		}
		w.save(path, yes)
		w.note(path, st.def.Type, "done", map[string]any{"condition": yes}, nil)
	}
	steps := st.body
	if !yes {
		steps = st.other
	}
	return w.walk(steps, path+".")
}

func (w *walker) save(path string, v any) {
	if w.r.Data.Saved == nil {
		w.r.Data.Saved = map[string]json.RawMessage{}
	}
	b, err := json.Marshal(v)
	if err != nil {
		b = []byte("null")
	}
	w.r.Data.Saved[path] = b
}

// loop handles items in id order. The cursor and the items' effects commit
// together, chunk by chunk, so there is no cap and no item is done twice.
func (w *walker) loop(st *step, l *action.Loop, path string) (halt, error) {
	if w.r.Data.Loops == nil {
		w.r.Data.Loops = map[string]string{}
	}
	if w.r.Data.Counts == nil {
		w.r.Data.Counts = map[string]int{}
	}
	e := w.s.Snap.Entity(l.Entity.ID())
	if e == nil {
		return goOn, action.ErrNoRecord.New()
	}
	for {
		var ids []string
		if cur, ok := w.r.Data.Saved[path+".current"]; ok {
			// A wait or an external step inside the body stopped in this item.
			var id string
			if json.Unmarshal(cur, &id) == nil {
				ids = []string{id}
			}
		} else {
			var err error
			if ids, err = w.s.Find(e, l.Where, w.env(), w.r.Data.Loops[path], loopChunk); err != nil {
				return goOn, err
			}
		}
		if len(ids) == 0 {
			w.note(path, st.def.Type, "done", map[string]any{"count": w.r.Data.Counts[path]}, nil)
			delete(w.r.Data.Loops, path)
			return goOn, nil
		}
		for _, id := range ids {
			rec, err := w.s.Current(e, id)
			if err != nil {
				return goOn, err
			}
			if rec != nil && !rec.Deleted() {
				w.remember(l.As, rec)
				prefix := path + "[" + id + "]."
				h, err := w.walk(st.body, prefix)
				if err != nil {
					return goOn, err
				}
				switch h {
				case waits, outside, chunked:
					w.save(path+".current", id)
					return h, nil
				case stopped:
					return h, nil
				}
				w.forget(prefix)
			}
			delete(w.r.Data.Saved, path+".current")
			w.r.Data.Loops[path] = id
			w.r.Data.Counts[path]++
			w.items++
		}
		if w.items >= loopChunk && !w.rehearse {
			return chunked, nil
		}
	}
}

// forget drops the memory of a finished loop item.
func (w *walker) forget(prefix string) {
	for k := range w.r.Data.Done {
		if strings.HasPrefix(k, prefix) {
			delete(w.r.Data.Done, k)
		}
	}
	for k := range w.r.Data.Saved {
		if strings.HasPrefix(k, prefix) {
			delete(w.r.Data.Saved, k)
		}
	}
}

// wait parks the run, or looks whether what woke it ends the wait.
func (w *walker) wait(st *action.Wait, path string) (halt, error) {
	d := &w.r.Data
	if st.Cancel != nil {
		yes, err := st.Cancel.True(w.env())
		if err != nil {
			return goOn, err
		}
		if yes {
			w.note(path, "wait", "done", map[string]any{"ended": "cancelled"}, nil)
			w.final = "cancelled"
			return stopped, nil
		}
	}
	if w.rehearse {
		w.note(path, "wait", "done", map[string]any{"ended": "rehearsal"}, nil)
		return goOn, nil
	}
	if d.Waiting != path {
		d.Waiting, d.Woken, d.Events, d.Until = path, "", nil, nil
		until, err := w.until(st)
		if err != nil {
			return goOn, err
		}
		if !until.IsZero() {
			d.Until = &until
			if !until.After(w.now) && st.Entity == nil {
				d.Waiting = ""
				w.note(path, "wait", "done", map[string]any{"ended": "at once"}, nil)
				return goOn, nil
			}
		}
		if until.IsZero() && st.Entity == nil {
			d.Waiting = ""
			return goOn, nil
		}
		w.note(path, "wait", "waiting", map[string]any{"until": d.Until}, nil)
		return waits, nil
	}
	ended := ""
	if st.Entity != nil {
		e := w.s.Snap.Entity(st.Entity.ID())
		for _, id := range d.Events {
			if e == nil {
				break
			}
			rec, err := w.s.Current(e, id)
			if err != nil {
				return goOn, err
			}
			if rec == nil || rec.Deleted() {
				continue
			}
			ok := true
			if st.Where != nil {
				env := w.env()
				env.Roots["it"] = w.s.Row(rec)
				if ok, err = st.Where.True(env); err != nil {
					return goOn, err
				}
			}
			if ok {
				ended = "event"
				break
			}
		}
	}
	if ended == "" && d.Until != nil && !d.Until.After(w.now) {
		ended = "time"
	}
	d.Events, d.Woken = nil, ""
	if ended == "" {
		return waits, nil
	}
	d.Waiting, d.Until = "", nil
	w.note(path, "wait", "done", map[string]any{"ended": ended}, nil)
	return goOn, nil
}

func (w *walker) until(st *action.Wait) (time.Time, error) {
	dur := st.For
	if st.Entity != nil && dur == "" {
		dur = st.Timeout
	}
	if dur != "" {
		d, err := action.ParseDuration(dur)
		if err != nil {
			return time.Time{}, err
		}
		return w.now.Add(d), nil
	}
	if st.Until == nil {
		return time.Time{}, nil
	}
	v, err := st.Until.Eval(w.env())
	if err != nil {
		return time.Time{}, err
	}
	switch v.Kind() {
	case value.Time:
		return v.Time(), nil
	case value.Date:
		t := v.Time()
		return time.Date(t.Year(), t.Month(), t.Day(), 9, 0, 0, 0, w.s.Snap.Zone), nil
	}
	return w.now, nil
}

// external prepares an effect outside, or finishes one that was done.
func (w *walker) external(st *step, ext External, c *action.Ctx, path string) (halt, error) {
	if saved, ok := w.r.Data.Saved[path]; ok {
		var resp action.Response
		if err := json.Unmarshal(saved, &resp); err != nil {
			return goOn, err
		}
		out, err := ext.Finish(c, &resp)
		if err != nil {
			delete(w.r.Data.Saved, path)
			return goOn, err
		}
		w.note(path, st.def.Type, "done", out, nil)
		return goOn, nil
	}
	req, err := ext.Prepare(c)
	if err != nil {
		return goOn, err
	}
	if req == nil {
		return goOn, nil
	}
	if w.rehearse {
		w.messages = append(w.messages, action.Message{Channel: "http", Title: req.Method + " " + req.URL, Text: string(req.Body)})
		w.note(path, st.def.Type, "done", map[string]any{"rehearsal": true}, nil)
		return goOn, nil
	}
	req.IdempotencyKey = c.EffectKey("")
	w.ext = &pending{path, st, req}
	w.log = append(w.log, wfstore.StepRow{Path: path, Type: st.def.Type, State: "intent", Input: w.ext.called(), Started: w.now})
	return outside, nil
}

func hostOf(u string) string {
	if i := strings.Index(u, "?"); i >= 0 {
		u = u[:i]
	}
	return u
}

// waitsFor lists the entities whose changes concern the wait the run is in.
func (w *walker) waitsFor(steps []*step) map[string]string {
	out := map[string]string{}
	var find func(l []*step)
	find = func(l []*step) {
		for _, s := range l {
			if st, ok := s.runner.(*action.Wait); ok && strings.HasSuffix(w.r.Data.Waiting, s.def.ID) {
				if st.Cancel != nil && w.c.rule.Entity != nil {
					out[w.c.rule.Entity.ID()] = "cancel"
				}
				if st.Entity != nil {
					out[st.Entity.ID()] = "event"
				}
			}
			find(s.body)
			find(s.other)
		}
	}
	find(steps)
	return out
}

// logStmts writes the lines that the walk collected.
func (w *walker) logStmts() []store.Stmt {
	var out []store.Stmt
	for _, l := range w.log {
		out = append(out, wfstore.LogStep(w.r.ID, l))
	}
	return out
}

// Problem is a fault as run logs keep it.
type Problem struct {
	Path   string         `json:"path,omitempty"`
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitempty"`
	ZH     string         `json:"zh-CN"`
	EN     string         `json:"en-US"`
}

// Faults renders an error for a run's log.
func Faults(err error) []Problem {
	var out []Problem
	for _, f := range fault.Of(err) {
		out = append(out, Problem{Path: f.Path, Code: f.Code, Params: f.Params, ZH: f.Text("zh-CN"), EN: f.Text("en-US")})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out
}

package api

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"maps"
	"strings"
	"time"

	"tenon/engine/access"
	"tenon/engine/desk"
	"tenon/engine/identity"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/value"
	"tenon/workflow/run"
)

var (
	errNoRules     = fault.Define(fault.Unsupported, "rules.off", "这个进程不运行规则", "this process runs no rules")
	errRuleUnknown = fault.Define(fault.NotFound, "hook.unknown", "找不到这个入口", "there is no such hook")
)

type runBody struct {
	ID         string          `json:"id"`
	App        string          `json:"app"`
	Rule       string          `json:"rule"`
	RuleName   schema.Text     `json:"rule_name"`
	Version    int             `json:"version"`
	Entity     *string         `json:"entity"`
	Record     *string         `json:"record"`
	State      string          `json:"state"`
	Tries      int             `json:"tries"`
	Depth      int             `json:"depth"`
	Cause      string          `json:"cause,omitempty"`
	Trigger    json.RawMessage `json:"trigger,omitempty"`
	Error      json.RawMessage `json:"error"`
	CreatedAt  time.Time       `json:"created_at"`
	RunAt      time.Time       `json:"run_at"`
	FinishedAt *time.Time      `json:"finished_at"`
	Steps      []runStep       `json:"steps,omitempty"`
	Path       []schema.Text   `json:"path,omitempty" doc:"names of the rules that set each other off, up to this run's own; of one run, where another one set it off"`
}

type runStep struct {
	ID         string          `json:"id" doc:"the step's id, with the loop's item: s1[3].s2"`
	Type       string          `json:"type"`
	State      string          `json:"state"`
	Attempt    int             `json:"attempt"`
	Input      json.RawMessage `json:"input"`
	Output     json.RawMessage `json:"output"`
	Error      json.RawMessage `json:"error"`
	StartedAt  time.Time       `json:"started_at"`
	FinishedAt *time.Time      `json:"finished_at"`
}

func rawOrNull(b []byte) json.RawMessage {
	if len(b) == 0 {
		return json.RawMessage("null")
	}
	return b
}

type buttonIn struct {
	inRecord
	Rule   string          `path:"rule" doc:"id or key of a rule with a button"`
	Inputs json.RawMessage `json:"inputs"`
}

type buttonBody struct {
	Run     string          `json:"run"`
	Message string          `json:"message,omitempty"`
	Open    string          `json:"open,omitempty"`
	Entity  string          `json:"entity,omitempty"`
	Record  json.RawMessage `json:"record,omitempty"`
}

type dryRunIn struct {
	inApp
	Rule     schema.Rule    `json:"rule" need:"1"`
	RecordID string         `json:"record_id"`
	Changes  map[string]any `json:"changes"`
}

type dryRunBody struct {
	Matched   bool          `json:"matched"`
	Condition []expr.Seen   `json:"condition"`
	Steps     []dryStep     `json:"steps"`
	Diffs     []dryDiff     `json:"diffs"`
	Messages  []any         `json:"messages"`
	Problems  []run.Problem `json:"problems"`

	Names map[string]string `json:"_names" doc:"display names of the people, departments and records shown"`
}

type dryStep struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	State  string `json:"state"`
	Input  any    `json:"input"`
	Output any    `json:"output"`
	Error  any    `json:"error"`
}

type dryDiff struct {
	Entity string                 `json:"entity"`
	ID     string                 `json:"id"`
	Op     string                 `json:"op"`
	Before map[string]value.Value `json:"before"`
	After  map[string]value.Value `json:"after"`
}

// ruleRoutes press buttons, rehearse rules and read what they did.
func (s *Server) ruleRoutes() {
	const tag = "rules"
	Handle(s, "POST", recordsPath+"/{id}/buttons/{rule}", Doc{Who: InApp, Tag: tag, Summary: "Press a button of a record; it answers in the click"}, s.pressButton)
	Handle(s, "GET", "/api/v1/apps/{app}/rules", Doc{Who: Builder, Tag: tag, Summary: "Published rules: which are on, and how their latest runs went"}, s.ruleStates)
	Handle(s, "PATCH", "/api/v1/apps/{app}/rules/{id}", Doc{Who: Builder, Tag: tag, Summary: "Switch a published rule on or off; no publish is needed"},
		func(ctx context.Context, c *Call, in struct {
			inAppID
			Enabled bool `json:"enabled" need:"1"`
		}) (Empty, error) {
			if err := s.Engine.Defs.SetRule(ctx, c.App.ID, in.ID, in.Enabled); err != nil {
				return Empty{}, err
			}
			return Empty{}, c.Audit(ctx, "rule.switched", in.ID, map[string]any{"app": c.App.ID, "enabled": in.Enabled})
		})
	Handle(s, "POST", "/api/v1/apps/{app}/rules/dry-run", Doc{Who: Builder, Tag: tag, Summary: "What an unsaved rule would do to a record, without doing it"}, s.dryRun)
	Handle(s, "GET", "/api/v1/apps/{app}/runs", Doc{Who: Builder, Tag: tag, Summary: "Runs of rules, newest first"},
		func(ctx context.Context, c *Call, in struct {
			inApp
			Rule   string `query:"rule"`
			Record string `query:"record"`
			State  string `query:"state"`
			Limit  int    `query:"limit"`
		}) (list[runBody], error) {
			if in.Limit <= 0 || in.Limit > 200 {
				in.Limit = 50
			}
			names, ids, err := s.ruleNames(ctx, c.App.ID)
			if err != nil {
				return list[runBody]{}, err
			}
			if id, ok := ids[in.Rule]; ok {
				in.Rule = id
			}
			all, err := s.Desk.Runs(ctx, c.App.ID, desk.RunFilter{Rule: in.Rule, Record: in.Record, State: in.State}, in.Limit)
			return listOf(all, func(r desk.Run) runBody { return runOf(r, nil, names) }), err
		})
	Handle(s, "GET", "/api/v1/runs/{id}", Doc{Who: Known, Tag: tag, Summary: "One run with its log, for administrators of its app"},
		func(ctx context.Context, c *Call, in inRun) (runBody, error) { return s.runByID(ctx, c, in.ID) })
	Handle(s, "POST", "/api/v1/runs/{id}/retry", Doc{Who: Known, Tag: tag, Summary: "Go on with a run that ended badly, behind the steps that are done"},
		func(ctx context.Context, c *Call, in inRun) (runBody, error) {
			return s.changeRun(ctx, c, in.ID, s.Desk.RetryRun)
		})
	Handle(s, "POST", "/api/v1/runs/{id}/cancel", Doc{Who: Known, Tag: tag, Summary: "End a run that has not ended"},
		func(ctx context.Context, c *Call, in inRun) (runBody, error) {
			return s.changeRun(ctx, c, in.ID, s.Desk.CancelRun)
		})
	Handle(s, "POST", "/api/v1/hooks/{app}/{rule}", Doc{Who: Anyone, Tag: tag, Summary: "Start a webhook rule; the rule's secret is its bearer token", Status: 202, Class: classPublic}, s.incoming)
}

// ruleState is what is true of a published rule beside its definition.
type ruleState struct {
	ID      string     `json:"id"`
	Key     string     `json:"key"`
	Enabled bool       `json:"enabled"`
	Runs    int64      `json:"runs" doc:"of the latest thousand"`
	Failed  int64      `json:"failed"`
	LastRun *time.Time `json:"last_run"`
}

func (s *Server) ruleStates(ctx context.Context, c *Call, _ inApp) (list[ruleState], error) {
	snap, err := s.Engine.Defs.At(ctx, c.App.ID)
	if err != nil {
		return list[ruleState]{}, err
	}
	ids := make([]string, 0, len(snap.App.Rules))
	for _, r := range snap.App.Rules {
		ids = append(ids, r.ID)
	}
	tallies, err := s.Desk.RuleTallies(ctx, c.App.ID, ids)
	return listOf(snap.App.Rules, func(r *schema.Rule) ruleState {
		n := tallies[r.ID]
		return ruleState{r.ID, r.Key, !snap.RuleOff[r.ID], n.Runs, n.Failed, instant(n.Last)}
	}), err
}

type inRun struct {
	ID string `path:"id"`
}

func (s *Server) ruleNames(ctx context.Context, appID string) (names map[string]schema.Text, ids map[string]string, err error) {
	snap, err := s.Engine.Defs.At(ctx, appID)
	if err != nil {
		return nil, nil, err
	}
	names, ids = map[string]schema.Text{}, map[string]string{}
	for _, r := range snap.App.Rules {
		names[r.ID] = r.Name
		ids[r.Key], ids[r.ID] = r.ID, r.ID
	}
	return names, ids, nil
}

func runOf(r desk.Run, steps []desk.RunStep, names map[string]schema.Text) runBody {
	b := runBody{ID: r.ID, App: r.AppID, Rule: r.RuleID, RuleName: names[r.RuleID], Version: r.Version, Entity: optional(r.EntityID), Record: optional(string(r.RecordID)),
		State: r.State, Tries: r.Tries, Depth: r.Depth, Cause: r.Cause, Error: rawOrNull(r.Error), CreatedAt: r.CreatedAt, RunAt: r.RunAt, FinishedAt: instant(r.EndedAt.Time)}
	for _, x := range steps {
		b.Steps = append(b.Steps, runStep{x.Path, x.Type, x.State, x.Attempt, rawOrNull(x.Input), rawOrNull(x.Output), rawOrNull(x.Error), x.StartedAt, instant(x.EndedAt.Time)})
	}
	return b
}

// runByID reads a run for somebody who administers its app.
func (s *Server) runByID(ctx context.Context, c *Call, id string) (runBody, error) {
	r, steps, err := s.Desk.Run(ctx, id)
	if err != nil {
		return runBody{}, err
	}
	if c.Actor, c.App, err = s.People.ActorFor(ctx, c.Principal, r.AppID); err != nil {
		return runBody{}, desk.ErrRun.New()
	}
	if s.builds(ctx, c) != nil {
		return runBody{}, desk.ErrRun.New()
	}
	names, _, err := s.ruleNames(ctx, r.AppID)
	if err != nil {
		return runBody{}, err
	}
	causes, err := s.Desk.Causes(ctx, r)
	if err != nil {
		return runBody{}, err
	}
	b := runOf(r, steps, names)
	b.Trigger = json.RawMessage(r.Trigger)
	if len(causes) > 0 {
		for _, x := range append(causes, r) {
			b.Path = append(b.Path, names[x.RuleID])
		}
	}
	return b, nil
}

func (s *Server) changeRun(ctx context.Context, c *Call, id string, f func(context.Context, string) error) (runBody, error) {
	if _, err := s.runByID(ctx, c, id); err != nil {
		return runBody{}, err
	}
	if err := f(ctx, id); err != nil {
		return runBody{}, err
	}
	if s.Rules != nil {
		s.Rules.Signal()
	}
	return s.runByID(ctx, c, id)
}

func (s *Server) pressButton(ctx context.Context, c *Call, in buttonIn) (buttonBody, error) {
	if s.Rules == nil {
		return buttonBody{}, errNoRules.New()
	}
	a, err := s.Rules.Button(ctx, c.Actor, c.App.ID, in.Entity, in.ID, in.Rule, in.Inputs)
	if err != nil {
		return buttonBody{}, err
	}
	b := buttonBody{Run: a.Run, Message: a.Message, Open: a.Open, Entity: a.Entity}
	rec, _, err := s.Engine.Get(ctx, c.Actor, c.App.ID, in.Entity, in.ID, nil, nil)
	if err == nil {
		b.Record = rec
	} else if k := fault.KindOf(err); k != fault.NotFound && k != fault.Forbidden {
		return buttonBody{}, err
	}
	return b, nil
}

func (s *Server) dryRun(ctx context.Context, c *Call, in dryRunIn) (dryRunBody, error) {
	if s.Rules == nil {
		return dryRunBody{}, errNoRules.New()
	}
	if in.Rule.ID == "" {
		in.Rule.ID = "rul_rehearsal"
	}
	r, err := s.Rules.Rehearse(ctx, c.Actor, c.App.ID, &in.Rule, in.RecordID, in.Changes)
	if err != nil {
		return dryRunBody{}, err
	}
	out := dryRunBody{Matched: r.Matched, Condition: r.Condition, Steps: []dryStep{}, Diffs: []dryDiff{}, Messages: []any{}, Problems: orEmpty(r.Problems)}
	for _, x := range r.Steps {
		out.Steps = append(out.Steps, dryStep{x.Path, x.Type, x.State, x.Input, x.Output, x.Error})
	}
	for _, d := range r.Diffs {
		out.Diffs = append(out.Diffs, dryDiff(d))
	}
	for _, m := range r.Messages {
		out.Messages = append(out.Messages, m)
	}
	out.Names, err = s.dryNames(ctx, c, in.Rule.Entity, r)
	return out, err
}

// dryNames resolves the ids that a rehearsal shows, as its caller may read them.
// What the rehearsal made up was rolled back: it has no name.
func (s *Server) dryNames(ctx context.Context, c *Call, ruleEntity string, r *run.Rehearsal) (map[string]string, error) {
	ses, err := s.Engine.Reader(ctx, c.Actor, c.App.ID)
	if err != nil {
		return nil, err
	}
	ids := map[string][]string{}
	var collect func(entity string, v value.Value)
	collect = func(entity string, v value.Value) {
		if v.Kind() == value.Ref {
			ids[entity] = append(ids[entity], v.Text())
		}
		for _, x := range v.List() {
			collect(entity, x)
		}
		for _, row := range v.Rows() {
			for _, x := range row.Values {
				collect(entity, x)
			}
		}
	}
	for _, x := range r.Condition {
		collect(ruleEntity, x.Value)
	}
	for _, d := range r.Diffs {
		for _, side := range []map[string]value.Value{d.Before, d.After} {
			for _, v := range side {
				collect(d.Entity, v)
			}
		}
	}
	names := map[string]string{}
	for entity, of := range ids {
		maps.Copy(names, s.Engine.NamesOf(ses, ses.Snap.Entity(entity), of))
	}
	return names, nil
}

type hookIn struct {
	App            string          `path:"app" doc:"id of the app"`
	Rule           string          `path:"rule" doc:"id or key of the rule"`
	Authorization  string          `header:"Authorization"`
	IdempotencyKey string          `header:"Idempotency-Key"`
	WebhookID      string          `header:"Webhook-Id"`
	Body           json.RawMessage `body:"json"`
}

type hookBody struct {
	Run string `json:"run"`
}

// incoming starts a webhook rule. A rule without a secret takes an API key
// that may create records in the app in its place, so no hook is open.
func (s *Server) incoming(ctx context.Context, c *Call, in hookIn) (hookBody, error) {
	if s.Rules == nil {
		return hookBody{}, errNoRules.New()
	}
	app, err := s.People.App(ctx, in.App)
	if err != nil {
		return hookBody{}, errRuleUnknown.New()
	}
	snap, err := s.Engine.Defs.At(ctx, app.ID)
	if err != nil {
		return hookBody{}, err
	}
	r := snap.Rule(in.Rule)
	if r == nil || snap.RuleOff[r.Def.ID] || r.Def.Trigger.Type != "webhook" {
		return hookBody{}, errRuleUnknown.New()
	}
	if err := s.hookAllowed(ctx, c, app, r.Def.Trigger.Secret, in.Authorization); err != nil {
		return hookBody{}, err
	}
	dedupe := in.WebhookID
	if dedupe == "" {
		dedupe = in.IdempotencyKey
	}
	id, err := s.Rules.Webhook(ctx, snap, r, in.Body, dedupe)
	return hookBody{id}, err
}

func (s *Server) hookAllowed(ctx context.Context, c *Call, app identity.App, secretName, header string) error {
	if secretName != "" {
		want, err := s.People.Secret(ctx, app.WorkspaceID, secretName)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if _, token, _ := strings.Cut(header, " "); want != "" && subtle.ConstantTimeCompare([]byte(token), []byte(want)) == 1 {
			return nil
		}
	}
	if c.Principal != nil && c.Principal.Key != nil {
		var err error
		if c.Actor, c.App, err = s.People.ActorFor(ctx, c.Principal, app.ID); err == nil {
			ops := c.Actor.Scopes[app.ID]
			if ops == nil {
				ops = c.Actor.Scopes["*"]
			}
			if c.Actor.Scopes == nil || ops["create"] || ops["*"] {
				return nil
			}
			return access.ErrAdmin.New()
		}
	}
	return identity.ErrSignedOut.New()
}

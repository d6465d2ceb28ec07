package desk

import (
	"context"
	"time"

	"tenon/engine/store"
	"tenon/schema/fault"
)

// Run is one execution of a rule.
type Run = store.Run

// RunStep is a line of a run's log.
type RunStep = store.RunStep

// Faults of runs.
var (
	ErrRun      = fault.Define(fault.NotFound, "run.not_found", "执行记录不存在", "no such run")
	ErrRunState = fault.Define(fault.Conflict, "run.state", "这次执行当前不能这样处理", "this cannot be done with the run in its state")
)

// RunFilter narrows a list of runs; "" leaves a side open.
type RunFilter struct{ Rule, Record, State string }

// Runs lists an app's runs, the newest first.
func (s *Service) Runs(ctx context.Context, appID string, f RunFilter, limit int) ([]Run, error) {
	m := store.Match{"app_id": appID}
	if f.Rule != "" {
		m["rule_id"] = f.Rule
	}
	if f.Record != "" {
		if !isID(f.Record) {
			return nil, nil
		}
		m["record_id"] = f.Record
	}
	if f.State != "" {
		m["state"] = f.State
	}
	return store.FindPage[Run](s.DB.Cold(ctx), m, limit, "-seq")
}

// Run finds a run with its log in the order of events.
func (s *Service) Run(ctx context.Context, id string) (Run, []RunStep, error) {
	if !isID(id) {
		return Run{}, nil, ErrRun.New()
	}
	cold := s.DB.Cold(ctx)
	r, ok, err := store.First[Run](cold, store.Match{"id": id})
	if err == nil && !ok {
		err = ErrRun.New()
	}
	if err != nil {
		return Run{}, nil, err
	}
	steps, err := store.Find[RunStep](cold, store.Match{"run_id": id}, "started_at", "path")
	return r, steps, err
}

// Causes lists the runs that led to a run, each set off by the one before.
func (s *Service) Causes(ctx context.Context, r Run) ([]Run, error) {
	var out []Run
	for range r.Depth {
		if !isID(r.Cause) {
			break
		}
		before, ok, err := store.First[Run](s.DB.Cold(ctx), store.Match{"id": r.Cause})
		if err != nil {
			return nil, err
		}
		if !ok {
			break // older runs are cleared away
		}
		out, r = append([]Run{before}, out...), before
	}
	return out, nil
}

// RetryRun makes a run ready again behind the steps that are done.
func (s *Service) RetryRun(ctx context.Context, id string) error {
	ok, err := s.DB.Cold(ctx).RetryRun(id, s.Now())
	if err == nil && !ok {
		err = ErrRunState.New()
	}
	return err
}

// CancelRun ends a run that has not ended.
func (s *Service) CancelRun(ctx context.Context, id string) error {
	ok, err := s.DB.Cold(ctx).CancelRun(id, s.Now())
	if err == nil && !ok {
		err = ErrRunState.New()
	}
	return err
}

// Tally says how a rule has fared in its latest runs.
type Tally struct {
	Runs, Failed int64
	Last         time.Time
}

// tallied bounds the runs of one rule that are counted.
const tallied = 1000

// RuleTallies counts the latest runs of each rule, by its id; a rule that has
// never run is left out.
func (s *Service) RuleTallies(ctx context.Context, appID string, rules []string) (map[string]Tally, error) {
	r, err := s.DB.Read(ctx, store.RuleTallies(appID, rules, tallied))
	if err != nil {
		return nil, err
	}
	out := map[string]Tally{}
	for i := range r[0].Rows {
		row := store.Result{Rows: r[0].Rows[i:]}
		out[row.Str(0)] = Tally{Runs: row.Int(1), Failed: row.Int(2), Last: store.ParseTime(row.One()[3])}
	}
	return out, nil
}

package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"tenon/engine/store"
	"tenon/schema/fault"
)

// Job is a long piece of work with progress.
type Job = store.Job

// AddJob queues work for the workers.
func (s *Service) AddJob(ctx context.Context, workspaceID, appID, kind, actor string, input any) (Job, error) {
	j := Job{ID: s.NewID(), WorkspaceID: workspaceID, AppID: store.ID(appID), Kind: kind, Actor: store.ID(actor), State: "queued", Input: store.DocOf(input), CreatedAt: s.Now()}
	return j, store.Insert(s.DB.Cold(ctx), j)
}

// Job finds a job.
func (s *Service) Job(ctx context.Context, id string) (Job, error) {
	if !isID(id) {
		return Job{}, ErrJob.New()
	}
	j, ok, err := store.First[Job](s.DB.Cold(ctx), store.Match{"id": id})
	if err == nil && !ok {
		err = ErrJob.New()
	}
	return j, err
}

// CancelJob asks a job to stop.
func (s *Service) CancelJob(ctx context.Context, id string) error {
	return s.DB.Cold(ctx).CancelJob(id, s.Now())
}

// Progress notes how far a job has come and tells whether it should stop.
func (s *Service) Progress(ctx context.Context, id string, done, total int64) (stop bool, err error) {
	cold := s.DB.Cold(ctx)
	if _, err := store.Change[Job](cold, store.Match{"id": id}, store.Set{"progress": done, "total": total, "state": "running"}); err != nil {
		return false, err
	}
	j, ok, err := store.First[Job](cold, store.Match{"id": id})
	if err == nil {
		s.Signal(ctx, Event{Type: "job", ID: id, Members: []string{string(j.Actor)}})
	}
	return !ok || j.Cancel, err
}

// EndJob notes how a job ended: done, failed or cancelled.
func (s *Service) EndJob(ctx context.Context, id, state string, result any) error {
	cold := s.DB.Cold(ctx)
	if _, err := store.Change[Job](cold, store.Match{"id": id}, store.Set{"state": state, "result": store.DocOf(result), "ended_at": s.Now()}); err != nil {
		return err
	}
	j, _, err := store.First[Job](cold, store.Match{"id": id})
	s.Signal(ctx, Event{Type: "job", ID: id, Members: []string{string(j.Actor)}})
	return err
}

// Operation is a bulk change or import that can be undone.
type Operation = store.Operation

// Operations lists an app's operations, the newest first; those of one actor
// unless actor is blank.
func (s *Service) Operations(ctx context.Context, appID, actor string, limit int) ([]Operation, error) {
	match := store.Match{"app_id": appID}
	if actor != "" {
		match["actor"] = actor
	}
	return store.FindPage[Operation](s.DB.Cold(ctx), match, limit, "-at", "-id")
}

// Once runs f once per actor and key, inside the transaction of what it does: a
// repeated request is answered with the first one's answer. A key that was used
// for something else is refused.
func (s *Service) Once(ctx context.Context, tx Doer, actor, key string, request []byte, f func() (int, any, error)) (status int, answer json.RawMessage, again bool, err error) {
	finish := func() (int, json.RawMessage, error) {
		status, v, err := f()
		if err != nil {
			return 0, nil, err
		}
		b, err := json.Marshal(v)
		return status, b, err
	}
	if key == "" {
		status, answer, err = finish()
		return status, answer, false, err
	}
	if len(key) > 200 {
		return 0, nil, false, ErrIdempotency.At("Idempotency-Key")
	}
	h := sha256.Sum256(request)
	claim := store.BeginIdempotent(actor, key, h[:], s.Now())
	r, err := tx.Do(claim)
	if err == nil && string(r[0].One()[0]) == "f" && r[0].One()[1] == nil {
		// It waited for another transaction, whose row a new statement sees.
		r, err = tx.Do(claim)
	}
	if err != nil {
		return 0, nil, false, err
	}
	if row := r[0].One(); string(row[0]) == "f" {
		if !bytes.Equal(store.ParseBytes(row[1]), h[:]) {
			return 0, nil, false, ErrRepeated.At("Idempotency-Key")
		}
		status := int(store.Result{Rows: [][][]byte{{row[2]}}}.Int(0))
		return status, store.ParseBytes(row[3]), true, nil
	}
	if status, answer, err = finish(); err != nil {
		return 0, nil, false, err
	}
	_, err = tx.Do(store.EndIdempotent(actor, key, status, answer))
	return status, answer, false, err
}

// SweepIdempotency forgets answers older than a day.
func (s *Service) SweepIdempotency(ctx context.Context) error {
	_, err := s.DB.Read(ctx, store.SweepIdempotent(s.Now().AddDate(0, 0, -1)))
	return err
}

// Work carries out one kind of job. It reports how far it is and ends when
// told to; a worker that dies in the middle is followed by another call from
// the start, so it must be repeatable.
type Work func(ctx context.Context, j Job, progress func(done, total int64) (stop bool)) (result any, err error)

// How jobs are leased and looked for.
const (
	jobLease = 30 * time.Second
	jobPause = time.Second
)

// RunJobs carries out jobs until ctx ends, one at a time.
func (s *Service) RunJobs(ctx context.Context, log *slog.Logger, works map[string]Work) {
	kinds := make([]string, 0, len(works))
	for k := range works {
		kinds = append(kinds, k)
	}
	for ctx.Err() == nil {
		id, err := s.DB.ClaimJob(ctx, kinds, jobLease)
		if err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "jobs: pausing", "error", err.Error())
		}
		if id == "" {
			select {
			case <-ctx.Done():
			case <-time.After(jobPause):
			}
			continue
		}
		if err := s.runJob(ctx, log, id, works); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "job", "id", id, "error", err.Error())
		}
	}
}

func (s *Service) runJob(ctx context.Context, log *slog.Logger, id string, works map[string]Work) error {
	j, err := s.Job(ctx, id)
	if err != nil {
		return err
	}
	work, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		for {
			select {
			case <-work.Done():
				return
			case <-time.After(jobLease / 3):
			}
			if on, err := s.DB.KeepJob(work, id, jobLease); err == nil && !on {
				stop()
				return
			}
		}
	}()
	result, err := func() (result any, err error) {
		defer func() {
			if x := recover(); x != nil {
				err = fmt.Errorf("panic: %v", x)
			}
		}()
		return works[j.Kind](work, j, func(done, total int64) bool {
			halt, err := s.Progress(work, id, done, total)
			return halt || err != nil
		})
	}()
	if ctx.Err() != nil {
		return nil // the process ends; the lease runs out and another goes on
	}
	state := "done"
	now, jerr := s.Job(ctx, id)
	if jerr != nil {
		return jerr
	}
	switch {
	case now.Cancel:
		state = "cancelled"
	case err != nil:
		state = "failed"
		log.WarnContext(ctx, "job failed", "id", id, "kind", j.Kind, "error", err.Error())
		if result, err = failedResult(result, err); err != nil {
			return err
		}
	}
	return s.EndJob(ctx, id, state, result)
}

// failedResult adds to what a job has to tell why it failed.
func failedResult(result any, cause error) (map[string]any, error) {
	out := map[string]any{}
	b, err := json.Marshal(result)
	if err == nil && len(b) > 0 && b[0] == '{' {
		err = json.Unmarshal(b, &out)
	}
	out["errors"] = faultTexts(cause)
	return out, err
}

// faultTexts words an error for the job's result, in both languages.
func faultTexts(err error) []map[string]any {
	var out []map[string]any
	for _, f := range fault.Of(err) {
		out = append(out, map[string]any{"path": f.Path, "code": f.Code, "zh-CN": f.Text("zh-CN"), "en-US": f.Text("en-US")})
	}
	return out
}

// Begun finds what an operation has written so far, if anything.
func (s *Service) Begun(ctx context.Context, operation string) (Operation, bool, error) {
	return store.First[Operation](s.DB.Cold(ctx), store.Match{"id": operation})
}

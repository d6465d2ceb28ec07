package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"

	"tenon/engine/store"
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

// Operations lists an app's operations, the newest first.
func (s *Service) Operations(ctx context.Context, appID string, limit int) ([]Operation, error) {
	return store.FindPage[Operation](s.DB.Cold(ctx), store.Match{"app_id": appID}, limit, "-at", "-id")
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

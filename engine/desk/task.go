package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tenon/engine/identity"
	"tenon/engine/store"
	"tenon/schema"
)

// Task is something that people must do.
type Task = store.Task

// Outcome is a way to complete a task.
type Outcome struct {
	Key          string      `json:"key"`
	Label        schema.Text `json:"label"`
	NeedsComment bool        `json:"needs_comment,omitempty"`
}

// doneOutcome completes a task that offers no outcomes.
var doneOutcome = Outcome{Key: "done", Label: schema.Text{ZH: "完成", EN: "Done"}}

// Outcomes are the ways to complete a task.
func Outcomes(t Task) []Outcome {
	var l []Outcome
	if err := t.Outcomes.Into(&l); err != nil || len(l) == 0 {
		return []Outcome{doneOutcome}
	}
	return l
}

// TaskWith is a task with the members who may complete it.
type TaskWith struct {
	Task
	Assignees []string
}

// Tasks lists the tasks of members in a tab: todo, done or created.
func (s *Service) Tasks(ctx context.Context, members []string, tab string, limit int) ([]TaskWith, error) {
	if len(members) == 0 {
		return nil, nil
	}
	cold := s.DB.Cold(ctx)
	list, err := cold.TasksOf(members, tab, limit)
	if err != nil {
		return nil, err
	}
	return withAssignees(cold, list)
}

// TasksAt lists the tasks of one record.
func (s *Service) TasksAt(ctx context.Context, at Place) ([]TaskWith, error) {
	cold := s.DB.Cold(ctx)
	list, err := store.FindPage[Task](cold, store.Match{"app_id": at.App, "entity_id": at.Entity, "record_id": at.Record}, 200, "state", "-created_at")
	if err != nil {
		return nil, err
	}
	return withAssignees(cold, list)
}

// Task finds one task.
func (s *Service) Task(ctx context.Context, id string) (TaskWith, error) {
	if !isID(id) {
		return TaskWith{}, ErrTask.New()
	}
	cold := s.DB.Cold(ctx)
	list, err := store.Find[Task](cold, store.Match{"id": id})
	if err == nil && len(list) == 0 {
		err = ErrTask.New()
	}
	if err != nil {
		return TaskWith{}, err
	}
	with, err := withAssignees(cold, list)
	if err != nil {
		return TaskWith{}, err
	}
	return with[0], nil
}

func withAssignees(c store.Cold, list []Task) ([]TaskWith, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids := make([]string, len(list))
	for i, t := range list {
		ids[i] = t.ID
	}
	rows, err := store.Find[store.TaskAssignee](c, store.Match{"task_id": ids}, "member_id")
	by := map[string][]string{}
	for _, r := range rows {
		by[r.TaskID] = append(by[r.TaskID], r.MemberID)
	}
	out := make([]TaskWith, len(list))
	for i, t := range list {
		out[i] = TaskWith{t, by[t.ID]}
	}
	return out, err
}

// NewTask is a task that a person gives.
type NewTask struct {
	Place
	Title, Text, Kind, Priority string
	Assignees                   []string
	Due                         time.Time
	Outcomes                    []Outcome
}

const maxTitle = 200

// AddTask gives members something to do.
func (s *Service) AddTask(ctx context.Context, by string, in NewTask) (TaskWith, error) {
	in.Title = strings.TrimSpace(in.Title)
	if n := utf8.RuneCountInString(in.Title); n < 1 || n > maxTitle {
		return TaskWith{}, ErrTitle.At("title").With("max", maxTitle)
	}
	if in.Priority == "" {
		in.Priority = "normal"
	}
	if !slices.Contains([]string{"low", "normal", "high", "urgent"}, in.Priority) {
		return TaskWith{}, identity.ErrChoice.At("priority").With("value", in.Priority)
	}
	who := slices.Compact(slices.Sorted(slices.Values(in.Assignees)))
	cold := s.DB.Cold(ctx)
	for _, m := range who {
		if !isID(m) {
			return TaskWith{}, ErrAssignee.At("assignees")
		}
	}
	n, err := store.Count[store.Member](cold, store.Match{"id": who, "workspace_id": in.Workspace, "status": "active"})
	if err != nil {
		return TaskWith{}, err
	}
	if int(n) != len(who) || n == 0 {
		return TaskWith{}, ErrAssignee.At("assignees")
	}
	if in.Outcomes == nil {
		in.Outcomes = []Outcome{}
	}
	t := Task{ID: s.NewID(), WorkspaceID: in.Workspace, AppID: store.ID(in.App), EntityID: in.Entity, RecordID: store.ID(in.Record), Kind: in.Kind, Title: in.Title,
		Text: excerpt(in.Text, 5000), Priority: in.Priority, Outcomes: store.DocOf(in.Outcomes), DueAt: store.At(in.Due), State: "open", CreatedBy: store.ID(by), CreatedAt: s.Now()}
	err = cold.InTx(func(c store.Cold) error {
		if err := store.Insert(c, t); err != nil {
			return err
		}
		rows := make([]store.TaskAssignee, len(who))
		for i, m := range who {
			rows[i] = store.TaskAssignee{TaskID: t.ID, MemberID: m}
		}
		return store.Insert(c, rows...)
	})
	if err == nil {
		told := slices.DeleteFunc(slices.Clone(who), func(m string) bool { return m == by })
		err = s.Notify(ctx, told, Notification{WorkspaceID: in.Workspace, Kind: "task", Title: in.Title, Text: excerpt(in.Text, 200),
			AppID: store.ID(in.App), EntityID: in.Entity, RecordID: store.ID(in.Record)})
	}
	return TaskWith{t, who}, err
}

// CompleteTask closes a task with an outcome. Of several assignees the first
// decides. within opens the transaction: it calls shut with it, and does in the
// same transaction what rules make of the outcome.
func (s *Service) CompleteTask(ctx context.Context, members []string, id, outcome, comment string, within func(t TaskWith, shut func(tx Doer) error) error) (TaskWith, error) {
	t, err := s.Task(ctx, id)
	if err != nil {
		return TaskWith{}, err
	}
	by := ""
	for _, m := range members {
		if slices.Contains(t.Assignees, m) {
			by = m
		}
	}
	if by == "" {
		return TaskWith{}, ErrTask.New()
	}
	comment = strings.TrimSpace(comment)
	if utf8.RuneCountInString(comment) > maxComment {
		return TaskWith{}, ErrCommentText.At("comment").With("max", maxComment)
	}
	outcomes := Outcomes(t.Task)
	if outcome == "" && len(outcomes) == 1 {
		outcome = outcomes[0].Key
	}
	i := slices.IndexFunc(outcomes, func(o Outcome) bool { return o.Key == outcome })
	if i < 0 {
		return TaskWith{}, ErrTaskOutcome.At("outcome")
	}
	if outcomes[i].NeedsComment && comment == "" {
		return TaskWith{}, ErrTaskComment.At("comment")
	}
	at := s.Now()
	t.State, t.Outcome, t.Comment, t.CompletedBy, t.CompletedAt = "done", outcome, comment, store.ID(by), store.At(at)
	err = within(t, func(tx Doer) error {
		r, err := tx.Do(store.CompleteTask(id, outcome, comment, by, at))
		if err == nil && r[0].One() == nil {
			err = ErrTaskClosed.New()
		}
		return err
	})
	if err != nil {
		return TaskWith{}, err
	}
	return t, nil
}

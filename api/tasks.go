package api

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"tenon/engine"
	"tenon/engine/desk"
	"tenon/engine/identity"
	"tenon/engine/record"
	"tenon/schema"
	"tenon/schema/fault"
)

type taskBody struct {
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	Text        string         `json:"text"`
	Workspace   string         `json:"workspace"`
	App         string         `json:"app"`
	AppName     schema.Text    `json:"app_name"`
	Entity      *string        `json:"entity"`
	RecordID    *string        `json:"record_id"`
	RecordTitle *string        `json:"record_title"`
	Kind        string         `json:"kind"`
	Due         *time.Time     `json:"due"`
	Overdue     bool           `json:"overdue"`
	Outcomes    []desk.Outcome `json:"outcomes"`
	Assignees   []nameRef      `json:"assignees"`
	State       string         `json:"state"`
	Outcome     *string        `json:"outcome"`
	Comment     *string        `json:"comment"`
	Priority    string         `json:"priority" enum:"low normal high urgent"`
	CreatedBy   *string        `json:"created_by"`
	CreatedAt   time.Time      `json:"created_at"`
	CompletedBy *nameRef       `json:"completed_by"`
	CompletedAt *time.Time     `json:"completed_at"`
}

type nameRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type taskIn struct {
	App       string         `json:"app" need:"1"`
	Entity    string         `json:"entity"`
	RecordID  string         `json:"record_id"`
	Title     string         `json:"title" need:"1"`
	Text      string         `json:"text"`
	Kind      string         `json:"kind"`
	Assignees []string       `json:"assignees" need:"1"`
	Due       maybe[string]  `json:"due"`
	Priority  string         `json:"priority"`
	Outcomes  []desk.Outcome `json:"outcomes"`
}

// taskRoutes are what people must do, from all workspaces.
func (s *Server) taskRoutes() {
	const tag = "tasks"
	Handle(s, "GET", "/api/v1/tasks", Doc{Who: Person, Tag: tag, Summary: "One's tasks: todo, done or created"},
		func(ctx context.Context, c *Call, in struct {
			Tab   string `query:"tab" doc:"todo (default), done or created"`
			Limit int    `query:"limit"`
		}) (list[taskBody], error) {
			if in.Limit <= 0 || in.Limit > 500 {
				in.Limit = 200
			}
			if in.Tab != "" && !slices.Contains([]string{"todo", "done", "created"}, in.Tab) {
				return list[taskBody]{}, identity.ErrChoice.At("tab").With("value", in.Tab)
			}
			ms, err := s.members(ctx, c)
			if err != nil {
				return list[taskBody]{}, err
			}
			l, err := s.Desk.Tasks(ctx, ms, in.Tab, in.Limit)
			if err != nil {
				return list[taskBody]{}, err
			}
			return s.taskList(ctx, c, l)
		})
	Handle(s, "GET", "/api/v1/tasks/{id}", Doc{Who: Person, Tag: tag, Summary: "One task of one's own"},
		func(ctx context.Context, c *Call, in struct {
			ID string `path:"id"`
		}) (taskBody, error) {
			t, err := s.Desk.Task(ctx, in.ID)
			if err != nil {
				return taskBody{}, err
			}
			ms, err := s.members(ctx, c)
			if err != nil {
				return taskBody{}, err
			}
			if !slices.ContainsFunc(ms, func(m string) bool {
				return slices.Contains(t.Assignees, m) || string(t.CreatedBy) == m || string(t.CompletedBy) == m
			}) {
				return taskBody{}, desk.ErrTask.New()
			}
			return s.oneTask(ctx, c, t)
		})
	Handle(s, "POST", "/api/v1/tasks", Doc{Who: Person, Tag: tag, Summary: "Give members something to do", Status: 201}, s.addTask)
	Handle(s, "POST", "/api/v1/tasks/{id}/complete", Doc{Who: Person, Tag: tag, Summary: "Complete a task with an outcome; of several assignees the first decides"},
		func(ctx context.Context, c *Call, in struct {
			ID      string `path:"id"`
			Outcome string `json:"outcome"`
			Comment string `json:"comment"`
		}) (taskBody, error) {
			ms, err := s.members(ctx, c)
			if err != nil {
				return taskBody{}, err
			}
			t, err := s.Desk.CompleteTask(ctx, ms, in.ID, in.Outcome, in.Comment, func(t desk.TaskWith, shut func(taskTx) error) error {
				return s.finishTask(ctx, c, t, shut)
			})
			if err != nil {
				return taskBody{}, err
			}
			return s.oneTask(ctx, c, t)
		})
}

// taskTx is the transaction in which a task is completed.
type taskTx = desk.Doer

// finishTask closes a task and starts the rules that wait for its outcome, in
// one transaction.
func (s *Server) finishTask(ctx context.Context, c *Call, t desk.TaskWith, shut func(taskTx) error) error {
	actor, _, err := s.People.ActorFor(ctx, c.Principal, string(t.AppID))
	if err != nil {
		return err
	}
	err = s.Engine.Run(ctx, string(t.AppID), actor, record.Options{}, func(ses *record.Session) error {
		if err := shut(ses); err != nil || s.Rules == nil {
			return err
		}
		stmts, err := s.Rules.TaskFinished(ses, t.EntityID, string(t.RecordID), t.Kind, t.Outcome, t.Comment, t.Title, string(t.CompletedBy))
		if err == nil && len(stmts) > 0 {
			_, err = ses.Do(stmts...)
		}
		return err
	})
	if err == nil && s.Rules != nil {
		s.Rules.Signal()
	}
	return err
}

func (s *Server) addTask(ctx context.Context, c *Call, in taskIn) (taskBody, error) {
	actor, app, err := s.People.ActorFor(ctx, c.Principal, in.App)
	if err != nil {
		return taskBody{}, err
	}
	if ok, err := s.isBuilder(ctx, actor, app.ID); err != nil || !ok && len(actor.Roles) == 0 {
		if err == nil {
			err = identity.ErrApp.New()
		}
		return taskBody{}, err
	}
	c.Actor, c.App = actor, app
	n := desk.NewTask{Place: desk.Place{Workspace: app.WorkspaceID, App: app.ID}, Title: in.Title, Text: in.Text, Kind: in.Kind, Priority: in.Priority,
		Assignees: in.Assignees, Outcomes: in.Outcomes}
	if in.Entity != "" || in.RecordID != "" {
		if n.Place, _, err = s.place(ctx, c, inRecord{inEntity{inApp{app.ID}, in.Entity}, in.RecordID}); err != nil {
			return taskBody{}, err
		}
	}
	if in.Due.v != "" {
		if n.Due, err = time.Parse(time.RFC3339, in.Due.v); err != nil {
			return taskBody{}, errPropType.At("due").With("want", label("时间（RFC 3339）", "an instant (RFC 3339)"))
		}
	}
	t, err := s.Desk.AddTask(ctx, actor.ID, n)
	if err != nil {
		return taskBody{}, err
	}
	return s.oneTask(ctx, c, t)
}

func (s *Server) oneTask(ctx context.Context, c *Call, t desk.TaskWith) (taskBody, error) {
	l, err := s.taskList(ctx, c, []desk.TaskWith{t})
	if err != nil {
		return taskBody{}, err
	}
	return l.Items[0], nil
}

// taskList names people, apps and records: per app one look-up of names, per
// entity one of titles, each as the caller may see it.
func (s *Server) taskList(ctx context.Context, c *Call, l []desk.TaskWith) (list[taskBody], error) {
	names, titles, apps := map[string]string{}, map[string]string{}, map[string]identity.App{}
	records, people := map[[2]string][]string{}, map[string][]string{}
	for _, t := range l {
		app := string(t.AppID)
		people[app] = append(people[app], t.Assignees...)
		if t.CompletedBy != "" {
			people[app] = append(people[app], string(t.CompletedBy))
		}
		if t.RecordID != "" {
			at := [2]string{app, t.EntityID}
			records[at] = append(records[at], string(t.RecordID))
		}
	}
	for id, who := range people {
		actor, app, err := s.People.ActorFor(ctx, c.Principal, id)
		if err != nil {
			if !refused(err) && fault.KindOf(err) != fault.NotFound {
				return list[taskBody]{}, err
			}
			continue // the app is deleted, or one has left it
		}
		apps[id] = app
		ses, err := s.Engine.Reader(ctx, actor, id)
		if err != nil {
			continue
		}
		for k, v := range s.Engine.NamesOf(ses, nil, who) {
			names[k] = v
		}
		for at, ids := range records {
			if at[0] == id {
				if err := s.titles(ctx, c, at[0], at[1], ids, titles); err != nil {
					return list[taskBody]{}, err
				}
			}
		}
	}
	return listOf(l, func(t desk.TaskWith) taskBody { return s.taskOf(t, c.Locale, names, titles, apps) }), nil
}

// titles finds the titles of records that the caller may see.
func (s *Server) titles(ctx context.Context, c *Call, app, entity string, ids []string, into map[string]string) error {
	actor, _, err := s.People.ActorFor(ctx, c.Principal, app)
	if err != nil {
		return err
	}
	slices.Sort(ids)
	for chunk := range slices.Chunk(slices.Compact(ids), 200) {
		r := engine.ListRequest{}
		r.IDs, r.Fields, r.Limit = chunk, []string{"id"}, len(chunk)
		b, err := s.Engine.List(ctx, actor, app, entity, r)
		if err != nil {
			if k := fault.KindOf(err); k == fault.Forbidden || k == fault.NotFound || k == fault.Invalid {
				return nil // no right to read there: the task shows without a title
			}
			return err
		}
		var page struct {
			Records []struct {
				ID    string `json:"id"`
				Title string `json:"_title"`
			} `json:"records"`
		}
		if err := json.Unmarshal(b, &page); err != nil {
			return err
		}
		for _, x := range page.Records {
			into[x.ID] = x.Title
		}
	}
	return nil
}

func (s *Server) taskOf(t desk.TaskWith, locale string, names, titles map[string]string, apps map[string]identity.App) taskBody {
	name, details := t.In(locale)
	b := taskBody{ID: t.ID, Title: name, Text: details, Workspace: t.WorkspaceID, App: string(t.AppID), Entity: optional(t.EntityID),
		RecordID: optional(string(t.RecordID)), Kind: t.Kind, Due: instant(t.DueAt.Time), Outcomes: desk.Outcomes(t.Task), Assignees: []nameRef{},
		State: t.State, Outcome: optional(t.Outcome), Comment: optional(t.Comment), Priority: t.Priority, CreatedBy: optional(string(t.CreatedBy)),
		CreatedAt: t.CreatedAt, CompletedAt: instant(t.CompletedAt.Time)}
	b.Overdue = t.State == "open" && !t.DueAt.IsZero() && t.DueAt.Before(s.Now())
	for _, m := range t.Assignees {
		b.Assignees = append(b.Assignees, nameRef{m, names[m]})
	}
	if who := string(t.CompletedBy); who != "" {
		b.CompletedBy = &nameRef{who, names[who]}
	}
	if title, ok := titles[string(t.RecordID)]; ok {
		b.RecordTitle = &title
	}
	if a, ok := apps[string(t.AppID)]; ok {
		if err := a.Name.Into(&b.AppName); err != nil {
			b.AppName = text(a.Key, a.Key)
		}
	}
	return b
}

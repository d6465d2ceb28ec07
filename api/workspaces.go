package api

import (
	"context"
	"time"

	"tenon/engine/identity"
)

type newWorkspace struct {
	Key  string `json:"key"`
	Name string `json:"name" need:"1"`
}

// workspaceRoutes list and make workspaces.
func (s *Server) workspaceRoutes() {
	const tag = "workspaces"
	Handle(s, "GET", "/api/v1/workspaces", Doc{Who: Known, Tag: tag, Summary: "Workspaces the caller belongs to"},
		func(ctx context.Context, c *Call, _ struct{}) (list[workspaceRef], error) {
			if c.Principal.Key != nil {
				_, w, err := s.People.ActorIn(ctx, c.Principal, c.Principal.Key.WorkspaceID)
				return list[workspaceRef]{Items: []workspaceRef{{ID: w.ID, Key: w.Key, Name: w.Name, TimeZone: w.TimeZone}}}, err
			}
			all, err := s.People.Memberships(ctx, c.Principal.Login.ID)
			return listOf(all, refOf), err
		})
	Handle(s, "POST", "/api/v1/workspaces", Doc{Who: Person, Tag: tag, Summary: "Make a workspace", Status: 201},
		func(ctx context.Context, c *Call, in newWorkspace) (workspaceRef, error) {
			if err := s.mayFound(ctx, c); err != nil {
				return workspaceRef{}, err
			}
			w, err := s.People.CreateWorkspace(ctx, *c.Principal.Login, in.Key, in.Name, c.From())
			if err != nil {
				return workspaceRef{}, err
			}
			a, _, err := s.People.ActorIn(ctx, c.Principal, w.ID)
			if err != nil {
				return workspaceRef{}, err
			}
			return workspaceRef{w.ID, w.Key, w.Name, true, a.Member, w.TimeZone}, nil
		})
	Handle(s, "GET", "/api/v1/workspaces/{ws}/directory", Doc{Who: InSpace, Tag: tag, Summary: "Members and departments, for pickers"}, s.directory)
}

// mayFound lets administrators of a workspace make another one: joining by an
// invitation gives no right to fill the installation.
func (s *Server) mayFound(ctx context.Context, c *Call) error {
	all, err := s.People.Memberships(ctx, c.Principal.Login.ID)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Member.Admin {
			return nil
		}
	}
	if len(all) == 0 {
		return nil
	}
	return errFound.New()
}

type directoryIn struct {
	inWorkspace
	Search string `query:"search"`
	Limit  int    `query:"limit"`
}

type directoryMember struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Status      string   `json:"status" enum:"active placeholder disabled"`
	Departments []string `json:"departments"`
}

type directoryBody struct {
	Members     []directoryMember `json:"members"`
	Departments []departmentBody  `json:"departments"`
}

func (s *Server) directory(ctx context.Context, c *Call, in directoryIn) (directoryBody, error) {
	if in.Limit <= 0 || in.Limit > 500 {
		in.Limit = 500
	}
	ps, ds, err := s.People.Directory(ctx, c.Workspace.ID, in.Search, in.Limit)
	if err != nil {
		return directoryBody{}, err
	}
	out := directoryBody{Members: []directoryMember{}, Departments: []departmentBody{}}
	for _, p := range ps {
		out.Members = append(out.Members, directoryMember{p.ID, p.Name, p.Status, p.Departments})
	}
	for _, d := range ds {
		out.Departments = append(out.Departments, departmentOf(d, nil))
	}
	return out, nil
}

// auditRoutes read the audit log.
func (s *Server) auditRoutes() {
	Handle(s, "GET", "/api/v1/workspaces/{ws}/audit", Doc{Who: Admin, Tag: "audit", Summary: "The audit log, newest first"}, s.auditLog)
}

type auditIn struct {
	inWorkspace
	Cursor int64     `query:"cursor"`
	Action string    `query:"action" doc:"start of the action, such as member."`
	Actor  string    `query:"actor" doc:"id of the member or the API key who did it; \"system\": nobody with an id"`
	Since  time.Time `query:"since" doc:"from this moment on"`
	Until  time.Time `query:"until" doc:"before this moment"`
	Limit  int       `query:"limit"`
}

type auditActor struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type auditTarget struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

type auditBody struct {
	ID      string         `json:"id"`
	At      time.Time      `json:"at"`
	Actor   *auditActor    `json:"actor"`
	Action  string         `json:"action"`
	Target  *auditTarget   `json:"target"`
	App     *string        `json:"app"`
	Detail  map[string]any `json:"detail"`
	Address string         `json:"address,omitempty"`
}

type auditPage struct {
	Items      []auditBody `json:"items"`
	NextCursor *string     `json:"next_cursor"`
}

func (s *Server) auditLog(ctx context.Context, c *Call, in auditIn) (auditPage, error) {
	if in.Limit <= 0 || in.Limit > 200 {
		in.Limit = 50
	}
	lines, err := s.People.AuditLog(ctx, c.Workspace.ID, identity.AuditFilter{Before: in.Cursor, Action: in.Action, Actor: in.Actor, Since: in.Since, Until: in.Until}, in.Limit+1)
	if err != nil {
		return auditPage{}, err
	}
	out := auditPage{Items: []auditBody{}}
	if len(lines) > in.Limit {
		lines = lines[:in.Limit]
		next := itoa(lines[len(lines)-1].ID)
		out.NextCursor = &next
	}
	for _, l := range lines {
		b, err := auditOf(l)
		if err != nil {
			return auditPage{}, err
		}
		out.Items = append(out.Items, b)
	}
	return out, nil
}

func auditOf(l identity.AuditLine) (auditBody, error) {
	b := auditBody{ID: itoa(l.ID), At: l.At, Action: l.Action, Address: l.Address, Detail: map[string]any{}}
	if l.ActorName != "" || l.Actor != "" {
		b.Actor = &auditActor{ID: string(l.Actor), Name: l.ActorName, Kind: "member"}
	}
	err := l.Detail.Into(&b.Detail)
	if l.Target != "" {
		b.Target = &auditTarget{Kind: nounOf(l.Action), ID: l.Target}
		if n, ok := b.Detail["name"].(string); ok {
			b.Target.Name = n
		}
	}
	if app, ok := b.Detail["app"].(string); ok {
		b.App = &app
	}
	return b, err
}

package api

import (
	"context"
	"encoding/json"
	"time"

	"tenon/engine/access"
	"tenon/engine/desk"
	"tenon/engine/identity"
	"tenon/schema/view"
)

type viewBody struct {
	ID        string          `json:"id"`
	Entity    string          `json:"entity"`
	Name      string          `json:"name"`
	Type      string          `json:"type"`
	Config    json.RawMessage `json:"config"`
	Kind      string          `json:"kind" doc:"personal or shared" enum:"personal shared"`
	Position  int             `json:"position"`
	CreatedAt time.Time       `json:"created_at"`
}

func viewOf(v desk.View) viewBody {
	kind := "personal"
	if v.MemberID == "" {
		kind = "shared"
	}
	return viewBody{v.ID, v.EntityID, v.Name, v.Type, json.RawMessage(v.Config), kind, v.Position, v.CreatedAt}
}

type viewIn struct {
	inApp
	Entity string          `json:"entity" need:"1"`
	Name   string          `json:"name" need:"1"`
	Type   string          `json:"type" need:"1"`
	Config json.RawMessage `json:"config"`
	Kind   string          `json:"kind" doc:"personal (default), or shared by an administrator of the app"`
}

// viewRoutes keep the views that members make for themselves.
func (s *Server) viewRoutes() {
	const tag, path = "views", "/api/v1/apps/{app}/views"
	Handle(s, "GET", path, Doc{Who: InApp, Tag: tag, Summary: "One's own views, and those that members share"},
		func(ctx context.Context, c *Call, _ inApp) (list[viewBody], error) {
			all, err := s.Desk.Views(ctx, c.App.ID, c.Actor.Member)
			return listOf(all, viewOf), err
		})
	Handle(s, "POST", path, Doc{Who: InApp, Tag: tag, Summary: "Keep a view", Status: 201}, s.addView)
	Handle(s, "PATCH", path+"/{id}", Doc{Who: InApp, Tag: tag, Summary: "Change a view"},
		func(ctx context.Context, c *Call, in struct {
			inAppID
			Name     *string         `json:"name"`
			Type     *string         `json:"type"`
			Config   json.RawMessage `json:"config"`
			Position *int            `json:"position"`
			Kind     *string         `json:"kind"`
			Entity   *string         `json:"entity" doc:"cannot change; accepted as it was"`
		}) (viewBody, error) {
			ch := desk.ViewChange{Name: in.Name, Type: in.Type, Config: in.Config, Position: in.Position}
			if in.Type != nil {
				if err := viewType(*in.Type); err != nil {
					return viewBody{}, err
				}
			}
			if in.Kind != nil {
				shared := *in.Kind == "shared"
				ch.Shared = &shared
			}
			v, err := s.Desk.UpdateView(ctx, c.App.ID, c.Actor.Member, s.builds(ctx, c) == nil, in.ID, ch)
			return viewOf(v), err
		})
	Handle(s, "DELETE", path+"/{id}", Doc{Who: InApp, Tag: tag, Summary: "Delete a view"},
		func(ctx context.Context, c *Call, in inAppID) (Empty, error) {
			return Empty{}, s.Desk.RemoveView(ctx, c.App.ID, c.Actor.Member, s.builds(ctx, c) == nil, in.ID)
		})
}

func viewType(name string) error {
	if _, ok := view.Types.Get(name); !ok {
		return identity.ErrChoice.At("type").With("value", name)
	}
	return nil
}

func (s *Server) addView(ctx context.Context, c *Call, in viewIn) (viewBody, error) {
	ent, err := s.entity(ctx, c.App.ID, in.Entity)
	if err != nil {
		return viewBody{}, err
	}
	if err := viewType(in.Type); err != nil {
		return viewBody{}, err
	}
	if in.Config == nil {
		in.Config = json.RawMessage("{}")
	}
	owner := c.Actor.Member
	if in.Kind == "shared" {
		if err := s.builds(ctx, c); err != nil {
			return viewBody{}, err
		}
		owner = ""
	} else if owner == "" {
		return viewBody{}, errSessionOnly.New()
	}
	v, err := s.Desk.AddView(ctx, c.App.ID, ent.ID(), owner, in.Name, in.Type, in.Config)
	return viewOf(v), err
}

// jobRoutes follow long pieces of work.
func (s *Server) jobRoutes() {
	const tag = "jobs"
	Handle(s, "GET", "/api/v1/jobs/{id}", Doc{Who: Known, Tag: tag, Summary: "How far a job is"},
		func(ctx context.Context, c *Call, in struct {
			ID string `path:"id"`
		}) (jobBody, error) {
			j, err := s.job(ctx, c, in.ID)
			return jobOf(j), err
		})
	Handle(s, "POST", "/api/v1/jobs/{id}/cancel", Doc{Who: Known, Tag: tag, Summary: "Ask a job to stop"},
		func(ctx context.Context, c *Call, in struct {
			ID string `path:"id"`
		}) (jobBody, error) {
			j, err := s.job(ctx, c, in.ID)
			if err == nil {
				err = s.Desk.CancelJob(ctx, j.ID)
			}
			if err != nil {
				return jobBody{}, err
			}
			j, err = s.Desk.Job(ctx, in.ID)
			return jobOf(j), err
		})
}

type jobBody struct {
	ID        string          `json:"id"`
	Kind      string          `json:"kind"`
	State     string          `json:"state"`
	Progress  int64           `json:"progress"`
	Total     int64           `json:"total"`
	Result    json.RawMessage `json:"result"`
	CreatedAt time.Time       `json:"created_at"`
	EndedAt   *time.Time      `json:"ended_at"`
}

func jobOf(j desk.Job) jobBody {
	b := jobBody{j.ID, j.Kind, j.State, j.Progress, j.Total, json.RawMessage(j.Result), j.CreatedAt, instant(j.EndedAt.Time)}
	if b.Result == nil {
		b.Result = json.RawMessage("null")
	}
	return b
}

// job finds a job that the caller started, or of a workspace that they administer.
func (s *Server) job(ctx context.Context, c *Call, id string) (desk.Job, error) {
	j, err := s.Desk.Job(ctx, id)
	if err != nil {
		return desk.Job{}, err
	}
	var a *access.Actor
	if a, _, err = s.People.ActorIn(ctx, c.Principal, j.WorkspaceID); err != nil || a.ID != string(j.Actor) && !a.Admin {
		return desk.Job{}, desk.ErrJob.New()
	}
	return j, nil
}

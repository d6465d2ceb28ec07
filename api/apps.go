package api

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"tenon/engine/definition"
	"tenon/engine/identity"
	"tenon/schema"
	"tenon/schema/fault"
)

// inApp names the app of a path.
type inApp struct {
	App string `path:"app" doc:"id; or key, where it is unique among the caller's workspaces"`
}

// inAppID names a thing of an app.
type inAppID struct {
	inApp
	ID string `path:"id"`
}

type appSummary struct {
	ID           string      `json:"id"`
	Key          string      `json:"key"`
	Name         schema.Text `json:"name"`
	Icon         string      `json:"icon"`
	Hue          string      `json:"hue" enum:"gray red orange amber lime green jade cyan blue indigo violet pink"`
	Version      int         `json:"version"`
	DraftChanges int64       `json:"draft_changes"`
	Role         appAdmin    `json:"role"`
	Template     string      `json:"template,omitempty"`
	Description  schema.Text `json:"description,omitzero" doc:"of the published version"`
	Forms        int         `json:"forms" doc:"how many forms the published version has"`
}

type appAdmin struct {
	Admin bool `json:"admin"`
}

type newApp struct {
	inWorkspace
	Key  string      `json:"key"`
	Name schema.Text `json:"name" need:"1"`
	Icon string      `json:"icon"`
	Hue  string      `json:"hue" enum:"gray red orange amber lime green jade cyan blue indigo violet pink"`
}

// appRoutes list, make and delete apps.
func (s *Server) appRoutes() {
	const tag = "apps"
	Handle(s, "GET", "/api/v1/workspaces/{ws}/apps", Doc{Who: InSpace, Tag: tag, Summary: "Apps the caller may use"}, s.apps)
	Handle(s, "POST", "/api/v1/workspaces/{ws}/apps", Doc{Who: Admin, Tag: tag, Summary: "Make an empty app", Status: 201}, s.createApp)
	Handle(s, "DELETE", "/api/v1/apps/{app}", Doc{Who: Builder, Tag: tag, Summary: "Put an app into the recycle bin"},
		func(ctx context.Context, c *Call, _ inApp) (Empty, error) {
			err := s.People.DeleteApp(ctx, c.By(), c.App, c.From())
			s.Engine.Defs.Refresh(c.App.ID)
			return Empty{}, err
		})
	Handle(s, "PATCH", "/api/v1/apps/{app}", Doc{Who: Builder, Tag: tag, Summary: "Say how the app starts for its members, without publishing"},
		func(ctx context.Context, c *Call, in struct {
			inApp
			Light bool `json:"light" need:"1" doc:"with the short menu"`
		}) (Empty, error) {
			if err := s.Engine.Defs.SetLight(ctx, c.App.ID, in.Light); err != nil {
				return Empty{}, err
			}
			return Empty{}, c.Audit(ctx, "app.menu", c.App.ID, map[string]any{"app": c.App.ID, "light": in.Light})
		})
	Handle(s, "PATCH", "/api/v1/apps/{app}/params", Doc{Who: Builder, Tag: tag, Summary: "Change parameters without publishing; null returns one to its definition"},
		func(ctx context.Context, c *Call, in struct {
			inApp
			Params map[string]json.RawMessage `body:"json"`
		}) (Empty, error) {
			if err := s.Engine.Defs.SetParams(ctx, c.App.ID, in.Params); err != nil {
				return Empty{}, err
			}
			return Empty{}, c.Audit(ctx, "app.params", c.App.ID, map[string]any{"app": c.App.ID, "params": sortedKeys(in.Params)})
		})
}

func (s *Server) apps(ctx context.Context, c *Call, _ inWorkspace) (list[appSummary], error) {
	out := list[appSummary]{Items: []appSummary{}}
	all, err := s.People.Apps(ctx, c.Workspace.ID)
	if err != nil {
		return out, err
	}
	changes, err := s.People.DraftChanges(ctx, c.Workspace.ID)
	if err != nil {
		return out, err
	}
	for _, a := range all {
		actor, _, err := s.People.ActorFor(ctx, c.Principal, a.ID)
		if fault.KindOf(err) == fault.NotFound && err != nil {
			continue // outside an API key's scopes
		}
		if err != nil {
			return out, err
		}
		builder, err := s.isBuilder(ctx, actor, a.ID)
		if err != nil {
			return out, err
		}
		if !builder && (len(actor.Roles) == 0 || a.Version == 0) {
			continue
		}
		sum, err := summaryOf(a, builder)
		if err != nil {
			return out, err
		}
		if builder {
			sum.DraftChanges = changes[a.ID]
		}
		if a.Version > 0 {
			snap, err := s.Engine.Defs.At(ctx, a.ID)
			if err != nil {
				return out, err
			}
			sum.Description, sum.Forms = snap.App.Info.Description, len(snap.App.Entities)
		}
		out.Items = append(out.Items, sum)
	}
	return out, nil
}

func summaryOf(a identity.App, admin bool) (appSummary, error) {
	out := appSummary{ID: a.ID, Key: a.Key, Icon: a.Icon, Hue: a.Hue, Version: a.Version, Role: appAdmin{admin}, Template: a.Template}
	return out, a.Name.Into(&out.Name)
}

func (s *Server) createApp(ctx context.Context, c *Call, in newApp) (appSummary, error) {
	key, made := in.Key, in.Key == ""
	if made {
		key = identity.Slug(in.Name.In("en-US"))
	}
	base := key
	for try := 2; ; try++ {
		id, err := s.Engine.Defs.CreateApp(ctx, c.Workspace.ID, c.Actor.ID, key, in.Name, in.Icon, in.Hue)
		if fault.CodeOf(err) == definition.ErrKeyTaken.Code && made && try < 50 {
			key = base + "_" + strconv.Itoa(try)
			continue
		}
		if err != nil {
			return appSummary{}, err
		}
		s.People.Changed(ctx)
		a, err := s.People.App(ctx, id)
		if err != nil {
			return appSummary{}, err
		}
		if err := c.Audit(ctx, "app.created", id, map[string]any{"app": id, "name": a.Key}); err != nil {
			return appSummary{}, err
		}
		return summaryOf(a, true)
	}
}

type recycleBody struct {
	Kind       string    `json:"kind"` // app, record
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	App        *string   `json:"app"`
	Entity     *string   `json:"entity"`
	EntityName string    `json:"entity_name,omitempty" doc:"of a record's form, in the caller's language"`
	DeletedAt  time.Time `json:"deleted_at"`
	DeletedBy  *string   `json:"deleted_by"`
}

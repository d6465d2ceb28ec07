package api

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"tenon/engine"
	"tenon/engine/identity"
	"tenon/engine/query"
	"tenon/engine/record"
	"tenon/schema"
)

// perEntity bounds how many deleted records of one entity the bin shows.
const perEntity = 100

// recycleRoutes show what was deleted and bring apps back; records come back
// by their own restore.
func (s *Server) recycleRoutes() {
	const tag, path = "recycle-bin", "/api/v1/workspaces/{ws}/recycle-bin"
	Handle(s, "GET", path, Doc{Who: Admin, Tag: tag, Summary: "Deleted apps and records, newest first"}, s.recycleBin)
	Handle(s, "POST", path+"/apps/{id}/restore", Doc{Who: Admin, Tag: tag, Summary: "Bring an app back"},
		func(ctx context.Context, c *Call, in inWorkspaceID) (appSummary, error) {
			a, err := s.People.RestoreApp(ctx, c.By(), c.Workspace.ID, in.ID, c.From())
			if err != nil {
				return appSummary{}, err
			}
			s.Engine.Defs.Refresh(a.ID)
			return summaryOf(a, true)
		})
}

func (s *Server) recycleBin(ctx context.Context, c *Call, in struct {
	inWorkspace
	App    string `query:"app" doc:"only records of this app"`
	Entity string `query:"entity" doc:"only records of this entity"`
}) (list[recycleBody], error) {
	out := list[recycleBody]{Items: []recycleBody{}}
	if in.App == "" {
		gone, err := s.People.DeletedApps(ctx, c.Workspace.ID)
		if err != nil {
			return out, err
		}
		for _, a := range gone {
			var name schema.Text
			if err := a.Name.Into(&name); err != nil {
				return out, err
			}
			out.Items = append(out.Items, recycleBody{Kind: "app", ID: a.ID, Name: c.Text(name), DeletedAt: a.DeletedAt.Time, DeletedBy: optional(string(a.DeletedBy))})
		}
	}
	apps, err := s.People.Apps(ctx, c.Workspace.ID)
	if err != nil {
		return out, err
	}
	for _, a := range apps {
		if in.App != "" && in.App != a.ID && in.App != a.Key || a.Version == 0 {
			continue
		}
		if err := s.recycledRecords(ctx, c, a, in.Entity, &out.Items); err != nil {
			return out, err
		}
	}
	slices.SortStableFunc(out.Items, func(a, b recycleBody) int { return b.DeletedAt.Compare(a.DeletedAt) })
	return out, nil
}

func (s *Server) recycledRecords(ctx context.Context, c *Call, a identity.App, entity string, into *[]recycleBody) error {
	actor, _, err := s.People.ActorFor(ctx, c.Principal, a.ID)
	if err != nil {
		return err
	}
	snap, err := s.Engine.Defs.At(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, e := range snap.Entities {
		if entity != "" && entity != e.ID() && entity != e.Key() {
			continue
		}
		r := engine.ListRequest{}
		r.Deleted, r.Limit, r.Fields = true, perEntity, []string{"deleted_at", "updated_by"}
		r.Sort = []query.Sort{{Field: "deleted_at", Desc: true}}
		b, err := s.Engine.List(ctx, actor, a.ID, e.ID(), r)
		if err != nil {
			return err
		}
		var page struct {
			Records []struct {
				ID        string    `json:"id"`
				Title     string    `json:"_title"`
				DeletedAt time.Time `json:"deleted_at"`
				UpdatedBy string    `json:"updated_by"`
			} `json:"records"`
		}
		if err := json.Unmarshal(b, &page); err != nil {
			return err
		}
		key, name := e.Key(), c.Text(e.Def.Name)
		for _, x := range page.Records {
			*into = append(*into, recycleBody{Kind: "record", ID: x.ID, Name: x.Title, App: &a.ID, Entity: &key, EntityName: name, DeletedAt: x.DeletedAt, DeletedBy: optional(x.UpdatedBy)})
		}
	}
	return nil
}

// purge deletes a record for good; the line in the audit log, which is all that
// is left of it, commits with it.
func (s *Server) purge(ctx context.Context, c *Call, op record.Op) error {
	if err := s.builds(ctx, c); err != nil {
		return err
	}
	return s.Engine.Run(ctx, c.App.ID, c.Actor, record.Options{}, func(ses *record.Session) error {
		out, err := ses.Apply(op)
		if err != nil {
			return err
		}
		gone := out[0].Change
		ses.Later(s.People.AuditStmt(identity.AuditEntry{Workspace: c.Actor.WorkspaceID, Actor: c.By(), Action: "records.purged", Target: op.ID, From: c.From(),
			Detail: map[string]any{"app": c.App.ID, "form": gone.Entity().Def.Name.In(ses.Snap.Locale), "name": s.Engine.Title(ses, gone.Before)}}))
		return nil
	})
}

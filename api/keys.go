package api

import (
	"context"
	"time"

	"tenon/engine/identity"
)

type scopeBody struct {
	App   string   `json:"app,omitempty" doc:"id of an app; all of the workspace when left out"`
	Ops   []string `json:"ops" doc:"create read update delete import export manage, or *"`
	Roles []string `json:"roles,omitempty" doc:"role ids to hold in place of seeing everything"`
}

type keyBody struct {
	ID        string      `json:"id"`
	Name      string      `json:"name"`
	Prefix    string      `json:"prefix"`
	Scopes    []scopeBody `json:"scopes"`
	CreatedAt time.Time   `json:"created_at"`
	ExpiresAt *time.Time  `json:"expires_at"`
	UsedAt    *time.Time  `json:"last_used_at"`
	Secret    string      `json:"secret,omitempty" doc:"only in the answer to its creation"`
}

func keyOf(k identity.APIKey) keyBody {
	b := keyBody{ID: k.ID, Name: k.Name, Prefix: k.Prefix, Scopes: []scopeBody{}, CreatedAt: k.CreatedAt, ExpiresAt: instant(k.ExpiresAt.Time), UsedAt: instant(k.UsedAt.Time)}
	if err := k.Scopes.Into(&b.Scopes); err != nil {
		b.Scopes = nil
	}
	return b
}

// instant is null for the zero time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func scopesOf(in []scopeBody) []identity.Scope {
	out := make([]identity.Scope, len(in))
	for i, sc := range in {
		out[i] = identity.Scope(sc)
	}
	return out
}

// keyRoutes administer API keys.
func (s *Server) keyRoutes() {
	const tag, path = "api-keys", "/api/v1/workspaces/{ws}/api-keys"
	Handle(s, "GET", path, Doc{Who: Admin, Tag: tag, Summary: "API keys that were not revoked"},
		func(ctx context.Context, c *Call, _ inWorkspace) (list[keyBody], error) {
			all, err := s.People.Keys(ctx, c.Workspace.ID)
			return listOf(all, keyOf), err
		})
	Handle(s, "POST", path, Doc{Who: Admin, Tag: tag, Summary: "Make an API key; its secret is shown once", Status: 201},
		func(ctx context.Context, c *Call, in struct {
			inWorkspace
			Name      string      `json:"name" need:"1"`
			Scopes    []scopeBody `json:"scopes"`
			ExpiresAt *time.Time  `json:"expires_at"`
		}) (keyBody, error) {
			var until time.Time
			if in.ExpiresAt != nil {
				until = *in.ExpiresAt
			}
			secret, k, err := s.People.CreateKey(ctx, c.By(), c.Workspace.ID, in.Name, scopesOf(in.Scopes), until, c.From())
			b := keyOf(k)
			b.Secret = secret
			return b, err
		})
	Handle(s, "PATCH", path+"/{id}", Doc{Who: Admin, Tag: tag, Summary: "Rename a key or change its scopes"},
		func(ctx context.Context, c *Call, in struct {
			inWorkspaceID
			Name   *string      `json:"name"`
			Scopes *[]scopeBody `json:"scopes"`
		}) (keyBody, error) {
			var scopes *[]identity.Scope
			if in.Scopes != nil {
				l := scopesOf(*in.Scopes)
				scopes = &l
			}
			k, err := s.People.UpdateKey(ctx, c.By(), c.Workspace.ID, in.ID, in.Name, scopes, c.From())
			return keyOf(k), err
		})
	Handle(s, "DELETE", path+"/{id}", Doc{Who: Admin, Tag: tag, Summary: "Revoke a key at once"},
		func(ctx context.Context, c *Call, in inWorkspaceID) (Empty, error) {
			return Empty{}, s.People.RevokeKey(ctx, c.By(), c.Workspace.ID, in.ID, c.From())
		})
}

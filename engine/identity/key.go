package identity

import (
	"context"
	"slices"
	"time"

	"tenon/engine/store"
	"tenon/schema/fault"
)

// keyPrefix starts every API key, so that a leaked one is recognised.
const keyPrefix = "tk_"

// OpManage lets an API key administer: its workspace, or one app's definitions.
const OpManage = "manage"

// keyOps are the operations a scope may name; "*" is all of them on records.
var keyOps = []string{"*", "create", "read", "update", "delete", "import", "export", OpManage}

// Scope limits an API key: operations in one app, or in all when App is empty.
// With roles the key sees what those roles see.
type Scope struct {
	App   string   `json:"app,omitempty"`
	Ops   []string `json:"ops"`
	Roles []string `json:"roles,omitempty"`
}

// ErrScope is a scope that names something unknown.
var ErrScope = fault.Define(fault.Invalid, "api_key.scope", "权限范围不正确：{detail}", "this scope is wrong: {detail}")

// ErrPast is a moment that has passed already.
var ErrPast = fault.Define(fault.Invalid, "identity.past", "时间必须在将来", "this must lie in the future")

// CreateKey makes an API key. The secret is returned here and never again.
func (s *Service) CreateKey(ctx context.Context, by AuditActor, workspaceID, name string, scopes []Scope, expires time.Time, from Origin) (secret string, k APIKey, err error) {
	if name, err = checkName("name", name); err != nil {
		return "", APIKey{}, err
	}
	if err := s.checkScopes(ctx, workspaceID, scopes); err != nil {
		return "", APIKey{}, err
	}
	now := s.Now()
	if !expires.IsZero() && !expires.After(now) {
		return "", APIKey{}, ErrPast.At("expires_at")
	}
	random, err := s.token(30)
	if err != nil {
		return "", APIKey{}, err
	}
	secret = keyPrefix + random
	if scopes == nil {
		scopes = []Scope{}
	}
	k = APIKey{ID: s.NewID(), WorkspaceID: workspaceID, Name: name, Prefix: secret[:9], Hash: digest(secret), Scopes: store.DocOf(scopes),
		CreatedAt: now, CreatedBy: store.ID(by.ID), ExpiresAt: store.At(expires)}
	err = s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		if err := store.Insert(c, store.Actor{ID: k.ID, WorkspaceID: store.ID(workspaceID), Kind: "api_key", Name: name}); err != nil {
			return err
		}
		if err := store.Insert(c, k); err != nil {
			return err
		}
		return s.auditIn(c, AuditEntry{Workspace: workspaceID, Actor: by, Action: "api_key.created", Target: k.ID,
			Detail: map[string]any{"name": name, "scopes": scopes}, From: from})
	})
	return secret, k, err
}

func (s *Service) checkScopes(ctx context.Context, workspaceID string, scopes []Scope) error {
	for _, sc := range scopes {
		if len(sc.Ops) == 0 {
			return ErrScope.At("scopes").With("detail", "ops")
		}
		for _, op := range sc.Ops {
			if !slices.Contains(keyOps, op) {
				return ErrScope.At("scopes").With("detail", op)
			}
		}
		if sc.App == "" {
			continue
		}
		if a, err := s.App(ctx, sc.App); err != nil || a.WorkspaceID != workspaceID {
			return ErrScope.At("scopes").With("detail", sc.App)
		}
	}
	return nil
}

// Keys lists the API keys of a workspace that were not revoked.
func (s *Service) Keys(ctx context.Context, workspaceID string) ([]APIKey, error) {
	return store.Find[APIKey](s.DB.Cold(ctx), store.Match{"workspace_id": workspaceID, "revoked_at": nil}, "created_at", "id")
}

// UpdateKey renames a key or changes its scopes; nil leaves as it is.
func (s *Service) UpdateKey(ctx context.Context, by AuditActor, workspaceID, id string, name *string, scopes *[]Scope, from Origin) (APIKey, error) {
	set, seen := store.Set{}, map[string]any{}
	if name != nil {
		n, err := checkName("name", *name)
		if err != nil {
			return APIKey{}, err
		}
		set["name"], seen["name"] = n, n
	}
	if scopes != nil {
		if err := s.checkScopes(ctx, workspaceID, *scopes); err != nil {
			return APIKey{}, err
		}
		set["scopes"], seen["scopes"] = store.DocOf(*scopes), *scopes
	}
	return s.changeKey(ctx, by, workspaceID, id, "api_key.changed", set, seen, from)
}

// RevokeKey ends a key at once.
func (s *Service) RevokeKey(ctx context.Context, by AuditActor, workspaceID, id string, from Origin) error {
	_, err := s.changeKey(ctx, by, workspaceID, id, "api_key.revoked", store.Set{"revoked_at": s.Now()}, nil, from)
	return err
}

func (s *Service) changeKey(ctx context.Context, by AuditActor, workspaceID, id, action string, set store.Set, seen map[string]any, from Origin) (APIKey, error) {
	var k APIKey
	if !isID(id) {
		return k, ErrAPIKey.New()
	}
	err := s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		m := store.Match{"id": id, "workspace_id": workspaceID, "revoked_at": nil}
		var ok bool
		var err error
		if k, ok, err = store.Lock[APIKey](c, m); err != nil || !ok {
			if err == nil {
				err = ErrAPIKey.New()
			}
			return err
		}
		if len(set) == 0 {
			return nil
		}
		if _, err := store.Change[APIKey](c, store.Match{"id": id}, set); err != nil {
			return err
		}
		if k, _, err = store.First[APIKey](c, store.Match{"id": id}); err != nil {
			return err
		}
		if name, ok := set["name"]; ok {
			if _, err := store.Change[store.Actor](c, store.Match{"id": id}, store.Set{"name": name}); err != nil {
				return err
			}
		}
		return s.auditIn(c, AuditEntry{Workspace: workspaceID, Actor: by, Action: action, Target: id, Detail: seen, From: from})
	})
	if err == nil {
		s.changed(ctx)
	}
	return k, err
}

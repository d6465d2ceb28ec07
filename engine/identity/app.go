package identity

import (
	"context"

	"tenon/engine/store"
)

// Apps lists the apps of a workspace that are not deleted.
func (s *Service) Apps(ctx context.Context, workspaceID string) ([]App, error) {
	return store.Find[App](s.DB.Cold(ctx), store.Match{"workspace_id": workspaceID, "deleted_at": nil}, "created_at", "id")
}

// DeletedApps lists the apps in a workspace's recycle bin.
func (s *Service) DeletedApps(ctx context.Context, workspaceID string) ([]App, error) {
	all, err := store.Find[App](s.DB.Cold(ctx), store.Match{"workspace_id": workspaceID}, "-deleted_at", "id")
	out := []App{}
	for _, a := range all {
		if !a.DeletedAt.IsZero() {
			out = append(out, a)
		}
	}
	return out, err
}

// DeleteApp puts an app into the recycle bin: nobody finds it, nothing is lost.
func (s *Service) DeleteApp(ctx context.Context, by AuditActor, a App, from Origin) error {
	return s.moveApp(ctx, by, a, "app.deleted", store.Match{"id": a.ID, "deleted_at": nil}, store.Set{"deleted_at": s.Now(), "deleted_by": store.ID(by.ID)}, from)
}

// RestoreApp takes an app out of the recycle bin.
func (s *Service) RestoreApp(ctx context.Context, by AuditActor, workspaceID, id string, from Origin) (App, error) {
	if !isID(id) {
		return App{}, ErrApp.New()
	}
	a, ok, err := store.First[App](s.DB.Cold(ctx), store.Match{"id": id, "workspace_id": workspaceID})
	if err == nil && (!ok || a.DeletedAt.IsZero()) {
		err = ErrApp.New()
	}
	if err != nil {
		return App{}, err
	}
	err = s.moveApp(ctx, by, a, "app.restored", store.Match{"id": id}, store.Set{"deleted_at": nil, "deleted_by": nil}, from)
	if code, _, _ := store.PgError(err); code == "23505" {
		err = ErrKeyTaken.With("key", a.Key)
	}
	a.DeletedAt = store.When{}
	return a, err
}

func (s *Service) moveApp(ctx context.Context, by AuditActor, a App, action string, m store.Match, set store.Set, from Origin) error {
	err := s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		n, err := store.Change[App](c, m, set)
		if err == nil && n == 0 {
			err = ErrApp.New()
		}
		if err != nil {
			return err
		}
		return s.auditIn(c, AuditEntry{Workspace: a.WorkspaceID, Actor: by, Action: action, Target: a.ID, Detail: map[string]any{"app": a.ID, "name": a.Key}, From: from})
	})
	if err == nil {
		s.changed(ctx)
	}
	return err
}

// DraftChanges counts unpublished documents by app.
func (s *Service) DraftChanges(ctx context.Context, workspaceID string) (map[string]int64, error) {
	return s.DB.DraftChanges(ctx, workspaceID)
}

// Changed tells all nodes that something about people or apps was changed by
// other means, such as a new app.
func (s *Service) Changed(ctx context.Context) { s.changed(ctx) }

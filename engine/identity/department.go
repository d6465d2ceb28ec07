package identity

import (
	"context"

	"tenon/engine/store"
)

// Departments lists a workspace's departments, parents and children mixed.
func (s *Service) Departments(ctx context.Context, workspaceID string) ([]Department, error) {
	return store.Find[Department](s.DB.Cold(ctx), store.Match{"workspace_id": workspaceID}, "position", "name", "id")
}

// DepartmentChange is what may be said about a department; nil leaves as it is.
type DepartmentChange struct {
	Name, Parent, Head *string // "" for parent: a root; for head: nobody
	Position           *int
	Roles              *[]AppRole // held by everybody in it and below
}

// AddDepartment adds a department.
func (s *Service) AddDepartment(ctx context.Context, by AuditActor, workspaceID string, ch DepartmentChange, from Origin) (Department, error) {
	if ch.Name == nil {
		ch.Name = new(string)
	}
	return s.saveDepartment(ctx, by, workspaceID, Department{ID: s.NewID(), WorkspaceID: workspaceID}, true, ch, "department.added", from)
}

// UpdateDepartment changes a department; it cannot be moved below itself.
func (s *Service) UpdateDepartment(ctx context.Context, by AuditActor, workspaceID, id string, ch DepartmentChange, from Origin) (Department, error) {
	if !isID(id) {
		return Department{}, ErrDepartment.New()
	}
	return s.saveDepartment(ctx, by, workspaceID, Department{ID: id, WorkspaceID: workspaceID}, false, ch, "department.changed", from)
}

func (s *Service) saveDepartment(ctx context.Context, by AuditActor, workspaceID string, d Department, fresh bool, ch DepartmentChange, action string, from Origin) (Department, error) {
	err := s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		// Two moves at once could close a circle, so they go one after the other.
		if err := c.LockWorkspace(workspaceID); err != nil {
			return err
		}
		if !fresh {
			var ok bool
			var err error
			if d, ok, err = store.Lock[Department](c, store.Match{"id": d.ID, "workspace_id": workspaceID}); err != nil || !ok {
				if err == nil {
					err = ErrDepartment.New()
				}
				return err
			}
		}
		if err := s.fillDepartment(c, &d, ch); err != nil {
			return err
		}
		if err := store.Put(c, d); err != nil {
			return err
		}
		if ch.Roles != nil {
			if _, err := store.Remove[store.DepartmentRole](c, store.Match{"department_id": d.ID}); err != nil {
				return err
			}
			for _, r := range *ch.Roles {
				if err := store.InsertNew(c, store.DepartmentRole{AppID: r.App, DepartmentID: d.ID, RoleID: r.Role}); err != nil {
					return err
				}
			}
		}
		detail := map[string]any{"name": d.Name, "parent": d.ParentID, "head": d.HeadID}
		if ch.Roles != nil {
			detail["roles"] = *ch.Roles
		}
		return s.auditIn(c, AuditEntry{Workspace: workspaceID, Actor: by, Action: action, Target: d.ID, Detail: detail, From: from})
	})
	if err == nil {
		s.changed(ctx)
	}
	return d, err
}

func (s *Service) fillDepartment(c store.Cold, d *Department, ch DepartmentChange) error {
	if ch.Name != nil {
		name, err := checkName("name", *ch.Name)
		if err != nil {
			return err
		}
		d.Name = name
	}
	if ch.Position != nil {
		d.Position = *ch.Position
	}
	if ch.Head != nil {
		d.HeadID = store.ID(*ch.Head)
		if *ch.Head != "" {
			if err := allIn[Member](c, "head", ErrMember, d.WorkspaceID, []string{*ch.Head}); err != nil {
				return err
			}
		}
	}
	if ch.Roles != nil {
		var apps []string
		for _, r := range *ch.Roles {
			if r.Role == "" || len(r.Role) > 80 {
				return ErrChoice.At("roles").With("value", r.Role)
			}
			apps = append(apps, r.App)
		}
		if err := allIn[App](c, "roles", ErrApp, d.WorkspaceID, apps); err != nil {
			return err
		}
	}
	if ch.Parent == nil {
		return nil
	}
	d.ParentID = store.ID(*ch.Parent)
	for at := *ch.Parent; at != ""; {
		if at == d.ID {
			return ErrCircle.At("parent")
		}
		if !isID(at) {
			return ErrDepartment.At("parent")
		}
		p, ok, err := store.First[Department](c, store.Match{"id": at, "workspace_id": d.WorkspaceID})
		if err != nil || !ok {
			if err == nil {
				err = ErrDepartment.At("parent")
			}
			return err
		}
		at = string(p.ParentID)
	}
	return nil
}

// RemoveDepartment deletes a department that has none below it; its members stay.
func (s *Service) RemoveDepartment(ctx context.Context, by AuditActor, workspaceID, id string, from Origin) error {
	if !isID(id) {
		return ErrDepartment.New()
	}
	err := s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		if err := c.LockWorkspace(workspaceID); err != nil {
			return err
		}
		n, err := store.Count[Department](c, store.Match{"parent_id": id})
		if err != nil {
			return err
		}
		if n > 0 {
			return ErrHasParts.New()
		}
		n, err = store.Remove[Department](c, store.Match{"id": id, "workspace_id": workspaceID})
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrDepartment.New()
		}
		return s.auditIn(c, AuditEntry{Workspace: workspaceID, Actor: by, Action: "department.removed", Target: id, From: from})
	})
	if err == nil {
		s.changed(ctx)
	}
	return err
}

// DepartmentRoles gives the roles that departments hold, by department.
func (s *Service) DepartmentRoles(ctx context.Context, workspaceID string) (map[string][]AppRole, error) {
	ds, err := s.Departments(ctx, workspaceID)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(ds))
	for i, d := range ds {
		ids[i] = d.ID
	}
	out := map[string][]AppRole{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := store.Find[store.DepartmentRole](s.DB.Cold(ctx), store.Match{"department_id": ids}, "app_id", "role_id")
	for _, r := range rows {
		out[r.DepartmentID] = append(out[r.DepartmentID], AppRole{r.AppID, r.RoleID})
	}
	return out, err
}

package identity

import (
	"context"
	"slices"

	"tenon/engine/store"
	"tenon/schema/fault"
)

// AppRole is a role of an app; the id is the role's id in the app's definition.
type AppRole struct {
	App  string `json:"app"`
	Role string `json:"role"`
}

// Person is a member with departments and roles.
type Person struct {
	Member
	Departments []string
	Roles       []AppRole
}

// People lists a workspace's members with departments and roles.
func (s *Service) People(ctx context.Context, workspaceID string) ([]Person, error) {
	return people(s.DB.Cold(ctx), store.Match{"workspace_id": workspaceID, "undone": false})
}

// Person finds one member of a workspace.
func (s *Service) Person(ctx context.Context, workspaceID, id string) (Person, error) {
	return person(s.DB.Cold(ctx), workspaceID, id)
}

func person(c store.Cold, workspaceID, id string) (Person, error) {
	if !isID(id) {
		return Person{}, ErrMember.New()
	}
	l, err := people(c, store.Match{"workspace_id": workspaceID, "id": id})
	if err == nil && len(l) == 0 {
		err = ErrMember.New()
	}
	if err != nil {
		return Person{}, err
	}
	return l[0], nil
}

func people(c store.Cold, m store.Match) ([]Person, error) {
	members, err := store.Find[Member](c, m, "status", "name", "id")
	if err != nil || len(members) == 0 {
		return nil, err
	}
	ids := make([]string, len(members))
	out, at := make([]Person, len(members)), map[string]*Person{}
	for i, x := range members {
		ids[i] = x.ID
		out[i] = Person{Member: x, Departments: []string{}, Roles: []AppRole{}}
		at[x.ID] = &out[i]
	}
	deps, err := store.Find[store.MemberDepartment](c, store.Match{"member_id": ids}, "department_id")
	if err != nil {
		return nil, err
	}
	for _, d := range deps {
		at[d.MemberID].Departments = append(at[d.MemberID].Departments, d.DepartmentID)
	}
	roles, err := store.Find[store.MemberRole](c, store.Match{"member_id": ids}, "app_id", "role_id")
	for _, r := range roles {
		at[r.MemberID].Roles = append(at[r.MemberID].Roles, AppRole{r.AppID, r.RoleID})
	}
	return out, err
}

// MemberChange is what an administrator may say about a member; nil leaves as it is.
type MemberChange struct {
	Name, Email, Status *string
	Admin, Available    *bool
	Aliases             *[]string
	Departments         *[]string
	Roles               *[]AppRole
}

// AddMember adds a person who has no account yet (未加入): they can own records,
// and an invitation lets them claim what is theirs.
func (s *Service) AddMember(ctx context.Context, by AuditActor, workspaceID string, ch MemberChange, from Origin) (Person, error) {
	if ch.Name == nil {
		ch.Name = new(string)
	}
	if ch.Status != nil && *ch.Status != "placeholder" {
		return Person{}, ErrChoice.At("status").With("value", *ch.Status)
	}
	if ch.Admin != nil && *ch.Admin {
		return Person{}, ErrChoice.At("admin").With("value", true)
	}
	m := Member{ID: s.NewID(), WorkspaceID: workspaceID, Status: "placeholder", Available: true, Aliases: store.Strings{}, CreatedAt: s.Now()}
	var out Person
	err := s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		if err := s.fill(c, &m, ch); err != nil {
			return err
		}
		if err := s.insertMember(c, m); err != nil {
			return err
		}
		if err := s.places(c, m, ch.Departments, ch.Roles); err != nil {
			return err
		}
		if err := s.auditIn(c, AuditEntry{Workspace: workspaceID, Actor: by, Action: "member.added", Target: m.ID, Detail: memberDetail(ch), From: from}); err != nil {
			return err
		}
		var err error
		out, err = person(c, workspaceID, m.ID)
		return err
	})
	if err == nil {
		s.changed(ctx)
	}
	return out, err
}

// fill puts the checked values of a change into a member.
func (s *Service) fill(c store.Cold, m *Member, ch MemberChange) error {
	var faults fault.List
	var err error
	if ch.Name != nil {
		m.Name, err = checkName("name", *ch.Name)
		faults.Add(err)
	}
	if ch.Email != nil {
		m.Email = ""
		if *ch.Email != "" {
			m.Email, err = checkEmail(*ch.Email)
			faults.Add(err)
		}
	}
	if ch.Status != nil {
		faults.Add(oneOf("status", *ch.Status, "active", "placeholder", "disabled"))
		switch {
		case *ch.Status == "active" && m.LoginID == "", *ch.Status == "placeholder" && m.LoginID != "":
			faults.Add(ErrChoice.At("status").With("value", *ch.Status))
		}
		m.Status = *ch.Status
	}
	if ch.Admin != nil {
		if *ch.Admin && m.LoginID == "" {
			faults.Add(ErrChoice.At("admin").With("value", true))
		}
		m.Admin = *ch.Admin
	}
	if ch.Available != nil {
		m.Available = *ch.Available
	}
	if ch.Aliases != nil {
		m.Aliases = store.Strings{}
		for _, a := range *ch.Aliases {
			name, err := checkName("aliases", a)
			faults.Add(err)
			m.Aliases = append(m.Aliases, name)
		}
	}
	if ch.Departments != nil {
		faults.Add(allIn[Department](c, "departments", ErrDepartment, m.WorkspaceID, *ch.Departments))
	}
	if ch.Roles != nil {
		var apps []string
		for _, r := range *ch.Roles {
			if r.Role == "" || len(r.Role) > 80 {
				faults.Add(ErrChoice.At("roles").With("value", r.Role))
			}
			apps = append(apps, r.App)
		}
		faults.Add(allIn[App](c, "roles", ErrApp, m.WorkspaceID, apps))
	}
	return faults.Err()
}

// allIn checks that all ids are rows of the workspace.
func allIn[T any](c store.Cold, path string, missing *fault.Def, workspaceID string, ids []string) error {
	want := slices.Clone(ids)
	slices.Sort(want)
	want = slices.Compact(want)
	for _, id := range want {
		if !isID(id) {
			return missing.At(path)
		}
	}
	if len(want) == 0 {
		return nil
	}
	n, err := store.Count[T](c, store.Match{"workspace_id": workspaceID, "id": want})
	if err == nil && int(n) != len(want) {
		err = missing.At(path)
	}
	return err
}

// places replaces a member's departments and roles where they are given.
func (s *Service) places(c store.Cold, m Member, departments *[]string, roles *[]AppRole) error {
	if departments != nil {
		if _, err := store.Remove[store.MemberDepartment](c, store.Match{"member_id": m.ID}); err != nil {
			return err
		}
		for _, d := range *departments {
			if err := store.InsertNew(c, store.MemberDepartment{MemberID: m.ID, DepartmentID: d}); err != nil {
				return err
			}
		}
	}
	if roles != nil {
		if _, err := store.Remove[store.MemberRole](c, store.Match{"member_id": m.ID}); err != nil {
			return err
		}
		for _, r := range *roles {
			if err := store.InsertNew(c, store.MemberRole{AppID: r.App, MemberID: m.ID, RoleID: r.Role}); err != nil {
				return err
			}
		}
	}
	return nil
}

// UpdateMember changes a member; the workspace keeps an active administrator.
func (s *Service) UpdateMember(ctx context.Context, by AuditActor, workspaceID, id string, ch MemberChange, from Origin) (Person, error) {
	var out Person
	if !isID(id) {
		return out, ErrMember.New()
	}
	err := s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		if err := c.LockWorkspace(workspaceID); err != nil {
			return err
		}
		m, ok, err := store.Lock[Member](c, store.Match{"id": id, "workspace_id": workspaceID})
		if err != nil || !ok {
			if err == nil {
				err = ErrMember.New()
			}
			return err
		}
		if err := s.fill(c, &m, ch); err != nil {
			return err
		}
		if err := s.saveMember(c, m); err != nil {
			return err
		}
		if err := s.places(c, m, ch.Departments, ch.Roles); err != nil {
			return err
		}
		if err := s.keepAdmin(c, workspaceID); err != nil {
			return err
		}
		if err := s.auditIn(c, AuditEntry{Workspace: workspaceID, Actor: by, Action: "member.changed", Target: id, Detail: memberDetail(ch), From: from}); err != nil {
			return err
		}
		out, err = person(c, workspaceID, id)
		return err
	})
	if err == nil {
		s.changed(ctx)
	}
	return out, err
}

func (s *Service) saveMember(c store.Cold, m Member) error {
	if err := store.Put(c, m); err != nil {
		return err
	}
	_, err := store.Change[store.Actor](c, store.Match{"id": m.ID}, store.Set{"name": m.Name})
	return err
}

func (s *Service) keepAdmin(c store.Cold, workspaceID string) error {
	n, err := store.Count[Member](c, store.Match{"workspace_id": workspaceID, "admin": true, "status": "active"})
	if err == nil && n == 0 {
		err = ErrLastAdmin.New()
	}
	return err
}

// RemoveMember takes a person out of a workspace: the member stays as the name
// behind what it did, disabled, without account, departments and roles.
func (s *Service) RemoveMember(ctx context.Context, by AuditActor, workspaceID, id string, from Origin) error {
	if !isID(id) {
		return ErrMember.New()
	}
	err := s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		if err := c.LockWorkspace(workspaceID); err != nil {
			return err
		}
		m, ok, err := store.Lock[Member](c, store.Match{"id": id, "workspace_id": workspaceID})
		if err != nil || !ok {
			if err == nil {
				err = ErrMember.New()
			}
			return err
		}
		m.Status, m.Admin, m.LoginID = "disabled", false, ""
		if err := s.saveMember(c, m); err != nil {
			return err
		}
		if err := s.places(c, m, &[]string{}, &[]AppRole{}); err != nil {
			return err
		}
		if err := s.keepAdmin(c, workspaceID); err != nil {
			return err
		}
		return s.auditIn(c, AuditEntry{Workspace: workspaceID, Actor: by, Action: "member.removed", Target: id, Detail: map[string]any{"name": m.Name}, From: from})
	})
	if err == nil {
		s.changed(ctx)
	}
	return err
}

func memberDetail(ch MemberChange) map[string]any {
	d := map[string]any{}
	put := func(key string, set bool, v any) {
		if set {
			d[key] = v
		}
	}
	put("name", ch.Name != nil, ch.Name)
	put("email", ch.Email != nil, ch.Email)
	put("status", ch.Status != nil, ch.Status)
	put("admin", ch.Admin != nil, ch.Admin)
	put("available", ch.Available != nil, ch.Available)
	put("departments", ch.Departments != nil, ch.Departments)
	put("roles", ch.Roles != nil, ch.Roles)
	return d
}

// Directory finds members and departments for pickers.
func (s *Service) Directory(ctx context.Context, workspaceID, search string, limit int) ([]Person, []Department, error) {
	c := s.DB.Cold(ctx)
	ms, ds, err := c.Directory(workspaceID, clip(search, 100), limit)
	if err != nil || len(ms) == 0 {
		return nil, ds, err
	}
	ids := make([]string, len(ms))
	for i, m := range ms {
		ids[i] = m.ID
	}
	ps, err := people(c, store.Match{"id": ids})
	return ps, ds, err
}

// AddAccount makes a login with a password and a member of it, from the
// command line; an existing login is joined to the workspace.
func (s *Service) AddAccount(ctx context.Context, workspaceID, email, name, password string, admin bool) (Member, error) {
	email, err := checkEmail(email)
	if err != nil {
		return Member{}, err
	}
	if name, err = checkName("name", name); err != nil {
		return Member{}, err
	}
	m := Member{ID: s.NewID(), WorkspaceID: workspaceID, Name: name, Email: email, Status: "active", Admin: admin, Available: true, Aliases: store.Strings{}, CreatedAt: s.Now()}
	err = s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		l, ok, err := c.LoginByEmail(email)
		if err != nil {
			return err
		}
		if !ok {
			if l, err = s.newLogin(ctx, c, email, name, password, ""); err != nil {
				return err
			}
		}
		m.LoginID = store.ID(l.ID)
		if _, dup, err := store.First[Member](c, store.Match{"workspace_id": workspaceID, "login_id": l.ID}); err != nil || dup {
			if err == nil {
				err = ErrJoined.New()
			}
			return err
		}
		if err := s.insertMember(c, m); err != nil {
			return err
		}
		return s.auditIn(c, AuditEntry{Workspace: workspaceID, Actor: AuditActor{Name: "command line"}, Action: "member.added", Target: m.ID,
			Detail: map[string]any{"email": email, "admin": admin}})
	})
	if err == nil {
		s.changed(ctx)
	}
	return m, err
}

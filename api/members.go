package api

import (
	"context"
	"strconv"
	"strings"

	"tenon/engine/identity"
	"tenon/schema/fault"
)

var errFound = fault.Define(fault.Forbidden, "workspace.found", "只有工作区管理员可以新建工作区", "only administrators of a workspace can make another one")

func itoa(i int64) string { return strconv.FormatInt(i, 10) }

// nounOf is what an audited action is about: member.changed is about a member.
func nounOf(action string) string {
	noun, _, _ := strings.Cut(action, ".")
	return noun
}

type memberBody struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Email       *string   `json:"email"`
	Status      string    `json:"status" enum:"active placeholder disabled"`
	Admin       bool      `json:"admin"`
	Available   bool      `json:"available"`
	Aliases     []string  `json:"aliases"`
	Departments []string  `json:"departments"`
	Roles       []appRole `json:"roles"`
}

func memberOf(p identity.Person) memberBody {
	roles := make([]appRole, len(p.Roles))
	for i, r := range p.Roles {
		roles[i] = appRole{r.App, r.Role}
	}
	return memberBody{ID: p.ID, Name: p.Name, Email: optional(p.Email), Status: p.Status, Admin: p.Admin, Available: p.Available,
		Aliases: p.Aliases, Departments: p.Departments, Roles: roles}
}

type memberFields struct {
	Name        *string    `json:"name"`
	Email       *string    `json:"email"`
	Status      *string    `json:"status"`
	Admin       *bool      `json:"admin"`
	Available   *bool      `json:"available"`
	Aliases     *[]string  `json:"aliases"`
	Departments *[]string  `json:"departments"`
	Roles       *[]appRole `json:"roles"`
}

func (s *Server) memberChange(ctx context.Context, in memberFields) (identity.MemberChange, error) {
	ch := identity.MemberChange{Name: in.Name, Email: in.Email, Status: in.Status, Admin: in.Admin, Available: in.Available, Aliases: in.Aliases, Departments: in.Departments}
	if in.Roles == nil {
		return ch, nil
	}
	roles, err := s.resolveRoles(ctx, *in.Roles)
	ch.Roles = &roles
	return ch, err
}

// memberRoutes administer the people of a workspace.
func (s *Server) memberRoutes() {
	const tag, path = "members", "/api/v1/workspaces/{ws}/members"
	Handle(s, "GET", path, Doc{Who: Admin, Tag: tag, Summary: "Members with departments and roles"},
		func(ctx context.Context, c *Call, _ inWorkspace) (list[memberBody], error) {
			all, err := s.People.People(ctx, c.Workspace.ID)
			return listOf(all, memberOf), err
		})
	Handle(s, "POST", path, Doc{Who: Admin, Tag: tag, Summary: "Add a person without an account; an invitation lets them claim what is theirs", Status: 201},
		func(ctx context.Context, c *Call, in struct {
			inWorkspace
			memberFields
		}) (memberBody, error) {
			ch, err := s.memberChange(ctx, in.memberFields)
			if err != nil {
				return memberBody{}, err
			}
			p, err := s.People.AddMember(ctx, c.By(), c.Workspace.ID, ch, c.From())
			return memberOf(p), err
		})
	Handle(s, "GET", path+"/{id}", Doc{Who: Admin, Tag: tag, Summary: "One member"},
		func(ctx context.Context, c *Call, in inWorkspaceID) (memberBody, error) {
			p, err := s.People.Person(ctx, c.Workspace.ID, in.ID)
			return memberOf(p), err
		})
	Handle(s, "PATCH", path+"/{id}", Doc{Who: Admin, Tag: tag, Summary: "Change a member: name, status, administrator, departments, roles"},
		func(ctx context.Context, c *Call, in struct {
			inWorkspaceID
			memberFields
		}) (memberBody, error) {
			ch, err := s.memberChange(ctx, in.memberFields)
			if err != nil {
				return memberBody{}, err
			}
			p, err := s.People.UpdateMember(ctx, c.By(), c.Workspace.ID, in.ID, ch, c.From())
			return memberOf(p), err
		})
	Handle(s, "DELETE", path+"/{id}", Doc{Who: Admin, Tag: tag, Summary: "Take a person out; the name stays behind what they did"},
		func(ctx context.Context, c *Call, in inWorkspaceID) (Empty, error) {
			return Empty{}, s.People.RemoveMember(ctx, c.By(), c.Workspace.ID, in.ID, c.From())
		})
}

type departmentBody struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Parent   *string   `json:"parent"`
	Head     *string   `json:"head"`
	Position int       `json:"position"`
	Roles    []appRole `json:"roles,omitempty" doc:"held by everybody in it and below"`
}

func departmentOf(d identity.Department, roles []identity.AppRole) departmentBody {
	b := departmentBody{ID: d.ID, Name: d.Name, Parent: optional(string(d.ParentID)), Head: optional(string(d.HeadID)), Position: d.Position}
	for _, r := range roles {
		b.Roles = append(b.Roles, appRole{r.App, r.Role})
	}
	return b
}

type departmentFields struct {
	Name     *string       `json:"name"`
	Parent   maybe[string] `json:"parent" doc:"null makes a root"`
	Head     maybe[string] `json:"head"`
	Position *int          `json:"position"`
	Roles    *[]appRole    `json:"roles"`
}

func (s *Server) departmentChange(ctx context.Context, in departmentFields) (identity.DepartmentChange, error) {
	ch := identity.DepartmentChange{Name: in.Name, Parent: in.Parent.ptr(), Head: in.Head.ptr(), Position: in.Position}
	if in.Roles == nil {
		return ch, nil
	}
	roles, err := s.resolveRoles(ctx, *in.Roles)
	ch.Roles = &roles
	return ch, err
}

// departmentRoutes administer the tree of departments.
func (s *Server) departmentRoutes() {
	const tag, path = "departments", "/api/v1/workspaces/{ws}/departments"
	Handle(s, "GET", path, Doc{Who: InSpace, Tag: tag, Summary: "The departments, parents and children mixed"},
		func(ctx context.Context, c *Call, _ inWorkspace) (list[departmentBody], error) {
			all, err := s.People.Departments(ctx, c.Workspace.ID)
			if err != nil {
				return list[departmentBody]{}, err
			}
			roles, err := s.People.DepartmentRoles(ctx, c.Workspace.ID)
			return listOf(all, func(d identity.Department) departmentBody { return departmentOf(d, roles[d.ID]) }), err
		})
	Handle(s, "POST", path, Doc{Who: Admin, Tag: tag, Summary: "Add a department", Status: 201},
		func(ctx context.Context, c *Call, in struct {
			inWorkspace
			departmentFields
		}) (departmentBody, error) {
			ch, err := s.departmentChange(ctx, in.departmentFields)
			if err != nil {
				return departmentBody{}, err
			}
			d, err := s.People.AddDepartment(ctx, c.By(), c.Workspace.ID, ch, c.From())
			return departmentOf(d, nil), err
		})
	Handle(s, "PATCH", path+"/{id}", Doc{Who: Admin, Tag: tag, Summary: "Change or move a department"},
		func(ctx context.Context, c *Call, in struct {
			inWorkspaceID
			departmentFields
		}) (departmentBody, error) {
			ch, err := s.departmentChange(ctx, in.departmentFields)
			if err != nil {
				return departmentBody{}, err
			}
			d, err := s.People.UpdateDepartment(ctx, c.By(), c.Workspace.ID, in.ID, ch, c.From())
			return departmentOf(d, nil), err
		})
	Handle(s, "DELETE", path+"/{id}", Doc{Who: Admin, Tag: tag, Summary: "Delete a department that has none below it"},
		func(ctx context.Context, c *Call, in inWorkspaceID) (Empty, error) {
			return Empty{}, s.People.RemoveDepartment(ctx, c.By(), c.Workspace.ID, in.ID, c.From())
		})
}

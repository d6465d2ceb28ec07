package api

import (
	"context"
	"time"

	"tenon/engine/identity"
	"tenon/schema/fault"
)

// inWorkspace names the workspace of a path.
type inWorkspace struct {
	Workspace string `path:"ws" doc:"id or key"`
}

// inWorkspaceID names a thing of a workspace.
type inWorkspaceID struct {
	inWorkspace
	ID string `path:"id"`
}

type invitationIn struct {
	inWorkspace
	Roles       []appRole `json:"roles"`
	Departments []string  `json:"departments"`
	MemberID    string    `json:"member_id" doc:"a placeholder to claim"`
	Email       string    `json:"email"`
	ExpiresDays int       `json:"expires_days"`
	MaxUses     int       `json:"max_uses"`
}

// appRole is a role of an app.
type appRole struct {
	App  string `json:"app" need:"1"`
	Role string `json:"role" need:"1" doc:"id or key of the role"`
}

type invitationBody struct {
	ID          string     `json:"id"`
	URL         string     `json:"url,omitempty"`
	Token       string     `json:"token,omitempty"`
	Roles       []appRole  `json:"roles"`
	Departments []string   `json:"departments"`
	MemberID    *string    `json:"member_id"`
	Email       string     `json:"email,omitempty"`
	Uses        int        `json:"uses"`
	MaxUses     int        `json:"max_uses"`
	CreatedAt   time.Time  `json:"created_at"`
	ExpiresAt   *time.Time `json:"expires_at"`
}

type invitedBody struct {
	Workspace string `json:"workspace"`
	Name      string `json:"name,omitempty" doc:"of the placeholder to claim"`
	Email     string `json:"email,omitempty"`
}

type acceptIn struct {
	Token    string `path:"token"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

// invitationRoutes let people into a workspace.
func (s *Server) invitationRoutes() {
	const tag = "invitations"
	Handle(s, "POST", "/api/v1/workspaces/{ws}/invitations", Doc{Who: Admin, Tag: tag, Summary: "Make an invitation link", Status: 201}, s.invite)
	Handle(s, "GET", "/api/v1/workspaces/{ws}/invitations", Doc{Who: Admin, Tag: tag, Summary: "Invitations that can still be used"},
		func(ctx context.Context, c *Call, _ inWorkspace) (list[invitationBody], error) {
			all, err := s.People.Invitations(ctx, c.Workspace.ID)
			return listOf(all, func(i identity.Invitation) invitationBody { return s.invitationOf(c, i, s.People.InvitationToken(i)) }), err
		})
	Handle(s, "DELETE", "/api/v1/workspaces/{ws}/invitations/{id}", Doc{Who: Admin, Tag: tag, Summary: "Take an invitation back"},
		func(ctx context.Context, c *Call, in inWorkspaceID) (Empty, error) {
			return Empty{}, s.People.RevokeInvitation(ctx, c.By(), c.Workspace.ID, in.ID, c.From())
		})
	Handle(s, "GET", "/api/v1/invitations/{token}", Doc{Who: Anyone, Tag: tag, Summary: "What an invitation is for", Class: classSignIn},
		func(ctx context.Context, _ *Call, in struct {
			Token string `path:"token"`
		}) (invitedBody, error) {
			i, err := s.People.OpenInvitation(ctx, in.Token)
			return invitedBody{i.Workspace.Name, i.Name, i.Email}, err
		})
	Handle(s, "POST", "/api/v1/invitations/{token}/accept", Doc{Who: Anyone, Tag: tag, Summary: "Join: as who is signed in, by password, or with a new account", Class: classSignIn}, s.accept)
}

func (s *Server) invite(ctx context.Context, c *Call, in invitationIn) (invitationBody, error) {
	roles, err := s.resolveRoles(ctx, in.Roles)
	if err != nil {
		return invitationBody{}, err
	}
	token, i, err := s.People.CreateInvitation(ctx, c.By(), c.Workspace.ID, identity.Invite{Roles: roles, Departments: in.Departments, Member: in.MemberID,
		Email: in.Email, Days: in.ExpiresDays, Uses: in.MaxUses}, c.From())
	return s.invitationOf(c, i, token), err
}

func (s *Server) invitationOf(c *Call, i identity.Invitation, token string) invitationBody {
	out := invitationBody{ID: i.ID, Token: token, Roles: []appRole{}, Departments: i.Departments, MemberID: optional(string(i.MemberID)), Email: i.Email,
		Uses: i.Uses, MaxUses: i.MaxUses, CreatedAt: i.CreatedAt, ExpiresAt: &i.ExpiresAt}
	if err := i.Roles.Into(&out.Roles); err != nil {
		out.Roles = []appRole{}
	}
	if token != "" {
		out.URL = s.address(c) + "/join/" + token
	}
	return out
}

func (s *Server) accept(ctx context.Context, c *Call, in acceptIn) (workspaceRef, error) {
	if err := s.mayBear(c.g); err != nil {
		return workspaceRef{}, err
	}
	as := identity.Accept{Name: in.Name, Email: in.Email, Password: in.Password, Locale: c.Locale}
	if c.Principal != nil && c.Principal.Login != nil && in.Email == "" {
		as.As = c.Principal
	}
	token, m, err := s.People.AcceptInvitation(ctx, in.Token, as, c.From())
	if err != nil {
		return workspaceRef{}, err
	}
	if token != "" {
		s.setSession(c, token)
	}
	w, err := s.People.Workspace(ctx, m.WorkspaceID)
	return refOf(identity.Membership{Workspace: w, Member: m}), err
}

// address is where people reach the server, for links.
func (s *Server) address(c *Call) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	scheme := "http://"
	if s.https(c.g) {
		scheme = "https://"
	}
	return scheme + c.g.Request.Host
}

// resolveRoles turns keys of roles into ids and refuses roles that do not exist.
func (s *Server) resolveRoles(ctx context.Context, in []appRole) ([]identity.AppRole, error) {
	out := make([]identity.AppRole, 0, len(in))
	var faults fault.List
	for _, r := range in {
		snap, err := s.Engine.Defs.At(ctx, r.App)
		if err != nil {
			faults.AddUnder("roles", err)
			continue
		}
		found := ""
		for _, m := range snap.Roles {
			if m.Def.ID == r.Role || m.Def.Key == r.Role {
				found = m.Def.ID
			}
		}
		if found == "" {
			faults.Add(identity.ErrChoice.At("roles").With("value", r.Role))
			continue
		}
		out = append(out, identity.AppRole{App: r.App, Role: found})
	}
	return out, faults.Err()
}

// optional is null for "".
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

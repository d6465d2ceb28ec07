package identity

import (
	"context"
	"time"

	"tenon/engine/store"
	"tenon/schema/fault"
)

// Limits of invitations.
const (
	longestInvitation = 30
	mostUses          = 500
)

// ErrInviteLimit is an invitation that would live too long or serve too many.
var ErrInviteLimit = fault.Define(fault.Invalid, "invitation.limit", "须在 1 到 {max} 之间", "must be from 1 to {max}")

// Invite is what an invitation gives.
type Invite struct {
	Roles       []AppRole
	Departments []string
	Member      string // a placeholder to claim
	Email       string
	Days, Uses  int // 0: 7 days, one use
}

// CreateInvitation makes a link to join a workspace. The token is kept sealed,
// so that an administrator can show the link again.
func (s *Service) CreateInvitation(ctx context.Context, by AuditActor, workspaceID string, in Invite, from Origin) (token string, inv Invitation, err error) {
	if in.Days == 0 {
		in.Days = 7
	}
	if in.Uses == 0 {
		in.Uses = 1
	}
	var faults fault.List
	if in.Days < 1 || in.Days > longestInvitation {
		faults.Add(ErrInviteLimit.At("expires_days").With("max", longestInvitation))
	}
	if in.Uses < 1 || in.Uses > mostUses || in.Member != "" && in.Uses != 1 {
		faults.Add(ErrInviteLimit.At("max_uses").With("max", mostUses))
	}
	if in.Email != "" {
		in.Email, err = checkEmail(in.Email)
		faults.Add(err)
	}
	c := s.DB.Cold(ctx)
	probe := Member{WorkspaceID: workspaceID, LoginID: "checked later"}
	faults.Add(s.fill(c, &probe, MemberChange{Departments: &in.Departments, Roles: &in.Roles}))
	if in.Member != "" {
		m, err := person(c, workspaceID, in.Member)
		switch {
		case err != nil:
			faults.AddUnder("member_id", err)
		case m.LoginID != "" || m.Status == "active":
			faults.Add(ErrClaimed.At("member_id"))
		}
	}
	if err := faults.Err(); err != nil {
		return "", Invitation{}, err
	}
	if token, err = s.token(24); err != nil {
		return "", Invitation{}, err
	}
	sealed := ""
	if s.Box != nil {
		if sealed, err = s.Box.Seal("invitation", token); err != nil {
			return "", Invitation{}, err
		}
	}
	if in.Roles == nil {
		in.Roles = []AppRole{}
	}
	now := s.Now()
	inv = Invitation{ID: s.NewID(), WorkspaceID: workspaceID, Hash: digest(token), Token: sealed, Roles: store.DocOf(in.Roles),
		Departments: append(store.Strings{}, in.Departments...), MemberID: store.ID(in.Member), Email: in.Email, CreatedBy: store.ID(by.ID), CreatedAt: now,
		ExpiresAt: now.Add(time.Duration(in.Days) * 24 * time.Hour), MaxUses: in.Uses}
	err = c.InTx(func(c store.Cold) error {
		if err := store.Insert(c, inv); err != nil {
			return err
		}
		return s.auditIn(c, AuditEntry{Workspace: workspaceID, Actor: by, Action: "invitation.created", Target: inv.ID,
			Detail: map[string]any{"roles": in.Roles, "departments": in.Departments, "member": in.Member}, From: from})
	})
	return token, inv, err
}

// Invitations lists a workspace's invitations that can still be used.
func (s *Service) Invitations(ctx context.Context, workspaceID string) ([]Invitation, error) {
	all, err := store.Find[Invitation](s.DB.Cold(ctx), store.Match{"workspace_id": workspaceID}, "-created_at")
	out := []Invitation{}
	for _, i := range all {
		if i.Uses < i.MaxUses && i.ExpiresAt.After(s.Now()) {
			out = append(out, i)
		}
	}
	return out, err
}

// InvitationToken opens the token of an invitation, "" when it cannot be shown again.
func (s *Service) InvitationToken(i Invitation) string {
	if s.Box == nil {
		return ""
	}
	token, err := s.Box.Open("invitation", i.Token)
	if err != nil {
		return "" // sealed with an earlier key
	}
	return token
}

// RevokeInvitation ends an invitation.
func (s *Service) RevokeInvitation(ctx context.Context, by AuditActor, workspaceID, id string, from Origin) error {
	if !isID(id) {
		return ErrInvitation.New()
	}
	return s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		n, err := store.Remove[Invitation](c, store.Match{"id": id, "workspace_id": workspaceID})
		if err == nil && n == 0 {
			err = ErrInvitation.New()
		}
		if err != nil {
			return err
		}
		return s.auditIn(c, AuditEntry{Workspace: workspaceID, Actor: by, Action: "invitation.revoked", Target: id, From: from})
	})
}

// Invited is what the bearer of an invitation sees before joining.
type Invited struct {
	Workspace Workspace
	Name      string // of the placeholder to claim
	Email     string
}

// OpenInvitation finds a usable invitation by its token.
func (s *Service) OpenInvitation(ctx context.Context, token string) (Invited, error) {
	c := s.DB.Cold(ctx)
	i, err := s.invitation(c, token)
	if err != nil {
		return Invited{}, err
	}
	out := Invited{Email: i.Email}
	if out.Workspace, err = s.Workspace(ctx, i.WorkspaceID); err != nil {
		return Invited{}, ErrInvitation.New()
	}
	if i.MemberID != "" {
		m, _, err := store.First[Member](c, store.Match{"id": string(i.MemberID)})
		if err != nil {
			return Invited{}, err
		}
		out.Name = m.Name
	}
	return out, nil
}

func (s *Service) invitation(c store.Cold, token string) (Invitation, error) {
	i, ok, err := store.First[Invitation](c, store.Match{"hash": digest(token)})
	if err == nil && (!ok || i.Uses >= i.MaxUses || !i.ExpiresAt.After(s.Now())) {
		err = ErrInvitation.New()
	}
	return i, err
}

// Accept is what somebody says who takes an invitation: who is signed in says
// nothing; others give the password of their account, or of a new one.
type Accept struct {
	As                    *Principal
	Name, Email, Password string
	Locale                string
}

// AcceptInvitation joins the workspace and signs in; token is "" for somebody
// who was signed in already.
func (s *Service) AcceptInvitation(ctx context.Context, invitation string, in Accept, from Origin) (token string, m Member, err error) {
	c := s.DB.Cold(ctx)
	i, err := s.invitation(c, invitation)
	if err != nil {
		return "", Member{}, err
	}
	var login Login
	if in.As != nil && in.As.Login != nil {
		login = *in.As.Login
	} else if login, err = s.accountFor(ctx, c, in, from); err != nil {
		return "", Member{}, err
	}
	err = c.InTx(func(c store.Cold) error {
		if login.ID == "" {
			if login, err = s.newLogin(ctx, c, login.Email, login.Name, in.Password, in.Locale); err != nil {
				return err
			}
		}
		m, err = s.join(c, i, login, from)
		return err
	})
	if err != nil {
		return "", Member{}, err
	}
	s.changed(ctx)
	if in.As != nil && in.As.Login != nil {
		return "", m, nil
	}
	token, err = s.startSession(c, login.ID, from)
	return token, m, err
}

// accountFor finds the account by its password; a login without id is to be made.
func (s *Service) accountFor(ctx context.Context, c store.Cold, in Accept, from Origin) (Login, error) {
	var faults fault.List
	email, err := checkEmail(in.Email)
	faults.Add(err)
	if err := faults.Err(); err != nil {
		return Login{}, err
	}
	_, known, err := c.LoginByEmail(email)
	if err != nil {
		return Login{}, err
	}
	if known {
		// Through the front door, so that failures count.
		session, login, err := s.SignIn(ctx, email, in.Password, from)
		if err != nil {
			return Login{}, ErrEmailTaken.At("email").Because(err)
		}
		_, err = store.Remove[store.Session](c, store.Match{"token_hash": digest(session)})
		return login, err
	}
	name, err := checkName("name", in.Name)
	faults.Add(err)
	faults.Add(checkPassword("password", in.Password))
	return Login{Email: email, Name: name}, faults.Err()
}

// join turns an invitation into a membership.
func (s *Service) join(c store.Cold, i Invitation, login Login, from Origin) (Member, error) {
	used, err := c.UseInvitation(i.ID, s.Now())
	if err == nil && !used {
		err = ErrInvitation.New()
	}
	if err != nil {
		return Member{}, err
	}
	old, dup, err := store.First[Member](c, store.Match{"workspace_id": i.WorkspaceID, "login_id": login.ID})
	if err != nil {
		return Member{}, err
	}
	if dup {
		if old.Status == "active" {
			return Member{}, ErrJoined.New()
		}
		return Member{}, ErrInvitation.New() // disabled: an administrator decides, not a link
	}
	m := Member{ID: s.NewID(), WorkspaceID: i.WorkspaceID, LoginID: store.ID(login.ID), Name: login.Name, Email: login.Email, Status: "active",
		Available: true, Aliases: store.Strings{}, CreatedAt: s.Now()}
	action := "member.joined"
	if i.MemberID != "" {
		claimed, ok, err := store.Lock[Member](c, store.Match{"id": string(i.MemberID), "workspace_id": i.WorkspaceID})
		if err == nil && (!ok || claimed.LoginID != "") {
			err = ErrClaimed.New()
		}
		if err != nil {
			return Member{}, err
		}
		if claimed.Name != login.Name {
			claimed.Aliases = append(claimed.Aliases, claimed.Name) // imports know the person by it
		}
		claimed.LoginID, claimed.Status, claimed.Email = store.ID(login.ID), "active", login.Email
		m, action = claimed, "member.claimed"
		if err := s.saveMember(c, m); err != nil {
			return Member{}, err
		}
	} else if err := s.insertMember(c, m); err != nil {
		return Member{}, err
	}
	var roles []AppRole
	if err := i.Roles.Into(&roles); err != nil {
		return Member{}, err
	}
	for _, r := range roles {
		if err := store.InsertNew(c, store.MemberRole{AppID: r.App, MemberID: m.ID, RoleID: r.Role}); err != nil {
			return Member{}, err
		}
	}
	for _, d := range i.Departments {
		if err := store.InsertNew(c, store.MemberDepartment{MemberID: m.ID, DepartmentID: d}); err != nil {
			return Member{}, err
		}
	}
	return m, s.auditIn(c, AuditEntry{Workspace: i.WorkspaceID, Actor: AuditActor{m.ID, m.Name}, Action: action, Target: m.ID,
		Detail: map[string]any{"invitation": i.ID}, From: from})
}

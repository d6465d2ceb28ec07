package api

import (
	"context"
	"time"

	"tenon/engine/identity"
)

// meBody is the signed-in person.
type meBody struct {
	ID       string  `json:"id"`
	Email    string  `json:"email"`
	Name     string  `json:"name"`
	Locale   string  `json:"locale" enum:"zh-CN en-US"`
	Theme    string  `json:"theme" enum:"light dark auto"`
	TimeZone string  `json:"time_zone"`
	Avatar   *string `json:"avatar"`
}

func meOf(l *identity.Login) *meBody {
	return &meBody{ID: l.ID, Email: l.Email, Name: l.Name, Locale: l.Locale, Theme: l.Theme, TimeZone: l.TimeZone}
}

// workspaceRef is a workspace that the caller belongs to.
type workspaceRef struct {
	ID       string `json:"id"`
	Key      string `json:"key"`
	Name     string `json:"name"`
	Admin    bool   `json:"admin"`
	MemberID string `json:"member_id"`
	TimeZone string `json:"time_zone"`
}

func refOf(m identity.Membership) workspaceRef {
	return workspaceRef{m.Workspace.ID, m.Workspace.Key, m.Workspace.Name, m.Member.Admin, m.Member.ID, m.Workspace.TimeZone}
}

// bootstrapBody is what a page needs first.
type bootstrapBody struct {
	Version       string         `json:"version"`
	SetupRequired bool           `json:"setup_required"`
	Locale        string         `json:"locale" enum:"zh-CN en-US"`
	Me            *meBody        `json:"me"`
	Workspaces    []workspaceRef `json:"workspaces"`
	Unread        int64          `json:"unread"`
	Tasks         int64          `json:"tasks"`
	Insecure      bool           `json:"insecure,omitempty" doc:"Sign-in works over plain http, because the operator allowed it."`
}

type setupBody struct {
	Token     string `json:"token" need:"1"`
	Email     string `json:"email" need:"1"`
	Password  string `json:"password" need:"1"`
	Name      string `json:"name" need:"1"`
	Workspace string `json:"workspace" need:"1"`
}

type signInBody struct {
	Email    string `json:"email" need:"1"`
	Password string `json:"password" need:"1"`
}

type profileBody struct {
	Name     *string `json:"name"`
	Locale   *string `json:"locale"`
	Theme    *string `json:"theme"`
	TimeZone *string `json:"time_zone"`
}

type passwordBody struct {
	Old string `json:"old"`
	New string `json:"new" need:"1"`
}

// sessionBody is one of a person's sessions.
type sessionBody struct {
	ID        string    `json:"id"`
	Current   bool      `json:"current"`
	Address   string    `json:"address"`
	Agent     string    `json:"agent"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
}

// list is the envelope of lists that do not page.
type list[T any] struct {
	Items []T `json:"items"`
}

func listOf[T, U any](in []T, f func(T) U) list[U] {
	out := list[U]{Items: make([]U, len(in))}
	for i, x := range in {
		out.Items[i] = f(x)
	}
	return out
}

// sessionRoutes are for getting in and out and for oneself.
func (s *Server) sessionRoutes() {
	const tag = "session"
	Handle(s, "GET", "/api/v1/bootstrap", Doc{Who: Anyone, Tag: tag, Summary: "What a page needs first: who is signed in, where, what waits"}, s.bootstrap)
	Handle(s, "POST", "/api/v1/setup", Doc{Who: Anyone, Tag: tag, Summary: "Make the first administrator with the one-time token", Class: classSignIn}, s.setup)
	Handle(s, "POST", "/api/v1/session", Doc{Who: Anyone, Tag: tag, Summary: "Sign in", Class: classSignIn}, s.signIn)
	Handle(s, "DELETE", "/api/v1/session", Doc{Who: Anyone, Tag: tag, Summary: "Sign out"}, s.signOut)
	Handle(s, "PATCH", "/api/v1/me", Doc{Who: Person, Tag: tag, Summary: "Change one's own profile"},
		func(ctx context.Context, c *Call, in profileBody) (*meBody, error) {
			l, err := s.People.UpdateProfile(ctx, c.Principal.Login.ID, identity.Profile(in))
			return meOf(&l), err
		})
	Handle(s, "POST", "/api/v1/me/password", Doc{Who: Person, Tag: tag, Summary: "Change one's password; other sessions end"},
		func(ctx context.Context, c *Call, in passwordBody) (Empty, error) {
			return Empty{}, s.People.ChangePassword(ctx, c.Principal, in.Old, in.New, c.From())
		})
	Handle(s, "GET", "/api/v1/me/sessions", Doc{Who: Person, Tag: tag, Summary: "One's own sessions"},
		func(ctx context.Context, c *Call, _ struct{}) (list[sessionBody], error) {
			all, err := s.People.Sessions(ctx, c.Principal.Login.ID)
			current := identity.SessionID(c.Principal.Session.TokenHash)
			out := list[sessionBody]{Items: []sessionBody{}}
			for _, x := range all {
				id := identity.SessionID(x.TokenHash)
				out.Items = append(out.Items, sessionBody{id, id == current, x.Address, x.Agent, x.CreatedAt, x.SeenAt})
			}
			return out, err
		})
	Handle(s, "DELETE", "/api/v1/me/sessions/{id}", Doc{Who: Person, Tag: tag, Summary: "End one of one's own sessions"},
		func(ctx context.Context, c *Call, in struct {
			ID string `path:"id"`
		}) (Empty, error) {
			return Empty{}, s.People.EndSession(ctx, c.Principal.Login.ID, in.ID)
		})
}

func (s *Server) bootstrap(ctx context.Context, c *Call, _ struct{}) (bootstrapBody, error) {
	out := bootstrapBody{Version: s.Version, Locale: c.Locale, Workspaces: []workspaceRef{}, Insecure: s.AllowHTTP}
	if c.Principal == nil || c.Principal.Login == nil {
		need, err := s.People.SetupRequired(ctx)
		out.SetupRequired = need
		return out, err
	}
	out.Me = meOf(c.Principal.Login)
	out.Locale = c.Principal.Login.Locale
	members, err := s.People.Memberships(ctx, c.Principal.Login.ID)
	if err != nil {
		return out, err
	}
	var ids []string
	for _, m := range members {
		out.Workspaces = append(out.Workspaces, refOf(m))
		ids = append(ids, m.Member.ID)
	}
	out.Unread, out.Tasks, err = s.Desk.Badges(ctx, ids)
	return out, err
}

func (s *Server) setup(ctx context.Context, c *Call, in setupBody) (Empty, error) {
	if err := s.mayBear(c.g); err != nil {
		return Empty{}, err
	}
	token, err := s.People.Setup(ctx, identity.First{Token: in.Token, Email: in.Email, Password: in.Password, Name: in.Name, Workspace: in.Workspace, Locale: c.Locale}, c.From())
	if err == nil {
		s.setSession(c, token)
	}
	return Empty{}, err
}

func (s *Server) signIn(ctx context.Context, c *Call, in signInBody) (Empty, error) {
	if err := s.mayBear(c.g); err != nil {
		return Empty{}, err
	}
	// The old session of this browser ends: a new sign-in gets a new token.
	if c.Principal != nil && c.Principal.Session != nil {
		if err := s.People.SignOut(ctx, c.Principal, c.From()); err != nil {
			return Empty{}, err
		}
	}
	token, _, err := s.People.SignIn(ctx, in.Email, in.Password, c.From())
	if err == nil {
		s.setSession(c, token)
	}
	return Empty{}, err
}

func (s *Server) signOut(ctx context.Context, c *Call, _ struct{}) (Empty, error) {
	if err := sameSite(c.g.Request); err != nil {
		return Empty{}, err
	}
	s.clearSession(c)
	if c.Principal == nil {
		return Empty{}, nil
	}
	return Empty{}, s.People.SignOut(ctx, c.Principal, c.From())
}

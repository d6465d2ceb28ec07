package identity

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"time"

	"tenon/engine/access"
	"tenon/engine/store"
)

// Principal is who a credential stands for: a login by its session, or an API key.
type Principal struct {
	Login   *Login
	Session *store.Session
	Key     *APIKey
	Scopes  []Scope // of the key; none: everything in its workspace
}

// ID names the principal for rate limits.
func (p *Principal) ID() string {
	if p.Key != nil {
		return p.Key.ID
	}
	return p.Login.ID
}

// touchEvery is how often the use of a credential is written down.
const touchEvery = time.Minute

var idShape = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// isID reports whether a reference is an id and not a key.
func isID(ref string) bool { return idShape.MatchString(ref) }

// BySession finds who a session cookie stands for and prolongs the session.
func (s *Service) BySession(ctx context.Context, token string) (*Principal, error) {
	if len(token) < 20 || len(token) > 100 {
		return nil, ErrSignedOut.New()
	}
	hash, now := digest(token), s.Now()
	v, err := s.cache.get("s:"+string(hash), now, func() (any, error) {
		e, ok, err := s.DB.SessionByHash(ctx, hash)
		if err == nil && !ok {
			err = ErrSignedOut.New()
		}
		return &e, err
	})
	if err != nil {
		return nil, err
	}
	e := v.(*store.Entrant)
	if e.Login.Disabled || !now.Before(e.Session.ExpiresAt) {
		return nil, ErrSignedOut.New()
	}
	if now.Sub(e.Session.SeenAt) >= touchEvery {
		end := s.sessionEnd(e.Session.CreatedAt, now)
		if err := s.DB.TouchSession(ctx, hash, now, end); err != nil {
			return nil, err
		}
		// What is cached is shared, so the renewed session replaces it whole.
		fresh := *e
		fresh.Session.SeenAt, fresh.Session.ExpiresAt = now, end
		s.cache.replace("s:"+string(hash), &fresh, now)
		e = &fresh
	}
	return &Principal{Login: &e.Login, Session: &e.Session}, nil
}

// ByKey finds the API key behind a bearer token.
func (s *Service) ByKey(ctx context.Context, secret string) (*Principal, error) {
	if len(secret) < 20 || len(secret) > 100 {
		return nil, ErrSignedOut.New()
	}
	hash, now := digest(secret), s.Now()
	v, err := s.cache.get("k:"+string(hash), now, func() (any, error) {
		k, ok, err := s.DB.KeyByHash(ctx, hash)
		if err == nil && !ok {
			err = ErrSignedOut.New()
		}
		if err != nil {
			return nil, err
		}
		p := &Principal{Key: &k}
		return p, k.Scopes.Into(&p.Scopes)
	})
	if err != nil {
		return nil, err
	}
	p := v.(*Principal)
	if !p.Key.RevokedAt.IsZero() || !p.Key.ExpiresAt.IsZero() && !now.Before(p.Key.ExpiresAt.Time) {
		return nil, ErrSignedOut.New()
	}
	if now.Sub(p.Key.UsedAt.Time) >= touchEvery {
		if err := s.DB.TouchKey(ctx, p.Key.ID, now); err != nil {
			return nil, err
		}
		k := *p.Key
		k.UsedAt = store.At(now)
		p = &Principal{Key: &k, Scopes: p.Scopes}
		s.cache.replace("k:"+string(hash), p, now)
	}
	return p, nil
}

// replace swaps something that is cached; what is not, stays out.
func (c *cache) replace(key string, v any, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.items[key]; ok {
		c.items[key] = cached{v, now}
	}
}

// ActorIn is the actor a principal is in a workspace, without the roles of any
// app. Somebody who does not belong there learns nothing of its existence.
func (s *Service) ActorIn(ctx context.Context, p *Principal, workspace string) (*access.Actor, Workspace, error) {
	w, err := s.Workspace(ctx, workspace)
	if err != nil {
		return nil, Workspace{}, err
	}
	a, err := s.actor(ctx, p, w.ID, "")
	return a, w, err
}

// ActorFor is the actor a principal is in an app: its departments with those
// below, its roles, and the limits of an API key. The reference is the app's
// id, or its key where that is unique among the caller's workspaces.
func (s *Service) ActorFor(ctx context.Context, p *Principal, app string) (*access.Actor, App, error) {
	a, err := s.app(ctx, p, app)
	if err != nil {
		return nil, App{}, err
	}
	actor, err := s.actor(ctx, p, a.WorkspaceID, a.ID)
	if err != nil {
		return nil, App{}, ErrApp.New()
	}
	if actor.Scopes != nil && actor.Scopes[a.ID] == nil && actor.Scopes["*"] == nil {
		return nil, App{}, ErrApp.New()
	}
	return actor, a, nil
}

// ActorOfMember is the actor that a member is in an app, for work done in the
// member's name without a request: rules that store run_as, jobs.
func (s *Service) ActorOfMember(ctx context.Context, memberID, appID string) (*access.Actor, error) {
	st, ok, err := s.DB.StandingOf(ctx, memberID, "", "", appID)
	if err != nil {
		return nil, err
	}
	if !ok || st.Member.Status == "disabled" {
		return nil, ErrMember.New()
	}
	return memberActor(st, "zh-CN"), nil
}

// Everyone lists the members of a workspace who are not disabled, by name.
func (s *Service) Everyone(ctx context.Context, workspaceID string) ([]Member, error) {
	all, err := store.Find[Member](s.DB.Cold(ctx), store.Match{"workspace_id": workspaceID, "undone": false}, "name", "id")
	return slices.DeleteFunc(all, func(m Member) bool { return m.Status == "disabled" }), err
}

// App finds an app by id; deleted ones are not found.
func (s *Service) App(ctx context.Context, id string) (App, error) {
	v, err := s.cache.get("a:"+id, s.Now(), func() (any, error) {
		if !isID(id) {
			return nil, ErrApp.New()
		}
		a, ok, err := store.First[App](s.DB.Cold(ctx), store.Match{"id": id, "deleted_at": nil})
		if err == nil && !ok {
			err = ErrApp.New()
		}
		return a, err
	})
	if err != nil {
		return App{}, err
	}
	return v.(App), nil
}

func (s *Service) app(ctx context.Context, p *Principal, ref string) (App, error) {
	if isID(ref) {
		return s.App(ctx, ref)
	}
	var spaces []string
	if p.Key != nil {
		spaces = []string{p.Key.WorkspaceID}
	} else {
		ms, err := s.Memberships(ctx, p.Login.ID)
		if err != nil {
			return App{}, err
		}
		for _, m := range ms {
			spaces = append(spaces, m.Workspace.ID)
		}
	}
	if len(spaces) == 0 {
		return App{}, ErrApp.New()
	}
	v, err := s.cache.get("A:"+p.ID()+":"+ref, s.Now(), func() (any, error) {
		found, err := store.Find[App](s.DB.Cold(ctx), store.Match{"workspace_id": spaces, "key": ref, "deleted_at": nil})
		if err == nil && len(found) != 1 {
			err = ErrApp.New()
		}
		if err != nil {
			return nil, err
		}
		return found[0], nil
	})
	if err != nil {
		return App{}, err
	}
	return v.(App), nil
}

// actor builds a principal's actor; every caller gets a copy of its own.
func (s *Service) actor(ctx context.Context, p *Principal, workspaceID, appID string) (*access.Actor, error) {
	v, err := s.cache.get("x:"+p.ID()+":"+workspaceID+":"+appID, s.Now(), func() (any, error) {
		if p.Key != nil {
			return keyActor(p, workspaceID, appID)
		}
		st, ok, err := s.DB.StandingOf(ctx, "", p.Login.ID, workspaceID, appID)
		if err != nil {
			return nil, err
		}
		if !ok || st.Member.Status != "active" {
			return nil, ErrWorkspace.New()
		}
		return memberActor(st, p.Login.Locale), nil
	})
	if err != nil {
		return nil, err
	}
	a := *v.(*access.Actor)
	return &a, nil
}

func memberActor(st store.Standing, locale string) *access.Actor {
	return &access.Actor{ID: st.Member.ID, Kind: "member", Name: st.Member.Name, WorkspaceID: st.Member.WorkspaceID, Member: st.Member.ID,
		Departments: st.Departments, Roles: st.Roles, Admin: st.Member.Admin, Locale: locale}
}

// keyActor gives an API key its rights: without scopes everything in its
// workspace; a scope names operations, and may name roles to hold in place of
// seeing everything.
func keyActor(p *Principal, workspaceID, appID string) (*access.Actor, error) {
	if p.Key.WorkspaceID != workspaceID {
		return nil, ErrWorkspace.New()
	}
	a := &access.Actor{ID: p.Key.ID, Kind: "api_key", Name: p.Key.Name, WorkspaceID: workspaceID, Admin: true, Locale: "zh-CN"}
	if len(p.Scopes) == 0 {
		return a, nil
	}
	a.Admin = false
	a.Scopes = map[string]map[string]bool{}
	for _, sc := range p.Scopes {
		app := sc.App
		if app == "" {
			app = "*"
		}
		ops := maps.Clone(a.Scopes[app])
		if ops == nil {
			ops = map[string]bool{}
		}
		for _, op := range sc.Ops {
			ops[op] = true
		}
		a.Scopes[app] = ops
		if app == "*" && ops[OpManage] {
			a.Admin = true
		}
		if appID != "" && (app == "*" || app == appID) {
			if len(sc.Roles) > 0 {
				a.Roles = append(a.Roles, sc.Roles...)
			} else {
				a.Admin = true
			}
		}
	}
	if len(a.Roles) > 0 {
		a.Admin = false
	}
	return a, nil
}

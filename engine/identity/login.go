package identity

import (
	"context"
	"strings"
	"time"

	"tenon/engine/store"
)

// Origin says where a credential was used, for the session list and the audit log.
type Origin struct{ Address, Agent string }

// How failed sign-ins are answered: after so many within the window the
// account is locked, longer each time.
const (
	maxFailures   = 10
	failureWindow = 10 * time.Minute
	firstLock     = time.Minute
	longestLock   = time.Hour
)

// SignIn checks a password and starts a session; token is the cookie's value.
// A wrong password, an unknown address and a locked account look alike and
// take equally long.
func (s *Service) SignIn(ctx context.Context, email, password string, from Origin) (token string, login Login, err error) {
	cold := s.DB.Cold(ctx)
	now := s.Now()
	key := digest(strings.ToLower(strings.TrimSpace(email)))
	login, found, err := cold.LoginByEmail(email)
	if err != nil {
		return "", Login{}, err
	}
	f, _, err := store.First[store.LoginFailure](cold, store.Match{"key": key})
	if err != nil {
		return "", Login{}, err
	}
	locked := f.LockedUntil.After(now)
	hash := s.decoy
	usable := found && !login.Disabled && login.Password != nil
	if usable {
		hash = *login.Password
	}
	ok, stale, err := s.verify(ctx, password, hash)
	if err != nil {
		return "", Login{}, err
	}
	if !ok || !usable || locked {
		if !locked {
			if err := s.countFailure(ctx, key, now); err != nil {
				return "", Login{}, err
			}
		}
		actor := AuditActor{Name: strings.TrimSpace(email)}
		if found {
			actor.Name = login.Name
		}
		s.auditLogin(ctx, login.ID, actor, "sign_in.refused", map[string]any{"email": email, "locked": locked}, from)
		return "", Login{}, ErrSignIn.New()
	}
	if stale {
		if fresh, err := s.hash(ctx, password); err == nil {
			_, _ = store.Change[Login](cold, store.Match{"id": login.ID}, store.Set{"password": fresh})
		}
	}
	if f.Key != nil {
		if _, err := store.Remove[store.LoginFailure](cold, store.Match{"key": key}); err != nil {
			return "", Login{}, err
		}
	}
	token, err = s.startSession(cold, login.ID, from)
	if err != nil {
		return "", Login{}, err
	}
	s.auditLogin(ctx, login.ID, AuditActor{Name: login.Name}, "sign_in", nil, from)
	return token, login, nil
}

// countFailure notes a failed sign-in and locks the account when there were too many.
func (s *Service) countFailure(ctx context.Context, key []byte, now time.Time) error {
	return s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		if err := store.InsertNew(c, store.LoginFailure{Key: key, FirstAt: now}); err != nil {
			return err
		}
		f, _, err := store.Lock[store.LoginFailure](c, store.Match{"key": key})
		if err != nil {
			return err
		}
		if now.Sub(f.FirstAt) > failureWindow && !f.LockedUntil.After(now) {
			f.Failures, f.FirstAt = 0, now
			if now.Sub(f.LockedUntil.Time) > 24*time.Hour {
				f.Locks = 0
			}
		}
		f.Failures++
		if f.Failures >= maxFailures {
			lock := min(firstLock<<min(f.Locks, 10), longestLock)
			f.LockedUntil, f.Locks, f.Failures, f.FirstAt = store.At(now.Add(lock)), f.Locks+1, 0, now
		}
		return store.Put(c, f)
	})
}

func (s *Service) startSession(c store.Cold, loginID string, from Origin) (string, error) {
	token, err := s.token(32)
	if err != nil {
		return "", err
	}
	now := s.Now()
	if err := c.SweepSessions(now); err != nil {
		return "", err
	}
	return token, store.Insert(c, store.Session{TokenHash: digest(token), LoginID: loginID, CreatedAt: now, SeenAt: now,
		ExpiresAt: s.sessionEnd(now, now), Address: from.Address, Agent: clip(from.Agent, 200)})
}

func (s *Service) sessionEnd(created, now time.Time) time.Time {
	idle, longest := now.Add(s.Idle), created.Add(s.Longest)
	if idle.After(longest) {
		return longest
	}
	return idle
}

// SessionLife is how long a cookie may live at most.
func (s *Service) SessionLife() time.Duration { return s.Longest }

// SignOut ends the session of a token.
func (s *Service) SignOut(ctx context.Context, p *Principal, from Origin) error {
	if p.Session == nil {
		return nil
	}
	if _, err := store.Remove[store.Session](s.DB.Cold(ctx), store.Match{"token_hash": p.Session.TokenHash}); err != nil {
		return err
	}
	s.auditLogin(ctx, p.Login.ID, AuditActor{Name: p.Login.Name}, "sign_out", nil, from)
	s.changed(ctx)
	return nil
}

// Sessions lists a login's sessions, the latest used first.
func (s *Service) Sessions(ctx context.Context, loginID string) ([]store.Session, error) {
	return store.Find[store.Session](s.DB.Cold(ctx), store.Match{"login_id": loginID}, "-seen_at")
}

// EndSession ends one of a login's sessions, named by the start of its hash.
func (s *Service) EndSession(ctx context.Context, loginID, id string) error {
	all, err := s.Sessions(ctx, loginID)
	if err != nil {
		return err
	}
	for _, x := range all {
		if SessionID(x.TokenHash) == id {
			_, err := store.Remove[store.Session](s.DB.Cold(ctx), store.Match{"token_hash": x.TokenHash})
			s.changed(ctx)
			return err
		}
	}
	return ErrSession.New()
}

// Profile is what people may change about themselves.
type Profile struct {
	Name, Locale, Theme, TimeZone *string
}

// UpdateProfile changes a login's profile.
func (s *Service) UpdateProfile(ctx context.Context, loginID string, p Profile) (Login, error) {
	set := store.Set{}
	if p.Name != nil {
		name, err := checkName("name", *p.Name)
		if err != nil {
			return Login{}, err
		}
		set["name"] = name
	}
	if p.Locale != nil {
		if err := oneOf("locale", *p.Locale, "zh-CN", "en-US"); err != nil {
			return Login{}, err
		}
		set["locale"] = *p.Locale
	}
	if p.Theme != nil {
		if err := oneOf("theme", *p.Theme, "auto", "light", "dark"); err != nil {
			return Login{}, err
		}
		set["theme"] = *p.Theme
	}
	if p.TimeZone != nil {
		if *p.TimeZone != "" {
			if err := checkZone("time_zone", *p.TimeZone); err != nil {
				return Login{}, err
			}
		}
		set["time_zone"] = *p.TimeZone
	}
	cold := s.DB.Cold(ctx)
	if len(set) > 0 {
		if _, err := store.Change[Login](cold, store.Match{"id": loginID}, set); err != nil {
			return Login{}, err
		}
		s.changed(ctx)
	}
	l, ok, err := store.First[Login](cold, store.Match{"id": loginID})
	if err == nil && !ok {
		err = ErrSignedOut.New()
	}
	return l, err
}

// ChangePassword replaces a login's password and ends its other sessions.
func (s *Service) ChangePassword(ctx context.Context, p *Principal, old, fresh string, from Origin) error {
	if p.Session == nil {
		return ErrSignedOut.New()
	}
	cold := s.DB.Cold(ctx)
	l, ok, err := store.First[Login](cold, store.Match{"id": p.Login.ID})
	if err != nil {
		return err
	}
	if !ok {
		return ErrSignedOut.New()
	}
	if l.Password != nil {
		good, _, err := s.verify(ctx, old, *l.Password)
		if err != nil {
			return err
		}
		if !good {
			return ErrPasswordOld.At("old")
		}
	}
	if err := s.setPassword(ctx, cold, l.ID, fresh, "new"); err != nil {
		return err
	}
	if err := cold.EndSessions(l.ID, p.Session.TokenHash); err != nil {
		return err
	}
	s.changed(ctx)
	s.auditLogin(ctx, l.ID, AuditActor{Name: l.Name}, "password.changed", nil, from)
	return nil
}

func (s *Service) setPassword(ctx context.Context, c store.Cold, loginID, password, path string) error {
	if err := checkPassword(path, password); err != nil {
		return err
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	_, err = store.Change[Login](c, store.Match{"id": loginID}, store.Set{"password": hash})
	return err
}

// ResetPassword sets a password from the command line and ends every session.
func (s *Service) ResetPassword(ctx context.Context, email, password string) error {
	cold := s.DB.Cold(ctx)
	l, ok, err := cold.LoginByEmail(email)
	if err != nil {
		return err
	}
	if !ok {
		return ErrMember.New()
	}
	if err := s.setPassword(ctx, cold, l.ID, password, "password"); err != nil {
		return err
	}
	if err := cold.EndSessions(l.ID, nil); err != nil {
		return err
	}
	s.changed(ctx)
	s.auditLogin(ctx, l.ID, AuditActor{Name: "command line"}, "password.reset", map[string]any{"email": l.Email}, Origin{})
	return nil
}

// newLogin adds a person; the caller has checked the name and the address.
func (s *Service) newLogin(ctx context.Context, c store.Cold, email, name, password, locale string) (Login, error) {
	if err := checkPassword("password", password); err != nil {
		return Login{}, err
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return Login{}, err
	}
	if locale != "en-US" {
		locale = "zh-CN"
	}
	l := Login{ID: s.NewID(), Email: email, Name: name, Password: &hash, Locale: locale, Theme: "auto", CreatedAt: s.Now()}
	if err := store.Insert(c, l); err != nil {
		if code, _, _ := store.PgError(err); code == "23505" {
			return Login{}, ErrEmailTaken.At("email")
		}
		return Login{}, err
	}
	return l, nil
}

func clip(text string, n int) string {
	if len(text) > n {
		text = strings.ToValidUTF8(text[:n], "")
	}
	return text
}

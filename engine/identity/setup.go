package identity

import (
	"context"

	"tenon/engine/store"
	"tenon/schema/fault"
)

// SetupRequired reports whether nobody can sign in yet.
func (s *Service) SetupRequired(ctx context.Context) (bool, error) {
	n, err := store.Count[Login](s.DB.Cold(ctx), nil)
	return n == 0, err
}

// SetupToken makes the one-time token of the set-up link; an earlier one ends.
// It is "" when the installation is set up already.
func (s *Service) SetupToken(ctx context.Context) (string, error) {
	need, err := s.SetupRequired(ctx)
	if err != nil || !need {
		return "", err
	}
	token, err := s.token(24)
	if err != nil {
		return "", err
	}
	return token, s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		if err := c.LockSetup(); err != nil {
			return err
		}
		old, err := store.Find[store.SetupToken](c, nil)
		if err != nil {
			return err
		}
		for _, t := range old {
			if _, err := store.Remove[store.SetupToken](c, store.Match{"hash": t.Hash}); err != nil {
				return err
			}
		}
		return store.Insert(c, store.SetupToken{Hash: digest(token), CreatedAt: s.Now()})
	})
}

// First is what the first administrator says.
type First struct {
	Token, Email, Password, Name, Workspace, Locale string
}

// Setup makes the first login and workspace and signs in. Exactly one of any
// number of simultaneous calls succeeds.
func (s *Service) Setup(ctx context.Context, in First, from Origin) (token string, err error) {
	ok, err := s.setupAllowed(ctx, in.Token)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", ErrSetupToken.At("token")
	}
	login, err := s.first(ctx, in, true)
	if err != nil {
		return "", err
	}
	return s.startSession(s.DB.Cold(ctx), login.ID, from)
}

func (s *Service) setupAllowed(ctx context.Context, token string) (bool, error) {
	need, err := s.SetupRequired(ctx)
	if err != nil {
		return false, err
	}
	if !need {
		return false, ErrSetupDone.New()
	}
	_, ok, err := store.First[store.SetupToken](s.DB.Cold(ctx), store.Match{"hash": digest(token)})
	return ok, err
}

// EnsureAdmin makes the first administrator from the environment. It does
// nothing when somebody can sign in already.
func (s *Service) EnsureAdmin(ctx context.Context, in First) (made bool, err error) {
	need, err := s.SetupRequired(ctx)
	if err != nil || !need {
		return false, err
	}
	_, err = s.first(ctx, in, false)
	if fault.CodeOf(err) == ErrSetupDone.Code {
		return false, nil // another node was faster
	}
	return err == nil, err
}

func (s *Service) first(ctx context.Context, in First, byToken bool) (Login, error) {
	var faults fault.List
	email, err := checkEmail(in.Email)
	faults.Add(err)
	name, err := checkName("name", in.Name)
	faults.Add(err)
	space, err := checkName("workspace", in.Workspace)
	faults.Add(err)
	faults.Add(checkPassword("password", in.Password))
	if err := faults.Err(); err != nil {
		return Login{}, err
	}
	w, err := s.newWorkspaceRow("", space, in.Locale)
	if err != nil {
		return Login{}, err
	}
	// The workspace's schema is made first: a repeated call finds it there.
	if err := s.Prepare(ctx, w.SchemaName); err != nil {
		return Login{}, err
	}
	var login Login
	err = s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		if err := c.LockSetup(); err != nil {
			return err
		}
		if n, err := store.Count[Login](c, nil); err != nil || n > 0 {
			if err == nil {
				err = ErrSetupDone.New()
			}
			return err
		}
		if byToken {
			if n, err := store.Remove[store.SetupToken](c, store.Match{"hash": digest(in.Token)}); err != nil || n == 0 {
				if err == nil {
					err = ErrSetupToken.At("token")
				}
				return err
			}
		}
		if login, err = s.newLogin(ctx, c, email, name, in.Password, in.Locale); err != nil {
			return err
		}
		m, err := s.found(c, w, login)
		if err != nil {
			return err
		}
		return s.auditIn(c, AuditEntry{Workspace: w.ID, Actor: AuditActor{ID: m.ID, Name: m.Name}, Action: "workspace.created", Target: w.ID})
	})
	if err == nil {
		s.changed(ctx)
	}
	return login, err
}

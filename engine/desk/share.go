package desk

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"tenon/engine/access"
	"tenon/engine/identity"
	"tenon/engine/store"
)

// Share is an anonymous entry to a form, a view or a record.
type Share = store.ShareLink

// ShareKinds are what a link can lead to.
var ShareKinds = []string{"form", "view", "record"}

// NewShare is a link to be made. The caller has checked that the target is
// there and that whoever makes the link may see what it shows.
type NewShare struct {
	App, Kind, Target, Record string
	Fields                    []string
	Password                  string
	From, Until               time.Time
	Quota                     *int
	Once                      bool
	Settings                  map[string]any
}

// AddShare makes a link; its token is kept sealed so that it can be shown again.
func (s *Service) AddShare(ctx context.Context, workspaceID, by string, in NewShare) (Share, string, error) {
	if !slices.Contains(ShareKinds, in.Kind) {
		return Share{}, "", ErrShareKind.At("kind").With("kind", in.Kind)
	}
	if !in.Until.IsZero() && !in.Until.After(s.Now()) {
		return Share{}, "", identity.ErrPast.At("until")
	}
	if in.Quota != nil && *in.Quota < 1 {
		return Share{}, "", identity.ErrChoice.At("quota").With("value", *in.Quota)
	}
	tok, err := token(24)
	if err != nil {
		return Share{}, "", err
	}
	sealed, err := s.Box.Seal("share", tok)
	if err != nil {
		return Share{}, "", err
	}
	password := ""
	if in.Password != "" {
		if password, err = sharePassword(in.Password); err != nil {
			return Share{}, "", err
		}
	}
	if in.Settings == nil {
		in.Settings = map[string]any{}
	}
	l := Share{ID: s.NewID(), AppID: in.App, Hash: digest(tok), Token: sealed, Kind: in.Kind, Target: in.Target, RecordID: store.ID(in.Record),
		Fields: append(store.Strings{}, in.Fields...), Password: password, StartsAt: store.At(in.From), EndsAt: store.At(in.Until), Quota: in.Quota, Once: in.Once,
		Settings: store.DocOf(in.Settings), Enabled: true, CreatedBy: store.ID(by), CreatedAt: s.Now()}
	err = s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		if err := store.Insert(c, store.Actor{ID: l.ID, WorkspaceID: store.ID(workspaceID), Kind: "share", Name: "public link"}); err != nil {
			return err
		}
		return store.Insert(c, l)
	})
	return l, tok, err
}

// sharePassword hashes a link's password. Links are opened often and their
// tokens are secret already, so the hash is lighter than a login's.
func sharePassword(password string) (string, error) {
	salt, err := token(12)
	if err != nil {
		return "", err
	}
	hash, err := shareHash(password, salt)
	return salt + "$" + hash, err
}

func shareHash(password, salt string) (string, error) {
	key, err := pbkdf2.Key(sha256.New, password, []byte(salt), 20000, 32)
	return base64.RawStdEncoding.EncodeToString(key), err
}

// ShareToken opens a link's token, "" when it was sealed with another key.
func (s *Service) ShareToken(l Share) string {
	t, err := s.Box.Open("share", l.Token)
	if err != nil {
		return ""
	}
	return t
}

// Shares lists the links of an app, the newest first.
func (s *Service) Shares(ctx context.Context, appID string) ([]Share, error) {
	return store.Find[Share](s.DB.Cold(ctx), store.Match{"app_id": appID}, "-created_at")
}

// ShareChange is what may be said about a link; nil leaves as it is.
type ShareChange struct {
	Enabled     *bool
	Password    *string // "" removes it
	From, Until *time.Time
	Quota       *int // 0: no limit
	Fields      *[]string
}

// UpdateShare changes a link.
func (s *Service) UpdateShare(ctx context.Context, appID, id string, ch ShareChange) (Share, error) {
	l, err := s.share(ctx, appID, id)
	if err != nil {
		return Share{}, err
	}
	if ch.Enabled != nil {
		l.Enabled = *ch.Enabled
	}
	if ch.Password != nil {
		l.Password = ""
		if *ch.Password != "" {
			if l.Password, err = sharePassword(*ch.Password); err != nil {
				return Share{}, err
			}
		}
	}
	if ch.From != nil {
		l.StartsAt = store.At(*ch.From)
	}
	if ch.Until != nil {
		l.EndsAt = store.At(*ch.Until)
	}
	if ch.Quota != nil {
		if l.Quota = ch.Quota; *ch.Quota <= 0 {
			l.Quota = nil
		}
	}
	if ch.Fields != nil {
		l.Fields = append(store.Strings{}, *ch.Fields...)
	}
	_, err = store.Change[Share](s.DB.Cold(ctx), store.Match{"id": id}, store.Set{"enabled": l.Enabled, "password": l.Password, "starts_at": l.StartsAt,
		"ends_at": l.EndsAt, "quota": l.Quota, "fields": l.Fields})
	return l, err
}

// RemoveShare closes a link for good. Its actor stays as the author of what
// came through it.
func (s *Service) RemoveShare(ctx context.Context, appID, id string) error {
	l, err := s.share(ctx, appID, id)
	if err != nil {
		return err
	}
	_, err = store.Remove[Share](s.DB.Cold(ctx), store.Match{"id": l.ID})
	return err
}

func (s *Service) share(ctx context.Context, appID, id string) (Share, error) {
	if !isID(id) {
		return Share{}, ErrShare.New()
	}
	l, ok, err := store.First[Share](s.DB.Cold(ctx), store.Match{"id": id, "app_id": appID})
	if err == nil && !ok {
		err = ErrShare.New()
	}
	return l, err
}

// OpenShare finds an open link by its token and checks its password, window
// and quota.
func (s *Service) OpenShare(ctx context.Context, tok, password string) (Share, error) {
	l, ok, err := store.First[Share](s.DB.Cold(ctx), store.Match{"hash": digest(tok)})
	if err == nil && (!ok || !l.Enabled) {
		err = ErrShare.New()
	}
	if err != nil {
		return Share{}, err
	}
	now := s.Now()
	if l.StartsAt.After(now) || !l.EndsAt.IsZero() && !l.EndsAt.After(now) {
		return Share{}, ErrShareWindow.New()
	}
	if l.Quota != nil && l.Used >= *l.Quota || l.Once && l.Used > 0 {
		return Share{}, ErrShareUsed.New()
	}
	if l.Password != "" {
		salt, want, _ := strings.Cut(l.Password, "$")
		got, err := shareHash(password, salt)
		if err != nil {
			return Share{}, err
		}
		if password == "" || subtle.ConstantTimeCompare([]byte(got), []byte(want)) != 1 {
			return Share{}, ErrSharePass.New()
		}
	}
	return l, nil
}

// ShareActor is who acts through a link: nobody's member, no role, so that the
// link's own grant is all it has.
func ShareActor(l Share, workspaceID, locale string) *access.Actor {
	return &access.Actor{ID: l.ID, Kind: "share", Name: "public link", WorkspaceID: workspaceID, Locale: locale}
}

// TakeUse takes one use of a link inside the transaction of the record that
// came through it, so that no more come than the quota says.
func (s *Service) TakeUse(tx Doer, id string) error {
	r, err := tx.Do(store.UseShare(id, s.Now()))
	if err == nil && r[0].One() == nil {
		err = ErrShareUsed.New()
	}
	return err
}

// CountUse takes one use of a link that was looked at.
func (s *Service) CountUse(ctx context.Context, id string) error {
	r, err := s.DB.Read(ctx, store.UseShare(id, s.Now()))
	if err == nil && r[0].One() == nil {
		err = ErrShareUsed.New()
	}
	return err
}

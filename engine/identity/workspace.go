package identity

import (
	"context"
	"encoding/json"
	"strconv"

	"tenon/engine/store"
	"tenon/schema/fault"
)

// schemaPrefix marks the Postgres schemas that hold a workspace.
const schemaPrefix = "ws_"

func (s *Service) newWorkspaceRow(key, name, locale string) (Workspace, error) {
	if key == "" {
		if key = Slug(name); key == "" {
			key = "main"
		}
	}
	if !keyShape.MatchString(key) {
		return Workspace{}, ErrKeyName.At("key").With("key", key)
	}
	if locale != "en-US" {
		locale = "zh-CN"
	}
	return Workspace{ID: s.NewID(), Key: key, Name: name, SchemaName: schemaPrefix + key, TimeZone: "Asia/Shanghai", Locale: locale,
		Settings: store.Doc("{}"), CreatedAt: s.Now()}, nil
}

// found inserts a workspace with its founder as administrator.
func (s *Service) found(c store.Cold, w Workspace, login Login) (Member, error) {
	if err := store.Insert(c, w); err != nil {
		if code, _, _ := store.PgError(err); code == "23505" {
			return Member{}, ErrKeyTaken.At("key").With("key", w.Key)
		}
		return Member{}, err
	}
	m := Member{ID: s.NewID(), WorkspaceID: w.ID, LoginID: store.ID(login.ID), Name: login.Name, Email: login.Email, Status: "active",
		Admin: true, Available: true, Aliases: store.Strings{}, CreatedAt: s.Now()}
	return m, s.insertMember(c, m)
}

func (s *Service) insertMember(c store.Cold, m Member) error {
	if err := store.Insert(c, store.Actor{ID: m.ID, WorkspaceID: store.ID(m.WorkspaceID), Kind: "member", Name: m.Name}); err != nil {
		return err
	}
	return store.Insert(c, m)
}

// CreateWorkspace makes a workspace with its Postgres schema; the login becomes
// its administrator. Without a key one is made from the name.
func (s *Service) CreateWorkspace(ctx context.Context, login Login, key, name string, from Origin) (Workspace, error) {
	name, err := checkName("name", name)
	if err != nil {
		return Workspace{}, err
	}
	made := key == ""
	base, err := s.newWorkspaceRow(key, name, login.Locale)
	if err != nil {
		return Workspace{}, err
	}
	for try := 1; ; try++ {
		w := base
		if try > 1 {
			w.Key = base.Key + "_" + strconv.Itoa(try)
			w.SchemaName = schemaPrefix + w.Key
		}
		if _, taken, err := store.First[Workspace](s.DB.Cold(ctx), store.Match{"key": w.Key}); err != nil || taken {
			if err == nil && made && try < 50 {
				continue
			}
			if err == nil {
				err = ErrKeyTaken.At("key").With("key", w.Key)
			}
			return Workspace{}, err
		}
		if err := s.Prepare(ctx, w.SchemaName); err != nil {
			return Workspace{}, err
		}
		err := s.DB.Cold(ctx).InTx(func(c store.Cold) error {
			m, err := s.found(c, w, login)
			if err != nil {
				return err
			}
			return s.auditIn(c, AuditEntry{Workspace: w.ID, Actor: AuditActor{ID: m.ID, Name: m.Name}, Action: "workspace.created", Target: w.ID, From: from})
		})
		if err == nil {
			s.changed(ctx)
		}
		return w, err
	}
}

// WorkspaceChange is what an administrator may change about a workspace.
type WorkspaceChange struct {
	Name, TimeZone, Locale *string
	Settings               map[string]any // merged over the stored ones; null removes
}

// UpdateWorkspace changes a workspace.
func (s *Service) UpdateWorkspace(ctx context.Context, by AuditActor, id string, ch WorkspaceChange, from Origin) (Workspace, error) {
	set, seen := store.Set{}, map[string]any{}
	var faults fault.List
	if ch.Name != nil {
		name, err := checkName("name", *ch.Name)
		faults.Add(err)
		set["name"], seen["name"] = name, name
	}
	if ch.TimeZone != nil {
		faults.Add(checkZone("time_zone", *ch.TimeZone))
		set["time_zone"], seen["time_zone"] = *ch.TimeZone, *ch.TimeZone
	}
	if ch.Locale != nil {
		faults.Add(oneOf("locale", *ch.Locale, "zh-CN", "en-US"))
		set["locale"], seen["locale"] = *ch.Locale, *ch.Locale
	}
	if err := faults.Err(); err != nil {
		return Workspace{}, err
	}
	var w Workspace
	err := s.DB.Cold(ctx).InTx(func(c store.Cold) error {
		var ok bool
		var err error
		if w, ok, err = store.Lock[Workspace](c, store.Match{"id": id}); err != nil || !ok {
			if err == nil {
				err = ErrWorkspace.New()
			}
			return err
		}
		if len(ch.Settings) > 0 {
			have := map[string]any{}
			if err := w.Settings.Into(&have); err != nil {
				return err
			}
			names := []string{}
			for k, v := range ch.Settings {
				names = append(names, k)
				if v == nil {
					delete(have, k)
				} else {
					have[k] = v
				}
			}
			set["settings"], seen["settings"] = store.DocOf(have), names
		}
		if len(set) == 0 {
			return nil
		}
		if _, err := store.Change[Workspace](c, store.Match{"id": id}, set); err != nil {
			return err
		}
		if w, _, err = store.First[Workspace](c, store.Match{"id": id}); err != nil {
			return err
		}
		return s.auditIn(c, AuditEntry{Workspace: id, Actor: by, Action: "workspace.changed", Target: id, Detail: seen, From: from})
	})
	if err == nil {
		s.changed(ctx)
	}
	return w, err
}

// Setting decodes one of a workspace's settings; false when it is not set.
func Setting(w Workspace, key string, into any) (bool, error) {
	var all map[string]json.RawMessage
	if err := w.Settings.Into(&all); err != nil {
		return false, err
	}
	raw, ok := all[key]
	if !ok {
		return false, nil
	}
	return true, json.Unmarshal(raw, into)
}

// Membership is a workspace that a login belongs to.
type Membership struct {
	Workspace Workspace
	Member    Member
}

// Memberships lists a login's workspaces in the order of joining.
func (s *Service) Memberships(ctx context.Context, loginID string) ([]Membership, error) {
	ms, ws, err := s.DB.Cold(ctx).Memberships(loginID)
	if err != nil {
		return nil, err
	}
	out := make([]Membership, len(ms))
	for i := range ms {
		out[i] = Membership{ws[i], ms[i]}
	}
	return out, nil
}

// AllWorkspaces lists every workspace, for the command line and for workers.
func (s *Service) AllWorkspaces(ctx context.Context) ([]Workspace, error) {
	return store.Find[Workspace](s.DB.Cold(ctx), store.Match{"deleted_at": nil}, "created_at")
}

// Workspace finds a workspace by id or key.
func (s *Service) Workspace(ctx context.Context, ref string) (Workspace, error) {
	v, err := s.cache.get("w:"+ref, s.Now(), func() (any, error) {
		m := store.Match{"deleted_at": nil, "key": ref}
		if isID(ref) {
			m = store.Match{"deleted_at": nil, "id": ref}
		}
		w, ok, err := store.First[Workspace](s.DB.Cold(ctx), m)
		if err == nil && !ok {
			err = ErrWorkspace.New()
		}
		return w, err
	})
	if err != nil {
		return Workspace{}, err
	}
	return v.(Workspace), nil
}

package desk

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"tenon/engine/store"
)

// View is a view that a member keeps, or shares with all who use the app.
type View = store.UserView

// Views lists a member's own views of an app and those shared with all.
func (s *Service) Views(ctx context.Context, appID, member string) ([]View, error) {
	cold := s.DB.Cold(ctx)
	shared, err := store.Find[View](cold, store.Match{"app_id": appID, "member_id": nil}, "position", "created_at")
	if err != nil || member == "" {
		return shared, err
	}
	own, err := store.Find[View](cold, store.Match{"app_id": appID, "member_id": member}, "position", "created_at")
	return append(shared, own...), err
}

func checkViewName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 1 || n > 100 {
		return "", ErrViewName.At("name").With("max", 100)
	}
	return name, nil
}

// AddView keeps a view; member "" shares it.
func (s *Service) AddView(ctx context.Context, appID, entityID, member, name, typ string, config json.RawMessage) (View, error) {
	name, err := checkViewName(name)
	if err != nil {
		return View{}, err
	}
	v := View{ID: s.NewID(), AppID: appID, EntityID: entityID, MemberID: store.ID(member), Name: name, Type: typ, Config: store.Doc(config), CreatedAt: s.Now()}
	return v, store.Insert(s.DB.Cold(ctx), v)
}

// ViewChange is what may be said about a view; nil leaves as it is.
type ViewChange struct {
	Name     *string
	Type     *string
	Config   json.RawMessage
	Position *int
	Shared   *bool
}

// UpdateView changes a view: its owner's own, or a shared one by a builder.
func (s *Service) UpdateView(ctx context.Context, appID, member string, builder bool, id string, ch ViewChange) (View, error) {
	v, err := s.view(ctx, appID, member, builder, id)
	if err != nil {
		return View{}, err
	}
	if ch.Name != nil {
		if v.Name, err = checkViewName(*ch.Name); err != nil {
			return View{}, err
		}
	}
	if ch.Type != nil {
		v.Type = *ch.Type
	}
	if ch.Config != nil {
		v.Config = store.Doc(ch.Config)
	}
	if ch.Position != nil {
		v.Position = *ch.Position
	}
	if ch.Shared != nil && *ch.Shared != (v.MemberID == "") {
		if !builder || member == "" {
			return View{}, ErrView.New()
		}
		if v.MemberID = store.ID(member); *ch.Shared {
			v.MemberID = ""
		}
	}
	return v, store.Put(s.DB.Cold(ctx), v)
}

// RemoveView deletes a view under the same rule.
func (s *Service) RemoveView(ctx context.Context, appID, member string, builder bool, id string) error {
	v, err := s.view(ctx, appID, member, builder, id)
	if err != nil {
		return err
	}
	_, err = store.Remove[View](s.DB.Cold(ctx), store.Match{"id": v.ID})
	return err
}

func (s *Service) view(ctx context.Context, appID, member string, builder bool, id string) (View, error) {
	if !isID(id) {
		return View{}, ErrView.New()
	}
	v, ok, err := store.First[View](s.DB.Cold(ctx), store.Match{"id": id, "app_id": appID})
	if err == nil && (!ok || string(v.MemberID) != member && (v.MemberID != "" || !builder)) {
		err = ErrView.New()
	}
	return v, err
}

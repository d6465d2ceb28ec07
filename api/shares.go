package api

import (
	"context"
	"time"

	"tenon/engine/desk"
	"tenon/schema"
	"tenon/schema/fault"
)

var (
	errShareTarget = fault.Define(fault.Invalid, "share.target", "找不到要分享的内容“{target}”", "there is no \"{target}\" to share")
	errShareFields = fault.Define(fault.Invalid, "share.fields", "请选择要公开的字段", "choose the fields to show")
	errShareMember = fault.Define(fault.Forbidden, "share.member", "视图和记录的链接须由成员创建：看到的内容以该成员的权限为准", "links to views and records are made by members: what they show is what that member may see")
)

type shareBody struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind" enum:"form view record"`
	Target    string     `json:"target"`
	Record    *string    `json:"record"`
	URL       string     `json:"url"`
	Token     string     `json:"token"`
	Password  bool       `json:"password" doc:"whether it asks for one"`
	From      *time.Time `json:"from"`
	Until     *time.Time `json:"until"`
	Quota     *int       `json:"quota"`
	Once      bool       `json:"once"`
	Fields    []string   `json:"fields"`
	Enabled   bool       `json:"enabled"`
	Used      int        `json:"used"`
	CreatedBy *string    `json:"created_by"`
	CreatedAt time.Time  `json:"created_at"`
}

func (s *Server) shareOf(c *Call, l desk.Share, token string) shareBody {
	b := shareBody{ID: l.ID, Kind: l.Kind, Target: l.Target, Record: optional(string(l.RecordID)), Token: token, Password: l.Password != "", From: instant(l.StartsAt.Time),
		Until: instant(l.EndsAt.Time), Quota: l.Quota, Once: l.Once, Fields: l.Fields, Enabled: l.Enabled, Used: l.Used, CreatedBy: optional(string(l.CreatedBy)), CreatedAt: l.CreatedAt}
	if token != "" {
		b.URL = s.address(c) + "/f/" + token
	}
	return b
}

type shareIn struct {
	inApp
	Kind     string           `json:"kind" need:"1" doc:"form, view or record"`
	Target   string           `json:"target" need:"1" doc:"id of the form or view; for a record, its entity"`
	Record   string           `json:"record"`
	Password string           `json:"password"`
	From     maybe[time.Time] `json:"from"`
	Until    maybe[time.Time] `json:"until"`
	Quota    *int             `json:"quota"`
	Once     bool             `json:"once"`
	Fields   []string         `json:"fields" doc:"only these fields, by id or key"`
	Enabled  *bool            `json:"enabled"`
}

// shareRoutes administer public links.
func (s *Server) shareRoutes() {
	const tag, path = "shares", "/api/v1/apps/{app}/shares"
	Handle(s, "GET", path, Doc{Who: Builder, Tag: tag, Summary: "Public links of the app"},
		func(ctx context.Context, c *Call, _ inApp) (list[shareBody], error) {
			all, err := s.Desk.Shares(ctx, c.App.ID)
			return listOf(all, func(l desk.Share) shareBody { return s.shareOf(c, l, s.Desk.ShareToken(l)) }), err
		})
	Handle(s, "POST", path, Doc{Who: Builder, Tag: tag, Summary: "Make a public link to a form, a view or a record", Status: 201}, s.share)
	Handle(s, "PATCH", path+"/{id}", Doc{Who: Builder, Tag: tag, Summary: "Change a link, close it or open it again"},
		func(ctx context.Context, c *Call, in struct {
			inAppID
			Enabled  *bool            `json:"enabled"`
			Password maybe[string]    `json:"password" doc:"null removes it"`
			From     maybe[time.Time] `json:"from"`
			Until    maybe[time.Time] `json:"until"`
			Quota    maybe[int]       `json:"quota"`
			Fields   *[]string        `json:"fields"`
		}) (shareBody, error) {
			l, err := s.Desk.UpdateShare(ctx, c.App.ID, in.ID, desk.ShareChange{Enabled: in.Enabled, Password: in.Password.ptr(), From: in.From.ptr(), Until: in.Until.ptr(),
				Quota: in.Quota.ptr(), Fields: in.Fields})
			if err != nil {
				return shareBody{}, err
			}
			return s.shareOf(c, l, s.Desk.ShareToken(l)), c.Audit(ctx, "share.changed", l.ID, map[string]any{"app": c.App.ID, "enabled": l.Enabled})
		})
	Handle(s, "DELETE", path+"/{id}", Doc{Who: Builder, Tag: tag, Summary: "Close a link for good"},
		func(ctx context.Context, c *Call, in inAppID) (Empty, error) {
			if err := s.Desk.RemoveShare(ctx, c.App.ID, in.ID); err != nil {
				return Empty{}, err
			}
			return Empty{}, c.Audit(ctx, "share.removed", in.ID, map[string]any{"app": c.App.ID})
		})
}

func (s *Server) share(ctx context.Context, c *Call, in shareIn) (shareBody, error) {
	snap, err := s.Engine.Defs.At(ctx, c.App.ID)
	if err != nil {
		return shareBody{}, err
	}
	target, entity := "", ""
	switch in.Kind {
	case "form":
		for _, f := range snap.App.Forms {
			if f.ID == in.Target || f.Key == in.Target && target == "" {
				target, entity = f.ID, f.Entity
			}
		}
	case "view":
		for _, v := range snap.App.Views {
			if v.ID == in.Target || v.Key == in.Target && target == "" {
				target, entity = v.ID, v.Entity
			}
		}
	case "record":
		if e := snap.Entity(in.Target); e != nil {
			target, entity = e.ID(), e.ID()
		}
	default:
		return shareBody{}, desk.ErrShareKind.At("kind").With("kind", in.Kind)
	}
	if target == "" {
		return shareBody{}, errShareTarget.At("target").With("target", in.Target)
	}
	if in.Kind != "form" && c.Actor.Member == "" {
		return shareBody{}, errShareMember.New()
	}
	if in.Kind == "record" {
		if len(in.Fields) == 0 {
			return shareBody{}, errShareFields.At("fields")
		}
		if _, _, err := s.Engine.Get(ctx, c.Actor, c.App.ID, entity, in.Record, []string{"id"}, nil); err != nil {
			return shareBody{}, err
		}
	}
	fields, err := fieldIDs(snap.Entity(entity), in.Fields)
	if err != nil {
		return shareBody{}, err
	}
	l, token, err := s.Desk.AddShare(ctx, c.App.WorkspaceID, c.Actor.ID, desk.NewShare{App: c.App.ID, Kind: in.Kind, Target: target, Record: in.Record, Fields: fields,
		Password: in.Password, From: in.From.v, Until: in.Until.v, Quota: in.Quota, Once: in.Once})
	if err != nil {
		return shareBody{}, err
	}
	return s.shareOf(c, l, token), c.Audit(ctx, "share.added", l.ID, map[string]any{"app": c.App.ID, "kind": l.Kind, "target": l.Target})
}

func fieldIDs(ent *schema.EntityModel, refs []string) ([]string, error) {
	var out []string
	for _, ref := range refs {
		f := ent.Field(ref)
		if f == nil {
			return nil, schema.ErrNoField.At("fields").With("ref", ref)
		}
		out = append(out, f.ID())
	}
	return out, nil
}

package api

import (
	"context"
	"time"

	"tenon/engine/desk"
	"tenon/schema/fault"
)

type commentBody struct {
	ID        string     `json:"id"`
	Text      string     `json:"text"`
	Mentions  []string   `json:"mentions"`
	CreatedAt time.Time  `json:"created_at"`
	EditedAt  *time.Time `json:"edited_at"`
	CreatedBy *actorRef  `json:"created_by"`
	NotTold   []string   `json:"not_told,omitempty" doc:"in the answer to a new comment: who is mentioned and may not see the record"`
}

type commentIn struct {
	inRecord
	Text     string   `json:"text" need:"1"`
	Mentions []string `json:"mentions" doc:"member ids; those who may see the record are told"`
}

type inComment struct {
	inRecord
	Comment string `path:"comment"`
}

// commentRoutes are remarks on records.
func (s *Server) commentRoutes() {
	const tag, path = "comments", recordsPath + "/{id}/comments"
	Handle(s, "GET", path, Doc{Who: InApp, Tag: tag, Summary: "Comments of a record in order"},
		func(ctx context.Context, c *Call, in inRecord) (list[commentBody], error) {
			at, _, err := s.place(ctx, c, in)
			if err != nil {
				return list[commentBody]{}, err
			}
			l, err := s.Desk.Comments(ctx, at)
			if err != nil {
				return list[commentBody]{}, err
			}
			return s.commentList(ctx, c, in.Entity, l)
		})
	Handle(s, "POST", path, Doc{Who: InApp, Tag: tag, Summary: "Comment on a record", Status: 201}, s.comment)
	Handle(s, "PATCH", path+"/{comment}", Doc{Who: InApp, Tag: tag, Summary: "Change one's own comment"},
		func(ctx context.Context, c *Call, in struct {
			inComment
			Text string `json:"text" need:"1"`
		}) (commentBody, error) {
			at, _, err := s.place(ctx, c, in.inRecord)
			if err != nil {
				return commentBody{}, err
			}
			x, err := s.Desk.EditComment(ctx, at, c.Actor.ID, in.Comment, in.Text)
			if err != nil {
				return commentBody{}, err
			}
			return s.oneComment(ctx, c, in.Entity, x)
		})
	Handle(s, "DELETE", path+"/{comment}", Doc{Who: InApp, Tag: tag, Summary: "Remove one's own comment; app administrators, any"},
		func(ctx context.Context, c *Call, in inComment) (Empty, error) {
			at, _, err := s.place(ctx, c, in.inRecord)
			if err != nil {
				return Empty{}, err
			}
			return Empty{}, s.Desk.RemoveComment(ctx, at, c.Actor.ID, s.builds(ctx, c) == nil, in.Comment)
		})
}

// commentList names the authors.
func (s *Server) commentList(ctx context.Context, c *Call, _ string, l []desk.Comment) (list[commentBody], error) {
	ids := make([]string, len(l))
	for i, x := range l {
		ids[i] = x.Author
	}
	names, err := s.names(ctx, c, ids)
	return listOf(l, func(x desk.Comment) commentBody {
		return commentBody{ID: x.ID, Text: x.Text, Mentions: x.Mentions, CreatedAt: x.CreatedAt, EditedAt: instant(x.EditedAt.Time),
			CreatedBy: &actorRef{x.Author, names[x.Author], "member"}}
	}), err
}

func (s *Server) oneComment(ctx context.Context, c *Call, entity string, x desk.Comment) (commentBody, error) {
	l, err := s.commentList(ctx, c, entity, []desk.Comment{x})
	if err != nil {
		return commentBody{}, err
	}
	return l.Items[0], nil
}

// names resolves members to display names in the app of the call.
func (s *Server) names(ctx context.Context, c *Call, ids []string) (map[string]string, error) {
	ses, err := s.Engine.Reader(ctx, c.Actor, c.App.ID)
	if err != nil {
		return nil, err
	}
	return s.Engine.NamesOf(ses, nil, ids), nil
}

func (s *Server) comment(ctx context.Context, c *Call, in commentIn) (commentBody, error) {
	at, title, err := s.place(ctx, c, in.inRecord)
	if err != nil {
		return commentBody{}, err
	}
	var told, blind []string
	for _, m := range in.Mentions[:min(len(in.Mentions), 50)] {
		a, err := s.People.ActorOfMember(ctx, m, c.App.ID)
		if err != nil || a.WorkspaceID != at.Workspace {
			continue
		}
		switch _, _, err := s.Engine.Get(ctx, a, c.App.ID, in.Entity, in.ID, []string{"id"}, nil); {
		case err == nil:
			told = append(told, m)
		case fault.KindOf(err) == fault.NotFound, fault.KindOf(err) == fault.Forbidden:
			blind = append(blind, m)
		default:
			return commentBody{}, err
		}
	}
	x, err := s.Desk.AddComment(ctx, at, c.Actor.ID, c.Actor.Name, title, in.Text, in.Mentions, told)
	if err != nil {
		return commentBody{}, err
	}
	body, err := s.oneComment(ctx, c, in.Entity, x)
	body.NotTold = blind
	return body, err
}

type notificationBody struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Title     string    `json:"title"`
	Text      string    `json:"text"`
	Workspace string    `json:"workspace"`
	App       *string   `json:"app"`
	Entity    *string   `json:"entity"`
	RecordID  *string   `json:"record_id"`
	Count     int       `json:"count"`
	Read      bool      `json:"read"`
	CreatedAt time.Time `json:"created_at"`
}

// notificationRoutes are messages to the person, from all workspaces.
func (s *Server) notificationRoutes() {
	const tag = "notifications"
	Handle(s, "GET", "/api/v1/notifications", Doc{Who: Person, Tag: tag, Summary: "What one was told, newest first"},
		func(ctx context.Context, c *Call, in struct {
			Unread bool `query:"unread"`
			Limit  int  `query:"limit"`
		}) (list[notificationBody], error) {
			if in.Limit <= 0 || in.Limit > 200 {
				in.Limit = 50
			}
			ms, err := s.members(ctx, c)
			if err != nil {
				return list[notificationBody]{}, err
			}
			l, err := s.Desk.Notifications(ctx, ms, in.Unread, in.Limit)
			return listOf(l, func(n desk.Notification) notificationBody {
				title, text := n.In(c.Locale)
				return notificationBody{n.ID, n.Kind, title, text, n.WorkspaceID, optional(string(n.AppID)), optional(n.EntityID), optional(string(n.RecordID)),
					n.Count, !n.ReadAt.IsZero(), n.CreatedAt}
			}), err
		})
	Handle(s, "POST", "/api/v1/notifications/read", Doc{Who: Person, Tag: tag, Summary: "Mark messages as read"},
		func(ctx context.Context, c *Call, in struct {
			IDs []string `json:"ids"`
			All bool     `json:"all"`
		}) (Empty, error) {
			ms, err := s.members(ctx, c)
			if err != nil {
				return Empty{}, err
			}
			ids := in.IDs
			if in.All {
				ids = nil
			} else if ids == nil {
				ids = []string{}
			}
			return Empty{}, s.Desk.MarkRead(ctx, ms, ids)
		})
}

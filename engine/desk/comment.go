package desk

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"tenon/engine/identity"
	"tenon/engine/store"
)

// Comment is a remark on a record.
type Comment = store.Comment

const maxComment = 5000

// Place is a record by its ids.
type Place struct{ Workspace, App, Entity, Record string }

// Comments lists a record's comments in order.
func (s *Service) Comments(ctx context.Context, at Place) ([]Comment, error) {
	return s.DB.Cold(ctx).CommentsOf(at.App, at.Entity, at.Record)
}

// AddComment remarks on a record and tells the mentioned members who may see
// it; the caller has found out which those are.
func (s *Service) AddComment(ctx context.Context, at Place, author, authorName, title, text string, mentions, told []string) (Comment, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < 1 || n > maxComment {
		return Comment{}, ErrCommentText.At("text").With("max", maxComment)
	}
	c := Comment{ID: s.NewID(), AppID: at.App, EntityID: at.Entity, RecordID: at.Record, Author: author, Text: text,
		Mentions: append(store.Strings{}, mentions...), CreatedAt: s.Now()}
	if err := store.Insert(s.DB.Cold(ctx), c); err != nil {
		return Comment{}, err
	}
	told = slices.DeleteFunc(slices.Clone(told), func(m string) bool { return m == author })
	return c, s.Notify(ctx, told, store.Notification{WorkspaceID: at.Workspace, Kind: "mention", Title: authorName + " · " + title, Text: excerpt(text, 200),
		AppID: store.ID(at.App), EntityID: at.Entity, RecordID: store.ID(at.Record)})
}

// EditComment changes a comment's text; only its author may.
func (s *Service) EditComment(ctx context.Context, at Place, author, id, text string) (Comment, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < 1 || n > maxComment {
		return Comment{}, ErrCommentText.At("text").With("max", maxComment)
	}
	return s.changeComment(ctx, at, id, store.Match{"author": author}, store.Set{"text": text, "edited_at": s.Now()})
}

// RemoveComment takes a comment away: its author, or an administrator.
func (s *Service) RemoveComment(ctx context.Context, at Place, author string, admin bool, id string) error {
	m := store.Match{}
	if !admin {
		m["author"] = author
	}
	_, err := s.changeComment(ctx, at, id, m, store.Set{"deleted_at": s.Now()})
	return err
}

func (s *Service) changeComment(ctx context.Context, at Place, id string, m store.Match, set store.Set) (Comment, error) {
	if !isID(id) {
		return Comment{}, ErrComment.New()
	}
	m["id"], m["app_id"], m["entity_id"], m["record_id"], m["deleted_at"] = id, at.App, at.Entity, at.Record, nil
	cold := s.DB.Cold(ctx)
	n, err := store.Change[Comment](cold, m, set)
	if err == nil && n == 0 {
		err = ErrComment.New()
	}
	if err != nil {
		return Comment{}, err
	}
	c, _, err := store.First[Comment](cold, store.Match{"id": id})
	return c, err
}

// Notification is a message for a member.
type Notification = store.Notification

// Notify sends one message to members and tells their open pages.
func (s *Service) Notify(ctx context.Context, members []string, n Notification) error {
	if len(members) == 0 {
		return nil
	}
	rows := make([]Notification, len(members))
	for i, m := range members {
		row := n
		row.ID, row.MemberID, row.Count, row.CreatedAt = s.NewID(), m, 1, s.Now()
		rows[i] = row
	}
	if err := store.Insert(s.DB.Cold(ctx), rows...); err != nil {
		return err
	}
	return nil
}

// Notifications lists what members were told, the newest first.
func (s *Service) Notifications(ctx context.Context, members []string, unread bool, limit int) ([]Notification, error) {
	if len(members) == 0 {
		return []Notification{}, nil
	}
	return s.DB.Cold(ctx).NotificationsOf(members, unread, store.When{}.Time, limit)
}

// MarkRead marks messages as read; nil ids means all of them.
func (s *Service) MarkRead(ctx context.Context, members, ids []string) error {
	if len(members) == 0 {
		return nil
	}
	for _, id := range ids {
		if !isID(id) {
			return identity.ErrChoice.At("ids").With("value", id)
		}
	}
	if err := s.DB.Cold(ctx).MarkRead(members, ids, s.Now()); err != nil {
		return err
	}
	return nil
}

// Badges counts what waits for members.
func (s *Service) Badges(ctx context.Context, members []string) (unread, tasks int64, err error) {
	if len(members) == 0 {
		return 0, 0, nil
	}
	return s.DB.Badges(ctx, members)
}

func excerpt(text string, n int) string {
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	return string(r[:n]) + "…"
}

package identity

import (
	"context"
	"encoding/hex"
	"log/slog"

	"tenon/engine/store"
)

// AuditActor is who did something, as the log keeps it: the id may vanish, the
// name stays.
type AuditActor struct{ ID, Name string }

// AuditEntry is one line for the audit log. Details never hold secrets.
type AuditEntry struct {
	Workspace string
	Actor     AuditActor
	Action    string // noun.verb, such as member.disabled
	Target    string
	Detail    map[string]any
	From      Origin
}

// Audit writes a line into the audit log.
func (s *Service) Audit(ctx context.Context, e AuditEntry) error {
	return s.auditIn(s.DB.Cold(ctx), e)
}

func (s *Service) auditIn(c store.Cold, e AuditEntry) error { return store.Insert(c, s.line(e)) }

// AuditStmt is a line for the audit log that commits with what it tells of.
func (s *Service) AuditStmt(e AuditEntry) store.Stmt { return store.AddAudit(s.line(e)) }

func (s *Service) line(e AuditEntry) store.Audit {
	if e.Detail == nil {
		e.Detail = map[string]any{}
	}
	return store.Audit{WorkspaceID: store.ID(e.Workspace), Actor: store.ID(e.Actor.ID), ActorName: e.Actor.Name, At: s.Now(),
		Action: e.Action, Target: e.Target, Detail: store.DocOf(e.Detail), Address: e.From.Address}
}

// auditLogin writes what a login did into the log of each of its workspaces.
// A sign-in does not fail because the log could not be written.
func (s *Service) auditLogin(ctx context.Context, loginID string, actor AuditActor, action string, detail map[string]any, from Origin) {
	if loginID == "" {
		if err := s.Audit(ctx, AuditEntry{Actor: actor, Action: action, Detail: detail, From: from}); err != nil {
			slog.ErrorContext(ctx, "audit", "action", action, "error", err)
		}
		return
	}
	all, err := s.Memberships(ctx, loginID)
	for _, m := range all {
		if err != nil {
			break
		}
		err = s.Audit(ctx, AuditEntry{Workspace: m.Workspace.ID, Actor: AuditActor{m.Member.ID, actor.Name}, Action: action, Detail: detail, From: from})
	}
	if err != nil {
		slog.ErrorContext(ctx, "audit", "action", action, "error", err)
	}
}

// AuditLine is a line of the audit log.
type AuditLine = store.Audit

// AuditFilter picks lines of the audit log.
type AuditFilter = store.AuditFilter

// AuditLog reads a workspace's log, the newest first. Who did something need
// not be a member any more.
func (s *Service) AuditLog(ctx context.Context, workspaceID string, f AuditFilter, limit int) ([]AuditLine, error) {
	if f.Actor != "" && f.Actor != store.NobodyActor && !isID(f.Actor) {
		return nil, ErrMember.At("actor")
	}
	return s.DB.Cold(ctx).AuditLines(workspaceID, f, limit)
}

// SessionID names a session without giving its token away.
func SessionID(hash []byte) string { return hex.EncodeToString(hash[:min(len(hash), 8)]) }

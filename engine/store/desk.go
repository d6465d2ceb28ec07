package store

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// File is an uploaded file; its content is kept by its SHA-256.
type File struct {
	ID          string `gorm:"primaryKey"`
	WorkspaceID string
	Sha256      []byte
	Name        string
	Size        int64
	Type        string
	Uploader    string
	CreatedAt   time.Time
}

// TableName says where files are listed.
func (File) TableName() string { return "tenon.file" }

// FileUse is a record's field that holds a file.
type FileUse struct {
	FileID   string `gorm:"primaryKey"`
	AppID    string `gorm:"primaryKey"`
	EntityID string `gorm:"primaryKey"`
	RecordID string `gorm:"primaryKey"`
	FieldID  string `gorm:"primaryKey"`
}

// TableName says where the uses of files are kept.
func (FileUse) TableName() string { return "tenon.file_use" }

// Comment is a remark on a record.
type Comment struct {
	ID        string `gorm:"primaryKey"`
	AppID     string
	EntityID  string
	RecordID  string
	Author    string
	Text      string
	Mentions  Strings
	CreatedAt time.Time
	EditedAt  When
	DeletedAt When
}

// TableName says where comments are kept.
func (Comment) TableName() string { return "tenon.comment" }

// Notification is a message for a member.
type Notification struct {
	ID          string `gorm:"primaryKey"`
	WorkspaceID string
	MemberID    string
	Kind        string
	Title       string // in the language of the workspace, or of who wrote it
	Text        string
	Words       Doc `gorm:"default:'{}'"`
	AppID       ID
	EntityID    string
	RecordID    ID
	EffectKey   *string
	Count       int
	CreatedAt   time.Time
	ReadAt      When
}

// TableName says where notifications are kept.
func (Notification) TableName() string { return "tenon.notification" }

// ShareLink is an anonymous entry to a form, a view or a record.
type ShareLink struct {
	ID        string `gorm:"primaryKey"`
	AppID     string
	Hash      []byte
	Token     string
	Kind      string
	Target    string
	RecordID  ID
	Fields    Strings
	Password  string
	StartsAt  When
	EndsAt    When
	Quota     *int
	Used      int
	Once      bool
	Settings  Doc
	Enabled   bool
	CreatedBy ID
	CreatedAt time.Time
}

// TableName says where share links are kept.
func (ShareLink) TableName() string { return "tenon.share_link" }

// Job is a long piece of work with progress.
type Job struct {
	ID          string `gorm:"primaryKey"`
	WorkspaceID string
	AppID       ID
	Kind        string
	Actor       ID
	State       string
	Input       Doc
	Progress    int64
	Total       int64
	Result      Doc
	Cancel      bool
	LeaseUntil  When
	CreatedAt   time.Time
	EndedAt     When
}

// TableName says where jobs are kept.
func (Job) TableName() string { return "tenon.job" }

// Task is something that people must do.
type Task struct {
	ID          string `gorm:"primaryKey"`
	WorkspaceID string
	AppID       ID
	EntityID    string
	RecordID    ID
	RunID       ID
	Kind        string
	Title       string // in the language of the workspace, or of who wrote it
	Text        string
	Words       Doc `gorm:"default:'{}'"`
	Priority    string
	Outcomes    Doc
	DueAt       When
	State       string
	Outcome     string
	Comment     string
	CreatedBy   ID
	CreatedAt   time.Time
	CompletedBy ID
	CompletedAt When
	EffectKey   *string
	Sample      bool
}

// TableName says where tasks are kept.
func (Task) TableName() string { return "tenon.task" }

// TaskAssignee is a member who may complete a task.
type TaskAssignee struct {
	TaskID   string `gorm:"primaryKey"`
	MemberID string `gorm:"primaryKey"`
}

// TableName says where assignees are kept.
func (TaskAssignee) TableName() string { return "tenon.task_assignee" }

// UserView is a view that a member keeps, for itself or for all.
type UserView struct {
	ID        string `gorm:"primaryKey"`
	AppID     string
	EntityID  string
	MemberID  ID
	Name      string
	Type      string
	Config    Doc
	Position  int
	CreatedAt time.Time
}

// TableName says where personal views are kept.
func (UserView) TableName() string { return "tenon.user_view" }

// Webhook is a subscription to record events.
type Webhook struct {
	ID          string `gorm:"primaryKey"`
	WorkspaceID string
	AppID       string
	EntityID    string
	Events      Strings
	URL         string `gorm:"column:url"`
	Secret      string
	Enabled     bool
	CursorID    int64
	CreatedBy   ID
	CreatedAt   time.Time
}

// TableName says where webhooks are kept.
func (Webhook) TableName() string { return "tenon.webhook" }

// Delivery is one event on its way to a webhook.
type Delivery struct {
	ID        string `gorm:"primaryKey"`
	WebhookID string
	Event     Doc
	State     string
	Tries     int
	NextAt    time.Time
	Status    int
	Response  string
	CreatedAt time.Time
	EndedAt   When
}

// TableName says where deliveries are kept.
func (Delivery) TableName() string { return "tenon.delivery" }

// Mail is an outgoing message.
type Mail struct {
	ID          string `gorm:"primaryKey"`
	WorkspaceID string
	Recipient   string
	Subject     string
	Body        string
	State       string
	Tries       int
	NextAt      time.Time
	Error       string
	EffectKey   *string
	CreatedAt   time.Time
	SentAt      When
}

// TableName says where outgoing mail is kept.
func (Mail) TableName() string { return "tenon.mail" }

// Operation is a bulk change or import that can be undone.
type Operation struct {
	ID       string `gorm:"primaryKey"`
	AppID    string
	Kind     string
	Label    Doc
	Actor    ID
	At       time.Time
	Count    int
	UndoneAt When
	UndoneBy ID
}

// TableName says where operations are kept.
func (Operation) TableName() string { return "tenon.operation" }

// TemporaryFiles finds files that no record uses and that are older than the instant.
func (c Cold) TemporaryFiles(before time.Time, limit int) ([]File, error) {
	var out []File
	return out, c.g.Where("created_at < ? AND NOT EXISTS (SELECT 1 FROM tenon.file_use u WHERE u.file_id = tenon.file.id)", before).Limit(limit).Find(&out).Error
}

// RemoveTemporaryFile deletes a file's row unless a record took it meanwhile.
func (c Cold) RemoveTemporaryFile(id string) (bool, error) {
	r := c.g.Where("id = ? AND NOT EXISTS (SELECT 1 FROM tenon.file_use u WHERE u.file_id = tenon.file.id)", id).Delete(&File{})
	return r.RowsAffected == 1, r.Error
}

// CommentsOf lists a record's comments in order, removed ones as holes.
func (c Cold) CommentsOf(appID, entityID, recordID string) ([]Comment, error) {
	var out []Comment
	return out, c.g.Where("app_id = ? AND entity_id = ? AND record_id = ? AND deleted_at IS NULL", appID, entityID, recordID).Order("created_at, id").Limit(1000).Find(&out).Error
}

// MarkRead marks notifications of members as read; no ids means all.
func (c Cold) MarkRead(members, ids []string, at time.Time) error {
	g := c.g.Model(&Notification{}).Where("member_id IN ? AND read_at IS NULL", members)
	if ids != nil {
		g = g.Where("id IN ?", ids)
	}
	return g.Update("read_at", at).Error
}

// NotificationsOf lists notifications of members, the newest first.
func (c Cold) NotificationsOf(members []string, unread bool, before time.Time, limit int) ([]Notification, error) {
	var out []Notification
	g := c.g.Where("member_id IN ?", members)
	if unread {
		g = g.Where("read_at IS NULL")
	}
	if !before.IsZero() {
		g = g.Where("created_at < ?", before)
	}
	return out, g.Order("created_at DESC, id DESC").Limit(limit).Find(&out).Error
}

// TasksOf lists tasks of members. The tab is todo (open and assigned), done
// (assigned or completed, no longer open) or created.
func (c Cold) TasksOf(members []string, tab string, limit int) ([]Task, error) {
	var out []Task
	mine := "id IN (SELECT task_id FROM tenon.task_assignee WHERE member_id IN ?)"
	g := c.g
	switch tab {
	case "done":
		g = g.Where("state <> 'open' AND (completed_by IN ? OR "+mine+")", members, members).Order("completed_at DESC NULLS LAST, id DESC")
	case "created":
		g = g.Where("created_by IN ?", members).Order("created_at DESC, id DESC")
	default:
		g = g.Where("state = 'open' AND "+mine, members).Order("due_at NULLS LAST, created_at, id")
	}
	return out, g.Limit(limit).Find(&out).Error
}

// Badges counts what waits for members: unread notifications and open tasks.
func (db *DB) Badges(ctx context.Context, members []string) (unread, tasks int64, err error) {
	r, err := db.Read(ctx,
		S("SELECT count(*) FROM (SELECT 1 FROM tenon.notification WHERE member_id = ANY($1) AND read_at IS NULL LIMIT 1000) x", UUIDs(members)),
		S("SELECT count(*) FROM (SELECT 1 FROM tenon.task t WHERE t.state = 'open' AND EXISTS (SELECT 1 FROM tenon.task_assignee a WHERE a.task_id = t.id AND a.member_id = ANY($1)) LIMIT 1000) x", UUIDs(members)))
	if err != nil {
		return 0, 0, err
	}
	return r[0].Int(0), r[1].Int(0), nil
}

// CompleteTask closes an open task and reports whether it was still open.
func CompleteTask(id, outcome, comment, by string, at time.Time) Stmt {
	return S("UPDATE tenon.task SET state = 'done', outcome = $2, comment = $3, completed_by = $4, completed_at = $5 WHERE id = $1 AND state = 'open' RETURNING id",
		UUID(id), Text(outcome), Text(comment), UUID(by), Time(at))
}

// UseShare takes one use of a share link inside a record transaction, within
// its window and quota; no row means that it is used up or closed.
func UseShare(id string, at time.Time) Stmt {
	return S("UPDATE tenon.share_link SET used = used + 1 WHERE id = $1 AND enabled AND (starts_at IS NULL OR starts_at <= $2) AND (ends_at IS NULL OR ends_at > $2) "+
		"AND (quota IS NULL OR used < quota) AND (NOT once OR used < 1) RETURNING used", UUID(id), Time(at))
}

// CancelJob asks a job to stop; one that waits stops at once.
func (c Cold) CancelJob(id string, at time.Time) error {
	return c.g.Transaction(func(tx *gorm.DB) error {
		if err := tx.Model(&Job{}).Where("id = ? AND state = 'running'", id).Update("cancel", true).Error; err != nil {
			return err
		}
		return tx.Model(&Job{}).Where("id = ? AND state = 'queued'", id).Updates(map[string]any{"state": "cancelled", "ended_at": at}).Error
	})
}

// DraftChanges counts, per app of a workspace, the draft documents that differ
// from what is published.
func (db *DB) DraftChanges(ctx context.Context, workspaceID string) (map[string]int64, error) {
	r, err := db.One(ctx, "SELECT d.app_id, count(*) FROM tenon.draft_document d JOIN tenon.app a ON a.id = d.app_id "+
		"LEFT JOIN tenon.app_version v ON v.app_id = a.id AND v.version = a.version "+
		"LEFT JOIN tenon.definition_document p ON p.hash = decode(v.manifest->d.doc_id->>'hash', 'hex') "+
		"WHERE a.workspace_id = $1 AND a.deleted_at IS NULL AND CASE WHEN d.deleted THEN p.hash IS NOT NULL ELSE p.body IS DISTINCT FROM d.body END GROUP BY d.app_id", UUID(workspaceID))
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	for _, row := range r.Rows {
		out[string(row[0])] = Result{Rows: [][][]byte{row}}.Int(1)
	}
	return out, nil
}

// BeginIdempotent claims a key; an existing one is returned with its answer.
func BeginIdempotent(actor, key string, hash []byte, at time.Time) Stmt {
	return S("WITH mine AS (INSERT INTO tenon.idempotency (actor_id, key, request_hash, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING 1) "+
		"SELECT EXISTS (SELECT 1 FROM mine), i.request_hash, i.status, i.response FROM (SELECT 1) one LEFT JOIN tenon.idempotency i ON i.actor_id = $1 AND i.key = $2",
		UUID(actor), Text(key), Bytes(hash), Time(at))
}

// EndIdempotent keeps the answer that belongs to a key.
func EndIdempotent(actor, key string, status int, response []byte) Stmt {
	return S("UPDATE tenon.idempotency SET status = $3, response = $4 WHERE actor_id = $1 AND key = $2", UUID(actor), Text(key), Int(int64(status)), Bytes(response))
}

// DropIdempotent gives a key back after a failure, so that the request can be repeated.
func DropIdempotent(actor, key string) Stmt {
	return S("DELETE FROM tenon.idempotency WHERE actor_id = $1 AND key = $2 AND status = 0", UUID(actor), Text(key))
}

// SweepIdempotent forgets answers older than the instant.
func SweepIdempotent(before time.Time) Stmt {
	return S("DELETE FROM tenon.idempotency WHERE created_at < $1", Time(before))
}

// ParseBytes reads the text form of a bytea.
func ParseBytes(b []byte) []byte {
	if len(b) < 2 || b[0] != '\\' || b[1] != 'x' {
		return nil
	}
	b = b[2:]
	out := make([]byte, len(b)/2)
	nibble := func(c byte) byte {
		if c >= 'a' {
			return c - 'a' + 10
		}
		return c - '0'
	}
	for i := range out {
		out[i] = nibble(b[2*i])<<4 | nibble(b[2*i+1])
	}
	return out
}

// Run is one execution of a rule, as its log shows it.
type Run struct {
	ID          string `gorm:"primaryKey"`
	WorkspaceID string
	AppID       string
	RuleID      string
	Version     int
	EntityID    string
	RecordID    ID
	Trigger     Doc
	State       string
	Tries       int
	Depth       int
	Chain       string
	Cause       string
	Actor       ID
	Error       Doc
	RunAt       time.Time
	CreatedAt   time.Time
	EndedAt     When
}

// TableName says where runs are kept.
func (Run) TableName() string { return "tenon.run" }

// RunStep is a line of a run's log.
type RunStep struct {
	RunID     string `gorm:"primaryKey"`
	Path      string `gorm:"primaryKey"`
	Type      string
	State     string
	Attempt   int
	Input     Doc
	Output    Doc
	Error     Doc
	StartedAt time.Time
	EndedAt   When
}

// TableName says where runs' logs are kept.
func (RunStep) TableName() string { return "tenon.run_step" }

// RetryRun makes a run that has ended badly ready again; it goes on behind the
// steps that are done.
func (c Cold) RetryRun(id string, at time.Time) (bool, error) {
	r := c.g.Model(&Run{}).Where("id = ? AND state IN ('failed','cancelled','skipped','blocked')", id).
		Updates(map[string]any{"state": "ready", "tries": 0, "run_at": at, "lease_until": nil, "error": nil, "ended_at": nil})
	return r.RowsAffected == 1, r.Error
}

// CancelRun ends a run that has not ended; a worker that has it finds its
// attempt fenced off.
func (c Cold) CancelRun(id string, at time.Time) (bool, error) {
	r := c.g.Model(&Run{}).Where("id = ? AND state IN ('ready','queued','running','waiting','blocked')", id).
		Updates(map[string]any{"state": "cancelled", "attempt": gorm.Expr("attempt + 1"), "lease_until": nil, "ended_at": at})
	return r.RowsAffected == 1, r.Error
}

// RuleTallies counts, of the latest runs of each rule, all and those that
// failed or were stopped in a circle, and finds the last: rule, count, failed, time.
func RuleTallies(app string, rules []string, latest int64) Stmt {
	return S(`SELECT r.id, c.n, c.failed, c.last FROM unnest($2::text[]) AS r(id) CROSS JOIN LATERAL (
  SELECT count(*) AS n, count(*) FILTER (WHERE x.state IN ('failed', 'blocked')) AS failed, max(x.created_at) AS last FROM (
    SELECT state, created_at FROM tenon.run WHERE app_id = $1 AND rule_id = r.id ORDER BY seq DESC LIMIT $3) x) c
WHERE c.n > 0`, UUID(app), Texts(rules), Int(latest))
}

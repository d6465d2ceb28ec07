// Package desk keeps what lies beside records and definitions: files, comments,
// notifications, to-do tasks, personal views, share links, webhooks, jobs and
// outgoing mail.
//
// It stores and finds; it does not decide about records. Whoever calls has
// already asked the engine whether the actor may see the record that a comment
// or a file belongs to. It sends nothing over the network: deliveries and mails
// are rows that a worker takes.
//
// To add a kind of thing: its row in engine/store, a file here with what can be
// done to it, and an Event if open pages should hear of it.
package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"time"

	"tenon/engine/identity"
	"tenon/engine/store"
	"tenon/schema/fault"
)

// Options are what the service needs.
type Options struct {
	DB    *store.DB
	Now   func() time.Time
	NewID func() string
	Box   *identity.Box // seals secrets of webhooks and tokens of links
	Blobs Blobs
}

// Service is the desk of an installation.
type Service struct{ Options }

// New makes the service.
func New(o Options) *Service { return &Service{o} }

// Channel is where pages' events are announced to all nodes.
const Channel = "tenon_event"

// Event tells open pages that something of theirs changed. It holds ids only.
type Event struct {
	Type    string   `json:"type"` // notification, task, job
	ID      string   `json:"id,omitempty"`
	Members []string `json:"members"` // whom it concerns
}

// Signal announces an event; messages and tasks announce themselves, by
// triggers of their tables. Losing one costs a page some freshness, no more.
func (s *Service) Signal(ctx context.Context, e Event) {
	const most = 100 // what fits into a notification
	for len(e.Members) > 0 {
		part := e
		part.Members = e.Members[:min(len(e.Members), most)]
		e.Members = e.Members[len(part.Members):]
		b, err := json.Marshal(part)
		if err == nil {
			_ = s.DB.Notify(ctx, Channel, string(b))
		}
	}
}

// Listen calls f for every event announced by any node, until ctx ends.
func (s *Service) Listen(ctx context.Context, f func(Event)) {
	s.DB.Listen(ctx, Channel, nil, func(payload string) {
		var e Event
		if json.Unmarshal([]byte(payload), &e) == nil {
			f(e)
		}
	})
}

// Doer runs statements in a transaction: that of a write session, usually.
type Doer interface {
	Do(stmts ...store.Stmt) ([]store.Result, error)
}

// Faults of the desk.
var (
	ErrFile         = fault.Define(fault.NotFound, "file.not_found", "文件不存在，或没有查看权限", "no such file, or you may not see it")
	ErrFileSize     = fault.Define(fault.TooMany, "file.too_large", "文件超过 {max} MB", "the file is larger than {max} MB")
	ErrFileEmpty    = fault.Define(fault.Invalid, "file.empty", "文件是空的", "the file is empty")
	ErrComment      = fault.Define(fault.NotFound, "comment.not_found", "评论不存在", "no such comment")
	ErrCommentText  = fault.Define(fault.Invalid, "comment.text", "评论须为 1 到 {max} 个字符", "a comment has 1 to {max} characters")
	ErrTask         = fault.Define(fault.NotFound, "task.not_found", "待办不存在，或不是你的", "no such task, or it is not yours")
	ErrTaskClosed   = fault.Define(fault.Conflict, "task.closed", "这项待办已经处理过了", "this task has been dealt with already")
	ErrTaskOutcome  = fault.Define(fault.Invalid, "task.outcome", "请选择一个处理结果", "choose one of the outcomes")
	ErrTaskComment  = fault.Define(fault.Invalid, "task.comment", "选择该结果时请填写意见", "this outcome needs a comment")
	ErrTitle        = fault.Define(fault.Invalid, "task.title", "标题须为 1 到 {max} 个字符", "a title has 1 to {max} characters")
	ErrAssignee     = fault.Define(fault.Invalid, "task.assignee", "处理人须是本工作区已启用的成员", "assignees are active members of the workspace")
	ErrView         = fault.Define(fault.NotFound, "view.not_found", "视图不存在", "no such view")
	ErrViewName     = fault.Define(fault.Invalid, "view.name", "视图名称须为 1 到 {max} 个字符", "a view's name has 1 to {max} characters")
	ErrShare        = fault.Define(fault.NotFound, "share.not_found", "链接不存在或已关闭", "this link does not exist or is closed")
	ErrSharePass    = fault.Define(fault.Unauthenticated, "share.password", "请输入访问密码", "this link needs its password")
	ErrShareWindow  = fault.Define(fault.Forbidden, "share.window", "链接不在开放时间内", "this link is not open at this time")
	ErrShareUsed    = fault.Define(fault.TooMany, "share.used_up", "链接的使用次数已用完", "this link has been used up")
	ErrShareKind    = fault.Define(fault.Invalid, "share.kind", "不认识的链接种类“{kind}”", "unknown kind of link \"{kind}\"")
	ErrWebhook      = fault.Define(fault.NotFound, "webhook.not_found", "推送不存在", "no such webhook")
	ErrWebhookURL   = fault.Define(fault.Invalid, "webhook.url", "地址须以 https:// 或 http:// 开头", "the address must start with https:// or http://")
	ErrWebhookEvent = fault.Define(fault.Invalid, "webhook.event", "不认识的事件“{event}”", "unknown event \"{event}\"")
	ErrDelivery     = fault.Define(fault.NotFound, "delivery.not_found", "推送记录不存在", "no such delivery")
	ErrJob          = fault.Define(fault.NotFound, "job.not_found", "任务不存在", "no such job")
	ErrRepeated     = fault.Define(fault.Conflict, "request.idempotency", "这个 Idempotency-Key 已用于另一个请求", "this Idempotency-Key was used for another request")
	ErrIdempotency  = fault.Define(fault.Invalid, "request.idempotency_key", "Idempotency-Key 须为 1 到 200 个字符", "an Idempotency-Key has 1 to 200 characters")
)

var idShape = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

func isID(s string) bool { return idShape.MatchString(s) }

// token makes a random text for a link or a secret.
func token(n int) (string, error) {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

func digest(text string) []byte {
	h := sha256.Sum256([]byte(text))
	return h[:]
}

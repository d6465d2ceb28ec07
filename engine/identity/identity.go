// Package identity knows people: logins and their sessions, workspaces, members
// and departments, roles in apps, API keys, invitations, and the audit log of
// what they did. It turns a credential into the actor on whose behalf the
// engine works.
//
// A login is a person; a member is that person in one workspace. One session
// serves all workspaces, and membership is looked up per request, so the
// server keeps no "current workspace". What was looked up is kept in memory
// until somebody changes it, on this node at once and on others by a
// notification, and for a few seconds at most where that was lost.
//
// The package never sees a request and never decides what a role may do with
// records: that is package access. It never sends mail: an invitation is a link.
//
// To add a kind of credential: a method beside BySession and ByKey that returns
// a Principal.
package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"

	"tenon/engine/store"
	"tenon/schema/fault"
)

// Options configure the service. DB, Now, NewID and Prepare are required.
type Options struct {
	DB    *store.DB
	Now   func() time.Time
	NewID func() string // UUIDv7
	// Prepare makes the Postgres schema of a workspace.
	Prepare func(ctx context.Context, schemaName string) error
	Random  io.Reader // crypto/rand if nil
	Box     *Box      // seals secrets at rest
	Hash    HashCost  // argon2id's; DefaultHashCost if zero
	// Idle ends a session that is not used; Longest ends any session.
	Idle, Longest time.Duration
}

// Service is the people of an installation.
type Service struct {
	Options
	cache    cache
	hashing  chan struct{}
	decoy    string // a hash nobody knows the password of, so that unknown accounts take as long
	onChange []func()
}

// New makes the service.
func New(o Options) (*Service, error) {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Hash == (HashCost{}) {
		o.Hash = DefaultHashCost
	}
	if o.Idle == 0 {
		o.Idle = 8 * time.Hour
	}
	if o.Longest == 0 {
		o.Longest = 30 * 24 * time.Hour
	}
	s := &Service{Options: o, hashing: make(chan struct{}, 2)}
	s.cache.clear()
	secret, err := s.token(18)
	if err != nil {
		return nil, err
	}
	s.decoy, err = s.hash(context.Background(), secret)
	return s, err
}

// Faults of people and credentials.
var (
	ErrSignedOut  = fault.Define(fault.Unauthenticated, "auth.required", "请先登录", "please sign in")
	ErrSignIn     = fault.Define(fault.Unauthenticated, "auth.sign_in", "邮箱或密码不正确，或尝试次数过多，请稍后再试", "wrong e-mail or password, or too many attempts; try again later")
	ErrSetupToken = fault.Define(fault.Forbidden, "setup.token", "初始化链接无效；请使用启动时打印的最新链接", "this set-up link is not valid; use the latest one printed at start-up")
	ErrSetupDone  = fault.Define(fault.Conflict, "setup.done", "系统已经初始化", "this installation is set up already")
	ErrEmail      = fault.Define(fault.Invalid, "identity.email", "邮箱格式不正确", "this is not an e-mail address")
	ErrEmailTaken = fault.Define(fault.Conflict, "identity.email_taken", "该邮箱已注册，请使用已有账号的密码", "this e-mail address has an account already; use its password")
	ErrName       = fault.Define(fault.Invalid, "identity.name", "名称须为 1 到 {max} 个字符", "a name has 1 to {max} characters")
	ErrKeyName    = fault.Define(fault.Invalid, "identity.key", "标识“{key}”不可用：以小写字母开头，只含小写字母、数字和下划线，最长 30 个字符", "the key \"{key}\" cannot be used: start with a lower-case letter, then lower-case letters, digits and underscores, 30 at most")
	ErrKeyTaken   = fault.Define(fault.Conflict, "identity.key_taken", "标识“{key}”已被使用", "the key \"{key}\" is taken")
	ErrZone       = fault.Define(fault.Invalid, "identity.time_zone", "不认识的时区“{zone}”", "unknown time zone \"{zone}\"")
	ErrChoice     = fault.Define(fault.Invalid, "identity.choice", "“{value}”不可选", "\"{value}\" is not one of the choices")
	ErrWorkspace  = fault.Define(fault.NotFound, "workspace.not_found", "工作区不存在，或你不是其成员", "no such workspace, or you are not a member of it")
	ErrApp        = fault.Define(fault.NotFound, "app.not_found", "应用不存在，或没有访问权限", "no such app, or you may not use it")
	ErrMember     = fault.Define(fault.NotFound, "member.not_found", "成员不存在", "no such member")
	ErrDepartment = fault.Define(fault.NotFound, "department.not_found", "部门不存在", "no such department")
	ErrAPIKey     = fault.Define(fault.NotFound, "api_key.not_found", "密钥不存在", "no such API key")
	ErrInvitation = fault.Define(fault.NotFound, "invitation.not_found", "邀请链接无效、已过期或已被使用", "this invitation is not valid, has expired or was used")
	ErrSession    = fault.Define(fault.NotFound, "session.not_found", "会话不存在", "no such session")
	ErrLastAdmin  = fault.Define(fault.Conflict, "member.last_admin", "工作区至少需要一名已启用的管理员", "a workspace needs at least one active administrator")
	ErrCircle     = fault.Define(fault.Invalid, "department.circle", "不能把部门移到自己或其下级部门之下", "a department cannot be moved below itself")
	ErrHasParts   = fault.Define(fault.Conflict, "department.not_empty", "请先移走或删除下级部门", "move or delete the departments below it first")
	ErrJoined     = fault.Define(fault.Conflict, "member.joined", "你已经是该工作区的成员", "you are a member of this workspace already")
	ErrClaimed    = fault.Define(fault.Conflict, "member.claimed", "该成员已经关联了账号", "this member has an account already")
)

// Login, Member and the like are the stored rows.
type (
	Login      = store.Login
	Workspace  = store.Workspace
	Member     = store.Member
	Department = store.Department
	App        = store.App
	APIKey     = store.APIKey
	Invitation = store.Invitation
)

// token makes a random text of n bytes, safe in URLs.
func (s *Service) token(n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.Random, b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// digest is how tokens are stored: they are random, so one round is enough.
func digest(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

var emailShape = regexp.MustCompile(`^[^\s@<>",;:\\()\[\]\x00-\x1f]{1,64}@[^\s@<>",;:\\()\[\]\x00-\x1f]+\.[^\s@<>",;:\\()\[\]\x00-\x1f]{2,}$`)

func checkEmail(email string) (string, error) {
	email = strings.TrimSpace(email)
	if len(email) > 254 || !emailShape.MatchString(email) {
		return "", ErrEmail.At("email")
	}
	return email, nil
}

const maxName = 100

// checkName tidies a display name. Line breaks and other controls would forge
// lines in mails and logs.
func checkName(path, name string) (string, error) {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 1 || n > maxName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", ErrName.At(path).With("max", maxName)
	}
	return name, nil
}

func checkZone(path, zone string) error {
	if zone == "" || zone == "Local" {
		return ErrZone.At(path).With("zone", zone)
	}
	if _, err := time.LoadLocation(zone); err != nil {
		return ErrZone.At(path).With("zone", zone)
	}
	return nil
}

func oneOf(path, value string, choices ...string) error {
	for _, c := range choices {
		if c == value {
			return nil
		}
	}
	return ErrChoice.At(path).With("value", value)
}

var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]{0,29}$`)

// Slug makes a key people can read from a name: Chinese becomes pinyin. It is
// "" when nothing of the name can be used.
func Slug(name string) string {
	var b strings.Builder
	gap := false
	put := func(s string, split bool) {
		if (gap || split) && b.Len() > 0 {
			b.WriteByte('_')
		}
		gap = false
		b.WriteString(s)
	}
	args, wasHan := pinyin.NewArgs(), false
	for _, r := range strings.ToLower(name) {
		han := false
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			put(string(r), wasHan)
		default:
			if p := pinyin.SinglePinyin(r, args); len(p) > 0 && p[0] != "" {
				put(p[0], true)
				han = true
			} else {
				gap = true
			}
		}
		wasHan = han
		if b.Len() >= 26 {
			break
		}
	}
	out := strings.TrimLeft(b.String(), "0123456789_")
	if len(out) > 26 {
		out = out[:26]
	}
	return strings.Trim(out, "_")
}

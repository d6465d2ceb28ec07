package store

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"
)

// Login is a person who can sign in.
type Login struct {
	ID        string `gorm:"primaryKey"`
	Email     string
	Name      string
	Password  *string
	Locale    string
	Theme     string
	TimeZone  string
	Disabled  bool
	CreatedAt time.Time
}

// TableName says where logins are kept.
func (Login) TableName() string { return "tenon.login" }

// Session is one sign-in of a login.
type Session struct {
	TokenHash []byte `gorm:"primaryKey"`
	LoginID   string
	CreatedAt time.Time
	ExpiresAt time.Time
	SeenAt    time.Time
	Address   string
	Agent     string
}

// TableName says where sessions are kept.
func (Session) TableName() string { return "tenon.session" }

// LoginFailure counts failed sign-ins of an account.
type LoginFailure struct {
	Key         []byte `gorm:"primaryKey"`
	Failures    int
	FirstAt     time.Time
	LockedUntil When
	Locks       int
}

// TableName says where failed sign-ins are counted.
func (LoginFailure) TableName() string { return "tenon.login_failure" }

// Workspace is a tenant.
type Workspace struct {
	ID         string `gorm:"primaryKey"`
	Key        string
	Name       string
	SchemaName string
	TimeZone   string
	Locale     string
	Settings   Doc
	CreatedAt  time.Time
	DeletedAt  When
}

// TableName says where workspaces are kept.
func (Workspace) TableName() string { return "tenon.workspace" }

// Actor is whoever can be the cause of a change.
type Actor struct {
	ID          string `gorm:"primaryKey"`
	WorkspaceID ID
	Kind        string
	Name        string
}

// TableName says where actors are kept.
func (Actor) TableName() string { return "tenon.actor" }

// Member is a person in a workspace. Its id is also its actor's id.
type Member struct {
	ID          string `gorm:"primaryKey"`
	WorkspaceID string
	LoginID     ID
	Name        string
	Email       string
	Status      string
	Admin       bool
	Available   bool
	Sample      bool
	Aliases     Strings
	OperationID ID   // the import that made it, or the undo that took it away
	Undone      bool // taken away: not listed any more
	CreatedAt   time.Time
}

// TableName says where members are kept.
func (Member) TableName() string { return "tenon.member" }

// Department is a node of a workspace's tree.
type Department struct {
	ID          string `gorm:"primaryKey"`
	WorkspaceID string
	ParentID    ID
	Name        string
	HeadID      ID
	Sample      bool
	Position    int
}

// TableName says where departments are kept.
func (Department) TableName() string { return "tenon.department" }

// MemberDepartment puts a member into a department.
type MemberDepartment struct {
	MemberID     string `gorm:"primaryKey"`
	DepartmentID string `gorm:"primaryKey"`
}

// TableName says where memberships are kept.
func (MemberDepartment) TableName() string { return "tenon.member_department" }

// App is the row of an app; its definition is elsewhere.
type App struct {
	ID          string `gorm:"primaryKey"`
	WorkspaceID string
	Key         string
	Name        Doc
	Icon        string
	Hue         string
	Version     int
	Template    string
	Light       bool
	CreatedAt   time.Time
	CreatedBy   ID
	DeletedAt   When
	DeletedBy   ID
}

// TableName says where apps are kept.
func (App) TableName() string { return "tenon.app" }

// MemberRole gives a member a role of an app.
type MemberRole struct {
	AppID    string `gorm:"primaryKey"`
	MemberID string `gorm:"primaryKey"`
	RoleID   string `gorm:"primaryKey"`
}

// TableName says where members' roles are kept.
func (MemberRole) TableName() string { return "tenon.member_role" }

// DepartmentRole gives everybody in and below a department a role of an app.
type DepartmentRole struct {
	AppID        string `gorm:"primaryKey"`
	DepartmentID string `gorm:"primaryKey"`
	RoleID       string `gorm:"primaryKey"`
}

// TableName says where departments' roles are kept.
func (DepartmentRole) TableName() string { return "tenon.department_role" }

// APIKey is a machine's login. Its id is also its actor's id.
type APIKey struct {
	ID          string `gorm:"primaryKey"`
	WorkspaceID string
	Name        string
	Prefix      string
	Hash        []byte
	Scopes      Doc
	CreatedAt   time.Time
	CreatedBy   ID
	ExpiresAt   When
	UsedAt      When
	RevokedAt   When
}

// TableName says where API keys are kept.
func (APIKey) TableName() string { return "tenon.api_key" }

// Invitation is a link that lets somebody join a workspace.
type Invitation struct {
	ID          string `gorm:"primaryKey"`
	WorkspaceID string
	Hash        []byte
	Token       string
	Roles       Doc
	Departments Strings
	MemberID    ID
	Email       string
	CreatedBy   ID
	CreatedAt   time.Time
	ExpiresAt   time.Time
	Uses        int
	MaxUses     int
}

// TableName says where invitations are kept.
func (Invitation) TableName() string { return "tenon.invitation" }

// SetupToken lets its bearer make the first administrator.
type SetupToken struct {
	Hash      []byte `gorm:"primaryKey"`
	CreatedAt time.Time
}

// TableName says where set-up tokens are kept.
func (SetupToken) TableName() string { return "tenon.setup_token" }

// Audit is one line of the audit log; lines are only ever added.
type Audit struct {
	ID          int64 `gorm:"primaryKey"`
	WorkspaceID ID
	Actor       ID
	ActorName   string
	At          time.Time
	Action      string
	Target      string
	Detail      Doc
	Address     string
}

// TableName says where the audit log is kept.
func (Audit) TableName() string { return "tenon.audit" }

// LoginByEmail finds a login by its address, whatever its case.
func (c Cold) LoginByEmail(email string) (Login, bool, error) {
	var out []Login
	err := c.g.Where("lower(email) = lower(?)", strings.TrimSpace(email)).Limit(1).Find(&out).Error
	if err != nil || len(out) == 0 {
		return Login{}, false, err
	}
	return out[0], true, nil
}

// LockSetup keeps two first set-ups apart until the transaction ends.
func (c Cold) LockSetup() error {
	return c.g.Exec("SELECT pg_advisory_xact_lock(7265374)").Error
}

// LockWorkspace keeps two changes of a workspace's people apart until the
// transaction ends, so that its last administrator stays.
func (c Cold) LockWorkspace(id string) error {
	return c.g.Exec("SELECT pg_advisory_xact_lock(7265375, hashtext(?))", id).Error
}

// UseInvitation takes one use of an invitation and reports whether there was one left.
func (c Cold) UseInvitation(id string, now time.Time) (bool, error) {
	r := c.g.Model(&Invitation{}).Where("id = ? AND uses < max_uses AND expires_at > ?", id, now).
		Update("uses", gorm.Expr("uses + 1"))
	return r.RowsAffected == 1, r.Error
}

// EndSessions removes a login's sessions except the one with the hash; nil removes all.
func (c Cold) EndSessions(loginID string, except []byte) error {
	g := c.g.Where("login_id = ?", loginID)
	if except != nil {
		g = g.Where("token_hash <> ?", except)
	}
	return g.Delete(&Session{}).Error
}

// SweepSessions removes sessions that have ended.
func (c Cold) SweepSessions(now time.Time) error {
	return c.g.Where("expires_at < ?", now).Delete(&Session{}).Error
}

// AddAudit adds a line of the audit log in a transaction of records.
func AddAudit(a Audit) Stmt {
	return S(`INSERT INTO tenon.audit (workspace_id, actor, actor_name, at, action, target, detail, address) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		UUID(string(a.WorkspaceID)), UUID(string(a.Actor)), Text(a.ActorName), Time(a.At), Text(a.Action), Text(a.Target), JSON(a.Detail), Text(a.Address))
}

// NobodyActor stands in an AuditFilter for lines that nobody with an id stands behind.
const NobodyActor = "system"

// AuditFilter picks lines of an audit log; what is empty picks all.
type AuditFilter struct {
	Before       int64  // older than the line with this id
	Action       string // start of the action
	Actor        string
	Since, Until time.Time // the moment of Until is no longer in
}

// AuditLines returns lines of a workspace's audit log, the newest first.
func (c Cold) AuditLines(workspaceID string, f AuditFilter, limit int) ([]Audit, error) {
	var out []Audit
	g := c.g.Where("workspace_id = ?", workspaceID)
	if f.Before > 0 {
		g = g.Where("id < ?", f.Before)
	}
	if f.Action != "" {
		g = g.Where("starts_with(action, ?)", f.Action)
	}
	switch f.Actor {
	case "":
	case NobodyActor:
		g = g.Where("actor IS NULL")
	default:
		g = g.Where("actor = ?", f.Actor)
	}
	if !f.Since.IsZero() {
		g = g.Where("at >= ?", f.Since)
	}
	if !f.Until.IsZero() {
		g = g.Where("at < ?", f.Until)
	}
	return out, g.Order("id DESC").Limit(limit).Find(&out).Error
}

// Entrant is what a request's credential stands for.
type Entrant struct {
	Login   Login
	Session Session
	Key     APIKey
}

// SessionByHash finds a session and its login in one round trip.
func (db *DB) SessionByHash(ctx context.Context, hash []byte) (Entrant, bool, error) {
	r, err := db.Read(ctx, S("SELECT s.login_id, s.created_at, s.expires_at, s.seen_at, l.email, l.name, l.locale, l.theme, l.time_zone, l.disabled "+
		"FROM tenon.session s JOIN tenon.login l ON l.id = s.login_id WHERE s.token_hash = $1", Bytes(hash)).Planned())
	row := first(r)
	if err != nil || row == nil {
		return Entrant{}, false, err
	}
	return Entrant{
		Session: Session{TokenHash: hash, LoginID: string(row[0]), CreatedAt: ParseTime(row[1]), ExpiresAt: ParseTime(row[2]), SeenAt: ParseTime(row[3])},
		Login: Login{ID: string(row[0]), Email: string(row[4]), Name: string(row[5]), Locale: string(row[6]), Theme: string(row[7]),
			TimeZone: string(row[8]), Disabled: string(row[9]) == "t"},
	}, true, nil
}

// KeyByHash finds an API key in one round trip.
func (db *DB) KeyByHash(ctx context.Context, hash []byte) (APIKey, bool, error) {
	r, err := db.Read(ctx, S("SELECT id, workspace_id, name, scopes, expires_at, revoked_at, used_at FROM tenon.api_key WHERE hash = $1", Bytes(hash)).Planned())
	row := first(r)
	if err != nil || row == nil {
		return APIKey{}, false, err
	}
	return APIKey{ID: string(row[0]), WorkspaceID: string(row[1]), Name: string(row[2]), Scopes: Doc(row[3]),
		ExpiresAt: At(ParseTime(row[4])), RevokedAt: At(ParseTime(row[5])), UsedAt: At(ParseTime(row[6]))}, true, nil
}

// Standing is a member's place: departments with those below, departments with
// those above, and the roles held in an app.
type Standing struct {
	Member      Member
	Departments []string
	Roles       []string
}

// StandingOf loads what decides a member's rights in an app, in one round
// trip. Either the member or the login and workspace must be given.
func (db *DB) StandingOf(ctx context.Context, memberID, loginID, workspaceID, appID string) (Standing, bool, error) {
	who := S("SELECT id, workspace_id, coalesce(login_id::text, ''), name, email, status, admin FROM tenon.member WHERE id = $1", UUID(memberID))
	pick := "SELECT id FROM tenon.member WHERE id = $1"
	args := []Arg{UUID(memberID)}
	if memberID == "" {
		who = S("SELECT id, workspace_id, coalesce(login_id::text, ''), name, email, status, admin FROM tenon.member WHERE login_id = $1 AND workspace_id = $2", UUID(loginID), UUID(workspaceID))
		pick = "SELECT id FROM tenon.member WHERE login_id = $1 AND workspace_id = $2"
		args = []Arg{UUID(loginID), UUID(workspaceID)}
	}
	below := S("WITH RECURSIVE d AS (SELECT department_id AS id FROM tenon.member_department WHERE member_id = ("+pick+") "+
		"UNION SELECT c.id FROM tenon.department c JOIN d ON c.parent_id = d.id) SELECT id FROM d", args...)
	stmts := []Stmt{who, below}
	if appID != "" {
		app := "$2"
		if memberID == "" {
			app = "$3"
		}
		stmts = append(stmts, S("WITH RECURSIVE d AS (SELECT p.id, p.parent_id FROM tenon.department p JOIN tenon.member_department m ON m.department_id = p.id WHERE m.member_id = ("+pick+") "+
			"UNION SELECT p.id, p.parent_id FROM tenon.department p JOIN d ON p.id = d.parent_id) "+
			"SELECT role_id FROM tenon.member_role WHERE app_id = "+app+" AND member_id = ("+pick+") "+
			"UNION SELECT role_id FROM tenon.department_role WHERE app_id = "+app+" AND department_id IN (SELECT id FROM d) ORDER BY 1", append(args, UUID(appID))...))
	}
	r, err := db.Read(ctx, stmts...)
	if err != nil {
		return Standing{}, false, err
	}
	row := r[0].One()
	if row == nil {
		return Standing{}, false, nil
	}
	s := Standing{Member: Member{ID: string(row[0]), WorkspaceID: string(row[1]), LoginID: ID(row[2]), Name: string(row[3]),
		Email: string(row[4]), Status: string(row[5]), Admin: string(row[6]) == "t"}}
	for _, d := range r[1].Rows {
		s.Departments = append(s.Departments, string(d[0]))
	}
	if appID != "" {
		for _, d := range r[2].Rows {
			s.Roles = append(s.Roles, string(d[0]))
		}
	}
	return s, true, nil
}

// Memberships are the workspaces that a login belongs to, with the member in each.
func (c Cold) Memberships(loginID string) ([]Member, []Workspace, error) {
	members, err := Find[Member](c, Match{"login_id": loginID, "status": "active"}, "created_at")
	if err != nil || len(members) == 0 {
		return nil, nil, err
	}
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.WorkspaceID
	}
	found, err := Find[Workspace](c, Match{"id": ids, "deleted_at": nil})
	if err != nil {
		return nil, nil, err
	}
	byID := map[string]Workspace{}
	for _, w := range found {
		byID[w.ID] = w
	}
	var keep []Member
	var spaces []Workspace
	for _, m := range members {
		if w, ok := byID[m.WorkspaceID]; ok {
			keep, spaces = append(keep, m), append(spaces, w)
		}
	}
	return keep, spaces, nil
}

// Directory finds members and departments of a workspace whose name, address
// or alias contains the text.
func (c Cold) Directory(workspaceID, search string, limit int) ([]Member, []Department, error) {
	var ms []Member
	var ds []Department
	like := "%" + likeEscaper.Replace(strings.ToLower(search)) + "%"
	g := c.g.Where("workspace_id = ? AND status <> 'disabled'", workspaceID)
	if search != "" {
		g = g.Where("lower(name) LIKE ? OR lower(email) LIKE ? OR lower(array_to_string(aliases, ' ')) LIKE ?", like, like, like)
	}
	if err := g.Order("status, name, id").Limit(limit).Find(&ms).Error; err != nil {
		return nil, nil, err
	}
	g = c.g.Where("workspace_id = ?", workspaceID)
	if search != "" {
		g = g.Where("lower(name) LIKE ?", like)
	}
	return ms, ds, g.Order("position, name, id").Limit(limit).Find(&ds).Error
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// TouchSession moves a session's end, and TouchKey notes a key's use.
func (db *DB) TouchSession(ctx context.Context, hash []byte, seen, expires time.Time) error {
	_, err := db.One(ctx, "UPDATE tenon.session SET seen_at = $2, expires_at = $3 WHERE token_hash = $1", Bytes(hash), Time(seen), Time(expires))
	return err
}

// TouchKey notes when an API key was last used.
func (db *DB) TouchKey(ctx context.Context, id string, at time.Time) error {
	_, err := db.One(ctx, "UPDATE tenon.api_key SET used_at = $2 WHERE id = $1", UUID(id), Time(at))
	return err
}

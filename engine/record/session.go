package record

import (
	"context"
	"time"

	"tenon/engine/access"
	"tenon/engine/definition"
	"tenon/engine/query"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Hooks are what happens around a write that this package does not do itself.
type Hooks struct {
	// Validate runs a validate rule before the save: it may refuse with a fault
	// or return fields to set (by id).
	Validate func(ctx context.Context, s *Session, r *schema.RuleModel, c *Change) (map[string]value.Value, error)
	// Sync runs a sync rule in the transaction, after the write.
	Sync func(ctx context.Context, s *Session, r *schema.RuleModel, c *Change) error
	// Runs creates the run rows of matched async rules, in the transaction, and
	// wakes runs that wait for one of the changes.
	Runs func(ctx context.Context, s *Session, m []Match, changes []*Change) ([]store.Stmt, error)
	// Committed is told the changes once they are durable.
	Committed func(snap *definition.Snapshot, changes []*Change)
}

// Match is one async rule that a change has matched.
type Match struct {
	Rule   *schema.RuleModel
	Change *Change
	Unsure bool // the condition could not be computed
}

// Config is what sessions share.
type Config struct {
	DB    *store.DB
	Defs  *definition.Store
	Now   func() time.Time
	NewID func() string
	Hooks *Hooks
}

// Options says on whose behalf and how a session writes.
type Options struct {
	Operation string // bulk operation id, for undo
	Label     schema.Text
	Kind      string // of the operation: bulk, import, undo …
	NoRules   bool
	Cause     string // run id that led here
	Chain     string
	Depth     int
	Trusted   bool // the platform's own write: rights are not checked
}

// Session is a transaction in which records of one app change.
type Session struct {
	Ctx    context.Context
	Tx     *store.Tx
	Snap   *definition.Snapshot
	Actor  *access.Actor
	Rights *access.Rights
	Now    time.Time
	Opts   Options
	Locale string // of whoever waits for the answer, whoever acts meanwhile; "" for nobody

	cfg     *Config
	cache   map[string]map[string]*Record // linked records by entity and id
	loadErr error
	fenced  bool
	changes []*Change
	depth   int             // of propagation
	only    map[string]bool // back-fill: the computed fields to fill; nil: all
	ran     map[string]int
}

// Faults of the write path.
var (
	ErrRev         = fault.Define(fault.Conflict, "record.stale", "记录已被他人修改（当前版本 {rev}），请核对后再保存", "somebody changed this record meanwhile (it is at revision {rev}); look again before saving")
	ErrComputed    = fault.Define(fault.Invalid, "record.computed", "“{field}”是自动计算的，不能填写", "\"{field}\" is computed and cannot be written")
	ErrUnknown     = fault.Define(fault.Invalid, "record.unknown_field", "没有名为“{name}”的字段{hint}", "there is no field \"{name}\"{hint}")
	ErrRequired    = fault.Define(fault.Invalid, "record.required", "请填写“{field}”", "\"{field}\" is required")
	ErrCheck       = fault.Define(fault.Invalid, "record.check", "{message}", "{message}")
	ErrLinkGone    = fault.Define(fault.Invalid, "record.link", "“{field}”关联的记录不存在，或没有查看权限", "the record linked by \"{field}\" does not exist, or you may not see it")
	ErrPick        = fault.Define(fault.Invalid, "record.pick", "“{field}”关联的记录不在可选范围内", "the record linked by \"{field}\" is not among those that may be picked")
	ErrMemberRef   = fault.Define(fault.Invalid, "record.member", "“{field}”中的成员或部门不存在", "\"{field}\" names a member or department that does not exist")
	ErrMemberLimit = fault.Define(fault.Invalid, "record.member_limit", "“{field}”只能选择指定部门或角色里的成员", "\"{field}\" takes only members of certain departments or roles")
	ErrMatch       = fault.Define(fault.Invalid, "record.match", "匹配字段无效：{name}", "not a field to match by: {name}")
	ErrMatchMany   = fault.Define(fault.Conflict, "record.match_many", "有 {count} 条记录匹配，无法确定更新哪一条", "{count} records match; which one to update is not clear")
	ErrOpKind      = fault.Define(fault.Invalid, "record.operation", "不认识的操作“{op}”", "unknown operation \"{op}\"")
	ErrNotBin      = fault.Define(fault.Conflict, "record.not_deleted", "记录不在回收站里", "the record is not in the recycle bin")
	ErrRows        = fault.Define(fault.Invalid, "record.rows", "“{field}”应有 {min} 到 {max} 行", "\"{field}\" needs {min} to {max} rows")
	ErrInUse       = fault.Define(fault.Conflict, "record.in_use", "其他记录关联着这条记录，不能彻底删除", "other records link to this one, so it cannot be purged")
	ErrDepth       = fault.Define(fault.Invalid, "record.depth", "规则相互触发超过 {max} 层，已停止", "rules triggered each other more than {max} levels deep and were stopped")
	ErrFile        = fault.Define(fault.Invalid, "record.file", "“{field}”中的文件不存在或不属于你", "a file in \"{field}\" does not exist or is not yours")
	ErrBatch       = fault.Define(fault.Invalid, "record.batch", "一次最多 {max} 条", "at most {max} operations at once")
)

// MaxDepth is how deep rules may trigger each other.
const MaxDepth = 10

// Run opens a session on an app, calls f and commits. When a publish has moved
// the app to another version meanwhile, f runs again on the new one.
func Run(ctx context.Context, cfg *Config, appID string, actor *access.Actor, o Options, f func(s *Session) error) error {
	return run(ctx, cfg, appID, actor, o, cfg.DB.InTx, f)
}

// Rehearse is Run in a transaction that is always rolled back.
func Rehearse(ctx context.Context, cfg *Config, appID string, actor *access.Actor, o Options, f func(s *Session) error) error {
	return run(ctx, cfg, appID, actor, o, cfg.DB.Discard, f)
}

func run(ctx context.Context, cfg *Config, appID string, actor *access.Actor, o Options, in func(context.Context, func(*store.Tx) error) error, f func(s *Session) error) error {
	for try := 0; ; try++ {
		snap, err := cfg.Defs.At(ctx, appID)
		if err != nil {
			return err
		}
		var s *Session
		err = in(ctx, func(tx *store.Tx) error {
			s = newSession(ctx, cfg, tx, snap, actor, o)
			if err := f(s); err != nil {
				return err
			}
			if cfg.Hooks != nil && cfg.Hooks.Committed != nil && len(s.changes) > 0 {
				tx.AfterCommit(func() { cfg.Hooks.Committed(snap, s.changes) })
			}
			return nil
		})
		if err != nil && s != nil {
			err = s.translate(s.stale(err))
		}
		if fault.CodeOf(err) != definition.ErrStale.Code || try > 5 {
			if code, _, _ := store.PgError(err); code == "40P01" || code == "55P03" {
				return store.ErrBusy.New().Because(err)
			}
			return err
		}
		cfg.Defs.Refresh(appID)
	}
}

// RunOn is Run on a given snapshot without the fence: for the back-fill that a
// publish does on a version that is not current yet.
func RunOn(ctx context.Context, cfg *Config, snap *definition.Snapshot, actor *access.Actor, o Options, f func(s *Session) error) error {
	return cfg.DB.InTx(ctx, func(tx *store.Tx) error {
		s := newSession(ctx, cfg, tx, snap, actor, o)
		s.fenced = true
		return f(s)
	})
}

func newSession(ctx context.Context, cfg *Config, tx *store.Tx, snap *definition.Snapshot, actor *access.Actor, o Options) *Session {
	s := &Session{Ctx: ctx, Tx: tx, Snap: snap, Actor: actor, Now: cfg.Now().UTC().Truncate(time.Microsecond), Opts: o, Locale: actor.Locale, cfg: cfg,
		cache: map[string]map[string]*Record{}, ran: map[string]int{}}
	s.Rights = access.For(actor, snap.Model)
	if actor.Scopes != nil {
		ops := actor.Scopes[snap.AppID]
		if ops == nil {
			ops = actor.Scopes["*"]
		}
		if ops == nil {
			ops = map[string]bool{}
		}
		s.Rights.Limit(ops)
	}
	return s
}

// Reader makes a session for reading outside any write: expressions can follow
// links, nothing can be applied.
func Reader(ctx context.Context, cfg *Config, snap *definition.Snapshot, actor *access.Actor) *Session {
	return newSession(ctx, cfg, nil, snap, actor, Options{})
}

// Changes returns what the session has changed so far, in order.
func (s *Session) Changes() []*Change { return s.changes }

// Do runs statements in the session's transaction, fencing it against a
// publish with the first of them.
func (s *Session) Do(stmts ...store.Stmt) ([]store.Result, error) {
	if s.Tx == nil {
		out, err := s.cfg.DB.Read(s.Ctx, stmts...)
		return out, s.stale(err)
	}
	if s.fenced {
		out, err := s.Tx.Do(s.Ctx, stmts...)
		return out, s.stale(err)
	}
	lead := s.cfg.Defs.FenceStmts(s.Snap)
	out, err := s.Tx.Do(s.Ctx, append(lead, stmts...)...)
	if err != nil {
		return nil, s.stale(err)
	}
	if err := s.cfg.Defs.CheckFence(s.Snap, out[:len(lead)]); err != nil {
		return nil, err
	}
	s.fenced = true
	return out[len(lead):], nil
}

// Later adds statements of the session's transaction whose results nobody
// waits for; see store.Tx.Later.
func (s *Session) Later(stmts ...store.Stmt) {
	if !s.fenced {
		s.Tx.Later(s.cfg.Defs.FailUnless(s.Snap)...)
		s.fenced = true
	}
	s.Tx.Later(stmts...)
}

// Lastly reads with the commit what the session has written; see store.Tx.Lastly.
func (s *Session) Lastly(st store.Stmt, f func(store.Result)) { s.Tx.Lastly(st, f) }

// Settle sends what Later has left waiting, for callers who need to know
// whether it succeeds.
func (s *Session) Settle() error { return s.stale(s.Tx.Settle(s.Ctx)) }

// stale turns the failure of a statement that a publish has overtaken into the
// fault that makes callers start again on the new version.
func (s *Session) stale(err error) error {
	if err != nil && s.cfg.Defs.Stale(s.Snap, err) {
		return definition.ErrStale.New().Because(err)
	}
	return err
}

// Env makes the environment of expressions over a record (nil: none) with the
// actor, the clock and the app's settings.
func (s *Session) Env(rec, old *Record) *expr.Env { return s.envOf(rec, old) }

func (s *Session) envOf(rec, old *Record) *expr.Env {
	roots := map[string]expr.Row{}
	if rec != nil {
		roots["record"] = view{rec, s}
	}
	if old != nil {
		roots["old"] = view{old, s}
	}
	return s.envRoots(roots)
}

// Row shows a record to expressions.
func (s *Session) Row(r *Record) expr.Row {
	if r == nil {
		return nil
	}
	return view{r, s}
}

func (s *Session) envRoots(roots map[string]expr.Row) *expr.Env {
	return &expr.Env{Roots: roots, Now: s.Now, Zone: s.Snap.Zone, Me: s.Actor.Member, Departments: s.Actor.Departments, Roles: s.Actor.Roles,
		Settings: s.Snap.Settings, Query: s.query, Member: s.memberOf, Manager: s.managerOf}
}

// memberOf answers is_member_of by a query in the session.
func (s *Session) memberOf(member, group string) bool {
	if !uuidLike(member) {
		return false
	}
	r, err := s.Do(store.MemberOf(member, group))
	if err != nil {
		s.fail(err)
		return false
	}
	return r[0].Str(0) == "t"
}

// managerOf answers manager_of by a query in the session.
func (s *Session) managerOf(member string) string {
	if !uuidLike(member) {
		return ""
	}
	r, err := s.Do(store.ManagerOf(member))
	if err != nil {
		s.fail(err)
		return ""
	}
	return r[0].Str(0)
}

// query answers cross-record functions with a statement in the session.
func (s *Session) query(q *expr.Query, env *expr.Env) (value.Value, error) {
	e := s.Snap.Entity(q.Entity.ID)
	if e == nil {
		return value.Value{}, expr.ErrEntity.With("name", q.Entity.Key)
	}
	g := query.NewFor(s.Snap.Model, env, nil, "it", e)
	sql, err := g.QueryOver(q, e, "t")
	if err != nil {
		return value.Value{}, err
	}
	r, err := s.Do(store.Stmt{SQL: "SELECT " + sql, Args: g.Args})
	if err != nil {
		return value.Value{}, err
	}
	raw := r[0].One()[0]
	switch q.Fn {
	case "exists":
		return query.ReadKind(value.Bool, value.Null, raw), nil
	case "count", "sum", "avg":
		return query.ReadKind(value.Number, value.Null, raw), nil
	case "first":
		return query.ReadKind(value.Ref, value.Null, raw), nil
	case "last":
		return query.ReadKind(value.List, q.Field.Kind, raw), nil
	}
	return query.ReadKind(q.Field.Kind, q.Field.Elem, raw), nil
}

func (s *Session) fail(err error) {
	if s.loadErr == nil {
		s.loadErr = err
	}
}

// err returns and clears what went wrong while an expression followed links.
func (s *Session) err() error {
	err := s.loadErr
	s.loadErr = nil
	return err
}

// linked returns a linked record, from the session's cache or the database.
func (s *Session) linked(e *schema.EntityModel, id string) *Record {
	if id == "" {
		return nil
	}
	if r, ok := s.cache[e.ID()][id]; ok {
		return r
	}
	recs, err := s.Load(e, []string{id}, "")
	if err != nil {
		s.fail(err)
		return nil
	}
	if len(recs) == 0 {
		s.remember(e, id, nil)
		return nil
	}
	return recs[0]
}

func (s *Session) remember(e *schema.EntityModel, id string, r *Record) {
	m := s.cache[e.ID()]
	if m == nil {
		m = map[string]*Record{}
		s.cache[e.ID()] = m
	}
	m[id] = r
}

// Load reads whole records by id, deleted ones too, in id order. lock is
// "", "FOR SHARE" or "FOR NO KEY UPDATE".
func (s *Session) Load(e *schema.EntityModel, ids []string, lock string) ([]*Record, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	st := query.LoadStmt(s.Snap.Model, e, ids, lock)
	r, err := s.Do(st)
	if err != nil {
		return nil, err
	}
	return s.read(e, r[0]), nil
}

func (s *Session) read(e *schema.EntityModel, res store.Result) []*Record {
	fields := query.LoadFields(e)
	out := make([]*Record, 0, len(res.Rows))
	for _, row := range res.Rows {
		r := New(e)
		for i, f := range fields {
			r.set(f, query.ReadWire(f, row[i]))
		}
		s.remember(e, r.ID(), r)
		out = append(out, r)
	}
	return out
}

// Current returns a record as the session sees it now, deleted ones too; nil
// when it does not exist.
func (s *Session) Current(e *schema.EntityModel, id string) (*Record, error) {
	r := s.linked(e, id)
	return r, s.err()
}

// As runs f with another actor, for rules that act as the system inside a
// person's transaction.
func (s *Session) As(a *access.Actor, cause, chain string, depth int, f func() error) error {
	actor, rights, o := s.Actor, s.Rights, s.Opts
	s.Actor, s.Rights = a, access.For(a, s.Snap.Model)
	s.Opts.Cause, s.Opts.Chain, s.Opts.Depth, s.Opts.Trusted = cause, chain, depth, true
	defer func() { s.Actor, s.Rights, s.Opts = actor, rights, o }()
	return f()
}

// Find returns the ids of live records for which the condition over `it`
// holds, in id order after the given id, at most limit.
func (s *Session) Find(e *schema.EntityModel, cond *expr.Program, env *expr.Env, after string, limit int) ([]string, error) {
	st, err := query.FindStmt(s.Snap.Model, env, e, cond, after, limit)
	if err != nil {
		return nil, err
	}
	r, err := s.Do(st)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(r[0].Rows))
	for i, row := range r[0].Rows {
		ids[i] = string(row[0])
	}
	return ids, nil
}

// FieldEnv is what parsing and formatting know in this session.
func (s *Session) FieldEnv() field.Env {
	loc := s.Snap.Locale
	if s.Actor.Locale != "" {
		loc = s.Actor.Locale
	}
	return field.Env{Zone: s.Snap.Zone, Locale: loc}
}

func uuidLike(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := 0; i < 36; i++ {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	return true
}

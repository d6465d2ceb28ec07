package definition

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
)

// Options are what a Store needs from its surroundings.
type Options struct {
	Now   func() time.Time
	NewID func() string // UUIDv7
	// Backfill fills stored computed fields that are new or changed, for the
	// records that exist. snap names the columns as they are while it runs. It
	// is called before the switch and once more after it, for what writers of
	// the old version have changed meanwhile, so it must be repeatable.
	Backfill func(ctx context.Context, snap *Snapshot, entityID string, fieldIDs []string) error
	// Failpoint lets tests end a publish at a named point as a kill would.
	Failpoint func(point string) bool
	// Check finds faults that only those above can see: the steps of rules.
	Check func(m *schema.Model) fault.List
	// Hints finds what deserves a thought but prevents nothing: rules that set
	// each other off.
	Hints func(m *schema.Model) []*schema.Change
}

// Store gives access to the definitions of all apps.
type Store struct {
	db    *store.DB
	o     Options
	apps  sync.Map // app id → *entry
	pins  pins
	slots chan struct{} // publishes at a time: each keeps a connection
}

// New makes a store over the database.
func New(db *store.DB, o Options) *Store {
	return &Store{db: db, o: o, slots: make(chan struct{}, 3)}
}

// Channel is the notification channel on which nodes hear that an app's
// version, parameters or rule switches changed. The payload is the app's id.
const Channel = "tenon_app"

// Faults of apps and drafts.
var (
	ErrNoApp      = fault.Define(fault.NotFound, "app.unknown", "找不到应用", "there is no such app")
	ErrNoVersion  = fault.Define(fault.NotFound, "app.version_unknown", "找不到第 {version} 版", "there is no version {version}")
	ErrKeyTaken   = fault.Define(fault.Conflict, "app.key_taken", "标识“{key}”已被本工作区的另一个应用使用", "the key \"{key}\" is used by another app of this workspace")
	ErrKeyFixed   = fault.Define(fault.Invalid, "app.key_fixed", "应用的标识不能修改", "the key of an app cannot be changed")
	ErrNoSpace    = fault.Define(fault.NotFound, "workspace.unknown", "找不到工作区", "there is no such workspace")
	ErrStale      = fault.Define(fault.Transient, "app.stale", "应用刚刚发布了新版本，请重试", "a new version of the app has just been published; try again")
	ErrDraftRev   = fault.Define(fault.Precondition, "draft.changed", "这份设计刚被别人修改过，请刷新后再改", "somebody else has just changed this document; reload it first")
	ErrNoDoc      = fault.Define(fault.NotFound, "draft.unknown", "找不到这份设计", "there is no such document")
	ErrKind       = fault.Define(fault.Invalid, "draft.kind", "不认识的文档种类“{kind}”", "unknown kind of document \"{kind}\"")
	ErrID         = fault.Define(fault.Invalid, "draft.id", "文档的编号与地址不符", "the document's id does not match its address")
	ErrAppDoc     = fault.Define(fault.Invalid, "draft.app", "应用本身不能从设计中删除", "the app document cannot be deleted")
	ErrDuplicate  = fault.Define(fault.Invalid, "definition.duplicate_id", "编号“{id}”出现了两次", "the id \"{id}\" is used twice")
	ErrNothing    = fault.Define(fault.Invalid, "publish.nothing", "没有可发布的修改", "there is nothing to publish")
	ErrPlanMoved  = fault.Define(fault.Conflict, "publish.changed", "计划之后设计又有改动，请重新查看发布计划", "the draft has changed since the plan was made; look at the plan again")
	ErrPublishing = fault.Define(fault.Conflict, "publish.busy", "这个应用正在发布，请稍候", "this app is being published; wait a moment")
	ErrNoParam    = fault.Define(fault.Invalid, "app.param", "没有名为“{key}”的参数", "there is no parameter \"{key}\"")
	ErrParamType  = fault.Define(fault.Invalid, "app.param_type", "参数“{key}”的值类型不对", "the value of the parameter \"{key}\" has the wrong type")
	ErrNoRule     = fault.Define(fault.NotFound, "app.rule", "找不到规则", "there is no such rule")
)

// lockKey is the advisory lock of an app for a purpose.
func lockKey(purpose, app string) int64 {
	h := sha256.Sum256([]byte(purpose + "\x00" + app))
	return int64(binary.BigEndian.Uint64(h[:8]))
}

func fence(app string) int64       { return lockKey("fence", app) }
func publisher(app string) int64   { return lockKey("publish", app) }
func names(schema string) int64    { return lockKey("names", schema) }
func creation(schema string) int64 { return lockKey("schema", schema) }

// app reads an app inside a transaction and keeps other changes of its draft out.
func (s *Store) app(ctx context.Context, tx *store.Tx, appID string) (*store.AppRow, error) {
	if !isUUID(appID) {
		return nil, ErrNoApp.New()
	}
	r, err := tx.Do(ctx, store.LockApp(appID))
	if err != nil {
		return nil, err
	}
	row := store.AppOf(r[0])
	if row == nil {
		return nil, ErrNoApp.New()
	}
	return row, nil
}

// isUUID keeps what cannot be an id away from the database.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
			return false
		}
	}
	return true
}

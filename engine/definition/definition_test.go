package definition_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tenon/engine/cluster/clustertest"
	"tenon/engine/definition"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
)

func TestMain(m *testing.M) { os.Exit(clustertest.Run(m)) }

var databases atomic.Int64

// world is a database of its own with one workspace and one member.
type world struct {
	t     *testing.T
	db    *store.DB
	url   string
	s     *definition.Store
	o     definition.Options
	ws    string
	actor string
	app   string
	now   atomic.Pointer[time.Time]
	ids   atomic.Int64
}

func newWorld(t *testing.T) *world {
	t.Helper()
	ctx := t.Context()
	base := clustertest.URL(t)
	name := fmt.Sprintf("definition_%d_%d", os.Getpid(), databases.Add(1))
	admin, err := pgx.Connect(ctx, base)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	db, err := store.Open(ctx, u.String(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db.Close()
		_, _ = admin.Exec(context.WithoutCancel(ctx), "DROP DATABASE "+name+" WITH (FORCE)")
		_ = admin.Close(context.WithoutCancel(ctx))
	})
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: db, url: u.String()}
	start := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	w.now.Store(&start)
	w.o = definition.Options{Now: func() time.Time { return *w.now.Load() }, NewID: w.id}
	w.s = definition.New(db, w.o)
	w.ws, w.actor = w.id(), w.id()
	w.exec("INSERT INTO tenon.workspace (id, key, name, schema_name, created_at) VALUES ($1, 'acme', 'Acme', 'ws_acme', '2026-11-22')", store.UUID(w.ws))
	w.exec("INSERT INTO tenon.actor (id, workspace_id, kind, name) VALUES ($1, $2, 'member', 'Ann')", store.UUID(w.actor), store.UUID(w.ws))
	if w.app, err = w.s.CreateApp(ctx, w.ws, w.actor, "shop", schema.Text{ZH: "商店", EN: "Shop"}, "", ""); err != nil {
		t.Fatal(err)
	}
	return w
}

// id makes ids that are unique within a test and the same in every run.
func (w *world) id() string {
	n := w.ids.Add(1)
	h := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(n)))
	return fmt.Sprintf("01900000-0000-7000-8000-%012x", h[:6])
}

func (w *world) exec(sql string, args ...store.Arg) store.Result {
	w.t.Helper()
	r, err := w.db.Exec(w.t.Context(), sql, args...)
	if err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return r
}

// later moves the clock.
func (w *world) later(d time.Duration) {
	t := w.now.Load().Add(d)
	w.now.Store(&t)
}

// text gives the rows of a query as lines.
func (w *world) text(sql string, args ...store.Arg) string {
	w.t.Helper()
	var lines []string
	for _, row := range w.exec(sql, args...).Rows {
		var cells []string
		for _, c := range row {
			if c == nil {
				c = []byte("null")
			}
			cells = append(cells, string(c))
		}
		lines = append(lines, strings.Join(cells, " "))
	}
	return strings.Join(lines, "\n")
}

func parse(t *testing.T, text string) *schema.App {
	t.Helper()
	var app schema.App
	if err := json.Unmarshal([]byte(text), &app); err != nil {
		t.Fatal(err)
	}
	return &app
}

func (w *world) importing(text string) {
	w.t.Helper()
	if err := w.s.ImportDraft(w.t.Context(), w.app, w.actor, parse(w.t, text)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) publish() int {
	w.t.Helper()
	n, err := w.s.Publish(w.t.Context(), w.app, w.actor, nil, "", "")
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) at() *definition.Snapshot {
	w.t.Helper()
	snap, err := w.s.At(w.t.Context(), w.app)
	if err != nil {
		w.t.Fatal(err)
	}
	return snap
}

const shop = `{"app":{"key":"shop","name":{"zh-CN":"商店","en-US":"Shop"},"params":[{"key":"limit","name":"Limit","type":"number","value":3},{"key":"words","name":"Words","type":"list","value":["a"]}]},
"entities":[
 {"key":"customer","name":"Customer","title":"{name}","fields":[
  {"key":"name","name":"Name","type":"text","unique":true},
  {"key":"level","name":"Level","type":"select","options":{"choices":[{"key":"a","label":"A"},{"key":"b","label":"B"}]}},
  {"key":"labels","name":"Labels","type":"tags","options":{"free":true}},
  {"key":"spent","name":"Spent","type":"rollup","options":{"entity":"order","via":"customer","fn":"sum","field":"total"}},
  {"key":"days","name":"Days","type":"formula","options":{"expr":"days_since(created_at)","result":"number"}}]},
 {"key":"order","name":"Order","title":"{no}","indexes":[["customer","placed"]],"fields":[
  {"key":"no","name":"No","type":"text","unique":true,"indexed":true},
  {"key":"customer","name":"Customer","type":"link","options":{"entity":"customer","on_delete":"restrict"}},
  {"key":"customer_name","name":"Customer name","type":"lookup","options":{"link":"customer","field":"name"}},
  {"key":"placed","name":"Placed","type":"date"},
  {"key":"gifts","name":"Gifts","type":"links","options":{"entity":"customer","on_delete":"null"}},
  {"key":"items","name":"Items","type":"subform","fields":[
    {"key":"what","name":"What","type":"text"},{"key":"qty","name":"Qty","type":"number"},{"key":"price","name":"Price","type":"money"},
    {"key":"whose","name":"Whose","type":"link","options":{"entity":"customer"}}]},
  {"key":"total","name":"Total","type":"formula","options":{"expr":"sum(items, .qty * .price)","result":"number"}}]}],
"forms":[],"views":[{"key":"all","entity":"order","name":"All","type":"grid","config":{"columns":[{"field":"no"}],"filter":"total > 1"}}],
"dashboards":[],"rules":[{"key":"big","name":"Big","entity":"order","trigger":{"type":"created"},"condition":"total > 100","steps":[]}],
"roles":[{"key":"sales","name":"Sales","grants":[{"entity":"order","ops":["read"],"filter":"owner == me()"}]}]}`

func TestPublish_makes_tables_for_a_draft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if snap := w.at(); snap.Version != 0 || len(snap.Entities) != 0 || snap.App.Info.Name.ZH != "商店" {
		t.Errorf("an unpublished app is not empty: %+v", snap.App.Info)
	}
	w.importing(shop)
	plan, err := w.s.Plan(t.Context(), w.app, nil)
	if err != nil || len(plan.Faults) > 0 {
		t.Fatal(err, plan.Faults)
	}
	if v := w.publish(); v != 1 {
		t.Errorf("version %d", v)
	}
	snap := w.at()
	if snap.Version != 1 || snap.Schema != "ws_acme" || snap.WorkspaceKey != "acme" || snap.Zone.String() != "Asia/Shanghai" {
		t.Errorf("snapshot %d %s %s %s", snap.Version, snap.Schema, snap.WorkspaceKey, snap.Zone)
	}
	if n := snap.Settings["limit"].Int(); n != 3 {
		t.Errorf("limit is %d", n)
	}
	order := snap.Entity("order")
	if order.Schema != "ws_acme" || order.Table != "shop_order" {
		t.Errorf("order is in %s.%s", order.Schema, order.Table)
	}
	for key, want := range map[string]string{"no": "no", "customer": "customer", "customer_name": "customer_name", "gifts": "shop_order__gifts", "items": "shop_order__items", "total": "total", "owner": "owner"} {
		if got := order.Field(key).Column; got != want {
			t.Errorf("%s is in %q, want %q", key, got, want)
		}
	}
	items := order.Field("items").Sub
	if items.Schema != "ws_acme" || items.Table != "shop_order__items" || items.Field("qty").Column != "qty" || items.Field("id").Column != "id" {
		t.Errorf("rows are in %s.%s", items.Schema, items.Table)
	}
	if c := snap.Entity("customer").Field("days").Column; c != "" {
		t.Errorf("a volatile formula has the column %q", c)
	}
	got := w.text("SELECT indexname FROM pg_indexes WHERE schemaname = 'ws_acme' AND tablename LIKE 'shop_%' AND indexname LIKE '%.%' ORDER BY 1")
	want := "shop_customer.created_at_idx\nshop_customer.labels_gin\nshop_customer.level_idx\nshop_customer.name_key\nshop_customer.owner_idx\nshop_customer.zz_grams_gin\n" +
		"shop_order.created_at_idx\nshop_order.customer+placed_idx\nshop_order.customer_idx\nshop_order.no_key\nshop_order.no_sort\nshop_order.owner_idx\nshop_order.zz_grams_gin\n" +
		"shop_order__gifts.dst_idx\nshop_order__items.parent_id_idx\nshop_order__items.whose_idx"
	if got != want {
		t.Errorf("indexes:\n%s", got)
	}
	if f := snap.Constraint("shop_order.no_key"); f != order.Field("no") {
		t.Errorf("the unique index belongs to %v", f)
	}
	got = w.text("SELECT c.conrelid::regclass, pg_get_constraintdef(c.oid), c.convalidated FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = 'ws_acme' AND c.contype = 'f' ORDER BY 1, 2")
	want = `ws_acme.shop_order FOREIGN KEY (customer) REFERENCES ws_acme.shop_customer(id) ON DELETE RESTRICT DEFERRABLE t
ws_acme.shop_order__gifts FOREIGN KEY (dst) REFERENCES ws_acme.shop_customer(id) ON DELETE CASCADE DEFERRABLE t
ws_acme.shop_order__gifts FOREIGN KEY (src) REFERENCES ws_acme.shop_order(id) ON DELETE CASCADE t
ws_acme.shop_order__items FOREIGN KEY (parent_id) REFERENCES ws_acme.shop_order(id) ON DELETE CASCADE t
ws_acme.shop_order__items FOREIGN KEY (whose) REFERENCES ws_acme.shop_customer(id) ON DELETE RESTRICT DEFERRABLE t`
	if got != want {
		t.Errorf("foreign keys:\n%s", got)
	}
	id := w.id()
	w.exec("INSERT INTO ws_acme.shop_customer (id, created_at, updated_at, name, labels) VALUES ($1, '2026-11-22', '2026-11-22', '甲', '{x}')", store.UUID(id))
	w.exec("INSERT INTO ws_acme.history (at, app, entity, record, op) VALUES ('2026-11-22', $1, 'e', $2, 'create')", store.UUID(w.app), store.UUID(id))

	// Publishing again without a change is refused, adding a field is not.
	if _, err := w.s.Publish(t.Context(), w.app, w.actor, nil, "", ""); fault.CodeOf(err) != "publish.nothing" {
		t.Errorf("publishing nothing: %v", err)
	}
	w.importing(strings.Replace(shop, `{"key":"level"`, `{"key":"phone","name":"Phone","type":"phone","unique":true},{"key":"level"`, 1))
	if v := w.publish(); v != 2 {
		t.Errorf("version %d", v)
	}
	if c := w.at().Entity("customer").Field("phone").Column; c != "phone" {
		t.Errorf("phone is in %q", c)
	}
	if got := w.text("SELECT name, phone FROM ws_acme.shop_customer"); got != "甲 null" {
		t.Errorf("rows after the second publish: %s", got)
	}
	vs, err := w.s.Versions(t.Context(), w.app)
	if err != nil || len(vs) != 2 || vs[0].Version != 2 || !vs[0].Published || vs[1].Published {
		t.Errorf("versions %+v %v", vs, err)
	}
	old, err := w.s.AtVersion(t.Context(), w.app, 1)
	if err != nil || old.Version != 1 || old.Entity("customer").Field("phone") != nil || old.Entity("customer").Table != "shop_customer" {
		t.Errorf("version 1: %v", err)
	}
}

func TestFence_refuses_an_overtaken_version(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.importing(shop)
	w.publish()
	old := w.at()
	ctx := t.Context()
	err := w.db.InTx(ctx, func(tx *store.Tx) error { return w.s.Fence(ctx, tx, old) })
	if err != nil {
		t.Fatal(err)
	}
	w.importing(strings.Replace(shop, `"total > 100"`, `"total > 200"`, 1))
	w.publish()
	err = w.db.InTx(ctx, func(tx *store.Tx) error { return w.s.Fence(ctx, tx, old) })
	if !errors.Is(err, definition.ErrStale.New()) {
		t.Errorf("an old version passes the fence: %v", err)
	}
	if got := w.at().Rule("big").Def.Condition; got != "total > 200" {
		t.Errorf("condition %s", got)
	}
}

func TestDraft_is_edited_by_document(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.importing(shop)
	w.publish()
	ctx := t.Context()
	_, docs, err := w.s.Draft(ctx, w.app)
	if err != nil {
		t.Fatal(err)
	}
	var view definition.DocState
	for _, d := range docs {
		if d.Changed || d.Deleted {
			t.Errorf("%s is changed right after a publish", d.ID)
		}
		if d.Kind == "view" {
			view = d
		}
	}
	body := strings.Replace(string(view.Body), "total > 1", "total > amont", 1)
	rev, faults, err := w.s.PutDoc(ctx, w.app, w.actor, view.ID, "", json.RawMessage(body), view.Rev)
	if err != nil || rev != view.Rev+1 || len(faults) != 1 || faults[0].Path != view.ID+"/config/filter" {
		t.Errorf("rev %d faults %v error %v", rev, faults, err)
	}
	if _, _, err := w.s.PutDoc(ctx, w.app, w.actor, view.ID, "", json.RawMessage(body), view.Rev); !errors.Is(err, definition.ErrDraftRev.New()) {
		t.Errorf("an old rev is accepted: %v", err)
	}
	if err := w.s.Discard(ctx, w.app, w.actor, []string{view.ID}); err != nil {
		t.Fatal(err)
	}
	if plan, err := w.s.Plan(ctx, w.app, nil); err != nil || len(plan.Docs) != 0 {
		t.Errorf("after discarding: %v %v", plan.Docs, err)
	}
	// A new document goes out alone.
	rev, faults, err = w.s.PutDoc(ctx, w.app, w.actor, "vew_new", "view", json.RawMessage(`{"key":"mine","entity":"order","name":"Mine","type":"grid","config":{"columns":[{"field":"total"}]}}`), 0)
	if err != nil || rev != 1 || len(faults) > 0 {
		t.Fatal(rev, faults, err)
	}
	if err := w.s.DeleteDoc(ctx, w.app, w.actor, view.ID, definition.AnyRev); err != nil {
		t.Fatal(err)
	}
	if _, err := w.s.Publish(ctx, w.app, w.actor, []string{"vew_new"}, "", ""); err != nil {
		t.Fatal(err)
	}
	if app := w.at().App; len(app.Views) != 2 || app.Views[1].Config.Columns[0].Field != app.Entities[1].Fields[6].ID {
		t.Errorf("views %+v", app.Views)
	}
	w.publish()
	if app := w.at().App; len(app.Views) != 1 || app.Views[0].ID != "vew_new" {
		t.Errorf("views %+v", app.Views)
	}
	// The deleted view comes back by restoring a version.
	if err := w.s.RestoreVersion(ctx, w.app, w.actor, 1); err != nil {
		t.Fatal(err)
	}
	w.publish()
	if app := w.at().App; len(app.Views) != 1 || app.Views[0].ID != view.ID {
		t.Errorf("views %+v", app.Views)
	}
}

func TestSettings_change_without_a_publish(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.importing(shop)
	w.publish()
	ctx := t.Context()
	other := definition.New(w.db, w.o)
	listening, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { other.Listen(listening); close(done) }()
	defer func() { stop(); <-done }()
	if _, err := other.At(ctx, w.app); err != nil {
		t.Fatal(err)
	}
	if err := w.s.SetParams(ctx, w.app, map[string]json.RawMessage{"limit": json.RawMessage("7")}); err != nil {
		t.Fatal(err)
	}
	rule := w.at().Rule("big").Def.ID
	if err := w.s.SetRule(ctx, w.app, "big", false); err != nil {
		t.Fatal(err)
	}
	if err := w.s.SetLight(ctx, w.app, true); err != nil {
		t.Fatal(err)
	}
	if snap := w.at(); snap.Settings["limit"].Int() != 7 || !snap.RuleOff[rule] || !snap.Light {
		t.Errorf("limit %v off %v light %v", snap.Settings["limit"], snap.RuleOff, snap.Light)
	}
	for i := 0; ; i++ {
		snap, err := other.At(ctx, w.app)
		if err == nil && snap.Settings["limit"].Int() == 7 && snap.RuleOff[rule] && snap.Light {
			break
		}
		if i > 500 {
			t.Fatal("the other node did not hear of it")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := w.s.SetParams(ctx, w.app, map[string]json.RawMessage{"limit": json.RawMessage(`"x"`), "none": json.RawMessage("1")}); err == nil || !strings.Contains(err.Error(), "app.param_type") || !strings.Contains(err.Error(), "none") {
		t.Errorf("bad parameters: %v", err)
	}
	if err := w.s.SetParams(ctx, w.app, map[string]json.RawMessage{"limit": json.RawMessage("null")}); err != nil || w.at().Settings["limit"].Int() != 3 {
		t.Errorf("resetting: %v", err)
	}
}

func TestEnsureWorkspaceSchema_can_be_repeated_by_many(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	errs := make(chan error, 6)
	for i := range cap(errs) {
		s := definition.New(w.db, w.o)
		go func() {
			err := s.EnsureWorkspaceSchema(ctx, "ws_acme")
			if err == nil && i%2 == 0 {
				err = s.EnsurePartitions(ctx, "ws_acme", w.o.Now(), 14)
			}
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	got := w.text("SELECT min(relname), max(relname), count(*) FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE relname LIKE 'history\\_20%' AND relkind = 'r'")
	if got != "history_2026_10 history_2027_12 15" {
		t.Errorf("partitions: %s", got)
	}
	// The last moment of a month and the first of the next have their places.
	w.exec("INSERT INTO ws_acme.history (at, op) VALUES ('2026-12-31 23:59:59.999999+00', 'a'), ('2027-01-01 00:00:00+00', 'b')")
	if got := w.text("SELECT tableoid::regclass, id, op FROM ws_acme.history ORDER BY id"); got != "ws_acme.history_2026_12 1 a\nws_acme.history_2027_01 2 b" {
		t.Errorf("rows: %s", got)
	}
	if got := w.text("SELECT count(*) FROM pg_indexes WHERE tablename = 'history_2027_01'"); got != "4" {
		t.Errorf("indexes of a partition: %s", got)
	}
}

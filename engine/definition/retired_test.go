package definition_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenon/engine/definition"
	"tenon/engine/store"
	"tenon/schema/fault"
)

func TestRestoreField_brings_content_back_for_30_days(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.next(base)
	w.customer("name, code", "'n', 'kept'")
	w.next(edit(t, base, `{"id":"f_code","key":"code","name":"Code","type":"text"},`, `{"id":"f_other","key":"code","name":"Other","type":"text"},`,
		`{"id":"f_qty","key":"qty","name":"Qty","type":"number"},`, "", "sum(items, .qty)", "1"))
	w.later(24 * time.Hour)
	list, err := w.s.Retired(ctx, w.app)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	for _, x := range list {
		if x.Version != 1 || x.Entity == "" || x.Field == nil || x.Until != w.now.Load().Add(29*24*time.Hour) {
			t.Errorf("%+v", x)
		}
	}
	for _, id := range []string{"f_code", "f_qty"} {
		doc, faults, err := w.s.RestoreField(ctx, w.app, w.actor, id)
		if err != nil || len(faults) > 0 || doc == "" {
			t.Fatal(doc, faults, err)
		}
	}
	if _, _, err := w.s.RestoreField(ctx, w.app, w.actor, "f_code"); fault.CodeOf(err) != "app.not_kept" {
		t.Errorf("restored twice: %v", err)
	}
	w.publish()
	w.sound()
	if got := w.text("SELECT code_2, code FROM ws_acme.shop_customer"); got != "kept null" {
		t.Errorf("values: %s", got)
	}
	// An entity with all it has.
	w.importing(base)
	w.publish()
	o := w.id()
	w.exec("INSERT INTO ws_acme.shop_order (id, created_at, updated_at, no) VALUES ($1, '2026-11-22', '2026-11-22', '1')", store.UUID(o))
	w.exec("INSERT INTO ws_acme.shop_order__items (id, parent_id, pos, qty) VALUES ($1, $2, 0, 5)", store.UUID(w.id()), store.UUID(o))
	_, docs, err := w.s.Draft(ctx, w.app)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		if d.ID == "ent_o" || d.Kind == "view" {
			if err := w.s.DeleteDoc(ctx, w.app, w.actor, d.ID, d.Rev); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.publish()
	w.sound()
	list, err = w.s.Retired(ctx, w.app)
	if err != nil || len(list) != 2 || list[1].ID != "ent_o" && list[0].ID != "ent_o" {
		t.Errorf("%+v %v", list, err)
	}
	if doc, _, err := w.s.RestoreField(ctx, w.app, w.actor, "ent_o"); err != nil || doc != "ent_o" {
		t.Fatal(doc, err)
	}
	w.publish()
	w.sound()
	if got := w.text("SELECT o.no, i.qty FROM ws_acme.shop_order o JOIN ws_acme.shop_order__items i ON i.parent_id = o.id"); got != "1 5" {
		t.Errorf("orders: %s", got)
	}
}

func TestSweep_removes_what_was_kept_long_enough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.next(base)
	code := `{"id":"f_code","key":"code","name":"Code","type":"text"},`
	w.next(edit(t, base, code, ""))
	w.later(20 * 24 * time.Hour)
	w.next(edit(t, base[:strings.Index(base, ",\n {\"id\":\"ent_o\"")]+`],"forms":[],"views":[],"dashboards":[],"rules":[],"roles":[]}`, code, ""))
	if n, err := w.s.Sweep(ctx); n != 0 || err != nil {
		t.Errorf("%d removed too early: %v", n, err)
	}
	w.later(11 * 24 * time.Hour)
	if n, err := w.s.Sweep(ctx); n != 1 || err != nil {
		t.Errorf("%d removed: %v", n, err)
	}
	w.sound()
	if _, _, err := w.s.RestoreField(ctx, w.app, w.actor, "f_code"); fault.CodeOf(err) != "app.not_kept" {
		t.Errorf("restored what is gone: %v", err)
	}
	w.later(20 * 24 * time.Hour)
	if n, err := w.s.Sweep(ctx); n != 2 || err != nil {
		t.Errorf("%d removed: %v", n, err)
	}
	w.sound()
	if got := w.text("SELECT relname FROM pg_class WHERE relname LIKE '%shop_order%'"); got != "" {
		t.Errorf("left: %s", got)
	}
	// The same ids start afresh.
	w.next(base)
}

func TestPlan_refuses_too_many_columns_and_Rebuild_helps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.next(base)
	c := w.customer("name, code", "'n', 'c'")
	w.exec("INSERT INTO ws_acme.shop_order (id, created_at, updated_at, no, customer) VALUES ($1, '2026-11-22', '2026-11-22', '1', $2)", store.UUID(w.id()), store.UUID(c))
	// Columns that came and went count for ever.
	var add, drop []string
	for i := range 1180 {
		add = append(add, fmt.Sprintf("ADD COLUMN x%d int", i))
		drop = append(drop, fmt.Sprintf("DROP COLUMN x%d", i))
	}
	w.exec("ALTER TABLE ws_acme.shop_customer " + strings.Join(add, ", "))
	w.exec("ALTER TABLE ws_acme.shop_customer " + strings.Join(drop, ", "))
	var more strings.Builder
	for i := range 20 {
		fmt.Fprintf(&more, `{"id":"f_x%d","key":"x%d","name":"X","type":"text"},`, i, i)
	}
	wide := edit(t, base, `{"id":"f_level"`, more.String()+`{"id":"f_level"`)
	w.importing(wide)
	plan, err := w.s.Plan(ctx, w.app, nil)
	if err != nil || len(plan.Faults) != 1 || plan.Faults[0].Code != "publish.too_wide" {
		t.Fatal(plan.Faults, err)
	}
	if err := w.s.Rebuild(ctx, w.app, "customer"); err != nil {
		t.Fatal(err)
	}
	w.sound()
	indexes := w.text("SELECT indexname FROM pg_indexes WHERE tablename = 'shop_customer' AND indexname LIKE '%.%' ORDER BY 1")
	if indexes != "shop_customer.created_at_idx\nshop_customer.level_idx\nshop_customer.owner_idx\nshop_customer.zz_grams_gin" {
		t.Errorf("indexes:\n%s", indexes)
	}
	w.next(wide)
	if got := w.text("SELECT c.name, c.rev, o.no FROM ws_acme.shop_customer c JOIN ws_acme.shop_order o ON o.customer = c.id"); got != "n 1 1" {
		t.Errorf("records: %s", got)
	}
	if _, err := w.db.Exec(ctx, "DELETE FROM ws_acme.shop_customer"); err == nil {
		t.Error("the foreign key is gone")
	}
	// One field too many for a row.
	more.Reset()
	for i := range 990 {
		fmt.Fprintf(&more, `{"id":"f_y%d","key":"y%d","name":"Y","type":"member"},`, i, i)
	}
	w.importing(edit(t, base, `{"id":"f_level"`, more.String()+`{"id":"f_level"`))
	plan, err = w.s.Plan(ctx, w.app, nil)
	if err != nil || len(plan.Faults) != 1 || plan.Faults[0].Code != "publish.row_too_wide" {
		t.Errorf("faults %v %v", plan.Faults, err)
	}
}

func TestPutDoc_follows_renames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.next(base)
	_, docs, err := w.s.Draft(ctx, w.app)
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]definition.DocState{}
	for _, d := range docs {
		bodies[d.ID] = d
	}
	// name becomes title, code becomes name; a new field takes the key code.
	c := bodies["ent_c"]
	body := edit(t, string(c.Body), `"key":"name"`, `"key":"label"`, `"key":"code"`, `"key":"name"`, `{"id":"f_level"`, `{"key":"code","name":"New","type":"text"},{"id":"f_level"`)
	rev, faults, err := w.s.PutDoc(ctx, w.app, w.actor, "ent_c", "", []byte(body), c.Rev)
	if err != nil || len(faults) > 0 || rev != c.Rev+1 {
		t.Fatal(rev, faults, err)
	}
	app, docs, err := w.s.Draft(ctx, w.app)
	if err != nil {
		t.Fatal(err)
	}
	if app.Entities[0].Title != "{label}" || app.Views[0].Config.Filter != "total > 1 and customer.label != nil" {
		t.Errorf("title %s, filter %s", app.Entities[0].Title, app.Views[0].Config.Filter)
	}
	if f := app.Entities[0].Fields; f[1].Key != "name" || f[2].Key != "code" || len(f[2].ID) != 14 {
		t.Errorf("fields %+v %+v", f[1], f[2])
	}
	for _, d := range docs {
		if d.ID == "vew_1" && d.Rev != bodies["vew_1"].Rev+1 {
			t.Errorf("the view keeps rev %d", d.Rev)
		}
	}
	// The renamed entity cannot go out without the view that follows it.
	plan, err := w.s.Plan(ctx, w.app, []string{"ent_c"})
	if err != nil || len(plan.Faults) > 0 || strings.Join(plan.Docs, " ") != "ent_c vew_1" {
		t.Errorf("docs %v faults %v %v", plan.Docs, plan.Faults, err)
	}
	w.publish()
	w.sound()

	for what, c := range map[string]struct{ id, kind, body, code string }{
		"unknown property": {"vew_1", "", `{"key":"a","entity":"ent_c","name":"A","type":"grid","colour":1}`, "schema.unknown_key"},
		"other id":         {"vew_1", "", `{"id":"vew_2","key":"a","entity":"ent_c","name":"A","type":"grid"}`, "draft.id"},
		"bad id":           {"a/b", "view", `{"key":"a","entity":"ent_c","name":"A","type":"grid"}`, "draft.id"},
		"kind":             {"x", "thing", `{}`, "draft.kind"},
		"second app":       {"app_2", "app", `{"key":"shop","name":"A"}`, "draft.id"},
	} {
		if _, _, err := w.s.PutDoc(ctx, w.app, w.actor, c.id, c.kind, []byte(c.body), definition.AnyRev); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", what, err)
		}
	}
	// The order of documents is published as well.
	if err := w.s.Order(ctx, w.app, w.actor, "entity", []string{"ent_o"}); err != nil {
		t.Fatal(err)
	}
	plan, err = w.s.Plan(ctx, w.app, nil)
	if err != nil || len(plan.Faults) > 0 || len(plan.Changes) != 1 || plan.Changes[0].Kind != "moved" {
		t.Errorf("changes %+v faults %v %v", plan.Changes, plan.Faults, err)
	}
	w.publish()
	if e := w.at().App.Entities; e[0].ID != "ent_o" {
		t.Error("the order is the old one")
	}
}

package definition_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tenon/engine/definition"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/field"
)

// base is an app with two entities, ids written out so that tests can change
// keys and types under them.
const base = `{"app":{"key":"shop","name":"Shop"},
"entities":[
 {"id":"ent_c","key":"customer","name":"Customer","title":"{name}","fields":[
  {"id":"f_name","key":"name","name":"Name","type":"text"},
  {"id":"f_code","key":"code","name":"Code","type":"text"},
  {"id":"f_level","key":"level","name":"Level","type":"select","options":{"choices":[{"key":"a","label":"Gold"},{"key":"b","label":"Silver"}]}}]},
 {"id":"ent_o","key":"order","name":"Order","title":"{no}","fields":[
  {"id":"f_no","key":"no","name":"No","type":"text","unique":true},
  {"id":"f_cust","key":"customer","name":"Customer","type":"link","options":{"entity":"ent_c","on_delete":"restrict"}},
  {"id":"f_items","key":"items","name":"Items","type":"subform","fields":[
    {"id":"f_qty","key":"qty","name":"Qty","type":"number"},{"id":"f_pos","key":"pos","name":"Pos","type":"text"}]},
  {"id":"f_total","key":"total","name":"Total","type":"formula","options":{"expr":"sum(items, .qty)","result":"number"}}]}],
"forms":[],"views":[{"id":"vew_1","key":"all","entity":"ent_o","name":"All","type":"grid","config":{"filter":"total > 1 and customer.name != nil"}}],"dashboards":[],"rules":[],"roles":[]}`

// edit replaces parts of base, in pairs.
func edit(t *testing.T, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%s is not in the app", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// next publishes a changed app and checks that the database holds what the
// version asks for.
func (w *world) next(text string) *definition.Snapshot {
	w.t.Helper()
	w.importing(text)
	w.publish()
	w.sound()
	return w.at()
}

// sound checks that every name of the snapshot is there, every index is usable,
// every key is checked, and that nothing is left over.
func (w *world) sound() {
	w.t.Helper()
	snap := w.at()
	columns := map[string]string{}
	for _, line := range strings.Split(w.text("SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'ws_acme' AND a.attnum > 0 AND NOT attisdropped AND c.relkind = 'r'"), "\n") {
		name, typ, _ := strings.Cut(line, " ")
		columns[name] = typ
	}
	types := map[string]string{"timestamptz": "timestamp with time zone"}
	var check func(e *schema.EntityModel)
	check = func(e *schema.EntityModel) {
		if columns[e.Table+".id"] != "uuid" {
			w.t.Errorf("%s has no table %s", e.Key(), e.Table)
		}
		for _, f := range e.Fields {
			switch {
			case f.Sub != nil:
				check(f.Sub)
			case f.Storage == field.Links:
				if columns[f.Column+".dst"] != "uuid" {
					w.t.Errorf("%s has no table %q", f.Key(), f.Column)
				}
			case f.Storage == field.Column:
				want := f.DB.SQL
				if types[want] != "" {
					want = types[want]
				}
				if got := columns[e.Table+"."+f.Column]; got != want || f.Column == "" {
					w.t.Errorf("%s.%s is %q of type %q, want %q", e.Key(), f.Key(), f.Column, got, want)
				}
			}
		}
	}
	for _, e := range snap.Entities {
		check(e)
	}
	for what, sql := range map[string]string{
		"invalid indexes":  "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid",
		"unchecked keys":   "SELECT conrelid::regclass, conname FROM pg_constraint WHERE NOT convalidated",
		"publications":     "SELECT phase FROM tenon.publication",
		"pending places":   "SELECT def_id FROM tenon.physical WHERE def_id LIKE '%#'",
		"passing names":    "SELECT relname FROM pg_class WHERE relname LIKE 'zz_new%' OR relname LIKE 'zz_move%'",
		"passing columns":  "SELECT attrelid::regclass, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid AND c.relkind = 'r' WHERE (attname LIKE 'zz_new%' OR attname LIKE 'zz_move%') AND NOT attisdropped",
		"unknown columns":  "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'ws_acme' WHERE a.attnum > 0 AND NOT attisdropped AND c.relname NOT LIKE 'history%' AND a.attname NOT IN ('id','rev','created_at','created_by','updated_at','updated_by','owner','deleted_at','zz_grams','zz_op','src','dst','pos','parent_id') AND NOT EXISTS (SELECT 1 FROM tenon.physical p WHERE p.table_name = c.relname AND p.column_name = a.attname)",
		"unknown tables":   "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'ws_acme' WHERE c.relkind = 'r' AND c.relname NOT LIKE 'history%' AND NOT EXISTS (SELECT 1 FROM tenon.physical p WHERE p.table_name = c.relname AND p.column_name = '')",
		"places of nobody": "SELECT p.table_name, p.column_name FROM tenon.physical p WHERE NOT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = p.schema_name WHERE c.relname = p.table_name AND (p.column_name = '' OR EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = p.column_name AND NOT attisdropped)))",
	} {
		if got := w.text(sql); got != "" {
			w.t.Errorf("%s:\n%s", what, got)
		}
	}
	// A second look finds nothing to do.
	if err := w.s.Resume(w.t.Context()); err != nil {
		w.t.Error(err)
	}
}

func (w *world) customer(cols string, vals string) string {
	w.t.Helper()
	id := w.id()
	e := w.at().Entity("ent_c")
	w.exec("INSERT INTO "+store.Ident(e.Schema, e.Table)+" (id, created_at, updated_at, "+cols+") VALUES ($1, '2026-11-22', '2026-11-22', "+vals+")", store.UUID(id))
	return id
}

func TestPublish_renames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.next(base)
	c := w.customer("name, code, level", "'n', 'c', 'a'")
	w.exec("INSERT INTO ws_acme.shop_order (id, created_at, updated_at, no, customer) VALUES ($1, '2026-11-22', '2026-11-22', '1', $2)", store.UUID(w.id()), store.UUID(c))
	// Two keys change places, an entity and the keys of its tables follow.
	snap := w.next(edit(t, base, `"key":"name","name":"Name"`, `"key":"code","name":"Name"`, `"key":"code","name":"Code"`, `"key":"name","name":"Code"`,
		`"key":"order","name":"Order"`, `"key":"deal","name":"Order"`, `"key":"items"`, `"key":"rows"`, `"key":"customer","name":"Customer","type":"link"`, `"key":"buyer","name":"Customer","type":"link"`,
		"sum(items", "sum(rows", "customer.name != nil", "buyer.code != nil", `"{name}"`, `"{code}"`))
	if got := w.text("SELECT code, name, level FROM ws_acme.shop_customer"); got != "n c a" {
		t.Errorf("customers: %s", got)
	}
	if got := w.text("SELECT no, buyer IS NOT NULL FROM ws_acme.shop_deal"); got != "1 t" {
		t.Errorf("deals: %s", got)
	}
	if f := snap.Constraint("shop_deal.no_key"); f == nil || f.Key() != "no" {
		t.Errorf("unique index belongs to %v", f)
	}
	if got := snap.Entity("deal").Field("rows").Sub; got.Table != "shop_deal__rows" || got.Field("pos").Column != "pos_2" {
		t.Errorf("rows are in %s, pos in %s", got.Table, got.Field("pos").Column)
	}
	if got := w.text("SELECT indexname FROM pg_indexes WHERE tablename LIKE 'shop_deal%' AND indexname LIKE '%.%' ORDER BY 1"); got != "shop_deal.buyer_idx\nshop_deal.created_at_idx\nshop_deal.no_key\nshop_deal.owner_idx\nshop_deal.zz_grams_gin\nshop_deal__rows.parent_id_idx" {
		t.Errorf("indexes:\n%s", got)
	}
	old, err := w.s.AtVersion(t.Context(), w.app, 1)
	if err != nil || old.Entity("order").Table != "shop_deal" || old.Entity("customer").Field("name").Column != "code" {
		t.Errorf("the pinned version does not know the new names: %v", err)
	}
	// And everything back at once.
	w.next(base)
	if got := w.text("SELECT name, code FROM ws_acme.shop_customer"); got != "n c" {
		t.Errorf("customers: %s", got)
	}
}

func TestPublish_keeps_what_is_removed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.next(base)
	c := w.customer("name, code, level", "'n', 'c', 'a'")
	w.exec("INSERT INTO ws_acme.shop_order (id, created_at, updated_at, no, customer) VALUES ($1, '2026-11-22', '2026-11-22', '1', $2)", store.UUID(w.id()), store.UUID(c))
	code := `{"id":"f_code","key":"code","name":"Code","type":"text"},`
	other := strings.Replace(code, "f_code", "f_other", 1)
	link := `{"id":"f_cust","key":"customer","name":"Customer","type":"link","options":{"entity":"ent_c","on_delete":"restrict"}},`
	without := edit(t, base, link, "", " and customer.name != nil", "")
	w.next(edit(t, without, code, ""))
	if got := w.text("SELECT column_name FROM information_schema.columns WHERE table_name IN ('shop_customer', 'shop_order') AND column_name LIKE 'zz\\_%' ORDER BY 1"); got != "zz_code_1\nzz_customer_1\nzz_grams\nzz_grams\nzz_op\nzz_op" {
		t.Errorf("columns:\n%s", got)
	}
	// The removed link does not keep its target from being purged.
	w.exec("DELETE FROM ws_acme.shop_customer WHERE id = $1", store.UUID(c))
	w.customer("name", "'m'")
	w.exec("UPDATE ws_acme.shop_customer SET zz_code_1 = 'kept'")
	// The key is free for another field, also while the first one comes back.
	w.next(edit(t, without, code, other))
	w.exec("UPDATE ws_acme.shop_customer SET code = 'other'")
	snap := w.next(edit(t, base, code, code+strings.Replace(other, `"key":"code"`, `"key":"second"`, 1)))
	if got := w.text("SELECT code, second FROM ws_acme.shop_customer"); got != "kept other" {
		t.Errorf("values: %s", got)
	}
	if got := w.text("SELECT customer FROM ws_acme.shop_order"); got != "null" {
		t.Errorf("the link points to nobody: %s", got)
	}
	if snap.Entity("customer").Field("f_code").Column != "code" {
		t.Error("the field has not come back")
	}
	// An entity goes with everything it has, and comes back with it.
	w.next(edit(t, base[:strings.Index(base, ",\n {\"id\":\"ent_o\"")]+`],"forms":[],"views":[],"dashboards":[],"rules":[],"roles":[]}`, `"name":"Code"`, `"name":"Code"`))
	if got := w.text("SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'ws_acme' AND relkind = 'r' AND relname LIKE 'zz%' ORDER BY 1"); got != "zz_shop_order_1\nzz_shop_order__items_1" {
		t.Errorf("tables:\n%s", got)
	}
	w.next(base)
	if got := w.text("SELECT no FROM ws_acme.shop_order"); got != "1" {
		t.Errorf("orders: %s", got)
	}
}

func TestPublish_converts_values(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.next(base)
	for _, v := range []string{"'12'", "'１，３００.5'", "'many'", "NULL", "'7'", "'7'"} {
		w.customer("name, code, level", "'x', "+v+", 'b'")
	}
	number := `"name":"Code","type":"number"`
	changed := edit(t, base, `"name":"Code","type":"text"`, number)
	w.importing(changed)
	plan, err := w.s.Plan(t.Context(), w.app, nil)
	if err != nil || len(plan.Faults) > 0 {
		t.Fatal(err, plan.Faults)
	}
	i := slices.IndexFunc(plan.Changes, func(c *schema.Change) bool { return c.Kind == "convert" })
	if i < 0 || plan.Changes[i].Severity != schema.Dangers || plan.Changes[i].Text.EN != `1 of the 5 values of "Code" cannot be converted and become blank (such as many); the old values are kept for 30 days` || plan.Changes[i].Path != "/fields/1" {
		t.Errorf("changes: %+v", plan.Changes)
	}
	w.publish()
	w.sound()
	if got := w.text("SELECT code, zz_code_1 FROM ws_acme.shop_customer ORDER BY id"); got != "" {
		lines := strings.Split(got, "\n")
		slices.Sort(lines)
		if got := strings.Join(lines, "|"); got != "12 12|1300.5 １，３００.5|7 7|7 7|null many|null null" {
			t.Errorf("values: %s", got)
		}
	}
	// Back again: what nobody has changed is as it was, the rest is converted.
	w.exec("UPDATE ws_acme.shop_customer SET code = 8 WHERE code = 12")
	w.next(base)
	lines := strings.Split(w.text("SELECT code FROM ws_acme.shop_customer"), "\n")
	slices.Sort(lines)
	if got := strings.Join(lines, "|"); got != "7|7|8|many|null|１，３００.5" {
		t.Errorf("values: %s", got)
	}
	// A choice becomes what people read.
	w.next(edit(t, base, `"type":"select","options":{"choices":[{"key":"a","label":"Gold"},{"key":"b","label":"Silver"}]}`, `"type":"text"`))
	if got := w.text("SELECT DISTINCT level FROM ws_acme.shop_customer"); got != "Silver" {
		t.Errorf("levels: %s", got)
	}
	w.next(base)
	if got := w.text("SELECT DISTINCT level FROM ws_acme.shop_customer"); got != "b" {
		t.Errorf("levels: %s", got)
	}
}

func TestPublish_makes_a_field_unique(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.next(base)
	for _, v := range []string{"1", "1", "2", "2", "2", "3"} {
		w.customer("name, code", "'x', '"+v+"'")
	}
	unique := edit(t, base, `"name":"Code","type":"text"`, `"name":"Code","type":"text","unique":true`)
	w.importing(unique)
	plan, err := w.s.Plan(t.Context(), w.app, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Faults) != 1 || plan.Faults[0].Path != "ent_c/fields/1/unique" || plan.Faults[0].Text("en-US") != `"Code" cannot be made unique: 2 values occur more than once, such as 2 (3), 1 (2)` {
		t.Errorf("faults: %v", plan.Faults)
	}
	if _, err := w.s.Publish(t.Context(), w.app, w.actor, nil, "", ""); fault.CodeOf(err) != "publish.duplicates" {
		t.Errorf("published in spite of duplicates: %v", err)
	}
	w.sound()
	w.exec("UPDATE ws_acme.shop_customer SET code = id::text WHERE code IN ('1', '2')")
	snap := w.next(unique)
	if snap.Constraint("shop_customer.code_key") == nil {
		t.Error("no unique index")
	}
	// Values that become equal by a conversion are found while publishing, and
	// everything is taken back.
	w.exec("UPDATE ws_acme.shop_customer SET code = CASE name WHEN 'x' THEN '0' ELSE '' END || '.' || substr(id::text, 34)")
	w.exec("UPDATE ws_acme.shop_customer SET code = '5.0' WHERE id = (SELECT min(id::text)::uuid FROM ws_acme.shop_customer)")
	w.exec("UPDATE ws_acme.shop_customer SET code = '5' WHERE id = (SELECT max(id::text)::uuid FROM ws_acme.shop_customer)")
	w.importing(edit(t, base, `"name":"Code","type":"text"`, `"name":"Code","type":"number","unique":true`))
	if _, err := w.s.Publish(t.Context(), w.app, w.actor, nil, "", ""); fault.CodeOf(err) != "publish.duplicates" {
		t.Errorf("published in spite of duplicates: %v", err)
	}
	w.sound()
	// Removing the constraint takes effect with the version.
	w.next(base)
	w.exec("UPDATE ws_acme.shop_customer SET code = 'same'")
}

func TestPublish_moves_links(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.next(base)
	a, b := w.customer("name", "'a'"), w.customer("name", "'b'")
	for _, c := range []string{a, b, ""} {
		w.exec("INSERT INTO ws_acme.shop_order (id, created_at, updated_at, customer) VALUES ($1, '2026-11-22', '2026-11-22', $2)", store.UUID(w.id()), store.UUID(c))
	}
	many := edit(t, base, `"type":"link","options":{"entity":"ent_c","on_delete":"restrict"}`, `"type":"links","options":{"entity":"ent_c","on_delete":"restrict"}`, " and customer.name != nil", "")
	snap := w.next(many)
	if got := snap.Entity("order").Field("customer").Column; got != "shop_order__customer" {
		t.Errorf("links are in %s", got)
	}
	if got := w.text("SELECT c.name FROM ws_acme.shop_order__customer l JOIN ws_acme.shop_customer c ON c.id = l.dst ORDER BY 1"); got != "a\nb" {
		t.Errorf("links: %s", got)
	}
	w.exec("INSERT INTO ws_acme.shop_order__customer (src, dst, pos) SELECT src, $1, 1 FROM ws_acme.shop_order__customer WHERE dst = $2", store.UUID(b), store.UUID(a))
	w.importing(base)
	plan, err := w.s.Plan(t.Context(), w.app, nil)
	if err != nil || !slices.ContainsFunc(plan.Changes, func(c *schema.Change) bool {
		return strings.HasPrefix(c.Text.EN, "1 records have several links")
	}) {
		t.Errorf("changes: %v %v", plan.Changes, err)
	}
	w.next(base)
	if got := w.text("SELECT count(*), count(customer), count(DISTINCT customer) FROM ws_acme.shop_order"); got != "3 2 2" {
		t.Errorf("orders: %s", got)
	}
	// The rule for purging changes in place.
	w.next(edit(t, base, `"on_delete":"restrict"`, `"on_delete":"null"`))
	w.exec("DELETE FROM ws_acme.shop_customer")
	if got := w.text("SELECT count(*), count(customer) FROM ws_acme.shop_order"); got != "3 0" {
		t.Errorf("orders: %s", got)
	}
}

func TestPublish_has_computed_fields_filled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var calls []string
	w.o.Backfill = func(_ context.Context, snap *definition.Snapshot, entity string, fields []string) error {
		e := snap.Entity(entity)
		var cols []string
		for _, id := range fields {
			f := e.Field(id)
			cols = append(cols, f.Key()+"="+f.Column)
			if snap.Version == w.at().Version && f.Column != "" {
				if _, err := w.db.Exec(t.Context(), "UPDATE "+store.Ident(e.Schema, e.Table)+" SET "+store.Ident(f.Column)+" = 1"); err != nil {
					return err
				}
			}
		}
		calls = append(calls, fmt.Sprintf("%d %s %s", snap.Version, e.Key(), strings.Join(cols, ",")))
		return nil
	}
	w.s = definition.New(w.db, w.o)
	w.next(base)
	if len(calls) != 0 {
		t.Errorf("new tables were filled: %v", calls)
	}
	double := edit(t, base, `{"id":"f_total"`, `{"id":"f_double","key":"double","name":"Double","type":"formula","options":{"expr":"total * 2","result":"number"}},{"id":"f_total"`)
	w.next(double)
	// Renaming what a formula reads changes no values.
	w.next(edit(t, double, `"key":"qty"`, `"key":"pieces"`, ".qty", ".pieces"))
	w.next(edit(t, double, "sum(items, .qty)", "sum(items, .qty * 2)"))
	want := "1 order double=double|2 order double=double|4 order total=total,double=double"
	if got := strings.Join(calls, "|"); got != want {
		t.Errorf("filled: %s\nwant:   %s", got, want)
	}
}

func TestPublish_refuses_a_related_list_of_nothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	form := func(via string) string {
		return edit(t, shop, `"forms":[]`, `"forms":[{"key":"card","entity":"customer","name":"Card","layout":[{"type":"related","entity":"order"`+via+`}]}]`)
	}
	w.importing(form(""))
	plan, err := w.s.Plan(t.Context(), w.app, nil)
	if err != nil || len(plan.Faults) != 1 || plan.Faults[0].Code != "definition.related" {
		t.Fatal(plan.Faults, err)
	}
	faults, err := w.s.Check(t.Context(), w.app)
	if err != nil || len(faults) != 1 || faults[0].Path != plan.Faults[0].Path {
		t.Errorf("the draft says %v: %v", faults, err)
	}
	if _, err := w.s.Publish(t.Context(), w.app, w.actor, nil, "", ""); fault.CodeOf(err) != "definition.related" {
		t.Errorf("published: %v", err)
	}
	w.importing(form(`,"via":"customer"`))
	if v := w.publish(); v != 1 {
		t.Errorf("version %d", v)
	}
}

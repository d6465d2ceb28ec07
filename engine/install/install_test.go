package install_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"tenon/engine/cluster/clustertest"
	"tenon/engine/enginetest"
	"tenon/engine/install"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/templates"
	"tenon/templates/sample"
)

func TestMain(m *testing.M) { os.Exit(clustertest.Run(m)) }

var ctx = context.Background()

func template(t *testing.T, k *enginetest.Kit, name string) (*templates.Template, *sample.Data, *sample.Data) {
	t.Helper()
	x, err := templates.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := x.Seed("zh-CN")
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return x, seed, x.Data(k.Clock.Now().In(zone), "zh-CN")
}

func count(t *testing.T, k *enginetest.Kit, sql string, args ...store.Arg) int64 {
	t.Helper()
	r, err := k.DB.One(ctx, sql, args...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return r.Int(0)
}

func explain(err error) string {
	s := ""
	for i, f := range fault.Of(err) {
		if i == 30 {
			return s + "…"
		}
		s += "\n  " + f.Error()
	}
	return s
}

// TestInstall: the bundled CRM with its year of sample data comes in, samples
// go again without a trace, and so does the app.
func TestInstall(t *testing.T) {
	k := enginetest.New(t)
	x, seed, data := template(t, k, "crm_lifecycle")
	before := time.Now()
	app, err := install.Install(ctx, k.Engine, k.Admin, k.Workspace, x.App, seed, install.Options{Light: true})
	if err != nil {
		t.Fatalf("install: %s", explain(err))
	}
	t.Logf("definitions and %d first records: %s", seed.Count(), time.Since(before).Round(time.Millisecond))
	if n := count(t, k, `SELECT count(*) FROM tenon.member_role WHERE app_id = $1`, store.UUID(app)); n != 1 {
		t.Errorf("%d roles granted", n)
	}
	a, _, err := store.First[store.App](k.DB.Cold(ctx), store.Match{"id": app})
	if err != nil || a.Template != "crm_lifecycle" || !a.Light || a.Version != 1 {
		t.Errorf("app %+v %v", a, err)
	}
	before = time.Now()
	calls := 0
	in, err := install.LoadSample(ctx, k.Engine, k.Admin, app, data, func(done, total int) (bool, error) {
		if calls++; done > total {
			t.Errorf("%d of %d", done, total)
		}
		return false, nil
	})
	if err != nil {
		t.Fatalf("sample: %s", explain(err))
	}
	t.Logf("%d sample records in %d chunks: %s", in.Records, calls, time.Since(before).Round(time.Millisecond))
	if in.Records != data.Count() || in.Stopped {
		t.Errorf("%+v of %d", in, data.Count())
	}
	loaded(t, k, app, data)
	again, err := install.LoadSample(ctx, k.Engine, k.Admin, app, data, nil)
	if err != nil || again.Records != 0 {
		t.Errorf("a second load: %+v %v", again, err)
	}
	removed(t, k, app, data)
	gone(t, k, app, seed)
}

// table is the physical table of an entity.
func table(t *testing.T, k *enginetest.Kit, app, entity string) string {
	t.Helper()
	snap, err := k.Defs.At(ctx, app)
	if err != nil {
		t.Fatal(err)
	}
	ent := snap.Entity(entity)
	return store.Ident(ent.Schema, ent.Table)
}

// loaded: the records are what the data say, and what is computed agrees with
// plain SQL.
func loaded(t *testing.T, k *enginetest.Kit, app string, data *sample.Data) {
	t.Helper()
	want := map[string]int64{}
	for _, b := range data.Batches {
		if !b.Patch {
			want[b.Entity] += int64(len(b.Records))
		}
	}
	for ent, n := range want {
		if got := count(t, k, `SELECT count(*) FROM `+table(t, k, app, ent)); got != n {
			t.Errorf("%s: %d of %d", ent, got, n)
		}
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.sample_row WHERE app_id = $1`, store.UUID(app)); n != int64(data.Count()+len(data.Members)+len(data.Departments)) {
		t.Errorf("%d notes of sample data", n)
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.member WHERE sample AND status = 'placeholder'`); n != int64(len(data.Members)) {
		t.Errorf("%d members", n)
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.task WHERE app_id = $1 AND sample AND jsonb_array_length(outcomes) > 0`, store.UUID(app)); n == 0 {
		t.Error("no to-do has outcomes")
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.run`); n != 0 {
		t.Errorf("%d runs", n)
	}
	customer, order := table(t, k, app, "customer"), table(t, k, app, "sales_order")
	for what, sql := range map[string]string{
		"owners":   `SELECT count(*) FROM ` + customer + ` c WHERE owner IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tenon.member m WHERE m.id = c.owner)`,
		"times":    `SELECT count(*) FROM ` + order + ` WHERE created_at > now()`,
		"versions": `SELECT count(*) FROM ` + order + ` WHERE substr(id::text, 15, 1) <> '7'`,
	} {
		if n := count(t, k, sql); n != 0 {
			t.Errorf("%s: %d wrong", what, n)
		}
	}
	if n := count(t, k, `SELECT count(DISTINCT date_trunc('month', created_at)) FROM `+order); n < 11 {
		t.Errorf("orders in %d months", n)
	}
	snap, err := k.Defs.At(ctx, app)
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, f := range snap.Entity("customer").Fields {
		if f.Rollup == nil || f.Rollup.Fn != "count" || f.RollupFilter != nil || f.Via == nil || f.Via.Storage != 0 {
			continue
		}
		checked++
		rel := store.Ident(f.Rel.Schema, f.Rel.Table)
		if n := count(t, k, `SELECT count(*) FROM `+customer+` c WHERE `+store.Ident(f.Column)+` <> (SELECT count(*) FROM `+rel+` r WHERE r.deleted_at IS NULL AND r.`+store.Ident(f.Via.Column)+` = c.id)`); n != 0 {
			t.Errorf("%s is wrong on %d customers", f.Key(), n)
		}
	}
	if checked == 0 {
		t.Error("no rollup was checked")
	}
}

// removed: samples go, but for the customer that a real contact belongs to and
// what that customer cannot do without.
func removed(t *testing.T, k *enginetest.Kit, app string, data *sample.Data) {
	t.Helper()
	customer, contact := table(t, k, app, "customer"), table(t, k, app, "contact")
	r, err := k.DB.One(ctx, `SELECT id, owner FROM `+customer+` WHERE owner IS NOT NULL ORDER BY id LIMIT 1`)
	if err != nil {
		t.Fatal(err)
	}
	id, owner := r.Str(0), r.Str(1)
	mine := k.Create(k.Admin, app, "contact", `{"name":"真联系人","customer":"`+id+`"}`)
	before := time.Now()
	out, err := install.RemoveSample(ctx, k.Engine, k.Admin, app)
	if err != nil {
		t.Fatalf("remove: %s", explain(err))
	}
	t.Logf("%d samples removed: %s", out.Records, time.Since(before).Round(time.Millisecond))
	found := map[string]install.Kept{}
	for _, x := range out.Kept {
		found[x.Entity+"/"+x.ID] = x
		if x.Title == "" {
			t.Errorf("%+v has no title", x)
		}
	}
	c, ok := found["customer/"+id]
	if !ok || c.By == nil || c.By.ID != mine || c.By.Title == "" {
		t.Errorf("kept %+v", out.Kept)
	}
	if m, ok := found["member/"+owner]; !ok || m.By == nil || m.By.ID != id {
		t.Errorf("the owner of what stays went: %+v", out.Kept)
	}
	if len(out.Kept) > 10 {
		t.Errorf("%d samples stay", len(out.Kept))
	}
	n := int64(0)
	for _, x := range out.Kept {
		if x.Entity != store.SampleMember && x.Entity != store.SampleDepartment {
			n++
		}
	}
	if out.Records != data.Count()-int(n) || out.Members == 0 {
		t.Errorf("%+v", out)
	}
	if got := count(t, k, `SELECT count(*) FROM `+contact); got != 1 {
		t.Errorf("%d contacts", got)
	}
	if got := count(t, k, `SELECT count(*) FROM tenon.task WHERE app_id = $1`, store.UUID(app)); got != 0 {
		t.Errorf("%d to-dos", got)
	}
	rec := k.Record(k.Admin, app, "customer", id)
	for _, f := range []string{"need_count", "follow_count"} {
		if v := enginetest.Show(rec, f); v != "0" && v != "<absent>" {
			t.Errorf("%s = %s after its records went", f, v)
		}
	}
	if err := k.Delete(k.Admin, app, "contact", mine); err != nil {
		t.Fatal(err)
	}
	if _, err := k.DB.Exec(ctx, `DELETE FROM `+contact); err != nil {
		t.Fatal(err)
	}
	if out, err = install.RemoveSample(ctx, k.Engine, k.Admin, app); err != nil || len(out.Kept) != 0 || out.Records != int(n) {
		t.Errorf("the second time: %+v %v", out, err)
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.member WHERE sample`) + count(t, k, `SELECT count(*) FROM tenon.department WHERE sample`) + count(t, k, `SELECT count(*) FROM tenon.sample_row`); n != 0 {
		t.Errorf("%d traces of sample people", n)
	}
}

// gone: after an uninstall nothing of the app is left.
func gone(t *testing.T, k *enginetest.Kit, app string, seed *sample.Data) {
	t.Helper()
	if n := count(t, k, `SELECT count(*) FROM `+table(t, k, app, seed.Batches[0].Entity)); n == 0 {
		t.Error("the first records went with the samples")
	}
	if err := install.Uninstall(ctx, k.Engine, app); err != nil {
		t.Fatalf("uninstall: %s", explain(err))
	}
	if n := count(t, k, `SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'ws_main' AND c.relkind IN ('r', 'p') AND c.relname NOT LIKE 'history%'`); n != 0 {
		t.Errorf("%d tables are left", n)
	}
	r, err := k.DB.One(ctx, `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'tenon' AND column_name IN ('app_id', 'app')`)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Rows {
		if n := count(t, k, `SELECT count(*) FROM tenon.`+store.Ident(string(row[0]))+` WHERE `+store.Ident(string(row[1]))+`::text = $1`, store.Text(app)); n != 0 {
			t.Errorf("%s: %d rows are left", row[0], n)
		}
	}
	if n := count(t, k, `SELECT count(*) FROM ws_main.history WHERE app = $1`, store.UUID(app)); n != 0 {
		t.Errorf("%d lines of history are left", n)
	}
	if err := install.Uninstall(ctx, k.Engine, app); fault.CodeOf(err) != install.ErrNoApp.Code {
		t.Errorf("a second uninstall: %v", err)
	}
}

// TestLoadSampleStops: a load that is stopped keeps what it has done and goes
// on from there; another one of the app under another name is apart from it.
func TestLoadSampleStops(t *testing.T) {
	k := enginetest.New(t)
	app := &schema.App{}
	if err := json.Unmarshal([]byte(people), app); err != nil {
		t.Fatal(err)
	}
	id, err := install.Install(ctx, k.Engine, k.Admin, k.Workspace, app, nil, install.Options{})
	if err != nil {
		t.Fatal(explain(err))
	}
	data := &sample.Data{Members: []sample.Person{{ID: "a", Name: "甲", Departments: []string{"d"}, Roles: []string{"user"}}},
		Departments: []sample.Unit{{ID: "d", Name: "部", Parent: "top", Head: "a"}, {ID: "top", Name: "总部"}}}
	b := sample.Batch{Entity: "node"}
	for i := range 1200 {
		v := map[string]any{"name": fmt.Sprint("n", i), "owner": sample.Member("a"), "unit": sample.Department("d"), "size": i, "created_at": k.Clock.Now().Add(-time.Duration(i) * time.Hour)}
		if i > 0 {
			v["above"] = sample.Ref(fmt.Sprint(i - 1))
		}
		v["next"] = sample.Ref(fmt.Sprint((i + 1) % 1200))
		v["lines"] = []sample.Row{{"what": "x", "of": sample.Ref("0"), "qty": 2.5}}
		b.Records = append(b.Records, sample.Record{ID: fmt.Sprint(i), Values: v})
	}
	data.Batches = []sample.Batch{b, {Entity: "node", Patch: true, Records: []sample.Record{{ID: "0", Values: map[string]any{"friends": []sample.Ref{"5", "900"}}}}}}
	in, err := install.LoadSample(ctx, k.Engine, k.Admin, id, data, func(done, total int) (bool, error) { return done >= 500, nil })
	if err != nil || !in.Stopped || in.Records != 500 {
		t.Fatalf("%+v %s", in, explain(err))
	}
	if in, err = install.LoadSample(ctx, k.Engine, k.Admin, id, data, nil); err != nil || in.Stopped || in.Records != 700 {
		t.Fatalf("%+v %s", in, explain(err))
	}
	nodes := table(t, k, id, "node")
	snap, err := k.Defs.At(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	for sql, want := range map[string]int64{
		`SELECT count(*) FROM ` + nodes:                                                            1200,
		`SELECT count(*) FROM ` + nodes + ` WHERE next IS NULL`:                                    0,
		`SELECT count(*) FROM ` + nodes + ` WHERE above IS NULL`:                                   1,
		`SELECT count(*) FROM ` + nodes + ` WHERE owner IS NULL`:                                   0,
		`SELECT count(*) FROM tenon.member_role WHERE app_id = '` + id + `'`:                       2,
		`SELECT count(*) FROM tenon.department WHERE head_id IS NOT NULL`:                          1,
		`SELECT count(*) FROM tenon.department WHERE parent_id IS NOT NULL`:                        1,
		`SELECT children FROM ` + nodes + ` WHERE name = 'n7'`:                                     1,
		`SELECT count(*) FROM ws_main.` + store.Ident(snap.Entity("node").Field("friends").Column): 2,
		`SELECT count(*) FROM ws_main.` + store.Ident(snap.Entity("node").Field("lines").Column):   1200,
		`SELECT count(*) FROM ws_main.history WHERE op = 'update' AND rev > 2`:                     0,
	} {
		if n := count(t, k, sql); n != want {
			t.Errorf("%s: %d, want %d", sql, n, want)
		}
	}
	second := &schema.App{}
	if err := json.Unmarshal([]byte(people), second); err != nil {
		t.Fatal(err)
	}
	other, err := install.Install(ctx, k.Engine, k.Admin, k.Workspace, second, nil, install.Options{Name: schema.Text{ZH: "又一个", EN: "Another"}})
	if err != nil {
		t.Fatal(explain(err))
	}
	if a, _, err := store.First[store.App](k.DB.Cold(ctx), store.Match{"id": other}); err != nil || a.Key != "people_2" {
		t.Errorf("%+v %v", a, err)
	}
	// A real record of the other app keeps a person, not a sample.
	r, err := k.DB.One(ctx, `SELECT id FROM tenon.member WHERE sample`)
	if err != nil {
		t.Fatal(err)
	}
	k.Create(k.Admin, other, "node", `{"name":"真","owner":"`+r.Str(0)+`"}`)
	out, err := install.RemoveSample(ctx, k.Engine, k.Admin, id)
	if err != nil || out.Records != 1200 || out.Departments != 0 || len(out.Kept) != 3 || out.Kept[2].By == nil || out.Kept[2].By.App != other {
		t.Errorf("%+v %s", out, explain(err))
	}
}

const people = `{"app":{"key":"people","name":{"zh-CN":"人","en-US":"People"}},"entities":[{"key":"node","name":"节点","title":"{name}","fields":[
 {"key":"name","name":"名称","type":"text","required":true},
 {"key":"size","name":"大小","type":"number"},
 {"key":"unit","name":"部门","type":"department"},
 {"key":"above","name":"上级","type":"link","options":{"entity":"node","on_delete":"restrict"}},
 {"key":"next","name":"下一个","type":"link","options":{"entity":"node","on_delete":"cascade"}},
 {"key":"friends","name":"朋友","type":"links","options":{"entity":"node"}},
 {"key":"lines","name":"明细","type":"subform","fields":[{"key":"what","name":"物","type":"text"},{"key":"of","name":"属","type":"link","options":{"entity":"node","on_delete":"restrict"}},{"key":"qty","name":"量","type":"number"}]},
 {"key":"children","name":"下级数","type":"rollup","options":{"entity":"node","via":"above","fn":"count"}}]}],
 "roles":[{"key":"user","name":"用户","grants":[{"entity":"node","ops":["read"]}]},{"key":"boss","name":"管理","admin":true,"grants":[]}]}`

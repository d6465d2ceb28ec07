package transfer_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenon/engine/cluster/clustertest"
	"tenon/engine/enginetest"
	"tenon/engine/store"
	"tenon/engine/transfer"
	"tenon/schema/fault"
)

func TestMain(m *testing.M) { os.Exit(clustertest.Run(m)) }

var ctx = context.Background()

func source(t *testing.T, name, text string, o transfer.Read) *transfer.Source {
	t.Helper()
	s, err := transfer.Open(strings.NewReader(text), name, 10<<20, o)
	if err != nil {
		t.Fatal(explain(err))
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func explain(err error) string {
	s := ""
	for i, f := range fault.Of(err) {
		if i == 20 {
			return s + "…"
		}
		s += "\n  " + f.Error()
	}
	return s
}

func count(t *testing.T, k *enginetest.Kit, sql string, args ...store.Arg) int64 {
	t.Helper()
	r, err := k.DB.One(ctx, sql, args...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return r.Int(0)
}

func table(t *testing.T, k *enginetest.Kit, app, entity string) string {
	t.Helper()
	snap, err := k.Defs.At(ctx, app)
	if err != nil {
		t.Fatal(err)
	}
	ent := snap.Entity(entity)
	return store.Ident(ent.Schema, ent.Table)
}

// data opens one of the real data sets, in TENON_DATA or beside the repository;
// the test is skipped without them.
func data(t *testing.T, name string) *transfer.Source {
	t.Helper()
	folder := os.Getenv("TENON_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "data")
	}
	file := filepath.Join(folder, name)
	if _, err := os.Stat(file); err != nil {
		t.Skipf("%s is not here", name)
	}
	s, err := transfer.OpenFile(file, name, transfer.Read{})
	if err != nil {
		t.Fatal(explain(err))
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// raw reads a data set as it is, for counting by other means.
func raw(t *testing.T, s *transfer.Source, name string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(transfer.PathOf(s))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range all[1:] {
		m := map[string]string{}
		for i, h := range all[0] {
			m[strings.TrimPrefix(h, "\ufeff")] = strings.TrimSpace(rec[i])
		}
		rows = append(rows, m)
	}
	return rows
}

const shop = `{"app":{"key":"shop","name":"店"},"entities":[
 {"key":"product","name":"产品","title":"{name}","fields":[
  {"key":"code","name":"编码","type":"text","unique":true},{"key":"name","name":{"zh-CN":"名称","en-US":"Name"},"type":"text","required":true}]},
 {"key":"client","name":{"zh-CN":"客户","en-US":"Client"},"title":"{name}","fields":[
  {"key":"no","name":"编号","type":"serial","options":{"pattern":"C{0000}"}},
  {"key":"code","name":"代码","type":"text","unique":true},
  {"key":"name","name":{"zh-CN":"名称","en-US":"Name"},"type":"text","required":true,"options":{"max_length":40}},
  {"key":"phone","name":"电话","type":"phone"},
  {"key":"level","name":"级别","type":"select","options":{"choices":[{"key":"a","label":{"zh-CN":"甲级","en-US":"First"}},{"key":"b","label":"乙级","aliases":["second"]}]},"default":{"value":"b"}},
  {"key":"revenue","name":"营收","type":"money"},
  {"key":"founded","name":"成立","type":"date"},
  {"key":"active","name":"启用","type":"boolean"},
  {"key":"labels","name":"标签","type":"tags"},
  {"key":"parent_client","name":"母公司","type":"link","options":{"entity":"client"}},
  {"key":"likes","name":"喜欢","type":"links","options":{"entity":"product"}},
  {"key":"best","name":"最爱","type":"link","options":{"entity":"product"}},
  {"key":"agent","name":"业务员","type":"member"},
  {"key":"unit","name":"部门","type":"department"},
  {"key":"children","name":"子公司","type":"rollup","options":{"entity":"client","via":"parent_client","fn":"count"}}],
  "checks":[{"when":"revenue > 1000000000","message":{"zh-CN":"营收过大","en-US":"Too rich"},"fields":["revenue"]}]}],
 "rules":[
  {"key":"welcome","name":"欢迎","entity":"client","trigger":{"type":"created"},"condition":"level == \"a\"","steps":[]},
  {"key":"any","name":"任何","entity":"client","trigger":{"type":"created_or_updated"},"steps":[]},
  {"key":"off","name":"停用","entity":"client","trigger":{"type":"created"},"off":true,"steps":[]}],
 "roles":[{"key":"seller","name":"销售","grants":[{"entity":"client","ops":["create","read","update","import","export"],"filter":"owner == me()","fields":[{"field":"phone","rule":"hidden"}]},{"entity":"product","ops":["read"]}]}]}`

func mapping(t *testing.T, text string) transfer.Mapping {
	t.Helper()
	var m transfer.Mapping
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestImport: every kind of value, links by name and by code, made on the way,
// to rows further down; people; bad rows with their reasons; a second import
// that changes nothing; undo.
func TestImport(t *testing.T) {
	k := enginetest.New(t)
	app := k.App(shop)
	k.Create(k.Admin, app, "product", `{"code":"GP","name":"GTX Pro"}`)
	k.Create(k.Admin, app, "product", `{"code":"D1","name":"双胞"}`)
	k.Create(k.Admin, app, "product", `{"code":"D2","name":"双胞"}`)
	k.Create(k.Admin, app, "client", `{"code":"OLD","name":"旧客户","revenue":5}`)
	k.Member("李雷")
	if _, err := k.DB.Exec(ctx, `INSERT INTO tenon.department (id, workspace_id, name) VALUES ($1, $2, '总部')`, store.UUID(enginetest.NewID()), store.UUID(k.Workspace)); err != nil {
		t.Fatal(err)
	}
	text := strings.Join([]string{
		"代码;公司;电话;级别;营收;成立;启用;标签;母公司;喜欢;最爱;业务员;部门;kind",
		"C1;云图;138 0013 8000;甲级;￥1,200.50;2020年1月5日;是;大,新;海角;GP、GTX Pro;GTXPro;李雷;总部;1",
		"C2;海角;;;2.5;2021/2/3;no;;;Neo;;韩梅梅;;1",
		"C3;天涯;abc;丙级;x;2021-13-45;maybe;;无此公司;双胞;;;无此部门;1",
		";无码;;;;;;;;;;;;1",
		"C1;重复;;;;;;;;;;;;1",
		"C5;;;;;;;;;;;;;1",
		"C6;富豪;;;9999999999;;;;;;;;;1",
		"OLD;旧客户改;;second;;;;;;;;;;1",
		"C7;不要;;;;;;;;;;;;2",
	}, "\n")
	m := mapping(t, `{"entity":"client","match":["code"],"filter":"kind == \"1\"","columns":[
	 {"field":"code","column":"代码"},{"field":"name","column":"公司"},{"field":"phone","column":"电话"},{"field":"level","column":"级别","on_blank":"default"},
	 {"field":"revenue","column":"营收","factor":10},{"field":"founded","column":"成立"},{"field":"active","column":"启用"},{"field":"labels","column":"标签"},
	 {"field":"parent_client","column":"母公司","find":["name"]},{"field":"likes","column":"喜欢","find":["code","name"],"create":true},
	 {"field":"best","column":"最爱","values":{"gtxpro":"GTX Pro"},"find":["name"]},{"field":"agent","column":"业务员","create":true},{"field":"unit","column":"部门"}]}`)
	src := source(t, "客户.csv", text, transfer.Read{})
	var bad strings.Builder
	dry, err := transfer.DryRun(ctx, k.Engine, k.Admin, app, src, m, transfer.Options{Report: &bad})
	if err != nil {
		t.Fatal(explain(err))
	}
	clients := table(t, k, app, "client")
	if n := count(t, k, `SELECT count(*) FROM `+clients) + count(t, k, `SELECT count(*) FROM tenon.member`) + count(t, k, `SELECT coalesce(sum(next), 0) FROM tenon.sequence`); n != 1+2+2 {
		t.Errorf("the dry run left traces: %d", n)
	}
	want := map[int]string{4: "phone field.phone level field.choice revenue field.number founded field.date active field.boolean unit import.department parent_client import.not_found likes import.ambiguous",
		5: "code import.blank_key", 7: "name record.required", 8: "revenue record.check"}
	check := func(r *transfer.Result, what string) {
		t.Helper()
		for _, x := range r.Refused {
			got := []string{}
			for _, e := range x.Errors {
				got = append(got, e.Field+" "+e.Code)
				if e.Message == "" || e.Column == "" {
					t.Errorf("%s: %+v", what, e)
				}
			}
			if w, ok := want[x.Row]; !ok || !sameWords(w, strings.Join(got, " ")) {
				t.Errorf("%s: row %d: %s", what, x.Row, strings.Join(got, " "))
			}
		}
		if len(r.Refused) != len(want) || r.Bad != len(want) || r.Rows != 9 || r.Skipped != 1 || r.Created != 2 || r.Updated != 2 || r.Members != 1 || r.Related["product"] != 1 {
			t.Errorf("%s: %+v", what, r)
		}
		// C1 is made and changed again further down.
		if len(r.Rules) != 2 || r.Rules[0].Key != "any" || r.Rules[0].Runs < 4 || r.Rules[1].Key != "welcome" || r.Rules[1].Runs != 1 {
			t.Errorf("%s: rules %+v", what, r.Rules)
		}
	}
	check(dry, "dry run")
	if lines := strings.Count(bad.String(), "\n"); lines != 5 || !strings.Contains(bad.String(), "C3") {
		t.Errorf("report:\n%s", bad.String())
	}
	res, err := transfer.Run(ctx, k.Engine, k.Admin, app, src, m, transfer.Options{})
	if err != nil {
		t.Fatal(explain(err))
	}
	check(res, "run")
	for sql, want := range map[string]string{
		`SELECT name || ' ' || phone || ' ' || level || ' ' || revenue || ' ' || founded || ' ' || active || ' ' || labels::text FROM ` + clients + ` WHERE code = 'C1'`: "重复 13800138000 a 12005 2020-01-05 true {大,新}",
		`SELECT p.name FROM ` + clients + ` c JOIN ` + clients + ` p ON c.parent_client = p.id WHERE c.code = 'C1'`:                                                      "海角",
		`SELECT children FROM ` + clients + ` WHERE code = 'C2'`:                                                                                                         "1",
		`SELECT level || ' ' || revenue || ' ' || no FROM ` + clients + ` WHERE code = 'C2'`:                                                                             "b 25 C0003",
		`SELECT name || ' ' || level || ' ' || rev FROM ` + clients + ` WHERE code = 'OLD'`:                                                                              "旧客户改 b 2",
		`SELECT m.name || ' ' || m.status FROM ` + clients + ` c JOIN tenon.member m ON m.id = c.agent WHERE c.code = 'C2'`:                                              "韩梅梅 placeholder",
		`SELECT p.code FROM ` + clients + ` c JOIN ` + table(t, k, app, "product") + ` p ON p.id = c.best WHERE c.code = 'C1'`:                                           "GP",
		`SELECT count(*) FROM ` + table(t, k, app, "product"):                                                                                                            "4",
		`SELECT count(*) FROM tenon.run`: "0",
		`SELECT kind || ' ' || count FROM tenon.operation WHERE id = '` + res.Operation + `'`: "import 6",
	} {
		r, err := k.DB.One(ctx, sql)
		if err != nil || r.Str(0) != want {
			t.Errorf("%s: %q, want %q (%v)", sql, r.Str(0), want, err)
		}
	}
	history := count(t, k, `SELECT count(*) FROM ws_main.history`)
	// The row that changed C1 back and forth is left out, or each import would change it twice.
	once := strings.Replace(text, "C1;重复;;;;;;;;;;;;1\n", "", 1)
	once = strings.Replace(once, "C1;云图", "C1;重复", 1)
	again, err := transfer.Run(ctx, k.Engine, k.Admin, app, source(t, "again.csv", once, transfer.Read{}), m, transfer.Options{})
	if err != nil || again.Created != 0 || again.Updated != 0 || again.Unchanged != 3 || again.Members != 0 || count(t, k, `SELECT count(*) FROM ws_main.history`) != history {
		t.Errorf("the second import: %+v %s", again, explain(err))
	}
	u, err := k.Undo(ctx, k.Admin, app, res.Operation)
	if err != nil || len(u.Kept) != 0 || u.Members != 1 || len(u.MembersKept) != 0 {
		t.Errorf("undo: %+v %s", u, explain(err))
	}
	r, err := k.DB.One(ctx, `SELECT string_agg(name || ' ' || revenue, ',') FROM `+clients+` WHERE deleted_at IS NULL`)
	if err != nil || r.Str(0) != "旧客户 5" {
		t.Errorf("after the undo: %q %v", r.Str(0), err)
	}
	if n := count(t, k, `SELECT count(*) FROM `+table(t, k, app, "product")+` WHERE deleted_at IS NULL`); n != 3 {
		t.Errorf("%d products after the undo", n)
	}
	// The person whom the import added is gone, comes back with a redo, and
	// stays when a record of somebody else's names it meanwhile.
	added := func() int64 {
		return count(t, k, `SELECT count(*) FROM tenon.member WHERE name = '韩梅梅' AND status = 'placeholder' AND NOT undone`)
	}
	if n := added(); n != 0 {
		t.Errorf("%d added people after the undo", n)
	}
	redo, err := k.Undo(ctx, k.Admin, app, u.Operation)
	if err != nil || redo.Members != 1 || added() != 1 {
		t.Errorf("redo: %+v %s, %d people", redo, explain(err), added())
	}
	if r, err = k.DB.One(ctx, `SELECT id FROM tenon.member WHERE name = '韩梅梅'`); err != nil {
		t.Fatal(err)
	}
	k.Create(k.Admin, app, "client", `{"code":"MINE","name":"自己的","agent":"`+r.Str(0)+`"}`)
	last, err := k.Undo(ctx, k.Admin, app, redo.Operation)
	if err != nil || last.Members != 0 || strings.Join(last.MembersKept, ",") != "韩梅梅" || added() != 1 {
		t.Errorf("undo with a person in use: %+v %s, %d people", last, explain(err), added())
	}
}

// sameWords compares lists of words whatever their order.
func sameWords(a, b string) bool {
	x, y := map[string]int{}, map[string]int{}
	for _, w := range strings.Fields(a) {
		x[w]++
	}
	for _, w := range strings.Fields(b) {
		y[w]++
	}
	if len(x) != len(y) {
		return false
	}
	for w, n := range x {
		if y[w] != n {
			return false
		}
	}
	return true
}

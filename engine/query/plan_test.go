package query_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tenon/engine/access"
	"tenon/engine/enginetest"
	"tenon/engine/query"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
)

const planApp = `{
 "app":{"key":"plan","name":"计划"},
 "entities":[
  {"key":"customer","name":"客户","title":"{name}","fields":[
    {"key":"name","name":"名称","type":"text"},
    {"key":"level","name":"级别","type":"select","options":{"choices":[{"key":"a","label":"甲"},{"key":"b","label":"乙"},{"key":"c","label":"丙"}]}}]},
  {"key":"deal","name":"商机","title":"{name}","fields":[
    {"key":"name","name":"名称","type":"text","indexed":true},
    {"key":"no","name":"编号","type":"text","unique":true},
    {"key":"status","name":"状态","type":"select","options":{"choices":[{"key":"open","label":"进行"},{"key":"won","label":"赢单"},{"key":"lost","label":"输单"},{"key":"rare","label":"罕见"}]}},
    {"key":"amount","name":"金额","type":"number","indexed":true},
    {"key":"due","name":"到期","type":"date","indexed":true},
    {"key":"tags","name":"标签","type":"tags"},
    {"key":"customer","name":"客户","type":"link","options":{"entity":"customer"}},
    {"key":"partners","name":"伙伴","type":"links","options":{"entity":"customer"}}]}],
 "roles":[{"key":"sales","name":"销售","grants":[{"entity":"deal","ops":["read"],"filter":"owner == me()"},{"entity":"customer","ops":["read"]}]},
  {"key":"a_sales","name":"甲级","grants":[{"entity":"deal","ops":["read"],"filter":"customer.name == \"客户7\""},{"entity":"customer","ops":["read"]}]}]}`

// planFixture is a table with many records, as large as planners decide on.
func planFixture(t *testing.T, n int) (*enginetest.Kit, *schema.Model) {
	t.Helper()
	ctx := context.Background()
	k := enginetest.New(t)
	snap, err := k.Defs.At(ctx, k.App(planApp))
	if err != nil {
		t.Fatal(err)
	}
	customer, deal := query.Table(snap.Entity("customer")), query.Table(snap.Entity("deal"))
	links := store.Ident(snap.Schema, snap.Entity("deal").Field("partners").Column)
	// Names are two Chinese characters of 200 and the number; grams as the engine makes them.
	for _, sql := range []string{
		"INSERT INTO " + customer + " (id, created_at, updated_at, name, level) SELECT md5('c' || i)::uuid, timestamptz '2026-01-01' + i * interval '1 second', timestamptz '2026-01-01', '客户' || i, (ARRAY['a','b','c'])[i % 3 + 1] FROM generate_series(1, 1000) i",
		"INSERT INTO " + deal + " (id, created_at, updated_at, owner, name, no, status, amount, due, tags, customer, zz_grams) " +
			"SELECT md5('d' || i)::uuid, timestamptz '2026-01-01' + i * interval '1 second', timestamptz '2026-01-01', md5('m' || i % 200)::uuid, n.n, 'N' || i, " +
			"CASE WHEN i % 1000 = 0 THEN 'rare' ELSE (ARRAY['open','won','lost'])[i % 3 + 1] END, CASE WHEN i % 20 > 0 THEN i % 5000 END, date '2026-01-01' + i % 700, ARRAY['t' || i % 100], md5('c' || i % 1000 + 1)::uuid, " +
			"ARRAY[left(n.n, 1), substr(n.n, 2, 1), left(n.n, 2)] FROM generate_series(1, " + fmt.Sprint(n) + ") i, LATERAL (SELECT chr(19968 + i % 200) || chr(20500 + i * 7 % 200) || i AS n) n",
		"INSERT INTO " + links + " (src, dst) SELECT md5('d' || i)::uuid, md5('c' || i % 1000 + 1)::uuid FROM generate_series(1, " + fmt.Sprint(n) + ") i",
		"VACUUM ANALYZE " + customer, "VACUUM ANALYZE " + deal, "VACUUM ANALYZE " + links,
	} {
		if _, err := k.DB.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	return k, snap.Model
}

// TestPlan_indexes: the common lists are served by indexes. With
// TENON_TEST_FULL=1 the table has 100,000 records and the log says what the
// indexes save.
func TestPlan_indexes(t *testing.T) {
	t.Parallel()
	n, full := 10_000, os.Getenv("TENON_TEST_FULL") != ""
	if full {
		n = 100_000
	}
	k, m := planFixture(t, n)
	e := m.Entity("deal")
	one, err := k.DB.One(context.Background(), "SELECT md5('m7')::uuid, md5('c8')::uuid")
	if err != nil {
		t.Fatal(err)
	}
	me, customer := string(one.Rows[0][0]), string(one.Rows[0][1])
	env := &expr.Env{Now: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC), Zone: time.UTC, Me: me}
	fields := []string{"name", "amount"}
	for _, c := range []struct {
		name  string
		role  string
		r     query.Request
		index string // part of an index's name
		count bool
	}{
		{"default order", "", query.Request{}, "created_at_idx", false},
		{"next page", "", query.Request{Cursor: "WyIyMDI2LTAxLTAxIDAxOjAwOjAwKzAwIiwiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIl0"}, "created_at_idx", false},
		{"count", "", query.Request{}, "Index Only Scan", true},
		{"unique text", "", query.Request{Filter: `no == "N77"`}, "no_key", false},
		{"rare choice", "", query.Request{Filter: `status == "rare"`}, "status_idx", false},
		{"some choices", "", query.Request{Filter: `status in ["rare"]`}, "status_idx", false},
		{"choice and number", "", query.Request{Filter: `status == "open" and amount > 4900`, Sort: []query.Sort{{Field: "amount", Desc: true}}}, "amount_idx", false},
		{"number falling", "", query.Request{Filter: `amount > 100`, Sort: []query.Sort{{Field: "amount", Desc: true}}}, "Index Scan Backward using \"plan_deal.amount_idx", false},
		{"number rising", "", query.Request{Sort: []query.Sort{{Field: "amount"}}}, "amount_idx", false},
		{"text as people sort it", "", query.Request{Sort: []query.Sort{{Field: "name"}}, Collation: k.DB.Collation()}, "name_sort", false},
		{"number between", "", query.Request{Filter: `amount in 100..102`}, "amount_idx", false},
		{"this month", "", query.Request{Filter: `due >= DATE(2026, 11, 1) and due < add_months(DATE(2026, 11, 1), 1)`, Sort: []query.Sort{{Field: "due"}}}, "due_idx", false},
		{"mine", "", query.Request{Filter: `owner == me()`}, "owner_idx", false},
		{"role: mine", "sales", query.Request{}, "owner_idx", false},
		{"role: through a link", "a_sales", query.Request{}, "customer_idx", false},
		{"link", "", query.Request{Filter: `customer == "` + customer + `"`}, "customer_idx", false},
		{"field of a link", "", query.Request{Filter: `customer.name == "客户7"`}, "customer_idx", false},
		{"many link", "", query.Request{Filter: `"` + customer + `" in partners`}, "dst_idx", false},
		{"tag", "", query.Request{Filter: `tags contains "t7"`}, "plan_deal.", false},
		{"count of a tag", "", query.Request{Filter: `tags contains "t7"`}, "tags_gin", true},
		{"some tags", "", query.Request{Filter: `["t7", "t8"] in tags`}, "plan_deal.", false},
		{"count of some tags", "", query.Request{Filter: `["t7", "t8"] in tags`}, "tags_gin", true},
		{"two characters", "", query.Request{Search: "\u4e07\u501b"}, "zz_grams_gin", false},
		{"count of two characters", "", query.Request{Search: "\u4e07\u501b"}, "zz_grams_gin", true},
	} {
		var rights *access.Rights
		if c.role != "" {
			rights = access.For(&access.Actor{Kind: "member", Member: me, Roles: []string{c.role}}, m)
		}
		c.r.Fields, c.r.Count = fields, c.count
		sel, err := query.List(m, env, rights, e, c.r)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		st := sel.Stmt
		if c.count {
			st = *sel.Count
		}
		plan := explain(t, k, "EXPLAIN ", st)
		if !strings.Contains(plan, c.index) || strings.Contains(plan, "Seq Scan on plan_deal t") {
			t.Errorf("%s is not served by %s:\n%s\n%s", c.name, c.index, st.SQL, plan)
		}
		if full {
			t.Logf("%-24s %s", c.name, saved(t, k, st))
		}
	}
}

// TestPlan_targets: locking what links point to reads these records only.
func TestPlan_targets(t *testing.T) {
	t.Parallel()
	k, m := planFixture(t, 2000)
	e := m.Entity("deal")
	one, err := k.DB.One(t.Context(), "SELECT md5('d7')::uuid, md5('c8')::uuid")
	if err != nil {
		t.Fatal(err)
	}
	deal, customer := string(one.Rows[0][0]), string(one.Rows[0][1])
	for _, link := range []string{"customer", "partners"} {
		st := query.LockTargetsStmt(e.Field(link), []string{deal}, []string{customer})
		plan := explain(t, k, "EXPLAIN ", st)
		if !strings.Contains(plan, "Index Cond: (id = ANY") || strings.Contains(plan, "Filter") || strings.Contains(plan, "Seq Scan") {
			t.Errorf("%s: the targets are looked for:\n%s\n%s", link, st.SQL, plan)
		}
		r, err := k.DB.Read(t.Context(), st)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(r[0].Rows); n != 1 { // the deal's customer is the given one
			t.Errorf("%s: %d records locked", link, n)
		}
	}
}

func explain(t *testing.T, k *enginetest.Kit, how string, st store.Stmt) string {
	t.Helper()
	r, err := k.DB.One(context.Background(), how+st.SQL, st.Args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, st.SQL)
	}
	var b strings.Builder
	for _, row := range r.Rows {
		b.WriteString(string(row[0]) + "\n")
	}
	return b.String()
}

// saved compares a statement with the same one where indexes are not used.
func saved(t *testing.T, k *enginetest.Kit, st store.Stmt) string {
	t.Helper()
	ctx := context.Background()
	median := func(set string) time.Duration {
		var all []time.Duration
		err := k.DB.InTx(ctx, func(tx *store.Tx) error {
			if _, err := tx.One(ctx, "SELECT set_config('enable_indexscan', $1, true), set_config('enable_bitmapscan', $1, true), set_config('enable_indexonlyscan', $1, true)", store.Text(set)); err != nil {
				return err
			}
			for range 7 {
				start := time.Now()
				if _, err := tx.Do(ctx, st); err != nil {
					return err
				}
				all = append(all, time.Since(start))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	with, without := median("on"), median("off")
	return fmt.Sprintf("%8.2f ms, without indexes %8.2f ms, ×%.0f", float64(with)/1e6, float64(without)/1e6, float64(without)/float64(with))
}

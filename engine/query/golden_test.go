package query_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tenon/engine/access"
	"tenon/engine/definition"
	"tenon/engine/enginetest"
	"tenon/engine/query"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/expr/exprtest"
	"tenon/schema/fault"
	"tenon/schema/value"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// goldenApp has one thing of each that shapes SQL: links, sub-forms, volatile
// formulas, roles with row filters and conditional fields.
const goldenApp = `{
 "app":{"key":"crm","name":"客户管理","params":[{"key":"big","name":"大单","type":"number","value":1000}]},
 "entities":[
  {"key":"customer","name":"客户","title":"{name}","fields":[
    {"key":"name","name":"名称","type":"text"},
    {"key":"phone","name":"电话","type":"phone"},
    {"key":"level","name":"级别","type":"select","options":{"choices":[{"key":"a","label":"甲"},{"key":"b","label":"乙"}]}},
    {"key":"credit","name":"信用额度","type":"money"},
    {"key":"region","name":"地区","type":"link","options":{"entity":"region"}}]},
  {"key":"region","name":"地区","title":"{name}","fields":[{"key":"name","name":"名称","type":"text"}]},
  {"key":"deal","name":"商机","title":"{name}","fields":[
    {"key":"name","name":"名称","type":"text"},
    {"key":"status","name":"状态","type":"select","options":{"choices":[{"key":"open","label":"进行"},{"key":"won","label":"赢单"},{"key":"lost","label":"输单"}]}},
    {"key":"amount","name":"金额","type":"money","indexed":true},
    {"key":"due","name":"到期","type":"date"},
    {"key":"met_at","name":"会面","type":"datetime"},
    {"key":"tags","name":"标签","type":"tags"},
    {"key":"helpers","name":"协作人","type":"members"},
    {"key":"note","name":"备注","type":"long_text"},
    {"key":"customer","name":"客户","type":"link","options":{"entity":"customer"}},
    {"key":"partners","name":"伙伴","type":"links","options":{"entity":"customer"}},
    {"key":"items","name":"明细","type":"subform","fields":[
      {"key":"product","name":"品名","type":"text"},
      {"key":"qty","name":"数量","type":"number"},
      {"key":"price","name":"单价","type":"money"}]},
    {"key":"overdue","name":"逾期","type":"formula","options":{"expr":"IF(due < today(), \"逾期 \" + TEXT(days_since(due), \"0\") + \" 天\", \"\")","result":"text"}}]}],
 "roles":[
  {"key":"sales","name":"销售","grants":[
    {"entity":"deal","ops":["read","update"],"filter":"owner == me()","fields":[{"field":"note","rule":"hidden"}]},
    {"entity":"customer","ops":["read"],"filter":"owner == me() or level == \"b\"","fields":[{"field":"phone","rule":"partial","when":"level == \"a\""},{"field":"credit","rule":"hidden"}]}]},
  {"key":"lead","name":"主管","grants":[
    {"entity":"deal","ops":["read"],"filter":"customer.owner in my_departments() or customer.region.name == \"华东\"","fields":[{"field":"amount","rule":"hidden","when":"status == \"lost\""}]},
    {"entity":"customer","ops":["read"]}]},
  {"key":"audit","name":"审计","grants":[
    {"entity":"deal","ops":["read"],"filter":"exists_record(\"deal\", \"it.customer == record.customer and it.status == \\\"won\\\"\")","fields":[{"field":"items","rule":"hidden"}]}]}]}`

// TestGolden_sql compares the SQL of requests with files. A file holds cases: a
// line "== what", lines "key: value" of the request, a line "--", and then what
// comes out. Every statement is planned by Postgres as well.
func TestGolden_sql(t *testing.T) {
	t.Parallel()
	k := enginetest.New(t)
	snap, err := k.Defs.At(context.Background(), k.App(goldenApp))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range files {
		have, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		for i, c := range strings.Split(string(have), "\n== ") {
			if i == 0 {
				want.WriteString(c)
				continue
			}
			in, _, _ := strings.Cut(c, "\n--\n")
			in = strings.TrimSpace(in)
			want.WriteString("\n== " + in + "\n--\n" + golden(t, k, snap, in))
		}
		switch got := want.Bytes(); {
		case *update:
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		case !bytes.Equal(got, have):
			t.Errorf("%s differs: look at it with go test ./engine/query -run Golden -update and git diff", file)
		}
	}
}

// golden is what a case gives.
func golden(t *testing.T, k *enginetest.Kit, snap *definition.Snapshot, in string) string {
	t.Helper()
	title, rest, _ := strings.Cut(in, "\n")
	c := map[string]string{}
	for line := range strings.Lines(rest) {
		key, v, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			t.Fatalf("%s: %q is no line of a request", title, line)
		}
		c[key] = v
	}
	const me = "00000000-0000-7000-8000-000000000001"
	env := &expr.Env{Now: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC), Zone: snap.Zone, Me: me, Departments: []string{"00000000-0000-7000-8000-00000000000d"}, Settings: snap.Settings}
	var rights *access.Rights
	if c["role"] != "" {
		rights = access.For(&access.Actor{Kind: "member", Member: me, Roles: strings.Split(c["role"], ",")}, snap.Model)
	}
	stmts, err := rendered(snap.Model, env, rights, c)
	if err != nil {
		var b strings.Builder
		for _, f := range fault.Of(err) {
			b.WriteString("fault " + f.Error() + "\n")
		}
		return b.String()
	}
	var b strings.Builder
	for _, st := range stmts {
		explain(t, k, "EXPLAIN ", st)
		b.WriteString(laidOut(st.SQL) + "\n")
		for i, a := range st.Args {
			v := "null"
			if a.Val != nil {
				v = string(a.Val)
			}
			fmt.Fprintf(&b, "  $%d = %s\n", i+1, v)
		}
	}
	return b.String()
}

// rendered are the statements of a request.
func rendered(m *schema.Model, env *expr.Env, rights *access.Rights, c map[string]string) ([]store.Stmt, error) {
	e := m.Entity(c["entity"])
	filter, err := c["filter"], error(nil)
	if c["tree"] != "" {
		tree, err := schema.DecodeJSON([]byte(c["tree"]))
		if err != nil {
			return nil, err
		}
		if filter, err = query.FilterText(tree, e); err != nil {
			return nil, err
		}
	}
	if c["group"]+c["measures"] != "" {
		r := query.AggregateRequest{Filter: filter, Search: c["search"], Order: sorts(c["order"])}
		for _, g := range words(c["group"]) {
			f, bucket, _ := strings.Cut(g, "/")
			r.GroupBy = append(r.GroupBy, query.Group{Field: f, Bucket: bucket})
		}
		for _, ms := range words(c["measures"]) {
			fn, f, _ := strings.Cut(ms, "/")
			r.Measures = append(r.Measures, query.Measure{Fn: fn, Field: f})
		}
		st, _, err := query.Aggregate(m, env, rights, e, r)
		return []store.Stmt{st}, err
	}
	if c["find"] != "" {
		of := m.Entity(c["of"])
		env.Roots = map[string]expr.Row{"record": row{&exprtest.Record{ID: "00000000-0000-7000-8000-0000000000c1"}, of}}
		scope := &expr.Scope{Entity: m.Scope(nil).Entity, Roots: map[string]*expr.Entity{"it": e.Expr, "record": of.Expr}, Settings: m.SettingTypes()}
		p, err := expr.CompileAs(c["find"], scope, expr.T(value.Bool))
		if err != nil {
			return nil, err
		}
		st, err := query.FindStmt(m, env, e, p, "", 50)
		return []store.Stmt{st}, err
	}
	r := query.Request{Filter: filter, Sort: sorts(c["sort"]), Fields: words(c["fields"]), Search: c["search"], Count: c["count"] != "", Deleted: c["deleted"] != "", Collation: c["collation"], IDs: words(c["ids"])}
	if r.Fields == nil {
		r.Fields = []string{"name"}
	}
	if c["fields"] == "*" {
		r.Fields = nil
	}
	r.Limit, _ = strconv.Atoi(c["limit"])
	r.Offset, _ = strconv.Atoi(c["offset"])
	if c["cursor"] != "" {
		r.Cursor = base64.RawURLEncoding.EncodeToString([]byte(c["cursor"]))
	}
	sel, err := query.List(m, env, rights, e, r)
	if err != nil {
		return nil, err
	}
	stmts := []store.Stmt{sel.Stmt}
	if sel.Count != nil {
		stmts = append(stmts, *sel.Count)
	}
	return stmts, nil
}

func words(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func sorts(s string) []query.Sort {
	var out []query.Sort
	for _, w := range words(s) {
		key, desc := strings.CutPrefix(w, "-")
		out = append(out, query.Sort{Field: key, Desc: desc})
	}
	return out
}

// laidOut breaks a statement into lines before its outermost clauses.
func laidOut(sql string) string {
	var b strings.Builder
	depth := 0
	for i := 0; i < len(sql); i++ {
		switch sql[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ' ':
			clause := slices.ContainsFunc([]string{"FROM ", "WHERE ", "AND ", "GROUP BY ", "ORDER BY ", "LIMIT ", "JOIN ", "LEFT "}, func(w string) bool { return strings.HasPrefix(sql[i+1:], w) })
			if depth == 0 && clause && !strings.HasSuffix(sql[:i], " LEFT") {
				b.WriteString("\n ")
			}
		}
		b.WriteByte(sql[i])
	}
	return b.String()
}

package transfer_test

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"tenon/engine"
	"tenon/engine/enginetest"
	"tenon/engine/install"
	"tenon/engine/query"
	"tenon/engine/store"
	"tenon/engine/transfer"
	"tenon/templates"
)

// crm installs the bundled CRM with its first records.
func crm(t *testing.T, k *enginetest.Kit) (app string, ready map[string]transfer.Mapping) {
	t.Helper()
	x, err := templates.Open("crm_lifecycle")
	if err != nil {
		t.Fatal(err)
	}
	seed, err := x.Seed("zh-CN")
	if err != nil {
		t.Fatal(err)
	}
	if app, err = install.Install(ctx, k.Engine, k.Admin, k.Workspace, x.App, seed, install.Options{}); err != nil {
		t.Fatal(explain(err))
	}
	ready = map[string]transfer.Mapping{}
	for _, m := range x.Imports {
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		ready[m.Key] = mapping(t, string(b))
	}
	return app, ready
}

func run(t *testing.T, k *enginetest.Kit, app string, src *transfer.Source, m transfer.Mapping) *transfer.Result {
	t.Helper()
	before := time.Now()
	res, err := transfer.Run(ctx, k.Engine, k.Admin, app, src, m, transfer.Options{})
	if err != nil {
		t.Fatal(explain(err))
	}
	took := time.Since(before)
	t.Logf("%s: %d rows in %s, %.0f/s", src.Name, res.Rows, took.Round(time.Millisecond), float64(res.Rows)/took.Seconds())
	for i, r := range res.Refused {
		if i < 5 {
			t.Logf("row %d: %+v", r.Row, r.Errors)
		}
	}
	return res
}

// aggregate asks the engine as the API would: group → count.
func aggregate(t *testing.T, k *enginetest.Kit, app, entity, group, sum string) (counts, sums map[string]string) {
	t.Helper()
	req := query.AggregateRequest{Measures: []query.Measure{{Fn: "count", As: "n"}}}
	if group != "" {
		req.GroupBy = []query.Group{{Field: group}}
	}
	if sum != "" {
		req.Measures = append(req.Measures, query.Measure{Fn: "sum", Field: sum, As: "s"})
	}
	b, err := k.Aggregate(ctx, k.Admin, app, entity, req)
	if err != nil {
		t.Fatal(explain(err))
	}
	m := enginetest.Decode(t, string(b))
	counts, sums = map[string]string{}, map[string]string{}
	names, _ := m["_names"].(map[string]any)
	for _, r := range m["rows"].([]any) {
		row := r.(map[string]any)
		key := ""
		if s, ok := row[group].(string); ok {
			key = s
			if n, ok := names[s].(string); ok {
				key = n
			}
		}
		counts[key] = enginetest.Show(row, "n")
		sums[key] = enginetest.Show(row, "s")
	}
	return counts, sums
}

// TestLeads: 9,240 leads of a real file through the template's mapping.
func TestLeads(t *testing.T) {
	src := data(t, "x_education_leads.csv")
	k := enginetest.New(t)
	app, ready := crm(t, k)
	rows := raw(t, src, "")
	m := ready["x_education_leads"]
	res := run(t, k, app, src, m)
	if len(rows) != 9240 || res.Rows != 9240 || res.Created != 9240 || res.Bad != 0 {
		t.Fatalf("%d rows: %+v", len(rows), res)
	}
	want := map[string]int{}
	converted, visits, blank := 0, decimal.Zero, 0
	for _, r := range rows {
		s := r["Lead Source"]
		switch s {
		case "":
			s = "未知来源"
			blank++
		case "google":
			s = "Google"
		}
		want[s]++
		if r["Converted"] == "1" {
			converted++
		}
		if v := r["TotalVisits"]; v != "" {
			visits = visits.Add(decimal.RequireFromString(v))
		}
	}
	if blank != 36 {
		t.Errorf("%d blank sources", blank)
	}
	got, _ := aggregate(t, k, app, "lead", "source_channel", "")
	for s, n := range want {
		if got[s] != strconv.Itoa(n) {
			t.Errorf("source %s: %s, the file says %d", s, got[s], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d sources of %d", len(got), len(want))
	}
	status, sums := aggregate(t, k, app, "lead", "status", "site_visits")
	if status["converted"] != strconv.Itoa(converted) || status["new"] != strconv.Itoa(9240-converted) {
		t.Errorf("status %v, converted %d", status, converted)
	}
	total := decimal.Zero
	for _, s := range sums {
		total = total.Add(decimal.RequireFromString(s))
	}
	if !total.Equal(visits) {
		t.Errorf("visits %s, the file says %s", total, visits)
	}
	if n := count(t, k, `SELECT count(*) FROM `+table(t, k, app, "lead")+` WHERE fit_points IS NULL OR score IS NULL`); n != 0 {
		t.Errorf("%d leads without a score", n)
	}
	if n := count(t, k, `SELECT count(*) FROM `+table(t, k, app, "lead")+` WHERE name = 'Lead ' || $1 AND external_id IS NOT NULL`, store.Text(rows[0]["Lead Number"])); n != 1 {
		t.Errorf("%d leads called after the number", n)
	}
	history := count(t, k, `SELECT count(*) FROM ws_main.history`)
	again := run(t, k, app, src, m)
	if again.Created != 0 || again.Updated != 0 || again.Unchanged != 9240 || count(t, k, `SELECT count(*) FROM ws_main.history`) != history {
		t.Errorf("the second import: %+v", again)
	}
	before := time.Now()
	u, err := k.Undo(ctx, k.Admin, app, res.Operation)
	if err != nil {
		t.Fatal(explain(err))
	}
	t.Logf("undone in %s", time.Since(before).Round(time.Millisecond))
	added := 0
	for _, n := range res.Related {
		added += n
	}
	if u.Reverted != 9240+added || len(u.Kept) != 0 {
		t.Errorf("undo: %d, %d kept", u.Reverted, len(u.Kept))
	}
	if n := count(t, k, `SELECT count(*) FROM `+table(t, k, app, "lead")+` WHERE deleted_at IS NULL`); n != 0 {
		t.Errorf("%d leads stay", n)
	}
	if n := count(t, k, `SELECT count(*) FROM `+table(t, k, app, "lead_channel")+` WHERE deleted_at IS NULL`); n != 15 {
		t.Errorf("%d channels stay", n)
	}
}

// TestMaven: customers, products and 8,800 deals with their gaps.
func TestMaven(t *testing.T) {
	accounts, products, pipeline := data(t, "maven_accounts.csv"), data(t, "maven_products.csv"), data(t, "maven_sales_pipeline.csv")
	k := enginetest.New(t)
	app, ready := crm(t, k)
	sold := run(t, k, app, products, ready["maven_products"])
	if sold.Created != 7 || sold.Bad != 0 {
		t.Errorf("%+v", sold)
	}
	bought := run(t, k, app, accounts, ready["maven_accounts"])
	if bought.Created != 85 || bought.Bad != 0 {
		t.Errorf("%+v", bought)
	}
	subsidiaries, revenue := 0, decimal.Zero
	for _, r := range raw(t, accounts, "") {
		if r["subsidiary_of"] != "" {
			subsidiaries++
		}
		revenue = revenue.Add(decimal.RequireFromString(r["revenue"]))
	}
	if n := count(t, k, `SELECT count(*) FROM `+table(t, k, app, "customer")+` WHERE parent_customer IS NOT NULL`); n != int64(subsidiaries) || n == 0 {
		t.Errorf("%d subsidiaries of %d", n, subsidiaries)
	}
	if _, s := aggregate(t, k, app, "customer", "", "annual_revenue"); s[""] != revenue.Mul(decimal.NewFromInt(1_000_000)).String() {
		t.Errorf("revenue %v of %s", s, revenue)
	}
	dry, err := transfer.DryRun(ctx, k.Engine, k.Admin, app, pipeline, ready["maven_pipeline"], transfer.Options{})
	if err != nil {
		t.Fatal(explain(err))
	}
	if dry.Created != 8800 || dry.Bad != 0 || dry.Members != 30 || len(dry.Rules) == 0 || count(t, k, `SELECT count(*) FROM tenon.member`) != 1 {
		t.Errorf("dry run: %+v", dry)
	}
	res := run(t, k, app, pipeline, ready["maven_pipeline"])
	if res.Created != 8800 || res.Bad != 0 || res.Members != 30 {
		t.Errorf("%+v", res)
	}
	rows := raw(t, pipeline, "")
	agents, stages, sums := map[string]int{}, map[string]int{}, map[string]decimal.Decimal{}
	gtx, noAccount, noValue, noDate := 0, 0, 0, 0
	for _, r := range rows {
		agents[r["sales_agent"]]++
		stages[r["deal_stage"]]++
		for what, n := range map[string]*int{"account": &noAccount, "close_value": &noValue, "engage_date": &noDate} {
			if r[what] == "" {
				*n++
			}
		}
		if r["product"] == "GTXPro" {
			gtx++
		}
		if v := r["close_value"]; v != "" {
			sums[r["product"]] = sums[r["product"]].Add(decimal.RequireFromString(v))
		}
	}
	if gtx != 1480 || noAccount != 1425 || noValue != 2089 || noDate != 500 {
		t.Errorf("the file has %d %d %d %d", gtx, noAccount, noValue, noDate)
	}
	deals := table(t, k, app, "opportunity")
	for col, want := range map[string]int{"customer": noAccount, "started_on": noDate, "amount": noValue, "product": 0, "owner": 0} {
		if n := count(t, k, `SELECT count(*) FROM `+deals+` WHERE `+col+` IS NULL`); n != int64(want) {
			t.Errorf("%d without %s, the file says %d", n, col, want)
		}
	}
	// No rule ran, and yet nothing is missing that a deal or a customer derives
	// from itself.
	for what, where := range map[string]string{"probability": "probability IS NULL", "weight": "amount IS NOT NULL AND weighted_amount IS DISTINCT FROM round(amount * probability, 2)",
		"stage date": "stage_entered_at IS NULL", "date of the end": "stage IN ('won','lost') AND (stage_entered_at AT TIME ZONE 'Asia/Shanghai')::date <> closed_on"} {
		if n := count(t, k, `SELECT count(*) FROM `+deals+` WHERE `+where); n != 0 {
			t.Errorf("%d deals without their %s", n, what)
		}
	}
	if n := count(t, k, `SELECT count(*) FROM `+table(t, k, app, "customer")+` WHERE recycle_at IS NULL OR stage_entered_at IS NULL`); n != 0 {
		t.Errorf("%d customers without a day of recycling or a stage date", n)
	}
	got, amounts := aggregate(t, k, app, "opportunity", "product", "amount")
	if got["GTX Pro"] != strconv.Itoa(gtx) {
		t.Errorf("products %v", got)
	}
	for p, s := range sums {
		if p == "GTXPro" {
			p = "GTX Pro"
		}
		if amounts[p] != s.String() {
			t.Errorf("%s: %s, the file says %s", p, amounts[p], s)
		}
	}
	owners, _ := aggregate(t, k, app, "opportunity", "owner", "")
	for a, n := range agents {
		if owners[a] != strconv.Itoa(n) {
			t.Errorf("%s: %s, the file says %d", a, owners[a], n)
		}
	}
	history := count(t, k, `SELECT count(*) FROM ws_main.history`)
	if again := run(t, k, app, pipeline, ready["maven_pipeline"]); again.Unchanged != 8800 || again.Members != 0 {
		t.Errorf("again: %+v", again)
	}
	if again := run(t, k, app, products, ready["maven_products"]); again.Unchanged != 7 {
		t.Errorf("products again: %+v", again)
	}
	if again := run(t, k, app, accounts, ready["maven_accounts"]); again.Unchanged != 85 {
		t.Errorf("accounts again: %+v", again)
	}
	if tried, err := transfer.DryRun(ctx, k.Engine, k.Admin, app, accounts, ready["maven_accounts"], transfer.Options{}); err != nil || tried.Unchanged != 85 || tried.Updated != 0 {
		t.Errorf("accounts tried again: %+v %v", tried, err)
	}
	if n := count(t, k, `SELECT count(*) FROM ws_main.history`); n != history {
		t.Errorf("%d lines of history of files that change nothing", n-history)
	}
	// Taken back, the last first, they leave nothing.
	for _, one := range []*transfer.Result{res, bought, sold} {
		added := one.Created
		for _, n := range one.Related {
			added += n
		}
		u, err := k.Undo(ctx, k.Admin, app, one.Operation)
		if err != nil {
			t.Fatal(explain(err))
		}
		// A subsidiary is linked to its parent once both are there: two changes of one record.
		if u.Reverted < added || len(u.Kept) != 0 || u.Members != one.Members {
			t.Errorf("undo: %d records of %d, %d members of %d, %d kept", u.Reverted, added, u.Members, one.Members, len(u.Kept))
		}
	}
	for _, entity := range []string{"opportunity", "customer", "product"} {
		if n := count(t, k, `SELECT count(*) FROM `+table(t, k, app, entity)+` WHERE deleted_at IS NULL`); n != 0 {
			t.Errorf("%d × %s stay", n, entity)
		}
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.member WHERE NOT undone`); n != 1 {
		t.Errorf("%d members stay", n)
	}
}

// TestCompanies: 4,010 Chinese companies by a filter, found by any two
// characters of their names.
func TestCompanies(t *testing.T) {
	src := data(t, "cn_stock_basic_utf8.csv")
	k := enginetest.New(t)
	app, ready := crm(t, k)
	m := ready["china_companies"]
	m.Rows, m.Filter = nil, `type == "1" and status == "1"`
	taken, err := transfer.Take(ctx, k.Engine, k.Admin, app, src, m)
	if err != nil || taken.Taken != 4010 || len(taken.Preview) == 0 {
		t.Errorf("%+v %v", taken, err)
	}
	res := run(t, k, app, src, m)
	if res.Created != 4010 || res.Bad != 0 || res.Skipped != res.Rows-4010 {
		t.Errorf("%+v", res)
	}
	names := map[string]bool{}
	pairs := map[string]int{}
	for _, r := range raw(t, src, "") {
		if r["type"] != "1" || r["status"] != "1" {
			continue
		}
		names[r["code_name"]] = true
		seen := map[string]bool{}
		rs := []rune(r["code_name"])
		for i := 0; i+1 < len(rs); i++ {
			if p := string(rs[i : i+2]); !seen[p] {
				seen[p] = true
				pairs[p]++
			}
		}
	}
	for _, p := range []string{"银行", "科技", "万科", "茅台", "平安"} {
		b, err := k.List(ctx, k.Admin, app, "customer", engine.ListRequest{Request: query.Request{Search: p, Count: true, Limit: 500, Fields: []string{"name"}}})
		if err != nil {
			t.Fatal(explain(err))
		}
		got := enginetest.Decode(t, string(b))
		if enginetest.Show(got, "count") != strconv.Itoa(pairs[p]) || pairs[p] == 0 {
			t.Errorf("%s: found %s, the file has %d", p, enginetest.Show(got, "count"), pairs[p])
		}
	}
	if again := run(t, k, app, src, m); again.Unchanged != 4010 || again.Created+again.Updated != 0 {
		t.Errorf("again: %+v", again)
	}
	u, err := k.Undo(ctx, k.Admin, app, res.Operation)
	if err != nil {
		t.Fatal(explain(err))
	}
	if n := count(t, k, `SELECT count(*) FROM `+table(t, k, app, "customer")+` WHERE deleted_at IS NULL`); n != 0 || u.Reverted != 4010 || len(u.Kept) != 0 {
		t.Errorf("undo: %d, %d kept, %d stay", u.Reverted, len(u.Kept), n)
	}
}

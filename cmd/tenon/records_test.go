package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"tenon/engine/store"
)

// shell runs commands of the built product against a running one.
type shell struct {
	t   *testing.T
	p   *instance
	dir string
	db  *store.DB
}

// openShell builds the product, starts it on an empty folder and installs the CRM.
func openShell(t *testing.T) *shell {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "tenon")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	p := &instance{t: t, binary: binary, data: filepath.Join(dir, "data"), addr: freeAddr(t), log: log, env: []string{"TENON_RATE_LIMIT=0"}}
	p.start()
	s := &shell{t: t, p: p, dir: dir}
	url, err := os.ReadFile(filepath.Join(p.data, addressFile))
	if err != nil {
		t.Fatal(err)
	}
	if s.db, err = store.Open(context.Background(), strings.TrimSpace(string(url)), store.Options{MaxConns: 2}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.db.Close()
		p.stop()
		_ = log.Close()
	})
	s.ok("template", "install", "crm_lifecycle")
	return s
}

func (s *shell) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir = s.dir
	c.Env = append(os.Environ(), "TENON_DATA_DIR="+s.p.data, "DATABASE_URL=", "REDIS_URL=", "TENON=http://"+s.p.addr, "PATH="+s.dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return c
}

// run runs a command of the product and gives its output and its messages.
func (s *shell) run(args ...string) (stdout, stderr string, err error) {
	var out, msg strings.Builder
	c := s.command(s.p.binary, args...)
	c.Stdout, c.Stderr = &out, &msg
	err = c.Run()
	return out.String(), msg.String(), err
}

func (s *shell) ok(args ...string) string {
	s.t.Helper()
	out, msg, err := s.run(args...)
	if err != nil {
		s.t.Fatalf("tenon %s: %v\n%s%s", strings.Join(args, " "), err, out, msg)
	}
	return out
}

func (s *shell) file(name, text string) string {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return name
}

// one asks the database itself.
func (s *shell) one(sql string) string {
	s.t.Helper()
	r, err := s.db.One(context.Background(), sql)
	if err != nil {
		s.t.Fatalf("%s: %v", sql, err)
	}
	return r.Str(0)
}

func (s *shell) has(text, want string) {
	s.t.Helper()
	if !strings.Contains(text, want) {
		s.t.Errorf("no %q in:\n%s", want, text)
	}
}

var operation = regexp.MustCompile(`tenon undo crm (\S+)`)

func (s *shell) operation(out string) string {
	s.t.Helper()
	m := operation.FindStringSubmatch(out)
	if m == nil {
		s.t.Fatalf("no operation in:\n%s", out)
	}
	return m[1]
}

// TestShell runs what the README shows, and the commands for records, against
// the product as people start it.
func TestShell(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the product")
	}
	s := openShell(t)
	schema := s.one(`SELECT schema_name FROM tenon.workspace`) + "."
	on := func(t *testing.T) *shell { c := *s; c.t = t; return &c }

	t.Run("readme", func(t *testing.T) {
		s := on(t)
		for _, tool := range []string{"bash", "curl"} {
			if _, err := exec.LookPath(tool); err != nil {
				t.Skip(tool + " is not here")
			}
		}
		readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
		if err != nil {
			t.Fatal(err)
		}
		_, part, ok := strings.Cut(string(readme), "## The API in five minutes")
		_, part, ok2 := strings.Cut(part, "```sh\n")
		script, _, ok3 := strings.Cut(part, "```")
		if !ok || !ok2 || !ok3 {
			t.Fatal("the README has no such block")
		}
		c := s.command("bash", "-euo", "pipefail", "-c", script)
		var out, msg strings.Builder
		c.Stdout, c.Stderr = &out, &msg
		if err := c.Run(); err != nil {
			t.Fatalf("%v\n%s%s", err, out.String(), msg.String())
		}
		doc, err := os.ReadFile(filepath.Join(s.dir, "crm.openapi.json"))
		if err != nil {
			t.Fatal(err)
		}
		var openapi struct {
			OpenAPI string                     `json:"openapi"`
			Paths   map[string]json.RawMessage `json:"paths"`
		}
		if err := json.Unmarshal(doc, &openapi); err != nil || !strings.HasPrefix(openapi.OpenAPI, "3.") || len(openapi.Paths) < 20 {
			t.Errorf("OpenAPI %s with %d paths: %v", openapi.OpenAPI, len(openapi.Paths), err)
		}
		id := s.one(`SELECT id FROM ` + schema + `crm_lead WHERE mobile = '13800138000'`)
		text := out.String()
		for _, want := range []string{`"status":"assigned"`, `"first_follow_due":"20`, `"rule_name":{`, `"count":1`, `"rows":[{"status":"assigned","n":1}]`, "event: record", `"entity":"ownership_log"`} {
			s.has(text, want)
		}
		if n := strings.Count(text, `"id":"`+id+`"`); n < 4 { // read, two queries, the stream
			t.Errorf("the lead shows %d times in:\n%s", n, text)
		}
	})

	t.Run("import, export, undo", func(t *testing.T) {
		s := on(t)
		table := s.file("people.csv", "姓名,电话,预算\n甲,13900000001,1000\n乙,13900000002,2000.50\n丙,13900000003,很多\n")
		mapping := s.file("map.json", `{"match":["mobile"],"columns":[{"field":"name","column":"姓名"},{"field":"mobile","column":"电话"},{"field":"budget","column":"预算"}]}`)
		out, _, err := s.run("import", "crm", "lead", table, "--mapping", mapping, "--dry-run")
		s.has(out, "3 rows: 2 created, 0 updated, 0 unchanged, 0 left out, 1 refused")
		s.has(out, "row 4, 预算")
		s.has(out, "a02_lead_assign 2×")
		if err == nil || s.one(`SELECT count(*) FROM `+schema+`crm_lead`) != "1" {
			t.Errorf("a dry run that writes, or hides what is wrong: %v", err)
		}
		out, msg, err := s.run("import", "--mapping="+mapping, "crm", "lead", table, "--report", "bad.csv")
		if err == nil || strings.Contains(out, "rows refused") {
			t.Errorf("%v\n%s", err, out)
		}
		s.has(msg, "1 rows refused")
		s.has(msg, "row 3")
		bad, err := os.ReadFile(filepath.Join(s.dir, "bad.csv"))
		if err != nil {
			t.Fatal(err)
		}
		s.has(string(bad), "丙,13900000003,很多")
		undone := s.operation(out)
		again, _, _ := s.run("import", "crm", "lead", table, "--mapping", mapping)
		s.has(again, "0 created, 0 updated, 2 unchanged, 0 left out, 1 refused")
		got := s.ok("export", "crm", "lead", "--filter", `budget > 500`, "--sort", "-budget", "--fields", "name,budget")
		if got != "\ufeff线索名称,预算\n乙,2000.50\n甲,1000\n" && got != "\ufeff线索名称,预算\n乙,2000.5\n甲,1000\n" {
			t.Errorf("%q", got)
		}
		s.ok("export", "crm", "lead", "--out", "leads.xlsx")
		s.has(s.ok("import", "crm", "lead", "leads.xlsx", "--dry-run"), "3 rows:")
		if _, msg, err := s.run("export", "crm", "lead", "--out", "leads.xlsx"); err == nil {
			t.Errorf("a file was written over: %s", msg)
		}
		lines := strings.Split(strings.TrimSpace(s.ok("export", "crm", "lead", "--format", "ndjson")), "\n")
		if len(lines) != 3 || !json.Valid([]byte(lines[0])) {
			t.Errorf("%d lines of ndjson", len(lines))
		}
		s.has(s.ok("undo", "crm", undone), "2 records reverted, 0 kept")
		if n := s.one(`SELECT count(*) FROM ` + schema + `crm_lead WHERE deleted_at IS NULL`); n != "1" {
			t.Errorf("%s leads stay", n)
		}
		withRules := s.ok("import", "crm", "lead", s.file("one.csv", "name,mobile,owner\n丁,13900000009,Administrator\n"), "--rules")
		s.has(withRules, "1 rows: 1 created")
		until := time.Now().Add(20 * time.Second)
		for s.one(`SELECT count(*) FROM `+schema+`crm_lead WHERE name = '丁' AND status = 'assigned' AND first_follow_due IS NOT NULL`) != "1" {
			if time.Now().After(until) {
				t.Fatal("the server did not run the rules of what came in")
			}
			time.Sleep(100 * time.Millisecond)
		}
		for _, wrong := range [][]string{{"import", "crm", "lead"}, {"import", "none", "lead", table}, {"import", "crm", "lead", table, "--mapping", "unknown"}, {"import", "crm", "customer", table, "--mapping", "x_education_leads"},
			{"import", "crm", "lead", "absent.csv"}, {"export", "crm", "lead", "--format", "pdf"}, {"export", "crm", "lead", "--filter", "nonsense >"}, {"undo", "crm", undone}} {
			if out, _, err := s.run(wrong...); err == nil {
				t.Errorf("tenon %s: %s", strings.Join(wrong, " "), out)
			}
		}
	})

	t.Run("interrupted", func(t *testing.T) {
		s := on(t)
		var b strings.Builder
		b.WriteString("name,external_id\n")
		for i := range 60000 {
			fmt.Fprintf(&b, "L%d,int-%d\n", i, i)
		}
		c := s.command(s.p.binary, "import", "crm", "lead", s.file("many.csv", b.String()))
		var out, msg strings.Builder
		c.Stdout, c.Stderr = &out, &msg
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		have := func() string {
			return s.one(`SELECT count(*) FROM ` + schema + `crm_lead WHERE external_id LIKE 'int-%' AND deleted_at IS NULL`)
		}
		for until := time.Now().Add(30 * time.Second); have() == "0" && time.Now().Before(until); {
			time.Sleep(20 * time.Millisecond)
		}
		if err := c.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(); err == nil {
			t.Fatalf("finished: %s", out.String())
		}
		s.has(msg.String(), "stopped")
		n := have()
		s.has(out.String(), n+" created")
		s.has(s.ok("undo", "crm", s.operation(out.String())), n+" records reverted")
		if have() != "0" {
			t.Errorf("%s stay", have())
		}
	})

	t.Run("real files", func(t *testing.T) { realFiles(t, on(t), schema) })
}

// realFiles brings public data sets in by the mappings that the template ships:
// the files, the API's aggregates and plain SQL give the same numbers, a second
// import changes nothing, and undo takes out what came in.
func realFiles(t *testing.T, s *shell, schema string) {
	folder := os.Getenv("TENON_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "data")
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	teams(t, s, filepath.Join(folder, "maven_sales_teams.csv"))
	c := newClient(t, s.p.addr)
	c.must("POST", "/session", `{"email":"a@example.com","password":"a long enough password"}`)
	var undo []func(t *testing.T)
	type measure struct{ group, sum string } // of the form
	for _, x := range []struct {
		file, mapping, entity string
		created               int
		where                 string // which records, in SQL
		filter                string // and for the API
		measures              []measure
		// key reads a row: the group and the number of each measure; false: not wanted.
		read func(row map[string]string) (groups, sums []string, wanted bool)
	}{
		{"x_education_leads.csv", "x_education_leads", "lead", 9240, `external_id IS NOT NULL`, `external_id != nil`, []measure{{"status", "site_visits"}, {"country", ""}},
			func(r map[string]string) ([]string, []string, bool) {
				return []string{map[string]string{"0": "new", "1": "converted"}[r["Converted"]], r["Country"]}, []string{r["TotalVisits"], ""}, true
			}},
		{"maven_products.csv", "maven_products", "product", 7, `true`, ``, []measure{{"series", "list_price"}},
			func(r map[string]string) ([]string, []string, bool) {
				return []string{r["series"]}, []string{r["sales_price"]}, true
			}},
		{"maven_accounts.csv", "maven_accounts", "customer", 85, `founded_year IS NOT NULL`, `founded_year != nil`, []measure{{"country", "employees"}},
			func(r map[string]string) ([]string, []string, bool) {
				return []string{strings.Replace(r["office_location"], "Philipines", "Philippines", 1)}, []string{r["employees"]}, true
			}},
		{"maven_sales_pipeline.csv", "maven_pipeline", "opportunity", 8800, `true`, ``, []measure{{"stage", "amount"}},
			func(r map[string]string) ([]string, []string, bool) {
				return []string{map[string]string{"Prospecting": "discovery", "Engaging": "contact", "Won": "won", "Lost": "lost"}[r["deal_stage"]]}, []string{r["close_value"]}, true
			}},
		{"cn_stock_basic_utf8.csv", "china_companies", "customer", 4010, `country = '中国'`, `country == "中国"`, []measure{{"birthday", ""}},
			func(r map[string]string) ([]string, []string, bool) {
				return []string{r["ipoDate"]}, []string{""}, r["type"] == "1" && r["status"] == "1"
			}},
	} {
		t.Run(x.mapping, func(t *testing.T) {
			s, c := *s, *c
			s.t, c.t = t, t
			file := filepath.Join(folder, x.file)
			f, err := os.Open(file)
			if err != nil {
				t.Skip(x.file + " is not here")
			}
			defer func() { _ = f.Close() }()
			table, err := csv.NewReader(f).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			table[0][0] = strings.TrimPrefix(table[0][0], "\ufeff")
			type tally struct {
				n   int
				sum decimal.Decimal
			}
			want := make([]map[string]tally, len(x.measures))
			for i := range want {
				want[i] = map[string]tally{}
			}
			for _, cells := range table[1:] {
				row := map[string]string{}
				for i, v := range cells {
					row[table[0][i]] = strings.TrimSpace(v)
				}
				groups, sums, wanted := x.read(row)
				if !wanted {
					continue
				}
				for i, g := range groups {
					n := want[i][g]
					n.n++
					if sums[i] != "" {
						n.sum = n.sum.Add(decimal.RequireFromString(sums[i]))
					}
					want[i][g] = n
				}
			}
			live := func() string {
				return s.one(`SELECT count(*) FROM ` + schema + `crm_` + x.entity + ` WHERE deleted_at IS NULL AND ` + x.where)
			}
			before := live()
			first := s.ok("import", "crm", x.entity, file, "--mapping", x.mapping)
			s.has(first, fmt.Sprintf(": %d created, 0 updated, 0 unchanged,", x.created))
			s.has(first, " 0 refused")
			for i, m := range x.measures {
				body := fmt.Sprintf(`{"filter":%q,"group_by":[{"field":%q}],"measures":[{"fn":"count","as":"n"}%s],"limit":10000}`, x.filter, m.group,
					map[bool]string{true: `,{"fn":"sum","field":"` + m.sum + `","as":"s"}`}[m.sum != ""])
				rows := c.must("POST", "/apps/crm/entities/"+x.entity+"/records/aggregate", body)["rows"].([]any)
				r, err := s.db.One(context.Background(), fmt.Sprintf(`SELECT coalesce(%s::text, ''), count(*), sum(%s) FROM %scrm_%s WHERE deleted_at IS NULL AND %s GROUP BY 1`,
					m.group, map[bool]string{true: m.sum, false: "0"}[m.sum != ""], schema, x.entity, x.where))
				if err != nil {
					t.Fatal(err)
				}
				if len(rows) != len(want[i]) || len(r.Rows) != len(want[i]) {
					t.Errorf("%s: the file has %d groups, the API %d, the table %d", m.group, len(want[i]), len(rows), len(r.Rows))
				}
				same := func(who, group string, n int, sum string) {
					t.Helper()
					if w := want[i][group]; w.n != n || m.sum != "" && !w.sum.Equal(decimal.RequireFromString(map[bool]string{true: "0", false: sum}[sum == ""])) {
						t.Errorf("%s %q: %s says %d and %s, the file %d and %s", m.group, group, who, n, sum, w.n, w.sum)
					}
				}
				for _, row := range rows {
					row := row.(map[string]any)
					group, _ := row[m.group].(string)
					sum := ""
					if v, ok := row["s"].(float64); ok {
						sum = decimal.NewFromFloat(v).String()
					}
					same("the API", group, int(row["n"].(float64)), sum)
				}
				for _, row := range r.Rows {
					n := decimal.RequireFromString(string(row[1]))
					same("the table", string(row[0]), int(n.IntPart()), string(row[2]))
				}
			}
			came, lines := live(), s.one(`SELECT count(*) FROM `+schema+`history`)
			s.has(s.ok("import", "crm", x.entity, file, "--mapping", x.mapping), fmt.Sprintf(": 0 created, 0 updated, %d unchanged,", x.created))
			if live() != came || s.one(`SELECT count(*) FROM `+schema+`history`) != lines {
				t.Error("the second import changed something")
			}
			// Deals link to products and accounts, so the last goes first.
			undo = append(undo, func(t *testing.T) {
				s := s
				s.t = t
				s.has(s.ok("undo", "crm", s.operation(first)), ", 0 kept")
				if got := s.one(`SELECT count(*) FROM ` + schema + `crm_` + x.entity + ` WHERE deleted_at IS NULL AND ` + x.where); got != before {
					t.Errorf("%s: %s before, %s after undo", x.mapping, before, got)
				}
			})
		})
	}
	for i := len(undo) - 1; i >= 0; i-- {
		undo[i](t)
	}
}

// teams brings the sales teams in: regions, a team for each manager, and agents
// who are known by name when the deals come.
func teams(t *testing.T, s *shell, file string) {
	t.Helper()
	if _, err := os.Stat(file); err != nil {
		return
	}
	args := []string{"user", "import", file, "--name", "sales_agent", "--department", "regional_office", "--manager", "manager", "--role", "crm/sales"}
	s.has(s.ok(args...), "41 people and 9 departments added, 0 people changed")
	s.has(s.ok(args...), "0 people and 0 departments added, 0 people changed")
	for want, sql := range map[string]string{
		"35": `SELECT count(*) FROM tenon.member_role r JOIN tenon.member m ON m.id = r.member_id AND m.status = 'placeholder'`,
		"3":  `SELECT count(*) FROM tenon.department WHERE parent_id IS NULL`,
		"6":  `SELECT count(*) FROM tenon.department d JOIN tenon.member m ON m.id = d.head_id AND m.name = d.name`,
		"Melvin Marxen, Central": `SELECT d.name || ', ' || p.name FROM tenon.member m JOIN tenon.member_department md ON md.member_id = m.id JOIN tenon.department d ON d.id = md.department_id
			JOIN tenon.department p ON p.id = d.parent_id WHERE m.name = 'Moses Frase' OR m.name = 'Niesha Huffines' ORDER BY m.name DESC LIMIT 1`,
	} {
		if got := s.one(sql); got != want {
			t.Errorf("%s, want %s: %s", got, want, sql)
		}
	}
}

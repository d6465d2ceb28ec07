package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"tenon/engine/cluster"
	"tenon/engine/store"
)

// instance is the product as a process.
type instance struct {
	t      *testing.T
	binary string
	data   string
	addr   string
	args   []string // of serve
	env    []string
	cmd    *exec.Cmd
	log    *os.File
}

func (p *instance) start() {
	p.t.Helper()
	p.cmd = exec.Command(p.binary, append([]string{"serve"}, p.args...)...)
	p.cmd.Env = append(append(os.Environ(), "TENON_ADDR="+p.addr, "TENON_DATA_DIR="+p.data, "TENON_ADMIN_EMAIL=a@example.com", "TENON_ADMIN_PASSWORD=a long enough password", "DATABASE_URL=", "REDIS_URL="), p.env...)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	until := time.Now().Add(60 * time.Second)
	for time.Now().Before(until) {
		if r, err := http.Get("http://" + p.addr + "/readyz"); err == nil {
			_ = r.Body.Close()
			if r.StatusCode == 200 {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	b, _ := os.ReadFile(p.log.Name())
	p.t.Fatalf("not ready: %s", b)
}

func (p *instance) kill() {
	_ = p.cmd.Process.Signal(syscall.SIGKILL)
	_ = p.cmd.Wait()
}

func (p *instance) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGINT)
	done := make(chan error, 1)
	go func() { done <- p.cmd.Wait() }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		p.t.Error("did not stop within 20 s")
		p.kill()
	}
}

// client is a signed-in browser.
type client struct {
	t    *testing.T
	base string
	http *http.Client
}

func newClient(t *testing.T, addr string) *client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t, "http://" + addr + "/api/v1", &http.Client{Jar: jar, Timeout: 10 * time.Second}}
}

func (c *client) do(method, path, body string) (int, map[string]any, error) {
	req, err := http.NewRequest(method, c.base+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Tenon", "1")
	r, err := c.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = r.Body.Close() }()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return 0, nil, err
	}
	var m map[string]any
	if len(b) > 0 {
		if err := json.Unmarshal(b, &m); err != nil {
			return r.StatusCode, nil, err
		}
	}
	return r.StatusCode, m, nil
}

func (c *client) must(method, path, body string) map[string]any {
	c.t.Helper()
	status, m, err := c.do(method, path, body)
	if err != nil || status >= 300 {
		c.t.Fatalf("%s %s: %d %v %v", method, path, status, m, err)
	}
	return m
}

const ledgerOrder = `{"id":"ent_order00000","key":"order","name":"订单","title":"{no}","fields":[{"id":"fld_orderno000","key":"no","name":"单号","type":"text"},{"id":"fld_orderqty00","key":"qty","name":"数量","type":"number"}]}`
const ledgerEffect = `{"id":"ent_effect0000","key":"effect","name":"效果","title":"{note}","fields":[{"id":"fld_effectord0","key":"order","name":"订单","type":"link","options":{"entity":"ent_order00000"}},{"id":"fld_effectnot0","key":"note","name":"说明","type":"text"}]}`
const ledgerRule = `{"id":"rul_ledger0000","key":"ledger","name":"记一笔","entity":"ent_order00000","trigger":{"type":"created"},"steps":[{"id":"s1","type":"create_record","options":{"entity":"ent_effect0000","set":{"fld_effectord0":"record.id","fld_effectnot0":"no"}}},{"id":"s2","type":"set_fields","options":{"set":{"fld_orderqty00":"(qty ?? 0) + 1"}}}]}`

// site is the product while it is maltreated: in one process on a data folder
// of its own, or as a web process and two workers on a Postgres and a Redis
// outside.
type site struct {
	t       *testing.T
	data    string
	web     *instance
	workers []*instance // outside web; none: web works too
	redis   *redis.Client
	pg      *cluster.Cluster
}

// trial is one way to maltreat the product while clients write.
type trial struct {
	name     string
	outside  bool // Postgres, Redis and workers in processes of their own
	harms    int
	fullHarm int // with TENON_TEST_FULL
	harm     func(s *site, i int)
}

var trials = []trial{
	{"the product is killed", false, 4, 20, func(s *site, i int) {
		time.Sleep(time.Duration(700+137*i%900) * time.Millisecond)
		s.web.kill()
		s.web.start()
	}},
	{"the private Postgres stops at once", false, 3, 10, func(s *site, i int) {
		time.Sleep(time.Duration(900+211*i%700) * time.Millisecond)
		s.stopPostgres()
	}},
	{"Redis is wiped and workers are killed", true, 6, 20, func(s *site, i int) {
		time.Sleep(time.Duration(400+97*i%500) * time.Millisecond)
		if err := s.redis.FlushDB(context.Background()).Err(); err != nil {
			s.t.Fatal(err)
		}
		if i%2 == 1 {
			w := s.workers[i/2%len(s.workers)]
			w.kill()
			w.start()
		}
	}},
	{"a worker sleeps longer than its lease", true, 1, 3, func(s *site, i int) {
		w := s.workers[i%len(s.workers)].cmd.Process
		time.Sleep(700 * time.Millisecond)
		if err := w.Signal(syscall.SIGSTOP); err != nil {
			s.t.Fatal(err)
		}
		time.Sleep(18 * time.Second) // a lease is 15 s
		if err := w.Signal(syscall.SIGCONT); err != nil {
			s.t.Fatal(err)
		}
	}},
}

// stopPostgres does what pg_ctl stop -m immediate does, and waits for the
// product to notice.
func (s *site) stopPostgres() {
	s.t.Helper()
	b, err := os.ReadFile(filepath.Join(s.data, "pg", "postmaster.pid"))
	if err != nil {
		s.t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(strings.SplitN(string(b), "\n", 2)[0]))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		s.t.Fatal(err)
	}
	until := time.Now().Add(30 * time.Second)
	for time.Now().Before(until) {
		time.Sleep(100 * time.Millisecond)
		if r, err := http.Get("http://" + s.web.addr + "/readyz"); err == nil {
			_ = r.Body.Close()
			now, err := os.ReadFile(filepath.Join(s.data, "pg", "postmaster.pid"))
			if r.StatusCode == 200 && err == nil && !bytes.Equal(now, b) {
				return
			}
		}
	}
	log, _ := os.ReadFile(s.web.log.Name())
	s.t.Fatalf("the product did not come back after its Postgres had stopped: %s", log)
}

// TestDurability runs the real binary under load, maltreats it again and
// again, and then lets a checker that reads only the database and the clients'
// ledger count: no acknowledged write may be lost, no effect of a rule missing
// or doubled.
func TestDurability(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the product many times")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "tenon")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for i, x := range trials {
		t.Run(x.name, func(t *testing.T) {
			s := openSite(t, x, binary, filepath.Join(dir, strconv.Itoa(i)))
			defer s.close()
			n := x.harms
			if os.Getenv("TENON_TEST_FULL") != "" {
				n = x.fullHarm
			}
			acked := s.writeWhile(func() {
				for i := range n {
					x.harm(s, i)
				}
			})
			s.check(x, n, acked)
		})
	}
}

func openSite(t *testing.T, x trial, binary, dir string) *site {
	t.Helper()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	s := &site{t: t, data: filepath.Join(dir, "data")}
	s.web = &instance{t: t, binary: binary, data: s.data, addr: freeAddr(t), log: log}
	if x.outside {
		url := os.Getenv("TENON_TEST_REDIS_URL")
		if url == "" {
			t.Skip("no Redis server: set TENON_TEST_REDIS_URL")
		}
		o, err := redis.ParseURL(url)
		if err != nil {
			t.Fatal(err)
		}
		o.DB, o.DisableIdentity = 9, true
		s.redis = redis.NewClient(o)
		if s.pg, err = cluster.Start(context.Background(), cluster.Config{DataDir: s.data}); err != nil {
			t.Fatal(err)
		}
		env := []string{"DATABASE_URL=" + s.pg.URL(), "REDIS_URL=" + strings.TrimRight(url, "/") + "/9", "TENON_SECRET_KEY=0123456789abcdef0123456789abcdef"}
		s.web.env, s.web.args, s.web.data = env, []string{"--roles", "web,scheduler"}, filepath.Join(dir, "web")
		for i := range 2 {
			s.workers = append(s.workers, &instance{t: t, binary: binary, data: filepath.Join(dir, "worker"+strconv.Itoa(i)), addr: freeAddr(t), log: log, env: env, args: []string{"--roles", "worker"}})
		}
	}
	s.web.start()
	for _, w := range s.workers {
		w.start()
	}
	return s
}

func (s *site) close() {
	if s.pg != nil {
		if err := s.pg.Stop(); err != nil {
			s.t.Error(err)
		}
	}
	if s.redis != nil {
		_ = s.redis.Close()
	}
}

// writeWhile makes an app with a rule, lets clients write until harm is over
// and all runs have ended, stops the product and gives the acknowledged ids.
func (s *site) writeWhile(harm func()) map[string]bool {
	t := s.t
	t.Helper()
	c := newClient(t, s.web.addr)
	c.must("POST", "/session", `{"email":"a@example.com","password":"a long enough password"}`)
	boot := c.must("GET", "/bootstrap", "")
	ws := boot["workspaces"].([]any)[0].(map[string]any)["id"].(string)
	app := c.must("POST", "/workspaces/"+ws+"/apps", `{"key":"ledger","name":"账"}`)["id"].(string)
	for kind, doc := range map[string]string{"entity/ent_order00000": ledgerOrder, "entity/ent_effect0000": ledgerEffect, "rule/rul_ledger0000": ledgerRule} {
		k, id, _ := strings.Cut(kind, "/")
		status, m, err := putDoc(c, app, k, id, doc)
		if err != nil || status >= 300 {
			t.Fatalf("%s: %d %v %v", id, status, m, err)
		}
	}
	plan := c.must("POST", "/apps/"+app+"/publish/plan", `{}`)
	c.must("POST", "/apps/"+app+"/publish", fmt.Sprintf(`{"hash":%q}`, plan["hash"]))

	var mu sync.Mutex
	acked := map[string]bool{}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				status, m, err := c.do("POST", "/apps/"+app+"/entities/order/records", fmt.Sprintf(`{"no":"w%d-%d"}`, w, i))
				if err != nil || status >= 500 {
					time.Sleep(20 * time.Millisecond)
					continue
				}
				if status == 201 {
					mu.Lock()
					acked[m["id"].(string)] = true
					mu.Unlock()
				}
			}
		})
	}
	harm()
	time.Sleep(500 * time.Millisecond)
	close(stop)
	wg.Wait()
	until := time.Now().Add(2 * time.Minute)
	for {
		left := 0
		for _, state := range []string{"ready", "queued", "running"} {
			status, m, err := c.do("GET", "/apps/"+app+"/runs?state="+state, "")
			if err != nil || status != 200 {
				left++
			}
			left += count(m)
		}
		if left == 0 {
			break
		}
		if time.Now().After(until) {
			t.Fatal("runs did not end")
		}
		time.Sleep(200 * time.Millisecond)
	}
	for _, w := range s.workers {
		w.stop()
	}
	s.web.stop()
	return acked
}

// check counts in Postgres alone, without the product.
func (s *site) check(x trial, harms int, acked map[string]bool) {
	t, ctx := s.t, context.Background()
	t.Helper()
	pg := s.pg
	if pg == nil {
		var err error
		if pg, err = cluster.Start(ctx, cluster.Config{DataDir: s.data}); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = pg.Stop() }()
	}
	db, err := store.Open(ctx, pg.URL(), store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	one := func(sql string) int64 {
		r, err := db.One(ctx, sql)
		if err != nil {
			t.Fatal(err)
		}
		return r.Int(0)
	}
	r, err := db.One(ctx, `SELECT table_schema FROM information_schema.tables WHERE table_name = 'ledger_order'`)
	if err != nil || r.Str(0) == "" {
		t.Fatalf("table: %v", err)
	}
	in := store.Ident(r.Str(0)) + "."
	rows, err := db.One(ctx, `SELECT id FROM `+in+`ledger_order`)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, row := range rows.Rows {
		have[string(row[0])] = true
	}
	lost := 0
	for id := range acked {
		if !have[id] {
			lost++
		}
	}
	t.Logf("%s %d times: %d acknowledged writes, %d orders, %d effects, %d runs begun more than once", x.name, harms, len(acked), len(have),
		one(`SELECT count(*) FROM `+in+`ledger_effect`), one(`SELECT count(*) FROM tenon.run WHERE attempt > 1`))
	if lost > 0 || len(acked) < 50 {
		t.Errorf("%d of %d acknowledged writes lost", lost, len(acked))
	}
	if n := one(`SELECT count(*) FROM ` + in + `ledger_order o WHERE (SELECT count(*) FROM ` + in + `ledger_effect e WHERE e."order" = o.id) <> 1`); n != 0 {
		t.Errorf("%d orders without exactly one effect", n)
	}
	if n := one(`SELECT count(*) FROM ` + in + `ledger_order WHERE qty IS DISTINCT FROM 1`); n != 0 {
		t.Errorf("%d orders counted twice or not at all", n)
	}
	if n := one(`SELECT count(*) FROM ` + in + `history h WHERE op = 'create' AND NOT EXISTS (SELECT 1 FROM ` + in + `ledger_order o WHERE o.id = h.record) AND NOT EXISTS (SELECT 1 FROM ` + in + `ledger_effect e WHERE e.id = h.record)`); n != 0 {
		t.Errorf("%d lines of history without a record", n)
	}
	if n := one(`SELECT count(*) FROM tenon.run WHERE state NOT IN ('done')`); n != 0 {
		t.Errorf("%d runs not done", n)
	}
}

func count(m map[string]any) int {
	l, _ := m["items"].([]any)
	return len(l)
}

func putDoc(c *client, app, kind, id, doc string) (int, map[string]any, error) {
	req, err := http.NewRequest("PUT", c.base+"/apps/"+app+"/draft/"+id+"?kind="+kind, bytes.NewReader([]byte(doc)))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Tenon", "1")
	req.Header.Set("If-Match", "*")
	r, err := c.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = r.Body.Close() }()
	var m map[string]any
	err = json.NewDecoder(bufio.NewReader(r.Body)).Decode(&m)
	return r.StatusCode, m, err
}

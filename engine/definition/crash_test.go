package definition_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tenon/engine/definition"
	"tenon/engine/store"
	"tenon/schema/fault"
)

// much is a change of everything at once, from base.
func much(t *testing.T) string {
	return edit(t, base, `"name":"Code","type":"text"`, `"name":"Code","type":"number","indexed":true`, `"key":"name","name":"Name"`, `"key":"title","name":"Name"`, `"{name}"`, `"{title}"`,
		"customer.name != nil", "customer.title != nil", `{"id":"f_level","key":"level","name":"Level","type":"select","options":{"choices":[{"key":"a","label":"Gold"},{"key":"b","label":"Silver"}]}}`, `{"id":"f_new","key":"level","name":"New","type":"text","unique":true}`,
		`"key":"order","name":"Order"`, `"key":"deal","name":"Order"`, `{"id":"f_total"`, `{"id":"f_gifts","key":"gifts","name":"Gifts","type":"links","options":{"entity":"ent_c"}},{"id":"f_total"`)
}

func TestPublish_survives_a_kill_anywhere(t *testing.T) {
	t.Parallel()
	for _, point := range []string{"expand", "column", "fill", "batch", "filled", "index", "indexed", "switch", "switching", "clean"} {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.next(base)
			for i := range 20 {
				w.customer("name, code, level", fmt.Sprintf("'n%d', '%d', 'a'", i, i))
			}
			w.importing(much(t))
			dying := w.o
			hit := false
			dying.Failpoint = func(p string) bool { hit = hit || p == point; return p == point }
			if _, err := definition.New(w.db, dying).Publish(t.Context(), w.app, w.actor, nil, "", ""); err == nil || !hit {
				t.Fatalf("it did not die: %v", err)
			}
			w.s.Refresh(w.app)
			live := w.at()
			if point != "clean" && live.Version != 1 || point == "clean" && live.Version != 2 {
				t.Errorf("version %d is live", live.Version)
			}
			// What is live works, whatever is half done.
			e := live.Entity("ent_c")
			w.exec("UPDATE " + store.Ident(e.Schema, e.Table) + " SET " + store.Ident(e.Field("f_code").Column) + " = '77' WHERE " + store.Ident(e.Field("f_name").Column) + " = 'n3'")
			// Another process starts and finishes it.
			w.s = definition.New(w.db, w.o)
			if err := w.s.Resume(t.Context()); err != nil {
				t.Fatal(err)
			}
			if v := w.at().Version; v != 2 {
				t.Errorf("version %d is live after the start", v)
			}
			w.sound()
			if got := w.text("SELECT count(*), sum(code), count(zz_level_1), count(level), max(code) FILTER (WHERE title = 'n3') FROM ws_acme.shop_customer"); got != "20 264 20 0 77" {
				t.Errorf("values: %s", got)
			}
		})
	}
}

func TestPublish_is_taken_back_when_it_fails(t *testing.T) {
	t.Parallel()
	for _, point := range []string{"column", "filled", "indexed", "switching"} {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.next(base)
			w.customer("name, code, level", "'n', '1', 'a'")
			catalogue := "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'ws_acme' ORDER BY 1, 2"
			indexes := "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'ws_acme' ORDER BY 1"
			before, beforeIx := w.text(catalogue), w.text(indexes)
			w.importing(much(t))
			// The caller goes away in the middle.
			ctx, cancel := context.WithCancel(t.Context())
			leaving := w.o
			leaving.Failpoint = func(p string) bool {
				if p == point {
					cancel()
				}
				return false
			}
			s := definition.New(w.db, leaving)
			if _, err := s.Publish(ctx, w.app, w.actor, nil, "", ""); !errors.Is(err, context.Canceled) {
				t.Fatalf("it was not cancelled: %v", err)
			}
			w.sound()
			if after := w.text(catalogue); after != before {
				t.Errorf("before:\n%s\nafter:\n%s", before, after)
			}
			if after := w.text(indexes); after != beforeIx {
				t.Errorf("before:\n%s\nafter:\n%s", beforeIx, after)
			}
			w.next(much(t))
		})
	}
}

// writer changes records through snapshots and fences, as the engine does.
type writer struct {
	s     *definition.Store
	db    *store.DB
	app   string
	ids   []string
	want  map[string]string // code by id, as acknowledged
	times int
	stale int
}

func (w *writer) write(ctx context.Context) error {
	for tries := 0; ; tries++ {
		snap, err := w.s.At(ctx, w.app)
		if err != nil {
			return err
		}
		e := snap.Entity("ent_c")
		table, code, name := store.Ident(e.Schema, e.Table), e.Field("f_code"), e.Field("f_name")
		id := w.ids[rand.IntN(len(w.ids))]
		v := fmt.Sprint(rand.IntN(1_000_000))
		insert := rand.IntN(10) == 0
		if insert {
			id = fmt.Sprintf("%08x-0000-7000-8000-%012x", rand.Uint32(), rand.Uint64()>>16)
		}
		err = w.db.InTx(ctx, func(tx *store.Tx) error {
			stmt := store.S("UPDATE "+table+" SET "+store.Ident(code.Column)+" = $1, rev = rev + 1 WHERE id = $2", store.Arg{OID: code.DB.OID, Val: []byte(v)}, store.UUID(id))
			if insert {
				stmt = store.S("INSERT INTO "+table+" (id, created_at, updated_at, "+store.Ident(name.Column)+", "+store.Ident(code.Column)+") VALUES ($2, '2026-11-22', '2026-11-22', 'new', $1)", stmt.Args...)
			}
			r, err := tx.Do(ctx, append(w.s.FenceStmts(snap), stmt)...)
			if err != nil {
				return err
			}
			if err := w.s.CheckFence(snap, r); err != nil {
				return err
			}
			if r[2].Affected != 1 {
				return fmt.Errorf("%d rows changed", r[2].Affected)
			}
			return nil
		})
		switch {
		case err == nil:
			if w.want[id] = v; insert {
				w.ids = append(w.ids, id)
			}
			w.times++
			return nil
		case w.s.Stale(snap, err) && tries < 5:
			w.stale++
		default:
			return err
		}
	}
}

func TestPublish_under_eight_writers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.next(base)
	const rows = 20000
	w.exec("INSERT INTO ws_acme.shop_customer (id, created_at, updated_at, name, code, level) SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, '2026-11-22', '2026-11-22', 'n' || i, '0', 'a' FROM generate_series(1, $1) i", store.Int(rows))
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	var failed atomic.Pointer[error]
	var reads atomic.Int64
	other := definition.New(w.db, w.o) // another node, which only hears of versions
	wg.Add(1)
	go func() { defer wg.Done(); other.Listen(ctx) }()
	writers := make([]*writer, 8)
	for i := range writers {
		s := w.s
		if i%2 == 1 {
			s = other
		}
		x := &writer{s: s, db: w.db, app: w.app, want: map[string]string{}}
		for n := i; n < rows; n += 8 {
			x.ids = append(x.ids, fmt.Sprintf("00000000-0000-7000-8000-%012x", n+1))
		}
		writers[i] = x
		wg.Add(1)
		go func() {
			defer wg.Done()
			for ctx.Err() == nil {
				if err := x.write(context.WithoutCancel(ctx)); err != nil {
					failed.CompareAndSwap(nil, &err)
					return
				}
				time.Sleep(time.Millisecond)
			}
		}()
	}
	// A reader that takes no fence sees whole versions too.
	wg.Add(1)
	go func() {
		defer wg.Done()
		for ctx.Err() == nil {
			snap, err := w.s.At(t.Context(), w.app)
			if err == nil {
				e := snap.Entity("ent_c")
				for try := 0; ; try++ {
					_, err = w.db.Read(t.Context(), store.S("SELECT count("+store.Ident(e.Field("f_code").Column)+") FROM "+store.Ident(e.Schema, e.Table)))
					if err == nil || !w.s.Stale(snap, err) || try > 0 {
						break
					}
					if snap, err = w.s.At(t.Context(), w.app); err != nil {
						break
					}
					e = snap.Entity("ent_c")
				}
			}
			if err != nil && ctx.Err() == nil {
				failed.CompareAndSwap(nil, &err)
				return
			}
			reads.Add(1)
			time.Sleep(2 * time.Millisecond)
		}
	}()
	text := `"name":"Code","type":"text"`
	versions := []string{
		edit(t, base, `{"id":"f_level"`, `{"id":"f_more","key":"more","name":"More","type":"text","unique":true},{"id":"f_level"`),
		edit(t, base, text, `"name":"Code","type":"text","indexed":true`, `"key":"name","name":"Name"`, `"key":"title","name":"Name"`, `"{name}"`, `"{title}"`, "customer.name", "customer.title"),
		edit(t, base, text, `"name":"Code","type":"number","indexed":true`),
		edit(t, base, text, `"name":"Code","type":"number","indexed":true`, `"key":"code"`, `"key":"points"`),
		edit(t, base, `"key":"customer","name":"Customer","title"`, `"key":"client","name":"Customer","title"`),
		base,
	}
	for i, v := range versions {
		w.importing(v)
		n, err := w.s.Publish(t.Context(), w.app, w.actor, nil, "", "")
		if err != nil {
			t.Errorf("publish %d: %v", i, err)
		}
		if n != i+2 {
			t.Errorf("version %d after publish %d", n, i)
		}
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	wg.Wait()
	if err := failed.Load(); err != nil {
		t.Errorf("a reader or writer failed: %v", *err)
	}
	w.sound()
	have := map[string]string{}
	for _, line := range strings.Split(w.text("SELECT id, code FROM ws_acme.shop_customer"), "\n") {
		id, code, _ := strings.Cut(line, " ")
		have[id] = code
	}
	times, lost, stale, inserted := 0, 0, 0, 0
	for _, x := range writers {
		times += x.times
		stale += x.stale
		for id, v := range x.want {
			if id[:8] != "00000000" {
				inserted++
			}
			if have[id] != v {
				lost++
			}
		}
	}
	if lost > 0 || len(have) != rows+inserted {
		t.Errorf("%d of %d writes are lost; %d rows, want %d", lost, times, len(have), rows+inserted)
	}
	if times < 100 || stale == 0 {
		t.Errorf("only %d writes and %d stale ones: this proves nothing", times, stale)
	}
	t.Logf("%d writes, %d retried after a publish, %d reads", times, stale, reads.Load())
}

// TestPublish_survives_a_real_kill runs publishes in a process of their own and
// kills it at times that nobody has chosen.
func TestPublish_survives_a_real_kill(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.next(base)
	w.exec("INSERT INTO ws_acme.shop_customer (id, created_at, updated_at, name, code, level) SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, '2026-11-22', '2026-11-22', 'n' || i, i::text, 'a' FROM generate_series(1, 12000) i")
	kills, rounds := 0, 2
	if os.Getenv("TENON_TEST_FULL") != "" {
		rounds = 16
	}
	for i := range rounds {
		text := much(t)
		if i%2 == 1 {
			text = base
		}
		w.importing(text)
		child := exec.Command(os.Args[0], "-test.run=^TestHelper_publishes$")
		child.Env = append(os.Environ(), "TENON_TEST_PUBLISH="+w.url+" "+w.app+" "+w.actor)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		// From before anything has happened to when it is nearly over.
		time.Sleep(time.Duration(100+rand.IntN(1500)) * time.Millisecond)
		_ = child.Process.Kill()
		if child.Wait() != nil {
			kills++
		}
		if err := w.s.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.s.Refresh(w.app)
		if _, err := w.s.Publish(t.Context(), w.app, w.actor, nil, "", ""); err != nil && fault.CodeOf(err) != "publish.nothing" {
			t.Fatal(err)
		}
		w.sound()
		f := w.at().Entity("ent_c").Field("f_code")
		if got := w.text("SELECT count(*), sum(" + f.Column + "::numeric) FROM ws_acme.shop_customer"); got != "12000 72006000" {
			t.Errorf("after kill %d: %s", i, got)
		}
	}
	t.Logf("%d of %d publishes were killed", kills, rounds)
}

// TestHelper_publishes is the process that is killed.
func TestHelper_publishes(t *testing.T) {
	url, rest, ok := strings.Cut(os.Getenv("TENON_TEST_PUBLISH"), " ")
	if !ok {
		t.Skip("only for TestPublish_survives_a_real_kill")
	}
	app, actor, _ := strings.Cut(rest, " ")
	db, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s := definition.New(db, definition.Options{Now: func() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) }, NewID: func() string { return "" }})
	if _, err := s.Publish(t.Context(), app, actor, nil, "", ""); err != nil {
		t.Fatal(err)
	}
}

package desk_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tenon/engine/cluster/clustertest"
	"tenon/engine/desk"
	"tenon/engine/identity"
	"tenon/engine/store"
	"tenon/engine/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(clustertest.Run(m)) }

type kit struct {
	*desk.Service
	db        *store.DB
	workspace string
	member    string
	mu        sync.Mutex
	t         time.Time
}

func (k *kit) now() time.Time { k.mu.Lock(); defer k.mu.Unlock(); return k.t }

func newKit(t *testing.T) *kit {
	t.Helper()
	k := &kit{db: storetest.New(t), t: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}
	id := func() string { return uuid.Must(uuid.NewV7()).String() }
	box, err := identity.NewBox("a key of these tests")
	if err != nil {
		t.Fatal(err)
	}
	people, err := identity.New(identity.Options{DB: k.db, Now: k.now, NewID: id, Box: box, Hash: identity.HashCost{Time: 1, Memory: 64, Threads: 1},
		Prepare: func(context.Context, string) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := people.EnsureAdmin(t.Context(), identity.First{Email: "a@example.com", Password: "correct horse", Name: "A", Workspace: "W"}); err != nil {
		t.Fatal(err)
	}
	ws, err := people.AllWorkspaces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	k.workspace = ws[0].ID
	all, err := people.People(t.Context(), k.workspace)
	if err != nil {
		t.Fatal(err)
	}
	k.member = all[0].ID
	disk, err := desk.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	k.Service = desk.New(desk.Options{DB: k.db, Now: k.now, NewID: id, Box: box, Blobs: disk})
	return k
}

func TestFiles_liveADayUnlessTaken(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	a, err := k.Upload(t.Context(), k.workspace, k.member, "a.txt", strings.NewReader("same"), 100)
	if err != nil {
		t.Fatal(err)
	}
	b, err := k.Upload(t.Context(), k.workspace, k.member, "b.txt", strings.NewReader("same"), 100)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Upload(t.Context(), k.workspace, k.member, "c.txt", strings.NewReader("too much"), 4); !errors.Is(err, desk.ErrFileSize.New()) {
		t.Fatal(err)
	}
	use := desk.FileUse{FileID: b.ID, AppID: uuid.NewString(), EntityID: "ent_x", RecordID: uuid.NewString(), FieldID: "fld_x"}
	if err := store.Insert(k.db.Cold(t.Context()), use); err != nil {
		t.Fatal(err)
	}
	if err := k.SweepFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := k.File(t.Context(), a.ID); err != nil {
		t.Fatalf("a young file: %v", err)
	}
	k.mu.Lock()
	k.t = k.t.Add(25 * time.Hour)
	k.mu.Unlock()
	if err := k.SweepFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := k.File(t.Context(), a.ID); !errors.Is(err, desk.ErrFile.New()) {
		t.Fatalf("an old file that nobody took: %v", err)
	}
	r, err := k.OpenFile(t.Context(), b)
	if err != nil {
		t.Fatalf("content that another file has: %v", err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || string(got) != "same" {
		t.Fatal(string(got), err)
	}
}

func TestFileName_keepsWhatPeopleRecognise(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"../../etc/passwd": "passwd", `C:\x\合同.pdf`: "合同.pdf", ".htaccess": "htaccess", "a\r\nb\x00.txt": "ab.txt", "": "file", "..": "file",
		"x\u202egpj.exe": "xgpj.exe", `"q".txt`: "q.txt", strings.Repeat("长", 300) + ".xlsx": strings.Repeat("长", 145) + ".xlsx"} {
		if got := desk.FileName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// once runs Once in a transaction of its own.
func (k *kit) once(t *testing.T, key, request string, f func() (int, any, error)) (status int, answer string, again bool, err error) {
	t.Helper()
	err = k.db.InTx(t.Context(), func(tx *store.Tx) error {
		s, a, was, err := k.Once(t.Context(), doer{t.Context(), tx}, k.member, key, []byte(request), f)
		status, answer, again = s, string(a), was
		return err
	})
	return status, answer, again, err
}

type doer struct {
	ctx context.Context
	tx  *store.Tx
}

func (d doer) Do(stmts ...store.Stmt) ([]store.Result, error) { return d.tx.Do(d.ctx, stmts...) }

func TestOnce_answersARepeatedRequestTheSame(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	calls := 0
	f := func() (int, any, error) { calls++; return 201, map[string]int{"n": calls}, nil }
	failing := func() (int, any, error) { return 0, nil, errors.New("no") }
	if _, _, _, err := k.once(t, "k", "a", failing); err == nil {
		t.Fatal("a failure was swallowed")
	}
	for i := range 2 {
		status, answer, again, err := k.once(t, "k", "a", f)
		if err != nil || status != 201 || answer != `{"n":1}` || again != (i == 1) {
			t.Fatal(i, status, answer, again, err)
		}
	}
	if _, _, _, err := k.once(t, "k", "b", f); !errors.Is(err, desk.ErrRepeated.New()) {
		t.Fatal(err)
	}
	if calls != 1 {
		t.Fatalf("called %d times", calls)
	}
}

func TestJobs_runReportAndStop(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	ctx, stop := context.WithCancel(t.Context())
	var log bytes.Buffer
	started := make(chan string, 3)
	var wg sync.WaitGroup
	wg.Go(func() {
		k.RunJobs(ctx, slog.New(slog.NewTextHandler(&log, nil)), map[string]desk.Work{
			"good": func(_ context.Context, _ desk.Job, progress func(done, total int64) bool) (any, error) {
				progress(1, 2)
				return map[string]int{"made": 2}, nil
			},
			"bad": func(context.Context, desk.Job, func(done, total int64) bool) (any, error) {
				return map[string]string{"operation": "op_1"}, desk.ErrFileEmpty.New()
			},
			"crazy": func(context.Context, desk.Job, func(done, total int64) bool) (any, error) { panic("oh") },
			"long": func(_ context.Context, j desk.Job, progress func(done, total int64) bool) (any, error) {
				started <- j.ID
				for i := int64(0); !progress(i, 0); i++ {
					time.Sleep(10 * time.Millisecond)
				}
				return "stopped", nil
			}})
	})
	defer wg.Wait()
	defer stop()
	for kind, want := range map[string]string{"good": "done", "bad": "failed", "crazy": "failed", "long": "cancelled"} {
		j, err := k.AddJob(t.Context(), k.workspace, "", kind, k.member, nil)
		if err != nil {
			t.Fatal(err)
		}
		if kind == "long" {
			<-started
			if err := k.CancelJob(t.Context(), j.ID); err != nil {
				t.Fatal(err)
			}
		}
		for limit := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			if j, err = k.Job(t.Context(), j.ID); err != nil || !j.EndedAt.IsZero() {
				break
			}
			if time.Now().After(limit) {
				t.Fatalf("%s did not end", kind)
			}
		}
		if err != nil || j.State != want {
			t.Errorf("%s: %s %s %v", kind, j.State, j.Result, err)
		}
		// What was done before it failed is kept, so that it can be undone.
		if r := string(j.Result); kind == "bad" && (!strings.Contains(r, `"op_1"`) || !strings.Contains(r, desk.ErrFileEmpty.Code)) {
			t.Errorf("the result of a job that failed: %s", r)
		}
	}
}

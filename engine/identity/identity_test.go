package identity_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tenon/engine/cluster/clustertest"
	"tenon/engine/identity"
	"tenon/engine/store"
	"tenon/engine/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(clustertest.Run(m)) }

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }
func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

const password = "correct horse"

func service(t *testing.T) (*identity.Service, *clock, *store.DB) {
	t.Helper()
	db := storetest.New(t)
	c := &clock{t: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}
	box, err := identity.NewBox("a secret of the test")
	if err != nil {
		t.Fatal(err)
	}
	s, err := identity.New(identity.Options{DB: db, Now: c.now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Box: box,
		Hash: identity.HashCost{Time: 1, Memory: 64, Threads: 1}, Prepare: func(context.Context, string) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	return s, c, db
}

// founded is a service with an administrator who is signed in.
func founded(t *testing.T) (*identity.Service, *clock, *identity.Principal, identity.Workspace) {
	t.Helper()
	s, c, _ := service(t)
	if _, err := s.EnsureAdmin(t.Context(), identity.First{Email: "ann@example.com", Password: password, Name: "Ann", Workspace: "榫卯 Ltd"}); err != nil {
		t.Fatal(err)
	}
	p := signIn(t, s, "ann@example.com", password)
	ws, err := s.Memberships(t.Context(), p.Login.ID)
	if err != nil || len(ws) != 1 {
		t.Fatal(err, ws)
	}
	return s, c, p, ws[0].Workspace
}

func signIn(t *testing.T, s *identity.Service, email, password string) *identity.Principal {
	t.Helper()
	token, _, err := s.SignIn(t.Context(), email, password, identity.Origin{Address: "10.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.BySession(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSetup_succeedsOnceByToken(t *testing.T) {
	t.Parallel()
	s, _, _ := service(t)
	stale, err := s.SetupToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.SetupToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	in := identity.First{Token: stale, Email: "ann@example.com", Password: password, Name: "Ann", Workspace: "Acme"}
	if _, err := s.Setup(t.Context(), in, identity.Origin{}); !errors.Is(err, identity.ErrSetupToken.New()) {
		t.Fatalf("an earlier token: %v", err)
	}
	in.Token = token
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for range 4 {
		wg.Go(func() {
			if _, err := s.Setup(t.Context(), in, identity.Origin{}); err == nil {
				mu.Lock()
				won++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Fatalf("%d set-ups succeeded", won)
	}
	if again, err := s.SetupToken(t.Context()); err != nil || again != "" {
		t.Fatal(again, err)
	}
}

func TestSignIn_locksAfterTenFailures(t *testing.T) {
	t.Parallel()
	s, c, _, _ := founded(t)
	for range 10 {
		if _, _, err := s.SignIn(t.Context(), "Ann@example.com", "wrong password", identity.Origin{}); !errors.Is(err, identity.ErrSignIn.New()) {
			t.Fatal(err)
		}
	}
	if _, _, err := s.SignIn(t.Context(), "ann@example.com", password, identity.Origin{}); !errors.Is(err, identity.ErrSignIn.New()) {
		t.Fatalf("a locked account: %v", err)
	}
	c.advance(61 * time.Second)
	signIn(t, s, "ann@example.com", password)
	if _, _, err := s.SignIn(t.Context(), "nobody@example.com", password, identity.Origin{}); !errors.Is(err, identity.ErrSignIn.New()) {
		t.Fatal(err)
	}
}

func TestSession_endsByIdlenessAgeAndSignOut(t *testing.T) {
	t.Parallel()
	s, c, _, _ := founded(t)
	token, _, err := s.SignIn(t.Context(), "ann@example.com", password, identity.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	for range 110 { // used every seven hours
		c.advance(7 * time.Hour)
		if _, err := s.BySession(t.Context(), token); err != nil {
			break
		}
	}
	if _, err := s.BySession(t.Context(), token); !errors.Is(err, identity.ErrSignedOut.New()) {
		t.Fatalf("a session of thirty days: %v", err)
	}
	token, _, _ = s.SignIn(t.Context(), "ann@example.com", password, identity.Origin{})
	c.advance(9 * time.Hour)
	if _, err := s.BySession(t.Context(), token); !errors.Is(err, identity.ErrSignedOut.New()) {
		t.Fatalf("an idle session: %v", err)
	}
	token, _, _ = s.SignIn(t.Context(), "ann@example.com", password, identity.Origin{})
	p, err := s.BySession(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SignOut(t.Context(), p, identity.Origin{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.BySession(t.Context(), token); !errors.Is(err, identity.ErrSignedOut.New()) {
		t.Fatalf("after signing out: %v", err)
	}
}

func TestInvitation_joinsAndClaims(t *testing.T) {
	t.Parallel()
	s, _, ann, w := founded(t)
	by := identity.AuditActor{Name: "Ann"}
	sales, err := s.AddDepartment(t.Context(), by, w.ID, identity.DepartmentChange{Name: ref("Sales")}, identity.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	east, err := s.AddDepartment(t.Context(), by, w.ID, identity.DepartmentChange{Name: ref("East"), Parent: &sales.ID}, identity.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	ghost, err := s.AddMember(t.Context(), by, w.ID, identity.MemberChange{Name: ref("王芳")}, identity.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := s.CreateInvitation(t.Context(), by, w.ID, identity.Invite{Departments: []string{sales.ID}, Member: ghost.ID}, identity.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	session, m, err := s.AcceptInvitation(t.Context(), token, identity.Accept{Name: "Wang Fang", Email: "wang@example.com", Password: password}, identity.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	if m.ID != ghost.ID || m.Aliases[0] != "王芳" {
		t.Fatalf("claimed %+v", m)
	}
	if _, _, err := s.AcceptInvitation(t.Context(), token, identity.Accept{As: ann}, identity.Origin{}); !errors.Is(err, identity.ErrInvitation.New()) {
		t.Fatalf("used twice: %v", err)
	}
	p, err := s.BySession(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	a, _, err := s.ActorIn(t.Context(), p, w.Key)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Departments) != 2 || a.Admin {
		t.Fatalf("actor %+v; departments with those below are %s and %s", a, sales.ID, east.ID)
	}
	if err := s.RemoveMember(t.Context(), by, w.ID, m.ID, identity.Origin{}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.ActorIn(t.Context(), p, w.ID); !errors.Is(err, identity.ErrWorkspace.New()) {
		t.Fatalf("a removed member: %v", err)
	}
}

func TestMembers_keepAnAdministrator(t *testing.T) {
	t.Parallel()
	s, _, ann, w := founded(t)
	all, err := s.People(t.Context(), w.ID)
	if err != nil {
		t.Fatal(err)
	}
	no := false
	if _, err := s.UpdateMember(t.Context(), identity.AuditActor{}, w.ID, all[0].ID, identity.MemberChange{Admin: &no}, identity.Origin{}); !errors.Is(err, identity.ErrLastAdmin.New()) {
		t.Fatal(err)
	}
	if a, _, err := s.ActorIn(t.Context(), ann, w.ID); err != nil || !a.Admin {
		t.Fatal(a, err)
	}
}

func TestDepartments_refuseCircles(t *testing.T) {
	t.Parallel()
	s, _, _, w := founded(t)
	by := identity.AuditActor{}
	a, _ := s.AddDepartment(t.Context(), by, w.ID, identity.DepartmentChange{Name: ref("a")}, identity.Origin{})
	b, _ := s.AddDepartment(t.Context(), by, w.ID, identity.DepartmentChange{Name: ref("b"), Parent: &a.ID}, identity.Origin{})
	if _, err := s.UpdateDepartment(t.Context(), by, w.ID, a.ID, identity.DepartmentChange{Parent: &b.ID}, identity.Origin{}); !errors.Is(err, identity.ErrCircle.New()) {
		t.Fatal(err)
	}
	if err := s.RemoveDepartment(t.Context(), by, w.ID, a.ID, identity.Origin{}); !errors.Is(err, identity.ErrHasParts.New()) {
		t.Fatal(err)
	}
}

func TestKey_hasScopesAndEnds(t *testing.T) {
	t.Parallel()
	s, c, _, w := founded(t)
	by := identity.AuditActor{}
	secret, k, err := s.CreateKey(t.Context(), by, w.ID, "import", []identity.Scope{{Ops: []string{"read"}}}, c.now().Add(time.Hour), identity.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.ByKey(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	a, _, err := s.ActorIn(t.Context(), p, w.ID)
	if err != nil || a.Admin || !a.Scopes["*"]["read"] || a.ID != k.ID {
		t.Fatalf("%+v %v", a, err)
	}
	if !strings.HasPrefix(secret, "tk_") {
		t.Fatal(secret)
	}
	if _, err := s.ByKey(t.Context(), secret[:len(secret)-1]+"!"); !errors.Is(err, identity.ErrSignedOut.New()) {
		t.Fatal(err)
	}
	c.advance(2 * time.Hour)
	if _, err := s.ByKey(t.Context(), secret); !errors.Is(err, identity.ErrSignedOut.New()) {
		t.Fatalf("an expired key: %v", err)
	}
	secret, k, _ = s.CreateKey(t.Context(), by, w.ID, "all", nil, time.Time{}, identity.Origin{})
	if _, err := s.ByKey(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	if err := s.RevokeKey(t.Context(), by, w.ID, k.ID, identity.Origin{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ByKey(t.Context(), secret); !errors.Is(err, identity.ErrSignedOut.New()) {
		t.Fatalf("a revoked key: %v", err)
	}
}

func TestPassword_refusesShortAndCommon(t *testing.T) {
	t.Parallel()
	s, _, ann, _ := founded(t)
	if err := s.ChangePassword(t.Context(), ann, password, "Password", identity.Origin{}); !errors.Is(err, identity.ErrPasswordCommon.New()) {
		t.Fatal(err)
	}
	if err := s.ChangePassword(t.Context(), ann, password, "短密码", identity.Origin{}); !errors.Is(err, identity.ErrPassword.New()) {
		t.Fatal(err)
	}
	if err := s.ChangePassword(t.Context(), ann, "not mine", "another horse", identity.Origin{}); !errors.Is(err, identity.ErrPasswordOld.New()) {
		t.Fatal(err)
	}
	if err := s.ChangePassword(t.Context(), ann, password, "another horse", identity.Origin{}); err != nil {
		t.Fatal(err)
	}
	signIn(t, s, "ann@example.com", "another horse")
}

func TestAudit_tellsWhatHappened(t *testing.T) {
	t.Parallel()
	s, _, _, w := founded(t)
	log, err := s.AuditLog(t.Context(), w.ID, identity.AuditFilter{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(log) != 2 || log[0].Action != "sign_in" || log[1].Action != "workspace.created" || log[0].Address != "10.0.0.1" {
		t.Fatalf("%+v", log)
	}
}

func TestSlug_readsChinese(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"榫卯 Ltd": "sun_mao_ltd", "Acme Inc.": "acme_inc", "123": "", "客户CRM": "ke_hu_crm"} {
		if got := identity.Slug(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestBox_opensOnlyItsOwn(t *testing.T) {
	t.Parallel()
	a, _ := identity.NewBox("the first secret key")
	b, _ := identity.NewBox("the second secret key")
	sealed, err := a.Seal("smtp", "hush")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := a.Open("smtp", sealed); err != nil || got != "hush" {
		t.Fatal(got, err)
	}
	if _, err := a.Open("webhook", sealed); err == nil {
		t.Fatal("opened for another purpose")
	}
	if _, err := b.Open("smtp", sealed); err == nil {
		t.Fatal("opened with another key")
	}
}

func ref[T any](v T) *T { return &v }

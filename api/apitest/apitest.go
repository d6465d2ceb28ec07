// Package apitest tests the HTTP API as callers see it: a server on a database
// of its own, people who sign in, and scenarios that say what is asked and
// what must come back.
//
// Answers are compared as subsets: what a scenario does not mention may be
// anything. Every request is noted, so that a route that no scenario visits
// fails the package's tests.
package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tenon/api"
	"tenon/engine"
	"tenon/engine/desk"
	"tenon/engine/identity"
	"tenon/engine/store"
	"tenon/engine/store/storetest"
	"tenon/workflow/action"
	"tenon/workflow/relay"
	"tenon/workflow/run"
)

// Password of everybody.
const Password = "correct horse"

// Kit is a server with a workspace, administered by "admin".
type Kit struct {
	T       testing.TB
	DB      *store.DB
	Engine  *engine.Engine
	People  *identity.Service
	Desk    *desk.Service
	Rules   *run.Executor
	Relay   *relay.Relay
	Server  *api.Server
	Log     *bytes.Buffer
	options api.Options
	// Vars replace {{name}} in URLs, bodies and expectations.
	Vars map[string]string

	mu      sync.Mutex
	now     time.Time
	cookies map[string]string // by name of the person
	keys    map[string]string // bearer secrets by name
}

// Option changes how the server is made.
type Option func(o *api.Options)

// New makes a kit whose clock stands at noon of 22 November 2026 in Shanghai.
func New(t testing.TB, options ...Option) *Kit {
	t.Helper()
	k := Empty(t, options...)
	if _, err := k.People.EnsureAdmin(t.Context(), identity.First{Email: "admin@example.com", Password: Password, Name: "管理员", Workspace: "Acme"}); err != nil {
		t.Fatal(err)
	}
	k.SignIn("admin", "admin@example.com")
	ws, err := k.People.AllWorkspaces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	k.Vars["ws"] = ws[0].ID
	k.Vars["admin"] = k.member("admin")
	return k
}

// Empty is New for an installation that nobody has set up.
func Empty(t testing.TB, options ...Option) *Kit {
	t.Helper()
	k := &Kit{T: t, DB: storetest.New(t), now: time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC), Vars: map[string]string{}, cookies: map[string]string{}, keys: map[string]string{}, Log: &bytes.Buffer{}}
	newID := func() string { return uuid.Must(uuid.NewV7()).String() }
	k.Engine = engine.New(k.DB, engine.Options{Now: k.Now, NewID: newID, Check: run.Check, Hints: run.Circles})
	box, err := identity.NewBox("the key of the tests")
	if err != nil {
		t.Fatal(err)
	}
	k.People, err = identity.New(identity.Options{DB: k.DB, Now: k.Now, NewID: newID, Box: box, Hash: identity.HashCost{Time: 1, Memory: 64, Threads: 1},
		Prepare: k.Engine.Defs.EnsureWorkspaceSchema})
	if err != nil {
		t.Fatal(err)
	}
	k.People.OnChange(k.Engine.ForgetNames)
	disk, err := desk.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	k.Desk = desk.New(desk.Options{DB: k.DB, Now: k.Now, NewID: newID, Box: box, Blobs: disk})
	k.Rules = run.New(k.Engine, &action.Delivery{Now: k.Now, Do: func(context.Context, *action.Request) (*action.Response, error) {
		return &action.Response{Status: 200, Body: "{}"}, nil
	}})
	k.Relay = relay.New(k.Engine, nil, k.Rules, 1)
	o := api.Options{Engine: k.Engine, People: k.People, Desk: k.Desk, Rules: k.Rules, Now: k.Now, NewID: newID, Version: "test",
		Log: slog.New(slog.NewTextHandler(lockedWriter{k}, &slog.HandlerOptions{Level: slog.LevelDebug})), Rate: api.Rate{Session: -1, Key: -1, Address: 1e9}}
	for _, f := range options {
		f(&o)
	}
	if k.Server, err = api.New(o); err != nil {
		t.Fatal(err)
	}
	k.options = o
	return k
}

// Work carries out queued jobs until one has ended.
func (k *Kit) Work(job string) desk.Job {
	k.T.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	var wg sync.WaitGroup
	wg.Go(func() { k.Desk.RunJobs(ctx, k.options.Log, api.Works(k.options)) })
	defer func() { stop(); wg.Wait() }()
	for ctx.Err() == nil {
		j, err := k.Desk.Job(ctx, job)
		if err != nil {
			k.T.Fatal(err)
		}
		if !j.EndedAt.IsZero() {
			return j
		}
		time.Sleep(20 * time.Millisecond)
	}
	k.T.Fatalf("the job %s did not end", job)
	return desk.Job{}
}

type lockedWriter struct{ k *Kit }

func (w lockedWriter) Write(p []byte) (int, error) {
	w.k.mu.Lock()
	defer w.k.mu.Unlock()
	return w.k.Log.Write(p)
}

// Now is the server's clock.
func (k *Kit) Now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

// Advance moves the clock.
func (k *Kit) Advance(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.now = k.now.Add(d)
}

// Drain runs every rule that is ready.
func (k *Kit) Drain() {
	k.T.Helper()
	if _, err := k.Relay.Drain(context.Background(), 1); err != nil {
		k.T.Fatal(err)
	}
}

// SignIn makes a name usable in scenarios.
func (k *Kit) SignIn(name, email string) {
	k.T.Helper()
	token, _, err := k.People.SignIn(k.T.Context(), email, Password, identity.Origin{})
	if err != nil {
		k.T.Fatal(err)
	}
	k.cookies[name] = token
}

func (k *Kit) member(name string) string {
	k.T.Helper()
	p, err := k.People.BySession(k.T.Context(), k.cookies[name])
	if err != nil {
		k.T.Fatal(err)
	}
	a, _, err := k.People.ActorIn(k.T.Context(), p, k.Vars["ws"])
	if err != nil {
		k.T.Fatal(err)
	}
	return a.ID
}

// Join adds a person to the workspace with roles "app:role"; the member's id
// becomes a variable of the name.
func (k *Kit) Join(name string, roles ...string) {
	k.T.Helper()
	m, err := k.People.AddAccount(k.T.Context(), k.Vars["ws"], name+"@example.com", name, Password, false)
	if err != nil {
		k.T.Fatal(err)
	}
	k.SignIn(name, name+"@example.com")
	k.Vars[name] = m.ID
	var held []map[string]string
	for _, r := range roles {
		app, role, _ := strings.Cut(r, ":")
		held = append(held, map[string]string{"app": k.Vars[app], "role": role})
	}
	if held != nil {
		b, _ := json.Marshal(map[string]any{"roles": held})
		k.Do(Scenario{As: "admin", Method: "PATCH", URL: "/api/v1/workspaces/{{ws}}/members/" + m.ID, Body: string(b), Status: 200})
	}
}

// Key makes an API key usable as a name; scopes are JSON.
func (k *Kit) Key(name, scopes string) {
	k.T.Helper()
	r := k.Do(Scenario{As: "admin", Method: "POST", URL: "/api/v1/workspaces/{{ws}}/api-keys", Body: `{"name":"` + name + `","scopes":` + scopes + `}`, Status: 201})
	k.keys[name] = r.Text("secret")
	k.Vars[name] = r.Text("id")
}

// App makes and publishes an app of a definition; its id becomes a variable.
func (k *Kit) App(name, definition string) {
	k.T.Helper()
	var whole struct {
		App struct {
			Key  string          `json:"key"`
			Name json.RawMessage `json:"name"`
		} `json:"app"`
	}
	if err := json.Unmarshal([]byte(definition), &whole); err != nil {
		k.T.Fatal(err)
	}
	r := k.Do(Scenario{As: "admin", Method: "POST", URL: "/api/v1/workspaces/{{ws}}/apps", Body: fmt.Sprintf(`{"key":%q,"name":%s}`, whole.App.Key, whole.App.Name), Status: 201})
	k.Vars[name] = r.Text("id")
	k.Define(name, definition)
}

// Define replaces an app's definition and publishes it.
func (k *Kit) Define(name, definition string) {
	k.T.Helper()
	if err := importDraft(k, k.Vars[name], definition); err != nil {
		k.T.Fatal(err)
	}
	k.Do(Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{" + name + "}}/publish", Body: "{}", Status: 200})
}

// Scenario is one request and what must come back.
type Scenario struct {
	Name    string
	As      string // a person who signed in, a key, or "" for nobody
	Method  string // GET when left out
	URL     string
	Body    string
	Type    string // Content-Type; JSON when left out
	Headers map[string]string
	Host    string            // localhost when left out
	Status  int               // 200 when left out
	Want    string            // JSON that the answer must contain
	Code    string            // of a problem
	Absent  []string          // texts that must occur nowhere in the answer
	Save    map[string]string // variable → dotted path in the answer
}

// Answer is what came back.
type Answer struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   []byte
	JSON   any
}

// Text gives a value of the answer by its dotted path.
func (a *Answer) Text(path string) string {
	a.t.Helper()
	v, ok := dig(a.JSON, path)
	if !ok {
		a.t.Fatalf("no %s in %s", path, a.Body)
	}
	if s, ok := v.(string); ok {
		return s
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// Run runs scenarios one after the other, each as a subtest.
func (k *Kit) Run(t *testing.T, scenarios ...Scenario) {
	t.Helper()
	for _, s := range scenarios {
		if s.Name == "" {
			s.Name = s.Method + " " + s.URL
		}
		t.Run(s.Name, func(t *testing.T) {
			was := k.T
			k.T = t
			defer func() { k.T = was }()
			k.Do(s)
		})
	}
}

// Do makes a request and checks the answer.
func (k *Kit) Do(s Scenario) *Answer {
	k.T.Helper()
	a := k.Send(s)
	if s.Status == 0 {
		s.Status = 200
	}
	where := s.Method + " " + k.fill(s.URL)
	if a.Status != s.Status {
		if a.Status >= 500 {
			k.mu.Lock()
			defer k.mu.Unlock()
			for line := range strings.Lines(k.Log.String()) {
				if strings.Contains(line, "level=ERROR") {
					k.T.Log(line)
				}
			}
		}
		k.T.Fatalf("%s as %q: status %d, want %d\n%s", where, s.As, a.Status, s.Status, a.Body)
	}
	if s.Code != "" {
		if got, _ := dig(a.JSON, "code"); got != s.Code {
			k.T.Fatalf("%s: code %v, want %s\n%s", where, got, s.Code, a.Body)
		}
	}
	for _, x := range s.Absent {
		if bytes.Contains(a.Body, []byte(k.fill(x))) {
			k.T.Fatalf("%s: the answer holds %q\n%s", where, k.fill(x), a.Body)
		}
	}
	if s.Want != "" {
		var want any
		if err := json.Unmarshal([]byte(k.fill(s.Want)), &want); err != nil {
			k.T.Fatalf("%s: the expectation is no JSON: %v", where, err)
		}
		if at := differ("", want, a.JSON); at != "" {
			k.T.Fatalf("%s: %s\n%s", where, at, a.Body)
		}
	}
	for name, path := range s.Save {
		k.Vars[name] = a.Text(path)
	}
	return a
}

// Send makes a request without judging the answer.
func (k *Kit) Send(s Scenario) *Answer {
	k.T.Helper()
	if s.Method == "" {
		s.Method = "GET"
	}
	var body io.Reader
	if s.Body != "" {
		body = strings.NewReader(k.fill(s.Body))
	}
	r := httptest.NewRequest(s.Method, "http://localhost"+k.fill(s.URL), body)
	r.RemoteAddr = "127.0.0.1:5000"
	if s.Host != "" {
		r.Host = s.Host
	}
	if s.Body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if s.Type != "" {
		r.Header.Set("Content-Type", s.Type)
	}
	r.Header.Set("Accept-Language", "en-US")
	k.Sign(r, s.As)
	for name, v := range s.Headers {
		if v == "" {
			r.Header.Del(name)
			continue
		}
		r.Header.Set(name, k.fill(v))
	}
	w := httptest.NewRecorder()
	k.Server.Handler().ServeHTTP(w, r)
	visit(k.Server, s.Method, r.URL.Path)
	res := w.Result()
	a := &Answer{t: k.T, Status: res.StatusCode, Header: res.Header, Body: w.Body.Bytes()}
	for _, c := range res.Cookies() {
		if s.As != "" && c.Value != "" {
			k.cookies[s.As] = c.Value
		}
	}
	if strings.Contains(res.Header.Get("Content-Type"), "json") {
		d := json.NewDecoder(bytes.NewReader(a.Body))
		d.UseNumber()
		if err := d.Decode(&a.JSON); err != nil {
			k.T.Fatalf("%s %s: the answer is no JSON: %v\n%s", s.Method, s.URL, err, a.Body)
		}
	}
	return a
}

// Sign puts the credential of a name on a request.
func (k *Kit) Sign(r *http.Request, as string) {
	switch {
	case as == "":
	case k.keys[as] != "":
		r.Header.Set("Authorization", "Bearer "+k.keys[as])
	case k.cookies[as] != "":
		r.AddCookie(&http.Cookie{Name: "__Host-tenon", Value: k.cookies[as]})
		r.Header.Set("X-Tenon", "1")
	default:
		k.cookies[as] = "" // somebody who is about to sign in
		r.Header.Set("X-Tenon", "1")
	}
}

var variable = regexp.MustCompile(`\{\{(\w+)\}\}`)

func (k *Kit) fill(s string) string {
	return variable.ReplaceAllStringFunc(s, func(m string) string {
		v, ok := k.Vars[m[2:len(m)-2]]
		if !ok {
			k.T.Helper()
			k.T.Fatalf("no variable %s", m)
		}
		return v
	})
}

// differ says where got lacks something of want, "" when it has all of it.
// Arrays must be as long as the expectation, unless it ends with "…".
func differ(path string, want, got any) string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s is %v, want an object", path, got)
		}
		for name, x := range w {
			v, there := g[name]
			if !there {
				return fmt.Sprintf("%s.%s is missing", path, name)
			}
			if at := differ(path+"."+name, x, v); at != "" {
				return at
			}
		}
		return ""
	case []any:
		g, ok := got.([]any)
		if !ok {
			return fmt.Sprintf("%s is %v, want an array", path, got)
		}
		if n := len(w); n > 0 && w[n-1] == "…" {
			w = w[:n-1]
			if len(g) > len(w) {
				g = g[:len(w)]
			}
		}
		if len(g) != len(w) {
			return fmt.Sprintf("%s has %d items, want %d", path, len(g), len(w))
		}
		for i := range w {
			if at := differ(path+"."+strconv.Itoa(i), w[i], g[i]); at != "" {
				return at
			}
		}
		return ""
	case string:
		if w == "*" {
			if got == nil {
				return path + " is null"
			}
			return ""
		}
	}
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(got)
	if string(a) != string(b) {
		return fmt.Sprintf("%s is %s, want %s", path, b, a)
	}
	return ""
}

func dig(x any, path string) (any, bool) {
	for part := range strings.SplitSeq(path, ".") {
		switch v := x.(type) {
		case map[string]any:
			var ok bool
			if x, ok = v[part]; !ok {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(v) {
				return nil, false
			}
			x = v[i]
		default:
			return nil, false
		}
	}
	return x, true
}

// Package enginetest gives tests a real engine: a database of its own cloned
// from a migrated template, a clock that moves on demand, and apps made of a
// definition in one call. It is imported by tests only.
package enginetest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/cluster/clustertest"
	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema"
)

// Clock is a clock that stands still until it is moved.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// Set puts the clock to a moment.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// Kit is an engine with one workspace.
type Kit struct {
	*engine.Engine
	T         testing.TB
	Clock     *Clock
	Workspace string
	Admin     *access.Actor
	URL       string
}

var template struct {
	sync.Once
	name string
	err  error
}

// Database makes an empty migrated database and drops it when the test ends.
func Database(t testing.TB) string {
	t.Helper()
	ctx := context.Background()
	base := clustertest.URL(t)
	template.Do(func() {
		template.name = "tpl_" + short()
		if template.err = command(ctx, base, `CREATE DATABASE `+template.name); template.err != nil {
			return
		}
		db, err := store.Open(ctx, withName(base, template.name), store.Options{MaxConns: 2})
		if err != nil {
			template.err = err
			return
		}
		defer db.Close()
		template.err = db.Migrate(ctx)
	})
	if template.err != nil {
		t.Fatal(template.err)
	}
	name := "t_" + short()
	if err := command(ctx, base, `CREATE DATABASE `+name+` TEMPLATE `+template.name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command(context.Background(), base, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`) })
	return withName(base, name)
}

var commands sync.Mutex

func command(ctx context.Context, url, sql string) error {
	commands.Lock()
	defer commands.Unlock()
	db, err := store.Open(ctx, url, store.Options{MaxConns: 1})
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(ctx, sql)
	return err
}

func short() string { return strings.ToLower(rand.Text()[:12]) }

func withName(base, name string) string {
	u, err := url.Parse(base)
	if err != nil {
		panic(err)
	}
	u.Path = "/" + name
	return u.String()
}

// New makes a kit: a fresh database, one workspace, one administrator.
func New(t testing.TB) *Kit {
	t.Helper()
	ctx := context.Background()
	u := Database(t)
	db, err := store.Open(ctx, u, store.Options{MaxConns: 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	clock := &Clock{t: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)}
	k := &Kit{T: t, Clock: clock, URL: u, Engine: engine.New(db, engine.Options{Now: clock.Now, NewID: NewID})}
	k.Workspace = NewID()
	k.exec(`INSERT INTO tenon.workspace (id, key, name, schema_name, created_at) VALUES ($1, 'main', '测试', 'ws_main', $2)`, store.UUID(k.Workspace), store.Time(clock.Now()))
	if err := k.Defs.EnsureWorkspaceSchema(ctx, "ws_main"); err != nil {
		t.Fatal(err)
	}
	k.Admin = k.Member("管理员")
	k.Admin.Admin = true
	return k
}

// NewID makes a UUIDv7.
func NewID() string {
	id, err := uuid.NewV7()
	if err != nil {
		panic(err)
	}
	return id.String()
}

func (k *Kit) exec(sql string, args ...store.Arg) {
	k.T.Helper()
	if _, err := k.DB.Exec(context.Background(), sql, args...); err != nil {
		k.T.Fatal(err)
	}
}

// Member adds an active member.
func (k *Kit) Member(name string) *access.Actor {
	k.T.Helper()
	id := NewID()
	k.exec(`INSERT INTO tenon.actor (id, workspace_id, kind, name) VALUES ($1, $2, 'member', $3)`, store.UUID(id), store.UUID(k.Workspace), store.Text(name))
	k.exec(`INSERT INTO tenon.member (id, workspace_id, name, created_at) VALUES ($1, $2, $3, $4)`, store.UUID(id), store.UUID(k.Workspace), store.Text(name), store.Time(k.Clock.Now()))
	return &access.Actor{ID: id, Kind: "member", Name: name, WorkspaceID: k.Workspace, Member: id, Locale: "zh-CN"}
}

// Grant gives a member a role of an app, in the database and on the actor.
func (k *Kit) Grant(appID string, a *access.Actor, role string) *access.Actor {
	k.T.Helper()
	snap, err := k.Defs.At(context.Background(), appID)
	if err != nil {
		k.T.Fatal(err)
	}
	for _, r := range snap.Roles {
		if r.Def.Key == role || r.Def.ID == role {
			k.exec(`INSERT INTO tenon.member_role (app_id, member_id, role_id) VALUES ($1, $2, $3)`, store.UUID(appID), store.UUID(a.ID), store.Text(r.Def.ID))
			a.Roles = append(a.Roles, r.Def.ID, r.Def.Key)
			return a
		}
	}
	k.T.Fatalf("no role %s", role)
	return nil
}

// App publishes a definition (JSON of schema.App) and returns the app's id.
func (k *Kit) App(definition string) string {
	k.T.Helper()
	var app schema.App
	if err := json.Unmarshal([]byte(definition), &app); err != nil {
		k.T.Fatal(err)
	}
	return k.Publish(&app)
}

// Publish publishes an app as a new app of the workspace.
func (k *Kit) Publish(app *schema.App) string {
	k.T.Helper()
	ctx := context.Background()
	id, err := k.Defs.CreateApp(ctx, k.Workspace, k.Admin.ID, app.Info.Key, app.Info.Name, "app", "jade")
	if err != nil {
		k.T.Fatal(err)
	}
	k.Republish(id, app)
	return id
}

// Republish replaces an app's draft and publishes it.
func (k *Kit) Republish(id string, app *schema.App) {
	k.T.Helper()
	ctx := context.Background()
	if err := k.Defs.ImportDraft(ctx, id, k.Admin.ID, app); err != nil {
		k.T.Fatal(err)
	}
	p, err := k.Defs.Plan(ctx, id, nil)
	if err != nil {
		k.T.Fatal(err)
	}
	if len(p.Faults) > 0 {
		k.T.Fatalf("definition: %v", p.Faults)
	}
	if _, err := k.Defs.Publish(ctx, id, k.Admin.ID, nil, p.Hash, ""); err != nil {
		k.T.Fatal(err)
	}
}

// Values is a record's values as JSON would decode them.
type Values = map[string]any

// Decode turns a JSON object into values with exact numbers.
func Decode(t testing.TB, s string) Values {
	t.Helper()
	x, err := schema.DecodeJSON([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	m, ok := x.(map[string]any)
	if !ok {
		t.Fatalf("not an object: %s", s)
	}
	return m
}

// Create makes a record from JSON and returns its id.
func (k *Kit) Create(actor *access.Actor, app, entity, values string) string {
	k.T.Helper()
	out, err := k.Write(context.Background(), actor, app, []record.Op{{Kind: "create", Entity: entity, Values: Decode(k.T, values)}}, record.Options{})
	if err != nil {
		k.T.Fatalf("create %s %s: %v", entity, values, err)
	}
	return out[0].ID
}

// Update changes a record.
func (k *Kit) Update(actor *access.Actor, app, entity, id, values string) error {
	k.T.Helper()
	_, err := k.Write(context.Background(), actor, app, []record.Op{{Kind: "update", Entity: entity, ID: id, Values: Decode(k.T, values)}}, record.Options{})
	return err
}

// Delete moves a record to the recycle bin.
func (k *Kit) Delete(actor *access.Actor, app, entity, id string) error {
	_, err := k.Write(context.Background(), actor, app, []record.Op{{Kind: "delete", Entity: entity, ID: id}}, record.Options{})
	return err
}

// Record reads a record as the actor sees it.
func (k *Kit) Record(actor *access.Actor, app, entity, id string) map[string]any {
	k.T.Helper()
	b, _, err := k.Get(context.Background(), actor, app, entity, id, nil, nil)
	if err != nil {
		k.T.Fatalf("get %s %s: %v", entity, id, err)
	}
	return Decode(k.T, string(b))
}

// Show renders one field of a decoded record for comparison.
func Show(m map[string]any, key string) string {
	v, ok := m[key]
	if !ok {
		return "<absent>"
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

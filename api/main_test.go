package api_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"tenon/api"
	"tenon/api/apitest"
	"tenon/engine/cluster/clustertest"
	"tenon/schema/catalog"
	"tenon/workflow/action"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestMain fails the package when a route exists that no scenario has visited.
func TestMain(m *testing.M) {
	flag.Parse()
	code := clustertest.Run(m)
	if chosen := flag.Lookup("test.run").Value.String(); code == 0 && chosen == "" && flag.Lookup("test.skip").Value.String() == "" {
		if missing := apitest.Unvisited(); len(missing) > 0 {
			fmt.Fprintf(os.Stderr, "no scenario visits:\n  %s\n", strings.Join(missing, "\n  "))
			code = 1
		}
	}
	os.Exit(code)
}

func TestOpenAPI_goldenIsFresh(t *testing.T) {
	t.Parallel()
	k := apitest.New(t)
	a := k.Do(apitest.Scenario{URL: "/api/v1/openapi.json"})
	const golden = "openapi.golden.json"
	if *update {
		if err := os.WriteFile(golden, a.Body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(a.Body) {
		t.Fatalf("%s is stale: go test ./api -run OpenAPI -update", golden)
	}
}

// TestCatalog_fixtureIsFresh keeps the catalog that the browser's screen tests
// answer with: the builder draws its palettes and panels from it.
func TestCatalog_fixtureIsFresh(t *testing.T) {
	t.Parallel()
	k := apitest.New(t)
	var actions []catalog.Entry
	for _, a := range action.Types.All() {
		actions = append(actions, a.Entry())
	}
	k.Server.Parts = map[string][]catalog.Entry{"actions": actions} // as the product is served
	a := k.Do(apitest.Scenario{URL: "/api/v1/catalog"})
	const fixture = "../frontend/e2e/fixtures/catalog.golden.json"
	if *update {
		if err := os.WriteFile(fixture, a.Body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(a.Body) {
		t.Fatalf("%s is stale: go test ./api -run Catalog -update", fixture)
	}
}

// TestRouter_servesOnlyWhatIsDeclared compares the router with the document:
// an undocumented path, or one without a permission, fails.
func TestRouter_servesOnlyWhatIsDeclared(t *testing.T) {
	t.Parallel()
	k := apitest.New(t)
	var declared, served []string
	for _, r := range k.Server.Routes() {
		declared = append(declared, r.Method+" "+r.Path)
		if r.Who == "" {
			t.Errorf("%s %s has no permission", r.Method, r.Path)
		}
	}
	for _, r := range k.Server.Served() {
		served = append(served, r.Method+" "+r.Path)
	}
	slices.Sort(declared)
	slices.Sort(served)
	if !slices.Equal(declared, served) {
		t.Fatalf("declared %d routes, serves %d:\n%s\n\n%s", len(declared), len(served), strings.Join(declared, "\n"), strings.Join(served, "\n"))
	}
}

// TestRouter_refusesStrangers calls every route that needs a credential
// without one, and every changing one with a cookie but without our header.
func TestRouter_refusesStrangers(t *testing.T) {
	t.Parallel()
	k := apitest.New(t)
	for _, r := range k.Server.Routes() {
		path := r.Path
		for _, p := range []string{"ws", "app", "entity", "id", "doc", "n", "name", "token", "comment", "rule", "dashboard", "widget", "upload", "op"} {
			path = strings.ReplaceAll(path, "{"+p+"}", "1")
		}
		if r.Who == api.Anyone || r.Who == api.Operator {
			continue
		}
		if a := k.Send(apitest.Scenario{Method: r.Method, URL: path}); a.Status != 401 {
			t.Errorf("%s %s without a credential: %d", r.Method, r.Path, a.Status)
		}
		if r.Method == "GET" {
			continue
		}
		if a := k.Send(apitest.Scenario{As: "admin", Method: r.Method, URL: path, Headers: map[string]string{"X-Tenon": ""}}); a.Status != 403 {
			t.Errorf("%s %s without X-Tenon: %d", r.Method, r.Path, a.Status)
		}
		if a := k.Send(apitest.Scenario{As: "admin", Method: r.Method, URL: path, Headers: map[string]string{"Sec-Fetch-Site": "cross-site"}}); a.Status != 403 {
			t.Errorf("%s %s from another site: %d", r.Method, r.Path, a.Status)
		}
	}
}

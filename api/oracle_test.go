package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tenon/api"
	. "tenon/api/apitest"
)

// vault is an app whose roles overlap: by row, by field, by condition. Every
// text in it is unique, so that one that shows tells whose and which it is.
const vault = `{
 "app":{"key":"vault","name":"库"},
 "entities":[
  {"key":"customer","name":"客户","title":"{name}","fields":[
    {"key":"name","name":"名称","type":"text"},
    {"key":"phone","name":"电话","type":"phone"},
    {"key":"secret","name":"机密","type":"text"},
    {"key":"region","name":"区域","type":"select","options":{"choices":[{"key":"east","label":"东"},{"key":"west","label":"西"}]}},
    {"key":"level","name":"级别","type":"select","options":{"choices":[{"key":"a","label":"甲"},{"key":"b","label":"乙"}]}},
    {"key":"amount","name":"金额","type":"number"},
    {"key":"slogan","name":"口号","type":"formula","options":{"expr":"\"~\" + secret","result":"text"}},
    {"key":"boss","name":"上级","type":"link","options":{"entity":"customer"}}]},
  {"key":"deal","name":"交易","title":"{memo}","fields":[
    {"key":"memo","name":"备注","type":"text"},
    {"key":"customer","name":"客户","type":"link","options":{"entity":"customer"}},
    {"key":"whispered","name":"客户机密","type":"lookup","options":{"link":"customer","field":"secret"}},
    {"key":"lines","name":"明细","type":"subform","fields":[{"key":"what","name":"什么","type":"text"},{"key":"whose","name":"谁的","type":"link","options":{"entity":"customer"}}]}]}],
 "views":[{"key":"all","entity":"customer","name":"全部","type":"grid","config":{"columns":[{"field":"name"},{"field":"phone"},{"field":"secret"}]}}],
 "dashboards":[{"key":"board","name":"看板","widgets":[
    {"id":"w1","type":"list","title":"客户","x":0,"y":0,"w":6,"h":2,"config":{"entity":"customer","columns":["name","phone","secret","slogan","boss"],"limit":50}},
    {"id":"w2","type":"bar","title":"名称","x":0,"y":2,"w":6,"h":2,"config":{"entity":"customer","group_by":{"field":"name"},"measures":[{"fn":"count"}]}},
    {"id":"w3","type":"ranking","title":"机密","x":0,"y":4,"w":6,"h":2,"config":{"entity":"customer","group_by":{"field":"secret"},"measure":{"fn":"count"}}}]}],
 "rules":[
  {"key":"touch","name":"碰","entity":"customer","trigger":{"type":"button","label":"碰"},"steps":[{"id":"s1","type":"message","options":{"text":"好"}}]}],
 "roles":[
  {"key":"east","name":"东区","grants":[
    {"entity":"customer","ops":["read","update"],"filter":"region == \"east\"","fields":[{"field":"phone","rule":"partial","when":"owner != me()"},{"field":"secret","rule":"hidden"}]},
    {"entity":"deal","ops":["read"],"filter":"customer.region == \"east\""}]},
  {"key":"own","name":"自己","grants":[
    {"entity":"customer","ops":["create","read","update","delete","export"],"filter":"owner == me()"},
    {"entity":"deal","ops":["create","read","update"],"filter":"owner == me()"}]},
  {"key":"vip","name":"大客户","grants":[
    {"entity":"customer","ops":["read","export","import"],"filter":"level == \"a\"","fields":[{"field":"secret","rule":"hidden","when":"amount > 500"},{"field":"phone","rule":"hidden"}]},
    {"entity":"deal","ops":["read","export"],"filter":"customer.level == \"a\""}]}]}`

// secretive is a customer or a deal of the vault, as the oracle knows it.
type secretive struct {
	n             int
	id, deal      string
	region, level string
	amount        int
	owner         string // name of a person
}

// viewer is a person and the roles held.
type viewer struct {
	name  string
	roles []string
}

// Levels of the oracle.
const (
	hidden = iota
	partial
	full
)

// seenBy is the oracle: whether a customer's row shows, and how much of its
// phone and secret, by the sentence "a field shows if and only if one role
// grants both the row and the field".
func (c *secretive) seenBy(v viewer) (row bool, phone, secret int) {
	see := func(p, s int) { row, phone, secret = true, max(phone, p), max(secret, s) }
	for _, r := range v.roles {
		switch {
		case r == "all":
			see(full, full)
		case r == "own" && c.owner == v.name:
			see(full, full)
		case r == "east" && c.region == "east":
			if c.owner == v.name {
				see(full, hidden)
			} else {
				see(partial, hidden)
			}
		case r == "vip" && c.level == "a":
			if c.amount > 500 {
				see(hidden, hidden)
			} else {
				see(hidden, full)
			}
		}
	}
	return row, phone, secret
}

// dealSeenBy is the same of a customer's deal; whispered is the most that a
// role granting the deal lets see of the customer's secret.
func (c *secretive) dealSeenBy(v viewer) (row bool, whispered int) {
	for _, r := range v.roles {
		switch {
		case r == "all", r == "own" && c.owner == v.name:
			row, whispered = true, full
		case r == "east" && c.region == "east":
			row = true
		case r == "vip" && c.level == "a":
			row = true
			if c.amount <= 500 {
				whispered = full
			}
		}
	}
	return row, whispered
}

var tokens = regexp.MustCompile(`(N|S|M|L)-(\d\d)-x|1380000(\d{4})`)

// leak gives the first token in an answer that the viewer may not see.
func leak(all []*secretive, v viewer, body string) string {
	for _, m := range tokens.FindAllStringSubmatch(body, -1) {
		kind, digits := m[1], m[2]
		if kind == "" {
			kind, digits = "phone", m[3]
		}
		n, err := strconv.Atoi(digits)
		if err != nil || n >= len(all) {
			continue
		}
		c := all[n]
		row, phone, secret := c.seenBy(v)
		deal, whispered := c.dealSeenBy(v)
		ok := false
		switch kind {
		case "N":
			ok = row
		case "phone":
			ok = phone == full
		case "S":
			ok = row && secret == full || deal && whispered == full
		case "M", "L":
			ok = deal
		}
		if !ok {
			return m[0]
		}
	}
	return ""
}

// probe is a request on a route of the vault. {{id}} and {{deal}} stand for
// each record in turn.
type probe struct {
	url, body string
}

const vaultCustomers, vaultDeals = "/api/v1/apps/{{vault}}/entities/customer", "/api/v1/apps/{{vault}}/entities/deal"

func q(s string) string { return url.QueryEscape(s) }

// probes says of every route how records could come out of it, or why none
// can. A route that is not here fails the test.
var probes = map[string]any{
	"GET /api/v1/apps/{app}/entities/{entity}/records": []probe{
		{url: vaultCustomers + "/records?limit=500"}, {url: vaultDeals + "/records?limit=500&expand=customer"}, {url: vaultCustomers + "/records?limit=500&expand=boss"},
		{url: vaultCustomers + "/records?search=N-0"}, {url: vaultCustomers + "/records?search=S-0"}, {url: vaultCustomers + "/records?search=1380000"}, {url: vaultDeals + "/records?search=S-0"},
		{url: vaultCustomers + "/records?filter=" + q(`secret startsWith "S"`)}, {url: vaultCustomers + "/records?filter=" + q(`boss.secret startsWith "S"`)}, {url: vaultCustomers + "/records?filter=" + q(`boss.name startsWith "N"`)},
		{url: vaultDeals + "/records?filter=" + q(`customer.secret startsWith "S"`)}, {url: vaultDeals + "/records?filter=" + q(`whispered startsWith "S"`)},
		{url: vaultCustomers + "/records?sort=secret"}, {url: vaultCustomers + "/records?fields=secret,slogan,phone"}, {url: vaultCustomers + "/records?deleted=true"}},
	"POST /api/v1/apps/{app}/entities/{entity}/records": []probe{{vaultCustomers + "/records", `{"boss":"{{id}}"}`}, {vaultDeals + "/records", `{"customer":"{{id}}","lines":[{"what":"x","whose":"{{id}}"}]}`}},
	"POST /api/v1/apps/{app}/entities/{entity}/records/aggregate": []probe{
		{vaultCustomers + "/records/aggregate", `{"group_by":[{"field":"name"}],"measures":[{"fn":"count","as":"n"}]}`}, {vaultCustomers + "/records/aggregate", `{"group_by":[{"field":"secret"}],"measures":[{"fn":"count","as":"n"}]}`},
		{vaultCustomers + "/records/aggregate", `{"group_by":[{"field":"slogan"}],"measures":[{"fn":"count","as":"n"}]}`}, {vaultCustomers + "/records/aggregate", `{"measures":[{"fn":"max","field":"secret","as":"n"},{"fn":"min","field":"phone","as":"m"}]}`},
		{vaultDeals + "/records/aggregate", `{"group_by":[{"field":"customer"}],"measures":[{"fn":"count","as":"n"}]}`}, {vaultDeals + "/records/aggregate", `{"group_by":[{"field":"whispered"}],"measures":[{"fn":"count","as":"n"}]}`}},
	"POST /api/v1/apps/{app}/entities/{entity}/records/batch":    []probe{{vaultCustomers + "/records/batch", `{"ops":[{"op":"update","id":"{{id}}","values":{}}]}`}, {vaultCustomers + "/records/batch", `{"atomic":false,"ops":[{"op":"upsert","match":["name"],"values":{"name":"N-00-x"}}]}`}},
	"POST /api/v1/apps/{app}/entities/{entity}/records/bulk":     []probe{{vaultCustomers + "/records/bulk", `{"select":{"query":{"filter":"amount < 0"}},"set":{"amount":1}}`}, {vaultCustomers + "/records/bulk", `{"select":{"query":{"filter":"secret startsWith \"S\" and amount < 0"}},"set":{"amount":1}}`}},
	"POST /api/v1/apps/{app}/entities/{entity}/records/evaluate": []probe{{vaultCustomers + "/records/evaluate", `{"id":"{{id}}","values":{"amount":1}}`}, {vaultDeals + "/records/evaluate", `{"values":{"customer":"{{id}}"}}`}, {vaultDeals + "/records/evaluate", `{"id":"{{deal}}","values":{}}`}},
	"POST /api/v1/apps/{app}/entities/{entity}/records/query": []probe{
		{vaultCustomers + "/records/query", `{"limit":500,"view":"all"}`}, {vaultCustomers + "/records/query", `{"filter":{"and":[{"field":"secret","op":"contains","value":"S"}]}}`}, {vaultDeals + "/records/query", `{"limit":500,"expand":["customer"]}`},
		{vaultCustomers + "/records/query", `{"ids":["{{id}}"]}`}, {vaultCustomers + "/records/query", `{"count":"exact","filter":"slogan contains \"S\""}`}},
	"DELETE /api/v1/apps/{app}/entities/{entity}/records/{id}":                    "answers with nothing; what may be deleted is tested in TestRecords_followRoles",
	"GET /api/v1/apps/{app}/entities/{entity}/records/{id}":                       []probe{{url: vaultCustomers + "/records/{{id}}"}, {url: vaultCustomers + "/records/{{id}}?expand=boss"}, {url: vaultDeals + "/records/{{deal}}?expand=customer"}, {url: vaultCustomers + "/records/{{id}}?fields=secret"}},
	"PATCH /api/v1/apps/{app}/entities/{entity}/records/{id}":                     []probe{{vaultCustomers + "/records/{{id}}", `{}`}, {vaultDeals + "/records/{{deal}}", `{}`}},
	"POST /api/v1/apps/{app}/entities/{entity}/records/{id}/buttons/{rule}":       []probe{{vaultCustomers + "/records/{{id}}/buttons/touch", `{}`}},
	"GET /api/v1/apps/{app}/entities/{entity}/records/{id}/comments":              []probe{{url: vaultCustomers + "/records/{{id}}/comments"}},
	"POST /api/v1/apps/{app}/entities/{entity}/records/{id}/comments":             []probe{{vaultCustomers + "/records/{{id}}/comments", `{"text":"看"}`}},
	"DELETE /api/v1/apps/{app}/entities/{entity}/records/{id}/comments/{comment}": "answers with nothing",
	"PATCH /api/v1/apps/{app}/entities/{entity}/records/{id}/comments/{comment}":  "answers with the caller's own comment",
	"GET /api/v1/apps/{app}/entities/{entity}/records/{id}/history":               []probe{{url: vaultCustomers + "/records/{{id}}/history"}, {url: vaultDeals + "/records/{{deal}}/history"}},
	"GET /api/v1/apps/{app}/entities/{entity}/records/{id}/related":               []probe{{url: vaultCustomers + "/records/{{id}}/related"}},
	"POST /api/v1/apps/{app}/entities/{entity}/records/{id}/restore":              []probe{{vaultCustomers + "/records/{{id}}/restore", `{}`}},
	"GET /api/v1/apps/{app}/entities/{entity}/records/{id}/tasks":                 []probe{{url: vaultCustomers + "/records/{{id}}/tasks"}},
	"GET /api/v1/apps/{app}/entities/{entity}/records/{id}/readers":               "for those who build the app",
	"GET /api/v1/apps/{app}/entities/{entity}/records/{id}/why":                   []probe{{url: vaultCustomers + "/records/{{id}}/why"}, {url: vaultCustomers + "/records/{{id}}/why?field=phone"}, {url: vaultCustomers + "/records/{{id}}/why?field=secret"}},
	"GET /api/v1/apps/{app}/entities/{entity}/export":                             []probe{{url: vaultCustomers + "/export"}, {url: vaultCustomers + "/export?format=ndjson"}, {url: vaultCustomers + "/export?keys=true&fields=secret,phone,slogan"}, {url: vaultDeals + "/export?format=ndjson"}, {url: vaultDeals + "/export?fields=lines,customer,whispered"}},
	"POST /api/v1/apps/{app}/entities/{entity}/import/upload":                     []probe{{vaultCustomers + "/import/upload", `{"text":"名称\t上级\nx\tN-01-x"}`}},
	"GET /api/v1/apps/{app}/entities/{entity}/import/mappings":                    []probe{{url: vaultCustomers + "/import/mappings"}},
	"POST /api/v1/apps/{app}/entities/{entity}/import/{upload}/dry-run":           []probe{{vaultCustomers + "/import/{{upload}}/dry-run", `{"mapping":{"match":["name"],"columns":[{"field":"name","column":"名称"},{"field":"boss","column":"上级","find":["secret"]}]}}`}},
	"POST /api/v1/apps/{app}/entities/{entity}/import/{upload}/read":              []probe{{vaultCustomers + "/import/{{upload}}/read", `{"read":{"header":1}}`}},
	"POST /api/v1/apps/{app}/entities/{entity}/import/{upload}/rows":              []probe{{vaultCustomers + "/import/{{upload}}/rows", `{"mapping":{"match":["name"],"columns":[{"field":"name","column":"名称"},{"field":"boss","column":"上级","find":["secret"]}]}}`}},
	"POST /api/v1/apps/{app}/entities/{entity}/import/{upload}/run":               "answers with the id of the caller's job; the job works with the caller's rights, as the dry run does",
	"POST /api/v1/apps/{app}/dashboards/{dashboard}/widgets/{widget}/data":        []probe{{"/api/v1/apps/{{vault}}/dashboards/board/widgets/w1/data", `{}`}, {"/api/v1/apps/{{vault}}/dashboards/board/widgets/w2/data", `{}`}, {"/api/v1/apps/{{vault}}/dashboards/board/widgets/w3/data", `{}`}},
	"GET /api/v1/apps/{app}/operations":                                           []probe{{url: "/api/v1/apps/{{vault}}/operations"}},
	"POST /api/v1/apps/{app}/operations/{id}/undo":                                []probe{{"/api/v1/apps/{{vault}}/operations/{{operation}}/undo", `{}`}},
	"GET /api/v1/apps/{app}/runs":                                                 []probe{{url: "/api/v1/apps/{{vault}}/runs"}},
	"GET /api/v1/apps/{app}/runtime":                                              []probe{{url: "/api/v1/apps/{{vault}}/runtime"}},
	"GET /api/v1/apps/{app}/export":                                               []probe{{url: "/api/v1/apps/{{vault}}/export?data=true"}},
	"GET /api/v1/apps/{app}/shares":                                               []probe{{url: "/api/v1/apps/{{vault}}/shares"}},
	"POST /api/v1/apps/{app}/shares":                                              []probe{{"/api/v1/apps/{{vault}}/shares", `{"kind":"record","target":"customer","record":"{{id}}","fields":["secret"]}`}},
	"GET /api/v1/apps/{app}/views":                                                []probe{{url: "/api/v1/apps/{{vault}}/views"}},
	"GET /api/v1/apps/{app}/openapi.json":                                         []probe{{url: "/api/v1/apps/{{vault}}/openapi.json"}},
	"GET /api/v1/apps/{app}/checklist":                                            []probe{{url: "/api/v1/apps/{{vault}}/checklist"}},
	"GET /api/v1/apps/{app}/draft/hints":                                          []probe{{url: "/api/v1/apps/{{vault}}/draft/hints"}},
	"GET /api/v1/apps/{app}/draft":                                                []probe{{url: "/api/v1/apps/{{vault}}/draft"}},
	"GET /api/v1/apps/{app}/rules":                                                []probe{{url: "/api/v1/apps/{{vault}}/rules"}},
	"GET /api/v1/apps/{app}/versions":                                             []probe{{url: "/api/v1/apps/{{vault}}/versions"}},
	"GET /api/v1/apps/{app}/retired":                                              []probe{{url: "/api/v1/apps/{{vault}}/retired"}},
	"POST /api/v1/apps/{app}/expr/try":                                            []probe{{"/api/v1/apps/{{vault}}/expr/try", `{"entity":"customer","expr":"secret","record_id":"{{id}}"}`}},
	"POST /api/v1/apps/{app}/rules/dry-run":                                       []probe{{"/api/v1/apps/{{vault}}/rules/dry-run", `{"record_id":"{{id}}","rule":{"id":"rul_x","key":"x","name":"x","entity":"customer","trigger":{"type":"updated"},"steps":[]}}`}},
	"GET /api/v1/tasks":                                                           []probe{{url: "/api/v1/tasks"}, {url: "/api/v1/tasks?tab=created"}},
	"GET /api/v1/notifications":                                                   []probe{{url: "/api/v1/notifications"}},
	"GET /api/v1/bootstrap":                                                       []probe{{url: "/api/v1/bootstrap"}},
	"GET /api/v1/workspaces/{ws}/recycle-bin":                                     []probe{{url: "/api/v1/workspaces/{{ws}}/recycle-bin"}},
	"GET /api/v1/workspaces/{ws}/audit":                                           []probe{{url: "/api/v1/workspaces/{{ws}}/audit"}},
	"GET /api/v1/workspaces/{ws}/directory":                                       []probe{{url: "/api/v1/workspaces/{{ws}}/directory?search=N"}},
	"GET /api/v1/workspaces/{ws}/outbox":                                          []probe{{url: "/api/v1/workspaces/{{ws}}/outbox"}},
	"GET /api/v1/workspaces/{ws}/apps":                                            []probe{{url: "/api/v1/workspaces/{{ws}}/apps"}},
	"POST /api/v1/tasks":                                                          []probe{{"/api/v1/tasks", `{"app":"{{vault}}","entity":"customer","record":"{{id}}","title":"办","assignees":["{{me}}"]}`}},
	"GET /api/v1/tasks/{id}":                                                      "holds the title of a record that its assignee was given on purpose; tested in TestTasks_areGivenAndDone",
	"POST /api/v1/tasks/{id}/complete":                                            "answers with the caller's own task",
	"GET /api/v1/events":                                                          "names ids only, of records that the caller sees; tested in TestEvents_reachThoseWhoMaySee",
	"GET /api/v1/files/{id}":                                                      "tested in TestFiles_areForThoseWhoSeeTheRecord",
	"GET /api/v1/public/{token}":                                                  "shows the fields that were chosen when it was shared; tested in TestShares_showAndTakeNoMore",
	"POST /api/v1/public/{token}/records":                                         "answers with thanks",
	"POST /api/v1/public/{token}/files":                                           "answers with the caller's own file",
	"GET /api/v1/jobs/{id}":                                                       "shows jobs of the caller; tested in TestJobs_areFollowed",
	"GET /api/v1/runs/{id}":                                                       "for builders of the app, who see everything",
	"GET /api/v1/workspaces/{ws}/webhooks/{id}/deliveries":                        "for administrators of the workspace",
	"POST /api/v1/workspaces/{ws}/deliveries/{id}/resend":                         "for administrators of the workspace",
	"POST /api/v1/hooks/{app}/{rule}":                                             "answers with nothing of a record",
	"POST /api/v1/apps/{app}/from-file/upload":                                    "for builders of the app, who see everything",
	"POST /api/v1/apps/{app}/from-file/{upload}/propose":                          "for builders of the app, who see everything",
	"POST /api/v1/apps/{app}/from-file/{upload}/run":                              "for builders of the app, who see everything",
	"PATCH /api/v1/apps/{app}":                                                    "for builders of the app, who see everything",
	"POST /api/v1/apps/{app}/sample/remove":                                       "for builders of the app, who see everything",
}

// plain are the beginnings of routes that know definitions, people or the
// installation, and no records.
var plain = []string{
	"DELETE /api/v1/apps/{app}", "POST /api/v1/apps/{app}/draft", "PUT /api/v1/apps/{app}/draft", "POST /api/v1/apps/{app}/expr/check", "PATCH /api/v1/apps/{app}/params", "POST /api/v1/apps/{app}/publish",
	"POST /api/v1/apps/{app}/quick-field", "POST /api/v1/apps/{app}/retired", "PATCH /api/v1/apps/{app}/rules", "PATCH /api/v1/apps/{app}/shares", "POST /api/v1/apps/{app}/versions", "POST /api/v1/apps/{app}/views",
	"PATCH /api/v1/apps/{app}/views", "GET /api/v1/catalog", "GET /api/v1/geo", "POST /api/v1/files", "GET /api/v1/invitations", "POST /api/v1/invitations", "POST /api/v1/jobs/{id}/cancel", "PATCH /api/v1/me", "POST /api/v1/me", "GET /api/v1/me", "DELETE /api/v1/me",
	"POST /api/v1/notifications/read", "GET /api/v1/openapi.json", "POST /api/v1/runs/{id}", "DELETE /api/v1/session", "POST /api/v1/session", "POST /api/v1/setup", "GET /api/v1/templates",
	"GET /api/v1/workspaces", "POST /api/v1/workspaces", "PATCH /api/v1/workspaces", "PUT /api/v1/workspaces", "DELETE /api/v1/workspaces", "GET /healthz", "GET /metrics", "GET /readyz",
}

// vaultTable is what importers send: names and secrets that they have guessed.
const vaultTable = `{"text":"名称\t上级\nN-01-x\tS-02-x"}`

func isPlain(route string) bool {
	if strings.Contains(route, "/entities/") {
		return false
	}
	return slices.ContainsFunc(plain, func(p string) bool {
		return route == p || strings.HasPrefix(route, p+"/") || strings.HasPrefix(p, "DELETE") && strings.HasPrefix(route, p)
	})
}

// TestOracle asks every route for records as people with overlapping roles and
// compares what shows with an oracle that knows the roles in other words.
func TestOracle(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.App("vault", vault)
	viewers := []viewer{{"east", []string{"east"}}, {"own", []string{"own"}}, {"vip", []string{"vip"}}, {"eastown", []string{"east", "own"}}, {"eastvip", []string{"east", "vip"}}, {"three", []string{"east", "own", "vip"}}, {"nobody", nil}}
	for _, v := range viewers {
		roles := make([]string, len(v.roles))
		for i, r := range v.roles {
			roles[i] = "vault:" + r
		}
		k.Join(v.name, roles...)
	}
	owners := []string{"east", "own", "vip", "eastown", "eastvip", "three"}
	var all []*secretive
	for i := range 24 {
		c := &secretive{n: i, region: []string{"east", "west"}[i%2], level: []string{"a", "b"}[i/2%2], amount: []int{100, 900}[i/4%2], owner: owners[i%len(owners)]}
		parent := "null"
		if i > 0 {
			parent = `"` + all[(i*7)%i].id + `"`
		}
		c.id = k.Do(Scenario{As: "admin", Method: "POST", URL: vaultCustomers + "/records", Status: 201,
			Body: fmt.Sprintf(`{"name":"N-%02d-x","secret":"S-%02d-x","phone":"1380000%04d","region":%q,"level":%q,"amount":%d,"owner":"{{%s}}","boss":%s}`, i, i, i, c.region, c.level, c.amount, c.owner, parent)}).Text("id")
		// A change, so that there is a history of each field.
		k.Do(Scenario{As: "admin", Method: "PATCH", URL: vaultCustomers + "/records/" + c.id, Body: `{"secret":"","phone":""}`})
		k.Do(Scenario{As: "admin", Method: "PATCH", URL: vaultCustomers + "/records/" + c.id, Body: fmt.Sprintf(`{"secret":"S-%02d-x","phone":"1380000%04d"}`, i, i)})
		c.deal = k.Do(Scenario{As: "admin", Method: "POST", URL: vaultDeals + "/records", Status: 201,
			Body: fmt.Sprintf(`{"memo":"M-%02d-x","customer":%q,"owner":"{{%s}}","lines":[{"what":"L-%02d-x","whose":%q}]}`, i, c.id, c.owner, i, c.id)}).Text("id")
		all = append(all, c)
	}
	k.Vars["operation"] = k.Do(Scenario{As: "admin", Method: "POST", URL: vaultCustomers + "/records/bulk", Body: `{"select":{"query":{"filter":"amount > 0"}},"set":{"level":"a"}}`}).Text("operation")
	k.Do(Scenario{As: "admin", Method: "POST", URL: "/api/v1/apps/{{vault}}/operations/{{operation}}/undo", Body: `{}`})
	// The import's table is sent by whoever may.
	for _, v := range viewers {
		k.Vars[v.name+"_upload"] = "00000000-0000-7000-8000-000000000000"
		if slices.Contains(v.roles, "vip") {
			k.Vars[v.name+"_upload"] = k.Do(Scenario{As: v.name, Method: "POST", URL: vaultCustomers + "/import/upload", Body: vaultTable, Status: 201}).Text("upload")
		}
	}
	t.Run("rows and fields", func(t *testing.T) { checkRows(t, k, viewers, all) })
	shown := 0
	for _, r := range k.Server.Routes() {
		route := r.Method + " " + r.Path
		list, probed := probes[route].([]probe)
		if _, excused := probes[route].(string); !probed && !excused && !isPlain(route) {
			t.Errorf("%s is not probed: say in probes how records could come out of it, or why none can", route)
		}
		for _, p := range list {
			for _, v := range viewers {
				k.Vars["me"], k.Vars["upload"] = k.Vars[v.name], k.Vars[v.name+"_upload"]
				for _, c := range all {
					s := Scenario{As: v.name, Method: r.Method, URL: strings.NewReplacer("{{id}}", c.id, "{{deal}}", c.deal).Replace(p.url), Body: strings.NewReplacer("{{id}}", c.id, "{{deal}}", c.deal).Replace(p.body)}
					a := k.Send(s)
					if a.Status >= 500 {
						t.Fatalf("%s %s %s as %s: %d %s", r.Method, p.url, p.body, v.name, a.Status, a.Body)
					}
					// What the caller has sent is no secret to them.
					body, uploaded := string(a.Body), ""
					if strings.Contains(p.url, "upload") {
						uploaded = vaultTable
					}
					for _, own := range tokens.FindAllString(s.URL+s.Body+uploaded, -1) {
						body = strings.ReplaceAll(body, own, "")
					}
					if x := leak(all, v, body); x != "" {
						t.Errorf("%s %s %s as %s shows %s of a record by %s: %s", r.Method, p.url, s.Body, v.name, x, c.owner, clipText(body))
						break
					}
					shown += len(tokens.FindAllString(body, -1))
					if !strings.Contains(p.url+p.body, "{{id}}") && !strings.Contains(p.url+p.body, "{{deal}}") {
						break
					}
				}
			}
		}
	}
	if shown < 5000 {
		t.Errorf("only %d texts showed: the probes ask for nothing", shown)
	}
	for route := range probes {
		if !slices.ContainsFunc(k.Server.Routes(), func(r api.RouteInfo) bool { return r.Method+" "+r.Path == route }) {
			t.Errorf("%s is probed and does not exist", route)
		}
	}
}

func clipText(s string) string { return s[:min(len(s), 600)] }

// checkRows compares a list and an export with the oracle exactly: no more and
// no less.
func checkRows(t *testing.T, k *Kit, viewers []viewer, all []*secretive) {
	for _, v := range viewers {
		a := k.Send(Scenario{As: v.name, Method: "GET", URL: vaultCustomers + "/records?limit=500"})
		if v.roles == nil {
			if a.Status != 403 {
				t.Errorf("without a role: %d", a.Status)
			}
			continue
		}
		var page struct {
			Records []map[string]any `json:"records"`
		}
		if err := json.Unmarshal(a.Body, &page); err != nil {
			t.Fatal(err)
		}
		got := map[string]map[string]any{}
		for _, r := range page.Records {
			got[r["id"].(string)] = r
		}
		for _, c := range all {
			row, phone, secret := c.seenBy(v)
			r, shows := got[c.id]
			if shows != row {
				t.Errorf("%s: customer %d shows: %v, want %v", v.name, c.n, shows, row)
				continue
			}
			if !row {
				continue
			}
			wantPhone := map[int]any{hidden: nil, partial: fmt.Sprintf("138****%04d", c.n), full: fmt.Sprintf("1380000%04d", c.n)}[phone]
			wantSecret, wantSlogan := any(nil), any(nil)
			if secret == full {
				wantSecret, wantSlogan = fmt.Sprintf("S-%02d-x", c.n), fmt.Sprintf("~S-%02d-x", c.n)
			}
			if r["phone"] != wantPhone || r["secret"] != wantSecret || r["slogan"] != wantSlogan {
				t.Errorf("%s: customer %d (%+v): phone %v secret %v slogan %v, want %v %v %v", v.name, c.n, c, r["phone"], r["secret"], r["slogan"], wantPhone, wantSecret, wantSlogan)
			}
		}
		if !slices.Contains(v.roles, "vip") && !slices.Contains(v.roles, "own") {
			continue
		}
		file := k.Do(Scenario{As: v.name, Method: "GET", URL: vaultCustomers + "/export?keys=true&fields=id,name"})
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(file.Body), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		visible := 0
		for _, c := range all {
			if row, _, _ := c.seenBy(v); row {
				visible++
			}
		}
		if len(rows)-1 > visible {
			t.Errorf("%s: the export has %d rows, the list %d", v.name, len(rows)-1, visible)
		}
	}
}

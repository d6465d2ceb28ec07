package api_test

import (
	"strings"
	"testing"
	"time"

	"tenon/api"
	. "tenon/api/apitest"
)

func TestSetup_isDoneOnce(t *testing.T) {
	t.Parallel()
	k := Empty(t)
	token, err := k.People.SetupToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	k.Vars["token"] = token
	const good = `{"token":"{{token}}","email":"ann@example.com","password":"correct horse","name":"Ann","workspace":"榫卯"}`
	k.Run(t,
		Scenario{URL: "/api/v1/bootstrap", Want: `{"setup_required":true,"me":null}`},
		Scenario{Name: "every fault at once", Method: "POST", URL: "/api/v1/setup", Body: `{"token":"{{token}}","email":"ann","password":"short","name":"","workspace":"x"}`, Status: 422,
			Want: `{"errors":[{"path":"email"},{"path":"name"},{"path":"password"}]}`},
		Scenario{Name: "an unknown property", Method: "POST", URL: "/api/v1/setup", Body: `{"token":"x","Email":"a@b.cn"}`, Status: 422, Code: "request.unknown"},
		Scenario{Name: "a wrong token", Method: "POST", URL: "/api/v1/setup", Body: strings.Replace(good, "{{token}}", "x", 1), Status: 403, Code: "setup.token"},
		Scenario{As: "ann", Method: "POST", URL: "/api/v1/setup", Body: good, Status: 204},
		Scenario{As: "ann", URL: "/api/v1/bootstrap", Want: `{"setup_required":false,"me":{"email":"ann@example.com"},"workspaces":[{"key":"sun_mao","admin":true}]}`},
		Scenario{Name: "twice", Method: "POST", URL: "/api/v1/setup", Body: good, Status: 409, Code: "setup.done"},
	)
}

func TestSession_signsInAndOut(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.Advance(time.Second)
	k.Run(t,
		Scenario{Name: "wrong password", Method: "POST", URL: "/api/v1/session", Body: `{"email":"admin@example.com","password":"nope nope"}`, Status: 401, Code: "auth.sign_in"},
		Scenario{Name: "unknown address looks alike", Method: "POST", URL: "/api/v1/session", Body: `{"email":"x@example.com","password":"nope nope"}`, Status: 401, Code: "auth.sign_in"},
		Scenario{Name: "sign in", As: "again", Method: "POST", URL: "/api/v1/session", Body: `{"email":"Admin@example.com","password":"correct horse"}`, Status: 204},
		Scenario{As: "again", URL: "/api/v1/me/sessions", Want: `{"items":[{},{}]}`, Save: map[string]string{"other": "items.1.id"}},
		Scenario{As: "again", Method: "DELETE", URL: "/api/v1/me/sessions/{{other}}", Status: 204},
		Scenario{Name: "an ended session", As: "admin", URL: "/api/v1/me/sessions", Status: 401},
		Scenario{As: "again", Method: "PATCH", URL: "/api/v1/me", Body: `{"name":"Ann","locale":"en-US","theme":"dark","time_zone":"Europe/Berlin"}`, Want: `{"name":"Ann","locale":"en-US","theme":"dark"}`},
		Scenario{As: "again", Method: "PATCH", URL: "/api/v1/me", Body: `{"locale":"xx","time_zone":"Mars/One"}`, Status: 422},
		Scenario{As: "again", Method: "POST", URL: "/api/v1/me/password", Body: `{"old":"wrong","new":"another horse"}`, Status: 403},
		Scenario{As: "again", Method: "POST", URL: "/api/v1/me/password", Body: `{"old":"correct horse","new":"another horse"}`, Status: 204},
		Scenario{Name: "sign out", As: "again", Method: "DELETE", URL: "/api/v1/session", Status: 204},
		Scenario{Name: "signed out", As: "again", URL: "/api/v1/me/sessions", Status: 401, Code: "auth.required"},
	)
}

func TestSession_endsWithIdleness(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.Do(Scenario{As: "admin", URL: "/api/v1/workspaces"})
	k.Advance(9 * time.Hour)
	k.Do(Scenario{As: "admin", URL: "/api/v1/workspaces", Status: 401})
}

func TestSession_needsAnEncryptedConnection(t *testing.T) {
	t.Parallel()
	k := New(t)
	a := k.Do(Scenario{Method: "POST", URL: "/api/v1/session", Body: `{"email":"admin@example.com","password":"correct horse"}`, Status: 204})
	cookie := strings.Join(a.Header.Values("Set-Cookie"), "\n")
	for _, want := range []string{"__Host-tenon=", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("%s lacks %s", cookie, want)
		}
	}
	k.Do(Scenario{Method: "POST", URL: "/api/v1/session", Body: `{"email":"admin@example.com","password":"correct horse"}`, Host: "tenon.example.com", Status: 403, Code: "auth.insecure"})
	k.Do(Scenario{Name: "another site", Method: "POST", URL: "/api/v1/session", Body: `{"email":"admin@example.com","password":"correct horse"}`,
		Headers: map[string]string{"Origin": "https://evil.example"}, Status: 403, Code: "request.forgery"})
}

func TestRequests_areReadStrictly(t *testing.T) {
	t.Parallel()
	k := New(t)
	const url = "/api/v1/workspaces"
	for name, s := range map[string]Scenario{
		"duplicate keys":    {Body: `{"name":"a","name":"b"}`, Status: 422, Code: "json.duplicate"},
		"trailing data":     {Body: `{"name":"a"} x`, Status: 422, Code: "json.syntax"},
		"broken text":       {Body: "{\"name\":\"a\\ud800\"}", Status: 422, Code: "json.text"},
		"a NUL":             {Body: `{"name":"a\u0000"}`, Status: 422, Code: "json.text"},
		"another case":      {Body: `{"Name":"a"}`, Status: 422, Code: "request.unknown"},
		"another type":      {Body: `{"name":1}`, Status: 422, Code: "request.type"},
		"an array":          {Body: `[]`, Status: 422, Code: "request.body"},
		"a form":            {Body: `name=a`, Type: "application/x-www-form-urlencoded", Status: 415, Code: "request.media_type"},
		"a missing name":    {Body: `{}`, Status: 422, Code: "request.missing"},
		"an unknown query":  {URL: url + "?x=1", Body: `{"name":"a"}`, Status: 422, Code: "request.unknown"},
		"too much":          {Body: `{"name":"` + strings.Repeat("a", 1<<20) + `"}`, Status: 413, Code: "request.too_large"},
		"the wrong verb":    {Method: "PUT", Body: `{}`, Status: 405, Code: "request.method"},
		"no such place":     {Method: "GET", URL: "/api/v1/nowhere", Status: 404, Code: "request.route"},
		"a slash too many":  {Method: "GET", URL: url + "/", Status: 404, Code: "request.route"},
		"another spelling":  {Method: "GET", URL: "/api/v1/Workspaces", Status: 404, Code: "request.route"},
		"words in Chinese":  {Body: `{}`, Headers: map[string]string{"Accept-Language": "zh-CN"}, Status: 422, Want: `{"title":"内容有误","errors":[{"message":"缺少“name”"}]}`},
		"a repeated filter": {Method: "GET", URL: "/api/v1/tasks?tab=todo&tab=done", Status: 422, Code: "request.repeated"},
	} {
		s.Name, s.As = name, "admin"
		if s.Method == "" {
			s.Method = "POST"
		}
		if s.URL == "" {
			s.URL = url
		}
		k.Run(t, s)
	}
}

func TestAnswers_carrySafeHeaders(t *testing.T) {
	t.Parallel()
	k := New(t)
	a := k.Do(Scenario{URL: "/api/v1/bootstrap", Headers: map[string]string{"X-Request-Id": "bad id\r\n"}})
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox", "Content-Type": "application/json; charset=utf-8"} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if id := a.Header.Get("X-Request-Id"); len(id) != 36 {
		t.Errorf("the request id is %q", id)
	}
	if a.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("CORS is on")
	}
	z := k.Do(Scenario{URL: "/api/v1/catalog"})
	if len(z.Body) < 1000 {
		t.Error("a short catalog")
	}
	if again := k.Send(Scenario{URL: "/api/v1/catalog", Headers: map[string]string{"If-None-Match": z.Header.Get("ETag")}}); again.Status != 304 {
		t.Errorf("an unchanged catalog: %d", again.Status)
	}
}

func TestOperation_isForTheOperator(t *testing.T) {
	t.Parallel()
	k := New(t, func(o *api.Options) { o.MetricsToken = "let me see" })
	k.Run(t,
		Scenario{URL: "/healthz", Want: `{"status":"ok"}`},
		Scenario{URL: "/readyz", Want: `{"status":"ready"}`},
		Scenario{URL: "/metrics"},
		Scenario{Name: "through a proxy", URL: "/metrics", Headers: map[string]string{"X-Forwarded-For": "10.1.1.1"}, Status: 404},
		Scenario{Name: "with the token", URL: "/metrics", Headers: map[string]string{"X-Forwarded-For": "10.1.1.1", "Authorization": "Bearer let me see"}},
		Scenario{URL: "/debug/pprof/", Status: 404},
	)
}

func TestRates_areLimited(t *testing.T) {
	t.Parallel()
	k := New(t, func(o *api.Options) { o.Rate = api.Rate{Session: 5, Key: 5, Address: 60} })
	slow := 0
	for range 40 {
		a := k.Send(Scenario{As: "admin", URL: "/api/v1/workspaces"})
		if a.Status == 429 {
			slow++
			if a.Header.Get("Retry-After") == "" {
				t.Fatal("no Retry-After")
			}
		}
	}
	if slow == 0 || slow == 40 {
		t.Fatalf("%d of 40 refused", slow)
	}
	k.Advance(time.Minute)
	k.Do(Scenario{As: "admin", URL: "/api/v1/workspaces"})
	refused := 0
	for range 40 {
		if k.Send(Scenario{Method: "POST", URL: "/api/v1/session", Body: `{"email":"x@example.com","password":"wrong one"}`}).Status == 429 {
			refused++
		}
	}
	if refused == 0 {
		t.Fatal("sign-ins are not limited")
	}
}

func TestLog_holdsNoSecrets(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.Key("robot", "[]")
	k.Send(Scenario{Method: "POST", URL: "/api/v1/session", Body: `{"email":"admin@example.com","password":"my-secret-password"}`})
	k.Send(Scenario{As: "robot", URL: "/api/v1/workspaces?search=my-secret-query"})
	k.Send(Scenario{URL: "/api/v1/invitations/my-secret-token"})
	log := k.Log.String()
	for _, secret := range []string{"my-secret", "tk_", "correct horse"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
	if !strings.Contains(log, "/api/v1/invitations/{token}") {
		t.Errorf("no line for the request:\n%s", log)
	}
}

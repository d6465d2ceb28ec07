package frontend

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// build is a small built site as the build step leaves it.
func build(t *testing.T) *site {
	t.Helper()
	return newSite(fstest.MapFS{
		".keep":                   {Data: nil},
		".vite/manifest.json":     {Data: []byte("{}")},
		"index.html.gz":           {Data: zipped(t, "<html>app</html>")},
		"index.html.br":           {Data: []byte("br-app")},
		"f.html.gz":               {Data: zipped(t, "<html>form</html>")},
		"f.html.br":               {Data: []byte("br-form")},
		"assets/index-abc.js.gz":  {Data: zipped(t, "go()")},
		"assets/index-abc.js.br":  {Data: []byte("br-js")},
		"assets/inter-abc.woff2":  {Data: []byte("font")},
		"favicon.svg.gz":          {Data: zipped(t, "<svg/>")},
		"favicon.svg.br":          {Data: []byte("br-svg")},
		"assets/index-abc.js.map": {Data: []byte("{}")},
	})
}

func get(t *testing.T, h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandler_AnswersRoutesWithTheirPage(t *testing.T) {
	t.Parallel()
	s := build(t)
	cases := []struct {
		path, body string
		status     int
	}{
		{"/", "<html>app</html>", 200},
		{"/w/acme/a/crm/customers?view=1", "<html>app</html>", 200},
		{"/w/acme/a/crm/customers/r/0190", "<html>app</html>", 200},
		{"/f/token", "<html>form</html>", 200},
		{"/f", "<html>form</html>", 200},
		{"/favicon.svg", "<svg/>", 200},
		{"/assets/index-abc.js", "go()", 200},
		{"/assets/gone.js", "", 404},
		{"/assets/gone", "", 404},
		{"/api/v1/nothing", "", 404},
		{"/robots.txt", "", 404},
		{"/.vite/manifest.json", "", 404},
		{"/../embed.go", "", 404},
	}
	for _, c := range cases {
		w := get(t, s, c.path)
		if w.Code != c.status {
			t.Errorf("GET %s: status %d, want %d", c.path, w.Code, c.status)
		}
		if c.status == 200 && w.Body.String() != c.body {
			t.Errorf("GET %s: body %q, want %q", c.path, w.Body.String(), c.body)
		}
	}
}

func TestHandler_SendsTheBestEncoding(t *testing.T) {
	t.Parallel()
	s := build(t)
	cases := []struct{ accept, encoding, body string }{
		{"gzip, deflate, br", "br", "br-app"},
		{"gzip", "gzip", string(zipped(t, "<html>app</html>"))},
		{"br;q=0, gzip;q=0.5", "gzip", string(zipped(t, "<html>app</html>"))},
		{"", "", "<html>app</html>"},
	}
	for _, c := range cases {
		w := get(t, s, "/", "Accept-Encoding", c.accept)
		if got := w.Header().Get("Content-Encoding"); got != c.encoding {
			t.Errorf("accept %q: encoding %q, want %q", c.accept, got, c.encoding)
		}
		if w.Body.String() != c.body {
			t.Errorf("accept %q: wrong body", c.accept)
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("accept %q: Vary is missing", c.accept)
		}
	}
}

func TestHandler_CachesAssetsForEverAndRevalidatesPages(t *testing.T) {
	t.Parallel()
	s := build(t)
	if got := get(t, s, "/assets/index-abc.js").Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("asset cache %q", got)
	}
	page := get(t, s, "/w/acme")
	if got := page.Header().Get("Cache-Control"); got != "no-cache" {
		t.Errorf("page cache %q", got)
	}
	again := get(t, s, "/w/acme", "If-None-Match", page.Header().Get("ETag"))
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("revalidation: status %d with %d bytes", again.Code, again.Body.Len())
	}
	if index, form := get(t, s, "/").Header().Get("ETag"), get(t, s, "/f/x").Header().Get("ETag"); index == form {
		t.Error("two pages share an ETag")
	}
}

func TestHandler_GuardsPages(t *testing.T) {
	t.Parallel()
	s := build(t)
	h := get(t, s, "/").Header()
	if !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'self'") {
		t.Errorf("policy %q", h.Get("Content-Security-Policy"))
	}
	if h.Get("X-Content-Type-Options") != "nosniff" {
		t.Error("nosniff is missing")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST /: status %d", w.Code)
	}
	w = httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/", nil))
	if w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Length") == "" {
		t.Errorf("HEAD /: status %d, %d bytes", w.Code, w.Body.Len())
	}
}

func TestHandler_SaysHowToBuildWhenThereIsNoBuild(t *testing.T) {
	t.Parallel()
	s := newSite(fstest.MapFS{".keep": {Data: nil}})
	w := get(t, s, "/w/acme")
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "go run ./cmd/dev run") {
		t.Errorf("status %d, body %q", w.Code, w.Body.String())
	}
	if get(t, s, "/assets/x.js").Code != http.StatusNotFound {
		t.Error("a missing asset must be 404")
	}
}

func TestHandler_ServesTheEmbeddedFolder(t *testing.T) {
	t.Parallel()
	w := get(t, Handler(), "/")
	if Built() && w.Code != 200 || !Built() && w.Code != http.StatusServiceUnavailable {
		t.Errorf("built %v, status %d", Built(), w.Code)
	}
}

// Package frontend carries the built browser UI inside the binary and serves it.
//
// The UI is built by Vite into dist, which is not in version control except for
// a file that keeps the folder: without a build the package still compiles and
// Handler answers with a page that says how to build. Text assets are stored
// compressed (brotli and gzip) only; what a client cannot read is decoded here.
package frontend

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// policy is the content security policy of every page: nothing is loaded from
// elsewhere. Inline styles are needed by the component library's CSS variables.
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"object-src 'none'; base-uri 'self'; form-action 'self'"

// asset is one file of the build in every encoding that was stored.
type asset struct {
	kind string // content type
	etag string
	raw  []byte // nil when only compressed copies were stored
	gzip []byte
	br   []byte
}

// site is a build, read once.
type site struct {
	assets map[string]*asset
}

// Built reports whether the binary carries a built UI.
func Built() bool {
	_, err := fs.Stat(dist, "dist/index.html.gz")
	return err == nil
}

// Handler serves the UI: hashed assets for ever, pages with revalidation, and
// the application page for every path that is a route of the application.
// It must be mounted behind the API's own routes.
func Handler() http.Handler {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is embedded by the directive above
	}
	return newSite(sub)
}

// newSite reads a build from a file system.
func newSite(files fs.FS) *site {
	s := &site{assets: map[string]*asset{}}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") || strings.HasPrefix(name, ".") {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		base, encoding := name, ""
		for _, ext := range []string{".br", ".gz"} {
			if cut, ok := strings.CutSuffix(name, ext); ok {
				base, encoding = cut, ext
			}
		}
		a := s.assets[base]
		if a == nil {
			a = &asset{kind: contentType(base)}
			s.assets[base] = a
		}
		switch encoding {
		case ".br":
			a.br = body
		case ".gz":
			a.gzip = body
		default:
			a.raw = body
		}
		return nil
	})
	if err != nil {
		panic(err) // an embedded file system cannot fail to be read
	}
	for _, a := range s.assets {
		sum := sha256.Sum256(bytes.Join([][]byte{a.raw, a.gzip}, nil))
		a.etag = `"` + hex.EncodeToString(sum[:12]) + `"`
	}
	return s
}

// contentType names the media type of a built file. The list is ours because
// the system's table differs between machines.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".woff2":
		return "font/woff2"
	case ".png":
		return "image/png"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// ServeHTTP answers one request for a page or an asset.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if a := s.assets[name]; a != nil {
		if strings.HasPrefix(name, "assets/") {
			s.send(w, r, a, "public, max-age=31536000, immutable")
			return
		}
		s.send(w, r, a, "no-cache")
		return
	}
	page := pageFor(name)
	if page == "" {
		// A missing script must never be answered with a page, or a tab that was
		// open before an upgrade would run HTML as JavaScript.
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	if a := s.assets[page]; a != nil {
		s.send(w, r, a, "no-cache")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", policy)
	w.WriteHeader(http.StatusServiceUnavailable)
	if r.Method == http.MethodGet {
		_, _ = io.WriteString(w, unbuilt)
	}
}

// pageFor names the page that serves a route, or "" when the path is no route.
func pageFor(name string) string {
	switch first, _, _ := strings.Cut(name, "/"); first {
	case "api", "assets":
		return ""
	case "f":
		return "f.html"
	}
	if path.Ext(name) != "" {
		return ""
	}
	return "index.html"
}

// send writes one asset in the best encoding the client accepts.
func (s *site) send(w http.ResponseWriter, r *http.Request, a *asset, cache string) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", cache)
	h.Set("ETag", a.etag)
	h.Set("Vary", "Accept-Encoding")
	if strings.HasPrefix(a.kind, "text/html") {
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "same-origin")
	}
	if matches(r.Header.Get("If-None-Match"), a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.raw
	switch accepts := r.Header.Get("Accept-Encoding"); {
	case a.br != nil && accepted(accepts, "br"):
		h.Set("Content-Encoding", "br")
		body = a.br
	case a.gzip != nil && accepted(accepts, "gzip"):
		h.Set("Content-Encoding", "gzip")
		body = a.gzip
	case body == nil:
		body = unzip(a.gzip)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body)
	}
}

// matches reports whether an If-None-Match header names the tag.
func matches(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == etag || part == "*" {
			return true
		}
	}
	return false
}

// accepted reports whether an Accept-Encoding header allows a coding.
func accepted(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		q := strings.TrimPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		if weight, err := strconv.ParseFloat(q, 64); err == nil && weight == 0 {
			return false
		}
		return true
	}
	return false
}

// unzip decodes a stored gzip copy for the rare client that reads no coding.
func unzip(body []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(z)
	if err != nil {
		return nil
	}
	return out
}

// unbuilt is shown when the binary was compiled without a built UI.
const unbuilt = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>Tenon</title><style>
:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;background:Canvas;color:CanvasText;
font:14px/22px "Inter Variable",Inter,"PingFang SC","Microsoft YaHei UI","Noto Sans CJK SC",system-ui,sans-serif}
main{max-width:440px;padding:24px}h1{font-size:20px;line-height:28px;margin:0 0 8px}p{margin:0 0 8px;opacity:.75}
code{font:13px/20px ui-monospace,monospace;padding:2px 6px;border:1px solid color-mix(in srgb,CanvasText 18%,transparent);border-radius:4px}
</style></head><body><main><h1>界面尚未构建</h1>
<p>API 可以正常使用。构建并打开界面：</p><p><code>go run ./cmd/dev run</code></p>
<p lang="en">The API works; this binary carries no built UI. Build and open it with the command above.</p></main></body></html>`

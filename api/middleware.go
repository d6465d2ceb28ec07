package api

import (
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"tenon/engine/identity"
)

// What a request carries along.
const (
	keyRequestID = "request_id"
	keyCall      = "call"
	keyPrincipal = "principal"
	keyCode      = "code"
)

const apiRoot = "/api/"

func isAPI(path string) bool { return strings.HasPrefix(path, apiRoot) }

// requestIDShape is what a caller's own request id may look like; it ends up in logs.
var requestIDShape = regexp.MustCompile(`^[A-Za-z0-9_.-]{8,64}$`)

// begin gives the request its id, and logs and measures it at its end.
func (s *Server) begin(g *gin.Context) {
	start := s.Now()
	id := g.GetHeader("X-Request-Id")
	if !requestIDShape.MatchString(id) {
		id = s.NewID()
	}
	g.Set(keyRequestID, id)
	g.Header("X-Request-Id", id)
	g.Next()
	route := g.FullPath()
	if route == "" {
		if !isAPI(g.Request.URL.Path) {
			return // a page or an asset
		}
		route = "unknown"
	}
	took := s.Now().Sub(start)
	s.metrics.observe(g.Request.Method, route, g.Writer.Status(), took)
	if g.Writer.Status() < 400 && s.quiet(g) {
		return
	}
	// The path template and never the query: a query may hold what people typed.
	attrs := []slog.Attr{slog.String("request_id", id), slog.String("method", g.Request.Method), slog.String("route", openAPIPath(route)),
		slog.Int("status", g.Writer.Status()), slog.Duration("took", took), slog.Int("bytes", max(g.Writer.Size(), 0)), slog.String("address", g.ClientIP())}
	if p := g.GetString(keyPrincipal); p != "" {
		attrs = append(attrs, slog.String("principal", p))
	}
	if code := g.GetString(keyCode); code != "" {
		attrs = append(attrs, slog.String("code", code))
	}
	s.Log.LogAttrs(g.Request.Context(), slog.LevelInfo, "request", attrs...)
}

// quiet are successes that would only fill the log: reads, probes, streams.
func (s *Server) quiet(g *gin.Context) bool {
	return g.Request.Method == http.MethodGet && !s.Log.Enabled(g.Request.Context(), slog.LevelDebug)
}

// recover turns a panic into a problem for this request alone.
func (s *Server) recover(g *gin.Context) {
	defer func() {
		x := recover()
		if x == nil {
			return
		}
		if x == http.ErrAbortHandler {
			panic(x)
		}
		s.Log.ErrorContext(g.Request.Context(), "panic", "request_id", g.GetString(keyRequestID), "route", g.FullPath(), "panic", fmt.Sprint(x), "stack", string(debug.Stack()))
		s.metrics.panics.Inc()
		if !g.Writer.Written() {
			s.fail(g, s.locale(g.Request, nil), fmt.Errorf("panic: %v", x))
		}
		g.Abort()
	}()
	g.Next()
}

// secure sets the headers that keep browsers from doing what nobody asked for.
func (s *Server) secure(g *gin.Context) {
	h := g.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "interest-cohort=()")
	if s.https(g) {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	if isAPI(g.Request.URL.Path) {
		h.Set("Cache-Control", "no-store")
		if g.Request.Method == http.MethodGet {
			h.Set("Cache-Control", "private, no-cache")
		}
		h.Add("Vary", "Accept-Encoding, Accept-Language, Cookie, Authorization")
	}
	g.Next()
}

// https reports whether the caller's side of the connection is encrypted, as
// far as somebody trustworthy says so.
func (s *Server) https(g *gin.Context) bool {
	if g.Request.TLS != nil {
		return true
	}
	if len(s.TrustedProxies) > 0 && s.trusted(g) {
		return strings.EqualFold(g.GetHeader("X-Forwarded-Proto"), "https")
	}
	return strings.HasPrefix(s.PublicURL, "https://") && sameHost(s.PublicURL, g.Request.Host)
}

// trusted reports whether the peer is one of the configured proxies.
func (s *Server) trusted(g *gin.Context) bool {
	peer := net.ParseIP(g.RemoteIP())
	for _, p := range s.TrustedProxies {
		if _, block, err := net.ParseCIDR(p); err == nil && block.Contains(peer) {
			return true
		}
		if ip := net.ParseIP(p); ip != nil && ip.Equal(peer) {
			return true
		}
	}
	return false
}

func sameHost(url, host string) bool {
	_, rest, _ := strings.Cut(url, "://")
	rest, _, _ = strings.Cut(rest, "/")
	return strings.EqualFold(rest, host)
}

// loopback reports whether the browser's address bar names this machine, where
// browsers treat plain http as safe.
func loopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if strings.EqualFold(host, "localhost") || strings.HasSuffix(strings.ToLower(host), ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// locale picks the language of messages: what the request asks for, else the
// caller's own.
func (s *Server) locale(r *http.Request, p *identity.Principal) string {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		switch {
		case strings.HasPrefix(strings.ToLower(tag), "zh"):
			return "zh-CN"
		case strings.HasPrefix(strings.ToLower(tag), "en"):
			return "en-US"
		}
	}
	if p != nil && p.Login != nil {
		return p.Login.Locale
	}
	return "zh-CN"
}

// minGzip is the size from which compressing pays.
const minGzip = 1 << 10

var zippers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	return z
}}

// writeBody sends a whole body, compressed when it is text, long, and welcome.
func writeBody(g *gin.Context, status int, contentType string, body []byte) {
	h := g.Writer.Header()
	h.Set("Content-Type", contentType)
	if len(body) > minGzip && acceptsGzip(g.GetHeader("Accept-Encoding")) && strings.Contains(contentType, "json") {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		g.Status(status)
		z := zippers.Get().(*gzip.Writer)
		defer zippers.Put(z)
		z.Reset(g.Writer)
		_, _ = z.Write(body)
		_ = z.Close()
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	g.Status(status)
	_, _ = g.Writer.Write(body)
}

func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return !strings.Contains(strings.ReplaceAll(q, " ", ""), "q=0") || strings.Contains(q, "q=0.")
		}
	}
	return false
}

// Serve is an http.Server with the limits that net/http leaves open.
func (s *Server) Serve(addr string) *http.Server {
	return &http.Server{
		Addr: addr, Handler: s.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		// Uploads, exports and the event stream lift these for themselves.
		ReadTimeout:    serverPatience,
		WriteTimeout:   serverPatience,
		IdleTimeout:    60 * time.Second,
		MaxHeaderBytes: 32 << 10,
		ErrorLog:       slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
}

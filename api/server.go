package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"tenon/engine"
	"tenon/engine/desk"
	"tenon/engine/identity"
	"tenon/schema/catalog"
	"tenon/workflow/run"
)

// Options are what the server is made of. Engine, People, Desk, Now, NewID and
// Log are required.
type Options struct {
	Engine *engine.Engine
	People *identity.Service
	Desk   *desk.Service
	Now    func() time.Time
	NewID  func() string
	Log    *slog.Logger

	Version        string
	PublicURL      string   // where people reach the server; "" takes it from the request
	TrustedProxies []string // whose X-Forwarded-* headers are believed
	AllowHTTP      bool     // sign-in over plain http beyond this machine
	MetricsToken   string   // lets others than this machine read /metrics
	Rate           Rate
	UI             http.Handler               // pages for everything that is no API route
	Parts          map[string][]catalog.Entry // further registries for the catalog
	Rules          *run.Executor              // runs rules; without it what needs rules answers Unsupported
	Ready          func(ctx context.Context) error
	// ProbesOnly serves nothing but health and metrics: for workers.
	ProbesOnly bool
}

// Server is the HTTP face of an installation.
type Server struct {
	Options
	g        *gin.Engine
	declared []*route
	limits   *limiter
	metrics  *metrics
	hub      *hub
	drafts   drafts
	openapi  func() []byte
}

// New builds the server with all its routes.
func New(o Options) (*Server, error) {
	gin.SetMode(gin.ReleaseMode)
	s := &Server{Options: o, g: gin.New(), metrics: newMetrics(o)}
	s.limits = newLimiter(o.Now, o.Rate)
	s.hub = newHub(s)
	s.g.RedirectTrailingSlash, s.g.RedirectFixedPath = false, false
	s.g.HandleMethodNotAllowed = true
	s.g.ContextWithFallback = true
	s.g.UseRawPath, s.g.UnescapePathValues = true, true
	if err := s.g.SetTrustedProxies(o.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	s.g.Use(s.begin, s.recover, s.secure)
	s.g.NoMethod(func(g *gin.Context) {
		s.fail(g, s.locale(g.Request, nil), errNoMethod.With("method", g.Request.Method))
	})
	s.g.NoRoute(s.noRoute)
	if o.ProbesOnly {
		s.UI = nil
		s.operationRoutes()
	} else {
		s.routes()
	}
	s.openapi = sync.OnceValue(s.document)
	return s, nil
}

// routes declares everything that is served.
func (s *Server) routes() {
	for _, declare := range []func(){
		s.operationRoutes, s.sessionRoutes, s.invitationRoutes, s.workspaceRoutes, s.memberRoutes, s.staffRoutes, s.departmentRoutes, s.keyRoutes,
		s.auditRoutes, s.settingsRoutes, s.appRoutes, s.draftRoutes, s.versionRoutes, s.expressionRoutes, s.catalogRoutes,
		s.recordRoutes, s.recordQueryRoutes, s.recordCompanionRoutes, s.undoRoutes, s.dashboardRoutes, s.fileRoutes, s.commentRoutes, s.notificationRoutes,
		s.taskRoutes, s.viewRoutes, s.shareRoutes, s.publicRoutes, s.webhookRoutes, s.jobRoutes, s.recycleRoutes, s.ruleRoutes,
		s.transferRoutes, s.importRoutes, s.exportRoutes, s.templateRoutes, s.streamRoutes,
	} {
		declare()
	}
}

// Handler is the server as net/http knows it.
func (s *Server) Handler() http.Handler { return s.g }

// Run serves the event stream's sources until ctx ends.
func (s *Server) Run(ctx context.Context) { s.hub.run(ctx) }

// RouteInfo names a declared route, for tests that visit all of them.
type RouteInfo struct {
	Method, Path string
	Who          Who
}

// Routes lists every declared route.
func (s *Server) Routes() []RouteInfo {
	out := make([]RouteInfo, len(s.declared))
	for i, r := range s.declared {
		out[i] = RouteInfo{r.Method, r.Path, r.Doc.Who}
	}
	return out
}

// Served lists what the router serves in fact, as OpenAPI writes paths.
func (s *Server) Served() []RouteInfo {
	var out []RouteInfo
	for _, r := range s.g.Routes() {
		out = append(out, RouteInfo{Method: r.Method, Path: openAPIPath(r.Path)})
	}
	return out
}

func (s *Server) noRoute(g *gin.Context) {
	if isAPI(g.Request.URL.Path) || s.UI == nil {
		s.fail(g, s.locale(g.Request, nil), errNoRoute.With("path", g.Request.URL.Path))
		return
	}
	// Pages carry a policy of their own.
	g.Writer.Header().Del("Content-Security-Policy")
	g.Status(http.StatusOK)
	s.UI.ServeHTTP(g.Writer, g.Request)
}

package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tenon/engine/access"
	"tenon/engine/identity"
	"tenon/schema"
	"tenon/schema/catalog"
	"tenon/schema/fault"
)

// Who says who may call a route. The adapter enforces it before the handler.
type Who string

// The permissions of routes.
const (
	Anyone   Who = "anyone"   // no credential needed
	Known    Who = "known"    // a signed-in person or an API key
	Person   Who = "person"   // a signed-in person
	InSpace  Who = "member"   // belongs to the workspace in the path
	Admin    Who = "admin"    // administers the workspace in the path
	InApp    Who = "app_user" // may use the app in the path; the engine decides about records
	Builder  Who = "builder"  // administers the app in the path
	Operator Who = "operator" // whoever runs the installation: loopback or the metrics token
)

// Doc is what a route says about itself.
type Doc struct {
	Who     Who
	Tag     string
	Summary string
	Status  int           // of success; 200 if zero, 204 for Empty
	MaxBody int64         // bytes; 1 MB if zero
	Timeout time.Duration // 30 s if zero, none if negative
	Body    string        // media type of the request when it is not JSON
	Returns string        // media type of the answer when it is not JSON
	Holds   reflect.Type  // what an answer holds that is encoded already
	Class   string        // rate limit class of anonymous calls
}

// serverPatience is how long net/http waits for a request and for its answer.
const serverPatience = time.Minute

// Empty is an answer without a body.
type Empty struct{}

// Raw is an answer that is encoded already.
type Raw struct {
	Type string
	Body []byte
}

// Stream is an answer written as it is made.
type Stream struct {
	Type  string
	Write func(ctx context.Context, w io.Writer) error
}

// Call is one request: who asks, for what, in which language.
type Call struct {
	Principal *identity.Principal
	Actor     *access.Actor      // in the workspace or app of the path
	Workspace identity.Workspace // of the path
	App       identity.App       // of the path
	Locale    string
	RequestID string

	s      *Server
	g      *gin.Context
	status int
}

// route is a declared route, for the OpenAPI document and for tests.
type route struct {
	Method, Path string
	Doc          Doc
	in, out      reflect.Type
}

// Handle declares a route. In names its path, query and header parameters by
// tags, and its body by json tags or one field tagged `body`.
func Handle[In, Out any](s *Server, method, path string, doc Doc, f func(ctx context.Context, c *Call, in In) (Out, error)) {
	if doc.Who == "" || doc.Summary == "" || doc.Tag == "" {
		panic("api: incomplete declaration of " + method + " " + path)
	}
	inType, outType := reflect.TypeFor[In](), reflect.TypeFor[Out]()
	r := &route{method, path, doc, inType, outType}
	s.declared = append(s.declared, r)
	bind := newBinder(r)
	s.g.Handle(method, ginPath(path), func(g *gin.Context) {
		c := &Call{s: s, g: g, RequestID: g.GetString(keyRequestID), Locale: s.locale(g.Request, nil)}
		g.Set(keyCall, c)
		out, err := func() (out Out, err error) {
			ctx := g.Request.Context()
			if err = s.admit(ctx, c, r); err != nil {
				return out, err
			}
			limit := doc.MaxBody
			if limit == 0 {
				limit = 1 << 20
			}
			g.Request.Body = http.MaxBytesReader(g.Writer, g.Request.Body, limit)
			timeout := doc.Timeout
			if timeout == 0 {
				timeout = 30 * time.Second
			}
			if timeout < 0 || timeout > serverPatience {
				// The connection's own deadlines are for ordinary requests.
				rc := http.NewResponseController(g.Writer)
				_ = rc.SetReadDeadline(time.Time{})
				_ = rc.SetWriteDeadline(time.Time{})
			}
			if timeout > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, timeout)
				defer cancel()
				g.Request = g.Request.WithContext(ctx)
			}
			var in In
			if err = bind.read(g, reflect.ValueOf(&in).Elem()); err != nil {
				return out, err
			}
			return f(ctx, c, in)
		}()
		if err != nil {
			s.fail(g, c.Locale, err)
			return
		}
		c.write(out, doc)
	})
}

// write sends a success.
func (c *Call) write(out any, doc Doc) {
	status := c.status
	if status == 0 {
		status = doc.Status
	}
	if status == 0 {
		status = http.StatusOK
	}
	switch out := out.(type) {
	case Empty:
		c.g.Status(http.StatusNoContent)
		c.g.Writer.WriteHeaderNow()
	case Raw:
		c.send(status, out.Type, out.Body)
	case Stream:
		c.g.Header("Content-Type", out.Type)
		c.g.Status(status)
		if err := out.Write(c.g.Request.Context(), c.g.Writer); err != nil {
			c.s.broken(c.g, err)
		}
	default:
		b, err := json.Marshal(out)
		if err != nil {
			c.s.fail(c.g, c.Locale, fmt.Errorf("encode answer: %w", err))
			return
		}
		c.send(status, "application/json; charset=utf-8", b)
	}
}

func (c *Call) send(status int, contentType string, body []byte) {
	if contentType == "" {
		contentType = "application/json; charset=utf-8"
	}
	if status == http.StatusOK && c.g.Request.Method == http.MethodGet {
		if tag := c.g.Writer.Header().Get("ETag"); tag != "" && c.g.GetHeader("If-None-Match") == tag {
			c.g.Status(http.StatusNotModified)
			c.g.Writer.WriteHeaderNow()
			return
		}
	}
	writeBody(c.g, status, contentType, body)
}

// Header sets a header of the answer.
func (c *Call) Header(name, value string) { c.g.Header(name, value) }

// SetStatus sets the status of success when it depends on what happened.
func (c *Call) SetStatus(status int) { c.status = status }

// Request gives the request itself, for uploads and streams.
func (c *Call) Request() *http.Request { return c.g.Request }

// From is where the call comes from, for the audit log.
func (c *Call) From() identity.Origin {
	return identity.Origin{Address: c.g.ClientIP(), Agent: c.g.Request.UserAgent()}
}

// By is who calls, for the audit log.
func (c *Call) By() identity.AuditActor {
	if c.Actor == nil {
		return identity.AuditActor{}
	}
	return identity.AuditActor{ID: c.Actor.ID, Name: c.Actor.Name}
}

// Audit writes a line into the workspace's log.
func (c *Call) Audit(ctx context.Context, action, target string, detail map[string]any) error {
	return c.s.People.Audit(ctx, identity.AuditEntry{Workspace: c.Actor.WorkspaceID, Actor: c.By(), Action: action, Target: target, Detail: detail, From: c.From()})
}

// Text picks the caller's language.
func (c *Call) Text(t schema.Text) string { return t.In(c.Locale) }

// admit finds the actor and checks the route's permission.
func (s *Server) admit(ctx context.Context, c *Call, r *route) error {
	who := r.Doc.Who
	if err := s.allow(c, r); err != nil {
		return err
	}
	if who == Operator {
		return s.operator(c.g)
	}
	if who == Anyone {
		// A credential may still help; a wrong one does not matter here.
		if p, err := s.authenticate(ctx, c.g); err == nil {
			c.Principal = p
			c.Locale = s.locale(c.g.Request, p)
		}
		return nil
	}
	p, err := s.authenticate(ctx, c.g)
	if err != nil {
		return err
	}
	c.Principal = p
	c.Locale = s.locale(c.g.Request, p)
	c.g.Set(keyPrincipal, p.ID())
	if err := s.allowPrincipal(c.g, p); err != nil {
		return err
	}
	switch who {
	case Person:
		if p.Login == nil {
			return errSessionOnly.New()
		}
	case InSpace, Admin:
		if c.Actor, c.Workspace, err = s.People.ActorIn(ctx, p, c.g.Param("ws")); err != nil {
			return err
		}
		if who == Admin {
			if err := manages(c); err != nil {
				return err
			}
		}
	case InApp, Builder:
		if c.Actor, c.App, err = s.People.ActorFor(ctx, p, c.g.Param("app")); err != nil {
			return err
		}
		if who == Builder {
			if err := s.builds(ctx, c); err != nil {
				return err
			}
		}
	}
	if c.Actor != nil {
		c.Actor.Locale = c.Locale
	}
	return nil
}

// manages requires an administrator of the workspace; a key needs the scope.
func manages(c *Call) error {
	if c.Principal.Key != nil && len(c.Principal.Scopes) > 0 && !c.Actor.Scopes["*"][identity.OpManage] {
		return errScope.New()
	}
	if !c.Actor.Admin {
		return access.ErrAdmin.New()
	}
	return nil
}

// builds requires an administrator of the app: of its workspace, by a role
// that administers the app, or a key with the scope.
func (s *Server) builds(ctx context.Context, c *Call) error {
	if c.Principal.Key != nil && len(c.Principal.Scopes) > 0 {
		if !c.Actor.Scopes["*"][identity.OpManage] && !c.Actor.Scopes[c.App.ID][identity.OpManage] {
			return errScope.New()
		}
		return nil
	}
	ok, err := s.isBuilder(ctx, c.Actor, c.App.ID)
	if err == nil && !ok {
		err = access.ErrAdmin.New()
	}
	return err
}

func (s *Server) isBuilder(ctx context.Context, a *access.Actor, appID string) (bool, error) {
	if a.Admin {
		return true, nil
	}
	if len(a.Roles) == 0 {
		return false, nil
	}
	snap, err := s.Engine.Defs.At(ctx, appID)
	if err != nil {
		return false, err
	}
	return access.For(a, snap.Model).Full(), nil
}

// fail sends a problem; what is our own fault is logged, once, here.
func (s *Server) fail(g *gin.Context, locale string, err error) {
	err = classify(err)
	p := newProblem(err, locale, g.GetString(keyRequestID))
	if p.Status >= 500 && g.Request.Context().Err() == nil || p.Status == http.StatusInternalServerError {
		s.Log.ErrorContext(g.Request.Context(), "request failed", "request_id", p.RequestID, "method", g.Request.Method, "route", g.FullPath(), "error", err.Error())
	}
	g.Set(keyCode, p.Code)
	if p.Status == http.StatusTooManyRequests {
		for _, f := range fault.Of(err) {
			if n, ok := f.Params["seconds"]; ok {
				g.Header("Retry-After", fmt.Sprint(n))
			}
		}
	}
	if p.Status == http.StatusServiceUnavailable {
		g.Header("Retry-After", "2")
	}
	g.Writer.Header().Del("ETag")
	writeBody(g, p.Status, "application/problem+json; charset=utf-8", p.bytes())
	g.Abort()
}

// broken notes that a stream could not be finished: the status is sent already.
func (s *Server) broken(g *gin.Context, err error) {
	if g.Request.Context().Err() == nil {
		s.Log.ErrorContext(g.Request.Context(), "answer broken off", "request_id", g.GetString(keyRequestID), "route", g.FullPath(), "error", err.Error())
	}
	g.Abort()
}

// ginPath turns /apps/{app} into /apps/:app.
func ginPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

func label(zh, en string) catalog.Label { return catalog.Label{ZH: zh, EN: en} }

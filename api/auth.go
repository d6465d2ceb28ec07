package api

import (
	"context"
	"crypto/subtle"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tenon/engine/identity"
	"tenon/schema/fault"
)

// The session cookie: the __Host- prefix makes browsers keep it to this host,
// this path and encrypted connections. Over plain http it could not be set.
const (
	cookieSecure = "__Host-tenon"
	cookiePlain  = "tenon"
)

// authenticate finds who a request comes from: a bearer key or the session cookie.
func (s *Server) authenticate(ctx context.Context, g *gin.Context) (*identity.Principal, error) {
	if h := g.GetHeader("Authorization"); h != "" {
		scheme, token, _ := strings.Cut(h, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return nil, identity.ErrSignedOut.New()
		}
		return s.People.ByKey(ctx, strings.TrimSpace(token))
	}
	token := sessionToken(g.Request)
	if token == "" {
		return nil, identity.ErrSignedOut.New()
	}
	if err := sameSite(g.Request); err != nil {
		return nil, err
	}
	return s.People.BySession(ctx, token)
}

func sessionToken(r *http.Request) string {
	for _, name := range []string{cookieSecure, cookiePlain} {
		if c, err := r.Cookie(name); err == nil && c.Value != "" {
			return c.Value
		}
	}
	return ""
}

// sameSite refuses a change that a foreign page made the browser send: it
// cannot set our header, and browsers tell where a request comes from.
func sameSite(r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if r.Header.Get("X-Tenon") != "1" {
		return errForgery.New()
	}
	return foreign(r)
}

func foreign(r *http.Request) error {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return errForgery.New()
	}
	if o := r.Header.Get("Origin"); o != "" && !sameHost(o, r.Host) {
		return errForgery.New()
	}
	return nil
}

// mayBear refuses to give a session to a browser that would carry it in the open.
func (s *Server) mayBear(g *gin.Context) error {
	if err := foreign(g.Request); err != nil {
		return err
	}
	if s.https(g) || loopback(g.Request.Host) || s.AllowHTTP {
		return nil
	}
	return errInsecure.New()
}

// setSession gives the browser its session.
func (s *Server) setSession(c *Call, token string) {
	age := int(s.People.SessionLife() / time.Second)
	s.cookie(c.g, token, age)
}

func (s *Server) clearSession(c *Call) { s.cookie(c.g, "", -1) }

// cookie sets or clears the session. Browsers take the __Host- cookie on https
// and, most of them, on this machine; for the rest, and for plain http that the
// operator allows, there is a plain one.
func (s *Server) cookie(g *gin.Context, value string, age int) {
	plain := !s.https(g)
	if plain {
		http.SetCookie(g.Writer, &http.Cookie{Name: cookiePlain, Value: value, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	if !plain || loopback(g.Request.Host) {
		http.SetCookie(g.Writer, &http.Cookie{Name: cookieSecure, Value: value, Path: "/", MaxAge: age, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
}

// operator lets in this machine, and whoever has the metrics token.
func (s *Server) operator(g *gin.Context) error {
	if s.MetricsToken != "" {
		_, token, _ := strings.Cut(g.GetHeader("Authorization"), " ")
		if subtle.ConstantTimeCompare([]byte(token), []byte(s.MetricsToken)) == 1 {
			return nil
		}
	}
	// A proxy on this machine speaks for others, and says so.
	ip := net.ParseIP(g.RemoteIP())
	if ip != nil && ip.IsLoopback() && g.GetHeader("X-Forwarded-For") == "" && g.GetHeader("Forwarded") == "" {
		return nil
	}
	return errNoRoute.With("path", g.Request.URL.Path)
}

// refused reports whether a credential was refused for what it is, and not
// because something is broken.
func refused(err error) bool {
	k := fault.KindOf(err)
	return k == fault.Unauthenticated || k == fault.Forbidden
}

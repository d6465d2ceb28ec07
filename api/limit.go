package api

import (
	"math"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"tenon/engine/identity"
)

// Rate bounds how fast one caller may call; zero values take the defaults,
// negative ones switch a limit off.
type Rate struct {
	Session float64 // requests a second of a person
	Key     float64 // requests a second of an API key
	Address float64 // requests a minute of an address, without a credential
}

func (r Rate) withDefaults() Rate {
	if r.Session == 0 {
		r.Session = 200
	}
	if r.Key == 0 {
		r.Key = 5000
	}
	if r.Address == 0 {
		r.Address = 120
	}
	return r
}

// Classes of anonymous routes that deserve less than the rest.
const (
	classSignIn = "sign_in" // guessing passwords and tokens
	classPublic = "public"  // public links
)

// limiter keeps a token bucket per caller.
type limiter struct {
	now  func() time.Time
	rate Rate

	mu      sync.Mutex
	buckets map[string]*bucket
	swept   time.Time
}

type bucket struct {
	*rate.Limiter
	used time.Time
}

func newLimiter(now func() time.Time, r Rate) *limiter {
	return &limiter{now: now, rate: r.withDefaults(), buckets: map[string]*bucket{}}
}

// take uses one token; a refusal says how many seconds to wait.
func (l *limiter) take(key string, perSecond float64, burst int) error {
	if perSecond <= 0 {
		return nil
	}
	now := l.now()
	l.mu.Lock()
	b := l.buckets[key]
	if b == nil {
		l.sweep(now)
		b = &bucket{Limiter: rate.NewLimiter(rate.Limit(perSecond), burst)}
		l.buckets[key] = b
	}
	b.used = now
	l.mu.Unlock()
	if b.AllowN(now, 1) {
		return nil
	}
	wait := (1 - b.TokensAt(now)) / perSecond
	return errTooFast.With("seconds", int(math.Max(1, math.Ceil(wait))))
}

// sweep forgets callers that have been silent; called with the lock held.
func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < time.Minute {
		return
	}
	l.swept = now
	for k, b := range l.buckets {
		if now.Sub(b.used) > 10*time.Minute {
			delete(l.buckets, k)
		}
	}
}

// allow bounds what an address may do on anonymous routes. The bucket is of
// the declared class, so spellings of a path share it.
func (s *Server) allow(c *Call, r *route) error {
	if r.Doc.Who != Anyone {
		return nil
	}
	perMinute, address := s.limits.rate.Address, c.g.ClientIP()
	switch r.Doc.Class {
	case classSignIn:
		perMinute /= 4
	case classPublic:
		perMinute /= 2
	case "":
		perMinute *= 10 // cheap reads that every page load makes
	}
	return s.limits.take(r.Doc.Class+"|"+address, perMinute/60, int(math.Ceil(perMinute/2)))
}

// allowPrincipal bounds what a credential may do.
func (s *Server) allowPrincipal(_ *gin.Context, p *identity.Principal) error {
	perSecond := s.limits.rate.Session
	if p.Key != nil {
		perSecond = s.limits.rate.Key
	}
	return s.limits.take(p.ID(), perSecond, int(math.Ceil(2*perSecond)))
}

package identity

import (
	"context"
	"sync"
	"time"
)

// channel is where nodes tell each other that people changed.
const channel = "tenon_identity"

// How long something looked up is believed when a notification was lost, and
// how many things are kept.
const (
	cacheLife = 10 * time.Second
	cacheSize = 20000
)

// cache keeps what was looked up until somebody changes anything about people,
// which is rare.
type cache struct {
	mu    sync.RWMutex
	era   uint64
	items map[string]cached
}

type cached struct {
	v  any
	at time.Time
}

func (c *cache) get(key string, now time.Time, load func() (any, error)) (any, error) {
	c.mu.RLock()
	x, ok := c.items[key]
	era := c.era
	c.mu.RUnlock()
	if age := now.Sub(x.at); ok && age >= 0 && age < cacheLife {
		return x.v, nil
	}
	v, err := load()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if era != c.era {
		return v, nil // changed meanwhile: right for this call, not for the next
	}
	if len(c.items) >= cacheSize {
		c.items = map[string]cached{}
	}
	c.items[key] = cached{v, now}
	return v, nil
}

func (c *cache) clear() {
	c.mu.Lock()
	c.era++
	c.items = map[string]cached{}
	c.mu.Unlock()
}

// OnChange registers f to be called when anything about people changed, here
// or on another node: open streams check their rights again.
func (s *Service) OnChange(f func()) { s.onChange = append(s.onChange, f) }

func (s *Service) forget() {
	s.cache.clear()
	for _, f := range s.onChange {
		f()
	}
}

// changed forgets what was looked up, here at once and on other nodes soon. A
// lost notification costs them cacheLife.
func (s *Service) changed(ctx context.Context) {
	s.forget()
	_ = s.DB.Notify(ctx, channel, "")
}

// Run listens for changes made by other nodes until ctx ends.
func (s *Service) Run(ctx context.Context) {
	s.DB.Listen(ctx, channel, s.forget, func(string) { s.forget() })
}

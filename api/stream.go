package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/desk"
	"tenon/engine/identity"
	"tenon/schema/fault"
)

// The event stream tells open pages which records, messages, tasks and jobs of
// theirs changed: ids and revisions, never values. Records come from the
// workspace's history, in an order in which nothing is passed over, and every
// batch is asked of the engine under the listener's rights of that moment.

// How a stream behaves.
const (
	streamBatch = 500
	streamBeat  = 20 * time.Second
	streamPoll  = 15 * time.Second // finds what a lost notification did not tell
	// A change shows in the feed when every transaction before it has ended,
	// which may be after it was announced: so it is looked for again.
	streamAgain = 250 * time.Millisecond
	streamOwed  = 40
	maxStreams  = 20 // of one caller
)

var errStreams = fault.Define(fault.TooMany, "events.streams", "打开的页面过多", "too many open pages")

// hub wakes the open streams.
type hub struct {
	s  *Server
	mu sync.Mutex
	on map[*listener]bool
}

// listener is one open stream.
type listener struct {
	who     string
	schema  string // of the workspace whose records it follows; "" for none
	members []string
	wake    chan struct{}
	events  chan desk.Event
}

func newHub(s *Server) *hub {
	h := &hub{s: s, on: map[*listener]bool{}}
	// Rights may be gone: streams look again at once.
	s.People.OnChange(func() { h.each(func(*listener) bool { return true }, poke) })
	return h
}

func poke(l *listener) {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (h *hub) each(which func(*listener) bool, f func(*listener)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.on {
		if which(l) {
			f(l)
		}
	}
}

func (h *hub) add(l *listener) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for x := range h.on {
		if x.who == l.who {
			n++
		}
	}
	if n >= maxStreams {
		return errStreams.New()
	}
	h.on[l] = true
	h.s.metrics.streams.Inc()
	return nil
}

func (h *hub) remove(l *listener) {
	h.mu.Lock()
	delete(h.on, l)
	h.mu.Unlock()
	h.s.metrics.streams.Dec()
}

// run listens to what all nodes announce.
func (h *hub) run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { h.s.Desk.Listen(ctx, h.tell) })
	wg.Go(func() {
		h.s.Engine.DB.Listen(ctx, desk.FeedChannel, nil, h.grew)
	})
	wg.Wait()
}

func (h *hub) tell(e desk.Event) {
	h.each(func(l *listener) bool {
		return slices.ContainsFunc(e.Members, func(m string) bool { return slices.Contains(l.members, m) })
	}, func(l *listener) {
		select {
		case l.events <- e:
		default: // a page that does not read loses news, not data
		}
	})
}

func (h *hub) grew(schema string) {
	h.each(func(l *listener) bool { return l.schema == schema }, poke)
}

// Changed tells this node's streams that a workspace's history grew.
func (s *Server) Changed(schema string) { s.hub.grew(schema) }

// streamRoutes serve the event stream.
func (s *Server) streamRoutes() {
	Handle(s, "GET", "/api/v1/events", Doc{Who: Known, Tag: "events", Summary: "Server-sent events: record, notification, task, job", Returns: "text/event-stream", Timeout: -1}, s.events)
}

type eventsIn struct {
	App    string `query:"app" doc:"whose records to follow"`
	LastID string `header:"Last-Event-ID"`
}

func (s *Server) events(ctx context.Context, c *Call, in eventsIn) (Stream, error) {
	if err := foreign(c.g.Request); err != nil {
		return Stream{}, err
	}
	l := &listener{who: c.Principal.ID(), wake: make(chan struct{}, 1), events: make(chan desk.Event, 64)}
	var err error
	if l.members, err = s.members(ctx, c); err != nil {
		return Stream{}, err
	}
	if c.Principal.Key != nil {
		l.members = []string{c.Principal.Key.ID}
	}
	f := &follower{s: s, c: c, seen: map[string]bool{}}
	if in.App != "" {
		actor, app, err := s.People.ActorFor(ctx, c.Principal, in.App)
		if err != nil {
			return Stream{}, err
		}
		w, err := s.People.Workspace(ctx, app.WorkspaceID)
		if err != nil {
			return Stream{}, err
		}
		f.app, f.schema, l.schema = app, w.SchemaName, w.SchemaName
		c.Actor, c.App = actor, app
		if f.after, err = strconv.ParseInt(in.LastID, 10, 64); err != nil || f.after <= 0 {
			if f.after, err = s.Desk.FeedEnd(ctx, w.SchemaName); err != nil {
				return Stream{}, err
			}
		}
	}
	if err := s.hub.add(l); err != nil {
		return Stream{}, err
	}
	c.Header("Cache-Control", "no-store")
	c.Header("X-Accel-Buffering", "no")
	return Stream{Type: "text/event-stream; charset=utf-8", Write: func(ctx context.Context, w io.Writer) error {
		defer s.hub.remove(l)
		return f.serve(ctx, c.g, w, l)
	}}, nil
}

// follower is the reading side of one stream.
type follower struct {
	s      *Server
	c      *Call
	app    identity.App
	schema string
	after  int64
	seen   map[string]bool // records told of, for saying that one is gone
}

func (f *follower) serve(ctx context.Context, g *gin.Context, w io.Writer, l *listener) error {
	if _, err := io.WriteString(w, "retry: 2000\n\n"); err != nil {
		return nil // the page is gone
	}
	g.Writer.Flush()
	beat, poll := time.NewTicker(streamBeat), time.NewTicker(streamPoll)
	defer beat.Stop()
	defer poll.Stop()
	owed := 0 // looks that news still deserve
	for {
		var again <-chan time.Time
		if f.schema != "" {
			from := f.after
			if err := f.records(ctx, w); err != nil {
				return f.end(ctx, err)
			}
			g.Writer.Flush()
			if f.after > from {
				owed = min(owed, 4)
			}
			if owed > 0 {
				owed--
				again = time.After(streamAgain)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-again:
		case <-l.wake:
			owed = streamOwed
		case <-poll.C:
		case e := <-l.events:
			if err := send(w, e.Type, "", map[string]any{"id": e.ID}); err != nil {
				return nil
			}
			g.Writer.Flush()
		case <-beat.C:
			// The session is checked as a request would be: it may have ended.
			if err := f.alive(ctx); err != nil {
				return nil
			}
			if _, err := io.WriteString(w, ": beat\n\n"); err != nil {
				return nil
			}
			g.Writer.Flush()
		}
	}
}

// end tells apart what ends a stream quietly from what is broken.
func (f *follower) end(ctx context.Context, err error) error {
	if k := fault.KindOf(err); ctx.Err() != nil || k != fault.Internal {
		return nil
	}
	return err
}

// alive asks whether the caller may still listen, and refreshes its rights.
func (f *follower) alive(ctx context.Context) error {
	p, err := f.s.authenticate(ctx, f.c.g)
	if err != nil || f.schema == "" {
		return err
	}
	f.c.Actor, _, err = f.s.People.ActorFor(ctx, p, f.app.ID)
	return err
}

// records sends what the caller may see of what happened since.
func (f *follower) records(ctx context.Context, w io.Writer) error {
	for {
		lines, err := f.s.Desk.Feed(ctx, f.schema, f.after, streamBatch)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return nil
		}
		if err := f.alive(ctx); err != nil {
			return err
		}
		if err := f.batch(ctx, w, lines); err != nil {
			return err
		}
		f.after = lines[len(lines)-1].ID
		if len(lines) < streamBatch {
			return nil
		}
	}
}

func (f *follower) batch(ctx context.Context, w io.Writer, lines []desk.Line) error {
	ids := map[string][]string{}
	for _, x := range lines {
		if x.App == f.app.ID && !slices.Contains(ids[x.Entity], x.Record) {
			ids[x.Entity] = append(ids[x.Entity], x.Record)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	snap, err := f.s.Engine.Defs.At(ctx, f.app.ID)
	if err != nil {
		return err
	}
	visible, keys := map[string]bool{}, map[string]string{}
	for entity, list := range ids {
		if e := snap.Entity(entity); e != nil {
			keys[entity] = e.Key()
			if err := f.visible(ctx, f.c.Actor, entity, list, visible); err != nil {
				return err
			}
		}
	}
	if len(f.seen) > 5000 {
		f.seen = map[string]bool{}
	}
	for _, x := range lines {
		key := keys[x.Entity]
		if x.App != f.app.ID || key == "" {
			continue
		}
		op := x.Op
		switch {
		case visible[x.Record]:
			f.seen[x.Record] = true
		case f.seen[x.Record]:
			op = "gone" // it has left what the caller may see
			delete(f.seen, x.Record)
		default:
			continue
		}
		data := map[string]any{"app": f.app.ID, "entity": key, "id": x.Record, "rev": x.Rev, "op": op}
		if err := send(w, "record", strconv.FormatInt(x.ID, 10), data); err != nil {
			return err
		}
	}
	return nil
}

// visible asks the engine which of the records the actor may see, live or in
// the recycle bin.
func (f *follower) visible(ctx context.Context, a *access.Actor, entity string, ids []string, into map[string]bool) error {
	for _, deleted := range []bool{false, true} {
		r := engine.ListRequest{}
		r.IDs, r.Fields, r.Limit, r.Deleted = ids, []string{"id"}, len(ids), deleted
		b, err := f.s.Engine.List(ctx, a, f.app.ID, entity, r)
		if err != nil {
			if k := fault.KindOf(err); k == fault.Forbidden || k == fault.NotFound {
				return nil
			}
			return err
		}
		var page struct {
			Records []struct {
				ID string `json:"id"`
			} `json:"records"`
		}
		if err := json.Unmarshal(b, &page); err != nil {
			return err
		}
		for _, x := range page.Records {
			into[x.ID] = true
		}
	}
	return nil
}

func send(w io.Writer, event, id string, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return err
	}
	if id != "" {
		id = "id: " + id + "\n"
	}
	_, err = fmt.Fprintf(w, "event: %s\n%sdata: %s\n\n", event, id, b)
	return err
}

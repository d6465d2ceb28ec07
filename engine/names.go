package engine

import (
	"sync"
	"time"

	"tenon/engine/store"
)

// How long a name is believed when nobody says that people changed, and how
// many are kept.
const (
	nameLife = 10 * time.Second
	nameMax  = 20000
)

// names keeps what people and departments are called, so that a list of
// records need not ask who made each of them.
type names struct {
	mu  sync.RWMutex
	era uint64
	of  map[nameKey]nameKept
}

type nameKey struct{ workspace, id string }

type nameKept struct {
	name string
	at   time.Time
}

// ForgetNames is to be called when anything about people has changed.
func (e *Engine) ForgetNames() {
	e.names.mu.Lock()
	e.names.era++
	e.names.of = nil
	e.names.mu.Unlock()
}

// known puts the names that are kept into out and returns the other ids.
func (n *names) known(workspace string, ids []string, now time.Time, out map[string]string) (missing []string, era uint64) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	for _, id := range ids {
		k, ok := n.of[nameKey{workspace, id}]
		if age := now.Sub(k.at); !ok || age < 0 || age >= nameLife {
			missing = append(missing, id)
			continue
		}
		out[id] = k.name
	}
	return missing, n.era
}

// keep remembers what was read, unless people have changed since the reader
// asked what is known.
func (n *names) keep(workspace string, rows [][][]byte, now time.Time, era uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.era != era {
		return
	}
	if n.of == nil || len(n.of) > nameMax {
		n.of = map[nameKey]nameKept{}
	}
	for _, row := range rows {
		n.of[nameKey{workspace, string(row[0])}] = nameKept{string(row[1]), now}
	}
}

// askPeople asks for the names of people and departments that are not known.
func (n *namer) askPeople(out map[string]string) (ask []store.Stmt, keep func(store.Result)) {
	ws := n.s.Snap.WorkspaceID
	missing, era := n.e.names.known(ws, keys(n.people), n.s.Now, out)
	if len(missing) == 0 {
		return nil, nil
	}
	return []store.Stmt{store.Names(ws, missing)}, func(r store.Result) {
		for _, row := range r.Rows {
			out[string(row[0])] = string(row[1])
		}
		n.e.names.keep(ws, r.Rows, n.s.Now, era)
	}
}

package apitest

import (
	"context"
	"encoding/json"
	"sort"
	"strings"
	"sync"

	"tenon/api"
	"tenon/schema"
)

// visited are the routes that requests of this process reached.
var visited struct {
	sync.Mutex
	all  map[string]bool
	seen map[string]bool
}

func visit(s *api.Server, method, path string) {
	visited.Lock()
	defer visited.Unlock()
	if visited.all == nil {
		visited.all, visited.seen = map[string]bool{}, map[string]bool{}
		for _, r := range s.Served() {
			visited.all[r.Method+" "+r.Path] = true
		}
	}
	best, params := "", 99
	for r := range visited.all {
		m, template, _ := strings.Cut(r, " ")
		if m != method {
			continue
		}
		if n, ok := fits(template, path); ok && n < params {
			best, params = r, n
		}
	}
	if best != "" {
		visited.seen[best] = true
	}
}

// fits reports whether a path is of a template, and how many parameters it has.
func fits(template, path string) (params int, ok bool) {
	a, b := strings.Split(template, "/"), strings.Split(path, "/")
	if len(a) != len(b) {
		return 0, false
	}
	for i := range a {
		switch {
		case strings.HasPrefix(a[i], "{"):
			params++
		case a[i] != b[i]:
			return 0, false
		}
	}
	return params, true
}

// Unvisited lists the routes that no request reached.
func Unvisited() []string {
	visited.Lock()
	defer visited.Unlock()
	var out []string
	for r := range visited.all {
		if !visited.seen[r] {
			out = append(out, r)
		}
	}
	sort.Strings(out)
	return out
}

func importDraft(k *Kit, appID, definition string) error {
	var app schema.App
	if err := json.Unmarshal([]byte(definition), &app); err != nil {
		return err
	}
	return k.Engine.Defs.ImportDraft(context.Background(), appID, k.Vars["admin"], &app)
}

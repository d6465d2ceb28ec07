// Package catalog registers the product's parts (field types, view types,
// chart types, actions, functions) and validates the options stored for them.
//
// A part is one declarative Go value in one file. It says everything the
// builder needs about itself: labels in both languages, an icon name of ours,
// and a JSON Schema for its options from which the options panel is rendered.
// The package never knows any part by name.
//
// To add a registry: declare `var Types = catalog.New[Type]("field type")` in
// the package that owns the parts, and let each part's file call Register.
package catalog

import (
	"encoding/json"
	"fmt"
	"sort"

	"tenon/schema/fault"
)

// Label is a user-facing text in both languages.
type Label struct {
	ZH string `json:"zh-CN"`
	EN string `json:"en-US"`
}

// Entry is what every part says about itself; it goes to GET /api/v1/catalog.
type Entry struct {
	Name    string          `json:"name"`
	Group   string          `json:"group"`
	Icon    string          `json:"icon"`
	Label   Label           `json:"label"`
	Help    Label           `json:"help"`
	Options json.RawMessage `json:"options"` // JSON Schema with x-ui hints
	Version int             `json:"version"`
	Extra   any             `json:"extra,omitempty"` // facts of one registry: kind, traits, arguments
}

// Part is anything that can be registered.
type Part interface{ Entry() Entry }

// Registry is the set of parts of one sort, filled at program start and read-only after.
type Registry[T Part] struct {
	what   string
	byName map[string]T
	schema map[string]*Schema
}

// New makes an empty registry; what names the sort in errors.
func New[T Part](what string) *Registry[T] {
	return &Registry[T]{what: what, byName: map[string]T{}, schema: map[string]*Schema{}}
}

// Register adds a part and returns it. It panics on a duplicate name, a
// missing label or help in either language, or an options schema that does
// not compile: these are programmer errors found at start-up.
func (r *Registry[T]) Register(p T) T {
	e := p.Entry()
	if e.Name == "" || e.Label.ZH == "" || e.Label.EN == "" || e.Group == "" {
		panic(fmt.Sprintf("catalog: %s %q is incomplete", r.what, e.Name))
	}
	if _, dup := r.byName[e.Name]; dup {
		panic(fmt.Sprintf("catalog: %s %q registered twice", r.what, e.Name))
	}
	if len(e.Options) > 0 {
		s, err := CompileSchema(e.Options)
		if err != nil {
			panic(fmt.Sprintf("catalog: %s %q: options schema: %v", r.what, e.Name, err))
		}
		r.schema[e.Name] = s
	}
	r.byName[e.Name] = p
	return p
}

// Get returns the part of that name.
func (r *Registry[T]) Get(name string) (T, bool) {
	p, ok := r.byName[name]
	return p, ok
}

// All returns every part sorted by name.
func (r *Registry[T]) All() []T {
	out := make([]T, 0, len(r.byName))
	for _, p := range r.byName {
		out = append(out, p)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Entry().Name < out[j].Entry().Name })
	return out
}

// ErrUnknown is returned by CheckOptions for a part that does not exist.
var ErrUnknown = fault.Define(fault.Invalid, "catalog.unknown", "没有名为“{name}”的{what}", "there is no {what} called \"{name}\"")

// CheckOptions validates raw options against the part's schema. Paths in the
// faults are JSON pointers relative to the options.
func (r *Registry[T]) CheckOptions(name string, raw json.RawMessage) error {
	if _, ok := r.byName[name]; !ok {
		return ErrUnknown.With("name", name).With("what", r.what)
	}
	s := r.schema[name]
	if s == nil {
		return nil
	}
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
	return s.Check(raw)
}

package panel

import (
	"bytes"
	"encoding/json"
	"sort"
	"strconv"
)

// Ref is a place in an options document that names something of the app, found
// by the control of the option it belongs to.
type Ref struct {
	Path    string // JSON pointer into the document
	Control string // entity, field, expr, member, department, role
	Value   string // what stands there
	Entity  string // field, expr: the entity meant, as named by the option beside it; blank: the part's own
	Link    string // field: the link to follow to reach the entity, blank for none
	Accept  Accept // field: what fits
	Scope   string // expr: what it may refer to
	Expect  string // expr: kind of the result
}

type hint struct {
	Control, Entity, Through string
	Scope, Expect            string
	Accept                   Accept
}

type node struct {
	Properties map[string]*node `json:"properties"`
	Items      *node            `json:"items"`
	UI         hint             `json:"x-ui"`
}

// Refs returns the references of an options document by its schema, in the
// order of their paths. Parts of the document that do not fit the schema are
// passed over: checking is catalog's work.
func Refs(schema, doc json.RawMessage) []Ref {
	var s node
	if json.Unmarshal(schema, &s) != nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var x any
	if d.Decode(&x) != nil {
		return nil
	}
	var out []Ref
	scope(nil).collect(&s, x, "", &out)
	sort.SliceStable(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out
}

// scope is the chain of enclosing objects, innermost last: an option that
// another one names is looked for from the inside out.
type scope []map[string]any

func (s scope) text(option string) string {
	for i := len(s) - 1; i >= 0; i-- {
		if t, ok := s[i][option].(string); ok && option != "" {
			return t
		}
	}
	return ""
}

func (s scope) collect(n *node, x any, path string, out *[]Ref) {
	m, ok := x.(map[string]any)
	if !ok {
		return
	}
	inner := append(s[:len(s):len(s)], m)
	for name, p := range n.Properties {
		v, ok := m[name]
		if !ok {
			continue
		}
		at := path + "/" + name
		switch p.UI.Control {
		case "group":
			inner.collect(p, v, at, out)
		case "list":
			items, _ := v.([]any)
			for i, item := range items {
				if p.Items != nil {
					inner.collect(p.Items, item, at+"/"+strconv.Itoa(i), out)
				}
			}
		case "entity", "field", "expr", "member", "department", "role":
			add := func(at string, v any) {
				if t, ok := v.(string); ok && t != "" {
					*out = append(*out, Ref{Path: at, Control: p.UI.Control, Value: t, Entity: inner.text(p.UI.Entity),
						Link: inner.text(p.UI.Through), Accept: p.UI.Accept, Scope: p.UI.Scope, Expect: p.UI.Expect})
				}
			}
			if list, ok := v.([]any); ok {
				for i, item := range list {
					add(at+"/"+strconv.Itoa(i), item)
				}
				continue
			}
			add(at, v)
		}
	}
}

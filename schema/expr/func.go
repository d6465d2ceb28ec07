package expr

import (
	"sort"
	"strings"
	"time"

	"tenon/schema/catalog"
	"tenon/schema/value"
)

// Env is what an evaluation may see. It is used by one goroutine at a time.
type Env struct {
	Roots       map[string]Row
	Vars        map[string]map[string]any // inputs, vars, trigger, webhook: value.Value or Row
	Now         time.Time
	Zone        *time.Location
	Me          string // member id; "" for nobody
	Departments []string
	Roles       []string // role ids and keys
	Settings    map[string]value.Value
	// Member reports whether a member holds the role or department; nil: no.
	Member func(member, group string) bool
	// Manager gives the head of a member's department, or of the one above when
	// that is the member; "" when there is none. nil: unknown.
	Manager func(member string) string
	// Query answers cross-record functions; nil makes them an error.
	Query func(q *Query, env *Env) (value.Value, error)

	steps, bytes int
}

// Row is a record (or sub-form row) as expressions see it.
type Row interface {
	// Get returns the value of a field by id; null when absent.
	Get(fieldID string) value.Value
	// Follow returns the record a link field points to, nil when unset or unknown.
	Follow(fieldID string) Row
	// Rows returns the rows of a sub-form, or the targets of a many link.
	Rows(fieldID string) []Row
}

// Location returns the workspace's zone, UTC if unset.
func (e *Env) Location() *time.Location {
	if e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}

// Today returns the civil date of Now in the workspace's zone.
func (e *Env) Today() value.Value {
	t := e.Now.In(e.Location())
	return value.OfDate(t.Year(), t.Month(), t.Day())
}

// Budgets of one evaluation.
const (
	MaxSteps  = 100_000
	MaxText   = 64 << 10
	maxSource = 8 << 10
	maxDepth  = 64
	maxNodes  = 500
)

// Arg is one parameter of a function.
type Arg struct {
	Name     string       `json:"name"`
	Kinds    []value.Kind `json:"-"` // accepted kinds; empty: any
	Optional bool         `json:"optional,omitempty"`
	Variadic bool         `json:"variadic,omitempty"` // the last one repeats; lists are flattened by the function
}

// FuncExample is a documented call, executed as a test. In is a complete
// expression over constants; Out is its JSON.
type FuncExample struct{ In, Out string }

// Func is one operator or function of the language.
type Func struct {
	Name    string // canonical; calls match case-insensitively
	Aliases []string
	Group   string // operator logic text math date record member
	Label   catalog.Label
	Help    catalog.Label
	Args    []Arg
	// Result computes the static type from the arguments' types.
	Result func(args []Type) Type
	// NullOK: the function sees null arguments; otherwise any null gives null.
	NullOK bool
	// Volatile: the answer depends on the clock or the actor.
	Volatile bool
	// Lazy functions (IF, IFS, AND, OR …) are rewritten by the compiler and have no Go.
	Rewrite  func(c *compiler, n *Node) *Node
	Go       func(env *Env, a []value.Value) (value.Value, error)
	NoSQL    string // reason why it cannot run in SQL; empty: engine/query has it
	NoClient string // reason why it cannot run in the browser
	Examples []FuncExample
}

// Funcs is the table of functions by lower-case name.
var funcs = map[string]*Func{}

func define(f Func) *Func {
	p := &f
	for _, n := range append([]string{f.Name}, f.Aliases...) {
		k := strings.ToLower(n)
		if _, dup := funcs[k]; dup {
			panic("expr: function " + n + " defined twice")
		}
		funcs[k] = p
	}
	return p
}

// Lookup returns a function by name, case-insensitively.
func Lookup(name string) (*Func, bool) {
	f, ok := funcs[strings.ToLower(name)]
	return f, ok
}

// All returns every function once, sorted by group and name.
func All() []*Func {
	seen := map[*Func]bool{}
	var out []*Func
	for _, f := range funcs {
		if !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Group != out[j].Group {
			return out[i].Group < out[j].Group
		}
		return out[i].Name < out[j].Name
	})
	return out
}

func returns(k value.Kind) func([]Type) Type { return func([]Type) Type { return T(k) } }

// sameAs gives the first known type among the arguments.
func firstKnown(args []Type) Type {
	for _, a := range args {
		if a.Kind != value.Null {
			a.Select = false
			return a
		}
	}
	return T(value.Null)
}

var (
	num   = []value.Kind{value.Number}
	txt   = []value.Kind{value.Text, value.Ref}
	dates = []value.Kind{value.Date, value.Time}
	lists = []value.Kind{value.List}
)

package expr

import (
	"sync/atomic"

	"tenon/schema/value"
)

// Type is the static type of an expression. Every type is nullable.
type Type struct {
	Kind   value.Kind // Null means: only null is known so far
	Elem   value.Kind // element kind of a list
	Ref    string     // for Ref (or list of Ref): "member", "department" or an entity id
	Select bool       // text that is one of a select's option keys
	Entity *Entity    // for a record, a link or sub-form rows: where its fields are looked up
	Row    bool       // the record itself rather than its id
}

// T returns the plain type of a kind.
func T(k value.Kind) Type { return Type{Kind: k} }

// ListOf returns the type of a list of k.
func ListOf(k value.Kind) Type { return Type{Kind: value.List, Elem: k} }

// Name is the type's name in messages, e.g. "number" or "list of text".
func (t Type) Name() string {
	if t.Row {
		return "record"
	}
	if t.Kind == value.List {
		return "list of " + t.Elem.String()
	}
	return t.Kind.String()
}

// Entity is what the compiler knows of an entity (or of a sub-form's rows):
// its fields by key. System keys (id, rev, owner …) are among them.
type Entity struct {
	ID, Key string
	Fields  map[string]*Field // by key
}

// Field is what the compiler knows of a field.
type Field struct {
	ID, Key  string
	Kind     value.Kind
	Elem     value.Kind
	Ref      string // "member", "department" or the linked entity's id
	Select   bool
	Volatile bool    // computed on read from the clock
	Rows     *Entity // columns of a sub-form
	Scale    int32
}

// TypeOf returns the type of reading the field.
func (f *Field) TypeOf() Type {
	return Type{Kind: f.Kind, Elem: f.Elem, Ref: f.Ref, Select: f.Select, Entity: f.Rows}
}

// Scope is what an expression may name.
type Scope struct {
	// Entity gives an entity by id or key, nil if there is none.
	Entity func(idOrKey string) *Entity
	// Roots are the records in reach: "record" always, "old" in rules, "it" in
	// cross-record conditions. Fields of record may be named bare.
	Roots map[string]*Entity
	// Vars are typed names of a run: inputs.<key>, vars.<name>, trigger.<x>.
	Vars map[string]map[string]Type
	// Settings are the app's parameters by key.
	Settings map[string]Type
}

func (s *Scope) with(root string, e *Entity) *Scope {
	c := *s
	c.Roots = make(map[string]*Entity, len(s.Roots)+1)
	for k, v := range s.Roots {
		c.Roots[k] = v
	}
	c.Roots[root] = e
	return &c
}

// Op is the closed set of tree node operations.
type Op string

// The operations.
const (
	OpLit   Op = "lit"   // a constant
	OpField Op = "field" // a path of fields from a root
	OpVar   Op = "var"   // a run variable: Root.Name, with an optional field path
	OpCall  Op = "call"  // an operator or function of the table
	OpAnd   Op = "and"
	OpOr    Op = "or"
	OpNot   Op = "not"
	OpIf    Op = "if"    // Args: condition, then, else
	OpList  Op = "list"  // list of Args
	OpEach  Op = "each"  // Fn over sub-form rows or a list: Args[0] the list, Args[1] the body (may be nil)
	OpElem  Op = "elem"  // the current element of the innermost each
	OpQuery Op = "query" // a cross-record aggregate
)

// Node is one node of the typed tree.
type Node struct {
	Op   Op
	Type Type
	From int // span in the source, in runes
	To   int

	Lit  value.Value
	Root string   // OpField: record, old, it, elem; OpVar: inputs, vars, trigger, webhook
	Name string   // OpVar: the variable; OpEach: all any none one count sum avg min max map filter
	Path []*Field // OpField, OpVar: hops; all but the last are links (or a sub-form for a column list)
	Fn   *Func    // OpCall
	Args []*Node

	Query *Query // OpQuery

	own atomic.Pointer[program] // what EvalNode made of it, the first time
}

// Copy returns a node like n, to be changed: the nodes of a checked tree are
// shared and never are.
func (n *Node) Copy() *Node {
	return &Node{Op: n.Op, Type: n.Type, From: n.From, To: n.To, Lit: n.Lit, Root: n.Root, Name: n.Name, Path: n.Path, Fn: n.Fn, Args: n.Args, Query: n.Query}
}

// Query is a cross-record aggregate: Fn of Field over the records of Entity
// for which Cond (with `it`) holds.
type Query struct {
	Fn     string // exists count sum avg min max last
	Entity *Entity
	Field  *Field // nil for exists and count
	N      int    // last: how many
	Cond   *Node  // nil: all
}

// Walk calls f for n and every node below it, parents first.
func (n *Node) Walk(f func(*Node)) {
	if n == nil {
		return
	}
	f(n)
	for _, a := range n.Args {
		a.Walk(f)
	}
	if n.Query != nil {
		n.Query.Cond.Walk(f)
	}
}

// Nearest returns the field key closest to a misspelt one, "" when none is close.
func Nearest(key string, e *Entity) string { return nearest(key, e) }

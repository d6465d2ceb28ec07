// Package fault says what went wrong, for whom and where.
//
// A fault carries a kind (which decides the HTTP status and whether a retry
// makes sense), a stable code, a path into the offending document or record,
// and parameters. Its text is made at the edge from the definition's Chinese
// or English template; code never branches on text.
//
// The package never logs, never knows HTTP and never wraps user data it was
// not given as a parameter.
//
// To add a fault: declare it once beside the code that returns it,
//
//	var errMax = fault.Define(fault.Invalid, "field.number.max", "不能大于 {max}", "must be at most {max}")
//	return errMax.At("amount").With("max", o.Max)
package fault

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"sync"
)

// Kind is the closed set of reasons a call can fail for.
type Kind int

// The kinds. Their HTTP statuses live in api/problem.go only.
const (
	Internal        Kind = iota // a defect or an outage of ours
	Invalid                     // the input is wrong; the caller can mend it
	Unauthenticated             // nobody is signed in
	Forbidden                   // somebody is, but may not
	NotFound                    // absent, or invisible to the caller
	Conflict                    // somebody else was faster, or a duplicate
	Precondition                // If-Match or a required state does not hold
	TooMany                     // rate or size limit
	Transient                   // try again later
	Unsupported                 // the product cannot do this
)

var kindNames = [...]string{"internal", "invalid", "unauthenticated", "forbidden", "not_found", "conflict", "precondition", "too_many", "transient", "unsupported"}

// String returns the kind's stable lower-case name.
func (k Kind) String() string { return kindNames[k] }

// Def is a declared fault: kind, code and a message template in both languages.
// Placeholders are written {name} and filled from the fault's parameters.
type Def struct {
	Kind   Kind
	Code   string
	ZH, EN string
}

var (
	defsMu sync.RWMutex
	defs   = map[string]*Def{}
)

// Define declares a fault code. It panics on a duplicate code or an empty
// text, because both are programmer errors found at start-up.
func Define(kind Kind, code, zh, en string) *Def {
	if code == "" || zh == "" || en == "" {
		panic("fault: incomplete definition " + code)
	}
	defsMu.Lock()
	defer defsMu.Unlock()
	if _, dup := defs[code]; dup {
		panic("fault: duplicate code " + code)
	}
	d := &Def{Kind: kind, Code: code, ZH: zh, EN: en}
	defs[code] = d
	return d
}

// All returns every declared fault, sorted by code, for the message catalog.
func All() []*Def {
	defsMu.RLock()
	defer defsMu.RUnlock()
	out := make([]*Def, 0, len(defs))
	for _, d := range defs {
		out = append(out, d)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Code < out[j].Code })
	return out
}

// New makes a fault of this definition without a path.
func (d *Def) New() *Fault { return &Fault{Def: d} }

// At makes a fault of this definition at a path: a field key, or a JSON
// pointer into a definition document.
func (d *Def) At(path string) *Fault { return &Fault{Def: d, Path: path} }

// With makes a fault of this definition with one parameter.
func (d *Def) With(name string, v any) *Fault { return d.New().With(name, v) }

// Fault is one thing that went wrong. It implements error.
type Fault struct {
	*Def
	Path   string
	Params map[string]any
	cause  error
}

// With returns a copy of f with the parameter set.
func (f *Fault) With(name string, v any) *Fault {
	c := *f
	c.Params = make(map[string]any, len(f.Params)+1)
	for k, v := range f.Params {
		c.Params[k] = v
	}
	c.Params[name] = v
	return &c
}

// At returns a copy of f at the path.
func (f *Fault) At(path string) *Fault {
	c := *f
	c.Path = path
	return &c
}

// Under returns a copy of f with the prefix put before its path.
func (f *Fault) Under(prefix string) *Fault {
	c := *f
	c.Path = join(prefix, f.Path)
	return &c
}

// Because returns a copy of f that wraps err; the cause is never shown to users.
func (f *Fault) Because(err error) *Fault {
	c := *f
	c.cause = err
	return &c
}

func join(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	case strings.HasPrefix(b, "/"):
		return a + b
	default:
		return a + "/" + b
	}
}

// Error gives the English text with code and path, for logs.
func (f *Fault) Error() string {
	s := f.Code + ": " + f.Text("en-US")
	if f.Path != "" {
		s = f.Path + ": " + s
	}
	if f.cause != nil {
		s += ": " + f.cause.Error()
	}
	return s
}

// Unwrap returns the wrapped cause.
func (f *Fault) Unwrap() error { return f.cause }

// Is reports whether target is a fault of the same code.
func (f *Fault) Is(target error) bool {
	var o *Fault
	return errors.As(target, &o) && o.Code == f.Code
}

// Text renders the message in the locale ("zh-CN" or "en-US").
func (f *Fault) Text(locale string) string {
	t := f.EN
	if strings.HasPrefix(locale, "zh") {
		t = f.ZH
	}
	if !strings.Contains(t, "{") {
		return t
	}
	for k, v := range f.Params {
		if named, ok := v.(interface{ In(locale string) string }); ok { // a name in both languages
			v = named.In(locale)
		}
		t = strings.ReplaceAll(t, "{"+k+"}", fmt.Sprint(v))
	}
	return t
}

// List is several faults found in one pass, so that a user sees every red box
// at once. A nil or empty list is no error: return it through Err.
type List []*Fault

// Error joins the messages, for logs.
func (l List) Error() string {
	parts := make([]string, len(l))
	for i, f := range l {
		parts[i] = f.Error()
	}
	return strings.Join(parts, "; ")
}

// Err returns the list as an error, or nil when it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Add appends err, flattening lists and wrapping unknown errors as Internal.
func (l *List) Add(err error) {
	if err == nil {
		return
	}
	*l = append(*l, Of(err)...)
}

// AddUnder appends err with the prefix before every path.
func (l *List) AddUnder(prefix string, err error) {
	if err == nil {
		return
	}
	for _, f := range Of(err) {
		*l = append(*l, f.Under(prefix))
	}
}

// ErrInternal is what any undeclared error becomes at the edge.
var ErrInternal = Define(Internal, "internal", "系统内部错误，请稍后重试；如持续出现，请把编号告知管理员", "Something went wrong on our side. Try again; if it persists, give the request id to an administrator.")

// Of returns the faults inside err, wrapping anything unknown as Internal.
func Of(err error) List {
	if err == nil {
		return nil
	}
	var l List
	if errors.As(err, &l) {
		return l
	}
	var f *Fault
	if errors.As(err, &f) {
		return List{f}
	}
	return List{ErrInternal.New().Because(err)}
}

// KindOf returns the kind of err: the gravest of a list, Internal for unknown errors.
func KindOf(err error) Kind {
	l := Of(err)
	if len(l) == 0 {
		return Internal
	}
	k := l[0].Kind
	for _, f := range l {
		if f.Kind == Internal {
			return Internal
		}
		if f.Kind == Forbidden {
			k = Forbidden
		}
	}
	return k
}

// CodeOf returns the code of the first fault in err, or "".
func CodeOf(err error) string {
	var l List
	if errors.As(err, &l) && len(l) > 0 {
		return l[0].Code
	}
	var f *Fault
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

package expr

import (
	"errors"
	"fmt"
	"slices"
	"unicode"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	vmcompiler "github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
	"github.com/shopspring/decimal"

	"tenon/schema/fault"
	"tenon/schema/value"
)

// program is the virtual machine's code for one tree.
type program struct{ code *vm.Program }

// The machine sees only these functions of ours; every value on its stack is a
// value.Value, a Row, a []any of those, or a bool between truth and boolv.
var vmOptions = []expr.Option{
	expr.Function("lit_", func(p ...any) (any, error) { return p[0].(*Node).Lit, nil }),
	expr.Function("field_", func(p ...any) (any, error) { return p[0].(*Env).field(p[1].(*Node)), nil }),
	expr.Function("elemfield_", func(p ...any) (any, error) {
		n := p[1].(*Node)
		r, _ := p[0].(Row)
		return readPath(r, n.Path, n.Type), nil
	}),
	expr.Function("elem_", func(p ...any) (any, error) {
		if r, ok := p[0].(Row); ok {
			return r.Get("id"), nil
		}
		return p[0], nil
	}),
	expr.Function("call_", func(p ...any) (any, error) { return p[0].(*Env).call(p[1].(*Node), p[2:]) }),
	expr.Function("list_", func(p ...any) (any, error) {
		l := make([]value.Value, len(p))
		for i, x := range p {
			l[i] = x.(value.Value)
		}
		return value.OfList(l), nil
	}),
	expr.Function("truth_", func(p ...any) (any, error) { return p[0].(value.Value).Bool(), nil }, new(func(any) bool)),
	expr.Function("boolv_", func(p ...any) (any, error) { return value.OfBool(p[0].(bool)), nil }),
	expr.Function("elems_", func(p ...any) (any, error) { return p[0].(*Env).elems(p[1].(*Node)) }, new(func(*Env, *Node) []any)),
	expr.Function("elemelems_", func(p ...any) (any, error) {
		r, _ := p[0].(Row)
		return elemsAt(r, p[1].(*Node)), nil
	}, new(func(any, *Node) []any)),
	expr.Function("elemsof_", func(p ...any) (any, error) { return elemsOf(p[0].(value.Value)), nil }, new(func(any) []any)),
	expr.Function("pair_", func(p ...any) (any, error) { return pair{p[0], p[1].(value.Value)}, nil }),
	expr.Function("pick_", func(p ...any) (any, error) {
		var out []any
		for _, x := range p[0].([]any) {
			if x := x.(pair); x.body.Bool() {
				out = append(out, x.elem)
			}
		}
		return out, nil
	}, new(func([]any) []any)),
	expr.Function("tick_", func(p ...any) (any, error) {
		e := p[0].(*Env)
		if e.steps++; e.steps > MaxSteps {
			return nil, ErrBudget.New()
		}
		return p[1], nil
	}),
	expr.Function("agg_", func(p ...any) (any, error) {
		return aggregate(p[0].(*Node), p[1].([]any))
	}),
	expr.Function("query_", func(p ...any) (any, error) {
		e, n := p[0].(*Env), p[1].(*Node)
		if e.Query == nil {
			return nil, ErrNoQuery.New()
		}
		return e.Query(n.Query, e)
	}),
}

func vmConfig() *conf.Config {
	c := conf.New(map[string]any{"e": (*Env)(nil)})
	for _, o := range vmOptions {
		o(c)
	}
	c.Optimize = false
	c.MaxNodes = 0
	return c
}

func assemble(n *Node) (*program, error) {
	tree := &parser.Tree{Node: val(n)}
	cfg := vmConfig()
	if _, err := checker.Check(tree, cfg); err != nil {
		return nil, fmt.Errorf("assemble expression: %w", err)
	}
	code, err := vmcompiler.Compile(tree, cfg)
	if err != nil {
		return nil, fmt.Errorf("assemble expression: %w", err)
	}
	return &program{code}, nil
}

func fn(name string, args ...ast.Node) ast.Node {
	return &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: args}
}
func env() ast.Node           { return &ast.IdentifierNode{Value: "e"} }
func constant(v any) ast.Node { return &ast.ConstantNode{Value: v} }

// truth emits n as a native bool.
func truth(n *Node) ast.Node {
	switch n.Op {
	case OpAnd:
		return &ast.BinaryNode{Operator: "and", Left: truth(n.Args[0]), Right: truth(n.Args[1])}
	case OpOr:
		return &ast.BinaryNode{Operator: "or", Left: truth(n.Args[0]), Right: truth(n.Args[1])}
	case OpNot:
		return &ast.UnaryNode{Operator: "not", Node: truth(n.Args[0])}
	}
	return fn("truth_", val(n))
}

// val emits n as a value.Value.
func val(n *Node) ast.Node {
	switch n.Op {
	case OpLit:
		return fn("lit_", constant(n))
	case OpField:
		if n.Root == "elem" {
			return fn("elemfield_", &ast.PointerNode{}, constant(n))
		}
		return fn("field_", env(), constant(n))
	case OpVar:
		return fn("field_", env(), constant(n))
	case OpElem:
		return fn("elem_", &ast.PointerNode{})
	case OpAnd, OpOr, OpNot:
		return fn("boolv_", truth(n))
	case OpIf:
		return &ast.ConditionalNode{Ternary: true, Cond: truth(n.Args[0]), Exp1: val(n.Args[1]), Exp2: val(n.Args[2])}
	case OpList:
		args := make([]ast.Node, len(n.Args))
		for i, a := range n.Args {
			args[i] = val(a)
		}
		return fn("list_", args...)
	case OpCall:
		args := []ast.Node{env(), constant(n)}
		for _, a := range n.Args {
			args = append(args, val(a))
		}
		return fn("call_", args...)
	case OpQuery:
		return fn("query_", env(), constant(n))
	case OpEach:
		if len(n.Args) == 1 {
			return fn("agg_", constant(n), source(n.Args[0]))
		}
		return fn("agg_", constant(n), pairs(n))
	}
	panic("expr: unknown op " + string(n.Op))
}

// pair is an element of a list with what the body gave for it.
type pair struct {
	elem any
	body value.Value
}

// pairs emits the elements of an each with their bodies, the list computed once.
func pairs(n *Node) ast.Node {
	body := fn("pair_", &ast.PointerNode{}, fn("tick_", env(), val(n.Args[1])))
	return &ast.BuiltinNode{Name: "map", Arguments: []ast.Node{source(n.Args[0]), &ast.PredicateNode{Node: body}}}
}

// source emits the elements that an each runs over. Rows stay rows, also
// through a filter, so that bodies can read their fields.
func source(l *Node) ast.Node {
	switch {
	case l.Op == OpField && l.Root == "elem":
		return fn("elemelems_", &ast.PointerNode{}, constant(l))
	case l.Op == OpField || l.Op == OpVar:
		return fn("elems_", env(), constant(l))
	case l.Op == OpEach && l.Name == "filter" && len(l.Args) == 2:
		return fn("pick_", pairs(l))
	}
	return fn("elemsof_", val(l))
}

// Eval computes the expression. Errors are faults; a panic inside a function
// is reported as one, never propagated.
func (p *Program) Eval(env *Env) (v value.Value, err error) {
	if p.vm == nil {
		return EvalNode(p.Root, env)
	}
	return p.vm.run(p.Root, env)
}

func (m *program) run(root *Node, env *Env) (v value.Value, err error) {
	switch root.Op {
	case OpLit:
		return root.Lit, nil
	case OpField:
		if root.Root != "elem" {
			return env.field(root), nil
		}
	}
	defer func() {
		if r := recover(); r != nil {
			v, err = value.Value{}, fault.ErrInternal.New().Because(fmt.Errorf("expression: %v", r))
		}
	}()
	env.steps, env.bytes = 0, 0
	out, err := vm.Run(m.code, map[string]any{"e": env})
	if err != nil {
		var f *fault.Fault
		if errors.As(err, &f) {
			return value.Value{}, f
		}
		var l fault.List
		if errors.As(err, &l) {
			return value.Value{}, l
		}
		return value.Value{}, ErrBudget.New().Because(err)
	}
	return out.(value.Value), nil
}

// True computes a condition: null and errors are not true.
func (p *Program) True(env *Env) (bool, error) {
	v, err := p.Eval(env)
	return v.Bool(), err
}

// Seen is the value of one sub-expression, for explanations.
type Seen struct {
	From  int         `json:"from"`
	To    int         `json:"to"`
	Text  string      `json:"text"`
	Value value.Value `json:"value"`
}

// Explain returns the value of every sub-expression that people can point at,
// outermost first. Sub-expressions inside a loop body are left out.
func (p *Program) Explain(env *Env) []Seen {
	src := []rune(p.Source)
	pairs := brackets(src)
	told := map[string]bool{}
	var out []Seen
	var visit func(n *Node)
	visit = func(n *Node) {
		if n == nil || fixed(n) || n.Op == OpElem || n.To <= n.From || n.To > len(src) {
			return
		}
		if m, err := assemble(n); err == nil {
			if v, err := m.run(n, env); err == nil {
				if s := wholeText(n, src, pairs); !told[s] {
					told[s] = true
					out = append(out, Seen{n.From, n.To, s, v})
				}
			}
		}
		if n.Op == OpEach {
			visit(n.Args[0])
			return
		}
		for _, a := range n.Args {
			visit(a)
		}
	}
	visit(p.Root)
	return out
}

// fixed reports whether a node is written out in the source: it says nothing new.
func fixed(n *Node) bool {
	return n.Op == OpLit || n.Op == OpList && !slices.ContainsFunc(n.Args, func(a *Node) bool { return !fixed(a) })
}

// wholeText is the source of a node with all that belongs to it. The parser
// gives a binary operator the place of its sign, a path that of its last name
// and a call that of the function's: the arguments, the names before, and the
// brackets that would stand open are taken in.
func wholeText(n *Node, src []rune, pairs map[int]int) string {
	from, to := n.From, n.To
	n.Walk(func(x *Node) {
		if x.To > x.From && x.To <= len(src) {
			from, to = min(from, x.From), max(to, x.To)
		}
	})
	if to < len(src) && src[to] == '(' && inName(src[to-1]) {
		to = max(to, pairs[to]+1)
	}
	from = pathStart(src, pairs, from)
	for i := from; i < to; i++ {
		other, ok := pairs[i]
		switch {
		case !ok:
		case other >= to:
			to = other + 1
		case other < from:
			from = pathStart(src, pairs, other)
			i = from - 1
		}
	}
	return string(src[from:to])
}

// pathStart goes back from a name to the first of its path: customer.owner.
func pathStart(src []rune, pairs map[int]int, at int) int {
	for at > 0 && src[at-1] == '.' {
		i := at - 1
		if i > 0 && src[i-1] == '?' {
			i--
		}
		if open, ok := pairs[i-1]; ok && open < i {
			i = open
		}
		for i > 0 && inName(src[i-1]) {
			i--
		}
		if i >= at-1 {
			return at
		}
		at = i
	}
	return at
}

func inName(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// brackets pairs the places of opening and closing brackets outside of texts.
func brackets(src []rune) map[int]int {
	pairs := map[int]int{}
	var open []int
	var quote rune
	for i := 0; i < len(src); i++ {
		switch r := src[i]; {
		case quote != 0:
			if r == '\\' && quote != '`' {
				i++
			} else if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case r == '(' || r == '[' || r == '{':
			open = append(open, i)
		case (r == ')' || r == ']' || r == '}') && len(open) > 0:
			last := open[len(open)-1]
			open = open[:len(open)-1]
			pairs[last], pairs[i] = i, last
		}
	}
	return pairs
}

func (e *Env) field(n *Node) value.Value {
	if n.Op == OpVar {
		return e.variable(n)
	}
	return readPath(e.Roots[n.Root], n.Path, n.Type)
}

func (e *Env) variable(n *Node) value.Value {
	if n.Root == "settings" {
		return e.Settings[n.Name]
	}
	switch x := e.Vars[n.Root][n.Name].(type) {
	case value.Value:
		return x
	case Row:
		return readPath(x, n.Path, n.Type)
	}
	return value.Value{}
}

// readPath follows links from a row and reads the last field. A hop with many
// rows makes the result a list.
func readPath(r Row, path []*Field, t Type) value.Value {
	if r == nil {
		if t.Kind == value.List {
			return value.OfList(nil)
		}
		return value.Value{}
	}
	if len(path) == 0 {
		return r.Get("id")
	}
	for i, f := range path[:len(path)-1] {
		if f.Kind == value.Rows || f.Kind == value.List {
			var out []value.Value
			for _, row := range r.Rows(f.ID) {
				// Nulls stay: columns of one sub-form must keep step with each other.
				v := readPath(row, path[i+1:], T(value.Null))
				if v.Kind() == value.List {
					out = append(out, v.List()...)
				} else {
					out = append(out, v)
				}
			}
			return value.OfList(out)
		}
		if r = r.Follow(f.ID); r == nil {
			if t.Kind == value.List {
				return value.OfList(nil)
			}
			return value.Value{}
		}
	}
	return r.Get(path[len(path)-1].ID)
}

// elems lists the rows or elements that an each runs over.
func (e *Env) elems(n *Node) ([]any, error) {
	if n.Op == OpVar {
		return elemsOf(e.variable(n)), nil
	}
	return elemsAt(e.Roots[n.Root], n), nil
}

// elemsAt lists what a field node reads from r: rows for a sub-form or a many
// link, else the elements of the value.
func elemsAt(r Row, n *Node) []any {
	if len(n.Path) > 0 {
		last := n.Path[len(n.Path)-1]
		if last.Kind == value.Rows || last.Kind == value.List && last.Ref != "" && last.Ref != "member" && last.Ref != "department" {
			return rowsAt(r, n.Path)
		}
	}
	return elemsOf(readPath(r, n.Path, n.Type))
}

func rowsAt(r Row, path []*Field) []any {
	if r == nil {
		return nil
	}
	f := path[0]
	if f.Kind != value.Rows && f.Kind != value.List {
		return rowsAt(r.Follow(f.ID), path[1:])
	}
	var out []any
	for _, x := range r.Rows(f.ID) {
		if len(path) == 1 {
			out = append(out, x)
		} else {
			out = append(out, rowsAt(x, path[1:])...)
		}
	}
	return out
}

func elemsOf(v value.Value) []any {
	l := v.List()
	out := make([]any, len(l))
	for i, x := range l {
		out[i] = x
	}
	return out
}

func (e *Env) call(n *Node, args []any) (any, error) {
	vs := make([]value.Value, len(args))
	for i, a := range args {
		vs[i] = a.(value.Value)
		if !n.Fn.NullOK && vs[i].IsNull() {
			return value.Value{}, nil
		}
	}
	v, err := n.Fn.Go(e, vs)
	if err != nil {
		if f, ok := err.(*fault.Fault); ok {
			return nil, f.With("from", n.From).With("to", n.To)
		}
		return nil, err
	}
	if err := e.spend(vs, v); err != nil {
		return nil, err
	}
	switch v.Kind() {
	case value.Number:
		if !fits38(v.Number()) {
			return nil, ErrOverflow.With("from", n.From).With("to", n.To)
		}
	case value.Text:
		if len(v.Text()) > MaxText {
			return nil, ErrLongText.With("from", n.From).With("to", n.To)
		}
	}
	return v, nil
}

// maxBytes bounds the text that one evaluation makes, kept or not.
const maxBytes = 16 << 20

// spend charges a call for the lists it read and made and for the text it
// made: each element or byte may end up in a list, so that steps alone would
// not bound the memory.
func (e *Env) spend(args []value.Value, v value.Value) error {
	for _, a := range args {
		e.steps += len(a.List()) >> 4
	}
	e.steps += len(v.List())
	e.bytes += len(v.Text())
	if e.steps > MaxSteps || e.bytes > maxBytes {
		return ErrBudget.New()
	}
	return nil
}

// fits38 reports whether a number keeps within 38 digits before the point and
// 18 after, the range that all three evaluators share. Exponents are looked at
// first: comparing 1e-5000000 would write out all its digits.
func fits38(d decimal.Decimal) bool {
	x := d.Exponent()
	if x < -76 || x > 38 || x < -divScale && !d.Equal(d.Round(divScale)) {
		return false
	}
	return d.Abs().LessThan(limit38)
}

var limit38 = decimal.New(1, 38)

// aggregate folds elements, or pairs where the each has a body.
func aggregate(n *Node, elems []any) (any, error) {
	has := len(n.Args) > 1
	body := func(i int) value.Value { return elems[i].(pair).body }
	switch n.Name {
	case "all", "any", "none", "one", "count":
		c := 0
		for i := range elems {
			switch {
			case has:
				if body(i).Bool() {
					c++
				}
			default:
				if v, ok := elems[i].(value.Value); !ok || n.Name == "count" && !v.IsNull() || v.Bool() {
					c++
				}
			}
		}
		switch n.Name {
		case "all":
			return value.OfBool(c == len(elems)), nil
		case "any":
			return value.OfBool(c > 0), nil
		case "none":
			return value.OfBool(c == 0), nil
		case "one":
			return value.OfBool(c == 1), nil
		}
		return value.OfInt(int64(c)), nil
	case "sum":
		s := decimal.Zero
		for i := range elems {
			v, ok := elems[i].(value.Value)
			if has {
				v, ok = body(i), true
			}
			if ok && v.Kind() == value.Number {
				s = s.Add(v.Number())
			}
		}
		return value.OfNumber(s), nil
	case "map":
		out := make([]value.Value, len(elems))
		for i := range elems {
			out[i] = body(i)
		}
		return value.OfList(out), nil
	case "filter":
		var out []value.Value
		for i := range elems {
			if body(i).Bool() {
				switch x := elems[i].(pair).elem.(type) {
				case Row:
					out = append(out, x.Get("id"))
				case value.Value:
					out = append(out, x)
				}
			}
		}
		return value.OfList(out), nil
	}
	return nil, ErrRefused.With("what", n.Name)
}

// EvalNode computes one node on its own, outside a Program.
func EvalNode(n *Node, env *Env) (value.Value, error) {
	m := n.own.Load()
	if m == nil {
		var err error
		if m, err = assemble(n); err != nil {
			return value.Value{}, err
		}
		n.own.Store(m)
	}
	return m.run(n, env)
}

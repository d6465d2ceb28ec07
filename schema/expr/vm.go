package expr

import (
	"errors"
	"fmt"

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
	expr.Function("elemsof_", func(p ...any) (any, error) { return elemsOf(p[0].(value.Value)), nil }, new(func(any) []any)),
	expr.Function("tick_", func(p ...any) (any, error) {
		e := p[0].(*Env)
		if e.steps++; e.steps > MaxSteps {
			return nil, ErrBudget.New()
		}
		return p[1], nil
	}),
	expr.Function("agg_", func(p ...any) (any, error) {
		var bodies []any
		if len(p) > 2 {
			bodies = p[2].([]any)
		}
		return aggregate(p[0].(*Node), p[1].([]any), bodies)
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
		src := func() ast.Node {
			l := n.Args[0]
			if l.Op == OpField && l.Root != "elem" || l.Op == OpVar {
				return fn("elems_", env(), constant(l))
			}
			return fn("elemsof_", val(l))
		}
		if len(n.Args) == 1 {
			return fn("agg_", constant(n), src())
		}
		body := &ast.BuiltinNode{Name: "map", Arguments: []ast.Node{src(), &ast.PredicateNode{Node: fn("tick_", env(), val(n.Args[1]))}}}
		return fn("agg_", constant(n), src(), body)
	}
	panic("expr: unknown op " + string(n.Op))
}

// Eval computes the expression. Errors are faults; a panic inside a function
// is reported as one, never propagated.
func (p *Program) Eval(env *Env) (v value.Value, err error) {
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
	env.steps = 0
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
	var out []Seen
	var visit func(n *Node)
	visit = func(n *Node) {
		if n == nil || n.Op == OpLit || n.Op == OpElem || n.To <= n.From || n.To > len(src) {
			return
		}
		if m, err := assemble(n); err == nil {
			if v, err := m.run(n, env); err == nil {
				out = append(out, Seen{n.From, n.To, wholeText(n, src), v})
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

// wholeText widens the span of a node to cover its arguments: the parser gives
// a binary operator the place of its sign.
func wholeText(n *Node, src []rune) string {
	from, to := n.From, n.To
	n.Walk(func(x *Node) {
		if x.To > x.From && x.To <= len(src) {
			from, to = min(from, x.From), max(to, x.To)
		}
	})
	return string(src[from:to])
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
				v := readPath(row, path[i+1:], T(value.Null))
				if v.Kind() == value.List {
					out = append(out, v.List()...)
				} else if !v.IsNull() {
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
	if n.Op == OpField && len(n.Path) > 0 {
		last := n.Path[len(n.Path)-1]
		many := last.Kind == value.Rows || last.Kind == value.List && last.Ref != "" && last.Ref != "member" && last.Ref != "department"
		if many {
			r := e.Roots[n.Root]
			for _, f := range n.Path[:len(n.Path)-1] {
				if r == nil {
					break
				}
				r = r.Follow(f.ID)
			}
			if r == nil {
				return nil, nil
			}
			rows := r.Rows(last.ID)
			out := make([]any, len(rows))
			for i, x := range rows {
				out[i] = x
			}
			return out, nil
		}
	}
	return elemsOf(e.field(n)), nil
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

// fits38 reports whether a number keeps within 38 digits before the point and
// 18 after, the range that all three evaluators share.
func fits38(d decimal.Decimal) bool {
	return d.NumDigits()+int(max(d.Exponent(), 0)) <= 76 && d.Abs().LessThan(limit38)
}

var limit38 = decimal.New(1, 38)

func aggregate(n *Node, elems, bodies []any) (any, error) {
	body := func(i int) value.Value { return bodies[i].(value.Value) }
	has := len(n.Args) > 1
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
				if r, ok := elems[i].(Row); ok {
					out = append(out, r.Get("id"))
				} else {
					out = append(out, elems[i].(value.Value))
				}
			}
		}
		return value.OfList(out), nil
	}
	return nil, ErrRefused.With("what", n.Name)
}

package expr

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/shopspring/decimal"

	"tenon/schema/fault"
	"tenon/schema/value"
)

// Faults of compilation. Each carries from and to, rune offsets in the source.
var (
	ErrSyntax   = fault.Define(fault.Invalid, "expr.syntax", "表达式有语法错误：{detail}", "syntax error in the expression: {detail}")
	ErrUnended  = fault.Define(fault.Invalid, "expr.unended", "公式还没写完", "the formula is not finished")
	ErrToken    = fault.Define(fault.Invalid, "expr.token", "这里不该有“{text}”", "\"{text}\" does not belong here")
	ErrSymbol   = fault.Define(fault.Invalid, "expr.symbol", "不认识的符号“{text}”，请使用半角符号", "unknown symbol \"{text}\"")
	ErrQuotes   = fault.Define(fault.Invalid, "expr.quotes", "引号没有成对", "a quotation mark has no partner")
	ErrDigits   = fault.Define(fault.Invalid, "expr.digits", "“{text}”不是数字", "\"{text}\" is not a number")
	ErrTooLong  = fault.Define(fault.Invalid, "expr.too_long", "表达式太长或嵌套太深", "the expression is too long or nested too deeply")
	ErrName     = fault.Define(fault.Invalid, "expr.unknown_name", "没有名为“{name}”的字段或变量{hint}", "there is no field or variable \"{name}\"{hint}")
	ErrFunc     = fault.Define(fault.Invalid, "expr.unknown_function", "没有名为 {name} 的函数{hint}", "there is no function {name}{hint}")
	ErrArgs     = fault.Define(fault.Invalid, "expr.arguments", "{name} 需要 {want} 个参数，这里有 {got} 个", "{name} takes {want} arguments, not {got}")
	ErrType     = fault.Define(fault.Invalid, "expr.type", "{name} 需要 {want}，这里是 {got}", "{name} expects {want}, this is {got}")
	ErrCompare  = fault.Define(fault.Invalid, "expr.compare", "不能比较 {left} 与 {right}", "cannot compare {left} with {right}")
	ErrRefused  = fault.Define(fault.Invalid, "expr.refused", "表达式里不能使用 {what}", "{what} cannot be used in expressions")
	ErrChoice   = fault.Define(fault.Invalid, "expr.literal", "“{text}”不是有效的 {kind}", "\"{text}\" is not a valid {kind}")
	ErrExpect   = fault.Define(fault.Invalid, "expr.result", "结果应为 {want}，实际为 {got}", "the result must be {want}, but is {got}")
	ErrEntity   = fault.Define(fault.Invalid, "expr.unknown_entity", "没有名为“{name}”的表单", "there is no entity \"{name}\"")
	ErrBudget   = fault.Define(fault.Invalid, "expr.budget", "计算量超出上限", "the computation exceeds its budget")
	ErrOverflow = fault.Define(fault.Invalid, "expr.overflow", "数字超过 38 位", "a number has more than 38 digits")
	ErrLongText = fault.Define(fault.Invalid, "expr.text_too_long", "文本超过 64 KB", "a text is longer than 64 KB")
	ErrNoQuery  = fault.Define(fault.Invalid, "expr.no_query", "这里不能查询其他记录", "other records cannot be queried here")
)

// Program is a compiled expression: its tree, what it needs, and its code.
type Program struct {
	Source string
	Root   *Node
	vm     *program
}

// Type returns the static type of the result.
func (p *Program) Type() Type { return p.Root.Type }

// Volatile reports whether the answer depends on the clock, the actor or
// stored volatile fields.
func (p *Program) Volatile() bool {
	v := false
	p.Root.Walk(func(n *Node) {
		if n.Fn != nil && n.Fn.Volatile {
			v = true
		}
		for _, f := range n.Path {
			if f.Volatile {
				v = true
			}
		}
	})
	return v
}

// Queries reports whether the expression looks at other records by a query.
func (p *Program) Queries() bool {
	q := false
	p.Root.Walk(func(n *Node) { q = q || n.Op == OpQuery })
	return q
}

// Reads calls f for every field path the expression reads from the root.
func (p *Program) Reads(f func(root string, path []*Field)) {
	p.Root.Walk(func(n *Node) {
		if n.Op == OpField {
			f(n.Root, n.Path)
		}
	})
}

// Compile checks source against the scope. Faults carry positions.
func Compile(source string, scope *Scope) (*Program, error) {
	p, err := tree(source, scope)
	if err != nil {
		return nil, err
	}
	if p.vm, err = assemble(p.Root); err != nil {
		return nil, err
	}
	return p, nil
}

// tree is a program without code.
func tree(source string, scope *Scope) (*Program, error) {
	if err := guard(source); err != nil {
		return nil, err
	}
	c := &compiler{scope: scope, src: []rune(source)}
	root, err := c.parse(source)
	if err != nil {
		return nil, err
	}
	n := c.node(root)
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	return &Program{Source: source, Root: n}, nil
}

// CompileAs is Compile with a required result kind. Bool accepts bool only;
// Number, Text, Date and Time accept what converts without loss.
func CompileAs(source string, scope *Scope, want Type) (*Program, error) {
	p, err := Compile(source, scope)
	if err != nil {
		return nil, err
	}
	if err := p.expect(want); err != nil {
		return nil, err
	}
	return p, nil
}

// TreeAs is CompileAs for what is rendered and not computed, such as the
// filter of a request: its code is made only if somebody does compute it.
func TreeAs(source string, scope *Scope, want Type) (*Program, error) {
	p, err := tree(source, scope)
	if err != nil {
		return nil, err
	}
	if err := p.expect(want); err != nil {
		return nil, err
	}
	return p, nil
}

// expect refuses a result of another type.
func (p *Program) expect(want Type) error {
	got := p.Root.Type
	if got.Kind == value.Null || got.Kind == want.Kind || fits(got, want) {
		return nil
	}
	return ErrExpect.With("want", want.Name()).With("got", got.Name()).With("from", 0).With("to", utf8.RuneCountInString(p.Source))
}

func fits(got, want Type) bool {
	switch want.Kind {
	case value.Time:
		return got.Kind == value.Date
	case value.Text:
		return got.Kind == value.Ref || got.Kind == value.Number
	case value.Ref:
		return got.Kind == value.Text || got.Row
	case value.List:
		return got.Kind == want.Elem || got.Kind == value.Ref && want.Elem == value.Ref
	}
	return false
}

// guard refuses sources that could harm the parser: too long, nested too
// deeply, or with control characters.
func guard(s string) error {
	if len(s) > maxSource || !utf8.ValidString(s) {
		return ErrTooLong.New()
	}
	depth, quote, esc := 0, rune(0), false
	for _, r := range s {
		if r < 0x20 && r != '\n' && r != '\t' && r != '\r' {
			return ErrRefused.With("what", fmt.Sprintf("U+%04X", r))
		}
		if quote != 0 {
			switch {
			case esc:
				esc = false
			case r == '\\' && quote != '`':
				esc = true
			case r == quote:
				quote = 0
			}
			continue
		}
		switch r {
		case '"', '\'', '`':
			quote = r
		case '(', '[', '{', '?':
			depth++
			if depth > maxDepth {
				return ErrTooLong.New()
			}
		case ')', ']', '}', ':':
			if depth > 0 {
				depth--
			}
		}
	}
	// A run of unary operators nests without brackets.
	if strings.Count(s, "!")+strings.Count(s, "not ")+strings.Count(s, "-") > 400 {
		return ErrTooLong.New()
	}
	return nil
}

type compiler struct {
	scope  *Scope
	src    []rune
	faults fault.List
	elemT  []Type
}

// parsing holds the parser's settings, one per parser at work: it looks into
// their caches, and a new one copies its list of functions.
var parsing = sync.Pool{New: func() any {
	cfg := conf.CreateNew()
	cfg.MaxNodes = maxNodes
	cfg.DisableIfOperator = true
	return cfg
}}

func (c *compiler) parse(source string) (ast.Node, error) {
	cfg := parsing.Get().(*conf.Config)
	defer parsing.Put(cfg)
	tree, err := parser.ParseWithConfig(shortDigits(source), cfg)
	if err != nil {
		fe, ok := err.(*file.Error)
		if !ok {
			return nil, ErrSyntax.With("detail", err.Error())
		}
		return nil, worded(fe, []rune(source))
	}
	return tree.Node, nil
}

// worded says in people's words what the parser has found wrong, and where.
func worded(e *file.Error, source []rune) *fault.Fault {
	from, to := min(max(e.From, 0), len(source)), min(max(e.To, e.From+1), len(source))
	text := ""
	if from < to {
		text = string(source[from:to])
	}
	var f *fault.Fault
	switch m := e.Message; {
	case strings.HasPrefix(m, "unexpected token EOF"), strings.HasPrefix(m, "unexpected end"):
		f = ErrUnended.New()
	case strings.HasPrefix(m, "unexpected token") && text != "":
		f = ErrToken.With("text", text)
	case strings.HasPrefix(m, "unrecognized character") && text != "":
		f = ErrSymbol.With("text", text)
	case strings.HasPrefix(m, "literal not terminated"):
		f = ErrQuotes.New()
	case strings.HasPrefix(m, "bad number syntax") && text != "":
		f = ErrDigits.With("text", text)
	default:
		f = ErrSyntax.With("detail", m)
	}
	return f.With("from", e.From).With("to", e.To)
}

// shortDigits rewrites whole numbers too long for the parser's int64 into a
// float of the same length; number re-reads the true digits from the source.
func shortDigits(s string) string {
	var out []byte
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if quote != 0 {
			if c == '\\' && quote != '`' {
				i++
			} else if c == quote {
				quote = 0
			}
			continue
		}
		if c == '"' || c == '\'' || c == '`' {
			quote = c
			continue
		}
		if c < '0' || c > '9' {
			continue
		}
		j := i
		for j < len(s) && s[j] >= '0' && s[j] <= '9' {
			j++
		}
		// Digits of a name or after a point are no whole number of their own.
		if i > 0 && (s[i-1] == '_' || s[i-1] == '.' && (i < 2 || s[i-2] != '.') || s[i-1]|0x20 >= 'a' && s[i-1]|0x20 <= 'z' || s[i-1] >= 0x80) {
			i = j - 1
			continue
		}
		if j-i > 15 && (j == len(s) || strings.HasPrefix(s[j:], "..") || s[j] != '.' && s[j] != 'e' && s[j] != 'E') {
			if out == nil {
				out = []byte(s)
			}
			out[i+1] = '.'
		}
		i = j - 1
	}
	if out == nil {
		return s
	}
	return string(out)
}

func (c *compiler) fail(n ast.Node, f *fault.Fault) *Node {
	l := n.Location()
	c.faults = append(c.faults, f.With("from", l.From).With("to", l.To))
	return &Node{Op: OpLit, Type: T(value.Null), From: l.From, To: l.To}
}

func (c *compiler) failAt(at *Node, f *fault.Fault) *Node {
	c.faults = append(c.faults, f.With("from", at.From).With("to", at.To))
	return &Node{Op: OpLit, Type: T(value.Null), From: at.From, To: at.To}
}

func at(n ast.Node, x *Node) *Node {
	l := n.Location()
	x.From, x.To = l.From, l.To
	return x
}

func lit(v value.Value) *Node { return &Node{Op: OpLit, Type: T(v.Kind()), Lit: v} }

func (c *compiler) node(n ast.Node) *Node {
	switch n := n.(type) {
	case *ast.NilNode:
		return at(n, lit(value.Value{}))
	case *ast.BoolNode:
		return at(n, lit(value.OfBool(n.Value)))
	case *ast.IntegerNode:
		return c.number(n, decimal.NewFromInt(int64(n.Value)))
	case *ast.FloatNode:
		return c.number(n, decimal.NewFromFloat(n.Value))
	case *ast.StringNode:
		if strings.ContainsRune(n.Value, 0) {
			return c.fail(n, ErrRefused.With("what", "U+0000"))
		}
		return at(n, lit(value.OfText(n.Value)))
	case *ast.ArrayNode:
		return c.list(n)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.ifNode(n, c.cond(n.Cond), c.node(n.Exp1), c.node(n.Exp2))
	case *ast.ChainNode:
		return c.node(n.Node)
	case *ast.IdentifierNode:
		return c.ident(n)
	case *ast.MemberNode:
		return c.member(n)
	case *ast.PointerNode:
		if len(c.elemT) == 0 || n.Name != "" {
			return c.fail(n, ErrRefused.With("what", "#"+n.Name))
		}
		return at(n, &Node{Op: OpElem, Type: c.elemT[len(c.elemT)-1]})
	case *ast.CallNode:
		id, ok := n.Callee.(*ast.IdentifierNode)
		if !ok {
			return c.fail(n, ErrRefused.With("what", "()"))
		}
		return c.call(n, id.Value, n.Arguments)
	case *ast.BuiltinNode:
		return c.builtin(n)
	default:
		return c.fail(n, ErrRefused.With("what", strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%T", n), "*ast."), "Node")))
	}
}

// number re-reads a literal from its source span, because the parser has
// rounded it through a float.
func (c *compiler) number(n ast.Node, fallback decimal.Decimal) *Node {
	l := n.Location()
	if l.From >= 0 && l.To <= len(c.src) && l.From < l.To {
		t := strings.ReplaceAll(string(c.src[l.From:l.To]), "_", "")
		if d, err := decimal.NewFromString(t); err == nil {
			if !fits38(d) {
				return c.fail(n, ErrOverflow.New())
			}
			return at(n, lit(value.OfNumber(d)))
		}
		if len(t) < 2 || !strings.ContainsRune("xXoObB", rune(t[1])) {
			return c.fail(n, ErrOverflow.New()) // an exponent that decimals refuse
		}
	}
	return at(n, lit(value.OfNumber(fallback)))
}

func (c *compiler) list(n *ast.ArrayNode) *Node {
	x := &Node{Op: OpList, Type: Type{Kind: value.List}}
	for _, e := range n.Nodes {
		a := c.node(e)
		if x.Type.Elem == value.Null {
			x.Type.Elem = a.Type.Kind
		} else if a.Type.Kind != value.Null && a.Type.Kind != x.Type.Elem {
			c.fail(e, ErrType.With("name", "[…]").With("want", x.Type.Elem).With("got", a.Type.Name()))
		}
		x.Args = append(x.Args, a)
	}
	return at(n, x)
}

// cond compiles a node that is used as a truth value.
func (c *compiler) cond(n ast.Node) *Node {
	x := c.node(n)
	if x.Type.Kind != value.Bool && x.Type.Kind != value.Null {
		c.fail(n, ErrType.With("name", "condition").With("want", "bool").With("got", x.Type.Name()))
	}
	return x
}

func (c *compiler) ifNode(n ast.Node, cond, a, b *Node) *Node {
	a, b = c.unify(a, b)
	t, ok := a.Type.or(b.Type)
	if !ok {
		c.fail(n, ErrType.With("name", "IF").With("want", a.Type.Name()).With("got", b.Type.Name()))
	}
	return at(n, &Node{Op: OpIf, Type: t, Args: []*Node{cond, a, b}})
}

// or is the type of a value that is one of two; ok is false where no type is
// that of both. What is only known to be null takes the other's type, and so
// does a list of nulls.
func (t Type) or(u Type) (both Type, ok bool) {
	switch {
	case t.Kind == value.Null:
		return u, true
	case u.Kind == value.Null:
		return t, true
	case t.Kind == value.List && u.Kind == value.List && t.Elem == value.Null:
		return u, true
	}
	return t, t.Kind == u.Kind && (t.Kind != value.List || u.Elem == value.Null || t.Elem == u.Elem)
}

// unify makes two operands comparable: dates written as text become dates, a
// date beside an instant becomes the start of its day.
func (c *compiler) unify(a, b *Node) (*Node, *Node) {
	a, b = c.coerce(a, b.Type), c.coerce(b, a.Type)
	return a, b
}

// coerce turns a literal text into the kind of the other side where that is
// what was meant, and a date into an instant beside an instant.
func (c *compiler) coerce(a *Node, other Type) *Node {
	if a.Op == OpLit && a.Type.Kind == value.Text {
		switch other.Kind {
		case value.Date:
			if v, ok := parseDate(a.Lit.Text()); ok {
				return span(lit(v), a)
			}
			if a.Lit.Text() != "" {
				return c.failAt(a, ErrChoice.With("text", a.Lit.Text()).With("kind", "date"))
			}
		case value.Time:
			if v, ok := parseDate(a.Lit.Text()); ok {
				return c.op(a, "to_time", span(lit(v), a))
			}
			if v, ok := parseTime(a.Lit.Text()); ok {
				return span(lit(v), a)
			}
			if a.Lit.Text() != "" {
				return c.failAt(a, ErrChoice.With("text", a.Lit.Text()).With("kind", "time"))
			}
		}
	}
	if a.Type.Kind == value.Date && other.Kind == value.Time {
		return c.op(a, "to_time", a)
	}
	return a
}

func span(x, like *Node) *Node {
	x.From, x.To = like.From, like.To
	return x
}

// op makes a call of one of our own operators.
func (c *compiler) op(like *Node, name string, args ...*Node) *Node {
	f := funcs[name]
	if f == nil {
		panic("expr: no operator " + name)
	}
	types := make([]Type, len(args))
	for i, a := range args {
		types[i] = a.Type
	}
	return &Node{Op: OpCall, Fn: f, Args: args, Type: f.Result(types), From: like.From, To: like.To}
}

func (c *compiler) unary(n *ast.UnaryNode) *Node {
	switch n.Operator {
	case "!", "not":
		return at(n, &Node{Op: OpNot, Type: T(value.Bool), Args: []*Node{c.cond(n.Node)}})
	case "-":
		x := c.node(n.Node)
		c.want(n.Node, "-", x, num...)
		if x.Op == OpLit && x.Type.Kind == value.Number {
			return at(n, lit(value.OfNumber(x.Lit.Number().Neg())))
		}
		return at(n, c.op(x, "neg", x))
	case "+":
		x := c.node(n.Node)
		c.want(n.Node, "+", x, num...)
		return x
	}
	return c.fail(n, ErrRefused.With("what", n.Operator))
}

func (c *compiler) want(n ast.Node, name string, x *Node, kinds ...value.Kind) bool {
	if x.Type.Kind == value.Null || len(kinds) == 0 {
		return true
	}
	for _, k := range kinds {
		if x.Type.Kind == k {
			return true
		}
	}
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.String()
	}
	c.fail(n, ErrType.With("name", name).With("want", strings.Join(names, "/")).With("got", x.Type.Name()))
	return false
}

var binaryOps = map[string]string{"+": "add", "-": "sub", "*": "mul", "/": "div", "%": "rem", "**": "pow", "^": "pow",
	"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge",
	"contains": "contains", "startsWith": "starts_with", "endsWith": "ends_with", "??": "coalesce"}

func (c *compiler) binary(n *ast.BinaryNode) *Node {
	switch n.Operator {
	case "and", "&&", "or", "||":
		op := OpAnd
		if n.Operator == "or" || n.Operator == "||" {
			op = OpOr
		}
		return at(n, &Node{Op: op, Type: T(value.Bool), Args: []*Node{c.cond(n.Left), c.cond(n.Right)}})
	case "in":
		return c.in(n)
	}
	name, ok := binaryOps[n.Operator]
	if !ok {
		return c.fail(n, ErrRefused.With("what", n.Operator))
	}
	a, b := c.node(n.Left), c.node(n.Right)
	switch name {
	case "eq", "ne", "lt", "le", "gt", "ge":
		a, b = c.unify(a, b)
		if !comparable2(a.Type, b.Type, name) {
			return c.fail(n, ErrCompare.With("left", a.Type.Name()).With("right", b.Type.Name()))
		}
	case "add":
		switch {
		case a.Type.Kind == value.Text || b.Type.Kind == value.Text:
			name = "text_add"
		case a.Type.Kind == value.Date && b.Type.Kind == value.Number:
			name = "add_days"
		default:
			c.want(n.Left, "+", a, num...)
			c.want(n.Right, "+", b, num...)
		}
	case "sub":
		switch {
		case isDate(a.Type) && isDate(b.Type):
			name = "days_between"
			a, b = b, a
		case a.Type.Kind == value.Date && b.Type.Kind == value.Number:
			return at(n, c.op(a, "add_days", a, c.op(b, "neg", b)))
		default:
			c.want(n.Left, "-", a, num...)
			c.want(n.Right, "-", b, num...)
		}
	case "mul", "div", "rem", "pow":
		c.want(n.Left, n.Operator, a, num...)
		c.want(n.Right, n.Operator, b, num...)
	case "contains":
		if a.Type.Kind == value.List {
			a, b = c.unifyElem(b, a)
			return at(n, c.op(a, "in", a, b))
		}
		c.want(n.Left, n.Operator, a, txt...)
		c.want(n.Right, n.Operator, b, txt...)
	case "starts_with", "ends_with":
		c.want(n.Left, n.Operator, a, txt...)
		c.want(n.Right, n.Operator, b, txt...)
	case "coalesce":
		a, b = c.unify(a, b)
		if _, ok := a.Type.or(b.Type); !ok {
			return c.fail(n, ErrType.With("name", "??").With("want", a.Type.Name()).With("got", b.Type.Name()))
		}
	}
	return at(n, c.op(a, name, a, b))
}

func isDate(t Type) bool { return t.Kind == value.Date || t.Kind == value.Time }

func comparable2(a, b Type, op string) bool {
	if a.Kind == value.Null || b.Kind == value.Null {
		return true
	}
	text := func(k value.Kind) bool { return k == value.Text || k == value.Ref }
	if text(a.Kind) && text(b.Kind) {
		return true
	}
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case value.Object, value.Rows:
		return false
	case value.List:
		return op == "eq" || op == "ne"
	}
	return true
}

// unifyElem coerces the element x to the kind of the list l's elements.
func (c *compiler) unifyElem(x, l *Node) (*Node, *Node) {
	return c.coerce(x, T(l.Type.Elem)), l
}

func (c *compiler) in(n *ast.BinaryNode) *Node {
	if r, ok := n.Right.(*ast.BinaryNode); ok && r.Operator == ".." {
		x, lo, hi := c.node(n.Left), c.node(r.Left), c.node(r.Right)
		c.want(n.Left, "in", x, num...)
		c.want(r.Left, "..", lo, num...)
		c.want(r.Right, "..", hi, num...)
		// One call, not two comparisons: x may be large, and nesting would double it each time.
		return at(n, c.op(x, "between", x, lo, hi))
	}
	x, l := c.node(n.Left), c.node(n.Right)
	if l.Type.Kind != value.List {
		if l.Type.Kind == value.Text && x.Type.Kind == value.Text {
			return at(n, c.op(x, "contains", l, x))
		}
		return c.fail(n.Right, ErrType.With("name", "in").With("want", "list").With("got", l.Type.Name()))
	}
	if l.Op == OpList && isDate(x.Type) {
		for i := range l.Args {
			l.Args[i] = c.coerce(l.Args[i], x.Type)
			l.Type.Elem = x.Type.Kind
		}
	}
	if x.Type.Kind == value.List {
		return at(n, c.op(x, "overlaps", x, l))
	}
	if !comparable2(x.Type, T(l.Type.Elem), "eq") {
		return c.fail(n, ErrCompare.With("left", x.Type.Name()).With("right", l.Type.Name()))
	}
	return at(n, c.op(x, "in", x, l))
}

func (c *compiler) ident(n *ast.IdentifierNode) *Node {
	if e, ok := c.scope.Roots[n.Value]; ok {
		return at(n, &Node{Op: OpField, Root: n.Value, Type: Type{Kind: value.Ref, Ref: e.ID, Entity: e, Row: true}})
	}
	if e := c.scope.Roots["record"]; e != nil {
		if f := e.Fields[n.Value]; f != nil {
			return c.reading(at(n, &Node{Op: OpField, Root: "record", Path: []*Field{f}}))
		}
	}
	if e := c.scope.Roots["it"]; e != nil && c.scope.Roots["record"] == nil {
		if f := e.Fields[n.Value]; f != nil {
			return c.reading(at(n, &Node{Op: OpField, Root: "it", Path: []*Field{f}}))
		}
	}
	if vs, ok := c.scope.Vars[n.Value]; ok {
		_ = vs
		return at(n, &Node{Op: OpVar, Root: n.Value, Type: T(value.Null)})
	}
	if vs := c.scope.Vars["vars"]; vs != nil {
		if t, ok := vs[n.Value]; ok {
			return at(n, &Node{Op: OpVar, Root: "vars", Name: n.Value, Type: t})
		}
	}
	return c.fail(n, c.unknown(n.Value, c.scope.Roots["record"]))
}

func (c *compiler) unknown(name string, e *Entity) *fault.Fault {
	hint := ""
	if e != nil {
		if s := nearest(name, e); s != "" {
			hint = "（" + s + "?）"
		}
	}
	return ErrName.With("name", name).With("hint", hint)
}

func nearest(name string, e *Entity) string {
	best, bestD := "", 3
	for k := range e.Fields {
		if d := distance(name, k, bestD); d < bestD || d == bestD && best != "" && k < best {
			best, bestD = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two short names, cut off at max.
func distance(a, b string, max int) int {
	if len(a)-len(b) >= max || len(b)-len(a) >= max {
		return max
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		prev := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cur := row[j]
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j]+1, row[j-1]+1, prev+cost)
			prev = cur
		}
	}
	return min(row[len(b)], max)
}

// reading completes a field node: its type, and the entity behind a link.
func (c *compiler) reading(x *Node) *Node {
	f := x.Path[len(x.Path)-1]
	x.Type = f.TypeOf()
	if x.Type.Kind == value.Ref && x.Type.Ref != "" && x.Type.Ref != "member" && x.Type.Ref != "department" {
		x.Type.Entity = c.scope.Entity(x.Type.Ref)
	}
	// A column of a sub-form, or a field through a many link, is a list.
	for _, hop := range x.Path[:len(x.Path)-1] {
		if hop.Kind == value.Rows || hop.Kind == value.List {
			t := x.Type
			x.Type = Type{Kind: value.List, Elem: t.Kind, Ref: t.Ref, Select: t.Select}
			if t.Kind == value.List {
				x.Type.Elem = t.Elem
			}
			break
		}
	}
	return x
}

func (c *compiler) member(n *ast.MemberNode) *Node {
	p, ok := n.Property.(*ast.StringNode)
	if !ok {
		return c.fail(n, ErrRefused.With("what", "[]"))
	}
	base := c.node(n.Node)
	if len(c.faults) > 0 && base.Op == OpLit {
		return base
	}
	if base.Op == OpVar && base.Name == "" {
		t, ok := c.scope.Vars[base.Root][p.Value]
		if !ok {
			return c.fail(n, c.unknown(base.Root+"."+p.Value, nil))
		}
		return at(n, &Node{Op: OpVar, Root: base.Root, Name: p.Value, Type: t})
	}
	e := base.Type.Entity
	if e == nil && base.Type.Ref != "" && base.Type.Ref != "member" && base.Type.Ref != "department" {
		e = c.scope.Entity(base.Type.Ref)
	}
	if e == nil {
		return c.fail(n, ErrRefused.With("what", "."+p.Value))
	}
	f := e.Fields[p.Value]
	if f == nil {
		return c.fail(n, c.unknown(p.Value, e))
	}
	x := &Node{Op: base.Op, Root: base.Root, Name: base.Name}
	switch base.Op {
	case OpField, OpVar:
		x.Path = append(append([]*Field{}, base.Path...), f)
	case OpElem:
		x.Op, x.Root, x.Path = OpField, "elem", []*Field{f}
	default:
		return c.fail(n, ErrRefused.With("what", "."+p.Value))
	}
	if len(x.Path) > 4 {
		return c.fail(n, ErrTooLong.New())
	}
	return c.reading(at(n, x))
}

// predicates are expr's builtins with a body that we support.
var predicates = map[string]bool{"all": true, "any": true, "none": true, "one": true, "count": true, "sum": true, "map": true, "filter": true}

func (c *compiler) builtin(n *ast.BuiltinNode) *Node {
	if predicates[n.Name] && len(n.Arguments) > 0 {
		return c.each(n)
	}
	return c.call(n, n.Name, n.Arguments)
}

func (c *compiler) each(n *ast.BuiltinNode) *Node {
	l := c.node(n.Arguments[0])
	var elem Type
	switch {
	case l.Type.Kind == value.Rows:
		elem = Type{Kind: value.Rows, Entity: l.Type.Entity, Row: true}
	case l.Type.Kind == value.List:
		elem = Type{Kind: l.Type.Elem, Ref: l.Type.Ref}
		from := l // a filter keeps rows, so their fields stay in reach
		for from.Op == OpEach && from.Name == "filter" {
			from = from.Args[0]
		}
		if l.Type.Elem == value.Ref && from.Op == OpField {
			elem.Entity = c.scope.Entity(l.Type.Ref)
		}
	default:
		if n.Name == "sum" || n.Name == "count" {
			return c.call(n, n.Name, n.Arguments)
		}
		return c.fail(n.Arguments[0], ErrType.With("name", n.Name).With("want", "list").With("got", l.Type.Name()))
	}
	x := &Node{Op: OpEach, Name: n.Name, Args: []*Node{l}}
	var body *Node
	if len(n.Arguments) > 1 {
		pn, ok := n.Arguments[1].(*ast.PredicateNode)
		if !ok {
			return c.fail(n, ErrRefused.With("what", n.Name))
		}
		c.elemT = append(c.elemT, elem)
		body = c.node(pn.Node)
		c.elemT = c.elemT[:len(c.elemT)-1]
		x.Args = append(x.Args, body)
	}
	switch n.Name {
	case "all", "any", "none", "one":
		x.Type = T(value.Bool)
	case "count", "sum":
		x.Type = T(value.Number)
	case "map":
		if body == nil {
			return c.fail(n, ErrArgs.With("name", n.Name).With("want", 2).With("got", 1))
		}
		x.Type = Type{Kind: value.List, Elem: body.Type.Kind, Ref: body.Type.Ref}
	case "filter":
		x.Type = l.Type
	}
	if body != nil {
		if n.Name == "sum" {
			c.want(n.Arguments[1], "sum", body, num...)
		} else if n.Name != "map" && body.Type.Kind != value.Bool && body.Type.Kind != value.Null {
			return c.fail(n, ErrType.With("name", n.Name).With("want", "bool").With("got", body.Type.Name()))
		}
	}
	return at(n, x)
}

func (c *compiler) call(n ast.Node, name string, args []ast.Node) *Node {
	if q, ok := queryFuncs[strings.ToLower(name)]; ok {
		return c.query(n, name, q, args)
	}
	f, ok := lookupCall(name)
	if !ok {
		hint := ""
		best := 3
		for k, g := range funcs {
			if d := distance(strings.ToLower(name), k, best); d < best && g.Group != "operator" {
				best, hint = d, "（"+g.Name+"?）"
			}
		}
		return c.fail(n, ErrFunc.With("name", name).With("hint", hint))
	}
	lo, hi := 0, len(f.Args)
	for _, a := range f.Args {
		if !a.Optional && !a.Variadic {
			lo++
		}
		if a.Variadic {
			hi = 255
			if !a.Optional {
				lo++
			}
		}
	}
	if len(args) < lo || len(args) > hi {
		want := fmt.Sprint(lo)
		if hi != lo {
			want = fmt.Sprintf("%d–%d", lo, hi)
		}
		return c.fail(n, ErrArgs.With("name", f.Name).With("want", want).With("got", len(args)))
	}
	x := at(n, &Node{Op: OpCall, Fn: f})
	types := make([]Type, 0, len(args))
	for i, a := range args {
		if pn, ok := a.(*ast.PredicateNode); ok {
			a = pn.Node // the parser takes the second argument of sum and count for a body
		}
		p := f.Args[min(i, len(f.Args)-1)]
		y := c.node(a)
		if len(p.Kinds) > 0 && y.Op == OpLit && y.Type.Kind == value.Text && hasKind(p.Kinds, value.Date) && !hasKind(p.Kinds, value.Text) {
			if v, ok := parseDate(y.Lit.Text()); ok {
				y = span(lit(v), y)
			} else if v, ok := parseTime(y.Lit.Text()); ok {
				y = span(lit(v), y)
			}
		}
		if p.Variadic && y.Type.Kind == value.List && len(p.Kinds) > 0 && !hasKind(p.Kinds, value.List) {
			if y.Type.Elem != value.Null && !hasKind(p.Kinds, y.Type.Elem) {
				c.fail(a, ErrType.With("name", f.Name).With("want", kindsName(p.Kinds)).With("got", y.Type.Name()))
			}
		} else {
			c.want(a, f.Name, y, p.Kinds...)
		}
		x.Args = append(x.Args, y)
		types = append(types, y.Type)
	}
	if f.Rewrite != nil {
		r := f.Rewrite(c, x)
		r.From, r.To = x.From, x.To
		return r
	}
	x.Type = f.Result(types)
	return x
}

func kindsName(ks []value.Kind) string {
	s := make([]string, len(ks))
	for i, k := range ks {
		s[i] = k.String()
	}
	return strings.Join(s, "/")
}

func hasKind(ks []value.Kind, k value.Kind) bool {
	for _, x := range ks {
		if x == k {
			return true
		}
	}
	return false
}

// queryFuncs are the cross-record functions: name → (fn, has field, has n).
var queryFuncs = map[string]string{"exists_record": "exists", "count_records": "count", "sum_records": "sum",
	"avg_records": "avg", "min_records": "min", "max_records": "max", "last_values": "last", "first_record": "first"}

func (c *compiler) query(n ast.Node, name, fn string, args []ast.Node) *Node {
	str := func(i int) (string, bool) {
		if i >= len(args) {
			return "", false
		}
		s, ok := args[i].(*ast.StringNode)
		if !ok {
			return "", false
		}
		return s.Value, true
	}
	ename, ok := str(0)
	if !ok {
		return c.fail(n, ErrArgs.With("name", name).With("want", "≥1").With("got", len(args)))
	}
	e := c.scope.Entity(ename)
	if e == nil {
		return c.fail(args[0], ErrEntity.With("name", ename))
	}
	q := &Query{Fn: fn, Entity: e}
	x := at(n, &Node{Op: OpQuery, Query: q})
	next := 1
	switch fn {
	case "exists":
		x.Type = T(value.Bool)
	case "count":
		x.Type = T(value.Number)
	case "first":
		x.Type = Type{Kind: value.Ref, Ref: e.ID, Entity: e}
	default:
		key, ok := str(1)
		if !ok {
			return c.fail(n, ErrArgs.With("name", name).With("want", "≥2").With("got", len(args)))
		}
		q.Field = e.Fields[key]
		if q.Field == nil {
			return c.fail(args[1], c.unknown(key, e))
		}
		next = 2
		x.Type = q.Field.TypeOf()
		switch fn {
		case "sum", "avg":
			if q.Field.Kind != value.Number {
				return c.fail(args[1], ErrType.With("name", name).With("want", "number").With("got", q.Field.Kind))
			}
			x.Type = T(value.Number)
		case "last":
			if i, ok := args[min(2, len(args)-1)].(*ast.IntegerNode); ok && len(args) > 2 && i.Value >= 1 && i.Value <= 100 {
				q.N, next = i.Value, 3
			} else {
				return c.fail(n, ErrArgs.With("name", name).With("want", "4").With("got", len(args)))
			}
			x.Type = Type{Kind: value.List, Elem: q.Field.Kind, Ref: q.Field.Ref}
		}
	}
	if len(args) > next {
		cond, ok := str(next)
		if !ok {
			return c.fail(args[next], ErrType.With("name", name).With("want", "text").With("got", "expression"))
		}
		sub := &compiler{scope: c.scope.with("it", e), src: []rune(cond)}
		if err := guard(cond); err != nil {
			c.faults.Add(err)
			return x
		}
		root, err := sub.parse(cond)
		if err == nil {
			q.Cond = sub.cond(root)
			err = sub.faults.Err()
		}
		if err != nil {
			l := args[next].Location()
			for _, f := range fault.Of(err) {
				from, _ := f.Params["from"].(int)
				to, _ := f.Params["to"].(int)
				c.faults = append(c.faults, f.With("from", l.From+1+from).With("to", l.From+1+to))
			}
			return x
		}
	}
	return x
}

// MarshalJSON renders the tree for the browser: small keys, only what the
// TypeScript evaluator reads.
func (n *Node) MarshalJSON() ([]byte, error) {
	m := map[string]any{"o": n.Op, "k": n.Type.Kind.String()}
	if n.Type.Kind == value.List {
		m["e"] = n.Type.Elem.String()
	}
	if n.To > 0 {
		m["s"] = [2]int{n.From, n.To}
	}
	switch n.Op {
	case OpLit:
		m["v"] = n.Lit
	case OpField, OpVar:
		m["r"] = n.Root
		if n.Name != "" {
			m["n"] = n.Name
		}
		p := make([]string, len(n.Path))
		for i, f := range n.Path {
			p[i] = f.Key
		}
		m["p"] = p
	case OpCall:
		m["f"] = n.Fn.Name
	case OpEach:
		m["n"] = n.Name
	case OpQuery:
		m["q"] = n.Query.Fn
	}
	if len(n.Args) > 0 {
		m["a"] = n.Args
	}
	return json.Marshal(m)
}

// Split separates a conjunction into the part that needs no query and the part
// that does. Either may be nil (nothing to check).
func (p *Program) Split() (pure, querying *Program) {
	var a, b []*Node
	var walk func(n *Node)
	walk = func(n *Node) {
		if n.Op == OpAnd {
			walk(n.Args[0])
			walk(n.Args[1])
			return
		}
		if (&Program{Root: n}).Queries() {
			b = append(b, n)
		} else {
			a = append(a, n)
		}
	}
	walk(p.Root)
	return p.conjunction(a), p.conjunction(b)
}

func (p *Program) conjunction(parts []*Node) *Program {
	if len(parts) == 0 {
		return nil
	}
	x := parts[0]
	for _, n := range parts[1:] {
		x = &Node{Op: OpAnd, Type: T(value.Bool), Args: []*Node{x, n}, From: x.From, To: n.To}
	}
	code, err := assemble(x)
	if err != nil {
		return p
	}
	return &Program{Source: p.Source, Root: x, vm: code}
}

// And joins two programs of the same scope into one condition.
func (p *Program) And(q *Program) *Program {
	if q == nil {
		return p
	}
	x := &Node{Op: OpAnd, Type: T(value.Bool), Args: []*Node{p.Root, q.Root}}
	code, err := assemble(x)
	if err != nil {
		return p
	}
	return &Program{Source: p.Source, Root: x, vm: code}
}

package expr

import "tenon/schema/value"

// foldBool turns AND(a, b, …) and OR(a, b, …) into nested operators; a list
// among the conditions counts with all of its elements.
func foldBool(op Op, each string) func(c *compiler, n *Node) *Node {
	return func(_ *compiler, n *Node) *Node {
		parts := make([]*Node, len(n.Args))
		for i, a := range n.Args {
			if a.Type.Kind == value.List {
				a = &Node{Op: OpEach, Name: each, Type: T(value.Bool), Args: []*Node{a}, From: a.From, To: a.To}
			}
			parts[i] = a
		}
		x := parts[0]
		for _, a := range parts[1:] {
			x = &Node{Op: op, Type: T(value.Bool), Args: []*Node{x, a}, From: n.From, To: n.To}
		}
		if len(parts) == 1 {
			x = &Node{Op: OpNot, Type: T(value.Bool), Args: []*Node{{Op: OpNot, Type: T(value.Bool), Args: []*Node{x}}}}
		}
		return x
	}
}

var bools = []value.Kind{value.Bool}

var (
	_ = define(Func{Name: "AND", Group: "logic", Label: label("全部成立", "All true"), Help: label("所有条件都成立时为真", "True when every condition holds"),
		Args: []Arg{{Name: "condition", Kinds: bools, Variadic: true}}, Result: returns(value.Bool), Rewrite: foldBool(OpAnd, "all"),
		Examples: []FuncExample{{"AND(true, 1 < 2)", "true"}, {"AND(true, false)", "false"}, {"AND(true, nil)", "false"}}})
	_ = define(Func{Name: "OR", Group: "logic", Label: label("任一成立", "Any true"), Help: label("任意一个条件成立时为真", "True when at least one condition holds"),
		Args: []Arg{{Name: "condition", Kinds: bools, Variadic: true}}, Result: returns(value.Bool), Rewrite: foldBool(OpOr, "any"),
		Examples: []FuncExample{{"OR(false, 1 < 2)", "true"}, {"OR(false, false)", "false"}, {"OR(nil, true)", "true"}}})
	_ = define(Func{Name: "NOT", Group: "logic", Label: label("取反", "Not"), Help: label("条件不成立时为真", "True when the condition does not hold"),
		Args: []Arg{{Name: "condition", Kinds: bools}}, Result: returns(value.Bool),
		Rewrite:  func(_ *compiler, n *Node) *Node { return &Node{Op: OpNot, Type: T(value.Bool), Args: n.Args} },
		Examples: []FuncExample{{"NOT(true)", "false"}, {"NOT(false)", "true"}, {"NOT(nil)", "true"}}})
	_ = define(Func{Name: "XOR", Group: "logic", Label: label("异或", "Exclusive or"), Help: label("成立的条件个数为奇数时为真", "True when an odd number of conditions hold"),
		Args: []Arg{{Name: "condition", Kinds: bools, Variadic: true}}, Result: returns(value.Bool), NullOK: true,
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			odd := false
			for _, v := range flat(a) {
				odd = odd != v.Bool()
			}
			return value.OfBool(odd), nil
		},
		Examples: []FuncExample{{"XOR(true, false)", "true"}, {"XOR(true, true)", "false"}, {"XOR(nil, true)", "true"}}})
	_ = define(Func{Name: "IF", Group: "logic", Label: label("如果", "If"), Help: label("条件成立时返回第二个参数，否则返回第三个", "The second argument when the condition holds, else the third"),
		Args:     []Arg{{Name: "condition", Kinds: bools}, {Name: "then"}, {Name: "else", Optional: true}},
		Rewrite:  func(c *compiler, n *Node) *Node { return c.chooseIf(n, n.Args) },
		Examples: []FuncExample{{`IF(1 < 2, "a", "b")`, `"a"`}, {`IF(nil, 1, 2)`, `2`}, {`IF(false, 1)`, `null`}}})
	_ = define(Func{Name: "IFS", Group: "logic", Label: label("多条件判断", "If … else if"), Help: label("依次判断条件，返回第一个成立条件后的值；都不成立为空", "The value after the first condition that holds; blank if none does"),
		Args: []Arg{{Name: "condition", Kinds: bools}, {Name: "value"}, {Name: "more", Variadic: true, Optional: true}},
		Rewrite: func(c *compiler, n *Node) *Node {
			if len(n.Args)%2 != 0 {
				return c.failAt(n, ErrArgs.With("name", "IFS").With("want", "2, 4, 6 …").With("got", len(n.Args)))
			}
			x := lit(value.Value{})
			for i := len(n.Args) - 2; i >= 0; i -= 2 {
				x = c.chooseIf(n, []*Node{n.Args[i], n.Args[i+1], x})
			}
			return x
		},
		Examples: []FuncExample{{`IFS(1 > 2, "a", 2 > 1, "b")`, `"b"`}, {`IFS(false, 1)`, `null`}, {`IFS(nil, 1, true, 2)`, `2`}}})
	_ = define(Func{Name: "SWITCH", Group: "logic", Label: label("按值选择", "Switch"), Help: label("依次与各个值比较，返回第一个相等的值后面的结果；最后单独一个参数是其他情况的结果", "Compares with one value after the other and returns the result after the first equal one; a last argument on its own is the result otherwise"),
		Args: []Arg{{Name: "value"}, {Name: "case"}, {Name: "result"}, {Name: "more", Variadic: true, Optional: true}}, NullOK: true, Rewrite: switchTypes,
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			i := 1
			for ; i+1 < len(a); i += 2 {
				if same(a[0], a[i]) {
					return a[i+1], nil
				}
			}
			if i < len(a) {
				return a[i], nil
			}
			return value.Value{}, nil
		},
		Examples: []FuncExample{{`SWITCH(2, 1, "a", 2, "b")`, `"b"`}, {`SWITCH("x", "a", 1, "b", 2, 0)`, "0"}, {`SWITCH(3, 1, "a")`, "null"}, {`SWITCH(nil, nil, 1, 2)`, "1"}}})
	_ = define(Func{Name: "TRUE", Group: "logic", Label: label("真", "True"), Help: label("逻辑值真", "The value true"), Result: returns(value.Bool),
		Rewrite:  func(_ *compiler, n *Node) *Node { return lit(value.OfBool(true)) },
		Examples: []FuncExample{{"TRUE()", "true"}, {"NOT(TRUE())", "false"}, {"AND(TRUE(), nil)", "false"}}})
	_ = define(Func{Name: "FALSE", Group: "logic", Label: label("假", "False"), Help: label("逻辑值假", "The value false"), Result: returns(value.Bool),
		Rewrite:  func(_ *compiler, n *Node) *Node { return lit(value.OfBool(false)) },
		Examples: []FuncExample{{"FALSE()", "false"}, {"NOT(FALSE())", "true"}, {"OR(FALSE(), nil)", "false"}}})
	_ = define(Func{Name: "ISEMPTY", Aliases: []string{"is_empty"}, Group: "logic", Label: label("为空", "Is blank"), Help: label("没有填写时为真；数字 0 不算空", "True when nothing is filled in; the number 0 is not blank"),
		Args: []Arg{{Name: "value"}}, Result: returns(value.Bool), NullOK: true,
		Go:       func(_ *Env, a []value.Value) (value.Value, error) { return value.OfBool(a[0].IsEmpty()), nil },
		Examples: []FuncExample{{`ISEMPTY("")`, "true"}, {`ISEMPTY(0)`, "false"}, {`ISEMPTY(nil)`, "true"}}})
	_ = define(Func{Name: "IFEMPTY", Aliases: []string{"IFNULL", "IFERROR"}, Group: "logic", Label: label("为空时取", "If blank"), Help: label("第一个参数为空时返回第二个", "The second argument when the first is null"),
		Args: []Arg{{Name: "value"}, {Name: "otherwise"}}, Result: firstKnown,
		Rewrite: func(c *compiler, n *Node) *Node {
			a, b := c.unify(n.Args[0], n.Args[1])
			if _, ok := a.Type.or(b.Type); !ok {
				return c.failAt(n, ErrType.With("name", "IFEMPTY").With("want", a.Type.Name()).With("got", b.Type.Name()))
			}
			return c.op(n, "coalesce", a, b)
		},
		Examples: []FuncExample{{`IFEMPTY(nil, 3)`, "3"}, {`IFEMPTY(1, 3)`, "1"}, {`IFEMPTY("a", "b")`, `"a"`}}})
)

// chooseIf makes an if node of [condition, then, else] that was called as a function.
func (c *compiler) chooseIf(n *Node, a []*Node) *Node {
	if len(a) < 3 {
		a = []*Node{a[0], a[1], lit(value.Value{})}
	}
	x, y := c.unify(a[1], a[2])
	t, ok := x.Type.or(y.Type)
	if !ok {
		return c.failAt(n, ErrType.With("name", "IF").With("want", x.Type.Name()).With("got", y.Type.Name()))
	}
	return &Node{Op: OpIf, Type: t, Args: []*Node{a[0], x, y}, From: n.From, To: n.To}
}

// switchTypes makes the cases comparable with the value and the results of one kind.
func switchTypes(c *compiler, n *Node) *Node {
	a := n.Args
	result := func(i int) {
		a[i] = c.coerce(a[i], n.Type)
		t, ok := n.Type.or(a[i].Type)
		if !ok {
			c.failAt(a[i], ErrType.With("name", "SWITCH").With("want", n.Type.Name()).With("got", a[i].Type.Name()))
		}
		n.Type, n.Type.Select = t, false
	}
	i := 1
	for ; i+1 < len(a); i += 2 {
		if a[i] = c.coerce(a[i], a[0].Type); !comparable2(a[0].Type, a[i].Type, "eq") {
			c.failAt(a[i], ErrCompare.With("left", a[0].Type.Name()).With("right", a[i].Type.Name()))
		}
		result(i + 1)
	}
	if i < len(a) {
		result(i)
	}
	return n
}

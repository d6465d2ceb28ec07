package expr

import (
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"tenon/schema/value"
)

// flat spreads lists among values, nested ones too.
func flat(a []value.Value) []value.Value {
	var out []value.Value
	for _, v := range a {
		if v.Kind() == value.List {
			out = append(out, flat(v.List())...)
		} else {
			out = append(out, v)
		}
	}
	return out
}

// present leaves nulls out.
func present(a []value.Value) []value.Value {
	out := make([]value.Value, 0, len(a))
	for _, v := range a {
		if !v.IsNull() {
			out = append(out, v)
		}
	}
	return out
}

// elemOf is the type of a list's elements, or the type itself.
func elemOf(t Type) Type {
	if t.Kind == value.List {
		return Type{Kind: t.Elem, Ref: t.Ref, Select: t.Select}
	}
	return t
}

// firstElem types a function that picks one of its arguments or elements.
func firstElem(args []Type) Type {
	types := make([]Type, len(args))
	for i, a := range args {
		types[i] = elemOf(a)
	}
	return firstKnown(types)
}

// listOfFirst types a function that returns elements of its list arguments.
func listOfFirst(args []Type) Type {
	t := firstElem(args)
	return Type{Kind: value.List, Elem: t.Kind, Ref: t.Ref, Select: t.Select}
}

// unique leaves out nulls and repetitions, in order of first appearance.
func unique(a []value.Value) value.Value {
	seen := map[string]bool{}
	out := []value.Value{}
	for _, v := range present(flat(a)) {
		if k := identity(v); !seen[k] {
			seen[k] = true
			out = append(out, v)
		}
	}
	return value.OfList(out)
}

// ordered sorts the elements that can be ordered, equal ones in place.
func ordered(a []value.Value, descending bool) []value.Value {
	out := present(a)
	sort.SliceStable(out, func(i, j int) bool {
		c, _ := value.Compare(out[i], out[j])
		return c < 0 && !descending || c > 0 && descending
	})
	return out
}

// nth is the i-th element (1 is the first, -1 the last), null outside.
func nth(l []value.Value, i int64) value.Value {
	switch n := int64(len(l)); {
	case i >= 1 && i <= n:
		return l[i-1]
	case i <= -1 && i >= -n:
		return l[n+i]
	}
	return value.Value{}
}

const maxIndex = 1 << 20

func rankFn(descending bool) func(*Env, []value.Value) (value.Value, error) {
	return func(_ *Env, a []value.Value) (value.Value, error) {
		return nth(ordered(a[0].List(), descending), clamped(a[1].Number(), 0, maxIndex)), nil
	}
}

var (
	oneList   = []Arg{{Name: "list", Kinds: lists}}
	someLists = []Arg{{Name: "list", Kinds: lists, Variadic: true}}
	criterion = Arg{Name: "criteria", Kinds: []value.Kind{value.Number, value.Text, value.Ref, value.Date, value.Time, value.Bool}}
)

const criteriaOnServer = "criteria texts are read by the server"

const criteriaZH, criteriaEN = `条件可以是值，或 ">32"、"<=5"、"!=x" 这样的文本`, `A criterion is a value, or a text such as ">32", "<=5", "!=x"`

var (
	_ = define(Func{Name: "COUNT", Aliases: []string{"COUNTA"}, Group: "list", Label: label("计数", "Count"), Help: label("有值的个数，空值不计；列表逐个计数", "How many values there are, blanks not counted; lists count each element"),
		Args: []Arg{{Name: "value", Variadic: true}}, Result: returns(value.Number), NullOK: true,
		Rewrite: func(_ *compiler, n *Node) *Node {
			n.Type = T(value.Number)
			if len(n.Args) == 1 && n.Args[0].Type.Kind == value.Rows {
				return &Node{Op: OpEach, Name: "count", Type: n.Type, Args: n.Args}
			}
			return n
		},
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			n := 0
			for _, v := range present(flat(a)) {
				if v.Kind() == value.Rows {
					n += len(v.Rows())
				} else {
					n++
				}
			}
			return value.OfInt(int64(n)), nil
		},
		Examples: []FuncExample{{"COUNT(1, nil, 3)", "2"}, {`COUNT(["a", "b"], 1)`, "3"}, {"COUNT(nil)", "0"}}})
	_ = define(Func{Name: "COUNTIF", Aliases: []string{"count_if"}, Group: "list", Label: label("条件计数", "Count if"), Help: label("列表中符合条件的个数。"+criteriaZH, "How many elements meet the criterion. "+criteriaEN),
		Args: []Arg{{Name: "list", Kinds: lists}, criterion}, Result: returns(value.Number), NullOK: true, NoSQL: criteriaOnServer,
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			n, meets := 0, criteria(e, a[1])
			for _, v := range a[0].List() {
				if meets(v) {
					n++
				}
			}
			return value.OfInt(int64(n)), nil
		},
		Examples: []FuncExample{{`COUNTIF([1, 5, 9], ">4")`, "2"}, {`COUNTIF(["a", "b", "a"], "a")`, "2"}, {`COUNTIF([1, nil, 2], "!=1")`, "2"}, {`COUNTIF(nil, 1)`, "0"}}})
	_ = define(Func{Name: "SUMIF", Aliases: []string{"sum_if"}, Group: "list", Label: label("条件求和", "Sum if"), Help: label("列表中符合条件的位置上，求和列表（默认为同一列表）的数字之和；两个列表长度不同时为空。"+criteriaZH, "The sum of the numbers of the sum list (by default the same list) at the places that meet the criterion; blank when the lengths differ. "+criteriaEN),
		Args: []Arg{{Name: "list", Kinds: lists}, criterion, {Name: "sum_list", Kinds: lists, Optional: true}}, Result: returns(value.Number), NullOK: true, NoSQL: criteriaOnServer,
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			if len(a) < 3 {
				a = append(a, a[0])
			}
			return sumIfs(e, a[2], a[0], a[1]), nil
		},
		Examples: []FuncExample{{`SUMIF([1, 5, 9], ">4")`, "14"}, {`SUMIF(["a", "b", "a"], "a", [1, 2, 3])`, "4"}, {`SUMIF(["a"], "a", [1, 2])`, "null"}, {`SUMIF(nil, 1)`, "0"}}})
	_ = define(Func{Name: "SUMIFS", Aliases: []string{"sum_ifs"}, Group: "list", Label: label("多条件求和", "Sum by criteria"), Help: label("每个列表都符合其条件的位置上的数字之和；列表长度不同时为空。"+criteriaZH, "The sum of the numbers at the places where every list meets its criterion; blank when the lengths differ. "+criteriaEN),
		Args: []Arg{{Name: "sum_list", Kinds: lists}, {Name: "list", Kinds: lists}, criterion, {Name: "more", Variadic: true, Optional: true}}, Result: returns(value.Number), NullOK: true, NoSQL: criteriaOnServer,
		Rewrite: func(c *compiler, n *Node) *Node {
			n.Type = T(value.Number)
			if len(n.Args)%2 == 0 {
				return c.failAt(n, ErrArgs.With("name", "SUMIFS").With("want", "3, 5, 7 …").With("got", len(n.Args)))
			}
			for i := 3; i < len(n.Args); i += 2 {
				if k := n.Args[i].Type.Kind; k != value.List && k != value.Null {
					return c.failAt(n.Args[i], ErrType.With("name", "SUMIFS").With("want", "list").With("got", n.Args[i].Type.Name()))
				}
				if k := n.Args[i+1].Type.Kind; k != value.Null && !hasKind(criterion.Kinds, k) {
					return c.failAt(n.Args[i+1], ErrType.With("name", "SUMIFS").With("want", kindsName(criterion.Kinds)).With("got", n.Args[i+1].Type.Name()))
				}
			}
			return n
		},
		Go:       func(e *Env, a []value.Value) (value.Value, error) { return sumIfs(e, a[0], a[1:]...), nil },
		Examples: []FuncExample{{`SUMIFS([1, 2, 3], ["a", "b", "a"], "a")`, "4"}, {`SUMIFS([1, 2, 3], ["a", "b", "a"], "a", [1, 5, 9], ">4")`, "3"}, {`SUMIFS(nil, ["a"], "a")`, "null"}}})
	_ = define(Func{Name: "SUMPRODUCT", Aliases: []string{"sum_product"}, Group: "list", Label: label("乘积之和", "Sum of products"), Help: label("各列表同一位置的数字相乘后求和，空值当作 0；列表长度不同时为空", "Multiplies the numbers at the same place of each list and sums the products, blanks count as 0; blank when the lengths differ"),
		Args: someLists, Result: returns(value.Number), NullOK: true,
		Rewrite: func(c *compiler, n *Node) *Node {
			n.Type = T(value.Number)
			for _, a := range n.Args {
				if k := a.Type.Elem; k != value.Null && k != value.Number {
					return c.failAt(a, ErrType.With("name", "SUMPRODUCT").With("want", ListOf(value.Number).Name()).With("got", a.Type.Name()))
				}
			}
			return n
		},
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			for _, l := range a {
				if len(l.List()) != len(a[0].List()) {
					return value.Value{}, nil
				}
			}
			sum := decimal.Zero
			for i := range a[0].List() {
				p := decimal.NewFromInt(1)
				for _, l := range a {
					if p = p.Mul(l.List()[i].Number()).Round(divScale); !fits38(p) {
						return value.Value{}, ErrOverflow.New()
					}
				}
				sum = sum.Add(p)
			}
			return value.OfNumber(sum), nil
		},
		Examples: []FuncExample{{`SUMPRODUCT([1, 2, 3], [4, 5, 6])`, "32"}, {`SUMPRODUCT([1, nil], [2, 3])`, "2"}, {`SUMPRODUCT([1], [2, 3])`, "null"}, {`SUMPRODUCT(nil)`, "0"}}})
	_ = define(Func{Name: "MEDIAN", Group: "list", Label: label("中位数", "Median"), Help: label("所有数字的中位数，空值跳过；没有数字时为空", "The middle of all numbers, blanks skipped; blank when there are none"),
		Args: variadicNumbers, Result: returns(value.Number), NullOK: true, Go: func(_ *Env, a []value.Value) (value.Value, error) {
			l := ordered(flat(a), false)
			n := len(l)
			if n == 0 {
				return value.Value{}, nil
			}
			if n%2 == 1 {
				return l[n/2], nil
			}
			return value.OfNumber(Quotient(l[n/2-1].Number().Add(l[n/2].Number()), decimal.NewFromInt(2))), nil
		},
		Examples: []FuncExample{{"MEDIAN(3, 1, 2)", "2"}, {"MEDIAN(1, 2, nil)", "1.5"}, {"MEDIAN(nil)", "null"}}})
	_ = define(Func{Name: "LARGE", Group: "list", Label: label("第几大", "K-th largest"), Help: label("列表中第几大的值，1 为最大；超出个数时为空", "The k-th largest value of a list, 1 is the largest; blank beyond its length"),
		Args: []Arg{{Name: "list", Kinds: lists}, {Name: "k", Kinds: num}}, Result: firstElem, Go: rankFn(true),
		Examples: []FuncExample{{"LARGE([3, 9, 5], 2)", "5"}, {"LARGE([3, nil], 2)", "null"}, {"LARGE(nil, 1)", "null"}}})
	_ = define(Func{Name: "SMALL", Group: "list", Label: label("第几小", "K-th smallest"), Help: label("列表中第几小的值，1 为最小；超出个数时为空", "The k-th smallest value of a list, 1 is the smallest; blank beyond its length"),
		Args: []Arg{{Name: "list", Kinds: lists}, {Name: "k", Kinds: num}}, Result: firstElem, Go: rankFn(false),
		Examples: []FuncExample{{"SMALL([3, 9, 5], 2)", "5"}, {"SMALL([3, nil], 2)", "null"}, {"SMALL(nil, 1)", "null"}}})
	_ = define(Func{Name: "INDEX", Group: "list", Label: label("取第几个", "Element"), Help: label("列表的第几个元素，1 为第一个，-1 为最后一个；没有时为空", "The element at a position, 1 is the first and -1 the last; blank when there is none"),
		Args: []Arg{{Name: "list", Kinds: lists}, {Name: "position", Kinds: num}}, Result: firstElem, Go: func(_ *Env, a []value.Value) (value.Value, error) {
			return nth(a[0].List(), clamped(a[1].Number(), -maxIndex, maxIndex)), nil
		},
		Examples: []FuncExample{{`INDEX(["a", "b"], 2)`, `"b"`}, {`INDEX(["a", "b"], -2)`, `"a"`}, {`INDEX(["a"], 0)`, "null"}, {`INDEX(nil, 1)`, "null"}}})
	_ = define(Func{Name: "FIRST", Group: "list", Label: label("第一个", "First"), Help: label("列表的第一个元素；空列表为空", "The first element of a list; blank when it has none"), Args: oneList, Result: firstElem,
		Go:       func(_ *Env, a []value.Value) (value.Value, error) { return nth(a[0].List(), 1), nil },
		Examples: []FuncExample{{`FIRST(["a", "b"])`, `"a"`}, {`FIRST([])`, "null"}, {`FIRST(nil)`, "null"}}})
	_ = define(Func{Name: "LAST", Group: "list", Label: label("最后一个", "Last"), Help: label("列表的最后一个元素；空列表为空", "The last element of a list; blank when it has none"), Args: oneList, Result: firstElem,
		Go:       func(_ *Env, a []value.Value) (value.Value, error) { return nth(a[0].List(), -1), nil },
		Examples: []FuncExample{{`LAST(["a", "b"])`, `"b"`}, {`LAST([])`, "null"}, {`LAST(nil)`, "null"}}})
	_ = define(Func{Name: "UNIQUE", Aliases: []string{"UNIQ", "DISTINCT"}, Group: "list", Label: label("去重", "Unique"), Help: label("列表中不重复的值，按首次出现的顺序，空值去掉", "The distinct values of a list in order of first appearance, blanks left out"), Args: oneList, Result: listOfFirst,
		Go:       func(_ *Env, a []value.Value) (value.Value, error) { return unique(a), nil },
		Examples: []FuncExample{{`UNIQUE(["a", "b", "a"])`, `["a","b"]`}, {`UNIQUE([1.0, 1, nil])`, `[1]`}, {`UNIQUE(nil)`, "null"}}})
	_ = define(Func{Name: "UNION", Group: "list", Label: label("合并去重", "Union"), Help: label("多个列表中不重复的值，空值去掉", "The distinct values of several lists, blanks left out"), Args: someLists, Result: listOfFirst, NullOK: true,
		Rewrite: func(c *compiler, n *Node) *Node {
			t := n.Type
			for _, a := range n.Args {
				if t.Elem == value.Null {
					t = listOfFirst([]Type{a.Type})
				}
				if a.Type.Kind == value.List && !comparable2(elemOf(a.Type), T(t.Elem), "eq") {
					return c.failAt(a, ErrType.With("name", "UNION").With("want", t.Name()).With("got", a.Type.Name()))
				}
			}
			n.Type = t
			return n
		},
		Go:       func(_ *Env, a []value.Value) (value.Value, error) { return unique(a), nil },
		Examples: []FuncExample{{`UNION(["a", "b"], ["b", "c"])`, `["a","b","c"]`}, {`UNION([2, 1], [1, nil])`, `[2,1]`}, {`UNION(nil)`, "[]"}}})
	_ = define(Func{Name: "SORT", Group: "list", Label: label("排序", "Sort"), Help: label("列表从小到大排序，第二个参数为真时从大到小；空值去掉，文本按字符编码", "The list in ascending order, descending when the second argument is true; blanks left out, texts by character code"),
		Args: []Arg{{Name: "list", Kinds: lists}, {Name: "descending", Kinds: bools, Optional: true}}, Result: listOfFirst,
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			return value.OfList(ordered(a[0].List(), len(a) > 1 && a[1].Bool())), nil
		},
		Examples: []FuncExample{{`SORT([3, 1, 2])`, `[1,2,3]`}, {`SORT(["b", nil, "a"], true)`, `["b","a"]`}, {`SORT(nil)`, "null"}}})
)

// sumIfs sums the numbers of sum where every list meets its criterion.
func sumIfs(e *Env, sum value.Value, pairs ...value.Value) value.Value {
	keep := make([]bool, len(sum.List()))
	for i := range keep {
		keep[i] = true
	}
	for p := 0; p < len(pairs); p += 2 {
		l := pairs[p].List()
		if len(l) != len(keep) {
			return value.Value{}
		}
		meets := criteria(e, pairs[p+1])
		for i, v := range l {
			keep[i] = keep[i] && meets(v)
		}
	}
	s := decimal.Zero
	for i, v := range sum.List() {
		if keep[i] && v.Kind() == value.Number {
			s = s.Add(v.Number())
		}
	}
	return value.OfNumber(s)
}

var criteriaOps = []string{">=", "<=", "!=", "<>", "==", ">", "<", "="}

// criteria reads the criterion of COUNTIF and its kin: a value to equal, or a
// text that starts with a comparison. The rest of such a text is read as the
// kind of the element it meets; where it cannot be, only != holds.
func criteria(e *Env, c value.Value) func(value.Value) bool {
	if c.Kind() != value.Text {
		return func(v value.Value) bool { return same(v, c) }
	}
	op, rest := "==", c.Text()
	for _, o := range criteriaOps {
		if strings.HasPrefix(rest, o) {
			op, rest = o, rest[len(o):]
			break
		}
	}
	return func(v value.Value) bool {
		w := value.Value{}
		switch v.Kind() {
		case value.Text, value.Ref:
			w = value.OfText(rest)
		case value.Number:
			w = parseNumber(rest)
		case value.Bool:
			switch rest {
			case "true", "TRUE":
				w = value.OfBool(true)
			case "false", "FALSE":
				w = value.OfBool(false)
			}
		case value.Date:
			w, _ = parseDate(trimBlank(rest))
		case value.Time:
			if d, ok := parseDate(trimBlank(rest)); ok {
				w = startOfDay(e, d)
			} else {
				w, _ = parseTime(trimBlank(rest))
			}
		}
		x, ok := value.Compare(v, w)
		switch op {
		case "==", "=":
			return ok && x == 0
		case "!=", "<>":
			return !ok || x != 0
		case ">":
			return ok && x > 0
		case ">=":
			return ok && x >= 0
		case "<":
			return ok && x < 0
		}
		return ok && x <= 0
	}
}

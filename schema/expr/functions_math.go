package expr

import (
	"math/big"

	"github.com/shopspring/decimal"

	"tenon/schema/value"
)

// numbers flattens arguments: lists spread, everything but numbers is skipped.
func numbers(a []value.Value) []decimal.Decimal {
	var out []decimal.Decimal
	for _, v := range a {
		switch v.Kind() {
		case value.Number:
			out = append(out, v.Number())
		case value.List:
			out = append(out, numbers(v.List())...)
		}
	}
	return out
}

func numFn(f func(decimal.Decimal) decimal.Decimal) func(*Env, []value.Value) (value.Value, error) {
	return func(_ *Env, a []value.Value) (value.Value, error) { return value.OfNumber(f(a[0].Number())), nil }
}

var variadicNumbers = []Arg{{Name: "number", Kinds: num, Variadic: true}}

// maxPlaces is the most digits before the point that rounding can reach.
const maxPlaces = 38

// places reads a digits argument, bounded to what numbers can have.
func places(a []value.Value, i int) int32 {
	if len(a) <= i {
		return 0
	}
	return int32(clamped(a[i].Number(), -maxPlaces, divScale))
}

var (
	_ = define(Func{Name: "SUM", Group: "math", Label: label("求和", "Sum"), Help: label("所有数字之和，空值跳过；没有数字时为 0", "The sum of all numbers, blanks skipped; 0 when there are none"),
		Args: variadicNumbers, Result: returns(value.Number), NullOK: true,
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			s := decimal.Zero
			for _, d := range numbers(a) {
				s = s.Add(d)
			}
			return value.OfNumber(s), nil
		},
		Examples: []FuncExample{{"SUM(1, 2, 3)", "6"}, {"SUM(0.1, 0.2)", "0.3"}, {"SUM(nil, 5)", "5"}}})
	_ = define(Func{Name: "AVERAGE", Aliases: []string{"AVG"}, Group: "math", Label: label("平均值", "Average"), Help: label("所有数字的平均值，空值跳过；没有数字时为空", "The mean of all numbers, blanks skipped; blank when there are none"),
		Args: variadicNumbers, Result: returns(value.Number), NullOK: true,
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			ns := numbers(a)
			if len(ns) == 0 {
				return value.Value{}, nil
			}
			s := decimal.Zero
			for _, d := range ns {
				s = s.Add(d)
			}
			return value.OfNumber(Quotient(s, decimal.NewFromInt(int64(len(ns))))), nil
		},
		Examples: []FuncExample{{"AVERAGE(1, 2, 6)", "3"}, {"AVERAGE(1, nil)", "1"}, {"AVERAGE(nil)", "null"}}})
	_ = define(Func{Name: "MAX", Group: "math", Label: label("最大值", "Maximum"), Help: label("最大的数字，或最晚的日期；没有时为空", "The largest number or the latest date; blank when there are none"),
		Args: variadicOrdered, Result: firstElem, Rewrite: oneKind, NullOK: true, Go: extreme(1),
		Examples: []FuncExample{{"MAX(1, 3, 2)", "3"}, {"MAX(nil, -1)", "-1"}, {"MAX(DATE(2026, 1, 1), DATE(2026, 2, 1))", `"2026-02-01"`}, {"MAX(nil)", "null"}}})
	_ = define(Func{Name: "MIN", Group: "math", Label: label("最小值", "Minimum"), Help: label("最小的数字，或最早的日期；没有时为空", "The smallest number or the earliest date; blank when there are none"),
		Args: variadicOrdered, Result: firstElem, Rewrite: oneKind, NullOK: true, Go: extreme(-1),
		Examples: []FuncExample{{"MIN(1, 3, 2)", "1"}, {"MIN(nil, 4)", "4"}, {"MIN(DATE(2026, 1, 1), DATE(2026, 2, 1))", `"2026-01-01"`}, {"MIN(nil)", "null"}}})
	_ = define(Func{Name: "ABS", Group: "math", Label: label("绝对值", "Absolute value"), Help: label("数字的绝对值", "The number without its sign"),
		Args: []Arg{{Name: "number", Kinds: num}}, Result: returns(value.Number), Go: numFn(decimal.Decimal.Abs),
		Examples: []FuncExample{{"ABS(-2.5)", "2.5"}, {"ABS(3)", "3"}, {"ABS(nil)", "null"}}})
	_ = define(Func{Name: "ROUND", Group: "math", Label: label("四舍五入", "Round"), Help: label("四舍五入到指定小数位，负数位表示整数部分", "Rounds half away from zero to the given decimals; negative rounds before the point"),
		Args: []Arg{{Name: "number", Kinds: num}, {Name: "digits", Kinds: num, Optional: true}}, Result: returns(value.Number),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			return value.OfNumber(a[0].Number().Round(places(a, 1))), nil
		},
		Examples: []FuncExample{{"ROUND(2.345, 2)", "2.35"}, {"ROUND(-2.5)", "-3"}, {"ROUND(nil, 2)", "null"}}})
	_ = define(Func{Name: "INT", Group: "math", Label: label("向下取整", "Integer part below"), Help: label("不大于该数的最大整数", "The largest whole number not above the number"),
		Args: []Arg{{Name: "number", Kinds: num}}, Result: returns(value.Number), Go: numFn(decimal.Decimal.Floor),
		Examples: []FuncExample{{"INT(2.9)", "2"}, {"INT(-2.1)", "-3"}, {"INT(nil)", "null"}}})
	_ = define(Func{Name: "MOD", Group: "math", Label: label("求余", "Remainder"), Help: label("两数相除的余数，符号与除数相同；除数为 0 时为空", "The remainder, with the divisor's sign; blank when dividing by 0"),
		Args: []Arg{{Name: "number", Kinds: num}, {Name: "divisor", Kinds: num}}, Result: returns(value.Number),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			b := a[1].Number()
			if b.IsZero() {
				return value.Value{}, nil
			}
			m := a[0].Number().Mod(b)
			if !m.IsZero() && m.IsNegative() != b.IsNegative() {
				m = m.Add(b)
			}
			return value.OfNumber(m), nil
		},
		Examples: []FuncExample{{"MOD(7, 3)", "1"}, {"MOD(-7, 3)", "2"}, {"MOD(7, 0)", "null"}}})
)

var variadicOrdered = []Arg{{Name: "value", Kinds: []value.Kind{value.Number, value.Date, value.Time}, Variadic: true}}

// oneKind refuses to mix numbers with dates among the arguments; a date beside
// a moment is the start of its day.
func oneKind(c *compiler, n *Node) *Node {
	types := make([]Type, len(n.Args))
	for i, a := range n.Args {
		types[i] = elemOf(a.Type)
		if n.Type.Kind == value.Null || types[i].Kind == value.Time {
			n.Type = firstKnown(types[i : i+1])
		}
	}
	for i, a := range n.Args {
		n.Args[i] = c.coerce(a, n.Type)
		types[i] = elemOf(n.Args[i].Type)
	}
	for i, a := range n.Args {
		if types[i].Kind != value.Null && types[i].Kind != n.Type.Kind {
			return c.failAt(a, ErrType.With("name", n.Fn.Name).With("want", n.Type.Name()).With("got", a.Type.Name()))
		}
	}
	return n
}

func extreme(sign int) func(*Env, []value.Value) (value.Value, error) {
	return func(_ *Env, a []value.Value) (value.Value, error) {
		var m value.Value
		for _, v := range present(flat(a)) {
			if c, ok := value.Compare(v, m); m.IsNull() || ok && c*sign > 0 {
				m = v
			}
		}
		return m, nil
	}
}

// toMultiple rounds n to a multiple of step: up (dir 1) or down (dir -1) by
// value, towards the other side where both are negative, as spreadsheets do.
func toMultiple(n, step decimal.Decimal, dir int) value.Value {
	if step.IsZero() {
		return value.Value{}
	}
	if n.IsNegative() && step.IsNegative() {
		dir = -dir
	}
	step = step.Abs()
	q, r := n.QuoRem(step, 0)
	if !r.IsZero() && r.Sign() == dir {
		q = q.Add(decimal.NewFromInt(int64(dir)))
	}
	return value.OfNumber(q.Mul(step))
}

func multipleFn(dir int) func(*Env, []value.Value) (value.Value, error) {
	return func(_ *Env, a []value.Value) (value.Value, error) {
		step := decimal.NewFromInt(1)
		if len(a) > 1 {
			step = a[1].Number()
		}
		return toMultiple(a[0].Number(), step, dir), nil
	}
}

// towards rounds to the given decimals, always away from zero or towards it.
func towards(away bool) func(*Env, []value.Value) (value.Value, error) {
	return func(_ *Env, a []value.Value) (value.Value, error) {
		unit := decimal.New(1, -places(a, 1))
		q, r := a[0].Number().QuoRem(unit, 0)
		if away && !r.IsZero() {
			q = q.Add(decimal.NewFromInt(int64(r.Sign())))
		}
		return value.OfNumber(q.Mul(unit)), nil
	}
}

// squareRoot is exact to 18 decimals, half away from zero.
func squareRoot(d decimal.Decimal) decimal.Decimal {
	n := d.Shift(2 * divScale).BigInt()
	r := new(big.Int).Sqrt(n)
	// r² ≤ n < (r+1)²; the root is nearer to r+1 when n - r² > r.
	if rest := new(big.Int).Sub(n, new(big.Int).Mul(r, r)); rest.Cmp(r) > 0 {
		r.Add(r, big.NewInt(1))
	}
	return decimal.NewFromBigInt(r, -divScale)
}

var (
	oneNumber  = []Arg{{Name: "number", Kinds: num}}
	withStep   = []Arg{{Name: "number", Kinds: num}, {Name: "step", Kinds: num, Optional: true}}
	withDigits = []Arg{{Name: "number", Kinds: num}, {Name: "digits", Kinds: num, Optional: true}}
)

var (
	_ = define(Func{Name: "ROUNDUP", Group: "math", Label: label("向上舍入", "Round away from zero"), Help: label("朝远离零的方向舍入到指定小数位", "Rounds away from zero to the given decimals"), Args: withDigits, Result: returns(value.Number), Go: towards(true),
		Examples: []FuncExample{{"ROUNDUP(2.301, 2)", "2.31"}, {"ROUNDUP(-2.1)", "-3"}, {"ROUNDUP(nil)", "null"}}})
	_ = define(Func{Name: "ROUNDDOWN", Aliases: []string{"TRUNC"}, Group: "math", Label: label("向零舍入", "Round towards zero"), Help: label("截去指定小数位之后的部分", "Cuts off what follows the given decimals"), Args: withDigits, Result: returns(value.Number), Go: towards(false),
		Examples: []FuncExample{{"ROUNDDOWN(2.309, 2)", "2.3"}, {"ROUNDDOWN(-2.9)", "-2"}, {"ROUNDDOWN(1234, -2)", "1200"}, {"ROUNDDOWN(nil)", "null"}}})
	_ = define(Func{Name: "CEILING", Aliases: []string{"CEIL"}, Group: "math", Label: label("向上取倍数", "Ceiling"), Help: label("向上取到倍数（默认 1）；两个数都为负时向下取；倍数为 0 时为空", "Up to a multiple of the step (1 by default), down when both are negative; blank for step 0"), Args: withStep, Result: returns(value.Number), Go: multipleFn(1),
		Examples: []FuncExample{{"CEILING(10, 3)", "12"}, {"CEILING(-10, 3)", "-9"}, {"CEILING(-10, -3)", "-12"}, {"CEILING(1.2)", "2"}, {"CEILING(nil, 3)", "null"}}})
	_ = define(Func{Name: "FLOOR", Group: "math", Label: label("向下取倍数", "Floor"), Help: label("向下取到倍数（默认 1）；两个数都为负时向上取；倍数为 0 时为空", "Down to a multiple of the step (1 by default), up when both are negative; blank for step 0"), Args: withStep, Result: returns(value.Number), Go: multipleFn(-1),
		Examples: []FuncExample{{"FLOOR(10, 3)", "9"}, {"FLOOR(-10, 3)", "-12"}, {"FLOOR(-10, -3)", "-9"}, {"FLOOR(1.8)", "1"}, {"FLOOR(nil, 3)", "null"}}})
	_ = define(Func{Name: "SIGN", Group: "math", Label: label("正负号", "Sign"), Help: label("正数为 1，零为 0，负数为 -1", "1 for positive, 0 for zero, -1 for negative numbers"), Args: oneNumber, Result: returns(value.Number),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			return value.OfInt(int64(a[0].Number().Sign())), nil
		},
		Examples: []FuncExample{{"SIGN(-2.5)", "-1"}, {"SIGN(0)", "0"}, {"SIGN(nil)", "null"}}})
	_ = define(Func{Name: "POWER", Group: "math", Label: label("乘方", "Power"), Help: label("底数的整数次方，指数最大 100；其他指数为空", "A number to a whole power of at most 100; blank for other exponents"),
		Args: []Arg{{Name: "base", Kinds: num}, {Name: "exponent", Kinds: num}}, Result: returns(value.Number),
		Rewrite:  func(c *compiler, n *Node) *Node { return c.op(n, "pow", n.Args...) },
		Examples: []FuncExample{{"POWER(2, 10)", "1024"}, {"POWER(2, -1)", "0.5"}, {"POWER(2, 0.5)", "null"}, {"POWER(nil, 2)", "null"}}})
	_ = define(Func{Name: "SQRT", Group: "math", Label: label("平方根", "Square root"), Help: label("平方根，保留 18 位小数；负数为空", "The square root at 18 decimals; blank for negative numbers"), Args: oneNumber, Result: returns(value.Number),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			if a[0].Number().IsNegative() {
				return value.Value{}, nil
			}
			return value.OfNumber(squareRoot(a[0].Number())), nil
		},
		Examples: []FuncExample{{"SQRT(2)", `"1.414213562373095049"`}, {"SQRT(0.25)", "0.5"}, {"SQRT(-1)", "null"}, {"SQRT(nil)", "null"}}})
	_ = define(Func{Name: "PRODUCT", Group: "math", Label: label("乘积", "Product"), Help: label("所有数字之积，空值跳过；没有数字时为空", "The product of all numbers, blanks skipped; blank when there are none"),
		Args: variadicNumbers, Result: returns(value.Number), NullOK: true, NoSQL: "each step of a product is rounded by the server",
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			ns := numbers(a)
			if len(ns) == 0 {
				return value.Value{}, nil
			}
			p := decimal.NewFromInt(1)
			for _, d := range ns {
				if p = p.Mul(d).Round(divScale); !fits38(p) {
					return value.Value{}, ErrOverflow.New()
				}
			}
			return value.OfNumber(p), nil
		},
		Examples: []FuncExample{{"PRODUCT(2, 3, 4)", "24"}, {"PRODUCT(0.1, nil, 0.2)", "0.02"}, {"PRODUCT(nil)", "null"}}})
	_ = define(Func{Name: "CLAMP", Group: "math", Label: label("限制范围", "Clamp"), Help: label("把数字限制在最小值和最大值之间", "The number kept between a lowest and a highest value"),
		Args: []Arg{{Name: "number", Kinds: num}, {Name: "lowest", Kinds: num}, {Name: "highest", Kinds: num}}, Result: returns(value.Number),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			return value.OfNumber(decimal.Min(decimal.Max(a[0].Number(), a[1].Number()), a[2].Number())), nil
		},
		Examples: []FuncExample{{"CLAMP(15, 0, 10)", "10"}, {"CLAMP(-1, 0, 10)", "0"}, {"CLAMP(5, 0, 10)", "5"}, {"CLAMP(nil, 0, 10)", "null"}}})
	_ = define(Func{Name: "PERCENT", Group: "math", Label: label("占比", "Share"), Help: label("部分除以整体，四舍五入到百分数的小数位（默认 2 位）；整体为 0 时为空", "Part of a whole, rounded to decimals of a per cent (2 by default); blank when the whole is 0"),
		Args: []Arg{{Name: "part", Kinds: num}, {Name: "whole", Kinds: num}, {Name: "digits", Kinds: num, Optional: true}}, Result: returns(value.Number), Go: func(_ *Env, a []value.Value) (value.Value, error) {
			return ratio(a[0].Number(), a[1].Number(), a, 2), nil
		},
		Examples: []FuncExample{{"PERCENT(1, 3)", "0.3333"}, {"PERCENT(1, 3, 0)", "0.33"}, {"PERCENT(1, 0)", "null"}, {"PERCENT(nil, 3)", "null"}}})
	_ = define(Func{Name: "GROWTH", Group: "math", Label: label("增长率", "Growth"), Help: label("从前值到现值的变化比例，四舍五入到百分数的小数位（默认 2 位）；前值为 0 时为空", "The relative change from a former value to the present one, rounded to decimals of a per cent (2 by default); blank when the former is 0"),
		Args: []Arg{{Name: "present", Kinds: num}, {Name: "former", Kinds: num}, {Name: "digits", Kinds: num, Optional: true}}, Result: returns(value.Number), Go: func(_ *Env, a []value.Value) (value.Value, error) {
			return ratio(a[0].Number().Sub(a[1].Number()), a[1].Number().Abs(), a, 2), nil
		},
		Examples: []FuncExample{{"GROWTH(120, 100)", "0.2"}, {"GROWTH(-50, -100)", "0.5"}, {"GROWTH(1, 0)", "null"}, {"GROWTH(nil, 100)", "null"}}})
)

// ratio divides, rounded to the decimals of a per cent in argument i.
func ratio(part, whole decimal.Decimal, a []value.Value, i int) value.Value {
	if whole.IsZero() {
		return value.Value{}
	}
	digits := int32(2)
	if len(a) > i {
		digits = min(places(a, i), divScale-2)
	}
	return value.OfNumber(Quotient(part, whole).Round(digits + 2))
}

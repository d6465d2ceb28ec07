package expr

import (
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

// places reads a digits argument, bounded to what numbers can have.
func places(a []value.Value, i int) int32 {
	if len(a) <= i {
		return 0
	}
	return int32(max(min(a[i].Int(), divScale), -18))
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
	_ = define(Func{Name: "MAX", Group: "math", Label: label("最大值", "Maximum"), Help: label("最大的数字；没有数字时为空", "The largest number; blank when there are none"),
		Args: variadicNumbers, Result: returns(value.Number), NullOK: true, Go: extreme(1),
		Examples: []FuncExample{{"MAX(1, 3, 2)", "3"}, {"MAX(nil, -1)", "-1"}, {"MAX(nil)", "null"}}})
	_ = define(Func{Name: "MIN", Group: "math", Label: label("最小值", "Minimum"), Help: label("最小的数字；没有数字时为空", "The smallest number; blank when there are none"),
		Args: variadicNumbers, Result: returns(value.Number), NullOK: true, Go: extreme(-1),
		Examples: []FuncExample{{"MIN(1, 3, 2)", "1"}, {"MIN(nil, 4)", "4"}, {"MIN(nil)", "null"}}})
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

func extreme(sign int) func(*Env, []value.Value) (value.Value, error) {
	return func(_ *Env, a []value.Value) (value.Value, error) {
		ns := numbers(a)
		if len(ns) == 0 {
			return value.Value{}, nil
		}
		m := ns[0]
		for _, d := range ns[1:] {
			if d.Cmp(m)*sign > 0 {
				m = d
			}
		}
		return value.OfNumber(m), nil
	}
}

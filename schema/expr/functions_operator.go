package expr

import (
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"tenon/schema/catalog"
	"tenon/schema/value"
)

func label(zh, en string) catalog.Label { return catalog.Label{ZH: zh, EN: en} }

// operator declares one of the calls that operators compile to; people never
// write its name.
func operator(name string, nullOK bool, result func([]Type) Type, goFn func(e *Env, a []value.Value) (value.Value, error)) *Func {
	return define(Func{Name: name, Group: "operator", Label: label(name, name), NullOK: nullOK, Result: result, Go: goFn})
}

// divScale is the number of decimals that a quotient keeps (decision 16).
const divScale = 18

// Quotient divides, rounding half away from zero at 18 decimals.
func Quotient(a, b decimal.Decimal) decimal.Decimal { return a.DivRound(b, divScale) }

func compareOp(ok func(c int) bool) func(*Env, []value.Value) (value.Value, error) {
	return func(_ *Env, a []value.Value) (value.Value, error) {
		c, comparable := value.Compare(a[0], a[1])
		return value.OfBool(comparable && ok(c)), nil
	}
}

// same is equality with a text and an id compared as texts, also inside lists.
func same(a, b value.Value) bool {
	text := func(v value.Value) bool { return v.Kind() == value.Text || v.Kind() == value.Ref }
	if text(a) && text(b) {
		return a.Text() == b.Text()
	}
	if a.Kind() != value.List || b.Kind() != value.List {
		return value.Equal(a, b)
	}
	x, y := a.List(), b.List()
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !same(x[i], y[i]) {
			return false
		}
	}
	return true
}

// identity is a text that two values share exactly when same holds for them,
// so that sets need no pairwise comparison.
func identity(v value.Value) string {
	switch v.Kind() {
	case value.Text, value.Ref:
		return "t" + v.Text()
	case value.Time:
		return "i" + v.Time().Format(time.RFC3339Nano)
	case value.List:
		var b strings.Builder
		for _, x := range v.List() {
			s := identity(x)
			b.WriteString(strconv.Itoa(len(s)) + ":" + s)
		}
		return "l" + b.String()
	}
	return v.Kind().String() + v.String()
}

// lookupCall finds what people may call. CONTAINS is the name that everybody
// tries first, but the lower-case word is an operator of the grammar.
func lookupCall(name string) (*Func, bool) {
	if strings.EqualFold(name, "contains") {
		name = "includes"
	}
	f, ok := Lookup(name)
	return f, ok && f.Group != "operator"
}

func arith(f func(a, b decimal.Decimal) decimal.Decimal) func(*Env, []value.Value) (value.Value, error) {
	return func(_ *Env, a []value.Value) (value.Value, error) {
		return value.OfNumber(f(a[0].Number(), a[1].Number())), nil
	}
}

var (
	_ = operator("eq", true, returns(value.Bool), func(_ *Env, a []value.Value) (value.Value, error) {
		return value.OfBool(same(a[0], a[1])), nil
	})
	_ = operator("ne", true, returns(value.Bool), func(_ *Env, a []value.Value) (value.Value, error) {
		return value.OfBool(!same(a[0], a[1])), nil
	})
	_ = operator("lt", true, returns(value.Bool), compareOp(func(c int) bool { return c < 0 }))
	_ = operator("le", true, returns(value.Bool), compareOp(func(c int) bool { return c <= 0 }))
	_ = operator("gt", true, returns(value.Bool), compareOp(func(c int) bool { return c > 0 }))
	_ = operator("ge", true, returns(value.Bool), compareOp(func(c int) bool { return c >= 0 }))
	_ = operator("between", true, returns(value.Bool), func(_ *Env, a []value.Value) (value.Value, error) {
		lo, ok1 := value.Compare(a[0], a[1])
		hi, ok2 := value.Compare(a[0], a[2])
		return value.OfBool(ok1 && ok2 && lo >= 0 && hi <= 0), nil
	})
	_ = operator("add", false, returns(value.Number), arith(decimal.Decimal.Add))
	_ = operator("sub", false, returns(value.Number), arith(decimal.Decimal.Sub))
	_ = operator("mul", false, returns(value.Number), func(_ *Env, a []value.Value) (value.Value, error) {
		return value.OfNumber(a[0].Number().Mul(a[1].Number()).Round(divScale)), nil
	})
	// Division by zero is null, as a blank cell is to the people who write formulas.
	_ = operator("div", false, returns(value.Number), func(_ *Env, a []value.Value) (value.Value, error) {
		if a[1].Number().IsZero() {
			return value.Value{}, nil
		}
		return value.OfNumber(Quotient(a[0].Number(), a[1].Number())), nil
	})
	// The remainder has the dividend's sign, as in SQL.
	_ = operator("rem", false, returns(value.Number), func(_ *Env, a []value.Value) (value.Value, error) {
		if a[1].Number().IsZero() {
			return value.Value{}, nil
		}
		return value.OfNumber(a[0].Number().Mod(a[1].Number())), nil
	})
	_ = define(Func{Name: "pow", Group: "operator", Label: label("乘方", "power"), Result: returns(value.Number),
		NoSQL: "powers are computed by the server", Go: func(_ *Env, a []value.Value) (value.Value, error) { return power(a[0].Number(), a[1].Number()) }})
	_ = operator("neg", false, returns(value.Number), func(_ *Env, a []value.Value) (value.Value, error) {
		return value.OfNumber(a[0].Number().Neg()), nil
	})
	_ = operator("text_add", false, returns(value.Text), func(_ *Env, a []value.Value) (value.Value, error) {
		return joined(a, "")
	})
	_ = operator("coalesce", true, func(args []Type) Type {
		t, _ := args[0].or(args[1])
		t.Select = false
		return t
	}, func(_ *Env, a []value.Value) (value.Value, error) {
		if a[0].IsNull() {
			return a[1], nil
		}
		return a[0], nil
	})
	_ = operator("in", true, returns(value.Bool), func(_ *Env, a []value.Value) (value.Value, error) {
		for _, x := range a[1].List() {
			if same(a[0], x) {
				return value.OfBool(true), nil
			}
		}
		return value.OfBool(false), nil
	})
	_ = operator("overlaps", true, returns(value.Bool), func(_ *Env, a []value.Value) (value.Value, error) {
		seen := map[string]bool{}
		for _, x := range a[0].List() {
			seen[identity(x)] = true
		}
		for _, y := range a[1].List() {
			if seen[identity(y)] {
				return value.OfBool(true), nil
			}
		}
		return value.OfBool(false), nil
	})
	_ = textOp("contains", strings.Contains)
	_ = textOp("starts_with", strings.HasPrefix)
	_ = textOp("ends_with", strings.HasSuffix)
	_ = define(Func{Name: "to_time", Group: "operator", Label: label("当天零点", "start of the day"), Result: returns(value.Time),
		Go: func(e *Env, a []value.Value) (value.Value, error) { return startOfDay(e, a[0]), nil }})
)

func textOp(name string, f func(s, sub string) bool) *Func {
	return operator(name, true, returns(value.Bool), func(_ *Env, a []value.Value) (value.Value, error) {
		if a[0].IsNull() || a[1].IsNull() {
			return value.OfBool(false), nil
		}
		return value.OfBool(f(a[0].Text(), a[1].Text())), nil
	})
}

// power raises to a whole exponent of at most 100 by squaring, rounded at 18
// decimals; anything else is null.
func power(b, x decimal.Decimal) (value.Value, error) {
	if !x.IsInteger() || x.Abs().GreaterThan(decimal.NewFromInt(100)) {
		return value.Value{}, nil
	}
	n, r := x.Abs().IntPart(), decimal.NewFromInt(1)
	for i := int64(0); i < n; i++ {
		if r = r.Mul(b).Round(divScale); !fits38(r) {
			return value.Value{}, ErrOverflow.New()
		}
	}
	if x.IsNegative() {
		if r.IsZero() {
			return value.Value{}, nil
		}
		r = Quotient(decimal.NewFromInt(1), r)
	}
	return value.OfNumber(r), nil
}

package expr

import (
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

// same is equality with a text and an id compared as texts.
func same(a, b value.Value) bool {
	text := func(v value.Value) bool { return v.Kind() == value.Text || v.Kind() == value.Ref }
	if text(a) && text(b) {
		return a.Text() == b.Text()
	}
	return value.Equal(a, b)
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
		return value.OfText(a[0].String() + a[1].String()), nil
	})
	_ = operator("coalesce", true, firstKnown, func(_ *Env, a []value.Value) (value.Value, error) {
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
		for _, x := range a[0].List() {
			for _, y := range a[1].List() {
				if same(x, y) {
					return value.OfBool(true), nil
				}
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

func startOfDay(e *Env, v value.Value) value.Value {
	if v.Kind() != value.Date {
		return v
	}
	t := v.Time()
	return value.OfTime(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, e.Location()))
}

// civil returns the civil time of a date or instant in the workspace's zone.
func civil(e *Env, v value.Value) time.Time {
	if v.Kind() == value.Date {
		return v.Time()
	}
	return v.Time().In(e.Location())
}

// civilDate returns the civil date as midnight UTC, for day arithmetic.
func civilDate(e *Env, v value.Value) time.Time {
	t := civil(e, v)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func parseDate(s string) (value.Value, bool) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return value.Value{}, false
	}
	return value.OfDate(t.Year(), t.Month(), t.Day()), true
}

func parseTime(s string) (value.Value, bool) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return value.Value{}, false
	}
	return value.OfTime(t), true
}

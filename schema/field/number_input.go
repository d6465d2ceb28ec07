package field

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"tenon/schema/value"
)

// Bounds of every number. Exponents are bounded before they are expanded, so
// that 1e999999999 costs nothing.
const (
	maxDigits   = 38
	maxExponent = 60
	maxScale    = 10
	maxTyped    = 128 // characters of a typed number
)

var (
	plainNumber = regexp.MustCompile(`^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,3}))?$`)
	grouped     = regexp.MustCompile(`^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?$`)
)

// signs that may stand before an amount of any currency.
const currencySigns = "¥$€£₩₹"

// decimalText reads an exact number as written by a machine or a person, after fold.
func decimalText(s string) (decimal.Decimal, error) {
	bad := ErrNumber.With("value", clip(s))
	if len(s) > maxTyped {
		return decimal.Decimal{}, bad
	}
	if grouped.MatchString(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	m := plainNumber.FindStringSubmatch(s)
	if m == nil {
		return decimal.Decimal{}, bad
	}
	if m[1] != "" {
		e, err := decimal.NewFromString(m[1])
		if err != nil || e.Abs().GreaterThan(decimal.NewFromInt(maxExponent)) {
			return decimal.Decimal{}, ErrDigits.With("max", maxDigits)
		}
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Decimal{}, bad
	}
	return d, nil
}

// amount reads a number as people type it: 1,234.50 ￥1,200 (1,200) −5, full
// width included. units are texts that may stand before or behind it.
func amount(s string, units ...string) (decimal.Decimal, error) {
	typed := s
	s = strings.ReplaceAll(fold(s), "−", "-")
	negative := false
	if in, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(in, ")") {
		s, negative = strings.TrimSpace(strings.TrimSuffix(in, ")")), true
	}
	sign := ""
	for _, c := range []string{"-", "+"} {
		if r, ok := strings.CutPrefix(s, c); ok {
			sign, s = c, strings.TrimSpace(r)
			break
		}
	}
	for _, u := range units {
		if u = fold(u); u == "" {
			continue
		}
		if r, ok := cutFold(s, u); ok {
			s = r
			break
		}
	}
	if sign == "" {
		for _, c := range []string{"-", "+"} { // ¥-5
			if r, ok := strings.CutPrefix(s, c); ok {
				sign, s = c, r
				break
			}
		}
	}
	if s == "" || s[0] == '-' || s[0] == '+' || negative && sign != "" {
		return decimal.Decimal{}, ErrNumber.With("value", clip(typed))
	}
	d, err := decimalText(s)
	if err != nil {
		return decimal.Decimal{}, err
	}
	if negative || sign == "-" {
		d = d.Neg()
	}
	return d, nil
}

// cutFold removes a unit before or behind s without regard to case.
func cutFold(s, unit string) (string, bool) {
	if len(s) > len(unit) {
		if strings.EqualFold(s[:len(unit)], unit) {
			return strings.TrimSpace(s[len(unit):]), true
		}
		if strings.EqualFold(s[len(s)-len(unit):], unit) {
			return strings.TrimSpace(s[:len(s)-len(unit)]), true
		}
	}
	return s, false
}

// parseAmount is amount for a decoded JSON value.
func parseAmount(raw any, units ...string) (decimal.Decimal, error) {
	switch x := raw.(type) {
	case json.Number:
		return decimalText(x.String())
	case string:
		return amount(x, units...)
	default:
		return decimal.Decimal{}, ErrNumber.With("value", shown(raw))
	}
}

// shown names a value of the wrong shape in a message.
func shown(raw any) string {
	b, err := json.Marshal(raw)
	if err != nil {
		return "?"
	}
	return clip(string(b))
}

// fit rounds d half away from zero to scale digits after the point and checks
// that it has no more than precision digits. A scale of -1 keeps as many
// digits (up to 10) as precision leaves room for.
func fit(d decimal.Decimal, scale, precision int32) (value.Value, error) {
	tooMany := ErrDigits.With("max", precision)
	whole := int32(len(d.Abs().Truncate(0).String()))
	if whole > precision {
		return value.Value{}, tooMany
	}
	places := scale
	if scale < 0 {
		places = min(maxScale, precision-whole)
	}
	d = d.Round(places)
	if digits(d) > precision {
		return value.Value{}, tooMany
	}
	return value.OfNumber(d), nil
}

// digits counts the digits of the plain decimal text, as value.AppendJSON does.
func digits(d decimal.Decimal) int32 {
	n := int32(0)
	for _, c := range d.String() {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

// exact is a decimal in options, read without ever expanding a huge exponent.
type exact struct{ decimal.Decimal }

// UnmarshalJSON reads a JSON number or a text.
func (e *exact) UnmarshalJSON(b []byte) error {
	d, err := decimalText(strings.Trim(string(b), `"`))
	if err != nil {
		return err
	}
	e.Decimal = d
	return nil
}

// between is the Check of a number with optional bounds.
func between(min, max *exact) func(value.Value) error {
	return func(v value.Value) error {
		if v.Kind() != value.Number {
			return nil
		}
		if min != nil && v.Number().LessThan(min.Decimal) {
			return ErrMin.With("min", min.String())
		}
		if max != nil && v.Number().GreaterThan(max.Decimal) {
			return ErrMax.With("max", max.String())
		}
		return nil
	}
}

// ordered refuses bounds the wrong way round.
func ordered(min, max *exact) error {
	if min != nil && max != nil && min.GreaterThan(max.Decimal) {
		return option("/min", "最小值大于最大值", "the minimum is above the maximum")
	}
	return nil
}

// digitsText writes a number: exactly scale digits after the point, or as many
// as it has when scale is -1; with thousands separators if wanted.
func digitsText(d decimal.Decimal, scale int32, thousands bool) string {
	s := d.String()
	if scale >= 0 {
		s = d.StringFixed(scale)
	}
	if !thousands {
		return s
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if fraction != "" {
		b.WriteByte('.')
		b.WriteString(fraction)
	}
	return b.String()
}

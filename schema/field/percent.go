package field

import (
	"strings"

	"github.com/shopspring/decimal"

	"tenon/schema/panel"
	"tenon/schema/value"
)

type percentOptions struct {
	Scale *int32 `json:"scale"`
}

var _ = Define(Spec[percentOptions]{
	Name: "percent", Group: "number", Icon: "percent",
	Label: Label{ZH: "百分比", EN: "Percent"},
	Help:  Label{ZH: "存为小数：25% 的值是 0.25", EN: "Kept as a fraction: 25% is the value 0.25"},
	Options: panel.Object(
		panel.Whole("scale", 0, 4, "小数位数", "Decimal places").
			Help("百分数的小数位，不填则按输入保留，最多 4 位", "Decimal places of the percentage; if blank, as typed, up to 4"),
	),
	Kind:   value.Number,
	Traits: Traits{Sortable: true, Filterable: true},
	Bind: func(o percentOptions, b *Bound) error {
		b.DB, b.Scale, b.Precision = DBNumber, 6, 15
		places := int32(-1)
		if o.Scale != nil {
			places = *o.Scale
			b.Scale = places + 2
		}
		b.Parse = func(raw any, _ Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			d, err := percentAmount(raw)
			if err != nil {
				return value.Value{}, err
			}
			return fit(d, b.Scale, b.Precision)
		}
		b.Format = func(v value.Value, _ Env) string {
			if v.Kind() != value.Number {
				return ""
			}
			return percentText(v.Number(), places)
		}
		return nil
	},
	Examples: []Example{
		{In: `0.25`, Out: `0.25`, Text: "25%"},
		{In: `"12%"`, Out: `0.12`, Text: "12%"},
		{In: `"１２．５％"`, Out: `0.125`, Text: "12.5%"},
		{In: `"0.3"`, Out: `0.3`},
		{In: `"-5 %"`, Out: `-0.05`},
		{Options: `{"scale":1}`, In: `"33.35%"`, Out: `0.334`, Text: "33.4%"},
		{In: `null`, Out: `null`},
		{In: `"%"`, Err: "field.number"},
		{In: `"一半"`, Err: "field.number"},
		{In: `[0.5]`, Err: "field.number"},
	},
})

// percentAmount reads 0.12 or 12%; a text without the sign is a fraction, like
// the number it spells.
func percentAmount(raw any) (decimal.Decimal, error) {
	s, ok := raw.(string)
	if !ok {
		return parseAmount(raw)
	}
	s = fold(s)
	in, signed := strings.CutSuffix(s, "%")
	if !signed {
		return amount(s)
	}
	d, err := amount(in)
	if err != nil {
		return decimal.Decimal{}, ErrNumber.With("value", clip(s))
	}
	return d.Shift(-2), nil
}

// percentText writes a fraction as a percentage with fixed places, or as many
// as it has when places is -1.
func percentText(d decimal.Decimal, places int32) string {
	return digitsText(d.Shift(2), places, false) + "%"
}

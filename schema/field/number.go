package field

import (
	"unicode"
	"unicode/utf8"

	"tenon/schema/panel"
	"tenon/schema/value"
)

type numberOptions struct {
	Precision int32     `json:"precision"`
	Scale     *int32    `json:"scale"`
	Min       *exact    `json:"min"`
	Max       *exact    `json:"max"`
	Thousands bool      `json:"thousands"`
	Unit      localized `json:"unit"`
}

var _ = Define(Spec[numberOptions]{
	Name: "number", Group: "number", Icon: "hash",
	Label: Label{ZH: "数字", EN: "Number"},
	Help:  Label{ZH: "精确的数字，可计算、汇总，可带单位", EN: "An exact number to calculate with, with an optional unit"},
	Options: panel.Object(
		panel.Whole("scale", 0, maxScale, "小数位数", "Decimal places").
			Help("不填则按输入保留，最多 10 位；超出时四舍五入", "Left blank, digits stay as typed, up to 10; further ones are rounded"),
		panel.Decimal("min", "最小值", "Minimum"),
		panel.Decimal("max", "最大值", "Maximum"),
		panel.Switch("thousands", "显示千分位", "Show thousands separators").Default(false),
		panel.Text("unit", 20, "单位", "Unit").Localized().Help("显示在数字后面，例如 件、公斤", "Shown behind the number, for example pcs, kg"),
		panel.Whole("precision", 1, maxDigits, "最多位数", "Maximum digits").Default(15).
			Help("超过 15 位的数字在接口中以文本传输", "Numbers of more than 15 digits travel as text in the API"),
	),
	Kind:   value.Number,
	Traits: Traits{Groupable: true, Sortable: true, Filterable: true, Uniquable: true},
	Bind: func(o numberOptions, b *Bound) error {
		if err := ordered(o.Min, o.Max); err != nil {
			return err
		}
		b.Scale, b.Precision = -1, 15
		if o.Scale != nil {
			b.Scale = *o.Scale
		}
		if o.Precision > 0 {
			b.Precision = o.Precision
		}
		bindNumber(b, currencySigned(o.Unit.ZH, o.Unit.EN)...)
		b.Check = between(o.Min, o.Max)
		b.Format = func(v value.Value, env Env) string {
			if v.Kind() != value.Number {
				return ""
			}
			s := digitsText(v.Number(), b.Scale, o.Thousands)
			unit := o.Unit.in(env.Locale)
			// Latin units stand off from the number (12 kg), Chinese ones do not (12件).
			if r, _ := utf8.DecodeRuneInString(unit); r < utf8.RuneSelf && unicode.IsLetter(r) {
				return s + " " + unit
			}
			return s + unit
		}
		return nil
	},
	Examples: []Example{
		{In: `"1,234.50"`, Out: `1234.5`, Text: "1234.5"},
		{In: `"１２３"`, Out: `123`},
		{In: `"￥1,200"`, Out: `1200`},
		{In: `"−3"`, Out: `-3`},
		{In: `"(1,200)"`, Out: `-1200`},
		{Options: `{"scale":2,"thousands":true,"unit":{"zh-CN":"公斤","en-US":"kg"}}`, In: `1234.565`, Out: `1234.57`, Text: "1,234.57公斤"},
		{Options: `{"scale":0}`, In: `"-2.5"`, Out: `-3`},
		{Options: `{"unit":"kg"}`, In: `"12 kg"`, Out: `12`, Text: "12 kg"},
		{Options: `{"precision":20}`, In: `"12345678901234567890"`, Out: `"12345678901234567890"`},
		{In: `null`, Out: `null`},
		{In: `" "`, Out: `null`},
		{In: `"十二"`, Err: "field.number"},
		{In: `"1,23"`, Err: "field.number"},
		{In: `"12abc"`, Err: "field.number"},
		{In: `true`, Err: "field.number"},
		{In: `12345678901234567`, Err: "field.number.digits"},
		{In: `1e99`, Err: "field.number.digits"},
		{Options: `{"min":0,"max":10}`, In: `-1`, Err: "field.number.min"},
		{Options: `{"min":0,"max":10}`, In: `10.1`, Err: "field.number.max"},
	},
})

// bindNumber sets up a type whose values are numbers of b.Scale and b.Precision.
func bindNumber(b *Bound, units ...string) {
	b.DB = DBNumber
	scale, precision := b.Scale, b.Precision
	b.Parse = func(raw any, _ Env) (value.Value, error) {
		if blank(raw) {
			return value.Value{}, nil
		}
		d, err := parseAmount(raw, units...)
		if err != nil {
			return value.Value{}, err
		}
		return fit(d, scale, precision)
	}
}

// currencySigned adds the common signs of money to a field's own units.
func currencySigned(units ...string) []string {
	for _, c := range currencySigns {
		units = append(units, string(c))
	}
	return units
}

package field

import (
	"strings"

	"github.com/shopspring/decimal"

	"tenon/schema/panel"
	"tenon/schema/value"
)

type moneyOptions struct {
	Currency string `json:"currency"`
	Scale    *int32 `json:"scale"`
	Min      *exact `json:"min"`
	Max      *exact `json:"max"`
}

var _ = Define(Spec[moneyOptions]{
	Name: "money", Group: "number", Icon: "money",
	Label: Label{ZH: "金额", EN: "Money"},
	Help:  Label{ZH: "一种币种的金额，精确到分，合计不差一分", EN: "An amount in one currency, exact to the cent"},
	Options: panel.Object(
		currencyOption(),
		panel.Whole("scale", 0, 6, "小数位数", "Decimal places").
			Help("不填则按币种：人民币 2 位，日元 0 位", "Left blank, that of the currency: 2 for yuan, 0 for yen"),
		panel.Decimal("min", "最小值", "Minimum"),
		panel.Decimal("max", "最大值", "Maximum"),
	),
	Kind:   value.Number,
	Traits: Traits{Sortable: true, Filterable: true},
	Bind: func(o moneyOptions, b *Bound) error {
		if err := ordered(o.Min, o.Max); err != nil {
			return err
		}
		c := currencyOf(o.Currency)
		b.Scale, b.Precision = c.scale, 15
		if o.Scale != nil {
			b.Scale = *o.Scale
		}
		bindNumber(b, append([]string{c.sign, c.code}, c.words...)...)
		b.Check = between(o.Min, o.Max)
		b.Format = func(v value.Value, _ Env) string {
			if v.Kind() != value.Number {
				return ""
			}
			return moneyText(v.Number(), c, b.Scale)
		}
		return nil
	},
	Examples: []Example{
		{In: `1234.5`, Out: `1234.5`, Text: "¥1,234.50"},
		{In: `"￥1,200"`, Out: `1200`, Text: "¥1,200.00"},
		{In: `"1,200.005元"`, Out: `1200.01`},
		{In: `"-¥5"`, Out: `-5`, Text: "-¥5.00"},
		{Options: `{"currency":"USD"}`, In: `"US$ 9.9"`, Out: `9.9`, Text: "$9.90"},
		{Options: `{"currency":"JPY"}`, In: `"1200"`, Out: `1200`, Text: "JP¥1,200"},
		{In: `null`, Out: `null`},
		{In: `"$5"`, Err: "field.number"},
		{In: `"面议"`, Err: "field.number"},
		{Options: `{"min":0}`, In: `-0.01`, Err: "field.number.min"},
	},
})

// moneyText writes an amount: ¥1,234.50.
func moneyText(d decimal.Decimal, c currency, scale int32) string {
	s := digitsText(d, scale, true)
	if r, ok := strings.CutPrefix(s, "-"); ok {
		return "-" + c.sign + r
	}
	return c.sign + s
}

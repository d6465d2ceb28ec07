package field

import (
	"tenon/schema/panel"
	"tenon/schema/value"
)

type formulaOptions struct {
	Expr     string `json:"expr"`
	Result   string `json:"result"`
	Scale    *int32 `json:"scale"`
	Format   string `json:"format"`
	Currency string `json:"currency"`
}

var _ = Define(Spec[formulaOptions]{
	Name: "formula", Group: "computed", Icon: "formula",
	Label: Label{ZH: "公式", EN: "Formula"},
	Help:  Label{ZH: "由本记录和关联记录的字段算出，随数据自动更新", EN: "Computed from fields of this record and linked ones, and kept up to date"},
	Options: panel.Object(
		panel.Expr("expr", "record", "", "公式", "Formula").Required().
			Help("例如 ROUND(qty * price, 2)", "For example ROUND(qty * price, 2)"),
		panel.Select("result", "结果类型", "Result",
			panel.Choice{Value: "number", ZH: "数字", EN: "Number"},
			panel.Choice{Value: "text", ZH: "文本", EN: "Text"},
			panel.Choice{Value: "bool", ZH: "是/否", EN: "Yes/No"},
			panel.Choice{Value: "date", ZH: "日期", EN: "Date"},
			panel.Choice{Value: "time", ZH: "日期时间", EN: "Date and time"}).Required(),
		panel.Whole("scale", 0, maxScale, "小数位数", "Decimal places").
			Help("结果按此四舍五入；不填则不取整", "The result is rounded to these; left blank, it is kept as computed"),
		panel.Select("format", "显示为", "Shown as",
			panel.Choice{Value: "number", ZH: "数字", EN: "Number"},
			panel.Choice{Value: "percent", ZH: "百分比", EN: "Percent"},
			panel.Choice{Value: "money", ZH: "金额", EN: "Money"}).Default("number"),
		currencyOption(),
	),
	Kind:   value.Text,
	Traits: Traits{Computed: true, Sortable: true, Filterable: true},
	Bind: func(o formulaOptions, b *Bound) error {
		kind, _ := value.ParseKind(o.Result) // the schema admits kinds only
		b.Kind = kind
		b.DB = DBFor(kind, value.Null)
		b.Formula = &FormulaSpec{Expr: o.Expr, Result: kind}
		b.Traits.Groupable = kind != value.Number
		b.Traits.Searchable = kind == value.Text
		b.Parse = refuseComputed
		if kind == value.Text {
			b.Mask = MaskText
		}
		if kind != value.Number && (o.Scale != nil || o.Format != "" && o.Format != "number") {
			return option("/format", "只有结果为数字时才有小数位数和数字格式", "places and number formats are for results that are numbers")
		}
		if o.Scale != nil {
			b.Scale = *o.Scale
		}
		currency := currencyOf(o.Currency)
		b.Format = func(v value.Value, env Env) string {
			if v.Kind() != value.Number {
				return FormatKind(v, env)
			}
			switch o.Format {
			case "percent":
				if o.Scale == nil {
					return percentText(v.Number().Round(6), -1)
				}
				// The scale is that of the fraction, two more than the percentage shows.
				return percentText(v.Number(), max(0, b.Scale-2))
			case "money":
				if o.Scale == nil {
					return moneyText(v.Number(), currency, currency.scale)
				}
				return moneyText(v.Number(), currency, b.Scale)
			}
			if o.Scale == nil {
				return digitsText(v.Number().Round(maxScale), -1, false)
			}
			return digitsText(v.Number(), b.Scale, false)
		}
		return nil
	},
	Examples: []Example{
		{Options: `{"expr":"qty * price","result":"number","scale":2,"format":"money"}`, In: `null`, Out: `null`},
		{Options: `{"expr":"qty * price","result":"number"}`, In: `12`, Err: "field.computed"},
		{Options: `{"expr":"name + no","result":"text"}`, In: `"x"`, Err: "field.computed"},
		{Options: `{"expr":"today()","result":"date"}`, In: `"2026-11-22"`, Err: "field.computed"},
	},
})

// refuseComputed is the Parse of fields that the engine computes. null passes,
// so that a whole record can be sent back as it was read when it was empty.
func refuseComputed(raw any, _ Env) (value.Value, error) {
	if blank(raw) {
		return value.Value{}, nil
	}
	return value.Value{}, ErrComputed.New()
}

package field

import (
	"tenon/schema/fault"
	"tenon/schema/panel"
	"tenon/schema/value"
)

type ratingOptions struct {
	Max  int64  `json:"max"`
	Icon string `json:"icon"`
}

var errRating = fault.Define(fault.Invalid, "field.rating", "评分是 1 到 {max} 的整数", "a rating is a whole number from 1 to {max}")

var _ = Define(Spec[ratingOptions]{
	Name: "rating", Group: "choice", Icon: "star",
	Label: Label{ZH: "评分", EN: "Rating"},
	Help:  Label{ZH: "点几颗星打分", EN: "A score given in stars"},
	Options: panel.Object(
		panel.Whole("max", 2, 10, "最高分", "Highest score").Default(5),
		panel.Icon("icon", "图标", "Icon", "star", "heart", "flag", "trophy").Default("star"),
	),
	Kind:   value.Number,
	Traits: Traits{Groupable: true, Sortable: true, Filterable: true},
	Bind: func(o ratingOptions, b *Bound) error {
		if o.Max == 0 {
			o.Max = 5
		}
		b.DB, b.Scale, b.Precision = DBNumber, 0, 2
		wrong := errRating.With("max", o.Max)
		b.Parse = func(raw any, _ Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			d, err := parseAmount(raw)
			// Half a star is refused, not rounded: nobody gave the rounded score.
			if err != nil || !d.IsInteger() || digits(d) > 2 {
				return value.Value{}, wrong
			}
			return value.OfInt(d.IntPart()), nil
		}
		b.Check = func(v value.Value) error {
			if v.Kind() == value.Number && (v.Int() < 1 || v.Int() > o.Max) {
				return wrong
			}
			return nil
		}
		b.Format = func(v value.Value, _ Env) string { return v.String() }
		return nil
	},
	Examples: []Example{
		{In: `4`, Out: `4`, Text: "4"},
		{In: `"３"`, Out: `3`},
		{In: `null`, Out: `null`},
		{In: `6`, Err: "field.rating"},
		{Options: `{"max":10}`, In: `6`, Out: `6`},
		{In: `0`, Err: "field.rating"},
		{In: `4.5`, Err: "field.rating"},
		{In: `"很好"`, Err: "field.rating"},
	},
})

package field

import (
	"encoding/json"

	"tenon/schema/fault"
	"tenon/schema/panel"
	"tenon/schema/value"
)

type booleanOptions struct{}

var errBoolean = fault.Define(fault.Invalid, "field.boolean", "“{value}”不是“是”或“否”", "\"{value}\" is neither yes nor no")

// booleanWords are the texts that mean yes or no in either language.
var booleanWords = map[string]bool{
	"true": true, "yes": true, "y": true, "1": true, "是": true, "对": true, "真": true, "√": true, "✓": true,
	"false": false, "no": false, "n": false, "0": false, "否": false, "错": false, "假": false, "×": false, "✗": false,
}

var _ = Define(Spec[booleanOptions]{
	Name: "boolean", Group: "choice", Icon: "check",
	Label:   Label{ZH: "是/否", EN: "Yes/No"},
	Help:    Label{ZH: "开关：是、否，或尚未填写", EN: "A switch: yes, no, or not filled in yet"},
	Options: panel.Object(),
	Kind:    value.Bool,
	Traits:  Traits{Groupable: true, Sortable: true, Filterable: true},
	Bind: func(_ booleanOptions, b *Bound) error {
		b.DB = DBBool
		b.Parse = func(raw any, _ Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			word := shown(raw)
			switch x := raw.(type) {
			case bool:
				return value.OfBool(x), nil
			case json.Number:
				word = x.String()
			case string:
				word = x
			}
			if yes, ok := booleanWords[key(word)]; ok {
				return value.OfBool(yes), nil
			}
			return value.Value{}, errBoolean.With("value", clip(word))
		}
		b.Format = func(v value.Value, env Env) string { return booleanText(v, env.Locale) }
		return nil
	},
	Examples: []Example{
		{In: `true`, Out: `true`, Text: "是"},
		{In: `"否"`, Out: `false`, Text: "否"},
		{In: `"YES"`, Out: `true`},
		{In: `0`, Out: `false`},
		{In: `"Ｙ"`, Out: `true`},
		{In: `"错"`, Out: `false`},
		{In: `null`, Out: `null`},
		{In: `""`, Out: `null`},
		{In: `"也许"`, Err: "field.boolean"},
		{In: `2`, Err: "field.boolean"},
		{In: `{}`, Err: "field.boolean"},
	},
})

func booleanText(v value.Value, locale string) string {
	switch {
	case v.Kind() != value.Bool:
		return ""
	case english(locale) && v.Bool():
		return "Yes"
	case english(locale):
		return "No"
	case v.Bool():
		return "是"
	}
	return "否"
}

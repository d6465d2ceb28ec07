package field

import (
	"tenon/schema/panel"
	"tenon/schema/value"
)

type longTextOptions struct {
	MaxLength int `json:"max_length"`
}

var _ = Define(Spec[longTextOptions]{
	Name: "long_text", Group: "text", Icon: "paragraph",
	Label: Label{ZH: "多行文本", EN: "Long text"},
	Help:  Label{ZH: "备注、描述等可以换行的长文字", EN: "Notes and descriptions of several lines"},
	Options: panel.Object(
		panel.Whole("max_length", 1, 1000000, "最多字数", "Maximum length").Default(100000),
	),
	Kind:   value.Text,
	Traits: Traits{Searchable: true, Filterable: true},
	Bind: func(o longTextOptions, b *Bound) error {
		if o.MaxLength == 0 {
			o.MaxLength = 100000
		}
		bindText(b, o.MaxLength, true)
		return nil
	},
	Examples: []Example{
		{In: `"第一行\n\t第二行"`, Out: `"第一行\n\t第二行"`, Text: "第一行\n\t第二行"},
		{In: `null`, Out: `null`},
		{In: `"\n \t"`, Out: `null`},
		{In: `"a\u0007b"`, Err: "field.text.control"},
		{In: `["a"]`, Err: "field.text"},
		{Options: `{"max_length":2}`, In: `"三个字"`, Err: "field.text.max"},
	},
})

package field

import (
	"regexp"
	"unicode/utf8"

	"tenon/schema/fault"
	"tenon/schema/panel"
	"tenon/schema/value"
)

type textOptions struct {
	MaxLength      int       `json:"max_length"`
	Pattern        string    `json:"pattern"`
	PatternMessage localized `json:"pattern_message"`
	Multiline      bool      `json:"multiline"`
	Scan           bool      `json:"scan"`
}

var errPattern = fault.Define(fault.Invalid, "field.text.pattern", "{message_zh}", "{message_en}")

var _ = Define(Spec[textOptions]{
	Name: "text", Group: "text", Icon: "text",
	Label: Label{ZH: "单行文本", EN: "Text"},
	Help:  Label{ZH: "名称、编号等简短文字，可限制字数和格式", EN: "Short text such as a name or code, with optional length and format limits"},
	Options: panel.Object(
		panel.Whole("max_length", 1, 5000, "最多字数", "Maximum length").Default(500),
		panel.Text("pattern", 500, "格式（正则表达式）", "Format (regular expression)").
			Help("整段文字都要符合，例如 [A-Z]{2}[0-9]{6}", "The whole text must match, for example [A-Z]{2}[0-9]{6}"),
		panel.Text("pattern_message", 200, "格式不符时的提示", "Message when the format does not match").Localized(),
		panel.Switch("multiline", "允许换行", "Allow line breaks").Default(false),
		panel.Switch("scan", "手机扫码录入", "Scan codes on phones").Default(false).
			Help("在手机上显示扫一扫按钮，可识别条形码和二维码", "Shows a scan button on phones that reads bar codes and QR codes"),
	),
	Kind:   value.Text,
	Traits: Traits{Searchable: true, Groupable: true, Sortable: true, Filterable: true, Uniquable: true},
	Bind: func(o textOptions, b *Bound) error {
		if o.MaxLength == 0 {
			o.MaxLength = 500
		}
		bindText(b, o.MaxLength, o.Multiline)
		b.Mask = MaskText
		if o.Pattern == "" {
			return nil
		}
		re, err := regexp.Compile(`^(?:` + o.Pattern + `)$`)
		if err != nil {
			return option("/pattern", "正则表达式无法识别", "the regular expression cannot be read")
		}
		wrong := errPattern.With("message_zh", "格式不正确").With("message_en", "the format is not right")
		if m := o.PatternMessage; m.ZH+m.EN != "" {
			wrong = errPattern.With("message_zh", m.in("zh-CN")).With("message_en", m.in("en-US"))
		}
		length := b.Check
		b.Check = func(v value.Value) error {
			if err := length(v); err != nil {
				return err
			}
			if v.Kind() == value.Text && !re.MatchString(v.Text()) {
				return wrong
			}
			return nil
		}
		return nil
	},
	Examples: []Example{
		{In: `"榫卯科技"`, Out: `"榫卯科技"`, Text: "榫卯科技"},
		{In: `13800138000`, Out: `"13800138000"`},
		{In: `"  "`, Out: `null`},
		{In: `null`, Out: `null`},
		{In: `"a\nb"`, Err: "field.text.control"},
		{Options: `{"multiline":true}`, In: `"a\r\nb"`, Out: `"a\nb"`},
		{In: `"a\u0000b"`, Err: "field.text.control"},
		{In: `true`, Err: "field.text"},
		{Options: `{"max_length":3}`, In: `"四个汉字"`, Err: "field.text.max"},
		{Options: `{"pattern":"[A-Z]{2}[0-9]{2}","pattern_message":"两位字母加两位数字"}`, In: `"AB12x"`, Err: "field.text.pattern"},
	},
})

// bindText sets up a type whose values are text kept as typed.
func bindText(b *Bound, maxLength int, lines bool) {
	b.DB = DBText
	b.Parse = func(raw any, _ Env) (value.Value, error) {
		if blank(raw) {
			return value.Value{}, nil
		}
		s, err := plain(raw)
		if err != nil {
			return value.Value{}, err
		}
		if s, err = tidy(s, lines); err != nil {
			return value.Value{}, err
		}
		return value.OfText(s), nil
	}
	b.Format = func(v value.Value, _ Env) string { return v.Text() }
	b.Check = atMost(maxLength)
}

// atMost is the Check of a text's length in characters.
func atMost(max int) func(value.Value) error {
	return func(v value.Value) error {
		if v.Kind() != value.Text || len(v.Text()) <= max {
			return nil
		}
		if n := utf8.RuneCountInString(v.Text()); n > max {
			return ErrLong.With("max", max).With("count", n)
		}
		return nil
	}
}

package field

import (
	"regexp"
	"strings"

	"tenon/schema/fault"
	"tenon/schema/panel"
	"tenon/schema/value"
)

type emailOptions struct{}

var errEmail = fault.Define(fault.Invalid, "field.email", "“{value}”不是邮箱地址", "\"{value}\" is not an e-mail address")

var emailText = regexp.MustCompile("^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$")

var _ = Define(Spec[emailOptions]{
	Name: "email", Group: "text", Icon: "mail",
	Label:   Label{ZH: "邮箱", EN: "E-mail"},
	Help:    Label{ZH: "电子邮箱地址，统一存为小写", EN: "An e-mail address, kept in lower case"},
	Options: panel.Object(),
	Kind:    value.Text,
	Traits:  Traits{Searchable: true, Sortable: true, Filterable: true, Uniquable: true, HoldsMail: true},
	Bind: func(_ emailOptions, b *Bound) error {
		bindText(b, 254, false)
		b.Mask = MaskEmail
		b.Parse = func(raw any, _ Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			s, ok := raw.(string)
			if !ok {
				return value.Value{}, ErrText.New()
			}
			s = strings.TrimPrefix(key(s), "mailto:")
			if len(s) > 254 || !emailText.MatchString(s) || strings.IndexByte(s, '@') > 64 {
				return value.Value{}, errEmail.With("value", clip(s))
			}
			return value.OfText(s), nil
		}
		return nil
	},
	Examples: []Example{
		{In: `"Anna.Li@Example.COM "`, Out: `"anna.li@example.com"`, Text: "anna.li@example.com"},
		{In: `"ａ＠ｂ．ｃｎ"`, Out: `"a@b.cn"`},
		{In: `null`, Out: `null`},
		{In: `""`, Out: `null`},
		{In: `"a@b"`, Err: "field.email"},
		{In: `"a b@example.com"`, Err: "field.email"},
		{In: `"Anna <anna@example.com>"`, Err: "field.email"},
		{In: `7`, Err: "field.text"},
	},
})

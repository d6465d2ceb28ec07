package field

import (
	"net/url"
	"strings"

	"tenon/schema/fault"
	"tenon/schema/panel"
	"tenon/schema/value"
)

type urlOptions struct{}

var errURL = fault.Define(fault.Invalid, "field.url", "“{value}”不是网址；网址以 http:// 或 https:// 开头", "\"{value}\" is not a web address; it starts with http:// or https://")

var _ = Define(Spec[urlOptions]{
	Name: "url", Group: "text", Icon: "globe",
	Label:   Label{ZH: "网址", EN: "Web address"},
	Help:    Label{ZH: "可点击的链接，只接受 http 和 https", EN: "A link to click; only http and https"},
	Options: panel.Object(),
	Kind:    value.Text,
	Traits:  Traits{Searchable: true, Sortable: true, Filterable: true, Uniquable: true},
	Bind: func(_ urlOptions, b *Bound) error {
		bindText(b, 2000, false)
		b.Parse = func(raw any, _ Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			typed, ok := raw.(string)
			if !ok {
				return value.Value{}, ErrText.New()
			}
			s, ok := webAddress(typed)
			if !ok {
				return value.Value{}, errURL.With("value", clip(typed))
			}
			return value.OfText(s), nil
		}
		return nil
	},
	Examples: []Example{
		{In: `"https://example.com/产品?a=1"`, Out: `"https://example.com/产品?a=1"`, Text: "https://example.com/产品?a=1"},
		{In: `" HTTP://Example.com "`, Out: `"http://example.com"`},
		{In: `"www.example.com/a"`, Out: `"https://www.example.com/a"`},
		{In: `null`, Out: `null`},
		{In: `"javascript:alert(1)"`, Err: "field.url"},
		{In: `"https://user:pass@example.com"`, Err: "field.url"},
		{In: `"ftp://example.com"`, Err: "field.url"},
		{In: `"官网"`, Err: "field.url"},
		{In: `false`, Err: "field.text"},
	},
})

// webAddress checks an address and brings scheme and host to lower case; the
// rest stays as typed. Addresses that carry a password are refused: records
// are read by many.
func webAddress(typed string) (string, bool) {
	s, err := tidy(strings.TrimSpace(typed), false)
	if err != nil || strings.ContainsAny(s, " \"<>\\^`{|}") {
		return "", false
	}
	if strings.HasPrefix(strings.ToLower(s), "www.") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.User != nil || u.Opaque != "" {
		return "", false
	}
	scheme, host := strings.ToLower(u.Scheme), u.Hostname()
	if scheme != "http" && scheme != "https" || host == "" {
		return "", false
	}
	if host != "localhost" && !strings.Contains(host, ".") && !strings.Contains(host, ":") {
		return "", false
	}
	head := len(u.Scheme) + len("://")
	if len(s) < head+len(u.Host) || !strings.EqualFold(s[head:head+len(u.Host)], u.Host) {
		return "", false // an escaped host: refused rather than rewritten
	}
	return scheme + "://" + strings.ToLower(u.Host) + s[head+len(u.Host):], true
}

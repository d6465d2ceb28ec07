package field

import (
	"html"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"

	"tenon/schema/panel"
	"tenon/schema/value"
)

type richTextOptions struct {
	MaxLength int `json:"max_length"`
}

// richPolicy admits what an editor for business texts writes: structure,
// emphasis, lists, tables, links and pictures; never scripts, styles or frames.
var richPolicy = func() *bluemonday.Policy {
	p := bluemonday.UGCPolicy()
	p.AllowRelativeURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	p.AllowAttrs("data-member").Matching(bluemonday.SpaceSeparatedTokens).OnElements("span")
	p.AllowAttrs("data-align").Matching(regexp.MustCompile(`^(left|center|right|justify)$`)).OnElements("p", "h1", "h2", "h3", "h4")
	p.AllowNoAttrs().OnElements("span")
	return p
}()

var (
	richStrip  = bluemonday.StrictPolicy()
	richBreaks = regexp.MustCompile(`(?i)<br\s*/?>|</(?:p|div|h[1-6]|li|tr|blockquote|pre)>`)
	richShows  = regexp.MustCompile(`(?i)<(?:img|hr)\b`)
)

var _ = Define(Spec[richTextOptions]{
	Name: "rich_text", Group: "text", Icon: "pen",
	Label: Label{ZH: "富文本", EN: "Rich text"},
	Help:  Label{ZH: "带标题、列表、图片等格式的文字；不安全的内容在保存时去除", EN: "Text with headings, lists and pictures; unsafe content is removed on saving"},
	Options: panel.Object(
		panel.Whole("max_length", 1, 1000000, "最多字数", "Maximum length").Default(100000).
			Help("按 HTML 源码计算", "Counted in HTML source"),
	),
	Kind:   value.Text,
	Traits: Traits{Searchable: true, Filterable: true},
	Bind: func(o richTextOptions, b *Bound) error {
		if o.MaxLength == 0 {
			o.MaxLength = 100000
		}
		bindText(b, o.MaxLength, true)
		asText := b.Parse
		b.Parse = func(raw any, env Env) (value.Value, error) {
			v, err := asText(raw, env)
			if err != nil || v.IsNull() {
				return v, err
			}
			if len(v.Text()) > 4*o.MaxLength+65536 {
				// Refused before the sanitiser spends time on it; Check counts exactly.
				return value.Value{}, ErrLong.With("max", o.MaxLength).With("count", len(v.Text()))
			}
			s := sanitise(v.Text())
			if plainOf(s) == "" && !richShows.MatchString(s) {
				return value.Value{}, nil // an empty editor leaves <p></p>
			}
			return value.OfText(s), nil
		}
		b.Format = func(v value.Value, _ Env) string { return plainOf(v.Text()) }
		return nil
	},
	Examples: []Example{
		{In: `"<p>你好<b>世界</b></p>"`, Out: `"<p>你好<b>世界</b></p>"`, Text: "你好世界"},
		{In: `"<p onclick=\"x()\">a</p><script>alert(1)</script>"`, Out: `"<p>a</p>"`},
		{In: `"<p>一</p><p>二 &lt; 三</p>"`, Out: `"<p>一</p><p>二 &lt; 三</p>"`, Text: "一\n二 < 三"},
		{In: `"<p><br></p>"`, Out: `null`},
		{In: `null`, Out: `null`},
		{In: `{"html":"x"}`, Err: "field.text"},
		{In: `"a\u0000"`, Err: "field.text.control"},
	},
})

// sanitise runs to a fixed point, so that what is stored is what a second save
// would store.
func sanitise(s string) string {
	for range 3 {
		next := richPolicy.Sanitize(s)
		if next == s {
			break
		}
		s = next
	}
	return s
}

// plainOf is the text that a reader of the HTML sees.
func plainOf(s string) string {
	s = richBreaks.ReplaceAllString(s, "$0\n")
	return strings.TrimSpace(html.UnescapeString(richStrip.Sanitize(s)))
}

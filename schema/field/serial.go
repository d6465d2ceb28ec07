package field

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"tenon/schema/panel"
	"tenon/schema/value"
)

type serialOptions struct {
	Pattern string `json:"pattern"`
	Reset   string `json:"reset"`
	Start   *int64 `json:"start"`
	GapFree bool   `json:"gap_free"`
}

var _ = Define(Spec[serialOptions]{
	Name: "serial", Group: "computed", Icon: "serial",
	Label: Label{ZH: "流水号", EN: "Serial no."},
	Help:  Label{ZH: "新建时自动生成的编号，例如 XS202611220001", EN: "A number given on creation, such as XS202611220001"},
	Options: panel.Object(
		panel.Text("pattern", 80, "编号规则", "Pattern").Required().
			Help("{yyyyMMdd} 是日期，{0000} 是至少四位的序号，其余照写；例如 XS{yyyyMMdd}{0000}", "{yyyyMMdd} is the date, {0000} a counter of at least four digits, the rest stays; for example XS{yyyyMMdd}{0000}"),
		panel.Select("reset", "序号重新开始", "Counter restarts",
			panel.Choice{Value: "never", ZH: "不重新开始", EN: "Never"},
			panel.Choice{Value: "day", ZH: "每天", EN: "Every day"},
			panel.Choice{Value: "month", ZH: "每月", EN: "Every month"},
			panel.Choice{Value: "year", ZH: "每年", EN: "Every year"}).Default("never"),
		panel.Whole("start", 0, 1_000_000_000, "起始序号", "First number").Default(1),
		panel.Switch("gap_free", "不允许跳号", "No gaps").Default(false).
			Help("保存失败也不会留下空号，但同时新建的记录要排队", "A failed save leaves no hole, but records made at the same time wait for each other"),
	),
	Kind:   value.Text,
	Traits: Traits{Generated: true, Searchable: true, Sortable: true, Filterable: true, Uniquable: true},
	Bind: func(o serialOptions, b *Bound) error {
		s := &SerialSpec{Pattern: o.Pattern, Reset: o.Reset, Start: 1, GapFree: o.GapFree}
		if s.Reset == "" {
			s.Reset = "never"
		}
		if o.Start != nil {
			s.Start = *o.Start
		}
		if err := s.check(); err != nil {
			return err
		}
		b.DB, b.Serial = DBText, s
		b.Parse = func(raw any, _ Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			return value.Value{}, ErrGenerated.New()
		}
		b.Format = func(v value.Value, _ Env) string { return v.Text() }
		return nil
	},
	Examples: []Example{
		{Options: `{"pattern":"XS{yyyyMMdd}{0000}","reset":"day"}`, In: `null`, Out: `null`},
		{Options: `{"pattern":"XS{yyyyMMdd}{0000}","reset":"day"}`, In: `""`, Out: `null`},
		{Options: `{"pattern":"HT-{yyyy}-{00000}","reset":"year","gap_free":true}`, In: `"HT-2026-00001"`, Err: "field.generated"},
		{Options: `{"pattern":"{0000}"}`, In: `7`, Err: "field.generated"},
	},
})

// patternPart is one piece of a serial pattern: literal text, a date layout or
// the counter's width.
type patternPart struct {
	text, layout string
	width        int
}

var dateParts = regexp.MustCompile(`^(?:yyyy|yy|MM|dd|HH|mm|ss|[-_/.])+$`)

var goLayout = strings.NewReplacer("yyyy", "2006", "yy", "06", "MM", "01", "dd", "02", "HH", "15", "mm", "04", "ss", "05")

// parts reads the pattern; `{{` and `}}` are literal braces.
func (s *SerialSpec) parts() ([]patternPart, error) {
	bad := option("/pattern", "花括号里只能是日期（如 yyyyMMdd）或序号（如 0000）", "braces hold a date such as yyyyMMdd or a counter such as 0000")
	var out []patternPart
	literal := func(t string) {
		if t != "" {
			out = append(out, patternPart{text: t})
		}
	}
	p := s.Pattern
	for p != "" {
		i := strings.IndexAny(p, "{}")
		if i < 0 {
			literal(p)
			break
		}
		literal(p[:i])
		if p = p[i:]; strings.HasPrefix(p, "{{") || strings.HasPrefix(p, "}}") {
			literal(p[:1])
			p = p[2:]
			continue
		}
		end := strings.IndexByte(p, '}')
		if p[0] == '}' || end < 0 {
			return nil, bad
		}
		in := p[1:end]
		p = p[end+1:]
		switch {
		case in != "" && len(in) <= 12 && strings.Trim(in, "0") == "":
			out = append(out, patternPart{width: len(in)})
		case dateParts.MatchString(in):
			out = append(out, patternPart{layout: goLayout.Replace(in), text: in})
		default:
			return nil, bad
		}
	}
	return out, nil
}

// check refuses patterns that would give the same number twice.
func (s *SerialSpec) check() error {
	parts, err := s.parts()
	if err != nil {
		return err
	}
	counters, dates := 0, ""
	for _, p := range parts {
		if p.width > 0 {
			counters++
		}
		if p.layout != "" {
			dates += p.text
		}
	}
	if counters != 1 {
		return option("/pattern", "编号规则里要有且只有一个序号，例如 {0000}", "the pattern needs exactly one counter such as {0000}")
	}
	if _, err := tidy(s.Pattern, false); err != nil {
		return option("/pattern", "编号规则里不能有换行", "the pattern must not contain line breaks")
	}
	need := map[string][]string{"day": {"yy", "MM", "dd"}, "month": {"yy", "MM"}, "year": {"yy"}}[s.Reset]
	for _, part := range need {
		if !strings.Contains(dates, part) {
			return option("/reset", "序号会重新开始，编号里要有相应的日期，否则会重号", "the counter restarts, so the pattern needs the matching date or numbers would repeat")
		}
	}
	return nil
}

// Text writes the number n given at a moment; at is in the workspace's zone.
func (s *SerialSpec) Text(at time.Time, n int64) string {
	parts, err := s.parts()
	if err != nil {
		return fmt.Sprint(n) // Bind has refused such a pattern
	}
	var b strings.Builder
	for _, p := range parts {
		switch {
		case p.width > 0:
			fmt.Fprintf(&b, "%0*d", p.width, n)
		case p.layout != "":
			b.WriteString(at.Format(p.layout))
		default:
			b.WriteString(p.text)
		}
	}
	return b.String()
}

// Period names the span in which the counter runs on: numbers of one period
// share a sequence. at is in the workspace's zone.
func (s *SerialSpec) Period(at time.Time) string {
	switch s.Reset {
	case "day":
		return at.Format("2006-01-02")
	case "month":
		return at.Format("2006-01")
	case "year":
		return at.Format("2006")
	}
	return ""
}

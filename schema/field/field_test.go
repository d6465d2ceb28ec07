package field_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

func TestPhone_normalises(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ country, in, out string }{
		{"", "138-0013-8000", "13800138000"},
		{"", "1380013-8000", "13800138000"},
		{"", "86 13800138000", "13800138000"},
		{"", "0086 138 0013 8000", "13800138000"},
		{"", "+86 10 6655 4433", "010-66554433"},
		{"", "010－66554433", "010-66554433"},
		{"", "021-5888 8888 ext. 12", "021-58888888-12"},
		{"", "0755-8788123-4", "0755-8788123-4"},
		{"", "400 820 8820 转 1", "400-820-8820-1"},
		{"", "0044 20 7946 0958", "+442079460958"},
		{"", "66554433", ""},
		{"", "13800138000 转 1", ""},
		{"", "23800138000", ""},
		{"HK", "+86 138 0013 8000", "+8613800138000"},
		{"US", "(415) 555-0100", "+14155550100"},
		{"US", "1-415-555-0100", "+14155550100"},
		{"GB", "020 7946 0958", "+442079460958"},
	} {
		b := bind(t, "phone", fmt.Sprintf(`{"country":%q}`, cmp.Or(c.country, "CN")))
		v, err := parse(b, c.in)
		if (err != nil) != (c.out == "") || v.Text() != c.out {
			t.Errorf("%s %s = %s, %v, want %s", c.country, c.in, v.Text(), err, c.out)
			continue
		}
		if again, err := parse(b, v.Text()); c.out != "" && (err != nil || !value.Equal(v, again)) {
			t.Errorf("%s is read again as %s, %v", v.Text(), again.Text(), err)
		}
	}
}

func TestNumber_bounds_and_rounding(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ options, in, out, err string }{
		{`{"scale":2}`, "0.005", "0.01", ""},
		{`{"scale":2}`, "-0.005", "-0.01", ""},
		{`{"scale":2}`, "1.004999", "1", ""},
		{`{}`, "1234567.1234567891", "1234567.12345679", ""},
		{`{}`, "999999999999999", "999999999999999", ""},
		{`{}`, "1000000000000000", "", "field.number.digits"},
		{`{"precision":38}`, strings.Repeat("9", 38), strings.Repeat("9", 38), ""},
		{`{"precision":38}`, strings.Repeat("9", 39), "", "field.number.digits"},
		{`{}`, "1e-300", "", "field.number.digits"},
		{`{}`, "1.5e3", "1500", ""},
		{`{}`, ".5", "0.5", ""},
		{`{}`, "1 234", "", "field.number"},
		{`{}`, "12,34,567", "", "field.number"},
		{`{}`, "１，２３４．５", "1234.5", ""},
		{`{}`, "-", "", "field.number"},
		{`{}`, "¥", "", "field.number"},
		{`{}`, "(-5)", "", "field.number"},
		{`{"max":"99999999999999999999.5","precision":30}`, "99999999999999999999.6", "", "field.number.max"},
	} {
		v, err := parse(bind(t, "number", c.options), c.in)
		if fault.CodeOf(err) != c.err || c.err == "" && !v.Number().Equal(decimal.RequireFromString(c.out)) {
			t.Errorf("%s %s = %s, %v, want %s%s", c.options, c.in, v, err, c.out, c.err)
		}
	}
	if b := bind(t, "number", `{"precision":20}`); b.Precision != 20 {
		t.Errorf("precision is %d", b.Precision)
	}
}

func TestBind_refuses_contradictory_options(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, options string }{
		{"number", `{"min":2,"max":1}`},
		{"number", `{"scale":11}`},
		{"number", `{"colour":"red"}`},
		{"text", `{"pattern":"("}`},
		{"date", `{"min":"2026-02-30"}`},
		{"date", `{"min":"2026-02-03","max":"2026-02-01"}`},
		{"select", `{}`},
		{"select", `{"choices":[{"key":"a","label":"甲"},{"key":"a","label":"乙"}]}`},
		{"select", `{"choices":[{"key":"a b","label":"甲"}]}`},
		{"select", `{"choices":[{"key":"a","label":{}}]}`},
		{"tags", `{"free":false}`},
		{"link", `{}`},
		{"link", `{"entity":"e","fill":[{"from":"a","to":"x"},{"from":"b","to":"x"}]}`},
		{"subform", `{"min_rows":3,"max_rows":2}`},
		{"serial", `{"pattern":"XS"}`},
		{"serial", `{"pattern":"{00}{00}"}`},
		{"serial", `{"pattern":"{0000}","reset":"day"}`},
		{"serial", `{"pattern":"{yyyy}{0000}","reset":"month"}`},
		{"serial", `{"pattern":"{name}{0000}"}`},
		{"serial", `{"pattern":"{0000"}`},
		{"formula", `{"expr":"1","result":"text","scale":2}`},
		{"formula", `{"expr":"1"}`},
		{"rollup", `{"fn":"count"}`},
		{"rollup", `{"fn":"sum","rows":"items"}`},
		{"rollup", `{"fn":"count","rows":"items","entity":"e","via":"v"}`},
		{"rollup", `{"fn":"count","entity":"e"}`},
		{"attachment", `{"accept":["*"]}`},
		{"rating", `{"max":1}`},
	} {
		if _, err := field.Bind(c.name, json.RawMessage(c.options)); fault.CodeOf(err) == "" || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s %s: %v", c.name, c.options, err)
		}
	}
	if _, err := field.Bind("rocket", nil); fault.CodeOf(err) != "catalog.unknown" {
		t.Errorf("unknown type: %v", err)
	}
}

func TestSelect_resolves_names(t *testing.T) {
	t.Parallel()
	b := bind(t, "select", `{"choices":[
		{"key":"a","label":"甲","retired":true},
		{"key":"b","label":"甲"},
		{"key":"c","label":{"zh-CN":"丙","en-US":"Same"}},
		{"key":"d","label":{"zh-CN":"丁","en-US":"Same"}},
		{"key":"2026","label":"二〇二六"},
		{"key":"e","label":"戊"},{"key":"f","label":"己"},{"key":"g","label":"庚"}]}`)
	for in, want := range map[string]string{"甲": "b", "a": "a", "丁": "d", "2026": "2026"} {
		if v, err := parse(b, in); err != nil || v.Text() != want {
			t.Errorf("%s = %s, %v", in, v.Text(), err)
		}
	}
	if v, err := parse(b, json.Number("2026")); err != nil || v.Text() != "2026" {
		t.Errorf("2026 = %v, %v", v, err)
	}
	if _, err := parse(b, "same"); fault.CodeOf(err) != "field.choice.ambiguous" {
		t.Errorf("ambiguous: %v", err)
	}
	_, err := parse(b, "癸")
	if text := fault.Of(err)[0].Text("zh-CN"); !strings.Contains(text, "甲、丙、丁、二〇二六、戊、…") {
		t.Errorf("message %q", text)
	}
}

func TestCheckRetired_lets_old_choices_stay(t *testing.T) {
	t.Parallel()
	b := bind(t, "multi_select", `{"choices":[{"key":"a","label":"甲"},{"key":"b","label":"乙","retired":true}]}`)
	with := value.OfList([]value.Value{value.OfText("a"), value.OfText("b")})
	if err := b.CheckRetired(value.Value{}, with); fault.CodeOf(err) != "field.choice.retired" {
		t.Errorf("newly chosen: %v", err)
	}
	if err := b.CheckRetired(with, with); err != nil {
		t.Errorf("kept: %v", err)
	}
}

func TestMaskPartial(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, in, out string }{
		{field.MaskPhone, "13800138000", "138****8000"},
		{field.MaskPhone, "010-66554433", "010-****4433"},
		{field.MaskPhone, "+14155550100", "+14****0100"},
		{field.MaskPhone, "123", "***"},
		{field.MaskEmail, "anna@x.com", "a***@x.com"},
		{field.MaskEmail, "no mail", "***"},
		{field.MaskText, "王小明", "王*明"},
		{field.MaskText, "王明", "王*"},
		{field.MaskText, "王", "***"},
		{field.MaskText, "榫卯科技有限公司", "榫***司"},
		{"", "secret", "***"},
		{field.MaskText, "", ""},
	} {
		if got := field.MaskPartial(c.kind, c.in); got != c.out {
			t.Errorf("%s %s = %s, want %s", c.kind, c.in, got, c.out)
		}
	}
}

func TestSerialSpec(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 9, 30, 0, 0, china.Zone)
	for _, c := range []struct {
		options string
		n       int64
		text    string
		period  string
	}{
		{`{"pattern":"XS{yyyyMMdd}{0000}","reset":"day"}`, 7, "XS202611220007", "2026-11-22"},
		{`{"pattern":"HT-{yy}-{MM}-{000}","reset":"month"}`, 12345, "HT-26-11-12345", "2026-11"},
		{`{"pattern":"{{{yyyy}}}/{00}","reset":"year"}`, 1, "{2026}/01", "2026"},
		{`{"pattern":"NO{0000}"}`, 1, "NO0001", ""},
	} {
		s := bind(t, "serial", c.options).Serial
		if got := s.Text(at, c.n); got != c.text {
			t.Errorf("%s: %s, want %s", c.options, got, c.text)
		}
		if got := s.Period(at); got != c.period {
			t.Errorf("%s: period %s, want %s", c.options, got, c.period)
		}
	}
	if s := bind(t, "serial", `{"pattern":"{0}","start":100}`).Serial; s.Start != 100 || s.Reset != "never" {
		t.Errorf("%+v", s)
	}
}

func TestExcel_serials(t *testing.T) {
	t.Parallel()
	for serial, want := range map[float64]string{1: "1900-01-01", 59: "1900-02-28", 61: "1900-03-01", 46348: "2026-11-22"} {
		if v, err := field.ExcelDate(serial, false); err != nil || v.Text() != want {
			t.Errorf("%v = %s, %v, want %s", serial, v.Text(), err, want)
		}
	}
	if v, err := field.ExcelDate(44886, true); err != nil || v.Text() != "2026-11-22" {
		t.Errorf("1904: %v %v", v, err)
	}
	v, err := field.ExcelTime(46348.395833333336, false, china.Zone)
	if want := value.OfTime(time.Date(2026, 11, 22, 9, 30, 0, 0, china.Zone)); err != nil || !value.Equal(v, want) {
		t.Errorf("time = %v, %v", v, err)
	}
	for _, bad := range []float64{-1, 0, 60, 60.5, 3000000} {
		if v, err := field.ExcelDate(bad, false); err == nil {
			t.Errorf("%v became %s", bad, v.Text())
		}
	}
}

func TestParseRows(t *testing.T) {
	t.Parallel()
	qty := bind(t, "number", `{}`)
	row := func(_ int, columns map[string]any) (map[string]value.Value, error) {
		v, err := qty.Parse(columns["qty"], china)
		var l fault.List
		l.AddUnder("qty", err)
		return map[string]value.Value{"qty": v}, l.Err()
	}
	v, err := field.ParseRows(decode(t, `[{"id":"018F3F2E-7B1A-7C3D-8E4F-0123456789AB","qty":1},{"qty":"2"}]`), row)
	if err != nil || string(v.AppendJSON(nil)) != `[{"id":"018f3f2e-7b1a-7c3d-8e4f-0123456789ab","qty":1},{"id":"","qty":2}]` {
		t.Errorf("%s, %v", v.AppendJSON(nil), err)
	}
	_, err = field.ParseRows(decode(t, `[{"qty":"x"},3,{"id":"no"},{"qty":"y"}]`), row)
	var at []string
	for _, f := range fault.Of(err) {
		at = append(at, f.Path)
	}
	if got := strings.Join(at, " "); got != "0/qty 1 2/id 3/qty" {
		t.Errorf("faults at %s", got)
	}
	twin := `[{"id":"018f3f2e-7b1a-7c3d-8e4f-0123456789ab"},{"id":"018f3f2e-7b1a-7c3d-8e4f-0123456789ab"}]`
	if _, err = field.ParseRows(decode(t, twin), row); fault.CodeOf(err) != "field.subform.twin" {
		t.Errorf("twins: %v", err)
	}
}

func TestAdopt_makes_a_computed_field_like_its_source(t *testing.T) {
	t.Parallel()
	choice := bind(t, "select", `{"choices":[{"key":"won","label":"赢单"}]}`)
	lookup := bind(t, "lookup", `{"link":"deal","field":"status"}`)
	if err := lookup.Adopt(choice); err != nil || lookup.Format(value.OfText("won"), china) != "赢单" || !lookup.Traits.Computed || lookup.Traits.Uniquable {
		t.Errorf("%+v, %v", lookup, err)
	}
	money := bind(t, "money", `{}`)
	total := bind(t, "rollup", `{"entity":"deal","via":"customer","fn":"sum","field":"amount"}`)
	if err := total.Adopt(money); err != nil || total.Format(value.OfInt(1200), china) != "¥1,200.00" || total.Precision != 0 {
		t.Errorf("%v, %v", total.Format(value.OfInt(1200), china), err)
	}
	if err := bind(t, "rollup", `{"rows":"items","fn":"sum","field":"name"}`).Adopt(bind(t, "text", `{}`)); fault.CodeOf(err) != "field.rollup.kind" {
		t.Errorf("sum of text: %v", err)
	}
	last := bind(t, "rollup", `{"entity":"visit","via":"customer","fn":"max","field":"at"}`)
	if err := last.Adopt(bind(t, "datetime", `{}`)); err != nil || last.Kind != value.Time || last.DB != field.DBTime {
		t.Errorf("%+v, %v", last, err)
	}
	count := bind(t, "rollup", `{"rows":"items","fn":"count"}`)
	if err := count.Adopt(money); err != nil || count.Format(value.OfInt(3), china) != "3" {
		t.Errorf("%v", err)
	}
}

func TestFormula_format(t *testing.T) {
	t.Parallel()
	n := value.OfNumber(decimal.RequireFromString("0.33333333333"))
	for options, want := range map[string]string{
		`{"expr":"x","result":"number"}`:                                             "0.3333333333",
		`{"expr":"x","result":"number","scale":2}`:                                   "0.33",
		`{"expr":"x","result":"number","format":"percent","scale":3}`:                "33.3%",
		`{"expr":"x","result":"number","format":"money","scale":2,"currency":"USD"}`: "$0.33",
		`{"expr":"x","result":"number","format":"money"}`:                            "¥0.33",
		`{"expr":"x","result":"number","format":"percent"}`:                          "33.3333%",
		`{"expr":"x","result":"number","scale":0}`:                                   "0",
	} {
		if got := bind(t, "formula", options).Format(n, china); got != want {
			t.Errorf("%s: %s, want %s", options, got, want)
		}
	}
}

func TestParseKind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, elem value.Kind
		in, out    string
	}{
		{value.Number, value.Null, `"12%"`, `0.12`},
		{value.Number, value.Null, `"12345678901234567890"`, `"12345678901234567890"`},
		{value.Bool, value.Null, `"是"`, `true`},
		{value.Date, value.Null, `"2026/1/2"`, `"2026-01-02"`},
		{value.Time, value.Null, `"2026-01-02 08:00"`, `"2026-01-02T00:00:00Z"`},
		{value.Text, value.Null, `12`, `"12"`},
		{value.List, value.Text, `["a",null,"b"]`, `["a","b"]`},
		{value.List, value.Text, `"a"`, `["a"]`},
		{value.Object, value.Null, `{"a":1}`, `{"a":1}`},
		{value.Text, value.Null, `""`, `null`},
	} {
		v, err := field.ParseKind(c.kind, c.elem, decode(t, c.in), china)
		if err != nil || string(v.AppendJSON(nil)) != c.out {
			t.Errorf("%v %s = %s, %v, want %s", c.kind, c.in, v.AppendJSON(nil), err, c.out)
		}
	}
	if _, err := field.ParseKind(value.Number, value.Null, "abc", china); !errors.Is(err, field.ErrNumber.New()) {
		t.Errorf("%v", err)
	}
}

func TestTypeGuess(t *testing.T) {
	t.Parallel()
	repeat := func(n int, labels ...string) []string {
		var out []string
		for i := range n {
			out = append(out, labels[i%len(labels)])
		}
		return out
	}
	for _, c := range []struct {
		samples []string
		name    string
		options string
	}{
		{[]string{"1,234.50", "12", "", " "}, "number", `{"scale":2,"thousands":true}`},
		{[]string{"1", "0", "1"}, "number", `{"scale":0}`},
		{[]string{"00123", "00456"}, "text", `{}`},
		{[]string{"110101199003071234", "110101199003071235"}, "text", `{}`},
		{[]string{"12%", "5.5%"}, "percent", `{}`},
		{[]string{"2026-11-22", "2026/1/2"}, "date", `{}`},
		{[]string{"2026-11-22 09:30", "2026-11-22"}, "datetime", `{"precision":"minute"}`},
		{[]string{"2026-11-22 09:30:01"}, "datetime", `{"precision":"second"}`},
		{[]string{"是", "否", "是"}, "boolean", `{}`},
		{[]string{"13800138000", "010-66554433"}, "phone", `{}`},
		{[]string{"a@b.cn", "c@d.cn"}, "email", `{}`},
		{[]string{"https://example.com"}, "url", `{}`},
		{[]string{"￥1,200", "¥3.5"}, "money", `{"currency":"CNY"}`},
		{[]string{"$5", "$6"}, "money", `{"currency":"USD"}`},
		{[]string{"浙江省杭州市西湖区文三路1号"}, "address", `{}`},
		{repeat(30, "VIP", "普通 客户"), "select", `{"choices":[{"hue":"blue","key":"vip","label":"VIP"},{"hue":"green","key":"普通_客户","label":"普通 客户"}]}`},
		{repeat(29, "甲", "乙"), "text", `{}`},
		{repeat(60, "甲"), "text", `{}`},
		{[]string{strings.Repeat("长", 201)}, "long_text", `{}`},
		{[]string{"a\nb"}, "long_text", `{}`},
		{[]string{"", " "}, "text", `{}`},
		{nil, "text", `{}`},
	} {
		name, options := field.TypeGuess(c.samples)
		if name != c.name || string(options) != c.options {
			t.Errorf("%.40q: %s %s, want %s %s", c.samples, name, options, c.name, c.options)
		}
	}
}

func TestRichText_removes_what_can_run(t *testing.T) {
	t.Parallel()
	b := bind(t, "rich_text", `{}`)
	for _, in := range []string{
		`<img src=x onerror=alert(1)>text`, `<a href="javascript:alert(1)">x</a>`, `<svg onload=alert(1)>x</svg>`,
		`<iframe src="https://example.com"></iframe>x`, `<p style="background:url(javascript:1)">x</p>`, `<img src="data:text/html,x">x`,
	} {
		v, err := parse(b, in)
		if err != nil || strings.ContainsAny(v.Text(), "(") || strings.Contains(v.Text(), "iframe") || strings.Contains(v.Text(), "data:") {
			t.Errorf("%s became %s, %v", in, v.Text(), err)
		}
	}
	v, err := parse(b, `<img src="/api/v1/files/018f3f2e" alt="图">`)
	if err != nil || !strings.Contains(v.Text(), `src="/api/v1/files/018f3f2e"`) {
		t.Errorf("own picture became %s, %v", v.Text(), err)
	}
}

// A huge paste must be refused or read; a quadratic step would outlast the test's time.
func TestTypes_bear_huge_input(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"a,", "<b>", "1", "浙江省", "\u0301"} {
		text := strings.Repeat(unit, (256<<10)/len(unit))
		for _, ft := range field.Types.All() {
			b := bind(t, ft.Entry().Name, ft.Examples()[0].Options)
			if v, err := parse(b, text); err == nil {
				b.Format(v, china)
			}
		}
	}
}

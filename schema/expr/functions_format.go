package expr

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"tenon/schema/value"
)

// Values as text. Nothing here depends on a locale: a formula has one result
// for everybody.

var (
	_ = define(Func{Name: "TEXT", Aliases: []string{"STRING"}, Group: "text", Label: label("转文本", "To text"),
		Help: label(`按格式把值转为文本。数字：0 # , . %（如 "#,##0.00"、"0.0%"），"[Num1]" 为一二三，"[Num2]" 为壹贰叁；日期：yyyy MM dd HH mm ss，hh 配 a 为十二小时制，EE 为周一，EEE 为星期一，单引号内原样输出`,
			`A value as text in a format. Numbers: 0 # , . % (as in "#,##0.00", "0.0%"), "[Num1]" and "[Num2]" for Chinese numerals; dates: yyyy MM dd HH mm ss, hh with a for 12 hours, EE or EEE for the Chinese weekday, single quotes around literal letters`),
		Args: []Arg{{Name: "value", Kinds: []value.Kind{value.Number, value.Date, value.Time, value.Text, value.Ref, value.Bool}}, {Name: "format", Kinds: txt, Optional: true}}, Result: returns(value.Text),
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			format := ""
			if len(a) > 1 {
				format = a[1].Text()
			}
			switch a[0].Kind() {
			case value.Number:
				return formatNumber(a[0].Number(), format), nil
			case value.Date, value.Time:
				if format == "" {
					format = "yyyy-MM-dd"
					if a[0].Kind() == value.Time {
						format = "yyyy-MM-dd HH:mm:ss"
					}
				}
				return value.OfText(formatDate(civil(e, a[0]), format)), nil
			}
			return value.OfText(a[0].String()), nil
		},
		Examples: []FuncExample{{`TEXT(1234.5, "#,##0.00")`, `"1,234.50"`}, {`TEXT(0.1234, "0.0%")`, `"12.3%"`}, {`TEXT(-7, "¥000元")`, `"-¥007元"`}, {`TEXT(107, "[Num1]")`, `"一百零七"`},
			{`TEXT(DATE(2026, 11, 22), "yyyy年M月d日 EEE")`, `"2026年11月22日 星期日"`}, {`TEXT(DATE(2026, 11, 22, 17, 5, 0), "a h:mm")`, `"下午 5:05"`}, {`TEXT(1.50)`, `"1.5"`}, {`TEXT(nil, "0")`, "null"}}})
	_ = define(Func{Name: "FIXED", Group: "text", Label: label("固定小数位", "Fixed decimals"), Help: label("数字四舍五入后写成固定小数位的文本，默认 2 位", "A number rounded and written with fixed decimals, 2 by default"),
		Args: withDigits, Result: returns(value.Text),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			p := int32(2)
			if len(a) > 1 {
				p = places(a, 1)
			}
			return value.OfText(a[0].Number().Round(p).StringFixed(max(p, 0))), nil
		},
		Examples: []FuncExample{{"FIXED(1.005, 2)", `"1.01"`}, {"FIXED(3)", `"3.00"`}, {"FIXED(1250, -2)", `"1300"`}, {"FIXED(nil, 2)", "null"}}})
	_ = define(Func{Name: "RMBCAP", Group: "text", Label: label("人民币大写", "Amount in Chinese capitals"), Help: label("金额的中文大写，四舍五入到分；超过一万万亿时为空", "An amount in Chinese financial capitals, rounded to the fen; blank from 10 quadrillion on"), Args: oneNumber, Result: returns(value.Text), NoSQL: "amounts in capitals are written by the server",
		Go:       func(_ *Env, a []value.Value) (value.Value, error) { return rmbCapital(a[0].Number()), nil },
		Examples: []FuncExample{{"RMBCAP(1409.50)", `"壹仟肆佰零玖元伍角"`}, {"RMBCAP(16409.02)", `"壹万陆仟肆佰零玖元零贰分"`}, {"RMBCAP(100000)", `"壹拾万元整"`}, {"RMBCAP(0)", `"零元整"`}, {"RMBCAP(-0.5)", `"负伍角"`}, {"RMBCAP(nil)", "null"}}})
)

// formatNumber writes a number in a spreadsheet format: text around one run of
// 0 # , . which is what the number takes. Null when that run makes no sense.
func formatNumber(d decimal.Decimal, format string) value.Value {
	switch format {
	case "", "[Num0]":
		return value.OfText(d.String())
	case "[Num1]":
		return chineseNumber(d, "零一二三四五六七八九", "十百千")
	case "[Num2]":
		return chineseNumber(d, capitalDigits, capitalUnits)
	}
	from, to := strings.IndexAny(format, "0#"), strings.LastIndexAny(format, "0#")+1
	if from < 0 {
		return value.OfText(format)
	}
	if from > 0 && format[from-1] == '.' {
		from--
	}
	prefix, body, suffix := format[:from], format[from:to], format[to:]
	if strings.Trim(body, "0#,.") != "" || strings.Count(body, ".") > 1 {
		return value.Value{}
	}
	whole, frac, _ := strings.Cut(body, ".")
	if strings.Contains(frac, ",") || len(frac) > divScale {
		return value.Value{}
	}
	if strings.Contains(prefix, "%") || strings.Contains(suffix, "%") {
		d = d.Shift(2)
	}
	d = d.Round(int32(len(frac)))
	digits, decimals, _ := strings.Cut(d.Abs().StringFixed(int32(len(frac))), ".")
	for least := strings.LastIndex(frac, "0") + 1; len(decimals) > least && decimals[len(decimals)-1] == '0'; {
		decimals = decimals[:len(decimals)-1]
	}
	digits = strings.TrimLeft(digits, "0")
	if least := strings.Count(whole, "0"); len(digits) < least {
		digits = strings.Repeat("0", least-len(digits)) + digits
	}
	if strings.Contains(whole, ",") {
		digits = grouped(digits)
	}
	if decimals != "" {
		digits += "." + decimals
	}
	if d.IsNegative() {
		prefix = "-" + prefix
	}
	return value.OfText(prefix + digits + suffix)
}

// grouped puts a comma before every third digit from the right.
func grouped(s string) string {
	var b strings.Builder
	for i := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

const (
	capitalDigits = "零壹贰叁肆伍陆柒捌玖"
	capitalUnits  = "拾佰仟"
)

var limitChinese = decimal.New(1, 16)

// chineseWhole reads a whole number below 10^16.
func chineseWhole(n int64, digits, units string) string {
	ds, us := []rune(digits), []rune(units)
	four := func(n int64) string {
		out, gap := "", false
		for i, p := 3, int64(1000); i >= 0; i, p = i-1, p/10 {
			d := n / p % 10
			if d == 0 {
				gap = out != ""
				continue
			}
			if gap {
				out += string(ds[0])
				gap = false
			}
			out += string(ds[d])
			if i > 0 {
				out += string(us[i-1])
			}
		}
		return out
	}
	// join reads high and low parts with the unit between, and a zero where
	// the low part does not fill its first place.
	join := func(high, low, full int64, unit string, read func(int64) string) string {
		if high == 0 {
			return read(low)
		}
		s := read(high) + unit
		if low > 0 && low < full {
			s += string(ds[0])
		}
		return s + read(low)
	}
	eight := func(n int64) string { return join(n/1e4, n%1e4, 1000, "万", four) }
	if n == 0 {
		return string(ds[0])
	}
	return join(n/1e8, n%1e8, 1e7, "亿", eight)
}

func chineseNumber(d decimal.Decimal, digits, units string) value.Value {
	if d.Abs().GreaterThanOrEqual(limitChinese) {
		return value.Value{}
	}
	out := chineseWhole(d.Abs().IntPart(), digits, units)
	if d.IsNegative() {
		out = "负" + out
	}
	if _, frac, ok := strings.Cut(d.String(), "."); ok {
		out += "点"
		for _, c := range frac {
			out += string([]rune(digits)[c-'0'])
		}
	}
	return value.OfText(out)
}

// rmbCapital follows the clearing rules of the People's Bank of China: 整
// after a whole number of yuan, nothing after jiao, 零 where jiao are missing.
func rmbCapital(d decimal.Decimal) value.Value {
	r := d.Round(2)
	if r.Abs().GreaterThanOrEqual(limitChinese) {
		return value.Value{}
	}
	cents := r.Abs().Shift(2).IntPart()
	yuan, jiao, fen, digits := cents/100, cents/10%10, cents%10, []rune(capitalDigits)
	out := ""
	if r.IsNegative() {
		out = "负"
	}
	if yuan > 0 || cents == 0 {
		out += chineseWhole(yuan, capitalDigits, capitalUnits) + "元"
	}
	switch {
	case jiao > 0:
		out += string(digits[jiao]) + "角"
	case fen > 0 && yuan > 0:
		out += "零"
	case fen == 0:
		out += "整"
	}
	if fen > 0 {
		out += string(digits[fen]) + "分"
	}
	return value.OfText(out)
}

// formatDate writes civil fields where the format has their letters; other
// characters stay.
func formatDate(t time.Time, format string) string {
	var b strings.Builder
	pad := func(n, width int) {
		s := decimal.NewFromInt(int64(n)).String()
		b.WriteString(strings.Repeat("0", max(0, width-len(s))) + s)
	}
	for r := []rune(format); len(r) > 0; {
		n := 1
		for n < len(r) && r[n] == r[0] {
			n++
		}
		width := min(n, 2)
		switch r[0] {
		case 'y', 'Y':
			if n == 2 {
				pad(t.Year()%100, 2)
			} else {
				pad(t.Year(), 4)
			}
			n = min(n, 4)
		case 'M':
			pad(int(t.Month()), width)
			n = width
		case 'd', 'D':
			pad(t.Day(), width)
			n = width
		case 'H':
			pad(t.Hour(), width)
			n = width
		case 'h':
			pad((t.Hour()+11)%12+1, width)
			n = width
		case 'm':
			pad(t.Minute(), width)
			n = width
		case 's':
			pad(t.Second(), width)
			n = width
		case 'E':
			n = min(n, 3)
			if n == 1 {
				pad(weekday(t)+1, 1)
			} else {
				b.WriteString([]string{"周", "星期"}[n-2] + string([]rune("一二三四五六日")[weekday(t)]))
			}
		case 'a':
			b.WriteString([]string{"上午", "下午"}[t.Hour()/12])
			n = 1
		case '\'':
			n = 1
			for n < len(r) && r[n] != '\'' {
				b.WriteRune(r[n])
				n++
			}
			n = min(n+1, len(r))
		default:
			b.WriteRune(r[0])
			n = 1
		}
		r = r[n:]
	}
	return b.String()
}

package field

import (
	"regexp"
	"strings"

	"tenon/schema/fault"
	"tenon/schema/panel"
	"tenon/schema/value"
)

type phoneOptions struct {
	Country string `json:"country"`
	Mask    bool   `json:"mask"`
}

var errPhone = fault.Define(fault.Invalid, "field.phone", "“{value}”不是电话号码；手机如 13800138000，座机如 010-12345678，境外号码以 + 开头", "\"{value}\" is not a phone number; write 13800138000, 010-12345678, or a number abroad starting with +")

// dialling codes of the countries a field may take bare numbers to be in.
var dialling = map[string]string{
	"HK": "852", "MO": "853", "TW": "886", "SG": "65", "JP": "81", "KR": "82", "US": "1", "CA": "1",
	"GB": "44", "DE": "49", "FR": "33", "AU": "61", "MY": "60", "TH": "66", "VN": "84", "IN": "91",
}

var (
	mobileCN   = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	landlineCN = regexp.MustCompile(`^(010|02[0-9]|0[3-9][0-9]{2})([2-9][0-9]{6,7})$`)
	serviceCN  = regexp.MustCompile(`^([48]00)([0-9]{3})([0-9]{4})$`)
	abroad     = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	nationally = regexp.MustCompile(`^[0-9]{5,13}$`)
	extension  = regexp.MustCompile(`(?i)(?:转|转分机|分机|ext\.?|x|#)([0-9]{1,6})$`)
	canonExtra = regexp.MustCompile(`^((?:010|02[0-9]|0[3-9][0-9]{2})-[2-9][0-9]{6,7}|[48]00-[0-9]{3}-[0-9]{4})-([0-9]{1,6})$`)
	phoneExtra = regexp.MustCompile(`^(.*[0-9]{7,8})-([0-9]{1,6})$`)
)

var _ = Define(Spec[phoneOptions]{
	Name: "phone", Group: "text", Icon: "phone",
	Label: Label{ZH: "电话", EN: "Phone"},
	Help:  Label{ZH: "手机或座机；空格、横线和 +86 会自动整理，便于查重", EN: "A mobile or landline number; spaces, dashes and +86 are tidied so that duplicates are found"},
	Options: panel.Object(
		panel.Select("country", "默认国家/地区", "Default country or region",
			panel.Choice{Value: "CN", ZH: "中国大陆", EN: "Mainland China"},
			panel.Choice{Value: "HK", ZH: "中国香港", EN: "Hong Kong, China"},
			panel.Choice{Value: "MO", ZH: "中国澳门", EN: "Macao, China"},
			panel.Choice{Value: "TW", ZH: "中国台湾", EN: "Taiwan, China"},
			panel.Choice{Value: "SG", ZH: "新加坡", EN: "Singapore"},
			panel.Choice{Value: "JP", ZH: "日本", EN: "Japan"},
			panel.Choice{Value: "KR", ZH: "韩国", EN: "South Korea"},
			panel.Choice{Value: "US", ZH: "美国", EN: "United States"},
			panel.Choice{Value: "CA", ZH: "加拿大", EN: "Canada"},
			panel.Choice{Value: "GB", ZH: "英国", EN: "United Kingdom"},
			panel.Choice{Value: "DE", ZH: "德国", EN: "Germany"},
			panel.Choice{Value: "FR", ZH: "法国", EN: "France"},
			panel.Choice{Value: "AU", ZH: "澳大利亚", EN: "Australia"},
			panel.Choice{Value: "MY", ZH: "马来西亚", EN: "Malaysia"},
			panel.Choice{Value: "TH", ZH: "泰国", EN: "Thailand"},
			panel.Choice{Value: "VN", ZH: "越南", EN: "Vietnam"},
			panel.Choice{Value: "IN", ZH: "印度", EN: "India"}).Default("CN").
			Help("没有国际区号的号码按这里理解", "The country assumed for numbers without a country code"),
		panel.Switch("mask", "列表中隐藏中间四位", "Hide the middle digits in lists").Default(false).
			Help("只影响显示，点开可见；要真正限制请用角色的字段权限", "Display only, revealed by a click; to really restrict it, use the role's field rules"),
	),
	Kind:   value.Text,
	Traits: Traits{Searchable: true, Sortable: true, Filterable: true, Uniquable: true},
	Bind: func(o phoneOptions, b *Bound) error {
		bindText(b, 40, false)
		b.Mask = MaskPhone
		b.Parse = func(raw any, _ Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			s, err := plain(raw)
			if err != nil {
				return value.Value{}, err
			}
			n, ok := phoneNumber(s, o.Country)
			if !ok {
				return value.Value{}, errPhone.With("value", clip(s))
			}
			return value.OfText(n), nil
		}
		return nil
	},
	Examples: []Example{
		{In: `"138 0013 8000"`, Out: `"13800138000"`, Text: "13800138000"},
		{In: `"+86-138-0013-8000"`, Out: `"13800138000"`},
		{In: `"１３８００１３８０００"`, Out: `"13800138000"`},
		{In: `13800138000`, Out: `"13800138000"`},
		{In: `"(010) 6655 4433"`, Out: `"010-66554433"`},
		{In: `"0571-8788 1234转 801"`, Out: `"0571-87881234-801"`},
		{In: `"4008208820"`, Out: `"400-820-8820"`},
		{In: `"+1 (415) 555-0100"`, Out: `"+14155550100"`},
		{Options: `{"country":"HK"}`, In: `"2345 6789"`, Out: `"+85223456789"`},
		{In: `null`, Out: `null`},
		{In: `"12345"`, Err: "field.phone"},
		{In: `"138001380001"`, Err: "field.phone"},
		{In: `"没有电话"`, Err: "field.phone"},
		{In: `true`, Err: "field.text"},
	},
})

// phoneNumber normalises a number: CN mobiles to 11 digits, CN landlines to
// area-number[-extension], all others to E.164.
func phoneNumber(typed, country string) (string, bool) {
	if len(typed) > 100 {
		return "", false
	}
	s := fold(typed)
	for _, dash := range []string{"‐", "‑", "–", "—", "−", "ー"} {
		s = strings.ReplaceAll(s, dash, "-")
	}
	s = strings.Join(strings.Fields(s), "")
	s = strings.NewReplacer("(", "", ")", "-", ".", "", "/", "", "·", "").Replace(s)
	// An extension may follow a word, or a dash as this function writes it.
	if m := extension.FindStringSubmatch(s); m != nil {
		return dialled(strings.TrimSuffix(s, m[0]), m[1], country)
	}
	if m := canonExtra.FindStringSubmatch(s); m != nil {
		return dialled(m[1], m[2], country)
	}
	if n, ok := dialled(s, "", country); ok {
		return n, true
	}
	if m := phoneExtra.FindStringSubmatch(s); m != nil {
		return dialled(m[1], m[2], country)
	}
	return "", false
}

// dialled normalises a number whose extension has been taken off.
func dialled(s, ext, country string) (string, bool) {
	s = strings.ReplaceAll(s, "-", "")
	chinese := country == "" || country == "CN"
	if r, ok := strings.CutPrefix(s, "00"); ok {
		s = "+" + r
	}
	if r, ok := strings.CutPrefix(s, "+86"); ok && chinese {
		s = r
		if !strings.HasPrefix(s, "0") && !mobileCN.MatchString(s) && !serviceCN.MatchString(s) {
			s = "0" + s // +86 10 1234 5678 leaves out the trunk 0
		}
	} else if r, ok := strings.CutPrefix(s, "86"); ok && chinese && mobileCN.MatchString(r) {
		s = r
	}
	switch {
	case chinese && mobileCN.MatchString(s):
		return s, ext == ""
	case chinese && landlineCN.MatchString(s):
		m := landlineCN.FindStringSubmatch(s)
		return extended(m[1]+"-"+m[2], ext), true
	case chinese && serviceCN.MatchString(s):
		m := serviceCN.FindStringSubmatch(s)
		return extended(m[1]+"-"+m[2]+"-"+m[3], ext), true
	case ext != "":
		return "", false
	case abroad.MatchString(s):
		return s, true
	case !chinese && nationally.MatchString(s):
		code, ok := dialling[country]
		if code == "1" && len(s) == 11 {
			s = strings.TrimPrefix(s, "1")
		}
		s = "+" + code + strings.TrimPrefix(s, "0")
		return s, ok && abroad.MatchString(s)
	}
	return "", false
}

func extended(number, ext string) string {
	if ext == "" {
		return number
	}
	return number + "-" + ext
}

package field

import "tenon/schema/panel"

// currency is a currency of ISO 4217 with its sign as shown and its usual digits.
type currency struct {
	code, zh, en string
	sign         string
	scale        int32
	words        []string // further texts people write for it
}

// currencies in the order of the select.
var currencies = []currency{
	{"CNY", "人民币", "Chinese yuan", "¥", 2, []string{"RMB", "元", "块"}},
	{"USD", "美元", "US dollar", "$", 2, []string{"US$", "美元"}},
	{"EUR", "欧元", "Euro", "€", 2, []string{"欧元"}},
	{"GBP", "英镑", "Pound sterling", "£", 2, []string{"英镑"}},
	{"JPY", "日元", "Japanese yen", "JP¥", 0, []string{"¥", "日元", "円"}},
	{"HKD", "港元", "Hong Kong dollar", "HK$", 2, []string{"$", "港元", "港币"}},
	{"TWD", "新台币", "New Taiwan dollar", "NT$", 2, []string{"$", "新台币"}},
	{"MOP", "澳门元", "Macanese pataca", "MOP$", 2, []string{"澳门元"}},
	{"KRW", "韩元", "South Korean won", "₩", 0, []string{"韩元"}},
	{"SGD", "新加坡元", "Singapore dollar", "S$", 2, []string{"$", "新加坡元"}},
	{"AUD", "澳大利亚元", "Australian dollar", "A$", 2, []string{"$", "澳元"}},
	{"CAD", "加拿大元", "Canadian dollar", "C$", 2, []string{"$", "加元"}},
	{"CHF", "瑞士法郎", "Swiss franc", "CHF ", 2, []string{"瑞士法郎"}},
	{"INR", "印度卢比", "Indian rupee", "₹", 2, []string{"印度卢比"}},
	{"THB", "泰铢", "Thai baht", "฿", 2, []string{"泰铢"}},
	{"VND", "越南盾", "Vietnamese dong", "₫", 0, []string{"越南盾"}},
	{"MYR", "马来西亚林吉特", "Malaysian ringgit", "RM", 2, []string{"林吉特"}},
	{"IDR", "印尼盾", "Indonesian rupiah", "Rp", 0, []string{"印尼盾"}},
	{"PHP", "菲律宾比索", "Philippine peso", "₱", 2, nil},
	{"RUB", "俄罗斯卢布", "Russian rouble", "₽", 2, []string{"卢布"}},
	{"AED", "阿联酋迪拉姆", "UAE dirham", "AED ", 2, nil},
	{"BRL", "巴西雷亚尔", "Brazilian real", "R$", 2, nil},
}

// currencyOf returns the currency of that code, the yuan for a blank one.
func currencyOf(code string) currency {
	for _, c := range currencies {
		if c.code == code {
			return c
		}
	}
	return currencies[0]
}

// currencyOption is the select of a currency.
func currencyOption() panel.Prop {
	all := make([]panel.Choice, len(currencies))
	for i, c := range currencies {
		all[i] = panel.Choice{Value: c.code, ZH: c.zh, EN: c.en}
	}
	return panel.Select("currency", "币种", "Currency", all...).Default("CNY")
}

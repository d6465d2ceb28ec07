package field

import (
	"encoding/json"

	"tenon/schema/fault"
	"tenon/schema/field/geo"
	"tenon/schema/panel"
	"tenon/schema/value"
)

type addressOptions struct {
	Levels string `json:"levels"`
}

// Address is the value of an address field.
type Address struct {
	Province string `json:"province,omitempty"`
	City     string `json:"city,omitempty"`
	District string `json:"district,omitempty"`
	Street   string `json:"street,omitempty"`
}

var (
	errAddress = fault.Define(fault.Invalid, "field.address", "无法识别地址“{value}”，请以省市开头，例如 浙江省杭州市西湖区文三路1号", "the address \"{value}\" is not recognized; start with province and city, such as 浙江省杭州市西湖区文三路1号")
	errPlace   = fault.Define(fault.Invalid, "field.address.unknown", "没有“{value}”这个省、市或区县", "there is no province, city or district \"{value}\" there")
	errDeep    = fault.Define(fault.Invalid, "field.address.levels", "此处的地址只到{level_zh}，“{value}”无处可存", "the address here ends with the {level_en}; there is no place for \"{value}\"")
)

var _ = Define(Spec[addressOptions]{
	Name: "address", Group: "other", Icon: "map",
	Label: Label{ZH: "地址", EN: "Address"},
	Help:  Label{ZH: "省、市、区县和详细地址；粘贴整段地址会自动拆分", EN: "Province, city, district and street; a pasted address is split"},
	Options: panel.Object(
		panel.Select("levels", "填写到", "Down to",
			panel.Choice{Value: "province", ZH: "省", EN: "Province"},
			panel.Choice{Value: "city", ZH: "市", EN: "City"},
			panel.Choice{Value: "district", ZH: "区县", EN: "District"},
			panel.Choice{Value: "street", ZH: "详细地址", EN: "Street"}).Default("street"),
	),
	Kind:   value.Object,
	Traits: Traits{Filterable: true},
	Bind: func(o addressOptions, b *Bound) error {
		b.DB = DBJSON
		b.Parse = func(raw any, _ Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			a, err := readAddress(raw)
			if err != nil {
				return value.Value{}, err
			}
			if err := a.within(o.Levels); err != nil {
				return value.Value{}, err
			}
			if a == (Address{}) {
				return value.Value{}, nil
			}
			return objectOf(a)
		}
		b.Format = func(v value.Value, _ Env) string {
			var a Address
			if v.Kind() != value.Object || json.Unmarshal(v.Object(), &a) != nil {
				return ""
			}
			return a.String()
		}
		return nil
	},
	Examples: []Example{
		{In: `{"province":"浙江省","city":"杭州市","district":"西湖区","street":"文三路1号"}`, Out: `{"province":"浙江省","city":"杭州市","district":"西湖区","street":"文三路1号"}`, Text: "浙江省杭州市西湖区文三路1号"},
		{In: `"浙江省杭州市西湖区文三路1号"`, Out: `{"province":"浙江省","city":"杭州市","district":"西湖区","street":"文三路1号"}`},
		{In: `"北京朝阳区望京街道"`, Out: `{"province":"北京市","city":"北京市","district":"朝阳区","street":"望京街道"}`, Text: "北京市朝阳区望京街道"},
		{In: `{"province":"浙江","city":"杭州"}`, Out: `{"province":"浙江省","city":"杭州市"}`, Text: "浙江省杭州市"},
		{In: `{"street":"221B Baker Street, London"}`, Out: `{"street":"221B Baker Street, London"}`, Text: "221B Baker Street, London"},
		{In: `{"province":"","street":null}`, Out: `null`},
		{In: `null`, Out: `null`},
		{In: `"火星基地一号"`, Err: "field.address"},
		{In: `{"province":"浙江省","city":"南京市"}`, Err: "field.address.unknown"},
		{In: `{"planet":"Mars"}`, Err: "field.shape"},
		{In: `7`, Err: "field.shape"},
		{Options: `{"levels":"city"}`, In: `"浙江省杭州市西湖区"`, Err: "field.address.levels"},
	},
})

// String writes the address in one line, a municipality's name once.
func (a Address) String() string {
	city := a.City
	if city == a.Province {
		city = ""
	}
	return a.Province + city + a.District + a.Street
}

func readAddress(raw any) (Address, error) {
	switch x := raw.(type) {
	case string:
		s, err := tidy(x, true)
		if err != nil {
			return Address{}, err
		}
		if len(s) > 2000 {
			return Address{}, ErrLong.With("max", 500).With("count", len([]rune(s)))
		}
		p, rest, ok := geo.Split(s)
		if !ok {
			return Address{}, errAddress.With("value", clip(s))
		}
		if rest, err = memberText(map[string]any{"street": rest}, "street", 500); err != nil {
			return Address{}, err
		}
		return Address{p.Province, p.City, p.District, rest}, nil
	case map[string]any:
		var a Address
		parts := map[string]*string{"province": &a.Province, "city": &a.City, "district": &a.District, "street": &a.Street}
		for name := range x {
			if parts[name] == nil {
				return a, ErrShape.At(name)
			}
		}
		for name, to := range parts {
			s, err := memberText(x, name, 500)
			if err != nil {
				return a, err
			}
			*to = s
		}
		in := geo.Place{Province: a.Province, City: a.City, District: a.District}
		p, bad := geo.Resolve(in)
		if bad != "" {
			return a, errPlace.At(bad).With("value", clip(*parts[bad]))
		}
		return Address{p.Province, p.City, p.District, a.Street}, nil
	default:
		return Address{}, ErrShape.New()
	}
}

// within refuses parts below the field's last level: cutting them off would
// lose what somebody typed.
func (a Address) within(levels string) error {
	deep := func(zh, en string, below ...string) error {
		for _, s := range below {
			if s != "" {
				return errDeep.With("level_zh", zh).With("level_en", en).With("value", clip(s))
			}
		}
		return nil
	}
	switch levels {
	case "province":
		city := a.City
		if city == a.Province {
			city = ""
		}
		return deep("省", "province", city, a.District, a.Street)
	case "city":
		return deep("市", "city", a.District, a.Street)
	case "district":
		return deep("区县", "district", a.Street)
	}
	return nil
}

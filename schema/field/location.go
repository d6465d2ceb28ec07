package field

import (
	"encoding/json"
	"regexp"

	"github.com/shopspring/decimal"

	"tenon/schema/fault"
	"tenon/schema/panel"
	"tenon/schema/value"
)

type locationOptions struct{}

var errLocation = fault.Define(fault.Invalid, "field.location", "位置需要经度（-180 至 180）和纬度（-90 至 90），经度在前，例如 120.15,30.28", "a location needs a longitude (-180 to 180) and a latitude (-90 to 90), longitude first, such as 120.15,30.28")

var (
	lngLat  = regexp.MustCompile(`^([+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*[, ]\s*([+-]?[0-9]{1,2}(?:\.[0-9]{1,20})?)$`)
	maxLng  = decimal.NewFromInt(180)
	maxLat  = decimal.NewFromInt(90)
	degrees = int32(7) // about a centimetre
)

// place is the value of a location field.
type place struct {
	Lng   json.Number `json:"lng"`
	Lat   json.Number `json:"lat"`
	Label string      `json:"label,omitempty"`
}

var _ = Define(Spec[locationOptions]{
	Name: "location", Group: "other", Icon: "pin",
	Label:   Label{ZH: "定位", EN: "Location"},
	Help:    Label{ZH: "地图上的一个点，用于外勤签到等", EN: "A point on the map, for check-ins on visits and the like"},
	Options: panel.Object(),
	Kind:    value.Object,
	Traits:  Traits{Filterable: true},
	Bind: func(_ locationOptions, b *Bound) error {
		b.DB = DBJSON
		b.Parse = func(raw any, _ Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			p, err := readPlace(raw)
			if err != nil {
				return value.Value{}, err
			}
			return objectOf(p)
		}
		b.Format = func(v value.Value, _ Env) string {
			var p place
			if v.Kind() != value.Object || json.Unmarshal(v.Object(), &p) != nil {
				return ""
			}
			if p.Label != "" {
				return p.Label
			}
			return p.Lng.String() + "," + p.Lat.String()
		}
		return nil
	},
	Examples: []Example{
		{In: `{"lng":120.1535760,"lat":30.287459,"label":"西湖"}`, Out: `{"lng":120.153576,"lat":30.287459,"label":"西湖"}`, Text: "西湖"},
		{In: `"120.15,30.28"`, Out: `{"lng":120.15,"lat":30.28}`, Text: "120.15,30.28"},
		{In: `{"lng":"-0.1278","lat":"51.5074"}`, Out: `{"lng":-0.1278,"lat":51.5074}`},
		{In: `null`, Out: `null`},
		{In: `{"lng":200,"lat":0}`, Err: "field.location"},
		{In: `{"lng":120.15}`, Err: "field.location"},
		{In: `"30.28,120.15"`, Err: "field.location"},
		{In: `"西湖边"`, Err: "field.location"},
		{In: `[120.15,30.28]`, Err: "field.location"},
	},
})

func readPlace(raw any) (place, error) {
	var lng, lat any
	var p place
	switch x := raw.(type) {
	case string:
		m := lngLat.FindStringSubmatch(fold(x))
		if m == nil {
			return p, errLocation.New()
		}
		lng, lat = m[1], m[2]
	case map[string]any:
		lng, lat = x["lng"], x["lat"]
		for name := range x {
			if name != "lng" && name != "lat" && name != "label" {
				return p, ErrShape.At(name)
			}
		}
		var err error
		if p.Label, err = memberText(x, "label", 200); err != nil {
			return p, err
		}
	default:
		return p, errLocation.New()
	}
	for _, c := range []struct {
		raw   any
		bound decimal.Decimal
		to    *json.Number
	}{{lng, maxLng, &p.Lng}, {lat, maxLat, &p.Lat}} {
		d, err := parseAmount(c.raw)
		if err != nil || d.Abs().GreaterThan(c.bound) {
			return p, errLocation.New()
		}
		*c.to = json.Number(d.Round(degrees).String())
	}
	return p, nil
}

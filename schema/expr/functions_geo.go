package expr

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"tenon/schema/value"
)

var placeKinds = []value.Kind{value.Object, value.Text}

var _ = define(Func{Name: "DISTANCE", Group: "geo", Label: label("距离", "Distance"), Help: label(`两个位置之间的直线距离，单位米，四舍五入到整数；位置是定位字段或“纬度,经度”文本`, `The great-circle distance of two places in whole metres; a place is a location field or a "latitude,longitude" text`),
	Args: []Arg{{Name: "from", Kinds: placeKinds}, {Name: "to", Kinds: placeKinds}}, Result: returns(value.Number), NoSQL: "distances are computed by the server",
	Go: func(_ *Env, a []value.Value) (value.Value, error) {
		lat1, lng1, ok1 := place(a[0])
		lat2, lng2, ok2 := place(a[1])
		if !ok1 || !ok2 {
			return value.Value{}, nil
		}
		return value.OfNumber(decimal.NewFromFloat(distanceMetres(lat1, lng1, lat2, lng2))), nil
	},
	Examples: []FuncExample{{`DISTANCE("31.2304,121.4737", "39.9042,116.4074")`, "1067312"}, {`DISTANCE("0,0", "0,0")`, "0"}, {`DISTANCE("91,0", "0,0")`, "null"}, {`DISTANCE(nil, "0,0")`, "null"}}})

// place reads a location object or a text of latitude and longitude in degrees.
func place(v value.Value) (lat, lng float64, ok bool) {
	if v.Kind() == value.Object {
		var o struct{ Lat, Lng *float64 }
		if json.Unmarshal(v.Object(), &o) != nil || o.Lat == nil || o.Lng == nil {
			return 0, 0, false
		}
		lat, lng = *o.Lat, *o.Lng
	} else {
		a, b, found := strings.Cut(v.Text(), ",")
		a, b = trimBlank(a), trimBlank(b)
		if !found || !plainNumber(a) || !plainNumber(b) {
			return 0, 0, false
		}
		lat, _ = strconv.ParseFloat(a, 64)
		lng, _ = strconv.ParseFloat(b, 64)
	}
	return lat, lng, math.Abs(lat) <= 90 && math.Abs(lng) <= 180
}

// earthRadius is the mean radius in metres.
const earthRadius = 6371008.8

// distanceMetres is the haversine formula. It uses only operations that IEEE
// 754 rounds alike everywhere (+ - * / and the square root; float64() keeps
// compilers from fusing them), so the browser gets the same bits.
func distanceMetres(lat1, lng1, lat2, lng2 float64) float64 {
	const rad = math.Pi / 180
	p1, p2 := float64(lat1*rad), float64(lat2*rad)
	s := sine(float64(float64(lat2-lat1) * rad / 2))
	t := sine(float64(float64(lng2-lng1) * rad / 2))
	h := float64(s*s) + float64(float64(float64(cosine(p1)*cosine(p2))*t)*t)
	h = min(h, 1)
	return math.Floor(float64(2*earthRadius*arc(math.Sqrt(h), math.Sqrt(1-h))) + 0.5)
}

// sine and cosine are Taylor series, good for |x| ≤ π.
func sine(x float64) float64 {
	x2, s := float64(x*x), 1.0
	for k := 14.0; k >= 1; k-- {
		s = 1 - float64(float64(x2/(2*k*(2*k+1)))*s)
	}
	return float64(x * s)
}

func cosine(x float64) float64 {
	x2, c := float64(x*x), 1.0
	for k := 14.0; k >= 1; k-- {
		c = 1 - float64(float64(x2/((2*k-1)*2*k))*c)
	}
	return c
}

// arc is atan2(y, x) for y, x ≥ 0: three halvings, then the series.
func arc(y, x float64) float64 {
	if y > x {
		return math.Pi/2 - arc(x, y)
	}
	if y == 0 {
		return 0
	}
	t := float64(y / x)
	for range 3 {
		t = float64(t / (1 + math.Sqrt(1+float64(t*t))))
	}
	t2, s := float64(t*t), 0.0
	for k := 20.0; k >= 0; k-- {
		s = 1/(2*k+1) - float64(t2*s)
	}
	return float64(8 * float64(t*s))
}

// Package geo knows China's provinces, cities and districts by name.
//
// The list is china.json (its source and licence are named inside), with three
// changes for people's eyes: a municipality is its own only city, a county
// under a province's direct rule is a city without districts, and so are the
// cities that have towns only. Names are those of the list's year; a place
// renamed since is unknown here.
//
// The package never geocodes and never knows streets.
package geo

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

//go:embed china.json
var china []byte

// JSON returns the list as served to address inputs:
// {"source", "provinces": [["浙江省", {"杭州市": "上城区 西湖区 …"}], …]}.
func JSON() []byte { return china }

// Place is a division with its official names; what is unknown is blank.
type Place struct{ Province, City, District string }

type city struct {
	name      string
	districts []string
}

type province struct {
	name   string
	cities []city
}

var load = sync.OnceValue(func() []province {
	var doc struct {
		Provinces [][2]json.RawMessage `json:"provinces"`
	}
	must(json.Unmarshal(china, &doc))
	out := make([]province, len(doc.Provinces))
	for i, p := range doc.Provinces {
		must(json.Unmarshal(p[0], &out[i].name))
		out[i].cities = cities(p[1])
	}
	return out
})

// cities reads an object in its order, which is the official one.
func cities(raw json.RawMessage) []city {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	_, err := d.Token()
	must(err)
	var out []city
	for d.More() {
		name, err := d.Token()
		must(err)
		var districts string
		must(d.Decode(&districts))
		out = append(out, city{name.(string), strings.Fields(districts)})
	}
	return out
}

// must guards the embedded list, which a test reads whole.
func must(err error) {
	if err != nil {
		panic("geo: china.json: " + err.Error())
	}
}

// Provinces returns the names of all provinces.
func Provinces() []string {
	var out []string
	for _, p := range load() {
		out = append(out, p.name)
	}
	return out
}

// Cities returns the cities of a province.
func Cities(provinceName string) []string {
	var out []string
	if p := findProvince(provinceName); p != nil {
		for _, c := range p.cities {
			out = append(out, c.name)
		}
	}
	return out
}

// Districts returns the districts of a city.
func Districts(provinceName, cityName string) []string {
	if p := findProvince(provinceName); p != nil {
		if c := p.city(cityName); c != nil {
			return slices.Clone(c.districts)
		}
	}
	return nil
}

// Resolve finds the official names of a division named part by part; short
// names (浙江, 杭州) and blank upper levels are completed where only one
// division fits. bad names the level that is unknown: province, city or
// district; it is empty when all that is given was found.
func Resolve(in Place) (out Place, bad string) {
	if in == (Place{}) {
		return in, ""
	}
	if in.Province == "" {
		if in.City == "" {
			return in, "province"
		}
		p, c := cityAnywhere(in.City)
		if p == nil {
			return in, "city"
		}
		in.Province, in.City = p.name, c.name
	}
	p := findProvince(in.Province)
	if p == nil {
		return in, "province"
	}
	out.Province = p.name
	var c *city
	if in.City != "" {
		if c = p.city(in.City); c == nil {
			return in, "city"
		}
	}
	if in.District != "" {
		var d string
		if c != nil {
			d = c.district(in.District)
		} else {
			c, d = p.district(in.District)
		}
		if d == "" {
			return in, "district"
		}
		out.District = d
	}
	if c != nil {
		out.City = c.name
	}
	return out, ""
}

// Split reads the division at the start of an address as people write it
// (浙江省杭州市西湖区文三路1号, 杭州市西湖区, 北京朝阳区) and returns the rest.
// ok is false when the text does not start with a known division.
func Split(text string) (place Place, rest string, ok bool) {
	text = trim(text)
	best, left := 0, 0
	consider := func(p Place, r string) {
		levels := 1
		if p.City != "" {
			levels++
		}
		if p.District != "" {
			levels++
		}
		if levels > best || levels == best && len(r) < left {
			best, left, place, rest = levels, len(r), p, r
		}
	}
	for i := range load() {
		p := &load()[i]
		if r, full, ok := p.prefix(text); ok {
			c, d, r := p.below(r)
			// A bare short name is too weak a sign when more text follows: 海南航空公司.
			if full || c != "" || r == "" {
				consider(Place{p.name, c, d}, r)
			}
		}
		for j := range p.cities {
			c := &p.cities[j]
			if r, ok := strings.CutPrefix(text, c.name); ok {
				d, r := c.start(trim(r))
				consider(Place{p.name, c.name, d}, r)
			}
		}
	}
	return place, rest, best > 0
}

// below reads city and district after a province.
func (p *province) below(text string) (cityName, districtName, rest string) {
	for i := range p.cities {
		c := &p.cities[i]
		for _, name := range c.names() {
			r, ok := strings.CutPrefix(text, name)
			if !ok {
				continue
			}
			d, r := c.start(trim(r))
			// The longest reading wins: 吉林市 before its short name 吉林.
			if cityName == "" || len(r) < len(rest) {
				cityName, districtName, rest = c.name, d, r
			}
		}
	}
	if cityName != "" {
		return cityName, districtName, rest
	}
	text = strings.TrimPrefix(strings.TrimPrefix(text, "市辖区"), "县")
	text = trim(text)
	for i := range p.cities {
		c := &p.cities[i]
		if d, r := c.start(text); d != "" {
			if cityName != "" {
				return "", "", text // two cities have a district of that name
			}
			cityName, districtName, rest = c.name, d, r
		}
	}
	if cityName == "" {
		rest = text
	}
	return cityName, districtName, rest
}

// start reads a district at the start of the text; the longest name wins.
func (c *city) start(text string) (districtName, rest string) {
	rest = text
	for _, d := range c.districts {
		if r, ok := strings.CutPrefix(text, d); ok && len(d) > len(districtName) {
			districtName, rest = d, trim(r)
		}
	}
	return districtName, rest
}

func (p *province) prefix(text string) (rest string, full, ok bool) {
	if r, ok := strings.CutPrefix(text, p.name); ok {
		return trim(r), true, true
	}
	r, ok := strings.CutPrefix(text, shortProvince(p.name))
	return trim(r), false, ok
}

// own reports whether a municipality is meant: its only city bears its name.
func (p *province) own(c *city) bool { return c.name == p.name }

func (p *province) city(name string) *city {
	for i := range p.cities {
		c := &p.cities[i]
		if slices.Contains(c.names(), name) || p.own(c) && (name == "市辖区" || name == "县") {
			return c
		}
	}
	return nil
}

func (p *province) district(name string) (*city, string) {
	var found *city
	var official string
	for i := range p.cities {
		if d := p.cities[i].district(name); d != "" {
			if found != nil {
				return nil, ""
			}
			found, official = &p.cities[i], d
		}
	}
	return found, official
}

func (c *city) district(name string) string {
	short := ""
	for _, d := range c.districts {
		if d == name {
			return d
		}
		if s := strip(d, "区", "县", "市"); s == name {
			if short != "" {
				return ""
			}
			short = d
		}
	}
	return short
}

func (c *city) names() []string {
	return []string{c.name, strip(c.name, "市", "地区", "盟")}
}

func findProvince(name string) *province {
	for i := range load() {
		p := &load()[i]
		if p.name == name || shortProvince(p.name) == name {
			return p
		}
	}
	return nil
}

func cityAnywhere(name string) (*province, *city) {
	var fp *province
	var fc *city
	for i := range load() {
		if c := load()[i].city(name); c != nil && name != "市辖区" && name != "县" {
			if fp != nil {
				return nil, nil
			}
			fp, fc = &load()[i], c
		}
	}
	return fp, fc
}

func shortProvince(name string) string {
	for _, s := range []string{"壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "特别行政区", "省", "市"} {
		if r, ok := strings.CutSuffix(name, s); ok {
			return r
		}
	}
	return name
}

// strip removes one of the suffixes unless a single character would remain.
func strip(name string, suffixes ...string) string {
	for _, s := range suffixes {
		if r, ok := strings.CutSuffix(name, s); ok && len([]rune(r)) >= 2 {
			return r
		}
	}
	return name
}

func trim(s string) string { return strings.Trim(s, " /,，、-－·\t\r\n\u00a0\u3000") }

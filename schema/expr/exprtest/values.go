package exprtest

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"tenon/schema/value"
)

// pools are literals by placeholder: edges first, ordinary values beside them.
var pools = map[string][]string{
	"num!": {"0", "-0", "1", "-1", "2", "3", "7", "-7", "10", "100", "0.5", "-0.5", "1.5", "2.5", "-2.5", "0.005", "1.005", "2.675", "0.1", "0.2", "1000000", "12345.678", "0.000000000000000001", "-0.000000000000000001", "0.999999999999999999",
		"99999999999999999999999999999999999999", "-99999999999999999999999999999999999999", "12345678901234567890.123456789012345678", "9007199254740993", "123456789012345", "0.333333333333333333", "1e15", "31", "60", "3600", "49.995", "0.045"},
	"num":    {`"12.50"`, `"-3"`, `" 7 "`, `"+.5"`, `"5."`, `"1e5"`, `"x"`, `""`, `"1,000"`, `"0.0000000000000000005"`, `"99999999999999999999999999999999999999999"`, `"١٢"`},
	"str":    {`""`, `"a"`, `"A"`, `"b"`, `"abc"`, `"ABC abc"`, `"  a   b "`, `"榫卯"`, `"榫卯结构"`, `"结构 "`, `"　全角　"`, `"😀"`, `"👨‍👩‍👧"`, `"𠮷野家"`, `"é"`, `"e\u0301"`, `"\uE000"`, `"ß"`, `"İi"`, `"a,b,,c"`, `"a-b-c"`, `"10"`, `"9"`, `">5"`, `"=a"`, `"won"`, `"2026-03-08"`, `"line\nbreak\ttab"`, `"\"quoted\""`, `"%_\\"`, `"m1"`, `"sales"`, `"!"`},
	"date":   {`DATEVALUE("2026-03-08")`, `DATEVALUE("2026-11-01")`, `DATEVALUE("2024-02-29")`, `DATEVALUE("1988-04-17")`, `DATEVALUE("2000-02-29")`, `DATE(2026, 1, 31)`, `DATE(2025, 12, 29)`, `DATE(2027, 1, 3)`, `DATE(1, 1, 1)`, `DATE(9999, 12, 31)`, `DATE(1970, 1, 1)`, `DATE(1969, 12, 31)`, `DATE(1900, 1, 1)`},
	"day":    {`"2026-03-08"`, `"2026-10-01"`, `"2024-02-29"`, `"2026-03-09"`, `"1999-12-31"`},
	"moment": {"FROM_TIMESTAMP(1772953199999)", "FROM_TIMESTAMP(1772953200000)", "FROM_TIMESTAMP(1793512799000)", "FROM_TIMESTAMP(1793512800000)", "FROM_TIMESTAMP(0)", "FROM_TIMESTAMP(-1)", "DATE(2026, 3, 8, 2, 30, 0)", "DATE(2026, 11, 1, 1, 30, 0)", "DATE(1988, 4, 17, 2, 30, 0)", "DATE(2026, 11, 22, 23, 59, 59)"},
	"exp":    {"0", "1", "2", "3", "10", "-1", "-3", "100", "101", "0.5", "nil", "n3"},
	"dig":    {"0", "1", "2", "3", "18", "19", "-1", "-2", "-19", "1.9", "-1.9", "100", "n3", "nil", "1e30"},
	"cnt":    {"0", "1", "2", "3", "5", "100", "-1", "2.7", "1e30", "-1e30", "n3", "nil"},
	"pos":    {"1", "2", "3", "-1", "-2", "0", "1.9", "100", "-100", "1e30", "n3", "nil"},
	"one":    {"1", "2", "3", "0", "-1", "1.5", "n3", "nil"},
	"step":   {"0", "1", "-1", "2", "5", "7", "-7", "12", "30", "31", "100", "-400", "0.5", "-0.5", "1.999999", "3000", "4000000", "-4000000", "1e30", "n3", "nil"},
	"days":   {"0", "1", "-1", "31", "0.5", "-0.5", "1e30", "n3", "(n1 * 2)"},
	"unit":   {`"y"`, `"Y"`, `"M"`, `"m"`, `"d"`, `"D"`, `"h"`, `"H"`, `"s"`, `"S"`, `"YM"`, `"ym"`, `"MD"`, `"md"`, `"YD"`, `"yd"`, `"x"`, `""`, "nil"},
	"year":   {"2026", "2024", "1988", "2000", "1", "9999", "0", "10000", "1969", "n3", "2026.9", "nil"},
	"month":  {"1", "2", "3", "11", "12", "4", "0", "13", "-1", "nil"},
	"dom":    {"1", "8", "28", "29", "30", "31", "0", "32", "17"},
	"hour":   {"0", "1", "2", "3", "12", "23", "24", "-1"},
	"min":    {"0", "30", "59", "60", "1"},
	"ms":     {"0", "1772953200000", "-1", "1793512799999", "1e15", "1e16", "-1e14", "0.5", "n1", "253402300800000", "-62135596800001", "nil"},
	"code":   {"9", "10", "34", "65", "20013", "128512", "55296", "0", "127", "1114111", "1114112", "n3", "-1", "1e30"},
	"sep":    {`","`, `"-"`, `""`, `" "`, `"b"`, `"卯"`, `", "`},
	"ncrit":  {`">2"`, `">=2"`, `"<5"`, `"<=2.0"`, `"!=2"`, `"<>2"`, `"==2"`, `"=2"`, `"2"`, `">x"`, `"!=x"`, `""`, "2", "nil", "n1", "t1"},
	"tcrit":  {`"a"`, `"!=a"`, `">a"`, `"<=榫"`, `""`, `"="`, `"!="`, "nil", "t1", "status"},
	"dcrit":  {`">2026-01-01"`, `"<=2026-03-08"`, `"2026-03-08"`, `"!=2026-03-08"`, `">x"`, "d1", "nil"},
	"bcrit":  {"true", "false", `"true"`, `"!=true"`, `"FALSE"`, "nil"},
	"nfmt":   {`"0"`, `"0.00"`, `"#,##0.00"`, `"#,##0"`, `"0%"`, `"0.0%"`, `"#.##"`, `"#"`, `"00000"`, `".00"`, `"¥#,##0.00元"`, `"[Num0]"`, `"[Num1]"`, `"[Num2]"`, `""`, `"x"`, `"0.0#"`, `"0.#0"`, `"0a0"`, `"0.0.0"`, `"0,000.0,0"`, `"%0"`, `"0.000000000000000000"`, `"0.0000000000000000000"`, "nil"},
	"dfmt":   {`"yyyy-MM-dd"`, `"yyyy年M月d日"`, `"yy/MM/dd HH:mm:ss"`, `"YYYYMMDD"`, `"h:mm a"`, `"hh:mm:ss"`, `"EEE"`, `"EE"`, `"E"`, `"EEEE MMM ddd"`, `"'day' d 'of' M"`, `"'open"`, `"H"`, `"m:s"`, `"yyyyy y yyy"`, `""`, `"😀 dd"`, "nil"},
	"place":  {"place1", "place2", `"31.2304,121.4737"`, `" 39.9 , 116.4 "`, `"0,0"`, `"-33.86,151.2"`, `"0,180"`, `"0,-180"`, `"90,0"`, `"91,0"`, `"1"`, `"a,b"`, "nil", `"31.23040001,121.4737"`},
	"n1e":    {"1", "100", "10000", "100000000", "1000000000000", "0.01"},
}

// Zones have offsets that change, by hours, half hours and a whole day.
var Zones = []string{"UTC", "Asia/Shanghai", "Asia/Shanghai", "America/New_York", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia", "Europe/London"}

var nows = []string{"2026-11-22T02:00:00Z", "2026-11-21T16:00:00Z", "2026-03-08T06:59:59.999999Z", "2026-03-08T07:00:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2024-02-29T23:30:00Z", "2026-12-31T23:59:59Z", "1991-09-14T16:30:00Z"}

func number(s string) value.Value {
	d, err := decimal.NewFromString(s)
	if err != nil {
		panic("exprtest: " + err.Error())
	}
	return value.OfNumber(d)
}

func pick[T any](r *rand.Rand, l []T) T { return l[r.IntN(len(l))] }

// text unquotes a literal of the str pool.
func text(r *rand.Rand) value.Value {
	s, err := strconv.Unquote(pick(r, pools["str"]))
	if err != nil {
		panic("exprtest: " + err.Error())
	}
	return value.OfText(s)
}

func anyNumber(r *rand.Rand) value.Value {
	switch r.IntN(3) {
	case 0:
		return number(pick(r, pools["num!"]))
	case 1:
		return value.OfInt(r.Int64N(2001) - 1000)
	}
	return value.OfNumber(decimal.New(r.Int64N(1e12)-5e11, -int32(r.IntN(11))))
}

var fieldDates = []string{"2026-03-08", "2026-03-07", "2026-11-01", "2026-11-22", "2024-02-29", "2000-02-29", "1988-04-17", "1990-11-22", "2026-01-31", "2026-12-31", "2011-12-30", "0001-01-01", "9999-12-31", "1900-03-01", "2018-11-04"}

var fieldTimes = []string{"2026-03-08T06:59:59.999999Z", "2026-03-08T07:00:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:00:00Z", "2026-11-22T16:00:00Z", "1988-04-16T17:30:00Z", "1988-09-10T15:30:00.5Z", "2011-12-30T10:00:00Z", "2018-11-04T03:00:00Z", "2026-04-04T15:00:00Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59.000001Z", "2037-11-01T05:30:00Z", "2099-07-01T12:00:00Z"}

func date(r *rand.Rand) value.Value {
	t, _ := time.Parse("2006-01-02", pick(r, fieldDates))
	if r.IntN(3) == 0 {
		t = time.Date(2026, 1, 1+r.IntN(800)-400, 0, 0, 0, 0, time.UTC)
	}
	return value.OfDate(t.Year(), t.Month(), t.Day())
}

func moment(r *rand.Rand) value.Value {
	t, _ := time.Parse(time.RFC3339, pick(r, fieldTimes))
	if r.IntN(3) == 0 {
		t = time.UnixMicro(r.Int64N(2e15))
	}
	return value.OfTime(t)
}

var places = []string{`{"lng":121.4737,"lat":31.2304,"label":"上海"}`, `{"lat":39.9042,"lng":116.4074}`, `{"lat":0,"lng":0}`, `{"lat":-90,"lng":180}`, `{"lat":91,"lng":0}`, `{"lat":"1","lng":2}`, `{}`, `{"label":"x"}`}

// record makes a sample record; each value may be missing.
func record(r *rand.Rand) *Record {
	v := map[string]value.Value{}
	set := func(x value.Value, keys ...string) {
		for _, k := range keys {
			if r.IntN(6) > 0 {
				v[k] = x
			} else if r.IntN(2) == 0 {
				v[k] = value.Value{}
			}
		}
	}
	set(anyNumber(r), "n1")
	set(anyNumber(r), "n2")
	set(value.OfInt(r.Int64N(21)-5), "n3")
	set(text(r), "t1")
	set(text(r), "t2")
	set(value.OfBool(r.IntN(2) == 0), "b1")
	set(value.OfBool(r.IntN(2) == 0), "b2")
	set(date(r), "d1")
	set(date(r), "d2")
	set(moment(r), "s1")
	set(moment(r), "s2")
	set(value.OfText(pick(r, []string{"won", "open", "lost"})), "status")
	set(value.OfList([]value.Value{value.OfText("a"), text(r), text(r)}[:r.IntN(4)]), "tags")
	set(value.OfRef(pick(r, []string{"m1", "m2"})), "owner")
	set(value.OfList([]value.Value{value.OfRef("m1"), value.OfRef("m2")}[:r.IntN(3)]), "members")
	set(value.OfRef(pick(r, []string{"sales", "east"})), "team")
	set(value.OfObject(json.RawMessage(pick(r, places))), "place1")
	set(value.OfObject(json.RawMessage(pick(r, places))), "place2")
	rec := &Record{ID: "r1", Values: v, Links: map[string]*Record{}, Many: map[string][]*Record{"items": nil, "partners": nil}}
	if r.IntN(5) > 0 {
		rec.Links["customer"] = customer(r, "c1", 1)
	}
	for i := range r.IntN(4) {
		rec.Many["partners"] = append(rec.Many["partners"], customer(r, "p"+strconv.Itoa(i), 0))
	}
	for i := range r.IntN(5) {
		rec.Many["items"] = append(rec.Many["items"], item(r, "i"+strconv.Itoa(i)))
	}
	return rec
}

func customer(r *rand.Rand, id string, parents int) *Record {
	c := &Record{ID: id, Values: map[string]value.Value{}, Links: map[string]*Record{}, Many: map[string][]*Record{"notes": nil}}
	optional(r, c.Values, "name", text(r))
	optional(r, c.Values, "amount", anyNumber(r))
	optional(r, c.Values, "since", date(r))
	optional(r, c.Values, "owner", value.OfRef("m"+strconv.Itoa(1+r.IntN(3))))
	if parents > 0 && r.IntN(2) == 0 {
		c.Links["parent"] = customer(r, id+"p", parents-1)
	}
	for i := range r.IntN(3) {
		n := &Record{ID: id + "n" + strconv.Itoa(i), Values: map[string]value.Value{}}
		optional(r, n.Values, "n", anyNumber(r))
		optional(r, n.Values, "body", text(r))
		c.Many["notes"] = append(c.Many["notes"], n)
	}
	return c
}

func item(r *rand.Rand, id string) *Record {
	it := &Record{ID: id, Values: map[string]value.Value{}, Links: map[string]*Record{}}
	optional(r, it.Values, "qty", value.OfInt(r.Int64N(9)))
	optional(r, it.Values, "price", anyNumber(r))
	optional(r, it.Values, "label", text(r))
	optional(r, it.Values, "day", date(r))
	optional(r, it.Values, "done", value.OfBool(r.IntN(2) == 0))
	if r.IntN(3) > 0 {
		it.Links["product"] = customer(r, id+"c", 0)
	}
	return it
}

func optional(r *rand.Rand, m map[string]value.Value, key string, v value.Value) {
	if r.IntN(5) > 0 {
		m[key] = v
	}
}

// Generate makes n cases. Records and surroundings serve several expressions
// each, as they would in a table.
func Generate(r *rand.Rand, n int) []Case {
	out := make([]Case, 0, n)
	var rec *Record
	var now time.Time
	zone := ""
	for i := range n {
		if i%8 == 0 {
			rec, zone = record(r), pick(r, Zones)
			now, _ = time.Parse(time.RFC3339, pick(r, nows))
		}
		out = append(out, Case{Expr: Expression(r, pick(r, Kinds), 1+r.IntN(4)), Record: rec, Zone: zone, Now: now})
	}
	return out
}

// Kinds are the results that Expression makes, as the templates name them.
var Kinds = []string{"n", "t", "b", "d", "i", "r", "ln!", "lt!", "ld!", "lr!", "lb!", "n", "t", "b", "d", "i"}

// Expression makes one expression of a kind, nested at most depth deep.
func Expression(r *rand.Rand, kind string, depth int) string {
	g := &generator{r: r, left: 40}
	return g.kind(kind, depth)
}

// Template fills one template; tests use it to reach every function.
func Template(r *rand.Rand, template string) string {
	g := &generator{r: r, left: 40}
	return g.fill(template, 2)
}

// Templates are all templates, sorted by kind.
func Templates() []string {
	var out []string
	for _, k := range sorted(templates) {
		if k != "eb" && (k == "r" || k[0] != 'r') { // bodies do not stand alone
			out = append(out, templates[k]...)
		}
	}
	return out
}

// generator bounds the size of one expression: the parser takes 500 nodes.
type generator struct {
	r    *rand.Rand
	left int
}

func (g *generator) kind(k string, depth int) string {
	if pool, ok := pools[k]; ok {
		return pick(g.r, pool)
	}
	open, ok := templates[k]
	if !ok {
		return g.solid(strings.TrimSuffix(k, "!"), depth)
	}
	g.left--
	if depth <= 0 || g.left < 0 {
		if !strings.HasSuffix(k, "!") && len(k) == 1 && k != "w" && g.r.IntN(12) == 0 {
			return "nil"
		}
		return g.fill(pick(g.r, leaves[k]), 0)
	}
	return g.fill(pick(g.r, open), depth-1)
}

// solid is an expression whose static kind is known: a call that has one.
func (g *generator) solid(k string, depth int) string {
	calls := map[string]string{"n": "ROUND({n})", "t": "CONCATENATE({x})", "b": "ISEMPTY({x})", "d": "DATE({w!})", "i": "add_hours({w}, {one})", "r": "me()"}
	if depth <= 0 || g.left < 0 || g.r.IntN(3) == 0 {
		return g.fill(pick(g.r, leaves[k+"!"]), 0)
	}
	return g.fill(calls[k], depth-1)
}

// fill replaces each {placeholder}.
func (g *generator) fill(t string, depth int) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(t, '{')
		if i < 0 {
			b.WriteString(t)
			return b.String()
		}
		j := i + strings.IndexByte(t[i:], '}')
		b.WriteString(t[:i])
		b.WriteString(g.kind(t[i+1:j], depth))
		t = t[j+1:]
	}
}

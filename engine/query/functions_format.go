package query

import (
	"strconv"
	"strings"

	"tenon/engine/store"
	"tenon/schema/expr"
	"tenon/schema/value"
)

// formatSQL are the functions that write values in a format. Formats must be
// constants: they are taken apart here, not by Postgres.
var formatSQL = map[string]sqlFunc{
	"FIXED": func(c *call) (string, error) {
		digits := "2"
		if len(c.args) > 1 {
			digits = c.places(1)
		}
		return "round(" + c.args[0] + ", " + digits + ")::text", nil
	},
	"TEXT": func(c *call) (string, error) {
		format := ""
		if len(c.args) > 1 {
			v, ok, err := c.known(c.n.Args[1])
			if err != nil {
				return "", err
			}
			if !ok {
				return "", noSQL(c.n, "the format is not a constant")
			}
			format = v.Text()
		}
		t := c.n.Args[0].Type
		switch t.Kind {
		case value.Number:
			return c.formatNumber(format)
		case value.Date, value.Time:
			if format == "" {
				format = "yyyy-MM-dd"
				if t.Kind == value.Time {
					format = "yyyy-MM-dd HH:mm:ss"
				}
			}
			return c.once(c.civil(c.args[0], t), func(p string) string { return c.formatDate(p, format) }), nil
		}
		return c.textOf(c.args[0], t), nil
	},
}

// literal is a piece of a format as it stands.
func (c *call) literal(s string) string { return c.Arg(store.Text(s)) }

// formatNumber writes a number in a spreadsheet format, see TEXT in schema/expr.
func (c *call) formatNumber(format string) (string, error) {
	n := c.args[0]
	switch format {
	case "", "[Num0]":
		return c.textOf(n, expr.T(value.Number)), nil
	case "[Num1]", "[Num2]":
		return "", noSQL(c.n, "Chinese numerals are written by the server")
	}
	from, to := strings.IndexAny(format, "0#"), strings.LastIndexAny(format, "0#")+1
	if from < 0 {
		return c.once(n, func(p string) string { return "(CASE WHEN " + p + " IS NOT NULL THEN " + c.literal(format) + " END)" }), nil
	}
	if from > 0 && format[from-1] == '.' {
		from--
	}
	prefix, body, suffix := format[:from], format[from:to], format[to:]
	whole, frac, _ := strings.Cut(body, ".")
	if strings.Trim(body, "0#,.") != "" || strings.Count(body, ".") > 1 || strings.Contains(frac, ",") || len(frac) > 18 {
		return "NULL::text", nil
	}
	if strings.Contains(prefix+suffix, "%") {
		n += " * 100"
	}
	return c.once("round("+n+", "+strconv.Itoa(len(frac))+")", func(d string) string {
		sign := "CASE WHEN " + d + " < 0 THEN '-' ELSE '' END || "
		// Rounding leaves exactly the decimals of the format in the text.
		parts := c.once("abs("+d+")::text", func(t string) string {
			digits := c.once("ltrim(split_part("+t+", '.', 1), '0')", func(p string) string {
				s := p
				if least := strings.Count(whole, "0"); least > 0 {
					s = "repeat('0', " + strconv.Itoa(least) + " - length(" + p + ")) || " + p
				}
				if strings.Contains(whole, ",") {
					s = `regexp_replace(` + s + `, '(\d)(?=(\d{3})+$)', '\1,', 'g')`
				}
				return "(" + s + ")"
			})
			if frac == "" {
				return digits
			}
			least := strings.LastIndex(frac, "0") + 1
			if least == len(frac) {
				return "(" + digits + " || '.' || split_part(" + t + ", '.', 2))"
			}
			return "(" + digits + " || " + c.once("split_part("+t+", '.', 2)", func(p string) string {
				kept := "left(" + p + ", " + strconv.Itoa(least) + ") || rtrim(substr(" + p + ", " + strconv.Itoa(least+1) + "), '0')"
				return c.once("("+kept+")", func(k string) string { return "CASE WHEN " + k + " = '' THEN '' ELSE '.' || " + k + " END" })
			}) + ")"
		})
		if prefix != "" {
			sign += c.literal(prefix) + " || "
		}
		if suffix != "" {
			parts += " || " + c.literal(suffix)
		}
		return "(" + sign + parts + ")"
	}), nil
}

// formatDate writes the civil fields of a timestamp where the format has their
// letters; other characters stay.
func (c *call) formatDate(p, format string) string {
	var parts []string
	plain := ""
	flush := func() {
		if plain != "" {
			parts = append(parts, c.literal(plain))
		}
		plain = ""
	}
	put := func(sql string) {
		flush()
		parts = append(parts, sql)
	}
	field := func(name string, n int) int {
		if n == 1 {
			name = "FM" + name
		}
		put("to_char(" + p + ", '" + name + "')")
		return min(n, 2)
	}
	for r := []rune(format); len(r) > 0; {
		n := 1
		for n < len(r) && r[n] == r[0] {
			n++
		}
		switch r[0] {
		case 'y', 'Y':
			name, zero := "YYYY", "0000"
			if n == 2 {
				name, zero = "YY", "00"
			}
			year := "to_char(" + p + ", '" + name + "')"
			if c.kind(0) == value.Time { // see year
				year = "CASE WHEN " + p + " < " + firstDay + " THEN '" + zero + "' ELSE " + year + " END"
			}
			put(year)
			n = min(n, 4)
		case 'M':
			n = field("MM", n)
		case 'd', 'D':
			n = field("DD", n)
		case 'H':
			n = field("HH24", n)
		case 'h':
			n = field("HH12", n)
		case 'm':
			n = field("MI", n)
		case 's':
			n = field("SS", n)
		case 'E':
			day := "extract(isodow FROM " + p + ")::int"
			if n = min(n, 3); n == 1 {
				put(day + "::text")
			} else {
				plain += []string{"周", "星期"}[n-2]
				put("substr('一二三四五六日', " + day + ", 1)")
			}
		case 'a':
			put("CASE WHEN extract(hour FROM " + p + ") < 12 THEN '上午' ELSE '下午' END")
			n = 1
		case '\'':
			for n = 1; n < len(r) && r[n] != '\''; n++ {
				plain += string(r[n])
			}
			n = min(n+1, len(r))
		default:
			plain += string(r[0])
			n = 1
		}
		r = r[n:]
	}
	flush()
	if len(parts) == 0 {
		parts = []string{"''"}
	}
	return "(CASE WHEN " + p + " IS NOT NULL THEN " + strings.Join(parts, " || ") + " END)"
}

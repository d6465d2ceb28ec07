package query

import (
	"bytes"
	"strconv"

	"github.com/shopspring/decimal"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/field"
	"tenon/schema/value"
)

// AppendWire appends a column's text form, as Postgres sent it, as JSON.
func AppendWire(dst []byte, f *schema.FieldModel, raw []byte) []byte {
	if raw == nil {
		if f.Traits.Multiple || f.Kind == value.List || f.Kind == value.Rows {
			return append(dst, "[]"...) // nothing chosen reads the same, whether never touched or cleared
		}
		return append(dst, "null"...)
	}
	if f.Storage == field.Child {
		return append(dst, raw...)
	}
	if f.System && f.Key() == "rev" {
		return append(dst, raw...)
	}
	return appendKind(dst, f.Kind, f.Elem, f.Precision > 15, raw)
}

func appendKind(dst []byte, k, elem value.Kind, asText bool, raw []byte) []byte {
	if raw == nil {
		return append(dst, "null"...)
	}
	switch k {
	case value.Bool:
		if raw[0] == 't' {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case value.Number:
		raw = trimZeros(raw)
		if asText || digits(raw) > 15 {
			return append(append(append(dst, '"'), raw...), '"')
		}
		return append(dst, raw...)
	case value.Time:
		return appendTime(dst, raw)
	case value.Date, value.Ref:
		return append(append(append(dst, '"'), raw...), '"')
	case value.List:
		dst = append(dst, '[')
		first := true
		for item := range store.Items(raw) {
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = appendKind(dst, elem, value.Null, asText, item)
		}
		return append(dst, ']')
	case value.Object, value.Rows:
		return append(dst, raw...)
	}
	return value.AppendJSONString(dst, raw)
}

// trimZeros drops the zeros after the point that a numeric(p,s) column pads with.
func trimZeros(raw []byte) []byte {
	if bytes.IndexByte(raw, '.') < 0 {
		return raw
	}
	return bytes.TrimSuffix(bytes.TrimRight(raw, "0"), []byte{'.'})
}

func digits(raw []byte) int {
	n := 0
	for _, c := range raw {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

// appendTime turns "2026-11-22 05:06:07.5+00" into RFC 3339.
func appendTime(dst, raw []byte) []byte {
	dst = append(dst, '"')
	for i, c := range raw {
		if c == ' ' {
			dst = append(dst, 'T')
			continue
		}
		if c == '+' && i > 11 {
			break
		}
		dst = append(dst, c)
	}
	return append(dst, 'Z', '"')
}

// ReadWire turns a column's text form into a value.
func ReadWire(f *schema.FieldModel, raw []byte) value.Value {
	if f.Storage == field.Child {
		return readRows(f, raw)
	}
	return readKind(f.Kind, f.Elem, raw)
}

func readKind(k, elem value.Kind, raw []byte) value.Value {
	if raw == nil {
		return value.Value{}
	}
	switch k {
	case value.Bool:
		return value.OfBool(raw[0] == 't')
	case value.Number:
		d, err := decimal.NewFromString(string(trimZeros(raw)))
		if err != nil {
			return value.Value{}
		}
		return value.OfNumber(d)
	case value.Time:
		return value.OfTime(store.ParseTime(raw))
	case value.Date:
		if len(raw) == 10 {
			y, _ := strconv.Atoi(string(raw[:4]))
			m, _ := strconv.Atoi(string(raw[5:7]))
			d, _ := strconv.Atoi(string(raw[8:10]))
			return value.OfDate(y, monthOf(m), d)
		}
		return value.Value{}
	case value.Ref:
		return value.OfRef(string(raw))
	case value.List:
		parts := store.ParseArray(raw)
		l := make([]value.Value, len(parts))
		for i, s := range parts {
			l[i] = readKind(elem, value.Null, []byte(s))
		}
		return value.OfList(l)
	case value.Object, value.Rows:
		return value.OfObject(append([]byte(nil), raw...))
	}
	return value.OfText(string(raw))
}

// ReadKind reads a text form of a kind, for results that are no column.
func ReadKind(k, elem value.Kind, raw []byte) value.Value { return readKind(k, elem, raw) }

func readRows(f *schema.FieldModel, raw []byte) value.Value {
	if raw == nil {
		return value.OfRows(nil)
	}
	x, err := schema.DecodeJSON(raw)
	l, ok := x.([]any)
	if err != nil || !ok {
		return value.OfRows(nil)
	}
	rows := make([]value.Row, 0, len(l))
	for _, e := range l {
		m, ok := e.(map[string]any)
		if !ok {
			continue
		}
		r := value.Row{Values: map[string]value.Value{}}
		r.ID, _ = m["id"].(string)
		for _, c := range f.Sub.Fields {
			r.Values[c.Key()] = fromJSON(c, m[c.Key()])
		}
		rows = append(rows, r)
	}
	return value.OfRows(rows)
}

// fromJSON reads a stored value back from the JSON that Postgres built of it.
func fromJSON(c *schema.FieldModel, x any) value.Value {
	return ValueOfJSON(c.Kind, c.Elem, x)
}

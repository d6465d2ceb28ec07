package store

import (
	"bytes"
	"iter"
	"strconv"
	"time"

	"tenon/schema/field"
	"tenon/schema/value"
)

// Arg is one statement parameter: a type and its text form; nil Val is null.
type Arg struct {
	OID uint32
	Val []byte
}

// Null is a null of any type.
func Null(oid uint32) Arg { return Arg{OID: oid} }

// Text is a text parameter.
func Text(s string) Arg { return Arg{field.OIDText, []byte(s)} }

// UUID is a uuid parameter; the empty string is null.
func UUID(s string) Arg {
	if s == "" {
		return Arg{OID: field.OIDUUID}
	}
	return Arg{field.OIDUUID, []byte(s)}
}

// Int is a bigint parameter.
func Int(i int64) Arg { return Arg{field.OIDInt8, strconv.AppendInt(nil, i, 10)} }

// Bool is a boolean parameter.
func Bool(b bool) Arg {
	if b {
		return Arg{field.OIDBool, []byte("t")}
	}
	return Arg{field.OIDBool, []byte("f")}
}

// Time is a timestamptz parameter; the zero time is null.
func Time(t time.Time) Arg {
	if t.IsZero() {
		return Arg{OID: field.OIDTimestamptz}
	}
	return Arg{field.OIDTimestamptz, t.UTC().AppendFormat(nil, "2006-01-02 15:04:05.999999Z07:00")}
}

// JSON is a jsonb parameter; nil is null.
func JSON(raw []byte) Arg { return Arg{field.OIDJSONB, raw} }

// Texts is a text[] parameter.
func Texts(l []string) Arg { return Arg{field.OIDTextArray, arrayText(l)} }

// UUIDs is a uuid[] parameter.
func UUIDs(l []string) Arg { return Arg{field.OIDUUIDArray, arrayText(l)} }

// Bytes is a bytea parameter.
func Bytes(b []byte) Arg {
	if b == nil {
		return Arg{OID: 17}
	}
	const hex = "0123456789abcdef"
	out := append(make([]byte, 0, 2+2*len(b)), '\\', 'x')
	for _, c := range b {
		out = append(out, hex[c>>4], hex[c&15])
	}
	return Arg{17, out}
}

func arrayText(l []string) []byte {
	out := []byte{'{'}
	for i, s := range l {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '"')
		for j := 0; j < len(s); j++ {
			if s[j] == '"' || s[j] == '\\' {
				out = append(out, '\\')
			}
			out = append(out, s[j])
		}
		out = append(out, '"')
	}
	return append(out, '}')
}

// Of turns a value into a parameter of the column's type.
func Of(v value.Value, oid uint32) Arg {
	switch v.Kind() {
	case value.Null:
		return Arg{OID: oid}
	case value.Bool:
		return Bool(v.Bool())
	case value.Number:
		return Arg{oid, []byte(v.Number().String())}
	case value.Time:
		a := Time(v.Time())
		a.OID = oid
		return a
	case value.List:
		if oid == field.OIDJSONB {
			return JSON(v.AppendJSON(nil))
		}
		l := make([]string, 0, len(v.List()))
		for _, x := range v.List() {
			l = append(l, x.String())
		}
		return Arg{oid, arrayText(l)}
	case value.Object, value.Rows:
		return Arg{oid, v.AppendJSON(nil)}
	default:
		return Arg{oid, []byte(v.Text())}
	}
}

// ParseArray splits the text form of a one-dimensional array; NULL elements are dropped.
func ParseArray(b []byte) []string {
	var out []string
	for item := range Items(b) {
		out = append(out, string(item))
	}
	return out
}

// Items are the elements of a one-dimensional array's text form as ParseArray
// gives them, each valid until the next. Postgres puts quotes around whatever
// has a comma, a brace, a quote, a backslash or a space, or is empty or "NULL".
func Items(b []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if len(b) < 2 || b[0] != '{' {
			return
		}
		var plain []byte
		for rest := b[1 : len(b)-1]; len(rest) > 0; {
			var item []byte
			if rest[0] != '"' {
				item, rest, _ = bytes.Cut(rest, []byte{','})
				if string(item) == "NULL" {
					continue
				}
			} else {
				i := 1
				for plain = plain[:0]; i < len(rest) && rest[i] != '"'; i++ {
					if rest[i] == '\\' && i+1 < len(rest) {
						i++
					}
					plain = append(plain, rest[i])
				}
				item, rest = plain, rest[min(i+1, len(rest)):]
				rest = bytes.TrimPrefix(rest, []byte{','})
			}
			if !yield(item) {
				return
			}
		}
	}
}

// ParseTime reads the text form of a timestamptz.
func ParseTime(b []byte) time.Time {
	for _, layout := range []string{"2006-01-02 15:04:05.999999Z07", "2006-01-02 15:04:05.999999Z07:00"} {
		if t, err := time.Parse(layout, string(b)); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

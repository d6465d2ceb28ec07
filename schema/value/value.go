// Package value holds one canonical field value.
//
// The set of kinds is closed and switched on exhaustively; field types are the
// open set on top of them. The zero Value is null, which is distinct from 0,
// false and the empty text. Numbers are exact decimals.
//
// The package never does I/O, never formats for a locale and never guesses:
// every constructor admits canonical Go types only.
//
// A new kind is deliberately expensive: Kind, Equal, Compare, AppendJSON,
// engine/query's column mapping and the TypeScript evaluator all name it.
package value

import (
	"bytes"
	"encoding/json"
	"sort"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Kind is the closed family of values.
type Kind uint8

// The kinds.
const (
	Null   Kind = iota
	Bool        // true or false
	Number      // exact decimal
	Text        // UTF-8 without NUL
	Time        // instant, UTC, microsecond precision
	Date        // civil date
	Ref         // id of a record, member or department (bare UUID text)
	List        // ordered values of one kind
	Object      // any JSON value kept as it is (address, location, files, JSON)
	Rows        // sub-form rows
)

var kindNames = [...]string{"null", "bool", "number", "text", "time", "date", "ref", "list", "object", "rows"}

// String returns the kind's stable lower-case name, as used on the wire.
func (k Kind) String() string { return kindNames[k] }

// ParseKind is the inverse of Kind.String.
func ParseKind(s string) (Kind, bool) {
	for i, n := range kindNames {
		if n == s {
			return Kind(i), true
		}
	}
	return Null, false
}

// Value is one canonical value. The zero Value is null. Values are immutable.
type Value struct {
	k Kind
	b bool
	s string // Text, Ref; canonical text of Date (2006-01-02)
	n decimal.Decimal
	t time.Time
	l []Value
	o json.RawMessage
	r []Row
}

// Row is one sub-form row: its id and its values by column key.
type Row struct {
	ID     string
	Values map[string]Value
}

// OfBool returns a boolean value.
func OfBool(b bool) Value { return Value{k: Bool, b: b} }

// OfNumber returns a number value.
func OfNumber(d decimal.Decimal) Value { return Value{k: Number, n: d} }

// OfInt returns a whole number value.
func OfInt(i int64) Value { return Value{k: Number, n: decimal.NewFromInt(i)} }

// OfText returns a text value. The empty text is not null.
func OfText(s string) Value { return Value{k: Text, s: s} }

// OfTime returns an instant, in UTC, truncated to microseconds as Postgres keeps it.
func OfTime(t time.Time) Value { return Value{k: Time, t: t.UTC().Truncate(time.Microsecond)} }

// OfDate returns the civil date of y, m, d.
func OfDate(y int, m time.Month, d int) Value {
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return Value{k: Date, t: t, s: t.Format("2006-01-02")}
}

// OfRef returns a reference to a record, member or department by bare id.
func OfRef(id string) Value { return Value{k: Ref, s: id} }

// OfList returns a list. The slice is owned by the value from now on.
func OfList(l []Value) Value { return Value{k: List, l: l} }

// OfObject returns a JSON value kept as it is. The bytes must be valid JSON.
func OfObject(raw json.RawMessage) Value { return Value{k: Object, o: raw} }

// OfRows returns sub-form rows.
func OfRows(r []Row) Value { return Value{k: Rows, r: r} }

// Kind returns the value's kind.
func (v Value) Kind() Kind { return v.k }

// IsNull reports whether v is null.
func (v Value) IsNull() bool { return v.k == Null }

// IsEmpty reports whether v is null, empty text, or an empty list, object or row set.
// The number 0 and false are not empty.
func (v Value) IsEmpty() bool {
	switch v.k {
	case Null:
		return true
	case Text:
		return v.s == ""
	case List:
		return len(v.l) == 0
	case Rows:
		return len(v.r) == 0
	case Object:
		s := string(bytes.TrimSpace(v.o))
		return s == "" || s == "null" || s == "{}" || s == "[]"
	default:
		return false
	}
}

// Bool returns the boolean, false for any other kind: null is not true.
func (v Value) Bool() bool { return v.k == Bool && v.b }

// Number returns the decimal; zero for any other kind. Check Kind first.
func (v Value) Number() decimal.Decimal { return v.n }

// Int returns the whole part of a number; 0 for any other kind.
func (v Value) Int() int64 { return v.n.IntPart() }

// Text returns the text of a Text, Ref or Date value; "" for any other kind.
func (v Value) Text() string { return v.s }

// Time returns the instant of a Time, or midnight UTC of a Date.
func (v Value) Time() time.Time { return v.t }

// List returns the elements of a list; do not modify them.
func (v Value) List() []Value { return v.l }

// Object returns the raw JSON of an object.
func (v Value) Object() json.RawMessage { return v.o }

// Rows returns sub-form rows; do not modify them.
func (v Value) Rows() []Row { return v.r }

// Equal reports whether a and b are the same value. Null equals null.
// Numbers compare by amount (1.0 equals 1.00), objects by canonical JSON.
func Equal(a, b Value) bool {
	if a.k != b.k {
		return false
	}
	switch a.k {
	case Null:
		return true
	case Bool:
		return a.b == b.b
	case Number:
		return a.n.Equal(b.n)
	case Text, Ref, Date:
		return a.s == b.s
	case Time:
		return a.t.Equal(b.t)
	case List:
		if len(a.l) != len(b.l) {
			return false
		}
		for i := range a.l {
			if !Equal(a.l[i], b.l[i]) {
				return false
			}
		}
		return true
	case Object:
		return canonical(a.o) == canonical(b.o)
	case Rows:
		if len(a.r) != len(b.r) {
			return false
		}
		for i := range a.r {
			if a.r[i].ID != b.r[i].ID || !equalMaps(a.r[i].Values, b.r[i].Values) {
				return false
			}
		}
		return true
	}
	return false
}

func equalMaps(a, b map[string]Value) bool {
	for k, v := range a {
		if !Equal(v, b[k]) {
			return false
		}
	}
	for k, v := range b {
		if _, ok := a[k]; !ok && !v.IsNull() {
			return false
		}
	}
	return true
}

func canonical(raw json.RawMessage) string {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var x any
	if d.Decode(&x) != nil {
		return string(raw)
	}
	b, err := json.Marshal(x)
	if err != nil {
		return string(raw)
	}
	return string(b)
}

// Compare orders two values of the same comparable kind: -1, 0 or 1. Text
// compares by bytes (COLLATE "C"); false sorts before true. ok is false when
// either is null or the kinds cannot be ordered against each other.
func Compare(a, b Value) (c int, ok bool) {
	if a.k == Null || b.k == Null {
		return 0, false
	}
	switch {
	case a.k == Number && b.k == Number:
		return a.n.Cmp(b.n), true
	case (a.k == Text || a.k == Ref) && (b.k == Text || b.k == Ref):
		return strings.Compare(a.s, b.s), true
	case a.k == Date && b.k == Date:
		return strings.Compare(a.s, b.s), true
	case a.k == Time && b.k == Time:
		return a.t.Compare(b.t), true
	case a.k == Bool && b.k == Bool:
		switch {
		case a.b == b.b:
			return 0, true
		case b.b:
			return -1, true
		}
		return 1, true
	}
	return 0, false
}

// AppendJSON appends v as JSON. Numbers of up to 15 significant digits are
// JSON numbers, longer ones strings, so that no double ever rounds them.
func (v Value) AppendJSON(dst []byte) []byte {
	switch v.k {
	case Null:
		return append(dst, "null"...)
	case Bool:
		if v.b {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case Number:
		s := v.n.String()
		if significant(s) <= 15 {
			return append(dst, s...)
		}
		return append(append(append(dst, '"'), s...), '"')
	case Text, Ref, Date:
		return AppendJSONString(dst, v.s)
	case Time:
		return append(append(append(dst, '"'), v.t.Format(time.RFC3339Nano)...), '"')
	case List:
		dst = append(dst, '[')
		for i, e := range v.l {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = e.AppendJSON(dst)
		}
		return append(dst, ']')
	case Object:
		if len(v.o) == 0 {
			return append(dst, "null"...)
		}
		return append(dst, v.o...)
	case Rows:
		dst = append(dst, '[')
		for i, r := range v.r {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(dst, `{"id":`...)
			dst = AppendJSONString(dst, r.ID)
			keys := make([]string, 0, len(r.Values))
			for k := range r.Values {
				keys = append(keys, k)
			}
			sort.Strings(keys)
			for _, k := range keys {
				dst = append(dst, ',')
				dst = AppendJSONString(dst, k)
				dst = append(dst, ':')
				dst = r.Values[k].AppendJSON(dst)
			}
			dst = append(dst, '}')
		}
		return append(dst, ']')
	}
	return append(dst, "null"...)
}

// significant counts the digits of a plain decimal text.
func significant(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

// MarshalJSON implements json.Marshaler.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

const hexDigits = "0123456789abcdef"

// plainJSON are the bytes that a JSON string holds as they are. Those of HTML
// are escaped, so that a document may be put into a page.
var plainJSON = func() (plain [256]bool) {
	for c := range plain {
		plain[c] = c >= 0x20 && !strings.ContainsRune(`"\<>&`, rune(c))
	}
	return plain
}()

// AppendJSONString appends s as a JSON string, leaving non-ASCII as it is.
func AppendJSONString[T string | []byte](dst []byte, s T) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if plainJSON[c] {
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		start = i + 1
	}
	return append(append(dst, s[start:]...), '"')
}

// String gives a plain text for logs and message templates: numbers without
// exponent, times as RFC 3339, lists joined by ", ".
func (v Value) String() string {
	switch v.k {
	case Null:
		return ""
	case Bool:
		if v.b {
			return "true"
		}
		return "false"
	case Number:
		return v.n.String()
	case Text, Ref, Date:
		return v.s
	case Time:
		return v.t.Format(time.RFC3339)
	case List:
		parts := make([]string, len(v.l))
		for i, e := range v.l {
			parts[i] = e.String()
		}
		return strings.Join(parts, ", ")
	default:
		return string(v.AppendJSON(nil))
	}
}

package query

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"tenon/schema/value"
)

func monthOf(m int) time.Month { return time.Month(m) }

// ValueOfJSON reads a decoded JSON value that this program wrote (history,
// sub-form rows, run data) back into a value of a known kind.
func ValueOfJSON(k, elem value.Kind, x any) value.Value {
	if x == nil {
		return value.Value{}
	}
	switch k {
	case value.Bool:
		b, ok := x.(bool)
		if !ok {
			return value.Value{}
		}
		return value.OfBool(b)
	case value.Number:
		s := ""
		switch n := x.(type) {
		case json.Number:
			s = n.String()
		case string:
			s = n
		}
		d, err := decimal.NewFromString(s)
		if err != nil {
			return value.Value{}
		}
		return value.OfNumber(d)
	case value.List:
		l, ok := x.([]any)
		if !ok {
			return value.Value{}
		}
		out := make([]value.Value, len(l))
		for i, e := range l {
			out[i] = ValueOfJSON(elem, value.Null, e)
		}
		return value.OfList(out)
	case value.Object, value.Rows:
		b, err := json.Marshal(x)
		if err != nil {
			return value.Value{}
		}
		return value.OfObject(b)
	}
	s, ok := x.(string)
	if !ok {
		return value.Value{}
	}
	switch k {
	case value.Date:
		return readKind(value.Date, value.Null, []byte(s))
	case value.Time:
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999Z07:00"} {
			if t, err := time.Parse(layout, s); err == nil {
				return value.OfTime(t)
			}
		}
		return value.Value{}
	case value.Ref:
		return value.OfRef(s)
	}
	return value.OfText(s)
}

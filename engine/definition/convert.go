package definition

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/field"
	"tenon/schema/value"
)

// converter turns the values of a field of one type into values of another.
type converter struct {
	env  field.Env
	from string             // column type
	old  *schema.FieldModel // what the values were, nil when only the column is known
	to   *schema.FieldModel
}

// outcome says what became of a value.
type outcome uint8

const (
	converted outcome = iota
	unfit             // kept although the new type would refuse it
	lost              // has no counterpart; the old column keeps it
)

// convert gives the text form of the new column's value.
func (c *converter) convert(raw []byte) ([]byte, outcome) {
	v := decodeColumn(raw, c.from)
	if v.IsNull() {
		return nil, converted
	}
	for _, candidate := range c.candidates(v) {
		x, err := c.to.Parse(candidate, c.env)
		if err == nil && !x.IsNull() && c.to.Check(x) == nil {
			return store.Of(x, c.to.DB.OID).Val, converted
		}
	}
	if c.sameForm() {
		return raw, unfit
	}
	return nil, lost
}

// back gives the value that a row had before it was converted to what it has
// now, if nobody has changed it since.
func (c *converter) back(now, kept []byte) ([]byte, bool) {
	if kept == nil || c.old == nil {
		return nil, false
	}
	forth := converter{env: c.env, from: c.to.DB.SQL, old: c.to, to: c.old}
	was, _ := forth.convert(kept)
	if !bytes.Equal(was, now) || (was == nil) != (now == nil) {
		return nil, false
	}
	return kept, true
}

// sameForm reports whether both types keep the same sort of values, so that one
// which the new type would refuse can stay until somebody edits it.
func (c *converter) sameForm() bool {
	o, t := c.old, c.to
	return o != nil && o.DB.SQL == t.DB.SQL && o.Kind == t.Kind && o.Elem == t.Elem && len(o.Choices) == 0 && len(t.Choices) == 0 &&
		o.Traits.HoldsRef == t.Traits.HoldsRef && o.Traits.HoldsUser == t.Traits.HoldsUser && o.Traits.HoldsDept == t.Traits.HoldsDept && o.Traits.HoldsFile == t.Traits.HoldsFile
}

// candidates are readings of a value that the new type may understand, the
// faithful ones first.
func (c *converter) candidates(v value.Value) []any {
	var out []any
	shown := ""
	if c.old != nil {
		shown = c.old.Format(v, c.env)
		// A choice becomes what people read, unless there are choices again.
		if len(c.old.Choices) > 0 && len(c.to.Choices) == 0 {
			if v.Kind() == value.List {
				var labels []any
				for _, x := range v.List() {
					labels = append(labels, c.old.Format(value.OfList([]value.Value{x}), c.env))
				}
				out = append(out, labels)
			}
			out = append(out, shown)
		}
	}
	switch v.Kind() {
	case value.Time:
		if c.to.Kind == value.Date {
			out = append(out, v.Time().In(c.env.Location()).Format("2006-01-02"))
		}
	case value.Bool:
		if c.to.Kind == value.Number {
			out = append(out, json.Number(map[bool]string{true: "1", false: "0"}[v.Bool()]))
		}
	case value.Number:
		if c.to.Kind == value.Bool {
			out = append(out, !v.Number().IsZero())
		}
	case value.Ref:
		// An id means something only to a field of the same sort.
		if c.to.Kind == value.Text && shown != "" {
			return append(out, shown)
		}
		if c.old != nil && (c.old.Traits.HoldsUser != c.to.Traits.HoldsUser || c.old.Traits.HoldsDept != c.to.Traits.HoldsDept || c.old.Traits.HoldsRef != c.to.Traits.HoldsRef) {
			return out
		}
	case value.List:
		if c.to.Kind != value.List && len(v.List()) == 1 {
			out = append(out, plain(v.List()[0]))
		}
	case value.Object:
		if c.to.Kind == value.Text && shown != "" {
			out = append(out, shown)
		}
	}
	out = append(out, plain(v))
	if v.Kind() != value.List && c.to.Kind == value.List {
		out = append(out, []any{plain(v)})
	}
	if v.Kind() != value.Text && v.Kind() != value.Number && (c.to.Kind == value.Text || shown != "" && v.Kind() == value.List) {
		out = append(out, shown)
	}
	if v.Kind() == value.Number {
		out = append(out, v.String())
	}
	return out
}

// plain is a value as decoded JSON, which is what Parse reads.
func plain(v value.Value) any {
	x, err := schema.DecodeJSON(v.AppendJSON(nil))
	if err != nil {
		return v.String()
	}
	return x
}

// decodeColumn reads the text form of a column.
func decodeColumn(raw []byte, sql string) value.Value {
	if raw == nil {
		return value.Value{}
	}
	base, _, _ := strings.Cut(sql, "(")
	switch base {
	case "boolean":
		return value.OfBool(string(raw) == "t" || string(raw) == "true")
	case "numeric", "bigint":
		if d, err := decimal.NewFromString(string(raw)); err == nil {
			return value.OfNumber(d)
		}
	case "timestamptz":
		return value.OfTime(store.ParseTime(raw))
	case "date":
		if t, err := time.Parse("2006-01-02", string(raw)); err == nil {
			return value.OfDate(t.Date())
		}
	case "uuid":
		return value.OfRef(string(raw))
	case "jsonb":
		return value.OfObject(json.RawMessage(raw))
	case "text[]", "uuid[]":
		var l []value.Value
		for _, s := range store.ParseArray(raw) {
			if base == "uuid[]" {
				l = append(l, value.OfRef(s))
			} else {
				l = append(l, value.OfText(s))
			}
		}
		if len(l) == 0 {
			return value.Value{}
		}
		return value.OfList(l)
	}
	return value.OfText(string(raw))
}

package field

import (
	"encoding/json"
	"strings"
	"sync"

	"tenon/schema/value"
)

// ParseKind reads a decoded JSON value as a kind, where no field's own Parse
// will do: comparing with a computed field, typed parameters, inputs of a
// button. It accepts what people type, like the types of that kind.
func ParseKind(kind, elem value.Kind, raw any, env Env) (value.Value, error) {
	if blank(raw) {
		return value.Value{}, nil
	}
	switch kind {
	case value.Bool:
		return standard()["boolean"].Parse(raw, env)
	case value.Number:
		d, err := percentAmount(raw)
		if err != nil {
			return value.Value{}, err
		}
		return fit(d, -1, maxDigits)
	case value.Date:
		return standard()["date"].Parse(raw, env)
	case value.Time:
		return standard()["datetime"].Parse(raw, env)
	case value.Ref:
		id, err := refOf(raw)
		if err != nil {
			return value.Value{}, err
		}
		return value.OfRef(id), nil
	case value.List:
		items, ok := raw.([]any)
		if !ok {
			items = []any{raw}
		}
		l := make([]value.Value, 0, len(items))
		for _, item := range items {
			v, err := ParseKind(elem, value.Null, item, env)
			if err != nil {
				return value.Value{}, err
			}
			if !v.IsNull() {
				l = append(l, v)
			}
		}
		if len(l) == 0 {
			return value.Value{}, nil
		}
		return value.OfList(l), nil
	case value.Object, value.Rows:
		return standard()["json"].Parse(raw, env)
	default:
		s, err := plain(raw)
		if err != nil {
			return value.Value{}, err
		}
		if s, err = tidy(s, true); err != nil {
			return value.Value{}, err
		}
		return value.OfText(s), nil
	}
}

// standard holds the types that stand for a kind, bound without options.
var standard = sync.OnceValue(func() map[string]*Bound {
	m := map[string]*Bound{}
	for _, name := range []string{"boolean", "date", "datetime", "json"} {
		b, err := Bind(name, nil)
		if err != nil {
			panic("field: " + err.Error())
		}
		m[name] = b
	}
	return m
})

// FormatKind shows a value by its kind alone, as computed fields are shown
// that know no better.
func FormatKind(v value.Value, env Env) string {
	switch v.Kind() {
	case value.Bool:
		return booleanText(v, env.Locale)
	case value.Number:
		return digitsText(v.Number().Round(maxScale), -1, false)
	case value.Time:
		return timeText(v, minuteLayout, env)
	case value.List:
		parts := make([]string, len(v.List()))
		for i, e := range v.List() {
			parts[i] = FormatKind(e, env)
		}
		return strings.Join(parts, joiner(env.Locale))
	case value.Ref:
		return env.name(NameRecord, v.Text())
	case value.Object:
		return objectText(v.Object())
	default:
		return v.String()
	}
}

// objectText shows the objects of our own types by what people call them.
func objectText(raw json.RawMessage) string {
	var named struct {
		Label string `json:"label"`
		Name  string `json:"name"`
	}
	if json.Unmarshal(raw, &named) == nil && named.Label+named.Name != "" {
		if named.Label != "" {
			return named.Label
		}
		return named.Name
	}
	return string(raw)
}

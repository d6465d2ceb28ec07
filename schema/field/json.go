package field

import (
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"

	"tenon/schema/fault"
	"tenon/schema/panel"
	"tenon/schema/value"
)

type jsonOptions struct{}

var errJSON = fault.Define(fault.Invalid, "field.json", "不是合法的 JSON", "not valid JSON")
var errJSONDeep = fault.Define(fault.Invalid, "field.json.size", "JSON 过大或嵌套过深（最多 {size} KB、{depth} 层）", "the JSON is too large or too deep (at most {size} KB, {depth} levels)")

// Bounds of a JSON value, so that no record becomes a document store.
const (
	maxJSONSize  = 256 << 10
	maxJSONDepth = 32
)

var _ = Define(Spec[jsonOptions]{
	Name: "json", Group: "other", Icon: "json",
	Label:   Label{ZH: "JSON 数据", EN: "JSON"},
	Help:    Label{ZH: "接口写入的任意结构数据，供开发者使用", EN: "Structured data of any shape written by an interface, for developers"},
	Options: panel.Object(),
	Kind:    value.Object,
	Bind: func(_ jsonOptions, b *Bound) error {
		b.DB = DBJSON
		b.Parse = func(raw any, _ Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			if s, ok := raw.(string); ok {
				// Text that opens like a document is one, pasted or imported; other
				// text is a JSON string.
				if t := strings.TrimSpace(s); t[0] == '{' || t[0] == '[' {
					if len(t) > maxJSONSize {
						return value.Value{}, tooDeep()
					}
					var err error
					if raw, err = decodeJSON(t); err != nil {
						return value.Value{}, err
					}
				}
			}
			if err := holdable(raw, 0); err != nil {
				return value.Value{}, err
			}
			v, err := objectOf(raw)
			if err == nil && len(v.Object()) > maxJSONSize {
				return value.Value{}, tooDeep()
			}
			return v, err
		}
		b.Format = func(v value.Value, _ Env) string { return string(v.Object()) }
		return nil
	},
	Examples: []Example{
		{In: `{"utm":{"source":"baidu"},"n":1.10}`, Out: `{"n":1.10,"utm":{"source":"baidu"}}`, Text: `{"n":1.10,"utm":{"source":"baidu"}}`},
		{In: `"{\"a\":[1,2]}"`, Out: `{"a":[1,2]}`},
		{In: `"文本"`, Out: `"文本"`},
		{In: `false`, Out: `false`},
		{In: `null`, Out: `null`},
		{In: `"{oops"`, Err: "field.json"},
		{In: `{"a":"\u0000"}`, Err: "field.json"},
	},
})

func tooDeep() error {
	return errJSONDeep.With("size", maxJSONSize>>10).With("depth", maxJSONDepth)
}

func decodeJSON(s string) (any, error) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var x any
	if d.Decode(&x) != nil {
		return nil, errJSON.New()
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errJSON.New()
	}
	return x, nil
}

// holdable admits what jsonb can hold: no NUL, valid UTF-8, numbers of a sane size.
func holdable(x any, depth int) error {
	if depth > maxJSONDepth {
		return tooDeep()
	}
	text := func(s string) error {
		if strings.ContainsRune(s, 0) || !utf8.ValidString(s) {
			return errJSON.New()
		}
		return nil
	}
	switch x := x.(type) {
	case string:
		return text(x)
	case json.Number:
		if _, err := decimalText(x.String()); err != nil {
			return errJSON.New()
		}
	case []any:
		for _, e := range x {
			if err := holdable(e, depth+1); err != nil {
				return err
			}
		}
	case map[string]any:
		for k, e := range x {
			if err := text(k); err != nil {
				return err
			}
			if err := holdable(e, depth+1); err != nil {
				return err
			}
		}
	case bool, nil:
	default:
		return ErrShape.New()
	}
	return nil
}

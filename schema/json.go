package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"tenon/schema/fault"
)

// Limits of the decoder.
const (
	maxJSONDepth = 32
	maxNumberLen = 60
	maxNumberExp = 400
)

// Faults of the decoder.
var (
	ErrJSON      = fault.Define(fault.Invalid, "json.syntax", "JSON 格式错误：{detail}", "malformed JSON: {detail}")
	ErrJSONDepth = fault.Define(fault.Invalid, "json.depth", "JSON 嵌套超过 {max} 层", "JSON nested deeper than {max} levels")
	ErrJSONDup   = fault.Define(fault.Invalid, "json.duplicate", "属性“{name}”出现了两次", "the property \"{name}\" appears twice")
	ErrJSONText  = fault.Define(fault.Invalid, "json.text", "文本含有无效字符（NUL 或损坏的 UTF-8）", "a text holds an invalid character (NUL or broken UTF-8)")
	ErrJSONNum   = fault.Define(fault.Invalid, "json.number", "数字超出范围：{text}", "number out of range: {text}")
)

// DecodeJSON is the strict decoder in front of everything that comes from
// outside: bounded depth, exact numbers (json.Number), duplicate keys,
// trailing data, NUL and broken UTF-8 refused.
func DecodeJSON(raw []byte) (any, error) {
	if !utf8.Valid(raw) {
		return nil, ErrJSONText.New()
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	v, err := decodeValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrJSON.With("detail", "trailing data")
	}
	return v, nil
}

func decodeValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxJSONDepth {
		return nil, ErrJSONDepth.With("max", maxJSONDepth)
	}
	t, err := d.Token()
	if err != nil {
		return nil, syntax(err)
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			m := map[string]any{}
			for d.More() {
				kt, err := d.Token()
				if err != nil {
					return nil, syntax(err)
				}
				k, ok := kt.(string)
				if !ok || !cleanText(k) {
					return nil, ErrJSONText.New()
				}
				if _, dup := m[k]; dup {
					return nil, ErrJSONDup.With("name", k)
				}
				if m[k], err = decodeValue(d, depth+1); err != nil {
					return nil, err
				}
			}
			if _, err := d.Token(); err != nil {
				return nil, syntax(err)
			}
			return m, nil
		}
		l := []any{}
		for d.More() {
			v, err := decodeValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			l = append(l, v)
		}
		if _, err := d.Token(); err != nil {
			return nil, syntax(err)
		}
		return l, nil
	case json.Number:
		if !plausible(string(t)) {
			return nil, ErrJSONNum.With("text", clip(string(t)))
		}
		return t, nil
	case string:
		if !cleanText(t) {
			return nil, ErrJSONText.New()
		}
		return t, nil
	default:
		return t, nil
	}
}

func syntax(err error) error {
	var se *json.SyntaxError
	if errors.As(err, &se) {
		return ErrJSON.With("detail", fmt.Sprintf("offset %d", se.Offset))
	}
	return ErrJSON.With("detail", "unexpected end")
}

// cleanText refuses NUL and the replacement character that the decoder puts in
// the place of lone surrogates.
func cleanText(s string) bool { return !strings.ContainsAny(s, "\x00\uFFFD") }

func plausible(n string) bool {
	if len(n) > maxNumberLen {
		return false
	}
	if i := strings.IndexAny(n, "eE"); i >= 0 {
		var exp int
		if _, err := fmt.Sscanf(n[i+1:], "%d", &exp); err != nil || exp > maxNumberExp || exp < -maxNumberExp {
			return false
		}
	}
	return true
}

func clip(s string) string {
	if len(s) > 30 {
		return s[:30] + "…"
	}
	return s
}

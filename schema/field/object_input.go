package field

import (
	"bytes"
	"encoding/json"
	"strings"

	"tenon/schema/value"
)

// objectOf keeps decoded JSON, or a struct, as an Object value with exact
// numbers; a map's keys are sorted.
func objectOf(x any) (value.Value, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(x); err != nil {
		return value.Value{}, ErrShape.New().Because(err)
	}
	return value.OfObject(bytes.TrimSpace(b.Bytes())), nil
}

// memberText returns a text member of an object: trimmed, without control
// characters, of at most max characters; absent and null are blank.
func memberText(o map[string]any, name string, max int) (string, error) {
	raw := o[name]
	if blank(raw) {
		return "", nil
	}
	s, ok := raw.(string)
	if !ok {
		return "", ErrText.At(name)
	}
	s, err := tidy(strings.TrimSpace(s), false)
	if err != nil {
		return "", ErrControl.At(name)
	}
	if n := len([]rune(s)); n > max {
		return "", ErrLong.At(name).With("max", max).With("count", n)
	}
	return s, nil
}

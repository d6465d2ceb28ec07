package field

import (
	"encoding/json"
	"strconv"
	"strings"

	"tenon/schema/fault"
	"tenon/schema/panel"
	"tenon/schema/value"
)

// Hues are the names of the colours that choices, entities and apps may have.
var Hues = []string{"gray", "red", "orange", "amber", "lime", "green", "jade", "cyan", "blue", "indigo", "violet", "pink"}

// Faults of choices.
var (
	ErrChoice    = fault.Define(fault.Invalid, "field.choice", "没有“{value}”这个选项，可选：{labels_zh}", "there is no option \"{value}\"; there are: {labels_en}")
	ErrAmbiguous = fault.Define(fault.Invalid, "field.choice.ambiguous", "“{value}”对应多个选项，请用选项的键", "several options are called \"{value}\"; use the option's key")
	ErrRetired   = fault.Define(fault.Invalid, "field.choice.retired", "选项“{value}”已停用，不能再选", "the option \"{value}\" is retired and cannot be chosen any more")
)

// Text returns the choice's label in the locale; its key if it has none.
func (c Choice) Text(locale string) string {
	var t localized
	if len(c.Label) > 0 && json.Unmarshal(c.Label, &t) == nil {
		if s := t.in(locale); s != "" {
			return s
		}
	}
	return c.Key
}

// CheckRetired refuses retired choices that old did not hold already: they
// stay readable, and a record that has one may be saved again.
func (b *Bound) CheckRetired(old, new value.Value) error {
	held := map[string]bool{}
	for _, k := range keysOf(old) {
		held[k] = true
	}
	for _, k := range keysOf(new) {
		for _, c := range b.Choices {
			if c.Key == k && c.Retired && !held[k] {
				return ErrRetired.With("value", c.Text("zh-CN"))
			}
		}
	}
	return nil
}

func keysOf(v value.Value) []string {
	switch v.Kind() {
	case value.Text:
		return []string{v.Text()}
	case value.List:
		out := make([]string, len(v.List()))
		for i, e := range v.List() {
			out[i] = e.Text()
		}
		return out
	}
	return nil
}

// choicesProp declares the option that holds the choices of a type.
func choicesProp(zh, en string) panel.Prop {
	hues := make([]any, len(Hues))
	for i, h := range Hues {
		hues[i] = h
	}
	text := map[string]any{"type": "string", "minLength": 1, "maxLength": 100}
	return panel.Custom("choices", "choices", zh, en, map[string]any{
		"type": "array", "maxItems": 1000,
		"items": map[string]any{
			"type": "object", "additionalProperties": false, "required": []string{"key", "label"},
			"properties": map[string]any{
				"key": map[string]any{"type": "string", "pattern": `^[\p{L}\p{N}][\p{L}\p{N}_.\-]{0,63}$`},
				"label": map[string]any{"anyOf": []any{text, map[string]any{
					"type": "object", "additionalProperties": false, "minProperties": 1,
					"properties": map[string]any{"zh-CN": text, "en-US": text},
				}}},
				"hue":     map[string]any{"type": "string", "enum": hues},
				"aliases": map[string]any{"type": "array", "maxItems": 20, "items": text},
				"retired": map[string]any{"type": "boolean"},
			},
		},
	})
}

// choiceIndex finds choices by what people call them.
type choiceIndex struct {
	byKey map[string]int
	byTag map[string][]int // folded key, labels and aliases
	all   []Choice
}

func newChoiceIndex(all []Choice) (*choiceIndex, error) {
	x := &choiceIndex{map[string]int{}, map[string][]int{}, all}
	for i, c := range all {
		if _, dup := x.byKey[c.Key]; dup {
			return nil, option("/choices/"+strconv.Itoa(i)+"/key", "选项的键重复："+c.Key, "option key used twice: "+c.Key)
		}
		x.byKey[c.Key] = i
		seen := map[string]bool{}
		for _, tag := range append([]string{c.Key, c.Text("zh-CN"), c.Text("en-US")}, c.Aliases...) {
			if tag = key(tag); tag != "" && !seen[tag] {
				seen[tag] = true
				x.byTag[tag] = append(x.byTag[tag], i)
			}
		}
	}
	return x, nil
}

// find returns the key of the choice that s names: its key, its label in either
// language or an alias. Where a retired and a live choice share a name, the
// live one is meant.
func (x *choiceIndex) find(s string) (string, error) {
	s = strings.TrimSpace(s)
	if _, ok := x.byKey[s]; ok {
		return s, nil
	}
	var live, retired []int
	for _, i := range x.byTag[key(s)] {
		if x.all[i].Retired {
			retired = append(retired, i)
		} else {
			live = append(live, i)
		}
	}
	switch {
	case len(live) == 1:
		return x.all[live[0]].Key, nil
	case len(live) == 0 && len(retired) == 1:
		return x.all[retired[0]].Key, nil
	case len(live)+len(retired) > 0:
		return "", ErrAmbiguous.With("value", clip(s))
	}
	return "", ErrChoice.With("value", clip(s)).With("labels_zh", x.some("zh-CN")).With("labels_en", x.some("en-US"))
}

// some lists up to five labels that can be chosen.
func (x *choiceIndex) some(locale string) string {
	var labels []string
	for _, c := range x.all {
		if c.Retired {
			continue
		}
		if len(labels) == 5 {
			labels = append(labels, "…")
			break
		}
		labels = append(labels, c.Text(locale))
	}
	return strings.Join(labels, joiner(locale))
}

// knows reports whether s names a choice, without making a fault of it.
func (x *choiceIndex) knows(s string) bool {
	_, isKey := x.byKey[strings.TrimSpace(s)]
	return isKey || len(x.byTag[key(s)]) > 0
}

// label is the text of a stored key; a key without a choice stays as it is.
func (x *choiceIndex) label(k, locale string) string {
	if i, ok := x.byKey[k]; ok {
		return x.all[i].Text(locale)
	}
	return k
}

// word is the text that may name a choice: a text or a number, as in a choice "2026".
func word(raw any) (string, error) {
	switch raw.(type) {
	case string, json.Number:
		s, err := plain(raw)
		if err != nil {
			return "", err
		}
		return tidy(s, true)
	}
	return "", ErrShape.New()
}

// maxNames bounds what a list may name before it is looked up.
const maxNames = 2000

// several reads a list of names: a JSON array, or one text with separators,
// unless known says that the text is a name although it contains one.
func several(raw any, known func(string) bool) ([]string, error) {
	if items, ok := raw.([]any); ok {
		if len(items) > maxNames {
			return nil, ErrMany.With("max", maxNames).With("count", len(items))
		}
		var out []string
		for _, item := range items {
			if blank(item) {
				continue
			}
			s, err := word(item)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
		return out, nil
	}
	s, err := word(raw)
	if err != nil {
		return nil, err
	}
	if known(s) {
		return []string{s}, nil
	}
	parts := split(s, false)
	if len(parts) > maxNames {
		return nil, ErrMany.With("max", maxNames).With("count", len(parts))
	}
	var out []string
	for _, part := range parts {
		if known(part) {
			out = append(out, part)
			continue
		}
		out = append(out, split(part, true)...)
	}
	if len(out) > maxNames {
		return nil, ErrMany.With("max", maxNames).With("count", len(out))
	}
	return out, nil
}

// keyList is a list of texts without repetition; null when empty.
func keyList(keys []string) value.Value {
	seen := make(map[string]bool, len(keys))
	var l []value.Value
	for _, k := range keys {
		if !seen[k] {
			seen[k] = true
			l = append(l, value.OfText(k))
		}
	}
	if len(l) == 0 {
		return value.Value{}
	}
	return value.OfList(l)
}

// atMostItems is the Check of a list's length; 0 sets no limit.
func atMostItems(max int) func(value.Value) error {
	return func(v value.Value) error {
		if n := len(v.List()); max > 0 && n > max {
			return ErrMany.With("max", max).With("count", n)
		}
		return nil
	}
}

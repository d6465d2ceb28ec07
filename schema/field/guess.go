package field

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"tenon/schema/value"
)

// Limits of a guessed select: few labels, short, and used again and again.
const (
	guessChoices = 20
	guessRows    = 30
	guessLabel   = 30
)

var codeLike = regexp.MustCompile(`^[+-]?0[0-9]|^[0-9]{16,}$`)

// TypeGuess proposes the type and options of a column from its texts, for
// creating fields while importing. A type is proposed only if every sample
// parses as it; blank samples say nothing. Digits that are names rather than
// amounts (leading zeros, long numbers) stay text, and a select is proposed
// where at least 30 samples have at most 20 different texts.
func TypeGuess(samples []string) (typeName string, options json.RawMessage) {
	var texts []string
	for _, s := range samples {
		if strings.TrimSpace(s) != "" {
			texts = append(texts, s)
		}
	}
	if len(texts) == 0 {
		return "text", json.RawMessage(`{}`)
	}
	for _, g := range guesses {
		if g.when != nil && !all(texts, g.when) {
			continue
		}
		opts := json.RawMessage(`{}`)
		if g.options != nil {
			opts = g.options(texts)
		}
		b, err := Bind(g.name, opts)
		if err == nil && all(texts, func(s string) bool { return fits(b, s) }) {
			return g.name, opts
		}
	}
	if opts, ok := guessSelect(texts); ok {
		return "select", opts
	}
	for _, s := range texts {
		if utf8.RuneCountInString(s) > 200 || strings.ContainsAny(s, "\n\t") {
			return "long_text", json.RawMessage(`{}`)
		}
	}
	return "text", json.RawMessage(`{}`)
}

// guesses in the order of how much a match tells; when is what the texts must
// look like besides parsing.
var guesses = []struct {
	name    string
	when    func(string) bool
	options func([]string) json.RawMessage
}{
	{name: "boolean", when: func(s string) bool { return strings.Trim(fold(s), "0123456789") != "" }},
	{name: "percent", when: func(s string) bool { return strings.HasSuffix(fold(s), "%") }},
	{name: "date", when: func(s string) bool { c, ok := readCivil(s); return ok && !c.timed && c.year >= 1900 && c.year <= 2100 }},
	{name: "datetime", when: func(s string) bool { c, ok := readCivil(s); return ok && c.year >= 1900 && c.year <= 2100 },
		options: func(texts []string) json.RawMessage {
			if all(texts, func(s string) bool { c, _ := readCivil(s); return c.sec == 0 }) {
				return json.RawMessage(`{"precision":"minute"}`)
			}
			return json.RawMessage(`{"precision":"second"}`)
		}},
	{name: "phone"},
	{name: "email"},
	{name: "url"},
	{name: "money", when: func(s string) bool { return strings.ContainsAny(fold(s), "¥$€£") }, options: guessCurrency},
	{name: "number", when: func(s string) bool { return !codeLike.MatchString(fold(s)) }, options: guessNumber},
	{name: "address", when: func(s string) bool { return utf8.RuneCountInString(s) > 6 }},
}

func all(texts []string, f func(string) bool) bool {
	for _, s := range texts {
		if !f(s) {
			return false
		}
	}
	return true
}

// fits reports whether the text parses to something.
func fits(b *Bound, s string) bool {
	v, err := ParseImportText(b, s, Env{})
	return err == nil && !v.IsNull() && b.Check(v) == nil
}

func guessCurrency(texts []string) json.RawMessage {
	for code, sign := range map[string]string{"USD": "$", "EUR": "€", "GBP": "£"} {
		if all(texts, func(s string) bool { return strings.Contains(s, sign) }) {
			return json.RawMessage(`{"currency":"` + code + `"}`)
		}
	}
	return json.RawMessage(`{"currency":"CNY"}`)
}

func guessNumber(texts []string) json.RawMessage {
	scale, thousands := int32(0), false
	for _, s := range texts {
		thousands = thousands || strings.Contains(fold(s), ",")
		if d, err := amount(s, currencySigned()...); err == nil {
			scale = max(scale, min(maxScale, -d.Exponent()))
		}
	}
	m := map[string]any{"scale": scale}
	if thousands {
		m["thousands"] = true
	}
	return encode(m)
}

// guessSelect proposes a select where few labels repeat over many rows.
func guessSelect(texts []string) (json.RawMessage, bool) {
	if len(texts) < guessRows {
		return nil, false
	}
	var labels []string
	seen := map[string]bool{}
	for _, s := range texts {
		s = strings.TrimSpace(s)
		if k := key(s); !seen[k] {
			seen[k] = true
			labels = append(labels, s)
		}
		if len(labels) > guessChoices || utf8.RuneCountInString(s) > guessLabel {
			return nil, false
		}
		if _, err := tidy(s, false); err != nil {
			return nil, false
		}
	}
	if len(labels) < 2 {
		return nil, false // a constant tells nothing of what else there may be
	}
	keys := map[string]bool{}
	choices := make([]map[string]any, len(labels))
	for i, label := range labels {
		choices[i] = map[string]any{"key": ChoiceKey(label, keys), "label": label, "hue": guessHues[i%len(guessHues)]}
	}
	return encode(map[string]any{"choices": choices}), true
}

// guessHues are far enough apart to tell neighbours from each other.
var guessHues = []string{"blue", "green", "orange", "violet", "red", "cyan", "amber", "pink", "jade", "indigo", "lime", "gray"}

var notInKey = regexp.MustCompile(`[^\p{L}\p{N}]+`)

// ChoiceKey makes an option key from a label that is not in taken, and adds it there.
func ChoiceKey(label string, taken map[string]bool) string {
	base := strings.Trim(notInKey.ReplaceAllString(key(label), "_"), "_")
	if r := []rune(base); len(r) > 50 {
		base = strings.Trim(string(r[:50]), "_")
	}
	if base == "" {
		base = "option"
	}
	k := base
	for i := 2; taken[k]; i++ {
		k = base + "_" + strconv.Itoa(i)
	}
	taken[k] = true
	return k
}

func encode(x any) json.RawMessage {
	v, err := objectOf(x)
	if err != nil || v.Kind() != value.Object {
		return json.RawMessage(`{}`)
	}
	return v.Object()
}

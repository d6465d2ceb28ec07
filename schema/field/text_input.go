package field

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// plain returns raw as text: a string as it is, a number as its digits.
func plain(raw any) (string, error) {
	switch x := raw.(type) {
	case string:
		return x, nil
	case json.Number:
		return integral(x.String()), nil
	default:
		return "", ErrText.New()
	}
}

// integral writes a number without exponent, so that 1.38e10 typed by a
// spreadsheet is the phone number it was; other texts stay.
func integral(s string) string {
	if strings.ContainsAny(s, "eE") {
		if d, err := decimalText(s); err == nil {
			return d.String()
		}
	}
	return s
}

// blank reports whether raw stands for null: nil, or text without a visible character.
func blank(raw any) bool {
	if raw == nil {
		return true
	}
	s, ok := raw.(string)
	return ok && strings.TrimSpace(s) == ""
}

// fold brings typed text to one form: full-width letters, digits and signs
// become plain, outer space goes.
func fold(s string) string { return strings.TrimSpace(norm.NFKC.String(s)) }

// key is fold without regard to case, for matching labels.
func key(s string) string { return strings.ToLower(fold(s)) }

// tidy admits a text that Postgres and screens can hold: valid UTF-8 without
// control characters, except line breaks and tabs where lines is true.
func tidy(s string, lines bool) (string, error) {
	if !utf8.ValidString(s) {
		return "", ErrControl.New()
	}
	if lines {
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	for _, r := range s {
		if unicode.IsControl(r) && !(lines && (r == '\n' || r == '\t')) {
			return "", ErrControl.New()
		}
	}
	return s, nil
}

// split cuts a text that lists several things. The enumeration comma (、)
// separates too, but only callers that do not know better labels ask for it.
func split(s string, enumeration bool) []string {
	parts := strings.FieldsFunc(s, func(r rune) bool {
		switch r {
		case ',', '，', ';', '；', '\n', '\r', '|':
			return true
		case '、':
			return enumeration
		}
		return false
	})
	out := parts[:0]
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// joiner is what stands between the items of a list in a locale.
func joiner(locale string) string {
	if english(locale) {
		return ", "
	}
	return "、"
}

func english(locale string) bool { return strings.HasPrefix(locale, "en") }

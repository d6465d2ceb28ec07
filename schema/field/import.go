package field

import (
	"strings"

	"tenon/schema/value"
)

// ParseImportText reads the text of a cell of an imported file. A cell means
// what a person would mean by typing it, so this is Parse, after the leftovers
// of spreadsheets are gone: a byte order mark, and the apostrophe that makes a
// number a text.
func ParseImportText(b *Bound, text string, env Env) (value.Value, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	if r, ok := strings.CutPrefix(text, "'"); ok && r != "" && strings.Trim(r, "0123456789.-") == "" {
		text = r
	}
	return b.Parse(text, env)
}

package transfer

import (
	"sort"
	"strconv"
	"strings"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"

	"tenon/schema"
)

// slug makes a key that people can read from a name; Chinese becomes pinyin.
// It is "" when nothing of the name can be used.
func slug(name string, most int) string {
	var b strings.Builder
	gap, wasHan := false, false
	put := func(s string, split bool) {
		if (gap || split) && b.Len() > 0 {
			b.WriteByte('_')
		}
		gap = false
		b.WriteString(s)
	}
	args := pinyin.NewArgs()
	for _, r := range strings.ToLower(norm.NFKC.String(name)) {
		han := false
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			put(string(r), wasHan)
		default:
			if p := pinyin.SinglePinyin(r, args); len(p) > 0 && p[0] != "" {
				put(p[0], true)
				han = true
			} else {
				gap = true
			}
		}
		wasHan = han
		if b.Len() >= most {
			break
		}
	}
	out := strings.TrimLeft(b.String(), "0123456789_")
	if len(out) > most {
		out = out[:most]
	}
	return strings.Trim(out, "_")
}

// FreeKey makes a key from a name that is not taken, and takes it.
func FreeKey(name, otherwise string, taken map[string]bool) string {
	base := slug(name, 34)
	if base == "" {
		base = otherwise
	}
	if !schema.ValidKey(base) {
		base += "_x" // a word with a meaning of its own
	}
	key := base
	for n := 2; taken[key] || !schema.ValidKey(key); n++ {
		key = base + "_" + strconv.Itoa(n)
	}
	taken[key] = true
	return key
}

// same is a name without case, width, space and punctuation, for recognising
// a column that means a field.
func same(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '_' || r == '-' || r == '.' || r == '/' || r == '(' || r == ')' || r == '*' || r == ':' || r == '（' || r == '）' || r == '：':
			return -1
		}
		return r
	}, strings.ToLower(norm.NFKC.String(name)))
}

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

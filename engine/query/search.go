package query

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/field"
	"tenon/schema/value"
)

// gramRunes bounds how much of a text is indexed.
const gramRunes = 2000

// Fold makes texts comparable for search: NFKC, lower case. SQL does the same
// with lower(normalize(x, NFKC)).
func Fold(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

// gram is a piece of a folded text and a number that equal pieces share.
type gram struct {
	key  uint64
	text string
}

// Grams returns the distinct unigrams and bigrams of the folded texts, which
// the search index holds (decision 34), in an order that depends on nothing
// but what they are.
func Grams(texts ...string) []string {
	var all []gram
	for _, s := range texts {
		all = appendGrams(all, Fold(s))
	}
	slices.SortFunc(all, func(a, b gram) int { return cmp.Compare(a.key, b.key) })
	out := make([]string, 0, len(all))
	for i, g := range all {
		if i == 0 || g.key != all[i-1].key {
			out = append(out, g.text)
		}
	}
	return out
}

// appendGrams adds the pieces of one folded text; they share its memory.
func appendGrams(all []gram, s string) []gram {
	all = slices.Grow(all, 2*min(len(s), gramRunes))
	blank := func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }
	n := 0
	for i := 0; i < len(s) && n < gramRunes; n++ {
		r, size := utf8.DecodeRuneInString(s[i:])
		next := i + size
		if !blank(r) {
			all = append(all, gram{uint64(r) << 32, s[i:next]})
			if r2, size2 := utf8.DecodeRuneInString(s[next:]); size2 > 0 && r2 != ' ' && n+1 < gramRunes {
				all = append(all, gram{uint64(r)<<32 | uint64(r2), s[i : next+size2]})
			}
		}
		i = next
	}
	return all
}

// Searchable reports whether a field takes part in text search.
func Searchable(f *schema.FieldModel) bool {
	return f.Traits.Searchable && f.Storage == field.Column && (f.Kind == value.Text || f.Kind == value.List && f.Elem == value.Text)
}

// SearchText gives the text of a value that is indexed for search.
func SearchText(v value.Value) string { return v.String() }

// Search renders a search for all words of a text in any searchable field that
// the caller may read.
func (g *Gen) Search(e *schema.EntityModel, text string) (string, error) {
	var cols []string
	for _, f := range e.Fields {
		if !Searchable(f) {
			continue
		}
		full, _, err := g.FieldLevels(e, f, "t")
		if err != nil {
			return "", err
		}
		if full == "false" {
			continue
		}
		c := col("t", f.Column)
		if f.Kind == value.List {
			c = "array_to_string(" + c + ", ', ')"
		}
		if full != "true" {
			c = "CASE WHEN " + full + " THEN " + c + " END"
		}
		cols = append(cols, "lower(normalize("+c+", NFKC))")
	}
	words := strings.Fields(Fold(text))
	if len(words) == 0 {
		return "true", nil
	}
	if len(cols) == 0 {
		return "false", nil
	}
	var parts []string
	for _, w := range words {
		grams := Grams(w)
		if utf8.RuneCountInString(w) > 1 {
			// Bigrams alone are the narrower question.
			var bi []string
			for _, x := range grams {
				if utf8.RuneCountInString(x) > 1 {
					bi = append(bi, x)
				}
			}
			grams = bi
		}
		p := g.Arg(store.Text("%" + likeEscape(w) + "%"))
		var or []string
		for _, c := range cols {
			or = append(or, c+" LIKE "+p)
		}
		parts = append(parts, "t.zz_grams @> "+g.Arg(store.Texts(grams))+" AND ("+strings.Join(or, " OR ")+")")
	}
	return "(" + strings.Join(parts, " AND ") + ")", nil
}

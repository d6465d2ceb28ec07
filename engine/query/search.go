package query

import (
	"sort"
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

// Grams returns the distinct unigrams and bigrams of the folded texts, which
// the search index holds (decision 34).
func Grams(texts ...string) []string {
	set := map[string]bool{}
	for _, s := range texts {
		r := []rune(Fold(s))
		if len(r) > gramRunes {
			r = r[:gramRunes]
		}
		for i, c := range r {
			if c == ' ' || c == '\n' || c == '\t' {
				continue
			}
			set[string(c)] = true
			if i+1 < len(r) && r[i+1] != ' ' {
				set[string(r[i:i+2])] = true
			}
		}
	}
	out := make([]string, 0, len(set))
	for g := range set {
		out = append(out, g)
	}
	sort.Strings(out)
	return out
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

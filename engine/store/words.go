package store

// Wording is what a to-do or a message says in one language.
type Wording struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Words are a to-do's or a message's wordings by locale; none where it says the
// same in all.
type Words map[string]Wording

// pick finds the wording for a reader; what has none is read as it was written.
func pick(words Doc, locale string, written Wording) (title, text string) {
	var w Words
	if err := words.Into(&w); err == nil {
		if x, ok := w[locale]; ok {
			written = x
		}
	}
	return written.Title, written.Text
}

// In gives the title and the text in the language of a reader.
func (n Notification) In(locale string) (title, text string) {
	return pick(n.Words, locale, Wording{n.Title, n.Text})
}

// In gives the title and the text in the language of a reader.
func (t Task) In(locale string) (title, text string) {
	return pick(t.Words, locale, Wording{t.Title, t.Text})
}

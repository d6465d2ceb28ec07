package action

import (
	"strings"

	"tenon/schema"
	wfstore "tenon/workflow/store"
)

// languages are those in which people read.
var languages = []string{"zh-CN", "en-US"}

// Bilingual is a compiled text template in both languages.
type Bilingual struct{ zh, en *schema.Template }

// Bilingual compiles a text that may differ by language.
func (b *Binder) Bilingual(path string, t schema.Text) (*Bilingual, error) {
	if t.Empty() {
		return nil, nil
	}
	zh, err := b.Template(path, t.In("zh-CN"))
	if err != nil {
		return nil, err
	}
	en := zh
	if t.In("en-US") != t.In("zh-CN") {
		if en, err = b.Template(path, t.In("en-US")); err != nil {
			return nil, err
		}
	}
	return &Bilingual{zh, en}, nil
}

// Render fills the text in the language of the workspace, for readers whose
// language nobody knows, such as a group or an outside address.
func (t *Bilingual) Render(c *Ctx) (string, error) { return t.in(c, c.workspaceLocale()) }

// Answer fills the text in the language of whoever waits for it.
func (t *Bilingual) Answer(c *Ctx) (string, error) {
	if c.S != nil && c.S.Locale != "" {
		return t.in(c, c.S.Locale)
	}
	return t.Render(c)
}

// wording fills a title and a text in every language, since each reader has
// one; it returns the workspace's, and all when they differ.
func (c *Ctx) wording(title, text *Bilingual) (wfstore.Wording, wfstore.Words, error) {
	all := wfstore.Words{}
	same := true
	for _, l := range languages {
		var w wfstore.Wording
		var err error
		if w.Title, err = title.in(c, l); err != nil {
			return w, nil, err
		}
		if w.Text, err = text.in(c, l); err != nil {
			return w, nil, err
		}
		all[l] = w
		same = same && w == all[languages[0]]
	}
	own := all[c.workspaceLocale()]
	if same {
		all = nil
	}
	return own, all, nil
}

// shown is the wording for whoever waits for an answer, such as a rehearsal's.
func (c *Ctx) shown(own wfstore.Wording, all wfstore.Words) wfstore.Wording {
	if c.S != nil {
		if w, ok := all[c.S.Locale]; ok {
			return w
		}
	}
	return own
}

func (t *Bilingual) in(c *Ctx, locale string) (string, error) {
	if t == nil {
		return "", nil
	}
	if strings.HasPrefix(locale, "en") {
		return c.text(t.en, locale)
	}
	return c.text(t.zh, locale)
}

package action

import (
	"strings"

	"tenon/schema"
)

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

// Render fills the text in the language of the workspace: it is kept, and read
// by others than who set the rule off.
func (t *Bilingual) Render(c *Ctx) (string, error) { return t.in(c, c.workspaceLocale()) }

// Answer fills the text in the language of whoever waits for it.
func (t *Bilingual) Answer(c *Ctx) (string, error) {
	if c.S != nil && c.S.Locale != "" {
		return t.in(c, c.S.Locale)
	}
	return t.Render(c)
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

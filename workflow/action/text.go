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

// Render fills the text in the language of the workspace.
func (t *Bilingual) Render(c *Ctx) (string, error) {
	if t == nil {
		return "", nil
	}
	if c.S != nil && strings.HasPrefix(c.S.Snap.Locale, "en") {
		return c.Text(t.en)
	}
	return c.Text(t.zh)
}

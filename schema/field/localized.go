package field

import "encoding/json"

// localized is a text of a definition: one for all languages or one for each.
type localized struct{ ZH, EN string }

// UnmarshalJSON reads a string or {"zh-CN","en-US"}.
func (t *localized) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		t.ZH, t.EN = s, s
		return nil
	}
	var m Label
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	t.ZH, t.EN = m.ZH, m.EN
	return nil
}

// in returns the text for a locale, falling back to the other language.
func (t localized) in(locale string) string {
	if english(locale) && t.EN != "" || t.ZH == "" {
		return t.EN
	}
	return t.ZH
}

package field

import "strings"

// Kinds of MaskPartial; Bound.Mask holds the one that fits a field.
const (
	MaskPhone = "phone" // 138****1234
	MaskEmail = "email" // a***@example.com
	MaskText  = "text"  // 王*明
)

// MaskPartial hides the telling part of a value's text. Texts too short to show
// any part of, and kinds it does not know, are hidden altogether.
func MaskPartial(kind, text string) string {
	if text == "" {
		return ""
	}
	r := []rune(text)
	switch kind {
	case MaskPhone:
		switch {
		case strings.Contains(text, "-") && len(r) >= 8: // keep the area code
			area, _, _ := strings.Cut(text, "-")
			return area + "-****" + string(r[len(r)-4:])
		case len(r) >= 9:
			return string(r[:3]) + "****" + string(r[len(r)-4:])
		}
	case MaskEmail:
		if local, domain, ok := strings.Cut(text, "@"); ok && local != "" {
			return string([]rune(local)[:1]) + "***@" + domain
		}
	case MaskText:
		switch {
		case len(r) == 2:
			return string(r[0]) + "*"
		case len(r) == 3:
			return string(r[0]) + "*" + string(r[2])
		case len(r) > 3:
			return string(r[0]) + "***" + string(r[len(r)-1])
		}
	}
	return "***"
}

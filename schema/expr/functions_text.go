package expr

import (
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"tenon/schema/value"
)

var anyText = []Arg{{Name: "text", Kinds: txt}}

func textFn(f func(string) string) func(*Env, []value.Value) (value.Value, error) {
	return func(_ *Env, a []value.Value) (value.Value, error) { return value.OfText(f(a[0].Text())), nil }
}

// count reads a character count argument, at least 0.
func count(a []value.Value, i int, otherwise int64) int {
	if len(a) <= i {
		return int(otherwise)
	}
	return int(clamped(a[i].Number(), 0, MaxText))
}

// joined writes values one after another, refusing texts that grow too long
// before they take memory.
func joined(a []value.Value, sep string) (value.Value, error) {
	var b strings.Builder
	for i, v := range a {
		if i > 0 {
			b.WriteString(sep)
		}
		if v.Kind() == value.List {
			x, err := joined(v.List(), ", ")
			if err != nil {
				return x, err
			}
			v = x
		}
		if b.WriteString(v.String()); b.Len() > MaxText {
			return value.Value{}, ErrLongText.New()
		}
	}
	return value.OfText(b.String()), nil
}

var (
	_ = define(Func{Name: "CONCATENATE", Aliases: []string{"CONCAT"}, Group: "text", Label: label("合并文本", "Join texts"), Help: label("把多个值连成一段文本，空值当作空文本", "Joins values into one text; blanks count as empty"),
		Args: []Arg{{Name: "value", Variadic: true}}, Result: returns(value.Text), NullOK: true,
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			return joined(flat(a), "")
		},
		Examples: []FuncExample{{`CONCATENATE("a", 1.50, nil)`, `"a1.5"`}, {`CONCATENATE("榫", "卯")`, `"榫卯"`}, {`CONCATENATE(nil)`, `""`}}})
	_ = define(Func{Name: "LEN", Group: "text", Label: label("长度", "Length"), Help: label("文本的字符数，或列表的个数", "The number of characters, or of elements of a list"),
		Args: []Arg{{Name: "text", Kinds: []value.Kind{value.Text, value.Ref, value.List, value.Rows}}}, Result: returns(value.Number), NullOK: true,
		Rewrite: func(c *compiler, n *Node) *Node {
			if n.Args[0].Type.Kind == value.Rows {
				return &Node{Op: OpEach, Name: "count", Type: T(value.Number), Args: n.Args}
			}
			n.Type = T(value.Number)
			return n
		},
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			switch a[0].Kind() {
			case value.Null:
				return value.OfInt(0), nil
			case value.List:
				return value.OfInt(int64(len(a[0].List()))), nil
			case value.Rows:
				return value.OfInt(int64(len(a[0].Rows()))), nil
			}
			return value.OfInt(int64(utf8.RuneCountInString(a[0].Text()))), nil
		},
		Examples: []FuncExample{{`LEN("中文ab")`, "4"}, {`LEN("")`, "0"}, {`LEN(nil)`, "0"}}})
	_ = define(Func{Name: "LEFT", Group: "text", Label: label("左取", "Left"), Help: label("文本开头的若干个字符", "The first characters of a text"),
		Args: []Arg{{Name: "text", Kinds: txt}, {Name: "count", Kinds: num, Optional: true}}, Result: returns(value.Text),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			r := []rune(a[0].Text())
			return value.OfText(string(r[:min(count(a, 1, 1), len(r))])), nil
		},
		Examples: []FuncExample{{`LEFT("榫卯结构", 2)`, `"榫卯"`}, {`LEFT("abc")`, `"a"`}, {`LEFT(nil, 2)`, "null"}}})
	_ = define(Func{Name: "RIGHT", Group: "text", Label: label("右取", "Right"), Help: label("文本末尾的若干个字符", "The last characters of a text"),
		Args: []Arg{{Name: "text", Kinds: txt}, {Name: "count", Kinds: num, Optional: true}}, Result: returns(value.Text),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			r := []rune(a[0].Text())
			return value.OfText(string(r[len(r)-min(count(a, 1, 1), len(r)):])), nil
		},
		Examples: []FuncExample{{`RIGHT("榫卯结构", 2)`, `"结构"`}, {`RIGHT("abc", 9)`, `"abc"`}, {`RIGHT(nil, 2)`, "null"}}})
	_ = define(Func{Name: "MID", Group: "text", Label: label("截取", "Middle"), Help: label("从第几个字符起取若干个字符，第一个字符是 1", "Characters from a position (the first is 1)"),
		Args: []Arg{{Name: "text", Kinds: txt}, {Name: "start", Kinds: num}, {Name: "count", Kinds: num}}, Result: returns(value.Text),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			r := []rune(a[0].Text())
			from := min(int(clamped(a[1].Number(), 1, MaxText+1))-1, len(r))
			return value.OfText(string(r[from:min(from+count(a, 2, 0), len(r))])), nil
		},
		Examples: []FuncExample{{`MID("榫卯结构", 2, 2)`, `"卯结"`}, {`MID("abc", 9, 1)`, `""`}, {`MID(nil, 1, 1)`, "null"}}})
	_ = define(Func{Name: "UPPER", Group: "text", Label: label("转大写", "Upper case"), Help: label("英文字母转为大写", "Latin letters in upper case"), Args: anyText, Result: returns(value.Text),
		Go:       textFn(func(s string) string { return asciiCase(s, 'a', 'z') }),
		Examples: []FuncExample{{`UPPER("aB1")`, `"AB1"`}, {`UPPER("中a")`, `"中A"`}, {`UPPER(nil)`, "null"}}})
	_ = define(Func{Name: "LOWER", Group: "text", Label: label("转小写", "Lower case"), Help: label("英文字母转为小写", "Latin letters in lower case"), Args: anyText, Result: returns(value.Text),
		Go:       textFn(func(s string) string { return asciiCase(s, 'A', 'Z') }),
		Examples: []FuncExample{{`LOWER("aB1")`, `"ab1"`}, {`LOWER("中A")`, `"中a"`}, {`LOWER(nil)`, "null"}}})
	_ = define(Func{Name: "TRIM", Group: "text", Label: label("去空格", "Trim"), Help: label("去掉首尾空格，中间连续空格合并为一个", "Removes spaces around and collapses runs inside"), Args: anyText, Result: returns(value.Text),
		Go: textFn(func(s string) string {
			return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(blank, r) }), " ")
		}),
		Examples: []FuncExample{{`TRIM("  a   b ")`, `"a b"`}, {`TRIM("　中　")`, `"中"`}, {`TRIM(nil)`, "null"}}})
	_ = define(Func{Name: "VALUE", Group: "text", Label: label("转数字", "To number"), Help: label("把文本读作数字，最多保留 18 位小数；读不出时为空", "Reads a text as a number of at most 18 decimals; blank when it is none"), Args: anyText, Result: returns(value.Number),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			return parseNumber(a[0].Text()), nil
		},
		Examples: []FuncExample{{`VALUE("12.50")`, "12.5"}, {`VALUE("x")`, "null"}, {`VALUE(nil)`, "null"}}})
	_ = define(Func{Name: "JOIN", Group: "text", Label: label("列表转文本", "Join list"), Help: label("用分隔符连接列表中的值", "Joins the elements of a list with a separator"),
		Args: []Arg{{Name: "list", Kinds: lists}, {Name: "separator", Kinds: txt, Optional: true}}, Result: returns(value.Text),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			sep := ","
			if len(a) > 1 {
				sep = a[1].Text()
			}
			return joined(present(a[0].List()), sep)
		},
		Examples: []FuncExample{{`JOIN(["a", "b"], "-")`, `"a-b"`}, {`JOIN(["a"])`, `"a"`}, {`JOIN(nil, "-")`, "null"}}})
)

// asciiCase flips the case of the letters between lo and hi. Only ASCII
// letters change, so that Go, SQL (COLLATE "C") and the browser agree.
func asciiCase(s string, lo, hi byte) string {
	b := []byte(s)
	for i, c := range b {
		if c >= lo && c <= hi {
			b[i] = c ^ 0x20
		}
	}
	return string(b)
}

// parseNumber reads a plain number, rounded at 18 decimals; null if it is none.
func parseNumber(s string) value.Value {
	if s = trimBlank(s); !plainNumber(s) {
		return value.Value{}
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return value.Value{}
	}
	if d = d.Round(divScale); !fits38(d) {
		return value.Value{}
	}
	return value.OfNumber(d)
}

// blank are the characters that count as space in every evaluator.
const blank = " \t\n\r\u3000"

func trimBlank(s string) string { return strings.Trim(s, blank) }

// plainNumber accepts an optional sign, digits and one point: nothing that
// Postgres or JavaScript would read differently.
func plainNumber(s string) bool {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	digits, dots := 0, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] >= '0' && s[i] <= '9':
			digits++
		case s[i] == '.':
			dots++
		default:
			return false
		}
	}
	return digits > 0 && dots <= 1 && len(s) <= 60
}

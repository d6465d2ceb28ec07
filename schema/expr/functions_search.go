package expr

import (
	"strings"
	"unicode/utf8"

	"tenon/schema/value"
)

// Functions that look inside texts and take them apart.

var findArgs = []Arg{{Name: "find", Kinds: txt}, {Name: "text", Kinds: txt}, {Name: "start", Kinds: num, Optional: true}}

// find gives the 1-based character position of a text in another, 0 if absent.
func find(a []value.Value, fold func(string) string) (value.Value, error) {
	s, sub, from := []rune(fold(a[1].Text())), fold(a[0].Text()), 0
	if len(a) > 2 {
		from = int(clamped(a[2].Number(), 1, MaxText+1)) - 1
	}
	if from > len(s) {
		return value.OfInt(0), nil
	}
	rest := string(s[from:])
	i := strings.Index(rest, sub)
	if i < 0 {
		return value.OfInt(0), nil
	}
	return value.OfInt(int64(from + utf8.RuneCountInString(rest[:i]) + 1)), nil
}

// textCall declares the spelling as a function of one of the text operators.
func textCall(name, zh, en, helpZH, helpEN, operator string, examples ...FuncExample) *Func {
	return define(Func{Name: name, Group: "text", Label: label(zh, en), Help: label(helpZH, helpEN), Args: []Arg{{Name: "text", Kinds: txt}, {Name: "part", Kinds: txt}}, Result: returns(value.Bool),
		Rewrite: func(c *compiler, n *Node) *Node { return c.op(n, operator, n.Args...) }, Examples: examples})
}

var (
	_ = define(Func{Name: "SEARCH", Group: "text", Label: label("查找（不分大小写）", "Search"), Help: label("一段文本在另一段中第一次出现的位置，第一个字符是 1，找不到为 0；不区分英文大小写", "The position of a text in another, the first character is 1, 0 when absent; Latin case is ignored"),
		Args: findArgs, Result: returns(value.Number), Go: func(_ *Env, a []value.Value) (value.Value, error) {
			return find(a, func(s string) string { return asciiCase(s, 'A', 'Z') })
		},
		Examples: []FuncExample{{`SEARCH("卯", "榫卯结构")`, "2"}, {`SEARCH("B", "abcb", 3)`, "4"}, {`SEARCH("x", "abc")`, "0"}, {`SEARCH(nil, "abc")`, "null"}}})
	_ = define(Func{Name: "FIND", Group: "text", Label: label("查找（区分大小写）", "Find"), Help: label("一段文本在另一段中第一次出现的位置，第一个字符是 1，找不到为 0；区分大小写", "The position of a text in another, the first character is 1, 0 when absent; case matters"),
		Args: findArgs, Result: returns(value.Number), Go: func(_ *Env, a []value.Value) (value.Value, error) {
			return find(a, func(s string) string { return s })
		},
		Examples: []FuncExample{{`FIND("卯", "榫卯结构")`, "2"}, {`FIND("B", "abcb")`, "0"}, {`FIND("b", nil)`, "null"}}})
	_ = define(Func{Name: "EXACT", Group: "text", Label: label("完全相同", "Exactly equal"), Help: label("两个文本完全相同（区分大小写）时为真；两个都为空也算相同", "True when both texts are the same, case included; two blanks are the same"),
		Args: []Arg{{Name: "text", Kinds: txt}, {Name: "other", Kinds: txt}}, Result: returns(value.Bool),
		Rewrite:  func(c *compiler, n *Node) *Node { return c.op(n, "eq", n.Args...) },
		Examples: []FuncExample{{`EXACT("a", "a")`, "true"}, {`EXACT("a", "A")`, "false"}, {`EXACT(nil, "")`, "false"}}})
	_ = define(Func{Name: "INCLUDES", Group: "text", Label: label("包含", "Contains"), Help: label("文本含有另一段文本，或列表含有该值时为真；也可写作 CONTAINS", "True when a text contains another, or a list holds the value; CONTAINS is the same"),
		Args: []Arg{{Name: "text_or_list", Kinds: []value.Kind{value.Text, value.Ref, value.List}}, {Name: "part"}}, Result: returns(value.Bool),
		Rewrite: func(c *compiler, n *Node) *Node {
			a, b := n.Args[0], n.Args[1]
			if a.Type.Kind == value.List {
				if b = c.coerce(b, T(a.Type.Elem)); !comparable2(b.Type, T(a.Type.Elem), "eq") {
					return c.failAt(n, ErrCompare.With("left", b.Type.Name()).With("right", a.Type.Name()))
				}
				return c.op(n, "in", b, a)
			}
			if b.Type.Kind != value.Null && b.Type.Kind != value.Text && b.Type.Kind != value.Ref {
				return c.failAt(b, ErrType.With("name", "INCLUDES").With("want", "text").With("got", b.Type.Name()))
			}
			return c.op(n, "contains", a, b)
		},
		Examples: []FuncExample{{`INCLUDES("榫卯结构", "卯")`, "true"}, {`CONTAINS([1, 2], 3)`, "false"}, {`INCLUDES(nil, "a")`, "false"}}})
	_ = textCall("STARTSWITH", "开头是", "Starts with", "文本以另一段文本开头时为真", "True when the text begins with the other", "starts_with",
		FuncExample{`STARTSWITH("榫卯", "榫")`, "true"}, FuncExample{`STARTSWITH("abc", "b")`, "false"}, FuncExample{`STARTSWITH(nil, "a")`, "false"})
	_ = textCall("ENDSWITH", "结尾是", "Ends with", "文本以另一段文本结尾时为真", "True when the text ends with the other", "ends_with",
		FuncExample{`ENDSWITH("榫卯", "卯")`, "true"}, FuncExample{`ENDSWITH("abc", "b")`, "false"}, FuncExample{`ENDSWITH(nil, "a")`, "false"})
	_ = define(Func{Name: "REPLACE", Group: "text", Label: label("按位置替换", "Replace by position"), Help: label("把从第几个字符起的若干个字符换成另一段文本，第一个字符是 1", "Replaces characters from a position (the first is 1) by another text"),
		Args: []Arg{{Name: "text", Kinds: txt}, {Name: "start", Kinds: num}, {Name: "count", Kinds: num}, {Name: "replacement", Kinds: txt}}, Result: returns(value.Text),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			r := []rune(a[0].Text())
			from := min(int(clamped(a[1].Number(), 1, MaxText+1))-1, len(r))
			to := min(from+count(a, 2, 0), len(r))
			return value.OfText(string(r[:from]) + a[3].Text() + string(r[to:])), nil
		},
		Examples: []FuncExample{{`REPLACE("13812345678", 4, 4, "****")`, `"138****5678"`}, {`REPLACE("榫卯", 3, 1, "!")`, `"榫卯!"`}, {`REPLACE(nil, 1, 1, "x")`, "null"}}})
	_ = define(Func{Name: "SUBSTITUTE", Aliases: []string{"replace_all"}, Group: "text", Label: label("替换文本", "Substitute"), Help: label("把一段文本中所有的某段文字换成另一段", "Replaces every occurrence of a text by another"),
		Args: []Arg{{Name: "text", Kinds: txt}, {Name: "old", Kinds: txt}, {Name: "new", Kinds: txt}}, Result: returns(value.Text),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			s, old, repl := a[0].Text(), a[1].Text(), a[2].Text()
			if old == "" {
				return value.OfText(s), nil
			}
			if len(s)+strings.Count(s, old)*(len(repl)-len(old)) > MaxText {
				return value.Value{}, ErrLongText.New()
			}
			return value.OfText(strings.ReplaceAll(s, old, repl)), nil
		},
		Examples: []FuncExample{{`SUBSTITUTE("a-b-c", "-", "")`, `"abc"`}, {`SUBSTITUTE("aaa", "aa", "b")`, `"ba"`}, {`SUBSTITUTE("a", "", "b")`, `"a"`}, {`SUBSTITUTE(nil, "a", "b")`, "null"}}})
	_ = define(Func{Name: "REPT", Group: "text", Label: label("重复文本", "Repeat"), Help: label("把文本重复若干次，结果最长 64 KB", "Repeats a text; the result is at most 64 KB"),
		Args: []Arg{{Name: "text", Kinds: txt}, {Name: "count", Kinds: num}}, Result: returns(value.Text),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			s, n := a[0].Text(), int(clamped(a[1].Number(), 0, MaxText+1))
			if len(s)*n > MaxText {
				return value.Value{}, ErrLongText.New()
			}
			return value.OfText(strings.Repeat(s, n)), nil
		},
		Examples: []FuncExample{{`REPT("★", 3)`, `"★★★"`}, {`REPT("ab", 0)`, `""`}, {`REPT("ab", -1)`, `""`}, {`REPT(nil, 3)`, "null"}}})
	_ = define(Func{Name: "SPLIT", Group: "text", Label: label("拆分文本", "Split"), Help: label("按分隔符把文本拆成列表；空文本为空列表", "Splits a text at a separator into a list; the empty text gives the empty list"),
		Args: []Arg{{Name: "text", Kinds: txt}, {Name: "separator", Kinds: txt}}, Result: func([]Type) Type { return ListOf(value.Text) },
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			s, sep := a[0].Text(), a[1].Text()
			if s == "" {
				return value.OfList(nil), nil
			}
			if sep == "" {
				return value.OfList([]value.Value{value.OfText(s)}), nil
			}
			parts := strings.Split(s, sep)
			out := make([]value.Value, len(parts))
			for i, p := range parts {
				out[i] = value.OfText(p)
			}
			return value.OfList(out), nil
		},
		Examples: []FuncExample{{`SPLIT("a,b,,c", ",")`, `["a","b","","c"]`}, {`SPLIT("", ",")`, `[]`}, {`SPLIT("abc", "")`, `["abc"]`}, {`SPLIT(nil, ",")`, "null"}}})
	_ = define(Func{Name: "CHAR", Group: "text", Label: label("字符", "Character"), Help: label("字符编码对应的字符，例如 10 为换行、34 为双引号；控制字符为空", "The character of a code, such as 10 for a line break or 34 for a quote; blank for control characters"),
		Args: []Arg{{Name: "code", Kinds: num}}, Result: returns(value.Text),
		Go: func(_ *Env, a []value.Value) (value.Value, error) {
			c := clamped(a[0].Number(), 0, 0x110000)
			if c != 9 && c != 10 && c != 13 && (c < 32 || c > 126 && c < 160 || c >= 0xD800 && c < 0xE000 || c > 0x10FFFF) {
				return value.Value{}, nil
			}
			return value.OfText(string(rune(c))), nil
		},
		Examples: []FuncExample{{`CHAR(65)`, `"A"`}, {`CHAR(10)`, `"\n"`}, {`CHAR(8364)`, `"€"`}, {`CHAR(7)`, "null"}, {`CHAR(nil)`, "null"}}})
)

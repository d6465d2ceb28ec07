package schema

import (
	"strings"
	"unicode/utf8"

	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/value"
)

// Template is a text with {expressions}. "{{" is a literal brace.
type Template struct {
	Source string
	parts  []part
}

type part struct {
	text string
	prog *expr.Program
}

var errTemplateOpen = fault.Define(fault.Invalid, "template.unclosed", "文本模板里的“{”没有对应的“}”；要写普通的括号请用“{{”", "an opening brace in the text has no closing one; write {{ for a plain brace")

// CompileTemplate compiles the expressions inside a text.
func CompileTemplate(text string, scope *expr.Scope) (*Template, error) {
	t := &Template{Source: text}
	var l fault.List
	for rest := text; rest != ""; {
		i := strings.IndexByte(rest, '{')
		if i < 0 {
			t.parts = append(t.parts, part{text: strings.ReplaceAll(rest, "}}", "}")})
			break
		}
		if strings.HasPrefix(rest[i:], "{{") {
			t.parts = append(t.parts, part{text: rest[:i] + "{"})
			rest = rest[i+2:]
			continue
		}
		if i > 0 {
			t.parts = append(t.parts, part{text: strings.ReplaceAll(rest[:i], "}}", "}")})
		}
		j := closing(rest[i+1:])
		if j < 0 {
			return nil, errTemplateOpen.New()
		}
		src := rest[i+1 : i+1+j]
		p, err := expr.Compile(src, scope)
		if err != nil {
			at := utf8.RuneCountInString(text[:len(text)-len(rest)+i+1])
			for _, f := range fault.Of(err) {
				from, _ := f.Params["from"].(int)
				to, _ := f.Params["to"].(int)
				l = append(l, f.With("from", at+from).With("to", at+to))
			}
		}
		t.parts = append(t.parts, part{prog: p})
		rest = rest[i+j+2:]
	}
	return t, l.Err()
}

// closing finds the brace that ends an expression, past quotes and inner braces.
func closing(s string) int {
	depth, quote := 0, byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '{':
			depth++
		case c == '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

// Render fills the template. format gives the text of a value; it may look at
// the node to find the field whose labels apply.
func (t *Template) Render(env *expr.Env, format func(n *expr.Node, v value.Value) string) (string, error) {
	var b strings.Builder
	for _, p := range t.parts {
		if p.prog == nil {
			b.WriteString(p.text)
			continue
		}
		v, err := p.prog.Eval(env)
		if err != nil {
			return "", err
		}
		b.WriteString(format(p.prog.Root, v))
	}
	return b.String(), nil
}

// Programs returns the compiled expressions of the template.
func (t *Template) Programs() []*expr.Program {
	var out []*expr.Program
	for _, p := range t.parts {
		if p.prog != nil {
			out = append(out, p.prog)
		}
	}
	return out
}

package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"tenon/schema/expr"
	"tenon/schema/value"
)

// Rename says that an entity or a field has a new key. Field is empty for an
// entity; it may be the column of a sub-form.
type Rename struct{ Entity, Field, From, To string }

// RenameInExpressions follows renames through every expression and text
// template of an app whose documents still use the old keys, and gives the
// definitions themselves their new keys. It returns the ids of the documents
// that it has changed; those that only a definition's own key changed are among
// them.
//
// Whether a word in an expression is the renamed definition is decided by the
// compiler: the word is replaced on trial, with both keys known, and stays
// replaced only when the typed tree is the same as before. So words inside
// texts, other fields of that name and parameters stay as they are, and names
// inside conditions of cross-record functions follow. What does not compile is
// left alone.
func RenameInExpressions(app *App, renames []Rename) (docs []string) {
	if len(renames) == 0 {
		return nil
	}
	m, _ := Compile(app)
	r := &renamer{m: m, renames: renames, changed: map[string]bool{}}
	// Through names that nobody uses, so that two keys can be exchanged.
	through := make([]Rename, len(renames))
	for i, x := range renames {
		through[i] = x
		through[i].To = fmt.Sprintf("zzrename%05dz", i) // none is the beginning of another
	}
	r.lend(through)
	r.each(app, func(text string, scopes []*expr.Scope) string {
		for _, x := range through {
			text = replaceWord(text, x.From, x.To, scopes)
		}
		for i, x := range through {
			text = strings.ReplaceAll(text, x.To, renames[i].To)
		}
		return text
	})
	for _, x := range renames {
		for _, e := range app.Entities {
			if e.ID != x.Entity {
				continue
			}
			r.changed[e.ID] = true
			if x.Field == "" {
				e.Key = x.To
			}
			eachField(e.Fields, func(f *Field) {
				if f.ID == x.Field {
					f.Key = x.To
				}
			})
		}
	}
	for _, d := range documents(app) {
		if r.changed[d.id] {
			docs = append(docs, d.id)
		}
	}
	return docs
}

func eachField(fs []*Field, f func(*Field)) {
	for _, x := range fs {
		f(x)
		eachField(x.Fields, f)
	}
}

type renamer struct {
	m       *Model
	renames []Rename
	changed map[string]bool
	doc     string
	rewrite func(text string, scopes []*expr.Scope) string
	lent    map[string]*expr.Entity // entities under their new keys
}

// lend makes the new keys known beside the old ones.
func (r *renamer) lend(renames []Rename) {
	r.lent = map[string]*expr.Entity{}
	for _, x := range renames {
		e := r.m.Entity(x.Entity)
		if e == nil {
			continue
		}
		if x.Field == "" {
			r.lent[x.To] = e.Expr
			continue
		}
		owners := []*EntityModel{e}
		for _, f := range e.Fields {
			if f.Sub != nil {
				owners = append(owners, f.Sub)
			}
		}
		for _, o := range owners {
			if f := o.byRef[x.Field]; f != nil && !f.System && o.Expr != nil && f.Expr != nil {
				o.Expr.Fields[x.To] = f.Expr
			}
		}
	}
}

// known makes the new keys of entities known to a scope.
func (r *renamer) known(s *expr.Scope) *expr.Scope {
	c := *s
	c.Entity = func(ref string) *expr.Entity {
		if e := r.lent[ref]; e != nil {
			return e
		}
		return s.Entity(ref)
	}
	return &c
}

// with is a scope with another root.
func with(s *expr.Scope, root string, e *expr.Entity) *expr.Scope {
	c := *s
	c.Roots = map[string]*expr.Entity{root: e}
	for k, v := range s.Roots {
		if k != root {
			c.Roots[k] = v
		}
	}
	return &c
}

// each visits every expression of the app, with the scopes that it may have.
func (r *renamer) each(app *App, rewrite func(string, []*expr.Scope) string) {
	r.rewrite = rewrite
	for _, d := range app.Entities {
		e := r.m.Entity(d.ID)
		if e == nil {
			continue
		}
		r.doc = d.ID
		scope, rule := r.m.Scope(e), r.m.RuleScope(e)
		r.template(&d.Title, scope)
		for _, c := range d.Checks {
			r.expression(&c.When, rule)
			r.text(&c.Message, rule)
		}
		r.fields(e, d.Fields)
	}
	for _, d := range app.Forms {
		if e := r.m.Entity(d.Entity); e != nil {
			r.doc = d.ID
			for _, x := range d.Rules {
				r.expression(&x.When, r.m.Scope(e))
			}
		}
	}
	for _, d := range app.Views {
		if e := r.m.Entity(d.Entity); e != nil {
			r.doc = d.ID
			r.expression(&d.Config.Filter, r.m.Scope(e))
		}
	}
	for _, d := range app.Dashboards {
		r.doc = d.ID
		for _, w := range d.Widgets {
			r.options(&w.Config, r.m.Scope(nil), nil)
		}
	}
	for _, d := range app.Rules {
		r.doc = d.ID
		r.rule(d)
	}
	for _, d := range app.Roles {
		r.doc = d.ID
		for _, g := range d.Grants {
			if e := r.m.Entity(g.Entity); e != nil {
				r.expression(&g.Filter, r.m.Scope(e))
				for _, f := range g.Fields {
					r.expression(&f.When, r.m.Scope(e))
				}
			}
		}
	}
}

func (r *renamer) fields(e *EntityModel, fs []*Field) {
	scope := r.m.Scope(e)
	for _, d := range fs {
		f := e.Field(d.ID)
		if f == nil {
			continue
		}
		r.expression(&d.RequiredWhen, scope)
		if d.Default != nil {
			r.expression(&d.Default.Formula, scope)
		}
		var roots []*expr.Scope
		for _, other := range []*EntityModel{f.Target, f.Rel} {
			if other != nil {
				alone := *scope
				alone.Roots = map[string]*expr.Entity{"it": other.Expr}
				roots = append(roots, with(scope, "it", other.Expr), &alone)
			}
		}
		r.members(&d.Options, func(key string, s string) string {
			switch key {
			case "expr":
				return r.rewrite(s, []*expr.Scope{r.known(scope)})
			case "filter":
				for i := range roots {
					roots[i] = r.known(roots[i])
				}
				return r.rewrite(s, roots)
			}
			return s
		})
		if f.Sub != nil {
			r.fields(f.Sub, d.Fields)
		}
	}
}

func (r *renamer) rule(d *Rule) {
	scope := r.m.RuleScope(r.m.Entity(d.Entity))
	if m := r.m.Rule(d.ID); m != nil && m.Scope != nil {
		scope = m.Scope
	}
	// What earlier steps have made or found is known by their "as".
	vars := map[string]expr.Type{}
	for k, v := range scope.Vars["vars"] {
		vars[k] = v
	}
	var collect func(steps []*Step)
	collect = func(steps []*Step) {
		for _, s := range steps {
			var o struct{ Entity, As string }
			if json.Unmarshal(s.Options, &o) == nil && o.Entity != "" {
				if o.As == "" && len(s.Steps) > 0 {
					o.As = "item"
				}
				if e := r.m.Entity(o.Entity); e != nil && o.As != "" {
					vars[o.As] = expr.Type{Kind: value.Ref, Ref: e.ID(), Entity: e.Expr}
				}
			}
			collect(s.Steps)
			collect(s.Else)
		}
	}
	collect(d.Steps)
	c := *scope
	c.Vars = map[string]map[string]expr.Type{}
	for k, v := range scope.Vars {
		c.Vars[k] = v
	}
	c.Vars["vars"] = vars
	r.expression(&d.Condition, &c)
	if e := r.m.Entity(d.Entity); e != nil {
		r.expression(&d.Trigger.Each, r.m.Scope(e))
	}
	r.text(&d.Trigger.Confirm, &c)
	var steps func(list []*Step)
	steps = func(list []*Step) {
		for _, s := range list {
			r.expression(&s.When, &c)
			r.options(&s.Options, &c, r.m.Entity(d.Entity))
			steps(s.Steps)
			steps(s.Else)
		}
	}
	steps(d.Steps)
}

// expressionMembers and templateMembers are the names under which options of
// steps and widgets hold expressions and texts with expressions; the values of
// "set" and "match" are expressions too.
var (
	expressionMembers = map[string]bool{"expr": true, "record": true, "where": true, "if": true, "until": true, "due": true, "assignees": true, "to": true,
		"cancel_when": true, "filter": true, "goal": true, "when": true, "condition": true, "each": true, "open": true, "url": true, "link_record": true}
	templateMembers = map[string]bool{"title": true, "text": true, "subject": true, "body": true, "message": true, "url": true, "label": true, "headers": true,
		"zh-CN": true, "en-US": true}
)

// options visits the expressions inside the options of a step or a widget.
func (r *renamer) options(raw *json.RawMessage, scope *expr.Scope, own *EntityModel) {
	var walk func(key string, x any, e *EntityModel) any
	walk = func(key string, x any, e *EntityModel) any {
		switch x := x.(type) {
		case map[string]any:
			if s, ok := x["entity"].(string); ok {
				if t := r.m.Entity(s); t != nil {
					e = t
				}
			}
			for k, v := range x {
				inner := k
				if key == "set" || key == "match" {
					inner = "expr"
				} else if key == "headers" {
					inner = "headers"
				}
				x[k] = walk(inner, v, e)
			}
		case []any:
			for i := range x {
				x[i] = walk(key, x[i], e)
			}
		case string:
			var scopes []*expr.Scope
			if e != nil {
				scopes = append(scopes, r.known(with(scope, "it", e.Expr)), r.known(r.m.Scope(e)))
			}
			scopes = append(scopes, r.known(scope))
			if key == "sort" && e != nil {
				return r.sort(x, e)
			}
			if templateMembers[key] && strings.Contains(x, "{") {
				return r.braces(x, scopes)
			}
			if expressionMembers[key] {
				return r.rewrite(x, scopes)
			}
		}
		return x
	}
	if len(*raw) == 0 {
		return
	}
	x, err := DecodeJSON(*raw)
	if err != nil {
		return
	}
	before, err := json.Marshal(x)
	if err != nil {
		return
	}
	after, err := json.Marshal(walk("", x, own))
	if err == nil && !bytes.Equal(before, after) {
		*raw = after
		r.changed[r.doc] = true
	}
}

// sort follows renames in an order such as "-amount,name".
func (r *renamer) sort(s string, e *EntityModel) string {
	parts := strings.Split(s, ",")
	for i, p := range parts {
		key := strings.TrimPrefix(strings.TrimSpace(p), "-")
		for _, x := range r.renames {
			if f := e.byRef[x.Field]; f != nil && x.Entity == e.ID() && x.From == key {
				parts[i] = strings.Replace(p, key, x.To, 1)
			}
		}
	}
	return strings.Join(parts, ",")
}

// members visits the texts of an object.
func (r *renamer) members(raw *json.RawMessage, f func(key, s string) string) {
	var m map[string]json.RawMessage
	if len(*raw) == 0 || json.Unmarshal(*raw, &m) != nil {
		return
	}
	dirty := false
	for k, v := range m {
		var s string
		if json.Unmarshal(v, &s) == nil && s != "" {
			if t := f(k, s); t != s {
				m[k], _ = json.Marshal(t)
				dirty = true
			}
		}
	}
	if dirty {
		*raw = marshalSorted(m)
		r.changed[r.doc] = true
	}
}

func (r *renamer) expression(s *string, scope *expr.Scope) {
	if *s == "" {
		return
	}
	if t := r.rewrite(*s, []*expr.Scope{r.known(scope)}); t != *s {
		*s = t
		r.changed[r.doc] = true
	}
}

func (r *renamer) template(s *string, scope *expr.Scope) {
	if t := r.braces(*s, []*expr.Scope{r.known(scope)}); t != *s {
		*s = t
		r.changed[r.doc] = true
	}
}

func (r *renamer) text(t *Text, scope *expr.Scope) {
	r.template(&t.ZH, scope)
	r.template(&t.EN, scope)
}

// braces visits the expressions inside a text template.
func (r *renamer) braces(s string, scopes []*expr.Scope) string {
	var b strings.Builder
	for s != "" {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			break
		}
		b.WriteString(s[:i+1])
		s = s[i+1:]
		if strings.HasPrefix(s, "{") {
			b.WriteByte('{')
			s = s[1:]
			continue
		}
		j := closing(s)
		if j < 0 {
			break
		}
		b.WriteString(r.rewrite(s[:j], scopes))
		s = s[j:]
	}
	b.WriteString(s)
	return b.String()
}

// replaceWord replaces those occurrences of a word that the compiler takes for
// the definition with that key, in the first scope in which the text compiles.
func replaceWord(text, from, to string, scopes []*expr.Scope) string {
	spots := words(text, from)
	if len(spots) == 0 {
		return text
	}
	for _, scope := range scopes {
		before, err := expr.Compile(text, scope)
		if err != nil {
			continue
		}
		// From the end, so that the places ahead stay where they are.
		for i := len(spots) - 1; i >= 0; i-- {
			trial := text[:spots[i]] + to + text[spots[i]+len(from):]
			if after, err := expr.Compile(trial, scope); err == nil && SameExpression(before, after) {
				text = trial
			}
		}
		return text
	}
	return text
}

// words finds the places where a word stands on its own.
func words(text, word string) []int {
	part := func(i int) bool {
		return i >= 0 && i < len(text) && (text[i] == '_' || text[i] >= '0' && text[i] <= '9' || text[i] >= 'A' && text[i] <= 'Z' || text[i] >= 'a' && text[i] <= 'z')
	}
	var out []int
	for i := 0; ; {
		j := strings.Index(text[i:], word)
		if j < 0 {
			return out
		}
		i += j
		if !part(i-1) && !part(i+len(word)) {
			out = append(out, i)
		}
		i += len(word)
	}
}

// SameExpression reports whether two compiled expressions mean the same: their
// trees are equal, definitions compared by id. Two missing ones are the same.
func SameExpression(a, b *expr.Program) bool {
	if a == nil || b == nil {
		return a == b
	}
	return sameNode(a.Root, b.Root)
}

func sameNode(a, b *expr.Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Op != b.Op || a.Type.Kind != b.Type.Kind || a.Type.Elem != b.Type.Elem || a.Type.Ref != b.Type.Ref || a.Root != b.Root || a.Name != b.Name || a.Fn != b.Fn ||
		a.Lit.Kind() != b.Lit.Kind() || !value.Equal(a.Lit, b.Lit) || len(a.Path) != len(b.Path) || len(a.Args) != len(b.Args) {
		return false
	}
	for i := range a.Path {
		if a.Path[i].ID != b.Path[i].ID {
			return false
		}
	}
	for i := range a.Args {
		if !sameNode(a.Args[i], b.Args[i]) {
			return false
		}
	}
	p, q := a.Query, b.Query
	if p == nil || q == nil {
		return p == q
	}
	if p.Fn != q.Fn || p.N != q.N || p.Entity.ID != q.Entity.ID || (p.Field == nil) != (q.Field == nil) || p.Field != nil && p.Field.ID != q.Field.ID {
		return false
	}
	return sameNode(p.Cond, q.Cond)
}

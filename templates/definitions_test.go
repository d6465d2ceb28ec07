package templates

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"
	"unicode"

	"tenon/schema"
	"tenon/schema/chart"
	"tenon/schema/expr"
	"tenon/schema/field"
	"tenon/schema/value"
	"tenon/schema/view"
	"tenon/workflow/run"
)

// opened is the template under test with its compiled model.
type opened struct {
	*Template
	model *schema.Model
	keys  map[string]string // definition id → readable key
}

func open(t *testing.T, name string) *opened {
	t.Helper()
	x, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	schema.Normalize(x.App)
	o := &opened{Template: x, keys: map[string]string{}}
	for _, e := range x.App.Entities {
		o.keys[e.ID] = e.Key
		for _, f := range e.Fields {
			o.keys[f.ID] = f.Key
		}
	}
	for _, r := range x.App.Rules {
		o.keys[r.ID] = r.Key
	}
	for _, v := range x.App.Views {
		o.keys[v.ID] = v.Key
	}
	for _, f := range x.App.Forms {
		o.keys[f.ID] = o.keys[f.Entity] + "." + f.Key
	}
	for _, r := range x.App.Roles {
		o.keys[r.ID] = r.Key
	}
	for _, d := range x.App.Dashboards {
		o.keys[d.ID] = d.Key
	}
	m, faults := schema.Compile(x.App)
	for _, f := range faults {
		doc, rest, _ := strings.Cut(f.Path, "/")
		if k := o.keys[doc]; k != "" {
			doc = k
		}
		t.Errorf("%s/%s: %v %v", doc, rest, f, f.Params)
	}
	if len(faults) > 0 {
		t.FailNow()
	}
	o.model = m
	return o
}

func TestList(t *testing.T) {
	for _, m := range List() {
		if m.Version == "" || m.Title.Empty() || len(m.Modules) == 0 {
			t.Errorf("%s: incomplete manifest", m.Name)
		}
		open(t, m.Name)
	}
	if _, err := Open("../schema"); err == nil {
		t.Error("a path was opened as a template")
	}
	if _, err := Open("nothing"); err == nil {
		t.Error("a template that does not exist was opened")
	}
}

// TestOpenIsFresh: what one caller changes, the next does not see, and the
// derived ids are the same every time.
func TestOpenIsFresh(t *testing.T) {
	a, b := open(t, "crm_lifecycle"), open(t, "crm_lifecycle")
	a.App.Entities[0].Key = "changed"
	if b.App.Entities[0].Key == "changed" {
		t.Error("two openings share documents")
	}
	if a.App.Entities[1].ID != b.App.Entities[1].ID {
		t.Error("ids differ between openings")
	}
}

// TestModules: every document says which module it belongs to, and the module exists.
func TestModules(t *testing.T) {
	x := open(t, "crm_lifecycle")
	known := map[string]bool{}
	for _, m := range x.Modules {
		known[m.Key] = true
	}
	for _, e := range x.App.Entities {
		if !known[e.Module] {
			t.Errorf("entity %s: module %q", e.Key, e.Module)
		}
	}
	for _, r := range x.App.Rules {
		if !known[r.Module] {
			t.Errorf("rule %s: module %q", r.Key, r.Module)
		}
	}
}

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// titled is what a lazy label looks like: the key in title case.
func titled(key string) string {
	w := strings.Split(key, "_")
	for i := range w {
		if w[i] != "" {
			w[i] = strings.ToUpper(w[i][:1]) + w[i][1:]
		}
	}
	return strings.Join(w, " ")
}

// bilingual reports what is wrong with a text; placeholders and names that are
// the same in both languages may be equal.
func bilingual(zh, en string) string {
	bare := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(en, "")
	switch {
	case strings.TrimSpace(zh) == "" || strings.TrimSpace(en) == "":
		return "a language is missing"
	case han(bare):
		return "Chinese in the English text"
	case zh != en && !han(zh):
		return "no Chinese in the Chinese text"
	case zh == en && len([]rune(bare)) > 12:
		return "the same in both languages"
	}
	return ""
}

// properNames may stand with a capital inside an English text; a button is
// named as it is written.
var properNames = strings.NewReplacer("Software & SaaS", "", "WeChat Pay", "", "WeChat", "", "WeCom", "", "Google", "", "GTXPro", "", "GTX Pro", "", "Maven", "", "Use Convert", "", "X Education", "",
	"LinkedIn", "", "Alibaba", "", "Baidu", "", "Chinese", "", "China", "", "Excel", "", "Monday", "")

// titleCase says which words of an English text are written with a capital
// although no sentence begins there: "New lead", not "New Lead". A number or a
// mark may go before the first word.
func titleCase(en string) string {
	plain := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(properNames.Replace(en), "x")
	var out []string
	for _, sentence := range regexp.MustCompile(`[.:!?;(“"\n·/–→]+`).Split(plain, -1) {
		begun := false
		for _, w := range strings.Fields(sentence) {
			if begun && regexp.MustCompile(`^[A-Z][a-z]`).MatchString(w) {
				out = append(out, w)
			}
			begun = begun || regexp.MustCompile(`^[A-Za-z]`).MatchString(w)
		}
	}
	return strings.Join(out, " ")
}

func TestTitleCase(t *testing.T) {
	for text, want := range map[string]string{"New lead": "", "New Lead": "Lead", "1 Discovery: new leads": "", "{customer.name} Is Late. Call": "Is Late", "VIP complains": "", "Software & SaaS": ""} {
		if got := titleCase(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestTexts walks every user-facing text of the app.
func TestTexts(t *testing.T) {
	x := open(t, "crm_lifecycle")
	seen := 0
	check := func(at, zh, en string) {
		seen++
		if why := bilingual(zh, en); why != "" {
			t.Errorf("%s: %s: %q / %q", at, why, zh, en)
		}
		if words := titleCase(en); words != "" {
			t.Errorf("%s: %q is not in sentence case: %s", at, en, words)
		}
	}
	textType := reflect.TypeOf(schema.Text{})
	var walk func(at string, v reflect.Value)
	walk = func(at string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() {
				walk(at, v.Elem())
			}
		case reflect.Slice:
			if raw, ok := v.Interface().(json.RawMessage); ok {
				rawTexts(at, raw, check)
				return
			}
			for i := range v.Len() {
				walk(fmt.Sprintf("%s/%d", at, i), v.Index(i))
			}
		case reflect.Struct:
			if v.Type() == textType {
				if tx := v.Interface().(schema.Text); !tx.Empty() {
					check(at, tx.ZH, tx.EN)
				}
				return
			}
			if k := v.FieldByName("Key"); k.IsValid() && k.Kind() == reflect.String {
				at += ":" + k.String()
			}
			for i := range v.NumField() {
				walk(at+"/"+v.Type().Field(i).Name, v.Field(i))
			}
		}
	}
	walk("app", reflect.ValueOf(x.App))
	walk("manifest", reflect.ValueOf(x.Manifest))
	walk("imports", reflect.ValueOf(x.Imports))
	if seen < 2000 {
		t.Errorf("only %d texts found", seen)
	}
	named := func(what, key string, n schema.Text) {
		if n.Empty() {
			t.Errorf("%s %s has no name", what, key)
		}
		if strings.Contains(key, "_") && n.EN == titled(key) {
			t.Errorf("%s %s is labelled with its key: %q", what, key, n.EN)
		}
	}
	for _, e := range x.App.Entities {
		named("entity", e.Key, e.Name)
		for _, f := range e.Fields {
			named("field", e.Key+"."+f.Key, f.Name)
			if strings.Contains(f.Key, "_") && f.Name.EN == titled(f.Key) {
				t.Errorf("field %s.%s is labelled with its key", e.Key, f.Key)
			}
			for _, c := range f.Fields {
				named("column", c.Key, c.Name)
			}
		}
	}
	for _, r := range x.App.Rules {
		named("rule", r.Key, r.Name)
	}
	for _, v := range x.App.Views {
		named("view", v.Key, v.Name)
	}
	for _, d := range x.App.Dashboards {
		named("dashboard", d.Key, d.Name)
		for _, w := range d.Widgets {
			named("widget", d.Key+"/"+w.ID, w.Title)
		}
	}
	for _, p := range x.App.Info.Params {
		named("param", p.Key, p.Name)
	}
}

// rawTexts finds {"zh-CN","en-US"} objects inside options.
func rawTexts(at string, raw json.RawMessage, check func(at, zh, en string)) {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			zh, isZH := v["zh-CN"].(string)
			en, isEN := v["en-US"].(string)
			if isZH || isEN {
				check(at, zh, en)
				return
			}
			for k, x := range v {
				walk(at+"/"+k, x)
			}
		case []any:
			for i, x := range v {
				walk(fmt.Sprintf("%s/%d", at, i), x)
			}
		}
	}
	walk(at, v)
}

// TestChoices: choices have a label and a hue, and their keys are unique.
func TestChoices(t *testing.T) {
	x := open(t, "crm_lifecycle")
	var fields func(at string, fs []*schema.Field)
	fields = func(at string, fs []*schema.Field) {
		for _, f := range fs {
			fields(at+"."+f.Key, f.Fields)
			b, err := field.Bind(f.Type, f.Options)
			if err != nil {
				t.Errorf("%s.%s: %v", at, f.Key, err)
				continue
			}
			if (f.Type == "select" || f.Type == "multi_select") && len(b.Choices) < 2 {
				t.Errorf("%s.%s has %d choices", at, f.Key, len(b.Choices))
			}
			for _, c := range b.Choices {
				if c.Hue == "" || len(c.Label) == 0 {
					t.Errorf("%s.%s: choice %s lacks a hue or a label", at, f.Key, c.Key)
				}
			}
		}
	}
	for _, e := range x.App.Entities {
		fields(e.Key, e.Fields)
	}
	for _, r := range x.App.Rules {
		fields(r.Key, r.Trigger.Inputs)
	}
}

// ruleWritten are the fields of an entity that people never enter: computed
// ones, and those that every role but the admins may only read.
func (o *opened) ruleWritten(e *schema.EntityModel) map[string]bool {
	out := map[string]bool{}
	for _, f := range e.Fields {
		if f.Traits.Computed || f.Traits.Generated || f.Bound.Formula != nil || f.Rollup != nil {
			out[f.ID()] = true
			continue
		}
		writers, locked := 0, 0
		for _, r := range o.model.Roles {
			g := r.Grants[e.ID()]
			if g == nil || !g.Ops["create"] && !g.Ops["update"] {
				continue
			}
			writers++
			if fr := g.Rules[f.ID()]; fr != nil && (fr.Def.Rule == "read_only" || fr.Def.Rule == "hidden") && fr.When == nil {
				locked++
			}
		}
		if writers > 0 && writers == locked {
			out[f.ID()] = true
		}
	}
	return out
}

// TestForms: a default form is short, and nobody is asked for what the app works out.
func TestForms(t *testing.T) {
	x := open(t, "crm_lifecycle")
	for _, e := range x.model.Entities {
		var def *schema.Form
		n, overview := 0, false
		for _, f := range x.App.Forms {
			if f.Entity == e.ID() {
				n++
				overview = overview || f.Key == "overview"
				if f.Default {
					def = f
				}
			}
		}
		if def == nil {
			t.Errorf("%s has no default form", e.Key())
			continue
		}
		derived := x.ruleWritten(e)
		front, required := 0, 0
		placed := map[string]bool{}
		var walk func(nodes []*schema.Node, inTab bool)
		walk = func(nodes []*schema.Node, inTab bool) {
			for _, d := range nodes {
				if d.Field != "" {
					f := e.Field(d.Field)
					if placed[f.ID()] {
						t.Errorf("%s: %s is on the form twice", e.Key(), f.Key())
					}
					placed[f.ID()] = true
					if derived[f.ID()] {
						t.Errorf("%s: the derived field %s is on the default form", e.Key(), f.Key())
					}
					if !inTab {
						front++
					}
					if f.Def.Required {
						required++
					}
				}
				walk(d.Items, inTab)
				for _, tab := range d.Tabs {
					walk(tab.Items, true)
				}
			}
		}
		walk(def.Layout, false)
		if front > 14 {
			t.Errorf("%s: %d fields before the tabs", e.Key(), front)
		}
		entered := 0
		for _, f := range e.Fields {
			if f.Def.Required && f.Def.Default == nil && placed[f.ID()] {
				entered++
			}
			if f.Def.Required && f.Def.Default == nil && !placed[f.ID()] && !derived[f.ID()] {
				t.Errorf("%s: the required field %s is not on the default form", e.Key(), f.Key())
			}
			if !derived[f.ID()] && !placed[f.ID()] {
				t.Errorf("%s: %s can be entered nowhere", e.Key(), f.Key())
			}
		}
		if entered > 3 {
			t.Errorf("%s asks for %d required fields", e.Key(), entered)
		}
	}
}

// TestMenu: light mode is short, everything can be reached, homes exist.
func TestMenu(t *testing.T) {
	x := open(t, "crm_lifecycle")
	items := map[string]*schema.MenuItem{}
	reached := map[string]bool{}
	light := 0
	var walk func(list []*schema.MenuItem, top bool)
	walk = func(list []*schema.MenuItem, top bool) {
		for _, m := range list {
			if items[m.ID] != nil {
				t.Errorf("menu item %s twice", m.ID)
			}
			items[m.ID] = m
			reached[m.Entity], reached[m.Dashboard] = true, true
			if !m.Advanced {
				light++
				if len(m.Items) > 0 {
					t.Errorf("group %s shows in light mode", m.ID)
				}
			}
			if len(m.Items) == 0 && m.Entity+m.View+m.Dashboard+m.Form+m.URL == "" {
				t.Errorf("menu item %s leads nowhere", m.ID)
			}
			for _, r := range m.Roles {
				if x.keys[r] == "" {
					t.Errorf("menu item %s: no role %s", m.ID, r)
				}
			}
			walk(m.Items, false)
		}
	}
	walk(x.App.Info.Menu, true)
	if light == 0 || light > 8 || len(x.App.Info.LightMenu) != light {
		t.Errorf("light menu: %d items, %d listed", light, len(x.App.Info.LightMenu))
	}
	for _, id := range x.App.Info.LightMenu {
		if items[id] == nil || items[id].Advanced {
			t.Errorf("light menu names %s", id)
		}
	}
	for _, e := range x.App.Entities {
		if !reached[e.ID] {
			t.Errorf("%s is not in the menu", e.Key)
		}
	}
	for _, d := range x.App.Dashboards {
		if !reached[d.ID] {
			t.Errorf("dashboard %s is not in the menu", d.Key)
		}
	}
	for _, r := range x.App.Roles {
		if items[x.App.Info.Home[r.ID]] == nil {
			t.Errorf("role %s has no home", r.Key)
		}
	}
	if items[x.App.Info.Home["*"]] == nil {
		t.Error("no home for everybody else")
	}
}

// TestViews: several per entity, of known types, naming existing fields.
func TestViews(t *testing.T) {
	x := open(t, "crm_lifecycle")
	n := map[string]int{}
	keys := map[string]bool{}
	for _, v := range x.App.Views {
		e := x.model.Entity(v.Entity)
		n[e.Key()]++
		if keys[v.Key] {
			t.Errorf("view key %s twice", v.Key)
		}
		keys[v.Key] = true
		config, err := json.Marshal(v.Config)
		if err != nil {
			t.Fatal(err)
		}
		if err := view.Check(v.Type, config, func(id string) *field.Bound {
			if f := e.Field(id); f != nil {
				return f.Bound
			}
			return nil
		}); err != nil {
			t.Errorf("%s: %v", v.Key, err)
		}
		if v.Type == "grid" && len(v.Config.Columns) == 0 {
			t.Errorf("%s has no columns", v.Key)
		}
	}
	for _, e := range x.model.Entities {
		if n[e.Key()] == 0 {
			t.Errorf("%s has no view", e.Key())
		}
	}
}

// TestParams: every setting is read somewhere.
func TestParams(t *testing.T) {
	x := open(t, "crm_lifecycle")
	all, err := json.Marshal(x.App)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range x.App.Info.Params {
		if !strings.Contains(string(all), `setting(\"`+p.Key+`\")`) && !strings.Contains(string(all), `setting('`+p.Key+`')`) {
			t.Errorf("no expression reads the setting %s", p.Key)
		}
	}
}

// ---- expressions

// awaited reports whether an expression uses a function that the language is
// still to learn; it is checked as soon as the language knows it.
func awaited(src string) bool {
	_, ok := expr.Lookup("manager_of")
	return !ok && strings.Contains(src, "manager_of(")
}

// exprs compiles and evaluates the expressions of the app.
type exprs struct {
	t     *testing.T
	x     *opened
	count int
}

func (c *exprs) compile(at, src string, scope *expr.Scope, want expr.Type) *expr.Program {
	c.t.Helper()
	if src == "" || awaited(src) {
		return nil
	}
	c.count++
	var p *expr.Program
	var err error
	if want.Kind == value.Null {
		p, err = expr.Compile(src, scope)
	} else {
		p, err = expr.CompileAs(src, scope, want)
	}
	if err != nil {
		c.t.Errorf("%s: %v\n\t%s", at, err, src)
		return nil
	}
	c.literals(at, p)
	c.empty(at, p)
	return p
}

// literals checks that texts compared with a choice field are keys of its choices.
func (c *exprs) literals(at string, p *expr.Program) {
	choices := func(n *expr.Node) map[string]bool {
		if n.Op != expr.OpField && n.Op != expr.OpVar || len(n.Path) == 0 {
			return nil
		}
		f := c.field(n.Path[len(n.Path)-1].ID)
		if f == nil || f.Bound.Formula != nil || len(f.Choices) == 0 {
			return nil
		}
		out := map[string]bool{}
		for _, x := range f.Choices {
			out[x.Key] = true
		}
		return out
	}
	p.Root.Walk(func(n *expr.Node) {
		if n.Op != expr.OpCall || len(n.Args) != 2 {
			return
		}
		for i, a := range n.Args {
			keys := choices(a)
			if keys == nil {
				continue
			}
			n.Args[1-i].Walk(func(l *expr.Node) {
				if l.Op == expr.OpLit && l.Type.Kind == value.Text && n.Fn.Name != "text_add" && !keys[l.Lit.Text()] {
					c.t.Errorf("%s: %q is not a choice of %s\n\t%s", at, l.Lit.Text(), a.Path[len(a.Path)-1].Key, p.Source)
				}
			})
		}
	})
}

func (c *exprs) field(id string) *schema.FieldModel {
	for _, e := range c.x.model.Entities {
		if f := e.Field(id); f != nil && !f.System {
			return f
		}
	}
	return nil
}

// nothing is a record without any value.
type nothing struct{}

func (nothing) Get(string) value.Value { return value.Value{} }
func (nothing) Follow(string) expr.Row { return nil }
func (nothing) Rows(string) []expr.Row { return nil }

// empty evaluates an expression on a record without values: none may fail.
func (c *exprs) empty(at string, p *expr.Program) {
	env := &expr.Env{Roots: map[string]expr.Row{"record": nothing{}, "old": nothing{}, "it": nothing{}, "parent": nothing{}},
		Vars: map[string]map[string]any{"inputs": {}, "vars": {}, "trigger": {}, "webhook": {}},
		Now:  time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC), Settings: map[string]value.Value{},
		Query: func(q *expr.Query, _ *expr.Env) (value.Value, error) {
			switch q.Fn {
			case "exists":
				return value.OfBool(false), nil
			case "count", "sum":
				return value.OfInt(0), nil
			}
			return value.Value{}, nil
		}}
	if _, err := p.Eval(env); err != nil {
		c.t.Errorf("%s: fails on an empty record: %v\n\t%s", at, err, p.Source)
	}
}

func (c *exprs) template(at, text string, scope *expr.Scope) {
	if awaited(text) {
		return
	}
	c.count++
	tpl, err := schema.CompileTemplate(text, scope)
	if err != nil {
		c.t.Errorf("%s: %v\n\t%s", at, err, text)
		return
	}
	for _, p := range tpl.Programs() {
		c.literals(at, p)
		c.empty(at, p)
	}
}

func typeOf(f *schema.FieldModel) expr.Type { return expr.Type{Kind: f.Kind, Elem: f.Elem} }

// TestExpressions compiles every expression of the app in the scope it runs
// in, checks the choices it names and evaluates it on an empty record.
func TestExpressions(t *testing.T) {
	x := open(t, "crm_lifecycle")
	c := &exprs{t: t, x: x}
	m := x.model
	boolean := expr.T(value.Bool)
	for _, e := range m.Entities {
		all := append([]*schema.FieldModel{}, e.Fields...)
		for _, f := range e.Fields {
			if f.Sub != nil {
				all = append(all, f.Sub.Fields...)
			}
		}
		for _, f := range all {
			at := e.Key() + "." + f.Key()
			for _, p := range []*expr.Program{f.Formula, f.RollupFilter, f.DefaultExpr, f.RequiredWhen, f.PickFilter} {
				if p != nil {
					c.count++
					c.literals(at, p)
					c.empty(at, p)
				}
			}
		}
		for _, ck := range e.Checks {
			c.literals(e.Key(), ck.When)
			c.empty(e.Key(), ck.When)
		}
	}
	for _, f := range x.App.Forms {
		for _, r := range f.Rules {
			c.compile(x.keys[f.ID], r.When, m.Scope(m.Entity(f.Entity)), boolean)
		}
	}
	for _, v := range x.App.Views {
		c.compile(v.Key, v.Config.Filter, m.Scope(m.Entity(v.Entity)), boolean)
	}
	for _, r := range m.Roles {
		for _, g := range r.Grants {
			s := m.Scope(m.Entity(g.Def.Entity))
			c.compile(r.Def.Key, g.Def.Filter, s, boolean)
			for _, f := range g.Rules {
				c.compile(r.Def.Key, f.Def.When, s, boolean)
			}
		}
	}
	for _, d := range x.App.Dashboards {
		for _, w := range d.Widgets {
			c.widget(d.Key+"/"+w.ID, w)
		}
	}
	for _, r := range m.Rules {
		c.rule(r)
	}
	if c.count < 1000 {
		t.Errorf("only %d expressions found", c.count)
	}
}

var intervals = regexp.MustCompile(`^\d+[mhdw]$`)

// stepOptions lists the options of every step type.
var stepOptions = map[string]string{
	"set_fields": "set", "create_record": "entity set as", "update_record": "record set", "update_records": "entity where set",
	"upsert_record": "entity match set as", "delete_records": "entity where", "loop": "entity where as", "branch": "if",
	"assign": "field strategy members roles departments load", "create_task": "kind title text assignees due outcomes priority record",
	"close_tasks": "kind outcome record", "notify": "to title text link_record", "send_email": "to subject body", "robot": "channel url secret text",
	"http_request": "method url headers body save_as retry", "wait": "for until event timeout cancel_when", "stop": "", "refuse": "message fields", "message": "text open",
}

func (c *exprs) rule(r *schema.RuleModel) {
	t, m := c.t, c.x.model
	key := r.Def.Key
	c.compile(key+"/condition", r.Def.Condition, r.Scope, expr.T(value.Bool))
	c.compile(key+"/each", r.Def.Trigger.Each, m.Scope(r.Entity), expr.T(value.Bool))
	switch tr := r.Def.Trigger; tr.Type {
	case "button":
		if tr.Label.Empty() || tr.Icon == "" {
			t.Errorf("%s: a button without a label or an icon", key)
		}
		for _, role := range tr.Roles {
			if c.x.keys[role] == "" {
				t.Errorf("%s: no role %s", key, role)
			}
		}
	case "schedule":
		if len(strings.Fields(tr.Cron)) != 5 || tr.Each == "" && r.Entity != nil {
			t.Errorf("%s: schedule without a time or a filter", key)
		}
	case "date":
		if !regexp.MustCompile(`^[+-]?\d+[mhdw]$`).MatchString(tr.Offset) {
			t.Errorf("%s: offset %q", key, tr.Offset)
		}
		f := r.Entity.Field(tr.Field)
		if f.Kind == value.Date && tr.At == "" {
			t.Errorf("%s: a civil date needs a time of day", key)
		}
	}
	if len(r.Def.Steps) == 0 {
		t.Errorf("%s has no steps", key)
	}
	ids := map[string]bool{}
	c.steps(r, key, r.Def.Steps, ids)
}

func (c *exprs) steps(r *schema.RuleModel, at string, steps []*schema.Step, ids map[string]bool) {
	m := c.x.model
	boolean, text, when := expr.T(value.Bool), expr.T(value.Text), expr.T(value.Time)
	scope := func() *expr.Scope { return r.Scope }
	for _, s := range steps {
		at := at + "/" + s.ID
		if ids[s.ID] {
			c.t.Errorf("%s: step id used twice", at)
		}
		ids[s.ID] = true
		allowed, ok := stepOptions[s.Type]
		if !ok {
			c.t.Errorf("%s: unknown step %s", at, s.Type)
			continue
		}
		o := map[string]json.RawMessage{}
		if len(s.Options) > 0 {
			if err := json.Unmarshal(s.Options, &o); err != nil {
				c.t.Errorf("%s: %v", at, err)
			}
		}
		for k := range o {
			if !strings.Contains(" "+allowed+" ", " "+k+" ") {
				c.t.Errorf("%s: %s has no option %s", at, s.Type, k)
			}
		}
		str := func(k string) string {
			var v string
			_ = json.Unmarshal(o[k], &v)
			return v
		}
		texts := func(names ...string) {
			for _, k := range names {
				var tx schema.Text
				if o[k] == nil {
					continue
				}
				if err := json.Unmarshal(o[k], &tx); err != nil || tx.Empty() {
					c.t.Errorf("%s: %s is no text", at, k)
				}
				c.template(at, tx.ZH, scope())
				c.template(at, tx.EN, scope())
			}
		}
		e := r.Entity
		if k := str("entity"); k != "" {
			if e = m.Entity(k); e == nil {
				c.t.Errorf("%s: no entity %s", at, k)
				continue
			}
		}
		related := func() *expr.Scope {
			sc := *r.Scope
			sc.Roots = map[string]*expr.Entity{"it": e.Expr}
			for k, v := range r.Scope.Roots {
				sc.Roots[k] = v
			}
			return &sc
		}
		set := func(name string, sc *expr.Scope, create bool) {
			var v map[string]string
			if err := json.Unmarshal(o[name], &v); err != nil || len(v) == 0 {
				c.t.Errorf("%s: %s is no map of expressions", at, name)
			}
			given := map[string]bool{}
			for k, src := range v {
				f := e.Field(k)
				if f == nil && s.Type == "update_record" {
					// Normalize knows the fields of named entities only and may take
					// the key for one of the rule's own fields.
					f = e.Field(c.x.keys[k])
				}
				if f == nil {
					c.t.Errorf("%s: %s has no field %s", at, e.Key(), k)
					continue
				}
				given[f.ID()] = true
				if f.Bound.Formula != nil || f.Rollup != nil || f.System && f.Key() != "owner" {
					c.t.Errorf("%s: %s.%s cannot be set", at, e.Key(), f.Key())
				}
				p := c.compile(at+"/"+f.Key(), src, sc, typeOf(f))
				if p != nil && len(f.Choices) > 0 && f.Kind == value.Text {
					c.outcomes(at, p.Root, f)
				}
			}
			for _, f := range e.Fields {
				if create && f.Def.Required && f.Def.Default == nil && !given[f.ID()] {
					c.t.Errorf("%s: makes a %s without %s", at, e.Key(), f.Key())
				}
			}
		}
		bind := func() {
			if as := str("as"); as != "" {
				r.Scope.Vars["vars"][as] = expr.Type{Kind: value.Ref, Ref: e.ID(), Entity: e.Expr}
			}
		}
		c.compile(at+"/when", s.When, scope(), boolean)
		switch s.Type {
		case "set_fields":
			set("set", scope(), false)
		case "create_record":
			set("set", scope(), true)
			bind()
		case "update_record":
			p := c.compile(at+"/record", str("record"), scope(), expr.T(value.Ref))
			if p == nil {
				continue
			}
			if e = m.Entity(p.Type().Ref); e == nil {
				c.t.Errorf("%s: %s is no record", at, str("record"))
				continue
			}
			set("set", related(), false)
		case "update_records":
			c.compile(at+"/where", str("where"), related(), boolean)
			set("set", related(), false)
		case "upsert_record":
			set("match", scope(), false)
			if o["set"] != nil {
				set("set", scope(), false)
			}
			bind()
		case "loop":
			c.compile(at+"/where", str("where"), related(), boolean)
			bind()
			c.steps(r, at, s.Steps, ids)
		case "branch":
			c.compile(at+"/if", str("if"), scope(), boolean)
			c.steps(r, at, s.Steps, ids)
			c.steps(r, at, s.Else, ids)
		case "assign":
			var roles []string
			_ = json.Unmarshal(o["roles"], &roles)
			for _, k := range roles {
				if !c.hasRole(k) {
					c.t.Errorf("%s: no role %s", at, k)
				}
			}
			if f := e.Field(str("field")); f == nil || !f.Traits.HoldsUser {
				c.t.Errorf("%s: assigns to %s", at, str("field"))
			}
			var load struct{ Entity, Where string }
			if o["load"] != nil && json.Unmarshal(o["load"], &load) == nil {
				le := m.Entity(load.Entity)
				sc := *r.Scope
				sc.Roots = map[string]*expr.Entity{"it": le.Expr, "record": r.Entity.Expr}
				c.compile(at+"/load", load.Where, &sc, boolean)
			}
		case "create_task":
			texts("title", "text")
			c.people(at+"/assignees", str("assignees"), scope())
			c.compile(at+"/due", str("due"), scope(), when)
			c.compile(at+"/record", str("record"), scope(), expr.T(value.Ref))
			var outs []struct {
				Key          string
				Label        schema.Text
				NeedsComment bool `json:"needs_comment"`
			}
			if err := json.Unmarshal(o["outcomes"], &outs); err != nil || len(outs) == 0 || str("kind") == "" {
				c.t.Errorf("%s: a task needs a kind and outcomes", at)
			}
		case "close_tasks":
			if str("kind") == "" || str("outcome") == "" {
				c.t.Errorf("%s: closes no kind of task", at)
			}
		case "notify":
			texts("title", "text")
			c.people(at+"/to", str("to"), scope())
			c.compile(at+"/link", str("link_record"), scope(), expr.T(value.Ref))
		case "send_email":
			texts("subject", "body")
			c.compile(at+"/to", str("to"), scope(), text)
		case "wait":
			if d := str("for"); d != "" && !intervals.MatchString(d) {
				c.t.Errorf("%s: waits for %q", at, d)
			}
			c.compile(at+"/until", str("until"), scope(), when)
			c.compile(at+"/cancel_when", str("cancel_when"), scope(), boolean)
		case "refuse":
			texts("message")
			var fields []string
			_ = json.Unmarshal(o["fields"], &fields)
			for _, f := range fields {
				if e.Field(f) == nil && r.Scope.Vars["inputs"][f].Kind == value.Null {
					c.t.Errorf("%s: no field %s", at, f)
				}
			}
			if r.Def.Mode != "validate" && r.Def.Trigger.Type != "button" {
				c.t.Errorf("%s: refuses too late", at)
			}
		case "message":
			texts("text")
			c.compile(at+"/open", str("open"), scope(), expr.T(value.Ref))
			if r.Def.Trigger.Type != "button" {
				c.t.Errorf("%s: nobody reads the message", at)
			}
		}
	}
}

// outcomes checks that the texts an expression can result in are choices of the field.
func (c *exprs) outcomes(at string, n *expr.Node, f *schema.FieldModel) {
	switch {
	case n.Op == expr.OpIf: // a field behind a condition may hold less than it could
		for _, a := range n.Args[1:] {
			if a.Op != expr.OpField {
				c.outcomes(at, a, f)
			}
		}
	case n.Op == expr.OpCall && n.Fn.Name == "coalesce":
		c.outcomes(at, n.Args[0], f)
		c.outcomes(at, n.Args[1], f)
	case n.Op == expr.OpLit && n.Type.Kind == value.Text:
		for _, x := range f.Choices {
			if x.Key == n.Lit.Text() {
				return
			}
		}
		c.t.Errorf("%s: %q is not a choice of %s", at, n.Lit.Text(), f.Key())
	case n.Op == expr.OpField && len(n.Path) > 0:
		src := c.field(n.Path[len(n.Path)-1].ID)
		if src == nil || len(src.Choices) == 0 {
			return
		}
		for _, a := range src.Choices {
			found := false
			for _, b := range f.Choices {
				found = found || a.Key == b.Key
			}
			if !found {
				c.t.Errorf("%s: %s may hold %q, which %s has not", at, src.Key(), a.Key, f.Key())
			}
		}
	}
}

// people checks an expression that names members, departments or, as text, a role.
func (c *exprs) people(at, src string, scope *expr.Scope) {
	p := c.compile(at, src, scope, expr.T(value.Null))
	if p == nil {
		return
	}
	switch n := p.Root; {
	case n.Op == expr.OpLit && n.Type.Kind == value.Text:
		if !c.hasRole(n.Lit.Text()) {
			c.t.Errorf("%s: no role %s", at, src)
		}
	case n.Type.Kind == value.Ref && (n.Type.Ref == "member" || n.Type.Ref == "department"):
	case n.Type.Kind == value.List && n.Type.Elem == value.Ref:
	default:
		c.t.Errorf("%s: %s is nobody", at, src)
	}
}

func (c *exprs) hasRole(key string) bool {
	for _, r := range c.x.App.Roles {
		if r.Key == key || r.ID == key {
			return true
		}
	}
	return false
}

// widget checks a widget's configuration against its type and compiles its expressions.
func (c *exprs) widget(at string, w *schema.Widget) {
	m := c.x.model
	find := func(entity, id string) *field.Bound {
		if e := m.Entity(entity); e != nil && e.Field(id) != nil {
			return e.Field(id).Bound
		}
		return nil
	}
	if err := chart.Check(w.Type, w.Config, find); err != nil {
		c.t.Errorf("%s: %v", at, err)
		return
	}
	if w.W < 2 || w.H < 2 || w.X < 0 || w.X+w.W > 12 {
		c.t.Errorf("%s: bad place %d,%d %d×%d", at, w.X, w.Y, w.W, w.H)
	}
	p, err := chart.Bind(w.Type, w.Config)
	if err != nil {
		c.t.Errorf("%s: %v", at, err)
		return
	}
	c.compile(at+"/goal", p.Goal, m.Scope(nil), expr.T(value.Number))
	for _, q := range p.Queries {
		e := m.Entity(q.Entity)
		if e == nil {
			continue // tasks
		}
		c.compile(at+"/filter", q.Filter, m.Scope(e), expr.T(value.Bool))
		for _, x := range q.Measures {
			if w.Type != "kpi" && w.Type != "funnel" && w.Type != "ranking" && len(x.Label) == 0 {
				c.t.Errorf("%s: a measure has no label", at)
			}
		}
		for _, a := range p.Actions {
			r := m.Rule(a)
			if r == nil || r.Def.Trigger.Type != "button" || r.Entity != e {
				c.t.Errorf("%s: %s is no button of %s", at, a, e.Key())
			}
		}
		for _, o := range p.Order {
			found := false
			for _, ch := range e.Field(q.GroupBy[0].Field).Choices {
				found = found || ch.Key == o
			}
			if !found {
				c.t.Errorf("%s: orders by %s", at, o)
			}
		}
	}
}

// TestDashboards: places do not overlap, the phone order names every widget once.
func TestDashboards(t *testing.T) {
	x := open(t, "crm_lifecycle")
	for _, d := range x.App.Dashboards {
		taken := map[[2]int]string{}
		var ids []string
		for _, w := range d.Widgets {
			ids = append(ids, w.ID)
			for i := range w.W {
				for j := range w.H {
					p := [2]int{w.X + i, w.Y + j}
					if o := taken[p]; o != "" {
						t.Errorf("%s: %s lies on %s", d.Key, w.ID, o)
					}
					taken[p] = w.ID
				}
			}
		}
		phone := append([]string{}, d.Phone...)
		sort.Strings(ids)
		sort.Strings(phone)
		if strings.Join(ids, " ") != strings.Join(phone, " ") {
			t.Errorf("%s: phone order %v", d.Key, d.Phone)
		}
		for _, f := range d.Filters {
			for ek, fk := range f.Fields {
				if e := x.model.Entity(ek); e == nil || e.Field(fk) == nil {
					t.Errorf("%s: filter %s names %s.%s", d.Key, f.ID, ek, fk)
				}
			}
		}
	}
}

// wanted are the automations of the specification that this version holds.
var wanted = strings.Fields("a01 a02 a03 a04 a06 a07 a08 a09 a10 a11 a12 a13 a14 a15 a17 a18 a19 a22 a23 a26 a28 a29 a30 a31 a33 a34 a35 a36 a37 a38 a39 a40 a41 a42 a43 a44 a45 a47 a48 a52 a53 a66 a67 a68 a69")

// TestAutomations: each is there as a rule, and loops between rules are not.
func TestAutomations(t *testing.T) {
	x := open(t, "crm_lifecycle")
	for _, a := range wanted {
		found := false
		for _, r := range x.App.Rules {
			found = found || strings.HasPrefix(r.Key, a+"_")
		}
		if !found {
			t.Errorf("no rule for %s", strings.ToUpper(a))
		}
	}
	for _, r := range x.model.Rules {
		if r.Def.Trigger.Type != "updated" && r.Def.Trigger.Type != "created_or_updated" {
			continue
		}
		for _, s := range r.Def.Steps {
			var o struct{ Set map[string]string }
			if s.Type != "set_fields" || r.Def.Mode == "validate" || json.Unmarshal(s.Options, &o) != nil {
				continue
			}
			for k := range o.Set {
				if r.Fields[k] && r.Def.Condition == "" {
					t.Errorf("%s sets %s, which starts it again", r.Def.Key, x.keys[k])
				}
			}
		}
	}
}

// TestRoles: nobody but an admin may write what rules decide.
func TestRoles(t *testing.T) {
	x := open(t, "crm_lifecycle")
	customer := x.model.Entity("customer")
	derived := x.ruleWritten(customer)
	for _, k := range strings.Fields("journey_stage lifecycle_stage clm_status retention_stage tier stage_reason profile_tags in_pool lost_at") {
		if !derived[customer.Field(k).ID()] {
			t.Errorf("customer.%s can be set by hand", k)
		}
	}
	masked := map[string]bool{}
	for _, r := range x.model.Roles {
		if r.Def.Help.Empty() {
			t.Errorf("%s has no explanation", r.Def.Key)
		}
		if g := r.Grants[customer.ID()]; g != nil {
			if fr := g.Rules[customer.Field("phone").ID()]; fr != nil {
				masked[r.Def.Key] = true
			}
		}
		for id, g := range r.Grants {
			if !g.Ops["read"] {
				t.Errorf("%s cannot read %s", r.Def.Key, x.keys[id])
			}
		}
	}
	for _, k := range []string{"sales", "marketing", "finance", "viewer"} {
		if !masked[k] {
			t.Errorf("%s sees every phone number", k)
		}
	}
	service := x.model.Roles
	for _, r := range service {
		if r.Def.Key == "service" {
			c := x.model.Entity("contract")
			if fr := r.Grants[c.ID()].Rules[c.Field("amount").ID()]; fr == nil || fr.Def.Rule != "hidden" {
				t.Error("service sees contract amounts")
			}
		}
	}
}

// TestMessages: every occasion that a rule writes about has templates in both languages.
func TestMessages(t *testing.T) {
	x := open(t, "crm_lifecycle")
	d, err := x.Seed("zh-CN")
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, r := range d.Of("message_template") {
		have[fmt.Sprint(r.Values["scene"], "/", r.Values["language"])] = true
	}
	scene := regexp.MustCompile(`it\.scene == \\"(\w+)\\"`)
	rules, err := json.Marshal(x.App.Rules)
	if err != nil {
		t.Fatal(err)
	}
	found := scene.FindAllStringSubmatch(string(rules), -1)
	if len(found) < 10 {
		t.Errorf("only %d messages found", len(found))
	}
	for _, f := range found {
		for _, l := range []string{"zh-CN", "en-US"} {
			if !have[f[1]+"/"+l] {
				t.Errorf("no template for %s in %s", f[1], l)
			}
		}
	}
}

// TestImports: mappings name existing fields, once each.
func TestImports(t *testing.T) {
	x := open(t, "crm_lifecycle")
	if len(x.Imports) == 0 {
		t.Fatal("no mappings")
	}
	for _, i := range x.Imports {
		e := x.model.Entity(i.Entity)
		if e == nil {
			t.Errorf("%s: no entity %s", i.Key, i.Entity)
			continue
		}
		seen := map[string]bool{}
		for _, c := range i.Columns {
			f := e.Field(c.Field)
			if f == nil || seen[c.Field] || f.Bound.Formula != nil || f.Rollup != nil {
				t.Errorf("%s: %s", i.Key, c.Field)
				continue
			}
			seen[c.Field] = true
			if (c.Column == "") == (c.Text == "") {
				t.Errorf("%s: %s needs a column or a text", i.Key, c.Field)
			}
			for _, k := range c.Find {
				if f.Target != nil && f.Target.Field(k) == nil {
					t.Errorf("%s: %s is found by %s", i.Key, c.Field, k)
				}
			}
			for _, v := range c.Values {
				if f.Kind == value.Text && len(f.Choices) > 0 && v != "" {
					if _, err := f.Parse(v, field.Env{}); err != nil {
						t.Errorf("%s: %s: %v", i.Key, c.Field, err)
					}
				}
			}
		}
		for _, k := range i.Match {
			if !seen[k] {
				t.Errorf("%s matches by %s, which it does not fill", i.Key, k)
			}
		}
	}
}

// TestRules_noneIsSaidToCircle: a hint about rules that set each other off has
// to be true; the bundled rules come to rest.
func TestRules_noneIsSaidToCircle(t *testing.T) {
	t.Parallel()
	x := open(t, "crm_lifecycle")
	for _, c := range run.Circles(x.model) {
		t.Errorf("%s: %s", x.keys[c.Doc], c.Text.In("en-US"))
	}
}

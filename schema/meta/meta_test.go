package meta_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"

	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/meta"
)

var update = flag.Bool("update", false, "write the schemas anew")

// roots are the structs behind the document kinds.
var roots = map[schema.DocKind]any{schema.DocApp: schema.Info{}, schema.DocEntity: schema.Entity{}, schema.DocForm: schema.Form{}, schema.DocView: schema.View{},
	schema.DocDashboard: schema.Dashboard{}, schema.DocRule: schema.Rule{}, schema.DocRole: schema.Role{}}

var titles = map[schema.DocKind]string{schema.DocApp: "App", schema.DocEntity: "Entity", schema.DocForm: "Form", schema.DocView: "View",
	schema.DocDashboard: "Dashboard", schema.DocRule: "Rule", schema.DocRole: "Role"}

// required are the properties without which a document cannot be told from
// another; everything else may be missing from a draft.
var required = map[string][]string{"Info": {"key", "name"}, "Entity": {"key", "name", "fields"}, "Field": {"key", "name", "type"}, "Form": {"key", "entity", "name"},
	"View": {"key", "entity", "name", "type"}, "Dashboard": {"key", "name"}, "Rule": {"key", "name", "trigger"}, "Role": {"key", "name"}, "Node": {"type"},
	"Trigger": {"type"}, "Step": {"type"}, "Grant": {"entity", "ops"}, "FieldRule": {"field", "rule"}, "Check": {"when", "message"}, "Param": {"key", "name", "type"},
	"Widget": {"type"}, "Sort": {"field"}, "ViewColumn": {"field"}, "DisplayRule": {"when"}, "ChecklistItem": {"key", "title", "signal"}, "Origin": {"template", "version"}, "Tab": {"title", "items"}}

var hues = []string{"gray", "red", "orange", "amber", "lime", "green", "jade", "cyan", "blue", "indigo", "violet", "pink"}

// words are the closed sets of words.
var words = map[string][]string{
	"Info.hue": hues, "Entity.hue": hues,
	"Param.type":            {"number", "text", "boolean", "list"},
	"ChecklistItem.signal":  {"departments", "invitations", "roles", "import", "params", "notification", "sample_removed"},
	"Node.type":             {"field", "section", "tabs", "text", "divider", "related"},
	"Form.hidden_policy":    {"keep", "clear", "recompute"},
	"Default.current":       {"member", "department", "time", "date"},
	"ViewConfig.row_height": {"compact", "default", "tall"},
	"ViewColumn.footer":     {"sum", "avg", "min", "max", "count", "filled"},
	"BoardFilter.type":      {"date", "member", "select"},
	"Rule.mode":             {"async", "sync", "validate"},
	"Trigger.type":          {"created", "updated", "created_or_updated", "deleted", "restored", "computed", "schedule", "date", "button", "webhook", "task_finished"},
	"Grant.ops[]":           {"create", "read", "update", "delete", "import", "export"},
	"FieldRule.rule":        {"hidden", "partial", "read_only", "visible"},
}

// objects are the raw members that must be objects.
var objects = map[string]bool{"Field.options": true, "Step.options": true, "Widget.config": true}

type generator struct {
	comments map[string]string // Type or Type.Field → comment
	defs     map[string]any
}

// comments reads what the structs say about themselves.
func comments(t *testing.T) map[string]string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../app.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			continue
		}
		for _, spec := range g.Specs {
			ts := spec.(*ast.TypeSpec)
			out[ts.Name.Name] = strings.Join(strings.Fields(g.Doc.Text()), " ")
			st, ok := ts.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, field := range st.Fields.List {
				for _, n := range field.Names {
					out[ts.Name.Name+"."+n.Name] = strings.TrimSpace(field.Comment.Text())
				}
			}
		}
	}
	return out
}

var (
	textType = reflect.TypeFor[schema.Text]()
	rawType  = reflect.TypeFor[json.RawMessage]()
)

func (g *generator) of(t reflect.Type, at string) map[string]any {
	switch {
	case t == textType:
		g.defs["Text"] = map[string]any{"description": "A text for all languages, or one per language.", "oneOf": []any{
			map[string]any{"type": "string", "maxLength": 20000},
			map[string]any{"type": "object", "additionalProperties": false, "properties": map[string]any{
				"zh-CN": map[string]any{"type": "string", "maxLength": 20000}, "en-US": map[string]any{"type": "string", "maxLength": 20000}}}}}
		return map[string]any{"$ref": "#/$defs/Text"}
	case t == rawType:
		if objects[at] {
			return map[string]any{"type": "object"}
		}
		return map[string]any{}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return g.of(t.Elem(), at)
	case reflect.Struct:
		g.object(t)
		return map[string]any{"$ref": "#/$defs/" + t.Name()}
	case reflect.Slice:
		return map[string]any{"type": "array", "maxItems": 2000, "items": g.of(t.Elem(), at+"[]")}
	case reflect.Map:
		return map[string]any{"type": "object", "maxProperties": 2000, "additionalProperties": g.of(t.Elem(), at+"{}")}
	case reflect.String:
		if w := words[at]; w != nil {
			return map[string]any{"enum": w}
		}
		return map[string]any{"type": "string", "maxLength": 20000}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		return map[string]any{"type": "integer", "minimum": -1000000, "maximum": 1000000}
	}
	panic(fmt.Sprintf("no schema for %s at %s", t, at))
}

// object describes a struct once.
func (g *generator) object(t reflect.Type) {
	if g.defs[t.Name()] != nil {
		return
	}
	def := map[string]any{"type": "object", "additionalProperties": false}
	g.defs[t.Name()] = def
	if c := g.comments[t.Name()]; c != "" {
		def["description"] = c
	}
	if r := required[t.Name()]; r != nil {
		def["required"] = r
	}
	props := map[string]any{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		p := g.of(f.Type, t.Name()+"."+name)
		// A list or map without omitempty is written as null when it is empty.
		if k := f.Type.Kind(); (k == reflect.Slice && f.Type != rawType || k == reflect.Map) && opts == "" {
			p["type"] = []string{p["type"].(string), "null"}
		}
		if c := g.comments[t.Name()+"."+f.Name]; c != "" {
			p["description"] = c
		}
		props[name] = p
	}
	def["properties"] = props
}

func generate(t *testing.T, kind schema.DocKind) []byte {
	t.Helper()
	g := &generator{comments: comments(t), defs: map[string]any{}}
	root := reflect.TypeOf(roots[kind])
	g.object(root)
	doc := map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": titles[kind], "$ref": "#/$defs/" + root.Name(), "$defs": g.defs}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(doc); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSchemas_are_up_to_date(t *testing.T) {
	t.Parallel()
	for _, kind := range meta.Kinds {
		want := generate(t, kind)
		file := string(kind) + ".json"
		if *update {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is out of date (%v): run go test ./schema/meta -update", file, err)
		}
		if !bytes.Equal(meta.Schema(kind), got) {
			t.Errorf("%s is not what is published", file)
		}
	}
	if meta.Schema("nothing") != nil || meta.Check("nothing", []byte("{}")) == nil {
		t.Error("there is a schema for nothing")
	}
}

// TestSchemas_accept_what_the_structs_write: whatever Go writes, with every
// member set or with none, is a valid document.
func TestSchemas_accept_what_the_structs_write(t *testing.T) {
	t.Parallel()
	for _, kind := range meta.Kinds {
		full := reflect.New(reflect.TypeOf(roots[kind]))
		fill(full.Elem(), "", 0)
		raw, err := json.Marshal(full.Interface())
		if err != nil {
			t.Fatal(err)
		}
		if err := meta.Check(kind, raw); err != nil {
			t.Errorf("%s with everything: %v\n%s", kind, err, raw)
		}
		var back map[string]any
		if err := json.Unmarshal(raw, &back); err != nil {
			t.Fatal(err)
		}
		// Every property of a schema exists in its struct.
		typ := reflect.TypeOf(roots[kind])
		if len(back) != typ.NumField() {
			t.Errorf("%s: %d members written, the struct has %d", kind, len(back), typ.NumField())
		}
	}
}

// fill sets every member to something.
func fill(v reflect.Value, at string, depth int) {
	if v.Type() == rawType {
		v.SetBytes([]byte(`{}`))
		return
	}
	if v.Type() == textType {
		v.Set(reflect.ValueOf(schema.Text{ZH: "文", EN: "text"}))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), at, depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			fill(v.Field(i), v.Type().Name()+"."+name, depth+1)
		}
	case reflect.Slice:
		if depth < 6 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0), at+"[]", depth+1)
		}
	case reflect.Map:
		x := reflect.New(v.Type().Elem()).Elem()
		fill(x, at+"{}", depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("k"), x)
	case reflect.String:
		v.SetString("s")
		if w := words[at]; w != nil {
			v.SetString(w[0])
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(7)
	}
}

func TestSchemas_accept_the_templates(t *testing.T) {
	t.Parallel()
	folders := map[string]schema.DocKind{"entities": schema.DocEntity, "forms": schema.DocForm, "views": schema.DocView, "dashboards": schema.DocDashboard, "rules": schema.DocRule, "roles": schema.DocRole}
	n := 0
	for folder, kind := range folders {
		found, err := filepath.Glob("../../templates/*/" + folder + "/*.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			docs := []json.RawMessage{raw}
			if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) {
				if err := json.Unmarshal(raw, &docs); err != nil {
					t.Fatal(file, err)
				}
			}
			addition := strings.Count(filepath.Base(file), ".") > 1
			for _, d := range docs {
				err := meta.Check(kind, d)
				for _, f := range fault.Of(err) {
					// Files that add to a document do not repeat what it says.
					if !addition || f.Code != "schema.missing" {
						t.Errorf("%s: %v", file, f)
					}
				}
				n++
			}
		}
	}
	if n == 0 {
		t.Error("there are no template documents")
	}
}

func TestCheck_names_every_fault(t *testing.T) {
	t.Parallel()
	cases := []struct {
		kind schema.DocKind
		doc  string
		want []string
	}{
		{schema.DocEntity, `{"key":"a","name":"A","fields":[{"key":"x","name":"X","type":"text","colour":1}],"hue":"pinkish"}`, []string{"/fields/0 schema.unknown_key", "/hue schema.mismatch"}},
		{schema.DocView, `{"key":"a","entity":"e","name":{"fr":"x"},"type":"grid"}`, []string{"/name schema.mismatch", "/name schema.unknown_key"}},
		{schema.DocRule, `{"key":"a","name":"A","trigger":{"type":"never"},"steps":null}`, []string{"/trigger/type schema.mismatch"}},
		{schema.DocRole, `{"key":"a","key":"b","name":"A"}`, []string{" json.duplicate"}},
		{schema.DocForm, `{"key":"a","entity":"e","name":"A","layout":[{"type":"field","items":[{"width":1}]}]}`, []string{"/layout/0/items/0 schema.missing"}},
	}
	for _, c := range cases {
		var got []string
		for _, f := range fault.Of(meta.Check(c.kind, []byte(c.doc))) {
			got = append(got, f.Path+" "+f.Code)
		}
		sort.Strings(got)
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: %v, want %v", c.doc, got, c.want)
		}
	}
}

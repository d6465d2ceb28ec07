package api

import (
	"encoding/json"
	"maps"
	"net/http"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tenon/schema"
	"tenon/schema/fault"
)

var ginParam = regexp.MustCompile(`[:*](\w+)`)

// openAPIPath turns /apps/:app into /apps/{app}.
func openAPIPath(path string) string { return ginParam.ReplaceAllString(path, "{$1}") }

// object is a JSON object whose keys sort by themselves.
type object = map[string]any

// document makes the OpenAPI 3.1 description of everything declared.
func (s *Server) document() []byte {
	d := &describer{schemas: object{}, asked: map[reflect.Type]bool{}}
	for _, r := range s.declared {
		if r.in != nil {
			d.asks(r.in)
		}
	}
	paths := object{}
	for _, r := range s.declared {
		item, _ := paths[r.Path].(object)
		if item == nil {
			item = object{}
			paths[r.Path] = item
		}
		item[strings.ToLower(r.Method)] = d.operation(r)
	}
	d.component(reflect.TypeFor[problem]())
	doc := object{
		"openapi": "3.1.0",
		"info": object{"title": "Tenon", "version": "1", "description": "Records, definitions and people of a Tenon installation. " +
			"Errors are RFC 9457 problems; messages come in the language of Accept-Language (zh-CN or en-US). " +
			"Calls that change something with the session cookie need the header X-Tenon: 1. " +
			"The records of an app are described by GET /api/v1/apps/{app}/openapi.json."},
		"servers": []object{{"url": "/"}},
		"paths":   paths,
		"components": object{
			"schemas": d.schemas,
			"securitySchemes": object{
				"session": object{"type": "apiKey", "in": "cookie", "name": cookieSecure},
				"key":     object{"type": "http", "scheme": "bearer"},
			},
			"responses": object{"Problem": object{"description": "What went wrong, for whom and where.",
				"content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/Problem"}}}}},
		},
		"tags":           tagsOf(s.declared),
		"x-error-status": kindTable(),
	}
	b, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		panic("api: the OpenAPI document cannot be encoded: " + err.Error())
	}
	return append(b, '\n')
}

func tagsOf(routes []*route) []object {
	seen := map[string]bool{}
	var out []object
	for _, r := range routes {
		if !seen[r.Doc.Tag] {
			seen[r.Doc.Tag] = true
			out = append(out, object{"name": r.Doc.Tag})
		}
	}
	return out
}

// kindTable publishes which status which kind of fault has.
func kindTable() object {
	out := object{}
	for k, status := range statuses {
		out[k.String()] = status
	}
	return out
}

// describer turns Go types into JSON Schemas.
type describer struct {
	schemas object
	names   map[string]reflect.Type
	asked   map[reflect.Type]bool // what callers send, where members may be left out
}

// asks notes a type that callers send, with everything in it.
func (d *describer) asks(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		d.asks(t.Elem())
	case reflect.Struct:
		if m, ok := reflect.Zero(t).Interface().(interface{ inner() reflect.Type }); ok {
			d.asks(m.inner())
			return
		}
		// A definition is sent whole, as it is read.
		if d.asked[t] || t.PkgPath() == textType.PkgPath() {
			return
		}
		d.asked[t] = true
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() || f.Anonymous {
				d.asks(f.Type)
			}
		}
	}
}

func (d *describer) operation(r *route) object {
	op := object{"summary": r.Doc.Summary, "tags": []string{r.Doc.Tag}, "operationId": operationID(r), "x-permission": string(r.Doc.Who)}
	b := newBinder(r)
	var params []object
	for _, p := range b.params {
		f := r.in.FieldByIndex(p.index)
		x := object{"name": p.name, "in": p.in, "schema": d.of(f.Type)}
		if p.required {
			x["required"] = true
		}
		if p.doc != "" {
			x["description"] = p.doc
		}
		if f.Type.Kind() == reflect.Slice {
			x["style"], x["explode"] = "form", false
			if p.in != "query" {
				delete(x, "style")
				delete(x, "explode")
			}
		}
		params = append(params, x)
	}
	if params != nil {
		op["parameters"] = params
	}
	if body := d.body(r, b); body != nil {
		op["requestBody"] = body
	}
	op["responses"] = d.responses(r)
	switch r.Doc.Who {
	case Anyone, Operator:
		op["security"] = []object{}
	case Person:
		op["security"] = []object{{"session": []string{}}}
	default:
		op["security"] = []object{{"session": []string{}}, {"key": []string{}}}
	}
	return op
}

func (d *describer) body(r *route, b *binder) object {
	switch {
	case r.Doc.Body == "multipart/form-data":
		return object{"required": true, "content": object{r.Doc.Body: object{"schema": object{"type": "object", "required": []string{"file"},
			"properties": object{"file": object{"type": "string", "contentMediaType": "application/octet-stream"}}}}}}
	case r.Doc.Body != "":
		return object{"required": true, "content": object{r.Doc.Body: object{"schema": object{}}}}
	case b.body != nil:
		return object{"required": true, "content": object{"application/json": object{"schema": d.of(r.in.FieldByIndex(b.body).Type)}}}
	case b.hasIn:
		return object{"content": object{"application/json": object{"schema": d.inline(r.in)}}}
	}
	return nil
}

func (d *describer) responses(r *route) object {
	status := r.Doc.Status
	if status == 0 {
		status = http.StatusOK
	}
	ok := object{"description": http.StatusText(status)}
	switch r.out {
	case reflect.TypeFor[Empty]():
		status = http.StatusNoContent
		ok = object{"description": "Done."}
	case reflect.TypeFor[Raw](), reflect.TypeFor[Stream]():
		media := r.Doc.Returns
		if media == "" {
			media = "application/json"
		}
		holds := object{}
		if r.Doc.Holds != nil {
			holds = d.of(r.Doc.Holds)
		}
		ok["content"] = object{media: object{"schema": holds}}
	default:
		ok["content"] = object{"application/json": object{"schema": d.of(r.out)}}
	}
	return object{strconv.Itoa(status): ok, "default": object{"$ref": "#/components/responses/Problem"}}
}

var pathParam = regexp.MustCompile(`\{(\w+)\}`)

func operationID(r *route) string {
	p := strings.TrimPrefix(r.Path, "/api/v1")
	p = pathParam.ReplaceAllString(p, "by_$1")
	words := strings.FieldsFunc(p, func(c rune) bool { return c == '/' || c == '-' || c == '.' })
	return strings.ToLower(r.Method) + "_" + strings.Join(words, "_")
}

var (
	textType  = reflect.TypeFor[schema.Text]()
	faultType = reflect.TypeFor[fault.List]()
)

// text refers to a text of a definition: one, or one per language.
func (d *describer) text() object {
	d.schemas["Text"] = object{"oneOf": []object{{"type": "string"}, {"type": "object", "additionalProperties": false,
		"properties": object{"zh-CN": object{"type": "string"}, "en-US": object{"type": "string"}}}}}
	return object{"$ref": "#/components/schemas/Text"}
}

// of describes a type; named structs become components.
func (d *describer) of(t reflect.Type) object {
	if t.Kind() == reflect.Interface {
		return object{}
	}
	switch t {
	case rawMessage:
		return object{}
	case timeType:
		return object{"type": "string", "format": "date-time"}
	case textType:
		return d.text()
	case faultType:
		return object{"type": "array", "items": object{}}
	case reflect.TypeFor[time.Duration]():
		return object{"type": "integer"}
	}
	if m, ok := reflect.Zero(t).Interface().(interface{ inner() reflect.Type }); ok {
		return nullable(d.of(m.inner()))
	}
	if opaque(t) {
		return object{}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return nullable(d.of(t.Elem()))
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Int32:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Slice, reflect.Array:
		return object{"type": "array", "items": d.of(held(t))}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": d.of(held(t))}
	case reflect.Struct:
		if t.Name() == "" || strings.HasPrefix(t.Name(), "list[") {
			return d.inline(t)
		}
		return object{"$ref": "#/components/schemas/" + d.component(t)}
	}
	return object{}
}

var marshaler = reflect.TypeFor[json.Marshaler]()

// opaque reports a type that writes itself in a form of its own.
func opaque(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || !t.Implements(marshaler) && !reflect.PointerTo(t).Implements(marshaler) {
		return false
	}
	for i := range t.NumField() {
		if _, tagged := t.Field(i).Tag.Lookup("json"); tagged {
			return false
		}
	}
	return true
}

// held is the type of a list's elements: those behind pointers are never null.
func held(t reflect.Type) reflect.Type {
	if e := t.Elem(); e.Kind() != reflect.Pointer {
		return e
	}
	return t.Elem().Elem()
}

func nullable(s object) object {
	if typ, ok := s["type"].(string); ok {
		out := object{}
		for k, v := range s {
			out[k] = v
		}
		out["type"] = []string{typ, "null"}
		return out
	}
	if len(s) == 0 {
		return s
	}
	return object{"anyOf": []object{s, {"type": "null"}}}
}

// component registers a named struct once; where names meet, the second is
// called after its package too.
func (d *describer) component(t reflect.Type) string {
	if d.names == nil {
		d.names = map[string]reflect.Type{}
	}
	base := strings.ToUpper(t.Name()[:1]) + t.Name()[1:]
	base = regexp.MustCompile(`\W+`).ReplaceAllString(base, "_")
	name := base
	if d.names[name] != nil && d.names[name] != t {
		pkg := path.Base(t.PkgPath())
		name = strings.ToUpper(pkg[:1]) + pkg[1:] + base
	}
	if d.names[name] == nil {
		d.names[name] = t
		d.schemas[name] = object{} // a type that holds itself refers here
		d.schemas[name] = d.inline(t)
	}
	return name
}

// inline describes a struct by its JSON members.
func (d *describer) inline(t reflect.Type) object {
	props, required, asked := object{}, []string{}, d.asked[t]
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		for i := range t.NumField() {
			f := t.Field(i)
			tag, tagged := f.Tag.Lookup("json")
			name, opts, _ := strings.Cut(tag, ",")
			switch {
			case f.Anonymous && !tagged && f.Type.Kind() == reflect.Struct:
				walk(f.Type)
			case f.Anonymous && !tagged && f.Type.Kind() == reflect.Pointer:
				walk(f.Type.Elem())
			case !f.IsExported() || !tagged || name == "-" || name == "":
			default:
				optional := strings.Contains(opts, "omit")
				typ := f.Type
				if optional && typ.Kind() == reflect.Pointer && !asked {
					typ = typ.Elem() // left out rather than null
				}
				p := maps.Clone(d.of(typ))
				if f.Tag.Get("is") == "text" {
					p = d.text()
				}
				d.tagged(p, f.Tag)
				props[name] = p
				if f.Tag.Get("need") != "" || !asked && !optional {
					required = append(required, name)
				}
			}
		}
	}
	walk(t)
	slices.Sort(required)
	required = slices.Compact(required)
	out := object{"type": "object", "properties": props}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// tagged adds what tags say of a member: its meaning, its values, the JSON type
// of what is kept as it came.
func (d *describer) tagged(p object, tag reflect.StructTag) {
	if doc := tag.Get("doc"); doc != "" {
		p["description"] = doc
	}
	if is := tag.Get("is"); is != "" && is != "text" {
		p["type"] = is
	}
	values := strings.Fields(tag.Get("enum"))
	if len(values) == 0 {
		return
	}
	if items, ok := p["items"].(object); ok {
		items = maps.Clone(items)
		items["enum"] = values
		p["items"] = items
		return
	}
	p["enum"] = values
	if types, ok := p["type"].([]string); ok && slices.Contains(types, "null") {
		p["enum"] = append(anyOf(values), nil)
	}
}

func anyOf(values []string) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

var typeOfProblem = reflect.TypeFor[problem]()

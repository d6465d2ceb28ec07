package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"sort"
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
	d := &describer{schemas: object{}}
	paths := object{}
	for _, r := range s.declared {
		item, _ := paths[r.Path].(object)
		if item == nil {
			item = object{}
			paths[r.Path] = item
		}
		item[strings.ToLower(r.Method)] = d.operation(r)
	}
	d.schemas["Problem"] = d.of(reflect.TypeFor[problem]())
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
		ok["content"] = object{media: object{"schema": object{}}}
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
		return object{"oneOf": []object{{"type": "string"}, {"type": "object", "additionalProperties": false,
			"properties": object{"zh-CN": object{"type": "string"}, "en-US": object{"type": "string"}}}}}
	case faultType:
		return object{"type": "array", "items": object{}}
	case reflect.TypeFor[time.Duration]():
		return object{"type": "integer"}
	}
	if m, ok := reflect.Zero(t).Interface().(interface{ inner() reflect.Type }); ok {
		return nullable(d.of(m.inner()))
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
		return object{"type": "array", "items": d.of(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": d.of(t.Elem())}
	case reflect.Struct:
		if t.Name() == "" {
			return d.inline(t)
		}
		return object{"$ref": "#/components/schemas/" + d.component(t)}
	}
	return object{}
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

// component registers a named struct once; names meet only by mistake, which
// the second gets a number for.
func (d *describer) component(t reflect.Type) string {
	if d.names == nil {
		d.names = map[string]reflect.Type{}
	}
	base := strings.ToUpper(t.Name()[:1]) + t.Name()[1:]
	base = regexp.MustCompile(`\W+`).ReplaceAllString(base, "_")
	name := base
	for i := 2; d.names[name] != nil && d.names[name] != t; i++ {
		name = base + strconv.Itoa(i)
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
	props, required := object{}, []string{}
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		for i := range t.NumField() {
			f := t.Field(i)
			tag, tagged := f.Tag.Lookup("json")
			name, opts, _ := strings.Cut(tag, ",")
			switch {
			case f.Anonymous && !tagged && f.Type.Kind() == reflect.Struct:
				walk(f.Type)
			case !f.IsExported() || !tagged || name == "-" || name == "":
			default:
				p := d.of(f.Type)
				if doc := f.Tag.Get("doc"); doc != "" {
					q := object{"description": doc}
					for k, v := range p {
						q[k] = v
					}
					p = q
				}
				props[name] = p
				if f.Tag.Get("need") != "" || f.Tag.Get("always") != "" {
					required = append(required, name)
				}
				_ = opts
			}
		}
	}
	walk(t)
	out := object{"type": "object", "properties": props}
	if len(required) > 0 {
		sort.Strings(required)
		out["required"] = required
	}
	return out
}

var typeOfProblem = reflect.TypeFor[problem]()

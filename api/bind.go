package api

import (
	"encoding/json"
	"io"
	"mime"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tenon/schema"
	"tenon/schema/fault"
)

// parameter is a part of an input that comes from path, query or headers.
type parameter struct {
	in       string // path, query, header
	name     string
	index    []int
	required bool
	doc      string
}

// binder reads a request into an input type.
type binder struct {
	params []parameter
	known  map[string]bool // query parameters
	body   []int           // a field that takes the whole body
	hasIn  bool            // json members make up the body
	media  string
}

func newBinder(r *route) *binder {
	b := &binder{known: map[string]bool{}, media: r.Doc.Body}
	if r.in.Kind() != reflect.Struct {
		panic("api: the input of " + r.Path + " is no struct")
	}
	b.collect(r.in, nil)
	for _, p := range b.params {
		if p.in == "query" {
			b.known[p.name] = true
		}
		if p.in == "path" && !strings.Contains(r.Path, "{"+p.name+"}") {
			panic("api: " + r.Path + " has no {" + p.name + "}")
		}
	}
	return b
}

func (b *binder) collect(t reflect.Type, at []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int{}, at...), i)
		placed := false
		for _, in := range []string{"path", "query", "header"} {
			if name := f.Tag.Get(in); name != "" {
				b.params = append(b.params, parameter{in, name, index, in == "path" || f.Tag.Get("need") != "", f.Tag.Get("doc")})
				placed = true
			}
		}
		switch {
		case placed:
		case f.Tag.Get("body") != "":
			b.body = index
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			b.collect(f.Type, index)
		case f.Tag.Get("json") != "" && f.Tag.Get("json") != "-":
			b.hasIn = true
		}
	}
}

func (b *binder) read(g *gin.Context, v reflect.Value) error {
	var faults fault.List
	query, err := url.ParseQuery(g.Request.URL.RawQuery)
	if err != nil {
		return errPropType.At("query").With("want", label("正确的查询参数", "a well-formed query"))
	}
	for _, name := range sortedKeys(query) {
		if !b.known[name] {
			faults.Add(errUnknownProp.At(name).With("name", name))
		} else if len(query[name]) > 1 {
			faults.Add(errRepeated.At(name).With("name", name))
		}
	}
	for _, p := range b.params {
		var text string
		var given bool
		switch p.in {
		case "path":
			text, given = g.Param(p.name), true
		case "query":
			text, given = query.Get(p.name), query.Has(p.name)
		default:
			text = g.GetHeader(p.name)
			given = text != ""
		}
		if !given || text == "" {
			if p.required {
				faults.Add(errMissing.At(p.name).With("name", p.name))
			}
			if text == "" {
				continue
			}
		}
		if strings.ContainsRune(text, 0) || !validText(text) {
			faults.Add(schema.ErrJSONText.At(p.name))
			continue
		}
		setText(p.name, text, v.FieldByIndex(p.index), &faults)
	}
	if b.media == "" && (b.hasIn || b.body != nil) {
		if err := b.readBody(g, v, &faults); err != nil {
			return err
		}
	}
	return faults.Err()
}

func validText(s string) bool { return strings.ToValidUTF8(s, "") == s }

// setText reads a parameter into a field of its type.
func setText(name, text string, v reflect.Value, faults *fault.List) {
	wrong := func(zh, en string) { faults.Add(errPropType.At(name).With("want", label(zh, en))) }
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			wrong("true 或 false", "true or false")
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			wrong("整数", "a whole number")
		}
		v.SetInt(n)
	case reflect.Slice:
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				v.Set(reflect.Append(v, reflect.ValueOf(part)))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		setText(name, text, v.Elem(), faults)
	case reflect.Struct:
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			wrong("时间（RFC 3339）", "an instant (RFC 3339)")
		}
		v.Set(reflect.ValueOf(t))
	default:
		panic("api: the parameter " + name + " has a type that cannot be read from text")
	}
}

// readBody decodes the JSON body strictly.
func (b *binder) readBody(g *gin.Context, v reflect.Value, faults *fault.List) error {
	raw, err := io.ReadAll(g.Request.Body)
	if err != nil {
		return err
	}
	if len(raw) == 0 {
		// Nothing is an empty object: a POST without a body asks for defaults.
		if b.body == nil {
			assignStruct("", map[string]any{}, v, faults)
			return nil
		}
		return errBodyShape.With("want", "JSON")
	}
	if media, _, err := mime.ParseMediaType(g.ContentType()); err != nil || media != "application/json" {
		return errMediaType.With("want", "application/json")
	}
	x, err := schema.DecodeJSON(raw)
	if err != nil {
		return err
	}
	if b.body != nil {
		target := v.FieldByIndex(b.body)
		if target.Type() == rawMessage {
			target.Set(reflect.ValueOf(json.RawMessage(raw)))
			return nil
		}
		assign("", x, target, faults)
		return nil
	}
	m, ok := x.(map[string]any)
	if !ok {
		return errBodyShape.With("want", label("JSON 对象", "a JSON object"))
	}
	assignStruct("", m, v, faults)
	return nil
}

// revOf reads an If-Match header: a quoted revision, "*" or nothing.
func revOf(header string) (rev int64, any bool, err error) {
	header = strings.TrimSpace(header)
	if header == "" || header == "*" || header == `"*"` {
		return 0, true, nil
	}
	n, perr := strconv.ParseInt(strings.Trim(strings.TrimPrefix(header, "W/"), `"`), 10, 64)
	if perr != nil || n < 0 {
		return 0, false, errPropType.At("If-Match").With("want", label("版本号", "a revision"))
	}
	return n, false, nil
}

// etag writes a revision as an entity tag.
func etag(rev int64) string { return `"` + strconv.FormatInt(rev, 10) + `"` }

package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"tenon/schema/fault"
)

// Schema is a compiled JSON Schema (draft 2020-12 without dynamicRef) that
// never loads anything from anywhere: references outside the document fail.
type Schema struct{ s *jsonschema.Schema }

// CompileSchema compiles a JSON Schema document under the guards that user
// documents need: no remote or file reference, bounded size.
func CompileSchema(raw []byte) (*Schema, error) {
	if len(raw) > 256<<10 {
		return nil, fmt.Errorf("schema longer than 256 KB")
	}
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.LoadURL = func(u string) (io.ReadCloser, error) { return nil, fmt.Errorf("reference to %s refused", u) }
	if err := c.AddResource("mem:///doc.json", bytes.NewReader(raw)); err != nil {
		return nil, err
	}
	s, err := c.Compile("mem:///doc.json")
	if err != nil {
		return nil, err
	}
	return &Schema{s: s}, nil
}

// MustCompileSchema is CompileSchema for schemas shipped with the program.
func MustCompileSchema(raw []byte) *Schema {
	s, err := CompileSchema(raw)
	if err != nil {
		panic(err)
	}
	return s
}

// Faults of schema validation. Library texts never reach users.
var (
	ErrNotJSON  = fault.Define(fault.Invalid, "schema.json", "不是合法的 JSON", "not valid JSON")
	ErrUnknownK = fault.Define(fault.Invalid, "schema.unknown_key", "不认识的属性：{name}", "unknown property: {name}")
	ErrMissingK = fault.Define(fault.Invalid, "schema.missing", "缺少必填属性：{name}", "missing required property: {name}")
	ErrSchema   = fault.Define(fault.Invalid, "schema.mismatch", "值不符合要求（{rule}）", "the value does not fit ({rule})")
)

// Check validates a JSON document and returns every fault with its pointer.
func (s *Schema) Check(raw []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = ErrSchema.With("rule", "unreadable")
		}
	}()
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var x any
	if d.Decode(&x) != nil {
		return ErrNotJSON.New()
	}
	verr := s.s.Validate(x)
	if verr == nil {
		return nil
	}
	ve, ok := verr.(*jsonschema.ValidationError)
	if !ok {
		return ErrSchema.With("rule", "unreadable")
	}
	var l fault.List
	leaves(ve, func(e *jsonschema.ValidationError) {
		kw := e.KeywordLocation[strings.LastIndexByte(e.KeywordLocation, '/')+1:]
		switch kw {
		case "additionalProperties", "unevaluatedProperties":
			l = append(l, ErrUnknownK.At(e.InstanceLocation).With("name", quoted(e.Message)))
		case "required":
			l = append(l, ErrMissingK.At(e.InstanceLocation).With("name", quoted(e.Message)))
		default:
			l = append(l, ErrSchema.At(e.InstanceLocation).With("rule", kw))
		}
	})
	sort.SliceStable(l, func(i, j int) bool { return l[i].Path < l[j].Path })
	return l.Err()
}

func leaves(e *jsonschema.ValidationError, f func(*jsonschema.ValidationError)) {
	if len(e.Causes) == 0 {
		f(e)
		return
	}
	for _, c := range e.Causes {
		leaves(c, f)
	}
}

// quoted extracts the names the library puts in quotes in its message.
func quoted(msg string) string {
	var out []string
	for {
		i := strings.IndexByte(msg, '\'')
		if i < 0 {
			break
		}
		j := strings.IndexByte(msg[i+1:], '\'')
		if j < 0 {
			break
		}
		out = append(out, msg[i+1:i+1+j])
		msg = msg[i+j+2:]
	}
	return strings.Join(out, ", ")
}

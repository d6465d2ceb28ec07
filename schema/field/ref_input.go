package field

import (
	"regexp"
	"strings"

	"tenon/schema/panel"
	"tenon/schema/value"
)

// What Env.Name is asked for.
const (
	NameMember     = "member"
	NameDepartment = "department"
	NameRecord     = "record"
)

var uuidText = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// maxRefs bounds a list of ids; longer relations are records of their own.
const maxRefs = 1000

// refOf reads one id: UUID text, or an object as an expanded link comes back.
// Names are not ids: an import resolves them before it parses.
func refOf(raw any) (string, error) {
	if o, ok := raw.(map[string]any); ok {
		if o["id"] == nil {
			return "", ErrShape.New()
		}
		raw = o["id"]
	}
	s, ok := raw.(string)
	if !ok {
		return "", ErrRef.With("value", shown(raw))
	}
	id := strings.ToLower(strings.TrimSpace(s))
	if !uuidText.MatchString(id) {
		return "", ErrRef.With("value", clip(s))
	}
	return id, nil
}

// bindRef sets up a type whose values are one id; kind is what Env.Name names.
func bindRef(b *Bound, kind string) {
	b.DB = DBUUID
	b.Parse = func(raw any, _ Env) (value.Value, error) {
		if blank(raw) {
			return value.Value{}, nil
		}
		id, err := refOf(raw)
		if err != nil {
			return value.Value{}, err
		}
		return value.OfRef(id), nil
	}
	b.Format = func(v value.Value, env Env) string {
		if v.Kind() != value.Ref {
			return ""
		}
		return env.name(kind, v.Text())
	}
}

// bindRefs sets up a type whose values are several ids, without repetition.
func bindRefs(b *Bound, kind string) {
	b.DB, b.Elem = DBUUIDArray, value.Ref
	b.Parse = func(raw any, _ Env) (value.Value, error) {
		if blank(raw) {
			return value.Value{}, nil
		}
		items, ok := raw.([]any)
		if !ok {
			items = []any{raw}
			if s, ok := raw.(string); ok {
				items = items[:0]
				for _, part := range split(s, true) {
					items = append(items, part)
				}
			}
		}
		if len(items) > 2*maxRefs { // before any is looked at; Check counts exactly
			return value.Value{}, ErrMany.With("max", maxRefs).With("count", len(items))
		}
		seen := make(map[string]bool, len(items))
		var l []value.Value
		for _, item := range items {
			if blank(item) {
				continue
			}
			id, err := refOf(item)
			if err != nil {
				return value.Value{}, err
			}
			if !seen[id] {
				seen[id] = true
				l = append(l, value.OfRef(id))
			}
		}
		if len(l) == 0 {
			return value.Value{}, nil
		}
		return value.OfList(l), nil
	}
	b.Check = atMostItems(maxRefs)
	b.Format = func(v value.Value, env Env) string {
		names := make([]string, len(v.List()))
		for i, e := range v.List() {
			names[i] = env.name(kind, e.Text())
		}
		return strings.Join(names, joiner(env.Locale))
	}
}

// name is the display name of an id, the id itself where nobody knows better.
func (e Env) name(kind, id string) string {
	if e.Name != nil {
		if s := e.Name(kind, id); s != "" {
			return s
		}
	}
	return id
}

// peopleOptions limit whom a member field offers.
type peopleOptions struct {
	Departments []string `json:"departments"`
	Roles       []string `json:"roles"`
	DefaultMe   bool     `json:"default_me"`
}

func (o peopleOptions) spec() *PeopleSpec {
	return &PeopleSpec{Departments: o.Departments, Roles: o.Roles, DefaultMe: o.DefaultMe}
}

func peopleProps() []panel.Prop {
	return []panel.Prop{
		panel.Pick("departments", "department", "可选部门", "Departments offered").Many(100).
			Help("只能选这些部门及下级部门的成员；不填则不限", "Only members of these departments and those below; blank for everybody"),
		panel.Pick("roles", "role", "可选角色", "Roles offered").Many(100).
			Help("只能选有这些角色的成员；不填则不限", "Only members with one of these roles; blank for everybody"),
		panel.Switch("default_me", "默认为当前用户", "Starts as the current user").Default(false),
	}
}

const exampleID = `"018f3f2e-7b1a-7c3d-8e4f-0123456789ab"`
const exampleID2 = `"018f3f2e-7b1a-7c3d-8e4f-0123456789ac"`

// refExamples are the documented conversions of every type that holds one id.
func refExamples(options string) []Example {
	return []Example{
		{Options: options, In: exampleID, Out: exampleID, Text: "018f3f2e-7b1a-7c3d-8e4f-0123456789ab"},
		{Options: options, In: `{"id":"018F3F2E-7B1A-7C3D-8E4F-0123456789AB","name":"王小明"}`, Out: exampleID},
		{Options: options, In: `null`, Out: `null`},
		{Options: options, In: `" "`, Out: `null`},
		{Options: options, In: `"王小明"`, Err: "field.ref"},
		{Options: options, In: `12`, Err: "field.ref"},
		{Options: options, In: `{}`, Err: "field.shape"},
	}
}

// refsExamples are the documented conversions of every type that holds several ids.
func refsExamples(options string) []Example {
	return []Example{
		{Options: options, In: `[` + exampleID + `,{"id":` + exampleID2 + `},` + exampleID + `]`, Out: `[` + exampleID + `,` + exampleID2 + `]`},
		{Options: options, In: exampleID, Out: `[` + exampleID + `]`},
		{Options: options, In: `null`, Out: `null`},
		{Options: options, In: `[]`, Out: `null`},
		{Options: options, In: `["王小明"]`, Err: "field.ref"},
		{Options: options, In: `[[]]`, Err: "field.ref"},
	}
}

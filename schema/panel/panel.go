// Package panel writes the options schema of a part: a JSON Schema (2020-12)
// whose properties carry x-ui hints, so that the builder can draw the options
// panel from the schema alone.
//
// It exists so that every part names its options once, in both languages,
// with the same keys. It never validates anything (schema/catalog does) and
// never knows a part.
//
// The hints under "x-ui": label and help in both languages, order, control,
// and what the control needs:
//
//	number switch text select choices entity field expr  the plain controls
//	list   rows of the item's own properties             group  a nested panel
//	member department role date icon                     pickers
//
// A select has "choices" [{value,label}]; a field has "entity" (the sibling
// option that names the entity, absent for the entity being edited), "through"
// (the sibling option that names the link to follow) and "accept"
// {kinds,traits}; an expr has "scope", "expect" and, where it says whom to
// address, "people" (members or mail); "many" marks a list of
// picks; "localized" marks a text that may differ by language.
package panel

import (
	"encoding/json"

	"tenon/schema/catalog"
)

// Prop is one option. The constructors make it; the methods return a changed copy.
type Prop struct {
	name     string
	required bool
	schema   map[string]any
	ui       map[string]any
}

// Choice is one value of a select.
type Choice struct{ Value, ZH, EN string }

// Accept says which fields a field control offers: those of one of the kinds
// or having one of the traits (the JSON names of field.Traits, and "choices"
// for fields with a fixed set of them). The zero Accept offers every field.
type Accept struct {
	Kinds  []string `json:"kinds,omitempty"`
	Traits []string `json:"traits,omitempty"`
	Single bool     `json:"single,omitempty"` // but none that hold several values
}

func prop(name, control, zh, en string, schema map[string]any) Prop {
	return Prop{name: name, schema: schema,
		ui: map[string]any{"control": control, "label": catalog.Label{ZH: zh, EN: en}}}
}

func (p Prop) with(inUI bool, key string, v any) Prop {
	src := p.schema
	if inUI {
		src = p.ui
	}
	m := make(map[string]any, len(src)+1)
	for k, x := range src {
		m[k] = x
	}
	m[key] = v
	if inUI {
		p.ui = m
	} else {
		p.schema = m
	}
	return p
}

// Help adds the explanation shown under the control.
func (p Prop) Help(zh, en string) Prop {
	return p.with(true, "help", catalog.Label{ZH: zh, EN: en})
}

// Required makes the option mandatory.
func (p Prop) Required() Prop { p.required = true; return p }

// Default documents the value that an absent option stands for.
func (p Prop) Default(v any) Prop { return p.with(false, "default", v) }

// Of makes a field or expr control belong to the entity that the sibling
// option names.
func (p Prop) Of(option string) Prop { return p.with(true, "entity", option) }

// Through makes a field control offer the fields of the entity that the link
// field named by the sibling option points to.
func (p Prop) Through(option string) Prop { return p.with(true, "through", option) }

// Localized lets a text be {"zh-CN","en-US"} as well.
func (p Prop) Localized() Prop {
	limit := p.schema["maxLength"]
	one := map[string]any{"type": "string", "maxLength": limit}
	p.schema = map[string]any{"anyOf": []any{one, map[string]any{
		"type": "object", "additionalProperties": false,
		"properties": map[string]any{"zh-CN": one, "en-US": one},
	}}}
	return p.with(true, "localized", true)
}

// People makes an expression one that gives whom to address: ids of members and
// departments, keys of roles and, with mail, e-mail addresses.
func (p Prop) People(mail bool) Prop {
	if mail {
		return p.with(true, "people", "mail")
	}
	return p.with(true, "people", "members")
}

// Many makes the option a list of up to max picks of the same control.
func (p Prop) Many(max int) Prop {
	p.schema = map[string]any{"type": "array", "items": p.schema, "maxItems": max, "uniqueItems": true}
	return p.with(true, "many", true)
}

// Switch is a boolean option.
func Switch(name, zh, en string) Prop {
	return prop(name, "switch", zh, en, map[string]any{"type": "boolean"})
}

// Whole is a whole number within bounds.
func Whole(name string, min, max int, zh, en string) Prop {
	return prop(name, "number", zh, en, map[string]any{"type": "integer", "minimum": min, "maximum": max})
}

// Decimal is an exact number: a JSON number, or a text for more than 15 digits.
func Decimal(name, zh, en string) Prop {
	return prop(name, "number", zh, en, map[string]any{
		"type": []string{"number", "string"}, "pattern": `^-?[0-9]{1,38}(\.[0-9]{1,20})?$`})
}

// Text is a text of up to max characters.
func Text(name string, max int, zh, en string) Prop {
	return prop(name, "text", zh, en, map[string]any{"type": "string", "maxLength": max})
}

// Select is one of fixed values.
func Select(name, zh, en string, choices ...Choice) Prop {
	values := make([]string, len(choices))
	shown := make([]map[string]any, len(choices))
	for i, c := range choices {
		values[i] = c.Value
		shown[i] = map[string]any{"value": c.Value, "label": catalog.Label{ZH: c.ZH, EN: c.EN}}
	}
	return prop(name, "select", zh, en, map[string]any{"type": "string", "enum": values}).with(true, "choices", shown)
}

// Entity picks an entity by id or key.
func Entity(name, zh, en string) Prop {
	return prop(name, "entity", zh, en, ref())
}

// Field picks a field by id or key.
func Field(name string, accept Accept, zh, en string) Prop {
	p := prop(name, "field", zh, en, ref())
	if len(accept.Kinds)+len(accept.Traits) > 0 || accept.Single {
		p = p.with(true, "accept", accept)
	}
	return p
}

// Expr is an expression. scope names what it may refer to (record, filter,
// related: the other record is `it`), expect the kind of its result, "" for any.
func Expr(name, scope, expect, zh, en string) Prop {
	p := prop(name, "expr", zh, en, map[string]any{"type": "string", "maxLength": 10000}).with(true, "scope", scope)
	if expect != "" {
		p = p.with(true, "expect", expect)
	}
	return p
}

// Pick picks ids from a directory: control is member, department or role.
func Pick(name, control, zh, en string) Prop {
	return prop(name, control, zh, en, ref())
}

// Date is a civil date such as 2026-11-22.
func Date(name, zh, en string) Prop {
	return prop(name, "date", zh, en, map[string]any{"type": "string", "pattern": `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`})
}

// Icon is one of the named icons.
func Icon(name, zh, en string, icons ...string) Prop {
	return prop(name, "icon", zh, en, map[string]any{"type": "string", "enum": icons})
}

// Group is a nested panel.
func Group(name, zh, en string, props ...Prop) Prop {
	return prop(name, "group", zh, en, object(props))
}

// List is a list of nested panels, with min to max items.
func List(name string, min, max int, zh, en string, props ...Prop) Prop {
	return prop(name, "list", zh, en, map[string]any{"type": "array", "minItems": min, "maxItems": max, "items": object(props)})
}

// Custom is an option whose schema is given; the control is drawn by the part's own folder.
func Custom(name, control, zh, en string, schema map[string]any) Prop {
	return prop(name, control, zh, en, schema)
}

func ref() map[string]any {
	return map[string]any{"type": "string", "minLength": 1, "maxLength": 200}
}

// Object returns the options schema of a part. It panics on an option named
// twice or left unlabelled: a programmer error found at start-up.
func Object(props ...Prop) string {
	m := object(props)
	m["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	b, err := json.Marshal(m)
	if err != nil {
		panic("panel: " + err.Error())
	}
	return string(b)
}

func object(props []Prop) map[string]any {
	all := map[string]any{}
	var required []string
	for i, p := range props {
		label, _ := p.ui["label"].(catalog.Label)
		if _, dup := all[p.name]; dup || p.name == "" || label.ZH == "" || label.EN == "" {
			panic("panel: option " + p.name + " is named twice or has no label")
		}
		p = p.with(true, "order", i+1)
		p = p.with(false, "title", label.EN)
		if help, ok := p.ui["help"].(catalog.Label); ok {
			p = p.with(false, "description", help.EN)
		} else {
			p = p.with(false, "description", label.EN)
		}
		all[p.name] = p.with(false, "x-ui", p.ui).schema
		if p.required {
			required = append(required, p.name)
		}
	}
	m := map[string]any{"type": "object", "additionalProperties": false, "properties": all}
	if len(required) > 0 {
		m["required"] = required
	}
	return m
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
)

var typesCommand = command{
	name: "types", hidden: true,
	summary: "write the UI's types of the API from its OpenAPI document",
	run: func(_ context.Context, p *project, set *flag.FlagSet, args []string) error {
		if err := set.Parse(args); err != nil {
			return err
		}
		document, err := os.ReadFile(p.path("api/openapi.golden.json"))
		if err != nil {
			return err
		}
		text, err := apiTypes(document)
		if err != nil {
			return err
		}
		return os.WriteFile(p.path("frontend/src/api/schema.gen.ts"), text, 0o644)
	},
}

// jsonSchema is what the document uses of JSON Schema.
type jsonSchema struct {
	Ref         string                 `json:"$ref"`
	Type        any                    `json:"type"` // a name, or a list of names
	Description string                 `json:"description"`
	Enum        []any                  `json:"enum"`
	Properties  map[string]*jsonSchema `json:"properties"`
	Required    []string               `json:"required"`
	Items       *jsonSchema            `json:"items"`
	Additional  json.RawMessage        `json:"additionalProperties"`
	AnyOf       []*jsonSchema          `json:"anyOf"`
	OneOf       []*jsonSchema          `json:"oneOf"`
}

// apiTypes writes a TypeScript interface for every component of the document.
func apiTypes(document []byte) ([]byte, error) {
	var doc struct {
		Components struct {
			Schemas map[string]*jsonSchema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(document, &doc); err != nil {
		return nil, fmt.Errorf("the OpenAPI document: %w", err)
	}
	var out bytes.Buffer
	out.WriteString("// Code generated from the OpenAPI document by go run ./cmd/dev gen. DO NOT EDIT.\n\n" +
		"export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };\n")
	for _, name := range sortedKeys(doc.Components.Schemas) {
		s := doc.Components.Schemas[name]
		if s.Properties == nil {
			fmt.Fprintf(&out, "\nexport type %s = %s;\n", name, typeScript(s, ""))
			continue
		}
		fmt.Fprintf(&out, "\nexport interface %s %s\n", name, members(s, ""))
	}
	return out.Bytes(), nil
}

// typeScript writes the type that a schema describes.
func typeScript(s *jsonSchema, indent string) string {
	if s.Ref != "" {
		return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	}
	if s.Enum != nil {
		return union(s.Enum, func(v any) string {
			b, _ := json.Marshal(v) // texts and null
			return strings.ReplaceAll(string(b), `"`, "'")
		})
	}
	if any := append(slices.Clone(s.AnyOf), s.OneOf...); len(any) > 0 {
		return union(any, func(one *jsonSchema) string { return typeScript(one, indent) })
	}
	switch t := s.Type.(type) {
	case []any:
		return union(t, func(one any) string {
			alone := *s
			alone.Type = one
			return typeScript(&alone, indent)
		})
	case string:
		switch t {
		case "integer", "number":
			return "number"
		case "array":
			if item := typeScript(s.Items, indent); strings.Contains(item, " | ") {
				return "(" + item + ")[]"
			} else {
				return item + "[]"
			}
		case "object":
			if len(s.Properties) > 0 {
				return members(s, indent)
			}
			var more jsonSchema
			if len(s.Additional) > 0 && json.Unmarshal(s.Additional, &more) == nil {
				return "{ [key: string]: " + typeScript(&more, indent) + " }"
			}
			return "{ [key: string]: Json }"
		default:
			return t // string, boolean, null
		}
	}
	return "Json"
}

func union[T any](list []T, one func(T) string) string {
	var out []string
	for _, v := range list {
		if text := one(v); !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return strings.Join(out, " | ")
}

func members(s *jsonSchema, indent string) string {
	inner := indent + "  "
	var out strings.Builder
	out.WriteString("{\n")
	for _, name := range sortedKeys(s.Properties) {
		p := s.Properties[name]
		if p.Description != "" {
			fmt.Fprintf(&out, "%s/** %s */\n", inner, p.Description)
		}
		mark := "?"
		if slices.Contains(s.Required, name) {
			mark = ""
		}
		key := name
		if strings.ContainsAny(name, "-.@ ") {
			key = "'" + name + "'"
		}
		fmt.Fprintf(&out, "%s%s%s: %s;\n", inner, key, mark, typeScript(p, inner))
	}
	return out.String() + indent + "}"
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

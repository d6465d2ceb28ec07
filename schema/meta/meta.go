// Package meta publishes the JSON Schemas (draft 2020-12) of the definition
// documents, one file per kind, and checks documents against them.
//
// A schema fixes the shape of a document: its properties, their types, closed
// sets of words. Whether the document makes sense in its app (keys, references,
// expressions, options of parts) is what schema.Compile says; the options of
// field types, views, charts and actions have schemas of their own in the
// catalog.
//
// The files are made from the structs of package schema and their comments by
//
//	go test ./schema/meta -update
//
// and a test fails when they are out of date.
package meta

import (
	"embed"
	"encoding/json"
	"fmt"
	"sync"

	"tenon/schema"
	"tenon/schema/catalog"
)

//go:embed *.json
var files embed.FS

// Kinds are the document kinds that have a schema.
var Kinds = []schema.DocKind{schema.DocApp, schema.DocEntity, schema.DocForm, schema.DocView, schema.DocDashboard, schema.DocRule, schema.DocRole}

// Schema returns the JSON Schema of a document kind, nil if there is none.
func Schema(kind schema.DocKind) json.RawMessage {
	b, err := files.ReadFile(string(kind) + ".json")
	if err != nil {
		return nil
	}
	return b
}

var compiled = sync.OnceValue(func() map[schema.DocKind]*catalog.Schema {
	m := map[schema.DocKind]*catalog.Schema{}
	for _, k := range Kinds {
		m[k] = catalog.MustCompileSchema(Schema(k))
	}
	return m
})

// Check validates a document and returns every fault with its JSON pointer.
// The document is read strictly first: no duplicate keys, bounded depth.
func Check(kind schema.DocKind, raw []byte) error {
	s := compiled()[kind]
	if s == nil {
		return fmt.Errorf("meta: no schema for %q", kind)
	}
	if _, err := schema.DecodeJSON(raw); err != nil {
		return err
	}
	return s.Check(raw)
}

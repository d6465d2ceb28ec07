package api

import (
	"encoding/json"

	"tenon/engine/access"
	"tenon/engine/definition"
	"tenon/schema"
	"tenon/schema/value"
)

// appDocument describes the records of one app for integrators: the entities,
// fields and operations that the caller has, with the paths they are served on.
func appDocument(snap *definition.Snapshot, actor *access.Actor, locale string) []byte {
	rights := access.For(actor, snap.Model)
	if actor.Scopes != nil {
		ops := actor.Scopes[snap.AppID]
		if ops == nil {
			ops = actor.Scopes["*"]
		}
		rights.Limit(ops)
	}
	schemas, paths, tags := object{}, object{}, []object{}
	for _, e := range snap.Entities {
		on := rights.On(e)
		if !on.Can("read") && !on.Can("create") {
			continue
		}
		tags = append(tags, object{"name": e.Key(), "description": e.Def.Name.In(locale)})
		props := object{}
		for _, f := range e.System {
			if f.Key() != "deleted_at" {
				props[f.Key()] = fieldSchema(f, locale, f.Key() != "owner")
			}
		}
		props["_title"] = object{"type": "string", "readOnly": true}
		for _, f := range e.Fields {
			if on.Readable(f) || on.Full {
				props[f.Key()] = fieldSchema(f, locale, f.Traits.Computed || f.Traits.Generated)
			}
		}
		schemas[e.Key()] = object{"type": "object", "title": e.Def.Name.In(locale), "description": e.Def.Help.In(locale), "properties": props, "x-entity-id": e.ID()}
		entityPaths(paths, snap, e, on, locale)
	}
	d := &describer{schemas: schemas}
	schemas["Problem"] = d.of(typeOfProblem)
	doc := object{
		"openapi": "3.1.0",
		"info": object{"title": snap.App.Info.Name.In(locale), "version": itoa(int64(snap.Version)), "description": snap.App.Info.Description.In(locale),
			"x-reserved-keys": schema.ReservedKeys()},
		"servers": []object{{"url": "/api/v1/apps/" + snap.AppID}},
		"paths":   paths, "tags": tags,
		"security": []object{{"key": []string{}}, {"session": []string{}}},
		"components": object{"schemas": schemas,
			"securitySchemes": object{"key": object{"type": "http", "scheme": "bearer"}, "session": object{"type": "apiKey", "in": "cookie", "name": cookieSecure}},
			"responses":       object{"Problem": object{"description": "RFC 9457 problem", "content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/Problem"}}}}}},
	}
	b, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		panic("api: an app's document cannot be encoded: " + err.Error())
	}
	return b
}

func entityPaths(paths object, snap *definition.Snapshot, e *schema.EntityModel, on *access.Entity, locale string) {
	name := e.Def.Name.In(locale)
	root := "/entities/" + e.Key() + "/records"
	ref := object{"$ref": "#/components/schemas/" + e.Key()}
	body := func(s object) object { return object{"content": object{"application/json": object{"schema": s}}} }
	answer := func(status, text string, s object) object {
		r := object{"description": text}
		if s != nil {
			r["content"] = object{"application/json": object{"schema": s}}
		}
		return object{status: r, "default": object{"$ref": "#/components/responses/Problem"}}
	}
	op := func(id, summary string, responses object) object {
		return object{"operationId": id + "_" + e.Key(), "summary": summary, "tags": []string{e.Key()}, "responses": responses}
	}
	query := func(names ...string) []object {
		var out []object
		for _, n := range names {
			t := "string"
			if n == "limit" || n == "offset" {
				t = "integer"
			}
			out = append(out, object{"name": n, "in": "query", "schema": object{"type": t}})
		}
		return out
	}
	page := object{"type": "object", "properties": object{"records": object{"type": "array", "items": ref}, "next_cursor": object{"type": "string"},
		"count": object{"type": "integer"}, "_names": object{"type": "object", "additionalProperties": object{"type": "string"}}}}
	id := object{"name": "id", "in": "path", "required": true, "schema": object{"type": "string", "format": "uuid"}}
	many, one := object{}, object{"parameters": []object{id}}
	if on.Can("read") {
		list := op("list", schema.Text{ZH: "列出" + name, EN: "List " + name}.In(locale), answer("200", "OK", page))
		list["parameters"] = query("filter", "sort", "limit", "cursor", "offset", "fields", "expand", "count", "search")
		many["get"] = list
		one["get"] = op("get", schema.Text{ZH: "读取" + name, EN: "Get " + name}.In(locale), answer("200", "OK", ref))
		ask := op("query", schema.Text{ZH: "按条件查询" + name, EN: "Query " + name}.In(locale), answer("200", "OK", page))
		ask["requestBody"] = body(object{"type": "object"})
		paths[root+"/query"] = object{"post": ask}
		sum := op("aggregate", schema.Text{ZH: "统计" + name, EN: "Aggregate " + name}.In(locale), answer("200", "OK", object{"type": "object"}))
		sum["requestBody"] = body(object{"type": "object"})
		paths[root+"/aggregate"] = object{"post": sum}
	}
	if on.Can("create") {
		x := op("create", schema.Text{ZH: "新建" + name, EN: "Create " + name}.In(locale), answer("201", "Created", ref))
		x["requestBody"] = body(ref)
		x["parameters"] = []object{{"name": "Idempotency-Key", "in": "header", "schema": object{"type": "string"}}}
		many["post"] = x
	}
	if on.Can("update") {
		x := op("update", schema.Text{ZH: "修改" + name, EN: "Update " + name}.In(locale), answer("200", "OK", ref))
		x["requestBody"] = body(ref)
		x["parameters"] = []object{{"name": "If-Match", "in": "header", "schema": object{"type": "string"}}}
		one["patch"] = x
	}
	if on.Can("delete") {
		one["delete"] = op("delete", schema.Text{ZH: "删除" + name, EN: "Delete " + name}.In(locale), answer("204", "No Content", nil))
	}
	if len(many) > 0 {
		paths[root] = many
	}
	if len(one) > 1 {
		paths[root+"/{id}"] = one
	}
	if on.Can("create") || on.Can("update") || on.Can("delete") {
		x := op("batch", schema.Text{ZH: "批量写入" + name, EN: "Batch write " + name}.In(locale), answer("200", "OK", object{"type": "object"}))
		x["requestBody"] = body(object{"type": "object", "properties": object{"ops": object{"type": "array", "items": object{"type": "object", "properties": object{
			"op": object{"enum": []string{"create", "update", "upsert", "delete", "restore"}}, "id": object{"type": "string"}, "rev": object{"type": "integer"},
			"match": object{"type": "array", "items": object{"type": "string"}}, "values": ref}}}}})
		paths[root+"/batch"] = object{"post": x}
	}
}

// fieldSchema describes a field's JSON.
func fieldSchema(f *schema.FieldModel, locale string, readOnly bool) object {
	out := kindSchema(f.Kind, f.Elem, f.Precision > 15)
	if f.Sub != nil {
		props := object{"id": object{"type": "string", "format": "uuid"}}
		for _, c := range f.Sub.Fields {
			props[c.Key()] = fieldSchema(c, locale, c.Traits.Computed || c.Traits.Generated)
		}
		out = object{"type": "array", "items": object{"type": "object", "properties": props}}
	}
	if len(f.Choices) > 0 {
		keys := make([]string, len(f.Choices))
		for i, c := range f.Choices {
			keys[i] = c.Key
		}
		if items, ok := out["items"].(object); ok {
			items["enum"] = keys
		} else {
			out["enum"] = append([]any{nil}, anys(keys)...)
		}
	}
	if t := f.Def.Name.In(locale); t != "" {
		out["title"] = t
	}
	if h := f.Def.Help.In(locale); h != "" {
		out["description"] = h
	}
	if readOnly {
		out["readOnly"] = true
	}
	if f.Target != nil {
		out["x-link"] = f.Target.Key()
	}
	if !f.System {
		out["x-field-id"], out["x-type"] = f.ID(), f.Def.Type
	}
	return out
}

func anys(l []string) []any {
	out := make([]any, len(l))
	for i, s := range l {
		out[i] = s
	}
	return out
}

func kindSchema(k, elem value.Kind, asText bool) object {
	switch k {
	case value.Bool:
		return object{"type": []string{"boolean", "null"}}
	case value.Number:
		if asText {
			return object{"type": []string{"string", "number", "null"}, "pattern": `^-?\d+(\.\d+)?$`}
		}
		return object{"type": []string{"number", "null"}}
	case value.Time:
		return object{"type": []string{"string", "null"}, "format": "date-time"}
	case value.Date:
		return object{"type": []string{"string", "null"}, "format": "date"}
	case value.Ref:
		return object{"type": []string{"string", "null"}, "format": "uuid"}
	case value.List:
		items := kindSchema(elem, value.Null, false)
		if l, ok := items["type"].([]string); ok {
			items["type"] = l[0]
		}
		return object{"type": []string{"array", "null"}, "items": items}
	case value.Object:
		return object{}
	case value.Rows:
		return object{"type": "array"}
	}
	return object{"type": []string{"string", "null"}}
}

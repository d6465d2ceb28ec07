package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"time"

	"tenon/engine"
	"tenon/engine/definition"
	"tenon/engine/transfer"
	"tenon/schema"
)

type draftBody struct {
	Rev  int64                 `json:"rev"`
	Docs []definition.DocState `json:"docs"`
}

type docIn struct {
	inApp
	Doc     string          `path:"doc"`
	Kind    string          `query:"kind" doc:"of a new document: entity form view dashboard rule role"`
	IfMatch string          `header:"If-Match" doc:"the document's rev, or *"`
	Body    json.RawMessage `body:"json"`
}

type docSaved struct {
	Rev    int64         `json:"rev"`
	Faults []problemItem `json:"faults"`
}

type restoredBody struct {
	Doc    string        `json:"doc"`
	Faults []problemItem `json:"faults"`
}

type faultsBody struct {
	Faults []problemItem `json:"faults"`
}

type hintsBody struct {
	Hints []*schema.Change `json:"hints" doc:"each about the rule named by doc"`
}

type docsIn struct {
	inApp
	Docs []string `json:"docs" doc:"document ids; all that have changed when left out"`
}

type planBody struct {
	Changes    []*schema.Change `json:"changes"`
	SQLActions []string         `json:"sql_actions"`
	Faults     []problemItem    `json:"faults"`
	Docs       []string         `json:"docs"`
	Hints      []*schema.Change `json:"hints" doc:"what deserves a thought and prevents nothing, such as rules that set each other off"`
	Hash       string           `json:"hash"`
}

type publishIn struct {
	inApp
	Docs []string `json:"docs"`
	Hash string   `json:"hash" doc:"of the plan that was looked at"`
	Note string   `json:"note"`
}

type publishedBody struct {
	Version int `json:"version"`
}

// maxDoc bounds one definition document.
const maxDoc = 8 << 20

// publishPatience is how long a publish may take: it fills columns of tables
// with many records.
const publishPatience = 20 * time.Minute

// draftRoutes edit what is not published yet.
func (s *Server) draftRoutes() {
	const tag, path = "draft", "/api/v1/apps/{app}/draft"
	Handle(s, "GET", path, Doc{Who: Builder, Tag: tag, Summary: "All documents of the draft with their revisions"},
		func(ctx context.Context, c *Call, _ inApp) (draftBody, error) {
			_, docs, err := s.Engine.Defs.Draft(ctx, c.App.ID)
			out := draftBody{Docs: docs}
			for _, d := range docs {
				out.Rev += d.Rev // any change of any document changes it
			}
			return out, err
		})
	Handle(s, "PUT", path+"/{doc}", Doc{Who: Builder, Tag: tag, Summary: "Save a document; the faults are those the draft has now", MaxBody: maxDoc}, s.putDoc)
	Handle(s, "DELETE", path+"/{doc}", Doc{Who: Builder, Tag: tag, Summary: "Remove a document from the draft"},
		func(ctx context.Context, c *Call, in struct {
			inApp
			Doc     string `path:"doc"`
			IfMatch string `header:"If-Match"`
		}) (Empty, error) {
			rev, err := draftRev(in.IfMatch)
			if err != nil {
				return Empty{}, err
			}
			return Empty{}, s.Engine.Defs.DeleteDoc(ctx, c.App.ID, c.Actor.ID, in.Doc, rev)
		})
	Handle(s, "POST", path+"/check", Doc{Who: Builder, Tag: tag, Summary: "Every fault of the draft"},
		func(ctx context.Context, c *Call, _ inApp) (faultsBody, error) {
			l, err := s.Engine.Defs.Check(ctx, c.App.ID)
			return faultsBody{items(l, c.Locale)}, err
		})
	Handle(s, "GET", path+"/hints", Doc{Who: Builder, Tag: tag, Summary: "What deserves a thought in the draft and prevents nothing, such as rules that set each other off"},
		func(ctx context.Context, c *Call, _ inApp) (hintsBody, error) {
			l, err := s.Engine.Defs.Hints(ctx, c.App.ID)
			return hintsBody{orEmpty(l)}, err
		})
	Handle(s, "POST", path+"/order", Doc{Who: Builder, Tag: tag, Summary: "Put the documents of a kind into an order"},
		func(ctx context.Context, c *Call, in struct {
			inApp
			Kind string   `json:"kind" need:"1"`
			IDs  []string `json:"ids" need:"1"`
		}) (Empty, error) {
			return Empty{}, s.Engine.Defs.Order(ctx, c.App.ID, c.Actor.ID, in.Kind, in.IDs)
		})
	Handle(s, "GET", "/api/v1/apps/{app}/retired", Doc{Who: Builder, Tag: tag, Summary: "Removed fields and entities whose content is still kept"},
		func(ctx context.Context, c *Call, _ inApp) (list[definition.Retired], error) {
			l, err := s.Engine.Defs.Retired(ctx, c.App.ID)
			return list[definition.Retired]{Items: orEmpty(l)}, err
		})
	Handle(s, "POST", "/api/v1/apps/{app}/retired/{id}/restore", Doc{Who: Builder, Tag: tag, Summary: "Bring a removed field or entity back into the draft; publishing brings its content back"},
		func(ctx context.Context, c *Call, in inAppID) (restoredBody, error) {
			doc, faults, err := s.Engine.Defs.RestoreField(ctx, c.App.ID, c.Actor.ID, in.ID)
			return restoredBody{doc, items(faults, c.Locale)}, err
		})
	Handle(s, "POST", path+"/discard", Doc{Who: Builder, Tag: tag, Summary: "Take documents back to what is published"},
		func(ctx context.Context, c *Call, in docsIn) (Empty, error) {
			return Empty{}, s.Engine.Defs.Discard(ctx, c.App.ID, c.Actor.ID, in.Docs)
		})
	Handle(s, "POST", "/api/v1/apps/{app}/publish/plan", Doc{Who: Builder, Tag: tag, Summary: "What publishing would do"},
		func(ctx context.Context, c *Call, in docsIn) (planBody, error) {
			p, err := s.Engine.Defs.Plan(ctx, c.App.ID, in.Docs)
			if err != nil {
				return planBody{}, err
			}
			return planBody{orEmpty(p.Changes), orEmpty(p.Actions), items(p.Faults, c.Locale), orEmpty(p.Docs), orEmpty(p.Hints), p.Hash}, nil
		})
	Handle(s, "POST", "/api/v1/apps/{app}/publish", Doc{Who: Builder, Tag: tag, Summary: "Publish documents of the draft as the next version", Timeout: publishPatience}, s.publish)
	Handle(s, "POST", "/api/v1/apps/{app}/quick-field", Doc{Who: Builder, Tag: tag, Summary: "Add a field, or a choice, and publish it at once", Timeout: publishPatience}, s.quickField)
}

func orEmpty[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

func draftRev(header string) (int64, error) {
	rev, any, err := revOf(header)
	if any {
		rev = definition.AnyRev
	}
	return rev, err
}

func (s *Server) putDoc(ctx context.Context, c *Call, in docIn) (docSaved, error) {
	want, err := draftRev(in.IfMatch)
	if err != nil {
		return docSaved{}, err
	}
	rev, faults, err := s.Engine.Defs.PutDoc(ctx, c.App.ID, c.Actor.ID, in.Doc, in.Kind, in.Body, want)
	if err == nil {
		c.Header("ETag", etag(rev))
	}
	return docSaved{rev, items(faults, c.Locale)}, err
}

func (s *Server) publish(ctx context.Context, c *Call, in publishIn) (publishedBody, error) {
	v, err := s.Engine.Defs.Publish(ctx, c.App.ID, c.Actor.ID, in.Docs, in.Hash, in.Note)
	if err != nil {
		return publishedBody{}, err
	}
	s.People.Changed(ctx)
	return publishedBody{v}, c.Audit(ctx, "app.published", c.App.ID, map[string]any{"app": c.App.ID, "name": c.App.Key, "version": v, "note": in.Note})
}

type quickFieldIn struct {
	inApp
	Entity string       `json:"entity" need:"1" doc:"id or key"`
	Field  schema.Field `json:"field" need:"1" doc:"without a key it gets one from its name"`
	Choice *quickChoice `json:"choice" doc:"added to the field that has the id of \"field\", instead of a new field"`
}

type quickChoice struct {
	Label schema.Text `json:"label"`
	Hue   string      `json:"hue"`
}

// into puts the new field or choice into the entity's definition.
func (in quickFieldIn) into(e *schema.Entity) error {
	field, taken := in.Field, map[string]bool{}
	for _, f := range e.Fields {
		taken[f.Key] = true
		if in.Choice != nil && f.ID == field.ID {
			return in.Choice.into(f)
		}
	}
	if in.Choice != nil {
		return schema.ErrNoField.At("field/id").With("ref", field.ID)
	}
	if field.Key == "" {
		field.Key = transfer.FreeKey(field.Name.In("en-US"), "field", taken)
	}
	e.Fields = append(e.Fields, &field)
	return nil
}

func (q quickChoice) into(f *schema.Field) error {
	options := map[string]any{}
	if len(f.Options) > 0 {
		if err := json.Unmarshal(f.Options, &options); err != nil {
			return err
		}
	}
	choices, _ := options["choices"].([]any)
	taken := map[string]bool{}
	for _, c := range choices {
		if m, ok := c.(map[string]any); ok {
			key, _ := m["key"].(string)
			taken[key] = true
		}
	}
	choice := map[string]any{"key": transfer.FreeKey(q.Label.In("en-US"), "choice", taken), "label": q.Label}
	if q.Hue != "" {
		choice["hue"] = q.Hue
	}
	options["choices"] = append(choices, choice)
	raw, err := json.Marshal(options)
	f.Options = raw
	return err
}

// quickField adds a field to the published entity, or a choice to one of its
// fields, and publishes that alone: a colleague's half-done changes of other
// documents stay in the draft.
func (s *Server) quickField(ctx context.Context, c *Call, in quickFieldIn) (publishedBody, error) {
	draft, docs, err := s.Engine.Defs.Draft(ctx, c.App.ID)
	if err != nil {
		return publishedBody{}, err
	}
	for _, e := range draft.Entities {
		if e.ID != in.Entity && e.Key != in.Entity {
			continue
		}
		if err := in.into(e); err != nil {
			return publishedBody{}, err
		}
		body, err := json.Marshal(e)
		if err != nil {
			return publishedBody{}, err
		}
		rev := int64(definition.AnyRev)
		for _, d := range docs {
			if d.ID == e.ID {
				rev = d.Rev
			}
		}
		if _, _, err := s.Engine.Defs.PutDoc(ctx, c.App.ID, c.Actor.ID, e.ID, string(schema.DocEntity), body, rev); err != nil {
			return publishedBody{}, err
		}
		out, err := s.publish(ctx, c, publishIn{Docs: []string{e.ID}, Note: c.Text(text("添加字段", "Added a field"))})
		if err != nil {
			// The draft goes back to what it was, so that the mistake does not linger.
			for _, d := range docs {
				if d.ID == e.ID {
					if _, _, perr := s.Engine.Defs.PutDoc(ctx, c.App.ID, c.Actor.ID, e.ID, string(schema.DocEntity), d.Body, definition.AnyRev); perr != nil {
						return publishedBody{}, perr
					}
				}
			}
		}
		return out, err
	}
	return publishedBody{}, schema.ErrNoEntity.At("entity").With("ref", in.Entity)
}

// versionRoutes read and bring back earlier versions.
func (s *Server) versionRoutes() {
	const tag = "versions"
	Handle(s, "GET", "/api/v1/apps/{app}/versions", Doc{Who: Builder, Tag: tag, Summary: "Versions, newest first"},
		func(ctx context.Context, c *Call, _ inApp) (list[definition.Version], error) {
			l, err := s.Engine.Defs.Versions(ctx, c.App.ID)
			return list[definition.Version]{Items: orEmpty(l)}, err
		})
	Handle(s, "POST", "/api/v1/apps/{app}/versions/{n}/restore", Doc{Who: Builder, Tag: tag, Summary: "Make the draft equal to a version; nothing is published"},
		func(ctx context.Context, c *Call, in struct {
			inApp
			N int `path:"n"`
		}) (Empty, error) {
			if err := s.Engine.Defs.RestoreVersion(ctx, c.App.ID, c.Actor.ID, in.N); err != nil {
				return Empty{}, err
			}
			return Empty{}, c.Audit(ctx, "app.version_restored", c.App.ID, map[string]any{"app": c.App.ID, "version": in.N})
		})
	Handle(s, "GET", "/api/v1/apps/{app}/runtime", Doc{Who: InApp, Tag: "apps", Summary: "The published app as the caller may see it", Holds: reflect.TypeFor[engine.Runtime]()}, s.runtime)
	Handle(s, "GET", "/api/v1/apps/{app}/openapi.json", Doc{Who: InApp, Tag: "apps", Summary: "OpenAPI document of the app's records", Returns: "application/json"},
		func(ctx context.Context, c *Call, _ inApp) (Raw, error) {
			snap, err := s.Engine.Defs.At(ctx, c.App.ID)
			if err != nil {
				return Raw{}, err
			}
			return Raw{Body: appDocument(snap, c.Actor, c.Locale)}, nil
		})
}

// runtime answers what the UI draws an app from. Its tag changes with the
// version, and with everything else that the answer depends on.
func (s *Server) runtime(ctx context.Context, c *Call, _ inApp) (Raw, error) {
	r, err := s.Engine.Runtime(ctx, c.Actor, c.App.ID)
	if err != nil {
		return Raw{}, err
	}
	b, err := json.Marshal(r)
	c.Header("ETag", `"`+digestOf(b)+`"`)
	return Raw{Body: b}, err
}

// digestOf names a content.
func digestOf(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:12])
}

package definition

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"tenon/engine/store"
	"tenon/schema"
)

// kinds lists the kinds of documents in the order in which they are shown.
var kinds = []schema.DocKind{schema.DocApp, schema.DocEntity, schema.DocForm, schema.DocView, schema.DocDashboard, schema.DocRule, schema.DocRole}

func kindRank(kind string) int {
	for i, k := range kinds {
		if string(k) == kind {
			return i
		}
	}
	return -1
}

// decode reads a document of a kind; strict refuses properties it does not have.
func decode(kind string, raw []byte, strict bool) (any, error) {
	var doc any
	switch schema.DocKind(kind) {
	case schema.DocApp:
		doc = &schema.Info{}
	case schema.DocEntity:
		doc = &schema.Entity{}
	case schema.DocForm:
		doc = &schema.Form{}
	case schema.DocView:
		doc = &schema.View{}
	case schema.DocDashboard:
		doc = &schema.Dashboard{}
	case schema.DocRule:
		doc = &schema.Rule{}
	case schema.DocRole:
		doc = &schema.Role{}
	default:
		return nil, ErrKind.With("kind", kind)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if strict {
		d.DisallowUnknownFields()
	}
	if err := d.Decode(doc); err != nil {
		return nil, schema.ErrJSON.With("detail", err.Error())
	}
	return doc, nil
}

// identity gives the address of a document's id.
func identity(doc any) *string {
	switch d := doc.(type) {
	case *schema.Info:
		return &d.ID
	case *schema.Entity:
		return &d.ID
	case *schema.Form:
		return &d.ID
	case *schema.View:
		return &d.ID
	case *schema.Dashboard:
		return &d.ID
	case *schema.Rule:
		return &d.ID
	case *schema.Role:
		return &d.ID
	}
	panic(fmt.Sprintf("definition: %T is no document", doc))
}

// kindOf is the kind of a document.
func kindOf(doc any) schema.DocKind {
	switch doc.(type) {
	case *schema.Info:
		return schema.DocApp
	case *schema.Entity:
		return schema.DocEntity
	case *schema.Form:
		return schema.DocForm
	case *schema.View:
		return schema.DocView
	case *schema.Dashboard:
		return schema.DocDashboard
	case *schema.Rule:
		return schema.DocRule
	case *schema.Role:
		return schema.DocRole
	}
	return ""
}

// add puts a document into an app, in the place of one with the same id.
func add(app *schema.App, doc any) {
	switch d := doc.(type) {
	case *schema.Info:
		app.Info = *d
	case *schema.Entity:
		app.Entities = put(app.Entities, d, func(x *schema.Entity) string { return x.ID })
	case *schema.Form:
		app.Forms = put(app.Forms, d, func(x *schema.Form) string { return x.ID })
	case *schema.View:
		app.Views = put(app.Views, d, func(x *schema.View) string { return x.ID })
	case *schema.Dashboard:
		app.Dashboards = put(app.Dashboards, d, func(x *schema.Dashboard) string { return x.ID })
	case *schema.Rule:
		app.Rules = put(app.Rules, d, func(x *schema.Rule) string { return x.ID })
	case *schema.Role:
		app.Roles = put(app.Roles, d, func(x *schema.Role) string { return x.ID })
	}
}

func put[T any](l []*T, d *T, id func(*T) string) []*T {
	for i, x := range l {
		if id(x) == id(d) {
			l[i] = d
			return l
		}
	}
	return append(l, d)
}

// assemble makes an app of its documents, in their order.
func assemble(rows []store.DocRow) (*schema.App, error) {
	app := &schema.App{}
	for _, r := range rows {
		if r.Deleted {
			continue
		}
		doc, err := decode(r.Kind, r.Body, false)
		if err != nil {
			return nil, fmt.Errorf("document %s: %w", r.ID, err)
		}
		add(app, doc)
	}
	return app, nil
}

// docsOf lists the documents of an app in their order.
func docsOf(app *schema.App) []any {
	out := []any{&app.Info}
	for _, d := range app.Entities {
		out = append(out, d)
	}
	for _, d := range app.Forms {
		out = append(out, d)
	}
	for _, d := range app.Views {
		out = append(out, d)
	}
	for _, d := range app.Dashboards {
		out = append(out, d)
	}
	for _, d := range app.Rules {
		out = append(out, d)
	}
	for _, d := range app.Roles {
		out = append(out, d)
	}
	return out
}

// rowOf writes a document for storing.
func rowOf(doc any) (store.DocRow, error) {
	body, err := canonical(doc)
	return store.DocRow{ID: *identity(doc), Kind: string(kindOf(doc)), Body: body, Hash: hash(body)}, err
}

// split makes documents of an app, numbered by kind.
func split(app *schema.App) ([]store.DocRow, error) {
	var out []store.DocRow
	n := map[string]int{}
	for _, doc := range docsOf(app) {
		d, err := rowOf(doc)
		if err != nil {
			return nil, err
		}
		n[d.Kind]++
		d.Position = n[d.Kind]
		out = append(out, d)
	}
	return out, nil
}

// canonical writes a document so that equal documents are equal bytes, also
// after a stay in a jsonb column: sorted keys, plain numbers, no escapes of HTML.
func canonical(doc any) ([]byte, error) {
	raw, ok := doc.([]byte)
	if !ok {
		var err error
		if raw, err = json.Marshal(doc); err != nil {
			return nil, err
		}
	}
	x, err := schema.DecodeJSON(raw)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(plainNumbers(x)); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func plainNumbers(x any) any {
	switch x := x.(type) {
	case map[string]any:
		for k, v := range x {
			x[k] = plainNumbers(v)
		}
	case []any:
		for i, v := range x {
			x[i] = plainNumbers(v)
		}
	case json.Number:
		if strings.ContainsAny(string(x), "eE.-") {
			if d, err := decimal.NewFromString(string(x)); err == nil {
				return json.Number(d.String())
			}
		}
	}
	return x
}

func hash(body []byte) string {
	h := sha256.Sum256(body)
	return hex.EncodeToString(h[:])
}

// sortDocs puts documents into the order in which they are listed.
func sortDocs(rows []store.DocRow) {
	sort.SliceStable(rows, func(i, j int) bool {
		a, b := rows[i], rows[j]
		if x, y := kindRank(a.Kind), kindRank(b.Kind); x != y {
			return x < y
		}
		if a.Position != b.Position {
			return a.Position < b.Position
		}
		return a.ID < b.ID
	})
}

// freshIDs gives ids to the new parts of a document. Ids derived from keys, as
// Normalize makes them, are for whole apps only: here a key may have had
// another owner before.
func freshIDs(doc any, newID func() string) {
	freshID := func(prefix string) string { return schema.DerivedID(prefix, newID()) }
	var fields func(prefix string, fs []*schema.Field)
	fields = func(prefix string, fs []*schema.Field) {
		for _, f := range fs {
			if f.ID == "" {
				f.ID = freshID(prefix)
			}
			fields(prefix, f.Fields)
		}
	}
	switch d := doc.(type) {
	case *schema.Entity:
		fields("fld_", d.Fields)
		for _, c := range d.Checks {
			if c.ID == "" {
				c.ID = freshID("chk_")
			}
		}
	case *schema.Form:
		for _, r := range d.Rules {
			if r.ID == "" {
				r.ID = freshID("dsp_")
			}
		}
	case *schema.Dashboard:
		for _, w := range d.Widgets {
			if w.ID == "" {
				w.ID = freshID("wid_")
			}
		}
		for _, f := range d.Filters {
			if f.ID == "" {
				f.ID = freshID("flt_")
			}
		}
	case *schema.Rule:
		fields("inp_", d.Trigger.Inputs)
	case *schema.Info:
		var menu func(items []*schema.MenuItem)
		menu = func(items []*schema.MenuItem) {
			for _, m := range items {
				if m.ID == "" {
					m.ID = freshID("mnu_")
				}
				menu(m.Items)
			}
		}
		menu(d.Menu)
	}
}

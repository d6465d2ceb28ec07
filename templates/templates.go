// Package templates ships apps as files: definitions, import mappings, a guide
// and a generator of sample data.
//
// A template is a folder of JSON documents in the words of package schema.
// Documents refer to each other by key. A file named <key>.json defines a
// document; <key>.<module>.json adds to it (fields to an entity, grants to a
// role, tabs to a form, items to the menu), so that a module is added by files
// alone. Open merges them into one schema.App.
//
// To add a template: a folder beside this file, its name in the embed line
// and, if it has sample data, its generator in generators.
package templates

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"
	"time"

	"tenon/schema"
	"tenon/schema/fault"
	crm "tenon/templates/crm_lifecycle"
	"tenon/templates/sample"
)

//go:embed crm_lifecycle/*.json crm_lifecycle/*.md crm_lifecycle/*/*.json
var files embed.FS

// generators make the sample data of the templates that have any.
var generators = map[string]func(day time.Time, locale string) *sample.Data{
	"crm_lifecycle": crm.Sample,
}

// Manifest is what a template says about itself.
type Manifest struct {
	Name        string        `json:"name"`
	Version     string        `json:"version"`
	Title       schema.Text   `json:"title"`
	Description schema.Text   `json:"description"`
	Category    string        `json:"category"`
	Icon        string        `json:"icon"`
	Hue         string        `json:"hue" enum:"gray red orange amber lime green jade cyan blue indigo violet pink"`
	Locales     []string      `json:"locales"`
	Modules     []Module      `json:"modules"`
	Highlights  []schema.Text `json:"highlights"`
	Sample      bool          `json:"sample"` // has sample data
}

// Module is a part of a template that is its own set of files.
type Module struct {
	Key  string      `json:"key"`
	Name schema.Text `json:"name"`
	Help schema.Text `json:"help"`
}

// Import is a ready mapping of a known file onto an entity.
type Import struct {
	Key      string            `json:"key"`
	Name     schema.Text       `json:"name"`
	Help     schema.Text       `json:"help"`
	Entity   string            `json:"entity"`
	Match    []string          `json:"match"`          // fields that recognise a record seen before
	Rows     map[string]string `json:"rows,omitempty"` // only rows with these values are taken
	Columns  []ImportColumn    `json:"columns"`
	Examples []string          `json:"examples,omitempty"` // names of the files it was made for
}

// ImportColumn says where one field's values come from: a column of the file
// or a text made of columns, such as "Lead {Lead Number}".
type ImportColumn struct {
	Field  string            `json:"field"`
	Column string            `json:"column,omitempty"`
	Text   string            `json:"text,omitempty"`
	Values map[string]string `json:"values,omitempty"` // value in the file → value taken; "" means blank
	Blank  string            `json:"blank,omitempty"`  // taken when the cell is blank
	Factor float64           `json:"factor,omitempty"` // numbers are multiplied by it
	Find   []string          `json:"find,omitempty"`   // links, members: the fields of the target that the value is compared with, in order
	Create bool              `json:"create,omitempty"` // links, members: make what is not found, with the value in all of Find
}

// Template is an opened template: the app with keys in place of ids, ready for
// schema.Normalize.
type Template struct {
	Manifest
	App     *schema.App
	Imports []*Import
	Guide   string // README.md
}

// ErrUnknown is returned for a template that does not exist.
var ErrUnknown = fault.Define(fault.NotFound, "template.unknown", "没有名为“{name}”的模板", "there is no template called \"{name}\"")

// List returns the manifests of all templates, sorted by name.
func List() []Manifest {
	dirs, err := files.ReadDir(".")
	if err != nil {
		panic(fmt.Sprintf("templates: %v", err)) // the files are part of the program
	}
	var out []Manifest
	for _, d := range dirs {
		m, err := manifest(d.Name())
		if err != nil {
			panic(fmt.Sprintf("templates: %s: %v", d.Name(), err))
		}
		out = append(out, m)
	}
	return out
}

// Open reads a template. Every call returns documents of its own, which the
// caller may change.
func Open(name string) (*Template, error) {
	if st, err := fs.Stat(files, name); err != nil || !st.IsDir() || strings.ContainsAny(name, "/.") {
		return nil, ErrUnknown.With("name", name)
	}
	m, err := manifest(name)
	if err != nil {
		return nil, err
	}
	t := &Template{Manifest: m, App: &schema.App{}}
	for _, r := range []struct {
		dir  string
		read func(file string) error
	}{
		{".", t.info}, {"entities", t.entity}, {"forms", t.forms}, {"views", t.views},
		{"dashboards", t.dashboard}, {"rules", t.rule}, {"roles", t.role}, {"imports", t.mapping},
	} {
		for _, f := range documents(path.Join(name, r.dir)) {
			if err := r.read(f); err != nil {
				return nil, fmt.Errorf("%s: %w", f, err)
			}
		}
	}
	t.App.Info.Origin = &schema.Origin{Template: m.Name, Version: m.Version}
	guide, err := files.ReadFile(path.Join(name, "README.md"))
	if err != nil {
		return nil, err
	}
	t.Guide = string(guide)
	return t, nil
}

// languageParam is the setting by which the rules of a template choose the
// language of what they write into records.
const languageParam = "text_language"

// Speak sets the language in which the app's rules will write.
func (t *Template) Speak(locale string) {
	for _, p := range t.App.Info.Params {
		if p.Key == languageParam {
			p.Value = json.RawMessage(strconv.Quote(locale))
		}
	}
}

// Seed returns the records that the app needs from the first day, such as lead
// channels and message templates, with texts in the language of the locale.
// Sample data may link to them by local id.
func (t *Template) Seed(locale string) (*sample.Data, error) {
	d := &sample.Data{}
	for _, f := range documents(path.Join(t.Name, "seed")) {
		var x struct {
			Entity  string `json:"entity"`
			Records []struct {
				ID     string                     `json:"id"`
				Values map[string]json.RawMessage `json:"values"`
			} `json:"records"`
		}
		if err := read(f, &x); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		b := sample.Batch{Entity: x.Entity}
		for _, r := range x.Records {
			values := make(map[string]any, len(r.Values))
			for k, raw := range r.Values {
				var err error
				if values[k], err = seedValue(raw, locale); err != nil {
					return nil, fmt.Errorf("%s: %s.%s: %w", f, r.ID, k, err)
				}
			}
			b.Records = append(b.Records, sample.Record{ID: r.ID, Values: values})
		}
		d.Batches = append(d.Batches, b)
	}
	return d, nil
}

// seedValue reads a text (in one or two languages), a number or a boolean.
func seedValue(raw json.RawMessage, locale string) (any, error) {
	var t schema.Text
	if len(raw) > 0 && (raw[0] == '"' || raw[0] == '{') {
		if err := json.Unmarshal(raw, &t); err != nil {
			return nil, err
		}
		return t.In(locale), nil
	}
	var v any
	err := json.Unmarshal(raw, &v)
	return v, err
}

// Data makes the template's sample data as of a day, with names in the
// language of the locale; nil when the template has none.
func (t *Template) Data(day time.Time, locale string) *sample.Data {
	if g := generators[t.Name]; g != nil {
		return g(day, locale)
	}
	return nil
}

func manifest(name string) (Manifest, error) {
	var m Manifest
	err := read(path.Join(name, "template.json"), &m)
	return m, err
}

// documents lists the JSON files of a folder, a document before its additions.
func documents(dir string) []string {
	entries, err := files.ReadDir(dir)
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".json") && e.Name() != "template.json" {
			out = append(out, path.Join(dir, e.Name()))
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return !addition(out[i]) && addition(out[j]) })
	return out
}

// addition reports whether a file adds to a document: <key>.<module>.json.
func addition(file string) bool { return strings.Count(path.Base(file), ".") > 1 }

// read decodes one file strictly: a misspelt property is an error.
func read(file string, into any) error {
	b, err := files.ReadFile(file)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("more than one JSON value")
	}
	return nil
}

func missing(what, key string) error {
	return fmt.Errorf("adds to %s %q, which does not exist", what, key)
}

func (t *Template) info(file string) error {
	if !addition(file) {
		return read(file, &t.App.Info)
	}
	var x schema.Info
	if err := read(file, &x); err != nil {
		return err
	}
	i := &t.App.Info
	i.Menu = mergeMenu(i.Menu, x.Menu)
	i.Params = append(i.Params, x.Params...)
	i.Checklist = append(i.Checklist, x.Checklist...)
	i.LightMenu = append(i.LightMenu, x.LightMenu...)
	for role, item := range x.Home {
		if i.Home == nil {
			i.Home = map[string]string{}
		}
		i.Home[role] = item
	}
	return nil
}

// mergeMenu appends items, those of a group that exists into that group.
func mergeMenu(have, more []*schema.MenuItem) []*schema.MenuItem {
next:
	for _, m := range more {
		for _, h := range have {
			if h.ID == m.ID && len(m.Items) > 0 {
				h.Items = mergeMenu(h.Items, m.Items)
				continue next
			}
		}
		have = append(have, m)
	}
	return have
}

func (t *Template) entity(file string) error {
	var x schema.Entity
	if err := read(file, &x); err != nil {
		return err
	}
	if !addition(file) {
		t.App.Entities = append(t.App.Entities, &x)
		return nil
	}
	for _, e := range t.App.Entities {
		if e.Key == x.Key {
			e.Fields = append(e.Fields, x.Fields...)
			e.Checks = append(e.Checks, x.Checks...)
			e.Indexes = append(e.Indexes, x.Indexes...)
			return nil
		}
	}
	return missing("entity", x.Key)
}

func (t *Template) forms(file string) error {
	var xs []*schema.Form
	if err := read(file, &xs); err != nil {
		return err
	}
	if !addition(file) {
		t.App.Forms = append(t.App.Forms, xs...)
		return nil
	}
next:
	for _, x := range xs {
		for _, f := range t.App.Forms {
			if f.Entity == x.Entity && f.Key == x.Key {
				f.Layout = mergeLayout(f.Layout, x.Layout)
				f.Rules = append(f.Rules, x.Rules...)
				continue next
			}
		}
		return missing("form", x.Entity+"."+x.Key)
	}
	return nil
}

// mergeLayout appends nodes; added tabs join the tabs that are there.
func mergeLayout(have, more []*schema.Node) []*schema.Node {
	for _, n := range more {
		if k := len(have) - 1; k >= 0 && n.Type == "tabs" && have[k].Type == "tabs" {
			have[k].Tabs = append(have[k].Tabs, n.Tabs...)
			continue
		}
		have = append(have, n)
	}
	return have
}

func (t *Template) views(file string) error {
	var xs []*schema.View
	if err := read(file, &xs); err != nil {
		return err
	}
	t.App.Views = append(t.App.Views, xs...)
	return nil
}

func (t *Template) dashboard(file string) error {
	var x schema.Dashboard
	if err := read(file, &x); err != nil {
		return err
	}
	if !addition(file) {
		t.App.Dashboards = append(t.App.Dashboards, &x)
		return nil
	}
	for _, d := range t.App.Dashboards {
		if d.Key == x.Key {
			d.Widgets = append(d.Widgets, x.Widgets...)
			d.Filters = append(d.Filters, x.Filters...)
			d.Phone = append(d.Phone, x.Phone...)
			return nil
		}
	}
	return missing("dashboard", x.Key)
}

func (t *Template) rule(file string) error {
	var x schema.Rule
	if err := read(file, &x); err != nil {
		return err
	}
	t.App.Rules = append(t.App.Rules, &x)
	return nil
}

func (t *Template) role(file string) error {
	var x schema.Role
	if err := read(file, &x); err != nil {
		return err
	}
	if !addition(file) {
		t.App.Roles = append(t.App.Roles, &x)
		return nil
	}
	for _, r := range t.App.Roles {
		if r.Key == x.Key {
			r.Grants = append(r.Grants, x.Grants...)
			return nil
		}
	}
	return missing("role", x.Key)
}

func (t *Template) mapping(file string) error {
	var x Import
	if err := read(file, &x); err != nil {
		return err
	}
	t.Imports = append(t.Imports, &x)
	return nil
}

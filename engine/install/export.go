package install

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"regexp"
	"strconv"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/definition"
	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/field"
	"tenon/schema/value"
)

// format names the layout of exported files.
const format = "tenon-app/1"

// Manifest is the first file of an exported app: what is in the others.
type Manifest struct {
	Format    string         `json:"format"`
	Key       string         `json:"key"`
	Name      schema.Text    `json:"name"`
	Icon      string         `json:"icon,omitempty"`
	Hue       string         `json:"hue,omitempty"`
	Origin    *schema.Origin `json:"origin,omitempty"`
	Light     bool           `json:"light,omitempty"`
	Documents []Document     `json:"documents"`      // in their order
	Data      []Table        `json:"data,omitempty"` // records, where they are part of the export
}

// Document is one definition document.
type Document struct {
	Kind schema.DocKind `json:"kind"`
	ID   string         `json:"id"`
	File string         `json:"file"`
}

// Table is the file with the records of one entity.
type Table struct {
	Entity string `json:"entity"` // key
	File   string `json:"file"`
	Count  int    `json:"count"`
}

// Files beside the documents.
const (
	manifestFile    = "manifest.json"
	settingsFile    = "settings.json"
	membersFile     = "data/members.ndjson"
	departmentsFile = "data/departments.ndjson"
	sequencesFile   = "data/sequences.json"
)

// settings are what belongs to an app and is not part of a version.
type settings struct {
	Params map[string]json.RawMessage `json:"params,omitempty"`
	Rules  map[string]bool            `json:"rules,omitempty"` // switched by hand
}

// Export writes an app as a zip of files: every definition document of the
// published version as readable JSON, and with data every record as well. Two
// exports of the same definitions are equal bytes. The caller has made sure
// that whoever asks may have all of it.
func Export(ctx context.Context, e *engine.Engine, appID string, data bool, w io.Writer, progress Progress) error {
	snap, err := e.Defs.At(ctx, appID)
	if err != nil {
		return err
	}
	app := snap.App
	if snap.Version == 0 {
		if app, _, err = e.Defs.Draft(ctx, appID); err != nil {
			return err
		}
	}
	x := &exporter{ctx: ctx, e: e, snap: snap, zip: zip.NewWriter(w), taken: map[string]bool{}, progress: progress}
	x.manifest = Manifest{Format: format, Key: app.Info.Key, Name: app.Info.Name, Icon: app.Info.Icon, Hue: app.Info.Hue, Origin: app.Info.Origin, Light: snap.Light, Documents: []Document{}}
	docs := x.documents(app)
	if data {
		if err := x.count(); err != nil {
			return err
		}
	}
	if err := x.put(manifestFile, x.manifest); err != nil {
		return err
	}
	for i, d := range docs {
		if err := x.put(x.manifest.Documents[i].File, d); err != nil {
			return err
		}
	}
	if err := x.settings(); err != nil {
		return err
	}
	if data {
		if err := x.data(); err != nil {
			return err
		}
	}
	return x.zip.Close()
}

type exporter struct {
	ctx      context.Context
	e        *engine.Engine
	snap     *definition.Snapshot
	zip      *zip.Writer
	manifest Manifest
	taken    map[string]bool
	progress Progress
}

// put writes a file of readable JSON.
func (x *exporter) put(file string, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	f, err := x.zip.Create(file)
	if err == nil {
		_, err = f.Write(b.Bytes())
	}
	return err
}

// documents lists the documents of an app and names their files.
func (x *exporter) documents(app *schema.App) []any {
	keys := map[string]string{}
	for _, e := range app.Entities {
		keys[e.ID] = e.Key
	}
	var out []any
	add := func(kind schema.DocKind, folder, id, name string, doc any) {
		x.manifest.Documents = append(x.manifest.Documents, Document{Kind: kind, ID: id, File: x.file(folder, name, id)})
		out = append(out, doc)
	}
	add(schema.DocApp, "", app.Info.ID, "app", app.Info)
	for _, d := range app.Entities {
		add(schema.DocEntity, "entities/", d.ID, d.Key, d)
	}
	for _, d := range app.Forms {
		add(schema.DocForm, "forms/", d.ID, keys[d.Entity]+"."+d.Key, d)
	}
	for _, d := range app.Views {
		add(schema.DocView, "views/", d.ID, keys[d.Entity]+"."+d.Key, d)
	}
	for _, d := range app.Dashboards {
		add(schema.DocDashboard, "dashboards/", d.ID, d.Key, d)
	}
	for _, d := range app.Rules {
		add(schema.DocRule, "rules/", d.ID, d.Key, d)
	}
	for _, d := range app.Roles {
		add(schema.DocRole, "roles/", d.ID, d.Key, d)
	}
	return out
}

var fileName = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)?$`)

// file names a file after a key, or after the id where the key will not do.
func (x *exporter) file(folder, name, id string) string {
	if !fileName.MatchString(name) || x.taken[folder+name] {
		name = id
	}
	x.taken[folder+name] = true
	return folder + name + ".json"
}

func (x *exporter) settings() error {
	res, err := x.e.DB.Read(x.ctx, store.ReadParams(x.snap.AppID), store.ReadSwitches(x.snap.AppID))
	if err != nil {
		return err
	}
	s := settings{Params: map[string]json.RawMessage{}, Rules: map[string]bool{}}
	for _, row := range res[0].Rows {
		s.Params[string(row[0])] = row[1]
	}
	for _, row := range res[1].Rows {
		s.Rules[string(row[0])] = string(row[1]) == "t"
	}
	if len(s.Params)+len(s.Rules) == 0 {
		return nil
	}
	return x.put(settingsFile, s)
}

// count lists the tables that will be written.
func (x *exporter) count() error {
	var stmts []store.Stmt
	for _, ent := range x.snap.Entities {
		stmts = append(stmts, store.CountLive(ent.Schema, ent.Table))
	}
	if len(stmts) == 0 {
		return nil
	}
	res, err := x.e.DB.Read(x.ctx, stmts...)
	if err != nil {
		return err
	}
	for i, ent := range x.snap.Entities {
		x.manifest.Data = append(x.manifest.Data, Table{Entity: ent.Key(), File: "data/" + ent.Key() + ".ndjson", Count: int(res[i].Int(0))})
	}
	return nil
}

// data writes records and the people they name.
func (x *exporter) data() error {
	people := map[string]bool{}
	done, total := 0, 0
	for _, t := range x.manifest.Data {
		total += t.Count
	}
	s, err := x.e.Reader(x.ctx, access.System(x.snap.WorkspaceID), x.snap.AppID)
	if err != nil {
		return err
	}
	for _, t := range x.manifest.Data {
		ent := s.Snap.Entity(t.Entity)
		if ent == nil {
			continue // published away meanwhile
		}
		f, err := x.zip.Create(t.File)
		if err != nil {
			return err
		}
		for after := ""; ; {
			// A session remembers what it has read, so each page has its own.
			if s, err = x.e.Reader(x.ctx, access.System(x.snap.WorkspaceID), x.snap.AppID); err != nil {
				return err
			}
			res, err := s.Do(store.OrderedPage(ent.Schema, ent.Table, after, chunk))
			if err != nil {
				return err
			}
			ids := make([]string, len(res[0].Rows))
			for i, row := range res[0].Rows {
				ids[i] = string(row[0])
			}
			if len(ids) == 0 {
				break
			}
			after = ids[len(ids)-1]
			recs, err := s.Load(ent, ids, "")
			if err != nil {
				return err
			}
			for _, r := range recs {
				if _, err := f.Write(append(recordLine(ent, r, people), '\n')); err != nil {
					return err
				}
			}
			done += len(ids)
			if x.progress != nil {
				stop, err := x.progress(done, max(done, total))
				if err != nil {
					return err
				}
				if stop {
					return context.Canceled
				}
			}
		}
	}
	return x.people(people)
}

// recordLine writes a record as one line: what people entered and what was
// given once; computed values follow from it.
func recordLine(ent *schema.EntityModel, r *record.Record, people map[string]bool) []byte {
	b := append([]byte(`{"id":"`), r.ID()...)
	b = append(b, '"')
	put := func(f *schema.FieldModel, v value.Value) {
		if v.IsNull() || f.Traits.Computed || f.Traits.HoldsFile {
			return
		}
		b = append(value.AppendJSONString(append(b, ','), f.Key()), ':')
		b = v.AppendJSON(b)
		notePeople(f, v, people)
	}
	for _, key := range []string{"created_at", "created_by", "updated_at", "updated_by", "owner"} {
		put(ent.Field(key), r.ByRef(key))
	}
	for _, f := range ent.Fields {
		v := r.Get(f)
		if f.Sub == nil {
			put(f, v)
			continue
		}
		if len(v.Rows()) == 0 {
			continue
		}
		b = append(value.AppendJSONString(append(b, ','), f.Key()), ":["...)
		for i, row := range v.Rows() {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, '{')
			first := true
			for _, c := range f.Sub.Fields {
				cell := row.Values[c.Key()]
				if cell.IsNull() || c.Traits.Computed || c.Traits.HoldsFile {
					continue
				}
				if !first {
					b = append(b, ',')
				}
				first = false
				b = append(value.AppendJSONString(b, c.Key()), ':')
				b = cell.AppendJSON(b)
				notePeople(c, cell, people)
			}
			b = append(b, '}')
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

func notePeople(f *schema.FieldModel, v value.Value, people map[string]bool) {
	if !f.Traits.HoldsUser && !f.Traits.HoldsDept {
		return
	}
	if v.Kind() != value.List {
		people[v.Text()] = true
		return
	}
	for _, x := range v.List() {
		people[x.Text()] = true
	}
}

// person and unit are lines of the files of people.
type person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
}

type unit struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"`
}

// sequence is how far the numbers of a serial field have come.
type sequence struct {
	Field  string `json:"field"`
	Period string `json:"period,omitempty"`
	Next   int64  `json:"next"`
}

func (x *exporter) people(used map[string]bool) error {
	cold := x.e.DB.Cold(x.ctx)
	members, err := store.Find[store.Member](cold, store.Match{"workspace_id": x.snap.WorkspaceID}, "created_at", "id")
	if err != nil {
		return err
	}
	departments, err := store.Find[store.Department](cold, store.Match{"workspace_id": x.snap.WorkspaceID}, "position", "name", "id")
	if err != nil {
		return err
	}
	var lines []any
	for _, m := range members {
		if used[m.ID] {
			lines = append(lines, person{m.ID, m.Name, m.Email})
		}
	}
	if err := x.lines(membersFile, lines); err != nil {
		return err
	}
	// The departments above those that are used tell equal names apart.
	above := map[string]string{}
	for _, d := range departments {
		above[d.ID] = string(d.ParentID)
	}
	for id := range used {
		for n := 0; above[id] != "" && n < 50; n++ {
			id = above[id]
			used[id] = true
		}
	}
	lines = nil
	for _, d := range departments {
		if used[d.ID] {
			lines = append(lines, unit{d.ID, d.Name, string(d.ParentID)})
		}
	}
	if err := x.lines(departmentsFile, lines); err != nil {
		return err
	}
	res, err := x.e.DB.Read(x.ctx, store.Sequences(x.snap.AppID))
	if err != nil {
		return err
	}
	seqs := []sequence{}
	for _, row := range res[0].Rows {
		n, err := strconv.ParseInt(string(row[2]), 10, 64)
		if err != nil {
			return err
		}
		seqs = append(seqs, sequence{string(row[0]), string(row[1]), n})
	}
	return x.put(sequencesFile, seqs)
}

func (x *exporter) lines(file string, lines []any) error {
	f, err := x.zip.Create(file)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(f)
	enc.SetEscapeHTML(false)
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

// movable reports whether a field's values travel with an export.
func movable(f *schema.FieldModel) bool {
	return f != nil && !f.Traits.Computed && !f.Traits.HoldsFile && (f.Storage != field.Virtual || f.Sub != nil)
}

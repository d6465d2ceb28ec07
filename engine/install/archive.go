package install

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/definition"
	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Limits of an archive that somebody sends.
const (
	maxDocument = 16 << 20
	maxLine     = 16 << 20
	maxFiles    = 20_000
)

// Archive is an exported app, opened.
type Archive struct {
	Manifest
	files map[string]*zip.File
}

// OpenArchive reads what Export wrote. Nothing is installed yet.
func OpenArchive(r io.ReaderAt, size int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, ErrFile.With("detail", "zip").Because(err)
	}
	if len(z.File) > maxFiles {
		return nil, ErrFile.With("detail", "zip")
	}
	a := &Archive{files: map[string]*zip.File{}}
	for _, f := range z.File {
		a.files[f.Name] = f
	}
	if err := a.read(manifestFile, &a.Manifest); err != nil {
		return nil, err
	}
	if a.Format != format {
		return nil, ErrFile.With("detail", "format "+a.Format)
	}
	return a, nil
}

// bytes reads a whole small file.
func (a *Archive) bytes(name string) ([]byte, error) {
	f := a.files[name]
	if f == nil || f.UncompressedSize64 > maxDocument {
		return nil, ErrFile.With("detail", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, ErrFile.With("detail", name).Because(err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxDocument))
	if err != nil {
		return nil, ErrFile.With("detail", name).Because(err)
	}
	return b, nil
}

// read decodes a file; properties that nobody knows are refused.
func (a *Archive) read(name string, into any) error {
	b, err := a.bytes(name)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return ErrFile.With("detail", name+": "+err.Error()).Because(err)
	}
	return nil
}

// App assembles the definition.
func (a *Archive) App() (*schema.App, error) {
	app := &schema.App{}
	for _, d := range a.Documents {
		var err error
		switch d.Kind {
		case schema.DocApp:
			err = a.read(d.File, &app.Info)
		case schema.DocEntity:
			app.Entities, err = next(a, app.Entities, d.File)
		case schema.DocForm:
			app.Forms, err = next(a, app.Forms, d.File)
		case schema.DocView:
			app.Views, err = next(a, app.Views, d.File)
		case schema.DocDashboard:
			app.Dashboards, err = next(a, app.Dashboards, d.File)
		case schema.DocRule:
			app.Rules, err = next(a, app.Rules, d.File)
		case schema.DocRole:
			app.Roles, err = next(a, app.Roles, d.File)
		default:
			err = ErrFile.With("detail", string(d.Kind))
		}
		if err != nil {
			return nil, err
		}
	}
	if app.Info.Key == "" {
		return nil, ErrFile.With("detail", "app")
	}
	return app, nil
}

func next[T any](a *Archive, l []*T, file string) ([]*T, error) {
	x := new(T)
	err := a.read(file, x)
	return append(l, x), err
}

// Install makes the app in a workspace, without its records; Load brings them.
func (a *Archive) Install(ctx context.Context, e *engine.Engine, actor *access.Actor, workspaceID string, o Options) (string, error) {
	app, err := a.App()
	if err != nil {
		return "", err
	}
	o.Light = o.Light || a.Light
	appID, err := create(ctx, e, actor, workspaceID, app, o)
	if err != nil {
		return "", err
	}
	if a.files[settingsFile] == nil {
		return appID, nil
	}
	var s settings
	if err = a.read(settingsFile, &s); err == nil && len(s.Params) > 0 {
		err = e.Defs.SetParams(ctx, appID, s.Params)
	}
	for _, id := range sorted(s.Rules) {
		if err == nil {
			err = e.Defs.SetRule(ctx, appID, id, s.Rules[id])
		}
	}
	if err != nil {
		return "", abandon(ctx, e, appID, err)
	}
	return appID, nil
}

// Report says what Load brought in, and what not.
type Report struct {
	Records   int       `json:"records"`
	Members   int       `json:"members"` // added as people without accounts
	Links     int       `json:"links"`   // left out: their targets are not there
	Refused   []Refusal `json:"refused"` // the first of them
	Skipped   int       `json:"skipped"` // records refused in all
	Stopped   bool      `json:"stopped"`
	Completed time.Time `json:"completed"`
}

// Refusal is a record that was refused.
type Refusal struct {
	Entity string     `json:"entity"`
	ID     string     `json:"id"` // in the export
	Faults fault.List `json:"-"`
	Errors []string   `json:"errors"`
}

// maxRefusals bounds how many refusals are listed.
const maxRefusals = 100

// Load brings the records of an archive into the app that was made of it. They
// get new ids; members are recognised by address, else by name, and added as
// people without accounts where the workspace does not know them. Files are no
// part of an archive.
func (a *Archive) Load(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string, progress Progress) (*Report, error) {
	snap, err := e.Defs.At(ctx, appID)
	if err != nil {
		return nil, err
	}
	m := &mover{ctx: ctx, e: e, a: a, actor: actor, snap: snap, progress: progress, people: map[string]string{}, later: map[string]bool{}, out: &Report{Refused: []Refusal{}}}
	for _, t := range a.Data {
		m.total += t.Count
	}
	m.total *= 2 // records, then what points ahead
	for _, step := range []func() error{m.departments, m.members, m.records, m.sequences} {
		if err := step(); err != nil {
			return m.out, err
		}
		if m.out.Stopped {
			break
		}
	}
	m.out.Completed = e.Now()
	return m.out, nil
}

type mover struct {
	ctx         context.Context
	e           *engine.Engine
	a           *Archive
	actor       *access.Actor
	snap        *definition.Snapshot
	progress    Progress
	people      map[string]string // id in the archive → id here, "" for nobody
	later       map[string]bool   // records here whose links had to wait
	done, total int
	out         *Report
}

// each visits the lines of a file.
func (m *mover) each(name string, visit func(line []byte) error) error {
	f := m.a.files[name]
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return ErrFile.With("detail", name).Because(err)
	}
	defer r.Close()
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 64<<10), maxLine)
	for sc.Scan() {
		if len(bytes.TrimSpace(sc.Bytes())) == 0 {
			continue
		}
		if err := visit(sc.Bytes()); err != nil {
			return err
		}
	}
	if sc.Err() != nil {
		return ErrFile.With("detail", name).Because(sc.Err())
	}
	return nil
}

func (m *mover) members() error {
	res, err := m.e.DB.Read(m.ctx, store.PeopleNamed(m.snap.WorkspaceID))
	if err != nil {
		return err
	}
	byEmail, byName, byID := map[string]string{}, map[string]string{}, map[string]bool{}
	for _, row := range res[0].Rows {
		id := string(row[0])
		byID[id] = true
		if n := string(row[1]); byName[n] == "" {
			byName[n] = id
		}
		if n := strings.ToLower(string(row[2])); n != "" && byEmail[n] == "" {
			byEmail[n] = id
		}
	}
	return m.each(membersFile, func(line []byte) error {
		var p person
		if err := json.Unmarshal(line, &p); err != nil || !isID(p.ID) || p.Name == "" || len(p.Name) > 400 || len(p.Email) > 254 {
			return ErrFile.With("detail", membersFile)
		}
		id := byEmail[strings.ToLower(p.Email)]
		if id == "" {
			id = byName[p.Name]
		}
		if byID[p.ID] { // the same workspace
			id = p.ID
		}
		if id == "" {
			id = m.e.NewID()
			if err := m.e.DB.InTx(m.ctx, func(tx *store.Tx) error {
				_, err := tx.Do(m.ctx, store.InsertPlaceholder(id, m.snap.WorkspaceID, p.Name, p.Email, "", m.e.Now())...)
				return err
			}); err != nil {
				return err
			}
			byName[p.Name] = id
			m.out.Members++
		}
		m.people[p.ID] = id
		return nil
	})
}

func (m *mover) departments() error {
	cold := m.e.DB.Cold(m.ctx)
	have, err := store.Find[store.Department](cold, store.Match{"workspace_id": m.snap.WorkspaceID}, "position", "name", "id")
	if err != nil {
		return err
	}
	byName, byID := map[string]string{}, map[string]bool{} // parent + name → id
	for _, d := range have {
		byID[d.ID] = true
		if k := string(d.ParentID) + "\x00" + d.Name; byName[k] == "" {
			byName[k] = d.ID
		}
	}
	units := map[string]unit{}
	var order []string
	if err := m.each(departmentsFile, func(line []byte) error {
		var u unit
		if err := json.Unmarshal(line, &u); err != nil || !isID(u.ID) || u.Name == "" || len(u.Name) > 400 {
			return ErrFile.With("detail", departmentsFile)
		}
		units[u.ID] = u
		order = append(order, u.ID)
		return nil
	}); err != nil {
		return err
	}
	var place func(id string, depth int) (string, error)
	place = func(id string, depth int) (string, error) {
		if id == "" || m.people[id] != "" {
			return m.people[id], nil
		}
		u, ok := units[id]
		if !ok || depth > 50 {
			return "", nil
		}
		if byID[id] {
			m.people[id] = id
			return id, nil
		}
		parent, err := place(u.Parent, depth+1)
		if err != nil {
			return "", err
		}
		k := parent + "\x00" + u.Name
		if byName[k] == "" {
			d := store.Department{ID: m.e.NewID(), WorkspaceID: m.snap.WorkspaceID, ParentID: store.ID(parent), Name: u.Name}
			if err := store.Insert(cold, d); err != nil {
				return "", err
			}
			byName[k] = d.ID
		}
		m.people[id] = byName[k]
		return byName[k], nil
	}
	for _, id := range order {
		if _, err := place(id, 0); err != nil {
			return err
		}
	}
	return nil
}

// line is a record of an archive.
type line struct {
	id     string // in the archive
	values map[string]any
}

// records brings the records in, entity by entity, and then the links that
// point to records which came later.
func (m *mover) records() error {
	tables := m.order()
	for _, second := range []bool{false, true} {
		for _, t := range tables {
			ent := m.snap.Entity(t.Entity)
			if second && !slices.ContainsFunc(ent.Fields, pointing) {
				m.done += t.Count
				continue
			}
			var part []line
			flush := func() error {
				if len(part) == 0 || m.out.Stopped {
					return nil
				}
				err := m.part(ent, part, second)
				part = part[:0]
				return err
			}
			err := m.each(t.File, func(raw []byte) error {
				x, err := schema.DecodeJSON(raw)
				v, ok := x.(map[string]any)
				id, _ := v["id"].(string)
				if err != nil || !ok || !isID(id) {
					return ErrFile.With("detail", t.File)
				}
				if part = append(part, line{id, v}); len(part) < chunk {
					return nil
				}
				return flush()
			})
			if err == nil {
				err = flush()
			}
			if err != nil || m.out.Stopped {
				return err
			}
		}
	}
	return nil
}

// pointing reports whether a field, or a column of it, points to records.
func pointing(f *schema.FieldModel) bool {
	return f.Target != nil && f.Link != nil || f.Sub != nil && slices.ContainsFunc(f.Sub.Fields, pointing)
}

// order puts entities behind those that they must link to, and of what is left
// to choose those first that wait for the fewest others.
func (m *mover) order() []Table {
	left := map[*schema.EntityModel]Table{}
	for _, t := range m.a.Data {
		if ent := m.snap.Entity(t.Entity); ent != nil && left[ent].File == "" {
			left[ent] = t
		}
	}
	waits := func(ent *schema.EntityModel) (must, may int) {
		for _, f := range ent.Fields {
			if f.Target == nil || f.Link == nil || f.Target == ent || left[f.Target].File == "" {
				continue
			}
			if f.Def.Required {
				must++
			} else {
				may++
			}
		}
		return must, may
	}
	out := make([]Table, 0, len(left))
	for len(left) > 0 {
		var next *schema.EntityModel
		least := [2]int{}
		for _, ent := range m.snap.Entities {
			if left[ent].File == "" {
				continue
			}
			must, may := waits(ent)
			if next == nil || must < least[0] || must == least[0] && may < least[1] {
				next, least = ent, [2]int{must, may}
			}
		}
		out = append(out, left[next])
		delete(left, next)
	}
	return out
}

// part writes some records of one entity; the second time only their links.
func (m *mover) part(ent *schema.EntityModel, part []line, second bool) error {
	there, err := m.targets(ent, part)
	if err != nil {
		return err
	}
	var ops []record.Op
	for _, x := range part {
		op := record.Op{Kind: "create", Entity: ent.ID(), ID: m.newID(x.id), Path: x.id}
		if second {
			op.Kind = "update"
		}
		if second && (!m.later[op.ID] || !there[op.ID]) {
			continue
		}
		var missing int
		op.Values, missing = m.values(ent, x.values, there, second)
		if second {
			m.out.Links += missing
		} else if missing > 0 {
			m.later[op.ID] = true
		}
		if !second && there[op.ID] {
			continue // an earlier load made it
		}
		if at, ok := x.values["created_at"].(string); ok {
			if t, err := time.Parse(time.RFC3339Nano, at); err == nil {
				op.CreatedAt = value.OfTime(t)
			}
		}
		if by, ok := x.values["created_by"].(string); ok {
			op.CreatedBy = m.people[by]
		}
		ops = append(ops, op)
	}
	n, err := m.apply(ent, ops)
	if err != nil {
		return err
	}
	if !second {
		m.out.Records += n
	}
	m.done += len(part)
	if m.progress != nil {
		m.out.Stopped, err = m.progress(min(m.done, m.total), m.total)
	}
	return err
}

// apply writes what can be written: a record that is refused is listed and left out.
func (m *mover) apply(ent *schema.EntityModel, ops []record.Op) (int, error) {
	for len(ops) > 0 {
		err := m.e.Run(m.ctx, m.snap.AppID, m.actor, record.Options{NoRules: true, Trusted: true}, func(s *record.Session) error {
			_, err := s.Apply(ops...)
			return err
		})
		if err == nil {
			return len(ops), nil
		}
		if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict || m.ctx.Err() != nil {
			return 0, err
		}
		bad := map[string]fault.List{}
		for _, f := range fault.Of(err) {
			id, rest, _ := strings.Cut(f.Path, "/")
			bad[id] = append(bad[id], f.At(rest))
		}
		keep := slices.DeleteFunc(slices.Clone(ops), func(op record.Op) bool { return bad[op.Path] != nil })
		if len(keep) == len(ops) {
			// Somebody's value is refused by the database, which does not say whose.
			if len(ops) == 1 {
				m.refuse(ent, ops[0].Path, fault.Of(err))
				return 0, nil
			}
			a, err := m.apply(ent, ops[:len(ops)/2])
			if err != nil {
				return a, err
			}
			b, err := m.apply(ent, ops[len(ops)/2:])
			return a + b, err
		}
		for _, op := range ops {
			if bad[op.Path] != nil {
				m.refuse(ent, op.Path, bad[op.Path])
			}
		}
		ops = keep
	}
	return 0, nil
}

func (m *mover) refuse(ent *schema.EntityModel, id string, faults fault.List) {
	m.out.Skipped++
	if len(m.out.Refused) >= maxRefusals {
		return
	}
	r := Refusal{Entity: ent.Key(), ID: id, Faults: faults}
	for _, f := range faults {
		r.Errors = append(r.Errors, strings.Trim(f.Path+": "+f.Text(m.snap.Locale), ": "))
	}
	m.out.Refused = append(m.out.Refused, r)
}

// newID is the id of a record of the archive here: its time stays.
func (m *mover) newID(old string) string {
	b, err := hex.DecodeString(strings.ReplaceAll(old, "-", "")[:12])
	ms := int64(0)
	if err == nil {
		for _, c := range b {
			ms = ms<<8 | int64(c)
		}
	}
	return derivedID(time.UnixMilli(ms), m.snap.AppID, "import", old)
}

// targets finds which of the records that the lines are about or point to are there.
func (m *mover) targets(ent *schema.EntityModel, part []line) (map[string]bool, error) {
	asked := map[*schema.EntityModel]map[string]bool{ent: {}}
	ask := func(f *schema.FieldModel, v any) {
		if asked[f.Target] == nil {
			asked[f.Target] = map[string]bool{}
		}
		for _, id := range idsIn(v) {
			asked[f.Target][m.newID(id)] = true
		}
	}
	for _, x := range part {
		asked[ent][m.newID(x.id)] = true
		for _, f := range ent.Fields {
			switch {
			case f.Sub != nil:
				rows, _ := x.values[f.Key()].([]any)
				for _, row := range rows {
					cells, _ := row.(map[string]any)
					for _, c := range f.Sub.Fields {
						if c.Target != nil && c.Link != nil {
							ask(c, cells[c.Key()])
						}
					}
				}
			case f.Target != nil && f.Link != nil:
				ask(f, x.values[f.Key()])
			}
		}
	}
	there := map[string]bool{}
	for e, ids := range asked {
		if len(ids) == 0 {
			continue
		}
		res, err := m.e.DB.Read(m.ctx, store.SomeRows(e.Schema, e.Table, sorted(ids)))
		if err != nil {
			return nil, err
		}
		for _, row := range res[0].Rows {
			there[string(row[0])] = true
		}
	}
	return there, nil
}

func idsIn(v any) []string {
	switch v := v.(type) {
	case string:
		if isID(v) {
			return []string{v}
		}
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, idsIn(x)...)
		}
		return out
	}
	return nil
}

// values turns the values of a line into those of a record here, the second
// time its links only, and counts the links whose targets are not there.
func (m *mover) values(ent *schema.EntityModel, in map[string]any, there map[string]bool, second bool) (out map[string]any, missing int) {
	out = map[string]any{}
	for key, v := range in {
		f := ent.Field(key)
		if !movable(f) || f.System && f.Key() != "owner" || second && !pointing(f) {
			continue
		}
		if f.Sub == nil {
			out[key] = m.value(f, v, there, &missing)
			continue
		}
		rows, _ := v.([]any)
		list := make([]any, 0, len(rows))
		for _, row := range rows {
			cells, _ := row.(map[string]any)
			x := map[string]any{}
			for k, cell := range cells {
				if c := f.Sub.Field(k); movable(c) && !c.System {
					x[k] = m.value(c, cell, there, &missing)
				}
			}
			list = append(list, x)
		}
		out[key] = list
	}
	return out, missing
}

func (m *mover) value(f *schema.FieldModel, v any, there map[string]bool, missing *int) any {
	points := f.Target != nil && f.Link != nil
	if !points && !f.Traits.HoldsUser && !f.Traits.HoldsDept {
		return v
	}
	here := []any{}
	for _, id := range idsIn(v) {
		to := m.people[id]
		if points {
			if to = m.newID(id); !there[to] {
				*missing++
				to = ""
			}
		}
		if to != "" {
			here = append(here, to)
		}
	}
	if _, several := v.([]any); several {
		return here
	}
	if len(here) == 0 {
		return nil
	}
	return here[0]
}

// sequences lets serial numbers go on behind those that came in.
func (m *mover) sequences() error {
	if m.a.files[sequencesFile] == nil {
		return nil
	}
	var seqs []sequence
	if err := m.a.read(sequencesFile, &seqs); err != nil {
		return err
	}
	known := map[string]bool{}
	for _, ent := range m.snap.Entities {
		for _, f := range ent.Fields {
			known[f.ID()] = f.Serial != nil
		}
	}
	for _, s := range seqs {
		if !known[s.Field] || len(s.Period) > 8 || s.Next < 1 {
			continue
		}
		if _, err := m.e.DB.Read(m.ctx, store.SetSequence(m.snap.AppID, s.Field, s.Period, s.Next)); err != nil {
			return err
		}
	}
	return nil
}

// isID reports whether a text is an id of a record or a person.
func isID(s string) bool {
	v, err := field.ParseRef(s)
	return err == nil && v.Text() == s && s != ""
}

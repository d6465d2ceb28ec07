package transfer

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

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

// Form is a new form made of a table. What is left out is guessed.
type Form struct {
	Name    schema.Text  `json:"name"`
	Key     string       `json:"key,omitempty"`
	Icon    string       `json:"icon,omitempty"`
	Hue     string       `json:"hue,omitempty"`
	Title   string       `json:"title,omitempty"`   // key of the field that names a record
	Columns []FormColumn `json:"columns,omitempty"` // none: every column
}

// FormColumn is one field of a new form and the column that fills it.
type FormColumn struct {
	Column  string          `json:"column"`
	Name    schema.Text     `json:"name"`
	Key     string          `json:"key"`
	Type    string          `json:"type"`
	Options json.RawMessage `json:"options,omitempty" is:"object"`
	Find    []string        `json:"find,omitempty"` // links and members: how texts are found
}

// Made names what NewForm has added.
type Made struct {
	Entity    string  `json:"entity"`
	Key       string  `json:"key"`
	Form      string  `json:"form"`
	View      string  `json:"view"`
	Menu      string  `json:"menu"`    // the menu item
	Pending   bool    `json:"pending"` // the menu has other unpublished changes, so the item waits in the draft
	Version   int     `json:"version"`
	Operation string  `json:"operation"` // for Undo
	Import    *Result `json:"import"`
}

// kindForm marks the operation of a new form, so that its undo removes the
// definitions too.
const kindForm = "form"

// ErrAdmin is returned to those who may not build the app.
var ErrAdmin = fault.Define(fault.Forbidden, "import.builder", "只有应用管理员可以从文件新建表单", "only an administrator of the app can make a form of a file")

// Proposal is a form that would hold a table.
type Proposal struct {
	Form    *Form
	Rows    int
	Preview [][]string // the first rows
}

// ProposeForm guesses a form from a table: the types that every text of a
// column fits, options where few texts repeat, links where the texts are titles
// of records that are there, people where they are members' names.
func ProposeForm(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string, src *Source) (*Proposal, error) {
	s, err := e.Reader(ctx, actor, appID)
	if err != nil {
		return nil, err
	}
	var a Analysis
	cols, err := survey(ctx, src, &a)
	if err != nil {
		return nil, err
	}
	people, err := openDirectory(ctx, e, s.Snap.WorkspaceID, "", true)
	if err != nil {
		return nil, err
	}
	name := src.Sheet
	if src.Kind == "csv" || len(src.Sheets) == 1 || name == "Sheet1" {
		name = strings.TrimSuffix(src.Name, path.Ext(src.Name))
	}
	if r := []rune(strings.TrimSpace(name)); len(r) > 40 {
		name = string(r[:40])
	}
	f := &Form{Name: schema.Text{ZH: name, EN: name}, Icon: "table", Hue: "blue"}
	keys := map[string]bool{}
	for i, c := range cols {
		n := src.Columns[i]
		x := FormColumn{Column: n.Name, Name: schema.Text{ZH: n.Name, EN: n.Name}, Key: FreeKey(n.Name, n.Key, keys)}
		if x.Type, x.Options, x.Find, err = guess(s, people, c); err != nil {
			return nil, err
		}
		f.Columns = append(f.Columns, x)
	}
	if err := f.verify(ctx, src, cols, s.FieldEnv()); err != nil {
		return nil, err
	}
	f.Title = f.guessTitle(cols)
	return &Proposal{f, a.Rows, a.Preview}, nil
}

// guess proposes a field for a column.
func guess(s *record.Session, people *directory, c *surveyed) (typ string, options json.RawMessage, find []string, err error) {
	typ, options = field.TypeGuess(c.samples)
	b, err := field.Bind(typ, options)
	if err != nil {
		return "", nil, nil, err
	}
	if b.Kind != value.Text || b.Traits.HoldsRef || c.filled == 0 {
		return typ, options, nil, nil
	}
	texts := distinct(c.samples, 200)
	known := 0
	for _, t := range texts {
		if len(people.people[folded(t)]) == 1 {
			known++
		}
	}
	if len(texts) > 1 && known*10 >= len(texts)*8 {
		return "member", nil, []string{"name", "email"}, nil
	}
	best, by, most := (*schema.EntityModel)(nil), "", 0
	for _, ent := range s.Snap.Entities {
		if !s.Rights.On(ent).Can("read") {
			continue
		}
		refs, err := finders(s, ent, texts)
		if err != nil {
			return "", nil, nil, err
		}
		if len(refs) == 0 {
			continue
		}
		f := ent.Field(refs[0])
		if f.Kind != value.Text || len(f.Choices) > 0 {
			continue
		}
		found, err := find2(s, ent, f, texts)
		if err != nil {
			return "", nil, nil, err
		}
		if found > most {
			best, by, most = ent, f.Key(), found
		}
	}
	if best != nil && most >= 3 && most*10 >= len(texts)*9 {
		options, err = json.Marshal(map[string]string{"entity": best.ID()})
		return "link", options, []string{by}, err
	}
	return typ, options, nil, nil
}

func find2(s *record.Session, ent *schema.EntityModel, f *schema.FieldModel, texts []string) (int, error) {
	found, err := find(s, ent, []*schema.FieldModel{f}, [][]string{canonicals(f, texts, s.FieldEnv())})
	return len(found), err
}

// verify reads the table once more and falls back to text where a cell does
// not fit the type that the samples have suggested.
func (f *Form) verify(ctx context.Context, src *Source, cols []*surveyed, env field.Env) error {
	bound := make([]*field.Bound, len(f.Columns))
	longest := make([]int, len(f.Columns))
	breaks := make([]bool, len(f.Columns))
	for i, c := range f.Columns {
		if len(c.Find) > 0 {
			continue
		}
		b, err := field.Bind(c.Type, c.Options)
		if err != nil {
			return err
		}
		bound[i] = b
	}
	err := src.Each(ctx, func(_ int, cells []string) error {
		for i, text := range cells {
			if text == "" {
				continue
			}
			longest[i] = max(longest[i], utf8.RuneCountInString(text))
			breaks[i] = breaks[i] || strings.ContainsAny(text, "\n\t")
			if b := bound[i]; b != nil {
				v, err := field.ParseImportText(b, text, env)
				if err != nil || v.IsNull() || b.Check(v) != nil {
					bound[i] = nil
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range f.Columns {
		if len(f.Columns[i].Find) > 0 || bound[i] != nil {
			continue
		}
		f.Columns[i].Options = nil
		if f.Columns[i].Type = "text"; longest[i] > 500 || breaks[i] {
			f.Columns[i].Type = "long_text"
		}
	}
	return nil
}

// guessTitle takes the column that looks most like a name: always filled,
// hardly ever repeated, called so.
func (f *Form) guessTitle(cols []*surveyed) string {
	best, score := "", -1
	for i, c := range f.Columns {
		b, err := field.Bind(c.Type, c.Options)
		if err != nil || len(c.Find) > 0 || b.Kind != value.Text && b.Kind != value.Number {
			continue
		}
		n := 0
		for _, word := range []string{"name", "title", "subject", "名称", "姓名", "标题", "主题", "公司"} {
			if strings.Contains(strings.ToLower(c.Name.ZH), word) {
				n = 4
			}
		}
		if cols[i].filled > 0 && len(cols[i].seen)*10 >= min(cols[i].filled, maxDistinct)*9 {
			n += 3
		}
		if b.Kind == value.Text && len(b.Choices) == 0 {
			n += 2
		}
		if n > score {
			best, score = c.Key, n
		}
	}
	if best == "" && len(f.Columns) > 0 {
		best = f.Columns[0].Key
	}
	return best
}

// NewForm adds a form made of a table to an app, publishes it and imports the
// rows. What is published is the form alone: other people's drafts stay
// drafts. Undo takes all of it back.
func NewForm(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string, src *Source, f Form, o Options) (*Made, error) {
	s, err := e.Reader(ctx, actor, appID)
	if err != nil {
		return nil, err
	}
	if !s.Rights.Full() {
		return nil, ErrAdmin.New()
	}
	if len(f.Columns) == 0 {
		guessed, err := ProposeForm(ctx, e, actor, appID, src)
		if err != nil {
			return nil, err
		}
		f = merged(f, *guessed.Form)
	}
	if o.Operation == "" {
		o.Operation = e.NewID()
	}
	d := docsOf(o.Operation)
	app, states, err := e.Defs.Draft(ctx, appID)
	if err != nil {
		return nil, err
	}
	made := &Made{Entity: d.entity, Form: d.form, View: d.view, Menu: d.menu, Operation: o.Operation}
	taken := map[string]bool{}
	for _, x := range app.Entities {
		taken[x.Key] = true
	}
	if made.Key = f.Key; made.Key == "" {
		made.Key = FreeKey(f.Name.In("en-US"), "form", taken)
	}
	if err := d.put(ctx, e, actor, appID, app, states, f, made); err != nil {
		return nil, d.discard(ctx, e, actor, appID, err)
	}
	docs := []string{d.entity, d.form, d.view}
	if !made.Pending {
		docs = append(docs, app.Info.ID)
	}
	if made.Version, err = e.Defs.Publish(ctx, appID, actor.ID, docs, "", f.Name.In("zh-CN")); err != nil {
		return nil, d.discard(ctx, e, actor, appID, err)
	}
	m := Mapping{Entity: d.entity, Mode: ModeCreate}
	for _, c := range f.Columns {
		m.Columns = append(m.Columns, ColumnMap{Field: c.Key, Column: c.Column, Find: c.Find, Create: createPeople(c)})
	}
	o.kind = kindForm
	made.Import, err = work(ctx, e, actor, appID, src, m, o, false)
	return made, err
}

// createPeople reports whether names that nobody has are added as people.
func createPeople(c FormColumn) bool {
	b, err := field.Bind(c.Type, c.Options)
	return err == nil && b.Traits.HoldsUser
}

// merged fills what a form leaves out from a guessed one.
func merged(f, guessed Form) Form {
	f.Columns = guessed.Columns
	if f.Name.Empty() {
		f.Name = guessed.Name
	}
	for _, x := range []struct{ to, from *string }{{&f.Icon, &guessed.Icon}, {&f.Hue, &guessed.Hue}, {&f.Title, &guessed.Title}} {
		if *x.to == "" {
			*x.to = *x.from
		}
	}
	return f
}

// formDocs are the ids of what one operation adds: they follow from it, so
// that its undo finds them.
type formDocs struct{ entity, form, view, menu string }

func docsOf(operation string) formDocs {
	return formDocs{schema.DerivedID("ent_", operation), schema.DerivedID("frm_", operation), schema.DerivedID("vew_", operation), schema.DerivedID("mnu_", operation)}
}

// put adds the documents to the draft.
func (d formDocs) put(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string, app *schema.App, states []definition.DocState, f Form, made *Made) error {
	ent := &schema.Entity{ID: d.entity, Key: made.Key, Name: f.Name, Icon: f.Icon, Hue: f.Hue}
	form := &schema.Form{ID: d.form, Key: "entry", Entity: d.entity, Name: schema.Text{ZH: "录入", EN: "Entry form"}, Default: true}
	view := &schema.View{ID: d.view, Key: made.Key + "_all", Entity: d.entity, Name: schema.Text{ZH: "全部" + f.Name.In("zh-CN"), EN: "All " + f.Name.In("en-US")}, Type: "grid"}
	more := &schema.Node{Type: "section", Title: schema.Text{ZH: "更多", EN: "More"}, Folded: true}
	for i, c := range f.Columns {
		id := schema.DerivedID("fld_", d.entity, c.Key)
		ent.Fields = append(ent.Fields, &schema.Field{ID: id, Key: c.Key, Name: c.Name, Type: c.Type, Options: c.Options})
		node := &schema.Node{Type: "field", Field: id, Width: 6}
		if b, err := field.Bind(c.Type, c.Options); err == nil && b.Kind == value.Text && len(b.Choices) == 0 && b.Check(value.OfText(strings.Repeat("x", 5001))) == nil {
			node.Width = 12 // long texts get the whole width
		}
		if i < 14 {
			form.Layout = append(form.Layout, node)
		} else {
			more.Items = append(more.Items, node)
		}
		if i < 30 {
			view.Config.Columns = append(view.Config.Columns, &schema.ViewColumn{Field: id})
		}
		if c.Key == f.Title {
			ent.Title = "{" + c.Key + "}"
		}
	}
	if ent.Title == "" && len(f.Columns) > 0 {
		ent.Title = "{" + f.Columns[0].Key + "}"
	}
	if len(more.Items) > 0 {
		form.Layout = append(form.Layout, more)
	}
	view.Config.Frozen = 1
	for _, x := range []struct {
		id, kind string
		doc      any
	}{{d.entity, string(schema.DocEntity), ent}, {d.form, string(schema.DocForm), form}, {d.view, string(schema.DocView), view}} {
		if err := putDoc(ctx, e, actor, appID, x.id, x.kind, x.doc, 0); err != nil {
			return err
		}
	}
	info := app.Info
	info.Menu = append(slices.Clone(info.Menu), &schema.MenuItem{ID: d.menu, Name: f.Name, Icon: f.Icon, Entity: d.entity})
	rev := int64(definition.AnyRev)
	for _, st := range states {
		if st.ID == info.ID {
			rev, made.Pending = st.Rev, st.Changed && anyPublished(states)
		}
	}
	return putDoc(ctx, e, actor, appID, info.ID, string(schema.DocApp), info, rev)
}

// anyPublished reports whether an app has been published: before that, its own
// document is new and goes along.
func anyPublished(states []definition.DocState) bool {
	return slices.ContainsFunc(states, func(s definition.DocState) bool { return !s.Changed })
}

func putDoc(ctx context.Context, e *engine.Engine, actor *access.Actor, appID, id, kind string, doc any, rev int64) error {
	body, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	_, faults, err := e.Defs.PutDoc(ctx, appID, actor.ID, id, kind, body, rev)
	if err != nil {
		return err
	}
	// Faults of others' drafts are theirs.
	var own fault.List
	for _, f := range faults {
		if strings.HasPrefix(f.Path, id+"/") {
			own = append(own, f)
		}
	}
	return own.Err()
}

// discard takes the documents out of the draft after a failure, whose error it
// returns.
func (d formDocs) discard(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string, err error) error {
	if derr := d.remove(context.WithoutCancel(ctx), e, actor, appID); derr != nil {
		return fmt.Errorf("%w (and its definitions stay in the draft: %v)", err, derr)
	}
	return err
}

// remove takes the documents and the menu item out of the draft.
func (d formDocs) remove(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string) error {
	app, states, err := e.Defs.Draft(ctx, appID)
	if err != nil {
		return err
	}
	info := app.Info
	if menu := pruned(info.Menu, d.menu); len(menu) != len(info.Menu) || !sameMenu(menu, info.Menu) {
		info.Menu = menu
		if err := putDoc(ctx, e, actor, appID, info.ID, string(schema.DocApp), info, definition.AnyRev); err != nil {
			return err
		}
	}
	for _, id := range []string{d.view, d.form, d.entity} {
		if slices.ContainsFunc(states, func(s definition.DocState) bool { return s.ID == id && !s.Deleted }) {
			if err := e.Defs.DeleteDoc(ctx, appID, actor.ID, id, definition.AnyRev); err != nil {
				return err
			}
		}
	}
	return nil
}

// pruned is a menu without an item, wherever it has been moved.
func pruned(items []*schema.MenuItem, id string) []*schema.MenuItem {
	out := make([]*schema.MenuItem, 0, len(items))
	for _, m := range items {
		if m.ID == id {
			continue
		}
		if len(m.Items) > 0 {
			c := *m
			c.Items = pruned(m.Items, id)
			m = &c
		}
		out = append(out, m)
	}
	return out
}

func sameMenu(a, b []*schema.MenuItem) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && string(x) == string(y)
}

// Undone says what an undo took back.
type Undone struct {
	*engine.UndoResult
	Form bool `json:"form"` // the form that came with the operation is gone too
}

// Undo takes a bulk operation back, and with the rows of a new form the form
// itself, unless people have put records of their own into it meanwhile.
func Undo(ctx context.Context, e *engine.Engine, actor *access.Actor, appID, operation string) (*Undone, error) {
	d := docsOf(operation)
	snap, err := e.Defs.At(ctx, appID)
	if err != nil {
		return nil, err
	}
	ent := snap.Entity(d.entity)
	res, err := e.Undo(ctx, actor, appID, operation)
	if fault.CodeOf(err) == engine.ErrNoOperation.Code && ent != nil && access.For(actor, snap.Model).Full() {
		res, err = &engine.UndoResult{Operation: operation, Kept: []engine.Kept{}, MembersKept: []string{}}, nil // it had no rows
	}
	out := &Undone{UndoResult: res}
	if err != nil || ent == nil || !access.For(actor, snap.Model).Full() {
		return out, err
	}
	n, err := e.DB.Read(ctx, store.CountLive(ent.Schema, ent.Table))
	if err != nil || n[0].Int(0) > 0 {
		return out, err
	}
	if err := d.remove(ctx, e, actor, appID); err != nil {
		return out, err
	}
	docs := []string{d.entity, d.form, d.view}
	_, states, err := e.Defs.Draft(ctx, appID)
	if err != nil {
		return out, err
	}
	for _, s := range states {
		if s.Kind == string(schema.DocApp) && s.Changed {
			docs = append(docs, s.ID)
		}
	}
	if _, err = e.Defs.Publish(ctx, appID, actor.ID, docs, "", schema.Text{ZH: "撤销：" + ent.Def.Name.In("zh-CN"), EN: "Undo: " + ent.Def.Name.In("en-US")}.In(actor.Locale)); err == nil {
		out.Form = true
	}
	return out, err
}

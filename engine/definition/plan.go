package definition

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
)

// Plan says what publishing documents of a draft would do.
type Plan struct {
	Base    int              `json:"base"`    // the version it starts from
	Docs    []string         `json:"docs"`    // what would be published, in their order
	Changes []*schema.Change `json:"changes"` // what people will notice
	Actions []string         `json:"sql_actions"`
	Faults  fault.List       `json:"-"`    // any fault prevents the publish
	Hash    string           `json:"hash"` // names this plan to Publish

	row    *store.AppRow
	target *schema.Model
	rows   []store.DocRow // the documents of the next version
	next   *layout
	todo   []action
}

// action is one change of the database.
type action struct {
	Do      string         `json:"do"`
	Table   *store.Table   `json:"table,omitempty"`
	Index   *store.Index   `json:"index,omitempty"`
	Foreign *store.Foreign `json:"foreign,omitempty"`
}

// The actions.
const (
	doCreate  = "create_table"
	doColumns = "add_columns" // Table.Columns to Table
	doForeign = "add_foreign"
	doIndex   = "create_index"
)

func (a action) stmts() []store.Stmt {
	switch a.Do {
	case doCreate:
		return store.CreateTable(*a.Table)
	case doColumns:
		return []store.Stmt{store.AddColumns(a.Table.Schema, a.Table.Name, a.Table.Columns...)}
	case doForeign:
		return []store.Stmt{store.AddForeign(*a.Foreign)}
	default:
		return []store.Stmt{store.CreateIndex(*a.Index)}
	}
}

// Plan works out what publishing the documents would do; none named means all
// that have changed. Documents that the named ones need come along.
func (s *Store) Plan(ctx context.Context, appID string, docs []string) (*Plan, error) {
	var p *Plan
	err := s.db.InTx(ctx, func(tx *store.Tx) (err error) {
		p, err = s.plan(ctx, tx, appID, docs)
		return err
	})
	return p, err
}

func (s *Store) plan(ctx context.Context, tx *store.Tx, appID string, docs []string) (*Plan, error) {
	w, err := s.open(ctx, tx, appID)
	if err != nil {
		return nil, err
	}
	p := &Plan{Base: w.row.Version, row: w.row}
	var live []store.DocRow
	for _, d := range w.live {
		live = append(live, d)
	}
	sortDocs(live)
	before, err := assemble(live)
	if err != nil {
		return nil, err
	}
	for _, d := range w.list() {
		if w.changed(d) && (len(docs) == 0 || slices.Contains(docs, d.ID)) {
			p.Docs = append(p.Docs, d.ID)
		}
	}
	after, err := p.candidate(w, p.Docs)
	if err != nil {
		return nil, err
	}
	if p.rows, err = split(after); err != nil {
		return nil, err
	}
	p.target, p.Faults = schema.Compile(after)
	p.Faults = append(p.Faults, duplicates(after)...)
	if len(p.Docs) == 0 {
		p.Faults.Add(ErrNothing.New())
	}
	p.Changes = schema.Diff(before, after)
	if len(p.Faults) == 0 {
		if err := s.lay(ctx, tx, p, before); err != nil {
			return nil, err
		}
	}
	for _, a := range p.todo {
		for _, st := range a.stmts() {
			p.Actions = append(p.Actions, st.SQL)
		}
	}
	p.sign()
	return p, nil
}

// candidate is the app as it would be with the chosen documents published.
func (p *Plan) candidate(w *working, chosen []string) (*schema.App, error) {
	rows := map[string]store.DocRow{}
	for id, d := range w.live {
		d.Position = w.docs[id].Position
		rows[id] = d
	}
	for _, id := range chosen {
		rows[id] = w.docs[id]
	}
	var list []store.DocRow
	for _, d := range rows {
		if !d.Deleted {
			list = append(list, d)
		}
	}
	sortDocs(list)
	app, err := assemble(list)
	if err != nil {
		return nil, err
	}
	if app.Info.ID == "" {
		// The first publish of a part takes the name along.
		for _, d := range w.docs {
			if d.Kind == string(schema.DocApp) {
				doc, err := decode(d.Kind, d.Body, false)
				if err != nil {
					return nil, err
				}
				add(app, doc)
			}
		}
	}
	app.Info.Key = w.row.Key
	schema.Normalize(app)
	return app, nil
}

// lay works out the changes of the database.
func (s *Store) lay(ctx context.Context, tx *store.Tx, p *Plan, before *schema.App) error {
	r, err := tx.Do(ctx, store.ReadPlaces(p.row.ID), store.ReadSchemaPlaces(p.row.Schema))
	if err != nil {
		return err
	}
	have := map[string]store.Place{}
	for _, x := range store.PlacesOf(r[0]) {
		have[x.DefID] = x
	}
	p.next = describe(p.target, p.row.Schema, newNamer(p.row.Schema, store.PlacesOf(r[1])).allocate(p.target, have))
	old := map[string]bool{}
	if was, faults := schema.Compile(before); len(faults) == 0 {
		for _, t := range describe(was, p.row.Schema, have).tables {
			for _, ix := range t.indexes {
				old[ix.Name] = true
			}
		}
	}
	var foreigns, indexes []action
	for _, t := range p.next.tables {
		_, exists := have[t.def]
		if !exists {
			p.todo = append(p.todo, action{Do: doCreate, Table: &t.Table})
		} else if more := t.lacking(have); len(more.Columns) > 0 {
			p.todo = append(p.todo, action{Do: doColumns, Table: more})
		}
		for _, ix := range t.indexes {
			if !exists || !old[ix.Name] {
				indexes = append(indexes, action{Do: doIndex, Table: &t.Table, Index: &ix})
			}
		}
		for i, f := range t.foreigns {
			if _, ok := have[t.foreignDef(i)]; !exists || !ok {
				foreigns = append(foreigns, action{Do: doForeign, Table: &t.Table, Foreign: &f})
			}
		}
	}
	p.todo = append(append(p.todo, indexes...), foreigns...)
	return nil
}

// foreignDef is the field behind the i-th foreign key.
func (t *table) foreignDef(i int) string {
	for _, c := range t.columns {
		if c.Name == t.foreigns[i].Column {
			return c.field.ID()
		}
	}
	return ""
}

// lacking is the table with only the columns that are new.
func (t *table) lacking(have map[string]store.Place) *store.Table {
	out := t.Table
	out.Columns = nil
	for _, c := range t.columns {
		if _, ok := have[c.field.ID()]; !ok {
			out.Columns = append(out.Columns, c.Column)
		}
	}
	return &out
}

// sign makes the hash that names the plan: same draft, same base, same actions.
func (p *Plan) sign() {
	h := sha256.New()
	e := json.NewEncoder(h)
	_ = e.Encode(p.Base)
	_ = e.Encode(p.Docs)
	_ = e.Encode(p.Actions)
	for _, d := range p.rows {
		_ = e.Encode([]any{d.ID, d.Hash, d.Position})
	}
	p.Hash = hex.EncodeToString(h.Sum(nil)[:12])
}

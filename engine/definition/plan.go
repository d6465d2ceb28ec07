package definition

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
)

// Plan says what publishing documents of a draft would do.
type Plan struct {
	Base    int              `json:"base"`        // the version it starts from
	Docs    []string         `json:"docs"`        // what would be published, in their order
	Changes []*schema.Change `json:"changes"`     // what people will notice
	Actions []string         `json:"sql_actions"` // what happens to the database
	Faults  fault.List       `json:"-"`           // any fault prevents the publish
	Hints   []*schema.Change `json:"hints"`       // what deserves a thought; they prevent nothing
	Hash    string           `json:"hash"`        // names this plan to Publish

	row    *store.AppRow
	before *schema.App
	target *schema.Model
	rows   []store.DocRow // the documents of the next version
	work   *work
	facts  *store.Facts
}

// Plan works out what publishing the documents would do; none named means all
// that have changed. Documents that the named ones need come along.
func (s *Store) Plan(ctx context.Context, appID string, docs []string) (*Plan, error) {
	p, err := s.prepare(ctx, appID, docs)
	if err != nil || p.work == nil {
		return p, err
	}
	if err := s.preview(ctx, p); err != nil {
		return nil, err
	}
	return p, nil
}

// prepare is Plan without what has to read records.
func (s *Store) prepare(ctx context.Context, appID string, docs []string) (*Plan, error) {
	var p *Plan
	err := s.db.InTx(ctx, func(tx *store.Tx) error {
		w, err := s.open(ctx, tx, appID)
		if err != nil {
			return err
		}
		if p, err = newPlan(w, docs); err != nil {
			return err
		}
		if s.o.Check != nil {
			p.Faults = append(p.Faults, s.o.Check(p.target)...)
		}
		if len(p.Faults) == 0 {
			p.Hints = p.concerned(s.hints(p.target))
			return s.lay(ctx, tx, p)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.sign()
	return p, nil
}

// concerned keeps the hints about what is to be published, each once.
func (p *Plan) concerned(hints []*schema.Change) []*schema.Change {
	var out []*schema.Change
	for _, h := range hints {
		if slices.Contains(p.Docs, h.Doc) && !slices.ContainsFunc(out, func(x *schema.Change) bool { return x.Text == h.Text }) {
			out = append(out, h)
		}
	}
	return out
}

// newPlan works out what the next version would consist of.
func newPlan(w *working, docs []string) (*Plan, error) {
	p := &Plan{Base: w.row.Version, row: w.row, Docs: []string{}, Actions: []string{}}
	var live []store.DocRow
	for _, d := range w.live {
		live = append(live, d)
	}
	sortDocs(live)
	var err error
	if p.before, err = assemble(live); err != nil {
		return nil, err
	}
	chosen, err := w.closure(docs)
	if err != nil {
		return nil, err
	}
	for _, d := range w.list() {
		if chosen[d.ID] {
			p.Docs = append(p.Docs, d.ID)
		}
	}
	after, err := w.candidate(chosen)
	if err != nil {
		return nil, err
	}
	if p.rows, err = split(after); err != nil {
		return nil, err
	}
	p.target, p.Faults = schema.Compile(after)
	p.Faults = append(p.Faults, duplicates(after)...)
	p.Faults = append(p.Faults, p.target.Unfinished()...)
	moved := false
	for _, d := range p.rows {
		moved = moved || w.live[d.ID].Position != d.Position
	}
	if len(p.Docs) == 0 && !moved {
		p.Faults.Add(ErrNothing.New())
	}
	p.Changes = schema.Diff(p.before, after)
	return p, nil
}

// closure completes a choice of changed documents by those they need: new ones
// that they name by id, and what they cannot be compiled without. A published
// document that somebody is changing does not come along just because it is
// named.
func (w *working) closure(docs []string) (map[string]bool, error) {
	chosen := map[string]bool{}
	changed := map[string]store.DocRow{}
	for _, d := range w.list() {
		if w.changed(d) {
			changed[d.ID] = d
			if len(docs) == 0 || slices.Contains(docs, d.ID) {
				chosen[d.ID] = true
			}
		}
	}
	if len(chosen) == len(changed) {
		return chosen, nil
	}
	// Where a definition that only the draft has is to be found.
	home := map[string]string{}
	for id, d := range changed {
		if _, ok := w.live[id]; !ok && !d.Deleted {
			home[id] = id
		}
		if d.Kind == string(schema.DocEntity) && !d.Deleted {
			doc, err := decode(d.Kind, d.Body, false)
			if err != nil {
				return nil, err
			}
			if e, ok := doc.(*schema.Entity); ok {
				eachField(e.Fields, func(f *schema.Field) {
					if !strings.Contains(string(w.live[id].Body), `"`+f.ID+`"`) {
						home[f.ID] = id
					}
				})
			}
		}
	}
	together, err := w.together(changed)
	if err != nil {
		return nil, err
	}
	for {
		n := len(chosen)
		for _, set := range together {
			if slices.ContainsFunc(set, func(id string) bool { return chosen[id] }) {
				for _, id := range set {
					chosen[id] = true
				}
			}
		}
		for id := range chosen {
			if changed[id].Deleted {
				continue
			}
			strs(changed[id].Body, func(s string) {
				if h, ok := home[s]; ok {
					chosen[h] = true
				}
			})
		}
		if len(chosen) > n {
			continue
		}
		app, err := w.candidate(chosen)
		if err != nil {
			return nil, err
		}
		_, faults := schema.Compile(app)
		for _, f := range faults {
			doc, _, _ := strings.Cut(f.Path, "/")
			if _, ok := changed[doc]; ok && !chosen[doc] {
				chosen[doc] = true // published, it breaks; as drafted, it may not
				continue
			}
			// A name that is not known may be that of an entity or a field
			// that is only in the draft.
			name, _ := f.Params["name"].(string)
			if ref, ok := f.Params["ref"].(string); ok {
				name = ref
			}
			for id, d := range changed {
				if chosen[id] || d.Deleted || d.Kind != string(schema.DocEntity) && d.Kind != string(schema.DocApp) {
					continue
				}
				if name != "" && strings.Contains(string(d.Body), `"`+name+`"`) {
					chosen[id] = true
				}
			}
		}
		if len(chosen) == n {
			return chosen, nil
		}
	}
}

// together lists sets of changed documents that belong together because a key
// was renamed in one and the others followed: apart, a name in one could mean
// something else than it did.
func (w *working) together(changed map[string]store.DocRow) ([][]string, error) {
	var out [][]string
	for id, d := range changed {
		l, ok := w.live[id]
		if !ok || d.Deleted || d.Kind != string(schema.DocEntity) {
			continue
		}
		var e [2]*schema.Entity
		for i, body := range [][]byte{l.Body, d.Body} {
			doc, err := decode(d.Kind, body, false)
			if err != nil {
				return nil, err
			}
			e[i] = doc.(*schema.Entity)
		}
		renames, _ := takeBack(e[0], e[1])
		if len(renames) == 0 {
			continue
		}
		var rows []store.DocRow
		for _, x := range w.live {
			rows = append(rows, x)
		}
		app, err := assemble(rows)
		if err != nil {
			return nil, err
		}
		set := []string{id}
		for _, x := range schema.RenameInExpressions(app, renames) {
			if _, ok := changed[x]; ok && x != id {
				set = append(set, x)
			}
		}
		out = append(out, set)
	}
	return out, nil
}

// strs calls f for every text in a JSON document.
func strs(raw []byte, f func(string)) {
	x, err := schema.DecodeJSON(raw)
	if err != nil {
		return
	}
	var walk func(x any)
	walk = func(x any) {
		switch x := x.(type) {
		case string:
			f(x)
		case []any:
			for _, v := range x {
				walk(v)
			}
		case map[string]any:
			for k, v := range x {
				f(k) // "set" and "fields" have ids as names
				walk(v)
			}
		}
	}
	walk(x)
}

func eachField(fs []*schema.Field, f func(*schema.Field)) {
	for _, x := range fs {
		f(x)
		eachField(x.Fields, f)
	}
}

// candidate is the app as it would be with the chosen documents published.
func (w *working) candidate(chosen map[string]bool) (*schema.App, error) {
	var rows []store.DocRow
	for id, d := range w.docs {
		if l, ok := w.live[id]; !chosen[id] {
			// The app document always comes: an app has a name.
			if !ok && d.Kind != string(schema.DocApp) {
				continue
			}
			if ok {
				l.Position = d.Position
				d = l
			}
		}
		if !d.Deleted {
			rows = append(rows, d)
		}
	}
	sortDocs(rows)
	app, err := assemble(rows)
	if err != nil {
		return nil, err
	}
	app.Info.Key = w.row.Key
	schema.Normalize(app)
	return app, nil
}

// lay works out the changes of the database.
func (s *Store) lay(ctx context.Context, tx *store.Tx, p *Plan) error {
	have, taken, facts, err := s.registered(ctx, tx, p.row)
	if err != nil {
		return err
	}
	before, err := published(p.before)
	if err != nil {
		return err
	}
	old := fieldsOf(before)
	n := allocate(p.target, p.row.Schema, have, taken, facts, p.Base+1, func(f *schema.FieldModel) bool { return unusable(old[f.ID()], f) })
	p.work, p.facts = newWork(p.row, before, p.target, have, n, s.db.Collation()), facts
	p.Faults = append(p.Faults, p.work.limits(facts)...)
	p.Actions = append(p.Actions, p.work.actions(facts)...)
	return nil
}

// published compiles a version that is or was live.
func published(app *schema.App) (*schema.Model, error) {
	if app.Info.ID == "" {
		return &schema.Model{App: app}, nil
	}
	m, faults := schema.Compile(app)
	return m, faults.Err()
}

// registered reads the places of an app, the names taken in its schema and what
// the catalogue says of its tables.
func (s *Store) registered(ctx context.Context, tx *store.Tx, row *store.AppRow) (places, []store.Place, *store.Facts, error) {
	r, err := tx.Do(ctx, store.ReadPlaces(row.ID), store.ReadSchemaPlaces(row.Schema))
	if err != nil {
		return nil, nil, nil, err
	}
	have := places{}
	var tables []string
	for _, x := range store.PlacesOf(r[0]) {
		if x.Column == "" {
			tables = append(tables, x.Table)
		}
		if !strings.HasSuffix(x.DefID, pendingMark) {
			have[x.DefID] = x
		}
	}
	taken := store.PlacesOf(r[1])
	if r, err = tx.Do(ctx, store.ReadFacts(row.Schema, tables)...); err != nil {
		return nil, nil, nil, err
	}
	return have, taken, store.FactsOf(r), nil
}

// sign makes the hash that names the plan: same draft, same base, same work.
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

package definition

import (
	"context"
	"encoding/json"
	"slices"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
)

// DocState is one document of a draft.
type DocState struct {
	ID      string          `json:"id"`
	Kind    string          `json:"kind"`
	Rev     int64           `json:"rev"`
	Changed bool            `json:"changed"` // differs from the published version
	Deleted bool            `json:"deleted"`
	Body    json.RawMessage `json:"body"`
}

// AnyRev makes PutDoc and DeleteDoc overwrite whatever is there.
const AnyRev = -1

// CreateApp makes an app whose draft holds nothing but its name.
func (s *Store) CreateApp(ctx context.Context, workspaceID, actor, key string, name schema.Text, icon, hue string) (string, error) {
	if !isUUID(workspaceID) {
		return "", ErrNoSpace.New()
	}
	id := s.o.NewID()
	if key == "" {
		key = schema.DerivedID("app_", id)
	}
	var faults fault.List
	if !schema.ValidKey(key) {
		faults.Add(schema.ErrKey.At("key").With("key", key))
	}
	if name.Empty() {
		faults.Add(schema.ErrNoName.At("name"))
	}
	if err := faults.Err(); err != nil {
		return "", err
	}
	if icon == "" {
		icon = "app"
	}
	if hue == "" {
		hue = "jade"
	}
	info := &schema.Info{ID: schema.DerivedID("app_", key), Key: key, Name: name, Icon: icon, Hue: hue}
	body, err := canonical(info)
	if err != nil {
		return "", err
	}
	title, err := json.Marshal(name)
	if err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, func(tx *store.Tx) error {
		r, err := tx.Do(ctx, store.ReadWorkspaceSchema(workspaceID))
		if err != nil {
			return err
		}
		if r[0].One() == nil {
			return ErrNoSpace.New()
		}
		at := s.o.Now()
		_, err = tx.Do(ctx, store.InsertApp(store.AppRow{ID: id, Workspace: workspaceID, Key: key, Name: title, Icon: icon, Hue: hue}, actor, at),
			store.WriteDraft(id, actor, store.DocRow{ID: info.ID, Kind: string(schema.DocApp), Body: body, Position: 1}, at))
		return err
	})
	if _, constraint, _ := store.PgError(err); constraint == "app_key" {
		return "", ErrKeyTaken.At("key").With("key", key)
	}
	return id, err
}

// working is an app's draft as read inside a transaction.
type working struct {
	row  *store.AppRow
	live map[string]store.DocRow
	docs map[string]store.DocRow // the draft laid over the published version
}

// open reads the draft of an app and keeps other changes of it out.
func (s *Store) open(ctx context.Context, tx *store.Tx, appID string) (*working, error) {
	row, err := s.app(ctx, tx, appID)
	if err != nil {
		return nil, err
	}
	r, err := tx.Do(ctx, store.ReadLive(appID), store.ReadDraft(appID))
	if err != nil {
		return nil, err
	}
	w := &working{row: row, live: map[string]store.DocRow{}, docs: map[string]store.DocRow{}}
	for i, rows := range [][]store.DocRow{store.DocsOf(r[0]), store.DocsOf(r[1])} {
		for _, d := range rows {
			if d.Body, err = canonical(d.Body); err != nil {
				return nil, err
			}
			d.Hash = hash(d.Body)
			if w.docs[d.ID] = d; i == 0 {
				w.live[d.ID] = d
			}
		}
	}
	return w, nil
}

// changed reports whether a document of the draft differs from the published one.
func (w *working) changed(d store.DocRow) bool {
	l, ok := w.live[d.ID]
	if d.Deleted || !ok {
		return ok != !d.Deleted
	}
	return l.Hash != d.Hash
}

// list gives the documents in order; deleted ones only while they are published.
func (w *working) list() []store.DocRow {
	var out []store.DocRow
	for _, d := range w.docs {
		if _, published := w.live[d.ID]; !d.Deleted || published {
			out = append(out, d)
		}
	}
	sortDocs(out)
	return out
}

// app assembles the draft, references by key resolved.
func (w *working) app() (*schema.App, error) {
	app, err := assemble(w.list())
	if err != nil {
		return nil, err
	}
	app.Info.Key = w.row.Key
	schema.Normalize(app)
	return app, nil
}

// next is the position of a new document of a kind.
func (w *working) next(kind string) int {
	n := 0
	for _, d := range w.docs {
		if d.Kind == kind {
			n = max(n, d.Position)
		}
	}
	return n + 1
}

// Draft returns the draft as an app and as documents.
func (s *Store) Draft(ctx context.Context, appID string) (*schema.App, []DocState, error) {
	var app *schema.App
	var out []DocState
	err := s.db.InTx(ctx, func(tx *store.Tx) error {
		w, err := s.open(ctx, tx, appID)
		if err != nil {
			return err
		}
		app, err = w.app()
		if err != nil {
			return err
		}
		out = out[:0]
		for _, d := range w.list() {
			out = append(out, DocState{ID: d.ID, Kind: d.Kind, Rev: d.Rev, Changed: w.changed(d), Deleted: d.Deleted, Body: d.Body})
		}
		return nil
	})
	return app, out, err
}

// Check finds every fault of the draft.
func (s *Store) Check(ctx context.Context, appID string) (fault.List, error) {
	app, _, err := s.Draft(ctx, appID)
	if err != nil {
		return nil, err
	}
	return check(app), nil
}

// check finds every fault of an app.
func check(app *schema.App) fault.List {
	_, faults := schema.Compile(app)
	return append(faults, duplicates(app)...)
}

// duplicates finds ids that two definitions share: names are kept by id.
func duplicates(app *schema.App) fault.List {
	var out fault.List
	seen := map[string]bool{}
	one := func(doc, id string) {
		if seen[id] {
			out.Add(ErrDuplicate.At(doc).With("id", id))
		}
		seen[id] = true
	}
	rows, err := split(app)
	if err != nil {
		return fault.Of(err)
	}
	for _, d := range rows {
		one(d.ID, d.ID)
	}
	var fields func(doc string, fs []*schema.Field)
	fields = func(doc string, fs []*schema.Field) {
		for _, f := range fs {
			one(doc, f.ID)
			fields(doc, f.Fields)
		}
	}
	for _, e := range app.Entities {
		fields(e.ID, e.Fields)
	}
	return out
}

// ImportDraft replaces the draft by a whole app. References may be by key. The
// app keeps its own key: ids that are not given derive from it.
func (s *Store) ImportDraft(ctx context.Context, appID, actor string, app *schema.App) error {
	return s.db.InTx(ctx, func(tx *store.Tx) error {
		w, err := s.open(ctx, tx, appID)
		if err != nil {
			return err
		}
		for _, d := range w.docs {
			if d.Kind == string(schema.DocApp) {
				app.Info.ID = d.ID
			}
		}
		app.Info.Key = w.row.Key
		schema.Normalize(app)
		rows, err := split(app)
		if err != nil {
			return err
		}
		return s.replace(ctx, tx, w, actor, rows)
	})
}

// replace makes the draft consist of exactly these documents.
func (s *Store) replace(ctx context.Context, tx *store.Tx, w *working, actor string, rows []store.DocRow) error {
	var stmts []store.Stmt
	keep := map[string]bool{}
	for _, d := range rows {
		keep[d.ID] = true
		if have, ok := w.docs[d.ID]; !ok || have.Deleted || have.Hash != d.Hash || have.Position != d.Position {
			stmts = append(stmts, store.WriteDraft(w.row.ID, actor, d, s.o.Now()))
		}
	}
	for _, d := range w.list() {
		if !keep[d.ID] && !d.Deleted {
			d.Deleted = true
			stmts = append(stmts, store.WriteDraft(w.row.ID, actor, d, s.o.Now()))
		}
	}
	_, err := tx.Do(ctx, stmts...)
	return err
}

// PutDoc stores one document of the draft and returns its new rev with every
// fault that the draft has now. ifRev must be the document's rev (0: it is
// new), or AnyRev. A document of the wrong shape is an error and not stored.
func (s *Store) PutDoc(ctx context.Context, appID, actor, docID, kind string, body json.RawMessage, ifRev int64) (rev int64, faults fault.List, err error) {
	err = s.db.InTx(ctx, func(tx *store.Tx) error {
		w, err := s.open(ctx, tx, appID)
		if err != nil {
			return err
		}
		have, exists := w.docs[docID]
		if exists && !have.Deleted {
			kind = have.Kind
		}
		if err := matches(have, exists, ifRev); err != nil {
			return err
		}
		doc, err := decode(kind, body, true)
		if err != nil {
			return err
		}
		if id := identity(doc); *id == "" {
			*id = docID
		} else if *id != docID {
			return ErrID.At("/id")
		}
		if info, ok := doc.(*schema.Info); ok && info.Key != w.row.Key {
			return ErrKeyFixed.At("/key")
		}
		freshIDs(doc, s.o.NewID)
		next := store.DocRow{ID: docID, Kind: kind, Position: have.Position, Rev: have.Rev}
		if !exists {
			next.Position = w.next(kind)
		}
		if next.Body, err = canonical(doc); err != nil {
			return err
		}
		w.docs[docID] = next
		app, err := w.app()
		if err != nil {
			return err
		}
		// References by key were resolved against the whole app.
		rows, err := split(app)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(d store.DocRow) bool { return d.ID == docID })
		next.Body, next.Hash = rows[i].Body, rows[i].Hash
		faults = check(app)
		rev = have.Rev
		if exists && !have.Deleted && have.Hash == next.Hash && have.Rev > 0 {
			return nil
		}
		r, err := tx.Do(ctx, store.WriteDraft(appID, actor, next, s.o.Now()))
		if err == nil {
			rev = r[0].Int(0)
		}
		return err
	})
	return rev, faults, err
}

// matches compares the rev that a writer has seen with the one that is there.
func matches(have store.DocRow, exists bool, ifRev int64) error {
	seen := have.Rev
	if !exists || have.Deleted {
		seen = 0
	}
	if ifRev != AnyRev && ifRev != seen {
		return ErrDraftRev.New()
	}
	return nil
}

// DeleteDoc removes a document from the draft.
func (s *Store) DeleteDoc(ctx context.Context, appID, actor, docID string, ifRev int64) error {
	return s.db.InTx(ctx, func(tx *store.Tx) error {
		w, err := s.open(ctx, tx, appID)
		if err != nil {
			return err
		}
		d, ok := w.docs[docID]
		switch {
		case !ok || d.Deleted:
			return ErrNoDoc.New()
		case d.Kind == string(schema.DocApp):
			return ErrAppDoc.New()
		}
		if err := matches(d, ok, ifRev); err != nil {
			return err
		}
		d.Deleted = true
		_, err = tx.Do(ctx, store.WriteDraft(appID, actor, d, s.o.Now()))
		return err
	})
}

// Discard takes documents of the draft back to the published version; none
// named means all.
func (s *Store) Discard(ctx context.Context, appID, actor string, docs []string) error {
	return s.db.InTx(ctx, func(tx *store.Tx) error {
		w, err := s.open(ctx, tx, appID)
		if err != nil {
			return err
		}
		var stmts []store.Stmt
		for _, d := range w.list() {
			if len(docs) > 0 && !slices.Contains(docs, d.ID) || !w.changed(d) {
				continue
			}
			if l, ok := w.live[d.ID]; ok {
				d = l
			} else if d.Deleted = true; d.Kind == string(schema.DocApp) {
				continue // an app always has a name
			}
			stmts = append(stmts, store.WriteDraft(appID, actor, d, s.o.Now()))
		}
		_, err = tx.Do(ctx, stmts...)
		return err
	})
}

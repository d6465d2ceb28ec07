package definition

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/meta"
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
			store.WriteDraft(id, actor, store.DocRow{ID: info.ID, Kind: string(schema.DocApp), Body: body, Hash: hash(body), Position: 1}, at))
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
	for _, d := range store.DocsOf(r[0]) {
		w.live[d.ID], w.docs[d.ID] = d, d
	}
	for _, d := range store.DocsOf(r[1]) {
		if d.Hash == "" {
			body, err := canonical(d.Body)
			if err != nil {
				return nil, err
			}
			d.Hash = hash(body)
		}
		w.docs[d.ID] = d
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
			var body bytes.Buffer
			if err := json.Compact(&body, d.Body); err != nil {
				return err
			}
			out = append(out, DocState{ID: d.ID, Kind: d.Kind, Rev: d.Rev, Changed: w.changed(d), Deleted: d.Deleted, Body: body.Bytes()})
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
	return s.check(app), nil
}

// Hints finds what deserves a thought in an app's draft; there are none while it
// has faults.
func (s *Store) Hints(ctx context.Context, appID string) ([]*schema.Change, error) {
	app, _, err := s.Draft(ctx, appID)
	if err != nil {
		return nil, err
	}
	m, faults := schema.Compile(app)
	if len(faults) > 0 {
		return nil, nil
	}
	return s.hints(m), nil
}

func (s *Store) hints(m *schema.Model) []*schema.Change {
	if s.o.Hints == nil {
		return nil
	}
	return s.o.Hints(m)
}

// check finds every fault of an app.
func (s *Store) check(app *schema.App) fault.List {
	m, faults := schema.Compile(app)
	faults = append(faults, duplicates(app)...)
	faults = append(faults, m.Unfinished()...)
	if s.o.Check != nil {
		faults = append(faults, s.o.Check(m)...)
	}
	return faults
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
	for _, d := range docsOf(app) {
		id := *identity(d)
		one(id, id)
	}
	for _, e := range app.Entities {
		eachField(e.Fields, func(f *schema.Field) { one(e.ID, f.ID) })
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
//
// When an entity or a field has a new key, the expressions of all documents of
// the draft follow; those documents get new revs too.
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
		doc, err := s.accept(w, docID, kind, body, exists)
		if err != nil {
			return err
		}
		app, renamed, err := w.with(doc, have, exists && !have.Deleted)
		if err != nil {
			return err
		}
		faults = s.check(app)
		rev = have.Rev
		for _, x := range docsOf(app) {
			id := *identity(x)
			if id != docID && !slices.Contains(renamed, id) {
				continue
			}
			d, err := rowOf(x)
			if err != nil {
				return err
			}
			old, known := w.docs[id]
			if known && !old.Deleted && old.Hash == d.Hash && old.Rev > 0 {
				continue
			}
			if d.Position = old.Position; !known {
				d.Position = w.next(kind)
			}
			r, err := tx.Do(ctx, store.WriteDraft(appID, actor, d, s.o.Now()))
			if err != nil {
				return err
			}
			if d.ID == docID {
				rev = r[0].Int(0)
			}
		}
		return nil
	})
	return rev, faults, err
}

// accept reads a document that somebody wants to store.
func (s *Store) accept(w *working, docID, kind string, body json.RawMessage, exists bool) (any, error) {
	if kindRank(kind) < 0 {
		return nil, ErrKind.With("kind", kind)
	}
	if !validID(docID) || kind == string(schema.DocApp) && !exists {
		return nil, ErrID.At("/id")
	}
	if err := meta.Check(schema.DocKind(kind), body); err != nil {
		return nil, err
	}
	doc, err := decode(kind, body, true)
	if err != nil {
		return nil, err
	}
	if id := identity(doc); *id == "" {
		*id = docID
	} else if *id != docID {
		return nil, ErrID.At("/id")
	}
	if info, ok := doc.(*schema.Info); ok && info.Key != w.row.Key {
		return nil, ErrKeyFixed.At("/key")
	}
	freshIDs(doc, s.o.NewID)
	return doc, nil
}

// validID reports whether a text may be the id of a document.
func validID(id string) bool {
	if len(id) < 1 || len(id) > 60 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return true
}

// with is the draft with a document put into it, its references resolved and
// renames followed. It names the documents that renames have touched.
func (w *working) with(doc any, have store.DocRow, replaces bool) (*schema.App, []string, error) {
	var renames []schema.Rename
	restore := func(*schema.App) {}
	if e, ok := doc.(*schema.Entity); ok && replaces {
		before, err := decode(have.Kind, have.Body, false)
		if err != nil {
			return nil, nil, err
		}
		if old, ok := before.(*schema.Entity); ok {
			renames, restore = takeBack(old, e)
		}
	}
	body, err := canonical(doc)
	if err != nil {
		return nil, nil, err
	}
	docs := make(map[string]store.DocRow, len(w.docs)+1)
	for id, d := range w.docs {
		docs[id] = d
	}
	id := *identity(doc)
	kind := have.Kind
	if !replaces {
		kind = string(kindOf(doc))
	}
	position := have.Position
	if position == 0 {
		position = w.next(kind)
	}
	docs[id] = store.DocRow{ID: id, Kind: kind, Body: body, Position: position}
	next := *w
	next.docs = docs
	app, err := next.app()
	if err != nil {
		return nil, nil, err
	}
	renamed := schema.RenameInExpressions(app, renames)
	restore(app)
	return app, renamed, nil
}

// takeBack gives the definitions of an entity the keys that they had before, so
// that expressions can be read as they were meant, and lists the renames. New
// definitions whose keys would be in the way go by another name until restore.
func takeBack(old, e *schema.Entity) (renames []schema.Rename, restore func(*schema.App)) {
	was := map[string]string{}
	eachField(old.Fields, func(f *schema.Field) { was[f.ID] = f.Key })
	freed := map[string]bool{}
	if old.Key != e.Key {
		renames = append(renames, schema.Rename{Entity: e.ID, From: old.Key, To: e.Key})
		e.Key = old.Key
	}
	eachField(e.Fields, func(f *schema.Field) {
		if k, ok := was[f.ID]; ok && k != f.Key {
			renames = append(renames, schema.Rename{Entity: e.ID, Field: f.ID, From: k, To: f.Key})
			freed[k] = true
			f.Key = k
		}
	})
	aside := map[string]string{}
	eachField(e.Fields, func(f *schema.Field) {
		if _, ok := was[f.ID]; !ok && freed[f.Key] {
			aside[f.ID] = f.Key
			f.Key = fmt.Sprintf("zznew%d", len(aside))
		}
	})
	return renames, func(app *schema.App) {
		for _, x := range app.Entities {
			if x.ID == e.ID {
				eachField(x.Fields, func(f *schema.Field) {
					if k, ok := aside[f.ID]; ok {
						f.Key = k
					}
				})
			}
		}
	}
}

// Order puts the documents of a kind into the order of the ids; those not named
// follow. It is published with the next version.
func (s *Store) Order(ctx context.Context, appID, actor, kind string, ids []string) error {
	return s.db.InTx(ctx, func(tx *store.Tx) error {
		w, err := s.open(ctx, tx, appID)
		if err != nil {
			return err
		}
		var docs []store.DocRow
		for _, id := range ids {
			if d, ok := w.docs[id]; ok && d.Kind == kind && !d.Deleted {
				docs = append(docs, d)
			} else {
				return ErrNoDoc.New()
			}
		}
		for _, d := range w.list() {
			if d.Kind == kind && !d.Deleted && !slices.Contains(ids, d.ID) {
				docs = append(docs, d)
			}
		}
		var stmts []store.Stmt
		for i, d := range docs {
			if d.Position != i+1 {
				stmts = append(stmts, store.PlaceDraft(appID, d.ID, i+1))
			}
		}
		_, err = tx.Do(ctx, stmts...)
		return err
	})
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

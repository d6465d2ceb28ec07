package engine

import (
	"context"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/field"
	"tenon/schema/value"
)

// PeopleIn lists the columns of an entity that hold members or departments.
func PeopleIn(ent *schema.EntityModel) []store.Pointers {
	if ent.Table == "" {
		return nil
	}
	var out []store.Pointers
	add := func(f *schema.FieldModel, record string) {
		if (f.Traits.HoldsUser || f.Traits.HoldsDept) && f.Column != "" && f.Storage == field.Column {
			out = append(out, store.Pointers{Schema: ent.Schema, Table: f.Entity.Table, Record: record, Column: f.Column, Many: f.Kind == value.List})
		}
	}
	for _, f := range ent.System {
		add(f, "id")
	}
	for _, f := range ent.Fields {
		add(f, "id")
		if f.Sub != nil {
			for _, c := range f.Sub.Fields {
				add(c, "parent_id")
			}
		}
	}
	return out
}

// undoPeople takes away the members without an account that an operation made,
// or brings back those that an undo took away. Whoever a live record of the
// workspace names, or anything else of the platform, stays.
func (e *Engine) undoPeople(ctx context.Context, workspaceID, operation, by string, out *UndoResult) error {
	res, err := e.DB.Read(ctx, store.MembersOf(workspaceID, operation))
	if err != nil || len(res[0].Rows) == 0 {
		return err
	}
	var gone, made []string
	names, stays := map[string]string{}, map[string]bool{}
	for _, row := range rowsOf(res[0]) {
		id := row.str(0)
		names[id] = row.str(1)
		switch {
		case row.str(2) == "t":
			gone = append(gone, id)
		default:
			made = append(made, id)
			stays[id] = row.str(3) == "t"
		}
	}
	if err := e.namedLive(ctx, workspaceID, made, stays); err != nil {
		return err
	}
	var free []string
	for _, id := range made {
		if stays[id] {
			out.MembersKept = append(out.MembersKept, names[id])
		} else {
			free = append(free, id)
		}
	}
	out.Members = len(free) + len(gone)
	_, err = e.DB.Read(ctx, store.RetireMembers(free, by), store.RecallMembers(gone, by))
	return err
}

// MembersInUse says which of a workspace's members have an account, an
// invitation or an open to-do, or are named by a live record of any app.
func (e *Engine) MembersInUse(ctx context.Context, workspaceID string, ids []string) (map[string]bool, error) {
	used := map[string]bool{}
	res, err := e.DB.Read(ctx, store.MembersAtWork(ids))
	if err != nil {
		return nil, err
	}
	for _, row := range rowsOf(res[0]) {
		used[row.str(0)] = true
	}
	return used, e.namedLive(ctx, workspaceID, ids, used)
}

// namedLive marks the members whom live records of any app of a workspace name.
func (e *Engine) namedLive(ctx context.Context, workspaceID string, ids []string, named map[string]bool) error {
	if len(ids) == 0 {
		return nil
	}
	apps, err := store.Find[store.App](e.DB.Cold(ctx), store.Match{"workspace_id": workspaceID, "deleted_at": nil}, "id")
	if err != nil {
		return err
	}
	for _, app := range apps {
		snap, err := e.Defs.At(ctx, app.ID)
		if err != nil {
			return err
		}
		var stmts []store.Stmt
		for _, ent := range snap.Entities {
			for _, p := range PeopleIn(ent) {
				stmts = append(stmts, store.LiveAmong(p, ent.Table, ids))
			}
		}
		res, err := e.DB.Read(ctx, stmts...)
		if err != nil {
			return err
		}
		for _, r := range res {
			for _, row := range rowsOf(r) {
				named[row.str(0)] = true
			}
		}
	}
	return nil
}

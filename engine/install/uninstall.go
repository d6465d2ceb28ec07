package install

import (
	"context"

	"tenon/engine"
	"tenon/engine/store"
)

// Uninstall removes an app for good: its tables, its definitions and all that
// lies beside them, also when it is in the recycle bin. People who came with
// its sample data go too, unless another app needs them.
func Uninstall(ctx context.Context, e *engine.Engine, appID string) error {
	res, err := e.DB.Read(ctx, store.AppSchema(appID))
	if err != nil {
		return err
	}
	if res[0].One() == nil {
		return ErrNoApp.New()
	}
	schemaName, workspaceID := res[0].Str(0), res[0].Str(1)
	members, departments, err := samplePeople(ctx, e, appID)
	if err != nil {
		return err
	}
	// From here on nobody begins anything with it; what is under way ends
	// before its tables can be had.
	if _, err := e.DB.Read(ctx, store.HideApp(appID, e.Now())); err != nil {
		return err
	}
	e.Defs.Refresh(appID)
	tables, err := tablesOf(ctx, e, appID, schemaName)
	if err != nil {
		return err
	}
	err = e.DB.Change(ctx, "ACCESS EXCLUSIVE", schemaName, tables, func(tx *store.Tx) error {
		stmts := make([]store.Stmt, len(tables))
		for i, t := range tables {
			stmts[i] = store.DropTableCascade(schemaName, t)
		}
		_, err := tx.Do(ctx, append(stmts, store.DropApp(appID, schemaName)...)...)
		return err
	})
	if err != nil {
		return err
	}
	_, err = dropPeople(ctx, e, appID, workspaceID, members, departments)
	return err
}

// tablesOf lists the tables of an app that are there, retired ones too.
func tablesOf(ctx context.Context, e *engine.Engine, appID, schemaName string) ([]string, error) {
	res, err := e.DB.Read(ctx, store.ReadPlaces(appID))
	if err != nil {
		return nil, err
	}
	var named []string
	for _, p := range store.PlacesOf(res[0]) {
		if p.Column == "" {
			named = append(named, p.Table)
		}
	}
	if res, err = e.DB.Read(ctx, store.ReadFacts(schemaName, named)...); err != nil {
		return nil, err
	}
	return sorted(store.FactsOf(res).Columns), nil
}

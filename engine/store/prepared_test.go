package store_test

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"tenon/engine/cluster/clustertest"
	"tenon/engine/store"
	"tenon/engine/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(clustertest.Run(m)) }

// Each of many connections has prepared a statement when a column under it
// changes its type: nobody is told, in a transaction or outside.
func TestPrepared_outlives_a_change_of_its_table(t *testing.T) {
	t.Parallel()
	db, ctx := storetest.New(t), t.Context()
	exec := func(sql string) {
		t.Helper()
		if _, err := db.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE TABLE tenon.thing (id bigint PRIMARY KEY, v bigint)")
	exec("INSERT INTO tenon.thing VALUES (1, 7)")
	read := store.S("SELECT v FROM tenon.thing WHERE id = $1", store.Int(1)).Planned()
	everywhere := func(want string) {
		t.Helper()
		var wg sync.WaitGroup
		fail := make(chan string, 32)
		gate := make(chan struct{})
		for i := range 8 {
			wg.Go(func() {
				<-gate
				for range 6 {
					got := ""
					var err error
					if i%2 == 0 {
						var r []store.Result
						if r, err = db.Read(ctx, read); err == nil {
							got = r[0].Str(0)
						}
					} else {
						err = db.InTx(ctx, func(tx *store.Tx) error {
							r, err := tx.Do(ctx, read, store.S("SELECT pg_sleep(0.005)"))
							if err == nil {
								got = r[0].Str(0)
							}
							return err
						})
					}
					if err != nil || got != want {
						fail <- fmt.Sprintf("%q, %v; want %q", got, err, want)
						return
					}
				}
			})
		}
		close(gate)
		wg.Wait()
		close(fail)
		for f := range fail {
			t.Error(f)
		}
	}
	everywhere("7")
	exec("ALTER TABLE tenon.thing ALTER v TYPE text USING 'now ' || v")
	everywhere("now 7")
}

// A filter is planned for what it looks for, also on a connection that has just
// run a statement with a plan for all values, and after a rollback took that
// setting back.
func TestPrepared_plans_as_the_statement_asks(t *testing.T) {
	t.Parallel()
	db, ctx := storetest.New(t), t.Context()
	mode := store.S("SELECT current_setting('plan_cache_mode') WHERE $1", store.Bool(true))
	see := func(tx *store.Tx, st store.Stmt, want string) {
		t.Helper()
		r, err := tx.Do(ctx, st)
		if err != nil {
			t.Fatal(err)
		}
		if got := r[0].Str(0); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for range 3 {
		if err := db.InTx(ctx, func(tx *store.Tx) error {
			see(tx, mode, "force_custom_plan")
			see(tx, mode.Planned(), "force_generic_plan")
			see(tx, mode, "force_custom_plan")
			if _, err := tx.Do(ctx, store.S("SAVEPOINT s")); err != nil {
				return err
			}
			see(tx, mode.Planned(), "force_generic_plan")
			if _, err := tx.Do(ctx, store.S("ROLLBACK TO SAVEPOINT s")); err != nil {
				return err
			}
			see(tx, mode, "force_custom_plan")
			see(tx, mode.Planned(), "force_generic_plan")
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := db.Discard(ctx, func(tx *store.Tx) error { see(tx, mode, "force_custom_plan"); return nil }); err != nil {
			t.Fatal(err)
		}
	}
}

// A connection keeps a bounded number of statements.
func TestPrepared_is_bounded(t *testing.T) {
	t.Parallel()
	db, ctx := storetest.New(t), t.Context()
	if err := db.InTx(ctx, func(tx *store.Tx) error {
		for round := range 3 {
			for i := range 400 {
				if _, err := tx.One(ctx, fmt.Sprintf("SELECT $1 + %d", i), store.Int(1)); err != nil {
					return err
				}
				if round == 0 && i > 0 { // twice in a row, so that it is kept
					if _, err := tx.One(ctx, fmt.Sprintf("SELECT $1 + %d", i-1), store.Int(1)); err != nil {
						return err
					}
				}
			}
		}
		r, err := tx.One(ctx, "SELECT count(*) FROM pg_prepared_statements")
		if err != nil {
			return err
		}
		if n := r.Int(0); n < 100 || n > 160 {
			t.Errorf("%d statements kept", n)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

package store_test

import (
	"testing"

	"tenon/engine/store"
	"tenon/engine/store/storetest"
)

// What nobody waits for goes out before the next statement or with the commit,
// in its order; the last word sees all of it.
func TestTx_laterAndLastly(t *testing.T) {
	t.Parallel()
	db, ctx := storetest.New(t), t.Context()
	put := func(n int64) store.Stmt {
		return store.S("INSERT INTO tenon.thing VALUES ($1, (SELECT count(*) FROM tenon.thing))", store.Int(n))
	}
	count := store.S("SELECT count(*) FROM tenon.thing")
	is := func(want int64) {
		t.Helper()
		r, err := db.One(ctx, count.SQL)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Int(0); got != want {
			t.Errorf("%d rows, want %d", got, want)
		}
	}
	if _, err := db.Exec(ctx, "CREATE TABLE tenon.thing (id bigint PRIMARY KEY, n bigint)"); err != nil {
		t.Fatal(err)
	}
	last := int64(-1)
	err := db.InTx(ctx, func(tx *store.Tx) error {
		tx.Later(put(1), put(2))
		r, err := tx.Do(ctx, count)
		if err != nil {
			return err
		}
		if len(r) != 1 || r[0].Int(0) != 2 {
			t.Errorf("the next statement sees %v", r)
		}
		tx.Lastly(count, func(r store.Result) { last = r.Int(0) })
		tx.Later(put(3))
		if last != -1 {
			t.Error("the last word came too early")
		}
		return nil
	})
	if err != nil || last != 3 {
		t.Fatalf("%v, last %d", err, last)
	}
	is(3)
	if r, err := db.One(ctx, "SELECT string_agg(n::text, ',' ORDER BY id) FROM tenon.thing"); err != nil || r.Str(0) != "0,1,2" {
		t.Errorf("the order was %s, %v", r.Str(0), err)
	}
	// Nothing but what waits is a transaction as well.
	if err := db.InTx(ctx, func(tx *store.Tx) error { tx.Later(put(4)); return nil }); err != nil {
		t.Fatal(err)
	}
	is(4)
	// A failure at the end is a failure of the whole, and nobody hears a last word.
	told := false
	err = db.InTx(ctx, func(tx *store.Tx) error {
		tx.AfterCommit(func() { told = true })
		tx.Lastly(count, func(store.Result) { told = true })
		tx.Later(put(5), put(1))
		return nil
	})
	if code, _, _ := store.PgError(err); code != "23505" || told {
		t.Errorf("%v, told %v", err, told)
	}
	is(4)
	if err := db.Discard(ctx, func(tx *store.Tx) error { tx.Later(put(1)); return nil }); err == nil {
		t.Error("a rehearsal did not meet the failure of what waited")
	}
	if err := db.Discard(ctx, func(tx *store.Tx) error { tx.Later(put(6)); return nil }); err != nil {
		t.Error(err)
	}
	is(4)
}

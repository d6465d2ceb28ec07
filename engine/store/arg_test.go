package store_test

import (
	"slices"
	"testing"

	"tenon/engine/store"
	"tenon/engine/store/storetest"
)

// What Postgres makes of an array comes back element by element.
func TestItems_readWhatPostgresWrites(t *testing.T) {
	t.Parallel()
	db, ctx := storetest.New(t), t.Context()
	for _, elements := range [][]string{
		{},
		{"one"},
		{"甲", "乙丙", "𠮷"},
		{"", "NULL", "null", " "},
		{`a"b`, `a\b`, `\`, `"`, `\"`, `a\\"`},
		{"a,b", ",", "{}", "{a", "b}", "two words", "line\nbreak"},
	} {
		r, err := db.One(ctx, "SELECT $1::text[]", store.Texts(elements))
		if err != nil {
			t.Fatal(err)
		}
		raw := r.Rows[0][0]
		if got := store.ParseArray(raw); !slices.Equal(got, elements) {
			t.Errorf("%s reads as %q, want %q", raw, got, elements)
		}
	}
	if got := store.ParseArray([]byte(`{a,NULL,"NULL",b}`)); !slices.Equal(got, []string{"a", "NULL", "b"}) {
		t.Errorf("a null element stays: %q", got)
	}
	for range store.Items([]byte(`{a,b}`)) {
		break
	}
}

package query_test

import (
	"testing"

	"tenon/engine/query"
	"tenon/schema/expr"
)

// TestFunctions_sqlOrReason: each function can be rendered or says why not.
func TestFunctions_sqlOrReason(t *testing.T) {
	t.Parallel()
	for _, f := range expr.All() {
		switch has := query.HasSQL(f); {
		case !has && f.NoSQL == "":
			t.Errorf("%s is neither in the tables of engine/query nor has a NoSQL reason", f.Name)
		case has && f.NoSQL != "":
			t.Errorf("%s has SQL and a reason why not: %s", f.Name, f.NoSQL)
		}
	}
	for _, name := range query.SQLNames() {
		if f, ok := expr.Lookup(name); !ok || f.Name != name {
			t.Errorf("engine/query renders a function %s that there is not", name)
		}
	}
}

package exprtest_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"tenon/schema/expr"
	"tenon/schema/expr/exprtest"
)

func TestGenerate_seedNamesACase(t *testing.T) {
	t.Parallel()
	a := exprtest.Generate(rand.New(rand.NewPCG(1, 2)), 300)
	b := exprtest.Generate(rand.New(rand.NewPCG(1, 2)), 300)
	for i := range a {
		if a[i].Expr != b[i].Expr || a[i].Zone != b[i].Zone || string(a[i].Record.AppendJSON(nil)) != string(b[i].Record.AppendJSON(nil)) {
			t.Fatalf("case %d differs: %s and %s", i, a[i].Expr, b[i].Expr)
		}
	}
}

func TestGenerate_wellFormed(t *testing.T) {
	t.Parallel()
	for _, c := range exprtest.Generate(rand.New(rand.NewPCG(3, 4)), 300) {
		if _, err := expr.Compile(c.Expr, exprtest.Scope()); err != nil {
			t.Errorf("%s: %v", c.Expr, err)
		}
		if !json.Valid(c.Record.AppendJSON(nil)) {
			t.Errorf("record is no JSON: %s", c.Record.AppendJSON(nil))
		}
	}
}

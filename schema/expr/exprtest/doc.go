// Package exprtest makes random well-typed expressions and records for tests
// that compare the evaluators of the expression language: Go, SQL and the
// browser must give one answer to every case.
//
// Everything comes from the caller's random source, so a seed names a case for
// ever. The entity is fixed and has a field of every kind, links one and many,
// and sub-forms; Schema lists its fields for tests that need tables.
//
// When a function is added to schema/expr, add at least one template for it in
// templates.go; a test of schema/expr fails until there is one.
package exprtest

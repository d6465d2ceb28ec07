// Package expr is the one expression language: defaults, formulas, visibility,
// validation, row permissions, filters, rule conditions and text templates.
//
// expr-lang is the parser and the virtual machine. Between them stands our own
// typed tree: every operator becomes an explicit call of ours with exact
// decimals and the null rules of the language, every function comes from one
// table, everything else is refused with its position. The same tree is
// rendered to SQL by engine/query and evaluated in the browser by
// frontend/src/expr, so one expression on one record never has two answers.
//
// Null rules: == and != are total (null is a value); < > <= >= and the text
// operators are false with null; arithmetic with null is null; and, or, not
// read null as false; sum and count of nothing are 0; avg, min and max of
// nothing are null.
//
// The package never does I/O. Functions that look at other records become
// Query nodes that the engine answers; the clock, the zone and the actor come
// with the Env.
//
// To add a function: one Func in functions_<group>.go with its help and
// examples, its SQL in engine/query/functions.go and its TypeScript in
// frontend/src/expr; or a reason why an evaluator lacks it. Then a template in
// exprtest, so that the differential tests reach it, and go test -update.
package expr

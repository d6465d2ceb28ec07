// Package store reads and writes Postgres: the pool, transactions as pipelined
// statements, migrations of the platform's own tables, and gorm for the cold
// ones among them.
//
// Statements carry their parameters with type OIDs and text values, so one
// round trip serves many statements, plans are custom, and nothing breaks when
// a table changes under a live pool. The package never builds record SQL (that
// is engine/query) and never decides who may see what.
//
// To add a platform table: append a numbered file to migrations/; never edit
// one that has landed.
package store

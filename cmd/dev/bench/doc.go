// Package bench measures the product through its API on one machine: speed as
// ratios to raw Postgres and to a bare handler on the same cluster in the same
// minute, memory, start, and the delay and rate of automations.
//
// Every operation runs on three targets in turn: pgx without HTTP, a bare
// net/http handler over pgx that writes JSON from the wire values, and the
// product with an API key: permissions, validation, history and two rules
// included. The bare handler runs in a process of its own (Bare), so that no
// target shares the client's garbage collector.
//
// Browse serves the same product with sample data for a browser to measure.
//
// The package never imports the product and is never a test: a figure that
// depends on the machine fails no build. To add an operation, add it to
// operations with its three forms.
package bench

// Package definition keeps app definitions: the draft that people edit, the
// published version that everything runs on, and the way from one to the other.
//
// Store.At gives the published version of an app as an immutable Snapshot:
// compiled expressions, physical names, parameters. Every write transaction
// holds the snapshot's fence, so that it never commits against a version that
// is no longer live. Publish turns chosen draft documents into the next
// version: Plan says what will happen, then tables change while readers and
// writers go on, and one transaction switches.
//
// The package decides which tables, columns and indexes there are, but holds no
// SQL text: that is engine/store. It never touches the content of records,
// except to convert values when a field changes its type.
//
// Law: physical names come from the registry (table physical), never from a key.
package definition

// Package transfer moves records in and out: tables of texts (CSV, XLSX,
// pasted) become records through the one write path, and records become
// tables.
//
// An import has a source and a mapping. The source gives rows of texts,
// whatever the file was; the mapping says which rows count, which fields their
// texts fill, how links and people are found and which records are meant. A
// dry run and a run do the same with every row, the first in sessions that are
// rolled back; memory is bounded by a chunk of rows, not by the file.
//
// The package keeps no jobs and no uploads; it is told where to report its
// progress and stops when it is told to.
//
// To add a file format: a reader that gives rows of texts, chosen in Open.
package transfer

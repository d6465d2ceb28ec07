// Package api speaks HTTP: typed handlers, authentication, OpenAPI, the event
// stream, public links and files.
//
// A route is declared once with Handle: its permission, its documentation and
// a function from a typed input to a typed output. The adapter reads path,
// query, headers and body strictly, finds the actor and checks the permission
// before the function runs, and writes JSON or an RFC 9457 problem after it.
// From the same declaration comes the OpenAPI document, so nothing is served
// that it does not describe.
//
// The package decides nothing about records: it asks the engine, as the actor
// whom package identity found. It knows no SQL.
//
// To add a resource: one file with its input and output types and a method
// that calls Handle, named in (*Server).routes; a scenario for every route in
// the test beside it; then go test ./api -run OpenAPI -update and go generate,
// which writes the UI's types from the document.
package api

//go:generate go run ../cmd/dev types

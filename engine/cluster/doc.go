// Package cluster runs Tenon's private Postgres: the database that a newcomer
// gets without installing or configuring one.
//
// Start finds Postgres binaries, makes a cluster in the data folder on the
// first start, serves it on a unix socket that only its owner reaches, and
// stops it again. The data folder is locked by one process at a time; the
// major version of the data is pinned by the data themselves; started as root
// the server runs as an unprivileged user, also where that user cannot read
// the parents of the data folder. The server ends with its owner: by Stop, by
// a parent-death signal, or, where neither was possible, by the next Start.
//
// The package never speaks SQL to the running server and never knows what is
// in it: it hands out a URL.
//
// To find binaries in one more place, add it to machineFolders in binaries.go;
// to fetch them from one more source, write a FetchFunc.
package cluster

package main

import (
	"go/ast"
	"path"
	"regexp"
	"strings"
)

// sqlPackages are where SQL text is made.
var sqlPackages = []string{"engine/store/...", "engine/query/...", "workflow/store/..."}

// sqlText recognises a statement: a verb and what must follow it, in one case
// throughout, as nobody writes prose.
var sqlText = regexp.MustCompile(`^\s*(` +
	`select\s.*\sfrom\s|insert into\s|update\s+\S+(\s+\w+)?\s+set\s|delete from\s|truncate\s+\S+$|lock table\s|` +
	`(create|alter|drop) (unique |temp |or replace )?(table|index|schema|database|sequence|function|type|extension)\s|with\s+\w+\s+as\s+\(|` +
	`SELECT\s.*\sFROM\s|INSERT INTO\s|UPDATE\s+\S+(\s+\w+)?\s+SET\s|DELETE FROM\s|TRUNCATE\s+\S+$|LOCK TABLE\s|` +
	`(CREATE|ALTER|DROP) (UNIQUE |TEMP |OR REPLACE )?(TABLE|INDEX|SCHEMA|DATABASE|SEQUENCE|FUNCTION|TYPE|EXTENSION)\s|WITH\s+\w+\s+AS\s+\()`)

// oneLine folds white space, so that the patterns see a statement as a line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") + " " }

func eachLiteral(f *goFile, visit func(n ast.Node, text string)) {
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if _, ok := n.(*ast.ImportSpec); ok {
			return false
		}
		if text, ok := literal(n); n != nil && ok {
			visit(n, text)
		}
		return true
	})
}

// checkSQLHomes: SQL text is written only where queries are made, so that
// permission filters and identifiers have one compiler.
func checkSQLHomes(t *tree) (out []finding) {
	for _, f := range t.files {
		if f.test || kit(f.pkg) || withinAny(f.pkg, sqlPackages) || within(f.pkg, "engine/cluster") || within(f.pkg, "cmd/dev/...") {
			continue
		}
		eachLiteral(f, func(n ast.Node, text string) {
			if sqlText.MatchString(oneLine(text)) {
				out = append(out, finding{t.at(n), "SQL belongs to " + strings.Join(sqlPackages, ", ")})
			}
		})
	}
	return out
}

// databaseClock are the ways to ask Postgres what time it is.
var databaseClock = regexp.MustCompile(`(?i)\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\(\)|\b(current_timestamp|localtimestamp|current_date)\b`)

// migrationTable is kept before there is a clock to inject: when a migration
// ran is nobody's business instant.
const migrationTable = "tenon.migration"

// checkDatabaseClock: business instants are parameters from the injected
// clock; only leases use the database's, in files named for them.
func checkDatabaseClock(t *tree) (out []finding) {
	const advice = "the database's clock is for leases only (files named *lease*); pass the instant as a parameter"
	lease := func(name string) bool { return strings.Contains(path.Base(name), "lease") }
	for _, f := range t.files {
		if f.test || kit(f.pkg) || lease(f.name) || !withinAny(f.pkg, sqlPackages) {
			continue
		}
		eachLiteral(f, func(n ast.Node, text string) {
			// The name alone is the expression language's function.
			if strings.Contains(text, migrationTable) {
				return
			}
			if databaseClock.MatchString(text) && strings.Contains(strings.TrimSpace(text), " ") {
				out = append(out, finding{t.at(n), advice})
			}
		})
	}
	for _, s := range t.sql {
		if databaseClock.MatchString(withoutSQLComments(s.text)) && !lease(s.name) {
			out = append(out, finding{s.name, advice})
		}
	}
	return out
}

var sqlComment = regexp.MustCompile(`--[^\n]*`)

func withoutSQLComments(s string) string { return sqlComment.ReplaceAllString(s, "") }

// newerPostgres are features that Postgres 14 does not have.
var newerPostgres = regexp.MustCompile(`(?i)\bmerge into\b|\bnulls not distinct\b|\bjson_table\s*\(|\bjson_(query|value|exists|serialize|scalar|object\s*\(.*:)\s*\(|\bany_value\s*\(|\buuidv7\s*\(|\bvirtual\s*[,)]|\bwithout overlaps\b|\bsecurity_invoker\b|\bregexp_(count|like|substr|instr)\s*\(|\bdate_add\s*\(|\brandom_normal\s*\(|\breturning\s+(old|new)\.`)

// checkOldPostgres: the product runs on Postgres 14.
func checkOldPostgres(t *tree) (out []finding) {
	const advice = "newer than Postgres 14: "
	for _, f := range t.files {
		if !withinAny(f.pkg, sqlPackages) {
			continue
		}
		eachLiteral(f, func(n ast.Node, text string) {
			if m := newerPostgres.FindString(text); m != "" {
				out = append(out, finding{t.at(n), advice + m})
			}
		})
	}
	for _, s := range t.sql {
		if m := newerPostgres.FindString(withoutSQLComments(s.text)); m != "" {
			out = append(out, finding{s.name, advice + m})
		}
	}
	return out
}

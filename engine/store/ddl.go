package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tenon/schema/fault"
)

// Table describes a table of records, link rows or sub-form rows.
type Table struct {
	Schema  string    `json:"schema"`
	Name    string    `json:"name"`
	Kind    TableKind `json:"kind"`
	Owner   string    `json:"owner,omitempty"` // link and child rows: the table of the records they belong to
	Columns []Column  `json:"columns,omitempty"`
}

// TableKind says which rows a table holds.
type TableKind string

// The kinds of tables.
const (
	RecordTable TableKind = "records"
	LinkTable   TableKind = "links"
	ChildTable  TableKind = "rows"
)

// Column is a column behind a field.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Index describes an index. Its name is made of the table, the columns and the
// kind of index, see IndexName.
type Index struct {
	Schema  string   `json:"schema"`
	Table   string   `json:"table"`
	Name    string   `json:"name"`
	Unique  bool     `json:"unique,omitempty"`
	Gin     bool     `json:"gin,omitempty"`
	Live    bool     `json:"live,omitempty"` // only records that are not deleted
	Desc    bool     `json:"desc,omitempty"`
	Columns []string `json:"columns"`
	// Collation is that of the first column, empty for the column's own.
	Collation string `json:"collation,omitempty"`
}

// Foreign describes the foreign key of a link column.
type Foreign struct {
	Schema   string `json:"schema"`
	Table    string `json:"table"`
	Name     string `json:"name"`
	Column   string `json:"column"`
	Target   string `json:"target"`
	OnDelete string `json:"on_delete"` // restrict, null, cascade
}

// maxIdent is how many bytes of an identifier Postgres keeps.
const maxIdent = 63

// FitName shortens a physical name to what Postgres keeps; suffix survives.
func FitName(base, suffix string) string {
	if len(base)+len(suffix) <= maxIdent {
		return base + suffix
	}
	h := sha256.Sum256([]byte(base))
	tail := "_" + hex.EncodeToString(h[:4]) + suffix
	return base[:maxIdent-len(tail)] + tail
}

// IndexName names an index after its table, what it covers and its kind (key,
// idx, gin, sort). The point cannot occur in a table's or column's name, so two
// indexes of one schema never meet.
func IndexName(table, on, kind string) string { return FitName(table+"."+on, "_"+kind) }

// ForeignName names the foreign key of a link column.
func ForeignName(column string) string { return FitName(column, "_fkey") }

// columnType is the type as written in DDL: texts compare by code point.
func columnType(t string) string {
	if t == "text" || t == "text[]" {
		return t + ` COLLATE "C"`
	}
	return t
}

// CreateTable makes a table with the columns that every table of its kind has.
// Indexes and the keys of links are made apart. Repeating it does nothing.
func CreateTable(t Table) Stmt {
	var b strings.Builder
	b.WriteString("CREATE TABLE IF NOT EXISTS " + Ident(t.Schema, t.Name) + " (")
	switch t.Kind {
	case RecordTable:
		b.WriteString("id uuid PRIMARY KEY, rev bigint NOT NULL DEFAULT 1, created_at timestamptz NOT NULL, created_by uuid, " +
			"updated_at timestamptz NOT NULL, updated_by uuid, owner uuid, deleted_at timestamptz, zz_grams text[] COLLATE \"C\", zz_op uuid")
	case LinkTable:
		b.WriteString("src uuid NOT NULL CONSTRAINT src_fkey REFERENCES " + Ident(t.Schema, t.Owner) + " ON DELETE CASCADE, dst uuid NOT NULL, pos int NOT NULL DEFAULT 0, PRIMARY KEY (src, dst)")
	case ChildTable:
		b.WriteString("id uuid PRIMARY KEY, parent_id uuid NOT NULL CONSTRAINT parent_id_fkey REFERENCES " + Ident(t.Schema, t.Owner) + " ON DELETE CASCADE, pos int NOT NULL")
	}
	for _, c := range t.Columns {
		fmt.Fprintf(&b, ", %s %s", Ident(c.Name), columnType(c.Type))
	}
	b.WriteString(")")
	return S(b.String())
}

// OwnColumns are the columns that every table of a kind has.
func OwnColumns(kind TableKind) []string {
	switch kind {
	case RecordTable:
		return []string{"id", "rev", "created_at", "created_by", "updated_at", "updated_by", "owner", "deleted_at", "zz_grams", "zz_op"}
	case LinkTable:
		return []string{"src", "dst", "pos"}
	default:
		return []string{"id", "parent_id", "pos"}
	}
}

// BaseIndexes are the indexes that every table of a kind has.
func BaseIndexes(schema, table string, kind TableKind) []Index {
	ix := func(on, kind string, cols ...string) Index {
		return Index{Schema: schema, Table: table, Name: IndexName(table, on, kind), Columns: cols}
	}
	switch kind {
	case RecordTable:
		created := ix("created_at", "idx", "created_at", "id")
		created.Desc, created.Live = true, true
		grams := ix("zz_grams", "gin", "zz_grams")
		grams.Gin, grams.Live = true, true
		return []Index{created, ix("owner", "idx", "owner"), grams}
	case LinkTable:
		return []Index{ix("dst", "idx", "dst")}
	default:
		return []Index{ix("parent_id", "idx", "parent_id", "pos")}
	}
}

func onDelete(rule string) string {
	switch rule {
	case "null":
		return "SET NULL"
	case "cascade":
		return "CASCADE"
	}
	return "RESTRICT"
}

// AddColumns adds the columns that a table lacks.
func AddColumns(schema, table string, cols ...Column) Stmt {
	parts := make([]string, len(cols))
	for i, c := range cols {
		parts[i] = "ADD COLUMN IF NOT EXISTS " + Ident(c.Name) + " " + columnType(c.Type)
	}
	return S("ALTER TABLE " + Ident(schema, table) + " " + strings.Join(parts, ", "))
}

// CreateIndex makes an index at once, for tables that nobody uses yet.
func CreateIndex(ix Index) Stmt { return S(ix.sql("IF NOT EXISTS ")) }

// ShowIndex is how BuildIndex makes an index, to be shown.
func ShowIndex(ix Index) string { return ix.sql("CONCURRENTLY ") }

func (ix Index) sql(how string) string {
	var b strings.Builder
	b.WriteString("CREATE ")
	if ix.Unique {
		b.WriteString("UNIQUE ")
	}
	b.WriteString("INDEX " + how + Ident(ix.Name) + " ON " + Ident(ix.Schema, ix.Table))
	if ix.Gin {
		b.WriteString(" USING gin")
	}
	b.WriteString(" (")
	for i, c := range ix.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(Ident(c))
		if i == 0 && ix.Collation != "" {
			b.WriteString(" COLLATE " + Ident(ix.Collation))
		}
		if ix.Desc {
			b.WriteString(" DESC")
		}
	}
	b.WriteString(")")
	if ix.Live {
		b.WriteString(" WHERE deleted_at IS NULL")
	}
	return b.String()
}

// AddForeign makes the foreign key of a link column. Rows that exist are
// checked by ValidateForeign, which does not lock writers out.
func AddForeign(f Foreign) Stmt {
	return S(fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (id) ON DELETE %s DEFERRABLE INITIALLY IMMEDIATE NOT VALID",
		Ident(f.Schema, f.Table), Ident(f.Name), Ident(f.Column), Ident(f.Schema, f.Target), onDelete(f.OnDelete)))
}

// ValidateForeign checks the rows that were there before the foreign key.
func ValidateForeign(f Foreign) Stmt {
	return S("ALTER TABLE " + Ident(f.Schema, f.Table) + " VALIDATE CONSTRAINT " + Ident(f.Name))
}

// DropForeign removes a foreign key.
func DropForeign(schema, table, name string) Stmt {
	return S("ALTER TABLE " + Ident(schema, table) + " DROP CONSTRAINT IF EXISTS " + Ident(name))
}

// RenameForeign renames a foreign key.
func RenameForeign(schema, table, from, to string) Stmt {
	return S("ALTER TABLE " + Ident(schema, table) + " RENAME CONSTRAINT " + Ident(from) + " TO " + Ident(to))
}

// RenameColumn renames a column.
func RenameColumn(schema, table, from, to string) Stmt {
	return S("ALTER TABLE " + Ident(schema, table) + " RENAME COLUMN " + Ident(from) + " TO " + Ident(to))
}

// RenameTable renames a table.
func RenameTable(schema, from, to string) Stmt {
	return S("ALTER TABLE " + Ident(schema, from) + " RENAME TO " + Ident(to))
}

// RenameIndex renames an index.
func RenameIndex(schema, from, to string) Stmt {
	return S("ALTER INDEX " + Ident(schema, from) + " RENAME TO " + Ident(to))
}

// RemoveIndex drops an index of a table that is locked already.
func RemoveIndex(schema, name string) Stmt { return S("DROP INDEX IF EXISTS " + Ident(schema, name)) }

// DropColumn removes a column and its values for good.
func DropColumn(schema, table, column string) Stmt {
	return S("ALTER TABLE " + Ident(schema, table) + " DROP COLUMN IF EXISTS " + Ident(column))
}

// DropTable removes a table and its rows for good.
func DropTable(schema, table string) Stmt { return S("DROP TABLE IF EXISTS " + Ident(schema, table)) }

// DropTableCascade is DropTable with the foreign keys that point to it.
func DropTableCascade(schema, table string) Stmt {
	return S("DROP TABLE IF EXISTS " + Ident(schema, table) + " CASCADE")
}

// Facts about tables, from the catalogue.
type Facts struct {
	Attributes map[string]int             // by table: columns, dropped ones included
	Rows       map[string]int64           // by table: estimated rows
	Columns    map[string]map[string]bool // by table: living columns
	Indexes    map[string]IndexFact       // by name
	Foreigns   map[string]map[string]bool // by table: names of foreign keys, and whether they are checked
}

// IndexFact is what the catalogue says of an index.
type IndexFact struct {
	Table string
	Valid bool // usable: its build has come to an end
}

// ReadFacts reads what the catalogue says of the tables of a schema; those that
// do not exist are absent. FactsOf decodes the results.
func ReadFacts(schema string, tables []string) []Stmt {
	const from = " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1 "
	args := []Arg{Text(schema), Texts(tables)}
	return []Stmt{
		S("SELECT c.relname, a.attname, a.attisdropped, greatest(c.reltuples, 0)::bigint"+from+"JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.relname = ANY($2)", args...),
		S("SELECT i.relname, x.indisvalid, c.relname"+from+"JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid WHERE c.relname = ANY($2)", args...),
		S("SELECT c.relname, k.conname, k.convalidated"+from+"JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' WHERE c.relname = ANY($2)", args...),
	}
}

// FactsOf decodes the results of ReadFacts.
func FactsOf(rs []Result) *Facts {
	f := &Facts{Attributes: map[string]int{}, Rows: map[string]int64{}, Columns: map[string]map[string]bool{}, Indexes: map[string]IndexFact{}, Foreigns: map[string]map[string]bool{}}
	for _, r := range rs[0].Rows {
		t := string(r[0])
		f.Attributes[t]++
		if f.Columns[t] == nil {
			f.Columns[t] = map[string]bool{}
			f.Rows[t] = Result{Rows: [][][]byte{r}}.Int(3)
		}
		if string(r[2]) != "t" {
			f.Columns[t][string(r[1])] = true
		}
	}
	for _, r := range rs[1].Rows {
		f.Indexes[string(r[0])] = IndexFact{Table: string(r[2]), Valid: string(r[1]) == "t"}
	}
	for _, r := range rs[2].Rows {
		t := string(r[0])
		if f.Foreigns[t] == nil {
			f.Foreigns[t] = map[string]bool{}
		}
		f.Foreigns[t][string(r[1])] = string(r[2]) == "t"
	}
	return f
}

// ErrLocked is returned when a table stayed in use for too long to be changed.
var ErrLocked = fault.Define(fault.Transient, "database.locked", "数据表一直被占用，暂时无法修改，请稍后重试", "a table stayed in use and could not be changed; try again shortly")

// Change runs f in a transaction that first locks the tables in the mode. All
// locks are taken in one statement of less than a second, the time after which
// Postgres looks for deadlocks: a reader or writer that waits for us is never
// the one to be killed, and nobody queues behind us for longer. When a table is
// busy everything is released and tried again after a pause, so f may run
// several times.
func (db *DB) Change(ctx context.Context, mode, schema string, tables []string, f func(tx *Tx) error) error {
	return db.change(ctx, nil, mode, schema, tables, f)
}

// ChangeAlone is Change under a lock that its writers share: it waits for those
// that are at it, two seconds at a time, and keeps new ones waiting.
func (db *DB) ChangeAlone(ctx context.Context, key int64, mode, schema string, tables []string, f func(tx *Tx) error) error {
	return db.change(ctx, []Stmt{LockAlone(key)}, mode, schema, tables, f)
}

func (db *DB) change(ctx context.Context, first []Stmt, mode, schema string, tables []string, f func(tx *Tx) error) error {
	lock := make([]string, len(tables))
	for i, t := range tables {
		lock[i] = Ident(schema, t)
	}
	stmts := append([]Stmt{S("SET LOCAL lock_timeout = '2s'")}, first...)
	if len(lock) > 0 {
		stmts = append(stmts, S("SET LOCAL statement_timeout = '900ms'"), S("LOCK TABLE "+strings.Join(lock, ", ")+" IN "+mode+" MODE"))
	}
	stmts = append(stmts, S("SET LOCAL statement_timeout = 0"))
	for try := 0; ; try++ {
		err := db.tryTx(ctx, "", 0, func(tx *Tx) error {
			if _, err := tx.Do(ctx, stmts...); err != nil {
				return err
			}
			return f(tx)
		})
		if err == nil || ctx.Err() != nil || !lockTrouble(err) {
			return err
		}
		if try >= 60 {
			return ErrLocked.New().Because(err)
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// lockTrouble tells the errors of a lock that was not to be had.
func lockTrouble(err error) bool {
	switch code, _, _ := PgError(err); code {
	case "55P03", "57014", "40P01", "40001":
		return true
	}
	return false
}

// pause waits a random time that grows with the tries.
func pause(ctx context.Context, try int) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Duration(20+rand.IntN(100*min(try+1, 20))) * time.Millisecond):
		return nil
	}
}

// BuildIndex makes an index without keeping writers out. What an interrupted
// build has left behind is removed first; a valid index of that name is kept.
// Duplicates under a unique index come back as SQLSTATE 23505.
func (db *DB) BuildIndex(ctx context.Context, ix Index) error {
	for try := 0; ; try++ {
		err := db.patient(ctx, func(exec func(sql string) error, conn *pgx.Conn) error {
			valid, err := indexState(ctx, conn.PgConn(), ix.Schema, ix.Name)
			if err != nil || valid == "t" {
				return err
			}
			if valid == "f" {
				if err := exec("DROP INDEX CONCURRENTLY " + Ident(ix.Schema, ix.Name)); err != nil {
					return err
				}
			}
			return exec(ix.sql("CONCURRENTLY "))
		})
		if err == nil || ctx.Err() != nil {
			return err
		}
		if !lockTrouble(err) || try >= 10 {
			return errorsJoin(err, db.DropIndex(ctx, ix.Schema, ix.Name, true))
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// errorsJoin keeps the first error as the one that callers see.
func errorsJoin(first, second error) error {
	if second != nil {
		return fmt.Errorf("%w (and then: %v)", first, second)
	}
	return first
}

// DropIndex removes an index without keeping writers out; with invalidOnly it
// spares one that is usable.
func (db *DB) DropIndex(ctx context.Context, schema, name string, invalidOnly bool) error {
	for try := 0; ; try++ {
		err := db.patient(ctx, func(exec func(sql string) error, conn *pgx.Conn) error {
			valid, err := indexState(ctx, conn.PgConn(), schema, name)
			if err != nil || valid == "" || invalidOnly && valid == "t" {
				return err
			}
			return exec("DROP INDEX CONCURRENTLY IF EXISTS " + Ident(schema, name))
		})
		if err == nil || ctx.Err() != nil || !lockTrouble(err) || try >= 30 {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// indexState gives "t" for a valid index, "f" for an invalid one, "" for none.
func indexState(ctx context.Context, pg *pgconn.PgConn, schema, name string) (string, error) {
	r, err := run(ctx, pg, []Stmt{S("SELECT x.indisvalid FROM pg_class i JOIN pg_namespace n ON n.oid = i.relnamespace JOIN pg_index x ON x.indexrelid = i.oid WHERE n.nspname = $1 AND i.relname = $2", Text(schema), Text(name))})
	if err != nil {
		return "", err
	}
	return r[0].Str(0), nil
}

// patient lends a connection whose statements may take as long as they need,
// for building and dropping indexes concurrently: those wait for others, but
// nobody waits for them.
func (db *DB) patient(ctx context.Context, f func(exec func(sql string) error, conn *pgx.Conn) error) error {
	return db.Alone(ctx, func(exec func(sql string) error, conn *pgx.Conn) error {
		if err := exec("SET statement_timeout = 0; SET lock_timeout = 0"); err != nil {
			return err
		}
		// Where the platform can, Postgres stops when this process dies.
		_ = exec("SET client_connection_check_interval = '1s'")
		defer func() {
			if !conn.PgConn().IsClosed() {
				c, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
				_ = conn.PgConn().Exec(c, "RESET statement_timeout; RESET lock_timeout; RESET client_connection_check_interval").Close()
				cancel()
			}
		}()
		return f(exec, conn)
	})
}

// RebuildTable copies a table into a new one under its name: dropped columns
// are gone for good. Those that write under the key wait until it is done, and
// readers of the table for the last step only.
func (db *DB) RebuildTable(ctx context.Context, key int64, schema, table string) error {
	t, aside := Ident(schema, table), FitName("zz_move_"+table, "")
	const rel = " FROM pg_constraint k WHERE k.contype = 'f' AND "
	read := []Stmt{
		S("SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped", Text(t)),
		S("SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = $1::regclass AND NOT indisprimary AND indisvalid ORDER BY 1", Text(t)),
		S("SELECT conname, pg_get_constraintdef(k.oid), conrelid::regclass"+rel+"conrelid = $1::regclass ORDER BY 1", Text(t)),
		S("SELECT conname, pg_get_constraintdef(k.oid), conrelid::regclass"+rel+"confrelid = $1::regclass AND conrelid <> confrelid ORDER BY 3, 1", Text(t)),
		S("SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k WHERE k.contype = 'p' AND conrelid = $1::regclass", Text(t)),
	}
	return db.ChangeAlone(ctx, key, "EXCLUSIVE", schema, []string{table}, func(tx *Tx) error {
		facts, err := tx.Do(ctx, read...)
		if err != nil {
			return err
		}
		columns, n := facts[0].Str(0), Ident(schema, aside)
		stmts := []Stmt{
			S("CREATE TABLE " + n + " (LIKE " + t + " INCLUDING DEFAULTS)"),
			S("INSERT INTO " + n + " (" + columns + ") SELECT " + columns + " FROM " + t),
			S("SET LOCAL lock_timeout = '30s'"),
		}
		for _, f := range facts[3].Rows {
			stmts = append(stmts, S("ALTER TABLE "+string(f[2])+" DROP CONSTRAINT "+Ident(string(f[0]))))
		}
		stmts = append(stmts, S("DROP TABLE "+t), S("ALTER TABLE "+n+" RENAME TO "+Ident(table)), S("ALTER TABLE "+t+" ADD "+facts[4].Str(0)))
		for _, ix := range facts[1].Rows {
			stmts = append(stmts, S(string(ix[0])))
		}
		for _, f := range append(facts[2].Rows, facts[3].Rows...) {
			def := string(f[1])
			if !strings.HasSuffix(def, "NOT VALID") {
				def += " NOT VALID" // checked later, without locking anybody out
			}
			stmts = append(stmts, S("ALTER TABLE "+string(f[2])+" ADD CONSTRAINT "+Ident(string(f[0]))+" "+def))
		}
		_, err = tx.Do(ctx, stmts...)
		return err
	})
}

// Workspace schemas.

// CreateWorkspaceSchema makes a workspace's schema and its history. Repeating
// it does nothing.
func CreateWorkspaceSchema(schema string) []Stmt {
	h := Ident(schema, "history")
	return []Stmt{
		S("CREATE SCHEMA IF NOT EXISTS " + Ident(schema)),
		S("CREATE TABLE IF NOT EXISTS " + h + " (id bigint GENERATED ALWAYS AS IDENTITY, xid xid8 NOT NULL DEFAULT pg_current_xact_id(), at timestamptz NOT NULL, app uuid, entity text, " +
			"record uuid, rev bigint, op text, actor uuid, cause text, operation uuid, depth int, version int, before jsonb, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)"),
		S("CREATE INDEX IF NOT EXISTS history_record ON " + h + " (entity, record, at DESC)"),
		S("CREATE INDEX IF NOT EXISTS history_app ON " + h + " (app, id)"),
		S("CREATE INDEX IF NOT EXISTS history_operation ON " + h + " (operation, id) WHERE operation IS NOT NULL"),
	}
}

// EnsurePartitions makes the monthly partitions of a history that are missing,
// from the month of from on. They are made apart and then attached, because
// creating one in place would keep every writer out. Nodes that are at it
// together take turns by the key: two that create one table at once fail in
// ways Postgres does not tell apart from real trouble.
func (db *DB) EnsurePartitions(ctx context.Context, key int64, schema string, from time.Time, months int) error {
	from = from.UTC()
	there, err := db.partitions(ctx, schema)
	if err != nil {
		return err
	}
	h := Ident(schema, "history")
	for i := range months {
		a := time.Date(from.Year(), from.Month()+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
		name := "history_" + a.Format("2006_01")
		if there[name] {
			continue
		}
		p := Ident(schema, name)
		err := db.ChangeAlone(ctx, key, "", schema, nil, func(tx *Tx) error {
			made, err := tx.Do(ctx, S("SELECT to_regclass($1)", Text(p)))
			if err != nil || made[0].Str(0) != "" {
				return err // another node was faster
			}
			_, err = tx.Do(ctx, S("CREATE TABLE "+p+" (LIKE "+h+" INCLUDING DEFAULTS)"),
				S(fmt.Sprintf("ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM ('%s+00') TO ('%s+00')", h, p, a.Format("2006-01-02 15:04:05"), a.AddDate(0, 1, 0).Format("2006-01-02 15:04:05"))))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// partitions names the partitions that a schema's history has.
func (db *DB) partitions(ctx context.Context, schema string) (map[string]bool, error) {
	have, err := db.One(ctx, "SELECT p.relname FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid JOIN pg_class h ON h.oid = i.inhparent AND h.relname = 'history' JOIN pg_namespace n ON n.oid = h.relnamespace AND n.nspname = $1", Text(schema))
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, r := range have.Rows {
		there[string(r[0])] = true
	}
	return there, nil
}

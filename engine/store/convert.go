package store

import (
	"context"
	"encoding/json"
	"strings"

	"tenon/schema/field"
)

// Conversion carries the values of one column over to another one of the same
// table, while writers go on changing the first.
//
// Rows are converted in transactions of our own, whose ids are remembered. A
// row whose newest version was written by one of them is done; any other row
// was made or changed since and is converted (again). Nothing else needs to be
// recorded, and no trigger: whoever writes leaves a version of their own.
type Conversion struct {
	Schema, Table string
	From, To      Column
	Kept          string // column with the values before an earlier conversion, "" if none
}

// ConvertedRow is one row of a conversion.
type ConvertedRow struct {
	ID       string
	From     []byte // text form; nil is null
	Kept     []byte
	Have, To []byte
}

// open selects from the rows that the transactions $1 have not written.
func (c Conversion) open(what string) string {
	some := Ident(c.From.Name) + " IS NOT NULL OR " + Ident(c.To.Name) + " IS NOT NULL"
	if c.Kept != "" {
		some += " OR " + Ident(c.Kept) + " IS NOT NULL"
	}
	return "SELECT " + what + " FROM " + Ident(c.Schema, c.Table) + " WHERE (" + some + ") AND NOT (xmin::text = ANY($1))"
}

func (c Conversion) columns() string {
	kept := "NULL"
	if c.Kept != "" {
		kept = Ident(c.Kept)
	}
	return "id, " + Ident(c.From.Name) + "::text, " + kept + "::text, " + Ident(c.To.Name) + "::text"
}

// Batch reads and locks up to limit rows that follow after in order of their
// ids and are not converted. Rows that others have locked are left out: whoever
// holds them is about to change them.
func (c Conversion) Batch(ctx context.Context, tx *Tx, done []string, after string, limit int) ([]ConvertedRow, error) {
	sql, args := c.open(c.columns()), []Arg{Texts(done), Int(int64(limit))}
	if after != "" {
		sql, args = sql+" AND id > $3", append(args, UUID(after))
	}
	r, err := tx.One(ctx, sql+" ORDER BY id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED", args...)
	return convertedRows(r), err
}

// Rest reads every row that is not converted, in one go, for when nobody writes.
func (c Conversion) Rest(ctx context.Context, tx *Tx, done []string) ([]ConvertedRow, error) {
	r, err := tx.One(ctx, c.open(c.columns()), Texts(done))
	return convertedRows(r), err
}

// Left counts the rows that are not converted.
func (db *DB) Left(ctx context.Context, c Conversion, done []string) (int64, error) {
	r, err := db.One(ctx, c.open("count(*)"), Texts(done))
	return r.Int(0), err
}

func convertedRows(r Result) []ConvertedRow {
	out := make([]ConvertedRow, len(r.Rows))
	for i, v := range r.Rows {
		out[i] = ConvertedRow{ID: string(v[0]), From: v[1], Kept: v[2], Have: v[3]}
	}
	return out
}

// Write stores converted values and returns the id of the transaction.
func (c Conversion) Write(ctx context.Context, tx *Tx, rows []ConvertedRow) (xid string, err error) {
	pairs := make([][2]*string, len(rows))
	for i, r := range rows {
		pairs[i][0] = &rows[i].ID
		if r.To != nil {
			s := string(r.To)
			pairs[i][1] = &s
		}
	}
	raw, err := json.Marshal(pairs)
	if err != nil {
		return "", err
	}
	r, err := tx.Do(ctx, S("UPDATE "+Ident(c.Schema, c.Table)+" t SET "+Ident(c.To.Name)+" = (v->>1)::"+c.To.Type+" FROM jsonb_array_elements($1) v WHERE t.id = (v->>0)::uuid", JSON(raw)),
		S("SELECT pg_current_xact_id()::xid::text"))
	if err != nil {
		return "", err
	}
	return r[1].Str(0), nil
}

// Show is the conversion as SQL to be shown.
func (c Conversion) Show() string {
	return "UPDATE " + Ident(c.Schema, c.Table) + " SET " + Ident(c.To.Name) + " = … " + Ident(c.From.Name) + " … (5000 rows at a time)"
}

// Values reads the different values of a column with their numbers of rows, the
// frequent ones first.
func (db *DB) Values(ctx context.Context, schema, table, column string, limit int) (Result, error) {
	c := Ident(column)
	return db.One(ctx, "SELECT "+c+"::text, count(*) FROM "+Ident(schema, table)+" WHERE "+c+" IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $1", Int(int64(limit)))
}

// Duplicates reads values that several living records share, and counts them.
func (db *DB) Duplicates(ctx context.Context, schema, table, column string, limit int) (Result, error) {
	c := Ident(column)
	return db.One(ctx, "SELECT v, n, count(*) OVER () FROM (SELECT "+c+"::text AS v, count(*) AS n FROM "+Ident(schema, table)+" WHERE deleted_at IS NULL AND "+c+" IS NOT NULL GROUP BY "+c+" HAVING count(*) > 1) q ORDER BY n DESC, v LIMIT $1", Int(int64(limit)))
}

// Existing keeps those ids that a table has, whatever their state.
func Existing(ctx context.Context, tx *Tx, schema, table string, ids []string) (map[string]bool, error) {
	r, err := tx.One(ctx, "SELECT id FROM "+Ident(schema, table)+" WHERE id = ANY($1)", UUIDs(ids))
	out := map[string]bool{}
	for _, v := range r.Rows {
		out[string(v[0])] = true
	}
	return out, err
}

// LinksFromColumn makes the rows of a link table equal to a link column.
func LinksFromColumn(schema, links, table, column string) []Stmt {
	l, t, c := Ident(schema, links), Ident(schema, table), Ident(column)
	return []Stmt{
		S("DELETE FROM " + l + " l WHERE NOT EXISTS (SELECT 1 FROM " + t + " t WHERE t.id = l.src AND t." + c + " = l.dst)"),
		S("INSERT INTO " + l + " (src, dst) SELECT t.id, t." + c + " FROM " + t + " t WHERE t." + c + " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM " + l + " l WHERE l.src = t.id AND l.dst = t." + c + ") ON CONFLICT DO NOTHING"),
	}
}

// ColumnFromLinks makes a link column equal to the first rows of a link table.
func ColumnFromLinks(schema, links, table, column string) []Stmt {
	l, t, c := Ident(schema, links), Ident(schema, table), Ident(column)
	first := "(SELECT l.dst FROM " + l + " l WHERE l.src = t.id ORDER BY l.pos, l.dst LIMIT 1)"
	return []Stmt{S("UPDATE " + t + " t SET " + c + " = " + first + " WHERE t." + c + " IS DISTINCT FROM " + first)}
}

// ClearDangling empties the links of a column whose targets are gone.
func ClearDangling(schema, table, column, target string) Stmt {
	c := Ident(column)
	return S("UPDATE " + Ident(schema, table) + " t SET " + c + " = NULL WHERE t." + c + " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM " + Ident(schema, target) + " x WHERE x.id = t." + c + ")")
}

// DeleteDangling removes the rows of a link table whose targets are gone.
func DeleteDangling(schema, links, target string) Stmt {
	return S("DELETE FROM " + Ident(schema, links) + " l WHERE NOT EXISTS (SELECT 1 FROM " + Ident(schema, target) + " x WHERE x.id = l.dst)")
}

// ManyLinked counts the records that have several rows in a link table.
func (db *DB) ManyLinked(ctx context.Context, schema, links string) (int64, error) {
	r, err := db.One(ctx, "SELECT count(*) FROM (SELECT 1 FROM "+Ident(schema, links)+" GROUP BY src HAVING count(*) > 1) q")
	return r.Int(0), err
}

// CountRows counts the rows of a table.
func (db *DB) CountRows(ctx context.Context, schema, table string) (int64, error) {
	r, err := db.One(ctx, "SELECT count(*) FROM "+Ident(schema, table))
	return r.Int(0), err
}

// MovePlaces follows the renaming of a table in the registry.
func MovePlaces(schema, from, to string) Stmt {
	return S("UPDATE tenon.physical SET table_name = $3 WHERE schema_name = $1 AND table_name = $2", Text(schema), Text(from), Text(to))
}

// ReadNames reads the display names of a workspace's members and departments:
// kind, id, name.
func ReadNames(workspace string) Stmt {
	return S("SELECT 'member', id, name FROM tenon.member WHERE workspace_id = $1 UNION ALL SELECT 'department', id, name FROM tenon.department WHERE workspace_id = $1", UUID(workspace))
}

// OIDOf gives the parameter type for a column type.
func OIDOf(sql string) uint32 {
	switch base, _, _ := strings.Cut(sql, "("); base {
	case "boolean":
		return field.OIDBool
	case "bigint":
		return field.OIDInt8
	case "numeric":
		return field.OIDNumeric
	case "date":
		return field.OIDDate
	case "timestamptz":
		return field.OIDTimestamptz
	case "uuid":
		return field.OIDUUID
	case "jsonb":
		return field.OIDJSONB
	case "text[]":
		return field.OIDTextArray
	case "uuid[]":
		return field.OIDUUIDArray
	}
	return field.OIDText
}

// FirstLinks makes a link column equal to the first rows of a link table for up
// to limit records after an id where it is not. Records that others have locked
// are left out. It returns the last id done, "" at the end.
func FirstLinks(ctx context.Context, tx *Tx, schema, links, table, column, after string, limit int) (string, error) {
	l, t, c := Ident(schema, links), Ident(schema, table), Ident(column)
	first := "(SELECT l.dst FROM " + l + " l WHERE l.src = t.id ORDER BY l.pos, l.dst LIMIT 1)"
	where, args := "", []Arg{Int(int64(limit))}
	if after != "" {
		where, args = " AND t.id > $2", append(args, UUID(after))
	}
	r, err := tx.One(ctx, "WITH b AS (SELECT t.id FROM "+t+" t WHERE t."+c+" IS DISTINCT FROM "+first+where+" ORDER BY t.id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED), "+
		"u AS (UPDATE "+t+" t SET "+c+" = "+first+" FROM b WHERE t.id = b.id RETURNING t.id) SELECT id FROM u ORDER BY id DESC LIMIT 1", args...)
	return r.Str(0), err
}

package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Cold gives typed access to the platform's cold tables: rows are structs and
// conditions are maps of column to value, so that no SQL is written elsewhere.
// It shares the pool and never joins a record transaction.
type Cold struct{ g *gorm.DB }

// Cold binds the cold tables to a context.
func (db *DB) Cold(ctx context.Context) Cold { return Cold{db.Gorm(ctx)} }

// InTx runs f in a transaction of the cold tables.
func (c Cold) InTx(f func(c Cold) error) error {
	return c.g.Transaction(func(tx *gorm.DB) error { return f(Cold{tx}) })
}

// Match is a condition: column → value; a slice means any of them, nil means null.
type Match map[string]any

// Set is a change: column → value.
type Set map[string]any

// where adds the condition in a fixed order, so that statements repeat.
func where(g *gorm.DB, m Match) *gorm.DB {
	cols := make([]string, 0, len(m))
	for k := range m {
		cols = append(cols, k)
	}
	sort.Strings(cols)
	for _, k := range cols {
		if b, ok := m[k].([]byte); ok { // a list to gorm, a value to us
			g = g.Where(clause.Eq{Column: clause.Column{Name: k}, Value: b})
			continue
		}
		g = g.Where(map[string]any{k: m[k]})
	}
	return g
}

// Find returns the rows that match, ordered by columns; "-name" descends.
func Find[T any](c Cold, m Match, order ...string) ([]T, error) {
	return FindPage[T](c, m, 0, order...)
}

// FindPage is Find with at most limit rows; 0 means all.
func FindPage[T any](c Cold, m Match, limit int, order ...string) ([]T, error) {
	var out []T
	g := where(c.g.Model(new(T)), m)
	for _, o := range order {
		desc := o[0] == '-'
		if desc {
			o = o[1:]
		}
		g = g.Order(clause.OrderByColumn{Column: clause.Column{Name: o}, Desc: desc})
	}
	if limit > 0 {
		g = g.Limit(limit)
	}
	return out, g.Find(&out).Error
}

// First returns one row that matches, and whether there is one.
func First[T any](c Cold, m Match) (T, bool, error) {
	var out T
	err := where(c.g, m).Take(&out).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return out, false, nil
	}
	return out, err == nil, err
}

// Lock is First with the row locked until the transaction ends.
func Lock[T any](c Cold, m Match) (T, bool, error) {
	return First[T](Cold{c.g.Clauses(clause.Locking{Strength: "UPDATE"})}, m)
}

// Count counts the rows that match.
func Count[T any](c Cold, m Match) (int64, error) {
	var n int64
	return n, where(c.g.Model(new(T)), m).Count(&n).Error
}

// Insert adds a row, or all rows of a slice; an empty slice adds nothing.
func Insert[T any](c Cold, rows ...T) error {
	if len(rows) == 0 {
		return nil
	}
	return c.g.Create(&rows).Error
}

// InsertNew is Insert that leaves rows alone which are there already.
func InsertNew[T any](c Cold, rows ...T) error {
	if len(rows) == 0 {
		return nil
	}
	return c.g.Clauses(clause.OnConflict{DoNothing: true}).Create(&rows).Error
}

// Put inserts a row or replaces the row with the same primary key.
func Put[T any](c Cold, row T) error {
	return c.g.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// Change sets columns of the rows that match and says how many there were.
func Change[T any](c Cold, m Match, set Set) (int64, error) {
	if len(m) == 0 || len(set) == 0 {
		return 0, fmt.Errorf("store: a change needs a condition and a column")
	}
	r := where(c.g.Model(new(T)), m).Updates(map[string]any(set))
	return r.RowsAffected, r.Error
}

// Remove deletes the rows that match and says how many there were.
func Remove[T any](c Cold, m Match) (int64, error) {
	if len(m) == 0 {
		return 0, fmt.Errorf("store: a removal needs a condition")
	}
	r := where(c.g, m).Delete(new(T))
	return r.RowsAffected, r.Error
}

// ID is a uuid column that may be null: "" is null.
type ID string

// Value gives the driver's form.
func (i ID) Value() (driver.Value, error) {
	if i == "" {
		return nil, nil
	}
	return string(i), nil
}

// Scan reads the driver's form.
func (i *ID) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*i = ""
	case string:
		*i = ID(v)
	case []byte:
		*i = ID(v)
	default:
		return fmt.Errorf("store: uuid from %T", v)
	}
	return nil
}

// Strings is a text[] or uuid[] column.
type Strings []string

// Value gives the driver's form.
func (s Strings) Value() (driver.Value, error) { return string(arrayText(s)), nil }

// Scan reads the driver's form.
func (s *Strings) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*s = Strings{}
	case string:
		*s = ParseArray([]byte(v))
	case []byte:
		*s = ParseArray(v)
	default:
		return fmt.Errorf("store: array from %T", v)
	}
	if *s == nil {
		*s = Strings{}
	}
	return nil
}

// Doc is a jsonb column; nil is null.
type Doc json.RawMessage

// DocOf encodes v, which must be encodable, as a jsonb value.
func DocOf(v any) Doc {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("store: a value of this program cannot be encoded: %v", err))
	}
	return b
}

// Into decodes the document; an empty one leaves v alone.
func (d Doc) Into(v any) error {
	if len(d) == 0 {
		return nil
	}
	return json.Unmarshal(d, v)
}

// MarshalJSON gives the document itself.
func (d Doc) MarshalJSON() ([]byte, error) {
	if len(d) == 0 {
		return []byte("null"), nil
	}
	return d, nil
}

// Value gives the driver's form.
func (d Doc) Value() (driver.Value, error) {
	if len(d) == 0 {
		return nil, nil
	}
	return string(d), nil
}

// Scan reads the driver's form.
func (d *Doc) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*d = nil
	case string:
		*d = Doc(v)
	case []byte:
		*d = append(Doc(nil), v...)
	default:
		return fmt.Errorf("store: jsonb from %T", v)
	}
	return nil
}

// When is a timestamptz column that may be null: the zero time is null.
type When struct{ time.Time }

// At makes a column value of an instant.
func At(t time.Time) When { return When{t} }

// MarshalJSON writes null for the zero time.
func (w When) MarshalJSON() ([]byte, error) {
	if w.IsZero() {
		return []byte("null"), nil
	}
	return w.UTC().MarshalJSON()
}

// Value gives the driver's form.
func (w When) Value() (driver.Value, error) {
	if w.IsZero() {
		return nil, nil
	}
	return w.UTC().Truncate(time.Microsecond), nil
}

// Scan reads the driver's form.
func (w *When) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		w.Time = time.Time{}
	case time.Time:
		w.Time = v.UTC()
	default:
		return fmt.Errorf("store: timestamptz from %T", v)
	}
	return nil
}

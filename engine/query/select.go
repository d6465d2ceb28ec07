package query

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"tenon/engine/access"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Request asks for records of one entity.
type Request struct {
	Filter  string
	Sort    []Sort
	Limit   int
	Offset  int
	Cursor  string
	Fields  []string // keys or ids; nil: all readable but sub-forms
	All     bool     // with Fields nil: sub-forms too
	Search  string
	IDs     []string
	Except  []string
	Deleted bool // the recycle bin instead of live records
	Count   bool
	// Zh is the collation for user-visible text order; empty: by bytes.
	Collation string
}

// Sort orders by one field.
type Sort struct {
	Field string
	Desc  bool
}

// Column is one output column of a select.
type Column struct {
	Field *schema.FieldModel
	// LevelAt is the index of the column that says how much shows (1 in part,
	// 2 in full); -1 when always in full, -2 when always in part.
	LevelAt int
	At      int
}

// Select is a rendered list request.
type Select struct {
	Stmt    store.Stmt
	Count   *store.Stmt
	Columns []Column
	ID, Rev int // column indices
	sortAt  []int
	sorts   []sortKey
	Limit   int
}

// Faults of list requests.
var (
	ErrCursor = fault.Define(fault.Invalid, "query.cursor", "翻页位置无效，请重新打开列表", "the cursor is not valid; start the list again")
	ErrLimit  = fault.Define(fault.Invalid, "query.limit", "每页最多 {max} 条", "at most {max} records per page")
	ErrSort   = fault.Define(fault.Invalid, "query.sort", "不能按“{field}”排序", "cannot sort by \"{field}\"")
)

// MaxLimit is the largest page.
const MaxLimit = 500

type sortKey struct {
	sql  string
	desc bool
	oid  uint32
	cast string // for the cursor's text value
	null bool   // may be null
}

// List renders a request. env carries the clock and the actor.
func List(m *schema.Model, env *expr.Env, rights *access.Rights, e *schema.EntityModel, r Request) (*Select, error) {
	g := New(m, env, rights, e)
	if r.Limit == 0 {
		r.Limit = 50
	}
	if r.Limit < 0 || r.Limit > MaxLimit || r.Offset < 0 {
		return nil, ErrLimit.With("max", MaxLimit)
	}
	s := &Select{Limit: r.Limit}
	where, err := g.where(e, r)
	if err != nil {
		return nil, err
	}
	if r.Count {
		c := store.Stmt{SQL: "SELECT count(*) FROM " + Table(e) + " t WHERE " + where, Args: append([]store.Arg(nil), g.Args...)}
		s.Count = &c
	}
	cols, err := g.columns(e, r, s)
	if err != nil {
		return nil, err
	}
	if err := g.sorts(e, r, s); err != nil {
		return nil, err
	}
	if r.Cursor != "" {
		c, err := g.after(s, r.Cursor)
		if err != nil {
			return nil, err
		}
		where += " AND " + c
	}
	var order []string
	for i, k := range s.sorts {
		o := k.sql
		if k.desc {
			o += " DESC"
			if k.null {
				o += " NULLS LAST"
			}
		}
		order = append(order, o)
		s.sortAt = append(s.sortAt, len(cols)+i)
	}
	for _, k := range s.sorts {
		cols = append(cols, k.sql)
	}
	by := strings.Join(order, ", ")
	limit := strconv.Itoa(r.Limit + 1)
	sql := "SELECT " + strings.Join(cols, ", ") + " FROM " + Table(e) + " t WHERE " + where + " ORDER BY " + by + " LIMIT " + limit
	if r.Offset > 0 {
		// Late row lookup: find the page's ids first, read wide rows after.
		sql = "SELECT " + strings.Join(cols, ", ") + " FROM (SELECT t.id AS pid FROM " + Table(e) + " t WHERE " + where + " ORDER BY " + by + " LIMIT " + limit +
			" OFFSET " + strconv.Itoa(r.Offset) + ") p JOIN " + Table(e) + " t ON t.id = p.pid ORDER BY " + by
	}
	s.Stmt = store.S(sql, g.Args...)
	if r.Filter == "" && r.Search == "" && r.Cursor == "" && len(r.Except) == 0 && (r.IDs != nil || g.Rights == nil || g.Rights.Full()) {
		s.Stmt = s.Stmt.Planned() // nothing in it that some values fit better than others
	}
	return s, nil
}

// Where renders the whole condition of a request, for bulk operations.
func Where(m *schema.Model, env *expr.Env, rights *access.Rights, e *schema.EntityModel, r Request) (string, []store.Arg, error) {
	g := New(m, env, rights, e)
	w, err := g.where(e, r)
	return w, g.Args, err
}

func (g *Gen) where(e *schema.EntityModel, r Request) (string, error) {
	parts := []string{"t.deleted_at IS NULL"}
	if r.Deleted {
		parts[0] = "t.deleted_at IS NOT NULL"
	}
	row, err := g.RowFilter("read", e, "t")
	if err != nil {
		return "", err
	}
	if row != "" {
		parts = append(parts, row)
	}
	if r.Filter != "" {
		prog, err := expr.TreeAs(r.Filter, g.Model.Scope(e), expr.T(value.Bool))
		if err != nil {
			return "", under("filter", err)
		}
		if g.Rights != nil && !g.Rights.Full() && prog.Queries() {
			return "", expr.ErrNoQuery.At("filter")
		}
		c, err := g.Cond(prog.Root)
		if err != nil {
			return "", under("filter", err)
		}
		parts = append(parts, c)
		g.filled(e, prog.Root)
	}
	if r.Search != "" {
		c, err := g.Search(e, r.Search)
		if err != nil {
			return "", err
		}
		parts = append(parts, c)
	}
	if r.IDs != nil {
		parts = append(parts, "t.id = ANY("+g.Arg(store.UUIDs(onlyIDs(r.IDs)))+")")
	}
	if len(r.Except) > 0 {
		parts = append(parts, "NOT t.id = ANY("+g.Arg(store.UUIDs(onlyIDs(r.Except)))+")")
	}
	return strings.Join(parts, " AND "), nil
}

func under(path string, err error) error {
	var l fault.List
	l.AddUnder(path, err)
	return l.Err()
}

func onlyIDs(l []string) []string {
	out := make([]string, 0, len(l))
	for _, s := range l {
		if isUUID(s) {
			out = append(out, s)
		}
	}
	return out
}

// filled notes the fields that a filter keeps only where they have a value. An
// order over such a field needs no word about nulls, so that an index serves it
// in both directions.
func (g *Gen) filled(e *schema.EntityModel, n *expr.Node) {
	if n.Op == expr.OpAnd {
		g.filled(e, n.Args[0])
		g.filled(e, n.Args[1])
		return
	}
	if n.Op != expr.OpCall || !g.rejectsNull(n) {
		return
	}
	for _, a := range n.Args {
		if a.Op == expr.OpField && a.Root == "record" && len(a.Path) == 1 {
			if g.notNull == nil {
				g.notNull = map[*schema.FieldModel]bool{}
			}
			g.notNull[e.Field(a.Path[0].ID)] = true
		}
	}
}

// columns renders the output columns: id and rev first, then the fields the
// caller may see.
func (g *Gen) columns(e *schema.EntityModel, r Request, s *Select) ([]string, error) {
	cols := []string{"t.id", "t.rev"}
	s.ID, s.Rev = 0, 1
	var fields []*schema.FieldModel
	if r.Fields == nil {
		for _, f := range e.System {
			if k := f.Key(); k != "id" && k != "rev" && (k != "deleted_at" || r.Deleted) {
				fields = append(fields, f)
			}
		}
		for _, f := range e.Fields {
			if f.Storage != field.Child || r.All {
				fields = append(fields, f)
			}
		}
	} else {
		seen := map[string]bool{}
		for _, k := range r.Fields {
			f := e.Field(k)
			if f == nil {
				if strings.HasPrefix(k, "_") {
					continue
				}
				return nil, schema.ErrNoField.At("fields").With("ref", k)
			}
			if k := f.Key(); k != "id" && k != "rev" && !seen[k] {
				seen[k] = true
				fields = append(fields, f)
			}
		}
	}
	for _, f := range fields {
		full, part, err := g.FieldLevels(e, f, "t")
		if err != nil {
			return nil, err
		}
		if part == "false" {
			continue
		}
		raw, err := g.Raw("t", f)
		if err != nil {
			return nil, err
		}
		c := Column{Field: f, LevelAt: -1, At: len(cols)}
		switch {
		case full == "true":
		case part == "true" && full == "false":
			c.LevelAt = -2
		default:
			raw = "CASE WHEN " + part + " THEN " + raw + " END"
		}
		cols = append(cols, raw)
		if full != "true" && c.LevelAt == -1 {
			c.LevelAt = len(cols)
			cols = append(cols, "CASE WHEN "+full+" THEN 2 WHEN "+part+" THEN 1 ELSE 0 END")
		}
		s.Columns = append(s.Columns, c)
	}
	return cols, nil
}

func (g *Gen) sorts(e *schema.EntityModel, r Request, s *Select) error {
	lastDesc := true
	hasID := false
	for _, o := range r.Sort {
		f := e.Field(o.Field)
		if f == nil || f.Storage == field.Child || f.Storage == field.Links || f.Kind == value.Object {
			return ErrSort.At("sort").With("field", o.Field)
		}
		c, err := g.Column("t", f)
		if err != nil {
			return err
		}
		k := sortKey{sql: c, desc: o.Desc, oid: f.DB.OID, cast: f.DB.SQL, null: !g.notNull[f]}
		switch {
		case f.Key() == "id":
			k.null, hasID = false, true
		case f.Key() == "created_at" || f.Key() == "updated_at" || f.Key() == "rev":
			k.null = false
		case len(f.Choices) > 0 && f.Kind == value.Text:
			keys := make([]string, len(f.Choices))
			for i, ch := range f.Choices {
				keys[i] = ch.Key
			}
			k.sql = "array_position(" + g.Arg(store.Texts(keys)) + ", " + c + ")"
			k.oid, k.cast, k.null = field.OIDInt8, "bigint", true // no place for a choice that is gone
		case f.Kind == value.Text && r.Collation != "":
			k.sql = c + ` COLLATE ` + store.Ident(r.Collation)
		case f.Kind == value.List:
			k.sql = "array_to_string(" + c + ", ',')"
			k.oid, k.cast = field.OIDText, "text"
		}
		s.sorts = append(s.sorts, k)
		lastDesc = o.Desc
	}
	if len(r.Sort) == 0 {
		s.sorts = append(s.sorts, sortKey{sql: "t.created_at", desc: true, oid: field.OIDTimestamptz, cast: "timestamptz"})
	}
	if !hasID {
		s.sorts = append(s.sorts, sortKey{sql: "t.id", desc: lastDesc, oid: field.OIDUUID, cast: "uuid"})
	}
	return nil
}

// after renders "comes after the row the cursor names", nulls last.
func (g *Gen) after(s *Select, cursor string) (string, error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	var vals []*string
	if err != nil || json.Unmarshal(b, &vals) != nil || len(vals) != len(s.sorts) {
		return "", ErrCursor.At("cursor")
	}
	plain, desc := true, s.sorts[0].desc
	for i, k := range s.sorts {
		plain = plain && !k.null && k.desc == desc && vals[i] != nil
	}
	arg := func(i int) string { return g.Arg(store.Arg{OID: s.sorts[i].oid, Val: []byte(*vals[i])}) }
	if plain {
		var l, r []string
		for i, k := range s.sorts {
			l, r = append(l, k.sql), append(r, arg(i))
		}
		op := " > "
		if desc {
			op = " < "
		}
		return "(" + strings.Join(l, ", ") + ")" + op + "(" + strings.Join(r, ", ") + ")", nil
	}
	var or []string
	var eq []string
	for i, k := range s.sorts {
		if vals[i] != nil {
			op := " > "
			if k.desc {
				op = " < "
			}
			c := k.sql + op + arg(i)
			if k.null {
				c = "(" + c + " OR " + k.sql + " IS NULL)"
			}
			or = append(or, "("+strings.Join(append(append([]string{}, eq...), c), " AND ")+")")
			eq = append(eq, k.sql+" = "+arg(i))
		} else {
			eq = append(eq, k.sql+" IS NULL")
		}
	}
	if len(or) == 0 {
		return "false", nil
	}
	return "(" + strings.Join(or, " OR ") + ")", nil
}

// Cursor names a row, for the next page.
func (s *Select) Cursor(row [][]byte) string {
	vals := make([]*string, len(s.sortAt))
	for i, at := range s.sortAt {
		if row[at] != nil {
			v := string(row[at])
			vals[i] = &v
		}
	}
	b, err := json.Marshal(vals)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Shown returns a column's wire value as the caller may see it and how much
// of it shows.
func (c Column) Shown(row [][]byte) ([]byte, access.Level) {
	switch {
	case c.LevelAt == -1:
		return row[c.At], access.Shown
	case c.LevelAt == -2:
		return row[c.At], access.Partial
	}
	switch l := row[c.LevelAt]; {
	case len(l) == 1 && l[0] == '2':
		return row[c.At], access.Shown
	case len(l) == 1 && l[0] == '1':
		return row[c.At], access.Partial
	}
	return nil, access.Hidden
}

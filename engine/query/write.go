package query

import (
	"strconv"
	"strings"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/field"
	"tenon/schema/value"
)

// LoadFields lists the fields that a whole-record load returns, in order:
// everything stored, sub-forms and links included.
func LoadFields(e *schema.EntityModel) []*schema.FieldModel {
	out := append([]*schema.FieldModel(nil), e.System...)
	for _, f := range e.Fields {
		if f.Storage != field.Virtual {
			out = append(out, f)
		}
	}
	return out
}

// LoadStmt reads whole records by id, in id order, optionally locked.
func LoadStmt(m *schema.Model, e *schema.EntityModel, ids []string, lock string) store.Stmt {
	g := New(m, &expr.Env{}, nil, e)
	return g.load(e, "t.id = ANY("+g.Arg(store.UUIDs(ids))+")", lock)
}

// LoadWhereStmt reads whole live records for which a reference column names
// one of the ids: the records that a lookup or a rollup connects.
func LoadWhereStmt(m *schema.Model, e *schema.EntityModel, link *schema.FieldModel, ids []string, lock string) store.Stmt {
	g := New(m, &expr.Env{}, nil, e)
	p := g.Arg(store.UUIDs(ids))
	c := col("t", link.Column) + " = ANY(" + p + ")"
	if link.Storage == field.Links {
		c = "t.id IN (SELECT l.src FROM " + store.Ident(e.Schema, link.Column) + " l WHERE l.dst = ANY(" + p + "))"
	}
	return g.load(e, c, lock)
}

func (g *Gen) load(e *schema.EntityModel, where, lock string) store.Stmt {
	var cols []string
	for _, f := range LoadFields(e) {
		c, err := g.Raw("t", f)
		if err != nil {
			c = "NULL"
		}
		cols = append(cols, c)
	}
	sql := "SELECT " + strings.Join(cols, ", ") + " FROM " + Table(e) + " t WHERE " + where + " ORDER BY t.id"
	if lock != "" {
		sql += " " + lock + " OF t"
	}
	return store.S(sql, g.Args...).Planned()
}

// FindStmt finds live records by a condition over `it`, with the definer's rights.
func FindStmt(m *schema.Model, env *expr.Env, e *schema.EntityModel, cond *expr.Program, after string, limit int) (store.Stmt, error) {
	g := NewFor(m, env, nil, "it", e)
	where := "t.deleted_at IS NULL"
	if cond != nil {
		c, err := g.Cond(cond.Root)
		if err != nil {
			return store.Stmt{}, err
		}
		where += " AND " + c
	}
	if after != "" {
		where += " AND t.id > " + g.Arg(store.UUID(after))
	}
	return store.Stmt{SQL: "SELECT t.id FROM " + Table(e) + " t WHERE " + where + " ORDER BY t.id LIMIT " + strconv.Itoa(limit), Args: g.Args}, nil
}

// EachStmt finds live records by a condition over the record itself (a
// schedule's filter).
func EachStmt(m *schema.Model, env *expr.Env, e *schema.EntityModel, cond *expr.Program, after string, limit int) (store.Stmt, error) {
	g := New(m, env, nil, e)
	where := "t.deleted_at IS NULL"
	if cond != nil {
		c, err := g.Cond(cond.Root)
		if err != nil {
			return store.Stmt{}, err
		}
		where += " AND " + c
	}
	if after != "" {
		where += " AND t.id > " + g.Arg(store.UUID(after))
	}
	return store.Stmt{SQL: "SELECT t.id FROM " + Table(e) + " t WHERE " + where + " ORDER BY t.id LIMIT " + strconv.Itoa(limit), Args: g.Args}, nil
}

// MatchStmt finds live records by equal values, for upserts.
func MatchStmt(e *schema.EntityModel, fields []*schema.FieldModel, vals []value.Value) store.Stmt {
	var where []string
	var args []store.Arg
	for i, f := range fields {
		args = append(args, store.Of(vals[i], f.DB.OID))
		where = append(where, col("t", f.Column)+" = $"+strconv.Itoa(len(args)))
	}
	return store.Stmt{SQL: "SELECT t.id FROM " + Table(e) + " t WHERE t.deleted_at IS NULL AND " + strings.Join(where, " AND ") + " ORDER BY t.id LIMIT 3", Args: args}
}

// ColumnValue is a column with the value to write.
type ColumnValue struct {
	Field *schema.FieldModel
	Value value.Value
}

func columnArg(f *schema.FieldModel, v value.Value) store.Arg { return store.Of(v, f.DB.OID) }

// InsertStmt inserts one row of an entity. grams feed the search index, op is
// the bulk operation (may be empty).
func InsertStmt(e *schema.EntityModel, cols []ColumnValue, grams []string, op string) store.Stmt {
	names, holes := []string{"zz_grams", "zz_op"}, []string{"$1", "$2"}
	args := []store.Arg{store.Texts(grams), store.UUID(op)}
	for _, c := range cols {
		names = append(names, store.Ident(c.Field.Column))
		args = append(args, columnArg(c.Field, c.Value))
		holes = append(holes, "$"+strconv.Itoa(len(args)))
	}
	return store.S("INSERT INTO "+Table(e)+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(holes, ", ")+")", args...).Planned()
}

// UpdateStmt writes columns of one row. grams nil leaves the search index.
func UpdateStmt(e *schema.EntityModel, id string, cols []ColumnValue, grams []string, op string) store.Stmt {
	args := []store.Arg{store.UUID(id)}
	var sets []string
	if grams != nil {
		args = append(args, store.Texts(grams))
		sets = append(sets, "zz_grams = $"+strconv.Itoa(len(args)))
	}
	if op != "" {
		args = append(args, store.UUID(op))
		sets = append(sets, "zz_op = $"+strconv.Itoa(len(args)))
	}
	for _, c := range cols {
		args = append(args, columnArg(c.Field, c.Value))
		sets = append(sets, store.Ident(c.Field.Column)+" = $"+strconv.Itoa(len(args)))
	}
	return store.S("UPDATE "+Table(e)+" SET "+strings.Join(sets, ", ")+" WHERE id = $1", args...).Planned()
}

// PurgeStmt removes one row for good.
func PurgeStmt(e *schema.EntityModel, id string) store.Stmt {
	return store.S("DELETE FROM "+Table(e)+" WHERE id = $1", store.UUID(id)).Planned()
}

// LinkStmts replaces the targets of a many link.
func LinkStmts(f *schema.FieldModel, id string, old, now []value.Value) []store.Stmt {
	t := store.Ident(f.Entity.Schema, f.Column)
	var out []store.Stmt
	if len(old) > 0 {
		out = append(out, store.S("DELETE FROM "+t+" WHERE src = $1", store.UUID(id)).Planned())
	}
	if len(now) > 0 {
		ids := make([]string, len(now))
		for i, v := range now {
			ids[i] = v.Text()
		}
		out = append(out, store.S("INSERT INTO "+t+" (src, dst, pos) SELECT $1, x.v, x.o FROM unnest($2::uuid[]) WITH ORDINALITY AS x(v, o) ON CONFLICT DO NOTHING", store.UUID(id), store.UUIDs(ids)).Planned())
	}
	return out
}

// RowStmts brings a sub-form's rows from old to now.
func RowStmts(f *schema.FieldModel, parent string, old, now []value.Row) []store.Stmt {
	t := Table(f.Sub)
	was := map[string]bool{}
	for _, r := range old {
		was[r.ID] = true
	}
	var out []store.Stmt
	keep := map[string]bool{}
	for _, r := range now {
		keep[r.ID] = true
	}
	var gone []string
	for _, r := range old {
		if !keep[r.ID] {
			gone = append(gone, r.ID)
		}
	}
	if len(gone) > 0 {
		out = append(out, store.S("DELETE FROM "+t+" WHERE parent_id = $1 AND id = ANY($2)", store.UUID(parent), store.UUIDs(gone)).Planned())
	}
	for pos, r := range now {
		args := []store.Arg{store.UUID(r.ID), store.UUID(parent), store.Int(int64(pos))}
		names, holes, sets := []string{"id", "parent_id", "pos"}, []string{"$1", "$2", "$3"}, []string{"pos = $3"}
		for _, c := range f.Sub.Fields {
			if c.Storage != field.Column {
				continue
			}
			args = append(args, columnArg(c, r.Values[c.Key()]))
			h := "$" + strconv.Itoa(len(args))
			names, holes = append(names, store.Ident(c.Column)), append(holes, h)
			sets = append(sets, store.Ident(c.Column)+" = "+h)
		}
		if was[r.ID] {
			out = append(out, store.S("UPDATE "+t+" SET "+strings.Join(sets, ", ")+" WHERE id = $1 AND parent_id = $2", args...).Planned())
		} else {
			out = append(out, store.S("INSERT INTO "+t+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(holes, ", ")+")", args...).Planned())
		}
	}
	return out
}

// RollupStmt computes rollup fields of records by id, one row each: id, then
// the fields in order.
func RollupStmt(m *schema.Model, env *expr.Env, e *schema.EntityModel, fields []*schema.FieldModel, ids []string) (store.Stmt, error) {
	g := New(m, env, nil, e)
	cols := []string{"t.id"}
	for _, f := range fields {
		c, err := g.rollup(f)
		if err != nil {
			return store.Stmt{}, err
		}
		cols = append(cols, c)
	}
	sql := "SELECT " + strings.Join(cols, ", ") + " FROM " + Table(e) + " t WHERE t.id = ANY(" + g.Arg(store.UUIDs(ids)) + ") ORDER BY t.id"
	return store.S(sql, g.Args...).Planned(), nil
}

// rollup renders one rollup of t as a correlated aggregate.
func (g *Gen) rollup(f *schema.FieldModel) (string, error) {
	a := g.newAlias()
	from := Table(f.Rel) + " " + a
	var where string
	switch {
	case f.Via == nil:
		where = a + ".parent_id = t.id"
	case f.Via.Storage == field.Links:
		where = a + ".deleted_at IS NULL AND " + a + ".id IN (SELECT l.src FROM " + store.Ident(f.Rel.Schema, f.Via.Column) + " l WHERE l.dst = t.id)"
	default:
		where = a + ".deleted_at IS NULL AND " + col(a, f.Via.Column) + " = t.id"
	}
	if f.RollupFilter != nil {
		roots := g.roots
		g.roots = map[string]source{"it": {alias: a, entity: f.Rel}}
		c, err := g.cond(f.RollupFilter.Root, true)
		g.roots = roots
		if err != nil {
			return "", err
		}
		where += " AND " + c
	}
	if f.Rollup.Fn == "count" {
		return "(SELECT count(*)::numeric FROM " + from + " WHERE " + where + ")", nil
	}
	v, err := g.Raw(a, f.Source)
	if err != nil {
		return "", err
	}
	order := a + ".created_at"
	if f.Via == nil {
		order = a + ".pos"
	}
	switch f.Rollup.Fn {
	case "sum":
		return "(SELECT COALESCE(sum(" + v + "), 0) FROM " + from + " WHERE " + where + ")", nil
	case "avg":
		return "(SELECT " + quotient("sum("+v+")", "NULLIF(count("+v+"), 0)") + " FROM " + from + " WHERE " + where + ")", nil
	case "first":
		return "(SELECT " + v + " FROM " + from + " WHERE " + where + " AND " + v + " IS NOT NULL ORDER BY " + order + ", " + a + ".id LIMIT 1)", nil
	case "last":
		return "(SELECT " + v + " FROM " + from + " WHERE " + where + " AND " + v + " IS NOT NULL ORDER BY " + order + " DESC, " + a + ".id DESC LIMIT 1)", nil
	}
	c := ""
	if f.Source.Kind == value.Text {
		c = ` COLLATE "C"`
	}
	return "(SELECT " + f.Rollup.Fn + "(" + v + c + ") FROM " + from + " WHERE " + where + ")", nil
}

// ParentsStmt finds the records that hold sub-form rows whose link column names
// one of the ids.
func ParentsStmt(link *schema.FieldModel, ids []string) store.Stmt {
	return store.S("SELECT DISTINCT x.parent_id FROM "+Table(link.Entity)+" x WHERE "+col("x", link.Column)+" = ANY($1) ORDER BY 1", store.UUIDs(ids)).Planned()
}

// DateStmt finds live records by a condition and returns id and a date field.
func DateStmt(m *schema.Model, env *expr.Env, e *schema.EntityModel, f *schema.FieldModel, cond *expr.Program, after string, limit int) (store.Stmt, error) {
	g := New(m, env, nil, e)
	c, err := g.Cond(cond.Root)
	if err != nil {
		return store.Stmt{}, err
	}
	v, err := g.Raw("t", f)
	if err != nil {
		return store.Stmt{}, err
	}
	where := "t.deleted_at IS NULL AND " + c
	if after != "" {
		where += " AND t.id > " + g.Arg(store.UUID(after))
	}
	return store.Stmt{SQL: "SELECT t.id, " + v + " FROM " + Table(e) + " t WHERE " + where + " ORDER BY t.id LIMIT " + strconv.Itoa(limit), Args: g.Args}, nil
}

// LockTargetsStmt locks, in id order, the records that a link of some records
// points to at present, and others given by id.
func LockTargetsStmt(link *schema.FieldModel, from, also []string) store.Stmt {
	e := link.Entity
	sub := "SELECT x." + store.Ident(link.Column) + " FROM " + Table(e) + " x WHERE x.id = ANY($1)"
	if link.Storage == field.Links {
		sub = "SELECT x.dst FROM " + store.Ident(e.Schema, link.Column) + " x WHERE x.src = ANY($1)"
	}
	// One array of ids: with OR the whole table would be looked through.
	return store.S("SELECT t.id FROM "+Table(link.Target)+" t WHERE t.id = ANY(ARRAY(SELECT unnest($2::uuid[]) UNION ALL "+sub+")) ORDER BY t.id FOR NO KEY UPDATE OF t", store.UUIDs(from), store.UUIDs(also)).Planned()
}

package definition

import (
	"context"

	"tenon/engine/store"
	"tenon/schema/field"
	"tenon/schema/value"
)

// stmts carry links over between a column and a link table, as often as needed.
func (f fill) stmts() []store.Stmt {
	switch f.mode() {
	case "to_links":
		return store.LinksFromColumn(f.to.Schema, f.to.Table, f.from.Table, f.from.Column)
	case "to_column":
		return store.ColumnFromLinks(f.to.Schema, f.from.Table, f.to.Table, f.to.Column)
	}
	return nil
}

func (f fill) converter(env field.Env) *converter {
	return &converter{env: env, from: f.from.Type, old: f.old, to: f.field}
}

// mark is how far a conversion has come.
func (x *publishing) mark(f fill) *mark {
	m := x.st.Marks[f.field.ID()]
	if m == nil {
		if x.st.Marks == nil {
			x.st.Marks = map[string]*mark{}
		}
		m = &mark{Xids: []string{}}
		x.st.Marks[f.field.ID()] = m
	}
	return m
}

// formats gives what converting values may know.
func (x *publishing) formats(ctx context.Context) (field.Env, error) {
	if x.env == nil {
		env, err := x.s.env(ctx, x.work)
		if err != nil {
			return env, err
		}
		x.env = &env
	}
	return *x.env, nil
}

// fillOne carries the values of one field over, in transactions short enough
// for writers not to notice.
func (x *publishing) fillOne(ctx context.Context, f fill) error {
	switch f.mode() {
	case "to_links":
		return x.s.db.Change(ctx, "", f.to.Schema, nil, func(tx *store.Tx) error {
			_, err := tx.Do(ctx, f.stmts()...)
			return err
		})
	case "to_column":
		for after := ""; ; {
			last := ""
			err := x.s.db.Change(ctx, "", f.to.Schema, nil, func(tx *store.Tx) (err error) {
				last, err = store.FirstLinks(ctx, tx, f.to.Schema, f.from.Table, f.to.Table, f.to.Column, after, batchRows)
				return err
			})
			if err != nil || last == "" {
				return err
			}
			after = last
		}
	}
	env, err := x.formats(ctx)
	if err != nil {
		return err
	}
	m := x.mark(f)
	for after := ""; ; {
		n, xid, last := 0, "", ""
		err := x.s.db.Change(ctx, "", f.to.Schema, nil, func(tx *store.Tx) error {
			rows, err := f.conversion().Batch(ctx, tx, m.Xids, after, batchRows)
			if n = len(rows); err != nil || n == 0 {
				return err
			}
			last = rows[n-1].ID
			if xid, err = f.write(ctx, tx, rows, env); err != nil {
				return err
			}
			// Remembered in the same transaction: a row that is converted is
			// known to be, whatever happens next.
			m.Xids = append(m.Xids, xid)
			err = x.save(ctx, tx)
			m.Xids = m.Xids[:len(m.Xids)-1]
			return err
		})
		if err != nil || n == 0 {
			return err
		}
		m.Xids, after = append(m.Xids, xid), last
		if err := x.s.fail("batch"); err != nil {
			return err
		}
	}
}

// finish carries over what changed since, when nobody writes any more.
func (f fill) finish(ctx context.Context, tx *store.Tx, done []string, env field.Env) error {
	if f.mode() != "values" {
		_, err := tx.Do(ctx, f.stmts()...)
		return err
	}
	rows, err := f.conversion().Rest(ctx, tx, done)
	if err != nil {
		return err
	}
	for len(rows) > 0 {
		n := min(len(rows), batchRows)
		if _, err := f.write(ctx, tx, rows[:n], env); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// write converts rows and stores the result.
func (f fill) write(ctx context.Context, tx *store.Tx, rows []store.ConvertedRow, env field.Env) (xid string, err error) {
	c := f.converter(env)
	var refs []string
	for i, r := range rows {
		back, ok := c.back(r.From, r.Kept)
		if rows[i].To = back; !ok {
			rows[i].To, _ = c.convert(r.From)
		}
		if rows[i].To != nil && isLink(f.field) {
			refs = append(refs, string(rows[i].To))
		}
	}
	if len(refs) > 0 && f.field.Kind == value.Ref {
		there, err := store.Existing(ctx, tx, f.to.Schema, f.target, refs)
		if err != nil {
			return "", err
		}
		for i, r := range rows {
			if r.To != nil && !there[string(r.To)] {
				rows[i].To = nil
			}
		}
	}
	return f.conversion().Write(ctx, tx, rows)
}

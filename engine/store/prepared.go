package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// A statement whose text comes again and again is prepared where it runs, so
// that Postgres need not read it anew, and planned for its values each time:
// the best plan of a filter depends on what it looks for. Planned goes further.

// Planned is the statement with one plan whatever its values: right for access
// by id and for writes, wrong for filters.
func (s Stmt) Planned() Stmt {
	s.planned = true
	return s
}

// maxPrepared bounds the statements that a connection keeps: each costs Postgres
// some 30 KB.
const maxPrepared = 160

// maxStale bounds how many connections in a row may turn out to keep a
// statement that a change of its tables has made useless: all of them.
const maxStale = 64

// maxSighted bounds the texts that a connection remembers having seen once.
const maxSighted = 512

// prepared is what a connection keeps between statements.
type prepared struct {
	kept    map[string]*statement
	sighted map[string]struct{}
	last    int64 // grows with every use and names the statements
	mode    mode
}

type statement struct {
	desc *pgconn.StatementDescription
	oids []uint32
	used int64
}

// mode is the connection's plan_cache_mode, as far as known.
type mode int8

const (
	unknownMode mode = iota
	customMode
	genericMode
)

// preparedOf finds what a connection keeps.
func preparedOf(pg *pgconn.PgConn) *prepared {
	const key = "tenon"
	data := pg.CustomData()
	if p, ok := data[key].(*prepared); ok {
		return p
	}
	p := &prepared{kept: map[string]*statement{}, sighted: map[string]struct{}{}}
	data[key] = p
	return p
}

// find returns the prepared form of a statement, making it when the connection
// meets the text for the second time; nil while it is not worth the trip.
func (p *prepared) find(ctx context.Context, pg *pgconn.PgConn, s Stmt, oids []uint32) (*pgconn.StatementDescription, error) {
	p.last++
	k, ok := p.kept[s.SQL]
	if ok && slices.Equal(k.oids, oids) {
		k.used = p.last
		return k.desc, nil
	}
	if ok {
		return nil, nil // the same words for other types: rare, and never kept
	}
	if _, seen := p.sighted[s.SQL]; !seen {
		if len(p.sighted) >= maxSighted {
			clear(p.sighted)
		}
		p.sighted[s.SQL] = struct{}{}
		return nil, nil
	}
	if len(p.kept) >= maxPrepared {
		if err := p.drop(ctx, pg); err != nil {
			return nil, err
		}
	}
	desc, err := pg.Prepare(ctx, "t"+strconv.FormatInt(p.last, 36), s.SQL, oids)
	if err != nil {
		return nil, err
	}
	p.kept[s.SQL] = &statement{desc: desc, oids: oids, used: p.last}
	delete(p.sighted, s.SQL)
	return desc, nil
}

// drop forgets the statement that was not used for longest.
func (p *prepared) drop(ctx context.Context, pg *pgconn.PgConn) error {
	var oldest string
	for sql, s := range p.kept {
		if oldest == "" || s.used < p.kept[oldest].used {
			oldest = sql
		}
	}
	name := p.kept[oldest].desc.Name
	delete(p.kept, oldest)
	return pg.Deallocate(ctx, name)
}

// batch collects statements for one round trip.
type batch struct {
	pgconn.Batch
	own []bool // which results are the batch's own and nobody's business
}

// turnTo makes the connection plan as the next statement needs. Statements
// without parameters have no choice of plan.
func (b *batch) turnTo(p *prepared, s Stmt) {
	if len(s.Args) == 0 {
		return
	}
	want, sql := customMode, "SET plan_cache_mode = force_custom_plan"
	if s.planned {
		want, sql = genericMode, "SET plan_cache_mode = force_generic_plan"
	}
	if p.mode == want {
		return
	}
	b.ExecParams(sql, nil, nil, nil, nil)
	b.own = append(b.own, true)
	p.mode = want
}

// run sends the statements in one round trip.
func run(ctx context.Context, pg *pgconn.PgConn, stmts []Stmt) (out []Result, err error) {
	p := preparedOf(pg)
	defer func() {
		// A failure, like a rollback, takes back what SET did in its transaction.
		if err != nil || slices.ContainsFunc(stmts, func(s Stmt) bool { return strings.HasPrefix(s.SQL, "ROLLBACK") }) {
			p.mode = unknownMode
		}
	}()
	b := &batch{}
	for _, s := range stmts {
		vals, oids := params(s.Args)
		var desc *pgconn.StatementDescription
		if len(s.Args) > 0 || s.planned {
			if desc, err = p.find(ctx, pg, s, oids); err != nil {
				return nil, err
			}
		}
		b.turnTo(p, s)
		if desc != nil {
			b.ExecStatement(desc, vals, nil, nil)
		} else {
			b.ExecParams(s.SQL, vals, oids, nil, nil)
		}
		b.own = append(b.own, false)
	}
	mrr := pg.ExecBatch(ctx, &b.Batch)
	out = make([]Result, 0, len(stmts))
	for i := 0; mrr.NextResult(); i++ {
		r, err := collect(mrr.ResultReader())
		if err != nil {
			_ = mrr.Close()
			return nil, err
		}
		if i >= len(b.own) || !b.own[i] {
			out = append(out, r)
		}
	}
	if err := mrr.Close(); err != nil {
		return nil, err
	}
	if len(out) != len(stmts) {
		return nil, errors.New("store: " + strconv.Itoa(len(out)) + " results for " + strconv.Itoa(len(stmts)) + " statements")
	}
	return out, nil
}

// outdated tells the failure of a prepared statement that a change of its
// tables, or somebody between us and Postgres, has made useless. The connection
// that keeps it is of no more use either.
func outdated(err error) bool {
	code, _, _ := PgError(err)
	return code == "26000" || code == "0A000" && strings.Contains(err.Error(), "cached plan must not change result type")
}

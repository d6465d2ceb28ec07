package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"tenon/schema/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// DB is the database: one pool for everything.
type DB struct {
	pool *pgxpool.Pool
	side *pgxpool.Pool // two connections for short statements beside a transaction
	gorm *gorm.DB
	std  *sql.DB
	zh   string
}

// Options tunes the pool.
type Options struct {
	MaxConns int32 // default 16
}

// Open connects and checks that the server is new enough (Postgres 14).
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database url: %w", err)
	}
	cfg.MaxConns = o.MaxConns
	if cfg.MaxConns == 0 {
		cfg.MaxConns = 16
	}
	cfg.MaxConnLifetime = time.Hour
	cfg.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.ConnConfig.RuntimeParams["datestyle"] = "ISO, YMD"
	cfg.ConnConfig.RuntimeParams["application_name"] = "tenon"
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = "60000"
	cfg.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "60000"
	cfg.ConnConfig.RuntimeParams["extra_float_digits"] = "1"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	var v int
	var zh string
	if err := pool.QueryRow(ctx, "SELECT current_setting('server_version_num')::int, "+
		"COALESCE((SELECT collname::text FROM pg_collation WHERE collname IN ('zh-x-icu', 'zh-Hans-x-icu') AND collencoding IN (-1, 6) ORDER BY collname DESC LIMIT 1), '')").Scan(&v, &zh); err != nil {
		pool.Close()
		return nil, fmt.Errorf("database: %w", err)
	}
	if v < 140000 {
		pool.Close()
		return nil, fmt.Errorf("postgres %d is too old: 14 or newer is needed", v/10000)
	}
	sideCfg := cfg.Copy()
	sideCfg.MaxConns = 2
	side, err := pgxpool.NewWithConfig(ctx, sideCfg)
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("database: %w", err)
	}
	std := stdlib.OpenDBFromPool(pool)
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: std}), &gorm.Config{SkipDefaultTransaction: true, Logger: logger.Discard})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("gorm: %w", err)
	}
	return &DB{pool: pool, side: side, gorm: g, std: std, zh: zh}, nil
}

// Collation is the collation in which people read lists: an ICU one for
// Chinese, empty where the server has none and texts sort by code point.
func (db *DB) Collation() string { return db.zh }

// Close releases every connection.
func (db *DB) Close() {
	_ = db.std.Close()
	db.side.Close()
	db.pool.Close()
}

// Gorm gives the platform's cold tables (schema tenon) to code that works with
// structs. It shares the pool and never joins a record transaction.
func (db *DB) Gorm(ctx context.Context) *gorm.DB { return db.gorm.WithContext(ctx) }

// Migrate brings the platform's tables up to date under an advisory lock.
func (db *DB) Migrate(ctx context.Context) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	pg := conn.Conn().PgConn()
	exec := func(sql string) error { return pg.Exec(ctx, sql).Close() }
	if err := exec("SELECT pg_advisory_lock(7265373)"); err != nil {
		return err
	}
	defer func() { _ = exec("SELECT pg_advisory_unlock(7265373)") }()
	if err := exec("CREATE SCHEMA IF NOT EXISTS tenon; CREATE TABLE IF NOT EXISTS tenon.migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"); err != nil {
		return err
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	sort.Strings(files)
	for _, f := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(f, "migrations/"), ".sql")
		var n int
		if err := conn.QueryRow(ctx, "SELECT count(*) FROM tenon.migration WHERE name=$1", name).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		body, err := migrations.ReadFile(f)
		if err != nil {
			return err
		}
		if err := exec("BEGIN;" + string(body) + "; INSERT INTO tenon.migration(name) VALUES ('" + name + "'); COMMIT; RESET search_path"); err != nil {
			_ = exec("ROLLBACK; RESET search_path")
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}

// Stmt is one statement with its parameters.
type Stmt struct {
	SQL     string
	Args    []Arg
	planned bool
}

// S makes a statement.
func S(sql string, args ...Arg) Stmt { return Stmt{SQL: sql, Args: args} }

// Result is what a statement returned: rows of text values (nil is null).
type Result struct {
	Rows     [][][]byte
	Affected int64
}

// One returns the first row, nil if there is none.
func (r Result) One() [][]byte {
	if len(r.Rows) == 0 {
		return nil
	}
	return r.Rows[0]
}

// first returns the first row of the first result, nil if there is none.
func first(r []Result) [][]byte {
	if len(r) == 0 {
		return nil
	}
	return r[0].One()
}

// Str returns column i of the first row as text, "" when absent or null.
func (r Result) Str(i int) string {
	if row := r.One(); row != nil {
		return string(row[i])
	}
	return ""
}

// Int returns column i of the first row as a whole number, 0 when absent or null.
func (r Result) Int(i int) int64 {
	n, _ := strconv.ParseInt(r.Str(i), 10, 64)
	return n
}

// Tx is a transaction. It is used by one goroutine.
type Tx struct {
	db    *DB
	conn  *pgxpool.Conn
	begun bool
	mode  string
	turn  bool // a rerun after a deadlock
	later []Stmt
	last  []lastly
	after []func()
	// Values carried from one part of a write to another, by package-private keys.
	bag map[any]any
}

// lastly is a statement that goes with the COMMIT.
type lastly struct {
	stmt Stmt
	done func(Result)
}

// Later adds statements whose results nobody waits for: they go out in order
// before the next statement, or with the COMMIT, and save a trip of their own.
// Their failure is that of the statement or the commit they go with.
func (tx *Tx) Later(stmts ...Stmt) { tx.later = append(tx.later, stmts...) }

// Lastly adds a statement that runs right before the COMMIT, in one trip with
// it, and sees all that the transaction did. f is told the result once the
// transaction has committed.
func (tx *Tx) Lastly(st Stmt, f func(Result)) { tx.last = append(tx.last, lastly{st, f}) }

// AfterCommit registers f to run once the transaction has committed.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// Put and Get keep a value with the transaction.
func (tx *Tx) Put(k, v any) {
	if tx.bag == nil {
		tx.bag = map[any]any{}
	}
	tx.bag[k] = v
}

// Get returns what Put kept, nil if nothing.
func (tx *Tx) Get(k any) any { return tx.bag[k] }

// Do runs the statements in one round trip, in order. The first failure ends
// the batch and spoils the transaction.
func (tx *Tx) Do(ctx context.Context, stmts ...Stmt) ([]Result, error) {
	if len(stmts) == 0 {
		return nil, nil
	}
	all, lead := tx.lead(stmts)
	out, err := run(ctx, tx.conn.Conn().PgConn(), all)
	if err != nil {
		return nil, err
	}
	return out[lead:], nil
}

// lead puts before statements what has to go out before them, and says how
// many that are.
func (tx *Tx) lead(stmts []Stmt) ([]Stmt, int) {
	var all []Stmt
	if !tx.begun {
		all = append(all, S("BEGIN"+tx.mode).Planned())
		if tx.turn {
			all = append(all, Stmt{SQL: "SELECT pg_advisory_xact_lock(7265374)"})
		}
		tx.begun = true
	}
	all = append(all, tx.later...)
	tx.later = nil
	return append(all, stmts...), len(all)
}

// Settle sends what Later has left waiting.
func (tx *Tx) Settle(ctx context.Context) error {
	later := tx.later
	tx.later = nil
	_, err := tx.Do(ctx, later...)
	return err
}

// commit ends the transaction and tells those who wait for its last words.
func (tx *Tx) commit(ctx context.Context) error {
	if !tx.begun && len(tx.later)+len(tx.last) == 0 {
		return nil
	}
	var stmts []Stmt
	for _, l := range tx.last {
		stmts = append(stmts, l.stmt)
	}
	out, err := tx.Do(ctx, append(stmts, S("COMMIT").Planned())...)
	if err != nil {
		return err
	}
	for i, l := range tx.last {
		l.done(out[i])
	}
	return nil
}

// One runs one statement.
func (tx *Tx) One(ctx context.Context, sql string, args ...Arg) (Result, error) {
	r, err := tx.Do(ctx, S(sql, args...))
	if err != nil {
		return Result{}, err
	}
	return r[0], nil
}

func params(args []Arg) ([][]byte, []uint32) {
	if len(args) == 0 {
		return nil, nil
	}
	vals, oids := make([][]byte, len(args)), make([]uint32, len(args))
	for i, a := range args {
		vals[i], oids[i] = a.Val, a.OID
	}
	return vals, oids
}

func collect(rr *pgconn.ResultReader) (Result, error) {
	var r Result
	// Bytes and cells come from chunks that grow with the answer: most have one row.
	var arena []byte
	var cells [][]byte
	chunk := 1 << 10
	for rr.NextRow() {
		vals := rr.Values()
		if len(cells) < len(vals) {
			cells = make([][]byte, len(vals)*min(max(len(r.Rows), 1), 32))
		}
		row := cells[:len(vals):len(vals)]
		cells = cells[len(vals):]
		for i, v := range vals {
			if v == nil {
				continue
			}
			if len(arena)+len(v) > cap(arena) {
				arena = make([]byte, 0, max(chunk, len(v)))
				chunk = min(4*chunk, 16<<10)
			}
			n := len(arena)
			arena = append(arena, v...)
			row[i] = arena[n:len(arena):len(arena)]
		}
		r.Rows = append(r.Rows, row)
	}
	tag, err := rr.Close()
	r.Affected = tag.RowsAffected()
	return r, err
}

// InTx runs f in a READ COMMITTED transaction and commits it. A deadlock or
// serialisation failure reruns f, up to eight times; reruns take turns, so that
// they do not deadlock with each other again.
func (db *DB) InTx(ctx context.Context, f func(tx *Tx) error) error { return db.inTx(ctx, "", f) }

// InSnapshot runs f in a read-only transaction that sees one moment.
func (db *DB) InSnapshot(ctx context.Context, f func(tx *Tx) error) error {
	return db.inTx(ctx, " ISOLATION LEVEL REPEATABLE READ READ ONLY", f)
}

// Discard runs f in a transaction that is always rolled back.
func (db *DB) Discard(ctx context.Context, f func(tx *Tx) error) error {
	err := db.inTx(ctx, "", func(tx *Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		if err := tx.Settle(ctx); err != nil {
			return err
		}
		return errDiscard
	})
	if errors.Is(err, errDiscard) {
		return nil
	}
	return err
}

var errDiscard = errors.New("discard")

func (db *DB) inTx(ctx context.Context, mode string, f func(tx *Tx) error) error {
	stale := 0
	for try := 0; ; try++ {
		err := db.tryTx(ctx, mode, try, f)
		if outdated(err) && stale < maxStale {
			stale++
			try--
			continue
		}
		var pe *pgconn.PgError
		if err == nil || try >= 8 || !errors.As(err, &pe) || pe.Code != "40P01" && pe.Code != "40001" {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(1+rand.IntN(10<<min(try, 4))) * time.Millisecond):
		}
	}
}

func (db *DB) tryTx(ctx context.Context, mode string, try int, f func(tx *Tx) error) (err error) {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	tx := &Tx{db: db, conn: conn, mode: mode, turn: try > 0}
	pg := conn.Conn().PgConn()
	done := false
	defer func() {
		if done || !tx.begun || pg.IsClosed() {
			return
		}
		// A cancelled caller must not leave the connection inside a transaction.
		c, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_, _ = run(c, pg, []Stmt{S("ROLLBACK")})
		if outdated(err) {
			_ = conn.Conn().Close(c)
		}
	}()
	if err = f(tx); err != nil {
		return err
	}
	if err = tx.commit(ctx); err != nil {
		return err
	}
	done = true
	for _, a := range tx.after {
		a()
	}
	return nil
}

// Read runs statements outside a transaction in one round trip. It retries
// once when a table changed between planning and execution.
func (db *DB) Read(ctx context.Context, stmts ...Stmt) ([]Result, error) {
	stale := 0
	for try := 0; ; try++ {
		out, err := db.readOnce(ctx, stmts)
		if outdated(err) && stale < maxStale {
			stale++
			try--
			continue
		}
		var pe *pgconn.PgError
		if err == nil || try > 0 || !errors.As(err, &pe) || pe.Code != "42703" && pe.Code != "42P01" && pe.Code != "0A000" {
			return out, err
		}
	}
}

func (db *DB) readOnce(ctx context.Context, stmts []Stmt) ([]Result, error) {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	out, err := run(ctx, conn.Conn().PgConn(), stmts)
	if outdated(err) {
		_ = conn.Conn().Close(ctx)
	}
	return out, err
}

// One reads with one statement.
func (db *DB) One(ctx context.Context, sql string, args ...Arg) (Result, error) {
	r, err := db.Read(ctx, S(sql, args...))
	if err != nil {
		return Result{}, err
	}
	return r[0], nil
}

// Exec runs one statement on its own.
func (db *DB) Exec(ctx context.Context, sql string, args ...Arg) (Result, error) {
	return db.One(ctx, sql, args...)
}

// Aside runs one statement on a connection of its own pool, which no
// transaction ever waits for, so that a caller inside a transaction cannot
// starve itself.
func (db *DB) Aside(ctx context.Context, st Stmt) (Result, error) {
	conn, err := db.side.Acquire(ctx)
	if err != nil {
		return Result{}, err
	}
	defer conn.Release()
	r, err := run(ctx, conn.Conn().PgConn(), []Stmt{st})
	if err != nil {
		return Result{}, err
	}
	return r[0], nil
}

// Alone lends a dedicated connection outside any transaction, for statements
// that cannot run inside one (CREATE INDEX CONCURRENTLY) and for LISTEN.
func (db *DB) Alone(ctx context.Context, f func(exec func(sql string) error, conn *pgx.Conn) error) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	pg := conn.Conn().PgConn()
	return f(func(sql string) error { return pg.Exec(ctx, sql).Close() }, conn.Conn())
}

// Listen calls f for every notification on the channel until ctx ends,
// reconnecting with pauses. ready is called after each (re)connect, because
// notifications sent while disconnected are lost.
func (db *DB) Listen(ctx context.Context, channel string, ready func(), f func(payload string)) {
	for ctx.Err() == nil {
		_ = func() error {
			conn, err := db.pool.Acquire(ctx)
			if err != nil {
				return err
			}
			c := conn.Hijack()
			defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
			if _, err := c.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
				return err
			}
			if ready != nil {
				ready()
			}
			for {
				n, err := c.WaitForNotification(ctx)
				if err != nil {
					return err
				}
				f(n.Payload)
			}
		}()
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// Notify sends a notification outside any transaction.
func (db *DB) Notify(ctx context.Context, channel, payload string) error {
	_, err := db.One(ctx, "SELECT pg_notify($1, $2)", Text(channel), Text(payload))
	return err
}

// CopyIn streams rows in COPY text format into a table inside the transaction.
func (tx *Tx) CopyIn(ctx context.Context, sql string, data string) (int64, error) {
	if !tx.begun || len(tx.later) > 0 {
		if _, err := tx.Do(ctx, S("SELECT 1")); err != nil {
			return 0, err
		}
	}
	tag, err := tx.conn.Conn().PgConn().CopyFrom(ctx, strings.NewReader(data), sql)
	return tag.RowsAffected(), err
}

// Ping checks that the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.pool.Ping(ctx) }

// Stat returns how many connections are open and busy.
func (db *DB) Stat() (open, busy int32) {
	s := db.pool.Stat()
	return s.TotalConns(), s.AcquiredConns()
}

// Ident quotes an identifier that this program has allocated.
func Ident(parts ...string) string { return pgx.Identifier(parts).Sanitize() }

// Faults of the database that users can act upon.
var (
	ErrUnique = fault.Define(fault.Conflict, "record.unique", "“{value}”已存在，{field}不能重复", "\"{value}\" already exists; {field} must be unique")
	ErrBusy   = fault.Define(fault.Transient, "database.busy", "数据库繁忙，请稍后重试", "the database is busy; try again shortly")
)

// PgError returns the SQLSTATE and constraint of a database error, "" if err is none.
func PgError(err error) (code, constraint, detail string) {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return pe.Code, pe.ConstraintName, pe.Detail
	}
	return "", "", ""
}

package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"tenon/engine/query"
)

// pool connects as the raw and the bare target do.
func pool(ctx context.Context, url string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 16
	return pgxpool.NewWithConfig(ctx, cfg)
}

// Statements of the raw and the bare target, on tables of their own with the
// same rows, types and indexes.
const (
	rawColumns = "id, name, phone, email, industry, tier, stage, city, amount, score, last_contact, active, labels, region, note, site, created_at"
	rawGet     = "SELECT " + rawColumns + " FROM raw.customer WHERE id = $1"
	rawList    = "SELECT " + rawColumns + " FROM raw.customer ORDER BY created_at DESC, id DESC LIMIT 50"
	rawFilter  = "SELECT " + rawColumns + " FROM raw.customer WHERE stage = $1 AND amount > $2 ORDER BY amount DESC, id DESC LIMIT 50"
	rawSearch  = "SELECT " + rawColumns + " FROM raw.customer WHERE name LIKE '%' || $1 || '%' ORDER BY created_at DESC, id DESC LIMIT 50"
	rawDeep    = "SELECT " + rawColumns + " FROM raw.customer ORDER BY created_at DESC, id DESC LIMIT 50 OFFSET $1"
	rawCount   = "SELECT count(*) FROM raw.customer WHERE stage = $1 AND amount > $2"
	rawGroup   = "SELECT stage, count(*), sum(amount) FROM raw.customer GROUP BY stage ORDER BY stage"
	rawExpand  = "SELECT t.id, t.name, c.id, c.name, c.phone, c.stage FROM raw.contact t JOIN raw.customer c ON c.id = t.customer WHERE t.id = $1"
	rawUpdate  = "UPDATE raw.customer SET amount = $2 WHERE id = $1"
	rawInsert  = "INSERT INTO raw.customer (name, phone, email, industry, tier, stage, city, amount, score, last_contact, active, labels, region, note, site, grams) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16) RETURNING id"
)

// Bare serves the raw tables over HTTP until ctx ends: what a handler costs
// that knows its table, checks nothing and writes JSON from the wire values.
func Bare(ctx context.Context, url string) error {
	db, err := pool(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	m := http.NewServeMux()
	query := func(sql string, args func(r *http.Request) []string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			conn, err := db.Acquire(r.Context())
			if err != nil {
				http.Error(w, err.Error(), 500)
				return
			}
			defer conn.Release()
			texts := args(r)
			params := make([][]byte, len(texts))
			for i, s := range texts {
				params[i] = []byte(s)
			}
			sd, err := conn.Conn().Prepare(r.Context(), sql, sql)
			if err != nil {
				http.Error(w, err.Error(), 500)
				return
			}
			res := conn.Conn().PgConn().ExecPrepared(r.Context(), sd.Name, params, nil, nil)
			body := appendRows(make([]byte, 0, 32<<10), sd.Fields, res)
			if _, err := res.Close(); err != nil {
				http.Error(w, err.Error(), 500)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(body)
		}
	}
	none := func(*http.Request) []string { return nil }
	values := func(names ...string) func(r *http.Request) []string {
		return func(r *http.Request) []string {
			q := r.URL.Query()
			out := make([]string, len(names))
			for i, n := range names {
				out[i] = q.Get(n)
			}
			return out
		}
	}
	m.HandleFunc("GET /customer/{id}", query(rawGet, func(r *http.Request) []string { return []string{r.PathValue("id")} }))
	m.HandleFunc("GET /list", query(rawList, none))
	m.HandleFunc("GET /filter", query(rawFilter, values("stage", "amount")))
	m.HandleFunc("GET /search", query(rawSearch, values("text")))
	m.HandleFunc("GET /deep", query(rawDeep, values("offset")))
	m.HandleFunc("GET /count", query(rawCount, values("stage", "amount")))
	m.HandleFunc("GET /group", query(rawGroup, none))
	m.HandleFunc("GET /contact/{id}", query(rawExpand, func(r *http.Request) []string { return []string{r.PathValue("id")} }))
	m.HandleFunc("PATCH /customer/{id}", func(w http.ResponseWriter, r *http.Request) {
		in, err := decode(r.Body)
		if err == nil {
			_, err = db.Exec(r.Context(), rawUpdate, r.PathValue("id"), text(in["amount"]))
		}
		answer(w, `{"rev":2}`, err)
	})
	insert := func(r *http.Request, in map[string]any) (string, error) {
		var id string
		err := db.QueryRow(r.Context(), rawInsert, insertArgs(in)...).Scan(&id)
		return id, err
	}
	m.HandleFunc("POST /customer", func(w http.ResponseWriter, r *http.Request) {
		in, err := decode(r.Body)
		id := ""
		if err == nil {
			id, err = insert(r, in)
		}
		answer(w, `{"id":"`+id+`"}`, err)
	})
	m.HandleFunc("POST /batch", func(w http.ResponseWriter, r *http.Request) {
		var in []map[string]any
		d := json.NewDecoder(r.Body)
		d.UseNumber()
		err := d.Decode(&in)
		if err == nil {
			err = insertMany(r.Context(), db, in)
		}
		answer(w, `{"count":`+strconv.Itoa(len(in))+`}`, err)
	})
	s := &http.Server{Handler: m}
	go func() {
		<-ctx.Done()
		_ = s.Close()
	}()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func answer(w http.ResponseWriter, body string, err error) {
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, body)
}

func decode(r io.Reader) (map[string]any, error) {
	d := json.NewDecoder(r)
	d.UseNumber()
	var m map[string]any
	return m, d.Decode(&m)
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = text(x)
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	return fmt.Sprint(v)
}

// insertArgs are a row's values and what the search index holds of it: who
// offers the same search has the same index to keep.
func insertArgs(in map[string]any) []any {
	out := make([]any, len(columns), len(columns)+1)
	for i, k := range columns {
		out[i] = text(in[k])
	}
	return append(out, query.Grams(searched(in)...))
}

// searched are the texts of a row that the product searches in.
func searched(in map[string]any) []string {
	var out []string
	for _, k := range []string{"name", "phone", "email", "city", "region", "note", "site"} {
		out = append(out, text(in[k]))
	}
	return out
}

// appendRows writes rows as JSON objects, values as their types have them.
func appendRows(b []byte, fields []pgconn.FieldDescription, rows *pgconn.ResultReader) []byte {
	b = append(b, `{"records":[`...)
	for n := 0; rows.NextRow(); n++ {
		if n > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		for i, v := range rows.Values() {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, '"')
			b = append(b, fields[i].Name...)
			b = append(b, '"', ':')
			switch {
			case v == nil:
				b = append(b, "null"...)
			case fields[i].DataTypeOID == pgtype.NumericOID || fields[i].DataTypeOID == pgtype.Int8OID:
				b = append(b, v...)
			case fields[i].DataTypeOID == pgtype.BoolOID:
				if v[0] == 't' {
					b = append(b, "true"...)
				} else {
					b = append(b, "false"...)
				}
			case fields[i].DataTypeOID == pgtype.TextArrayOID:
				b = append(b, `["`...)
				b = append(b, strings.ReplaceAll(string(v[1:len(v)-1]), ",", `","`)...)
				b = append(b, `"]`...)
			default:
				b = appendString(b, v)
			}
		}
		b = append(b, '}')
	}
	return append(b, `]}`...)
}

func appendString(b, v []byte) []byte {
	b = append(b, '"')
	for _, c := range v {
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = append(b, fmt.Sprintf(`\u%04x`, c)...)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// insertMany inserts rows in one transaction and one round trip.
func insertMany(ctx context.Context, db *pgxpool.Pool, rows []map[string]any) error {
	tx, err := db.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	var b pgx.Batch
	for _, r := range rows {
		b.Queue(rawInsert, insertArgs(r)...)
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

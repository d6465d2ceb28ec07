package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"

	"tenon/engine/cluster"
	"tenon/engine/query"
)

// Options of a run.
type Options struct {
	Binary string   // the product
	Self   []string // the command that runs Bare on the address after it
	Folder string   // scratch, removed by the caller
	Rows   int      // customers before anything is measured
	Time   time.Duration
	Rounds int
	Only   []string // operations to measure, and nothing else; none: everything
	Out    io.Writer
}

// callers is how many clients work at once.
const callers = 16

// Run measures everything and prints a report.
func Run(ctx context.Context, o Options) error {
	for _, name := range o.Only {
		if !slices.ContainsFunc(operations, func(op operation) bool { return op.name == name }) {
			var known []string
			for _, op := range operations {
				known = append(known, op.name)
			}
			return fmt.Errorf("there is no operation %q; there are: %s", name, strings.Join(known, ", "))
		}
	}
	log, err := os.Create(filepath.Join(o.Folder, "product.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	if err := embedded(ctx, o, log); err != nil {
		return err
	}
	// The cluster is like the product's private one, but known to all targets.
	pg, err := cluster.Start(ctx, cluster.Config{DataDir: filepath.Join(o.Folder, "shared")})
	if err != nil {
		return err
	}
	defer func() { _ = pg.Stop() }()
	addr, err := freeAddr()
	if err != nil {
		return err
	}
	p := &product{binary: o.Binary, data: filepath.Join(o.Folder, "data"), addr: addr, log: log,
		env: []string{"DATABASE_URL=" + pg.URL(), "TENON_SECRET_KEY=0123456789abcdef0123456789abcdef"}}
	if _, err := p.start(ctx); err != nil {
		return err
	}
	defer p.stop()
	app, admin, member, err := setUp(ctx, addr)
	if err != nil {
		return err
	}
	s := &site{app: app}
	if s.db, err = pool(ctx, pg.URL()); err != nil {
		return err
	}
	defer s.db.Close()
	if err := s.load(ctx, o, admin, member); err != nil {
		return err
	}
	bare, pid, err := serveBare(ctx, o, pg.URL())
	if err != nil {
		return err
	}
	defer func() { _ = bare.Process.Kill(); _ = bare.Wait() }()
	s.bare = newClient("http://"+pid, "")
	if err := s.verify(ctx, o, admin); err != nil {
		return err
	}
	if err := s.operations(ctx, o, p, pg, bare.Process.Pid, admin, member); err != nil {
		return err
	}
	if len(o.Only) > 0 {
		return nil
	}
	if err := s.automations(ctx, o, admin); err != nil {
		return err
	}
	_, peak := memory(p.cmd.Process.Pid)
	fmt.Fprintf(o.Out, "\npeak memory of the Go process over all of this: %.0f MB\n", peak)
	return nil
}

// embedded measures the product as a newcomer starts it: alone, on a folder.
func embedded(ctx context.Context, o Options, log *os.File) error {
	addr, err := freeAddr()
	if err != nil {
		return err
	}
	p := &product{binary: o.Binary, data: filepath.Join(o.Folder, "own"), addr: addr, log: log}
	first, err := p.start(ctx)
	if err != nil {
		return err
	}
	p.stop()
	again, err := p.start(ctx)
	if err != nil {
		return err
	}
	defer p.stop()
	time.Sleep(3 * time.Second)
	now, _ := memory(p.cmd.Process.Pid)
	st, err := os.Stat(o.Binary)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "start on an empty folder %.1f s, on an existing one %.1f s; Go process at rest %.0f MB; binary %d MB\n", first.Seconds(), again.Seconds(), now, st.Size()>>20)
	return nil
}

// serveBare runs the bare handler in a process of its own.
func serveBare(ctx context.Context, o Options, url string) (*exec.Cmd, string, error) {
	cmd := exec.CommandContext(ctx, o.Self[0], append(o.Self[1:], url)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	addr, err := bufio.NewReader(out).ReadString('\n')
	return cmd, strings.TrimSpace(addr), err
}

// load fills the product by its import and the raw tables by COPY, both into
// tables with their indexes, and reports the two rates.
func (s *site) load(ctx context.Context, o Options, admin, member *client) error {
	took, err := importCSV(ctx, admin, s.app, o.Rows)
	if err != nil {
		return err
	}
	rate := float64(o.Rows) / took.Seconds()
	table, err := s.table(ctx, "customer")
	if err != nil {
		return err
	}
	for _, sql := range []string{
		`CREATE SCHEMA raw`,
		`CREATE TABLE raw.customer (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), created_at timestamptz NOT NULL DEFAULT clock_timestamp(), name text, phone text, email text, industry text, tier text, stage text, city text, amount numeric, score numeric, last_contact date, active boolean, labels text[], region text, note text, site text, grams text[])`,
		`CREATE UNIQUE INDEX ON raw.customer (phone)`, `CREATE INDEX ON raw.customer (created_at DESC, id DESC)`, `CREATE INDEX ON raw.customer (stage, amount)`,
		`CREATE INDEX ON raw.customer (industry)`, `CREATE INDEX ON raw.customer (tier)`, `CREATE INDEX ON raw.customer (stage)`, `CREATE INDEX ON raw.customer USING gin (labels)`,
		`CREATE INDEX ON raw.customer USING gin (grams)`,
		`CREATE TABLE raw.contact (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, customer uuid REFERENCES raw.customer)`,
	} {
		if _, err := s.db.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	raw, err := s.copyRows(ctx, table, o.Rows)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "import of %d rows of 15 fields: %.0f rows/s; COPY of the same rows into the same columns and indexes: %.0f rows/s; ratio %.2f\n\n", o.Rows, rate, raw, rate/raw)
	if admin.ids, err = s.column(ctx, "SELECT id::text FROM "+table); err != nil {
		return err
	}
	if member.ids, err = s.column(ctx, "SELECT id::text FROM "+table+" WHERE active"); err != nil {
		return err
	}
	if s.raw, err = s.column(ctx, "SELECT id::text FROM raw.customer"); err != nil {
		return err
	}
	var ops []string
	for i := range 3000 {
		ops = append(ops, fmt.Sprintf(`{"op":"create","values":{"name":"contact %d","customer":%q}}`, i, admin.ids[i%len(admin.ids)]))
		if len(ops) == 500 {
			if _, err := admin.json(ctx, "POST", "/apps/"+s.app+"/entities/contact/records/batch", `{"ops":[`+strings.Join(ops, ",")+`]}`); err != nil {
				return err
			}
			ops = ops[:0]
		}
	}
	if _, err := s.db.Exec(ctx, "INSERT INTO raw.contact (name, customer) SELECT 'contact', id FROM raw.customer LIMIT 3000"); err != nil {
		return err
	}
	contact, err := s.table(ctx, "contact")
	if err != nil {
		return err
	}
	if s.contacts, err = s.column(ctx, "SELECT id::text FROM "+contact); err != nil {
		return err
	}
	if s.rawRel, err = s.column(ctx, "SELECT id::text FROM raw.contact"); err != nil {
		return err
	}
	s.next.Store(int64(o.Rows))
	_, err = s.db.Exec(ctx, "VACUUM ANALYZE")
	return err
}

// copyRows copies what the product holds, its search words included, into the
// raw table and says how many rows a second went in.
func (s *site) copyRows(ctx context.Context, table string, n int) (float64, error) {
	conn, err := s.db.Acquire(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Release()
	var rows bytes.Buffer
	list := strings.Join(columns, ", ")
	if _, err := conn.Conn().PgConn().CopyTo(ctx, &rows, "COPY (SELECT "+list+", zz_grams FROM "+table+") TO STDOUT"); err != nil {
		return 0, err
	}
	began := time.Now()
	_, err = conn.Conn().PgConn().CopyFrom(ctx, &rows, "COPY raw.customer ("+list+", grams) FROM STDIN")
	return float64(n) / time.Since(began).Seconds(), err
}

func (s *site) table(ctx context.Context, entity string) (string, error) {
	var schema string
	err := s.db.QueryRow(ctx, "SELECT table_schema FROM information_schema.tables WHERE table_name = $1", "bench_"+entity).Scan(&schema)
	return pgx.Identifier{schema, "bench_" + entity}.Sanitize(), err
}

func (s *site) column(ctx context.Context, sql string) ([]string, error) {
	rows, err := s.db.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// verify compares what the three targets answer before anything is timed.
func (s *site) verify(ctx context.Context, o Options, admin *client) error {
	want := map[string]int{}
	for i := range o.Rows {
		want[row(i).stage]++
	}
	var product struct {
		Rows []struct {
			Stage string
			N     int
		}
	}
	if err := admin.into(ctx, &product, "POST", records(s)+"/aggregate", `{"group_by":[{"field":"stage"}],"measures":[{"fn":"count","as":"n"}]}`); err != nil {
		return err
	}
	for _, r := range product.Rows {
		if want[r.Stage] != r.N {
			return fmt.Errorf("the product counts %d of stage %s, the generator %d", r.N, r.Stage, want[r.Stage])
		}
	}
	filter := `stage == "won" and amount > 500000`
	var page struct{ Records []map[string]any }
	if err := admin.into(ctx, &page, "POST", records(s)+"/query", fmt.Sprintf(`{"filter":%q,"sort":"-amount","limit":50}`, filter)); err != nil {
		return err
	}
	b, err := s.bare.get(ctx, "/filter?stage=won&amount=500000")
	if err != nil {
		return err
	}
	var bare struct{ Records []map[string]any }
	if err := json.Unmarshal(b, &bare); err != nil {
		return err
	}
	n, err := s.answers(ctx, rawFilter, "won", "500000")
	if err != nil {
		return err
	}
	if len(page.Records) != n || len(bare.Records) != n || n == 0 {
		return fmt.Errorf("the filter gives %d, %d and %d rows", n, len(bare.Records), len(page.Records))
	}
	for i := range page.Records {
		if page.Records[i]["phone"] != bare.Records[i]["phone"] {
			return fmt.Errorf("row %d of the filter differs: %v, %v", i, page.Records[i]["phone"], bare.Records[i]["phone"])
		}
	}
	// Both keep the same search index.
	table, err := s.table(ctx, "customer")
	if err != nil {
		return err
	}
	var in map[string]any
	if err := json.Unmarshal([]byte(row(0).json(false)), &in); err != nil {
		return err
	}
	var same bool
	if err := s.db.QueryRow(ctx, "SELECT zz_grams @> $1 AND zz_grams <@ $1 FROM "+table+" WHERE phone = $2", query.Grams(searched(in)...), in["phone"]).Scan(&same); err != nil {
		return err
	}
	if !same {
		return errors.New("the product and the bare handler index different words")
	}
	for range 3 {
		text := fragment(randOf(7), 2)
		var found struct{ Count int }
		if err := admin.into(ctx, &found, "POST", records(s)+"/query", fmt.Sprintf(`{"search":%q,"count":"exact","limit":1}`, text)); err != nil {
			return err
		}
		var n int
		if err := s.db.QueryRow(ctx, "SELECT count(*) FROM raw.customer WHERE name LIKE '%' || $1 || '%' OR note LIKE '%' || $1 || '%' OR city LIKE '%' || $1 || '%'", text).Scan(&n); err != nil {
			return err
		}
		if found.Count != n {
			return fmt.Errorf("a search for %q finds %d, plain SQL %d", text, found.Count, n)
		}
	}
	return nil
}

func (s *site) operations(ctx context.Context, o Options, p *product, pg *cluster.Cluster, bare int, admin, member *client) error {
	postgres := func() []int { return withChildren(pg.Pid()) }
	with := func(pid int) func() []int { return func() []int { return append(postgres(), pid) } }
	w := tabwriter.NewWriter(o.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "operations/s, p95 ms, CPU ms\tpgx\tbare handler\tproduct\tp50\tp95\tCPU\tof pgx\tof bare\tas member\tof bare\t\n")
	for _, op := range operations {
		if len(o.Only) > 0 && !slices.Contains(o.Only, op.name) {
			continue
		}
		var raw, hand, full, part []figure
		for range o.Rounds {
			for _, x := range []struct {
				to   *[]figure
				pids func() []int
				do   call
			}{{&raw, postgres, op.raw(s)}, {&hand, with(bare), op.bare(s)}, {&full, with(p.cmd.Process.Pid), op.product(s, admin)}, {&part, with(p.cmd.Process.Pid), op.product(s, member)}} {
				if op.name == "batch 100" && x.to == &part {
					continue
				}
				f, err := measure(ctx, callers, o.Time, x.pids, x.do)
				if err != nil {
					return fmt.Errorf("%s: %w", op.name, err)
				}
				*x.to = append(*x.to, f)
			}
		}
		a, b, c := median(raw), median(hand), median(full)
		fmt.Fprintf(w, "%s\t%.0f\t%.0f\t%.0f\t%.1f\t%.1f\t%.2f\t%.2f\t%.2f\t", op.name, a.rate, b.rate, c.rate, ms(c.p50), ms(c.p95), ms(c.cpu), c.rate/a.rate, c.rate/b.rate)
		if len(part) > 0 {
			m := median(part)
			fmt.Fprintf(w, "%.0f\t%.2f\t", m.rate, m.rate/b.rate)
		} else {
			fmt.Fprintf(w, "\t\t")
		}
		fmt.Fprintln(w)
		if err := w.Flush(); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// automations measures how soon the effect of a rule is there when nothing
// else happens, and how many runs end a second when many wait.
func (s *site) automations(ctx context.Context, o Options, admin *client) error {
	effect, err := s.table(ctx, "effect")
	if err != nil {
		return err
	}
	orders := "/apps/" + s.app + "/entities/order/records"
	var waits []time.Duration
	for i := range 100 {
		var made struct{ ID string }
		if err := admin.into(ctx, &made, "POST", orders, fmt.Sprintf(`{"name":"idle %d"}`, i)); err != nil {
			return err
		}
		began := time.Now()
		for {
			var n int
			if err := s.db.QueryRow(ctx, `SELECT count(*) FROM `+effect+` WHERE "order" = $1`, made.ID).Scan(&n); err != nil {
				return err
			}
			if n > 0 {
				break
			}
			if time.Since(began) > 10*time.Second {
				return errors.New("a rule had no effect within 10 s")
			}
			time.Sleep(time.Millisecond)
		}
		waits = append(waits, time.Since(began))
		time.Sleep(20 * time.Millisecond)
	}
	slices.Sort(waits)
	const many = 5000
	began := time.Now()
	for i := 0; i < many; i += 500 {
		var ops []string
		for j := range 500 {
			ops = append(ops, fmt.Sprintf(`{"op":"create","values":{"name":"many %d"}}`, i+j))
		}
		if _, err := admin.json(ctx, "POST", orders+"/batch", `{"ops":[`+strings.Join(ops, ",")+`]}`); err != nil {
			return err
		}
	}
	for {
		var n int
		if err := s.db.QueryRow(ctx, `SELECT count(*) FROM `+effect).Scan(&n); err != nil {
			return err
		}
		if n >= many+len(waits) {
			break
		}
		if time.Since(began) > 2*time.Minute {
			return fmt.Errorf("%d of %d effects after two minutes", n, many+len(waits))
		}
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Fprintf(o.Out, "\nautomations: commit to effect when idle p50 %.1f ms, p95 %.1f ms; %d orders with their effects in %.1f s, %.0f runs/s\n",
		ms(waits[len(waits)/2]), ms(waits[len(waits)*95/100]), many, time.Since(began).Seconds(), many/time.Since(began).Seconds())
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

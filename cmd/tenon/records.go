package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"tenon/engine/access"
	"tenon/engine/query"
	"tenon/engine/transfer"
	"tenon/templates"
	"tenon/workflow/action"
	"tenon/workflow/deliver"
	"tenon/workflow/run"
)

// words parses flags wherever they stand among the words, and returns the words.
func words(fs *flag.FlagSet, args []string) ([]string, error) {
	fs.SetOutput(io.Discard)
	var out []string
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		if fs.NArg() == 0 {
			return out, nil
		}
		out, args = append(out, fs.Arg(0)), fs.Args()[1:]
	}
}

// desktop is an app opened for a command: in the name of the operator.
type desktop struct {
	*product
	app   string // id
	actor *access.Actor
}

// openApp opens the installation and finds an app by its key or id.
func openApp(ctx context.Context, ref string) (*desktop, error) {
	p, err := open(ctx)
	if err != nil {
		return nil, err
	}
	d, err := p.desktop(ctx, ref)
	if err != nil {
		p.close()
	}
	return d, err
}

func (p *product) desktop(ctx context.Context, ref string) (*desktop, error) {
	w, err := p.workspace(ctx)
	if err != nil {
		return nil, err
	}
	all, err := p.people.Apps(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if a.ID == ref || a.Key == ref {
			actor, err := p.operator(ctx, w)
			// Rules that refuse or fill in work here too; what they send waits for the server.
			run.New(p.engine, &action.Delivery{Do: deliver.NewClient(allowed(p.allowHosts)).Do, Now: time.Now})
			return &desktop{p, a.ID, actor}, err
		}
	}
	return nil, noApp(ref)
}

func noApp(ref string) error {
	return fmt.Errorf("there is no app %q in the workspace; see tenon app list", ref)
}

// progress writes how far a piece of work is over one line of standard error,
// and ends it when the person at the keyboard wants it to.
func progress(ctx context.Context, what string) transfer.Progress {
	return func(done, total int) (bool, error) {
		if total > done {
			fmt.Fprintf(os.Stderr, "\r%s %d of %d", what, done, total)
		} else {
			fmt.Fprintf(os.Stderr, "\r%s %d         ", what, done)
		}
		return ctx.Err() != nil, nil
	}
}

// importRecords brings a table into an entity.
func importRecords(ctx context.Context, args []string) error {
	fs := flag.NewFlagSet("import", flag.ContinueOnError)
	file := fs.String("mapping", "", "a file with the mapping as JSON, or the key of one that the app's template ships")
	dry := fs.Bool("dry-run", false, "only tell what would happen")
	rules := fs.Bool("rules", false, "let automations run for what comes in")
	bad := fs.String("report", "", "write refused rows to this CSV file")
	sheet := fs.String("sheet", "", "sheet of a workbook")
	rest, err := words(fs, args)
	if err != nil || len(rest) != 3 {
		return errors.Join(errors.New("usage: tenon import APP ENTITY FILE [--mapping FILE.json|KEY] [--dry-run] [--rules] [--report BAD.csv] [--sheet NAME]"), err)
	}
	d, err := openApp(ctx, rest[0])
	if err != nil {
		return err
	}
	defer d.close()
	src, err := transfer.OpenFile(rest[2], filepath.Base(rest[2]), transfer.Read{Sheet: *sheet})
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	m, err := d.mapping(ctx, src, rest[1], *file)
	if err != nil {
		return err
	}
	m.Rules = m.Rules || *rules
	o := transfer.Options{Progress: progress(ctx, "row")}
	if err := src.Each(ctx, func(int, []string) error { o.Total++; return nil }); err != nil {
		return err
	}
	var report *os.File
	if *bad != "" {
		if report, err = os.Create(*bad); err != nil {
			return err
		}
		o.Report = report
	}
	work := transfer.Run
	if *dry {
		work = transfer.DryRun
	}
	// A chunk that has begun is finished: whoever stops it can undo what came in.
	res, err := work(context.WithoutCancel(ctx), d.engine, d.actor, d.app, src, m, o)
	fmt.Fprintln(os.Stderr)
	if report != nil {
		err = errors.Join(err, report.Close())
	}
	if err != nil {
		return err
	}
	if res.Members > 0 && !*dry {
		d.people.Changed(context.WithoutCancel(ctx))
	}
	tellImport(os.Stdout, res, rest[0], *dry, m.Rules)
	switch {
	case res.Stopped:
		return errors.New("stopped; what came in by then stays until it is undone")
	case res.Bad > 0:
		return fmt.Errorf("%d rows refused", res.Bad)
	}
	return nil
}

// mapping reads the mapping that is asked for, or proposes one.
func (d *desktop) mapping(ctx context.Context, src *transfer.Source, entity, ref string) (transfer.Mapping, error) {
	var m transfer.Mapping
	b, err := os.ReadFile(ref)
	switch {
	case ref == "":
		a, err := transfer.Analyse(ctx, d.engine, d.actor, d.app, entity, src)
		if err != nil {
			return m, err
		}
		m = *a.Mapping
	case err == nil:
		if err := json.Unmarshal(b, &m); err != nil {
			return m, fmt.Errorf("%s: %w", ref, err)
		}
	case errors.Is(err, os.ErrNotExist) && !strings.ContainsAny(ref, `/\.`):
		if b, err = d.shipped(ctx, ref); err != nil {
			return m, err
		}
		if err := json.Unmarshal(b, &m); err != nil {
			return m, err
		}
	default:
		return m, err
	}
	if m.Entity != "" && m.Entity != entity {
		return m, fmt.Errorf("the mapping is one for %s", m.Entity)
	}
	m.Entity = entity
	return m, nil
}

// shipped finds a mapping of the template that the app comes from.
func (d *desktop) shipped(ctx context.Context, key string) ([]byte, error) {
	snap, err := d.engine.Defs.At(ctx, d.app)
	if err != nil {
		return nil, err
	}
	var keys []string
	if o := snap.App.Info.Origin; o != nil && o.Template != "" {
		t, err := templates.Open(o.Template)
		if err != nil {
			return nil, err
		}
		for _, m := range t.Imports {
			if m.Key == key {
				return json.Marshal(m)
			}
			keys = append(keys, m.Key)
		}
	}
	return nil, fmt.Errorf("there is no file %q, and the app's template ships no such mapping; it has: %s", key, strings.Join(keys, ", "))
}

func tellImport(w io.Writer, r *transfer.Result, app string, dry, rules bool) {
	fmt.Fprintf(w, "%d rows: %d created, %d updated, %d unchanged, %d left out, %d refused\n", r.Rows, r.Created, r.Updated, r.Unchanged, r.Skipped, r.Bad)
	var related []string
	for k := range r.Related {
		related = append(related, k)
	}
	sort.Strings(related)
	for _, k := range related {
		fmt.Fprintf(w, "%d added to %s for links\n", r.Related[k], k)
	}
	if r.Members > 0 {
		fmt.Fprintf(w, "%d people added, without accounts\n", r.Members)
	}
	if len(r.Rules) > 0 && !rules {
		fmt.Fprintln(w, "automations do not run for these rows; with --rules they would:")
	}
	for _, x := range r.Rules {
		fmt.Fprintf(w, "  %s %d×\n", x.Key, x.Runs)
	}
	for i, x := range r.Refused {
		if i == 10 {
			fmt.Fprintf(w, "… and %d more\n", r.Bad-i)
			break
		}
		for _, e := range x.Errors {
			fmt.Fprintf(w, "row %d, %s: %s\n", x.Row, e.Column, e.Message)
		}
	}
	if !dry && r.Created+r.Updated > 0 {
		fmt.Fprintf(w, "undo with: tenon undo %s %s\n", app, r.Operation)
	}
}

// undo takes an operation back.
func undo(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return errors.New("usage: tenon undo APP OPERATION")
	}
	d, err := openApp(ctx, args[0])
	if err != nil {
		return err
	}
	defer d.close()
	r, err := transfer.Undo(ctx, d.engine, d.actor, d.app, args[1])
	if err != nil {
		return err
	}
	fmt.Printf("%d records reverted, %d kept\n", r.Reverted, len(r.Kept))
	for _, k := range r.Kept {
		fmt.Printf("  %s %s: %s\n", k.Entity, k.ID, k.Reason)
	}
	return nil
}

// exportRecords writes the records of an entity to a file or standard output.
func exportRecords(ctx context.Context, args []string) error {
	fs := flag.NewFlagSet("export", flag.ContinueOnError)
	format := fs.String("format", "", "csv, xlsx or ndjson; by the name of the file when left out")
	filter := fs.String("filter", "", "which records: an expression")
	sorted := fs.String("sort", "", "fields, with - for descending")
	fields := fs.String("fields", "", "which fields, in this order")
	keys := fs.Bool("keys", false, "keys and plain values for programs, in place of texts for people")
	out := fs.String("out", "", "the file; standard output when left out")
	rest, err := words(fs, args)
	if err != nil || len(rest) != 2 {
		return errors.Join(errors.New("usage: tenon export APP ENTITY [--format csv|xlsx|ndjson] [--filter EXPRESSION] [--sort FIELDS] [--fields FIELDS] [--keys] [--out FILE]"), err)
	}
	x := transfer.Export{Format: *format, Filter: *filter, Fields: list(*fields), Keys: *keys, Progress: progress(ctx, "record")}
	if x.Format == "" {
		if x.Format = strings.TrimPrefix(filepath.Ext(*out), "."); x.Format == "" {
			x.Format = "csv"
		}
	}
	for _, f := range list(*sorted) {
		x.Sort = append(x.Sort, query.Sort{Field: strings.TrimPrefix(f, "-"), Desc: strings.HasPrefix(f, "-")})
	}
	d, err := openApp(ctx, rest[0])
	if err != nil {
		return err
	}
	defer d.close()
	e, err := transfer.Begin(ctx, d.engine, d.actor, d.app, rest[1], x)
	if err != nil {
		return err
	}
	if *out == "" {
		_, err := e.Write(ctx, os.Stdout)
		fmt.Fprintln(os.Stderr)
		return err
	}
	f, err := os.OpenFile(*out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	n, err := e.Write(ctx, f)
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return errors.Join(err, f.Close(), os.Remove(*out))
	}
	fmt.Printf("%d records in %s\n", n, *out)
	return errors.Join(f.Sync(), f.Close())
}

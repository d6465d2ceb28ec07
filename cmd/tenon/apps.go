package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"tenon/engine/install"
	"tenon/schema"
	"tenon/templates"
)

// template lists what comes with the product, or installs one of it.
func template(ctx context.Context, args []string) error {
	usage := errors.New("usage: tenon template list | tenon template install [--sample] [--light=false] [--key KEY] NAME")
	if len(args) == 0 {
		return usage
	}
	if args[0] == "list" {
		for _, m := range templates.List() {
			fmt.Printf("%-20s %-8s %s\n", m.Name, m.Version, m.Title.In("en-US"))
		}
		return nil
	}
	fs := flag.NewFlagSet("template", flag.ContinueOnError)
	sample := fs.Bool("sample", false, "load sample data too")
	light := fs.Bool("light", true, "start with the short menu")
	key := fs.String("key", "", "key of the app")
	if err := fs.Parse(args[1:]); err != nil {
		return err
	}
	if args[0] != "install" || fs.NArg() != 1 {
		return usage
	}
	t, err := templates.Open(fs.Arg(0))
	if err != nil {
		return err
	}
	p, err := open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	w, err := p.workspace(ctx)
	if err != nil {
		return err
	}
	a, err := p.operator(ctx, w)
	if err != nil {
		return err
	}
	t.Speak(w.Locale)
	seed, err := t.Seed(w.Locale)
	if err != nil {
		return err
	}
	id, err := install.Install(ctx, p.engine, a, w.ID, t.App, seed, install.Options{Key: *key, Light: *light})
	if err != nil {
		return err
	}
	p.people.Changed(ctx)
	fmt.Println("installed as", id)
	if !*sample {
		return nil
	}
	day, err := install.Day(ctx, p.engine, id, time.Now())
	if err != nil {
		return err
	}
	n, err := install.LoadSample(ctx, p.engine, a, id, t.Data(day, w.Locale), nil)
	if err != nil {
		return err
	}
	p.people.Changed(ctx)
	fmt.Printf("loaded %d records, %d members\n", n.Records, n.Members)
	return nil
}

// app lists, exports and imports whole apps.
func app(ctx context.Context, args []string) error {
	usage := errors.New("usage: tenon app list | tenon app export [--data] APP FILE.zip | tenon app import FILE.zip")
	if len(args) == 0 {
		return usage
	}
	fs := flag.NewFlagSet("app", flag.ContinueOnError)
	data := fs.Bool("data", false, "with its records")
	if err := fs.Parse(args[1:]); err != nil {
		return err
	}
	rest := fs.Args()
	p, err := open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	w, err := p.workspace(ctx)
	if err != nil {
		return err
	}
	switch {
	case args[0] == "list" && len(rest) == 0:
		return p.listApps(ctx, w.ID)
	case args[0] == "export" && len(rest) == 2:
		return p.exportApp(ctx, w.ID, rest[0], rest[1], *data)
	case args[0] == "import" && len(rest) == 1:
		return p.importApp(ctx, rest[0])
	}
	return usage
}

func (p *product) listApps(ctx context.Context, workspace string) error {
	all, err := p.people.Apps(ctx, workspace)
	for _, a := range all {
		var name schema.Text
		if err := a.Name.Into(&name); err != nil {
			return err
		}
		fmt.Printf("%s  %-24s v%-4d %s\n", a.ID, a.Key, a.Version, name.In("en-US"))
	}
	return err
}

func (p *product) exportApp(ctx context.Context, workspace, ref, file string, data bool) error {
	all, err := p.people.Apps(ctx, workspace)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.ID != ref && a.Key != ref {
			continue
		}
		f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		if err = install.Export(ctx, p.engine, a.ID, data, f, nil); err != nil {
			return errors.Join(err, f.Close(), os.Remove(file))
		}
		return errors.Join(f.Sync(), f.Close())
	}
	return noApp(ref)
}

func (p *product) importApp(ctx context.Context, file string) error {
	w, err := p.workspace(ctx)
	if err != nil {
		return err
	}
	a, err := p.operator(ctx, w)
	if err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	ar, err := install.OpenArchive(f, st.Size())
	if err != nil {
		return err
	}
	id, err := ar.Install(ctx, p.engine, a, w.ID, install.Options{})
	if err != nil {
		return err
	}
	p.people.Changed(ctx)
	fmt.Println("imported as", id)
	if len(ar.Data) == 0 {
		return nil
	}
	r, err := ar.Load(ctx, p.engine, a, id, nil)
	if err != nil {
		return err
	}
	p.people.Changed(ctx)
	fmt.Printf("%d records, %d refused\n", r.Records, r.Skipped)
	for _, x := range r.Refused {
		fmt.Printf("  %s %s: %v\n", x.Entity, x.ID, x.Errors)
	}
	return nil
}

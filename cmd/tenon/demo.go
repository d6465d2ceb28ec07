package main

import (
	"context"
	"fmt"
	"time"

	"tenon/engine/access"
	"tenon/engine/install"
	"tenon/engine/store"
	"tenon/templates"
)

// demo installs the bundled CRM with sample data, once.
func (p *product) demo(ctx context.Context) error {
	r, err := p.db.Read(ctx, store.FirstAdmin())
	if err != nil {
		return err
	}
	if len(r[0].Rows) == 0 {
		fmt.Println("The demo is installed once the product is set up: start it again with --demo after that.")
		return nil
	}
	workspace, admin, locale := r[0].Str(0), r[0].Str(1), r[0].Str(2)
	t, err := templates.Open("crm_lifecycle")
	if err != nil {
		return err
	}
	have, err := p.db.Read(ctx, store.AppOfTemplate(workspace, t.App.Info.Key))
	if err != nil || len(have[0].Rows) > 0 {
		return err
	}
	seed, err := t.Seed(locale)
	if err != nil {
		return err
	}
	began := time.Now()
	actor := &access.Actor{ID: admin, Kind: "member", Member: admin, WorkspaceID: workspace, Admin: true, Locale: locale}
	app, err := install.Install(ctx, p.engine, actor, workspace, t.App, seed, install.Options{Light: true})
	if err != nil {
		return err
	}
	fmt.Printf("Installed the CRM in %s; loading sample data…\n", time.Since(began).Round(time.Millisecond))
	began = time.Now()
	n, err := install.LoadSample(ctx, p.engine, actor, app, t.Data(time.Now(), locale), nil)
	if err != nil {
		return err
	}
	fmt.Printf("Loaded %d records in %s\n", n.Records, time.Since(began).Round(time.Millisecond))
	return nil
}

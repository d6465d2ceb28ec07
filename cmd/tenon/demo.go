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

// demo installs the bundled CRM with sample data, once. It waits for somebody
// to set the product up: the demo belongs to a workspace.
func (p *product) demo(ctx context.Context) {
	for told := false; ; told = true {
		done, err := p.installDemo(ctx)
		if err != nil && ctx.Err() == nil {
			p.log.Error("demo", "error", err)
			return
		}
		if done {
			return
		}
		if !told {
			fmt.Println("The demo is installed as soon as the product is set up.")
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

// installDemo reports false while there is no workspace yet.
func (p *product) installDemo(ctx context.Context) (bool, error) {
	r, err := p.db.Read(ctx, store.FirstAdmin())
	if err != nil || len(r[0].Rows) == 0 {
		return false, err
	}
	workspace, admin, locale := r[0].Str(0), r[0].Str(1), r[0].Str(2)
	t, err := templates.Open("crm_lifecycle")
	if err != nil {
		return true, err
	}
	have, err := p.db.Read(ctx, store.AppOfTemplate(workspace, t.App.Info.Key))
	if err != nil || len(have[0].Rows) > 0 {
		return true, err
	}
	t.Speak(locale)
	seed, err := t.Seed(locale)
	if err != nil {
		return true, err
	}
	began := time.Now()
	actor := &access.Actor{ID: admin, Kind: "member", Member: admin, WorkspaceID: workspace, Admin: true, Locale: locale}
	app, err := install.Install(ctx, p.engine, actor, workspace, t.App, seed, install.Options{Light: true})
	if err != nil {
		return true, err
	}
	p.people.Changed(ctx)
	fmt.Printf("Installed the CRM in %s; loading sample data…\n", time.Since(began).Round(time.Millisecond))
	began = time.Now()
	day, err := install.Day(ctx, p.engine, app, began)
	if err != nil {
		return true, err
	}
	n, err := install.LoadSample(ctx, p.engine, actor, app, t.Data(day, locale), nil)
	if err != nil {
		return true, err
	}
	p.people.Changed(ctx)
	fmt.Printf("Loaded %d records in %s\n", n.Records, time.Since(began).Round(time.Millisecond))
	return true, nil
}

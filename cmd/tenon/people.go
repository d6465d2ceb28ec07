package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"tenon/engine/identity"
	"tenon/engine/transfer"
)

// importPeople adds the people of a table, without accounts.
func importPeople(ctx context.Context, args []string) error {
	fs := flag.NewFlagSet("user", flag.ContinueOnError)
	var m transfer.Staff
	fs.StringVar(&m.Name, "name", "name", "column of the names")
	fs.StringVar(&m.Email, "email", "", "column of the e-mail addresses")
	fs.StringVar(&m.Department, "department", "", "column of the departments")
	fs.StringVar(&m.Manager, "manager", "", "column of the managers: each heads a team of the department, called after them")
	role := fs.String("role", "", "APP/ROLE that the people get")
	rest, err := words(fs, args)
	if err != nil || len(rest) != 1 {
		return errors.Join(errors.New("usage: tenon user import FILE [--name COLUMN] [--email COLUMN] [--department COLUMN] [--manager COLUMN] [--role APP/ROLE]"), err)
	}
	src, err := transfer.OpenFile(rest[0], filepath.Base(rest[0]), transfer.Read{})
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
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
	if *role != "" {
		if m.Roles, err = p.role(ctx, *role); err != nil {
			return err
		}
	}
	by := transfer.StaffBy{Actor: identity.AuditActor{ID: a.ID, Name: "command line"}, Workspace: w.ID, Locale: a.Locale}
	res, err := transfer.ImportStaff(ctx, p.people, by, src, m, false)
	if res != nil {
		for _, r := range res.Refused {
			fmt.Printf("row %d: %s\n", r.Row, r.Errors[0].Message)
		}
		fmt.Printf("%d people and %d departments added, %d people changed\n", res.Added, res.Departments, res.Changed)
	}
	return err
}

// role finds APP/ROLE.
func (p *product) role(ctx context.Context, ref string) ([]identity.AppRole, error) {
	app, role, _ := strings.Cut(ref, "/")
	d, err := p.desktop(ctx, app)
	if err != nil {
		return nil, err
	}
	snap, err := p.engine.Defs.At(ctx, d.app)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, r := range snap.Roles {
		if r.Def.Key == role || r.Def.ID == role {
			return []identity.AppRole{{App: d.app, Role: r.Def.ID}}, nil
		}
		keys = append(keys, r.Def.Key)
	}
	return nil, fmt.Errorf("the app has no role %q; it has: %s", role, strings.Join(keys, ", "))
}

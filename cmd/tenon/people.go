package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"tenon/engine/identity"
	"tenon/engine/transfer"
)

// importPeople adds the people of a table, without accounts: they can own
// records, and an invitation lets them claim what is theirs. Who is there by
// name already is only put into the department.
func importPeople(ctx context.Context, args []string) error {
	fs := flag.NewFlagSet("user", flag.ContinueOnError)
	name := fs.String("name", "name", "column of the names")
	department := fs.String("department", "", "column of the departments")
	manager := fs.String("manager", "", "column of the managers: each heads a team of the department, called after them")
	role := fs.String("role", "", "APP/ROLE that the people get")
	rest, err := words(fs, args)
	if err != nil || len(rest) != 1 {
		return errors.Join(errors.New("usage: tenon user import FILE [--name COLUMN] [--department COLUMN] [--manager COLUMN] [--role APP/ROLE]"), err)
	}
	src, err := transfer.OpenFile(rest[0], filepath.Base(rest[0]), transfer.Read{})
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	at := map[string]int{}
	for _, c := range []string{*name, *department, *manager} {
		if at[c] = src.Column(c); c != "" && at[c] < 0 {
			return fmt.Errorf("the table has no column %q", c)
		}
	}
	p, err := open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	s, err := p.staff(ctx)
	if err != nil {
		return err
	}
	if *role != "" {
		if err := s.hold(ctx, *role); err != nil {
			return err
		}
	}
	err = src.Each(ctx, func(_ int, cells []string) error {
		cell := func(column string) string {
			if column == "" {
				return ""
			}
			return cells[at[column]]
		}
		if cell(*name) == "" {
			return nil
		}
		place, err := s.department(ctx, "", cell(*department), "")
		if err != nil {
			return err
		}
		if m := cell(*manager); m != "" {
			head, err := s.person(ctx, m, place, nil)
			if err != nil {
				return err
			}
			if place, err = s.department(ctx, place, m, head); err != nil {
				return err
			}
		}
		_, err = s.person(ctx, cell(*name), place, s.roles)
		return err
	})
	fmt.Printf("%d people and %d departments added, %d people changed\n", s.added, s.places, s.changed)
	return err
}

// staff is who works in a workspace, by name.
type staff struct {
	p                      *product
	workspace              string
	by                     identity.AuditActor
	people                 map[string]identity.Person
	departments            map[string]identity.Department // parent/name
	roles                  []identity.AppRole
	added, changed, places int
}

func (p *product) staff(ctx context.Context) (*staff, error) {
	w, err := p.workspace(ctx)
	if err != nil {
		return nil, err
	}
	a, err := p.operator(ctx, w)
	if err != nil {
		return nil, err
	}
	s := &staff{p: p, workspace: w.ID, by: identity.AuditActor{ID: a.ID, Name: "command line"}, people: map[string]identity.Person{}, departments: map[string]identity.Department{}}
	people, err := p.people.People(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	for _, m := range people {
		s.people[strings.ToLower(m.Name)] = m
	}
	departments, err := p.people.Departments(ctx, w.ID)
	for _, d := range departments {
		s.departments[string(d.ParentID)+"/"+strings.ToLower(d.Name)] = d
	}
	return s, err
}

// hold finds the role that people are to get.
func (s *staff) hold(ctx context.Context, ref string) error {
	app, role, _ := strings.Cut(ref, "/")
	d, err := s.p.desktop(ctx, app)
	if err != nil {
		return err
	}
	snap, err := s.p.engine.Defs.At(ctx, d.app)
	if err != nil {
		return err
	}
	var keys []string
	for _, r := range snap.Roles {
		if r.Def.Key == role || r.Def.ID == role {
			s.roles = []identity.AppRole{{App: d.app, Role: r.Def.ID}}
			return nil
		}
		keys = append(keys, r.Def.Key)
	}
	return fmt.Errorf("the app has no role %q; it has: %s", role, strings.Join(keys, ", "))
}

// department finds a department below another, or adds it.
func (s *staff) department(ctx context.Context, parent, name, head string) (string, error) {
	if name == "" {
		return parent, nil
	}
	key := parent + "/" + strings.ToLower(name)
	if d, ok := s.departments[key]; ok {
		return d.ID, nil
	}
	d, err := s.p.people.AddDepartment(ctx, s.by, s.workspace, identity.DepartmentChange{Name: &name, Parent: &parent, Head: &head}, identity.Origin{})
	if err == nil {
		s.departments[key] = d
		s.places++
	}
	return d.ID, err
}

// person finds a person, or adds one, and sees to their department and roles.
func (s *staff) person(ctx context.Context, name, department string, roles []identity.AppRole) (string, error) {
	key := strings.ToLower(name)
	m, known := s.people[key]
	departments, held := m.Departments, m.Roles
	if department != "" && !slices.Contains(departments, department) {
		departments = append(slices.Clone(departments), department)
	}
	for _, r := range roles {
		if !slices.Contains(held, r) {
			held = append(slices.Clone(held), r)
		}
	}
	ch := identity.MemberChange{Departments: &departments, Roles: &held}
	var err error
	switch {
	case !known:
		ch.Name = &name
		m, err = s.p.people.AddMember(ctx, s.by, s.workspace, ch, identity.Origin{})
		s.added++
	case len(departments) == len(m.Departments) && len(held) == len(m.Roles):
		return m.ID, nil
	default:
		m, err = s.p.people.UpdateMember(ctx, s.by, s.workspace, m.ID, ch, identity.Origin{})
		s.changed++
	}
	s.people[key] = m
	return m.ID, err
}

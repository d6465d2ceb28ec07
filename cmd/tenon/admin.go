package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"tenon/engine/access"
	"tenon/engine/identity"
)

// migrate brings the platform's tables up to date and ends.
func migrate(ctx context.Context, _ []string) error {
	p, err := open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	fmt.Println("the platform's tables are up to date")
	return nil
}

// workspace is the one that TENON_WORKSPACE names by id or key, else the oldest.
func (p *product) workspace(ctx context.Context) (identity.Workspace, error) {
	if name := os.Getenv("TENON_WORKSPACE"); name != "" {
		return p.people.Workspace(ctx, name)
	}
	all, err := p.people.AllWorkspaces(ctx)
	if err == nil && len(all) == 0 {
		err = errors.New("set the product up first: start it with tenon serve and open the link it prints")
	}
	if err != nil {
		return identity.Workspace{}, err
	}
	return all[0], nil
}

// operator is whoever has the command line: the workspace's first active
// administrator, in whose name things are done.
func (p *product) operator(ctx context.Context, w identity.Workspace) (*access.Actor, error) {
	people, err := p.people.People(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	for _, m := range people {
		if m.Admin && m.Status == "active" {
			return &access.Actor{ID: m.ID, Kind: "member", Name: m.Name, Member: m.ID, WorkspaceID: w.ID, Admin: true, Locale: w.Locale}, nil
		}
	}
	return nil, errors.New("the workspace has no active administrator")
}

// password reads TENON_PASSWORD or a line of standard input, so that it stands
// neither in the process list nor in the shell's history.
func password() (string, error) {
	if pw, err := setting("TENON_PASSWORD"); pw != "" || err != nil {
		return pw, err
	}
	fmt.Fprint(os.Stderr, "password: ")
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errors.Join(errors.New("no password given"), err)
	}
	return line, nil
}

// user adds people or sets a password.
func user(ctx context.Context, args []string) error {
	usage := errors.New("usage: tenon user add [--admin] EMAIL NAME | tenon user password EMAIL | tenon user import FILE")
	if len(args) == 0 {
		return usage
	}
	if args[0] == "import" {
		return importPeople(ctx, args[1:])
	}
	fs := flag.NewFlagSet("user", flag.ContinueOnError)
	admin := fs.Bool("admin", false, "as an administrator of the workspace")
	if err := fs.Parse(args[1:]); err != nil {
		return err
	}
	rest := fs.Args()
	if args[0] == "add" && len(rest) != 2 || args[0] == "password" && len(rest) != 1 || args[0] != "add" && args[0] != "password" {
		return usage
	}
	p, err := open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	pw, err := password()
	if err != nil {
		return err
	}
	if args[0] == "password" {
		return p.people.ResetPassword(ctx, rest[0], pw)
	}
	need, err := p.people.SetupRequired(ctx)
	if err != nil {
		return err
	}
	if need {
		_, err := p.people.EnsureAdmin(ctx, identity.First{Email: rest[0], Password: pw, Name: rest[1], Workspace: "Tenon"})
		return err
	}
	w, err := p.workspace(ctx)
	if err != nil {
		return err
	}
	_, err = p.people.AddAccount(ctx, w.ID, rest[0], rest[1], pw, *admin)
	return err
}

// apikey makes an API key and prints its secret.
func apikey(ctx context.Context, args []string) error {
	usage := errors.New(`usage: tenon apikey create [--scopes '[{"ops":["read"]}]'] [--days 90] NAME`)
	if len(args) == 0 || args[0] != "create" {
		return usage
	}
	fs := flag.NewFlagSet("apikey", flag.ContinueOnError)
	scopes := fs.String("scopes", "[]", "what it may do, as JSON; everything when empty")
	days := fs.Int("days", 0, "after how many days it ends; never when 0")
	if err := fs.Parse(args[1:]); err != nil {
		return err
	}
	if fs.NArg() != 1 {
		return usage
	}
	var l []identity.Scope
	if err := json.Unmarshal([]byte(*scopes), &l); err != nil {
		return fmt.Errorf("--scopes: %w", err)
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
	var until time.Time
	if *days > 0 {
		until = time.Now().AddDate(0, 0, *days)
	}
	secret, _, err := p.people.CreateKey(ctx, identity.AuditActor{ID: a.ID, Name: "command line"}, w.ID, fs.Arg(0), l, until, identity.Origin{})
	if err == nil {
		fmt.Println(secret)
	}
	return err
}

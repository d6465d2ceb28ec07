package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"tenon/engine/store"
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

// user adds a person or sets a password.
func user(ctx context.Context, args []string) error {
	pw := os.Getenv("TENON_PASSWORD")
	if len(args) < 2 || pw == "" {
		return errors.New("usage: TENON_PASSWORD=… tenon user add EMAIL NAME | tenon user password EMAIL")
	}
	p, err := open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	switch args[0] {
	case "add":
		if len(args) < 3 {
			return errors.New("usage: tenon user add EMAIL NAME")
		}
		r, err := p.db.Read(ctx, store.FirstAdmin())
		if err != nil {
			return err
		}
		if len(r[0].Rows) == 0 {
			return errors.New("set the product up first")
		}
		_, err = p.people.AddAccount(ctx, r[0].Str(0), args[1], args[2], pw, false)
		return err
	case "password":
		return p.people.ResetPassword(ctx, args[1], pw)
	}
	return fmt.Errorf("unknown: user %s", args[0])
}

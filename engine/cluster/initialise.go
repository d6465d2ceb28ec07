//go:build unix

package cluster

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// locales are tried in this order: text compares by code point and case maps
// beyond ASCII everywhere but in the last one. User-visible order comes from
// ICU collations of its own, never from here.
var locales = []string{"C.UTF-8", "en_US.UTF-8", "C"}

const accessRules = `# Written by Tenon. The socket's folder is closed to everybody but its owner.
local all all trust
host all all 127.0.0.1/32 scram-sha-256
`

// initialise makes the cluster beside its final place and moves it there when
// it is whole, so that a start that was cut short leaves no half cluster.
func (c *Cluster) initialise(ctx context.Context) error {
	c.cfg.Log("making a database with PostgreSQL %s in %s", c.binaries.Version, c.pg)
	fresh := c.pg + ".new"
	var err error
	for _, locale := range locales {
		if err = c.initdb(ctx, fresh, locale); err == nil || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return err
	}
	rules := filepath.Join(fresh, "pg_hba.conf")
	if err := os.WriteFile(rules, []byte(accessRules), 0o600); err != nil {
		return err
	}
	if err := c.single(ctx, fresh, `CREATE DATABASE "`+strings.ReplaceAll(c.cfg.Database, `"`, `""`)+`"`); err != nil {
		return err
	}
	if err := os.Remove(c.pg); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := os.Rename(fresh, c.pg); err != nil {
		return err
	}
	// What is written into the cluster from now on must not come back under
	// its old name after a power cut.
	folder, err := os.Open(c.cfg.DataDir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func (c *Cluster) initdb(ctx context.Context, dir, locale string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	if err := c.owner.take(dir); err != nil {
		return err
	}
	args := []string{"--username=" + superuser, "--encoding=UTF8", "--locale=" + locale, "--lc-messages=C",
		"--auth=trust", "--no-instructions"}
	if c.binaries.Major >= 15 {
		args = append(args, "--locale-provider=libc")
	}
	if c.cfg.Volatile {
		args = append(args, "--no-sync")
	}
	return c.run(ctx, dir, nil, "initdb", args...)
}

// single runs one statement in Postgres's single-user mode, on a cluster that
// nobody serves.
func (c *Cluster) single(ctx context.Context, dir, statement string) error {
	args := []string{"-c", "exit_on_error=on", "-c", "log_min_messages=error", "-c", "log_checkpoints=off", "-c", "log_statement=none"}
	if c.cfg.Volatile {
		args = append(args, "-F")
	}
	return c.run(ctx, dir, strings.NewReader(statement+"\n"), "postgres", append(args, "postgres")...)
}

// run executes a program of the binaries on the data folder dir.
func (c *Cluster) run(ctx context.Context, dir string, stdin *strings.Reader, name string, args ...string) error {
	path, inherit, err := dataPath(c.owner, dir)
	if err != nil {
		return err
	}
	if inherit != nil {
		defer inherit.Close()
	}
	at := []string{"-D", path}
	if stdin != nil {
		at = append([]string{"--single"}, at...)
	}
	cmd := command(c.owner, inherit, filepath.Join(c.binaries.Dir, name), append(at, args...)...)
	if stdin != nil {
		cmd.Stdin = stdin
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	// A grandchild that holds our pipe must not keep us waiting.
	cmd.WaitDelay = 5 * time.Second
	endWithParent(cmd)
	onStarter(func() { err = cmd.Start() })
	if err != nil {
		return fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	kill := context.AfterFunc(ctx, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	defer kill()
	if err := cmd.Wait(); err != nil {
		return errInit.With("tail", lastLines(out.Bytes())).Because(err)
	}
	return nil
}

// setPassword gives the superuser a password, kept beside the data, for the
// case that the server must listen on a port.
func (c *Cluster) setPassword(ctx context.Context) error {
	file := filepath.Join(c.cfg.DataDir, "pg.secret")
	if have, err := os.ReadFile(file); err == nil && len(have) > 0 {
		c.password = string(have)
		return nil
	}
	secret := make([]byte, 24)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	c.password = base64.RawURLEncoding.EncodeToString(secret)
	if err := c.single(ctx, c.pg, "ALTER ROLE "+superuser+" PASSWORD '"+c.password+"'"); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(c.password), 0o600)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"tenon/frontend"
	"tenon/workflow/queue"
)

// doctor goes through an installation and says what is wrong with it and what
// to do. It changes nothing but what opening it does.
func doctor(ctx context.Context, _ []string) error {
	bad := 0
	say := func(ok bool, what, advice string) {
		mark := "ok  "
		if !ok {
			mark = "FAIL"
			bad++
		}
		fmt.Printf("%s  %s\n", mark, what)
		if !ok && advice != "" {
			fmt.Printf("      %s\n", advice)
		}
	}
	c, err := readConfig()
	if err != nil {
		return err
	}
	say(true, "settings are readable; data in "+c.data, "")
	say(len(c.secret) >= 32, "the secret key is long enough", "use 32 random bytes: openssl rand -base64 32")
	say(frontend.Built(), "the binary carries a built UI", "build it with: go run ./cmd/dev run")
	say(writable(c.data), "the data folder can be written", "check its owner and the free space")
	if l, err := net.Listen("tcp", c.addr); err == nil {
		say(l.Close() == nil, "the address "+c.addr+" is free", "")
	} else {
		fmt.Printf("note  %s is in use: a server runs there, or something else does\n", c.addr)
	}
	if c.redis != "" {
		q, err := queue.Open(ctx, c.redis)
		if err == nil {
			err = q.Ping(ctx)
			q.Close()
		}
		say(err == nil, "Redis answers and is new enough", fmt.Sprint(err))
	} else {
		say(true, "the queue lives in the process (no REDIS_URL)", "")
	}
	p, err := open(ctx)
	say(err == nil, "the database can be opened and its tables are up to date", fmt.Sprint(err))
	if err != nil {
		return errors.New("the database could not be opened, so the rest was not looked at")
	}
	defer p.close()
	p.examine(ctx, say)
	if bad > 0 {
		return fmt.Errorf("%d of the checks failed", bad)
	}
	return nil
}

func (p *product) examine(ctx context.Context, say func(ok bool, what, advice string)) {
	began := time.Now()
	err := p.db.Ping(ctx)
	say(err == nil && time.Since(began) < 200*time.Millisecond, "the database answers within 200 ms", "check the network between the product and Postgres")
	_, err = p.blobs(ctx)
	say(err == nil, "files can be kept", fmt.Sprint(err))
	need, err := p.people.SetupRequired(ctx)
	say(err == nil && !need, "somebody can sign in", "open the set-up link that tenon serve prints")
	spaces, err := p.people.AllWorkspaces(ctx)
	say(err == nil, fmt.Sprintf("%d workspaces", len(spaces)), fmt.Sprint(err))
	for _, w := range spaces {
		say(p.people.SecretsReadable(w) == nil, w.Key+": stored secrets open with this key", "they were sealed with another TENON_SECRET_KEY; bring that one back, or enter the secrets again")
		apps, err := p.people.Apps(ctx, w.ID)
		if err != nil {
			say(false, w.Key+": apps", err.Error())
			continue
		}
		for _, a := range apps {
			_, err := p.engine.Defs.At(ctx, a.ID)
			say(err == nil, fmt.Sprintf("%s: app %s, version %d, loads", w.Key, a.Key, a.Version), fmt.Sprint(err))
		}
	}
}

func writable(dir string) bool {
	f, err := os.CreateTemp(dir, "doctor-*")
	if err != nil {
		return false
	}
	return errors.Join(f.Close(), os.Remove(filepath.Clean(f.Name()))) == nil
}

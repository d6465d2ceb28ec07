package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"time"

	"tenon/api"
	"tenon/engine/identity"
	"tenon/frontend"
	"tenon/schema/catalog"
	"tenon/workflow/action"
	"tenon/workflow/deliver"
	"tenon/workflow/queue"
	"tenon/workflow/relay"
	"tenon/workflow/run"
)

// serve starts the roles asked for and runs until it is told to stop.
func serve(ctx context.Context, args []string) error {
	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
	roles := fs.String("roles", "web,worker,scheduler", "what this process does")
	demo := fs.Bool("demo", false, "install the CRM template with sample data if it is not there")
	if err := fs.Parse(args); err != nil {
		return err
	}
	has := map[string]bool{}
	for _, r := range strings.Split(*roles, ",") {
		if r = strings.TrimSpace(r); r != "web" && r != "worker" && r != "scheduler" {
			return fmt.Errorf("unknown role %q: use web, worker, scheduler", r)
		}
		has[r] = true
	}
	started := time.Now()
	p, err := open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	if !(has["web"] && has["worker"] && has["scheduler"]) && (p.database == "" || p.redis == "") {
		return errors.New("a process with some of the roles only needs DATABASE_URL and REDIS_URL, so that the others are reached")
	}
	if p.adminEmail != "" && p.adminPassword != "" {
		if _, err := p.people.EnsureAdmin(ctx, identity.First{Email: p.adminEmail, Password: p.adminPassword, Name: "Administrator", Workspace: "Tenon"}); err != nil {
			return err
		}
	}
	q, err := queue.Open(ctx, p.redis)
	if err != nil {
		return err
	}
	client := deliver.NewClient(allowed(os.Getenv("TENON_ALLOW_HOSTS")))
	x := run.New(p.engine, &action.Delivery{Do: client.Do, Now: time.Now})
	r := relay.New(p.engine, q, x, max(4, 2*runtime.NumCPU()))
	r.Mail = &deliver.Mailer{DB: p.db, Now: time.Now, Server: p.smtp}
	r.Hooks = &deliver.Webhooks{E: p.engine, Client: client, Secret: func(sealed string) (string, error) { return p.box.Open("webhook", sealed) }}
	bg, cancel := context.WithCancel(context.Background())
	defer cancel()
	go p.engine.Defs.Listen(bg)
	if err := r.Start(has["worker"], has["scheduler"]); err != nil {
		return err
	}
	defer func() { r.Stop(); q.Close() }()

	s, err := api.New(api.Options{Engine: p.engine, People: p.people, Desk: p.desk, Now: time.Now, NewID: newID, Log: p.log, Version: version, PublicURL: p.public,
		AllowHTTP: p.allowHTTP, UI: frontend.Handler(), Rules: x, Parts: map[string][]catalog.Entry{"actions": entries(action.Types.All())},
		Ready: func(ctx context.Context) error { return q.Ping(ctx) }})
	if err != nil {
		return err
	}
	go s.Run(bg)
	l, err := net.Listen("tcp", p.addr)
	if err != nil {
		return err
	}
	h := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Minute, IdleTimeout: time.Minute, MaxHeaderBytes: 32 << 10}
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(l) }()
	if err := p.greet(ctx, l.Addr().String(), time.Since(started)); err != nil {
		return err
	}
	if *demo {
		if err := p.demo(ctx); err != nil {
			p.log.Error("demo", "error", err)
		}
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	stop, done := context.WithTimeout(context.Background(), 8*time.Second)
	defer done()
	cancel()
	if err := h.Shutdown(stop); err != nil {
		_ = h.Close()
	}
	return nil
}

func entries[T catalog.Part](parts []T) []catalog.Entry {
	out := make([]catalog.Entry, len(parts))
	for i, p := range parts {
		out[i] = p.Entry()
	}
	return out
}

// greet says where the product is and, the first time, how to set it up.
func (p *product) greet(ctx context.Context, addr string, took time.Duration) error {
	url := p.public
	if url == "" {
		url = "http://" + strings.Replace(addr, "[::]", "localhost", 1)
	}
	fmt.Printf("Tenon is ready at %s (started in %s)\n", url, took.Round(time.Millisecond))
	need, err := p.people.SetupRequired(ctx)
	if err != nil || !need {
		return err
	}
	token, err := p.people.SetupToken(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("Set it up once at %s/setup?token=%s\n", url, token)
	return nil
}

// smtp reads a workspace's mail server; nil when none is set.
func (p *product) smtp(ctx context.Context, workspace string) (*deliver.SMTP, error) {
	w, err := p.people.Workspace(ctx, workspace)
	if err != nil {
		return nil, err
	}
	var s api.StoredSMTP
	ok, err := identity.Setting(w, "smtp", &s)
	if err != nil || !ok || s.Host == "" {
		return nil, err
	}
	pw := ""
	if s.Password != "" {
		if pw, err = p.box.Open("smtp", s.Password); err != nil {
			return nil, err
		}
	}
	return &deliver.SMTP{Host: s.Host, Port: s.Port, User: s.User, Password: pw, From: s.From, TLS: s.TLS}, nil
}

// allowed reads addresses that rules and webhooks may call although they are
// not public, such as a test's stand-in: "127.0.0.1:9000,10.0.0.5:443".
func allowed(list string) func(netip.AddrPort) bool {
	ok := map[netip.AddrPort]bool{}
	for _, s := range strings.Split(list, ",") {
		if ap, err := netip.ParseAddrPort(strings.TrimSpace(s)); err == nil {
			ok[ap] = true
		}
	}
	return func(ap netip.AddrPort) bool { return ok[netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())] }
}

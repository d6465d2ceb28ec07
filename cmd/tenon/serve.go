package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"sync"
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

// roles are what a process does.
type roles struct{ web, worker, scheduler bool }

func parseRoles(text string) (r roles, err error) {
	for _, name := range list(text) {
		switch name {
		case "web":
			r.web = true
		case "worker":
			r.worker = true
		case "scheduler":
			r.scheduler = true
		default:
			return r, fmt.Errorf("unknown role %q: use web, worker, scheduler", name)
		}
	}
	if r == (roles{}) {
		return r, errors.New("no role: use web, worker, scheduler")
	}
	return r, nil
}

// serve starts the roles asked for and runs until it is told to stop.
func serve(ctx context.Context, args []string) error {
	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
	asked := fs.String("roles", "web,worker,scheduler", "what this process does")
	demo := fs.Bool("demo", false, "install the CRM template with sample data if it is not there")
	if err := fs.Parse(args); err != nil {
		return err
	}
	has, err := parseRoles(*asked)
	if err != nil {
		return err
	}
	c, err := readConfig()
	if err != nil {
		return err
	}
	if has != (roles{true, true, true}) && (c.database == "" || c.redis == "") {
		return errors.New("a process with some of the roles only needs DATABASE_URL and REDIS_URL, so that the others are reached")
	}
	started := time.Now()
	// An address that is taken is found before anything is started.
	l, err := net.Listen("tcp", c.addr)
	if err != nil {
		return err
	}
	defer l.Close()
	p, err := openAs(ctx, true)
	if err != nil {
		return err
	}
	defer p.close()
	if p.adminEmail != "" && p.adminPassword != "" {
		if _, err := p.people.EnsureAdmin(ctx, identity.First{Email: p.adminEmail, Password: p.adminPassword, Name: "Administrator", Workspace: "Tenon"}); err != nil {
			return err
		}
	}
	q, err := queue.Open(ctx, p.redis)
	if err != nil {
		return err
	}
	client := deliver.NewClient(allowed(p.allowHosts))
	x := run.New(p.engine, &action.Delivery{Do: client.Do, Now: time.Now, Secret: p.people.Secret})
	r := relay.New(p.engine, q, x, max(4, 2*runtime.NumCPU()))
	r.Mail = &deliver.Mailer{DB: p.db, Now: time.Now, Server: func(ctx context.Context, workspace string) (*deliver.SMTP, error) {
		return api.MailServer(ctx, p.people, workspace)
	}}
	r.Hooks = &deliver.Webhooks{E: p.engine, Client: client, Secret: p.desk.WebhookSecret}
	o := api.Options{Engine: p.engine, People: p.people, Desk: p.desk, Now: time.Now, NewID: newID, Log: p.log, Version: version, PublicURL: p.public,
		AllowHTTP: p.allowHTTP, TrustedProxies: list(p.proxies), MetricsToken: p.metricsToken, Rate: p.rate, UI: frontend.Handler(), Rules: x,
		Parts: map[string][]catalog.Entry{"actions": entries(action.Types.All())}, Ready: q.Ping, ProbesOnly: !has.web}
	s, err := api.New(o)
	if err != nil {
		return err
	}
	bg, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	defer func() { cancel(); work.Wait() }()
	p.background(bg, &work, has, s, x, o)
	if err := r.Start(has.worker, has.scheduler); err != nil {
		return err
	}
	defer func() { r.Stop(); q.Close() }()

	h := s.Serve("")
	// Open streams end with the server, not with their own patience.
	h.BaseContext = func(net.Listener) context.Context { return bg }
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(l) }()
	if err := p.greet(ctx, l.Addr().String(), time.Since(started), has.web); err != nil {
		return err
	}
	if *demo {
		work.Go(func() { p.demo(bg) })
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	cancel()
	stop, done := context.WithTimeout(context.Background(), 8*time.Second)
	defer done()
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
func (p *product) greet(ctx context.Context, addr string, took time.Duration, web bool) error {
	if !web {
		fmt.Printf("Tenon works; its probes are at http://%s (started in %s)\n", addr, took.Round(time.Millisecond))
		return nil
	}
	url := p.public
	if url == "" {
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			return err
		}
		if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
			host = "localhost"
		}
		url = "http://" + net.JoinHostPort(host, port)
	}
	fmt.Printf("Tenon is ready at %s (started in %s)\n", url, took.Round(time.Millisecond))
	if p.allowHTTP {
		p.log.Warn("TENON_ALLOW_HTTP is set: passwords and sessions travel unencrypted beyond this machine")
	}
	token, err := p.people.SetupToken(ctx)
	if err != nil || token == "" {
		return err
	}
	fmt.Printf("Set it up once at %s/setup?token=%s\n", url, token)
	return nil
}

// allowed reads addresses that rules and webhooks may call although they are
// not public, such as a test's stand-in: "127.0.0.1:9000,10.0.0.5:443".
func allowed(text string) func(netip.AddrPort) bool {
	ok := map[netip.AddrPort]bool{}
	for _, s := range list(text) {
		if ap, err := netip.ParseAddrPort(s); err == nil {
			ok[ap] = true
		}
	}
	return func(ap netip.AddrPort) bool { return ok[netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())] }
}

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"rsc.io/qr"

	"tenon/engine/cluster"
)

var runCommand = command{
	name: "run", usage: "[--demo] [--lan] [--data dir] [--addr host:port] [--no-ui]",
	summary: "build what changed and serve the product",
	run:     runProduct,
}

// stopPatience is how long the product may take to finish what it is doing
// before it is killed; a second Ctrl-C kills it at once.
const stopPatience = 20 * time.Second

func runProduct(ctx context.Context, p *project, set *flag.FlagSet, args []string) error {
	demo := set.Bool("demo", false, "install the bundled template with sample data")
	lan := set.Bool("lan", false, "serve on the local network too, over plain http, and show a QR code")
	data := set.String("data", p.path(".tenon"), "the data folder")
	addr := set.String("addr", "", "where to listen (default 127.0.0.1:8080, or the next free port)")
	noUI := set.Bool("no-ui", false, "do not build the UI; the product then serves a placeholder page")
	if err := set.Parse(args); err != nil {
		return err
	}
	if set.NArg() > 0 {
		return fmt.Errorf("run takes no arguments, got %q", set.Args())
	}
	folder, err := filepath.Abs(*data)
	if err != nil {
		return err
	}
	listen, err := listenAddress(*addr, *lan)
	if err != nil {
		return err
	}
	if !*noUI {
		if err := p.buildUI(ctx); err != nil {
			return err
		}
	}
	if err := fetchPostgres(ctx, folder); err != nil {
		return err
	}
	binary, err := p.buildProduct(ctx)
	if err != nil {
		return err
	}
	env := []string{"TENON_ADDR=" + listen, "TENON_DATA_DIR=" + folder}
	if *lan {
		// Sign-in over plain http is the operator's choice: this flag is it.
		env = append(env, "TENON_ALLOW_HTTP=1")
	}
	serve := []string{"serve"}
	if *demo {
		serve = append(serve, "--demo")
	}
	return serveProduct(ctx, binary, serve, env, listen, *lan)
}

// listenAddress is where the product will listen. A port that was asked for
// must be free; the default gives way to the next free one.
func listenAddress(addr string, lan bool) (string, error) {
	if addr != "" {
		if strings.HasPrefix(addr, ":") && !lan {
			addr = "127.0.0.1" + addr
		}
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return "", fmt.Errorf("cannot listen on %s: %w", addr, err)
		}
		return addr, l.Close()
	}
	host := "127.0.0.1"
	if lan {
		host = "0.0.0.0"
	}
	for port := 8080; port < 8180; port++ {
		at := net.JoinHostPort(host, strconv.Itoa(port))
		if l, err := net.Listen("tcp", at); err == nil {
			return at, l.Close()
		}
	}
	return "", errors.New("no free port from 8080 to 8179; choose one with --addr")
}

// fetchPostgres brings Postgres to a machine that has none, from npm, before
// the product would look for it elsewhere.
func fetchPostgres(ctx context.Context, data string) error {
	if os.Getenv("DATABASE_URL") != "" {
		return nil
	}
	if text, err := os.ReadFile(filepath.Join(data, "pg", "PG_VERSION")); err == nil && len(text) > 0 {
		return nil // the data say which major version they need; the product finds it or says so
	}
	found, err := cluster.FindBinaries(cluster.Config{})
	if err != nil || len(found) > 0 {
		return err
	}
	_, err = cluster.FetchNPM(ctx, cluster.DefaultCacheDir(), 0, func(format string, a ...any) {
		fmt.Printf("== "+format+"\n", a...)
	})
	return err
}

// buildProduct compiles cmd/tenon; the Go tool knows what is stale.
func (p *project) buildProduct(ctx context.Context) (string, error) {
	binary := p.path(".tenon", "dev", "tenon")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	// The default data folder is its parent, which is nobody else's to read.
	if err := os.MkdirAll(p.path(".tenon"), 0o700); err != nil {
		return "", err
	}
	fmt.Println("== building cmd/tenon")
	return binary, p.do(ctx, "go", "build", "-o", binary, "./cmd/tenon")
}

// serveProduct runs the binary until it ends or we are told to.
func serveProduct(ctx context.Context, binary string, args, env []string, listen string, lan bool) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go whenParentEnds(ctx, stop)

	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	ownGroup(cmd)
	diesWithUs(cmd)
	// The parent-death signal follows this thread, so it must stay ours.
	runtime.LockOSThread()
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	go announce(ctx, listen, lan)

	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("the product ended: %w", err)
		}
		return nil
	case <-ctx.Done():
	}
	fmt.Println("\n== stopping (Ctrl-C again to kill)")
	again := make(chan os.Signal, 1)
	notifyInterrupt(again)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case err := <-ended:
		return err
	case <-again:
	case <-time.After(stopPatience):
		fmt.Println("== it does not end; killing it")
	}
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-ended
	return errFailed
}

// announce prints where the product is once it answers.
func announce(ctx context.Context, listen string, lan bool) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return
	}
	local := host
	if host == "" || net.ParseIP(host).IsUnspecified() {
		local = "127.0.0.1"
	}
	base := "http://" + net.JoinHostPort(local, port)
	if waitReady(ctx, base, 5*time.Minute) != nil {
		return
	}
	fmt.Printf("\n== Tenon is ready: %s\n", strings.Replace(base, "127.0.0.1", "localhost", 1))
	if !lan {
		return
	}
	for _, ip := range lanAddresses() {
		url := "http://" + net.JoinHostPort(ip, port)
		fmt.Printf("== on the local network: %s\n", url)
		if code, err := qrText(url); err == nil {
			fmt.Print(code)
		}
	}
}

// waitReady polls the product until it is ready to serve.
func waitReady(ctx context.Context, base string, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	client := &http.Client{Timeout: 2 * time.Second}
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/readyz", nil)
		if err != nil {
			return err
		}
		if res, err := client.Do(req); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// lanAddresses lists the machine's own IPv4 addresses.
func lanAddresses() []string {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var out []string
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
			out = append(out, n.IP.String())
		}
	}
	return out
}

// qrText draws a QR code with half blocks, dark on light, so that a phone's
// camera reads it from a terminal of either colour.
func qrText(text string) (string, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	const quiet = 2
	var b strings.Builder
	for y := -quiet; y < code.Size+quiet; y += 2 {
		b.WriteString("\x1b[30;47m")
		for x := -quiet; x < code.Size+quiet; x++ {
			// Out of range reads as light.
			switch top, low := code.Black(x, y), code.Black(x, y+1); {
			case top && low:
				b.WriteRune('█')
			case top:
				b.WriteRune('▀')
			case low:
				b.WriteRune('▄')
			default:
				b.WriteByte(' ')
			}
		}
		b.WriteString("\x1b[0m\n")
	}
	return b.String(), nil
}

//go:build unix

package cluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tenon/schema/fault"
)

// asProduct makes the test binary a product process that owns the cluster in
// the named folder: it prints the URL when it is up and stops on end of input.
const asProduct = "TENON_CLUSTER_PRODUCT"

func TestMain(m *testing.M) {
	if dir := os.Getenv(asProduct); dir != "" {
		product(dir)
		return
	}
	os.Exit(m.Run())
}

func product(dir string) {
	c, err := Start(context.Background(), settings(dir))
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	fmt.Println(c.URL())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := c.Stop(); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

// settings are the product's, with less memory: durability is what we test.
func settings(dir string) Config {
	return Config{DataDir: dir, SharedBuffers: "16MB", MaxConnections: 20}
}

func start(t *testing.T, cfg Config) *Cluster {
	t.Helper()
	cfg.Log = t.Logf
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := Start(ctx, cfg)
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return c
}

func ask(t *testing.T, url, sql string) (answer string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	defer conn.Close(ctx)
	if !strings.HasPrefix(sql, "select") {
		if _, err := conn.Exec(ctx, sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		return ""
	}
	if err := conn.QueryRow(ctx, sql).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return answer
}

func eventually(t *testing.T, d time.Duration, what string, done func() bool) {
	t.Helper()
	began := time.Now()
	_ = waitUntil(context.Background(), d, done)
	if !done() {
		t.Fatalf("not within %v: %s", d, what)
	}
	t.Logf("%s: after %v", what, time.Since(began).Round(time.Millisecond))
}

func TestStart_keepsDataAcrossARestart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	c := start(t, settings(dir))
	ask(t, c.URL(), "create table kept as select '榫卯' as text")
	if got := ask(t, c.URL(), "select lower('ÄÖ') || current_setting('server_encoding') || current_setting('timezone') || current_setting('jit')"); got != "äöUTF8UTCoff" {
		t.Errorf("locale, encoding, zone, jit: %s", got)
	}
	if got := ask(t, c.URL(), "select current_setting('server_version')"); !strings.HasPrefix(got, c.Version()) {
		t.Errorf("the server is %s, Version says %s", got, c.Version())
	}
	if got := ask(t, c.URL(), "select (count(*) > 0)::text from pg_collation where collname = 'zh-x-icu'"); got != "true" {
		t.Error("no Chinese collation")
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := c.Stop(); err != nil {
		t.Errorf("a second Stop: %v", err)
	}
	began := time.Now()
	c = start(t, settings(dir))
	took := time.Since(began)
	t.Logf("start on an existing folder: %v", took)
	if took > 3*time.Second {
		t.Errorf("start on an existing folder took %v", took)
	}
	if got := ask(t, c.URL(), "select text from kept"); got != "榫卯" {
		t.Errorf("kept %q", got)
	}
}

func TestStart_refusesASecondOwner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := start(t, settings(dir))
	_, err := Start(t.Context(), settings(dir))
	var f *fault.Fault
	if !errors.As(err, &f) || f.Code != errLocked.Code {
		t.Fatalf("got %v, want %s", err, errLocked.Code)
	}
	if !strings.Contains(f.Text("en-US"), strconv.Itoa(os.Getpid())) {
		t.Errorf("the refusal does not name us: %s", f.Text("en-US"))
	}
	if got := ask(t, c.URL(), "select 'up'"); got != "up" {
		t.Error("the first owner was disturbed")
	}
}

func TestLockDir_healsAfterItsHolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tenon.lock"), []byte("4194304999\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := LockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
}

// owned runs a product process; kill -9 ends it without a chance to clean up.
type owned struct {
	cmd *exec.Cmd
	url string
	in  io.Closer
}

func startOwned(t *testing.T, dir string, as *syscall.Credential, binary string) owned {
	t.Helper()
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), asProduct+"="+dir)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	if as != nil {
		cmd.Dir = "/"
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _, _ = cmd.Process.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "postgres://") {
		t.Fatalf("the product said %q, %v", line, err)
	}
	return owned{cmd: cmd, url: strings.TrimSpace(line), in: in}
}

func (o owned) kill(t *testing.T) {
	t.Helper()
	if err := o.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = o.cmd.Wait()
}

func TestStart_afterItsOwnerWasKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ourselves, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for life := 1; life <= 3; life++ {
		o := startOwned(t, dir, nil, ourselves)
		if life == 1 {
			ask(t, o.url, "create table life (n int)")
		}
		ask(t, o.url, fmt.Sprintf("insert into life values (%d)", life))
		pid := serverPid(filepath.Join(dir, "pg"))
		o.kill(t)
		if life == 2 {
			eventually(t, 5*time.Second, "the server ended with its owner", func() bool { return !isServerOf(pid, filepath.Join(dir, "pg")) })
		}
	}
	c := start(t, settings(dir))
	if got := ask(t, c.URL(), "select string_agg(n::text, ',' order by n) from life"); got != "1,2,3" {
		t.Errorf("lives %s", got)
	}
}

func TestStart_bringsAKilledServerBack(t *testing.T) {
	t.Parallel()
	c := start(t, settings(t.TempDir()))
	ask(t, c.URL(), "create table kept as select 'yes' as text")
	killed := c.Pid()
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, 20*time.Second, "the server came back", func() bool { return c.Pid() != killed && serverReady(c.pg) })
	if got := ask(t, c.URL(), "select text from kept"); got != "yes" {
		t.Errorf("kept %q", got)
	}
}

func TestStart_stopsAnOrphan(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := start(t, settings(dir))
	ask(t, c.URL(), "create table kept as select 'yes' as text")
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	// The same server, tied to nobody.
	path, inherit, err := dataPath(c.owner, c.pg)
	if err != nil {
		t.Fatal(err)
	}
	if c.sockets, err = socketDir(dir, c.owner); err != nil {
		t.Fatal(err)
	}
	free := command(c.owner, inherit, filepath.Join(c.binaries.Dir, "postgres"), append([]string{"-D", path}, c.settings()...)...)
	if err := free.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- free.Wait() }()
	eventually(t, 10*time.Second, "the orphan is up", func() bool { return serverReady(c.pg) })
	again := start(t, settings(dir))
	select {
	case err := <-ended:
		t.Logf("the orphan ended: %v", err)
	case <-time.After(5 * time.Second):
		t.Fatal("the orphan still runs")
	}
	if got := ask(t, again.URL(), "select text from kept"); got != "yes" {
		t.Errorf("kept %q", got)
	}
}

func TestStart_withAForeignPidInThePidFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := start(t, settings(dir))
	owner := c.owner
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	other := command(owner, nil, "/bin/sleep", "60")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Process.Kill(); _ = other.Wait() }()
	stale := fmt.Sprintf("%d\n/nowhere\n1\n5432\n\n\n  1 1\nready\n", other.Process.Pid)
	if err := os.WriteFile(filepath.Join(dir, "pg", "postmaster.pid"), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, settings(dir))
	if err := other.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("an innocent process was ended: %v", err)
	}
}

func TestStart_underParentsThatTheServerCannotRead(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root starts the server as another user")
	}
	closed := filepath.Join(t.TempDir(), "closed")
	if err := os.MkdirAll(filepath.Join(closed, "deeper"), 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "deeper", "data")
	c := start(t, settings(dir))
	look := command(c.owner, nil, "/bin/ls", c.pg)
	if err := look.Run(); err == nil {
		t.Fatal("the server's user reads the folder by its path: the test shows nothing")
	}
	ask(t, c.URL(), "create table kept as select 'yes' as text")
	ask(t, c.URL(), "create database other")
	ask(t, c.URL(), "checkpoint")
	killed := c.Pid()
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, 20*time.Second, "the server recovered", func() bool { return c.Pid() != killed && serverReady(c.pg) })
	if got := ask(t, c.URL(), "select text from kept"); got != "yes" {
		t.Errorf("kept %q", got)
	}
}

func TestStart_keepsTheUserWhoseDataTheyAre(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root starts the server as another user")
	}
	dir := t.TempDir()
	if err := start(t, settings(dir)).Stop(); err != nil {
		t.Fatal(err)
	}
	const uid, gid = 12345, 12346
	theirs := owner{uid: uid, gid: gid, credential: &syscall.Credential{Uid: uid, Gid: gid}}
	if err := theirs.take(filepath.Join(dir, "pg")); err != nil {
		t.Fatal(err)
	}
	c := start(t, settings(dir))
	info, err := os.Stat("/proc/" + strconv.Itoa(c.Pid()))
	if err == nil && info.Sys().(*syscall.Stat_t).Uid != uid {
		t.Errorf("the server runs as %d", info.Sys().(*syscall.Stat_t).Uid)
	}
	if got := ask(t, c.URL(), "select 'up'"); got != "up" {
		t.Error(got)
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	// Copied by root, they are nobody's.
	if err := (owner{credential: &syscall.Credential{}}).take(filepath.Join(dir, "pg")); err != nil {
		t.Fatal(err)
	}
	start(t, settings(dir))
}

func TestStart_asAnOrdinaryUser(t *testing.T) {
	t.Parallel()
	o, err := serverOwner()
	if err != nil {
		t.Fatal(err)
	}
	if o.credential == nil {
		t.Skip("we are an ordinary user: every other test shows it")
	}
	// The test binary lies where only root reaches it.
	home, err := os.MkdirTemp("", "tenon-ordinary-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	ourselves, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(ourselves)
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(home, "product")
	if err := os.WriteFile(binary, program, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Lchown(home, o.uid, o.gid); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(home, "data")
	p := startOwned(t, dir, o.credential, binary)
	ask(t, p.url, "create table kept as select 'yes' as text")
	if err := p.in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Fatalf("the product ended with %v", err)
	}
	if left := serverPid(filepath.Join(dir, "pg")); left != 0 {
		t.Errorf("the server outlived a clean end (pid %d)", left)
	}
}

func TestStart_onAPort(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cfg := settings(dir)
	cfg.TCP = true
	c := start(t, cfg)
	if got := ask(t, c.URL(), "select 'up'"); got != "up" {
		t.Error(got)
	}
	conf, err := pgx.ParseConfig(c.URL())
	if err != nil {
		t.Fatal(err)
	}
	if ip := net.ParseIP(conf.Host); ip == nil || !ip.IsLoopback() {
		t.Errorf("listens on %s", conf.Host)
	}
	conf.Password = "guess"
	if conn, err := pgx.ConnectConfig(t.Context(), conf); err == nil {
		conn.Close(t.Context())
		t.Error("a wrong password was let in")
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	c = start(t, cfg)
	if got := ask(t, c.URL(), "select 'up'"); got != "up" {
		t.Error(got)
	}
}

func TestStart_underALongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 30), "data")
	c := start(t, settings(dir))
	if len(c.sockets) > longestSocketDir {
		t.Errorf("the socket's folder has %d bytes", len(c.sockets))
	}
	if got := ask(t, c.URL(), "select 'up'"); got != "up" {
		t.Error(got)
	}
}

func TestStart_asksForTheMajorThatMadeTheData(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "pg"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pg", "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := settings(dir)
	cfg.Fetch = func(context.Context, string, int, func(string, ...any)) (string, error) {
		return "", errors.New("no network")
	}
	_, err := Start(t.Context(), cfg)
	var f *fault.Fault
	if !errors.As(err, &f) || f.Code != errVersion.Code || !strings.Contains(f.Text("zh-CN"), "PostgreSQL 9") {
		t.Errorf("got %v", err)
	}
}

func TestStart_leavesAFolderOfOthersAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	theirs := filepath.Join(dir, "pg", "precious")
	if err := os.MkdirAll(filepath.Dir(theirs), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(theirs, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), settings(dir)); err == nil {
		t.Error("started on a folder that holds no cluster")
	}
	if _, err := os.Stat(theirs); err != nil {
		t.Error(err)
	}
}

func TestStart_afterAStartThatWasCutShort(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "pg.new", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	c := start(t, settings(dir))
	if got := ask(t, c.URL(), "select 'up'"); got != "up" {
		t.Error(got)
	}
}

func TestTieByPipe_stopsTheServerWithItsOwner(t *testing.T) {
	t.Parallel()
	c := start(t, settings(t.TempDir()))
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	for _, how := range []string{"the pipe closes", "we signal the shell"} {
		path, inherit, err := dataPath(c.owner, c.pg)
		if err != nil {
			t.Fatal(err)
		}
		if c.sockets, err = socketDir(c.cfg.DataDir, c.owner); err != nil {
			t.Fatal(err)
		}
		defer os.Remove(c.sockets)
		cmd := command(c.owner, inherit, filepath.Join(c.binaries.Dir, "postgres"), append([]string{"-D", path}, c.settings()...)...)
		release, err := tieByPipe(cmd)
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		eventually(t, 10*time.Second, "up", func() bool { return serverReady(c.pg) })
		pid := serverPid(c.pg)
		if how == "the pipe closes" {
			release()
		} else if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		eventually(t, 5*time.Second, "ended when "+how, func() bool { return !isServerOf(pid, c.pg) && serverPid(c.pg) == 0 })
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", how, err)
		}
		release()
	}
}

func TestLogFile_isBounded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pg.log")
	l, err := openLog(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := l.File().Write(append(make([]byte, logLimit), "the end"...)); err != nil {
		t.Fatal(err)
	}
	l.Trim()
	if _, err := l.File().WriteString("after"); err != nil {
		t.Fatal(err)
	}
	now, err := os.ReadFile(path)
	if err != nil || string(now) != "after" {
		t.Errorf("%d bytes are left, %v", len(now), err)
	}
	old, err := os.ReadFile(path + ".1")
	if err != nil || len(old) != logLimit || !strings.HasSuffix(string(old), "the end") {
		t.Errorf("%d bytes were moved, %v", len(old), err)
	}
}

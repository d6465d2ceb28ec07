//go:build unix

package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// superuser owns the cluster and is who the product connects as.
const superuser = "tenon"

// startPatience is how long a server may take to be ready; recovery after a
// crash replays at most a gigabyte of log.
const startPatience = 60 * time.Second

// Cluster is a running private Postgres.
type Cluster struct {
	cfg      Config
	owner    owner
	binaries Binaries
	pg       string // the data folder of Postgres
	sockets  string // the folder of the socket; empty when serving TCP
	port     int    // of TCP
	password string // of TCP
	lock     *Lock
	log      *logFile

	stop     context.CancelFunc // ends supervision
	finished chan struct{}      // closed when supervision and server have ended

	mu     sync.Mutex
	server *server
}

// server is one life of the postmaster.
type server struct {
	cmd     *exec.Cmd
	exited  chan struct{} // closed after the process ended
	status  error         // how it ended; read after exited
	release func()
}

// Start serves the cluster in cfg.DataDir, making it first if there is none.
// It returns when the server takes connections. The context bounds the start
// only; the server runs until Stop, and is restarted if it dies by itself.
func Start(ctx context.Context, cfg Config) (*Cluster, error) {
	cfg = cfg.withDefaults()
	dir, err := filepath.Abs(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	lock, err := LockDir(dir)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	cfg.DataDir = dir
	c := &Cluster{cfg: cfg, lock: lock, pg: filepath.Join(dir, "pg"), finished: make(chan struct{})}
	if err := c.start(ctx); err != nil {
		if c.log != nil {
			c.log.Close()
		}
		lock.Unlock()
		return nil, err
	}
	running, stop := context.WithCancel(context.Background())
	c.stop = stop
	go c.supervise(running)
	return c, nil
}

func (c *Cluster) start(ctx context.Context) error {
	var err error
	if c.owner, err = serverOwner(); err != nil {
		return err
	}
	c.owner = c.owner.of(c.pg)
	major, err := pinnedMajor(c.pg)
	if err != nil {
		return err
	}
	if c.binaries, err = choose(ctx, c.cfg, c.owner, major); err != nil {
		return err
	}
	if major == 0 {
		if err := c.initialise(ctx); err != nil {
			return err
		}
	}
	if err := c.owner.take(c.pg); err != nil {
		return err
	}
	if err := stopOrphan(ctx, c.pg, c.cfg.Log); err != nil {
		return err
	}
	if err := c.chooseAddress(ctx); err != nil {
		return err
	}
	if c.log, err = openLog(filepath.Join(c.cfg.DataDir, "pg.log")); err != nil {
		return err
	}
	return c.launch(ctx)
}

// pinnedMajor is the major version that made the data folder, 0 if there is none.
func pinnedMajor(pg string) (int, error) {
	text, err := os.ReadFile(filepath.Join(pg, "PG_VERSION"))
	if os.IsNotExist(err) {
		// Without that file it is no cluster; a folder that is not empty is
		// somebody's, and is left alone.
		left, err := os.ReadDir(pg)
		if err == nil && len(left) > 0 {
			return 0, fmt.Errorf("%s holds files but no Postgres cluster (no PG_VERSION)", pg)
		}
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

func (c *Cluster) chooseAddress(ctx context.Context) error {
	if !c.cfg.TCP {
		dir, err := socketDir(c.cfg.DataDir, c.owner)
		if err == nil {
			c.sockets = dir
			return nil
		}
		c.cfg.Log("no folder for a database socket (%v); using a port of 127.0.0.1", err)
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	c.port = l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		return err
	}
	return c.setPassword(ctx)
}

// settings are the arguments that make the server ours.
func (c *Cluster) settings() []string {
	s := map[string]string{
		"listen_addresses": "",
		"max_connections":  strconv.Itoa(c.cfg.MaxConnections),
		"shared_buffers":   c.cfg.SharedBuffers,
		"random_page_cost": "1.1",
		// A deadlock is rerun by the program; finding it should not take a second.
		"deadlock_timeout":     "100ms",
		"work_mem":             "8MB",
		"maintenance_work_mem": "128MB",
		"wal_compression":      "on",
		"max_wal_size":         "1GB",
		"min_wal_size":         "128MB",
		"checkpoint_timeout":   "10min",
		"jit":                  "off",
		"timezone":             "UTC",
		"log_timezone":         "UTC",
		"lc_messages":          "C",
		"log_destination":      "stderr",
		"logging_collector":    "off",
		"log_checkpoints":      "off",
		"log_line_prefix":      "%m [%p] ",
	}
	if c.cfg.Volatile {
		s["fsync"], s["synchronous_commit"], s["full_page_writes"] = "off", "off", "off"
	}
	if c.sockets != "" {
		s["unix_socket_directories"], s["port"] = c.sockets, "5432"
		s["unix_socket_permissions"] = "0700"
	} else {
		s["unix_socket_directories"], s["listen_addresses"], s["port"] = "", "127.0.0.1", strconv.Itoa(c.port)
	}
	for name, value := range c.cfg.Settings {
		s[name] = value
	}
	var args []string
	for name, value := range s {
		args = append(args, "-c", name+"="+value)
	}
	sort.Sort(pairs(args))
	return args
}

// pairs sorts "-c", "x=y" arguments, so that ps shows them in order.
type pairs []string

func (p pairs) Len() int           { return len(p) / 2 }
func (p pairs) Less(i, j int) bool { return p[2*i+1] < p[2*j+1] }
func (p pairs) Swap(i, j int)      { p[2*i+1], p[2*j+1] = p[2*j+1], p[2*i+1] }

// launch starts the server and waits until it takes connections. After a
// crash, processes of the earlier life may hold shared memory for a moment, so
// a server that ends at once is started again for a while.
func (c *Cluster) launch(ctx context.Context) error {
	deadline := time.Now().Add(startPatience)
	for {
		mark := c.log.Size()
		s, err := c.spawn()
		if err != nil {
			return err
		}
		ended := func() bool {
			select {
			case <-s.exited:
				return true
			default:
				return false
			}
		}
		err = waitUntil(ctx, time.Until(deadline), func() bool { return ended() || serverReady(c.pg) })
		if err != nil {
			s.end()
			return err
		}
		if !ended() && serverReady(c.pg) {
			c.mu.Lock()
			c.server = s
			c.mu.Unlock()
			return nil
		}
		tail := c.log.Tail(mark)
		held := ended() && (strings.Contains(tail, "still in use") || strings.Contains(tail, "postmaster.pid"))
		if held && time.Now().Before(deadline) {
			if err := waitUntil(ctx, 200*time.Millisecond, func() bool { return false }); err != nil {
				return err
			}
			continue
		}
		s.end()
		return errStart.With("log", c.log.Path()).With("tail", tail).Because(s.status)
	}
}

func (c *Cluster) spawn() (*server, error) {
	path, inherit, err := dataPath(c.owner, c.pg)
	if err != nil {
		return nil, err
	}
	if inherit != nil {
		defer inherit.Close()
	}
	cmd := command(c.owner, inherit, filepath.Join(c.binaries.Dir, "postgres"), append([]string{"-D", path}, c.settings()...)...)
	cmd.Stdout, cmd.Stderr = c.log.File(), c.log.File()
	s := &server{cmd: cmd, exited: make(chan struct{})}
	if s.release, err = tieToParent(cmd); err != nil {
		return nil, err
	}
	onStarter(func() { err = cmd.Start() })
	if err != nil {
		s.release()
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	go func() {
		s.status = cmd.Wait()
		s.release()
		close(s.exited)
	}()
	return s, nil
}

// end stops this life of the server, harder with every step.
func (s *server) end() {
	for _, step := range stopSteps {
		if err := s.cmd.Process.Signal(step.signal); errors.Is(err, os.ErrProcessDone) {
			break
		}
		select {
		case <-s.exited:
			return
		case <-time.After(step.patience):
		}
	}
	<-s.exited
}

// supervise keeps the server running until Stop: a postmaster that dies by
// itself (killed for memory, say) comes back, and the pool reconnects.
func (c *Cluster) supervise(running context.Context) {
	defer close(c.finished)
	trim := time.NewTicker(time.Minute)
	defer trim.Stop()
	wait := 100 * time.Millisecond
	for {
		c.mu.Lock()
		s := c.server
		c.mu.Unlock()
		since := time.Now()
		for alive := true; alive; {
			select {
			case <-running.Done():
				s.end()
				return
			case <-trim.C:
				c.log.Trim()
			case <-s.exited:
				alive = false
			}
		}
		if time.Since(since) > time.Minute {
			wait = 100 * time.Millisecond
		}
		c.cfg.Log("the private database ended by itself (%v); starting it again", s.status)
		for {
			if err := waitUntil(running, wait, func() bool { return false }); err != nil {
				return
			}
			wait = min(2*wait, 10*time.Second)
			err := stopOrphan(running, c.pg, c.cfg.Log)
			if err == nil {
				err = c.launch(running)
			}
			if running.Err() != nil {
				if err == nil {
					break
				}
				return
			}
			if err == nil {
				break
			}
			c.cfg.Log("the private database did not come back: %v", err)
		}
	}
}

// URL is the address of the product's database, in the form that pgx, gorm
// and psql take.
func (c *Cluster) URL() string { return c.DatabaseURL(c.cfg.Database) }

// DatabaseURL is the address of another database of the cluster.
func (c *Cluster) DatabaseURL(name string) string {
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + name}
	q := url.Values{"sslmode": {"disable"}}
	if c.sockets != "" {
		q.Set("host", c.sockets)
		q.Set("port", "5432")
	} else {
		u.User = url.UserPassword(superuser, c.password)
		u.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port))
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// Version is the server's version, such as "15.18".
func (c *Cluster) Version() string { return c.binaries.Version }

// BinDir is the folder of the server's programs, where pg_dump may be too.
func (c *Cluster) BinDir() string { return c.binaries.Dir }

// Pid is the server's process, 0 while it is being restarted.
func (c *Cluster) Pid() int { return serverPid(c.pg) }

// Stop ends the server cleanly, within seconds, and gives the data folder up.
// It may be called more than once.
func (c *Cluster) Stop() error {
	c.stop()
	<-c.finished
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lock == nil {
		return nil
	}
	if c.sockets != "" {
		// The server has removed its socket; a folder with something else in
		// it stays.
		_ = os.Remove(c.sockets)
	}
	err := errors.Join(c.log.Close(), c.lock.Unlock())
	c.lock = nil
	var exit *exec.ExitError
	if errors.As(c.server.status, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
		err = errors.Join(err, fmt.Errorf("the private database had to be killed; it recovers at the next start"))
	}
	return err
}

// Package queue is the transport of runs: asynq on Redis, or on an in-process
// Redis without a TCP port when no server is given. It carries ids only and
// keeps nothing that Postgres does not have; wiping it loses nothing.
//
// The package knows neither the database nor what a run is.
package queue

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// Queue sends and receives run messages.
type Queue struct {
	client *asynq.Client
	redis  redis.UniversalClient
	mini   *miniredis.Miniredis
	stop   chan struct{}
	once   sync.Once
	server *asynq.Server
}

const (
	taskType = "run"
	name     = "runs"
	pending  = "asynq:{" + name + "}:pending" // the list in which asynq keeps what nobody has taken
)

// Open connects to a Redis server, or starts the in-process one when url is
// empty. The server must be at least version 6.2.
func Open(ctx context.Context, url string) (*Queue, error) {
	q := &Queue{stop: make(chan struct{})}
	if url == "" {
		q.mini = miniredis.NewMiniRedis()
		// No listener is started: connections are pipes within the process.
		dial := func(context.Context, string, string) (net.Conn, error) { return q.mini.Dial() }
		q.redis = redis.NewClient(&redis.Options{Addr: "in-process", Dialer: dial, PoolSize: 20, DisableIdentity: true})
		go q.tick()
	} else {
		o, err := redis.ParseURL(url)
		if err != nil {
			return nil, fmt.Errorf("redis url: %w", err)
		}
		if strings.HasPrefix(url, "rediss://") && o.TLSConfig == nil {
			o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		}
		o.DisableIdentity = true
		q.redis = redis.NewClient(o)
		if err := version(ctx, q.redis); err != nil {
			return nil, err
		}
	}
	q.client = asynq.NewClientFromRedisClient(q.redis)
	return q, nil
}

func version(ctx context.Context, r redis.UniversalClient) error {
	info, err := r.Info(ctx, "server").Result()
	if err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	for _, l := range strings.Split(info, "\n") {
		v, ok := strings.CutPrefix(strings.TrimSpace(l), "redis_version:")
		if !ok {
			continue
		}
		parts := strings.SplitN(v, ".", 3)
		if len(parts) < 2 {
			continue
		}
		major, _ := strconv.Atoi(parts[0])
		minor, _ := strconv.Atoi(parts[1])
		if major < 6 || major == 6 && minor < 2 {
			return fmt.Errorf("redis %s is too old: 6.2 or newer is needed", v)
		}
	}
	return nil
}

// tick moves the in-process server's clock: its expiries do not run by themselves.
func (q *Queue) tick() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-q.stop:
			return
		case <-t.C:
			q.mini.FastForward(time.Second)
		}
	}
}

// InProcess reports whether the transport dies with this process.
func (q *Queue) InProcess() bool { return q.mini != nil }

// Send enqueues a run for one attempt. Sending the same attempt again is no error.
func (q *Queue) Send(ctx context.Context, id string, attempt int) error {
	_, err := q.client.EnqueueContext(ctx, asynq.NewTask(taskType, []byte(id+":"+strconv.Itoa(attempt))),
		asynq.Queue(name), asynq.TaskID(id+":"+strconv.Itoa(attempt)), asynq.MaxRetry(0), asynq.Timeout(10*time.Minute), asynq.Retention(0))
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return nil
	}
	return err
}

// Waiting is how many messages nobody has taken yet.
func (q *Queue) Waiting(ctx context.Context) (int, error) {
	n, err := q.redis.LLen(ctx, pending).Result()
	return int(n), err
}

// Serve starts handing received runs to f with the given concurrency.
func (q *Queue) Serve(concurrency int, f func(ctx context.Context, id string, attempt int) error) error {
	q.server = asynq.NewServerFromRedisClient(q.redis, asynq.Config{
		Concurrency: concurrency, Queues: map[string]int{name: 1}, TaskCheckInterval: 10 * time.Millisecond,
		DelayedTaskCheckInterval: time.Minute, ShutdownTimeout: 10 * time.Second, LogLevel: asynq.FatalLevel, HealthCheckInterval: time.Minute,
		Logger: quiet{},
	})
	return q.server.Start(asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error {
		id, n, ok := strings.Cut(string(t.Payload()), ":")
		attempt, err := strconv.Atoi(n)
		if !ok || err != nil {
			return nil
		}
		if err := f(ctx, id, attempt); err != nil {
			slog.Warn("run not executed; it will be sent again", "run", id, "attempt", attempt, "error", err)
		}
		return nil
	}))
}

// Ping checks that the transport answers.
func (q *Queue) Ping(ctx context.Context) error { return q.redis.Ping(ctx).Err() }

// Close stops receiving, waits for what is being handled, and disconnects.
func (q *Queue) Close() {
	q.once.Do(func() {
		if q.server != nil {
			q.server.Shutdown()
		}
		close(q.stop)
		_ = q.redis.Close()
		if q.mini != nil {
			q.mini.Close()
		}
	})
}

// quiet drops asynq's own log: every outcome of a run is in its row.
type quiet struct{}

func (quiet) Debug(...any) {}
func (quiet) Info(...any)  {}
func (quiet) Warn(...any)  {}
func (quiet) Error(...any) {}
func (quiet) Fatal(...any) {}

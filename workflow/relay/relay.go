// Package relay brings ready runs to workers and makes runs of what is due:
// timers, schedules, dates. Postgres is the queue of record; the relay claims
// rows, hands ids to the transport, takes back what got lost, and never holds
// state of its own.
//
// Every loop may run on every node: rows are claimed with SKIP LOCKED, and
// what fires is noted in the same transaction. The package executes no step.
package relay

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"tenon/engine"
	"tenon/workflow/deliver"
	"tenon/workflow/queue"
	"tenon/workflow/run"
	wfstore "tenon/workflow/store"
)

// Window bounds how many runs wait in the transport: the rest wait as rows,
// where order and fairness can be had.
const Window = 64

// Relay drives the queue of one node.
type Relay struct {
	E *engine.Engine
	Q *queue.Queue
	X *run.Executor

	Concurrency int
	// Mail and Hooks send what rules and webhooks have queued; nil: not on this node.
	Mail  *deliver.Mailer
	Hooks *deliver.Webhooks

	wake   chan struct{}
	months map[string]string // workspace schema → month its partitions were seen to
	stop   context.CancelFunc
	wg     sync.WaitGroup
}

// New makes a relay; concurrency is the number of runs executed at a time.
func New(e *engine.Engine, q *queue.Queue, x *run.Executor, concurrency int) *Relay {
	r := &Relay{E: e, Q: q, X: x, Concurrency: concurrency, wake: make(chan struct{}, 1), months: map[string]string{}}
	x.Signal = r.Wake
	return r
}

// Wake makes the relay look for ready runs now.
func (r *Relay) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Start begins work: with worker, runs are claimed and executed; with
// scheduler, timers and schedules fire.
func (r *Relay) Start(worker, scheduler bool) error {
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	if worker {
		if r.Q.InProcess() {
			// What was queued in a transport that is gone is ready again at once.
			if _, err := r.E.DB.Read(ctx, wfstore.Requeue()); err != nil {
				cancel()
				return err
			}
		}
		if err := r.Q.Serve(r.Concurrency, r.execute); err != nil {
			cancel()
			return err
		}
		r.loop(ctx, 100*time.Millisecond, r.wake, r.Pump)
		r.loop(ctx, 2*time.Second, nil, func(ctx context.Context) error {
			res, err := r.E.DB.Read(ctx, wfstore.Reap())
			if err == nil && len(res[0].Rows) > 0 {
				r.Wake()
			}
			return err
		})
	}
	if worker && r.Mail != nil {
		r.loop(ctx, time.Second, nil, func(ctx context.Context) error { _, err := r.Mail.Send(ctx); return err })
	}
	if worker && r.Hooks != nil {
		r.loop(ctx, 500*time.Millisecond, nil, func(ctx context.Context) error {
			if err := r.Hooks.Collect(ctx); err != nil {
				return err
			}
			return r.Hooks.Send(ctx)
		})
	}
	if scheduler {
		r.loop(ctx, 500*time.Millisecond, nil, r.FireTimers)
		r.loop(ctx, time.Second, nil, r.FireSchedules)
	}
	return nil
}

// Stop ends the loops and waits for what is being executed.
func (r *Relay) Stop() {
	if r.stop != nil {
		r.stop()
	}
	r.wg.Wait()
}

// loop runs f every interval, and at once when signalled. Errors pause it.
func (r *Relay) loop(ctx context.Context, every time.Duration, signal <-chan struct{}, f func(context.Context) error) {
	r.wg.Add(1)
	go func() {
		defer r.wg.Done()
		t := time.NewTicker(every)
		defer t.Stop()
		failing := false
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
			case <-signal:
			}
			if err := guard(func() error { return f(ctx) }); err != nil && ctx.Err() == nil {
				if !failing {
					slog.Warn("relay: pausing", "error", err)
				}
				failing = true
				select {
				case <-ctx.Done():
				case <-time.After(time.Second):
				}
			} else {
				failing = false
			}
		}
	}()
}

func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("relay: panic", "panic", p)
		}
	}()
	return f()
}

func (r *Relay) execute(ctx context.Context, id string, attempt int) error {
	defer r.Wake()
	return r.X.Execute(ctx, id, attempt)
}

// Pump claims ready runs up to the window and sends them. What the transport
// holds is asked of the transport: it may have lost messages, and another node
// may have taken them. It is filled again when half of it is empty, because a
// claim for every run would cost as much as the run.
func (r *Relay) Pump(ctx context.Context) error {
	for {
		waiting, err := r.Q.Waiting(ctx)
		if err != nil {
			return err
		}
		room := Window - waiting
		if room < Window/2 {
			return nil
		}
		res, err := r.E.DB.Read(ctx, wfstore.Claim(r.E.Now(), room))
		if err != nil {
			return err
		}
		rows := res[0].Rows
		var lost []string
		for _, row := range rows {
			id := string(row[0])
			attempt, _ := strconv.Atoi(string(row[1]))
			if err := r.Q.Send(ctx, id, attempt); err != nil {
				lost = append(lost, id)
			}
		}
		if len(lost) > 0 {
			_, err := r.E.DB.Read(ctx, wfstore.Unclaim(lost))
			return err
		}
		if len(rows) < room {
			return nil
		}
	}
}

// Drain claims and executes everything that is ready, in this goroutine, each
// message delivered the given number of times. Tests use it.
func (r *Relay) Drain(ctx context.Context, deliveries int) (int, error) {
	n := 0
	for {
		res, err := r.E.DB.Read(ctx, wfstore.Claim(r.E.Now(), Window))
		if err != nil || len(res[0].Rows) == 0 {
			return n, err
		}
		for _, row := range res[0].Rows {
			attempt, _ := strconv.Atoi(string(row[1]))
			for range deliveries {
				if err := r.X.Execute(ctx, string(row[0]), attempt); err != nil {
					return n, err
				}
			}
			n++
		}
	}
}

// FireTimers wakes the runs whose waits are over.
func (r *Relay) FireTimers(ctx context.Context) error {
	for {
		res, err := r.E.DB.Read(ctx, wfstore.Fire(r.E.Now(), 500))
		if err != nil {
			return err
		}
		if n := len(res[0].Rows); n > 0 {
			r.Wake()
			if n == 500 {
				continue
			}
		}
		return nil
	}
}

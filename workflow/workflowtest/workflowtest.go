// Package workflowtest gives tests an engine with rules that run: on a clock
// that moves on demand, with every message delivered twice.
package workflowtest

import (
	"context"
	"testing"
	"time"

	"tenon/engine/enginetest"
	"tenon/workflow/action"
	"tenon/workflow/relay"
	"tenon/workflow/run"
)

// Kit is an engine with an executor and a relay that runs in the test's goroutine.
type Kit struct {
	*enginetest.Kit
	X *run.Executor
	R *relay.Relay
	// Calls records what would have gone outside.
	Calls []*action.Request
	// Respond answers calls; nil answers 200.
	Respond func(r *action.Request) (*action.Response, error)
}

// New makes a kit.
func New(t testing.TB) *Kit {
	k := &Kit{Kit: enginetest.New(t)}
	d := &action.Delivery{Now: k.Clock.Now, Do: func(_ context.Context, r *action.Request) (*action.Response, error) {
		k.Calls = append(k.Calls, r)
		if k.Respond != nil {
			return k.Respond(r)
		}
		return &action.Response{Status: 200, Body: "{}"}, nil
	}}
	k.X = run.New(k.Engine, d)
	k.R = relay.New(k.Engine, nil, k.X, 1)
	return k
}

// Drain runs everything that is ready; every message is delivered twice.
func (k *Kit) Drain() int {
	k.T.Helper()
	n, err := k.R.Drain(context.Background(), 2)
	if err != nil {
		k.T.Fatal(err)
	}
	return n
}

// Advance moves the clock in steps of at most the given size, firing timers
// and schedules and running what they set off at every step.
func (k *Kit) Advance(d, step time.Duration) {
	k.T.Helper()
	ctx := context.Background()
	for d > 0 {
		s := min(step, d)
		d -= s
		k.Clock.Advance(s)
		if err := k.R.FireTimers(ctx); err != nil {
			k.T.Fatal(err)
		}
		if err := k.R.FireSchedules(ctx); err != nil {
			k.T.Fatal(err)
		}
		k.Drain()
	}
}

package queue_test

import (
	"context"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tenon/workflow/queue"
)

// transports are what messages travel on: the in-process Redis, and a real
// one where there is one.
func transports(t *testing.T) map[string]string {
	t.Helper()
	urls := map[string]string{"in-process": ""}
	if url := os.Getenv("TENON_TEST_REDIS_URL"); url != "" {
		urls["server"] = url
	}
	return urls
}

// Every message arrives once, sending an attempt again sends nothing, and the
// next attempt is a message of its own.
func TestSend(t *testing.T) {
	for name, url := range transports(t) {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			q, err := queue.Open(ctx, url)
			if err != nil {
				t.Fatal(err)
			}
			defer q.Close()
			if q.InProcess() != (url == "") {
				t.Error("the transport is not the one asked for")
			}
			if err := q.Ping(ctx); err != nil {
				t.Fatal(err)
			}
			// Other tests may use the server at the same time.
			prefix := uuid.NewString()
			var mu sync.Mutex
			got := map[string]int{}
			arrived := make(chan struct{}, 1000)
			// Sent before anybody receives, so that repeated ones meet.
			for i := range 50 {
				id := prefix + strconv.Itoa(i)
				for range 3 {
					if err := q.Send(ctx, id, 1); err != nil {
						t.Fatal(err)
					}
				}
				if err := q.Send(ctx, id, 2); err != nil {
					t.Fatal(err)
				}
			}
			// On a server there may be others who send and receive.
			if n, err := q.Waiting(ctx); err != nil || q.InProcess() && n != 100 || n == 0 {
				t.Errorf("%d messages wait, %v", n, err)
			}
			err = q.Serve(4, func(_ context.Context, id string, attempt int) error {
				if len(id) < len(prefix) || id[:len(prefix)] != prefix {
					return nil
				}
				mu.Lock()
				got[id+":"+strconv.Itoa(attempt)]++
				mu.Unlock()
				arrived <- struct{}{}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			until := time.After(20 * time.Second)
			for range 100 {
				select {
				case <-arrived:
				case <-until:
					t.Fatalf("%d of 100 messages arrived", len(got))
				}
			}
			mu.Lock()
			defer mu.Unlock()
			for m, n := range got {
				if n != 1 {
					t.Errorf("%s arrived %d times", m, n)
				}
			}
			if len(got) != 100 {
				t.Errorf("%d messages, want 100", len(got))
			}
		})
	}
}

func TestOpen_refusesWhatIsNoRedis(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for _, url := range []string{"not a url", "redis://127.0.0.1:1"} {
		if q, err := queue.Open(ctx, url); err == nil {
			q.Close()
			t.Errorf("%q was opened", url)
		}
	}
}

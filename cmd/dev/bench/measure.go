package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// figure is what one target did with one operation.
type figure struct {
	rate     float64 // operations a second
	p50, p95 time.Duration
	cpu      time.Duration // of server and Postgres, per operation
}

// call does one operation; r is the caller's own.
type call func(ctx context.Context, r *rand.Rand) error

// measure lets n callers repeat an operation for a while.
func measure(ctx context.Context, n int, d time.Duration, pids func() []int, do call) (figure, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex
	var all []time.Duration
	var failed error
	used := cpu(pids())
	began := time.Now()
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), uint64(began.UnixNano())))
			var took []time.Duration
			for time.Since(began) < d {
				t := time.Now()
				if err := do(ctx, r); err != nil {
					mu.Lock()
					if failed == nil && ctx.Err() == nil {
						failed = err
					}
					mu.Unlock()
					cancel()
					return
				}
				took = append(took, time.Since(t))
			}
			mu.Lock()
			all = append(all, took...)
			mu.Unlock()
		})
	}
	wg.Wait()
	took := time.Since(began)
	if failed != nil {
		return figure{}, failed
	}
	if len(all) == 0 {
		return figure{}, fmt.Errorf("no operation ended within %s", d)
	}
	slices.Sort(all)
	return figure{rate: float64(len(all)) / took.Seconds(), p50: all[len(all)/2], p95: all[len(all)*95/100], cpu: (cpu(pids()) - used) / time.Duration(len(all))}, nil
}

// median of figures, each quantity by itself.
func median(l []figure) figure {
	mid := func(f func(figure) float64) float64 {
		v := make([]float64, len(l))
		for i, x := range l {
			v[i] = f(x)
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	d := func(f func(figure) time.Duration) time.Duration {
		return time.Duration(mid(func(x figure) float64 { return float64(f(x)) }))
	}
	return figure{mid(func(x figure) float64 { return x.rate }), d(func(x figure) time.Duration { return x.p50 }), d(func(x figure) time.Duration { return x.p95 }), d(func(x figure) time.Duration { return x.cpu })}
}

// tick is the unit of processor times in /proc, which Linux fixes.
const tick = 10 * time.Millisecond

// cpu is the processor time that processes have used; zero where the system
// does not tell.
func cpu(pids []int) time.Duration {
	var n int64
	for _, pid := range pids {
		f := stat(pid)
		if len(f) > 15 {
			for _, i := range []int{11, 12} { // utime, stime, counted after the name
				v, _ := strconv.ParseInt(f[i], 10, 64)
				n += v
			}
		}
	}
	return time.Duration(n) * tick
}

// stat gives the fields of /proc/pid/stat after the name.
func stat(pid int) []string {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return nil
	}
	s := string(b)
	return strings.Fields(s[strings.LastIndexByte(s, ')')+1:])
}

// withChildren adds the processes that a process has started.
func withChildren(pid int) []int {
	out := []int{pid}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return out
	}
	for _, e := range entries {
		child, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if f := stat(child); len(f) > 1 && f[1] == strconv.Itoa(pid) {
			out = append(out, child)
		}
	}
	return out
}

// memory is the resident memory of a process and its peak, in MB.
func memory(pid int) (now, peak float64) {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0, 0
	}
	for line := range strings.SplitSeq(string(b), "\n") {
		name, rest, _ := strings.Cut(line, ":")
		kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
		switch name {
		case "VmRSS":
			now = kb / 1024
		case "VmHWM":
			peak = kb / 1024
		}
	}
	return now, peak
}

func randOf(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) }

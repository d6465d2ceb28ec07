package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// Browse serves the product with the CRM and its sample data, brings the
// bench's customers in beside them and lets measure look at it in a browser.
// The environment that measure gets says where and as whom.
func Browse(ctx context.Context, o Options, measure func(env []string) error) error {
	log, err := os.Create(filepath.Join(o.Folder, "product.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	addr, err := freeAddr()
	if err != nil {
		return err
	}
	p := &product{binary: o.Binary, data: filepath.Join(o.Folder, "browser"), addr: addr, log: log, args: []string{"--demo"}}
	if _, err := p.start(ctx); err != nil {
		return err
	}
	defer p.stop()
	app, admin, _, err := setUp(ctx, addr)
	if err != nil {
		return err
	}
	took, err := importCSV(ctx, admin, app, o.Rows)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "%d rows imported in %.1f s\n\n", o.Rows, took.Seconds())
	return measure([]string{"TENON_BENCH_URL=http://" + addr, "TENON_BENCH_EMAIL=" + email, "TENON_BENCH_PASSWORD=" + password, fmt.Sprintf("TENON_BENCH_ROUNDS=%d", o.Rounds)})
}

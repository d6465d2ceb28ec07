package store

import (
	"context"
	"time"
)

// Jobs are leased by the database's clock: it is the one that all workers share.

// ClaimJob leases the oldest job of the kinds that waits, or whose worker has
// fallen silent; "" when there is none.
func (db *DB) ClaimJob(ctx context.Context, kinds []string, lease time.Duration) (string, error) {
	r, err := db.One(ctx, "UPDATE tenon.job SET state = 'running', lease_until = clock_timestamp() + make_interval(secs => $2) WHERE id = ("+
		"SELECT id FROM tenon.job WHERE kind = ANY($1) AND (state = 'queued' OR state = 'running' AND lease_until < clock_timestamp()) ORDER BY created_at FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id",
		Texts(kinds), Int(int64(lease.Seconds())))
	return r.Str(0), err
}

// KeepJob prolongs a lease and reports whether the job should go on.
func (db *DB) KeepJob(ctx context.Context, id string, lease time.Duration) (bool, error) {
	r, err := db.One(ctx, "UPDATE tenon.job SET lease_until = clock_timestamp() + make_interval(secs => $2) WHERE id = $1 AND state = 'running' RETURNING cancel",
		UUID(id), Int(int64(lease.Seconds())))
	return r.Str(0) == "f", err
}

package store

import (
	"strconv"
	"time"

	"tenon/engine/store"
)

// Leases compare instants between machines, so they alone use the database's
// clock (decision 28).

// Claim takes ready runs for this node: at most limit, none before its time,
// none whose lane has an earlier live run.
func Claim(now time.Time, limit int) store.Stmt {
	return store.S(`UPDATE tenon.run r SET state = 'queued', attempt = r.attempt + 1, lease_until = clock_timestamp() + interval '15 seconds'
FROM (SELECT c.id FROM tenon.run c WHERE c.state = 'ready' AND c.run_at <= $1
  AND (c.lane = '' OR NOT EXISTS (SELECT 1 FROM tenon.run o WHERE o.lane = c.lane AND o.seq < c.seq AND o.state IN ('ready','queued','running') AND (o.state <> 'ready' OR o.run_at <= $1)))
  ORDER BY c.run_at, c.seq LIMIT `+strconv.Itoa(limit)+` FOR UPDATE OF c SKIP LOCKED) p WHERE r.id = p.id RETURNING r.id, r.attempt`, store.Time(now))
}

// Reap makes runs ready again whose lease has run out: the worker died, or the
// message was lost. A run being worked on holds its row and is passed over.
func Reap() store.Stmt {
	return store.S(`UPDATE tenon.run r SET state = 'ready', lease_until = NULL FROM (SELECT id FROM tenon.run WHERE state IN ('queued','running') AND lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED LIMIT 500) p WHERE r.id = p.id RETURNING r.id`)
}

// Running marks a run as running with a lease, before an effect outside.
func Running(id string, attempt int) store.Stmt {
	return store.S(`UPDATE tenon.run SET state = 'running', lease_until = clock_timestamp() + interval '15 seconds' WHERE id = $1 AND attempt = $2 AND state IN ('queued','running') RETURNING id`, store.UUID(id), store.Int(int64(attempt))).Planned()
}

// Beat extends the lease of a running run.
func Beat(id string, attempt int) store.Stmt {
	return store.S(`UPDATE tenon.run SET lease_until = clock_timestamp() + interval '15 seconds' WHERE id = $1 AND attempt = $2 AND state IN ('queued','running')`, store.UUID(id), store.Int(int64(attempt))).Planned()
}

// Save checkpoints a run that goes on at once.
func Save(r *Run) store.Stmt {
	return store.S(`UPDATE tenon.run SET data = $3, lease_until = clock_timestamp() + interval '15 seconds' WHERE id = $1 AND attempt = $2`, store.UUID(r.ID), store.Int(int64(r.Attempt)), store.JSON(raw(r.Data))).Planned()
}

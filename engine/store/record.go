package store

import (
	"encoding/json"
	"strconv"
	"time"
)

// MemberOf asks whether a member is in a department or holds a role.
func MemberOf(member, group string) Stmt {
	return S("SELECT EXISTS (SELECT 1 FROM tenon.member_department WHERE member_id = $1 AND department_id::text = $2) OR EXISTS (SELECT 1 FROM tenon.member_role WHERE member_id = $1 AND role_id = $2)", UUID(member), Text(group)).Planned()
}

// HistoryEntry is one line of a workspace's history: reverse deltas.
type HistoryEntry struct {
	At        time.Time
	App       string
	Entity    string
	Record    string
	Rev       int64
	Op        string
	Actor     string
	Cause     string
	Operation string
	Depth     int
	Version   int
	Before    json.RawMessage // {field id: value before}
}

// AppendHistory writes history lines into a workspace's schema. Several lines
// travel as one array per column: a statement with thousands of parameters
// costs more to read than its rows cost to write.
func AppendHistory(schema string, entries []HistoryEntry) Stmt {
	into := "INSERT INTO " + Ident(schema, "history") + " (at, app, entity, record, rev, op, actor, cause, operation, depth, version, before) "
	if len(entries) == 1 {
		h := entries[0]
		return S(into+"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", Time(h.At), UUID(h.App), Text(h.Entity), UUID(h.Record), Int(h.Rev), Text(h.Op),
			UUID(h.Actor), Text(h.Cause), UUID(h.Operation), Int(int64(h.Depth)), Int(int64(h.Version)), JSON(h.Before)).Planned()
	}
	cols := make([][]string, 12)
	for i := range cols {
		cols[i] = make([]string, len(entries))
	}
	for i, h := range entries {
		for j, v := range [12]string{string(Time(h.At).Val), h.App, h.Entity, h.Record, strconv.FormatInt(h.Rev, 10), h.Op,
			h.Actor, h.Cause, h.Operation, strconv.Itoa(h.Depth), strconv.Itoa(h.Version), string(h.Before)} {
			cols[j][i] = v
		}
	}
	args := make([]Arg, len(cols))
	for i, c := range cols {
		args[i] = Texts(c)
	}
	return S(into+"SELECT x.at::timestamptz, nullif(x.app, '')::uuid, x.entity, nullif(x.record, '')::uuid, x.rev::bigint, x.op, nullif(x.actor, '')::uuid, x.cause, nullif(x.operation, '')::uuid, "+
		"x.depth::int, x.version::int, nullif(x.before, '')::jsonb FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) WITH ORDINALITY "+
		"AS x(at, app, entity, record, rev, op, actor, cause, operation, depth, version, before, n) ORDER BY x.n", args...).Planned()
}

// HistoryOf reads the history of one record, newest first, before the line id.
func HistoryOf(schema, entity, record string, before int64, limit int) Stmt {
	if before <= 0 {
		before = 1 << 62
	}
	return S("SELECT id, at, rev, op, actor, cause, operation, before FROM "+Ident(schema, "history")+" WHERE entity = $1 AND record = $2 AND id < $3 ORDER BY id DESC LIMIT "+strconv.Itoa(limit), Text(entity), UUID(record), Int(before))
}

// OperationHistory reads the lines of one bulk operation.
func OperationHistory(schema, operation string, after int64, limit int) Stmt {
	return S("SELECT id, entity, record, rev, op, before FROM "+Ident(schema, "history")+" WHERE operation = $1 AND op <> 'computed' AND id > $2 ORDER BY id LIMIT "+strconv.Itoa(limit), UUID(operation), Int(after))
}

// TakenBack finds which records stand again as they were at a revision: every
// later change was of an operation that was undone, and its undo. An operation
// that was undone but left the record as it is has no such counterpart.
func TakenBack(schema, entity string, records []string, revs []string) Stmt {
	return S("SELECT h.record FROM "+Ident(schema, "history")+" h JOIN unnest($2::uuid[], $3::text[]) w(record, rev) ON w.record = h.record "+
		"LEFT JOIN tenon.operation o ON o.id = h.operation WHERE h.entity = $1 AND h.op <> 'computed' AND h.rev > w.rev::bigint "+
		"GROUP BY h.record HAVING bool_and(COALESCE(o.kind = 'undo' OR o.undone_at IS NOT NULL, false)) "+
		"AND count(*) FILTER (WHERE o.kind = 'undo') = count(*) FILTER (WHERE o.kind <> 'undo')", Text(entity), UUIDs(records), Texts(revs))
}

// Feed reads committed history lines after an id in commit-safe order: lines
// of transactions still running are not passed over (decision 32).
func Feed(schema string, after int64, limit int) Stmt {
	return S("SELECT id, app, entity, record, rev, op, actor FROM "+Ident(schema, "history")+" WHERE id > $1 AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY id LIMIT "+strconv.Itoa(limit), Int(after))
}

// FeedEnd returns the id of the newest line, where a new reader starts.
func FeedEnd(schema string) Stmt {
	return S("SELECT COALESCE(max(id), 0) FROM " + Ident(schema, "history")).Planned()
}

// TakeSerial takes n numbers of a sequence and returns the first.
func TakeSerial(app, fieldID, period string, start, n int64) Stmt {
	return S("INSERT INTO tenon.sequence (app_id, field_id, period, next) VALUES ($1, $2, $3, $4 + $5) ON CONFLICT (app_id, field_id, period) DO UPDATE SET next = tenon.sequence.next + $5 RETURNING next - $5", UUID(app), Text(fieldID), Text(period), Int(start), Int(n)).Planned()
}

// LockKey takes a transaction lock on a text, so that equal upserts wait for each other.
func LockKey(key string) Stmt {
	return S("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))", Text(key)).Planned()
}

// AddOperation records a bulk operation, or adds to its count.
func AddOperation(id, app, kind string, label []byte, actor string, at time.Time, count int) Stmt {
	return S("INSERT INTO tenon.operation (id, app_id, kind, label, actor, at, count) VALUES ($1,$2,$3,$4,$5,$6,$7) ON CONFLICT (id) DO UPDATE SET count = tenon.operation.count + $7", UUID(id), UUID(app), Text(kind), JSON(label), UUID(actor), Time(at), Int(int64(count))).Planned()
}

// FindFiles finds files of a workspace: id, name, size, type, whether they are
// the uploader's own, and which of the records holds them; a file that several
// of the records hold comes several times.
func FindFiles(workspace, uploader, app string, ids, records []string) Stmt {
	return S("SELECT f.id, f.name, f.size, f.type, f.uploader = $3, u.record_id FROM tenon.file f LEFT JOIN tenon.file_use u ON u.file_id = f.id AND u.app_id = $4 AND u.record_id = ANY($5) WHERE f.id = ANY($1) AND f.workspace_id = $2",
		UUIDs(ids), UUID(workspace), UUID(uploader), UUID(app), UUIDs(records))
}

// UseFiles replaces the uses of files by one field of a record.
func UseFiles(app, entity, record, fieldID string, ids []string) []Stmt {
	return []Stmt{
		S("DELETE FROM tenon.file_use WHERE app_id = $1 AND entity_id = $2 AND record_id = $3 AND field_id = $4", UUID(app), Text(entity), UUID(record), Text(fieldID)),
		S("INSERT INTO tenon.file_use (file_id, app_id, entity_id, record_id, field_id) SELECT unnest($1::uuid[]), $2, $3, $4, $5 ON CONFLICT DO NOTHING", UUIDs(ids), UUID(app), Text(entity), UUID(record), Text(fieldID)),
	}
}

// Directory finds which member and department ids exist in a workspace.
func Directory(workspace string, members, departments []string) Stmt {
	return S("SELECT id FROM tenon.member WHERE workspace_id = $1 AND id = ANY($2) UNION ALL SELECT id FROM tenon.department WHERE workspace_id = $1 AND id = ANY($3)", UUID(workspace), UUIDs(members), UUIDs(departments))
}

// Names resolves actors and departments to display names.
func Names(workspace string, ids []string) Stmt {
	return S("SELECT id, name FROM tenon.actor WHERE id = ANY($2) AND (workspace_id = $1 OR workspace_id IS NULL) UNION ALL SELECT id, name FROM tenon.department WHERE workspace_id = $1 AND id = ANY($2)", UUID(workspace), UUIDs(ids)).Planned()
}

// OperationRow reads who did a bulk operation and whether it was undone.
func OperationRow(app, id string) Stmt {
	return S("SELECT actor, undone_at, kind, count FROM tenon.operation WHERE id = $1 AND app_id = $2", UUID(id), UUID(app))
}

// MarkUndone notes that an operation was undone.
func MarkUndone(id, actor string, at time.Time) Stmt {
	return S("UPDATE tenon.operation SET undone_at = $2, undone_by = $3 WHERE id = $1", UUID(id), Time(at), UUID(actor))
}

// Operations lists an app's bulk operations, newest first.
func Operations(app string, limit int) Stmt {
	return S("SELECT o.id, o.kind, o.label, o.actor, o.at, o.count, o.undone_at, COALESCE(a.name, '') FROM tenon.operation o LEFT JOIN tenon.actor a ON a.id = o.actor WHERE o.app_id = $1 ORDER BY o.at DESC LIMIT "+strconv.Itoa(limit), UUID(app))
}

// SystemActor makes sure that a workspace's system actor exists; its id is the
// workspace's.
func SystemActor(workspace string) Stmt {
	return S("INSERT INTO tenon.actor (id, workspace_id, kind, name) VALUES ($1, $1, 'system', '自动化') ON CONFLICT DO NOTHING", UUID(workspace))
}

// ManagerOf walks up from a member's departments to the first active head who
// is somebody else.
func ManagerOf(member string) Stmt {
	return S(`WITH RECURSIVE up AS (
  SELECT d.id, d.parent_id, d.head_id, 0 AS n FROM tenon.department d JOIN tenon.member_department md ON md.department_id = d.id WHERE md.member_id = $1
  UNION ALL SELECT p.id, p.parent_id, p.head_id, up.n + 1 FROM up JOIN tenon.department p ON p.id = up.parent_id WHERE up.n < 20)
SELECT up.head_id FROM up JOIN tenon.member m ON m.id = up.head_id WHERE up.head_id <> $1 AND m.status <> 'disabled' ORDER BY up.n, up.id LIMIT 1`, UUID(member))
}

// FirstAdmin finds the oldest workspace and its first administrator.
func FirstAdmin() Stmt {
	return S("SELECT w.id, m.id, w.locale FROM tenon.workspace w JOIN tenon.member m ON m.workspace_id = w.id AND m.admin AND m.status = 'active' WHERE w.deleted_at IS NULL ORDER BY w.created_at, m.created_at LIMIT 1")
}

// AppOfTemplate finds an app of a workspace that was made from a template.
func AppOfTemplate(workspace, key string) Stmt {
	return S("SELECT id FROM tenon.app WHERE workspace_id = $1 AND deleted_at IS NULL AND key = $2 LIMIT 1", UUID(workspace), Text(key))
}

// OutsideOf finds which members belong to none of the departments, or those
// below them, and hold none of the roles of the app.
func OutsideOf(app string, members, departments, roles []string) Stmt {
	return S(`WITH RECURSIVE below AS (SELECT id FROM tenon.department WHERE id::text = ANY($2) UNION SELECT d.id FROM tenon.department d JOIN below b ON d.parent_id = b.id)
SELECT m.id FROM tenon.member m WHERE m.id = ANY($1)
AND NOT EXISTS (SELECT 1 FROM tenon.member_department md JOIN below b ON b.id = md.department_id WHERE md.member_id = m.id)
AND NOT EXISTS (SELECT 1 FROM tenon.member_role mr WHERE mr.member_id = m.id AND mr.app_id = $4 AND mr.role_id = ANY($3))`, UUIDs(members), Texts(departments), Texts(roles), UUID(app))
}

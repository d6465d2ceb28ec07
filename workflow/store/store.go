// Package store holds the SQL of runs, steps, timers, waits, schedules, tasks
// and notifications: the queue of record. It renders statements; callers run
// them in their own transactions, so that an effect and its checkpoint commit
// together.
//
// It never decides what happens next and knows neither asynq nor the engine.
//
// Business instants are parameters. Only leases use the database's clock,
// because they compare between machines.
package store

import (
	"encoding/json"
	"strconv"
	"time"

	"tenon/engine/store"
)

// Run is a run row.
type Run struct {
	ID, Workspace, App, Rule string
	Version                  int
	Entity, Record           string
	Trigger                  Trigger
	State                    string
	Attempt, Tries           int
	Lane                     string
	Depth                    int
	Chain, Cause, Actor      string
	Data                     Data
	RunAt                    time.Time
	Dedupe                   string
}

// Trigger is what set a run off.
type Trigger struct {
	Op      string          `json:"op"`
	Before  json.RawMessage `json:"before,omitempty"` // values of changed fields before
	After   json.RawMessage `json:"after,omitempty"`  // of a deletion: nothing reads it any more
	Inputs  json.RawMessage `json:"inputs,omitempty"`
	Outcome string          `json:"outcome,omitempty"`
	Comment string          `json:"comment,omitempty"`
	Kind    string          `json:"kind,omitempty"`
	Title   string          `json:"title,omitempty"`
	By      string          `json:"by,omitempty"`
	Body    json.RawMessage `json:"body,omitempty"` // webhook
	Bulk    bool            `json:"bulk,omitempty"`
	Unsure  bool            `json:"unsure,omitempty"` // the condition could not be computed as the change was saved
	Fields  []string        `json:"fields,omitempty"` // changed field ids
}

// Data is the interpreter's memory between transactions.
type Data struct {
	Done    map[string]bool            `json:"done,omitempty"`    // finished step paths
	Vars    map[string]Var             `json:"vars,omitempty"`    // records made or found
	Loops   map[string]string          `json:"loops,omitempty"`   // loop path → last item id done
	Waiting string                     `json:"waiting,omitempty"` // path of the wait step
	Until   *time.Time                 `json:"until,omitempty"`
	Woken   string                     `json:"woken,omitempty"`  // timer, event, changed
	Events  []string                   `json:"events,omitempty"` // changed records that may end the wait
	Saved   map[string]json.RawMessage `json:"saved,omitempty"`  // answers of requests
	Counts  map[string]int             `json:"counts,omitempty"` // items done per loop
}

// Var names a record that a step made or found.
type Var struct {
	Entity string `json:"entity"`
	ID     string `json:"id"`
}

func raw(x any) []byte {
	b, err := json.Marshal(x)
	if err != nil {
		return []byte("null")
	}
	return b
}

// Insert creates a run. A run whose dedupe key exists is not created again.
func Insert(r *Run) store.Stmt {
	return store.S(`INSERT INTO tenon.run (id, workspace_id, app_id, rule_id, version, entity_id, record_id, trigger, state, lane, depth, chain, cause, actor, data, run_at, dedupe, created_at, ended_at)
VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,NULLIF($17,''),$16, CASE WHEN $9 IN ('blocked','done') THEN $16 END) ON CONFLICT (dedupe) DO NOTHING`,
		store.UUID(r.ID), store.UUID(r.Workspace), store.UUID(r.App), store.Text(r.Rule), store.Int(int64(r.Version)), store.Text(r.Entity), store.UUID(r.Record),
		store.JSON(raw(r.Trigger)), store.Text(r.State), store.Text(r.Lane), store.Int(int64(r.Depth)), store.UUID(r.Chain), store.Text(r.Cause), store.UUID(r.Actor),
		store.JSON(raw(r.Data)), store.Time(r.RunAt), store.Text(r.Dedupe)).Planned()
}

// InsertItems adds the items of a bulk run.
func InsertItems(run string, ids []string, before []json.RawMessage) store.Stmt {
	b := make([]string, len(before))
	for i, x := range before {
		b[i] = string(x)
	}
	return store.S(`INSERT INTO tenon.run_item (run_id, record_id, before) SELECT $1, x.id, x.b::jsonb FROM unnest($2::uuid[], $3::text[]) AS x(id, b) ON CONFLICT DO NOTHING`,
		store.UUID(run), store.UUIDs(ids), store.Texts(b))
}

// Items reads the next items of a bulk run.
func Items(run, after string, limit int) store.Stmt {
	if after == "" {
		after = "00000000-0000-0000-0000-000000000000"
	}
	return store.S(`SELECT record_id, before FROM tenon.run_item WHERE run_id = $1 AND record_id > $2 ORDER BY record_id LIMIT `+strconv.Itoa(limit), store.UUID(run), store.UUID(after))
}

// Unclaim gives runs back that could not be sent.
func Unclaim(ids []string) store.Stmt {
	return store.S(`UPDATE tenon.run SET state = 'ready', lease_until = NULL WHERE id = ANY($1) AND state = 'queued'`, store.UUIDs(ids))
}

// Requeue makes every queued run ready at once: what a start with an empty
// in-process transport does.
func Requeue() store.Stmt {
	return store.S(`UPDATE tenon.run SET state = 'ready', lease_until = NULL WHERE state = 'queued'`)
}

// runColumns are what Take and Get return.
const runColumns = `id, workspace_id, app_id, rule_id, version, entity_id, record_id, trigger, state, attempt, tries, lane, depth, chain, cause, actor, data, run_at`

// Take locks a queued run for the attempt that holds it. No row: somebody else
// has it, or it is over.
func Take(id string, attempt int) store.Stmt {
	return store.S(`SELECT `+runColumns+` FROM tenon.run WHERE id = $1 AND attempt = $2 AND state IN ('queued','running') FOR UPDATE`, store.UUID(id), store.Int(int64(attempt))).Planned()
}

// Get reads a run.
func Get(id string) store.Stmt {
	return store.S(`SELECT `+runColumns+` FROM tenon.run WHERE id = $1`, store.UUID(id)).Planned()
}

// Read decodes a row of Take or Get.
func Read(row [][]byte) (*Run, error) {
	i := func(n int) int { x, _ := strconv.Atoi(string(row[n])); return x }
	s := func(n int) string { return string(row[n]) }
	r := &Run{ID: s(0), Workspace: s(1), App: s(2), Rule: s(3), Version: i(4), Entity: s(5), Record: s(6), State: s(8), Attempt: i(9), Tries: i(10), Lane: s(11), Depth: i(12), Chain: s(13), Cause: s(14), Actor: s(15), RunAt: store.ParseTime(row[17])}
	if err := json.Unmarshal(row[7], &r.Trigger); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(row[16], &r.Data); err != nil {
		return nil, err
	}
	return r, nil
}

// End finishes a run in a final state; error may be nil.
func End(r *Run, state string, err any, now time.Time) store.Stmt {
	var e []byte
	if err != nil {
		e = raw(err)
	}
	return store.S(`UPDATE tenon.run SET state = $3, data = $4, error = $5, lease_until = NULL, ended_at = $6 WHERE id = $1 AND attempt = $2`,
		store.UUID(r.ID), store.Int(int64(r.Attempt)), store.Text(state), store.JSON(raw(r.Data)), store.JSON(e), store.Time(now)).Planned()
}

// Retry makes a run ready again later, after a passing fault.
func Retry(r *Run, at time.Time, err any) store.Stmt {
	return store.S(`UPDATE tenon.run SET state = 'ready', tries = tries + 1, data = $3, error = $4, run_at = $5, lease_until = NULL WHERE id = $1 AND attempt = $2`,
		store.UUID(r.ID), store.Int(int64(r.Attempt)), store.JSON(raw(r.Data)), store.JSON(raw(err)), store.Time(at)).Planned()
}

// Wait parks a run: a timer when until is set, and the entities whose changes
// may end or cancel the wait.
func Wait(r *Run, timerID string, until time.Time, waits map[string]string) []store.Stmt {
	out := []store.Stmt{
		store.S(`UPDATE tenon.run SET state = 'waiting', data = $3, lease_until = NULL WHERE id = $1 AND attempt = $2`, store.UUID(r.ID), store.Int(int64(r.Attempt)), store.JSON(raw(r.Data))),
		store.S(`DELETE FROM tenon.timer WHERE run_id = $1`, store.UUID(r.ID)),
		store.S(`DELETE FROM tenon.run_wait WHERE run_id = $1`, store.UUID(r.ID)),
	}
	if !until.IsZero() {
		out = append(out, store.S(`INSERT INTO tenon.timer (id, run_id, app_id, kind, fire_at) VALUES ($1,$2,$3,'wake',$4)`, store.UUID(timerID), store.UUID(r.ID), store.UUID(r.App), store.Time(until)))
	}
	for entity, purpose := range waits {
		out = append(out, store.S(`INSERT INTO tenon.run_wait (run_id, app_id, entity_id, purpose) VALUES ($1,$2,$3,$4)`, store.UUID(r.ID), store.UUID(r.App), store.Text(entity), store.Text(purpose)))
	}
	return out
}

// Unwait removes what a wait had set up.
func Unwait(run string) []store.Stmt {
	return []store.Stmt{store.S(`DELETE FROM tenon.timer WHERE run_id = $1`, store.UUID(run)), store.S(`DELETE FROM tenon.run_wait WHERE run_id = $1`, store.UUID(run))}
}

// Fire wakes the runs whose timers are due and returns how many.
func Fire(now time.Time, limit int) store.Stmt {
	return store.S(`WITH due AS (DELETE FROM tenon.timer WHERE id IN (SELECT id FROM tenon.timer WHERE fire_at <= $1 ORDER BY fire_at LIMIT `+strconv.Itoa(limit)+` FOR UPDATE SKIP LOCKED) RETURNING run_id)
UPDATE tenon.run SET state = 'ready', run_at = $1, data = jsonb_set(data, '{woken}', '"timer"') WHERE id IN (SELECT run_id FROM due) AND state = 'waiting' RETURNING id`, store.Time(now))
}

// Wake readies the runs that wait for changes of an entity: those of the
// changed records themselves (to look whether to cancel), and those that wait
// for an event there.
func Wake(app, entity string, records []string, now time.Time) store.Stmt {
	return store.S(`UPDATE tenon.run r SET state = 'ready', run_at = $4, data = jsonb_set(jsonb_set(r.data, '{woken}', CASE WHEN w.purpose = 'event' THEN '"event"'::jsonb ELSE '"changed"'::jsonb END), '{events}', COALESCE(r.data->'events', '[]') || to_jsonb($3::text[]))
FROM tenon.run_wait w WHERE w.app_id = $1 AND w.entity_id = $2 AND w.run_id = r.id AND r.state IN ('waiting','ready') AND (w.purpose = 'event' OR r.record_id = ANY($3::uuid[]))`,
		store.UUID(app), store.Text(entity), store.Texts(records), store.Time(now)).Planned()
}

// HasWaits asks whether any run waits for changes in an app, so that writers
// can skip Wake otherwise.
func HasWaits(app string) store.Stmt {
	return store.S(`SELECT DISTINCT entity_id FROM tenon.run_wait WHERE app_id = $1`, store.UUID(app))
}

// StepRow is one line of a run's log.
type StepRow struct {
	Path, Type, State    string
	Input, Output, Error any
	Started, Ended       time.Time
}

// LogStep writes a line of a run's log.
func LogStep(run string, s StepRow) store.Stmt {
	var e []byte
	if s.Error != nil {
		e = raw(s.Error)
	}
	return store.S(`INSERT INTO tenon.run_step (run_id, path, type, state, input, output, error, started_at, ended_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)
ON CONFLICT (run_id, path) DO UPDATE SET state = $4, input = $5, output = $6, error = $7, attempt = tenon.run_step.attempt + 1, ended_at = $9`,
		store.UUID(run), store.Text(s.Path), store.Text(s.Type), store.Text(s.State), store.JSON(raw(s.Input)), store.JSON(raw(s.Output)), store.JSON(e), store.Time(s.Started), store.Time(s.Ended)).Planned()
}

// Schedules.

// ScheduleRow reads the schedule state of an app's rules.
func ScheduleRow(app string) store.Stmt {
	return store.S(`SELECT rule_id, next_at, watermark FROM tenon.schedule WHERE app_id = $1`, store.UUID(app)).Planned()
}

// PlanSchedule sets the first time of a schedule rule, or the first watermark
// of a date rule, if it has none yet.
func PlanSchedule(app, rule string, next, watermark time.Time) store.Stmt {
	return store.S(`INSERT INTO tenon.schedule (app_id, rule_id, next_at, watermark) VALUES ($1,$2,$3,$4) ON CONFLICT DO NOTHING`, store.UUID(app), store.Text(rule), store.Time(next), store.Time(watermark))
}

// LockSchedule takes a rule's schedule for this transaction, or nothing when
// another node has it.
func LockSchedule(app, rule string) store.Stmt {
	return store.S(`SELECT next_at, watermark FROM tenon.schedule WHERE app_id = $1 AND rule_id = $2 FOR UPDATE SKIP LOCKED`, store.UUID(app), store.Text(rule)).Planned()
}

// MoveSchedule notes the next time and the watermark.
func MoveSchedule(app, rule string, next, watermark time.Time) store.Stmt {
	return store.S(`UPDATE tenon.schedule SET next_at = $3, watermark = $4 WHERE app_id = $1 AND rule_id = $2`, store.UUID(app), store.Text(rule), store.Time(next), store.Time(watermark)).Planned()
}

// Occur notes an occurrence of a date rule; no row comes back when it has fired already.
func Occur(app, rule, record, key string) store.Stmt {
	return store.S(`INSERT INTO tenon.occurrence (app_id, rule_id, record_id, key) VALUES ($1,$2,$3,$4) ON CONFLICT DO NOTHING RETURNING key`, store.UUID(app), store.Text(rule), store.UUID(record), store.Text(key)).Planned()
}

// LiveApps lists the apps that are published.
func LiveApps() store.Stmt {
	return store.S(`SELECT a.id, a.version FROM tenon.app a JOIN tenon.workspace w ON w.id = a.workspace_id WHERE a.deleted_at IS NULL AND w.deleted_at IS NULL AND a.version > 0 ORDER BY a.id`)
}

// Assignment.

// Candidates lists the active, available members that are named, hold one of
// the roles in the app, or are in one of the departments, in id order.
func Candidates(app, workspace string, members, roles, departments []string) store.Stmt {
	return store.S(`SELECT m.id FROM tenon.member m WHERE m.workspace_id = $2 AND m.status IN ('active','placeholder') AND m.available AND (m.status = 'active' OR m.sample)
AND (m.id::text = ANY($3) OR EXISTS (SELECT 1 FROM tenon.member_role r WHERE r.app_id = $1 AND r.member_id = m.id AND r.role_id = ANY($4))
  OR EXISTS (SELECT 1 FROM tenon.member_department md JOIN tenon.department_role dr ON dr.department_id = md.department_id AND dr.app_id = $1 AND dr.role_id = ANY($4) WHERE md.member_id = m.id)
  OR EXISTS (SELECT 1 FROM tenon.member_department d WHERE d.member_id = m.id AND d.department_id::text = ANY($5))) ORDER BY m.id`,
		store.UUID(app), store.UUID(workspace), store.Texts(members), store.Texts(roles), store.Texts(departments))
}

// LockCursor takes the round-robin cursor of an assignment and returns whom it chose last.
func LockCursor(app, step string) []store.Stmt {
	return []store.Stmt{
		store.S(`INSERT INTO tenon.assign_cursor (app_id, step) VALUES ($1,$2) ON CONFLICT DO NOTHING`, store.UUID(app), store.Text(step)),
		store.S(`SELECT last FROM tenon.assign_cursor WHERE app_id = $1 AND step = $2 FOR UPDATE`, store.UUID(app), store.Text(step)),
	}
}

// MoveCursor notes whom an assignment chose.
func MoveCursor(app, step, member string) store.Stmt {
	return store.S(`UPDATE tenon.assign_cursor SET last = $3 WHERE app_id = $1 AND step = $2`, store.UUID(app), store.Text(step), store.UUID(member)).Planned()
}

// Tasks and notifications.

// Task is a to-do of members.
type Task struct {
	ID, Workspace, App, Entity, Record, Run, Kind, Priority string
	store.Wording                                           // in the language of the workspace
	Words                                                   store.Words
	Outcomes                                                json.RawMessage
	Due                                                     time.Time
	Assignees                                               []string
	CreatedBy, EffectKey                                    string
	At                                                      time.Time
}

// InsertTask creates a task once per effect key, with its assignees.
func InsertTask(t *Task) []store.Stmt {
	if len(t.Outcomes) == 0 {
		t.Outcomes = json.RawMessage("[]")
	}
	return []store.Stmt{
		store.S(`INSERT INTO tenon.task (id, workspace_id, app_id, entity_id, record_id, run_id, kind, title, text, priority, outcomes, due_at, created_by, created_at, effect_key, words)
VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,NULLIF($15,''),$16) ON CONFLICT (effect_key) DO NOTHING`,
			store.UUID(t.ID), store.UUID(t.Workspace), store.UUID(t.App), store.Text(t.Entity), store.UUID(t.Record), store.UUID(t.Run), store.Text(t.Kind), store.Text(t.Title), store.Text(t.Text), store.Text(t.Priority),
			store.JSON(t.Outcomes), store.Time(t.Due), store.UUID(t.CreatedBy), store.Time(t.At), store.Text(t.EffectKey), words(t.Words)),
		store.S(`INSERT INTO tenon.task_assignee (task_id, member_id) SELECT t.id, m.id FROM tenon.task t, tenon.member m WHERE t.id = $1 AND m.id = ANY($2) ON CONFLICT DO NOTHING`, store.UUID(t.ID), store.UUIDs(t.Assignees)),
	}
}

// CloseTasks ends the open tasks of a kind on a record without an outcome of theirs.
func CloseTasks(app, record, kind, outcome, by string, now time.Time) store.Stmt {
	return store.S(`UPDATE tenon.task SET state = CASE WHEN $4 = '' THEN 'cancelled' ELSE 'done' END, outcome = $4, completed_by = $5, completed_at = $6 WHERE app_id = $1 AND record_id = $2 AND ($3 = '' OR kind = $3) AND state = 'open'`,
		store.UUID(app), store.UUID(record), store.Text(kind), store.Text(outcome), store.UUID(by), store.Time(now))
}

// Notification is a message to one member.
type Notification struct {
	ID, Workspace, Member, Kind, App, Entity, Record, EffectKey string
	store.Wording                                               // in the language of the workspace
	Words                                                       store.Words
	At                                                          time.Time
}

// Wording and Words are what a to-do or a message says, in one language and by
// locale.
type (
	Wording = store.Wording
	Words   = store.Words
)

func words(w store.Words) store.Arg {
	if len(w) == 0 {
		return store.JSON([]byte("{}"))
	}
	return store.JSON(raw(w))
}

// Notify writes a notification once per effect key.
func Notify(n *Notification) store.Stmt {
	return store.S(`INSERT INTO tenon.notification (id, workspace_id, member_id, kind, title, text, app_id, entity_id, record_id, effect_key, created_at, words)
SELECT $1, $2, m.id, $4, $5, $6, $7, $8, $9, NULLIF($10,''), $11, $12 FROM tenon.member m WHERE m.id = $3 ON CONFLICT (effect_key) DO UPDATE SET count = tenon.notification.count + 1`,
		store.UUID(n.ID), store.UUID(n.Workspace), store.UUID(n.Member), store.Text(n.Kind), store.Text(n.Title), store.Text(n.Text), store.UUID(n.App), store.Text(n.Entity), store.UUID(n.Record), store.Text(n.EffectKey), store.Time(n.At), words(n.Words))
}

// Mail queues a mail once per effect key.
func Mail(id, workspace, to, subject, body, effectKey string, now time.Time) store.Stmt {
	return store.S(`INSERT INTO tenon.mail (id, workspace_id, recipient, subject, body, effect_key, next_at, created_at) VALUES ($1,$2,$3,$4,$5,NULLIF($6,''),$7,$7) ON CONFLICT (effect_key) DO NOTHING`,
		store.UUID(id), store.UUID(workspace), store.Text(to), store.Text(subject), store.Text(body), store.Text(effectKey), store.Time(now))
}

// MemberMails finds the e-mail addresses of members, and the languages they read.
func MemberMails(workspace string, ids []string) store.Stmt {
	return store.S(`SELECT m.id, COALESCE(NULLIF(m.email, ''), l.email, ''), COALESCE(l.locale, '') FROM tenon.member m LEFT JOIN tenon.login l ON l.id = m.login_id WHERE m.workspace_id = $1 AND m.id = ANY($2)`, store.UUID(workspace), store.UUIDs(ids))
}

// Expand turns ids of members, departments and role ids or keys into active members.
func Expand(app, workspace string, ids []string) store.Stmt {
	return store.S(`SELECT m.id FROM tenon.member m WHERE m.workspace_id = $2 AND m.status <> 'disabled' AND (m.id::text = ANY($3)
 OR EXISTS (SELECT 1 FROM tenon.member_department d WHERE d.member_id = m.id AND d.department_id::text = ANY($3))
 OR EXISTS (SELECT 1 FROM tenon.member_role r WHERE r.member_id = m.id AND r.app_id = $1 AND r.role_id = ANY($3))) ORDER BY m.id`, store.UUID(app), store.UUID(workspace), store.Texts(ids))
}

// TellAdmins notifies a workspace's administrators of a failed run, once per
// key; it is written in the workspace's language and kept in all.
func TellAdmins(r *Run, now time.Time, key string, say store.Words) store.Stmt {
	return store.S(`INSERT INTO tenon.notification (id, workspace_id, member_id, kind, title, text, app_id, entity_id, record_id, effect_key, created_at, words)
SELECT gen_random_uuid(), m.workspace_id, m.id, 'system', $3::jsonb -> w.locale ->> 'title', $3::jsonb -> w.locale ->> 'text', $4, $5, $6, $2 || ':' || m.id, $7, $3::jsonb
FROM tenon.member m JOIN tenon.workspace w ON w.id = m.workspace_id WHERE m.workspace_id = $1 AND m.admin AND m.status = 'active' ON CONFLICT (effect_key) DO UPDATE SET count = tenon.notification.count + 1`,
		store.UUID(r.Workspace), store.Text(key), words(say), store.UUID(r.App), store.Text(r.Entity), store.UUID(r.Record), store.Time(now))
}

// ScheduleOf reads the schedule state of one rule.
func ScheduleOf(app, rule string) store.Stmt {
	return store.S(`SELECT next_at, watermark FROM tenon.schedule WHERE app_id = $1 AND rule_id = $2`, store.UUID(app), store.Text(rule))
}

// Outgoing mail and webhooks.

// NextMail takes the next mail that is due, for two minutes: nothing is sent
// inside a transaction, and a sender that dies leaves it to be taken again.
func NextMail(now time.Time) store.Stmt {
	return store.S(`UPDATE tenon.mail m SET next_at = $1::timestamptz + interval '2 minutes' FROM (SELECT id FROM tenon.mail WHERE state = 'ready' AND next_at <= $1 ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED) d
WHERE m.id = d.id RETURNING m.id, m.workspace_id, m.recipient, m.subject, m.body, m.tries`, store.Time(now))
}

// MailSent notes a sent mail.
func MailSent(id string, now time.Time) store.Stmt {
	return store.S(`UPDATE tenon.mail SET state = 'sent', sent_at = $2, error = '' WHERE id = $1`, store.UUID(id), store.Time(now)).Planned()
}

// MailOutbox keeps a mail in the visible outbox: no server is set.
func MailOutbox(id string) store.Stmt {
	return store.S(`UPDATE tenon.mail SET state = 'outbox' WHERE id = $1`, store.UUID(id))
}

// MailFailed notes a failed try.
func MailFailed(id, reason string, next time.Time, final bool) store.Stmt {
	return store.S(`UPDATE tenon.mail SET tries = tries + 1, error = $2, next_at = $3, state = CASE WHEN $4 THEN 'failed' ELSE 'ready' END WHERE id = $1`, store.UUID(id), store.Text(reason), store.Time(next), store.Bool(final))
}

// LiveWebhooks lists enabled webhooks with their workspace's schema.
func LiveWebhooks() store.Stmt {
	return store.S(`SELECT h.id, h.app_id, h.entity_id, h.events, w.schema_name FROM tenon.webhook h JOIN tenon.app a ON a.id = h.app_id AND a.deleted_at IS NULL JOIN tenon.workspace w ON w.id = h.workspace_id WHERE h.enabled ORDER BY h.id`)
}

// LockWebhook takes a webhook's cursor for this transaction, or nothing.
func LockWebhook(id string) store.Stmt {
	return store.S(`SELECT cursor_id FROM tenon.webhook WHERE id = $1 AND enabled FOR UPDATE SKIP LOCKED`, store.UUID(id))
}

// MoveWebhook moves a webhook's cursor.
func MoveWebhook(id string, cursor int64) store.Stmt {
	return store.S(`UPDATE tenon.webhook SET cursor_id = $2 WHERE id = $1`, store.UUID(id), store.Int(cursor))
}

// AddDelivery queues an event for a webhook.
func AddDelivery(id, webhook string, event []byte, now time.Time) store.Stmt {
	return store.S(`INSERT INTO tenon.delivery (id, webhook_id, event, next_at, created_at) VALUES ($1,$2,$3,$4,$4)`, store.UUID(id), store.UUID(webhook), store.JSON(event), store.Time(now))
}

// NextDelivery takes the next delivery that is due, for two minutes.
func NextDelivery(now time.Time) store.Stmt {
	return store.S(`UPDATE tenon.delivery x SET next_at = $1::timestamptz + interval '2 minutes' FROM (SELECT d.id, h.url, h.secret, h.workspace_id FROM tenon.delivery d JOIN tenon.webhook h ON h.id = d.webhook_id AND h.enabled WHERE d.state = 'ready' AND d.next_at <= $1 ORDER BY d.next_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED) p
WHERE x.id = p.id RETURNING x.id, x.event, x.tries, p.url, p.secret, p.workspace_id`, store.Time(now))
}

// DeliveryTried notes a try of a delivery.
func DeliveryTried(id, state string, status int, answer string, next, now time.Time) store.Stmt {
	return store.S(`UPDATE tenon.delivery SET state = $2, tries = tries + 1, status = $3, response = $4, next_at = $5, ended_at = CASE WHEN $2 <> 'ready' THEN $6::timestamptz END WHERE id = $1`,
		store.UUID(id), store.Text(state), store.Int(int64(status)), store.Text(answer), store.Time(next), store.Time(now))
}

package store

import (
	"strconv"
	"time"
)

// SampleRow says that something came as sample data: a record of an entity, or
// a person or department under the names below.
type SampleRow struct {
	AppID    string `gorm:"primaryKey"`
	EntityID string `gorm:"primaryKey"`
	RecordID string `gorm:"primaryKey"`
}

// TableName says where sample data are noted.
func (SampleRow) TableName() string { return "tenon.sample_row" }

// Names under which people are noted among the entities; definition ids look
// different.
const (
	SampleMember     = "member"
	SampleDepartment = "department"
)

// NoteSample notes records as sample data.
func NoteSample(app, entity string, ids []string) Stmt {
	return S("INSERT INTO tenon.sample_row (app_id, entity_id, record_id) SELECT $1, $2, unnest($3::uuid[]) ON CONFLICT DO NOTHING", UUID(app), Text(entity), UUIDs(ids))
}

// ForgetSample takes notes about sample data back.
func ForgetSample(app, entity string, ids []string) Stmt {
	return S("DELETE FROM tenon.sample_row WHERE app_id = $1 AND entity_id = $2 AND record_id = ANY($3)", UUID(app), Text(entity), UUIDs(ids))
}

// SampleRows lists what came as sample data: entity, id.
func SampleRows(app string) Stmt {
	return S("SELECT entity_id, record_id FROM tenon.sample_row WHERE app_id = $1 ORDER BY entity_id, record_id", UUID(app))
}

// Audit actions that the set-up list of an app asks for.
const (
	AuditMailTested    = "settings.mail_tested"
	AuditSampleRemoved = "app.sample_removed"
)

// Progress counts what has been set up for an app, without its samples:
// departments; people invited or joined beside the first; roles given to
// others; imports; mails sent; samples; removals of samples.
func Progress(app, workspace string) Stmt {
	return S(`SELECT
  (SELECT count(*) FROM tenon.department WHERE workspace_id = $2 AND NOT sample),
  (SELECT count(*) FROM tenon.invitation WHERE workspace_id = $2)
    + (SELECT greatest(count(*) - 1, 0) FROM tenon.member WHERE workspace_id = $2 AND NOT sample AND status = 'active'),
  (SELECT count(*) FROM tenon.member_role r JOIN tenon.member m ON m.id = r.member_id JOIN tenon.app a ON a.id = r.app_id
    WHERE r.app_id = $1 AND NOT m.sample AND m.id IS DISTINCT FROM a.created_by)
    + (SELECT count(*) FROM tenon.department_role r JOIN tenon.department d ON d.id = r.department_id WHERE r.app_id = $1 AND NOT d.sample),
  (SELECT count(*) FROM tenon.operation WHERE app_id = $1 AND kind IN ('import', 'form') AND undone_at IS NULL AND count > 0),
  (SELECT count(*) FROM tenon.audit WHERE workspace_id = $2 AND action = $3)
    + (SELECT count(*) FROM tenon.mail WHERE workspace_id = $2 AND state = 'sent'),
  (SELECT count(*) FROM tenon.sample_row WHERE app_id = $1),
  (SELECT count(*) FROM tenon.audit WHERE workspace_id = $2 AND action = $4 AND target = $5)`,
		UUID(app), UUID(workspace), Text(AuditMailTested), Text(AuditSampleRemoved), Text(app))
}

// SomeRows finds which ids are rows of a table.
func SomeRows(schema, table string, ids []string) Stmt {
	return S("SELECT id FROM "+Ident(schema, table)+" WHERE id = ANY($1)", UUIDs(ids))
}

// LockRows locks rows against new references to them, in id order: id, rev.
func LockRows(schema, table string, ids []string) Stmt {
	return S("SELECT id, rev FROM "+Ident(schema, table)+" WHERE id = ANY($1) ORDER BY id FOR UPDATE", UUIDs(ids))
}

// Pointers describes a column that points to records: of a table of records,
// of sub-form rows (Parent is what identifies the record) or of links.
type Pointers struct {
	Schema, Table  string
	Record, Column string // id, parent_id or src; the column that points
	Many           bool   // the column is an array
}

// PointersTo finds which records point to some of the ids: record, id.
func PointersTo(p Pointers, ids []string) Stmt {
	rec, col := Ident(p.Record), Ident(p.Column)
	if p.Many {
		return S("SELECT DISTINCT "+rec+", x FROM "+Ident(p.Schema, p.Table)+", unnest("+col+") x WHERE "+col+" && $1 AND x = ANY($1)", UUIDs(ids))
	}
	return S("SELECT DISTINCT "+rec+", "+col+" FROM "+Ident(p.Schema, p.Table)+" WHERE "+col+" = ANY($1)", UUIDs(ids))
}

// PointersFrom finds what some records point to: record, id.
func PointersFrom(p Pointers, records []string) Stmt {
	rec, col := Ident(p.Record), Ident(p.Column)
	return S("SELECT DISTINCT "+rec+", "+col+" FROM "+Ident(p.Schema, p.Table)+" WHERE "+rec+" = ANY($1) AND "+col+" IS NOT NULL", UUIDs(records))
}

// Rows are rows of one table, named by a column of theirs.
type Rows struct {
	Schema, Table, Column string
	IDs                   []string
}

// DeleteTogether removes rows of several tables for good, at once: they may
// refer to each other.
func DeleteTogether(all []Rows) Stmt {
	var sql string
	var args []Arg
	for i, r := range all {
		args = append(args, UUIDs(r.IDs))
		n := strconv.Itoa(i + 1)
		if i == 0 {
			sql = "WITH "
		} else {
			sql += ", "
		}
		sql += "d" + n + " AS (DELETE FROM " + Ident(r.Schema, r.Table) + " WHERE " + Ident(r.Column) + " = ANY($" + n + "))"
	}
	return S(sql+" SELECT 1", args...)
}

// DropCompanions removes what lies beside records that are gone for good:
// comments, uses of files, tasks, notifications, runs.
func DropCompanions(app, entity string, ids []string) []Stmt {
	args := []Arg{UUID(app), Text(entity), UUIDs(ids)}
	const where = " WHERE app_id = $1 AND entity_id = $2 AND record_id = ANY($3)"
	var out []Stmt
	for _, t := range []string{"comment", "file_use", "task", "notification", "run"} {
		out = append(out, S("DELETE FROM "+Ident("tenon", t)+where, args...))
	}
	return append(out, S("DELETE FROM tenon.occurrence WHERE app_id = $1 AND record_id = ANY($2)", UUID(app), UUIDs(ids)))
}

// MemberUses finds which members something of a workspace still needs, apart
// from records: a login, a key, a task, a comment, the head of a department
// that stays, an app they made.
func MemberUses(workspace string, members, departments []string) Stmt {
	return S("SELECT m.id FROM tenon.member m WHERE m.workspace_id = $1 AND m.id = ANY($2) AND (m.login_id IS NOT NULL OR NOT m.sample "+
		"OR EXISTS (SELECT 1 FROM tenon.task_assignee a JOIN tenon.task t ON t.id = a.task_id WHERE a.member_id = m.id AND NOT t.sample) "+
		"OR EXISTS (SELECT 1 FROM tenon.comment c WHERE c.author = m.id) "+
		"OR EXISTS (SELECT 1 FROM tenon.user_view v WHERE v.member_id = m.id) "+
		"OR EXISTS (SELECT 1 FROM tenon.invitation i WHERE i.member_id = m.id) "+
		"OR EXISTS (SELECT 1 FROM tenon.department d WHERE d.head_id = m.id AND NOT d.id = ANY($3)) "+
		"OR EXISTS (SELECT 1 FROM tenon.app a WHERE a.created_by = m.id) "+
		"OR EXISTS (SELECT 1 FROM tenon.app_version v WHERE v.published_by = m.id) "+
		"OR EXISTS (SELECT 1 FROM tenon.draft_document d WHERE d.updated_by = m.id) "+
		"OR EXISTS (SELECT 1 FROM tenon.api_key k WHERE k.created_by = m.id))", UUID(workspace), UUIDs(members), UUIDs(departments))
}

// DepartmentUses finds which departments people or others of a workspace still
// need: a member that stays, a department below that stays, a role elsewhere.
func DepartmentUses(app, workspace string, departments, gone []string) Stmt {
	return S("SELECT d.id FROM tenon.department d WHERE d.workspace_id = $2 AND d.id = ANY($3) AND (NOT d.sample "+
		"OR EXISTS (SELECT 1 FROM tenon.member_department x WHERE x.department_id = d.id AND NOT x.member_id = ANY($4)) "+
		"OR EXISTS (SELECT 1 FROM tenon.department c WHERE c.parent_id = d.id AND NOT c.id = ANY($3)) "+
		"OR EXISTS (SELECT 1 FROM tenon.department_role r WHERE r.department_id = d.id AND r.app_id <> $1) "+
		"OR EXISTS (SELECT 1 FROM tenon.invitation i WHERE d.id = ANY(i.departments)))", UUID(app), UUID(workspace), UUIDs(departments), UUIDs(gone))
}

// DropPeople removes members (as actors, what hangs on them follows) and
// departments.
func DropPeople(members, departments []string) []Stmt {
	return []Stmt{
		S("UPDATE tenon.department SET parent_id = NULL WHERE id = ANY($1)", UUIDs(departments)),
		S("DELETE FROM tenon.department WHERE id = ANY($1)", UUIDs(departments)),
		S("DELETE FROM tenon.actor WHERE id = ANY($1) AND kind = 'member'", UUIDs(members)),
	}
}

// DropSampleTasks removes the to-dos that came with an app's sample data and
// are still as they came.
func DropSampleTasks(app string) Stmt {
	return S("DELETE FROM tenon.task WHERE app_id = $1 AND sample", UUID(app))
}

// HideApp makes an app unreachable before its tables go, and says whether it
// was there.
func HideApp(app string, at time.Time) Stmt {
	return S("UPDATE tenon.app SET deleted_at = coalesce(deleted_at, $2) WHERE id = $1 RETURNING workspace_id", UUID(app), Time(at))
}

// AppSchema reads the schema of an app's tables, deleted or not.
func AppSchema(app string) Stmt {
	return S("SELECT w.schema_name, a.workspace_id FROM tenon.app a JOIN tenon.workspace w ON w.id = a.workspace_id WHERE a.id = $1", UUID(app))
}

// DropApp removes everything that is known of an app, its history included.
func DropApp(app, schema string) []Stmt {
	out := []Stmt{S("DELETE FROM "+Ident(schema, "history")+" WHERE app = $1", UUID(app))}
	// Actors of share links go with the app's links, which refer to them.
	out = append(out, S("DELETE FROM tenon.actor WHERE kind = 'share' AND id IN (SELECT id FROM tenon.share_link WHERE app_id = $1)", UUID(app)))
	for _, t := range []string{"sequence", "file_use", "notification", "occurrence", "assign_cursor", "run_wait", "timer", "upload", "job"} {
		out = append(out, S("DELETE FROM "+Ident("tenon", t)+" WHERE app_id = $1", UUID(app)))
	}
	return append(out, S("DELETE FROM tenon.app WHERE id = $1", UUID(app)))
}

// Sequences reads how far an app's serial numbers have come: field, period, next.
func Sequences(app string) Stmt {
	return S("SELECT field_id, period, next FROM tenon.sequence WHERE app_id = $1 ORDER BY field_id, period", UUID(app))
}

// SetSequence moves a serial number forward, never back.
func SetSequence(app, fieldID, period string, next int64) Stmt {
	return S("INSERT INTO tenon.sequence (app_id, field_id, period, next) VALUES ($1, $2, $3, $4) ON CONFLICT (app_id, field_id, period) DO UPDATE SET next = greatest(tenon.sequence.next, $4)",
		UUID(app), Text(fieldID), Text(period), Int(next))
}

// Directory rows of a workspace for moving and matching people.

// PeopleNamed reads the members of a workspace that are not disabled: id, name,
// e-mail address, aliases.
func PeopleNamed(workspace string) Stmt {
	return S("SELECT id, name, email, aliases FROM tenon.member WHERE workspace_id = $1 AND status <> 'disabled' ORDER BY status, created_at, id", UUID(workspace))
}

// DepartmentsNamed reads the departments of a workspace: id, name, parent.
func DepartmentsNamed(workspace string) Stmt {
	return S("SELECT id, name, parent_id FROM tenon.department WHERE workspace_id = $1 ORDER BY position, name, id", UUID(workspace))
}

// InsertPlaceholder adds a member without an account; the operation, if any,
// can take it back.
func InsertPlaceholder(id, workspace, name, email, operation string, at time.Time) []Stmt {
	return []Stmt{
		S("INSERT INTO tenon.actor (id, workspace_id, kind, name) VALUES ($1, $2, 'member', $3)", UUID(id), UUID(workspace), Text(name)),
		S("INSERT INTO tenon.member (id, workspace_id, name, email, status, created_at, operation_id) VALUES ($1, $2, $3, $4, 'placeholder', $5, $6)", UUID(id), UUID(workspace), Text(name), Text(email), Time(at), UUID(operation)),
	}
}

// MembersOf finds the members without an account that an operation made or took
// away: id, name, whether it took them, whether anything but records refers to
// them or they were changed since.
func MembersOf(workspace, operation string) Stmt {
	return S("SELECT m.id, m.name, m.undone, m.status <> 'placeholder' OR m.login_id IS NOT NULL "+
		"OR EXISTS (SELECT 1 FROM tenon.member_role r WHERE r.member_id = m.id) "+
		"OR EXISTS (SELECT 1 FROM tenon.member_department d WHERE d.member_id = m.id) "+
		"OR EXISTS (SELECT 1 FROM tenon.department d WHERE d.head_id = m.id) "+
		"OR EXISTS (SELECT 1 FROM tenon.invitation i WHERE i.member_id = m.id) "+
		"OR EXISTS (SELECT 1 FROM tenon.task_assignee a JOIN tenon.task t ON t.id = a.task_id WHERE a.member_id = m.id AND t.state = 'open') "+
		"FROM tenon.member m WHERE m.workspace_id = $1 AND m.operation_id = $2 AND (NOT m.undone OR m.status = 'disabled') ORDER BY m.name, m.id", UUID(workspace), UUID(operation))
}

// MembersAtWork finds the members who have an account, an invitation or an open to-do.
func MembersAtWork(ids []string) Stmt {
	return S("SELECT m.id FROM tenon.member m WHERE m.id = ANY($1) AND (m.login_id IS NOT NULL "+
		"OR EXISTS (SELECT 1 FROM tenon.invitation i WHERE i.member_id = m.id) "+
		"OR EXISTS (SELECT 1 FROM tenon.task_assignee a JOIN tenon.task t ON t.id = a.task_id WHERE a.member_id = m.id AND t.state = 'open'))", UUIDs(ids))
}

// RetireMembers takes members away for an undo, which can be undone in its turn.
func RetireMembers(ids []string, operation string) Stmt {
	return S("UPDATE tenon.member SET status = 'disabled', undone = true, operation_id = $2 WHERE id = ANY($1)", UUIDs(ids), UUID(operation))
}

// RecallMembers brings members back whom an undo took away.
func RecallMembers(ids []string, operation string) Stmt {
	return S("UPDATE tenon.member SET status = 'placeholder', undone = false, operation_id = $2 WHERE id = ANY($1)", UUIDs(ids), UUID(operation))
}

// LiveAmong finds which of some ids a column of live records holds, in the
// parent table or in a sub-form of it.
func LiveAmong(p Pointers, parent string, ids []string) Stmt {
	col := "t." + Ident(p.Column)
	among, id := col+" = ANY($1)", col
	from := Ident(p.Schema, p.Table) + " t"
	if p.Many {
		from += ", unnest(" + col + ") x"
		among, id = col+" && $1 AND x = ANY($1)", "x"
	}
	return S("SELECT DISTINCT "+id+" FROM "+from+" WHERE "+among+" AND EXISTS (SELECT 1 FROM "+Ident(p.Schema, parent)+" r WHERE r.id = t."+Ident(p.Record)+" AND r.deleted_at IS NULL)", UUIDs(ids))
}

// OrderedPage reads live rows' ids of a table after an id, to walk through it.
func OrderedPage(schema, table, after string, limit int64) Stmt {
	if after == "" {
		return S("SELECT id FROM "+Ident(schema, table)+" WHERE deleted_at IS NULL ORDER BY id LIMIT $1", Int(limit))
	}
	return S("SELECT id FROM "+Ident(schema, table)+" WHERE deleted_at IS NULL AND id > $1 ORDER BY id LIMIT $2", UUID(after), Int(limit))
}

// Analyse lets Postgres look at a table. Until it has, it takes nearly every
// record for a deleted one and plans accordingly.
func Analyse(schema, table string) Stmt { return S("ANALYZE " + Ident(schema, table)) }

// CountLive counts the live records of a table.
func CountLive(schema, table string) Stmt {
	return S("SELECT count(*) FROM " + Ident(schema, table) + " WHERE deleted_at IS NULL")
}

// Among is a column of a table and texts that its values are compared with.
type Among struct {
	Column, SQL string // SQL is the column's type
	Texts       []string
}

// FindAmong finds rows (called t in the condition) whose columns have one of
// the texts each: id, then the columns.
func FindAmong(schema, table, where string, args []Arg, cols []Among) Stmt {
	args = append([]Arg{}, args...)
	out := ""
	for _, c := range cols {
		args = append(args, Texts(c.Texts))
		p := "$" + strconv.Itoa(len(args))
		if c.SQL != "text" {
			p += "::text[]::" + c.SQL + "[]"
		}
		out += ", t." + Ident(c.Column)
		where += " AND t." + Ident(c.Column) + " = ANY(" + p + ")"
	}
	return S("SELECT t.id"+out+" FROM "+Ident(schema, table)+" t WHERE "+where+" ORDER BY t.id", args...)
}

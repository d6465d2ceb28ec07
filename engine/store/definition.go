package store

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// AppRow is an app with what its workspace says.
type AppRow struct {
	ID, Key, Workspace, WorkspaceKey, Schema, Zone, Locale, Icon, Hue string
	Name                                                              json.RawMessage
	Version                                                           int
	Light                                                             bool
}

// DocRow is one definition document of a draft or of a version.
type DocRow struct {
	ID, Kind string
	Body     []byte
	Hash     string // hex sha256 of the canonical body
	Rev      int64  // drafts
	Position int
	Deleted  bool // drafts
}

// Place is where a definition lives: a table, or a column of one.
type Place struct {
	DefID   string    `json:"def"`
	Schema  string    `json:"schema"`
	Table   string    `json:"table"`
	Column  string    `json:"column,omitempty"` // empty: the definition is a table
	Type    string    `json:"type,omitempty"`
	Retired time.Time `json:"retired,omitzero"`
}

// VersionRow is one entry of an app's version list.
type VersionRow struct {
	Version   int
	Note      string
	At        time.Time
	By        string
	Plan      json.RawMessage
	Manifest  json.RawMessage
	Published bool // the version that is live
}

// Publication is a publish on its way.
type Publication struct {
	AppID   string
	Version int
	Phase   string
	State   json.RawMessage
	Actor   string
}

const appColumns = "a.id, a.key, w.id, w.key, w.schema_name, w.time_zone, w.locale, a.icon, a.hue, a.name, a.version, a.light FROM tenon.app a JOIN tenon.workspace w ON w.id = a.workspace_id"

// ReadApp reads an app that is not deleted; nil if there is none.
func ReadApp(appID string) Stmt {
	return S("SELECT "+appColumns+" WHERE a.id = $1 AND a.deleted_at IS NULL AND w.deleted_at IS NULL", UUID(appID))
}

// LockApp is ReadApp that keeps other changes of the app's draft out until the
// transaction ends.
func LockApp(appID string) Stmt {
	s := ReadApp(appID)
	s.SQL += " FOR NO KEY UPDATE OF a"
	return s
}

// AppOf decodes the row of ReadApp.
func AppOf(r Result) *AppRow {
	v := r.One()
	if v == nil {
		return nil
	}
	s := func(i int) string { return string(v[i]) }
	return &AppRow{ID: s(0), Key: s(1), Workspace: s(2), WorkspaceKey: s(3), Schema: s(4), Zone: s(5), Locale: s(6), Icon: s(7), Hue: s(8),
		Name: v[9], Version: int(r.Int(10)), Light: s(11) == "t"}
}

// ReadVersion reads the documents of a version in their order.
func ReadVersion(appID string, version int) Stmt {
	return S("SELECT m.key, m.value->>'kind', d.body, m.value->>'hash', 0, coalesce((m.value->>'n')::int, 0), false FROM tenon.app_version v, jsonb_each(v.manifest) m, tenon.definition_document d "+
		"WHERE v.app_id = $1 AND v.version = $2 AND d.hash = decode(m.value->>'hash', 'hex') ORDER BY 6, 1", UUID(appID), Int(int64(version)))
}

// ReadLive reads the documents of the published version in their order.
func ReadLive(appID string) Stmt {
	s := ReadVersion(appID, 0)
	s.SQL = "SELECT m.key, m.value->>'kind', d.body, m.value->>'hash', 0, coalesce((m.value->>'n')::int, 0), false FROM tenon.app a JOIN tenon.app_version v ON v.app_id = a.id AND v.version = a.version, jsonb_each(v.manifest) m, tenon.definition_document d " +
		"WHERE a.id = $1 AND d.hash = decode(m.value->>'hash', 'hex') ORDER BY 6, 1"
	s.Args = s.Args[:1]
	return s
}

// ReadDraft reads the working copy of an app's documents in their order.
func ReadDraft(appID string) Stmt {
	return S("SELECT doc_id, kind, body, hash, rev, position, deleted FROM tenon.draft_document WHERE app_id = $1 ORDER BY position, doc_id", UUID(appID))
}

// DocsOf decodes the rows of ReadVersion, ReadLive and ReadDraft.
func DocsOf(r Result) []DocRow {
	out := make([]DocRow, len(r.Rows))
	for i, v := range r.Rows {
		rev, _ := strconv.ParseInt(string(v[4]), 10, 64)
		pos, _ := strconv.Atoi(string(v[5]))
		out[i] = DocRow{ID: string(v[0]), Kind: string(v[1]), Body: v[2], Hash: string(v[3]), Rev: rev, Position: pos, Deleted: string(v[6]) == "t"}
	}
	return out
}

// WriteDraft stores a document of a draft; its rev counts on.
func WriteDraft(appID, actor string, d DocRow, at time.Time) Stmt {
	return S("INSERT INTO tenon.draft_document AS d (app_id, doc_id, kind, body, deleted, position, updated_at, updated_by, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "+
		"ON CONFLICT (app_id, doc_id) DO UPDATE SET kind = $3, body = $4, deleted = $5, position = $6, updated_at = $7, updated_by = $8, hash = $9, rev = d.rev + 1 RETURNING rev",
		UUID(appID), Text(d.ID), Text(d.Kind), JSON(d.Body), Bool(d.Deleted), Int(int64(d.Position)), Time(at), UUID(actor), Text(d.Hash))
}

// PlaceDraft moves a document of a draft among those of its kind.
func PlaceDraft(appID, doc string, position int) Stmt {
	return S("UPDATE tenon.draft_document SET position = $3 WHERE app_id = $1 AND doc_id = $2", UUID(appID), Text(doc), Int(int64(position)))
}

// InsertApp makes an app without a version.
func InsertApp(a AppRow, actor string, at time.Time) Stmt {
	return S("INSERT INTO tenon.app (id, workspace_id, key, name, icon, hue, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		UUID(a.ID), UUID(a.Workspace), Text(a.Key), JSON(a.Name), Text(a.Icon), Text(a.Hue), Time(at), UUID(actor))
}

// ReadWorkspaceSchema reads the name of a workspace's schema.
func ReadWorkspaceSchema(workspace string) Stmt {
	return S("SELECT schema_name FROM tenon.workspace WHERE id = $1 AND deleted_at IS NULL", UUID(workspace))
}

// ReadParams reads the changed values of an app's parameters: key, value.
func ReadParams(appID string) Stmt {
	return S("SELECT key, value FROM tenon.app_param WHERE app_id = $1", UUID(appID))
}

// WriteParam stores the value of a parameter.
func WriteParam(appID, key string, v []byte) Stmt {
	return S("INSERT INTO tenon.app_param (app_id, key, value) VALUES ($1, $2, $3) ON CONFLICT (app_id, key) DO UPDATE SET value = $3", UUID(appID), Text(key), JSON(v))
}

// DeleteParam returns a parameter to the value of the definition.
func DeleteParam(appID, key string) Stmt {
	return S("DELETE FROM tenon.app_param WHERE app_id = $1 AND key = $2", UUID(appID), Text(key))
}

// WriteLight stores whether members start with the short menu.
func WriteLight(appID string, light bool) Stmt {
	return S("UPDATE tenon.app SET light = $2 WHERE id = $1", UUID(appID), Bool(light))
}

// ReadSwitches reads which rules were switched: rule id, enabled.
func ReadSwitches(appID string) Stmt {
	return S("SELECT rule_id, enabled FROM tenon.rule_switch WHERE app_id = $1", UUID(appID))
}

// WriteSwitch turns a rule on or off.
func WriteSwitch(appID, rule string, on bool) Stmt {
	return S("INSERT INTO tenon.rule_switch (app_id, rule_id, enabled) VALUES ($1, $2, $3) ON CONFLICT (app_id, rule_id) DO UPDATE SET enabled = $3", UUID(appID), Text(rule), Bool(on))
}

const placeColumns = "SELECT def_id, schema_name, table_name, column_name, sql_type, retired_at FROM tenon.physical "

// ReadPlaces reads where the definitions of an app live.
func ReadPlaces(appID string) Stmt { return S(placeColumns+"WHERE app_id = $1", UUID(appID)) }

// ReadSchemaPlaces reads every name taken in a schema, whatever the app.
func ReadSchemaPlaces(schema string) Stmt {
	return S(placeColumns+"WHERE schema_name = $1", Text(schema))
}

// PlacesOf decodes the rows of ReadPlaces.
func PlacesOf(r Result) []Place {
	out := make([]Place, len(r.Rows))
	for i, v := range r.Rows {
		out[i] = Place{DefID: string(v[0]), Schema: string(v[1]), Table: string(v[2]), Column: string(v[3]), Type: string(v[4])}
		if v[5] != nil {
			out[i].Retired = ParseTime(v[5])
		}
	}
	return out
}

// WritePlace registers where a definition lives.
func WritePlace(appID string, p Place) Stmt {
	return S("INSERT INTO tenon.physical (app_id, def_id, schema_name, table_name, column_name, sql_type, retired_at) VALUES ($1, $2, $3, $4, $5, $6, $7) "+
		"ON CONFLICT (app_id, def_id) DO UPDATE SET schema_name = $3, table_name = $4, column_name = $5, sql_type = $6, retired_at = $7",
		UUID(appID), Text(p.DefID), Text(p.Schema), Text(p.Table), Text(p.Column), Text(p.Type), Time(p.Retired))
}

// DeletePlace forgets where a definition lived.
func DeletePlace(appID, def string) Stmt {
	return S("DELETE FROM tenon.physical WHERE app_id = $1 AND def_id = $2", UUID(appID), Text(def))
}

// DeleteTablePlaces forgets a table with all its columns.
func DeleteTablePlaces(schema, table string) Stmt {
	return S("DELETE FROM tenon.physical WHERE schema_name = $1 AND table_name = $2", Text(schema), Text(table))
}

// ReadExpired lists the apps with something retired before a time.
func ReadExpired(before time.Time) Stmt {
	return S("SELECT DISTINCT p.app_id FROM tenon.physical p JOIN tenon.app a ON a.id = p.app_id WHERE p.retired_at <= $1 ORDER BY 1", Time(before))
}

// ReadLastDefinition reads the last version of an entity's document that has a
// definition: the entity itself, a field, or a column of a sub-form.
func ReadLastDefinition(appID, def string) Stmt {
	return S("SELECT v.version, d.body FROM tenon.app_version v, jsonb_each(v.manifest) m, tenon.definition_document d WHERE v.app_id = $1 AND m.value->>'kind' = 'entity' AND d.hash = decode(m.value->>'hash', 'hex') "+
		"AND (m.key = $2 OR d.body->'fields' @> jsonb_build_array(jsonb_build_object('id', $2)) OR d.body->'fields' @> jsonb_build_array(jsonb_build_object('fields', jsonb_build_array(jsonb_build_object('id', $2))))) ORDER BY v.version DESC LIMIT 1",
		UUID(appID), Text(def))
}

// ReadWorkspaceSchemas lists the schemas of all workspaces.
func ReadWorkspaceSchemas() Stmt {
	return S("SELECT schema_name FROM tenon.workspace WHERE deleted_at IS NULL ORDER BY 1")
}

// WriteDocument stores a document under the hash of its content.
func WriteDocument(hash string, body []byte) Stmt {
	return S("INSERT INTO tenon.definition_document (hash, body) VALUES (decode($1, 'hex'), $2) ON CONFLICT DO NOTHING", Text(hash), JSON(body))
}

// WriteVersion stores the manifest of a version.
func WriteVersion(appID string, version int, manifest, plan []byte, note, actor string, at time.Time) Stmt {
	return S("INSERT INTO tenon.app_version (app_id, version, manifest, plan, note, published_at, published_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		UUID(appID), Int(int64(version)), JSON(manifest), JSON(plan), Text(note), Time(at), UUID(actor))
}

// SwitchVersion makes a version the live one, unless another one was faster.
func SwitchVersion(appID string, from, to int, name []byte, icon, hue string) Stmt {
	return S("UPDATE tenon.app SET version = $3, name = $4, icon = $5, hue = $6 WHERE id = $1 AND version = $2",
		UUID(appID), Int(int64(from)), Int(int64(to)), JSON(name), Text(icon), Text(hue))
}

// ReadVersions lists the versions of an app, newest first.
func ReadVersions(appID string) Stmt {
	return S("SELECT v.version, v.note, v.published_at, v.published_by, v.plan, v.manifest, v.version = a.version FROM tenon.app_version v JOIN tenon.app a ON a.id = v.app_id WHERE v.app_id = $1 ORDER BY v.version DESC", UUID(appID))
}

// VersionsOf decodes the rows of ReadVersions.
func VersionsOf(r Result) []VersionRow {
	out := make([]VersionRow, len(r.Rows))
	for i, v := range r.Rows {
		n, _ := strconv.Atoi(string(v[0]))
		out[i] = VersionRow{Version: n, Note: string(v[1]), At: ParseTime(v[2]), By: string(v[3]), Plan: v[4], Manifest: v[5], Published: string(v[6]) == "t"}
	}
	return out
}

// ReadLastVersion reads the highest version number of an app.
func ReadLastVersion(appID string) Stmt {
	return S("SELECT coalesce(max(version), 0) FROM tenon.app_version WHERE app_id = $1", UUID(appID))
}

// ReadPublications lists the publishes on their way.
func ReadPublications() Stmt {
	return S("SELECT app_id, version, phase, state, actor FROM tenon.publication ORDER BY started_at")
}

// ReadPublication reads the publish of one app that is on its way.
func ReadPublication(appID string) Stmt {
	return S("SELECT app_id, version, phase, state, actor FROM tenon.publication WHERE app_id = $1", UUID(appID))
}

// ReadDocuments reads the documents of the version that a publish is making.
func ReadDocuments(appID string) Stmt {
	return S("SELECT m.key, m.value->>'kind', d.body, m.value->>'hash', 0, coalesce((m.value->>'n')::int, 0), false FROM tenon.publication p, jsonb_each(p.state->'manifest') m, tenon.definition_document d "+
		"WHERE p.app_id = $1 AND d.hash = decode(m.value->>'hash', 'hex') ORDER BY 6, 1", UUID(appID))
}

// PublicationsOf decodes the rows of ReadPublications.
func PublicationsOf(r Result) []Publication {
	out := make([]Publication, len(r.Rows))
	for i, v := range r.Rows {
		n, _ := strconv.Atoi(string(v[1]))
		out[i] = Publication{AppID: string(v[0]), Version: n, Phase: string(v[2]), State: v[3], Actor: string(v[4])}
	}
	return out
}

// StartPublication records that a publish is on its way.
func StartPublication(p Publication, at time.Time) Stmt {
	return S("INSERT INTO tenon.publication (app_id, version, phase, state, started_at, actor) VALUES ($1, $2, $3, $4, $5, $6)",
		UUID(p.AppID), Int(int64(p.Version)), Text(p.Phase), JSON(p.State), Time(at), UUID(p.Actor))
}

// MovePublication records how far a publish has come, unless its version is
// live already.
func MovePublication(p Publication) Stmt {
	return S("UPDATE tenon.publication SET phase = $2, state = $3 WHERE app_id = $1 AND phase <> 'clean'", UUID(p.AppID), Text(p.Phase), JSON(p.State))
}

// EndPublication forgets a publish that is through or rolled back.
func EndPublication(appID string) Stmt {
	return S("DELETE FROM tenon.publication WHERE app_id = $1", UUID(appID))
}

// ReadLiveVersion reads the number of an app's published version.
func ReadLiveVersion(appID string) Stmt {
	return S("SELECT version FROM tenon.app WHERE id = $1 AND deleted_at IS NULL", UUID(appID)).Planned()
}

// NotLive is the SQLSTATE with which FailUnlessLive fails: division by zero,
// which the statements of this program take care never to meet otherwise.
const NotLive = "22012"

// FailUnlessLive fails unless the app's live version is the one given.
func FailUnlessLive(appID string, version int) Stmt {
	return S("SELECT 1 / count(*) FROM tenon.app WHERE id = $1 AND version = $2 AND deleted_at IS NULL", UUID(appID), Int(int64(version))).Planned()
}

// LockShared takes a lock of this transaction that many may hold.
func LockShared(key int64) Stmt {
	return S("SELECT pg_advisory_xact_lock_shared($1)", Int(key)).Planned()
}

// LockAlone takes a lock of this transaction that one may hold.
func LockAlone(key int64) Stmt { return S("SELECT pg_advisory_xact_lock($1)", Int(key)).Planned() }

// NotifyOnCommit sends a notification when the transaction commits.
func NotifyOnCommit(channel, payload string) Stmt {
	return S("SELECT pg_notify($1, $2)", Text(channel), Text(payload)).Planned()
}

// Holding runs f while this process, alone among all, holds the key. It reports
// false without running f when another one holds it. The lock ends with the
// connection, so a process that dies frees it.
func (db *DB) Holding(ctx context.Context, key int64, f func() error) (held bool, err error) {
	err = db.Alone(ctx, func(exec func(sql string) error, conn *pgx.Conn) error {
		r, err := run(ctx, conn.PgConn(), []Stmt{S("SELECT pg_try_advisory_lock($1)", Int(key))})
		if err != nil || r[0].Str(0) != "t" {
			return err
		}
		held = true
		defer func() {
			c, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			if _, err := run(c, conn.PgConn(), []Stmt{S("SELECT pg_advisory_unlock($1)", Int(key))}); err != nil {
				_ = conn.Close(c) // the lock must not stay with a pooled connection
			}
		}()
		return f()
	})
	return held, err
}

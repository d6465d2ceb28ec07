-- The platform's own tables. Records live in one schema per workspace.
CREATE SCHEMA IF NOT EXISTS tenon;
SET search_path TO tenon;

CREATE TABLE login (            -- a person who can sign in
  id uuid PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  password text,                -- argon2id; null: cannot sign in by password
  locale text NOT NULL DEFAULT 'zh-CN',
  theme text NOT NULL DEFAULT 'auto',
  time_zone text NOT NULL DEFAULT '',
  disabled boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX login_email ON login (lower(email));

CREATE TABLE session (
  token_hash bytea PRIMARY KEY,
  login_id uuid NOT NULL REFERENCES login ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  address text NOT NULL DEFAULT '',
  agent text NOT NULL DEFAULT ''
);
CREATE INDEX session_login ON session (login_id);

CREATE TABLE workspace (
  id uuid PRIMARY KEY,
  key text NOT NULL UNIQUE,
  name text NOT NULL,
  schema_name text NOT NULL UNIQUE,
  time_zone text NOT NULL DEFAULT 'Asia/Shanghai',
  locale text NOT NULL DEFAULT 'zh-CN',
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  deleted_at timestamptz
);

CREATE TABLE actor (            -- whoever can be the cause of a change
  id uuid PRIMARY KEY,
  workspace_id uuid REFERENCES workspace ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('member','api_key','rule','share','system')),
  name text NOT NULL
);

CREATE TABLE member (           -- id is also the actor's id
  id uuid PRIMARY KEY REFERENCES actor ON DELETE CASCADE,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  login_id uuid REFERENCES login ON DELETE SET NULL,
  name text NOT NULL,
  email text NOT NULL DEFAULT '',
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active','placeholder','disabled')),
  admin boolean NOT NULL DEFAULT false,
  available boolean NOT NULL DEFAULT true,
  sample boolean NOT NULL DEFAULT false,
  aliases text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX member_login ON member (workspace_id, login_id) WHERE login_id IS NOT NULL;
CREATE INDEX member_workspace ON member (workspace_id);

CREATE TABLE department (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  parent_id uuid REFERENCES department,
  name text NOT NULL,
  head_id uuid REFERENCES member ON DELETE SET NULL,
  sample boolean NOT NULL DEFAULT false,
  position int NOT NULL DEFAULT 0
);
CREATE TABLE member_department (
  member_id uuid NOT NULL REFERENCES member ON DELETE CASCADE,
  department_id uuid NOT NULL REFERENCES department ON DELETE CASCADE,
  PRIMARY KEY (member_id, department_id)
);

CREATE TABLE app (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  key text NOT NULL,
  name jsonb NOT NULL,
  icon text NOT NULL DEFAULT 'app',
  hue text NOT NULL DEFAULT 'jade',
  version int NOT NULL DEFAULT 0,         -- published; 0: nothing yet
  template text NOT NULL DEFAULT '',
  light boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  created_by uuid REFERENCES actor,
  deleted_at timestamptz
);
CREATE UNIQUE INDEX app_key ON app (workspace_id, key) WHERE deleted_at IS NULL;

CREATE TABLE member_role (
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  member_id uuid NOT NULL REFERENCES member ON DELETE CASCADE,
  role_id text NOT NULL,
  PRIMARY KEY (app_id, member_id, role_id)
);
CREATE TABLE department_role (
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  department_id uuid NOT NULL REFERENCES department ON DELETE CASCADE,
  role_id text NOT NULL,
  PRIMARY KEY (app_id, department_id, role_id)
);

CREATE TABLE api_key (          -- id is also the actor's id
  id uuid PRIMARY KEY REFERENCES actor ON DELETE CASCADE,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  name text NOT NULL,
  prefix text NOT NULL,
  hash bytea NOT NULL UNIQUE,
  scopes jsonb NOT NULL DEFAULT '[]',     -- [{app, ops, roles}]; empty: everything in the workspace
  created_at timestamptz NOT NULL,
  created_by uuid REFERENCES actor,
  expires_at timestamptz,
  used_at timestamptz,
  revoked_at timestamptz
);

CREATE TABLE invitation (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  hash bytea NOT NULL UNIQUE,
  token text NOT NULL DEFAULT '',
  roles jsonb NOT NULL DEFAULT '[]',      -- [{app, role}]
  departments uuid[] NOT NULL DEFAULT '{}',
  member_id uuid REFERENCES member ON DELETE CASCADE,
  email text NOT NULL DEFAULT '',
  created_by uuid REFERENCES actor,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  uses int NOT NULL DEFAULT 0,
  max_uses int NOT NULL DEFAULT 1
);

CREATE TABLE setup_token (hash bytea PRIMARY KEY, created_at timestamptz NOT NULL);
CREATE TABLE platform_setting (key text PRIMARY KEY, value jsonb NOT NULL);

-- Definitions. Documents are content-addressed; a version is a manifest.
CREATE TABLE definition_document (
  hash bytea PRIMARY KEY,
  body jsonb NOT NULL
);
CREATE TABLE app_version (
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  version int NOT NULL,
  manifest jsonb NOT NULL,                -- {doc id: {kind, hash}}
  plan jsonb NOT NULL DEFAULT '[]',
  note text NOT NULL DEFAULT '',
  published_at timestamptz NOT NULL,
  published_by uuid REFERENCES actor,
  PRIMARY KEY (app_id, version)
);
CREATE TABLE draft_document (
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  doc_id text NOT NULL,
  kind text NOT NULL,
  body jsonb NOT NULL,
  rev bigint NOT NULL DEFAULT 1,
  deleted boolean NOT NULL DEFAULT false,
  updated_at timestamptz NOT NULL,
  updated_by uuid REFERENCES actor,
  PRIMARY KEY (app_id, doc_id)
);
CREATE TABLE publication (      -- a publish on its way, resumable
  app_id uuid PRIMARY KEY REFERENCES app ON DELETE CASCADE,
  version int NOT NULL,
  phase text NOT NULL,
  state jsonb NOT NULL,
  started_at timestamptz NOT NULL,
  actor uuid
);
CREATE TABLE physical (         -- names are allocated once and derived nowhere else
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  def_id text NOT NULL,                   -- entity or field id
  schema_name text NOT NULL,
  table_name text NOT NULL,
  column_name text NOT NULL DEFAULT '',   -- empty: the definition is a table
  sql_type text NOT NULL DEFAULT '',
  retired_at timestamptz,
  PRIMARY KEY (app_id, def_id)
);
CREATE UNIQUE INDEX physical_name ON physical (schema_name, table_name, column_name);
CREATE TABLE app_param (
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  key text NOT NULL,
  value jsonb NOT NULL,
  PRIMARY KEY (app_id, key)
);
CREATE TABLE rule_switch (
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  rule_id text NOT NULL,
  enabled boolean NOT NULL,
  PRIMARY KEY (app_id, rule_id)
);
CREATE TABLE user_view (
  id uuid PRIMARY KEY,
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  entity_id text NOT NULL,
  member_id uuid REFERENCES member ON DELETE CASCADE,  -- null: shared
  name text NOT NULL,
  type text NOT NULL,
  config jsonb NOT NULL,
  position int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL
);
CREATE INDEX user_view_app ON user_view (app_id, entity_id);

-- Records' companions.
CREATE TABLE sequence (
  app_id uuid NOT NULL,
  field_id text NOT NULL,
  period text NOT NULL DEFAULT '',
  next bigint NOT NULL,
  PRIMARY KEY (app_id, field_id, period)
);
CREATE TABLE idempotency (
  actor_id uuid NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  status int NOT NULL DEFAULT 0,          -- 0: in progress
  response bytea,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (actor_id, key)
);
CREATE TABLE operation (        -- a bulk change or import that can be undone
  id uuid PRIMARY KEY,
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  kind text NOT NULL,
  label jsonb NOT NULL DEFAULT '{}',
  actor uuid,
  at timestamptz NOT NULL,
  count int NOT NULL DEFAULT 0,
  undone_at timestamptz,
  undone_by uuid
);
CREATE INDEX operation_app ON operation (app_id, at DESC);
CREATE TABLE file (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  sha256 bytea NOT NULL,
  name text NOT NULL,
  size bigint NOT NULL,
  type text NOT NULL,
  uploader uuid NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE TABLE file_use (
  file_id uuid NOT NULL REFERENCES file ON DELETE CASCADE,
  app_id uuid NOT NULL,
  entity_id text NOT NULL,
  record_id uuid NOT NULL,
  field_id text NOT NULL,
  PRIMARY KEY (file_id, app_id, entity_id, record_id, field_id)
);
CREATE INDEX file_use_record ON file_use (app_id, entity_id, record_id);
CREATE TABLE comment (
  id uuid PRIMARY KEY,
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  entity_id text NOT NULL,
  record_id uuid NOT NULL,
  author uuid NOT NULL,
  text text NOT NULL,
  mentions uuid[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  edited_at timestamptz,
  deleted_at timestamptz
);
CREATE INDEX comment_record ON comment (app_id, entity_id, record_id, created_at);
CREATE TABLE notification (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  member_id uuid NOT NULL REFERENCES member ON DELETE CASCADE,
  kind text NOT NULL,                     -- rule, mention, task, system
  title text NOT NULL,
  text text NOT NULL DEFAULT '',
  app_id uuid,
  entity_id text NOT NULL DEFAULT '',
  record_id uuid,
  effect_key text UNIQUE,                 -- one notification per effect
  count int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  read_at timestamptz
);
CREATE INDEX notification_member ON notification (member_id, created_at DESC);
CREATE TABLE share_link (       -- id is also the actor's id
  id uuid PRIMARY KEY REFERENCES actor ON DELETE CASCADE,
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  hash bytea NOT NULL UNIQUE,
  token text NOT NULL,
  kind text NOT NULL,                     -- form, view, record
  target text NOT NULL,                   -- form id, view id, or entity id
  record_id uuid,
  fields text[] NOT NULL DEFAULT '{}',
  password text NOT NULL DEFAULT '',
  starts_at timestamptz,
  ends_at timestamptz,
  quota int,
  used int NOT NULL DEFAULT 0,
  once boolean NOT NULL DEFAULT false,
  settings jsonb NOT NULL DEFAULT '{}',
  enabled boolean NOT NULL DEFAULT true,
  created_by uuid,
  created_at timestamptz NOT NULL
);
CREATE TABLE job (              -- a long piece of work with progress
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  app_id uuid,
  kind text NOT NULL,
  actor uuid,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued','running','done','failed','cancelled')),
  input jsonb NOT NULL DEFAULT '{}',
  progress bigint NOT NULL DEFAULT 0,
  total bigint NOT NULL DEFAULT 0,
  result jsonb,
  cancel boolean NOT NULL DEFAULT false,
  lease_until timestamptz,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX job_open ON job (created_at) WHERE state IN ('queued','running');
CREATE TABLE upload (           -- a file waiting in the import wizard
  id uuid PRIMARY KEY,
  app_id uuid NOT NULL,
  entity_id text NOT NULL,
  actor uuid NOT NULL,
  name text NOT NULL,
  path text NOT NULL,
  facts jsonb NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE TABLE audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id uuid,
  actor uuid,
  at timestamptz NOT NULL,
  action text NOT NULL,
  target text NOT NULL DEFAULT '',
  detail jsonb NOT NULL DEFAULT '{}',
  address text NOT NULL DEFAULT ''
);
CREATE INDEX audit_workspace ON audit (workspace_id, id DESC);
CREATE TABLE sample_row (       -- rows that came as sample data
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  entity_id text NOT NULL,
  record_id uuid NOT NULL,
  PRIMARY KEY (app_id, entity_id, record_id)
);

-- What happens because of an event. Postgres is the queue of record.
CREATE TABLE run (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  rule_id text NOT NULL,
  version int NOT NULL,
  entity_id text NOT NULL DEFAULT '',
  record_id uuid,
  trigger jsonb NOT NULL DEFAULT '{}',    -- op, before, actor, inputs, outcome …
  state text NOT NULL DEFAULT 'ready' CHECK (state IN ('ready','queued','running','waiting','done','failed','skipped','cancelled','blocked')),
  attempt int NOT NULL DEFAULT 0,
  tries int NOT NULL DEFAULT 0,
  lane text NOT NULL DEFAULT '',
  depth int NOT NULL DEFAULT 0,
  chain uuid NOT NULL,
  cause text NOT NULL DEFAULT '',
  actor uuid,
  data jsonb NOT NULL DEFAULT '{}',       -- interpreter state: position, vars
  error jsonb,
  run_at timestamptz NOT NULL,
  lease_until timestamptz,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  dedupe text UNIQUE,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX run_ready ON run (run_at, seq) WHERE state = 'ready';
CREATE INDEX run_lane ON run (lane, seq) WHERE state IN ('ready','queued','running') AND lane <> '';
CREATE INDEX run_leased ON run (lease_until) WHERE state IN ('queued','running');
CREATE INDEX run_waiting ON run (app_id) WHERE state = 'waiting';
CREATE INDEX run_rule ON run (app_id, rule_id, seq DESC);
CREATE INDEX run_record ON run (app_id, entity_id, record_id, seq DESC);
CREATE TABLE run_step (
  run_id uuid NOT NULL REFERENCES run ON DELETE CASCADE,
  path text NOT NULL,                     -- step id, with loop item: s1[3].s2
  type text NOT NULL,
  state text NOT NULL,                    -- done, failed, skipped, waiting, intent
  attempt int NOT NULL DEFAULT 1,
  input jsonb,
  output jsonb,
  error jsonb,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (run_id, path)
);
CREATE TABLE run_item (         -- the items of a bulk run
  run_id uuid NOT NULL REFERENCES run ON DELETE CASCADE,
  record_id uuid NOT NULL,
  before jsonb,
  state text NOT NULL DEFAULT 'ready',
  PRIMARY KEY (run_id, record_id)
);
CREATE TABLE timer (
  id uuid PRIMARY KEY,
  run_id uuid REFERENCES run ON DELETE CASCADE,
  app_id uuid NOT NULL,
  kind text NOT NULL,                     -- wake, timeout
  fire_at timestamptz NOT NULL
);
CREATE INDEX timer_due ON timer (fire_at);
CREATE INDEX timer_run ON timer (run_id);
CREATE TABLE run_wait (         -- a run that waits for a record event or to be cancelled by one
  run_id uuid NOT NULL REFERENCES run ON DELETE CASCADE,
  app_id uuid NOT NULL,
  entity_id text NOT NULL,
  purpose text NOT NULL,                  -- event, cancel
  PRIMARY KEY (run_id, entity_id, purpose)
);
CREATE INDEX run_wait_entity ON run_wait (app_id, entity_id);
CREATE TABLE schedule (         -- next time of schedule rules and watermark of date rules
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  rule_id text NOT NULL,
  next_at timestamptz,
  watermark timestamptz,
  PRIMARY KEY (app_id, rule_id)
);
CREATE TABLE occurrence (       -- a date rule fires once per record and occurrence
  app_id uuid NOT NULL,
  rule_id text NOT NULL,
  record_id uuid NOT NULL,
  key text NOT NULL,
  PRIMARY KEY (app_id, rule_id, record_id, key)
);
CREATE TABLE assign_cursor (
  app_id uuid NOT NULL,
  step text NOT NULL,
  last uuid,
  PRIMARY KEY (app_id, step)
);
CREATE TABLE task (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  app_id uuid REFERENCES app ON DELETE CASCADE,
  entity_id text NOT NULL DEFAULT '',
  record_id uuid,
  run_id uuid,
  kind text NOT NULL DEFAULT '',
  title text NOT NULL,
  text text NOT NULL DEFAULT '',
  priority text NOT NULL DEFAULT 'normal',
  outcomes jsonb NOT NULL DEFAULT '[]',
  due_at timestamptz,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open','done','cancelled')),
  outcome text NOT NULL DEFAULT '',
  comment text NOT NULL DEFAULT '',
  created_by uuid,
  created_at timestamptz NOT NULL,
  completed_by uuid,
  completed_at timestamptz,
  effect_key text UNIQUE,
  sample boolean NOT NULL DEFAULT false
);
CREATE INDEX task_record ON task (app_id, entity_id, record_id);
CREATE TABLE task_assignee (
  task_id uuid NOT NULL REFERENCES task ON DELETE CASCADE,
  member_id uuid NOT NULL REFERENCES member ON DELETE CASCADE,
  PRIMARY KEY (task_id, member_id)
);
CREATE INDEX task_assignee_member ON task_assignee (member_id);
CREATE TABLE webhook (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  app_id uuid NOT NULL REFERENCES app ON DELETE CASCADE,
  entity_id text NOT NULL DEFAULT '',
  events text[] NOT NULL,
  url text NOT NULL,
  secret text NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  cursor_id bigint NOT NULL DEFAULT 0,
  created_by uuid,
  created_at timestamptz NOT NULL
);
CREATE TABLE delivery (
  id uuid PRIMARY KEY,
  webhook_id uuid NOT NULL REFERENCES webhook ON DELETE CASCADE,
  event jsonb NOT NULL,
  state text NOT NULL DEFAULT 'ready',    -- ready, done, failed
  tries int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  status int NOT NULL DEFAULT 0,
  response text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX delivery_due ON delivery (next_at) WHERE state = 'ready';
CREATE INDEX delivery_hook ON delivery (webhook_id, created_at DESC);
CREATE TABLE mail (             -- outgoing mail; visible when no SMTP server is set
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
  recipient text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  state text NOT NULL DEFAULT 'ready',    -- ready, sent, failed, outbox
  tries int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  error text NOT NULL DEFAULT '',
  effect_key text UNIQUE,
  created_at timestamptz NOT NULL,
  sent_at timestamptz
);
CREATE INDEX mail_due ON mail (next_at) WHERE state = 'ready';

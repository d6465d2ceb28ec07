-- Failed sign-ins by account, so that a lock survives a restart.
SET search_path TO tenon;

CREATE TABLE login_failure (
  key bytea PRIMARY KEY,                  -- SHA-256 of the lower-case address
  failures int NOT NULL,
  first_at timestamptz NOT NULL,
  locked_until timestamptz,
  locks int NOT NULL DEFAULT 0            -- how often it was locked; each lock is longer
);
ALTER TABLE audit ADD COLUMN actor_name text NOT NULL DEFAULT '';
ALTER TABLE app ADD COLUMN deleted_by uuid;

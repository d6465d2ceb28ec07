-- The import that made a member without an account, or the undo that took it
-- away again: undone members are not listed, yet names behind records that went
-- with them.
ALTER TABLE tenon.member ADD COLUMN operation_id uuid, ADD COLUMN undone boolean NOT NULL DEFAULT false;
CREATE INDEX member_operation ON tenon.member (operation_id) WHERE operation_id IS NOT NULL;

-- The audit log of one person, and of some days.
CREATE INDEX audit_actor ON tenon.audit (workspace_id, actor, id DESC);
CREATE INDEX audit_at ON tenon.audit (workspace_id, at);

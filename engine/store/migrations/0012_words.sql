-- What a to-do or a message says in each language, for those who read it in
-- another than the workspace's; empty where it says the same in all.
ALTER TABLE tenon.notification ADD COLUMN words jsonb NOT NULL DEFAULT '{}';
ALTER TABLE tenon.task ADD COLUMN words jsonb NOT NULL DEFAULT '{}';

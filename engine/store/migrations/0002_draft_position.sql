-- The order of documents of one kind (entities in a menu, views as tabs).
ALTER TABLE tenon.draft_document ADD COLUMN position int NOT NULL DEFAULT 0;

-- What a document of a draft hashes to, so that a change is seen without
-- reading it. Empty: not known, the document is read once.
ALTER TABLE tenon.draft_document ADD COLUMN hash text NOT NULL DEFAULT '';

-- Targets may be for a product, a segment or a branch too.
ALTER TABLE target_drafts ADD COLUMN product TEXT;
ALTER TABLE target_drafts ADD COLUMN segment TEXT;
ALTER TABLE target_drafts ADD COLUMN branch TEXT;

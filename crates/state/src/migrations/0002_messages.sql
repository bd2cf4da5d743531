-- Why an import failed is kept in both languages; what was kept before is English.
ALTER TABLE imports RENAME COLUMN message TO message_en;
ALTER TABLE imports ADD COLUMN message_id TEXT;

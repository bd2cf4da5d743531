-- A decision says whom it is about (a JSON list of account managers; an empty one: everybody) and which data it was made on.
-- What is no decision has neither.
ALTER TABLE audit ADD COLUMN about TEXT;
ALTER TABLE audit ADD COLUMN data TEXT;
CREATE INDEX decisions_made ON audit (id) WHERE data IS NOT NULL;

-- What a sync that runs is at, for all who ask; it is none where none runs.
ALTER TABLE sources ADD COLUMN running TEXT;

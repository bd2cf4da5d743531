-- Lines that an import took out because its source has them no more.
ALTER TABLE imports ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;

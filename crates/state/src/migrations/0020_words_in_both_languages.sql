-- What is told of a decision, and of what happened to an action, in Indonesian; NULL where it is what a person wrote, which has one language.
ALTER TABLE audit ADD COLUMN detail_id TEXT;
ALTER TABLE action_history ADD COLUMN text_id TEXT;

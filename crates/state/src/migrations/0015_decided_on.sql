-- The last import that counted when a decision was made. Times of a second cannot tell which came first.
ALTER TABLE audit ADD COLUMN import INTEGER;
UPDATE audit SET import = (
  SELECT max(id) FROM imports WHERE state IN ('done', 'undone') AND started <= audit.at
) WHERE data IS NOT NULL;

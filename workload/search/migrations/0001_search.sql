-- Up Migration
-- The stack's bootstrap creates the extension, which an application's role may not.
DO $$
BEGIN
  IF to_regtype('vector') IS NULL THEN
    RAISE EXCEPTION 'search: given a database without the extension vector; allowed: pgvector 0.5 or newer; fix: run the stack''s bootstrap, or CREATE EXTENSION vector as a superuser, or set SEARCH=off';
  END IF;
END $$;

CREATE TABLE item_embeddings (
  item_id bigint PRIMARY KEY REFERENCES items ON DELETE CASCADE,
  embedding vector(256) NOT NULL
);
CREATE INDEX item_embeddings_hnsw ON item_embeddings USING hnsw (embedding vector_cosine_ops);

-- Down Migration
DROP TABLE item_embeddings;

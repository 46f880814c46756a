-- Up Migration
-- Partitions of `events` that are in the archive: what is in their objects.
CREATE TABLE event_archives (
  partition text PRIMARY KEY,
  object text NOT NULL,
  rows bigint NOT NULL,
  sha256 text NOT NULL,
  archived_at timestamptz NOT NULL DEFAULT now()
);

-- Down Migration
DROP TABLE event_archives;

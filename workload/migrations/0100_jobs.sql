-- Up Migration
CREATE TABLE jobs (
  id uuid PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  idempotency_key text NOT NULL,
  queue text NOT NULL,
  kind text NOT NULL,
  priority text NOT NULL CHECK (priority IN ('high', 'normal', 'low')),
  input jsonb NOT NULL,
  -- Credits, paid when the job is submitted, and given back if it fails for good.
  cost integer NOT NULL CHECK (cost >= 0),
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done', 'failed')),
  result jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  checked_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  UNIQUE (user_id, idempotency_key)
);
CREATE INDEX jobs_queued ON jobs (checked_at) WHERE state = 'queued';

CREATE TABLE images (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id uuid NOT NULL REFERENCES jobs ON DELETE CASCADE,
  url text NOT NULL
);
CREATE INDEX images_job_id ON images (job_id);

-- What happened exactly once, by its key. A key stays for longer than anything asks for its effect again.
CREATE TABLE effects (
  key text PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX effects_created_at ON effects (created_at);

-- Down Migration
DROP TABLE effects, images, jobs;

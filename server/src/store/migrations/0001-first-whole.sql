-- The nouns, what is moving, and what was done.

create table component (
  name text primary key,
  system text not null,
  kind text not null check (kind in ('Service', 'Job')),
  team text,
  criticality text not null,
  created_at timestamptz not null
);

-- Immutable: rows are inserted and never updated.
create table release (
  digest text primary key,
  component text not null references component (name),
  version text not null,
  image text not null,
  layers jsonb not null,
  commit jsonb,
  spec jsonb not null,
  created_at timestamptz not null,
  created_by text not null,
  unique (component, version)
);

-- Where a component is reached; given once, for its whole life.
create table address (
  component text not null references component (name),
  environment text not null,
  port integer not null unique,
  primary key (component, environment)
);

create table deployment (
  id text primary key,
  component text not null references component (name),
  environment text not null,
  release_digest text not null references release (digest),
  version text not null,
  purpose text not null check (purpose in ('deploy', 'rollback')),
  former_digest text references release (digest),
  state text not null check (state in ('waiting', 'running', 'succeeded', 'rolled-back', 'failed', 'refused', 'cancelled')),
  reason text,
  verdicts jsonb not null,
  ledger jsonb,
  log jsonb not null,
  cancel_requested_by text,
  requested_by text not null,
  requested_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz
);
create unique index deployment_one_waiting on deployment (component, environment) where state = 'waiting';
create unique index deployment_one_running on deployment (component, environment) where state = 'running';
create index deployment_by_place on deployment (component, environment, requested_at desc);

-- What is recorded to run; what does run is compared with it.
create table current_release (
  component text not null references component (name),
  environment text not null,
  release_digest text not null references release (digest),
  deployment_id text not null references deployment (id),
  installed_at timestamptz not null,
  primary key (component, environment)
);

create table verification (
  release_digest text not null references release (digest),
  environment text not null,
  deployment_id text not null references deployment (id),
  verified_at timestamptz not null,
  revoked_at timestamptz,
  revoked_reason text,
  primary key (release_digest, environment, deployment_id)
);

-- Work in flight. The epoch is the fencing token: a worker whose epoch is not the row's may no longer write.
create table run (
  id text primary key,
  component text not null references component (name),
  environment text not null,
  purpose text not null check (purpose in ('deployment', 'heal')),
  deployment_id text references deployment (id),
  state text not null check (state in ('waiting', 'running', 'done')),
  direction text not null check (direction in ('forward', 'undo')),
  epoch integer not null,
  lease_owner text,
  lease_until timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz
);
create unique index run_one_running on run (component, environment) where state = 'running';
create unique index run_one_heal_waiting on run (component, environment) where state = 'waiting' and purpose = 'heal';
create index run_open on run (created_at) where state <> 'done';

create table step (
  run_id text not null references run (id),
  ordinal integer not null,
  kind text not null,
  purpose text not null check (purpose in ('forward', 'undo')),
  body jsonb not null,
  sentence text not null,
  state text not null check (state in ('planned', 'running', 'done', 'failed', 'skipped')),
  started_at timestamptz,
  ended_at timestamptz,
  primary key (run_id, ordinal)
);

create table job_run (
  id text primary key,
  component text not null references component (name),
  environment text not null,
  release_digest text not null references release (digest),
  version text not null,
  due_at timestamptz not null,
  cause text not null check (cause in ('schedule', 'person')),
  state text not null check (state in ('waiting', 'running', 'succeeded', 'failed')),
  exit_code integer,
  log jsonb not null,
  epoch integer not null,
  lease_owner text,
  lease_until timestamptz,
  started_at timestamptz,
  ended_at timestamptz
);
create unique index job_run_once_due on job_run (component, environment, due_at) where cause = 'schedule';
create index job_run_open on job_run (due_at) where state in ('waiting', 'running');

create table socle (
  name text primary key,
  image text not null,
  vendor text not null,
  layers jsonb not null,
  recorded_at timestamptz not null
);

create table token (
  hash text primary key,
  name text not null,
  created_at timestamptz not null
);

-- Hash-chained: each hash covers the one before and the entry.
create table audit (
  number bigint primary key,
  at timestamptz not null,
  who text not null,
  what text not null,
  subject text not null,
  detail jsonb not null,
  hash text not null
);

create table event (
  number bigint primary key,
  type text not null,
  subject text not null,
  time timestamptz not null,
  data jsonb not null
);

-- What is remembered of a place while it runs: crashes and back-off, how many instances were decided, what was found changed.

create table place_health (
  component text not null references component (name),
  environment text not null,
  health jsonb not null,
  -- To be looked at soon again, without an event.
  unwell boolean not null,
  looked_at timestamptz not null,
  primary key (component, environment)
);

create table scale (
  component text not null references component (name),
  environment text not null,
  wanted integer not null,
  -- A number that a person set; scaling decides nothing while it stands.
  pinned integer,
  reason text not null,
  memory jsonb not null,
  decided_at timestamptz not null,
  primary key (component, environment)
);

-- Tasks before a rollout: once a release and environment.
create table before_task (
  release_digest text not null references release (digest),
  environment text not null,
  name text not null,
  state text not null check (state in ('running', 'succeeded', 'failed')),
  attempt integer not null,
  exit_code integer,
  log jsonb not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (release_digest, environment, name)
);

create table drift (
  id text primary key,
  component text not null,
  environment text not null,
  instance text not null,
  kind text not null,
  sentence text not null,
  repair text not null check (repair in ('always', 'report')),
  found_at timestamptz not null,
  repaired_at timestamptz
);
create unique index drift_open on drift (component, environment, instance, kind) where repaired_at is null;
create index drift_by_time on drift (found_at desc);

alter table job_run
  add column attempt integer not null default 1,
  add column not_before timestamptz,
  add column reason text,
  add column concurrency text not null default 'forbid' check (concurrency in ('allow', 'forbid', 'replace')),
  add column start_by timestamptz;
alter table job_run drop constraint job_run_state_check;
alter table job_run
  add constraint job_run_state_check check (state in ('waiting', 'running', 'succeeded', 'failed', 'skipped', 'replaced'));

-- Release trains: dated sets of releases, and their moves as one unit.

create table train (
  name text primary key,
  state text not null check (state in ('open', 'locked', 'rehearsing', 'rehearsed', 'departing', 'arrived', 'rolling-back', 'rolled-back',
    'stranded', 'cancelled')),
  reason text,
  opens_at timestamptz not null,
  locks_at timestamptz not null,
  rehearsal_at timestamptz not null,
  departs_at timestamptz not null,
  created_by text not null,
  created_at timestamptz not null
);

create table train_member (
  train text not null references train (name),
  component text not null references component (name),
  version text not null,
  release_digest text not null references release (digest),
  added_by text not null,
  added_at timestamptz not null,
  primary key (train, component)
);

-- Held by a lease and fenced by an epoch, like a run.
create table train_trip (
  id text primary key,
  train text not null references train (name),
  kind text not null check (kind in ('rehearsal', 'departure', 'rollback')),
  environment text not null,
  state text not null check (state in ('waiting', 'running', 'succeeded', 'rolled-back', 'failed')),
  direction text not null check (direction in ('forward', 'undo')),
  reason text,
  -- What served in the environment when it began: the digest of each component.
  before jsonb not null,
  requested_by text not null,
  requested_at timestamptz not null,
  epoch integer not null,
  lease_owner text,
  lease_until timestamptz,
  ended_at timestamptz
);
create unique index train_trip_one_moving on train_trip (environment) where state in ('waiting', 'running');
create index train_trip_by_train on train_trip (train, requested_at desc);

create table train_trip_member (
  trip_id text not null references train_trip (id),
  component text not null references component (name),
  wave integer not null,
  target text not null references release (digest),
  former text references release (digest),
  state text not null check (state in ('waiting', 'moving', 'moved', 'stopped', 'returning', 'returned', 'stuck')),
  deployment_id text,
  tries integer not null,
  reason text,
  primary key (trip_id, component)
);

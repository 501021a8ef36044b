-- What the gates look at: approvals, overrides, the calendar, the stop button, readiness files, traffic; and the people who decide.

alter table deployment add column incident text;
alter table deployment add column override_id text;

alter table verification add column revoked_by text;

alter table token add column id text;
update token set id = 'tok-' || substr(hash, 1, 16);
alter table token alter column id set not null;
alter table token add constraint token_id unique (id);
alter table token add column created_by text;
alter table token add column revoked_at timestamptz;
alter table token add column revoked_by text;

create table approval (
  id text primary key,
  release_digest text not null references release (digest),
  environment text not null,
  plan_hash text not null,
  requested_by text not null,
  requested_at timestamptz not null,
  expires_at timestamptz not null
);
create index approval_by_release on approval (release_digest, environment);

-- One word of each person on each request.
create table approval_decision (
  approval_id text not null references approval (id),
  who text not null,
  decision text not null check (decision in ('approved', 'rejected')),
  reason text,
  at timestamptz not null,
  primary key (approval_id, who)
);

create table gate_override (
  id text primary key,
  release_digest text not null references release (digest),
  environment text not null,
  reason text not null,
  requested_by text not null,
  requested_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  expires_at timestamptz not null,
  -- The deployment; it names the override as well, and the one reference is enough.
  consumed_by text,
  consumed_at timestamptz,
  check (approved_by is null or approved_by <> requested_by),
  check (consumed_by is null or approved_by is not null)
);
create index gate_override_by_release on gate_override (release_digest, environment);

alter table deployment add constraint deployment_override foreign key (override_id) references gate_override (id);

create table calendar_entry (
  id text primary key,
  kind text not null check (kind in ('window', 'freeze')),
  body jsonb not null,
  created_by text not null,
  created_at timestamptz not null,
  removed_by text,
  removed_at timestamptz
);

-- The stop button: pressed while a row is not resumed.
create table line_stop (
  id text primary key,
  reason text not null,
  stopped_by text not null,
  stopped_at timestamptz not null,
  resumed_by text,
  resumed_at timestamptz
);
create unique index line_stop_one on line_stop ((true)) where resumed_at is null;

create table readiness_line (
  system text not null,
  line text not null,
  signed_by text not null,
  signed_at timestamptz not null,
  expires_at timestamptz,
  note text,
  primary key (system, line)
);

-- Requests that a release answered in an environment, added up.
create table traffic (
  release_digest text not null references release (digest),
  environment text not null,
  requests bigint not null,
  counted_at timestamptz not null,
  primary key (release_digest, environment)
);

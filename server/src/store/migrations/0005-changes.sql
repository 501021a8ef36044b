-- The change of every production deployment, and what a release brought in.

alter table release add column commits jsonb not null default '[]';

create table change (
  id text primary key,
  deployment_id text not null unique,
  component text not null references component (name),
  environment text not null,
  system text not null,
  version text not null,
  kind text not null check (kind in ('standard', 'normal', 'emergency')),
  state text not null check (state in ('new', 'assessed', 'authorised', 'scheduled', 'implementing', 'reviewing', 'closed', 'cancelled')),
  closure text check (closure in ('successful', 'unsuccessful', 'backed-out')),
  note text,
  facts jsonb not null,
  times jsonb not null,
  review jsonb,
  opened_by text not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  -- Where the deployment must be: ahead of it, in it, after it.
  phase text not null generated always as (
    case when state in ('closed', 'cancelled') then 'ended' when state in ('implementing', 'reviewing') then 'open' else 'ahead' end
  ) stored,
  check ((state = 'closed') = (closure is not null)),
  check ((state in ('closed', 'cancelled')) = (closed_at is not null)),
  unique (deployment_id, phase)
);
create index change_by_place on change (component, environment, opened_at desc);
create index change_by_time on change (opened_at desc);
create index change_open on change (environment) where state not in ('closed', 'cancelled');

-- No production deployment without its change, and at every commit both are in the same phase: nothing moves without an open change,
-- and none stays open when it has ended.
alter table deployment add column production boolean not null default false;
alter table deployment add column change_phase text generated always as (
  case when not production then null when state = 'waiting' then 'ahead' when state = 'running' then 'open' else 'ended' end
) stored;
alter table deployment add constraint deployment_has_its_change
  foreign key (id, change_phase) references change (deployment_id, phase) deferrable initially deferred;

-- What other systems are told, once each: derived from the log of events, kept until they have it.

create table delivery (
  id text primary key,
  target text not null,
  key text not null,
  body jsonb not null,
  revision integer not null,
  state text not null check (state in ('waiting', 'sent', 'dead')),
  attempts integer not null,
  next_at timestamptz not null,
  lease_until timestamptz,
  reference text,
  problem text,
  created_at timestamptz not null,
  since timestamptz not null,
  sent_at timestamptz,
  unique (target, key)
);
create index delivery_due on delivery (next_at) where state = 'waiting';
create index delivery_by_state on delivery (state, created_at desc);

-- Up to which event deliveries were derived.
create table delivery_position (
  only_one boolean primary key check (only_one),
  number bigint not null
);

-- Who looks through a browser, what was seen of every place, and what the console's lists are read through.

-- A session is known by two secrets, of which only hashes are kept: one in a cookie, one in the page (docs/decisions).
create table session (
  cookie_hash text primary key,
  proof_hash text not null,
  name text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

-- A link that signs a person in, once.
create table sign_in_link (
  code_hash text primary key,
  name text not null,
  expires_at timestamptz not null
);

-- What ran of a place when it was last looked at.
create table sighting (
  component text not null references component (name),
  environment text not null,
  wanted integer not null,
  ready integer not null,
  seen_at timestamptz not null,
  primary key (component, environment)
);

create index release_by_component on release (component, created_at);
create index deployment_ended on deployment (component, environment, ended_at desc) include (state, release_digest) where ended_at is not null;
create index deployment_open on deployment (requested_at) where state in ('waiting', 'running');

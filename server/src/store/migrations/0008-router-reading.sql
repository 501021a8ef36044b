-- What the router had counted at an address when it was read last, and the release it counts for; null while a deployment moves.
create table router_reading (
  component text not null references component (name),
  environment text not null,
  release_digest text,
  requests bigint not null,
  primary key (component, environment)
);

-- With which values of its secrets a deployment was made, as keyed fingerprints: `<which key>:<HMAC>` by the name of the secret.
create table secret_prints (
  deployment_id text primary key references deployment (id),
  prints jsonb not null
);

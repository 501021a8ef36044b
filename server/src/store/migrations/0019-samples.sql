-- What components did and used, every 15 s: to be drawn, not to be proven. Thinned out after hours, gone after a week.
create table sample (
  component text not null,
  environment text not null,
  at timestamptz not null,
  requests_per_second double precision,
  failed_per_second double precision,
  latency_ms double precision,
  cpu_millis double precision,
  memory_bytes double precision,
  serving integer not null,
  primary key (component, environment, at)
);
create index sample_by_time on sample using brin (at);

-- A socle has numbered versions; its name means the newest. Versions are inserted and never changed.

create table socle_version (
  name text not null,
  number integer not null,
  image text not null,
  vendor text not null,
  layers jsonb not null,
  runtime jsonb not null,
  recorded_at timestamptz not null,
  primary key (name, number)
);
insert into socle_version (name, number, image, vendor, layers, runtime, recorded_at)
  select name, 1, image, vendor, layers, '{}', recorded_at from socle;

-- Null: it may be built on.
alter table socle add column deprecated jsonb;
alter table socle drop column image, drop column vendor, drop column layers, drop column recorded_at;

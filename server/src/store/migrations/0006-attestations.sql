-- What was found in the image of a release when it was registered, and that its signatures were verified.

-- The packages of an image, under the hash of the list: releases that hold the same packages share one.
create table package_list (digest text primary key);
create table package (
  list text not null references package_list (digest),
  purl text not null,
  -- The package URL without version and qualifiers.
  base text not null,
  version text not null,
  storey text not null,
  layer text not null,
  primary key (list, purl, layer)
);
create index package_by_base on package (base, version);

create table image_facts (
  release_digest text primary key references release (digest),
  facts jsonb not null,
  -- The socle whose layers the image begins with, as it was called then.
  socle jsonb,
  packages text not null references package_list (digest)
);
create index image_facts_by_packages on image_facts (packages);

-- Public keys that signed something here: what they signed can be verified after the key was changed.
create table signing_key (
  hint text primary key,
  public_key text not null,
  known_since timestamptz not null
);

-- The last time that everything signed about a release was verified; it is believed while the registry is away.
create table signature_check (
  release_digest text primary key references release (digest),
  checked_at timestamptz not null
);

-- Facts about releases, and what they found: inserted and never updated.

create table evidence (
  id text primary key,
  release_digest text not null references release (digest),
  kind text not null check (kind in ('tests', 'quality', 'performance', 'scan', 'sbom', 'provenance', 'signature')),
  outcome text not null check (outcome in ('passed', 'failed')),
  summary text not null,
  digest text,
  recorded_by text not null,
  recorded_at timestamptz not null,
  expires_at timestamptz
);
create index evidence_by_release on evidence (release_digest, recorded_at desc);

create table finding (
  evidence_id text not null references evidence (id),
  ordinal integer not null,
  finding text not null,
  severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
  package text not null,
  storey text,
  primary key (evidence_id, ordinal)
);
create index finding_by_name on finding (finding);

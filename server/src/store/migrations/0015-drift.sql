-- Drift is read and told: by which event it was found, and what was seen to serve before.

-- What the engine called it; null when comparing found it.
alter table drift add column event text;
-- The instances that served when nothing moved: one of them that is gone was taken away.
alter table sighting add column served jsonb not null default '[]';

-- Whether something moved while a place was looked at.
create index run_by_place on run (component, environment, created_at desc);

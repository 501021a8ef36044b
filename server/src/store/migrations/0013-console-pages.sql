-- When a deployment began, for the calendar; when a token was last used, to the minute.
create index deployment_started on deployment (environment, started_at) where started_at is not null;
alter table token add column used_at timestamptz;

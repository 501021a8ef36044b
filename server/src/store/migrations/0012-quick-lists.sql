-- What the console's lists are read through when the estate is large and its history long.

-- The releases of a component in the order in which they came; what the estate shows of one is in the index.
drop index release_by_component;
create index release_by_component on release (component, created_at desc) include (digest, version);

-- Requests that failed while it was installed; null where nothing was measured.
alter table deployment add column failed_requests integer generated always as ((ledger ->> 'failed')::integer) stored;
create index deployment_installed on deployment (environment, ended_at) include (failed_requests) where state = 'succeeded';
create index deployment_by_time on deployment (requested_at desc, id desc);
create index deployment_by_state on deployment (state, requested_at desc, id desc);
create index deployment_setback on deployment (ended_at desc) where state in ('failed', 'rolled-back');

create index run_by_deployment on run (deployment_id) where deployment_id is not null;
create index run_moving on run (component, environment) where state = 'running' and purpose = 'deployment';
create index job_run_by_place on job_run (component, environment, due_at desc);
create index release_by_time on release (created_at desc);

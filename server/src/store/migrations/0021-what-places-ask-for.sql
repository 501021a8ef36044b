-- Beside every place, what its current release asks the loops for that look every second: they read no other release.
create function asks_of(spec jsonb) returns text[] language sql immutable as $$
  select array_remove(array[
    case when spec ->> 'kind' = 'Job' then 'job' end,
    case when jsonb_typeof(spec #> '{run,live}') = 'object' then 'live' end,
    case when jsonb_typeof(spec #> '{run,scaling}') = 'object' then 'scaling' end,
    case when jsonb_typeof(spec #> '{run,health,command}') = 'array' then 'command' end
  ], null)
$$;

alter table current_release add column asks text[] not null default '{}';
update current_release set asks = asks_of(release.spec) from release where release.digest = current_release.release_digest;
create index current_release_asks on current_release using gin (asks);

-- By the database, so that a server of the version before, which still runs while this one starts, keeps it too.
create function keep_asks() returns trigger language plpgsql as $$
begin
  new.asks := (select asks_of(spec) from release where digest = new.release_digest);
  return new;
end
$$;
create trigger current_release_asks before insert or update of release_digest on current_release
  for each row execute function keep_asks();

-- A deployment that waits for its gates: when they are looked at again (null: it waits for nothing but its turn), and which held it how long.
alter table deployment add column look_at timestamptz;
alter table deployment add column holds jsonb not null default '[]';
alter table deployment add column cancel_reason text;
create index deployment_held on deployment (look_at) where look_at is not null;

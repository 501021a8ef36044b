-- A token, and the session that was opened with it, may look at everything or change it too.
alter table token add column access text not null default 'write' check (access in ('read', 'write'));
alter table session add column access text not null default 'write' check (access in ('read', 'write'));

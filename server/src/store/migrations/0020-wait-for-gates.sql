-- Whether it was asked to wait for its gates, also after they were open once: they may close again before its turn.
alter table deployment add column wait_for_gates boolean not null default false;
update deployment set wait_for_gates = true where look_at is not null;

-- Why a run puts back what served before: whoever takes it over in the middle ends it with the reason it began with.

alter table run add column cause jsonb;

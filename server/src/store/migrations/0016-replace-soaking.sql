-- Whether a deployment takes the place of a release that proves itself there.
alter table deployment add column replace_soaking boolean not null default false;

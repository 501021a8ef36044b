-- A rollback of a train may name the incident that it mends, as that of one component does.

alter table train_trip add column incident text;

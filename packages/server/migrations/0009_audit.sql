-- From where somebody acted. A column of its own and not a part of `actor`: readers, timelines and the live stream show
-- the actor to everybody, the address is for the audit log alone.
alter table event add column ip text;

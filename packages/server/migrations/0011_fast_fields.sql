-- Fields that are fast: what attributes hold of them is mirrored in a spare column (a slot), which has an index of its
-- own. Which field has which slot is the workspace's business (field.slot); attributes stay the truth. A column without
-- values costs a bit in the row's header, its index nothing: no DDL when a field is made fast.
alter table lead
  add column t1 text collate "und-x-icu",
  add column t2 text collate "und-x-icu",
  add column t3 text collate "und-x-icu",
  add column t4 text collate "und-x-icu",
  add column t5 text collate "und-x-icu",
  add column t6 text collate "und-x-icu",
  add column t7 text collate "und-x-icu",
  add column t8 text collate "und-x-icu",
  add column n1 float8,
  add column n2 float8,
  add column n3 float8,
  add column n4 float8,
  add column n5 float8,
  add column n6 float8,
  add column n7 float8,
  add column n8 float8;
create index lead_t1 on lead (workspace_id, t1, id) where deleted_at is null and t1 is not null;
create index lead_t2 on lead (workspace_id, t2, id) where deleted_at is null and t2 is not null;
create index lead_t3 on lead (workspace_id, t3, id) where deleted_at is null and t3 is not null;
create index lead_t4 on lead (workspace_id, t4, id) where deleted_at is null and t4 is not null;
create index lead_t5 on lead (workspace_id, t5, id) where deleted_at is null and t5 is not null;
create index lead_t6 on lead (workspace_id, t6, id) where deleted_at is null and t6 is not null;
create index lead_t7 on lead (workspace_id, t7, id) where deleted_at is null and t7 is not null;
create index lead_t8 on lead (workspace_id, t8, id) where deleted_at is null and t8 is not null;
create index lead_n1 on lead (workspace_id, n1, id) where deleted_at is null and n1 is not null;
create index lead_n2 on lead (workspace_id, n2, id) where deleted_at is null and n2 is not null;
create index lead_n3 on lead (workspace_id, n3, id) where deleted_at is null and n3 is not null;
create index lead_n4 on lead (workspace_id, n4, id) where deleted_at is null and n4 is not null;
create index lead_n5 on lead (workspace_id, n5, id) where deleted_at is null and n5 is not null;
create index lead_n6 on lead (workspace_id, n6, id) where deleted_at is null and n6 is not null;
create index lead_n7 on lead (workspace_id, n7, id) where deleted_at is null and n7 is not null;
create index lead_n8 on lead (workspace_id, n8, id) where deleted_at is null and n8 is not null;

-- filling: writers mirror into the slot, and a job fills in what was there before; nobody reads it yet.
-- clearing: nobody mirrors or reads any more; a job empties the slot, then it is free.
alter table field
  add column slot text check (slot ~ '^[tn][1-8]$'),
  add column slot_state text check (slot_state in ('filling', 'ready', 'clearing')),
  -- How far the job is: the last lead it looked at, how many, and of how many.
  add column slot_after uuid,
  add column slot_done int not null default 0,
  add column slot_total int,
  add check ((slot is null) = (slot_state is null));
create unique index field_slot on field (workspace_id, slot) where slot is not null;

-- The first fields of each workspace; a worker that starts fills them.
update field set slot = free.slot, slot_state = 'filling'
from (
  select workspace_id, key, kind || row_number() over (partition by workspace_id, kind order by position, key) as slot
  from field cross join lateral (select case when type in ('choice') then 't' else 'n' end) as k(kind)
  where type in ('choice', 'number', 'money', 'date', 'datetime', 'yes_no') and archived_at is null and deleted_at is null
) free
where free.workspace_id = field.workspace_id and free.key = field.key and free.slot ~ '^[tn][1-8]$';

create index lead_by_qualification on lead (workspace_id, qualification, id) where deleted_at is null and qualification is not null;
create index lead_stat_by_seen on lead_stat (workspace_id, last_seen_at, lead_id) where last_seen_at is not null;

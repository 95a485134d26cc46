-- A deleted segment is out of sight and its name is free; it can come back, with its members, for as long as a lead in the
-- bin can. Its sets stay what they are until it goes for good.
alter table segment add column deleted_at timestamptz;
-- How a static segment that was dynamic found its members: what it goes back to.
alter table segment add column was_dynamic jsonb;
drop index segment_name;
create unique index segment_name on segment (workspace_id, name_key) where deleted_at is null;

-- Out of the lists until something happens that no member did.
alter table lead add column hidden_at timestamptz;
create index lead_hidden on lead (workspace_id, id) where hidden_at is not null and deleted_at is null;

-- The bin, newest first, and what has lain in it for its time.
create index lead_binned on lead (workspace_id, deleted_at, id) where deleted_at is not null;

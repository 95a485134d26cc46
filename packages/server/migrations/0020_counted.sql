-- Counts by stage, and by owner in it, are read from here alone: equal keys share an entry, so a million leads take 7 MB.
create index lead_counted on lead (workspace_id, stage, owner_id) where deleted_at is null and hidden_at is null;

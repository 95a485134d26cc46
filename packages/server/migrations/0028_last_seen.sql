-- When a lead was last seen is written by the statement that records what it did. As with events there is no foreign key:
-- it would cost each first event a look at the lead, and a lead erased meanwhile would fail the whole batch.
-- Who erases a lead erases this.
alter table lead_stat drop constraint lead_stat_workspace_id_lead_id_fkey;

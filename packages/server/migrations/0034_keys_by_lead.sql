-- How many keys a workspace has is known a minute late, when its leads have just come: thought to be few, all of them were
-- read for each lead that was compared, instead of the few by its index. Without statistics of the column the planner
-- takes a workspace for one in two hundred parts of the table, and looks a lead's keys up by the lead.
alter table lead_key alter column workspace_id set statistics 0;

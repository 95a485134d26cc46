-- How many leads stand in each stage, by owner (zeros for nobody), those in the bin and hidden ones left out. Whatever
-- statement changes it appends its difference, so that writers never wait for each other here; a pass folds them in.
create table lead_count (
  workspace_id uuid not null references workspace,
  stage text not null,
  owner_id uuid not null,
  leads bigint not null,
  primary key (workspace_id, stage, owner_id)
);
select app.tenant_table('lead_count');

create table lead_count_change (
  workspace_id uuid not null,
  id uuid not null,
  stage text not null,
  owner_id uuid not null,
  leads bigint not null,
  primary key (workspace_id, id)
);
select app.tenant_table('lead_count_change');

insert into lead_count (workspace_id, stage, owner_id, leads)
select workspace_id, stage, coalesce(owner_id, '00000000-0000-0000-0000-000000000000'), count(*)
from lead
where deleted_at is null and hidden_at is null
group by 1, 2, 3;

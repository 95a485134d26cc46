-- The pipeline: what stages ask for, which of them are final, and every move of a lead.
alter table stage
  add column target_days int check (target_days > 0),
  add column required_fields text[] not null default '{}',
  -- Removed stages stay for what still names them: leads in the bin, moves, undoing. Their leads went to moved_to.
  add column removed_at timestamptz,
  add column moved_to text,
  add column name_key text not null generated always as (lower(name)) stored,
  -- Final stages hold the stage and the owner of their leads.
  add column final boolean not null generated always as (kind <> 'open') stored,
  add unique (workspace_id, key, final);
create unique index stage_name on stage (workspace_id, name_key) where removed_at is null;

-- A final lead says a second time in which stage and with which owner it is held. Whoever writes `stage` or `owner_id`
-- alone, by whatever way, therefore fails: on the check when the lead is final, on the foreign key when the new stage is.
alter table lead
  add column stage_since timestamptz not null default now(),
  add column lost_reason text,
  add column final boolean not null default false,
  add column held_stage text,
  add column held_owner uuid;
update lead set stage_since = updated_at;
update lead set final = true, held_stage = lead.stage, held_owner = owner_id
  from stage where stage.workspace_id = lead.workspace_id and stage.key = lead.stage and stage.final;
alter table lead drop constraint lead_workspace_id_stage_fkey;
alter table lead
  add constraint lead_stage foreign key (workspace_id, stage, final) references stage (workspace_id, key, final),
  add constraint lead_held check (
    case when final then held_stage is not distinct from stage and held_owner is not distinct from owner_id
      else held_stage is null and held_owner is null end);
drop index lead_by_stage;
create index lead_by_stage on lead (workspace_id, stage, stage_since, id) where deleted_at is null;

-- One move of a lead, written by the statement that moves it. Leads are created without one: where a lead began is the
-- first move's from_stage, else the lead's own.
create table stage_move (
  workspace_id uuid not null,
  lead_id uuid not null,
  moved_at timestamptz not null,
  id uuid not null,
  from_stage text not null,
  to_stage text not null,
  actor jsonb not null,
  how text not null check (how in ('card', 'board', 'list', 'bulk', 'import', 'api', 'stage_removed', 'reopen', 'automation')),
  reason text,
  spent_seconds float8 not null,
  -- What an undo puts back beside the stage.
  was_since timestamptz not null,
  was_reason text,
  change_set_id uuid,
  undone boolean not null default false,
  primary key (workspace_id, lead_id, moved_at, id),
  foreign key (workspace_id, lead_id) references lead on delete cascade
);
create index stage_move_by_time on stage_move (workspace_id, moved_at);
create index stage_move_by_change on stage_move (workspace_id, change_set_id, lead_id) where change_set_id is not null;
select app.tenant_table('stage_move');

-- The words a workspace offers where a stage asks why a lead was lost. Without a row: the defaults.
create table lost_reason_list (
  workspace_id uuid not null references workspace,
  reasons text[] not null,
  primary key (workspace_id)
);
select app.tenant_table('lost_reason_list');

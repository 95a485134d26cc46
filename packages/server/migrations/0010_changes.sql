-- Everything one bulk action changed, so that it can be undone.
create table change_set (
  workspace_id uuid not null references workspace,
  id uuid not null,
  state text not null check (state in ('running', 'done', 'failed', 'undoing', 'undone')),
  kind text not null,
  summary text not null,
  -- The question as it was asked, for the record; which leads it meant is in change_part.
  asked jsonb not null,
  -- What is written, read and named once: later changes of fields, tags and stages don't reach into it.
  edit jsonb not null,
  -- In whose name the work goes on should its worker die.
  actor jsonb not null,
  total int not null,
  done int not null default 0,
  changed int not null default 0,
  unchanged int not null default 0,
  refused jsonb not null default '[]',
  next_part int not null default 0,
  -- The last lead that an undo has looked at; null before the first.
  undo_after uuid,
  restored int not null default 0,
  kept int not null default 0,
  failure text,
  made_by jsonb not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  undone_by jsonb,
  undone_at timestamptz,
  primary key (workspace_id, id)
);
select app.tenant_table('change_set');

-- The leads that matched at the moment of asking, by id, in parts that are each written in one transaction. Gone when
-- the work is done. Rows of five thousand ids: a row for each would cost as much as the change itself.
create table change_part (
  workspace_id uuid not null,
  change_set_id uuid not null,
  part int not null,
  lead_ids uuid[] not null,
  primary key (workspace_id, change_set_id, part),
  foreign key (workspace_id, change_set_id) references change_set on delete cascade
);
select app.tenant_table('change_part');

-- One cell that was overwritten; null where there was or is no value. Without foreign keys, which would be checked
-- row by row: who erases a lead erases its rows here, found by the index.
create table lead_change (
  workspace_id uuid not null,
  change_set_id uuid not null,
  lead_id uuid not null,
  field text not null,
  old jsonb,
  new jsonb,
  primary key (workspace_id, change_set_id, lead_id, field)
);
create index lead_change_by_lead on lead_change (workspace_id, lead_id);
select app.tenant_table('lead_change');

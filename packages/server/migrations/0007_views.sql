-- What the list shows, under a name. The views that every workspace has are code (modules/views/defaults.ts).
create table view (
  workspace_id uuid not null references workspace,
  id uuid not null,
  -- A member's id, or a key's.
  maker_id uuid,
  made_by jsonb not null,
  name text not null,
  name_key text not null,
  shared boolean not null,
  rule jsonb,
  q text not null,
  sort jsonb not null,
  columns jsonb not null,
  position int not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create unique index view_by_maker on view (workspace_id, maker_id, name_key);
select app.tenant_table('view');

create table import (
  workspace_id uuid not null references workspace,
  id uuid not null,
  state text not null,
  file_name text not null,
  size_bytes bigint not null,
  dialect jsonb not null,
  columns jsonb not null,
  mapping jsonb,
  options jsonb,
  progress jsonb,
  "check" jsonb,
  result jsonb,
  -- Where a stopped run goes on: next row for each worker, and what it has counted so far.
  cursor jsonb not null default '{}',
  failure text,
  created_by jsonb not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (workspace_id, id)
);
select app.tenant_table('import');

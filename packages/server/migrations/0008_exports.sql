-- A list of leads written to a file. What was asked is kept as it was asked; the file is deleted with its row.
create table export (
  workspace_id uuid not null references workspace,
  id uuid not null,
  state text not null check (state in ('running', 'done', 'failed')),
  format text not null check (format in ('csv', 'jsonl')),
  columns jsonb not null,
  query jsonb not null,
  expected int not null,
  rows int not null default 0,
  size_bytes bigint not null default 0,
  failure text,
  -- Whoever asked, as they were: the job reads as them, also after a crash.
  actor jsonb not null,
  made_by jsonb not null,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (workspace_id, id)
);
select app.tenant_table('export');

-- Rows that an import did not take, and why: the result's CSV is made from these lines of the kept file.
create table import_refusal (
  workspace_id uuid not null,
  import_id uuid not null,
  line int not null,
  code text not null,
  column_index int,
  value text not null default '',
  primary key (workspace_id, import_id, line),
  foreign key (workspace_id, import_id) references import on delete cascade
);
select app.tenant_table('import_refusal');

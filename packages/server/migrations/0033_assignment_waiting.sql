-- New leads that a rule takes while nobody of it is there. They wait in the order of their ids, which is that of their coming.
create table assignment_wait (
  workspace_id uuid not null,
  lead_id uuid not null,
  rule_id uuid not null,
  -- Whose lead it was since, waits no more.
  since timestamptz not null,
  primary key (workspace_id, lead_id),
  foreign key (workspace_id, lead_id) references lead on delete cascade,
  foreign key (workspace_id, rule_id) references assignment_rule on delete cascade
);
create index assignment_wait_by_rule on assignment_wait (workspace_id, rule_id, lead_id);
select app.tenant_table('assignment_wait');

-- When it is worth asking again whether somebody of the rule is there; null: no lead waits for it.
alter table assignment_rule add column look_at timestamptz;
create index assignment_rule_due on assignment_rule (look_at) where look_at is not null;

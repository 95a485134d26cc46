-- Automatic assignment: rules in their order, the first that takes a lead decides who gets it.
create table assignment_rule (
  workspace_id uuid not null references workspace,
  id uuid not null,
  name text not null,
  name_key text not null generated always as (lower(name)) stored,
  position int not null,
  enabled boolean not null,
  -- The rule tree; null takes every lead.
  condition jsonb,
  method text not null check (method in ('round_robin', 'least_loaded')),
  -- In the order of their turns. Who left or may own no leads any more is passed over.
  members uuid[] not null,
  only_at_work boolean not null,
  -- Who had the last turn; written by the transaction that gives the leads, which has the row locked.
  last_member uuid,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  constraint assignment_rule_name unique (workspace_id, name_key)
);
select app.tenant_table('assignment_rule');

-- When a member is at work. Without a row: always.
create table member_availability (
  workspace_id uuid not null,
  member_id uuid not null,
  time_zone text not null,
  -- [{day, from, to}], days from 1 (Monday); null is always.
  hours jsonb,
  -- [{from, to}], both days included.
  absences jsonb not null default '[]',
  primary key (workspace_id, member_id),
  foreign key (workspace_id, member_id) references member
);
select app.tenant_table('member_availability');

-- Who reads these events from now on has nothing to do with those of before: nobody gets leads, and nobody's leads are
-- handed on, because of what happened long ago.
insert into event_reader (name, xid, id)
select name, pg_snapshot_xmin(pg_current_snapshot()), '00000000-0000-0000-0000-000000000000'
from unnest(array['assignment.assign', 'changes.hand_over']) name;

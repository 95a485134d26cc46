-- Segments: saved audiences. Static ones list their members; dynamic ones follow a rule, and their members are kept, not
-- found when somebody asks.
create table segment (
  workspace_id uuid not null references workspace,
  id uuid not null,
  name text not null,
  -- One name, however it is capitalised and accented.
  name_key text not null,
  description text not null,
  type text not null check (type in ('static', 'dynamic')),
  state text not null check (state in ('draft', 'active', 'retired')),
  rule jsonb,
  -- A rule without conditions matches nobody unless this is said.
  everyone boolean not null default false,
  refresh text not null check (refresh in ('live', 'hourly')),
  version int not null default 1,
  -- The set whose members serve; null until there is one.
  set_id uuid,
  made_by jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  built_at timestamptz,
  primary key (workspace_id, id)
);
create unique index segment_name on segment (workspace_id, name_key);
select app.tenant_table('segment');

-- The members that one rule gives. When the rule changes another set is filled, step by step, while this one goes on
-- serving; then they are exchanged in a moment. Of a dropped one the members are still being deleted; it outlives its
-- segment for that.
create table segment_set (
  workspace_id uuid not null,
  id uuid not null,
  segment_id uuid not null,
  state text not null check (state in ('building', 'serving', 'dropped')),
  -- Null for a static segment.
  rule jsonb,
  -- How often time alone may change who is in it; null: never.
  moves text check (moves in ('live', 'hourly')),
  size int not null default 0,
  -- Of one that is being built: the last lead looked at.
  after uuid,
  looked_at int not null default 0,
  started_at timestamptz not null,
  primary key (workspace_id, id)
);
create index segment_set_of_segment on segment_set (workspace_id, segment_id);
create index segment_set_moving on segment_set (workspace_id, moves) where moves is not null;
select app.tenant_table('segment_set');

-- Without foreign keys, which would cost a build more than its rows do; leads that go leave by the events of it.
create table segment_member (
  workspace_id uuid not null,
  set_id uuid not null,
  lead_id uuid not null,
  entered_at timestamptz not null,
  primary key (workspace_id, set_id, lead_id)
);
create index segment_member_of_lead on segment_member (workspace_id, lead_id, set_id);
select app.tenant_table('segment_member');

-- Members of static segments that went to the bin or were merged into another lead: they come back with it. `passed_to`
-- became a member in its place, and stops being one when the merge is undone.
create table segment_away (
  workspace_id uuid not null,
  set_id uuid not null,
  lead_id uuid not null,
  entered_at timestamptz not null,
  passed_to uuid,
  primary key (workspace_id, lead_id, set_id)
);
select app.tenant_table('segment_away');

-- Who came and went, by the days of the workspace's time zone.
create table segment_day (
  workspace_id uuid not null,
  segment_id uuid not null,
  day date not null,
  entered int not null,
  left_again int not null,
  size int not null,
  primary key (workspace_id, segment_id, day),
  foreign key (workspace_id, segment_id) references segment on delete cascade
);
select app.tenant_table('segment_day');

-- One row for each pace: until when time is taken account of, and, while many leads move at once, until when it will be
-- and the last lead done. Whoever judges members holds the live one locked, so that nobody writes what is older than
-- what another has written.
create table segment_pass (
  workspace_id uuid not null references workspace,
  pace text not null check (pace in ('live', 'hourly')),
  passed_at timestamptz not null,
  passing_to timestamptz,
  after uuid,
  primary key (workspace_id, pace)
);
select app.tenant_table('segment_pass');

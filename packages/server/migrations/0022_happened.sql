-- A visitor before anybody knows who they are, by the id that a site's script gives them.
alter table lead add column anonymous_id text;
create unique index lead_anonymous on lead (workspace_id, anonymous_id) where deleted_at is null and anonymous_id is not null;

-- A lead's events of one name by time: what rules count, and a timeline of few kinds. Partitions of past months are left
-- out by the time that is asked for, so the name needn't come with the time in front.
create index event_of_name on event (workspace_id, name, lead_id, occurred_at) where lead_id is not null;

-- Events that were reported, rolled up by lead and name, written by the statement that records them: most that rules ask
-- is answered here. No foreign keys, at three times the price of the insert; who erases a lead erases these.
create table lead_event (
  workspace_id uuid not null,
  lead_id uuid not null,
  name text not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  count int not null,
  primary key (workspace_id, lead_id, name)
) with (fillfactor = 80);
create index lead_event_by_last on lead_event (workspace_id, name, last_at, lead_id);
select app.tenant_table('lead_event');

-- The catalogue: every name that was reported, how often, and what its properties held.
create table event_name (
  workspace_id uuid not null references workspace,
  name text not null,
  label text,
  hidden boolean not null default false,
  count bigint not null default 0,
  first_seen_at timestamptz,
  last_seen_at timestamptz,
  primary key (workspace_id, name)
);
select app.tenant_table('event_name');

create table event_property (
  workspace_id uuid not null,
  name text not null,
  key text not null,
  type text not null check (type in ('text', 'number', 'yes_no', 'time', 'list', 'object')),
  primary key (workspace_id, name, key, type),
  foreign key (workspace_id, name) references event_name on delete cascade
);
select app.tenant_table('event_property');

-- The senders' own ids of events, hashed to 128 bits, so that what is sent again is recorded once. Forgotten after a while.
create table event_seen (
  workspace_id uuid not null,
  key uuid not null,
  id uuid not null,
  lead_id uuid not null,
  seen_at timestamptz not null,
  primary key (workspace_id, key)
);
create index event_seen_by_time on event_seen using brin (seen_at);
select app.tenant_table('event_seen');

create table event_setting (
  workspace_id uuid not null references workspace,
  keep_months int check (keep_months between 1 and 120),
  primary key (workspace_id)
);
select app.tenant_table('event_setting');

-- The one record of what happened: timeline, audit trail, and feed of every reader.
-- A reader takes rows in the order of (xid, id), below the horizon of running transactions: ids alone commit out of order.
create table event (
  workspace_id uuid not null,
  id uuid not null,
  lead_id uuid,
  subject_id uuid,
  name text not null,
  occurred_at timestamptz not null,
  actor jsonb not null,
  data jsonb not null,
  xid xid8 not null default pg_current_xact_id(),
  primary key (workspace_id, occurred_at, id)
) partition by range (occurred_at);
create index event_by_lead on event (workspace_id, lead_id, occurred_at, id);
create index event_in_order on event (xid, id);
create table event_default partition of event default;
select app.tenant_table('event');
select app.tenant_table('event_default');

-- Makes the partition of a month unless it is there. The worker calls it for this month and the next two;
-- rows of any other time live in event_default. Partitions are reached through their parent alone.
create function app.ensure_event_partition(month date) returns void language plpgsql security definer set search_path = pg_catalog, public, app as $$
declare
  starts date := date_trunc('month', month)::date;
  partition text := format('event_%s', to_char(starts, 'YYYY_MM'));
begin
  if to_regclass('public.' || partition) is not null then return; end if;
  execute format('create table public.%I (like public.event including defaults)', partition);
  execute format('alter table public.event attach partition public.%I for values from (%L) to (%L)', partition, starts, (starts + interval '1 month')::date);
  perform app.tenant_table(('public.' || partition)::regclass);
end $$;
revoke all on function app.ensure_event_partition from public;
grant execute on function app.ensure_event_partition to bellwether_app;
select app.ensure_event_partition((now() + make_interval(months => n))::date) from generate_series(0, 2) n;

-- Where each reader of the event log stands. It reads across workspaces, so it belongs to none.
create table event_reader (
  name text primary key,
  xid xid8 not null,
  id uuid not null,
  updated_at timestamptz not null default now()
);
grant select, insert, update on event_reader to bellwether_app;

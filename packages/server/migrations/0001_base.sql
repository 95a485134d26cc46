-- What every tenant table stands on. Run by the role that owns the schema; the server signs in as
-- bellwether_app, which owns nothing, and enters bellwether_scan for reads that search.
create extension if not exists pg_trgm;
create extension if not exists btree_gin;
create extension if not exists unaccent;

create schema app;
grant usage on schema app, public to bellwether_app, bellwether_scan;

-- Each import loads its file into a table of its own here: COPY does not work under row-level security.
create schema staging;
grant usage, create on schema staging to bellwether_app;

-- Tenancy of one table, whole: forced row-level security for bellwether_app, select-only for bellwether_scan
-- (its queries name the workspace themselves and return ids, see kernel/db.ts), everything for the owner
-- (maintenance). nullif: an unset setting comes back as an empty string.
create function app.tenant_table(name regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', name);
  execute format('alter table %s force row level security', name);
  execute format(
    'create policy tenant on %s to bellwether_app
       using (workspace_id = nullif(current_setting(''app.workspace'', true), '''')::uuid)
       with check (workspace_id = nullif(current_setting(''app.workspace'', true), '''')::uuid)', name);
  execute format('create policy scan on %s for select to bellwether_scan using (true)', name);
  execute format('create policy maintenance on %s to %I using (true) with check (true)', name, current_user);
  execute format('grant select, insert, update, delete, maintain on %s to bellwether_app', name);
  execute format('grant select on %s to bellwether_scan', name);
end $$;

-- Jobs commit with their cause. graphile-worker's tables belong to the owner, so the way in is this one function.
create function app.enqueue(task text, payload json, queue text, at timestamptz, key text, attempts int)
returns void language sql security definer set search_path = pg_catalog as $$
  select graphile_worker.add_job(task, payload, queue, at, attempts, key);
$$;
revoke all on function app.enqueue from public;
grant execute on function app.enqueue to bellwether_app;

-- Who is masked sees the shape of a contact detail, not the detail. The setting is made with the workspace's,
-- in the transaction, so no query can forget it.
create function app.shown_email(value text) returns text language sql stable parallel safe as $$
  select case when current_setting('app.masked', true) = 'on'
    then left(value, 1) || '•••@' || split_part(value, '@', 2) else value end
$$;
create function app.shown_phone(value text) returns text language sql stable parallel safe as $$
  select case when current_setting('app.masked', true) = 'on'
    then left(value, 3) || '•••' || right(value, 2) else value end
$$;

-- Words are searched without regard to case and accents. unaccent() is only "stable" because its dictionary
-- could be replaced; ours is the one shipped, named with its schema.
create function app.folded(value text) returns text language sql immutable parallel safe strict as $$
  select lower(public.unaccent('public.unaccent'::regdictionary, value))
$$;

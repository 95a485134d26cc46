/** Whose events are, and the catalogue of their names. */
import { sql } from "kysely";
import { type Ctx, prepared } from "../../kernel/db.ts";
import { visibleTo } from "../leads/index.ts";
import type { PropertyType, Whose } from "./incoming.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The visible leads by what they are called by, as `by:value`; of a merged one the lead that it became. */
export async function selectWhose(ctx: Ctx, asked: Whose[]): Promise<Map<string, string>> {
  const of = (by: Whose["by"]) => [...new Set(asked.flatMap((each) => (each.by === by ? [each.value] : [])))];
  const ids = of("lead_id").filter((id) => uuid.test(id));
  const column = (by: Exclude<Whose["by"], "lead_id">) => sql`
    select ${sql.lit(`${by}:`)} || ${sql.ref(`lead.${by}`)} as key, lead.id
    from lead
    where lead.workspace_id = ${ctx.workspace_id} and ${sql.ref(`lead.${by}`)} = any(${of(by)}::text[]) and ${visibleTo(ctx.actor)}`;
  const query = sql<{ key: string; id: string }>`
    select 'lead_id:' || lead.id as key, lead.id
    from lead
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${ids}::uuid[]) and ${visibleTo(ctx.actor)}
    union all ${column("email")}
    union all ${column("external_id")}
    union all ${column("anonymous_id")}`;
  const rows = await prepared(ctx, query);
  const found = new Map(rows.map((row) => [row.key, row.id]));
  const missing = ids.filter((id) => !found.has(`lead_id:${id}`));
  return missing.length === 0 ? found : new Map([...found, ...(await selectMerged(ctx, missing))]);
}

/** Of leads that were merged into others, which visible ones those have become. */
async function selectMerged(ctx: Ctx, ids: string[]): Promise<[string, string][]> {
  const { rows } = await sql<{ key: string; id: string }>`
    with recursive line as (
      select id as asked, id, merged_into
      from lead
      where workspace_id = ${ctx.workspace_id} and id = any(${ids}::uuid[]) and merged_into is not null
      union all
      select line.asked, lead.id, lead.merged_into
      from line
      join lead on lead.workspace_id = ${ctx.workspace_id} and lead.id = line.merged_into
    )
    select 'lead_id:' || line.asked as key, lead.id
    from line
    join lead on lead.workspace_id = ${ctx.workspace_id} and lead.id = line.id
    where line.merged_into is null and ${visibleTo(ctx.actor)}`.execute(ctx.db);
  return rows.map((row) => [row.key, row.id]);
}

export interface KnownName {
  name: string;
  /** `key:type` */
  properties: Set<string>;
}

/** Of these names those in the catalogue, and how many are in it altogether. */
export async function selectKnown(
  ctx: Ctx,
  names: string[],
): Promise<{ known: Map<string, KnownName>; total: number }> {
  const query = sql<{ name: string; properties: string[]; total: number }>`
    select n.name, array(
        select p.key || ':' || p.type from event_property p
        where p.workspace_id = n.workspace_id and p.name = n.name) as properties
    from event_name n
    where n.workspace_id = ${ctx.workspace_id} and n.name = any(${names}::text[])`;
  const rows = await prepared(ctx, query);
  const known = new Map(
    rows.map(({ name, properties }) => [name, { name, properties: new Set(properties) }]),
  );
  return { known, total: known.size === names.length ? known.size : await countNames(ctx) };
}

async function countNames(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*)::int as total from event_name where workspace_id = ${ctx.workspace_id} and count > 0`.execute(
    ctx.db,
  );
  return rows[0]?.total ?? 0;
}

export interface Seen {
  name: string;
  count: number;
  first_at: Date;
  last_at: Date;
}

/** The last that a transaction does, since writers of one name wait for each other here; in the order of names. */
export async function countSeen(ctx: Ctx, seen: Seen[]): Promise<void> {
  const query = sql`
    insert into event_name (workspace_id, name, count, first_seen_at, last_seen_at)
    select ${ctx.workspace_id}::uuid, s.name, s.count, s.first_at, s.last_at
    from unnest(
      ${seen.map((each) => each.name)}::text[],
      ${seen.map((each) => each.count)}::bigint[],
      ${seen.map((each) => each.first_at.toISOString())}::timestamptz[],
      ${seen.map((each) => each.last_at.toISOString())}::timestamptz[]
    ) as s(name, count, first_at, last_at)
    order by s.name
    on conflict (workspace_id, name) do update set count = event_name.count + excluded.count,
      first_seen_at = least(event_name.first_seen_at, excluded.first_seen_at),
      last_seen_at = greatest(event_name.last_seen_at, excluded.last_seen_at)`;
  await prepared(ctx, query);
}

/**
 * One event of this name and time less. A name that nothing is left of, and that nobody labelled or hid, is forgotten: it
 * may have been a slip.
 */
export async function uncountSeen(ctx: Ctx, name: string, at: string): Promise<void> {
  const left = (which: "min(first_at)" | "max(last_at)") => sql`(
    select ${sql.raw(which)} from lead_event where workspace_id = ${ctx.workspace_id} and name = ${name})`;
  await sql`
    with forgotten as (
      delete from event_name
      where workspace_id = ${ctx.workspace_id} and name = ${name} and count <= 1 and label is null and not hidden
    )
    update event_name set count = greatest(count - 1, 0),
      first_seen_at = case when first_seen_at = ${at}::timestamptz then ${left("min(first_at)")} else first_seen_at end,
      last_seen_at = case when last_seen_at = ${at}::timestamptz then ${left("max(last_at)")} else last_seen_at end
    where workspace_id = ${ctx.workspace_id} and name = ${name} and (count > 1 or label is not null or hidden)`.execute(
    ctx.db,
  );
}

export async function addProperties(
  ctx: Ctx,
  properties: { name: string; key: string; type: PropertyType }[],
): Promise<void> {
  if (properties.length > 0) {
    await sql`
      insert into event_property (workspace_id, name, key, type)
      select ${ctx.workspace_id}::uuid, p.name, p.key, p.type
      from unnest(
        ${properties.map((each) => each.name)}::text[],
        ${properties.map((each) => each.key)}::text[],
        ${properties.map((each) => each.type)}::text[]
      ) as p(name, key, type)
      order by 2, 3, 4
      on conflict do nothing`.execute(ctx.db);
  }
}

export interface NameRow {
  name: string;
  label: string | null;
  hidden: boolean;
  count: number;
  first_seen_at: Date | null;
  last_seen_at: Date | null;
  properties: { key: string; types: PropertyType[] }[];
}

export async function selectNames(ctx: Ctx): Promise<NameRow[]> {
  const { rows } = await sql<NameRow>`
    select name, label, hidden, count, first_seen_at, last_seen_at, coalesce((
        select json_agg(json_build_object('key', key, 'types', types) order by key)
        from (
          select key, json_agg(type order by type) as types
          from event_property p
          where p.workspace_id = event_name.workspace_id and p.name = event_name.name
          group by key) each_property), '[]') as properties
    from event_name
    where workspace_id = ${ctx.workspace_id}
    order by name`.execute(ctx.db);
  return rows;
}

/** A name that nobody sent yet may be labelled too. */
export async function saveName(
  ctx: Ctx,
  { name, label, hidden }: { name: string; label: string | null; hidden: boolean },
): Promise<void> {
  await sql`
    insert into event_name (workspace_id, name, label, hidden)
    values (${ctx.workspace_id}, ${name}, ${label}, ${hidden})
    on conflict (workspace_id, name) do update set label = excluded.label, hidden = excluded.hidden`.execute(
    ctx.db,
  );
}

export interface GroupRow {
  name: string;
  count: number;
  first_at: Date;
  last_at: Date;
}

/**
 * A lead's events by name, of itself, which comes first, and of all that were merged into it. Reported ones were rolled
 * up; the product's own are few, and none is looked at that was reported.
 */
export async function selectGroups(ctx: Ctx, lead_ids: string[], own: string[]): Promise<GroupRow[]> {
  const [lead_id] = lead_ids;
  const { rows } = await sql<GroupRow>`
    select name, count, first_at, last_at
    from lead_event
    where workspace_id = ${ctx.workspace_id} and lead_id = ${lead_id}::uuid
    union all
    select name, sum(count)::int, min(first_at), max(last_at)
    from (
      select e.name, count(*)::int as count, min(e.occurred_at) as first_at, max(e.occurred_at) as last_at
      from event e
      where e.workspace_id = ${ctx.workspace_id} and e.lead_id = any(${lead_ids}::uuid[]) and e.name = any(${own}::text[])
        and not (e.lead_id <> ${lead_id}::uuid and e.name in ('lead.merged', 'lead.unmerged') and e.data ? 'into')
      group by e.name
      union all
      select 'lead.created', 1, created_at, created_at
      from lead
      where workspace_id = ${ctx.workspace_id} and id = any(${lead_ids}::uuid[]) and import_id is not null
    ) told
    group by name
    order by last_at desc, name`.execute(ctx.db);
  return rows;
}

export async function selectKeepMonths(ctx: Ctx): Promise<number | null> {
  const { rows } = await sql<{ keep_months: number | null }>`
    select keep_months from event_setting where workspace_id = ${ctx.workspace_id}`.execute(ctx.db);
  return rows[0]?.keep_months ?? null;
}

export async function saveKeepMonths(ctx: Ctx, keep_months: number | null): Promise<void> {
  await sql`
    insert into event_setting (workspace_id, keep_months)
    values (${ctx.workspace_id}, ${keep_months})
    on conflict (workspace_id) do update set keep_months = excluded.keep_months`.execute(ctx.db);
}

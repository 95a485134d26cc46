/** The two ways in which a page is found: along an index, a bounded way; or all matches of an index, sorted. */
import { type RawBuilder, sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";
import type { Sql } from "../rules/index.ts";
import { type Asked, withoutMet, wordedLeads, wordsMetByEach } from "./find.sql.ts";
import {
  beyond,
  type Group,
  idDirection,
  inOrder,
  type Key,
  type Range,
  shown,
  sortable,
  sortableOf,
  typed,
  way,
} from "./order.sql.ts";
import type { Position } from "./position.ts";
import { visibleTo } from "./visible.sql.ts";

type Raw = RawBuilder<unknown>;

/** A lead of the list, and where it stands there. */
export interface Found {
  id: string;
  values: (string | null)[];
}

export interface Search {
  ctx: Ctx;
  asked: Asked;
  keys: [Key, ...Key[]];
  /** What is asked of the first key itself, as a range: the way goes through no more of the index than that. */
  within: Sql | null;
}

/** A way along an index: that of a key, in one of its ranges, or that of ids. */
export interface Way {
  /** Values of the keys before, which are the same all along. */
  groups: Group[];
  by: { key: Key; range: Range } | null;
  /** Where it begins: behind this lead, or at or behind the first of this value. */
  from: { value: string | null; id: string | null; inclusive: boolean } | null;
}

/**
 * Matches among the next `window` leads of the way. `keys`: those that order them, of which the index gives the first
 * only, so that what has the last lead's value may be incomplete.
 */
export async function walk(
  search: Search,
  along: Way,
  keys: readonly Key[],
  window: number,
  limit: number,
): Promise<Found[]> {
  const { ctx, asked } = search;
  const outside = along.groups.map((group) => group.condition);
  const ordered = keys.map((key, n) => (n === 0 && along.by !== null ? sql`lead.sort_value` : sortable(key)));
  const { rows } = await sql<Found>`
    select lead.id, ${valuesOf(search.keys)} as values
    from (${leadsAhead(search, along, keys.length < 2)} limit ${window}) lead
    where ${sql.join([visibleTo(ctx.actor), ...outside, asked.condition, wordsMetByEach(asked)], sql` and `)}
    order by ${inOrder(keys, ordered, sql`lead.id`, idDirection(search.keys))}
    limit ${limit}`.execute(ctx.db);
  return rows;
}

/** How many leads such a walk looks at, and the last of them; null where the way ends before. */
export async function walkEnd(
  search: Search,
  along: Way,
  by_id: boolean,
  window: number,
): Promise<{ looked_at: number; last: { id: string; value: string | null } | null }> {
  const { rows } = await sql<{ looked_at: number; id: string | null; value: string | null }>`
    with ahead as materialized (${ahead(search, along, by_id)} limit ${window})
    select (select count(*) from ahead)::int as looked_at, last.id, last.value
    from (select) one
    left join (
      select id, ${along.by === null ? sql`null` : shown(along.by.key, sql`sort_value`)} as value from ahead offset ${window - 1}
    ) last on true`.execute(search.ctx.db);
  const [row] = rows;
  const last = row === undefined || row.id === null ? null : { id: row.id, value: row.value };
  return { looked_at: row?.looked_at ?? 0, last };
}

function valuesOf(keys: readonly Key[]): Raw {
  return sql`array[${sql.join(keys.map((key) => shown(key, key.value)))}]::text[]`;
}

/** The leads themselves, each with its value as it sorts. */
function leadsAhead(search: Search, along: Way, by_id: boolean): Raw {
  if (along.by?.key.from !== "stat") {
    return ahead(search, along, by_id, sql`lead.*`);
  }
  return sql`
    select lead.*, ahead.sort_value
    from (${ahead(search, along, by_id)}) ahead
    join lead on lead.workspace_id = ${search.ctx.workspace_id} and lead.id = ahead.id
    order by ahead.sort_value ${way(along.by.key.direction)} ${by_id ? sql`, ahead.id ${way(along.by.key.direction)}` : sql``}`;
}

/** Ids in the index's order, and where one value is like the other by id, if that is asked. Unbounded: a limit follows. */
function ahead(search: Search, along: Way, by_id: boolean, columns: Raw = sql`lead.id`): Raw {
  const { ctx, keys } = search;
  const { by, from, groups } = along;
  if (by === null) {
    const direction = idDirection(keys);
    // By the index of the innermost group; by that of ids, which knows no bin, where there is none.
    const group = groups.findLast((each) => each.by_id);
    const here = group === undefined ? sql`true` : sql`lead.deleted_at is null and ${group.condition}`;
    const start = from?.id ? sql`lead.id ${beyond(direction)} ${from.id}::uuid` : sql`true`;
    return sql`
      select ${columns}, null as sort_value
      from lead
      where lead.workspace_id = ${ctx.workspace_id} and ${here} and ${start}
      order by lead.id ${way(direction)}`;
  }
  const { key, range } = by;
  const id = key.from === "lead" ? sql`lead.id` : sql`stat.lead_id`;
  const source =
    key.from === "lead"
      ? sql`lead where lead.workspace_id = ${ctx.workspace_id} and lead.deleted_at is null`
      : sql`lead_stat stat where stat.workspace_id = ${ctx.workspace_id}`;
  return sql`
    select ${key.from === "lead" ? columns : sql`${id} as id`}, ${key.column} as sort_value
    from ${source} and ${range.condition} and ${withinOf(search, key)} and ${startOf(key, id, from)}
    order by ${key.column} ${way(key.direction)} ${by_id ? sql`, ${id} ${way(key.direction)}` : sql``}`;
}

function withinOf({ keys, within }: Search, key: Key): Sql {
  return within !== null && key === keys[0] && key.from === "lead" ? within : sql`true`;
}

function startOf(key: Key, id: Raw, from: Way["from"]): Raw {
  if (from === null) {
    return sql`true`;
  }
  const value = typed(key, from.value);
  if (from.id !== null) {
    return sql`(${key.column}, ${id}) ${beyond(key.direction)} (${value}, ${from.id}::uuid)`;
  }
  return sql`${key.column} ${beyond(key.direction)}${from.inclusive ? sql`=` : sql``} ${value}`;
}

/**
 * The page by an index on what is asked: all matches, within what is given, are listed and sorted. Null when there are more than `most`.
 * Without sequential scans, unless all leads may be looked at: with a LIMIT the planner hopes to meet matches early
 * and, where they are few, reads it all.
 */
export async function pick(
  search: Search,
  within: readonly Sql[],
  after: Position | null,
  limit: number,
  { most, scan = false }: { most: number; scan?: boolean },
): Promise<Found[] | null> {
  const { ctx, asked, keys } = search;
  const names = keys.map((_key, n) => sql.ref(`sort_${n}`));
  const columns = keys.map((key, n) => sql`, ${sortable(key)} as ${names[n]}`);
  const met = [visibleTo(ctx.actor), ...within, asked.condition];
  await sql`set local enable_seqscan = ${sql.lit(scan ? "on" : "off")}`.execute(ctx.db);
  const { rows } = await sql<Found & { hits: number }>`
    with worded as materialized (${wordedLeads(ctx, asked, most + 1)}),
    hits as materialized (
      select lead.id, ${valuesOf(keys)} as values ${sql.join(columns, sql``)}
      from ${asked.words.length === 0 ? sql`lead` : sql`worded join lead on lead.id = worded.lead_id`}
      where lead.workspace_id = ${ctx.workspace_id} and ${sql.join(met, sql` and `)} and ${withoutMet(asked)}
      limit ${most + 1}
    )
    select page.id, page.values, seen.hits
    from (select greatest((select count(*) from hits), (select count(*) from worded))::int as hits) seen
    left join (
      select id, values
      from hits
      where ${behind(keys, after, 0)}
      order by ${inOrder(keys, names, sql`id`, idDirection(keys))}
      limit ${limit}
    ) page on true`.execute(ctx.db);
  if ((rows[0]?.hits ?? 0) > most) {
    return null;
  }
  return rows.flatMap(({ id, values }) => (id === null ? [] : [{ id, values }]));
}

/** What comes after the position, from its n-th key on. */
function behind(keys: readonly Key[], after: Position | null, n: number): Sql {
  if (after === null) {
    return sql`true`;
  }
  const key = keys[n];
  if (key === undefined) {
    return sql`(id ${beyond(idDirection(keys))} ${after.id}::uuid)`;
  }
  if (n >= after.values.length) {
    return after.past === true ? sql`false` : sql`true`;
  }
  const name = sql.ref(`sort_${n}`);
  const value = after.values[n] ?? null;
  if (value === null || (key.listed !== null && !key.listed.includes(value))) {
    return sql`(${name} is null and ${behind(keys, after, n + 1)})`;
  }
  const at = sortableOf(key, value);
  return sql`(${name} ${beyond(key.direction)} ${at} or ${name} is null or (${name} = ${at} and ${behind(keys, after, n + 1)}))`;
}

/** Of groups that an index lists, those that have leads. */
export async function inhabited(search: Search, key: Key, groups: readonly Group[]): Promise<Group[]> {
  const { ctx } = search;
  const type = sql.raw(key.type);
  const { rows } = await sql<{ value: string }>`
    select g.value::text as value
    from unnest(${groups.map((group) => group.value)}::${type}[]) as g(value)
    where exists (select from lead where lead.workspace_id = ${ctx.workspace_id} and lead.deleted_at is null and ${key.value} = g.value)`.execute(
    ctx.db,
  );
  const there = new Set(rows.map((row) => row.value));
  return groups.filter((group) => group.value !== null && there.has(group.value));
}

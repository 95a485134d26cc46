import { type RawBuilder, sql, type SqlBool } from "kysely";
import type { Ctx } from "../../kernel/db.ts";
import type { Sql } from "../rules/index.ts";
import { visibleTo } from "./visible.sql.ts";
import { holds, wordsFound } from "./words.sql.ts";

/** A walk through an index looks at this many leads before it gives what it has; some 40 ms. */
export const look_ahead = 20_000;
/** So many matches of an index are sorted for a page; beyond it a walk is the cheaper way. */
export const hits_max = 5_000;
/** A count whose plan is estimated cheaper than this (in the planner's units; about 100 ms) is made exactly. */
export const cheap_count = 30_000;

/** Columns that an ascending index orders by; sorted both ways by reading it both ways. */
export const sortColumns = {
  created_at: { nullable: false, type: sql`timestamptz` },
  updated_at: { nullable: false, type: sql`timestamptz` },
  last_name: { nullable: true, type: sql`text` },
  company: { nullable: true, type: sql`text` },
  email: { nullable: true, type: sql`text` },
} as const;
export type SortColumn = keyof typeof sortColumns;

export interface Order {
  column: SortColumn;
  direction: "asc" | "desc";
}
/** Where a page begins: after this lead. `value` is null among the leads without one, which come last either way. */
export interface Position {
  id: string;
  value: string | null;
}
export interface Found {
  id: string;
  value: string | null;
}

/** What is asked of leads, besides that they are visible. */
export interface Asked {
  condition: Sql;
  /** The same with hidden leads; null where the rule asks for them by name, or where there is nothing to leave out. */
  with_hidden: Sql | null;
  /** What must be found among a lead's words, and what must not. */
  words: string[];
  without: string[];
}

export function notHidden(condition: Sql): Sql {
  return sql`(lead.hidden_at is null and ${condition})`;
}

/** For whom contact details are masked, words must meet what is none: a guess that found its lead would tell them. */
export function withoutContacts(asked: Asked): Asked {
  const met = [
    ...asked.words.map((word) => wordsFound(holds(word, true))),
    ...asked.without.map((word) => sql<SqlBool>`not ${wordsFound(holds(word, true))}`),
  ];
  const also = (condition: Sql): Sql => sql`(${sql.join([condition, ...met], sql` and `)})`;
  return {
    condition: also(asked.condition),
    with_hidden: asked.with_hidden === null ? null : also(asked.with_hidden),
    words: asked.words,
    without: [],
  };
}

/** Leads with a value, in the index's order, or those without one, by id. */
type Part = "valued" | "missing";

/** One part of the list by walking its index: at most `limit` matches among the next `look_ahead` leads. */
export async function walk(
  ctx: Ctx,
  asked: Asked,
  order: Order,
  part: Part,
  after: Position | null,
  limit: number,
): Promise<Found[]> {
  const { rows } = await sql<Found>`
    select lead.id, lead.sort_value::text as value
    from (${ahead(ctx, order, part, after)} limit ${look_ahead}) lead
    where ${asked.condition} and ${wordsMet(asked)}
    limit ${limit}`.execute(ctx.db);
  return rows;
}

/** The last lead that such a walk looks at; undefined when the part ends before. */
export async function walkEnd(
  ctx: Ctx,
  order: Order,
  part: Part,
  after: Position | null,
): Promise<Found | undefined> {
  const { rows } = await sql<Found>`
    select lead.id, lead.sort_value::text as value
    from (${ahead(ctx, order, part, after)} limit 1 offset ${look_ahead - 1}) lead`.execute(ctx.db);
  return rows[0];
}

function ahead(ctx: Ctx, order: Order, part: Part, after: Position | null): RawBuilder<unknown> {
  const column = sql.ref(`lead.${order.column}`);
  const { nullable, type } = sortColumns[order.column];
  const ascending = order.direction === "asc";
  const beyond = ascending ? sql`>` : sql`<`;
  const way = ascending ? sql`asc` : sql`desc`;
  const valued = part === "valued";
  const here = nullable ? (valued ? sql`${column} is not null` : sql`${column} is null`) : sql`true`;
  const from =
    after === null
      ? sql`true`
      : valued
        ? sql`(${column}, lead.id) ${beyond} (${after.value}::${type}, ${after.id}::uuid)`
        : sql`lead.id ${beyond} ${after.id}::uuid`;
  return sql`
    select lead.*, ${column} as sort_value
    from lead
    where lead.workspace_id = ${ctx.workspace_id} and ${visibleTo(ctx.actor)} and ${here} and ${from}
    order by ${valued ? sql`${column} ${way}, lead.id ${way}` : sql`lead.id ${way}`}`;
}

/**
 * The page by an index on what is asked: all matches are listed and sorted. Null when there are more than it pays for.
 * Sequential scans are off: with a LIMIT the planner hopes to meet matches early and, where they are few, reads it all.
 */
export async function pick(
  ctx: Ctx,
  asked: Asked,
  order: Order,
  after: Position | null,
  limit: number,
): Promise<Found[] | null> {
  const column = sql.ref(`lead.${order.column}`);
  const { type } = sortColumns[order.column];
  const way = order.direction === "asc" ? sql`asc` : sql`desc`;
  const beyond = order.direction === "asc" ? sql`>` : sql`<`;
  const from =
    after === null
      ? sql`true`
      : after.value === null
        ? sql`(value is null and id ${beyond} ${after.id}::uuid)`
        : sql`((value, id) ${beyond} (${after.value}::${type}, ${after.id}::uuid) or value is null)`;
  await sql`set local enable_seqscan = off`.execute(ctx.db);
  const { rows } = await sql<Found & { hits: number }>`
    with hits as materialized (
      select lead.id, ${column} as value
      from ${wordsFirst(ctx, asked)}
      where lead.workspace_id = ${ctx.workspace_id} and ${visibleTo(ctx.actor)} and ${asked.condition} and ${withoutMet(asked)}
      limit ${hits_max + 1}
    )
    select id, value::text, (select count(*) from hits)::int as hits
    from hits
    where ${from}
    order by hits.value ${way} nulls last, id ${way}
    limit ${limit}`.execute(ctx.db);
  return (rows[0]?.hits ?? 0) > hits_max ? null : rows.map(({ id, value }) => ({ id, value }));
}

/** Leads by way of the words' trigram index, where words are asked for. */
export function wordsFirst(ctx: Ctx, asked: Asked): RawBuilder<unknown> {
  if (asked.words.length === 0) {
    return sql`lead`;
  }
  const met = sql.join(
    asked.words.map((word) => holds(word, false)),
    sql` and `,
  );
  return sql`(
      select lead_id from lead_search s where workspace_id = ${ctx.workspace_id} and ${met} limit ${hits_max + 1}
    ) worded join lead on lead.workspace_id = ${ctx.workspace_id} and lead.id = worded.lead_id`;
}

export function wordsMet(asked: Asked): Sql {
  const met = asked.words.map((word) => holds(word, false));
  return met.length === 0
    ? withoutMet(asked)
    : sql`(${wordsFound(sql`(${sql.join(met, sql` and `)})`)} and ${withoutMet(asked)})`;
}

export function withoutMet(asked: Asked): Sql {
  const any = asked.without.map((word) => holds(word, false));
  return any.length === 0 ? sql`true` : sql`not ${wordsFound(sql`(${sql.join(any, sql` or `)})`)}`;
}

/** All of it as one condition over `lead`: what is asked, of visible leads of this workspace. */
export function matched(ctx: Ctx, asked: Asked): Sql {
  return sql`(lead.workspace_id = ${ctx.workspace_id} and ${visibleTo(ctx.actor)} and ${asked.condition} and ${wordsMet(asked)})`;
}

/**
 * How many leads meet it: exactly where asked or cheap, else as the planner estimates. Hidden ones are few and have an
 * index: counted with the others and taken off, they leave the others to be counted in their indexes alone.
 */
export async function countLeads(
  ctx: Ctx,
  asked: Asked,
  mode: "estimate" | "exact",
): Promise<{ value: number; exact: boolean }> {
  const { with_hidden } = asked;
  if (with_hidden === null) {
    return countMatching(ctx, asked, mode);
  }
  const all = await countMatching(ctx, { ...asked, condition: with_hidden }, mode);
  const condition: Sql = sql`(lead.hidden_at is not null and ${with_hidden})`;
  const hidden = await countMatching(ctx, { ...asked, condition }, mode);
  return { value: Math.max(0, all.value - hidden.value), exact: all.exact && hidden.exact };
}

async function countMatching(
  ctx: Ctx,
  asked: Asked,
  mode: "estimate" | "exact",
): Promise<{ value: number; exact: boolean }> {
  const matching = sql`from lead where ${matched(ctx, asked)}`;
  if (mode === "estimate") {
    const plan = await sql<{
      "QUERY PLAN": [{ Plan: { "Total Cost": number; "Plan Rows": number } }];
    }>`explain (format json) select 1 ${matching}`.execute(ctx.db);
    const top = plan.rows[0]?.["QUERY PLAN"][0].Plan;
    if (top !== undefined && top["Total Cost"] > cheap_count) {
      return { value: top["Plan Rows"], exact: false };
    }
  }
  const { rows } = await sql<{ value: number }>`select count(*)::int as value ${matching}`.execute(ctx.db);
  return { value: rows[0]?.value ?? 0, exact: true };
}

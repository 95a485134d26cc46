import { type RawBuilder, sql, type SqlBool } from "kysely";
import { type Ctx, inTime } from "../../kernel/db.ts";
import type { Sql } from "../rules/index.ts";
import { visibleTo } from "./visible.sql.ts";
import { holds, wordsFound } from "./words.sql.ts";

/** A walk through an index looks at this many leads before it gives what it has; some 40 ms. */
export const look_ahead = 20_000;
/** So many matches of an index are sorted for a page; beyond it a walk is the cheaper way. */
export const hits_max = 10_000;
/** A count whose plan is estimated cheaper than this (in the planner's units; about 50 ms) is made exactly, if it keeps the time. */
export const cheap_count = 20_000;
const count_ms_max = 60;
const count_ms_min = 10;
/** One cheaper than this is over before anybody could wonder, whatever the machine is busy with; how many have a word is a guess. */
const certain_count = 1_000;
/** A workspace with no more leads than this is counted exactly, however long the machine takes. */
const few_leads = 5_000;

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

/** Leads by the words' trigram index; none where no words are asked for. */
export function wordedLeads(ctx: Ctx, asked: Asked, most: number): RawBuilder<unknown> {
  if (asked.words.length === 0) {
    return sql`select null::uuid as lead_id where false`;
  }
  const met = sql.join(
    asked.words.map((word) => holds(word, false)),
    sql` and `,
  );
  return sql`select lead_id from lead_search s where workspace_id = ${ctx.workspace_id} and ${met} limit ${most}`;
}

function wordsMet(asked: Asked): Sql {
  const met = asked.words.map((word) => holds(word, false));
  return met.length === 0
    ? withoutMet(asked)
    : sql`(${wordsFound(sql`(${sql.join(met, sql` and `)})`)} and ${withoutMet(asked)})`;
}

/**
 * The same lead by lead: as a value that is looked up for each, never joined. Without statistics, which searches don't
 * have of text, the planner takes every word for rare and would fetch all leads that have it before it looks at one.
 */
export function wordsMetByEach(asked: Asked): Sql {
  const met = asked.words.map((word) => holds(word, false));
  const unmet = asked.without.map((word) => sql`not ${holds(word, false)}`);
  return met.length + unmet.length === 0
    ? sql`true`
    : sql`coalesce((
        select ${sql.join([...met, ...unmet], sql` and `)}
        from lead_search s
        where s.workspace_id = lead.workspace_id and s.lead_id = lead.id
      ), ${sql.lit(met.length === 0)})`;
}

export function withoutMet(asked: Asked): Sql {
  const any = asked.without.map((word) => holds(word, false));
  return any.length === 0 ? sql`true` : sql`not ${wordsFound(sql`(${sql.join(any, sql` or `)})`)}`;
}

/** How long a count may take beside a page that took so long: both together stay below a tenth of a second. */
export function timeToCount(page_ms: number): number {
  return Math.max(count_ms_min, count_ms_max - Math.max(0, page_ms - 20));
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
  ms_max = count_ms_max,
): Promise<{ value: number; exact: boolean }> {
  const { with_hidden } = asked;
  if (with_hidden === null) {
    return countMatching(ctx, asked, mode, ms_max);
  }
  const all = await countMatching(ctx, { ...asked, condition: with_hidden }, mode, ms_max);
  const condition: Sql = sql`(lead.hidden_at is not null and ${with_hidden})`;
  const hidden = await countMatching(ctx, { ...asked, condition }, mode, ms_max);
  return { value: Math.max(0, all.value - hidden.value), exact: all.exact && hidden.exact };
}

async function countMatching(
  ctx: Ctx,
  asked: Asked,
  mode: "estimate" | "exact",
  ms_max: number,
): Promise<{ value: number; exact: boolean }> {
  const matching = sql`from lead where ${matched(ctx, asked)}`;
  const count = async () => {
    const { rows } = await sql<{ value: number }>`select count(*)::int as value ${matching}`.execute(ctx.db);
    return { value: rows[0]?.value ?? 0, exact: true };
  };
  if (mode === "exact") {
    return count();
  }
  const plan = await sql<{
    "QUERY PLAN": [{ Plan: { "Total Cost": number; "Plan Rows": number } }];
  }>`explain (format json) select 1 ${matching}`.execute(ctx.db);
  const top = plan.rows[0]?.["QUERY PLAN"][0].Plan;
  const estimated = { value: top?.["Plan Rows"] ?? 0, exact: false };
  const cost = top?.["Total Cost"] ?? 0;
  if (cost > cheap_count) {
    return estimated;
  }
  if (cost < certain_count && asked.words.length === 0) {
    return count();
  }
  const counted = await inTime(ctx, ms_max, count);
  // Of few leads it was the machine that took the time, and an estimate beside a handful of rows looks wrong.
  return counted ?? ((await atMost(ctx, few_leads)) ? count() : estimated);
}

/** Whether the workspace has no more leads than this. */
export async function atMost(ctx: Ctx, most: number): Promise<boolean> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count
    from (select from lead where lead.workspace_id = ${ctx.workspace_id} and lead.deleted_at is null limit ${most + 1}) first_ones`.execute(
    ctx.db,
  );
  return (rows[0]?.count ?? 0) <= most;
}

/** The bin: deleted leads, found, and taken out again. */
import { sql } from "kysely";
import type { Binned } from "@bellwether/contracts/bin";
import { bin_days } from "@bellwether/contracts/bin";
import { type Ctx, scan } from "../../kernel/db.ts";
import { counted, keepCounts } from "./counts.sql.ts";
import { jsonObject, leadMembers, time } from "./rows.sql.ts";
import type { LeadState } from "./values.ts";
import { binnedFor } from "./visible.sql.ts";
import { holds, wordsFound } from "./words.sql.ts";
import { selectStates } from "./write.sql.ts";
import type { Sql } from "../rules/index.ts";

export interface BinPlace {
  id: string;
  /** When it was deleted, to the microsecond. */
  at: string;
}

function inBin(ctx: Ctx, words: string[]): Sql {
  const met = words.map((word) => wordsFound(holds(word, ctx.actor.masked)));
  return sql`(${sql.join([sql`lead.workspace_id = ${ctx.workspace_id}`, binnedFor(ctx.actor), ...met], sql` and `)})`;
}

/** A page of it, the last deleted first. Words are searched, hence ids only. */
export async function findBinned(
  ctx: Ctx,
  words: string[],
  before: BinPlace | null,
  limit: number,
): Promise<BinPlace[]> {
  const from =
    before === null
      ? sql`true`
      : sql`(lead.deleted_at, lead.id) < (${before.at}::timestamptz, ${before.id}::uuid)`;
  return scan(ctx, async () => {
    const { rows } = await sql<BinPlace>`
      select lead.id, to_char(lead.deleted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
      from lead
      where ${inBin(ctx, words)} and ${from}
      order by lead.deleted_at desc, lead.id desc
      limit ${limit}`.execute(ctx.db);
    return rows;
  });
}

export async function countBinned(ctx: Ctx, words: string[]): Promise<number> {
  return scan(ctx, async () => {
    const { rows } = await sql<{
      count: number;
    }>`select count(*)::int as count from lead where ${inBin(ctx, words)}`.execute(ctx.db);
    return rows[0]?.count ?? 0;
  });
}

const binnedJson = jsonObject([
  ...Object.entries(leadMembers),
  ["deleted_at", time(sql`lead.deleted_at`)],
  [
    "deleted_by",
    sql`(
      select e.actor from event e
      where e.workspace_id = lead.workspace_id and e.lead_id = lead.id and e.name = 'lead.deleted'
      order by e.occurred_at desc, e.id desc
      limit 1)`,
  ],
  ["erased_on", time(sql`(lead.deleted_at + make_interval(days => ${sql.lit(bin_days)}))`)],
]);

/** In the order of the ids. */
export async function selectBin(ctx: Ctx, ids: string[]): Promise<Binned[]> {
  const { rows } = await sql<{ lead: Binned }>`
    select ${binnedJson} as lead
    from unnest(${ids}::uuid[]) with ordinality as wanted(id, place)
    join lead on lead.workspace_id = ${ctx.workspace_id} and lead.id = wanted.id
    left join lead_stat stat on stat.workspace_id = lead.workspace_id and stat.lead_id = lead.id
    where ${binnedFor(ctx.actor)}
    order by wanted.place`.execute(ctx.db);
  return rows.map((row) => row.lead);
}

/** Those of these that are in the bin, locked in the order of their ids. */
export async function lockBinned(ctx: Ctx, ids: string[]): Promise<LeadState[]> {
  return selectStates(ctx, sql`lead.id = any(${ids}::uuid[]) and ${binnedFor(ctx.actor)}`);
}

export async function unbinLeads(ctx: Ctx, ids: string[]): Promise<void> {
  await sql`
    with back as (
      update lead set deleted_at = null, updated_at = now(), revision = revision + 1
      where workspace_id = ${ctx.workspace_id} and id = any(${ids}::uuid[])
      returning ${counted}
    ), ${keepCounts(ctx, "back")}
    select 1`.execute(ctx.db);
}

/** Leads stage by stage, those that entered last first: what the board is made of. One statement for all columns. */
import { type RawBuilder, sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";
import {
  type Asked,
  cheap_count,
  hits_max,
  matched,
  wordedLeads,
  wordsMetByEach,
  withoutMet,
} from "./find.sql.ts";
import { visibleTo } from "./visible.sql.ts";

/** A column to be filled, from its beginning or behind a lead. */
export interface Column {
  stage: string;
  after: { id: string; value: string | null } | null;
}
export interface InColumn {
  stage: string;
  id: string;
  /** Since when it is in the stage, to the microsecond. */
  value: string;
}

/** At most `limit` matches a column, among the next `look_ahead` leads of each. */
export async function walkColumns(
  ctx: Ctx,
  asked: Asked,
  columns: Column[],
  page: { limit: number; look_ahead: number },
): Promise<InColumn[]> {
  const { rows } = await sql<InColumn>`
    select wanted.stage, found.id, found.stage_since::text as value
    from ${wanted(columns)}
    cross join lateral (
      select lead.id, lead.stage_since
      from (${ahead(ctx)} limit ${page.look_ahead}) lead
      where ${visibleTo(ctx.actor)} and ${asked.condition} and ${wordsMetByEach(asked)}
      limit ${page.limit}
    ) found`.execute(ctx.db);
  return rows;
}

/** The last lead that such a walk looks at in each column; none for a column that ends before. */
export async function columnEnds(ctx: Ctx, columns: Column[], look_ahead: number): Promise<InColumn[]> {
  const { rows } = await sql<InColumn>`
    select wanted.stage, last.id, last.stage_since::text as value
    from ${wanted(columns)}
    cross join lateral (${ahead(ctx)} limit 1 offset ${look_ahead - 1}) last`.execute(ctx.db);
  return rows;
}

function wanted(columns: Column[]): RawBuilder<unknown> {
  const stages = columns.map((column) => column.stage);
  const since = columns.map((column) => column.after?.value ?? "infinity");
  const ids = columns.map((column) => column.after?.id ?? "ffffffff-ffff-ffff-ffff-ffffffffffff");
  return sql`unnest(${stages}::text[], ${since}::timestamptz[], ${ids}::uuid[]) wanted(stage, since, id)`;
}

/** Visible or not: what a walk looks at is bounded for those too who see but a few of very many. */
function ahead(ctx: Ctx): RawBuilder<unknown> {
  return sql`
    select lead.*
    from lead
    where lead.workspace_id = ${ctx.workspace_id} and lead.deleted_at is null
      and lead.stage = wanted.stage and (lead.stage_since, lead.id) < (wanted.since, wanted.id)
    order by lead.stage_since desc, lead.id desc`;
}

/** All columns by an index on what is asked, counted with it. Null when there are more matches than it pays for. */
export async function pickColumns(
  ctx: Ctx,
  asked: Asked,
  columns: Column[],
  limit: number,
): Promise<{ found: InColumn[]; counts: Map<string, number> } | null> {
  await sql`set local enable_seqscan = off`.execute(ctx.db);
  const { rows } = await sql<{ stage: string; count: number; found: InColumn[] | null; hits: number }>`
    with worded as materialized (${wordedLeads(ctx, asked, hits_max + 1)}),
    hits as materialized (
      select lead.id, lead.stage, lead.stage_since
      from ${asked.words.length === 0 ? sql`lead` : sql`worded join lead on lead.id = worded.lead_id`}
      where lead.workspace_id = ${ctx.workspace_id} and ${visibleTo(ctx.actor)} and ${asked.condition} and ${withoutMet(asked)}
      limit ${hits_max + 1}
    )
    select wanted.stage, (select count(*) from hits where hits.stage = wanted.stage)::int as count, greatest((select count(*) from hits), (select count(*) from worded))::int as hits,
      (select json_agg(json_build_object('stage', stage, 'id', id, 'value', stage_since::text) order by stage_since desc, id desc)
       from (
         select * from hits
         where hits.stage = wanted.stage and (hits.stage_since, hits.id) < (wanted.since, wanted.id)
         order by hits.stage_since desc, hits.id desc
         limit ${limit}) first) as found
    from ${wanted(columns)}`.execute(ctx.db);
  await sql`set local enable_seqscan = on`.execute(ctx.db);
  if ((rows[0]?.hits ?? 0) > hits_max) return null;
  return {
    found: rows.flatMap((row) => row.found ?? []),
    counts: new Map(rows.map((row) => [row.stage, row.count])),
  };
}

/** How many match in each of these stages; exactly, or null where that would take too long. */
export async function countColumns(
  ctx: Ctx,
  asked: Asked,
  stages: string[],
): Promise<Map<string, number> | null> {
  const counting = sql`
    select lead.stage, count(*)::int as count
    from lead
    where ${matched(ctx, asked)} and lead.stage = any(${stages}::text[])
    group by lead.stage`;
  const plan = await sql<Plan>`explain (format json) ${counting}`.execute(ctx.db);
  if ((plan.rows[0]?.["QUERY PLAN"][0].Plan["Total Cost"] ?? 0) > cheap_count) return null;
  const { rows } = await sql<{ stage: string; count: number }>`${counting}`.execute(ctx.db);
  return new Map(rows.map((row) => [row.stage, row.count]));
}

/** The planner's guess of how many match in a stage. */
export async function guessColumn(ctx: Ctx, asked: Asked, stage: string): Promise<number> {
  const plan = await sql<Plan>`
    explain (format json) select 1 from lead where ${matched(ctx, asked)} and lead.stage = ${stage}`.execute(
    ctx.db,
  );
  return plan.rows[0]?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
}

interface Plan {
  "QUERY PLAN": [{ Plan: { "Total Cost": number; "Plan Rows": number } }];
}

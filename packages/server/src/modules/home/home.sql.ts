import { sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";
import { visibleTo } from "../leads/index.ts";

const newest_max = 8;
const longest_max = 10;
/** Overdue leads of a stage are counted up to here. */
const counted_max = 10_000;

/** My leads by stage; none for who is no member. */
export async function countMine(ctx: Ctx): Promise<Map<string, number>> {
  const { rows } = await sql<{ stage: string; count: number }>`
    select lead.stage, count(*)::int as count
    from lead
    where lead.workspace_id = ${ctx.workspace_id} and lead.owner_id = ${ctx.actor.member_id}::uuid
      and ${visibleTo(ctx.actor)} and lead.hidden_at is null
    group by lead.stage`.execute(ctx.db);
  return new Map(rows.map((row) => [row.stage, row.count]));
}

/** Stage by stage from its oldest lead on, by the index, so that it costs no more in a stage of many. */
export async function selectOverdue(
  ctx: Ctx,
  scope: "mine" | "all",
): Promise<{ ids: string[]; count: { value: number; exact: boolean } }> {
  const whose = scope === "mine" ? sql`lead.owner_id = ${ctx.actor.member_id}::uuid` : sql`true`;
  const { rows } = await sql<{ ids: string[] | null; count: number; exact: boolean }>`
    with late as materialized (
      select each_stage.*
      from stage
      cross join lateral (
        select lead.id, lead.stage_since
        from lead
        where lead.workspace_id = ${ctx.workspace_id} and lead.stage = stage.key
          and lead.stage_since < now() - make_interval(days => stage.target_days)
          and ${whose} and ${visibleTo(ctx.actor)} and lead.hidden_at is null
        order by lead.stage_since, lead.id
        limit ${counted_max + 1}
      ) each_stage
      where stage.workspace_id = ${ctx.workspace_id} and stage.kind = 'open' and stage.target_days is not null
        and stage.removed_at is null
    )
    select least(count(*), ${counted_max})::int as count, count(*) <= ${counted_max} as exact,
      (select array_agg(id order by stage_since, id) from (select * from late order by stage_since, id limit ${longest_max}) longest) as ids
    from late`.execute(ctx.db);
  const [row] = rows;
  return { ids: row?.ids ?? [], count: { value: row?.count ?? 0, exact: row?.exact ?? true } };
}

export async function selectNewest(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select lead.id
    from lead
    where lead.workspace_id = ${ctx.workspace_id} and ${visibleTo(ctx.actor)} and lead.hidden_at is null
    order by lead.created_at desc, lead.id desc
    limit ${newest_max}`.execute(ctx.db);
  return rows.map((row) => row.id);
}

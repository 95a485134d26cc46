/** Members by a new rule, part by part of the leads. */
import { sql } from "kysely";
import { type Ctx, scan } from "../../kernel/db.ts";
import { keepDay } from "../changes/index.ts";
import type { Sql } from "../rules/index.ts";
import type { SetRow } from "./record.ts";

/**
 * Judges the next leads in the order of their ids. False: these were the last. With the workspace's pass held, so that
 * nobody's change falls between: those before were looked at and follow changes, those behind will be.
 */
export async function buildStep(
  ctx: Ctx,
  set: Pick<SetRow, "id" | "after" | "before_id">,
  condition: Sql,
  at: Date,
  limit: number,
): Promise<boolean> {
  const { rows: bound } = await sql<{ upto: string | null }>`
    select (
      select id from lead
      where workspace_id = ${ctx.workspace_id} ${behind(set)}
      order by id offset ${limit - 1} limit 1) as upto`.execute(ctx.db);
  const upto = bound[0]?.upto ?? null;
  const within = upto === null ? sql`` : sql`and lead.id <= ${upto}::uuid`;
  const found = await sql`
    insert into segment_member (workspace_id, set_id, lead_id, entered_at)
    select ${ctx.workspace_id}::uuid, ${set.id}::uuid, lead.id, ${since(set, at)}
    from lead ${beforeOf(ctx, set)}
    where lead.workspace_id = ${ctx.workspace_id} ${set.after === null ? sql`` : sql`and lead.id > ${set.after}::uuid`} ${within} and ${condition}
    order by lead.id`.execute(ctx.db);
  await sql`
    update segment_set s
    set size = s.size + ${Number(found.numAffectedRows ?? 0n)}::int, after = coalesce(${upto}::uuid, s.after), looked_at = s.looked_at + ${limit}::int
    where s.workspace_id = ${ctx.workspace_id} and s.id = ${set.id}`.execute(ctx.db);
  return upto !== null;
}

function behind(set: Pick<SetRow, "after">) {
  return set.after === null ? sql`` : sql`and id > ${set.after}::uuid`;
}

/** Who was in it before has been in it since then. */
function since(set: Pick<SetRow, "before_id">, at: Date) {
  return set.before_id === null ? sql`${at}::timestamptz` : sql`coalesce(b.entered_at, ${at}::timestamptz)`;
}

function beforeOf(ctx: Ctx, set: Pick<SetRow, "before_id">) {
  return set.before_id === null
    ? sql``
    : sql`left join segment_member b on b.workspace_id = ${ctx.workspace_id} and b.set_id = ${set.before_id}::uuid and b.lead_id = lead.id`;
}

export interface Exchanged {
  size: number;
  entered: number;
  left: number;
}

/** The set serves from here on, and the one before it no more. Answers what that changes. */
export async function exchange(
  ctx: Ctx,
  set: Pick<SetRow, "id" | "segment_id" | "before_id" | "once">,
  at: Date,
): Promise<Exchanged> {
  const members = (set_id: string) =>
    sql`select from segment_member m where m.workspace_id = ${ctx.workspace_id} and m.set_id = ${set_id}::uuid`;
  const stayed =
    set.before_id === null
      ? sql`0`
      : sql`(select count(*)::int from segment_member o
          where o.workspace_id = ${ctx.workspace_id} and o.set_id = ${set.before_id}::uuid
            and exists (${members(set.id)} and m.lead_id = o.lead_id))`;
  const { rows } = await sql<Exchanged>`
    with dropped as (
      update segment_set set state = 'dropped'
      where workspace_id = ${ctx.workspace_id} and id = ${set.before_id}::uuid
      returning size
    ), serving as (
      update segment_set set state = 'serving', after = null ${set.once ? sql`, rule = null` : sql``}
      where workspace_id = ${ctx.workspace_id} and id = ${set.id}::uuid
      returning size
    ), named as (
      update segment set set_id = ${set.id}::uuid, built_at = ${at}::timestamptz
      where workspace_id = ${ctx.workspace_id} and id = ${set.segment_id}::uuid
    ), sums as (
      select serving.size, serving.size - stayed.count as entered, coalesce((select size from dropped), 0) - stayed.count as left_again
      from serving cross join (select ${stayed} as count) stayed
    ), ${keepDay(ctx, sql`select ${set.segment_id}::uuid as segment_id, entered, left_again, size from sums`)}
    select size, entered, left_again as left from sums`.execute(ctx.db);
  return rows[0] ?? { size: 0, entered: 0, left: 0 };
}

export interface Differing {
  size: number;
  enter: number;
  leave: number;
}

/** How the members would change by another rule: counted as a search, in one look at the leads. */
export async function countDiffering(ctx: Ctx, set_id: string | null, condition: Sql): Promise<Differing> {
  return scan(ctx, async () => {
    const { rows } = await sql<Differing>`
      with found as materialized (select lead.id from lead where lead.workspace_id = ${ctx.workspace_id} and ${condition}),
      both_ways as (
        select count(*)::int as count
        from found join segment_member m on m.workspace_id = ${ctx.workspace_id} and m.set_id = ${set_id}::uuid and m.lead_id = found.id)
      select (select count(*)::int from found) as size, (select count(*)::int from found) - both_ways.count as enter,
        coalesce((select size from segment_set where workspace_id = ${ctx.workspace_id} and id = ${set_id}::uuid), 0) - both_ways.count as leave
      from both_ways`.execute(ctx.db);
    return rows[0] ?? { size: 0, enter: 0, leave: 0 };
  });
}

/** Some of those who would enter, and some who would leave. */
export async function sampleDiffering(
  ctx: Ctx,
  set_id: string | null,
  condition: Sql,
  limit: number,
): Promise<{ enter: string[]; leave: string[] }> {
  return scan(ctx, async () => {
    const { rows } = await sql<{ enter: string[]; leave: string[] }>`
      select array(
        select lead.id from lead
        where lead.workspace_id = ${ctx.workspace_id} and ${condition} and not exists (
          select from segment_member m where m.workspace_id = ${ctx.workspace_id} and m.set_id = ${set_id}::uuid and m.lead_id = lead.id)
        limit ${limit}) as enter,
      array(
        select m.lead_id from segment_member m
        where m.workspace_id = ${ctx.workspace_id} and m.set_id = ${set_id}::uuid and not exists (
          select from lead where lead.workspace_id = m.workspace_id and lead.id = m.lead_id and ${condition})
        limit ${limit}) as leave`.execute(ctx.db);
    return rows[0] ?? { enter: [], leave: [] };
  });
}

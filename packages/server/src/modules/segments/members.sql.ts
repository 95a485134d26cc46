/** Members of a segment: listed, and of static ones added and removed by hand. */
import { type RawBuilder, sql } from "kysely";
import { actorRef } from "../../kernel/access.ts";
import { type Ctx, json } from "../../kernel/db.ts";
import { enterSet, keepSize, leaveSet, type MembersOf } from "../changes/index.ts";
import { visibleTo } from "../leads/index.ts";
import type { Sql } from "../rules/index.ts";
import { membersOnly } from "./judge.sql.ts";

export interface MemberRow {
  lead_id: string;
  entered_at: Date;
}

/** Those whom the actor may see, in the order of their ids. */
export async function selectMembers(
  ctx: Ctx,
  set_id: string,
  page: { after: string | null; limit: number },
): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    select m.lead_id, m.entered_at
    from segment_member m
    join lead on lead.workspace_id = m.workspace_id and lead.id = m.lead_id
    where m.workspace_id = ${ctx.workspace_id} and m.set_id = ${set_id}::uuid and ${visibleTo(ctx.actor)}
      ${page.after === null ? sql`` : sql`and m.lead_id > ${page.after}::uuid`}
    order by m.lead_id
    limit ${page.limit}`.execute(ctx.db);
  return rows;
}

export interface Membership {
  id: string;
  name: string;
  type: "static" | "dynamic";
  entered_at: Date;
}

/** The active segments that a lead is in, by name. */
export async function selectSegmentsOf(ctx: Ctx, lead_id: string): Promise<Membership[]> {
  const { rows } = await sql<Membership>`
    select segment.id, segment.name, segment.type, m.entered_at
    from segment_member m
    join segment on segment.workspace_id = m.workspace_id and segment.set_id = m.set_id and segment.state = 'active' and segment.deleted_at is null
    where m.workspace_id = ${ctx.workspace_id} and m.lead_id = ${lead_id}::uuid
    order by segment.name_key`.execute(ctx.db);
  return rows;
}

/** Since when a lead is in these; of those it isn't in, nothing. */
export async function selectEntered(ctx: Ctx, lead_id: string): Promise<Map<string, Date>> {
  const { rows } = await sql<{ id: string; entered_at: Date }>`
    select segment.id, m.entered_at
    from segment_member m
    join segment on segment.workspace_id = m.workspace_id and segment.set_id = m.set_id and segment.deleted_at is null
    where m.workspace_id = ${ctx.workspace_id} and m.lead_id = ${lead_id}::uuid`.execute(ctx.db);
  return new Map(rows.map((row) => [row.id, row.entered_at]));
}

/** Answers how many of these leads the actor may see, and how many of them weren't members. */
export async function addMembers(
  ctx: Ctx,
  of: MembersOf,
  lead_ids: string[],
): Promise<{ seen: string[]; added: number }> {
  const wanted = sql`
    select lead.id from lead
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[]) and ${visibleTo(ctx.actor)}
    order by lead.id`;
  const { rows } = await sql<{ seen: string[]; added: number }>`
    with seen as materialized (${wanted}), moved as (${enterSet(ctx, of, sql`select id from seen`)}),
    ${keepSize(ctx, of, "moved", true)}, ${told(ctx, of, "segment.entered")}
    select array(select id::text from seen) as seen, (select count(*)::int from moved) as added`.execute(
    ctx.db,
  );
  return rows[0] ?? { seen: [], added: 0 };
}

export async function removeMembers(ctx: Ctx, of: MembersOf, lead_ids: string[]): Promise<number> {
  const wanted = sql`
    select lead.id from lead
    where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[]) and ${visibleTo(ctx.actor)}`;
  const { rows } = await sql<{ removed: number }>`
    with moved as (${leaveSet(ctx, of, wanted)}), ${keepSize(ctx, of, "moved", false)}, ${told(ctx, of, "segment.left")}
    select count(*)::int as removed from moved`.execute(ctx.db);
  return rows[0]?.removed ?? 0;
}

function told(ctx: Ctx, of: MembersOf, name: string): RawBuilder<unknown> {
  return sql`told as (
      insert into event (workspace_id, id, lead_id, subject_id, name, occurred_at, actor, data)
      select ${ctx.workspace_id}::uuid, uuidv7(), moved.id, ${of.segment_id}::uuid, ${name}, now(), ${json(actorRef(ctx.actor))},
        jsonb_build_object('segment', segment.name, 'how', 'hand')
      from moved join segment on segment.workspace_id = ${ctx.workspace_id} and segment.id = ${of.segment_id}::uuid
    )`;
}

/** All that match at this moment, without an event each: the segment itself is new. */
export async function snapshotMembers(
  ctx: Ctx,
  of: MembersOf,
  condition: Sql,
  hidden_too: boolean,
): Promise<void> {
  const matching = sql`select lead.id from lead where ${membersOnly(ctx, condition, hidden_too)} order by lead.id`;
  await sql`
    with moved as (${enterSet(ctx, of, matching)}), ${keepSize(ctx, of, "moved", true)}
    select count(*) from moved`.execute(ctx.db);
}

export async function copyMembers(ctx: Ctx, from_set: string, of: MembersOf): Promise<void> {
  const members = sql`
    select lead_id as id from segment_member where workspace_id = ${ctx.workspace_id} and set_id = ${from_set}::uuid order by lead_id`;
  await sql`
    with moved as (${enterSet(ctx, of, members)}), ${keepSize(ctx, of, "moved", true)}
    select count(*) from moved`.execute(ctx.db);
}

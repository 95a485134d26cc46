/** Who is in which set: judged by set, all rules that could care for all leads that changed in one statement. */
import { sql } from "kysely";
import { actorRef } from "../../kernel/access.ts";
import { type Ctx, json } from "../../kernel/db.ts";
import { byKeys, keepDay } from "../changes/index.ts";
import type { Sql } from "../rules/index.ts";
import type { SetRow } from "./record.ts";

export interface Judged {
  set: Pick<SetRow, "id" | "before_id" | "state" | "after">;
  condition: Sql;
}

/** Of a set that is being built, leads behind those it has looked at are left for it to come to. */
function reached({ set, condition }: Judged): Sql {
  if (set.state === "serving") {
    return condition;
  }
  return set.after === null ? sql`false` : sql`(lead.id <= ${set.after}::uuid and ${condition})`;
}

/** Leads that can be in a segment and meet its rule. */
export function membersOnly(ctx: Ctx, condition: Sql, hidden_too: boolean): Sql {
  return sql`(lead.workspace_id = ${ctx.workspace_id} and lead.deleted_at is null ${hidden_too ? sql`` : sql`and lead.hidden_at is null`} and ${condition})`;
}

export interface Moved {
  segment_id: string;
  entered: number;
  left: number;
}

/**
 * Judges these leads for these sets as they are at this moment; leads that are gone meet nothing. What differs is
 * written, counted and, of sets that serve, told. Answers what differed. Said twice it changes nothing. The caller holds
 * the workspace's pass, else what it read could be older than what another has written since. Each lead brings all sets it
 * is in: asked for these sets alone, the planner would look into each of them for each lead.
 */
export async function judgeSets(ctx: Ctx, sets: Judged[], lead_ids: string[], at: Date): Promise<Moved[]> {
  const ids = sets.map(({ set }) => set.id);
  const before = sets.map(({ set }) => set.before_id);
  const met = sql.join(sets.map((judged) => sql`(${reached(judged)}) is true`));
  const since = before.every((id) => id === null)
    ? sql`${at}::timestamptz`
    : sql`coalesce((
        select b.entered_at from segment_member b
        where b.workspace_id = ${ctx.workspace_id} and b.set_id = (${before}::uuid[])[d.place] and b.lead_id = d.lead_id), ${at}::timestamptz)`;
  await byKeys(ctx);
  const { rows } = await sql<Moved>`
    with these as materialized (
      select lead.*, array(
        select m.set_id from segment_member m
        where m.workspace_id = ${ctx.workspace_id} and m.lead_id = lead.id) as kept_sets
      from lead
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = any(${lead_ids}::uuid[])
    ), differing as materialized (
      select (${ids}::uuid[])[m.place] as set_id, judged.lead_id, m.place, m.yes
      from (select lead.id as lead_id, lead.kept_sets, array[${met}] as met from these lead) judged
      cross join lateral unnest(judged.met) with ordinality m(yes, place)
      where m.yes <> ((${ids}::uuid[])[m.place] = any(judged.kept_sets))
    ), entered as (
      insert into segment_member (workspace_id, set_id, lead_id, entered_at)
      select ${ctx.workspace_id}::uuid, d.set_id, d.lead_id, ${since}
      from differing d
      where d.yes
      order by d.set_id, d.lead_id
      returning set_id, lead_id
    ), left_again as (
      delete from segment_member m
      using differing d
      where not d.yes and m.workspace_id = ${ctx.workspace_id} and m.set_id = d.set_id and m.lead_id = d.lead_id
      returning m.set_id, m.lead_id
    ), ${moved(ctx, "rule")}`.execute(ctx.db);
  return rows;
}

/** Behind `entered` and `left_again` of set_id and lead_id: sizes, the day, events, and what it comes to. */
export function moved(ctx: Ctx, how: "rule" | "bin" | "merge") {
  return sql`moved as (
      select set_id, lead_id, 1 as by from entered union all select set_id, lead_id, -1 from left_again
    ), sums as (
      select set_id, sum(by)::int as by, count(*) filter (where by > 0)::int as entered, count(*) filter (where by < 0)::int as left_again
      from moved group by set_id
    ), sized as (
      update segment_set s set size = s.size + sums.by
      from sums
      where s.workspace_id = ${ctx.workspace_id} and s.id = sums.set_id
      returning s.id, s.segment_id, s.size, s.state, sums.entered, sums.left_again
    ), ${keepDay(ctx, sql`select segment_id, entered, left_again, size from sized where state = 'serving'`)},
    told as (
      insert into event (workspace_id, id, lead_id, subject_id, name, occurred_at, actor, data)
      select ${ctx.workspace_id}::uuid, uuidv7(), moved.lead_id, sized.segment_id,
        case when moved.by > 0 then 'segment.entered' else 'segment.left' end, now(), ${json(actorRef(ctx.actor))},
        jsonb_build_object('segment', segment.name, 'how', ${how}::text)
      from moved join sized on sized.id = moved.set_id
      join segment on segment.workspace_id = ${ctx.workspace_id} and segment.id = sized.segment_id and segment.deleted_at is null
      where sized.state = 'serving'
        and exists (select from lead where lead.workspace_id = ${ctx.workspace_id} and lead.id = moved.lead_id)
    )
    select segment_id, sum(entered)::int as entered, sum(left_again)::int as left
    from sized group by segment_id`;
}

/**
 * Of these leads, those that are out of sight leave static segments, and those that are back come back; those that were
 * erased leave whatever they were put into at the moment of it. A lead that was
 * merged into another passes its memberships on, until that is undone.
 */
export async function followStatic(ctx: Ctx, lead_ids: string[], at: Date): Promise<void> {
  await sql`
    with gone as materialized (
      select m.set_id, m.lead_id, m.entered_at, lead.merged_into as passed_to,
        lead.merged_into is not null and not exists (
          select from segment_member o
          where o.workspace_id = ${ctx.workspace_id} and o.set_id = m.set_id and o.lead_id = lead.merged_into) as passes,
        lead.id is null as erased
      from segment_member m
      join segment_set s on s.workspace_id = m.workspace_id and s.id = m.set_id
      left join lead on lead.workspace_id = m.workspace_id and lead.id = m.lead_id
      where m.workspace_id = ${ctx.workspace_id} and (s.rule is null or lead.id is null) and m.lead_id = any(${lead_ids}::uuid[]) and (lead.id is null or lead.deleted_at is not null)
    ), away as (
      insert into segment_away (workspace_id, set_id, lead_id, entered_at, passed_to)
      select ${ctx.workspace_id}::uuid, set_id, lead_id, entered_at, case when passes then passed_to end from gone where not erased
      on conflict (workspace_id, lead_id, set_id) do nothing
    ), back as (
      delete from segment_away a using lead
      where a.workspace_id = ${ctx.workspace_id} and a.lead_id = any(${lead_ids}::uuid[])
        and lead.workspace_id = a.workspace_id and lead.id = a.lead_id and lead.deleted_at is null
      returning a.set_id, a.lead_id, a.entered_at, a.passed_to
    ), entered as (
      insert into segment_member (workspace_id, set_id, lead_id, entered_at)
      select ${ctx.workspace_id}::uuid, e.set_id, e.lead_id, e.entered_at
      from (
        select set_id, lead_id, entered_at from back
        union
        select set_id, passed_to, ${at}::timestamptz from gone where passes
      ) e
      where exists (select from segment_set s where s.workspace_id = ${ctx.workspace_id} and s.id = e.set_id and s.state = 'serving')
      on conflict do nothing
      returning set_id, lead_id
    ), left_again as (
      delete from segment_member m
      using (select set_id, lead_id from gone union select set_id, passed_to from back where passed_to is not null) l
      where m.workspace_id = ${ctx.workspace_id} and m.set_id = l.set_id and m.lead_id = l.lead_id
      returning m.set_id, m.lead_id
    ), forgotten as (
      delete from segment_away a
      where a.workspace_id = ${ctx.workspace_id} and a.lead_id = any(${lead_ids}::uuid[])
        and not exists (select from lead where lead.workspace_id = a.workspace_id and lead.id = a.lead_id)
    ), ${moved(ctx, "bin")}`.execute(ctx.db);
}

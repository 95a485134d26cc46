/** When a lead was last seen: the time of the last that it did itself, to the minute. */
import { type RawBuilder, sql } from "kysely";
import { doneToLeads, ownEvents, writtenDown } from "@bellwether/contracts/event-names";
import type { Ctx } from "../../kernel/db.ts";

const notThem = [...writtenDown];

/**
 * Of `told`, which has lead_id, name, occurred_at and by, in the statement that tells it. Never backwards; and only where it moves by a
 * minute, since the time is in an index: somebody who views ten pages in a minute is written once. Looked up lead by lead:
 * a join could become one read of all that were ever seen.
 */
export function keepSeen(ctx: Ctx): RawBuilder<unknown> {
  return sql`seen as (
      insert into lead_stat (workspace_id, lead_id, last_seen_at)
      select ${ctx.workspace_id}::uuid, lately.lead_id, lately.at
      from (
        select lead_id, max(occurred_at) as at
        from told
        where by <> all(${notThem}::text[]) and name <> all(${[...doneToLeads]}::text[])
        group by lead_id) lately
      where lately.at >= coalesce((
        select s.last_seen_at + interval '1 minute'
        from lead_stat s
        where s.workspace_id = ${ctx.workspace_id}::uuid and s.lead_id = lately.lead_id), '-infinity')
      order by lately.lead_id
      on conflict (workspace_id, lead_id) do update set last_seen_at = excluded.last_seen_at
        where lead_stat.last_seen_at is null or lead_stat.last_seen_at < excluded.last_seen_at
    )`;
}

/** After an event of this time was taken back: of a lead, with all that were merged into it. */
export async function recallSeen(
  ctx: Ctx,
  { lead_id, family }: { lead_id: string; family: string[] },
  gone: string,
): Promise<void> {
  await sql`
    update lead_stat set last_seen_at = (
      select max(lately.at)
      from unnest(${family}::uuid[]) each_lead(id)
      cross join lateral (
        select e.occurred_at as at
        from event e
        where e.workspace_id = ${ctx.workspace_id} and e.lead_id = each_lead.id
          and e.name !~ ${ownEvents.source} and e.name <> all(${[...doneToLeads]}::text[]) and e.actor ->> 'kind' <> all(${notThem}::text[])
        order by e.occurred_at desc
        limit 1) lately)
    where workspace_id = ${ctx.workspace_id} and lead_id = ${lead_id}::uuid and last_seen_at = ${gone}::timestamptz`.execute(
    ctx.db,
  );
}

/** After an event was put back: of a lead, and those that it became. */
export async function noteSeen(ctx: Ctx, lead_ids: string[], at: string): Promise<void> {
  await sql`
    insert into lead_stat (workspace_id, lead_id, last_seen_at)
    select ${ctx.workspace_id}::uuid, lead_id, ${at}::timestamptz
    from unnest(${lead_ids}::uuid[]) lead_id
    order by lead_id
    on conflict (workspace_id, lead_id) do update set last_seen_at = excluded.last_seen_at
      where lead_stat.last_seen_at is null or lead_stat.last_seen_at < excluded.last_seen_at`.execute(ctx.db);
}

/** Of leads that are erased, also what came in while they were. */
export async function forgetSeen(ctx: Ctx, lead_ids: string[]): Promise<void> {
  await sql`
    delete from lead_stat
    where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[])`.execute(ctx.db);
}

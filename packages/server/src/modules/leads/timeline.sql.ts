import { sql } from "kysely";
import type { ActorRef } from "@bellwether/contracts/common";
import type { Ctx } from "../../kernel/db.ts";

export interface TimelineRow {
  id: string;
  name: string;
  occurred_at: Date;
  /** To the microsecond, for the cursor. */
  at: string;
  actor: ActorRef;
  data: Record<string, unknown>;
}

/**
 * The events of a lead, which comes first, and of those merged into it, newest first; that a lead was merged is told by
 * the one it became. What was taken back is told by the audit log alone. Leads that an import created have no event of their own (a million rows that say the
 * same); their beginning is told from the lead itself. Few kinds are looked for one by one, so that rare ones are found
 * among a hundred thousand others.
 */
export async function selectTimeline(
  ctx: Ctx,
  lead_ids: string[],
  page: { before: { at: string; id: string } | null; names: string[] | null; limit: number },
): Promise<TimelineRow[]> {
  const { before, names } = page;
  const keyset =
    before === null ? sql`true` : sql`(occurred_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`;
  // Nothing is known of how many events a lead has, so the planner would sort all of a hundred thousand for a page.
  await sql`set local enable_sort = off`.execute(ctx.db);
  const { rows } = await sql<TimelineRow>`
    select id, name, occurred_at, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, actor, data
    from (
      (select theirs.*
       from unnest(${lead_ids}::uuid[]) each_lead(lead_id)
       ${names === null ? sql`` : sql`cross join unnest(${names}::text[]) kind(name)`}
       cross join lateral (
         select id, name, occurred_at, actor, data
         from event
         where workspace_id = ${ctx.workspace_id} and lead_id = each_lead.lead_id and ${keyset}
           ${names === null ? sql`` : sql`and name = kind.name`}
           and not (lead_id <> ${lead_ids[0]}::uuid and name in ('lead.merged', 'lead.unmerged') and data ? 'into')
           and name not in ('event.removed', 'event.restored')
         order by occurred_at desc, id desc
         limit ${page.limit}) theirs)
      union all
      (select id, 'lead.created', created_at, created_by, jsonb_build_object('import_id', import_id, 'source', source)
       from (select *, created_at as occurred_at from lead where workspace_id = ${ctx.workspace_id} and id = any(${lead_ids}::uuid[]) and import_id is not null) imported
       where ${keyset} and ${names === null || names.includes("lead.created")})
    ) happened
    order by occurred_at desc, id desc
    limit ${page.limit}`.execute(ctx.db);
  await sql`set local enable_sort = on`.execute(ctx.db);
  return rows;
}

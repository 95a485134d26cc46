import type { ActorRef } from "@bellwether/contracts/common";
import { type RawBuilder, sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";
import { confidentialNames } from "../../kernel/events.ts";
import { visibleTo } from "../leads/index.ts";

/** Events that a page looks at where most of them are of leads that one may not see. */
const look_ahead = 5_000;

/** Where a page begins: behind this event. */
export interface Place {
  id: string;
  /** To the microsecond. */
  at: string;
}
export interface ActivityRow extends Place {
  name: string;
  occurred_at: Date;
  actor: ActorRef;
  subject_id: string | null;
  lead_id: string | null;
  lead_name: string | null;
  thing: string | null;
  from: string | null;
  to: string | null;
  count: number | null;
}

const at = sql`to_char(entry.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`;

/** How many leads one event tells of. Only for who sees them all: it would count those of others. */
const count = sql`case entry.name
  when 'import.finished' then (entry.data ->> 'created')::int + (entry.data ->> 'updated')::int
  when 'bulk.finished' then (entry.data ->> 'changed')::int
  when 'bulk.undone' then (entry.data ->> 'restored')::int
end`;

/** What was made, taken away or put on a lead, by its name: of such things everybody in the workspace sees the names. */
const thing = sql`case
  when entry.name in ('field.created', 'field.deleted') then entry.data ->> 'label'
  when entry.name in ('stage.created', 'stage.removed', 'segment.created', 'segment.deleted', 'segment.restored', 'member.removed') then entry.data ->> 'name'
  when entry.name in ('tag.added', 'tag.removed') then entry.data ->> 'tag'
end`;

/**
 * What one may see of it: who sees all leads also hears of those that are gone, as in the live stream; who sees but their
 * own hears of those alone.
 */
export async function selectActivity(ctx: Ctx, before: Place | null, limit: number): Promise<ActivityRow[]> {
  const sees_all = ctx.actor.own_only === null ? sql`true` : sql`false`;
  const { rows } = await sql<ActivityRow>`
    select entry.id, ${at}, entry.name, entry.occurred_at, entry.actor, entry.subject_id, lead.id as lead_id,
      coalesce(nullif(concat_ws(' ', lead.first_name, lead.last_name), ''), lead.company, app.shown_email(lead.email), app.shown_phone(lead.phone)) as lead_name,
      ${thing} as thing,
      case when entry.name = 'stage.changed' then entry.data ->> 'from' end as "from",
      case when entry.name = 'stage.changed' then entry.data ->> 'to' end as "to",
      case when ${sees_all} then ${count} end as count
    from (${ahead(ctx, before)} limit ${look_ahead}) entry
    left join lead on lead.workspace_id = ${ctx.workspace_id} and lead.id = entry.lead_id and ${visibleTo(ctx.actor)}
    where entry.name !~ ${confidentialNames.source} and (entry.lead_id is null or lead.id is not null or ${sees_all})
    order by entry.occurred_at desc, entry.id desc
    limit ${limit}`.execute(ctx.db);
  return rows;
}

/** The last event that such a page looks at; null when the log ends before. */
export async function selectLookedAt(ctx: Ctx, before: Place | null): Promise<Place | null> {
  const { rows } = await sql<Place>`
    select entry.id, ${at} from (${ahead(ctx, before)} limit 1 offset ${look_ahead - 1}) entry`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

function ahead(ctx: Ctx, before: Place | null): RawBuilder<unknown> {
  return sql`
    select id, name, occurred_at, actor, lead_id, subject_id, data
    from event
    where workspace_id = ${ctx.workspace_id}
      and ${before === null ? sql`true` : sql`(occurred_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`}
    order by occurred_at desc, id desc`;
}

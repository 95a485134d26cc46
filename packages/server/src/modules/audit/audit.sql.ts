import type { AuditFilter } from "@bellwether/contracts/audit";
import type { ActorRef } from "@bellwether/contracts/common";
import { type RawBuilder, sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";

/** Entries that a filter without an index looks at for one page; some 60 ms. */
export const look_ahead = 20_000;

/** Where a page begins: behind this entry. */
export interface Place {
  id: string;
  /** To the microsecond. */
  at: string;
}
export interface AuditRow extends Place {
  name: string;
  occurred_at: Date;
  actor: ActorRef;
  ip: string | null;
  lead_id: string | null;
  subject_id: string | null;
  data: Record<string, unknown>;
}

const at = sql`to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`;

export async function selectEntries(
  ctx: Ctx,
  filter: AuditFilter,
  before: Place | null,
  limit: number,
): Promise<AuditRow[]> {
  const { rows } = await sql<AuditRow>`
    select id, ${at}, name, occurred_at, actor, ip, lead_id, subject_id, data
    from (${ahead(ctx, filter, before)} limit ${look_ahead}) entry
    where ${met(filter)}
    limit ${limit}`.execute(ctx.db);
  return rows;
}

/** The last entry that such a page looks at; null when the log ends before. */
export async function selectLookedAt(
  ctx: Ctx,
  filter: AuditFilter,
  before: Place | null,
): Promise<Place | null> {
  const { rows } = await sql<Place>`
    select id, ${at}
    from (${ahead(ctx, filter, before)} limit 1 offset ${look_ahead - 1}) entry`.execute(ctx.db);
  return rows[0] ?? null;
}

/** The log in its order, as far as an index narrows it down: by time, and by lead. */
function ahead(ctx: Ctx, filter: AuditFilter, before: Place | null): RawBuilder<unknown> {
  return sql`
    select id, name, occurred_at, actor, ip, lead_id, subject_id, data
    from event
    where workspace_id = ${ctx.workspace_id}
      and ${filter.lead_id === undefined ? sql`true` : sql`lead_id = ${filter.lead_id}`}
      and ${filter.from === undefined ? sql`true` : sql`occurred_at >= ${filter.from}::timestamptz`}
      and ${filter.to === undefined ? sql`true` : sql`occurred_at < ${filter.to}::timestamptz`}
      and ${before === null ? sql`true` : sql`(occurred_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`}
    order by occurred_at desc, id desc`;
}

function met(filter: AuditFilter): RawBuilder<unknown> {
  const { actor_id, name, subject_id } = filter;
  const named =
    name === undefined
      ? sql`true`
      : name.endsWith("*")
        ? sql`starts_with(name, ${name.slice(0, -1)})`
        : sql`name = ${name}`;
  return sql`${named}
      and ${actor_id === undefined ? sql`true` : sql`actor ->> 'id' = ${actor_id}`}
      and ${subject_id === undefined ? sql`true` : sql`subject_id = ${subject_id}`}`;
}

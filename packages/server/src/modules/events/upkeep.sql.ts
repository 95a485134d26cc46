/** What is let go by its age, in parts that commit. */
import { sql } from "kysely";
import type { Ctx, Database } from "../../kernel/db.ts";

export interface Keeping {
  workspace_id: string;
  keep_months: number;
}

export async function selectKeeping(db: Database): Promise<Keeping[]> {
  return db.acrossWorkspaces(async (tx) => {
    const { rows } = await sql<Keeping>`
      select workspace_id, keep_months from event_setting
      where keep_months is not null
      order by workspace_id`.execute(tx);
    return rows;
  });
}

/** Reported events from before this time; their counts stay. How many went. */
export async function deleteReported(ctx: Ctx, before: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ gone: number }>`
    with old as (
      select occurred_at, id
      from event
      where workspace_id = ${ctx.workspace_id} and occurred_at < ${before}::timestamptz and lead_id is not null
        and name in (select name from event_name where workspace_id = ${ctx.workspace_id} and count > 0)
      order by occurred_at
      limit ${limit}
    ), gone as (
      delete from event using old
      where event.workspace_id = ${ctx.workspace_id} and event.occurred_at = old.occurred_at and event.id = old.id
      returning 1
    )
    select count(*)::int as gone from gone`.execute(ctx.db);
  return rows[0]?.gone ?? 0;
}

export async function selectWithSeen(db: Database, before: Date): Promise<string[]> {
  return db.acrossWorkspaces(async (tx) => {
    const { rows } = await sql<{ workspace_id: string }>`
      select distinct workspace_id from event_seen where seen_at < ${before}::timestamptz`.execute(tx);
    return rows.map((row) => row.workspace_id);
  });
}

/** Senders' ids from before this time. How many went. */
export async function forgetSeen(ctx: Ctx, before: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ gone: number }>`
    with gone as (
      delete from event_seen
      where workspace_id = ${ctx.workspace_id} and key in (
        select key from event_seen
        where workspace_id = ${ctx.workspace_id} and seen_at < ${before}::timestamptz
        limit ${limit})
      returning 1
    )
    select count(*)::int as gone from gone`.execute(ctx.db);
  return rows[0]?.gone ?? 0;
}

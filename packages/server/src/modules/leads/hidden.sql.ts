/** Leads out of the lists until something happens that no member did. */
import { sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";
import { counted, keepCounts } from "./counts.sql.ts";

/** False: it was so already. */
export async function setHidden(ctx: Ctx, id: string, at: Date | null): Promise<boolean> {
  const { rows } = await sql`
    with changed as (
      update lead set hidden_at = ${at}::timestamptz, updated_at = now(), revision = revision + 1
      where workspace_id = ${ctx.workspace_id} and id = ${id} and (hidden_at is null) = ${at !== null}
      returning new.id, ${counted}
    ), ${keepCounts(ctx, "changed")}
    select id from changed`.execute(ctx.db);
  return rows.length > 0;
}

/** Of these leads, those that were hidden before their event are so no longer. Answers which. */
export async function reappear(ctx: Ctx, active: { lead_id: string; at: Date }[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with hidden as materialized (
      select lead.id
      from lead
      join (
        select lead_id, max(at) as at
        from unnest(${active.map(({ lead_id }) => lead_id)}::uuid[], ${active.map(({ at }) => at.toISOString())}::timestamptz[]) active(lead_id, at)
        group by lead_id
      ) active on active.lead_id = lead.id
      where lead.workspace_id = ${ctx.workspace_id} and lead.hidden_at < active.at
      order by lead.id
      for update of lead
    ), shown as (
      update lead set hidden_at = null, updated_at = now(), revision = revision + 1
      from hidden
      where lead.workspace_id = ${ctx.workspace_id} and lead.id = hidden.id
      returning lead.id, ${counted}
    ), ${keepCounts(ctx, "shown")}
    select id from shown`.execute(ctx.db);
  return rows.map((row) => row.id);
}

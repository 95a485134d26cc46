import { sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";

/**
 * Says when leads were made and last changed, for a history that is written after the fact (the demo workspace): else
 * everybody would be of today. Leaves the revision alone, since nothing that people see as a value changes.
 */
export async function dateLeads(
  ctx: Ctx,
  lead_ids: string[],
  times: { created_at?: Date; updated_at: Date },
): Promise<void> {
  await sql`
    update lead
    set created_at = coalesce(${times.created_at ?? null}::timestamptz, created_at), updated_at = ${times.updated_at}::timestamptz
    where workspace_id = ${ctx.workspace_id}::uuid and id = any(${lead_ids}::uuid[])`.execute(ctx.db);
}

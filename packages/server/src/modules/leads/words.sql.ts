import { sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";

/** What of a lead is searched and is no contact detail. */
export const openText = sql`concat_ws(' ', lead.first_name, lead.last_name, lead.company, lead.job_title, lead.external_id)`;

/**
 * Refreshes what words find these leads, by set. E.164 holds a number's digits in one piece, so a number typed in any
 * notation is found by its digits.
 */
export async function refreshWords(ctx: Ctx, lead_ids: string[]): Promise<void> {
  await sql`
    insert into lead_search (workspace_id, lead_id, words)
    select workspace_id, id, app.folded(${openText} || concat_ws(' ', '', email, phone))
    from lead
    where workspace_id = ${ctx.workspace_id} and id = any(${lead_ids}::uuid[])
    order by id
    on conflict (workspace_id, lead_id) do update set words = excluded.words
    where lead_search.words is distinct from excluded.words`.execute(ctx.db);
}

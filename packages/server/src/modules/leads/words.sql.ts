import { sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";

/**
 * Refreshes what words find these leads, by set. E.164 holds a number's digits in one piece, so a number typed in any
 * notation is found by its digits.
 */
export async function refreshWords(ctx: Ctx, lead_ids: string[]): Promise<void> {
  await sql`
    insert into lead_search (workspace_id, lead_id, words)
    select workspace_id, id, app.folded(concat_ws(' ', first_name, last_name, email, phone, company, job_title, external_id))
    from lead
    where workspace_id = ${ctx.workspace_id} and id = any(${lead_ids}::uuid[])
    order by id
    on conflict (workspace_id, lead_id) do update set words = excluded.words
    where lead_search.words is distinct from excluded.words`.execute(ctx.db);
}

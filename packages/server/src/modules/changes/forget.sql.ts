/** What bulk changes keep of single leads, told and forgotten. */
import { sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";
import { redact } from "../../kernel/redact.ts";
import type { Traces } from "../leads/index.ts";

export interface ChangedCell {
  change_set_id: string;
  summary: string;
  field: string;
  from: unknown;
  to: unknown;
  at: Date;
}

export async function countCells(ctx: Ctx, lead_ids: string[]): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from lead_change
    where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[])`.execute(ctx.db);
  return rows[0]?.count ?? 0;
}

/** The cells that bulk changes overwrote, oldest first. */
export async function selectCells(ctx: Ctx, lead_ids: string[]): Promise<ChangedCell[]> {
  const { rows } = await sql<ChangedCell>`
    select c.change_set_id, s.summary, c.field, c.old as from, c.new as to, s.created_at as at
    from lead_change c
    join change_set s on s.workspace_id = c.workspace_id and s.id = c.change_set_id
    where c.workspace_id = ${ctx.workspace_id} and c.lead_id = any(${lead_ids}::uuid[])
    order by s.created_at, c.change_set_id, c.field`.execute(ctx.db);
  return rows;
}

/** A change that is undone later leaves them out, like any lead that is gone. */
export async function forgetInChanges(ctx: Ctx, { lead_ids, addresses }: Traces): Promise<void> {
  await sql`
    delete from lead_change
    where workspace_id = ${ctx.workspace_id} and lead_id = any(${lead_ids}::uuid[])`.execute(ctx.db);
  // Of a merge that was undone since, the other lead's cells hold what it had of these.
  await sql`
    delete from lead_change using change_set s
    where lead_change.workspace_id = ${ctx.workspace_id} and s.workspace_id = ${ctx.workspace_id} and s.kind = 'merge'
      and (s.edit ->> 'lead_id' = any(${lead_ids}::text[]) or s.edit ->> 'other_id' = any(${lead_ids}::text[]))
      and lead_change.change_set_id = s.id`.execute(ctx.db);
  await redact(ctx, "change_set", { text: ["summary"], json: ["asked", "edit"] }, addresses);
}

import { sql } from "kysely";
import * as z from "zod";
import type { Ctx } from "../../kernel/db.ts";

const Explained = z.tuple([z.object({ Plan: z.object({ "Plan Rows": z.number() }) })]);
const few = 500;
const many = 2000;

/**
 * Makes sure that the planner knows of this workspace's leads. While statistics don't name a workspace (its first
 * thousands of leads are a minute old), the planner takes it for a single row, and then every index that begins with
 * the workspace looks as good as the one on the e-mail: a chunk of 25,000 took minutes instead of a second.
 */
export async function knowLeads(ctx: Ctx): Promise<void> {
  const expected = await sql<{ "QUERY PLAN": unknown }>`
    explain (format json) select from lead where workspace_id = ${sql.lit(ctx.workspace_id)}`.execute(ctx.db);
  const plan = Explained.parse(expected.rows[0]?.["QUERY PLAN"]);
  if (plan[0].Plan["Plan Rows"] >= few) return;
  const { rows } = await sql<{ there: number }>`
    select count(*) as there from (select from lead where workspace_id = ${ctx.workspace_id} limit ${many}) first`.execute(
    ctx.db,
  );
  if ((rows[0]?.there ?? 0) >= many) await sql`analyze lead`.execute(ctx.db);
}

import { type RawBuilder, sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";

/** The next of the leads that any of these queries finds, in the order of their ids. */
export async function selectPassed(
  ctx: Ctx,
  queries: RawBuilder<unknown>[],
  after: string | null,
  limit: number,
): Promise<string[]> {
  // Found first and put in order then: with a limit, the planner would walk all leads by their ids to save the sorting.
  const { rows } = await sql<{ id: string }>`
    with passed as materialized (${sql.join(queries, sql` union all `)})
    select distinct id from passed
    ${after === null ? sql`` : sql`where id > ${after}::uuid`}
    order by id
    limit ${limit}`.execute(ctx.db);
  return rows.map((row) => row.id);
}

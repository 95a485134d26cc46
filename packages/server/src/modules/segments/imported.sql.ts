import { sql } from "kysely";
import type { Ctx } from "../../kernel/db.ts";

/** The next leads by their ids, and whether the import made them; or those of whom it changed something. */
export async function selectImported(
  ctx: Ctx,
  asked: { import_id: string; kind: "made" | "touched"; after: string },
  limit: number,
): Promise<{ id: string; theirs: boolean }[]> {
  const leads =
    asked.kind === "made"
      ? sql`
        select id, import_id = ${asked.import_id}::uuid as theirs from lead
        where workspace_id = ${ctx.workspace_id} and id > ${asked.after}::uuid`
      : sql`
        select distinct lead_id as id, true as theirs from lead_change
        where workspace_id = ${ctx.workspace_id} and change_set_id = ${asked.import_id}::uuid and lead_id > ${asked.after}::uuid`;
  const { rows } = await sql<{
    id: string;
    theirs: boolean | null;
  }>`${leads} order by id limit ${limit}`.execute(ctx.db);
  return rows.map(({ id, theirs }) => ({ id, theirs: theirs === true }));
}

import type { Stage } from "@bellwether/contracts/leads";
import type { Ctx } from "../../kernel/db.ts";

export async function insertStages(ctx: Ctx, stages: Stage[]): Promise<void> {
  await ctx.db
    .insertInto("stage")
    .values(stages.map((stage) => ({ workspace_id: ctx.workspace_id, ...stage })))
    .execute();
}

export async function selectStages(ctx: Ctx) {
  return ctx.db
    .selectFrom("stage")
    .select(["key", "name", "colour", "kind", "position"])
    .where("workspace_id", "=", ctx.workspace_id)
    .orderBy("position")
    .execute();
}

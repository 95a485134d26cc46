import type { BoardColumn, BoardQuery } from "@bellwether/contracts/board";
import type { Ctx } from "../../kernel/db.ts";
import { invalid } from "../../kernel/problems.ts";
import { findColumns, selectLeads } from "../leads/index.ts";
import { listStages, unknownStage } from "../stages/index.ts";

/** All columns, or more of one. */
export async function showBoard(ctx: Ctx, query: BoardQuery): Promise<{ columns: BoardColumn[] }> {
  const stages = await stagesOf(ctx, query);
  const found = await findColumns(ctx, { ...query, stages });
  const leads = await selectLeads(
    ctx,
    found.flatMap((column) => column.ids),
  );
  const by_id = new Map(leads.map((lead) => [lead.id, lead]));
  return {
    columns: found.map(({ ids, ...column }) => ({
      ...column,
      leads: ids.flatMap((id) => by_id.get(id) ?? []),
    })),
  };
}

async function stagesOf(ctx: Ctx, query: BoardQuery): Promise<string[]> {
  const stages = await listStages(ctx);
  const { stage, cursor } = query;
  if (stage === undefined) {
    if (cursor !== undefined) {
      throw invalid([
        {
          path: "stage",
          code: "required",
          message: "Say with `stage` which column the cursor goes on with.",
        },
      ]);
    }
    return stages.map((each) => each.key);
  }
  if (!stages.some((each) => each.key === stage)) {
    throw invalid([unknownStage("stage", stage, stages)]);
  }
  return [stage];
}

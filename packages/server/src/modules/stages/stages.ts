import { Stage } from "@bellwether/contracts/leads";
import type { Ctx } from "../../kernel/db.ts";
import { insertStages, selectStages } from "./stages.sql.ts";

/** Where a lead begins when nobody says otherwise. */
export const first_stage = "new";

const defaults: [key: string, name: string, colour: string, kind: Stage["kind"]][] = [
  ["new", "New", "#64748b", "open"],
  ["contacted", "Contacted", "#2f6fb0", "open"],
  ["qualifying", "Qualifying", "#7a5cb8", "open"],
  ["qualified", "Qualified", "#0f7b6c", "open"],
  ["follow_up", "Follow-up", "#b26a00", "open"],
  ["converted", "Converted", "#2e7d32", "won"],
  ["lost", "Lost", "#b3383b", "lost"],
  ["archived", "Archived", "#7d7a75", "archived"],
];

export async function createDefaultStages(ctx: Ctx): Promise<void> {
  await insertStages(
    ctx,
    defaults.map(([key, name, colour, kind], position) => ({ key, name, colour, kind, position })),
  );
}

export async function listStages(ctx: Ctx): Promise<Stage[]> {
  return Stage.array().parse(await selectStages(ctx));
}

import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { listLostReasons, listStages, orderStages, saveLostReasons } from "../stages/index.ts";
import { createStage, removeStage, updateStage } from "./pipeline.ts";

/** Keeping the ids of all leads of a stage may read every lead. */
const timeout_ms = 60_000;

export const stagesApi: Implementation<typeof contract.stages> = {
  list: tenant(async (ctx) => ({ data: await listStages(ctx) })),
  create: tenant(createStage),
  update: tenant(updateStage),
  order: tenant(orderStages),
  remove: (call, input) => call.tenant((ctx) => removeStage(ctx, input), { timeout_ms }),
};

export const lostReasonsApi: Implementation<typeof contract.lostReasons> = {
  list: tenant(listLostReasons),
  save: tenant(saveLostReasons),
};

import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { listStages } from "./stages.ts";

export const stagesApi: Implementation<typeof contract.stages> = {
  list: tenant(async (ctx) => ({ data: await listStages(ctx) })),
};

import type { Home } from "@bellwether/contracts/home";
import type { Ctx } from "../../kernel/db.ts";
import { selectLeads } from "../leads/index.ts";
import { listStages } from "../stages/index.ts";
import { countMine, selectNewest, selectOverdue } from "./home.sql.ts";

export async function showHome(ctx: Ctx, { scope }: { scope: "mine" | "all" }): Promise<Home> {
  const stages = await listStages(ctx);
  const mine = await countMine(ctx);
  const overdue = await selectOverdue(ctx, scope);
  const newest = await selectNewest(ctx);
  const leads = await selectLeads(ctx, [...overdue.ids, ...newest]);
  const seen = new Map(leads.map((lead) => [lead.id, lead]));
  const those = (ids: string[]) => ids.flatMap((id) => seen.get(id) ?? []);
  return {
    mine: stages.map(({ key }) => ({ stage: key, count: mine.get(key) ?? 0 })),
    overdue: { count: overdue.count, leads: those(overdue.ids) },
    newest: those(newest),
  };
}

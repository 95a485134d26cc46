import type { Lead, LeadQuery } from "@bellwether/contracts/leads";
import { type Ctx, scan } from "../../kernel/db.ts";
import { matchingFew } from "./find.ts";
import { selectMatching } from "./recheck.sql.ts";
import { selectLeads } from "./rows.sql.ts";

/** For a list that is on somebody's screen while others work on it: its rows are judged again, and none of them moves. */
export async function recheckLeads(
  ctx: Ctx,
  { lead_ids, ...query }: Pick<LeadQuery, "rule" | "q"> & { lead_ids: string[] },
): Promise<{ data: Lead[]; matching: string[] }> {
  const ids = [...new Set(lead_ids)];
  const condition = await matchingFew(ctx, query);
  const matching = await scan(ctx, () => selectMatching(ctx, condition, ids));
  return { data: await selectLeads(ctx, ids), matching };
}

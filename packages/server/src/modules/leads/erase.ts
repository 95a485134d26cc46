/** Leads erased for good, as far as this module keeps them; what others keep of them is theirs (modules/privacy). */
import type { Ctx } from "../../kernel/db.ts";
import { emitMany, eraseEvents } from "../../kernel/events.ts";
import { forgetAnswers } from "../../kernel/idempotency.ts";
import { forgetMerges } from "./merge.sql.ts";
import { forgetSeen } from "./seen.sql.ts";
import { deleteLeads, selectAddresses, selectImportsOf } from "./erase.sql.ts";

/** What others may have kept of leads that are to be erased. */
export interface Traces {
  /** With all that were merged into them. */
  lead_ids: string[];
  /** E-mail addresses and numbers that they have or had, and nobody else has. */
  addresses: string[];
  import_ids: string[];
}

export async function tracesOf(ctx: Ctx, lead_ids: string[]): Promise<Traces> {
  return {
    lead_ids,
    addresses: await selectAddresses(ctx, lead_ids),
    import_ids: await selectImportsOf(ctx, lead_ids),
  };
}

/** The caller has locked them. What stays is that there was a lead, who erased it, and when. */
export async function eraseLeads(ctx: Ctx, traces: Traces, reason: "asked" | "bin"): Promise<void> {
  const { lead_ids, addresses, import_ids } = traces;
  await forgetMerges(ctx, lead_ids);
  await eraseEvents(ctx, lead_ids, addresses);
  // What lay in the bin for its time was in no answer of the last day, which is how long they are kept.
  if (reason === "asked") {
    await forgetAnswers(ctx, [...lead_ids, ...addresses]);
  }
  await forgetSeen(ctx, lead_ids);
  await deleteLeads(ctx, lead_ids);
  await emitMany(
    ctx,
    lead_ids.map((lead_id) => ({ name: "lead.erased", lead_id, data: { reason, import_ids } })),
  );
}

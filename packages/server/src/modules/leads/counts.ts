/** How many leads stand in each stage: kept by every statement that changes it, folded now and then, counted again daily. */
import { systemActor } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx, Database } from "../../kernel/db.ts";
import { foldCounts, recount, selectCounts, selectUnfolded, selectWorkspaces } from "./counts.sql.ts";

/** Adding up so many differences takes a millisecond or two. */
const unfolded_max = 2_000;
/** In UTC; the upkeep comes by every hour. */
const recount_hour = 3;

/** All that the actor may see in each stage, hidden ones aside: exactly, whatever the number. */
export async function countStages(ctx: Ctx): Promise<Map<string, number>> {
  const { stages, unfolded } = await selectCounts(ctx);
  if (unfolded > unfolded_max) {
    await foldCounts(ctx);
  }
  return stages;
}

/** Fails loudly, after repairing, where a kept count was not what counting says: some statement forgot it. */
export async function keepCountsInOrder(db: Database, stopping: AbortSignal): Promise<void> {
  const recounts = now().getUTCHours() === recount_hour;
  const wrong: unknown[] = [];
  for (const workspace_id of recounts ? await selectWorkspaces(db) : await selectUnfolded(db)) {
    if (stopping.aborted) break;
    const keep = async (ctx: Ctx) => {
      const drift = recounts ? await recount(ctx) : [];
      await foldCounts(ctx);
      return drift;
    };
    // oxlint-disable-next-line no-await-in-loop -- one after the other: nobody waits for it
    const drift = await db.tenant(systemActor(workspace_id), keep, { timeout_ms: 0 });
    if (drift.length > 0) wrong.push({ workspace_id, drift });
  }
  if (wrong.length > 0) {
    throw new Error(`kept counts of leads were wrong and have been repaired: ${JSON.stringify(wrong)}`);
  }
}

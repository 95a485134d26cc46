import { systemActor } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx, Database } from "../../kernel/db.ts";
import { deleteReported, forgetSeen, selectKeeping, selectWithSeen } from "./upkeep.sql.ts";

const step = 10_000;
/** Who sends an event again does so within days; so long its id is known. */
const seen_days = 60;

/** Hourly: reported events that are older than a workspace keeps them, and senders' ids that nobody sends again. */
export async function keepInBounds(db: Database, stopping: AbortSignal): Promise<void> {
  const today = Temporal.Instant.fromEpochMilliseconds(now().getTime()).toZonedDateTimeISO("UTC");
  for (const { workspace_id, keep_months } of await selectKeeping(db)) {
    const before = new Date(today.subtract({ months: keep_months }).epochMilliseconds);
    // oxlint-disable-next-line no-await-in-loop -- workspace by workspace
    await inSteps(db, workspace_id, stopping, (ctx) => deleteReported(ctx, before, step));
  }
  const forgotten = new Date(today.subtract({ days: seen_days }).epochMilliseconds);
  for (const workspace_id of await selectWithSeen(db, forgotten)) {
    // oxlint-disable-next-line no-await-in-loop -- workspace by workspace
    await inSteps(db, workspace_id, stopping, (ctx) => forgetSeen(ctx, forgotten, step));
  }
}

async function inSteps(
  db: Database,
  workspace_id: string,
  stopping: AbortSignal,
  work: (ctx: Ctx) => Promise<number>,
): Promise<void> {
  let gone = step;
  while (gone === step && !stopping.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- short transactions: a long one would hold every reader back
    gone = await db.tenant(systemActor(workspace_id), work, { timeout_ms: 60_000, async_commit: true });
  }
}

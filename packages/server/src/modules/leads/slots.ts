/** What becomes of leads when a field is made fast, or isn't any more. */
import { type Ctx, type Database, earlierOnesOver, settleIndexes } from "../../kernel/db.ts";
import { enqueue, type Job, type JobCtx } from "../../kernel/jobs.ts";
import { systemActor } from "../../kernel/access.ts";
import {
  advanceSlotWork,
  beginSlotWork,
  finishSlotWork,
  lockSlotWork,
  selectUnprepared,
} from "../fields/index.ts";
import { countAll, writeSlot } from "./slots.sql.ts";

const step = 5_000;
const before_all = "00000000-0000-0000-0000-000000000000";
/** From so many written values on, the planner is told at once what is in the index by now. */
const settle_leads_min = 20_000;

/**
 * In short transactions, each of which commits with how far it is. It begins when all transactions are over that are
 * older than the switch: until then somebody may write leads without knowing of it. What is written meanwhile is
 * mirrored by its writer.
 */
export async function prepare(job: JobCtx, key: string): Promise<void> {
  let written = 0;
  for (;;) {
    job.signal.throwIfAborted();
    // oxlint-disable-next-line no-await-in-loop -- step by step: a long transaction would hold every reader back
    const done = await job.db.tenant(job.actor, (ctx) => nextStep(ctx, key), { timeout_ms: 0 });
    if (done === "over") break;
    if (done === "wait") {
      // oxlint-disable-next-line no-await-in-loop -- once
      await earlierOnesOver(job.db, job.signal);
      // oxlint-disable-next-line no-await-in-loop -- once
      await job.db.tenant(job.actor, (ctx) => begin(ctx, key));
    } else {
      written += done;
    }
  }
  if (written >= settle_leads_min) await settleIndexes(job.db, "lead");
}

async function nextStep(ctx: Ctx, key: string): Promise<number | "wait" | "over"> {
  const work = await lockSlotWork(ctx, key);
  if (work === null) {
    return "over";
  }
  if (work.total === null) {
    return "wait";
  }
  const { last, looked_at, written } = await writeSlot(ctx, work, work.after ?? before_all, step);
  if (last === null) {
    await finishSlotWork(ctx, work);
    return "over";
  }
  await advanceSlotWork(ctx, key, last, looked_at);
  return written;
}

async function begin(ctx: Ctx, key: string): Promise<void> {
  const work = await lockSlotWork(ctx, key);
  if (work !== null && work.total === null) {
    await beginSlotWork(ctx, key, await countAll(ctx));
  }
}

/** Begins with the fields that an update of the program made fast. */
export async function beginPreparing(db: Database, job: Job<{ key: string }>): Promise<void> {
  for (const { workspace_id, key } of await selectUnprepared(db)) {
    // oxlint-disable-next-line no-await-in-loop -- once after an update
    await db.tenant(systemActor(workspace_id), (ctx) => enqueuePreparing(ctx, job, key));
  }
}

export async function enqueuePreparing(ctx: Ctx, job: Job<{ key: string }>, key: string): Promise<void> {
  await enqueue(ctx, job, { key }, { key: `leads.prepare_field:${ctx.workspace_id}:${key}` });
}

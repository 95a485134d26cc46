import * as z from "zod";
import { systemActor } from "../../kernel/access.ts";
import { type Database, earlierOnesOver } from "../../kernel/db.ts";
import { emitMany } from "../../kernel/events.ts";
import { defineJob, enqueue } from "../../kernel/jobs.ts";
import { fieldSlot, forgetField } from "../fields/index.ts";
import { prepare } from "./slots.ts";
import { refreshAll, refreshSome, selectUnrefreshed } from "./word-refresh.sql.ts";
import { clearAttribute, unassignBinned } from "./write.sql.ts";

const step = 5_000;
const words_step = 2_000;
const before_all = "00000000-0000-0000-0000-000000000000";

/** Takes a deleted field's values from the leads, in short transactions; then its key and its slot are free. Safe to run again. */
export const clearField = defineJob({
  name: "leads.clear_field",
  input: z.object({ key: z.string() }),
  run: async (job, { key }) => {
    // Who saw the field before it was deleted may still be writing values of it.
    await earlierOnesOver(job.db, job.signal);
    const column = await job.db.tenant(job.actor, (ctx) => fieldSlot(ctx, key));
    let after: string | undefined = before_all;
    while (after !== undefined && !job.signal.aborted) {
      const from: string = after;
      // oxlint-disable-next-line no-await-in-loop -- step by step: a long transaction would hold every reader back
      after = await job.db.tenant(job.actor, (ctx) => clearAttribute(ctx, { key, column }, from, step));
    }
    if (job.signal.aborted) {
      throw new Error("stopped in the middle; goes on at the next try");
    }
    await job.db.tenant(job.actor, (ctx) => forgetField(ctx, key));
  },
});

/** Fills the slot of a field that was made fast, or empties that of one that isn't any more. Goes on where it was. */
export const prepareField = defineJob({
  name: "leads.prepare_field",
  input: z.object({ key: z.string() }),
  run: (job, { key }) => prepare(job, key),
});

/** What lies in the bin of members who left comes back as nobody's; what doesn't is handed on as a change. */
export const unassign = defineJob({
  name: "leads.unassign",
  input: z.object({ owner_ids: z.array(z.string()) }),
  run: async (job, { owner_ids }) => {
    let freed = step;
    while (freed === step) {
      // oxlint-disable-next-line no-await-in-loop -- step by step
      freed = await job.db.tenant(job.actor, async (ctx) => {
        const leads = await unassignBinned(ctx, owner_ids, step);
        await emitMany(
          ctx,
          leads.map(({ id, owner_id }) => ({
            name: "lead.assigned",
            lead_id: id,
            data: { from: owner_id, to: null },
          })),
        );
        return leads.length;
      });
    }
  },
});

/** Looks through the leads whose words are not what they should be. Each step commits with where to go on. */
export const refreshAllWords = defineJob({
  name: "leads.refresh_words",
  input: z.object({}),
  run: async (job) => {
    for (let more = true; more;) {
      job.signal.throwIfAborted();
      // oxlint-disable-next-line no-await-in-loop -- step by step: a long transaction would hold every reader back
      more = await job.db.tenant(job.actor, (ctx) => refreshSome(ctx, words_step), {
        timeout_ms: 0,
        async_commit: true,
      });
    }
  },
});

/** Begins with the leads whose words an older version made. */
export async function refreshOldWords(db: Database): Promise<void> {
  for (const workspace_id of await selectUnrefreshed(db)) {
    // oxlint-disable-next-line no-await-in-loop -- once after an upgrade
    await db.tenant(systemActor(workspace_id), async (ctx) => {
      await refreshAll(ctx);
      await enqueue(ctx, refreshAllWords, {}, { key: `leads.refresh_words:${workspace_id}` });
    });
  }
}

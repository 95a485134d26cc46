import * as z from "zod";
import { defineJob, passes } from "../../kernel/jobs.ts";
import { ProblemError } from "../../kernel/problems.ts";
import type { Work } from "./changes.ts";
import { failChange, goOn } from "./run.ts";

/**
 * Does what the change set's state asks for: writes or undoes. What passes (a deadlock, a database that restarts, a
 * worker told to stop) is tried again by the queue and goes on where it was; anything else would fail again.
 */
export const work: Work = defineJob({
  name: "changes.work",
  input: z.object({ change_set_id: z.string() }),
  run: async (job, input) => {
    try {
      await goOn(job, input.change_set_id);
    } catch (error) {
      if (job.signal.aborted || passes(error)) throw error;
      job.log.error({ error, change_set_id: input.change_set_id }, "a bulk change failed");
      const sentence = error instanceof ProblemError ? error.message : "Something went wrong on our side.";
      await failChange(job, input.change_set_id, sentence);
    }
  },
  giveUp: (job, input) =>
    failChange(job, input.change_set_id, "It was begun again and again, and never came to its end."),
});

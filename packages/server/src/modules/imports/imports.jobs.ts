import * as z from "zod";
import { defineJob, type Job, type JobCtx, passes } from "../../kernel/jobs.ts";
import { ProblemError } from "../../kernel/problems.ts";
import { checkRows } from "./check.ts";
import { forgetFiles } from "./forget.ts";
import type { Work, WorkInput, WorkRef } from "./imports.ts";
import { aloneWith } from "./imports.sql.ts";
import { failImport, writeRows } from "./run.ts";
import { fillSearch } from "./upkeep.ts";

const Ref: z.ZodType<WorkRef> = z.object({ import_id: z.string(), attempt: z.string() });

export interface ImportJobs {
  check: Work;
  run: Work;
  search: Work;
  forget: Job<{ import_ids: string[] }>;
}

/** The jobs of a worker whose files are in `data_dir`. */
export function importJobs(data_dir: string): ImportJobs {
  const search: Work = defineJob({ name: "imports.search", input: Ref, run: fillSearch });
  const check: Work = defineJob({
    name: "imports.check",
    input: Ref,
    run: (job, ref) => orFail(job, { ...ref, data_dir }, (input) => checkRows(job, input)),
    giveUp,
  });
  const run: Work = defineJob({
    name: "imports.run",
    input: Ref,
    run: (job, ref) => orFail(job, { ...ref, data_dir }, (input) => writeRows(job, input, search)),
    giveUp,
  });
  const forget = defineJob({
    name: "imports.forget",
    input: z.object({ import_ids: z.array(z.string()) }),
    run: (job, { import_ids }) => forgetFiles(job, import_ids, data_dir),
  });
  return { check, run, search, forget };
}

/**
 * What passes (a database that restarts, a worker told to stop) is tried again by the queue and goes on where it was;
 * anything else would fail again the same way, so the import says so instead of hanging.
 */
async function orFail(
  job: JobCtx,
  input: WorkInput,
  work: (input: WorkInput) => Promise<void>,
): Promise<void> {
  try {
    const alone = await aloneWith(job.db, input.import_id, () => work(input));
    // Tried again later: by then the other one is done, or dead.
    if (!alone) throw new Busy(`import ${input.import_id} is being worked on elsewhere`);
  } catch (error) {
    if (job.signal.aborted || error instanceof Busy || passes(error)) throw error;
    job.log.error({ error, import_id: input.import_id }, "an import failed");
    const sentence =
      error instanceof ProblemError
        ? error.message
        : missingFile(error)
          ? "The uploaded file is no longer there. Upload it again."
          : "Something went wrong on our side. What was written so far stays; map the columns and run it again.";
    await failImport(job.db, job, input, sentence);
  }
}

class Busy extends Error {}

function giveUp(job: JobCtx, ref: WorkRef): Promise<void> {
  const sentence =
    "It was begun again and again, and never came to its end. What was written so far stays; try it with a smaller file.";
  return failImport(job.db, job, ref, sentence);
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}

function missingFile(error: unknown): boolean {
  return codeOf(error) === "ENOENT";
}

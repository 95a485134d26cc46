/** What is kept of a file after its import, forgotten because somebody in it was erased. */
import { rm } from "node:fs/promises";
import type { JobCtx } from "../../kernel/jobs.ts";
import { filePath } from "./files.ts";
import { forgetSamples, selectImport } from "./imports.sql.ts";

/** The file, and every value of it that is shown as a sample or as refused. How many rows did what stays. */
export async function forgetFiles(job: JobCtx, import_ids: string[], data_dir: string): Promise<void> {
  for (const id of import_ids) {
    // oxlint-disable-next-line no-await-in-loop -- a lead came with one or two
    const row = await job.db.tenant(job.actor, (ctx) => selectImport(ctx, id));
    if (row === null) continue;
    // Its work needs the file; the queue tries again later.
    if (row.state === "checking" || row.state === "running") throw new Error("the import is still going on");
    // oxlint-disable-next-line no-await-in-loop
    await rm(filePath(data_dir, job.actor.workspace_id, id), { force: true });
    // oxlint-disable-next-line no-await-in-loop
    await job.db.tenant(job.actor, (ctx) => forgetSamples(ctx, id));
  }
}

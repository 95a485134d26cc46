import * as z from "zod";
import { defineJob } from "../../kernel/jobs.ts";
import type { ExportJobs } from "./exports.ts";
import { expireExport, giveUp, writeOrFail } from "./run.ts";

const Ref = z.object({ export_id: z.string() });

/** The jobs of a worker whose files are in `data_dir`. */
export function exportJobs(data_dir: string): ExportJobs {
  const expire = defineJob({
    name: "exports.expire",
    input: Ref,
    run: (job, { export_id }) => expireExport(job, export_id, data_dir),
  });
  const write = defineJob({
    name: "exports.write",
    input: Ref,
    run: (job, { export_id }) => writeOrFail(job, export_id, data_dir, expire),
    giveUp: (job, { export_id }) => giveUp(job, export_id, data_dir),
  });
  return { write, expire };
}

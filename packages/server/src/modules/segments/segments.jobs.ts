import * as z from "zod";
import { defineJob } from "../../kernel/jobs.ts";
import { buildAll, type Work } from "./build.ts";
import { followImport, type ImportWork } from "./imported.ts";

export const buildJob: Work = defineJob({
  name: "segments.build",
  input: z.record(z.string(), z.never()),
  run: buildAll,
});

export const importedJob: ImportWork = defineJob({
  name: "segments.imported",
  input: z.object({ import_id: z.string() }),
  run: followImport,
});

import * as z from "zod";
import { defineJob } from "../../kernel/jobs.ts";
import { build, type Work } from "./build.ts";

export const buildJob: Work = defineJob({
  name: "duplicates.build",
  input: z.record(z.string(), z.never()),
  run: (job) => build(job),
});

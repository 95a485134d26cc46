/**
 * Exports: all leads that match, written to a file behind the request, to be downloaded for a week.
 * Owns: export. Emits: export.created, export.finished, export.failed, export.downloaded. Hears: nothing.
 * Leaves to others: which leads match and what they look like (leads), reading such a file (imports).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { exportsApi } from "./exports.api.ts";
import { exportJobs } from "./exports.jobs.ts";

export { countExports, forgetInExports } from "./exports.sql.ts";

export function exports(data_dir: string): Module {
  const jobs = exportJobs(data_dir);
  return {
    name: "exports",
    endpoints: endpointsOf(contract.exports, exportsApi(jobs), ["exports"]),
    jobs: [jobs.write, jobs.expire],
    reactions: [],
  };
}

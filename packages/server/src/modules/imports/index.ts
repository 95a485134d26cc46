/**
 * Imports: files of people into leads, with a dry run over every row before anything is written.
 * Owns: import, import_refusal, the tables of schema staging. Emits: import.uploaded, import.checked, import.started,
 * import.cancelled, import.finished, import.failed, import.discarded. Writes leads by set (merge*.sql.ts), the one
 * exception to "a table is written by its owner": a million leads can't pass through a verb for one.
 * Hears: lead.erased (the files it came with). Leaves to others: what a field is (fields), what words find a lead (leads).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { importsApi } from "./imports.api.ts";
import { importJobs } from "./imports.jobs.ts";
import { importReactions } from "./imports.reacts.ts";
import { sweepStaging } from "./upkeep.ts";

export { importJobs } from "./imports.jobs.ts";
export { uploadImport } from "./upload.ts";
export { mapImport, runImport, showImport } from "./imports.ts";

export function imports(data_dir: string): Module {
  const jobs = importJobs(data_dir);
  return {
    name: "imports",
    endpoints: endpointsOf(contract.imports, importsApi(jobs), ["imports"]),
    jobs: Object.values(jobs),
    reactions: importReactions(jobs),
    upkeep: sweepStaging,
  };
}

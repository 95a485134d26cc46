/**
 * Imports: files of people into leads, with a dry run over every row before anything is written.
 * Owns: import, import_refusal, the tables of schema staging. Emits: import.uploaded, import.checked, import.started,
 * import.cancelled, import.finished, import.failed, import.discarded. Writes leads by set (merge*.sql.ts), the one
 * exception to "a table is written by its owner": a million leads can't pass through a verb for one.
 * Hears: nothing. Leaves to others: what a field is (fields), what words find a lead (leads).
 */
import { contract } from "@bellwether/contracts";
import type { Database } from "../../kernel/db.ts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { importsApi } from "./imports.api.ts";
import { checkImportJob, runImportJob, searchImportJob, sweepImportsJob } from "./imports.jobs.ts";
import { resumeImports } from "./upkeep.ts";

export const imports: Module = {
  name: "imports",
  endpoints: endpointsOf(contract.imports, importsApi, ["imports"]),
  jobs: [checkImportJob, runImportJob, searchImportJob, sweepImportsJob],
  reactions: [],
};

/** For a worker that starts: goes on with what another one left, and drops staging tables nobody needs. */
export function resumeUnfinishedImports(db: Database): Promise<number> {
  return resumeImports(db, { check: checkImportJob, run: runImportJob });
}

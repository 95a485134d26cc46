/** What follows an import and what cleans up behind one. */
import { systemActor } from "../../kernel/access.ts";
import { type Database, settleIndexes } from "../../kernel/db.ts";
import { firstIdAt } from "../../kernel/ids.ts";
import type { JobCtx } from "../../kernel/jobs.ts";
import { refreshWords } from "../leads/index.ts";
import type { WorkRef } from "./imports.ts";
import { selectCreated, selectImport, selectStagingInUse } from "./imports.sql.ts";
import { SETTLE_ROWS_MIN } from "./run.ts";
import { dropStaging, selectStagingNames } from "./staging.sql.ts";

const SEARCH_BATCH = 5000;

/** Lets the new leads be found by words. Behind the import, since trigrams cost more than all other indexes together. */
export async function fillSearch(job: JobCtx, input: WorkRef): Promise<void> {
  const row = await job.db.tenant(job.actor, (ctx) => selectImport(ctx, input.import_id));
  if (row === null) return;
  // Leads of a run are younger than its import, so their ids begin with a later time; a day for clocks that differ.
  let after = firstIdAt(new Date(row.created_at.getTime() - 86_400_000));
  for (;;) {
    job.signal.throwIfAborted();
    const ids = await job.db.tenant(
      job.actor,
      async (ctx) => {
        const found = await selectCreated(ctx, row.id, after, SEARCH_BATCH);
        if (found.length > 0) await refreshWords(ctx, found);
        return found;
      },
      { timeout_ms: 0, async_commit: true },
    );
    const last = ids.at(-1);
    if (last === undefined) break;
    after = last;
  }
  if ((row.result?.created ?? 0) >= SETTLE_ROWS_MIN) await settleIndexes(job.db, "lead_search");
}

/** Drops staging tables that no import waits for any more: those of imports that are done, gone or never run. */
export async function sweepStaging(db: Database): Promise<void> {
  const used = await selectStagingInUse(db);
  const system = systemActor("00000000-0000-0000-0000-000000000000");
  const names = await db.tenant(system, selectStagingNames);
  const unused = names.filter((name) => ![...used].some((prefix) => name.startsWith(prefix)));
  for (const name of unused) await db.tenant(system, (ctx) => dropStaging(ctx, name));
}

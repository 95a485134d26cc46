/** The comparison of many leads at once, off the path of whatever brought them. */
import { systemActor } from "../../kernel/access.ts";
import type { Ctx, Database } from "../../kernel/db.ts";
import { firstIdAt, timeOfId } from "../../kernel/ids.ts";
import { enqueue, type Job, type JobCtx } from "../../kernel/jobs.ts";
import { advanceBuild, nextOfBuild, openBuild, selectUnbegunBuilds } from "./build.sql.ts";
import { compareLeads } from "./compare.sql.ts";

export type Work = Job<Record<string, never>>;

/** A transaction compares so many leads: about half a second. */
const part_leads = 2_000;
/** Leads of an import are younger than it, by their ids; an hour for clocks that differ. */
const clocks_differ_ms = 60 * 60 * 1000;

/** Part by part, each committed with how far it is. */
export async function build(job: JobCtx): Promise<void> {
  let more = true;
  while (more) {
    job.signal.throwIfAborted();
    // oxlint-disable-next-line no-await-in-loop -- part by part: a long transaction would hold every reader back
    more = await job.db.tenant(job.actor, buildPart, { timeout_ms: 0, async_commit: true });
  }
}

async function buildPart(ctx: Ctx): Promise<boolean> {
  const ids = await nextOfBuild(ctx, part_leads);
  if (ids.length > 0) {
    await compareLeads(ctx, ids);
  }
  await advanceBuild(ctx, ids.at(-1));
  return ids.length > 0;
}

/** An import's new leads have no events of their own; they are those whose ids are younger than it. */
export async function buildSince(ctx: Ctx, import_ids: string[], work: Work): Promise<void> {
  const started = Math.min(...import_ids.map((id) => timeOfId(id).getTime()));
  await openBuild(ctx, firstIdAt(new Date(started - clocks_differ_ms)));
  await enqueue(ctx, work, {}, { key: `duplicates:${ctx.workspace_id}` });
}

/** Begins with the leads that were there before leads were compared. */
export async function beginBuilds(db: Database, work: Work): Promise<void> {
  for (const workspace_id of await selectUnbegunBuilds(db)) {
    // oxlint-disable-next-line no-await-in-loop -- one short transaction a workspace, once after an update
    await db.tenant(systemActor(workspace_id), (ctx) =>
      enqueue(ctx, work, {}, { key: `duplicates:${workspace_id}` }),
    );
  }
}

/** Members held against their rules: a sample each night, repaired and told loudly where it differs. */
import { systemActor } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx, Database } from "../../kernel/db.ts";
import { selectSettledSample } from "./audit.sql.ts";
import { judge, knowSets } from "./judge.ts";
import type { Moved } from "./judge.sql.ts";
import { selectKeptWorkspaces } from "./sets.sql.ts";

/** In UTC; the upkeep comes by every hour. */
const audit_hour = 4;
const sample_leads = 2_000;

/** Fails loudly, after repairing, where members were not what their rules say: something was forgotten. */
export async function auditMembers(db: Database, stopping: AbortSignal): Promise<void> {
  if (now().getUTCHours() !== audit_hour) {
    return;
  }
  const wrong: { workspace_id: string; moved: Moved[] }[] = [];
  for (const workspace_id of await selectKeptWorkspaces(db)) {
    if (stopping.aborted) break;
    // oxlint-disable-next-line no-await-in-loop -- one after the other: nobody waits for it
    const moved = await db.tenant(systemActor(workspace_id), auditSample, { timeout_ms: 0 });
    if (moved.length > 0) wrong.push({ workspace_id, moved });
  }
  if (wrong.length > 0) {
    throw new Error(`members of segments were wrong and have been repaired: ${JSON.stringify(wrong)}`);
  }
}

/** Leads that something has happened to lately are left out: their reaction may be on its way. */
async function auditSample(ctx: Ctx): Promise<Moved[]> {
  const known = await knowSets(ctx, "passed");
  const lead_ids = await selectSettledSample(known.ctx, now(), sample_leads);
  const serving = known.sets.filter((set) => set.state === "serving" && set.moves !== "hourly");
  return lead_ids.length === 0 ? [] : judge(known, serving, lead_ids);
}

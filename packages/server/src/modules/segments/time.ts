/** Time moves leads in and out with nothing else happening: those whose answer has changed since the last pass are judged. */
import { systemActor } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx, Database } from "../../kernel/db.ts";
import { type Known, judge, knowSets, movingSets } from "./judge.ts";
import type { Pace } from "./record.ts";
import { selectMovingWorkspaces, selectPass, updatePass } from "./sets.sql.ts";
import { selectPassed } from "./time.sql.ts";

/** So many leads are judged in one transaction. In one place, so that tests can make it small. */
export const bounds = { step_leads: 5_000 };
const every_ms: Record<Pace, number> = { live: 1_000, hourly: 60 * 60 * 1000 };
const paces: Pace[] = ["live", "hourly"];

/** For every workspace in which time may move somebody. Safe beside itself, and after any stop: it makes up for what it missed. */
export async function letTimePass(db: Database, stopping: AbortSignal): Promise<void> {
  for (const workspace_id of await selectMovingWorkspaces(db)) {
    for (const pace of paces) {
      for (let more = true; more && !stopping.aborted;) {
        // oxlint-disable-next-line no-await-in-loop -- step by step: a long transaction would hold every reader back
        more = await db.tenant(systemActor(workspace_id), (ctx) => passTime(ctx, pace), { timeout_ms: 0 });
      }
    }
  }
}

/** One step of a pass; true: it isn't at its end. */
async function passTime(given: Ctx, pace: Pace): Promise<boolean> {
  const looked = await selectPass(given, pace);
  const due = (passed_at: Date) => now().getTime() - passed_at.getTime() >= every_ms[pace];
  if (looked === undefined || (looked.passing_to === null && !due(looked.passed_at))) {
    return false;
  }
  const known = await knowSets(given);
  const pass = await selectPass(given, pace);
  if (pass === undefined || (pass.passing_to === null && !due(pass.passed_at))) {
    return false;
  }
  const until = pass.passing_to ?? known.at;
  const lead_ids = await judgePassed(known, pace, { from: pass.passed_at, until, after: pass.after });
  const more = lead_ids.length === bounds.step_leads;
  await updatePass(
    known.ctx,
    pace,
    more
      ? { passed_at: pass.passed_at, passing_to: until, after: lead_ids.at(-1) ?? null }
      : { passed_at: until, passing_to: null, after: null },
  );
  return more;
}

interface Span {
  from: Date;
  until: Date;
  after: string | null;
}

async function judgePassed(known: Known, pace: Pace, span: Span): Promise<string[]> {
  const { workspace_id } = known.ctx;
  const passed = movingSets(known, pace).flatMap(({ set, parts }) =>
    parts.flatMap((part) => {
      const leads = part.passed(workspace_id, span.from, span.until);
      return leads === null ? [] : [{ set, leads }];
    }),
  );
  if (passed.length === 0) {
    return [];
  }
  const lead_ids = await selectPassed(
    known.ctx,
    passed.map(({ leads }) => leads),
    span.after,
    bounds.step_leads,
  );
  if (lead_ids.length > 0) {
    await judge(known, [...new Set(passed.map(({ set }) => set))], lead_ids);
  }
  return lead_ids;
}

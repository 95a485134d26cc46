/** Members by a new rule: found step by step, while the old ones serve, and exchanged in a moment. */
import type { Rule } from "@bellwether/contracts/rule";
import { systemActor } from "../../kernel/access.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { enqueue, type Job, type JobCtx } from "../../kernel/jobs.ts";
import { buildStep, exchange } from "./build.sql.ts";
import { type Known, type KnownSet, knowSets, levelsOf } from "./judge.ts";
import type { Pace } from "./record.ts";
import { deleteDropped, dropSets, insertSet } from "./sets.sql.ts";

export type Work = Job<Record<string, never>>;

/** Leads judged in one transaction, which nobody else's members wait for longer than a fifth of a second. In one place, so that tests can make it small. */
export const bounds = { step_leads: 25_000 };
const deleted_at_once = 20_000;

/** Has the members found by this rule; whoever serves goes on serving until then. */
export async function beginBuild(
  ctx: Ctx,
  segment_id: string,
  rule: Rule,
  moves: Pace | null,
  at: Date,
): Promise<void> {
  await dropSets(ctx, segment_id, "building");
  await insertSet(ctx, { id: newId(), segment_id, rule, moves, state: "building", at });
}

/** Of a workspace that one step is enough for, the members are there when this ends; else the rest is left to a job. */
export async function buildSoon(ctx: Ctx, work: Work): Promise<void> {
  for (let steps = 0; steps < 8; steps++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const step = await buildNext(ctx);
    if (step !== "built") {
      break;
    }
  }
  await enqueueBuild(ctx, work);
}

/** Step by step until all sets are built, then what is left of those they replaced is deleted. Safe to run again. */
export async function buildAll(job: JobCtx): Promise<void> {
  for (let step = "more"; step !== "done";) {
    job.signal.throwIfAborted();
    // oxlint-disable-next-line no-await-in-loop -- step by step: a long transaction would hold every reader back
    step = await job.db.tenant(job.actor, buildNext, { timeout_ms: 0 });
  }
  for (let deleted = deleted_at_once; deleted === deleted_at_once;) {
    job.signal.throwIfAborted();
    // oxlint-disable-next-line no-await-in-loop
    deleted = await job.db.tenant(job.actor, (ctx) => deleteDropped(ctx, deleted_at_once), { timeout_ms: 0 });
  }
}

/** One step of the set whose turn it is; `built`: that was its last. */
async function buildNext(given: Ctx): Promise<"more" | "built" | "done"> {
  const known = await knowSets(given);
  // One whose rule can't be judged waits: for a segment it uses that is itself being built, or for somebody to mend it.
  const waiting = known.sets.filter((each) => each.state === "building" && each.condition !== null);
  const set = levelsOf(waiting)[0]?.[0];
  if (set?.condition === undefined || set.condition === null) {
    return "done";
  }
  const more = await buildStep(known.ctx, set, set.condition, known.at, bounds.step_leads);
  if (more) {
    return "more";
  }
  await finish(known, set);
  return "built";
}

async function finish(known: Known, set: KnownSet): Promise<void> {
  const { ctx, at } = known;
  const { size, entered, left } = await exchange(ctx, set, at);
  const built = { segment: set.name, size, entered, left };
  await emit(ctx, "segment.built", { subject_id: set.segment_id }, built);
  if (entered + left > 0) {
    const users = known.sets.filter(
      (each) => each.depends.segments.has(set.segment_id) && each.looked_at > 0,
    );
    await rebuild(known, users);
  }
}

/** Has these found again by the rules they have: what a rule names has changed its meaning for leads that did not change. */
export async function rebuild({ ctx, at }: Known, sets: KnownSet[]): Promise<void> {
  for (const { segment_id, rule, moves } of new Map(sets.map((set) => [set.segment_id, set])).values()) {
    // oxlint-disable-next-line no-await-in-loop -- a handful
    await beginBuild(ctx, segment_id, rule, moves, at);
  }
}

export async function enqueueBuild(ctx: Ctx, work: Work): Promise<void> {
  await enqueue({ ...ctx, actor: systemActor(ctx.workspace_id) }, work, {}, { key: keyOf(ctx.workspace_id) });
}

function keyOf(workspace_id: string): string {
  return `segments.build:${workspace_id}`;
}

/** Segments as people handle them: made, changed, activated, retired, deleted. */
import type { Rule } from "@bellwether/contracts/rule";
import type { SegmentDetail, SegmentIn, SegmentPatch, SegmentState } from "@bellwether/contracts/segments";
import { actorRef } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { problem } from "../../kernel/problems.ts";
import { beginBuild, buildSoon, enqueueBuild, type Work } from "./build.ts";
import { fill, refuseWhileFilled } from "./fill.ts";
import { lockSegment, named, refuseTooMany } from "./locked.ts";
import {
  catalogueOf,
  effectiveRule,
  inItsZone,
  paceOf,
  refuseUnkeepable,
  understandRule,
} from "./meaning.ts";
import type { Pace, SegmentRow } from "./record.ts";
import { dropSets, lockPass } from "./sets.sql.ts";
import { insertSegment, updateMoves, updateSegmentRow } from "./segments.sql.ts";
import { showSegment } from "./show.ts";
import { refuseUnusable, refuseUsed } from "./uses.ts";

export async function createSegment(ctx: Ctx, input: SegmentIn, work: Work): Promise<SegmentDetail> {
  const { name, description, type, everyone, refresh } = input;
  await refuseTooMany(ctx);
  const id = newId();
  const state = input.state ?? (type === "static" ? "active" : "draft");
  const wanted = { id, name, rule: null };
  const rule = await readRule(ctx, wanted, input);
  if (type === "dynamic" && state === "active") {
    await paceFor(ctx, { rule: input.rule, everyone, refresh });
  }
  const kept = type === "static" ? { rule: null, everyone: false } : { rule: input.rule, everyone };
  const made_by = actorRef(ctx.actor);
  const at = now();
  await named(
    name,
    insertSegment(ctx, { id, name, description, type, state, ...kept, refresh, set_id: null, made_by, at }),
  );
  await emit(ctx, "segment.created", { subject_id: id }, { name, type, state });
  if (type === "static") {
    await fill(ctx, id, rule, work);
  } else if (state === "active") {
    await build(ctx, { id, rule: input.rule, everyone, refresh }, work);
  }
  return showSegment(ctx, { id });
}

export async function updateSegment(
  ctx: Ctx,
  input: SegmentPatch & { id: string },
  work: Work,
): Promise<SegmentDetail> {
  const { id, version, ...patch } = input;
  const row = await lockSegment(ctx, id);
  refuseOutdated(ctx, row, version);
  const asked = {
    rule: patch.rule === undefined ? row.rule : patch.rule,
    everyone: patch.everyone ?? row.everyone,
    refresh: patch.refresh ?? row.refresh,
  };
  if (row.type === "static" && (asked.rule !== null || asked.everyone)) {
    throw problem("not_in_state", {
      say: `“${row.name}” is static: its members are added and removed, not found by a rule.`,
    });
  }
  const changed =
    row.type === "dynamic" && JSON.stringify(effectiveRule(asked)) !== JSON.stringify(effectiveRule(row));
  if (patch.rule !== undefined || patch.everyone !== undefined) {
    await readRule(ctx, row, asked);
  }
  const moves = row.state === "active" && row.type === "dynamic" ? await paceFor(ctx, asked) : null;
  await named(
    patch.name ?? row.name,
    updateSegmentRow(ctx, id, { ...patch, ...(row.type === "dynamic" ? asked : {}) }, now()),
  );
  await emit(ctx, "segment.updated", { subject_id: id }, { name: row.name, changes: changesOf(row, patch) });
  if (row.state === "active" && changed) {
    await build(ctx, { id, ...asked }, work);
  } else if (row.state === "active" && asked.refresh !== row.refresh) {
    await updateMoves(ctx, id, moves);
  }
  return showSegment(ctx, { id });
}

/** What can't be used by a rule, or kept up to date, is refused before anything is written. */
export async function readRule(
  ctx: Ctx,
  segment: { id: string; name: string; rule: Rule | null },
  asked: { rule: Rule | null; everyone: boolean },
): Promise<Rule> {
  refuseUnkeepable(asked);
  const rule = effectiveRule(asked);
  await refuseUnusable(ctx, segment, rule);
  understandRule(rule, await catalogueOf(await inItsZone(ctx)), now());
  return rule;
}

async function paceFor(
  ctx: Ctx,
  asked: { rule: Rule | null; everyone: boolean; refresh: Pace },
): Promise<Pace | null> {
  return paceOf(effectiveRule(asked), await catalogueOf(await inItsZone(ctx)), asked.refresh);
}

export async function build(
  ctx: Ctx,
  segment: { id: string; rule: Rule | null; everyone: boolean; refresh: Pace },
  work: Work,
): Promise<void> {
  await lockPass(ctx, now());
  await beginBuild(ctx, segment.id, effectiveRule(segment), await paceFor(ctx, segment), now());
  await buildSoon(ctx, work);
}

export async function setState(
  ctx: Ctx,
  input: { id: string; state: SegmentState; even_if_used: boolean },
  work: Work,
): Promise<SegmentDetail> {
  const { id, state } = input;
  const row = await lockSegment(ctx, id);
  if (row.state === state) {
    return showSegment(ctx, { id });
  }
  if (row.state === "draft" && state === "retired") {
    throw problem("not_in_state", {
      say: `“${row.name}” is a draft and was never in use. Delete it instead.`,
    });
  }
  if (state !== "active") {
    await refuseUsed(ctx, row, state, input.even_if_used);
    await refuseWhileFilled(ctx, row, state);
  }
  if (state === "active") {
    // What a draft names was used by nobody so far: a copy made of an active segment can't go on with what that may.
    await readRule(ctx, row.state === "draft" ? { ...row, rule: null } : row, row);
  }
  await updateSegmentRow(ctx, id, { state }, now());
  await emit(
    ctx,
    "segment.updated",
    { subject_id: id },
    { name: row.name, changes: { state: { from: row.state, to: state } } },
  );
  if (row.type === "dynamic") {
    await follow(ctx, row, state, work);
  }
  return showSegment(ctx, { id });
}

/** Retired ones stay as they are; drafts have no members. */
async function follow(ctx: Ctx, row: SegmentRow, state: SegmentState, work: Work): Promise<void> {
  if (state === "active") {
    await build(ctx, row, work);
    return;
  }
  await dropSets(ctx, row.id, "building");
  if (state === "draft") {
    await dropSets(ctx, row.id, "serving");
    await updateSegmentRow(ctx, row.id, { set_id: null }, now());
  }
  await enqueueBuild(ctx, work);
}

function refuseOutdated(ctx: Ctx, row: SegmentRow, version: number | undefined): void {
  const by_header = ctx.if_match === null || ctx.if_match === "*" ? null : ctx.if_match.replace(/^W\//, "");
  if (
    (version !== undefined && version !== row.version) ||
    (by_header !== null && by_header !== `"${row.version}"`)
  ) {
    throw problem("changed_meanwhile", {
      say: `Somebody else changed “${row.name}” in the meantime. Nothing was saved: look at their version first.`,
      also: { version: row.version },
    });
  }
}

function changesOf(row: SegmentRow, patch: object): Record<string, { from: unknown; to: unknown }> {
  const before = new Map<string, unknown>(Object.entries(row));
  return Object.fromEntries(
    Object.entries(patch)
      .filter(([key, to]) => JSON.stringify(before.get(key)) !== JSON.stringify(to))
      .map(([key, to]) => [key, { from: before.get(key) ?? null, to }]),
  );
}

/** Segments as people handle them: made, changed, activated, retired, deleted. */
import type { Nothing } from "@bellwether/contracts/common";
import type { Rule } from "@bellwether/contracts/rule";
import type {
  SegmentDetail,
  SegmentIn,
  SegmentPatch,
  SegmentState,
  UsedIn,
} from "@bellwether/contracts/segments";
import { actorRef } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import { type Ctx, violated } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { notFound, problem } from "../../kernel/problems.ts";
import { beginBuild, buildSoon, enqueueBuild, type Work } from "./build.ts";
import {
  catalogueOf,
  effectiveRule,
  inItsZone,
  paceOf,
  refuseUnkeepable,
  understandRule,
} from "./meaning.ts";
import { copyMembers, snapshotMembers } from "./members.sql.ts";
import type { Pace, SegmentRow } from "./record.ts";
import { dropSets, freezeSet, insertSet, lockPass } from "./sets.sql.ts";
import {
  deleteSegmentRow,
  insertSegment,
  selectSegment,
  selectSegments,
  updateMoves,
  updateSegmentRow,
} from "./segments.sql.ts";
import { showSegment } from "./show.ts";
import { refuseUnusable, usersOf } from "./uses.ts";

/** Each changed lead is judged by all that could care, so they are not without number. */
const segments_max = 500;

export async function createSegment(ctx: Ctx, input: SegmentIn, work: Work): Promise<SegmentDetail> {
  const { name, description, type, everyone, refresh } = input;
  if ((await selectSegments(ctx)).length >= segments_max) {
    throw problem("not_in_state", {
      say: `There are ${segments_max} segments. Delete one that nobody needs.`,
    });
  }
  const id = newId();
  const state = input.state ?? (type === "static" ? "active" : "draft");
  const wanted = { id, name, rule: null };
  const rule = await readRule(ctx, wanted, input);
  if (type === "dynamic" && state === "active") {
    await paceFor(ctx, { rule: input.rule, everyone, refresh });
  }
  const set_id = type === "static" ? newId() : null;
  const kept = type === "static" ? { rule: null, everyone: false } : { rule: input.rule, everyone };
  const made_by = actorRef(ctx.actor);
  const at = now();
  await named(
    name,
    insertSegment(ctx, { id, name, description, type, state, ...kept, refresh, set_id, made_by, at }),
  );
  await emit(ctx, "segment.created", { subject_id: id }, { name, type, state });
  if (set_id !== null) {
    await insertSet(ctx, { id: set_id, segment_id: id, rule: null, moves: null, state: "serving", at });
    if (input.rule !== null || everyone) {
      await snapshot(ctx, { segment_id: id, set_id }, rule);
    }
  } else if (state === "active") {
    await build(ctx, { id, rule: input.rule, everyone, refresh }, work);
  }
  return showSegment(ctx, { id });
}

/** Leads that match now become members of a static segment; what they do later is another matter. */
async function snapshot(ctx: Ctx, of: { segment_id: string; set_id: string }, rule: Rule): Promise<void> {
  const zoned = await inItsZone(ctx);
  const { condition, hidden_too } = understandRule(rule, await catalogueOf(zoned), now());
  await snapshotMembers(zoned, of, condition, hidden_too);
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
async function readRule(
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

async function build(
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
    const used_in = await usersOf(ctx, row, await catalogueOf(ctx));
    if (used_in.length > 0 && (state === "draft" || !input.even_if_used)) {
      throw problem("not_in_state", { say: inUse(row, used_in, state), also: { used_in } });
    }
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

function inUse(row: SegmentRow, used_in: UsedIn[], state: SegmentState | "gone"): string {
  const names = used_in.slice(0, 3).map(({ kind, name }) => `the ${kind.replace("_", " ")} “${name}”`);
  const more = used_in.length > 3 ? ` and ${used_in.length - 3} more` : "";
  const what =
    state === "retired"
      ? "Retired, it would stay as it is for them and change no more. Say that you mean it, or change them first."
      : "Change them first.";
  return `“${row.name}” is used by ${names.join(", ")}${more}. ${what}`;
}

export async function deleteSegment(ctx: Ctx, input: { id: string }, work: Work): Promise<Nothing> {
  const row = await lockSegment(ctx, input.id);
  const used_in = await usersOf(ctx, row, await catalogueOf(ctx));
  if (used_in.length > 0) {
    throw problem("not_in_state", { say: inUse(row, used_in, "gone"), also: { used_in } });
  }
  await deleteSegmentRow(ctx, row.id);
  await emit(ctx, "segment.deleted", { subject_id: row.id }, { name: row.name });
  await enqueueBuild(ctx, work);
  return {};
}

/** A draft with the same rule; of a static one, another with the same members. */
export async function duplicateSegment(
  ctx: Ctx,
  input: { id: string; name?: string | undefined },
): Promise<SegmentDetail> {
  const row = await lockSegment(ctx, input.id);
  const taken = new Set((await selectSegments(ctx)).map((each) => each.name));
  const name = input.name ?? freeName(row.name, taken);
  const id = newId();
  const set_id = row.type === "static" ? newId() : null;
  const at = now();
  const copy = { ...row, id, name, set_id, made_by: actorRef(ctx.actor), at };
  await named(name, insertSegment(ctx, { ...copy, state: row.type === "static" ? "active" : "draft" }));
  if (set_id !== null && row.set_id !== null) {
    await insertSet(ctx, { id: set_id, segment_id: id, rule: null, moves: null, state: "serving", at });
    await copyMembers(await inItsZone(ctx), row.set_id, { segment_id: id, set_id });
  }
  await emit(ctx, "segment.created", { subject_id: id }, { name, type: row.type, copy_of: row.name });
  return showSegment(ctx, { id });
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const free = `${name.slice(0, 70)} copy${n === 1 ? "" : ` ${n}`}`;
    if (!taken.has(free)) {
      return free;
    }
  }
}

/** From here on its members are added and removed by hand. */
export async function convertSegment(ctx: Ctx, input: { id: string }, work: Work): Promise<SegmentDetail> {
  const row = await lockSegment(ctx, input.id);
  if (row.type === "static") {
    throw problem("not_in_state", { say: `“${row.name}” is static already.` });
  }
  await lockPass(ctx, now());
  await dropSets(ctx, row.id, "building");
  const set_id = row.set_id ?? newId();
  if (row.set_id === null) {
    await insertSet(ctx, {
      id: set_id,
      segment_id: row.id,
      rule: null,
      moves: null,
      state: "serving",
      at: now(),
    });
    await snapshot(ctx, { segment_id: row.id, set_id }, effectiveRule(row));
  } else {
    await freezeSet(ctx, set_id);
  }
  const state = row.state === "draft" ? "active" : row.state;
  await updateSegmentRow(ctx, row.id, { type: "static", rule: null, everyone: false, state, set_id }, now());
  await emit(
    ctx,
    "segment.updated",
    { subject_id: row.id },
    { name: row.name, changes: { type: { from: "dynamic", to: "static" } } },
  );
  await enqueueBuild(ctx, work);
  return showSegment(ctx, { id: row.id });
}

export async function lockSegment(ctx: Ctx, id: string): Promise<SegmentRow> {
  const row = await selectSegment(ctx, id, "lock");
  if (row === null) {
    throw notFound("segment");
  }
  return row;
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

async function named<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw violated(error) === "segment_name"
      ? problem("name_taken", { say: `There is a segment called “${name}” already. Choose another name.` })
      : error;
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

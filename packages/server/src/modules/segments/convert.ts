/** A segment made of another one, or into one of the other kind. */
import type { SegmentDetail } from "@bellwether/contracts/segments";
import { actorRef } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { problem } from "../../kernel/problems.ts";
import { enqueueBuild, type Work } from "./build.ts";
import { fill, fillFrom, refuseWhileCopied } from "./fill.ts";
import { freeName, lockSegment, named } from "./locked.ts";
import { effectiveRule } from "./meaning.ts";
import type { SegmentRow } from "./record.ts";
import { build, readRule } from "./segments.ts";
import { insertSegment, updateSegmentRow } from "./segments.sql.ts";
import { dropSets, freezeSet, lockPass } from "./sets.sql.ts";
import { showSegment } from "./show.ts";
import { refuseUsed } from "./uses.ts";

/** A draft with the same rule; of a static one, another with the same members. */
export async function duplicateSegment(
  ctx: Ctx,
  input: { id: string; name?: string | undefined },
  work: Work,
): Promise<SegmentDetail> {
  const row = await lockSegment(ctx, input.id);
  const name = input.name ?? (await freeName(ctx, `${row.name.slice(0, 70)} copy`));
  const id = newId();
  const state = row.type === "static" ? "active" : "draft";
  const copy = { ...row, id, name, state, set_id: null, made_by: actorRef(ctx.actor), at: now() } as const;
  await named(name, insertSegment(ctx, copy));
  await emit(ctx, "segment.created", { subject_id: id }, { name, type: row.type, copy_of: row.name });
  if (row.type === "static") {
    await fillFrom(ctx, row, id, work);
  }
  return showSegment(ctx, { id });
}

/** From here on its members are added and removed by hand. */
export async function convertSegment(ctx: Ctx, input: { id: string }, work: Work): Promise<SegmentDetail> {
  const row = await lockSegment(ctx, input.id);
  if (row.type === "static") {
    throw problem("not_in_state", { say: `“${row.name}” is static already.` });
  }
  await lockPass(ctx, now());
  await dropSets(ctx, row.id, "building");
  // One that nobody was found for yet is filled now, which retired ones are not.
  const state = row.set_id === null ? "active" : row.state;
  const was_dynamic = { rule: row.rule, everyone: row.everyone, refresh: row.refresh, state: row.state };
  const changes = { type: "static", rule: null, everyone: false, state, was_dynamic } as const;
  await updateSegmentRow(ctx, row.id, changes, now());
  if (row.set_id === null) {
    await fill(ctx, row.id, effectiveRule(row), work);
  } else {
    await freezeSet(ctx, row.set_id);
  }
  await tellType(ctx, row, "static");
  await enqueueBuild(ctx, work);
  return showSegment(ctx, { id: row.id });
}

/** By the rule it had; who was added by hand since stays until that has found its members. */
export async function unconvertSegment(ctx: Ctx, input: { id: string }, work: Work): Promise<SegmentDetail> {
  const row = await lockSegment(ctx, input.id);
  const { was_dynamic } = row;
  if (row.type === "dynamic" || was_dynamic === null) {
    const why = row.type === "dynamic" ? "follows its rule already" : "never followed a rule";
    throw problem("not_in_state", { say: `“${row.name}” ${why}.` });
  }
  await refuseWhileCopied(ctx, row);
  await readRule(ctx, { ...row, rule: was_dynamic.rule }, was_dynamic);
  const { rule, everyone, refresh } = was_dynamic;
  const state = was_dynamic.state === "draft" ? "draft" : row.state;
  await lockPass(ctx, now());
  await dropSets(ctx, row.id, "building");
  if (state === "draft") {
    await refuseUsed(ctx, row, "draft");
    await dropSets(ctx, row.id, "serving");
  }
  const set_id = state === "draft" ? null : row.set_id;
  const changes = { type: "dynamic", rule, everyone, refresh, state, set_id, was_dynamic: null } as const;
  await updateSegmentRow(ctx, row.id, changes, now());
  await tellType(ctx, row, "dynamic");
  if (state === "active") {
    await build(ctx, { id: row.id, rule, everyone, refresh }, work);
  }
  await enqueueBuild(ctx, work);
  return showSegment(ctx, { id: row.id });
}

async function tellType(ctx: Ctx, { id, name, type }: SegmentRow, to: SegmentRow["type"]): Promise<void> {
  await emit(ctx, "segment.updated", { subject_id: id }, { name, changes: { type: { from: type, to } } });
}

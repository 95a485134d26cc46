/** A segment made of another one, or into one of the other kind. */
import type { SegmentDetail } from "@bellwether/contracts/segments";
import { actorRef } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { newId } from "../../kernel/ids.ts";
import { problem } from "../../kernel/problems.ts";
import { enqueueBuild, type Work } from "./build.ts";
import { fill, fillFrom } from "./fill.ts";
import { lockSegment, named } from "./locked.ts";
import { effectiveRule } from "./meaning.ts";
import { insertSegment, selectSegments, updateSegmentRow } from "./segments.sql.ts";
import { dropSets, freezeSet, lockPass } from "./sets.sql.ts";
import { showSegment } from "./show.ts";

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

/** The name, or the first of the name with a number that no other segment has. */
export async function freeName(ctx: Ctx, name: string): Promise<string> {
  const taken = new Set((await selectSegments(ctx)).map((each) => each.name));
  for (let n = 1; ; n++) {
    const free = n === 1 ? name : `${name} ${n}`;
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
  // One that nobody was found for yet is filled now, which retired ones are not.
  const state = row.set_id === null ? "active" : row.state;
  await updateSegmentRow(ctx, row.id, { type: "static", rule: null, everyone: false, state }, now());
  if (row.set_id === null) {
    await fill(ctx, row.id, effectiveRule(row), work);
  } else {
    await freezeSet(ctx, row.set_id);
  }
  await emit(
    ctx,
    "segment.updated",
    { subject_id: row.id },
    { name: row.name, changes: { type: { from: "dynamic", to: "static" } } },
  );
  await enqueueBuild(ctx, work);
  return showSegment(ctx, { id: row.id });
}

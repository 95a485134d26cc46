/** Segments that go, and come back for as long as a lead in the bin can. */
import { bin_days } from "@bellwether/contracts/bin";
import type { Nothing } from "@bellwether/contracts/common";
import type { DeletedSegment, SegmentDetail } from "@bellwether/contracts/segments";
import { systemActor } from "../../kernel/access.ts";
import { now } from "../../kernel/clock.ts";
import type { Ctx, Database } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { notFound } from "../../kernel/problems.ts";
import { beginBuild, buildSoon, enqueueBuild, type Work } from "./build.ts";
import {
  deleteExpired,
  markDeleted,
  selectAllDeleted,
  selectDeleted,
  selectExpiredWorkspaces,
  unmarkDeleted,
} from "./deleted.sql.ts";
import { refuseWhileCopied } from "./fill.ts";
import { freeName, lockSegment, named, refuseTooMany } from "./locked.ts";
import { catalogueOf, effectiveRule, inItsZone, paceOf, whyBroken, whyCostly } from "./meaning.ts";
import type { SegmentRow } from "./record.ts";
import { dropSets, lockPass, selectFilling } from "./sets.sql.ts";
import { showSegment } from "./show.ts";
import { refuseUsed } from "./uses.ts";

export async function deleteSegment(ctx: Ctx, input: { id: string }, work: Work): Promise<Nothing> {
  const row = await lockSegment(ctx, input.id);
  await refuseUsed(ctx, row, "gone");
  await refuseWhileCopied(ctx, row);
  await lockPass(ctx, now());
  if (row.type === "dynamic") {
    await dropSets(ctx, row.id, "building");
  }
  await markDeleted(ctx, row.id, now());
  await emit(ctx, "segment.deleted", { subject_id: row.id }, { name: row.name });
  await enqueueBuild(ctx, work);
  return {};
}

export async function listDeleted(ctx: Ctx): Promise<{ data: DeletedSegment[] }> {
  const rows = await selectAllDeleted(ctx);
  return { data: rows.map((row) => ({ ...row, deleted_at: row.deleted_at.toISOString() })) };
}

/**
 * As it was, under another name where its own was given away; what its leads did meanwhile is found out by building it
 * again, and until then the members it had serve.
 */
export async function restoreSegment(ctx: Ctx, input: { id: string }, work: Work): Promise<SegmentDetail> {
  const row = await selectDeleted(ctx, input.id);
  if (row === null) {
    throw notFound("deleted segment");
  }
  await refuseTooMany(ctx);
  const catalogue = await catalogueOf(await inItsZone(ctx));
  const dynamic = row.type === "dynamic" && whyBroken(effectiveRule(row), catalogue, now()) === null;
  const costly = dynamic && whyCostly(effectiveRule(row), catalogue) !== null;
  const back = {
    ...row,
    name: await freeName(ctx, row.name),
    refresh: costly ? "hourly" : row.refresh,
  } as const;
  await named(back.name, unmarkDeleted(ctx, back, now()));
  await emit(ctx, "segment.restored", { subject_id: row.id }, { name: back.name });
  const rule = dynamic ? effectiveRule(row) : await unfilled(ctx, row);
  if (rule !== null && row.state === "active") {
    await lockPass(ctx, now());
    const moves = dynamic ? paceOf(rule, catalogue, back.refresh) : null;
    await beginBuild(ctx, row.id, rule, moves, now());
    await buildSoon(ctx, work);
  }
  return showSegment(ctx, { id: row.id });
}

/** Leads that changed since it was deleted were not followed: it is filled anew. */
async function unfilled(ctx: Ctx, row: SegmentRow) {
  return row.type === "static" && row.set_id === null ? selectFilling(ctx, row.id) : null;
}

/** After thirty days they are gone for good. */
export async function purgeDeleted(db: Database, stopping: AbortSignal, work: Work): Promise<void> {
  const before = new Date(now().getTime() - bin_days * 86_400_000);
  for (const workspace_id of await selectExpiredWorkspaces(db, before)) {
    if (stopping.aborted) break;
    // oxlint-disable-next-line no-await-in-loop -- one short transaction a workspace
    await db.tenant(systemActor(workspace_id), async (ctx) => {
      await deleteExpired(ctx, before);
      await enqueueBuild(ctx, work);
    });
  }
}

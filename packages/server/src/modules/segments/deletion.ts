/** Segments that go. */
import type { Nothing } from "@bellwether/contracts/common";
import type { Ctx } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { enqueueBuild, type Work } from "./build.ts";
import { refuseWhileCopied } from "./fill.ts";
import { lockSegment } from "./locked.ts";
import { deleteSegmentRow } from "./segments.sql.ts";
import { refuseUsed } from "./uses.ts";

export async function deleteSegment(ctx: Ctx, input: { id: string }, work: Work): Promise<Nothing> {
  const row = await lockSegment(ctx, input.id);
  await refuseUsed(ctx, row, "gone");
  await refuseWhileCopied(ctx, row);
  await deleteSegmentRow(ctx, row.id);
  await emit(ctx, "segment.deleted", { subject_id: row.id }, { name: row.name });
  await enqueueBuild(ctx, work);
  return {};
}

/** One segment, held until the transaction ends; and the names that are free. */
import { type Ctx, violated } from "../../kernel/db.ts";
import { notFound, problem } from "../../kernel/problems.ts";
import type { SegmentRow } from "./record.ts";
import { selectSegment } from "./segments.sql.ts";

export async function lockSegment(ctx: Ctx, id: string): Promise<SegmentRow> {
  const row = await selectSegment(ctx, id, "lock");
  if (row === null) {
    throw notFound("segment");
  }
  return row;
}

export async function named<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw violated(error) === "segment_name"
      ? problem("name_taken", { say: `There is a segment called “${name}” already. Choose another name.` })
      : error;
  }
}

/** One segment, held until the transaction ends; and the names that are free. */
import { segment_name_length_max as name_length_max } from "@bellwether/contracts/segments";
import { type Ctx, violated } from "../../kernel/db.ts";
import { notFound, problem } from "../../kernel/problems.ts";
import { folded } from "../rules/index.ts";
import type { SegmentRow } from "./record.ts";
import { selectSegment, selectSegments } from "./segments.sql.ts";

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

/** The name, or the first of it with a number that no other segment has. */
export async function freeName(ctx: Ctx, name: string): Promise<string> {
  const taken = new Set((await selectSegments(ctx)).map((each) => folded(each.name)));
  for (let n = 1; ; n++) {
    const free = n === 1 ? name : `${name.slice(0, name_length_max - 4)} ${n}`;
    if (!taken.has(folded(free))) {
      return free;
    }
  }
}

/** Each changed lead is judged by all that could care, so they are not without number. */
const segments_max = 500;

export async function refuseTooMany(ctx: Ctx): Promise<void> {
  if ((await selectSegments(ctx)).length >= segments_max) {
    throw problem("not_in_state", {
      say: `There are ${segments_max} segments. Delete one that nobody needs.`,
    });
  }
}

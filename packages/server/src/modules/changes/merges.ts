/** Merges of two leads in the history of changes, and their undo: at once, since it is about two leads. */
import type { Refused } from "@bellwether/contracts/changes";
import type { Ctx } from "../../kernel/db.ts";
import { type Kept, type MergeCell, unmergeLeads } from "../leads/index.ts";
import { closeUndoneMerge, insertMerge, selectCells } from "./merges.sql.ts";
import type { MergeRow } from "./record.ts";

/** Without the leads' names, which would outlive them here. */
export async function recordMerge(
  ctx: Ctx,
  merge: { id: string; lead_id: string; other_id: string; cells: MergeCell[] },
): Promise<void> {
  const { id, lead_id, other_id, cells } = merge;
  await insertMerge(ctx, {
    id,
    summary: "Merge two leads",
    edit: { kind: "merge", lead_id, other_id },
    cells,
  });
}

/** The caller has the row locked. */
export async function undoMerge(ctx: Ctx, row: MergeRow): Promise<void> {
  const { lead_id, other_id } = row.edit;
  const kept = await unmergeLeads(ctx, {
    change_set_id: row.id,
    lead_id,
    other_id,
    cells: await selectCells(ctx, row.id),
  });
  const leads = new Set(kept.map((each) => each.lead_id)).size;
  await closeUndoneMerge(ctx, row.id, { restored: 2 - leads, kept: leads, refused: refusedOf(kept) });
}

const words = {
  edited: "edited since, so left as it is",
  taken: "another lead has it by now",
  gone: "no longer there to be given back",
} as const;

/** What was not put back, in words: “phone: another lead has it by now”. */
function refusedOf(kept: Kept[]): Refused[] {
  const reasons = Map.groupBy(kept, (each) => each.why);
  return [...reasons].map(([why, those]) => ({
    code: why,
    message: `${those.map(({ field }) => field).join(", ")}: ${words[why]}.`,
    count: those.length,
    samples: [...new Set(those.map(({ lead_id }) => lead_id))],
  }));
}

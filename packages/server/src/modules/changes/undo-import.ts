/** The undo of an import, part by part: first what it overwrote, then what it made. */
import type { Ctx } from "../../kernel/db.ts";
import { emit, ringDoorbell } from "../../kernel/events.ts";
import { firstIdAt } from "../../kernel/ids.ts";
import { byKeys } from "./apply.sql.ts";
import { advanceUndo, closeChangeSet, turnUndo } from "./changes.sql.ts";
import type { ImportedRow } from "./record.ts";
import { binUnedited, lockMade, lockOverwritten, restoreOverwritten } from "./undo-import.sql.ts";

/** `next_part` of a change set that is undone: which of the two it is at. */
const overwritten_part = 0;
const day_ms = 86_400_000;

/** Null: nothing is left to do. The caller has the row locked. */
export async function undoImportPart(ctx: Ctx, set: ImportedRow, limit: number): Promise<number | null> {
  await byKeys(ctx);
  const first = set.next_part === overwritten_part;
  const looked = first
    ? await lockOverwritten(ctx, set, limit)
    : await lockMade(ctx, set, limit, madeWithin(set));
  if (looked.last === null) {
    return first ? turn(ctx, set) : end(ctx, set);
  }
  const done = await (first ? restoreOverwritten : binUnedited)(ctx, set, looked.lead_ids);
  await advanceUndo(ctx, set.id, { after: looked.last, restored: done, kept: looked.looked_at - done });
  await ringDoorbell(ctx.db);
  return done;
}

/** Where the ids of its leads lie; a day for clocks that differ. */
function madeWithin(set: ImportedRow): { from: string; to: string } {
  const finished = set.finished_at ?? set.created_at;
  return {
    from: firstIdAt(new Date(set.created_at.getTime() - day_ms)),
    to: firstIdAt(new Date(finished.getTime() + day_ms)),
  };
}

async function turn(ctx: Ctx, set: ImportedRow): Promise<number> {
  await turnUndo(ctx, set.id);
  return 0;
}

async function end(ctx: Ctx, set: ImportedRow): Promise<null> {
  await closeChangeSet(ctx, set.id, "undone");
  const { summary, restored, kept } = set;
  await emit(ctx, "bulk.undone", { subject_id: set.id }, { summary, restored, kept });
  return null;
}

/**
 * Changes: one thing done to many leads in the background, with a record of every value it overwrote, and undone.
 * Imports record theirs here too, and are undone here; what they write is their own business.
 * Merges of two leads are recorded and undone here too; the merging itself is of leads.
 * Owns: change_set, change_part, lead_change. Emits: bulk.started, bulk.finished, bulk.failed, bulk.undoing,
 * bulk.undone, and of each lead lead.updated, lead.assigned, lead.deleted, lead.restored,
 * stage.changed, tag.added, tag.removed, with
 * `change_set_id`. Writes leads by set (apply.sql.ts, undo.sql.ts), which no verb for one lead could do.
 * Hears: member.removed, whose open leads it hands on. Leaves to others: which leads a question means and what a value
 * may be (leads), and who gets which lead by the rules (assignment).
 */
import { contract } from "@bellwether/contracts";
import type { ChangeSet } from "@bellwether/contracts/changes";
import type { Stage } from "@bellwether/contracts/pipeline";
import type { Ctx } from "../../kernel/db.ts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { bulkApi, changesApi } from "./changes.api.ts";
import { work } from "./changes.jobs.ts";
import { changeReactions } from "./changes.reacts.ts";
import { assignImported as assignMade } from "./hand-over.ts";
import { moveAll as moveEvery, undoChange } from "./changes.ts";

/** The leads of a stage that is being removed go to another one: a change like every other, undone with the removal. */
export function moveAll(ctx: Ctx, input: { from: Stage; to: Stage }): Promise<string> {
  return moveEvery(ctx, input, work);
}

/** What an import made and gave to nobody goes to whom the assignment rules say: a change of its own. */
export function assignImported(ctx: Ctx, made: { import_id: string; file_name: string }): Promise<void> {
  return assignMade(ctx, made, work);
}

export { enterSet, keepDay, keepSize, leaveSet, type MembersOf, selectStaticSegment } from "./members.sql.ts";
export { openSegment } from "./open-segment.ts";
export { bounds } from "./bounds.ts";
export { byKeys } from "./apply.sql.ts";
export { recordMerge } from "./merges.ts";
export { countCells, forgetInChanges, selectCells } from "./forget.sql.ts";

export { beginImport, changesOfImports, endImport, importWrote } from "./imported.ts";
export { recordJoined, recordOverwritten, recordTagged } from "./imported.sql.ts";

/** For who knows a change set by its id, such as an import. */
export async function undoById(ctx: Ctx, id: string): Promise<ChangeSet> {
  return undoChange(ctx, { id }, work);
}

export const changes: Module = {
  name: "changes",
  endpoints: [
    ...endpointsOf(contract.bulk, bulkApi(work), ["bulk"]),
    ...endpointsOf(contract.changes, changesApi(work), ["changes"]),
  ],
  jobs: [work],
  reactions: changeReactions,
};

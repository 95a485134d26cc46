/**
 * Leads: the people we may win, their values, tags, notes and timeline, and how they are found.
 * Owns: lead, lead_stat, lead_search, lead_unique, stage_move, lead_count, lead_count_change, word_refresh, tag, lead_tag, note. Emits: lead.*,
 * stage.changed, tag.*, note.*.
 * Hears: lead.created, lead.updated, lead.restored, lead.merged, lead.unmerged (search text), field.updated (search text, fast or not), lead.erased (when it was last seen), member.removed
 * (what lies in the bin), field.deleted; and what programs do with leads, by which hidden ones are shown again.
 * Leaves to others: fields and stages themselves, files full of leads (imports), what a rule means (rules).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Actor } from "../../kernel/access.ts";
import type { Database } from "../../kernel/db.ts";
import type { Module } from "../../kernel/module.ts";
import { keepCountsInOrder } from "./counts.ts";
import { binApi, leadsApi, movesApi, tagsApi } from "./leads.api.ts";
import { clearField, prepareField, refreshAllWords, refreshOldWords, unassign } from "./leads.jobs.ts";
import { leadReactions } from "./leads.reacts.ts";
import { beginPreparing } from "./slots.ts";
import { selectVisible } from "./rows.sql.ts";

export { ensureTags, selectTag } from "./tags.sql.ts";
export { tagKey } from "./tagging.ts";
export { columnNames, identifiers, readLead, type ValueScope } from "./values.ts";
export { matchingLeads, queryLeads, taking } from "./find.ts";
export { findColumns } from "./columns.ts";
export { counted, keepCounts, selectOpenByOwner } from "./counts.sql.ts";
export { giveLeads, lockOwnerless, selectOwnerless } from "./owners.sql.ts";
export {
  countInStage,
  held,
  lacks,
  leaveRemovedStages,
  markUndone,
  moveBack,
  moveColumns,
  recordMoves,
} from "./moves.sql.ts";
export { keepSeen, noteSeen, recallSeen } from "./seen.sql.ts";
export { visibleTo } from "./visible.sql.ts";
export { refreshWords } from "./words.sql.ts";
export { lockLead, showLead, valueScope } from "./leads.ts";
export { heldError, requiredBy, type Required } from "./judge-move.ts";
export { type MergeCell, mergeLeads, previewMerge } from "./merge.ts";
export { mergedIds } from "./merge.sql.ts";
export { type Kept, unmergeLeads } from "./unmerge.ts";
export { selectLeads } from "./rows.sql.ts";
export { saveBatch } from "./batch.ts";
export { addNote } from "./notes.ts";
export { decodeCursor, encodeCursor } from "./cursor.ts";
export { checkColumns, checkKept, checkQuery, checkStream, streamLeads } from "./stream.ts";
export { eraseLeads, type Traces, tracesOf } from "./erase.ts";
export {
  countKept,
  type Erased,
  lockExpired,
  lockForErasure,
  selectAnywhere,
  selectExpiredWorkspaces,
} from "./erase.sql.ts";
export { type NoteRow, selectNotes } from "./notes.sql.ts";
export { selectTimeline, type TimelineRow } from "./timeline.sql.ts";
export { dateLeads } from "./dating.sql.ts";

/** For the live stream: which of these leads the actor may see. */
export async function visibleLeads(db: Database, actor: Actor, lead_ids: string[]): Promise<Set<string>> {
  return new Set(await db.tenant(actor, (ctx) => selectVisible(ctx, lead_ids)));
}

export const leads: Module = {
  name: "leads",
  endpoints: [
    ...endpointsOf(contract.leads, leadsApi, ["leads"]),
    ...endpointsOf(contract.moves, movesApi, ["moves"]),
    ...endpointsOf(contract.bin, binApi, ["bin"]),
    ...endpointsOf(contract.tags, tagsApi, ["tags"]),
  ],
  jobs: [clearField, prepareField, refreshAllWords, unassign],
  reactions: leadReactions,
  upkeep: async (db, stopping) => {
    await refreshOldWords(db);
    await beginPreparing(db, prepareField);
    await keepCountsInOrder(db, stopping);
  },
};

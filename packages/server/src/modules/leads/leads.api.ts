import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { saveBatch } from "./batch.ts";
import { listBin, restoreLead, restoreLeads } from "./bin.ts";
import { queryLeads, searchLeads } from "./find.ts";
import { createLead, deleteLead, hideLead, setOwner, showLead, unhideLead, updateLead } from "./leads.ts";
import { listMoves, reopenLead, setStage } from "./moves.ts";
import { addNote, deleteNote, editNote, listNotes } from "./notes.ts";
import { recheckLeads } from "./recheck.ts";
import { addTag, deleteTag, listTags, removeTag, updateTag } from "./tags.ts";
import { showTimeline } from "./timeline.ts";
import { undoMove } from "./undo-move.ts";

export const leadsApi: Implementation<typeof contract.leads> = {
  query: tenant(queryLeads),
  list: tenant(queryLeads),
  search: tenant(searchLeads),
  recheck: tenant(recheckLeads),
  create: tenant(createLead),
  batch: tenant(saveBatch),
  show: tenant(showLead),
  update: tenant(updateLead),
  remove: tenant(deleteLead),
  restore: tenant(restoreLead),
  hide: tenant(hideLead),
  unhide: tenant(unhideLead),
  setOwner: tenant(setOwner),
  setStage: tenant(setStage),
  reopen: tenant(reopenLead),
  moves: tenant(listMoves),
  addTag: tenant(addTag),
  removeTag: tenant(removeTag),
  timeline: tenant(showTimeline),
  notes: {
    list: tenant(listNotes),
    create: tenant(addNote),
    update: tenant(editNote),
    remove: tenant(deleteNote),
  },
};

export const movesApi: Implementation<typeof contract.moves> = {
  undo: tenant(undoMove),
};

export const binApi: Implementation<typeof contract.bin> = {
  list: tenant(listBin),
  restoreMany: tenant(restoreLeads),
};

export const tagsApi: Implementation<typeof contract.tags> = {
  list: tenant(async (ctx) => ({ data: await listTags(ctx) })),
  update: tenant(updateTag),
  remove: tenant(deleteTag),
};

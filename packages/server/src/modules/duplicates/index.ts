/**
 * Duplicates: leads that may be one person, suggested as they come and change, reviewed, and merged.
 * Owns: lead_key, duplicate_pair, duplicate_build. Emits: duplicate.dismissed, duplicate.suggested.
 * Hears: lead.created, lead.updated, lead.deleted, lead.restored, lead.merged, lead.unmerged, lead.erased,
 * import.finished, import.cancelled, import.failed.
 * Leaves to others: what merging does to two leads (leads), its record and its undo (changes).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { beginBuilds } from "./build.ts";
import { duplicatesApi } from "./duplicates.api.ts";
import { buildJob } from "./duplicates.jobs.ts";
import { duplicateReactions } from "./duplicates.reacts.ts";

export const duplicates: Module = {
  name: "duplicates",
  endpoints: endpointsOf(contract.duplicates, duplicatesApi, ["duplicates"]),
  jobs: [buildJob],
  reactions: duplicateReactions,
  upkeep: (db) => beginBuilds(db, buildJob),
};

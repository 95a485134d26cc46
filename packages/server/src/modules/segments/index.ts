/**
 * Segments: saved audiences. Static ones list their members; those of dynamic ones are kept, not found when asked for.
 * Owns: segment, segment_set, segment_member, segment_away, segment_day, segment_pass. Emits: segment.created,
 * segment.updated, segment.deleted, segment.restored, segment.built, and of leads segment.entered and segment.left.
 * Hears: whatever happens to leads (who is in), imports, and changes of what rules name (tags, fields, stages, time zone).
 * Leaves to others: what a rule means (rules), bulk changes of static segments' members (changes).
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { auditMembers } from "./audit.ts";
import { purgeDeleted } from "./deletion.ts";
import { segmentsApi } from "./segments.api.ts";
import { buildJob, importedJob } from "./segments.jobs.ts";
import { segmentReactions } from "./segments.reacts.ts";
import { letTimePass } from "./time.ts";

export { selectSegmentsOf } from "./members.sql.ts";
export { forgetInSegments } from "./segments.sql.ts";

export const segments: Module = {
  name: "segments",
  endpoints: endpointsOf(contract.segments, segmentsApi(buildJob), ["segments"]),
  jobs: [buildJob, importedJob],
  reactions: segmentReactions,
  pulse: letTimePass,
  upkeep: async (db, stopping) => {
    await purgeDeleted(db, stopping, buildJob);
    await auditMembers(db, stopping);
  },
};

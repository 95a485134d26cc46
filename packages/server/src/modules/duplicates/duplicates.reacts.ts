import { type Reaction, reaction } from "../../kernel/events.ts";
import { buildSince } from "./build.ts";
import { compareLeads } from "./compare.sql.ts";
import { touchesKeys } from "./duplicates.ts";
import { buildJob } from "./duplicates.jobs.ts";

export const duplicateReactions: Reaction[] = [
  {
    reader: "duplicates.compare",
    slow: true,
    names: [
      "lead.created",
      "lead.updated",
      "lead.deleted",
      "lead.restored",
      "lead.merged",
      "lead.unmerged",
      "lead.erased",
    ],
    react: async (ctx, events) => {
      const ids = new Set(events.filter(touchesKeys).flatMap((event) => event.lead_id ?? []));
      if (ids.size > 0) {
        await compareLeads(ctx, [...ids]);
      }
    },
  },
  // Also one that was stopped or failed has brought what it brought.
  reaction("duplicates.imports", ["import.finished", "import.cancelled", "import.failed"], (ctx, events) =>
    buildSince(
      ctx,
      events.flatMap((event) => event.subject_id ?? []),
      buildJob,
    ),
  ),
];

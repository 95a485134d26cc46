import { type Reaction, reaction } from "../../kernel/events.ts";
import { enqueue } from "../../kernel/jobs.ts";
import type { ImportJobs } from "./imports.jobs.ts";

export function importReactions(jobs: ImportJobs): Reaction[] {
  return [
    reaction("imports.forget", ["lead.erased"], async (ctx, events) => {
      const ids = events.flatMap(({ data }) => {
        const named = data["import_ids"];
        return Array.isArray(named) ? named.filter((id) => typeof id === "string") : [];
      });
      for (const id of new Set(ids)) {
        // oxlint-disable-next-line no-await-in-loop -- a handful: each is one file
        await enqueue(ctx, jobs.forget, { import_ids: [id] }, { key: `imports.forget:${id}` });
      }
    }),
  ];
}

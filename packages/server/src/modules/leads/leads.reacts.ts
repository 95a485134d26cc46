import { type Reaction, reaction } from "../../kernel/events.ts";
import { enqueue } from "../../kernel/jobs.ts";
import { clearField, unassign } from "./leads.jobs.ts";
import { refreshWords } from "./words.sql.ts";

export const leadReactions: Reaction[] = [
  reaction("leads.words", ["lead.created", "lead.updated", "lead.restored"], (ctx, events) =>
    refreshWords(ctx, [...new Set(events.flatMap((event) => event.lead_id ?? []))]),
  ),
  reaction("leads.unassign", ["member.removed"], (ctx, events) =>
    enqueue(ctx, unassign, { owner_ids: events.flatMap((event) => event.subject_id ?? []) }),
  ),
  reaction("leads.clear", ["field.deleted"], async (ctx, events) => {
    for (const key of events.flatMap((event) =>
      typeof event.data["key"] === "string" ? [event.data["key"]] : [],
    )) {
      // oxlint-disable-next-line no-await-in-loop -- a handful at most: somebody deleted a field by hand
      await enqueue(ctx, clearField, { key }, { key: `leads.clear_field:${ctx.workspace_id}:${key}` });
    }
  }),
];

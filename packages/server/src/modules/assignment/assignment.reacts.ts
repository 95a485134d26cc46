import { type Reaction, reaction } from "../../kernel/events.ts";
import { assignNew } from "./assign.ts";

export const assignmentReactions: Reaction[] = [
  // Those that were given an owner at once, or since, are passed over.
  reaction("assignment.assign", ["lead.created"], (ctx, events) =>
    assignNew(ctx, [...new Set(events.flatMap((event) => event.lead_id ?? []))]),
  ),
];

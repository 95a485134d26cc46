import { type Reaction, reaction } from "../../kernel/events.ts";
import { eraseReported } from "../../kernel/reported.ts";

export const eventReactions: Reaction[] = [
  reaction("events.erase", ["lead.erased"], (ctx, events) =>
    eraseReported(ctx, [...new Set(events.flatMap((event) => event.lead_id ?? []))]),
  ),
];

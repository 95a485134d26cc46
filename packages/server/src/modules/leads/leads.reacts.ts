import { type Reaction, reaction } from "../../kernel/events.ts";
import { clearAttributes, unassignLeads } from "./write.sql.ts";
import { refreshWords } from "./words.sql.ts";

export const leadReactions: Reaction[] = [
  reaction("leads.words", ["lead.created", "lead.updated", "lead.restored"], (ctx, events) =>
    refreshWords(ctx, [...new Set(events.flatMap((event) => event.lead_id ?? []))]),
  ),
  reaction("leads.unassign", ["member.removed"], (ctx, events) => unassignLeads(ctx, events.flatMap((event) => event.subject_id ?? []))),
  reaction("leads.clear", ["field.deleted"], (ctx, events) => clearAttributes(ctx, events.flatMap((event) => (typeof event.data["key"] === "string" ? [event.data["key"]] : [])))),
];

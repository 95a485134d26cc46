import { doneToLeads, writtenDown } from "@bellwether/contracts/event-names";
import { emitMany, type Reaction, reaction, reported } from "../../kernel/events.ts";
import { enqueue } from "../../kernel/jobs.ts";
import { clearField, prepareField, refreshAllWords, unassign } from "./leads.jobs.ts";
import { reappear } from "./hidden.sql.ts";
import { enqueuePreparing } from "./slots.ts";
import { forgetSeen } from "./seen.sql.ts";
import { askForRefresh } from "./word-refresh.sql.ts";
import { refreshWords } from "./words.sql.ts";

/** Signs of life, where no member gave them; whatever is reported of a lead is one, but for what is done to it. */
const activity = [
  "lead.updated",
  "stage.changed",
  "lead.assigned",
  "lead.restored",
  "tag.added",
  "tag.removed",
  "note.added",
  "note.edited",
  reported,
];

export const leadReactions: Reaction[] = [
  reaction(
    "leads.words",
    ["lead.created", "lead.updated", "lead.restored", "lead.merged", "lead.unmerged"],
    (ctx, events) => refreshWords(ctx, [...new Set(events.flatMap((event) => event.lead_id ?? []))]),
  ),
  reaction("leads.unseen", ["lead.erased"], (ctx, events) =>
    forgetSeen(ctx, [...new Set(events.flatMap((event) => event.lead_id ?? []))]),
  ),
  reaction("leads.reappear", activity, async (ctx, events) => {
    const active = events.flatMap(({ lead_id, name, actor, occurred_at }) =>
      lead_id === null || writtenDown.has(actor.kind) || doneToLeads.has(name)
        ? []
        : [{ lead_id, at: occurred_at }],
    );
    const shown = await reappear(ctx, active);
    await emitMany(
      ctx,
      shown.map((lead_id) => ({ name: "lead.shown", lead_id, data: { active: true } })),
    );
  }),
  // Whether a field is searched at all, and what its choices are called.
  reaction("leads.words_of_fields", ["field.updated"], async (ctx, events) => {
    const keys = events.flatMap(({ data: { key, changes } }) => {
      const searched =
        typeof changes === "object" && changes !== null && ("archived" in changes || "options" in changes);
      return typeof key === "string" && searched ? [key] : [];
    });
    if (keys.length > 0) {
      await askForRefresh(ctx, keys);
      await enqueue(ctx, refreshAllWords, {}, { key: `leads.refresh_words:${ctx.workspace_id}` });
    }
  }),
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
  reaction("leads.prepare", ["field.updated"], async (ctx, events) => {
    for (const { data } of events) {
      if (data["slotted"] === true && typeof data["key"] === "string") {
        // oxlint-disable-next-line no-await-in-loop -- a handful at most: somebody switched a field by hand
        await enqueuePreparing(ctx, prepareField, data["key"]);
      }
    }
  }),
];

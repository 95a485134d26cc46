import * as z from "zod";
import { ById, Count, CountMode, endpoint, Id, listOf, Paging, Time } from "./common.ts";
import { Lead } from "./leads.ts";

export const DuplicateReason = z.enum(["same_phone", "same_address", "similar_name"]);
export type DuplicateReason = z.infer<typeof DuplicateReason>;
export const DuplicateState = z.enum(["suggested", "dismissed"]);
export const DuplicatePair = z.object({
  id: Id,
  leads: z.array(Lead).length(2).describe("The older one first"),
  reasons: z
    .array(DuplicateReason)
    .describe(
      "`same_phone`: one number under phone and WhatsApp; `same_address`: one mailbox in two spellings; `similar_name`: near name at the same company",
    ),
  likeness: z.number().describe("0 to 1; surest first"),
  state: DuplicateState,
  found_at: Time,
});
export type DuplicatePair = z.infer<typeof DuplicatePair>;

const Side = z.enum(["this", "other"]);
export const MergeChoices = z
  .record(z.string().max(80), Side)
  .describe(
    "From which lead a value is taken, by field (`phone`, `attributes.plan`); else from this one, or from the other where this has none",
  );
export type MergeChoices = z.infer<typeof MergeChoices>;
const MergeInput = z.strictObject({
  id: Id,
  other_id: Id,
  choices: MergeChoices.default({}),
  other_revision: z
    .int()
    .optional()
    .describe("412 when the other was changed since; for this lead say If-Match"),
});
export type MergeInput = z.infer<typeof MergeInput>;
export const MergePreview = z.object({
  lead: Lead.describe("As it will be"),
  fields: z
    .array(z.object({ field: z.string(), this: z.unknown(), other: z.unknown(), taken: Side }))
    .describe("Where both have a value and they differ"),
  joins: z
    .object({ notes: z.int(), tags: z.array(z.string()), events: z.int() })
    .describe("What comes over from the other"),
});
export type MergePreview = z.infer<typeof MergePreview>;

const tags = ["Duplicates"];
export const duplicates = {
  list: endpoint
    .route({
      method: "GET",
      path: "/duplicates",
      tags,
      summary: "Pairs of leads that may be one person, surest first",
    })
    .meta({ needs: "leads:merge" })
    .input(
      z.strictObject({
        state: DuplicateState.default("suggested"),
        lead_id: Id.optional(),
        ...Paging,
        count: CountMode.default("none"),
      }),
    )
    .output(listOf(DuplicatePair).extend({ count: Count.optional() })),
  dismiss: endpoint
    .route({
      method: "POST",
      path: "/duplicates/{id}/dismiss",
      tags,
      summary: "They are two people: don't suggest them again",
    })
    .meta({ needs: "leads:merge" })
    .input(ById)
    .output(DuplicatePair),
  suggest: endpoint
    .route({ method: "POST", path: "/duplicates/{id}/suggest", tags, summary: "Take a dismissal back" })
    .meta({ needs: "leads:merge" })
    .input(ById)
    .output(DuplicatePair),
  preview: endpoint
    .route({
      method: "POST",
      path: "/leads/{id}/merge/preview",
      tags,
      summary: "What merging another lead into this one would give",
    })
    .meta({ needs: "leads:merge", budget: "search" })
    .input(MergeInput)
    .output(MergePreview),
  merge: endpoint
    .route({
      method: "POST",
      path: "/leads/{id}/merge",
      tags,
      summary: "Merge another lead into this one; undone like any change",
    })
    .meta({ needs: "leads:merge" })
    .input(MergeInput)
    .output(z.object({ lead: Lead, change_set_id: Id })),
};

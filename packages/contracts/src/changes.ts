import * as z from "zod";
import { ActorRef, ById, endpoint, Id, listOf, Paging, Time } from "./common.ts";
import { Reason } from "./pipeline.ts";
import { Rule } from "./rule.ts";

const Field = z.string().min(1).max(80).describe("A standard field, or `attributes.<key>`");
const Tag = z.string().trim().min(1).max(60);
/** What to do to many leads. Values are those of PATCH /leads/{id}. */
export const BulkAction = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("set_field"),
    field: Field,
    value: z.unknown(),
    reason: Reason.optional().describe("With a stage that asks for it"),
  }),
  z.strictObject({ kind: z.literal("set_stage"), stage: z.string().max(63), reason: Reason.optional() }),
  z.strictObject({ kind: z.literal("clear_field"), field: Field }),
  z.strictObject({ kind: z.literal("set_owner"), owner_id: Id.nullable() }),
  z.strictObject({
    kind: z.literal("assign_by_rules"),
    reassign: z.boolean().default(false).describe("Also leads that have an owner"),
  }),
  z.strictObject({ kind: z.literal("add_tag"), tag: Tag }),
  z.strictObject({ kind: z.literal("remove_tag"), tag: Tag }),
  z.strictObject({ kind: z.literal("add_to_segment"), segment_id: Id.describe("A static one") }),
  z.strictObject({ kind: z.literal("remove_from_segment"), segment_id: Id }),
  z.strictObject({ kind: z.literal("delete") }),
]);
export type BulkAction = z.infer<typeof BulkAction>;
export const bulk_ids_max = 10_000;
export const BulkInput = z.strictObject({
  rule: Rule.optional().describe("All that match; `{all: []}` is everybody"),
  q: z.string().max(1000).optional().describe("The query language of /leads/search, and-ed with the rule"),
  lead_ids: z
    .array(Id)
    .min(1)
    .max(bulk_ids_max)
    .optional()
    .describe("These leads, instead of a rule or a query"),
  action: BulkAction,
});
export type BulkInput = z.infer<typeof BulkInput>;

export const Refused = z.object({
  code: z
    .string()
    .describe(
      "`last_identifier`, `final_stage`, `required_by_stage`, `no_rule`, `nobody_there`, `gone`; of an undone merge: `edited`, `taken`",
    ),
  message: z.string(),
  count: z.int(),
  samples: z.array(Id).describe("Some of the leads"),
});
export type Refused = z.infer<typeof Refused>;
/** Everything that one bulk action changed, so that it can be undone. */
export const ChangeSet = z.object({
  id: Id,
  kind: z.string().describe("The action's kind; `import`; `hand_over` of a member's leads"),
  summary: z.string().describe("In words: “Set Stage to Lost”"),
  state: z.enum(["running", "done", "failed", "undoing", "undone"]),
  total: z.int().describe("The leads it is about, counted when it was asked for"),
  done: z.int().describe("Looked at so far"),
  changed: z.int(),
  unchanged: z.int(),
  refused: z.array(Refused),
  undone: z
    .object({
      restored: z.int(),
      kept: z.int().describe("Edited since, so left alone, as a whole or in part"),
    })
    .nullable()
    .describe("So far, while it is being undone"),
  can_undo: z.boolean(),
  failure: z.string().nullable(),
  made_by: ActorRef,
  created_at: Time,
  finished_at: Time.nullable(),
  undone_by: ActorRef.nullable(),
  undone_at: Time.nullable(),
  merged: z
    .object({ lead_id: Id, other_id: Id.describe("Merged into the lead") })
    .optional()
    .describe("Set for the merge of two leads"),
  import_id: Id.optional().describe("Set for an import"),
});
export type ChangeSet = z.infer<typeof ChangeSet>;
export const BulkPreview = z.object({
  total: z.int(),
  would_change: z.int(),
  would_refuse: z.int(),
  refused: z.array(Refused.omit({ samples: true })).describe("Why, and how many for each reason"),
});
export type BulkPreview = z.infer<typeof BulkPreview>;

const tags = ["Bulk"];
export const bulk = {
  start: endpoint
    .route({
      method: "POST",
      path: "/bulk",
      tags,
      successStatus: 202,
      summary: "Do one thing to many leads, in the background: to these, or to all that match at this moment",
    })
    .meta({ needs: "leads:bulk" })
    .input(BulkInput)
    .output(ChangeSet),
  preview: endpoint
    .route({
      method: "POST",
      path: "/bulk/preview",
      tags,
      summary: "How many leads it is about, and how many would change",
    })
    .meta({ needs: "leads:bulk", budget: "search" })
    .input(BulkInput)
    .output(BulkPreview),
};
export const changes = {
  list: endpoint
    .route({ method: "GET", path: "/changes", tags, summary: "Bulk changes, newest first" })
    .meta({ needs: "leads:bulk" })
    .input(z.strictObject(Paging))
    .output(listOf(ChangeSet)),
  show: endpoint
    .route({ method: "GET", path: "/changes/{id}", tags, summary: "One bulk change, and how far it is" })
    .meta({ needs: "leads:bulk" })
    .input(ById)
    .output(ChangeSet),
  undo: endpoint
    .route({
      method: "POST",
      path: "/changes/{id}/undo",
      tags,
      successStatus: 202,
      summary: "Put back what it changed, except what was edited since",
    })
    .meta({ needs: "leads:bulk" })
    .input(ById)
    .output(ChangeSet),
};

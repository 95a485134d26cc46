import * as z from "zod";
import { endpoint, Nothing, Time } from "./common.ts";
import { SortBy } from "./leads.ts";
import { Rule } from "./rule.ts";

/** What the list or the board shows, kept under a name: for its maker alone, or for everybody in the workspace. */
export const ViewColumn = z.strictObject({
  field: z.string().max(80),
  width: z.int().min(40).max(1200).optional(),
});
export const ViewLayout = z.enum(["list", "board"]);
export type ViewLayout = z.infer<typeof ViewLayout>;
/** As many as a card has room for. */
export const card_fields_max = 5;
const ViewBody = {
  name: z.string().trim().min(1, "Enter a name.").max(60),
  shared: z.boolean(),
  rule: Rule.nullable(),
  q: z.string().max(1000),
  sort: SortBy,
  columns: z.array(ViewColumn).max(100),
  layout: ViewLayout,
  card_fields: z.array(z.string().max(80)).max(card_fields_max).nullable(),
};
export const View = z.object({
  id: z.string().describe("A UUID; for the views that every workspace has a word, such as `mine`"),
  ...ViewBody,
  columns: ViewBody.columns.describe("None: those that the list shows by itself"),
  layout: ViewBody.layout
    .nullable()
    .describe("How it opens; null for the views that every workspace has: as whichever is on the screen"),
  card_fields: ViewBody.card_fields.describe(
    "What cards show on the board; null: what they show by themselves",
  ),
  standard: z.boolean().describe("Every workspace has it; it can be copied, not changed"),
  mine: z.boolean(),
  may_change: z.boolean(),
  made_by: z.string(),
  broken: z.string().nullable().describe("Why it can't be shown any more, such as a field that was deleted"),
  updated_at: Time.nullable(),
});
export type View = z.infer<typeof View>;
export const ViewIn = z.strictObject({
  name: ViewBody.name,
  shared: ViewBody.shared.default(false),
  rule: ViewBody.rule.default(null),
  q: ViewBody.q.default(""),
  sort: ViewBody.sort.default([]),
  columns: ViewBody.columns.default([]),
  layout: ViewBody.layout.default("list"),
  card_fields: ViewBody.card_fields.default(null),
});
export type ViewIn = z.infer<typeof ViewIn>;
export const ViewPatch = z.strictObject(ViewBody).partial();
export type ViewPatch = z.infer<typeof ViewPatch>;

const tags = ["Views"];
const ByName = z.strictObject({ id: z.string().max(40) });
export const views = {
  list: endpoint
    .route({
      method: "GET",
      path: "/views",
      tags,
      summary: "Everybody's views, mine, and those shared with me, in my order",
    })
    .meta({ needs: "leads:read" })
    .output(z.object({ data: z.array(View) })),
  create: endpoint
    .route({
      method: "POST",
      path: "/views",
      tags,
      successStatus: 201,
      summary: "Save a view; managers may share it",
    })
    .meta({ needs: "leads:read" })
    .input(ViewIn)
    .output(View),
  show: endpoint
    .route({ method: "GET", path: "/views/{id}", tags, summary: "One view" })
    .meta({ needs: "leads:read" })
    .input(ByName)
    .output(View),
  update: endpoint
    .route({
      method: "PATCH",
      path: "/views/{id}",
      tags,
      summary: "Change a view of mine; shared ones also as an admin",
    })
    .meta({ needs: "leads:read" })
    .input(ViewPatch.extend(ByName.shape))
    .output(View),
  remove: endpoint
    .route({
      method: "DELETE",
      path: "/views/{id}",
      tags,
      summary: "Delete a view of mine; shared ones also as an admin",
    })
    .meta({ needs: "leads:read" })
    .input(ByName)
    .output(Nothing),
  order: endpoint
    .route({
      method: "PUT",
      path: "/view-order",
      tags,
      summary: "Put my views in order: those named first, the others after them as they were",
    })
    .meta({ needs: "leads:read" })
    .input(z.strictObject({ view_ids: z.array(z.string().max(40)).max(1000) }))
    .output(z.object({ data: z.array(View) })),
};

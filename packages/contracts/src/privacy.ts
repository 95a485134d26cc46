import * as z from "zod";
import { bin_ids_max } from "./bin.ts";
import { ById, endpoint, Id } from "./common.ts";

/** What erasing would take with it, and what has to be typed for it. */
export const Erasure = z.object({
  leads: z.int().describe("With the cards that were merged into them"),
  confirm: z.string().describe("To be sent back as `confirm`: a lead's name, or “12 leads”"),
  goes: z.object({
    notes: z.int(),
    tags: z.int().describe("Taken off; the tags themselves stay"),
    events: z.int().describe("Of the timelines, and so of the audit log"),
    changes: z.int().describe("Values kept so that bulk changes and imports can be undone"),
    merged: z.int().describe("Cards that were merged into them"),
    imports: z.int().describe("Imports they came with: the files and samples of these are deleted"),
  }),
  exports: z.int().describe("Export files that may hold them, each deleted a week after it was made"),
});
export type Erasure = z.infer<typeof Erasure>;

const tags = ["Privacy"];
const Ids = z.array(Id).min(1).max(bin_ids_max);
const Confirm = z.string().max(500).describe("What GET …/erasure asks to be typed");
export const privacy = {
  erasure: endpoint
    .route({
      method: "GET",
      path: "/leads/{id}/erasure",
      tags,
      summary: "What erasing a lead for good would take with it; in the bin or not",
    })
    .meta({ needs: "leads:erase" })
    .input(ById)
    .output(Erasure),
  erase: endpoint
    .route({
      method: "POST",
      path: "/leads/{id}/erasure",
      tags,
      summary: "Erase a lead and everything recorded about it, for good",
    })
    .meta({ needs: "leads:erase" })
    .input(z.strictObject({ id: Id, confirm: Confirm }))
    .output(z.object({ erased: z.int() })),
  erasureOfMany: endpoint
    .route({
      method: "POST",
      path: "/leads/bin/erasure-preview",
      tags,
      summary: "What erasing these leads of the bin would take with it",
    })
    .meta({ needs: "leads:erase", budget: "read" })
    .input(z.strictObject({ ids: Ids }))
    .output(Erasure),
  eraseMany: endpoint
    .route({
      method: "POST",
      path: "/leads/bin/erasure",
      tags,
      summary: "Erase these leads of the bin and everything recorded about them, for good",
    })
    .meta({ needs: "leads:erase" })
    .input(z.strictObject({ ids: Ids, confirm: Confirm }))
    .output(z.object({ erased: z.int() })),
  record: endpoint
    .route({
      method: "GET",
      path: "/leads/{id}/export",
      tags,
      summary: "Everything recorded about a lead, as one JSON document; in the bin or not",
    })
    .meta({ needs: "leads:export", raw: true })
    .input(ById)
    .output(z.file()),
};

import * as z from "zod";
import { ActorRef, ById, endpoint, Id, listOf, Paging, Time } from "./common.ts";
import { SortBy } from "./leads.ts";
import { Rule } from "./rule.ts";

export const Export = z.object({
  id: Id,
  state: z.enum(["running", "done", "failed"]),
  format: z.enum(["csv", "jsonl"]),
  columns: z.array(z.string()),
  rows: z.int().describe("So far; in all once it is done"),
  expected: z.int().describe("About how many it will be"),
  size_bytes: z.number(),
  file_name: z.string(),
  failure: z.string().nullable(),
  made_by: ActorRef,
  created_at: Time,
  finished_at: Time.nullable(),
  expires_at: Time.nullable().describe("When the file is deleted: a week after it was finished"),
});
export type Export = z.infer<typeof Export>;

export const ExportIn = z.strictObject({
  rule: Rule.optional(),
  q: z.string().max(1000).optional().describe("And-ed with the rule; without both, all leads"),
  lead_ids: z.array(Id).min(1).max(10_000).optional().describe("Only these, as far as they match"),
  sort: SortBy.optional(),
  columns: z
    .array(z.string().max(80))
    .min(1)
    .max(600)
    .describe(
      "Standard fields, `attributes.<key>`, `id`, `tier`; they are the header, which an import understands",
    ),
  format: z.enum(["csv", "jsonl"]).default("csv"),
});
export type ExportIn = z.infer<typeof ExportIn>;

const tags = ["Exports"];
export const leadExports = {
  create: endpoint
    .route({
      method: "POST",
      path: "/exports",
      tags,
      successStatus: 202,
      summary: "Write the leads that match to a file",
    })
    .meta({ needs: "leads:export" })
    .input(ExportIn)
    .output(Export),
  list: endpoint
    .route({ method: "GET", path: "/exports", tags, summary: "Exports of the last week, newest first" })
    .meta({ needs: "leads:export" })
    .input(z.strictObject(Paging))
    .output(listOf(Export)),
  show: endpoint
    .route({ method: "GET", path: "/exports/{id}", tags, summary: "One export and how far it is" })
    .meta({ needs: "leads:export" })
    .input(ById)
    .output(Export),
  file: endpoint
    .route({
      method: "GET",
      path: "/exports/{id}/file",
      tags,
      summary: "The file; a download that broke off goes on by Range",
    })
    .meta({ needs: "leads:export", raw: true })
    .input(ById)
    .output(z.file()),
};

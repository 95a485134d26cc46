/** What the moves of leads through the pipeline tell. */
import * as z from "zod";
import { endpoint, Id } from "./common.ts";
import { StageKind } from "./pipeline.ts";

export const report_days_max = 3660;
export const PipelineFilter = z.strictObject({
  from: z.iso
    .date()
    .optional()
    .describe("The first day, in the workspace's time zone; by default 29 days before the last one"),
  to: z.iso.date().optional().describe("The last day, included; by default today"),
  owner_id: z
    .union([Id, z.literal("none")])
    .optional()
    .describe("Leads of this member, or of nobody. Agents get their own in any case"),
  source: z.string().max(200).optional().describe("Leads of this source; an empty text: of none"),
  by: z.enum(["none", "owner", "source"]).default("none").describe("What `groups` goes by"),
});
export type PipelineFilter = z.infer<typeof PipelineFilter>;

/**
 * Leads that are there now count, those hidden among them; not those in the bin, erased, or merged into another one.
 * Moves that were undone don't count: time in a stage goes on as though they had never been.
 */
export const StageFigures = z.object({
  stage: z.string(),
  name: z.string(),
  colour: z.string(),
  kind: StageKind,
  removed: z.boolean().describe("No longer a stage, but moved through in the period"),
  now: z.int().describe("Leads in it now"),
  entered: z
    .int()
    .describe("Leads that entered it in the period or began in it, each once however often it did"),
  left: z.int().describe("Leads that left it in the period, each once"),
  converted: z.int().describe("Of those that entered, how many are in a won stage now"),
  lost: z.int().describe("Of those that entered, how many are in a lost stage now"),
  stays: z.int().describe("Stays that ended in the period; the times are of these"),
  median_seconds: z.number().nullable().describe("Null: no stay ended in the period"),
  p90_seconds: z.number().nullable(),
});
export type StageFigures = z.infer<typeof StageFigures>;
export const GroupFigures = z.object({
  key: z.string().nullable().describe("The member's id, the source; null: without one"),
  label: z.string(),
  created: z.int().describe("Leads created in the period"),
  won: z.int().describe("Leads that entered a won stage in the period and are in one now"),
  lost: z.int().describe("Leads that entered a lost stage in the period and are in one now"),
  open: z.int().describe("Leads in an open stage now"),
  total: z.int().describe("All its leads now"),
});
export type GroupFigures = z.infer<typeof GroupFigures>;
export const PipelineReport = z.object({
  from: z.string(),
  to: z.string(),
  time_zone: z.string(),
  own_only: z.boolean().describe("Set for agents: these are figures of their own leads"),
  created: z.int().describe("Leads created in the period"),
  won: z.int().describe("Leads that entered a won stage in the period and are in one now"),
  lost: z.int().describe("Leads that entered a lost stage in the period and are in one now"),
  stages: z.array(StageFigures),
  moves: z
    .array(z.object({ from: z.string(), to: z.string(), moves: z.int(), leads: z.int() }))
    .describe("From which stage to which, in the period"),
  groups: z.array(GroupFigures).describe("The largest first; empty without `by`"),
  groups_left_off: z.int(),
});
export type PipelineReport = z.infer<typeof PipelineReport>;

const tags = ["Reports"];
export const reports = {
  pipeline: endpoint
    .route({
      method: "GET",
      path: "/reports/pipeline",
      tags,
      summary: "Funnel, conversion and time in stage for a period; agents get their own figures",
    })
    .meta({ needs: "reports:read", budget: "search" })
    .input(PipelineFilter)
    .output(PipelineReport),
  pipelineFile: endpoint
    .route({ method: "GET", path: "/reports/pipeline.csv", tags, summary: "A table of it as a file" })
    .meta({ needs: "reports:read", budget: "search", raw: true })
    .input(PipelineFilter.extend({ table: z.enum(["stages", "moves", "groups"]).default("stages") }))
    .output(z.file()),
};

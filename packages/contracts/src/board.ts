/** The board: the pipeline by stage, for the same questions as the list. */
import * as z from "zod";
import { endpoint } from "./common.ts";
import { Lead } from "./leads.ts";
import { Rule } from "./rule.ts";

export const BoardColumn = z.object({
  stage: z.string().describe("The stage's key; columns come in the order of the stages"),
  count: z.int().describe("How many leads are in it altogether"),
  exact: z.boolean().describe("Whether the count is exact; else it is an estimate"),
  leads: z.array(Lead).describe("Those that entered the stage last come first"),
  next_cursor: z.string().nullable().describe("For more of this column; null at its end"),
  looked_at: z
    .int()
    .optional()
    .describe("Set when the search stopped after so many leads of the stage; go on with the cursor"),
});
export type BoardColumn = z.infer<typeof BoardColumn>;
export const Board = z.object({ columns: z.array(BoardColumn) });

export const BoardQuery = z.strictObject({
  rule: Rule.optional(),
  q: z.string().max(1000).optional().describe("The query language of /leads/search, and-ed with the rule"),
  stage: z.string().max(63).optional().describe("This column alone"),
  cursor: z.string().max(2000).optional().describe("More of the column; needs `stage`"),
  limit: z.int().min(1).max(100).default(30).describe("Leads in each column"),
});
export type BoardQuery = z.infer<typeof BoardQuery>;

const tags = ["Pipeline"];
export const board = {
  show: endpoint
    .route({
      method: "GET",
      path: "/board",
      tags,
      summary: "The pipeline by stage: counts, and the first leads of each column",
    })
    .meta({ needs: "leads:read", budget: "search" })
    .input(
      z.strictObject({
        q: BoardQuery.shape.q,
        limit: z.coerce.number().int().min(1).max(100).default(30),
      }),
    )
    .output(Board),
  query: endpoint
    .route({
      method: "POST",
      path: "/board/query",
      tags,
      summary: "The same by a rule; with `stage` and `cursor` more of one column",
    })
    .meta({ needs: "leads:read", budget: "search" })
    .input(BoardQuery)
    .output(Board),
};

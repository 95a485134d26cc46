/** Moves of a lead as what they are: things done, which can be taken back for a while. */
import * as z from "zod";
import { endpoint, Id } from "./common.ts";
import { Lead } from "./leads.ts";

/** Long enough to notice the wrong card; after it, what a final stage holds is only reopened. */
export const undo_move_minutes = 10;

export const moves = {
  undo: endpoint
    .route({
      method: "POST",
      path: "/leads/{id}/moves/undo",
      tags: ["Pipeline"],
      summary: `Take back one's own move of a lead, also into a final stage: its last one, within ${undo_move_minutes} minutes`,
    })
    .meta({ needs: "leads:write" })
    .input(
      z.strictObject({
        id: Id,
        from: z
          .string()
          .max(63)
          .optional()
          .describe("The stage that it went to: 412 when it isn't there any more"),
      }),
    )
    .output(Lead),
};

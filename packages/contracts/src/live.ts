import * as z from "zod";
import { ActorRef, endpoint } from "./common.ts";

/** One server-sent event: something happened that the caller may see. The screen refetches what it shows of it. */
export const LiveEvent = z.object({
  id: z.string(),
  name: z.string(),
  lead_id: z.string().nullable(),
  subject_id: z.string().nullable(),
  actor: ActorRef,
  occurred_at: z.string(),
});
export type LiveEvent = z.infer<typeof LiveEvent>;

/**
 * In place of single events when there are too many to tell one by one: how many of each name. Sent as a server-sent
 * event of the type `many`.
 */
export const LiveMany = z.object({
  count: z.int(),
  names: z.record(z.string(), z.int()),
  occurred_at: z.string().describe("Of the last of them"),
});
export type LiveMany = z.infer<typeof LiveMany>;
/** So many of one moment are told one by one at most. */
export const live_singly_max = 50;

export const live = {
  stream: endpoint
    .route({
      method: "GET",
      path: "/live",
      tags: ["Live"],
      summary: "Server-sent events: what happens in the workspace, as it happens",
    })
    .meta({ needs: "leads:read", raw: true })
    .output(z.string()),
};

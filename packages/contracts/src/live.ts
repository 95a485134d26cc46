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

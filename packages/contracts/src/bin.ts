import * as z from "zod";
import { ActorRef, Count, CountMode, endpoint, Id, listOf, Paging, Time } from "./common.ts";
import { Lead, RestoreWithout } from "./leads.ts";

/** What lies in the bin for so long is erased for good. */
export const bin_days = 30;
export const bin_ids_max = 200;

export const Binned = Lead.extend({
  deleted_at: Time,
  deleted_by: ActorRef.nullable().describe("Null where nobody is known to have"),
  erased_on: Time.describe("When it is erased for good, unless it is restored"),
});
export type Binned = z.infer<typeof Binned>;

export const RestoreResult = z.object({
  id: Id,
  status: z.enum(["restored", "refused"]),
  errors: z.array(
    z.object({
      path: z.string(),
      code: z.string(),
      message: z.string(),
      lead_id: Id.nullable().describe("The lead in the way, where you may see it"),
    }),
  ),
});
export type RestoreResult = z.infer<typeof RestoreResult>;

const tags = ["Bin"];
const Ids = z.array(Id).min(1).max(bin_ids_max);
export const bin = {
  list: endpoint
    .route({ method: "GET", path: "/leads/bin", tags, summary: "Deleted leads, the last deleted first" })
    .meta({ needs: "leads:delete", budget: "search" })
    .input(
      z.strictObject({
        q: z.string().max(200).default("").describe("Words to find in them"),
        ...Paging,
        count: CountMode.default("none"),
      }),
    )
    .output(listOf(Binned).extend({ count: Count.optional() })),
  restoreMany: endpoint
    .route({
      method: "POST",
      path: "/leads/bin/restore",
      tags,
      successStatus: 207,
      summary: "Take up to 200 leads back out of the bin; one in the way of another fails alone",
    })
    .meta({ needs: "leads:delete" })
    .input(z.strictObject({ ids: Ids, without: RestoreWithout }))
    .output(z.object({ data: z.array(RestoreResult) })),
};

/** What a member sees first: their own leads, what waits too long, what is new, what others do. */
import * as z from "zod";
import { ActorRef, Count, endpoint, Id, listOf, Paging } from "./common.ts";
import { Lead } from "./leads.ts";

export const Home = z.object({
  mine: z
    .array(z.object({ stage: z.string(), count: z.int() }))
    .describe("My leads by stage, in their order"),
  overdue: z
    .object({ count: Count, leads: z.array(Lead).max(10) })
    .describe("In an open stage for longer than its target: how many, and the ten that are there longest"),
  newest: z.array(Lead),
});
export type Home = z.infer<typeof Home>;

/** Something that happened, as far as everybody who may see it may know it. */
export const ActivityEntry = z.object({
  id: Id,
  name: z.string().describe("Such as `lead.created`, `stage.changed`, `import.finished`"),
  occurred_at: z.string(),
  actor: ActorRef,
  lead: z
    .object({ id: Id, name: z.string().nullable() })
    .nullable()
    .describe("The lead it is about, if it is still there; its name, company or masked address"),
  subject_id: z.string().nullable(),
  thing: z
    .string()
    .nullable()
    .describe("What it is called, for what concerns a field, a stage, a segment, a member or a tag"),
  from: z.string().nullable().describe("For `stage.changed`: the stage it left"),
  to: z.string().nullable().describe("For `stage.changed`: the stage it entered"),
  count: z
    .int()
    .nullable()
    .describe("For what concerned many leads at once, such as `import.finished`: how many it changed"),
});
export type ActivityEntry = z.infer<typeof ActivityEntry>;

const tags = ["Home"];
export const home = {
  show: endpoint
    .route({
      method: "GET",
      path: "/home",
      tags,
      summary: "My leads by stage, overdue in their stage, newest",
    })
    .meta({ needs: "leads:read" })
    .input(
      z.strictObject({
        scope: z
          .enum(["mine", "all"])
          .default("mine")
          .describe("Whose overdue leads: mine, or all that I may see"),
      }),
    )
    .output(Home),
  activity: endpoint
    .route({ method: "GET", path: "/activity", tags, summary: "What just happened in the workspace" })
    .meta({ needs: "leads:read" })
    .input(z.strictObject(Paging))
    .output(listOf(ActivityEntry)),
};

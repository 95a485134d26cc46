import * as z from "zod";
import { ActorRef, ById, endpoint, Id, listOf, Nothing, Paging, Time } from "./common.ts";
import { Lead } from "./leads.ts";
import { Rule } from "./rule.ts";

/** Audiences: static ones list their members, dynamic ones follow a rule. */
export const SegmentType = z.enum(["static", "dynamic"]);
export const SegmentState = z
  .enum(["draft", "active", "retired"])
  .describe("draft: not usable yet; active: kept up to date; retired: as it was, for nothing new");
export type SegmentState = z.infer<typeof SegmentState>;
const Refresh = z
  .enum(["live", "hourly"])
  .describe("How often time alone may move leads: hourly where a rule is too costly to keep live");

export const segment_name_length_max = 80;
const Name = z.string().trim().min(1, "Enter a name.").max(segment_name_length_max);
const Description = z.string().trim().max(500);
const Everyone = z.boolean().describe("All leads; a rule without conditions matches nobody otherwise");

export const UsedIn = z.object({
  kind: z.enum(["segment", "view", "assignment_rule"]),
  id: z.string(),
  name: z.string(),
});
export type UsedIn = z.infer<typeof UsedIn>;

export const SegmentBuild = z.object({
  looked_at: z.int().describe("Leads judged so far"),
  of: z.int().describe("All there are, about"),
  started_at: Time,
});

export const Segment = z.object({
  id: Id,
  name: z.string(),
  description: z.string(),
  type: SegmentType,
  state: SegmentState,
  rule: Rule.nullable().describe("Null for static ones"),
  query: z
    .string()
    .nullable()
    .describe("The same rule in the query language; null where it has no words for it"),
  everyone: z.boolean(),
  refresh: Refresh,
  version: z.int().describe("Send it with a change: 412 when somebody else changed the segment in between"),
  size: z.int().nullable().describe("Members that the caller may see; null for a draft"),
  building: SegmentBuild.nullable().describe(
    "Members by a new rule are being found; until then those by the old one serve",
  ),
  broken: z.string().nullable().describe("Why it can't be kept up to date, such as a field that was deleted"),
  built_at: Time.nullable(),
  was_dynamic: z.boolean().describe("A static one that can follow its former rule again"),
  made_by: ActorRef,
  created_at: Time,
  updated_at: Time,
});
export type Segment = z.infer<typeof Segment>;
export const SegmentListed = Segment.extend({
  recent: z
    .object({ entered: z.int(), left: z.int() })
    .nullable()
    .describe("Who came and went in seven days; null for drafts, and for who sees only their own leads"),
  uses: z.int().describe("How many segments, assignment rules and views name it"),
});
export type SegmentListed = z.infer<typeof SegmentListed>;
export const SegmentName = Segment.pick({ id: true, name: true, type: true, state: true }).extend({
  building: z
    .number()
    .nullable()
    .describe("How far its members by a new rule are found, from 0 to 1; null when none are being found"),
});
export type SegmentName = z.infer<typeof SegmentName>;
export const SegmentDetail = Segment.extend({ used_in: z.array(UsedIn) });
export type SegmentDetail = z.infer<typeof SegmentDetail>;

export const DeletedSegment = SegmentName.omit({ state: true, building: true }).extend({ deleted_at: Time });
export type DeletedSegment = z.infer<typeof DeletedSegment>;

export const SegmentIn = z.strictObject({
  name: Name,
  description: Description.default(""),
  type: SegmentType.default("dynamic"),
  rule: Rule.nullable()
    .default(null)
    .describe("Of a static segment: those that match now become its members"),
  everyone: Everyone.default(false),
  refresh: Refresh.default("live"),
  state: z
    .enum(["draft", "active"])
    .optional()
    .describe("By default dynamic ones begin as drafts, static ones are active"),
});
export type SegmentIn = z.infer<typeof SegmentIn>;
export const SegmentPatch = z.strictObject({
  name: Name.optional(),
  description: Description.optional(),
  rule: Rule.nullable().optional(),
  everyone: Everyone.optional(),
  refresh: Refresh.optional(),
  version: z.int().optional(),
});
export type SegmentPatch = z.infer<typeof SegmentPatch>;

/** Why a lead is in or out: the rule, each part of it marked. */
export type Explained =
  | { kind: "all" | "any" | "not"; met: boolean; parts: Explained[] }
  | { kind: "condition"; met: boolean; rule: Rule; has: unknown };
export const Explained: z.ZodType<Explained> = z
  .lazy(() =>
    z.union([
      z.object({ kind: z.enum(["all", "any", "not"]), met: z.boolean(), parts: z.array(Explained) }),
      z.object({
        kind: z.literal("condition"),
        met: z.boolean(),
        rule: Rule,
        has: z
          .unknown()
          .describe(
            "The lead's value; null where it has none. Of an event {count, as_asked, last_at}: how often it ever happened, how often within the time and with the properties that are asked for, and when last",
          ),
      }),
    ]),
  )
  .meta({ id: "Explained" });
export const Explanation = z.object({
  member: z.boolean().describe("In the segment now"),
  meets: z.boolean().nullable().describe("Meets the rule now; null for static ones"),
  entered_at: Time.nullable(),
  explained: Explained.nullable(),
  note: z.string().nullable().describe("What keeps it out though it meets the rule: it is hidden"),
});
export type Explanation = z.infer<typeof Explanation>;

const Question = {
  rule: Rule.nullable().default(null),
  everyone: Everyone.default(false),
};
export const SegmentPreview = z.object({
  count: z.object({ value: z.int(), exact: z.boolean() }),
  sample: z.array(z.object({ lead: Lead, explained: Explained.nullable() })),
  costly: z.string().nullable().describe("Why it can't be kept live, only by the hour"),
});
export type SegmentPreview = z.infer<typeof SegmentPreview>;

export const Member = z.object({ lead: Lead, entered_at: Time });
export const GrowthDay = z.object({
  day: z.iso.date(),
  entered: z.int(),
  left: z.int(),
  size: z.int().describe("At the end of the day"),
});
export type GrowthDay = z.infer<typeof GrowthDay>;
export const LeadSegment = z.object({
  id: Id,
  name: z.string(),
  type: SegmentType,
  entered_at: Time,
});
export type LeadSegment = z.infer<typeof LeadSegment>;

const tags = ["Segments"];
export const segments = {
  list: endpoint
    .route({ method: "GET", path: "/segments", tags, summary: "All segments, by name" })
    .meta({ needs: "leads:read" })
    .input(z.strictObject({ state: SegmentState.optional(), type: SegmentType.optional() }))
    .output(z.object({ data: z.array(SegmentListed) })),
  names: endpoint
    .route({ method: "GET", path: "/segments/names", tags, summary: "What segments are called, by name" })
    .meta({ needs: "leads:read" })
    .output(z.object({ data: z.array(SegmentName) })),
  create: endpoint
    .route({ method: "POST", path: "/segments", tags, successStatus: 201, summary: "Make a segment" })
    .meta({ needs: "segments:write" })
    .input(SegmentIn)
    .output(SegmentDetail),
  preview: endpoint
    .route({
      method: "POST",
      path: "/segments/preview",
      tags,
      summary: "How many leads a rule matches, and some of them with the reasons",
    })
    .meta({ needs: "segments:write", budget: "search" })
    .input(z.strictObject({ ...Question, count: z.enum(["estimate", "exact"]).default("estimate") }))
    .output(SegmentPreview),
  show: endpoint
    .route({ method: "GET", path: "/segments/{id}", tags, summary: "One segment, and what uses it" })
    .meta({ needs: "leads:read" })
    .input(ById)
    .output(SegmentDetail),
  update: endpoint
    .route({ method: "PATCH", path: "/segments/{id}", tags, summary: "Change a segment" })
    .meta({ needs: "segments:write" })
    .input(SegmentPatch.extend({ id: Id }))
    .output(SegmentDetail),
  remove: endpoint
    .route({
      method: "DELETE",
      path: "/segments/{id}",
      tags,
      summary: "Delete a segment that nothing uses; it can be restored for thirty days",
    })
    .meta({ needs: "segments:write" })
    .input(ById)
    .output(Nothing),
  deleted: endpoint
    .route({
      method: "GET",
      path: "/segments/deleted",
      tags,
      summary: "Segments that were deleted and can be restored, the last first",
    })
    .meta({ needs: "segments:write" })
    .output(z.object({ data: z.array(DeletedSegment) })),
  restore: endpoint
    .route({
      method: "POST",
      path: "/segments/{id}/restore",
      tags,
      summary:
        "Take back the deletion of a segment: with its members, and with a number if its name was given away",
    })
    .meta({ needs: "segments:write" })
    .input(ById)
    .output(SegmentDetail),
  setState: endpoint
    .route({ method: "PUT", path: "/segments/{id}/state", tags, summary: "Activate or retire a segment" })
    .meta({ needs: "segments:write" })
    .input(
      z.strictObject({
        id: Id,
        state: SegmentState,
        even_if_used: z
          .boolean()
          .default(false)
          .describe("Retire it though others use it; the refusal without it names them in `used_in`"),
      }),
    )
    .output(SegmentDetail),
  impact: endpoint
    .route({
      method: "POST",
      path: "/segments/{id}/impact",
      tags,
      summary: "How many would enter and leave by another rule",
    })
    .meta({ needs: "segments:write", budget: "search" })
    .input(z.strictObject({ id: Id, ...Question }))
    .output(
      z.object({
        size: z.int().describe("After the change"),
        enter: z.int(),
        leave: z.int(),
        enter_sample: z.array(Lead),
        leave_sample: z.array(Lead),
      }),
    ),
  duplicate: endpoint
    .route({
      method: "POST",
      path: "/segments/{id}/duplicate",
      tags,
      successStatus: 201,
      summary: "A draft with the same rule; of a static segment, another with the same members",
    })
    .meta({ needs: "segments:write" })
    .input(z.strictObject({ id: Id, name: Name.optional() }))
    .output(SegmentDetail),
  convert: endpoint
    .route({
      method: "POST",
      path: "/segments/{id}/convert",
      tags,
      summary: "Make a dynamic segment static: its members stay as they are now",
    })
    .meta({ needs: "segments:write" })
    .input(ById)
    .output(SegmentDetail),
  unconvert: endpoint
    .route({
      method: "POST",
      path: "/segments/{id}/unconvert",
      tags,
      summary: "Make a segment dynamic again that was made static: by the rule it had",
    })
    .meta({ needs: "segments:write" })
    .input(ById)
    .output(SegmentDetail),
  growth: endpoint
    .route({
      method: "GET",
      path: "/segments/{id}/growth",
      tags,
      summary: "Who came and went, day by day in the workspace's time zone",
    })
    .meta({ needs: "leads:read" })
    .input(z.strictObject({ id: Id, days: z.coerce.number().int().min(1).max(400).default(90) }))
    .output(z.object({ data: z.array(GrowthDay) })),
  explain: endpoint
    .route({
      method: "GET",
      path: "/segments/{id}/explain",
      tags,
      summary: "Why a lead is in a segment, or is not: every condition marked",
    })
    .meta({ needs: "leads:read" })
    .input(z.strictObject({ id: Id, lead: Id }))
    .output(Explanation),
  members: {
    list: endpoint
      .route({
        method: "GET",
        path: "/segments/{id}/members",
        tags,
        summary:
          "A segment's members, as they entered by id; the leads list sorts and filters them by the condition {segment}",
      })
      .meta({ needs: "leads:read", budget: "search" })
      .input(z.strictObject({ id: Id, ...Paging }))
      .output(listOf(Member)),
    add: endpoint
      .route({
        method: "POST",
        path: "/segments/{id}/members",
        tags,
        summary: "Add leads to a static segment",
      })
      .meta({ needs: "segments:write" })
      .input(z.strictObject({ id: Id, lead_ids: z.array(Id).min(1).max(1000) }))
      .output(
        z.object({
          added: z.int(),
          already: z.int(),
          missing: z.array(Id).describe("There are no such leads"),
        }),
      ),
    remove: endpoint
      .route({
        method: "DELETE",
        path: "/segments/{id}/members",
        tags,
        summary: "Take leads out of a static segment",
      })
      .meta({ needs: "segments:write" })
      .input(z.strictObject({ id: Id, lead_ids: z.array(Id).min(1).max(1000) }))
      .output(z.object({ removed: z.int() })),
  },
  ofLead: endpoint
    .route({ method: "GET", path: "/leads/{id}/segments", tags, summary: "The segments that a lead is in" })
    .meta({ needs: "leads:read" })
    .input(ById)
    .output(z.object({ data: z.array(LeadSegment) })),
};

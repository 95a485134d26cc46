import * as z from "zod";
import { ActorRef, ById, Count, CountMode, endpoint, Id, listOf, Nothing, Paging, Time } from "./common.ts";
import { Move, MoveWay, Reason, reason_length_max } from "./pipeline.ts";
import { Rule } from "./rule.ts";

export { Stage } from "./pipeline.ts";

const text = (length_max: number) => z.string().trim().max(length_max).nullable();
/** What a caller may write. Values are normalised by the server: e-mail lower-cased, phone to E.164, an empty text is no value. */
const writable = {
  // Not trimmed here: the server tells spaces from line breaks.
  email: z.string().max(320).nullable(),
  first_name: text(200),
  last_name: text(200),
  company: text(300),
  job_title: text(300),
  phone: text(50),
  whatsapp_id: text(50),
  avatar_url: text(2000),
  stage: z.string().max(63),
  lost_reason: text(reason_length_max).describe("Of leads in a stage of kind lost, which asks for it"),
  qualification: z.number().int().min(0).max(100).nullable(),
  source: text(200),
  country: text(100),
  region: text(200),
  city: text(200),
  time_zone: text(64),
  language: text(35),
  external_id: text(300),
  anonymous_id: text(300).describe("Of a visitor whom nobody knows yet, as a site's script names them"),
  attributes: z.record(z.string(), z.unknown()),
};
export const LeadPatch = z.strictObject(writable).partial();
export type LeadPatch = z.infer<typeof LeadPatch>;
const TagName = z.string().trim().min(1).max(60);
export const LeadIn = LeadPatch.extend({
  tags: z.array(TagName).max(100).optional(),
  owner_id: Id.nullable().optional(),
});
export type LeadIn = z.infer<typeof LeadIn>;

export const Lead = z.object({
  id: Id,
  email: z.string().nullable(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  company: z.string().nullable(),
  job_title: z.string().nullable(),
  phone: z.string().nullable(),
  whatsapp_id: z.string().nullable(),
  avatar_url: z.string().nullable(),
  owner_id: z.string().nullable(),
  stage: z.string(),
  stage_since: z.string().describe("When it entered its stage"),
  lost_reason: z.string().nullable(),
  overdue: z.boolean().describe("Longer in its open stage than the stage's target"),
  score: z.int(),
  tier: z.enum(["hot", "warm", "cold"]),
  qualification: z.int().nullable(),
  source: z.string().nullable(),
  tags: z.array(z.string()),
  country: z.string().nullable(),
  region: z.string().nullable(),
  city: z.string().nullable(),
  time_zone: z.string().nullable(),
  language: z.string().nullable(),
  external_id: z.string().nullable(),
  anonymous_id: z.string().nullable(),
  attributes: z.record(z.string(), z.unknown()),
  created_at: z.string(),
  updated_at: z.string(),
  last_seen_at: z
    .string()
    .nullable()
    .describe("The last event that a program reported of the lead's own doing, to the minute"),
  hidden: z.boolean().describe("Left out of lists until something happens that no member did"),
  revision: z.int().describe("Grows with every change; the ETag"),
});
export type Lead = z.infer<typeof Lead>;

/** From so many points on; below is cold. */
export const tiers = { hot: 50, warm: 20 } as const;

export const Sort = z.strictObject({ field: z.string().max(80), direction: z.enum(["asc", "desc"]) });
export type Sort = z.infer<typeof Sort>;
export const sort_keys_max = 3;
export const SortBy = z.array(Sort).max(sort_keys_max);
export const LeadQuery = z.strictObject({
  rule: Rule.optional(),
  q: z.string().max(1000).optional().describe("The query language of /leads/search, and-ed with the rule"),
  sort: SortBy.optional().describe("Up to three keys, missing values last; by default the newest lead first"),
  ...Paging,
  count: CountMode.default("none"),
});
export type LeadQuery = z.infer<typeof LeadQuery>;
export const LeadPage = listOf(Lead).extend({
  count: Count.optional(),
  looked_at: z
    .int()
    .optional()
    .describe(
      "Set when a page is short because the search stopped after so many leads; go on with the cursor",
    ),
});

export const Note = z.object({
  id: Id,
  lead_id: Id,
  body: z.string().describe("Sanitised HTML"),
  author: ActorRef,
  created_at: Time,
  updated_at: Time.nullable(),
});
export type Note = z.infer<typeof Note>;
export const TimelineEvent = z.object({
  id: z.string(),
  name: z
    .string()
    .describe("Such as `lead.created`, `lead.updated`, `lead.assigned`, `tag.added`, `note.added`"),
  occurred_at: z.string(),
  actor: ActorRef,
  data: z.record(z.string(), z.unknown()).describe("For `lead.updated`: {changes: {<field>: {from, to}}}"),
});
export type TimelineEvent = z.infer<typeof TimelineEvent>;
export const Tag = z.object({ id: Id, name: z.string(), colour: z.string().nullable(), leads: z.int() });
export type Tag = z.infer<typeof Tag>;
/** What another lead may have taken while one was in the bin: an identifier, or a value of a unique field. */
export const RestoreWithout = z
  .array(z.string().max(80))
  .max(50)
  .optional()
  .describe(
    "Fields to restore without where another lead has the value by now: `email`, `phone`, `whatsapp_id`, `external_id`, `attributes.<key>`. Where nobody has it, it stays",
  );

export const BatchResult = z.object({
  ref: z.string().nullable(),
  status: z.enum(["created", "updated", "unchanged", "refused"]),
  id: Id.nullable(),
  errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })),
});

const tags = ["Leads"];
const NoteBody = z.string().trim().min(1, "Write something first.").max(20_000);
export const leads = {
  query: endpoint
    .route({ method: "POST", path: "/leads/query", tags, summary: "List leads by a rule" })
    .meta({ needs: "leads:read", budget: "search" })
    .input(LeadQuery)
    .output(LeadPage),
  list: endpoint
    .route({ method: "GET", path: "/leads", tags, summary: "List leads, newest first" })
    .meta({ needs: "leads:read" })
    .input(z.strictObject({ ...Paging, count: CountMode.default("none") }))
    .output(LeadPage),
  search: endpoint
    .route({ method: "GET", path: "/leads/search", tags, summary: "Search leads by words and `field:value`" })
    .meta({ needs: "leads:read", budget: "search" })
    .input(
      z.strictObject({
        query: z.string().max(1000).default(""),
        sort: z
          .string()
          .max(250)
          .optional()
          .describe("Up to three fields, apart by commas; `-field` for descending"),
        ...Paging,
        count: CountMode.default("none"),
      }),
    )
    .output(LeadPage),
  recheck: endpoint
    .route({
      method: "POST",
      path: "/leads/recheck",
      tags,
      summary: "These leads as they are now, and which of them match a rule and a query",
    })
    .meta({ needs: "leads:read", budget: "search" })
    .input(
      z.strictObject({
        ...LeadQuery.pick({ rule: true, q: true }).shape,
        lead_ids: z.array(Id).min(1).max(200),
      }),
    )
    .output(
      z.object({
        data: z.array(Lead).describe("Without those that are deleted or that the caller may not see"),
        matching: z.array(Id),
      }),
    ),
  create: endpoint
    .route({ method: "POST", path: "/leads", tags, successStatus: 201, summary: "Create a lead" })
    .meta({ needs: "leads:write" })
    .input(LeadIn)
    .output(Lead),
  batch: endpoint
    .route({
      method: "POST",
      path: "/leads/batch",
      tags,
      successStatus: 207,
      summary: "Create or update up to 1,000 leads; one bad item never fails the others",
    })
    .meta({ needs: "leads:write", items: "leads" })
    .input(
      z.strictObject({
        match_on: z.enum(["email", "phone", "external_id"]).default("email"),
        mode: z.enum(["create", "update", "both"]).default("both"),
        leads: z
          .array(z.looseObject({ ref: z.string().max(200).optional() }))
          .min(1)
          .max(1000),
      }),
    )
    .output(z.object({ data: z.array(BatchResult) })),
  show: endpoint
    .route({ method: "GET", path: "/leads/{id}", tags, summary: "One lead" })
    .meta({ needs: "leads:read" })
    .input(ById)
    .output(Lead),
  update: endpoint
    .route({ method: "PATCH", path: "/leads/{id}", tags, summary: "Change a lead; null clears a value" })
    .meta({ needs: "leads:write" })
    .input(LeadPatch.extend({ id: Id }))
    .output(Lead),
  remove: endpoint
    .route({
      method: "DELETE",
      path: "/leads/{id}",
      tags,
      summary: "Put a lead into the bin; its addresses are free at once",
    })
    .meta({ needs: "leads:delete" })
    .input(ById)
    .output(Nothing),
  restore: endpoint
    .route({
      method: "POST",
      path: "/leads/{id}/restore",
      tags,
      summary: "Take a lead back out of the bin; 409 names the lead that has its address by now",
    })
    .meta({ needs: "leads:delete" })
    .input(ById.extend({ without: RestoreWithout }))
    .output(Lead),
  hide: endpoint
    .route({
      method: "POST",
      path: "/leads/{id}/hide",
      tags,
      summary: "Leave a lead out of lists until it is active again; `hidden:yes` finds it",
    })
    .meta({ needs: "leads:write" })
    .input(ById)
    .output(Lead),
  unhide: endpoint
    .route({ method: "POST", path: "/leads/{id}/show", tags, summary: "Show a hidden lead in lists again" })
    .meta({ needs: "leads:write" })
    .input(ById)
    .output(Lead),
  setOwner: endpoint
    .route({
      method: "PUT",
      path: "/leads/{id}/owner",
      tags,
      summary: "Assign a lead; null unassigns it. Agents may take an unassigned lead and give up their own",
    })
    .meta({ needs: "leads:take" })
    .input(z.strictObject({ id: Id, owner_id: Id.nullable() }))
    .output(Lead),
  setStage: endpoint
    .route({ method: "PUT", path: "/leads/{id}/stage", tags, summary: "Move a lead to a stage" })
    .meta({ needs: "leads:write" })
    .input(
      z.strictObject({
        id: Id,
        stage: z.string().max(63),
        reason: Reason.optional().describe("Asked for by stages of kind lost"),
        fields: LeadPatch.omit({ stage: true, lost_reason: true })
          .optional()
          .describe("Values to set with it, such as those that the stage asks for"),
        from: z
          .string()
          .max(63)
          .optional()
          .describe("The stage it is moved from: 412 when somebody else moved it meanwhile"),
        how: MoveWay.extract(["card", "board", "list"])
          .optional()
          .describe("Where on the screen; for the history"),
      }),
    )
    .output(Lead),
  reopen: endpoint
    .route({
      method: "POST",
      path: "/leads/{id}/reopen",
      tags,
      summary: "Take a lead out of its final stage: back to where it came from, or to a given open stage",
    })
    .meta({ needs: "leads:reopen" })
    .input(z.strictObject({ id: Id, stage: z.string().max(63).optional() }))
    .output(Lead),
  moves: endpoint
    .route({
      method: "GET",
      path: "/leads/{id}/moves",
      tags,
      summary: "Each move of a lead, newest first: who, when, how, from, to, how long it had stayed",
    })
    .meta({ needs: "leads:read" })
    .input(z.strictObject({ id: Id, ...Paging }))
    .output(listOf(Move)),
  addTag: endpoint
    .route({ method: "PUT", path: "/leads/{id}/tags/{tag}", tags, summary: "Tag a lead" })
    .meta({ needs: "leads:write" })
    .input(z.strictObject({ id: Id, tag: TagName }))
    .output(Lead),
  removeTag: endpoint
    .route({ method: "DELETE", path: "/leads/{id}/tags/{tag}", tags, summary: "Take a tag off a lead" })
    .meta({ needs: "leads:write" })
    .input(z.strictObject({ id: Id, tag: TagName }))
    .output(Lead),
  timeline: endpoint
    .route({
      method: "GET",
      path: "/leads/{id}/timeline",
      tags,
      summary: "What happened to a lead, newest first",
    })
    .meta({ needs: "leads:read" })
    .input(
      z.strictObject({
        id: Id,
        names: z
          .string()
          .max(5000)
          .optional()
          .describe("Only these kinds, apart by commas: `page.viewed,email.opened`"),
        ...Paging,
      }),
    )
    .output(listOf(TimelineEvent)),
  notes: {
    list: endpoint
      .route({ method: "GET", path: "/leads/{id}/notes", tags, summary: "A lead's notes, newest first" })
      .meta({ needs: "leads:read" })
      .input(z.strictObject({ id: Id, ...Paging }))
      .output(listOf(Note)),
    create: endpoint
      .route({ method: "POST", path: "/leads/{id}/notes", tags, successStatus: 201, summary: "Write a note" })
      .meta({ needs: "leads:write" })
      .input(z.strictObject({ id: Id, body: NoteBody }))
      .output(Note),
    update: endpoint
      .route({ method: "PATCH", path: "/leads/{id}/notes/{note_id}", tags, summary: "Edit my note" })
      .meta({ needs: "leads:write" })
      .input(z.strictObject({ id: Id, note_id: Id, body: NoteBody }))
      .output(Note),
    remove: endpoint
      .route({
        method: "DELETE",
        path: "/leads/{id}/notes/{note_id}",
        tags,
        summary: "Delete my note; managers may delete any",
      })
      .meta({ needs: "leads:write" })
      .input(z.strictObject({ id: Id, note_id: Id }))
      .output(Nothing),
  },
};

export const tagList = {
  list: endpoint
    .route({ method: "GET", path: "/tags", tags: ["Tags"], summary: "All tags" })
    .meta({ needs: "leads:read" })
    .output(z.object({ data: z.array(Tag) })),
  update: endpoint
    .route({
      method: "PATCH",
      path: "/tags/{id}",
      tags: ["Tags"],
      summary: "Rename or recolour a tag; a name that exists merges the two",
    })
    .meta({ needs: "leads:assign" })
    .input(
      z.strictObject({ id: Id, name: TagName.optional(), colour: z.string().max(20).nullable().optional() }),
    )
    .output(Tag),
  remove: endpoint
    .route({ method: "DELETE", path: "/tags/{id}", tags: ["Tags"], summary: "Delete a tag from every lead" })
    .meta({ needs: "leads:assign" })
    .input(ById)
    .output(Nothing),
};

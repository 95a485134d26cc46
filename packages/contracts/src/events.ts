import * as z from "zod";
import { ById, endpoint, Id, Nothing } from "./common.ts";
import { FieldError } from "./problems.ts";
import { TimelineEvent } from "./leads.ts";

/** A bug that puts an id into its event's name stops here. */
export const event_names_max = 1000;
export const event_properties_max = 100;
export const event_property_length_max = 100;
export const event_bytes_max = 32 * 1024;
/** What of an event's properties the catalogue remembers. */
export const event_properties_known_max = 200;

const Properties = z.record(z.string(), z.unknown());
/** One event as it is sent; each is judged for itself, so what is wrong with one is said of that one. */
export const EventIn = z.strictObject({
  event_id: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Yours: an event sent again with the same id is recorded once"),
  name: z.string().trim().max(200).describe("Such as `order.placed`"),
  occurred_at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("When it happened; the past is fine, more than 5 minutes ahead is refused. Without: now"),
  properties: Properties.optional().describe("At most 100, and 32 kB as JSON"),
  lead_id: z.string().optional(),
  email: z.string().max(320).optional(),
  external_id: z.string().max(300).optional(),
  anonymous_id: z.string().max(300).optional(),
});
export type EventIn = z.infer<typeof EventIn>;

export const EventResult = z.object({
  event_id: z.string().nullable(),
  status: z.enum(["accepted", "duplicate", "refused"]),
  id: z.string().nullable(),
  lead_id: z.string().nullable(),
  errors: z.array(FieldError),
});
export type EventResult = z.infer<typeof EventResult>;

export const EventName = z.object({
  name: z.string(),
  label: z.string().describe("What people read; the name itself unless somebody changed it"),
  kind: z
    .enum(["reported", "usual", "built_in"])
    .describe("Sent to this workspace; not sent yet but usual; told by Bellwether itself"),
  hidden: z.boolean().describe("Not offered in rules and filters; still recorded"),
  count: z.int().nullable().describe("How many were recorded; null for built-in ones"),
  first_seen_at: z.string().nullable(),
  last_seen_at: z.string().nullable(),
  properties: z.array(
    z.object({
      key: z.string(),
      types: z.array(z.enum(["text", "number", "yes_no", "time", "list", "object"])),
    }),
  ),
});
export type EventName = z.infer<typeof EventName>;

export const EventGroup = z.object({
  name: z.string(),
  label: z.string(),
  count: z.int(),
  first_at: z.string(),
  last_at: z.string(),
});
export type EventGroup = z.infer<typeof EventGroup>;

export const EventSettings = z.object({
  keep_months: z
    .int()
    .min(1)
    .max(120)
    .nullable()
    .describe("Reported events older than this are deleted, their counts kept; null keeps all"),
});
export type EventSettings = z.infer<typeof EventSettings>;

const tags = ["Events"];
export const events = {
  record: endpoint
    .route({
      method: "POST",
      path: "/events",
      tags,
      successStatus: 207,
      summary: "Report up to 1,000 events; one bad event never fails the others",
    })
    .meta({ needs: "events:write", items: "events" })
    .input(
      z.strictObject({
        events: z
          .array(z.unknown())
          .min(1)
          .max(1000)
          .describe(
            "Each {name, event_id?, occurred_at?, properties?} as in POST /leads/{id}/events, and whose it is: one of lead_id, email, external_id, anonymous_id",
          ),
        create_leads: z
          .boolean()
          .default(false)
          .describe(
            "Create a lead for an unknown e-mail, external id or anonymous id; else such events are refused",
          ),
      }),
    )
    .output(z.object({ data: z.array(EventResult) })),
  add: endpoint
    .route({
      method: "POST",
      path: "/leads/{id}/events",
      tags,
      successStatus: 201,
      summary: "Record an event of one lead, by hand",
    })
    .meta({ needs: "events:write" })
    .input(
      EventIn.pick({ event_id: true, name: true, occurred_at: true, properties: true }).extend({ id: Id }),
    )
    .output(TimelineEvent),
  remove: endpoint
    .route({
      method: "DELETE",
      path: "/leads/{id}/events/{event_id}",
      tags,
      summary: "Take back an event that I added; managers may any that was reported or added by hand",
    })
    .meta({ needs: "events:write" })
    .input(z.strictObject({ id: Id, event_id: Id }))
    .output(Nothing),
  restore: endpoint
    .route({
      method: "POST",
      path: "/leads/{id}/events/{event_id}/restore",
      tags,
      summary: "Put an event back that was taken back",
    })
    .meta({ needs: "events:write" })
    .input(z.strictObject({ id: Id, event_id: Id }))
    .output(TimelineEvent),
  groups: endpoint
    .route({
      method: "GET",
      path: "/leads/{id}/events/groups",
      tags,
      summary: "A lead's events by name: how many, first, last; the latest first",
    })
    .meta({ needs: "leads:read" })
    .input(ById)
    .output(z.object({ data: z.array(EventGroup) })),
};

export const eventNames = {
  list: endpoint
    .route({ method: "GET", path: "/event-names", tags, summary: "The events this workspace knows" })
    .meta({ needs: "member" })
    .output(z.object({ data: z.array(EventName), names_max: z.int() })),
  update: endpoint
    .route({ method: "PATCH", path: "/event-names/{name}", tags, summary: "Label or hide an event" })
    .meta({ needs: "fields:write" })
    .input(
      z.strictObject({
        name: z.string().max(200),
        label: z.string().trim().min(1).max(100).nullable().optional().describe("null: the name itself"),
        hidden: z.boolean().optional(),
      }),
    )
    .output(EventName),
  settings: endpoint
    .route({ method: "GET", path: "/event-settings", tags, summary: "How long events are kept" })
    .meta({ needs: "member" })
    .output(EventSettings),
  saveSettings: endpoint
    .route({ method: "PATCH", path: "/event-settings", tags, summary: "Change how long events are kept" })
    .meta({ needs: "settings:write" })
    .input(EventSettings)
    .output(EventSettings),
};

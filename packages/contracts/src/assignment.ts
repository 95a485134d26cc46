/** Automatic assignment: rules that say who gets which leads, and when members are at work. */
import * as z from "zod";
import { ById, endpoint, Id, Nothing } from "./common.ts";
import { Lead } from "./leads.ts";
import { Rule } from "./rule.ts";

export const AssignmentMethod = z
  .enum(["round_robin", "least_loaded"])
  .describe(
    "`round_robin`: one after the other, each as often; `least_loaded`: who has the fewest open leads",
  );
export type AssignmentMethod = z.infer<typeof AssignmentMethod>;
export const assignment_rules_max = 100;
export const assignment_members_max = 200;

const writable = {
  name: z.string().trim().min(1, "Enter a name.").max(80),
  enabled: z.boolean(),
  condition: Rule.nullable().describe(
    "Which leads it takes; null: every lead. Words and segments can't be asked for",
  ),
  method: AssignmentMethod,
  members: z
    .array(Id)
    .min(1, "Choose at least one member.")
    .max(assignment_members_max)
    .describe("Who gets them, in the order of their turns"),
  only_at_work: z
    .boolean()
    .describe(
      "Only members within their working hours; with nobody at work, who is at work next. Absent members never get leads",
    ),
};
/** So far leads that wait are counted. */
export const waiting_max = 10_000;
export const AssignmentRule = z.object({
  id: Id,
  name: z.string(),
  enabled: z.boolean(),
  condition: Rule.nullable(),
  method: AssignmentMethod,
  members: z.array(Id).describe("Without those who left"),
  only_at_work: z.boolean(),
  broken: z.string().nullable().describe("Why it takes no leads: its condition means nothing any more"),
  waiting: z
    .int()
    .describe(
      `New leads that it took while nobody of it was there, who get them once back; ${waiting_max}: or more`,
    ),
});
export type AssignmentRule = z.infer<typeof AssignmentRule>;

const Day = z.iso.date();
/** `24:00` ends a day. */
const Clock = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, "Use a time such as 09:00.");
export const WorkingSpan = z
  .strictObject({ day: z.int().min(1).max(7).describe("1 is Monday"), from: Clock, to: Clock })
  .refine((span) => span.from < span.to, { path: ["to"], message: "Working hours end after they begin." });
export type WorkingSpan = z.infer<typeof WorkingSpan>;
export const Absence = z
  .strictObject({ from: Day, to: Day.describe("The last day") })
  .refine((absence) => absence.from <= absence.to, {
    path: ["to"],
    message: "An absence ends on its first day or later.",
  });
export type Absence = z.infer<typeof Absence>;
const availability = {
  time_zone: z.string().max(64).describe("IANA name, such as Europe/Berlin"),
  hours: z.array(WorkingSpan).max(50).nullable().describe("Null: always at work"),
  absences: z.array(Absence).max(50),
};
export const Availability = z.object({ member_id: Id, ...availability });
export type Availability = z.infer<typeof Availability>;

export const LeadTaker = z.object({
  member_id: Id,
  open_leads: z.int().describe("Leads in open stages that they own"),
  at_work: z.boolean(),
  absent_until: Day.nullable().describe("The last day of the absence they are in"),
  next_at_work: z.iso.datetime().nullable().describe("Null: not within the next 60 days"),
});
export type LeadTaker = z.infer<typeof LeadTaker>;

export const AssignmentPreview = z.object({
  lead: Lead,
  rule: z.object({ id: Id, name: z.string() }).nullable().describe("Null: no rule takes it"),
  owner_id: Id.nullable().describe("Who would get it now; null with a rule: all of its members are away"),
});
export type AssignmentPreview = z.infer<typeof AssignmentPreview>;

const tags = ["Assignment"];
const Rules = z.object({ data: z.array(AssignmentRule) });
export const assignment = {
  rules: {
    list: endpoint
      .route({
        method: "GET",
        path: "/assignment-rules",
        tags,
        summary: "The rules of assignment in their order; the first that takes a lead decides",
      })
      .meta({ needs: "leads:assign" })
      .output(Rules),
    create: endpoint
      .route({
        method: "POST",
        path: "/assignment-rules",
        tags,
        successStatus: 201,
        summary: "Add a rule at the end",
      })
      .meta({ needs: "settings:write" })
      .input(
        z.strictObject({
          name: writable.name,
          enabled: writable.enabled.default(true),
          condition: writable.condition.default(null),
          method: writable.method.default("round_robin"),
          members: writable.members,
          only_at_work: writable.only_at_work.default(false),
        }),
      )
      .output(AssignmentRule),
    update: endpoint
      .route({ method: "PATCH", path: "/assignment-rules/{id}", tags, summary: "Change a rule" })
      .meta({ needs: "settings:write" })
      .input(z.strictObject({ id: Id, ...z.strictObject(writable).partial().shape }))
      .output(AssignmentRule),
    remove: endpoint
      .route({
        method: "DELETE",
        path: "/assignment-rules/{id}",
        tags,
        summary: "Remove a rule; leads keep the owners it gave them",
      })
      .meta({ needs: "settings:write" })
      .input(ById)
      .output(Nothing),
    order: endpoint
      .route({ method: "PUT", path: "/assignment-rule-order", tags, summary: "Put the rules in order" })
      .meta({ needs: "settings:write" })
      .input(
        z.strictObject({
          ids: z.array(Id).max(assignment_rules_max).describe("All of them"),
          was: z
            .array(Id)
            .max(assignment_rules_max)
            .optional()
            .describe("The order it was changed from: 412 when somebody else changed it meanwhile"),
        }),
      )
      .output(Rules),
    preview: endpoint
      .route({
        method: "POST",
        path: "/assignment-rules/preview",
        tags,
        summary: "Which rule would take these leads, and who would get them; nothing is changed",
      })
      .meta({ needs: "leads:assign", budget: "search" })
      .input(
        z.strictObject({
          lead_ids: z
            .array(Id)
            .min(1)
            .max(200)
            .optional()
            .describe("By default the 20 newest open leads without an owner"),
        }),
      )
      .output(
        z.object({
          data: z.array(AssignmentPreview),
          unassigned: z.int().describe("All open leads without an owner"),
        }),
      ),
  },
  assign: endpoint
    .route({
      method: "POST",
      path: "/leads/{id}/assign",
      tags,
      summary: "Give a lead to whom the rules say; 409 when none takes it or everybody is away",
    })
    .meta({ needs: "leads:assign" })
    .input(
      z.strictObject({
        id: Id,
        reassign: z.boolean().default(false).describe("Also when it has an owner"),
      }),
    )
    .output(Lead),
  takers: endpoint
    .route({
      method: "GET",
      path: "/lead-takers",
      tags,
      summary: "Who may own leads: how many open ones they have, and whether they are at work",
    })
    .meta({ needs: "leads:assign" })
    .output(z.object({ data: z.array(LeadTaker) })),
  availability: {
    show: endpoint
      .route({
        method: "GET",
        path: "/members/{id}/availability",
        tags,
        summary: "A member's working hours and absences",
      })
      .meta({ needs: "members:read" })
      .input(ById)
      .output(Availability),
    save: endpoint
      .route({
        method: "PUT",
        path: "/members/{id}/availability",
        tags,
        summary: "Change my own working hours and absences; admins change everybody's",
      })
      .meta({ needs: "members:read" })
      .input(z.strictObject({ id: Id, ...availability }))
      .output(Availability),
  },
};

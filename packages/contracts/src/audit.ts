import * as z from "zod";
import { ActorRef, endpoint, Id, listOf, Paging, Time } from "./common.ts";

export const AuditEntry = z.object({
  id: Id,
  name: z.string().describe("Such as `lead.updated`, `export.downloaded`, `member.signed_in`"),
  occurred_at: Time,
  actor: ActorRef,
  ip: z.string().nullable().describe("From where; null for what the program did by itself"),
  lead_id: z.string().nullable(),
  subject_id: z.string().nullable().describe("The member, import, export, view … it is about"),
  data: z.record(z.string(), z.unknown()).describe("For changes: {changes: {<field>: {from, to}}}"),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditFilter = z.strictObject({
  actor_id: Id.optional(),
  name: z
    .string()
    .regex(/^[a-z0-9_.]{1,80}(\*)?$/, "Use a name such as lead.updated, or lead.* for all that begin so.")
    .optional()
    .describe("Exactly, or `lead.*` for all that begin so"),
  lead_id: Id.optional(),
  subject_id: Id.optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional().describe("Up to, not including"),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

const tags = ["Audit log"];
export const audit = {
  list: endpoint
    .route({ method: "GET", path: "/audit", tags, summary: "Who did what to which record, newest first" })
    .meta({ needs: "audit:read", budget: "search" })
    .input(AuditFilter.extend(Paging))
    .output(
      listOf(AuditEntry).extend({
        looked_at: z
          .int()
          .optional()
          .describe(
            "Set when a page is short because the search stopped after so many entries; go on with the cursor",
          ),
      }),
    ),
  file: endpoint
    .route({ method: "GET", path: "/audit.csv", tags, summary: "The same as a file" })
    .meta({ needs: "audit:read", budget: "search", raw: true })
    .input(AuditFilter)
    .output(z.file()),
};

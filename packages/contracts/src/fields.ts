import * as z from "zod";
import { endpoint, Nothing, Time } from "./common.ts";

export const fieldTypes = [
  "text",
  "number",
  "date",
  "datetime",
  "yes_no",
  "choice",
  "choices",
  "url",
  "money",
] as const;
export const FieldType = z.enum(fieldTypes);
export type FieldType = z.infer<typeof FieldType>;

/** What kind of spare column a fast field takes; several choices have an index of another kind already. */
export const slotKind: Record<FieldType, "t" | "n" | null> = {
  text: "t",
  choice: "t",
  url: "t",
  number: "n",
  money: "n",
  date: "n",
  datetime: "n",
  yes_no: "n",
  choices: null,
};

/**
 * Fast without being asked to be. Not text and addresses: in Unicode's order, an index of a million different values
 * makes writing dear, while words and plain equality find them without.
 */
export const fastAtFirst: ReadonlySet<FieldType> = new Set<FieldType>([
  "choice",
  "number",
  "money",
  "date",
  "datetime",
  "yes_no",
]);

/** Names that would reach an object's prototype in careless code, here or in a caller's. */
const reserved = new Set(["constructor", "prototype", "tostring", "valueof", "hasownproperty"]);
export const FieldKey = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, "Use lower-case letters, digits and _, beginning with a letter.")
  .refine((key) => !reserved.has(key.replaceAll("_", "")), "This key is reserved. Choose another.");

export const FieldOption = z.object({
  value: z.string().trim().min(1).max(100),
  label: z.string().trim().min(1).max(100),
});
export type FieldOption = z.infer<typeof FieldOption>;
const OptionsIn = z
  .array(
    z.union([
      FieldOption,
      z
        .string()
        .trim()
        .min(1)
        .max(100)
        .transform((value) => ({ value, label: value })),
    ]),
  )
  .max(500);

export const Field = z.object({
  key: z.string(),
  label: z.string(),
  help: z.string(),
  type: FieldType,
  options: z.array(FieldOption).describe("For choice and choices"),
  currency: z.string().nullable().describe("For money: ISO 4217"),
  default: z.unknown().describe("Given to leads created without a value"),
  required: z.boolean().describe("Asked for on forms"),
  unique: z.boolean(),
  fast: z.boolean().describe("Kept beside an index of its own: sorted and filtered by range at any size"),
  preparing: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe("How far a field that was made fast is; null when nothing is being prepared"),
  position: z.int(),
  archived: z.boolean(),
  created_at: Time,
});
export type Field = z.infer<typeof Field>;

const writable = {
  label: z.string().trim().min(1).max(100),
  help: z.string().trim().max(500),
  options: OptionsIn,
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "Use a currency code such as EUR.")
    .nullable(),
  default: z.unknown(),
  required: z.boolean(),
  fast: z
    .boolean()
    .describe(
      "Sorted and filtered by range at any size; there is room for eight of text and choices, eight of numbers, dates and yes/no",
    ),
};
export const FieldIn = z.strictObject({
  key: FieldKey,
  type: FieldType,
  label: writable.label,
  help: writable.help.default(""),
  options: writable.options.default([]),
  currency: writable.currency.default(null),
  default: writable.default.optional(),
  required: writable.required.default(false),
  unique: z.boolean().default(false),
  fast: writable.fast
    .optional()
    .describe("By default choices, numbers, dates and yes/no are, while there is room"),
});
export type FieldIn = z.infer<typeof FieldIn>;

/** Standard fields of a lead, in the order the screen shows them. `filter` names the operators' family, `sort` says whether a list may be sorted by it. */
export const standardFields = [
  { key: "email", label: "E-mail", type: "text", writable: true, sort: true, contact: true },
  { key: "first_name", label: "First name", type: "text", writable: true, sort: true, contact: false },
  { key: "last_name", label: "Last name", type: "text", writable: true, sort: true, contact: false },
  { key: "company", label: "Company", type: "text", writable: true, sort: true, contact: false },
  { key: "job_title", label: "Job title", type: "text", writable: true, sort: true, contact: false },
  { key: "phone", label: "Phone", type: "text", writable: true, sort: true, contact: true },
  { key: "whatsapp_id", label: "WhatsApp", type: "text", writable: true, sort: true, contact: true },
  { key: "avatar_url", label: "Avatar", type: "url", writable: true, sort: true, contact: false },
  { key: "owner_id", label: "Owner", type: "member", writable: false, sort: true, contact: false },
  { key: "stage", label: "Stage", type: "stage", writable: true, sort: true, contact: false },
  {
    key: "stage_since",
    label: "In stage since",
    type: "datetime",
    writable: false,
    sort: true,
    contact: false,
  },
  { key: "lost_reason", label: "Lost reason", type: "text", writable: false, sort: true, contact: false },
  { key: "overdue", label: "Overdue", type: "yes_no", writable: false, sort: false, contact: false },
  { key: "score", label: "Score", type: "number", writable: false, sort: true, contact: false },
  {
    key: "qualification",
    label: "Qualification",
    type: "number",
    writable: true,
    sort: true,
    contact: false,
  },
  { key: "source", label: "Source", type: "text", writable: true, sort: true, contact: false },
  { key: "tags", label: "Tags", type: "tags", writable: false, sort: false, contact: false },
  { key: "country", label: "Country", type: "text", writable: true, sort: true, contact: false },
  { key: "region", label: "Region", type: "text", writable: true, sort: true, contact: false },
  { key: "city", label: "City", type: "text", writable: true, sort: true, contact: false },
  { key: "time_zone", label: "Time zone", type: "text", writable: true, sort: true, contact: false },
  { key: "language", label: "Language", type: "text", writable: true, sort: true, contact: false },
  { key: "external_id", label: "External id", type: "text", writable: true, sort: true, contact: false },
  { key: "anonymous_id", label: "Visitor id", type: "text", writable: false, sort: false, contact: false },
  { key: "created_at", label: "Created", type: "datetime", writable: false, sort: true, contact: false },
  { key: "updated_at", label: "Updated", type: "datetime", writable: false, sort: true, contact: false },
  { key: "last_seen_at", label: "Last seen", type: "datetime", writable: false, sort: true, contact: false },
  { key: "hidden", label: "Hidden", type: "yes_no", writable: false, sort: false, contact: false },
] as const;
export type StandardField = (typeof standardFields)[number];
export type StandardFieldKey = StandardField["key"];

const tags = ["Fields"];
const ByKey = z.strictObject({ key: z.string().max(63) });
export const fields = {
  list: endpoint
    .route({ method: "GET", path: "/fields", tags, summary: "Custom fields in their order" })
    .meta({ needs: "member" })
    .input(z.strictObject({ archived: z.enum(["true", "false"]).default("false") }))
    .output(z.object({ data: z.array(Field) })),
  create: endpoint
    .route({ method: "POST", path: "/fields", tags, successStatus: 201, summary: "Add a custom field" })
    .meta({ needs: "fields:write" })
    .input(FieldIn)
    .output(Field),
  update: endpoint
    .route({
      method: "PATCH",
      path: "/fields/{key}",
      tags,
      summary: "Change a custom field; key, type and uniqueness stay",
    })
    .meta({ needs: "fields:write" })
    .input(
      z.strictObject({
        key: z.string().max(63),
        label: writable.label.optional(),
        help: writable.help.optional(),
        options: writable.options.optional(),
        currency: writable.currency.optional(),
        default: writable.default.optional(),
        required: writable.required.optional(),
        fast: writable.fast.optional(),
        archived: z.boolean().optional(),
      }),
    )
    .output(Field),
  order: endpoint
    .route({ method: "PUT", path: "/field-order", tags, summary: "Put the fields in order" })
    .meta({ needs: "fields:write" })
    .input(z.strictObject({ keys: z.array(z.string().max(63)).max(1000) }))
    .output(z.object({ data: z.array(Field) })),
  remove: endpoint
    .route({
      method: "DELETE",
      path: "/fields/{key}",
      tags,
      summary: "Delete an archived field and its values for good",
    })
    .meta({ needs: "fields:write" })
    .input(ByKey)
    .output(Nothing),
};

import * as z from "zod";
import { ChangeSet } from "./changes.ts";
import { ActorRef, ById, endpoint, Id, listOf, Nothing, Paging, Time } from "./common.ts";
import { Reason } from "./pipeline.ts";
import { FieldKey, FieldOption, FieldType } from "./fields.ts";

/** Encodings people can choose; a guess outside this list is not offered. */
export const encodings = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "windows-1250",
  "windows-1251",
  "windows-1252",
  "windows-1253",
  "windows-1254",
  "windows-1255",
  "windows-1256",
  "iso-8859-2",
  "koi8-r",
  "macroman",
  "shift_jis",
  "euc-jp",
  "euc-kr",
  "gb18030",
  "big5",
] as const;

export const Dialect = z.object({
  encoding: z.string(),
  delimiter: z.string(),
  quote: z.string(),
  header_row: z.int().nullable().describe("1-based line of the header; null when the file has none"),
});
export type Dialect = z.infer<typeof Dialect>;
const NewField = z.strictObject({
  key: FieldKey,
  label: z.string().trim().min(1).max(100),
  type: FieldType,
  options: z.array(FieldOption).max(500).optional(),
});
export const Suggestion = z
  .union([z.object({ field: z.string() }), z.object({ new_field: NewField })])
  .nullable();
export const Column = z.object({
  index: z.int(),
  header: z.string(),
  samples: z.array(z.string()),
  suggestion: Suggestion,
});
export type Column = z.infer<typeof Column>;

export const ColumnMapping = z.union([
  z.strictObject({
    index: z.int().min(0),
    field: z
      .string()
      .max(80)
      .describe("A standard field, `attributes.<key>`, `tags` or `owner_id` (a member's e-mail or name)"),
  }),
  z.strictObject({ index: z.int().min(0), new_field: NewField }),
  z.strictObject({ index: z.int().min(0), skip: z.literal(true) }),
]);
export type ColumnMapping = z.infer<typeof ColumnMapping>;
export const ImportOptions = z.strictObject({
  match_on: z.enum(["email", "phone", "external_id"]).default("email"),
  mode: z.enum(["create", "update", "both"]).default("both"),
  on_existing: z
    .enum(["overwrite", "fill_blanks"])
    .default("overwrite")
    .describe("A blank cell never clears a value"),
  default_country: z.string().length(2).toUpperCase().nullable().default(null),
  date_format: z.enum(["auto", "iso", "dmy", "mdy"]).default("auto"),
  decimal_mark: z.enum(["auto", ".", ","]).default("auto"),
  number_rows: z
    .string()
    .trim()
    .min(1)
    .max(50)
    .nullable()
    .default(null)
    .describe("For a file without an identifier: external id becomes `<this>-<row number>`"),
  owner_id: Id.nullable().default(null),
  assign: z
    .boolean()
    .default(false)
    .describe("New leads without an owner go to whom the assignment rules say, once all are written"),
  stage: z.string().max(63).nullable().default(null),
  lost_reason: Reason.nullable()
    .default(null)
    .describe("For rows that enter a stage which asks why, and don't say"),
  move_back: z
    .boolean()
    .default(false)
    .describe("Whether a row may move a lead to an earlier stage than it is in"),
  tags: z.array(z.string().trim().min(1).max(60)).max(20).default([]),
  segment_id: Id.nullable().default(null).describe("A static segment that all of them are put into"),
  source: z.string().trim().max(200).nullable().default(null),
  encoding: z.string().max(40).optional(),
  delimiter: z.string().max(1).optional(),
  header_row: z.int().min(1).max(100).nullable().optional(),
});
export type ImportOptions = z.infer<typeof ImportOptions>;

export const importStates = [
  "draft",
  "checking",
  "checked",
  "running",
  "done",
  "cancelled",
  "failed",
] as const;
export const ProblemGroup = z.object({
  code: z.string(),
  column: z.string().nullable(),
  message: z.string(),
  count: z.int(),
  samples: z.array(z.object({ line: z.int(), value: z.string() })),
});
export const Import = z.object({
  id: Id,
  state: z.enum(importStates),
  file_name: z.string(),
  size_bytes: z.number(),
  dialect: Dialect,
  columns: z.array(Column),
  mapping: z.array(ColumnMapping).nullable(),
  options: ImportOptions.nullable(),
  progress: z
    .object({ done: z.int(), total: z.int(), rows_per_second: z.int(), phase: z.string() })
    .nullable(),
  check: z
    .object({
      rows: z.int(),
      create: z.int(),
      update: z.int(),
      unchanged: z.int(),
      duplicate: z.int(),
      invalid: z.int(),
      suppressed: z.int(),
      problems: z.array(ProblemGroup),
    })
    .nullable(),
  result: z
    .object({
      created: z.int(),
      updated: z.int(),
      unchanged: z.int(),
      rejected: z.int(),
      duplicate: z
        .int()
        .describe("Further rows of a lead, merged into its first one; the five add up to the rows"),
    })
    .nullable(),
  failure: z.string().nullable(),
  change: ChangeSet.nullable().describe(
    "What it changed, and whether that can be undone; null before it runs",
  ),
  created_by: ActorRef,
  created_at: Time,
  finished_at: Time.nullable(),
});
export type Import = z.infer<typeof Import>;

const tags = ["Imports"];
export const imports = {
  list: endpoint
    .route({ method: "GET", path: "/imports", tags, summary: "Imports, newest first" })
    .meta({ needs: "imports:run" })
    .input(z.strictObject(Paging))
    .output(listOf(Import)),
  create: endpoint
    .route({
      method: "POST",
      path: "/imports",
      tags,
      successStatus: 201,
      summary: "Upload a CSV or TSV file (multipart `file`, or the raw body as text/csv with ?file_name=)",
    })
    .meta({ needs: "imports:run", raw: true })
    .input(z.object({ file: z.file() }))
    .output(Import),
  show: endpoint
    .route({ method: "GET", path: "/imports/{id}", tags, summary: "One import" })
    .meta({ needs: "imports:run" })
    .input(ById)
    .output(Import),
  map: endpoint
    .route({
      method: "PUT",
      path: "/imports/{id}/mapping",
      tags,
      successStatus: 202,
      summary: "Map columns and check every row in the background",
    })
    .meta({ needs: "imports:run" })
    .input(
      z.strictObject({
        id: Id,
        columns: z.array(ColumnMapping).max(1000),
        options: ImportOptions.prefault({}),
      }),
    )
    .output(Import),
  run: endpoint
    .route({
      method: "POST",
      path: "/imports/{id}/run",
      tags,
      successStatus: 202,
      summary: "Write what was checked",
    })
    .meta({ needs: "imports:run" })
    .input(ById)
    .output(Import),
  cancel: endpoint
    .route({
      method: "DELETE",
      path: "/imports/{id}/run",
      tags,
      summary: "Stop; what was written so far stays",
    })
    .meta({ needs: "imports:run" })
    .input(ById)
    .output(Import),
  undo: endpoint
    .route({
      method: "POST",
      path: "/imports/{id}/undo",
      tags,
      successStatus: 202,
      summary:
        "Take back what it wrote: new leads go to the bin, overwritten values return, except what was edited since",
    })
    .meta({ needs: "imports:run" })
    .input(ById)
    .output(Import),
  remove: endpoint
    .route({ method: "DELETE", path: "/imports/{id}", tags, summary: "Discard an import that never ran" })
    .meta({ needs: "imports:run" })
    .input(ById)
    .output(Nothing),
  rejected: endpoint
    .route({
      method: "GET",
      path: "/imports/{id}/rejected.csv",
      tags,
      summary: "The refused rows in their original columns, with line and reason",
    })
    .meta({ needs: "imports:run", raw: true })
    .input(ById)
    .output(z.file()),
};

import { ActorRef } from "@bellwether/contracts/common";
import { ExportIn } from "@bellwether/contracts/exports";
import * as z from "zod";

/** A file full of people is not left lying about. */
export const kept_days = 7;

export const ExportRow = z.object({
  id: z.string(),
  state: z.enum(["running", "done", "failed"]),
  format: z.enum(["csv", "jsonl"]),
  columns: z.array(z.string()),
  query: ExportIn.omit({ columns: true, format: true }),
  expected: z.int(),
  rows: z.int(),
  size_bytes: z.number(),
  failure: z.string().nullable(),
  made_by: ActorRef,
  created_at: z.date(),
  finished_at: z.date().nullable(),
});
export type ExportRow = z.infer<typeof ExportRow>;

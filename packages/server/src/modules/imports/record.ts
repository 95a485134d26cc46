/** An import as it is kept, and as others see it. */
import type { ChangeSet } from "@bellwether/contracts/changes";
import { ActorRef } from "@bellwether/contracts/common";
import {
  encodings,
  Column,
  ColumnMapping,
  Dialect,
  Import,
  ImportOptions,
  importStates,
} from "@bellwether/contracts/imports";
import * as z from "zod";

export type ImportState = (typeof importStates)[number];

export const KeptDialect = Dialect.extend({
  encoding: z.enum(encodings),
  newline: z.enum(["\n", "\r"]),
  /** Rows of the file up to this line are header, titles or Excel's hint. */
  skip_lines: z.int(),
});
export type KeptDialect = z.infer<typeof KeptDialect>;

export const Counts = z.object({
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  rejected: z.int(),
  duplicate: z.int(),
});
export const no_counts: z.infer<typeof Counts> = {
  created: 0,
  updated: 0,
  unchanged: 0,
  rejected: 0,
  duplicate: 0,
};

/** Where work stands. All of it changes with the work, in the same transaction. */
export const Cursor = z.object({
  /** Changes with every mapping: a job of an older one stops. */
  attempt: z.string().default(""),
  staging: z.string().nullable().default(null),
  rows: z.int().default(0),
  /** Choices found for fields that the file defines. */
  options: z.record(z.string(), z.array(z.string())).default({}),
  /** The next chunk of each of the two workers: even ones and odd ones. */
  next: z.tuple([z.int(), z.int()]).default([0, 1]),
  done: z.int().default(0),
  counts: Counts.default(no_counts),
  /** Seconds since 1970, and rows done by then: the rate is of this run, not of the one before a crash. */
  started: z.number().default(0),
  resumed_at: z.int().default(0),
  prepared: z.boolean().default(false),
  all_new: z.boolean().default(false),
});
export type Cursor = z.infer<typeof Cursor>;

export const ImportRow = z.object({
  id: z.string(),
  state: z.enum(importStates),
  file_name: z.string(),
  size_bytes: z.number(),
  dialect: KeptDialect,
  columns: z.array(Column),
  mapping: z.array(ColumnMapping).nullable(),
  options: ImportOptions.nullable(),
  progress: Import.shape.progress,
  check: Import.shape.check,
  result: Counts.nullable(),
  cursor: Cursor,
  failure: z.string().nullable(),
  created_by: ActorRef,
  created_at: z.date(),
  finished_at: z.date().nullable(),
});
export type ImportRow = z.infer<typeof ImportRow>;

export function toImport(row: ImportRow, change: ChangeSet | null): Import {
  const { cursor: _cursor, created_at, finished_at, ...rest } = row;
  return {
    ...rest,
    change,
    created_at: created_at.toISOString(),
    finished_at: finished_at === null ? null : finished_at.toISOString(),
  };
}

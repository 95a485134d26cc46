import { ActorRef } from "@bellwether/contracts/common";
import { type ChangeSet, Refused } from "@bellwether/contracts/changes";
import * as z from "zod";

/** What is written into each lead, read and named once. */
export const Edit = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("column"),
    column: z.string(),
    value: z.union([z.string(), z.number(), z.null()]),
  }),
  /** `required`: what the stage asked for when the move was; `removes`: the stage that is gone once its leads moved. */
  z.object({
    kind: z.literal("stage"),
    stage: z.string(),
    name: z.string(),
    final: z.boolean(),
    reason: z.string().nullable(),
    required: z.array(z.object({ name: z.string(), label: z.string(), key: z.string().nullable() })),
    removes: z.string().nullable(),
  }),
  /** `unique`: the field's values are claimed in lead_unique; such a field can only be cleared. */
  z.object({ kind: z.literal("attribute"), key: z.string(), value: z.json(), unique: z.boolean() }),
  z.object({ kind: z.literal("tag"), tag_id: z.string(), tag: z.string(), add: z.boolean() }),
  /** Owners by the rules; `rest`: what becomes of leads that no rule takes, or nobody of its rule is there for. */
  z.object({
    kind: z.literal("assign"),
    reassign: z.boolean(),
    rest: z.enum(["keep", "unassign"]),
    /** New leads of whose rule nobody is there wait for them, as others do that come by themselves. */
    waits: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal("segment"),
    segment_id: z.string(),
    set_id: z.string(),
    name: z.string(),
    add: z.boolean(),
  }),
  z.object({ kind: z.literal("bin") }),
]);
export type Edit = z.infer<typeof Edit>;

/** Of a merge, which is one change to two leads and made at once. */
const MergeEdit = z.object({ kind: z.literal("merge"), lead_id: z.string(), other_id: z.string() });
export type MergeEdit = z.infer<typeof MergeEdit>;

/** Of an import: what it may overwrite, as in lead_change, and which of it is unique. */
const ImportEdit = z.object({
  kind: z.literal("import"),
  fields: z.string().array(),
  unique: z.string().array(),
  /** It may have written what is not counted as a changed lead: tags, or what a run before this one wrote. */
  uncounted: z.boolean(),
});
export type ImportEdit = z.infer<typeof ImportEdit>;

const shared = {
  id: z.string(),
  state: z.enum(["running", "done", "failed", "undoing", "undone"]),
  kind: z.string(),
  summary: z.string(),
  total: z.number(),
  done: z.number(),
  changed: z.number(),
  unchanged: z.number(),
  refused: Refused.array(),
  next_part: z.number(),
  undo_after: z.string().nullable(),
  restored: z.number(),
  kept: z.number(),
  failure: z.string().nullable(),
  made_by: ActorRef,
  created_at: z.date(),
  finished_at: z.date().nullable(),
  undone_by: ActorRef.nullable(),
  undone_at: z.date().nullable(),
};
const ChangeRow = z.object({ ...shared, edit: Edit });
export type ChangeRow = z.infer<typeof ChangeRow>;
const MergeRow = z.object({ ...shared, edit: MergeEdit });
export type MergeRow = z.infer<typeof MergeRow>;
const ImportedRow = z.object({ ...shared, edit: ImportEdit });
export type ImportedRow = z.infer<typeof ImportedRow>;
export const AnyRow = z.union([ChangeRow, MergeRow, ImportedRow]);
export type AnyRow = z.infer<typeof AnyRow>;

export function isMerge(row: AnyRow): row is MergeRow {
  return row.edit.kind === "merge";
}

export function isImport(row: AnyRow): row is ImportedRow {
  return row.edit.kind === "import";
}

/** Whether there is something to put back. An undo that failed half-way can be asked for again and goes on. */
export function undoable(row: AnyRow): boolean {
  const wrote = row.changed > 0 || (isImport(row) && row.edit.uncounted);
  return wrote && (row.state === "done" || row.state === "failed");
}

export function toChangeSet(row: AnyRow): ChangeSet {
  const { edit, next_part: _part, undo_after, restored, kept, ...shown } = row;
  const undoing = undo_after !== null || row.state === "undoing" || row.state === "undone";
  return {
    ...shown,
    undone: undoing ? { restored, kept } : null,
    can_undo: undoable(row),
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    undone_at: row.undone_at?.toISOString() ?? null,
    ...(edit.kind === "merge" ? { merged: { lead_id: edit.lead_id, other_id: edit.other_id } } : {}),
    ...(edit.kind === "import" ? { import_id: row.id } : {}),
  };
}

const samples_max = 5;

/** Adds what a part refused to what the parts before it did: one entry a reason, a few leads of each. */
export function withRefused(refused: Refused[], more: Refused[]): Refused[] {
  const sums = new Map(refused.map((each) => [each.code, each]));
  for (const each of more.filter(({ count }) => count > 0)) {
    const before = sums.get(each.code);
    sums.set(each.code, {
      ...each,
      count: each.count + (before?.count ?? 0),
      samples: [...(before?.samples ?? []), ...each.samples].slice(0, samples_max),
    });
  }
  return [...sums.values()];
}

import type { BulkAction, BulkInput, BulkPreview } from "@bellwether/contracts/changes";
import { bulk_ids_max } from "@bellwether/contracts/changes";
import type { ListInput } from "../pages.ts";
import type { Column } from "./columns.ts";
import type { Selection } from "./selection.ts";

/** What the bar offers; each asks for what it needs, and shows what would change before it does. */
export type BulkKind =
  | "assign"
  | "stage"
  | "add_tag"
  | "remove_tag"
  | "add_to_segment"
  | "remove_from_segment"
  | "field"
  | "delete";

export const kindWords: Record<BulkKind, string> = {
  assign: "Assign",
  stage: "Change stage",
  add_tag: "Add tag",
  remove_tag: "Remove tag",
  add_to_segment: "Add to segment",
  remove_from_segment: "Remove from segment",
  field: "Set field",
  delete: "Move to the bin",
};

/** What is asked for so far. */
export interface Draft {
  field: string | null;
  /** Undefined while nothing is chosen; null for no owner, no value. */
  value: unknown;
  /** Why, for a stage that asks for it; undefined where none is asked for. */
  reason?: string | undefined;
  /** By the rules: also leads that have an owner. */
  reassign?: boolean;
}

/** An owner that the rules choose. */
export const by_rules = "by_rules";

/** The action a draft means; null while it doesn't say enough. */
export function actionOf(kind: BulkKind, { field, value, reason, reassign }: Draft): BulkAction | null {
  switch (kind) {
    case "assign":
      if (value === null) return { kind: "set_owner", owner_id: null };
      if (value === by_rules) return { kind: "assign_by_rules", reassign: reassign === true };
      return typeof value === "string" ? { kind: "set_owner", owner_id: value } : null;
    case "stage":
      if (typeof value !== "string" || reason?.trim() === "") return null;
      return { kind: "set_stage", stage: value, ...(reason === undefined ? {} : { reason: reason.trim() }) };
    case "add_tag":
    case "remove_tag":
      return typeof value === "string" && value.trim() !== "" ? { kind, tag: value.trim() } : null;
    case "add_to_segment":
    case "remove_from_segment":
      return typeof value === "string" ? { kind, segment_id: value } : null;
    case "field":
      if (field === null || value === undefined) return null;
      return value === null ? { kind: "clear_field", field } : { kind: "set_field", field, value };
    case "delete":
      return { kind: "delete" };
  }
}

// Of these no two leads may have the same, and the rest has an action of its own.
const notForMany = new Set([
  "email",
  "phone",
  "whatsapp_id",
  "external_id",
  "avatar_url",
  "stage",
  "owner_id",
  "tags",
]);
/** The fields that can be set for many leads at once. */
export function settableFields(fields: readonly Column[]): Column[] {
  return fields.filter((field) => field.writable && !notForMany.has(field.id));
}

/** Which leads: these, or all that the list's question means. */
export function bulkInput(selection: Selection, list: ListInput, action: BulkAction): BulkInput {
  if (!selection.all) return { lead_ids: [...selection.ids], action };
  const { rule, q } = list;
  if (rule === undefined && q === undefined) return { rule: { all: [] }, action };
  return { ...(rule === undefined ? {} : { rule }), ...(q === undefined ? {} : { q }), action };
}

export function tooMany(selection: Selection): boolean {
  return !selection.all && selection.ids.size > bulk_ids_max;
}

/** “12 of 4,312 leads would change.” */
export function previewWords({ total, would_change, would_refuse }: Omit<BulkPreview, "refused">): string {
  const say = (count: number) => count.toLocaleString();
  if (total === 0) return "None of these leads is there any more.";
  const refused = would_refuse > 0 ? ` ${say(would_refuse)} can’t be changed.` : "";
  if (would_change === 0) return `Nothing would change.${refused || " All of them have it so already."}`;
  return would_change === total
    ? `${total === 1 ? "1 lead" : `All ${say(total)} leads`} would change.`
    : `${say(would_change)} of ${say(total)} leads would change.${refused}`;
}

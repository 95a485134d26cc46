import type {
  Field,
  FieldOption,
  FieldType,
  StandardField,
  StandardFieldKey,
} from "@bellwether/contracts/fields";
import { slotKind, standardFields } from "@bellwether/contracts/fields";
import type { Lead } from "@bellwether/contracts/leads";
import type { ViewColumn as ViewColumnShape } from "@bellwether/contracts/views";
import * as z from "zod";
import { leadName } from "../../../ui/lead-name.ts";

export { leadName };

type ViewColumn = z.infer<typeof ViewColumnShape>;

export type ColumnType = FieldType | StandardField["type"] | "name";

/** One thing of a lead that can be shown: a column of the list, a row of the card, a field of a filter. */
export interface Column {
  /** `name`, a standard field's key, or `attributes.<key>`. */
  id: string;
  label: string;
  help: string;
  type: ColumnType;
  options: readonly FieldOption[];
  currency: string | null;
  /** The field that a click on the header sorts by; null where it can't. */
  sort: string | null;
  writable: boolean;
  /** An address of the lead: masked for viewers when the workspace says so. */
  contact: boolean;
  custom: boolean;
  required: boolean;
}

/** What a column is where nothing says otherwise. */
export const plain_column = {
  help: "",
  options: [],
  currency: null,
  sort: null,
  writable: false,
  contact: false,
  custom: false,
  required: false,
} satisfies Partial<Column>;

/** First and last name are one column; it stays first and can't be hidden. */
export const nameColumn: Column = {
  ...plain_column,
  id: "name",
  label: "Name",
  type: "name",
  sort: "last_name",
};

const standardColumns: Column[] = standardFields.map((field) => ({
  ...plain_column,
  id: field.key,
  label: field.label,
  type: field.type,
  sort: field.sort ? field.key : null,
  writable: field.writable,
  contact: field.contact,
}));

/** Every field of a lead, standard ones first, then the workspace's own in their order. */
export function fieldColumns(fields: readonly Field[]): Column[] {
  const custom = fields
    .filter((field) => !field.archived)
    .toSorted((a, b) => a.position - b.position)
    .map((field): Column => ({
      id: `attributes.${field.key}`,
      label: field.label,
      help: field.help,
      type: field.type,
      options: field.options,
      currency: field.currency,
      sort: slotKind[field.type] === null ? null : `attributes.${field.key}`,
      writable: true,
      contact: false,
      custom: true,
      required: field.required,
    }));
  return [...standardColumns, ...custom];
}

const notInList = new Set(["avatar_url"]);
/** What the list can show; the avatar is part of the name. */
export function listColumns(fields: readonly Field[]): Column[] {
  return [nameColumn, ...fieldColumns(fields).filter((column) => !notInList.has(column.id))];
}

function isStandardKey(key: string): key is StandardFieldKey {
  return standardFields.some((field) => field.key === key);
}

/** A lead's value in a column; undefined and an empty text are no value. */
export function valueOf(lead: Lead, column: Column): unknown {
  if (column.custom) return lead.attributes[column.id.slice("attributes.".length)] ?? null;
  if (column.type === "name") return leadName(lead);
  return isStandardKey(column.id) ? lead[column.id] : null;
}

/** Numbers stand at the right, so that their digits line up; the score has its tier behind it. */
export function isNumeric(column: Column): boolean {
  return (column.type === "number" && column.id !== "score") || column.type === "money";
}

/* ---- Which columns, in what order, how wide: kept in the browser for each workspace ---- */

export const ColumnLayout = z.object({
  shown: z.array(z.string()),
  widths: z.record(z.string(), z.number()),
});
export type ColumnLayout = z.infer<typeof ColumnLayout>;

const everyday = ["email", "company", "stage", "owner_id", "score", "tags", "created_at"];
/** Worth their room only when something stands in them. */
const leftOutWhenEmpty = new Set(["email", "company", "score", "tags"]);
const custom_columns_at_first = 8;
/** Filled in one lead of twenty. */
const worth_a_column = 0.05;

/**
 * The layout of somebody who has chosen nothing: the everyday columns and the first of the
 * workspace's own fields. With a sample of its leads, everyday columns that are empty in nearly all
 * of them are left out: a file of people without e-mail and company would begin with a wall of dashes.
 */
export function defaultLayout(columns: readonly Column[], sample: readonly Lead[] = []): ColumnLayout {
  const filled = (column: Column) =>
    sample.filter((lead) => hasSomething(lead, column)).length >= sample.length * worth_a_column;
  const chosen = everyday.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  const shown = chosen.filter((column) => !leftOutWhenEmpty.has(column.id) || filled(column));
  const custom = columns.filter((column) => column.custom).slice(0, custom_columns_at_first);
  const [ours, last] = [
    shown.filter((column) => column.id !== "created_at"),
    shown.filter((column) => column.id === "created_at"),
  ];
  return { shown: [...ours, ...custom, ...last].map((column) => column.id), widths: {} };
}

function hasSomething(lead: Lead, column: Column): boolean {
  const value = valueOf(lead, column);
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== 0;
}

/** The columns of a view; null for one that leaves them to the list. */
export function viewLayout(columns: readonly ViewColumn[]): ColumnLayout | null {
  if (columns.length === 0) return null;
  const widths = columns.flatMap(({ field, width }): [string, number][] =>
    width === undefined ? [] : [[field, width]],
  );
  return { shown: columns.map(({ field }) => field), widths: Object.fromEntries(widths) };
}

export function viewColumns(layout: ColumnLayout): ViewColumn[] {
  return layout.shown.map((field) => {
    const width = layout.widths[field];
    return width === undefined ? { field } : { field, width: Math.round(width) };
  });
}

/** The same columns in the same order; how wide they are is no change worth saving. */
export function sameColumns(a: ColumnLayout, b: ColumnLayout): boolean {
  return a.shown.join(" ") === b.shown.join(" ");
}

/** What stands for a column in a file: the name is its two parts. */
export function exportColumns(columns: readonly Column[]): string[] {
  return columns.flatMap((column) => (column.type === "name" ? ["first_name", "last_name"] : [column.id]));
}

const width_min = 72;
const width_max = 640;

export function widthOf(layout: ColumnLayout, column: Column): number {
  return layout.widths[column.id] ?? defaultWidth(column);
}

function defaultWidth(column: Column): number {
  switch (column.type) {
    case "name":
      return 232;
    case "text":
    case "url":
      return column.id === "email" ? 224 : 168;
    case "choices":
    case "tags":
      return 184;
    case "datetime":
    case "member":
      return 152;
    case "stage":
    case "choice":
      return 136;
    case "number":
    case "money":
    case "date":
    case "yes_no":
      return 116;
  }
}

/** The shown columns in order: the name first, unknown ones (a field deleted since) left out. */
export function shownColumns(columns: readonly Column[], layout: ColumnLayout): Column[] {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const chosen = layout.shown.flatMap((id) => (id === "name" ? [] : (byId.get(id) ?? [])));
  return [nameColumn, ...chosen];
}

export function setShown(layout: ColumnLayout, id: string, shown: boolean): ColumnLayout {
  const others = layout.shown.filter((other) => other !== id);
  return { ...layout, shown: shown ? [...others, id] : others };
}

/** Moves a column before or after its neighbour, or to where `to` stands. */
export function moveColumn(layout: ColumnLayout, id: string, to: number): ColumnLayout {
  const others = layout.shown.filter((other) => other !== id);
  if (others.length === layout.shown.length) return layout;
  return { ...layout, shown: others.toSpliced(Math.max(0, Math.min(to, others.length)), 0, id) };
}

export function resizeColumn(layout: ColumnLayout, id: string, width: number): ColumnLayout {
  return {
    ...layout,
    widths: { ...layout.widths, [id]: Math.round(Math.max(width_min, Math.min(width_max, width))) },
  };
}

/** Why a header can't sort, or null when it can. */
export function whyNotSorted(column: Column): string | null {
  if (column.sort) return null;
  return `Leads can’t be sorted by ${column.label}${column.type === "yes_no" ? "" : ", which may have several values"}. Filter by it instead.`;
}

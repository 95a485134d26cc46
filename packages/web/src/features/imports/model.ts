/** What the wizard knows between upload and check: where each column goes, and with which options. Pure. */
import { FieldKey, type Field, type FieldType, standardFields } from "@bellwether/contracts/fields";
import type { Column, ColumnMapping, Import, ImportOptions } from "@bellwether/contracts/imports";

export interface NewField {
  key: string;
  label: string;
  type: FieldType;
}

/** `guess` stays true until a person has touched the column. */
export type Target = (
  | { kind: "field"; field: string }
  | { kind: "new"; new_field: NewField }
  | { kind: "skip" }
) & { guess: boolean };
export type Targets = Readonly<Record<number, Target>>;

const skip: Target = { kind: "skip", guess: false };

function fromMapping(mapping: ColumnMapping): Target {
  if ("field" in mapping) return { kind: "field", field: mapping.field, guess: false };
  if ("new_field" in mapping) return { kind: "new", new_field: mapping.new_field, guess: false };
  return skip;
}

function fromSuggestion(column: Column, may_create: boolean): Target {
  const { suggestion } = column;
  if (suggestion === null) return skip;
  if ("field" in suggestion) return { kind: "field", field: suggestion.field, guess: true };
  return may_create ? { kind: "new", new_field: suggestion.new_field, guess: true } : skip;
}

/** Where the columns go to begin with: as they were mapped before, else as guessed. */
export function firstTargets(
  columns: readonly Column[],
  mapping: readonly ColumnMapping[] | null,
  may_create: boolean,
  existing: readonly Pick<Field, "key" | "archived">[] = [],
): Targets {
  const keys = new Set(existing.filter((field) => !field.archived).map((field) => field.key));
  // A run that broke off has made its fields already: what was new then is there now.
  const settle = (target: Target): Target =>
    target.kind === "new" && keys.has(target.new_field.key)
      ? { kind: "field", field: `attributes.${target.new_field.key}`, guess: target.guess }
      : target;
  const before = new Map(mapping?.map((each) => [each.index, fromMapping(each)]));
  return Object.fromEntries(
    columns.map((column) => [
      column.index,
      settle(before.get(column.index) ?? (before.size > 0 ? skip : fromSuggestion(column, may_create))),
    ]),
  );
}

export function mappingOf(columns: readonly Column[], targets: Targets): ColumnMapping[] {
  return columns.map(({ index }) => {
    const target = targets[index] ?? skip;
    if (target.kind === "field") return { index, field: target.field };
    if (target.kind === "new") return { index, new_field: target.new_field };
    return { index, skip: true };
  });
}

/** Fields that two columns would write: only the first may. */
export function doubled(columns: readonly Column[], targets: Targets): Map<number, string> {
  const seen = new Map<string, Column>();
  const refused = new Map<number, string>();
  for (const column of columns) {
    const target = targets[column.index];
    const name =
      target?.kind === "field"
        ? target.field
        : target?.kind === "new"
          ? `attributes.${target.new_field.key}`
          : null;
    if (name === null) continue;
    const first = seen.get(name);
    if (first) refused.set(column.index, `“${headerOf(first)}” already goes there.`);
    else seen.set(name, column);
  }
  return refused;
}

/** What is wrong with the fields to be made, by column. */
export function badNewFields(
  columns: readonly Column[],
  targets: Targets,
  existing: readonly Field[],
): Map<number, string> {
  const keys = new Set(existing.map((field) => field.key));
  const refused = new Map<number, string>();
  for (const { index } of columns) {
    const target = targets[index];
    if (target?.kind !== "new") continue;
    const { label, key } = target.new_field;
    if (!label.trim()) refused.set(index, "Give the new field a name.");
    else if (!FieldKey.safeParse(key).success)
      refused.set(index, "This name makes no usable key. Begin it with a letter.");
    else if (keys.has(key))
      refused.set(index, `A field “${key}” exists. Choose it from the list, or name this one otherwise.`);
  }
  return refused;
}

export const headerOf = (column: Pick<Column, "header" | "index">): string =>
  column.header.trim() || `Column ${column.index + 1}`;

export type Identifier = "email" | "phone" | "external_id";
const identifiers: readonly Identifier[] = ["email", "phone", "external_id"];

/** The identifiers that the mapping fills, of which leads can be matched on one. */
export function identifiersIn(targets: Targets): Identifier[] {
  const mapped = new Set(
    Object.values(targets).flatMap((target) => (target.kind === "field" ? [target.field] : [])),
  );
  return identifiers.filter((identifier) => mapped.has(identifier));
}

export const anythingMapped = (targets: Targets): boolean =>
  Object.values(targets).some((target) => target.kind !== "skip");

/** Options to begin with: those of the last check, else what the workspace says. */
export function firstOptions(from: Import, default_country: string | null, targets: Targets): ImportOptions {
  if (from.options) return from.options;
  const [first] = identifiersIn(targets);
  return {
    match_on: first ?? "external_id",
    mode: "both",
    on_existing: "overwrite",
    default_country,
    date_format: "auto",
    decimal_mark: "auto",
    number_rows: null,
    owner_id: null,
    assign: false,
    stage: null,
    lost_reason: null,
    move_back: false,
    segment_id: null,
    tags: [],
    source: null,
  };
}

/** `bank-full.csv` numbers its rows `bank-full-1`, `bank-full-2` …: the same file imported again finds its leads. */
export function prefixFrom(file_name: string): string {
  return (
    file_name
      .replace(/\.[^.]+$/, "")
      .trim()
      .slice(0, 50) || "row"
  );
}

/**
 * The options as they hold for a mapping: a match on something that is there, and numbered rows where
 * nothing is. An emptied prefix stays empty, so that the form can ask for one.
 */
export function optionsFor(options: ImportOptions, targets: Targets, file_name: string): ImportOptions {
  const there = identifiersIn(targets);
  if (there.length === 0) {
    return { ...options, match_on: "external_id", number_rows: options.number_rows ?? prefixFrom(file_name) };
  }
  const match_on = there.includes(options.match_on) ? options.match_on : (there[0] ?? options.match_on);
  return { ...options, match_on, number_rows: null };
}

/** What the server refused, by the column it is about: `columns.<place in the list>`, or `columns.<key of a new field>`. */
export function refusedColumns(
  errors: readonly { path: string; message: string }[],
  columns: readonly Column[],
  targets: Targets,
): Map<number, string> {
  const refused = new Map<number, string>();
  for (const { path, message } of errors) {
    const name = /^columns\.(.+)$/.exec(path)?.[1];
    const column = columns.find((each, place) => {
      const target = targets[each.index];
      return name === String(place) || (target?.kind === "new" && target.new_field.key === name);
    });
    if (column) refused.set(column.index, message);
  }
  return refused;
}

export interface Choice {
  value: string;
  label: string;
}

/** Every field that a column can go to, in the groups of the list. */
export function fieldChoices(custom: readonly Field[]): { standard: Choice[]; custom: Choice[] } {
  const more = new Set<string>(["tags", "owner_id", "lost_reason"]);
  return {
    standard: standardFields
      .filter((field) => field.writable || more.has(field.key))
      .map((field) => ({ value: field.key, label: field.label })),
    custom: custom
      .filter((field) => !field.archived)
      .map((field) => ({ value: `attributes.${field.key}`, label: field.label })),
  };
}

/** Time left in words, or nothing while it can't be known. */
export function timeLeft(done: number, total: number, rows_per_second: number): string {
  if (rows_per_second <= 0 || total <= done) return "";
  const seconds = Math.ceil((total - done) / rows_per_second);
  if (seconds < 5) return "a few seconds left";
  if (seconds < 90) return `about ${Math.ceil(seconds / 5) * 5} seconds left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} minutes left` : `about ${Math.round(minutes / 60)} hours left`;
}

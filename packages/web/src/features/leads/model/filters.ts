import { movesWithToday, periodWords } from "@bellwether/contracts/periods";
import type { Condition, InSegment, Operator, Rule } from "@bellwether/contracts/rule";
import { family, operatorsOf, Rule as RuleSchema } from "@bellwether/contracts/rule";
import { sort_keys_max } from "@bellwether/contracts/leads";
import type { Column } from "./columns.ts";
import type { Names, SegmentName } from "./values.ts";
import { inWords } from "./values.ts";

type Family = (typeof family)[string];
type Value = Condition["value"];

export interface SortBy {
  field: string;
  direction: "asc" | "desc";
}

/** What the address of the Leads page says: everything that decides what is shown. */
export interface LeadsSearch {
  q: string;
  rule: Rule | null;
  /** The first key first; none is the newest lead first. */
  sort: SortBy[];
  lead: string | null;
}

/** Reads the address; whatever isn't understood is as if it weren't there. */
export function readSearch(raw: Record<string, unknown>): LeadsSearch {
  const rule = RuleSchema.safeParse(raw["rule"]);
  return {
    q: typeof raw["q"] === "string" || typeof raw["q"] === "number" ? String(raw["q"]) : "",
    rule: rule.success ? rule.data : null,
    sort: typeof raw["sort"] === "string" ? readSort(raw["sort"]) : [],
    lead: typeof raw["lead"] === "string" ? raw["lead"] : null,
  };
}

/** `company,-created_at`; whole or not at all. */
function readSort(text: string): SortBy[] {
  const keys = text.split(",").flatMap((key): SortBy[] => {
    const [, down, field] = /^(-?)([a-z_.0-9]+)$/.exec(key) ?? [];
    return field === undefined ? [] : [{ field, direction: down ? "desc" : "asc" }];
  });
  return keys.length === text.split(",").length ? keys.slice(0, sort_keys_max) : [];
}

/** The address for a search; what is empty is left out, so a plain list has a plain address. */
export function writeSearch(search: LeadsSearch): Record<string, unknown> {
  return {
    ...(search.q ? { q: search.q } : {}),
    ...(search.rule ? { rule: search.rule } : {}),
    ...(search.sort.length > 0
      ? { sort: search.sort.map((key) => `${key.direction === "desc" ? "-" : ""}${key.field}`).join(",") }
      : {}),
    ...(search.lead ? { lead: search.lead } : {}),
  };
}

export function isFiltered(search: LeadsSearch): boolean {
  return search.q.trim() !== "" || search.rule !== null;
}

/**
 * Header clicks go asc → desc → off. With `also` the column joins those that the list is sorted by already, behind them;
 * when there are as many as there may be, it takes the place of the last.
 */
export function nextSort(current: readonly SortBy[], field: string, also: boolean): SortBy[] {
  const place = current.findIndex((key) => key.field === field);
  const own = current[place];
  if (!also) {
    const next = step(current.length === 1 ? own : undefined, field);
    return next === null ? [] : [next];
  }
  const next = step(own, field);
  if (own === undefined) {
    return next === null ? [...current] : [...current.slice(0, sort_keys_max - 1), next];
  }
  return current.flatMap((key) => (key === own ? (next ?? []) : key));
}

function step(current: SortBy | undefined, field: string): SortBy | null {
  if (current === undefined) return { field, direction: "asc" };
  return current.direction === "asc" ? { field, direction: "desc" } : null;
}

/* ---- Operators in words, by the field's type ---- */

/** Fields that can be filtered by; the name is first and last name, each for itself. */
export function familyOf(column: Column): Family | null {
  return family[column.type] ?? null;
}

export function operatorsFor(column: Column): readonly Operator[] {
  const of = familyOf(column);
  return of ? (operatorsOf[of] ?? []) : [];
}

const words: Record<Operator, string> = {
  eq: "is",
  ne: "is not",
  in: "is any of",
  not_in: "is none of",
  contains: "contains",
  not_contains: "does not contain",
  starts_with: "starts with",
  set: "has a value",
  unset: "is empty",
  gt: "is over",
  gte: "is at least",
  lt: "is under",
  lte: "is at most",
  between: "is between",
  in_last: "is in the last",
  not_in_last: "is not in the last",
  any_of: "has any of",
  all_of: "has all of",
  none_of: "has none of",
};
const timeWords: Partial<Record<Operator, string>> = {
  eq: "is on",
  ne: "is not on",
  gt: "is after",
  gte: "is on or after",
  lt: "is before",
  lte: "is on or before",
};

export function operatorWords(column: Column, is: Operator): string {
  return (familyOf(column) === "time" ? timeWords[is] : undefined) ?? words[is];
}

const usual: Record<string, Operator> = {
  text: "contains",
  number: "gte",
  time: "in_last",
  yes_no: "eq",
  choice: "in",
  choices: "any_of",
  member: "in",
  stage: "in",
  tags: "any_of",
};
export function usualOperator(column: Column): Operator {
  return usual[familyOf(column) ?? "text"] ?? "eq";
}

/** What is typed or picked for an operator: nothing, one value, several, a range, or a span of time. */
export type ValueShape = "none" | "one" | "many" | "range" | "span";

export function valueShape(is: Operator): ValueShape {
  switch (is) {
    case "set":
    case "unset":
      return "none";
    case "in":
    case "not_in":
    case "any_of":
    case "all_of":
    case "none_of":
      return "many";
    case "between":
      return "range";
    case "in_last":
    case "not_in_last":
      return "span";
    case "eq":
    case "ne":
    case "contains":
    case "not_contains":
    case "starts_with":
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      return "one";
  }
}

/** Keeps what was typed when the operator changes, as far as it still fits. */
export function reshape(value: Value, is: Operator): Value {
  const shape = valueShape(is);
  const first = Array.isArray(value) ? value[0] : value;
  if (shape === "none") return undefined;
  const span = typeof value === "string" && /^\d+[mhdw]$/.test(value);
  if (shape === "span") return span ? value : "7d";
  // A length of time is no day.
  if (span) return shape === "one" ? undefined : [];
  if (shape === "many")
    return Array.isArray(value) ? value : first === undefined || first === "" ? [] : [first];
  if (shape === "range") return Array.isArray(value) ? value.slice(0, 2) : first === undefined ? [] : [first];
  return first;
}

/** One condition: on a field, or on a segment; while it is edited, the segment may still be empty. */
export type Leaf = Condition | InSegment;

export const isLeaf = (rule: Rule): rule is Leaf => "field" in rule || "segment" in rule;

/** Stands for a segment where fields are offered; no field is called so. */
export const segment_choice = "segment";
export const leafField = (leaf: Leaf): string => ("segment" in leaf ? segment_choice : leaf.field);

/** Which segments a condition may name: those in use, and the one that it names already. */
export function segmentChoices(
  segments: readonly SegmentName[],
  chosen: string,
): { value: string; label: string }[] {
  return segments
    .filter(({ id, state }) => state === "active" || id === chosen)
    .map((segment) => ({ value: segment.id, label: segmentWords(segment) }));
}

function segmentWords({ name, state, building }: SegmentName): string {
  const notes = [
    ...(state === "active" ? [] : [state]),
    ...(building === null ? [] : [updatingWords(building)]),
  ];
  return notes.length === 0 ? name : `${name} (${notes.join(", ")})`;
}

/** Of a segment whose members are being found: it never says that it is through before it is. */
export const updatingWords = (share: number): string =>
  `updating: ${Math.min(99, Math.floor(share * 100))}\u00a0%`;

/** Whether a condition says enough to be asked. */
export function isComplete(condition: Leaf): boolean {
  if ("segment" in condition) return condition.segment !== "";
  const { value } = condition;
  switch (valueShape(condition.is)) {
    case "none":
      return true;
    case "many":
      return Array.isArray(value) && value.length > 0;
    case "range":
      return (
        Array.isArray(value) && value.length === 2 && value.every((end) => end !== "" && end !== undefined)
      );
    case "span":
      return typeof value === "string" && /^[1-9]\d*[mhdw]$/.test(value);
    case "one":
      return value !== undefined && value !== "" && !Array.isArray(value);
  }
}

const units: Record<string, string> = { m: "minute", h: "hour", d: "day", w: "week" };
export function spanWords(span: string): string {
  const match = /^(\d+)([mhdw])$/.exec(span);
  if (!match?.[1] || !match[2]) return span;
  const unit = units[match[2]] ?? "";
  return match[1] === "1" ? unit : `${match[1]} ${unit}s`;
}

const list_max = 3;
function listWords(items: readonly string[], joiner: string): string {
  if (items.length > list_max + 1)
    return `${items.slice(0, list_max).join(", ")} ${joiner} ${items.length - list_max} more`;
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} ${joiner} ${items.at(-1)}`;
}

export const memberWords = (member: boolean): string => (member ? "is" : "is not");

/** A condition as people would say it: “Stage is New or Contacted”. */
export function chipWords(
  condition: Leaf,
  column: Column | undefined,
  names: Names,
): { label: string; operator: string; value: string } {
  if ("segment" in condition) {
    const named = names.segments.find(({ id }) => id === condition.segment);
    return {
      label: "Segment",
      operator: memberWords(condition.member),
      value: named ? segmentWords(named) : "one that was deleted",
    };
  }
  if (!column) return { label: condition.field, operator: words[condition.is], value: "" };
  const { is, value } = condition;
  const say = (item: unknown) =>
    isMoving(column, item) ? periodWords(item) : inWords({ ...column, ...itemType(column) }, item, names);
  const all = Array.isArray(value) ? value : value === undefined ? [] : [value];
  // “is next week”, where a date would be “on” its day.
  const bare = isMoving(column, all[0]) ? words[is] : null;
  const plain = (is === "eq" || is === "ne") && bare !== null;
  const base = { label: column.label, operator: plain ? bare : operatorWords(column, is) };
  switch (valueShape(is)) {
    case "none":
      return { ...base, value: "" };
    case "span":
      return { ...base, value: spanWords(String(value)) };
    case "range":
      return { ...base, value: `${say(all[0])} and ${say(all[1])}` };
    case "many": {
      const short = is === "in" ? "is" : is === "not_in" ? "is not" : is === "any_of" ? "has" : null;
      const joiner = is === "all_of" ? "and" : "or";
      return { ...base, operator: short ?? base.operator, value: listWords(all.map(say), joiner) };
    }
    case "one":
      return { ...base, value: say(value) };
  }
}

const isMoving = (column: Column, item: unknown): item is string =>
  familyOf(column) === "time" && typeof item === "string" && movesWithToday(item);

/** Filters on moments are asked by the day, and one item of a list is shown as one choice. */
function itemType(column: Column): Partial<Column> {
  if (column.type === "datetime") return { type: "date" };
  return column.type === "choices" ? { type: "choice" } : {};
}

import { builtInEvents, usualEvents } from "@bellwether/contracts/event-names";
import type { EventName } from "@bellwether/contracts/events";
import {
  type CountIs,
  type Happened,
  happenedFaults,
  propertyOperators,
} from "@bellwether/contracts/happened";
import { movesWithToday, periodWords } from "@bellwether/contracts/periods";
import type { Condition, Operator, Rule } from "@bellwether/contracts/rule";
import { type Column, type ColumnType, plain_column } from "./columns.ts";
import { chipWords, isComplete, reshape, spanWords } from "./filters.ts";
import { type EventKind, formatDate, type Names } from "./values.ts";

type PropertyType = EventName["properties"][number]["types"][number];

/** What people read for an event: `shop.*` stands for all whose names begin so. */
export function eventLabel(name: string, events: readonly Pick<EventKind, "name" | "label">[]): string {
  const known =
    events.find((event) => event.name === name)?.label ?? builtInEvents[name] ?? usualEvents[name];
  return known ?? (name.endsWith("*") ? `Any of ${name}` : name);
}

/* ---- In words ---- */

const often: Record<CountIs, string> = {
  gte: "at least",
  lte: "at most",
  eq: "exactly",
  gt: "more than",
  lt: "fewer than",
};
export const oftenChoices = (["gte", "lte", "eq", "gt", "lt"] as const).map((value) => ({
  value,
  label: often[value],
}));

/** An event's condition as a chip says it: “Page viewed | at least 3 times in the last | 14 days”. */
export function happenedChip(
  rule: Happened,
  names: Names,
): { label: string; operator: string; value: string } {
  const { event, did = true, count, within, which = "any", where } = rule;
  const label = [
    eventLabel(event, names.events),
    where === undefined ? "" : `with ${whereWords(where, eventColumns(event, names.events), names)}`,
  ]
    .filter(Boolean)
    .join(" ");
  const times =
    count === undefined ? "" : `${often[count.is]} ${count.value} ${count.value === 1 ? "time" : "times"}`;
  if (within === undefined) {
    const value = did ? times || "at least once" : times ? `not ${times}` : "never";
    return { label, operator: "", value };
  }
  const [preposition, value] = withinWords(within, names);
  const first = which === "any" ? "" : `for the ${which} time`;
  const operator = [did ? "" : "not", times, first, preposition].filter(Boolean).join(" ");
  return { label, operator, value };
}

/** “Page viewed at least 3 times in the last 14 days” */
export function happenedWords(rule: Happened, names: Names): string {
  const { label, operator, value } = happenedChip(rule, names);
  return [label, operator, value].filter(Boolean).join(" ");
}

function withinWords(within: NonNullable<Happened["within"]>, names: Names): [string, string] {
  if ("last" in within) {
    return within.until === undefined
      ? ["in the last", spanWords(within.last)]
      : ["between", `${agoWords(within.last)} and ${agoWords(within.until)} ago`];
  }
  const [from, to] = [within.from, within.to].map((day) =>
    day === undefined ? "" : movesWithToday(day) ? periodWords(day) : formatDate(day, names.locale),
  );
  if (!from) return ["until", to ?? ""];
  return to ? ["from", `${from} to ${to}`] : ["since", from];
}

/** “1 day”, where “in the last” would say only “day”. */
function agoWords(span: string): string {
  const words = spanWords(span);
  return /^\d/.test(words) ? words : `1 ${words}`;
}

function whereWords(rule: Rule, columns: readonly Column[], names: Names): string {
  if ("all" in rule) return rule.all.map((part) => whereWords(part, columns, names)).join(" and ");
  if ("any" in rule) return `(${rule.any.map((part) => whereWords(part, columns, names)).join(" or ")})`;
  if ("not" in rule) return `not ${whereWords(rule.not, columns, names)}`;
  if (!("field" in rule)) return "";
  const column = columns.find((each) => each.id === rule.field) ?? propertyColumn(rule.field, []);
  const { label, operator, value } = chipWords(rule, column, names);
  return [label, operator, value].filter(Boolean).join(" ");
}

/* ---- Properties: each has the type of what it was seen to hold ---- */

const columnTypes: Record<PropertyType, ColumnType> = {
  text: "text",
  number: "number",
  yes_no: "yes_no",
  time: "datetime",
  list: "choices",
  object: "text",
};

/** A property as a column, so that it is compared and shown like a field. */
export function propertyColumn(key: string, types: readonly PropertyType[]): Column {
  const [only] = types;
  const type = types.length === 1 && only ? columnTypes[only] : "text";
  return { ...plain_column, id: key, label: key, type, custom: true };
}

/** The properties that an event was seen with; of several events, all of them. */
export function eventColumns(name: string, events: readonly EventKind[]): Column[] {
  const prefix = name.endsWith("*") ? name.slice(0, -1) : null;
  const types = new Map<string, Set<PropertyType>>();
  for (const event of events) {
    if (prefix === null ? event.name !== name : !event.name.startsWith(prefix)) continue;
    for (const property of event.properties) {
      const known = types.get(property.key) ?? new Set();
      for (const type of property.types) known.add(type);
      types.set(property.key, known);
    }
  }
  return [...types].map(([key, seen]) => propertyColumn(key, [...seen]));
}

const operatorsByType: Partial<Record<ColumnType, readonly Operator[]>> = {
  number: ["eq", "ne", "gt", "gte", "lt", "lte", "between", "set", "unset"],
  yes_no: ["eq", "set", "unset"],
  datetime: ["gte", "gt", "lte", "lt", "between", "set", "unset"],
  choices: ["any_of", "all_of", "none_of", "set", "unset"],
};
const ofLists: readonly Operator[] = ["any_of", "all_of", "none_of"];
const ofAnyType = propertyOperators.filter((is) => !ofLists.includes(is));
export function propertyOperatorsFor(column: Column): readonly Operator[] {
  return operatorsByType[column.type] ?? ofAnyType;
}

const usual: Partial<Record<ColumnType, Operator>> = {
  number: "gte",
  yes_no: "eq",
  datetime: "gte",
  choices: "any_of",
};
export function propertyCondition(column: Column): Condition {
  const is = usual[column.type] ?? "contains";
  const value = reshape(undefined, is);
  return { field: column.id, is, ...(value === undefined ? {} : { value }) };
}

/* ---- While it is edited, parts of it may still be empty ---- */

export const emptyHappened: Happened = { event: "", did: true };

export function happenedIsComplete(rule: Happened): boolean {
  return (
    happenedFaults({ ...rule }, []).length === 0 && (rule.where === undefined || whereIsComplete(rule.where))
  );
}

function whereIsComplete(rule: Rule): boolean {
  if ("all" in rule) return rule.all.every(whereIsComplete);
  if ("any" in rule) return rule.any.every(whereIsComplete);
  if ("not" in rule) return whereIsComplete(rule.not);
  return "field" in rule && rule.field.trim() !== "" && isComplete(rule);
}

/** The condition with another part; what is undefined is left out. */
export function withPart(rule: Happened, part: Partial<Happened>): Happened {
  const { event, did, count, within, which, where } = { ...rule, ...part };
  return {
    event,
    did: did ?? true,
    ...(count === undefined ? {} : { count }),
    ...(within === undefined ? {} : { within }),
    ...(which === undefined || which === "any" || within === undefined ? {} : { which }),
    ...(where === undefined ? {} : { where }),
  };
}

export type When = "any" | "last" | "ago" | "dates";
export function whenOf({ within }: Happened): When {
  if (within === undefined) return "any";
  return "last" in within ? (within.until === undefined ? "last" : "ago") : "dates";
}

const usual_last = "30d";
/** Another kind of time, with as much of the old one as fits. */
export function withWhen(rule: Happened, when: When): Happened {
  const { within } = rule;
  const last = within !== undefined && "last" in within ? within.last : usual_last;
  switch (when) {
    case "any":
      return withPart(rule, { within: undefined, which: undefined });
    case "last":
      return withPart(rule, { within: { last } });
    case "ago":
      return withPart(rule, { within: { last, until: "7d" } });
    case "dates":
      return withPart(rule, { within: {} });
  }
}

/** Properties that must hold together by “and” or “or”; null: nested deeper than the editor shows. */
export interface Where {
  mode: "all" | "any";
  conditions: readonly Condition[];
}
export function whereOf(rule: Rule | undefined): Where | null {
  if (rule === undefined) return { mode: "all", conditions: [] };
  const mode = "any" in rule ? "any" : "all";
  const parts = "all" in rule ? rule.all : "any" in rule ? rule.any : [rule];
  const conditions = parts.filter((part): part is Condition => "field" in part);
  return conditions.length === parts.length ? { mode, conditions } : null;
}
export function ruleOfWhere({ mode, conditions }: Where): Rule | undefined {
  const [only] = conditions;
  if (only === undefined) return undefined;
  if (conditions.length === 1) return only;
  return mode === "any" ? { any: [...conditions] } : { all: [...conditions] };
}

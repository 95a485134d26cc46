/** What is asked of an event's properties. They have no declared types: each has the type of what it holds. */
import { propertyOperators } from "@bellwether/contracts/happened";
import type { Condition, Operator } from "@bellwether/contracts/rule";
import { parseDate, parseDatetime } from "@bellwether/contracts/values";
import type { RuleField } from "./catalogue.ts";
import { folded } from "./folding.ts";
import { badValue, many, one, pair, refusedOperator, type Scalar, span } from "./values.ts";

interface Bound<T> {
  value: T;
  closed: boolean;
}
/** The same for SQL and memory. Texts, numbers and yes/no are compared, of lists their texts; the rest has no value. */
export type PropertyAsked = { negative: boolean } & (
  | { kind: "set" }
  | { kind: "equal"; texts: string[]; numbers: number[]; all: boolean }
  | { kind: "like"; text: string; at_start: boolean }
  | { kind: "number"; low: Bound<number> | null; high: Bound<number> | null }
  /** Of times the lower bound is closed and the upper one open. Days are the workspace's zone's. */
  | { kind: "time"; low: string | null; high: string | null; time_zone: string }
);

const negatives = new Set<Operator>(["ne", "not_in", "none_of", "not_contains", "unset"]);
export const numeral = /^-?\d{1,15}(\.\d{1,15})?$/;
/** A day, or a moment with its zone. */
export const moment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?$/;

export function askedOfProperty(condition: Condition, time_zone: string): PropertyAsked {
  const { is, value } = condition;
  const field: RuleField = { name: condition.field, label: condition.field, type: "text", custom: null };
  if (!propertyOperators.includes(is)) {
    throw refusedOperator(field, is, propertyOperators);
  }
  const negative = negatives.has(is);
  switch (is) {
    case "set":
    case "unset":
      return { kind: "set", negative };
    case "contains":
    case "not_contains":
    case "starts_with":
      return { kind: "like", negative, text: String(one(field, value)), at_start: is === "starts_with" };
    case "gt":
    case "gte":
    case "lt":
    case "lte":
    case "between":
      return range(field, condition, time_zone);
    default: {
      const values = many(field, value);
      const numbers = values.flatMap((each) => numberIn(each) ?? []);
      return { kind: "equal", negative, texts: values.map(String), numbers, all: is === "all_of" };
    }
  }
}

function range(field: RuleField, { is, value }: Condition, time_zone: string): PropertyAsked {
  const [first, second] = is === "between" ? pair(field, value) : [one(field, value), one(field, value)];
  const low = is === "between" || is === "gt" || is === "gte";
  const high = is === "between" || is === "lt" || is === "lte";
  const [from, to] = [numberIn(first), numberIn(second)];
  if (from !== null && to !== null) {
    const closed = is !== "gt" && is !== "lt";
    return {
      kind: "number",
      negative: false,
      low: low ? { value: from, closed } : null,
      high: high ? { value: to, closed } : null,
    };
  }
  const [begins, ends] = [first, second].map((each) => {
    const text = String(each);
    const known = [parseDate(text), parseDatetime(text)].some((parsed) => parsed.ok && parsed.value !== null);
    if (!known) {
      throw badValue(
        field,
        each,
        "give a number, a date such as 2026-03-15, or a time such as 2026-03-15T14:30:00Z.",
      );
    }
    return span(field, each, { now: new Date(0), time_zone });
  });
  const after = is === "gt" ? begins?.to : begins?.from;
  const before = is === "lt" ? ends?.from : ends?.to;
  return {
    kind: "time",
    negative: false,
    low: low ? (after ?? null) : null,
    high: high ? (before ?? null) : null,
    time_zone,
  };
}

function numberIn(value: Scalar): number | null {
  if (typeof value === "number") {
    return value;
  }
  return typeof value === "string" && numeral.test(value.trim()) ? Number(value) : null;
}

/** Whether a property's value is so. */
export function meetsProperty(asked: PropertyAsked, has: unknown): boolean {
  return holds(asked, has) !== asked.negative;
}

function holds(asked: PropertyAsked, has: unknown): boolean {
  const text =
    typeof has === "string" || typeof has === "number" || typeof has === "boolean" ? String(has) : null;
  switch (asked.kind) {
    case "set":
      return text === null
        ? typeof has === "object" && has !== null && Object.keys(has).length > 0
        : text !== "";
    case "equal": {
      const list = Array.isArray(has)
        ? has.filter((each) => typeof each === "string")
        : [text].filter((each) => each !== null);
      const number = typeof has === "number" && asked.numbers.includes(has);
      return asked.all
        ? asked.texts.every((each) => list.includes(each))
        : number || asked.texts.some((each) => list.includes(each));
    }
    case "like": {
      const wanted = folded(asked.text);
      return (
        text !== null && (asked.at_start ? folded(text).startsWith(wanted) : folded(text).includes(wanted))
      );
    }
    case "number": {
      const number = typeof has === "number" ? has : typeof has === "string" ? numberIn(has) : null;
      return number !== null && above(number, asked.low) && below(number, asked.high);
    }
    case "time": {
      const at = typeof has === "string" ? momentIn(has, asked.time_zone) : null;
      return (
        at !== null &&
        (asked.low === null || at >= Date.parse(asked.low)) &&
        (asked.high === null || at < Date.parse(asked.high))
      );
    }
  }
}

function above(number: number, low: Bound<number> | null): boolean {
  return low === null || number > low.value || (low.closed && number === low.value);
}
function below(number: number, high: Bound<number> | null): boolean {
  return high === null || number < high.value || (high.closed && number === high.value);
}

/** A day begins at its midnight in the zone. */
function momentIn(text: string, time_zone: string): number | null {
  if (!moment.test(text)) {
    return null;
  }
  try {
    return text.length === 10
      ? Temporal.PlainDate.from(text).toZonedDateTime(time_zone).epochMilliseconds
      : Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return null;
  }
}

import type { Happened } from "@bellwether/contracts/happened";
import type { Lead } from "@bellwether/contracts/leads";
import type { Condition, Rule } from "@bellwether/contracts/rule";
import { type RuleField } from "./catalogue.ts";
import type { RuleScope } from "./compile.sql.ts";
import { folded } from "./folding.ts";
import { dateSpan, duration, many, numeric, one, pair, span, storedText, yesNo } from "./values.ts";

export type MemoryScope = Omit<RuleScope, "words"> & {
  /** Whether this text is found in the lead's words. */
  words: (text: string) => boolean;
  /** The segments that the lead is in, by their ids. */
  segments?: ReadonlySet<string>;
  /** Whether this happened to the lead. */
  happened?: (rule: Happened) => boolean;
};

/**
 * Whether a lead, as the API shows it, meets a rule: in memory, with the meaning that the compiled SQL has (a property
 * test holds the two together). For saying why a lead is in or out, condition by condition.
 */
export function meets(rule: Rule, lead: Lead, scope: MemoryScope): boolean {
  if ("all" in rule) {
    return rule.all.every((part) => meets(part, lead, scope));
  }
  if ("any" in rule) {
    return rule.any.some((part) => meets(part, lead, scope));
  }
  if ("not" in rule) {
    return !meets(rule.not, lead, scope);
  }
  if ("event" in rule) {
    return scope.happened?.(rule) ?? false;
  }
  if ("words" in rule) {
    return scope.words(rule.words);
  }
  return "segment" in rule
    ? (scope.segments?.has(rule.segment) ?? false) === rule.member
    : meetsCondition(rule, lead, scope);
}

function meetsCondition(rule: Condition, lead: Lead, scope: MemoryScope): boolean {
  const field = scope.catalogue.get(rule.field);
  const has = valueOf(field, lead);
  const missing = has === null || (Array.isArray(has) && has.length === 0);
  switch (rule.is) {
    case "set":
      return !missing;
    case "unset":
      return missing;
    case "ne":
      return !meetsCondition({ ...rule, is: "eq" }, lead, scope);
    case "not_in":
      return !meetsCondition({ ...rule, is: "in" }, lead, scope);
    case "not_contains":
      return !meetsCondition({ ...rule, is: "contains" }, lead, scope);
    case "none_of":
      return !meetsCondition({ ...rule, is: "any_of" }, lead, scope);
    case "not_in_last":
      return !meetsCondition({ ...rule, is: "in_last" }, lead, scope);
    default:
      return !missing && holds(field, rule, has, scope);
  }
}

/** The value as rules compare it: text, number, yes/no, a list of lower-case tags or choices; null where there is none. */
function valueOf(field: RuleField, lead: Lead): unknown {
  if (field.custom !== null) {
    return new Map(Object.entries(lead.attributes)).get(field.custom.key) ?? null;
  }
  const value: unknown = new Map<string, unknown>(Object.entries(lead)).get(field.name) ?? null;
  return field.type === "tags" && Array.isArray(value)
    ? value.map((tag) => String(tag).toLowerCase())
    : value;
}

function holds(field: RuleField, rule: Condition, has: unknown, scope: MemoryScope): boolean {
  switch (field.type) {
    case "tags":
    case "choices":
      return holdsList(field, rule, has);
    case "number":
    case "money":
      return holdsNumber(field, rule, Number(has));
    case "date":
    case "datetime":
      return holdsTime(field, rule, String(has), scope);
    case "yes_no":
      return has === yesNo(field, one(field, rule.value));
    case "member":
      return many(field, rule.value).some((value) => has === (value === "me" ? scope.member_id : value));
    case "choice":
    case "stage":
    case "text":
    case "url":
      return holdsText(field, rule, String(has));
  }
}

function holdsText(field: RuleField, rule: Condition, has: string): boolean {
  if (rule.is === "contains" || rule.is === "starts_with") {
    const wanted = folded(String(one(field, rule.value)));
    return rule.is === "contains" ? folded(has).includes(wanted) : folded(has).startsWith(wanted);
  }
  return many(field, rule.value).some((value) => has === storedText(field, value));
}

function holdsNumber(field: RuleField, rule: Condition, has: number): boolean {
  if (rule.is === "between") {
    const [from, to] = pair(field, rule.value);
    return has >= numeric(field, from) && has <= numeric(field, to);
  }
  const wanted = many(field, rule.value).map((value) => numeric(field, value));
  const [first = Number.NaN] = wanted;
  switch (rule.is) {
    case "gt":
      return has > first;
    case "gte":
      return has >= first;
    case "lt":
      return has < first;
    case "lte":
      return has <= first;
    default:
      return wanted.includes(has);
  }
}

function holdsTime(field: RuleField, rule: Condition, has: string, scope: MemoryScope): boolean {
  const when = { now: scope.now, time_zone: scope.catalogue.time_zone };
  const spanOf = (value: unknown) =>
    field.type === "date" ? dateSpan(field, one(field, value), when) : span(field, one(field, value), when);
  if (rule.is === "in_last") {
    const since = scope.now.getTime() - duration(field, one(field, rule.value));
    if (field.type === "date") {
      const day = (moment: number) =>
        Temporal.Instant.fromEpochMilliseconds(moment)
          .toZonedDateTimeISO(when.time_zone)
          .toPlainDate()
          .toString();
      return has >= day(since) && has <= day(scope.now.getTime() + 1);
    }
    return Date.parse(has) >= since && Date.parse(has) <= scope.now.getTime();
  }
  const [first, second] = rule.is === "between" ? pair(field, rule.value) : [one(field, rule.value)];
  const asked = spanOf(first);
  switch (rule.is) {
    case "between":
      return has >= asked.from && has < spanOf(second).to;
    case "gt":
      return has >= asked.to;
    case "gte":
      return has >= asked.from;
    case "lt":
      return has < asked.from;
    case "lte":
      return has < asked.to;
    default:
      return has >= asked.from && has < asked.to;
  }
}

function holdsList(field: RuleField, rule: Condition, has: unknown): boolean {
  const list = new Set(Array.isArray(has) ? has : []);
  const wanted = many(field, rule.value).map((value) =>
    field.type === "tags" ? String(value).trim().toLowerCase() : storedText(field, value),
  );
  return rule.is === "all_of"
    ? wanted.every((value) => list.has(value))
    : wanted.some((value) => list.has(value));
}

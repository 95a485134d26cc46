/** What is asked of a lead's events: the same for SQL and memory. */
import { builtInEvents } from "@bellwether/contracts/event-names";
import { type Happened, lastingMs } from "@bellwether/contracts/happened";
import type { Rule } from "@bellwether/contracts/rule";
import { problem } from "../../kernel/problems.ts";
import type { RuleField } from "./catalogue.ts";
import type { RuleScope } from "./compile.sql.ts";
import { askedOfProperty, meetsProperty } from "./properties.ts";
import { span } from "./values.ts";

export interface HappenedAsked {
  name: string;
  /** All whose names begin so. */
  prefix: boolean;
  /** How often: from so many to so many; null: without end. */
  min: number;
  max: number | null;
  /** When: from a moment, included, to a moment, not included; null: without end. ISO 8601, UTC. */
  from: string | null;
  to: string | null;
  which: "any" | "first" | "last";
  did: boolean;
}

type When = Pick<RuleScope, "catalogue" | "now">;

export function askedOf(rule: Happened, scope: When): HappenedAsked {
  // A guess that found its lead would tell what is hidden.
  if (rule.where !== undefined && scope.catalogue.masked) {
    throw problem("forbidden", {
      say: "An event’s properties can hold contact details, which are hidden from your role. Ask for the event without them.",
    });
  }
  const prefix = rule.event.endsWith("*");
  const [min, max] = oftenOf(rule.count);
  return {
    name: prefix ? rule.event.slice(0, -1) : rule.event,
    prefix,
    min,
    max,
    ...periodOf(rule, scope),
    which: rule.which ?? "any",
    did: rule.did ?? true,
  };
}

function oftenOf(count: Happened["count"]): [min: number, max: number | null] {
  const value = count?.value ?? 1;
  switch (count?.is ?? "gte") {
    case "gte":
      return [value, null];
    case "gt":
      return [value + 1, null];
    case "eq":
      return [value, value];
    case "lte":
      return [0, value];
    case "lt":
      return [0, value - 1];
  }
}

export function periodOf(rule: Happened, scope: When): { from: string | null; to: string | null } {
  const { within } = rule;
  if (within === undefined) {
    return { from: null, to: null };
  }
  if ("last" in within) {
    const ago = (text: string) => {
      const ms = lastingMs(text);
      if (ms === null) {
        throw badTime(rule, "give a time such as 7d, 12h, 30m or 4w.");
      }
      return new Date(scope.now.getTime() - ms).toISOString();
    };
    return { from: ago(within.last), to: within.until === undefined ? null : ago(within.until) };
  }
  const field: RuleField = { name: rule.event, label: rule.event, type: "datetime", custom: null };
  const when = { now: scope.now, time_zone: scope.catalogue.time_zone };
  const spanOf = (text: string) => {
    try {
      return span(field, text, when);
    } catch {
      throw badTime(
        rule,
        `“${text}” is no date. Give one such as 2026-03-15, a time such as 2026-03-15T14:30:00Z, or a word such as today, last_week or 5_days_ago.`,
      );
    }
  };
  return {
    from: within.from === undefined ? null : spanOf(within.from).from,
    to: within.to === undefined ? null : spanOf(within.to).to,
  };
}

function badTime(rule: Happened, message: string) {
  return problem("bad_query", {
    say: `${rule.event}: ${message}`,
    errors: [{ path: rule.event, code: "bad_time", message }],
  });
}

/** Of the product's own events, those that are meant. Nothing of them is rolled up. */
export function builtInsOf(of: Pick<HappenedAsked, "name" | "prefix">): string[] {
  return askable.filter((name) => isMeant(of, name));
}
/** Who is in a segment is asked for by the segment. */
const askable = Object.keys(builtInEvents).filter((name) => !name.startsWith("segment."));

function isMeant({ name, prefix }: Pick<HappenedAsked, "name" | "prefix">, of: string): boolean {
  return prefix ? of.startsWith(name) && !of.startsWith("segment.") : of === name;
}

/** Whether a rule that names this event, or all that begin so, looks at an event of that name. */
export function looksAt(event: string, name: string): boolean {
  const prefix = event.endsWith("*");
  return isMeant({ name: prefix ? event.slice(0, -1) : event, prefix }, name);
}

/** An event as the API's timeline shows it. */
export interface MemoryEvent {
  name: string;
  occurred_at: string;
  data: Record<string, unknown>;
}

/** Whether a lead with these events, in any order, meets the condition. */
export function meetsHappened(rule: Happened, events: readonly MemoryEvent[], scope: When): boolean {
  const asked = askedOf(rule, scope);
  const { where } = rule;
  const meant = events.filter(
    ({ name, data }) =>
      isMeant(asked, name) &&
      (where === undefined || meetsProperties(where, data, scope.catalogue.time_zone)),
  );
  const times = meant.map((event) => Date.parse(event.occurred_at));
  const looked =
    asked.which === "any" || times.length === 0
      ? times
      : [asked.which === "first" ? Math.min(...times) : Math.max(...times)];
  const count = looked.filter(
    (at) =>
      (asked.from === null || at >= momentOf(asked.from)) && (asked.to === null || at < momentOf(asked.to)),
  ).length;
  return (count >= asked.min && (asked.max === null || count <= asked.max)) === asked.did;
}

function momentOf(iso: string): number {
  return iso === "infinity" ? Infinity : iso === "-infinity" ? -Infinity : Date.parse(iso);
}

function meetsProperties(rule: Rule, data: Record<string, unknown>, time_zone: string): boolean {
  if ("all" in rule) {
    return rule.all.every((part) => meetsProperties(part, data, time_zone));
  }
  if ("any" in rule) {
    return rule.any.some((part) => meetsProperties(part, data, time_zone));
  }
  if ("not" in rule) {
    return !meetsProperties(rule.not, data, time_zone);
  }
  return (
    "field" in rule &&
    meetsProperty(askedOfProperty(rule, time_zone), new Map(Object.entries(data)).get(rule.field))
  );
}

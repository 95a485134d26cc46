/** Conditions on what happened to a lead: which event, how often, when, and with which properties. */
import * as z from "zod";
import { event_name_length_max } from "./event-names.ts";
import type { Operator, Rule } from "./rule.ts";
import type { RuleFault } from "./rule-check.ts";

export const countIs = ["gte", "lte", "eq", "gt", "lt"] as const;
export type CountIs = (typeof countIs)[number];
export const event_count_max = 1_000_000;
/** Minutes, hours, days, weeks: `14d`. */
export const lasting = /^(\d{1,4})\s*([mhdw])$/;
const unit_ms: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** What may be asked of an event's properties: they have no declared types, so no more than any value can answer. */
export const propertyOperators: readonly Operator[] = [
  "contains",
  "not_contains",
  "starts_with",
  "eq",
  "ne",
  "in",
  "not_in",
  "gt",
  "gte",
  "lt",
  "lte",
  "between",
  "any_of",
  "all_of",
  "none_of",
  "set",
  "unset",
];

export interface Happened {
  /** `shop.*`: all whose names begin so, added up. */
  event: string;
  did?: boolean | undefined;
  count?: { is: CountIs; value: number } | undefined;
  within?: Within | undefined;
  which?: "any" | "first" | "last" | undefined;
  where?: Rule | undefined;
}
export type Within =
  | { last: string; until?: string | undefined }
  | { from?: string | undefined; to?: string | undefined };

/** Its shape, for the API's description. */
export function happenedTree(where: z.ZodType<Rule>): z.ZodType<Happened> {
  return z.strictObject({
    event: z.string().describe("Such as `page.viewed`, or `shop.*` for all that begin so, added up"),
    did: z.boolean().optional().describe("false: of those to whom this did not happen"),
    count: z
      .strictObject({ is: z.enum(countIs), value: z.int().min(0).max(event_count_max) })
      .optional()
      .describe("At least once where it isn't said"),
    within: z
      .union([
        z.strictObject({
          last: z.string().describe("`14d`, `12h`, `30m`, `4w`"),
          until: z.string().optional().describe("Up to so long ago: `2d`"),
        }),
        z.strictObject({
          from: z.string().optional(),
          to: z.string().optional().describe("A day is meant whole; days are the workspace's time zone's"),
        }),
      ])
      .optional(),
    which: z
      .enum(["any", "first", "last"])
      .optional()
      .describe("Whether any occurrence lies within that time, or the first or last of all"),
    where: where.optional().describe("A rule over the event's properties"),
  });
}

/** Milliseconds of `14d`; null for what is none. */
export function lastingMs(text: string): number | null {
  const [, count, unit] = lasting.exec(text.trim()) ?? [];
  const length = unit_ms[unit ?? ""];
  return length === undefined || Number(count) === 0 ? null : Number(count) * length;
}

const members = ["event", "did", "count", "within", "which", "where"];

/** What is wrong with such a condition, its properties left out. */
export function happenedFaults(condition: Record<string, unknown>, path: RuleFault["path"]): RuleFault[] {
  const { event, did, count, within, which } = condition;
  const say = (at: (string | number)[], message: string) => [{ path: [...path, ...at], message }];
  const strange = Object.keys(condition).find((name) => !members.includes(name));
  if (strange !== undefined) {
    return say(
      [strange.slice(0, 80)],
      `A condition on an event has ${members.map((name) => `“${name}”`).join(", ")}, and no “${strange.slice(0, 80)}”.`,
    );
  }
  if (typeof event === "string" && event.startsWith("segment.")) {
    return say(["event"], "Ask for the segment itself: {segment, member}, or segment:Name in a query.");
  }
  return [
    ...(isEventName(event)
      ? []
      : say(["event"], "Name an event, such as page.viewed, or shop.* for all that begin so.")),
    ...(did === undefined || typeof did === "boolean" ? [] : say(["did"], "This is true or false.")),
    ...countFaults(count).map((message) => ({ path: [...path, "count"], message })),
    ...(within === undefined
      ? []
      : withinFaults(within).map((message) => ({ path: [...path, "within"], message }))),
    ...whichFaults(which, { count, within }).map((message) => ({ path: [...path, "which"], message })),
  ];
}

function isEventName(event: unknown): boolean {
  return (
    typeof event === "string" && event.length <= event_name_length_max + 1 && /^[^*"\\]+\*?$/.test(event)
  );
}

function countFaults(count: unknown): string[] {
  if (count === undefined) {
    return [];
  }
  const { is, value, ...rest } = membersOf(count);
  const whole =
    typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= event_count_max;
  return countIs.some((each) => each === is) && whole && Object.keys(rest).length === 0
    ? []
    : [`How often is {is, value}: one of ${countIs.join(", ")}, and a whole number up to a million.`];
}

function withinFaults(within: unknown): string[] {
  const { last, until, from, to, ...rest } = membersOf(within);
  const relative = last !== undefined || until !== undefined;
  const absolute = from !== undefined || to !== undefined;
  if (relative === absolute || Object.keys(rest).length > 0) {
    return ['When is {last: "14d"}, or {from, to} with dates; “until” goes with “last”.'];
  }
  if (absolute) {
    return [from, to].every(
      (each) => each === undefined || (typeof each === "string" && each !== "" && each.length <= 40),
    )
      ? []
      : ["From and to are dates such as 2026-03-15, or times such as 2026-03-15T14:30:00Z."];
  }
  const [longer, shorter] = [last, until].map((each) => (typeof each === "string" ? lastingMs(each) : null));
  if (longer === null || longer === undefined || (until !== undefined && shorter === null)) {
    return ["Give a time such as 7d, 12h, 30m or 4w."];
  }
  return until !== undefined && (shorter ?? 0) >= longer
    ? [`“until” is the nearer end of that time, so it must be less than ${String(last)}.`]
    : [];
}

function whichFaults(which: unknown, { count, within }: { count: unknown; within: unknown }): string[] {
  if (which === undefined || which === "any") {
    return [];
  }
  if (which !== "first" && which !== "last") {
    return ["This is one of any, first, last."];
  }
  return within === undefined || count !== undefined
    ? [`The ${which} of all is asked for by its time, so give “within”, and no “count”.`]
    : [];
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : { none: true };
}

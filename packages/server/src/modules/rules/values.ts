import { daysAway, movesWithToday } from "@bellwether/contracts/periods";
import { family, type Operator } from "@bellwether/contracts/rule";
import { parseChoice, parseDate, parseDatetime, parseEmail, shortened } from "@bellwether/contracts/values";
import { problem, type ProblemError } from "../../kernel/problems.ts";
import type { RuleField } from "./catalogue.ts";

export type Scalar = string | number | boolean;

/** A refusal that names the condition's field and value. */
export function badValue(field: RuleField, value: unknown, message: string): ProblemError {
  const told = `“${shortened(String(value))}”: ${message}`;
  return problem("bad_query", {
    say: `${field.label} ${told}`,
    errors: [{ path: field.name, code: "bad_value", message: told }],
  });
}

export function one(field: RuleField, value: unknown): Scalar {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  throw badValue(field, value, "this condition takes one value.");
}

export function many(field: RuleField, value: unknown): Scalar[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) {
    throw badValue(field, value, "this condition takes at least one value.");
  }
  return list.map((each) => one(field, each));
}

export function pair(field: RuleField, value: unknown): [Scalar, Scalar] {
  const [from, to, ...rest] = many(field, value);
  if (from === undefined || to === undefined || rest.length > 0) {
    throw badValue(field, value, "“between” takes two values, [from, to].");
  }
  return [from, to];
}

/** The text in the form in which the field stores it, so that plain equality finds it. */
export function storedText(field: RuleField, value: Scalar): string {
  const text = String(value).trim();
  if (field.name === "email") {
    const parsed = parseEmail(text);
    return parsed.ok ? (parsed.value ?? "") : text.toLowerCase();
  }
  if (field.custom?.type === "choice" || field.custom?.type === "choices") {
    const parsed = parseChoice(field.custom, text);
    if (!parsed.ok) {
      throw badValue(field, value, parsed.message);
    }
    return parsed.value ?? "";
  }
  return text;
}

export function numeric(field: RuleField, value: Scalar): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) {
    throw badValue(field, value, "this is no number.");
  }
  return number;
}

const yes = new Set(["true", "yes", "1"]);
const no = new Set(["false", "no", "0"]);
export function yesNo(field: RuleField, value: Scalar): boolean {
  const word = String(value).toLowerCase();
  if (yes.has(word) || no.has(word)) {
    return yes.has(word);
  }
  throw badValue(field, value, "give true or false.");
}

/** Milliseconds of `7d`, `12h`, `30m`, `4w`. */
export function duration(field: RuleField, value: Scalar): number {
  const [, count, unit] = /^(\d{1,4})\s*([mhdw])$/.exec(String(value).trim()) ?? [];
  const length = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }[unit ?? ""];
  if (count === undefined || length === undefined || Number(count) === 0) {
    throw badValue(field, value, "give a time such as 7d, 12h, 30m or 4w.");
  }
  return Number(count) * length;
}

/** A span of time `[from, to)`: the whole day in the zone for a date, one millisecond for a moment. ISO 8601, UTC. */
export interface Span {
  from: string;
  to: string;
}
export function span(field: RuleField, value: Scalar, scope: { now: Date; time_zone: string }): Span {
  const text = String(value).trim();
  const days = daysOf(text, scope);
  if (days !== null) {
    const start = (of: Temporal.PlainDate) =>
      bounded(new Date(of.toZonedDateTime(scope.time_zone).epochMilliseconds).toISOString());
    return { from: start(days.from), to: start(days.to) };
  }
  const moment = parseDatetime(text);
  if (moment.ok && moment.value !== null) {
    return { from: bounded(moment.value), to: bounded(new Date(Date.parse(moment.value) + 1).toISOString()) };
  }
  throw badValue(
    field,
    value,
    "give a date such as 2026-03-15, a time such as 2026-03-15T14:30:00Z, or a word such as today, last_week or in_5_days.",
  );
}

/** The same for a custom date, which has no zone: `YYYY-MM-DD`. */
export function dateSpan(field: RuleField, value: Scalar, scope: { now: Date; time_zone: string }): Span {
  const text = String(value).trim();
  const days = daysOf(text, scope) ?? daysOf(text.slice(0, 10), scope);
  if (days === null) {
    throw badValue(
      field,
      value,
      "give a date such as 2026-03-15, or a word such as today, last_week or in_5_days.",
    );
  }
  return { from: bounded(days.from.toString()), to: bounded(days.to.toString()) };
}

/** Whether it is a day or more that moves on with today. */
export function namesPeriod(value: unknown): boolean {
  return [value].flat().some((each) => typeof each === "string" && movesWithToday(each.trim()));
}

/** `[from, to)` of a date or of a named period around today in the zone. Weeks begin on Monday (ISO 8601). */
function daysOf(
  text: string,
  scope: { now: Date; time_zone: string },
): { from: Temporal.PlainDate; to: Temporal.PlainDate } | null {
  const day = parseDate(text);
  if (day.ok && day.value !== null) {
    const from = Temporal.PlainDate.from(day.value);
    return { from, to: from.add({ days: 1 }) };
  }
  const today = Temporal.Instant.fromEpochMilliseconds(scope.now.getTime())
    .toZonedDateTimeISO(scope.time_zone)
    .toPlainDate();
  const away = daysAway(text) ?? { yesterday: -1, today: 0, tomorrow: 1 }[text];
  if (away !== undefined) {
    return { from: today.add({ days: away }), to: today.add({ days: away + 1 }) };
  }
  const [, which, unit] = /^(last|this|next)_(week|month|year)$/.exec(text) ?? [];
  if (which === undefined) {
    return null;
  }
  const by = { last: -1, this: 0, next: 1 }[which] ?? 0;
  const begins =
    unit === "week"
      ? today.subtract({ days: today.dayOfWeek - 1 })
      : unit === "month"
        ? today.with({ day: 1 })
        : today.with({ month: 1, day: 1 });
  const step = (count: number) =>
    unit === "week" ? { weeks: count } : unit === "month" ? { months: count } : { years: count };
  return { from: begins.add(step(by)), to: begins.add(step(by + 1)) };
}

/** Beyond four digits of a year: what PostgreSQL reads as a time, and what as text sorts before or behind all others. */
function bounded(iso: string): string {
  if (iso.startsWith("+")) {
    return "infinity";
  }
  return iso.startsWith("-") || iso.startsWith("0000") ? "-infinity" : iso;
}

export function refusedOperator(field: RuleField, is: Operator, known: readonly Operator[]): ProblemError {
  return problem("bad_query", {
    say: `“${is}” can't be asked of ${field.label}, a ${family[field.type] ?? field.type} field. Use one of ${known.join(", ")}.`,
    errors: [{ path: field.name, code: "bad_operator", message: `Use one of ${known.join(", ")}.` }],
  });
}

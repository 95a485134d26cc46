import type { EventName } from "@bellwether/contracts/events";
import type { Stage } from "@bellwether/contracts/leads";
import type { Member } from "@bellwether/contracts/identity";
import type { SegmentName } from "@bellwether/contracts/segments";
import { may } from "@bellwether/contracts/permissions";
import type { Column } from "./columns.ts";

export type { SegmentName };

/** An event that may be asked for, without how often and when it was heard. */
export type EventKind = Pick<EventName, "name" | "label" | "kind" | "hidden" | "properties">;

/** What values are shown with: names behind ids and keys, the workspace's time zone, the reader's language. */
export interface Names {
  stages: readonly Stage[];
  members: readonly Member[];
  /** The events this workspace knows, those that aren't offered among them. */
  events: readonly EventKind[];
  tag_colours: ReadonlyMap<string, string | null>;
  segments: readonly SegmentName[];
  time_zone: string;
  locale: string | undefined;
}

export const none = "–";

/** Who may own leads. */
export function ownersOf({ members }: Pick<Names, "members">): Member[] {
  return members.filter((member) => may(member.role, "leads:own"));
}

/** A value in words. Empty values are an en dash, never a blank that looks like a fault. */
export function inWords(
  column: Pick<Column, "type" | "options" | "currency" | "id">,
  value: unknown,
  names: Names,
): string {
  if (isEmpty(value)) return column.id === "owner_id" ? "Unassigned" : none;
  switch (column.type) {
    case "name":
    case "text":
    case "url":
      return String(value);
    case "number":
      return typeof value === "number" ? formatNumber(value, names.locale) : String(value);
    case "money":
      return typeof value === "number" ? formatMoney(value, column.currency, names.locale) : String(value);
    case "date":
      return formatDate(String(value), names.locale);
    case "datetime":
      return formatTime(String(value), names);
    case "yes_no":
      return value === true ? "Yes" : "No";
    case "choice":
      return optionLabel(column, String(value));
    case "choices":
      return (Array.isArray(value) ? value : [value])
        .map((item) => optionLabel(column, String(item)))
        .join(", ");
    case "member":
      if (value === "me") return "me";
      return names.members.find((member) => member.id === value)?.name ?? "Somebody who left";
    case "stage":
      return names.stages.find((stage) => stage.key === value)?.name ?? String(value);
    case "tags":
      return (Array.isArray(value) ? value : [value]).join(", ");
  }
}

export function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

function optionLabel(column: Pick<Column, "options">, value: string): string {
  return column.options.find((option) => option.value === value)?.label ?? value;
}

// Intl formatters cost about 50 µs each to build and a list shows hundreds of values: they are kept.
const formatters = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();
function kept<F extends Intl.NumberFormat | Intl.DateTimeFormat>(
  key: string,
  is: (f: Intl.NumberFormat | Intl.DateTimeFormat) => f is F,
  make: () => F,
): F {
  const known = formatters.get(key);
  if (known && is(known)) return known;
  const made = make();
  formatters.set(key, made);
  return made;
}
const isNumberFormat = (f: unknown): f is Intl.NumberFormat => f instanceof Intl.NumberFormat;
const isDateFormat = (f: unknown): f is Intl.DateTimeFormat => f instanceof Intl.DateTimeFormat;

export function formatNumber(value: number, locale: string | undefined): string {
  return kept(
    `n ${locale}`,
    isNumberFormat,
    () => new Intl.NumberFormat(locale, { maximumFractionDigits: 10 }),
  ).format(value);
}

function formatMoney(value: number, currency: string | null, locale: string | undefined): string {
  if (!currency)
    return kept(
      `m ${locale}`,
      isNumberFormat,
      () => new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }),
    ).format(value);
  try {
    return kept(
      `m ${locale} ${currency}`,
      isNumberFormat,
      () => new Intl.NumberFormat(locale, { style: "currency", currency }),
    ).format(value);
  } catch {
    return `${formatNumber(value, locale)} ${currency}`;
  }
}

/** A calendar date has no zone: it is read and shown as UTC so that it can't slip by a day. */
export function formatDate(value: string, locale: string | undefined): string {
  const time = Date.parse(`${value.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(time)) return value;
  return kept(
    `d ${locale}`,
    isDateFormat,
    () => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }),
  ).format(time);
}

export function formatTime(value: string, names: Pick<Names, "locale" | "time_zone">): string {
  const time = Date.parse(value);
  if (Number.isNaN(time)) return value;
  const make = () =>
    new Intl.DateTimeFormat(names.locale, {
      dateStyle: "medium",
      timeStyle: "short",
      timeZone: names.time_zone,
    });
  return kept(`t ${names.locale} ${names.time_zone}`, isDateFormat, make).format(time);
}

/** The time of day alone, for what stands under its date. */
export function formatClock(value: string, names: Pick<Names, "locale" | "time_zone">): string {
  const time = Date.parse(value);
  if (Number.isNaN(time)) return value;
  const make = () => new Intl.DateTimeFormat(names.locale, { timeStyle: "short", timeZone: names.time_zone });
  return kept(`c ${names.locale} ${names.time_zone}`, isDateFormat, make).format(time);
}

function localParts(value: string | number, time_zone: string): string {
  const time = typeof value === "number" ? value : Date.parse(value);
  if (Number.isNaN(time)) return "";
  const make = () =>
    new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: time_zone });
  return kept(`l ${time_zone}`, isDateFormat, make).format(time).replace(" ", "T");
}

/** An instant as the `2026-03-01T09:30` that a date-and-time input wants, in the workspace's zone. */
export function toLocalInput(value: string, time_zone: string): string {
  return localParts(value, time_zone);
}

/**
 * The instant behind a local date and time in a zone. The offset is looked up at the guess and once
 * more at the result, which settles the hours around a clock change.
 */
export function fromLocalInput(local: string, time_zone: string): string | null {
  const asUtc = Date.parse(`${local}:00Z`);
  if (Number.isNaN(asUtc)) return null;
  const offsetAt = (time: number) =>
    Date.parse(`${localParts(time, time_zone)}:00Z`) - Math.floor(time / 60_000) * 60_000;
  const guess = asUtc - offsetAt(asUtc);
  return new Date(asUtc - offsetAt(guess)).toISOString();
}

/** A number as people type it: spaces and a decimal comma are understood; anything else is null. */
export function parseNumber(text: string): number | null {
  const plain = text.replaceAll(/[\s\u00a0']/g, "");
  const comma = /^[-+]?\d+,\d+$/.test(plain)
    ? plain.replace(",", ".")
    : plain.replaceAll(/,(?=\d{3}(\D|$))/g, "");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(comma)) return null;
  return Number(comma);
}
